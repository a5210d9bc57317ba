/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://transparency.dsa.ec.europa.eu/page/api-documentation */
#include "desk/figures/statements.h"

#include <stdlib.h>

#include "base/text.h"
#include "desk/lanes/form.h"
#include "desk/cases/measures.h"
#include "desk/quality/quality.h"
#include "net/http.h"
#include "store/square_desk_cases.h"

#define DSA_GROUND_MAX 500

/* Where the database's territorial scope counts: the EU and the EEA. */
static const char eea[] =
	"AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IS,IT,LI,LT,LU,LV,MT,NL,NO,PL,PT,RO,SE,SI,SK";

/* The columns of the CSV, in this order. */
static const char *const fields[] = {"puid", "decision_visibility", "decision_visibility_other",
	"end_date_visibility_restriction", "decision_monetary", "decision_monetary_other",
	"end_date_monetary_restriction", "decision_provision", "end_date_service_restriction",
	"decision_account", "end_date_account_restriction", "account_type", "decision_ground",
	"decision_ground_reference_url", "illegal_content_legal_ground",
	"illegal_content_explanation", "incompatible_content_ground",
	"incompatible_content_explanation", "incompatible_content_illegal", "category",
	"category_addition", "category_specification", "category_specification_other",
	"content_type", "content_type_other", "content_language", "content_date",
	"territorial_scope", "application_date", "decision_facts", "source_type", "source_identity",
	"automated_detection", "automated_decision"};

static void set(json_t *out, const char *name, const char *value)
{
	json_object_set_new(out, name, json_string(value));
}

static void set_date(struct ask *ask, json_t *out, const char *name, int64_t unix_s)
{
	char *text = text_rfc3339(ask->arena, unix_s);

	text[10] = 0;
	set(out, name, text);
}

/* At most so many bytes, without a torn character. */
static struct bytes cut(struct bytes text, size_t max)
{
	if (text.size <= max)
		return text;
	while (max > 0 && (text.data[max] & 0xc0) == 0x80)
		max--;
	return bytes_of(text.data, max);
}

/* Never used again: the ledger's origin is this desk's alone. */
char *statement_puid(const struct desk *desk, struct arena *arena, int64_t order_id)
{
	char *text =
		arena_printf(arena, "%s-%lld", desk->ledger.signer.origin, (long long)order_id);

	for (char *at = text; *at; at++) {
		bool fine = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			    (*at >= '0' && *at <= '9') || *at == '-' || *at == '_';

		*at = fine ? *at : '-';
	}
	return text;
}

/* Of a restriction by country those of the EEA: none, where it is restricted elsewhere. */
static json_t *scope(const struct desk_statement *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i + 2 <= sizeof(eea); i += 3) {
		bool in = s->countries.size == 0;

		for (size_t k = 0; !in && k + 2 <= s->countries.size; k += 3)
			in = memcmp(s->countries.data + k, eea + i, 2) == 0;
		if (in)
			json_array_append_new(list, json_stringn(eea + i, 2));
	}
	return list;
}

static void set_measure(
	struct ask *ask, json_t *out, const struct desk_statement *s, const struct measure *measure)
{
	bool visibility = strcmp(measure->dsa_field, "decision_visibility") == 0;

	if (visibility)
		json_object_set_new(out, measure->dsa_field, json_pack("[s]", measure->dsa_value));
	else
		set(out, measure->dsa_field, measure->dsa_value);
	if (s->ends_at)
		set_date(ask, out,
			visibility ? "end_date_visibility_restriction"
				   : "end_date_service_restriction",
			s->ends_at);
}

static void set_ground(struct ask *ask, json_t *out, const struct desk_statement *s,
	const struct sop_category *category)
{
	if (bytes_equal_str(s->basis, "law")) {
		set(out, "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT");
		json_object_set_new(out, "illegal_content_legal_ground",
			json_bytes(s->law.size ? s->law : cut(s->ground, DSA_GROUND_MAX)));
		json_object_set_new(out, "illegal_content_explanation", json_bytes(s->ground));
		return;
	}
	set(out, "decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT");
	json_object_set_new(out, "incompatible_content_ground",
		json_string(category && *category->terms ? category->terms
			    : category			 ? category->title
							 : arena_str(ask->arena, s->category)));
	json_object_set_new(out, "incompatible_content_explanation", json_bytes(s->ground));
	set(out, "incompatible_content_illegal", "No");
}

static const char *source_of(struct bytes lane)
{
	if (bytes_equal_str(lane, "user"))
		return "SOURCE_ARTICLE_16";
	if (bytes_equal_str(lane, "flagger"))
		return "SOURCE_TRUSTED_FLAGGER";
	if (bytes_equal_str(lane, "authority"))
		return "SOURCE_TYPE_OTHER_NOTIFICATION";
	return "SOURCE_VOLUNTARY";
}

/* "A | B" */
static json_t *keywords(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t size = strcspn(text, " |");

		if (size)
			json_array_append_new(list, json_stringn(text, size));
		text += size + (text[size] != 0);
	}
	return list;
}

static const char *content_of(struct ask *ask, const struct desk_statement *s)
{
	struct desk_case c;

	return desk_case_get(ask->db, ask->arena, s->case_id, &c) && c.channel < 0
		       ? "a public profile or bot"
		       : "a public channel or group";
}

json_t *statement_dsa(struct ask *ask, const struct desk_statement *s)
{
	const struct measure *measure = measure_by_name(s->action);
	const struct sop_category *category =
		sop_category(&ask->desk->sop, arena_str(ask->arena, s->category));
	json_t *out;

	if (!measure || !measure->dsa_field)
		return NULL;
	out = json_object();
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		json_object_set_new(out, fields[i], json_null());
	if (s->order_id)
		set(out, "puid", statement_puid(ask->desk, ask->arena, s->order_id));
	set_measure(ask, out, s, measure);
	set_ground(ask, out, s, category);
	set(out, "category",
		category && *category->dsa_category ? category->dsa_category
						    : "STATEMENT_CATEGORY_OTHER_VIOLATION_TC");
	json_object_set_new(out, "category_addition", json_array());
	json_object_set_new(out, "category_specification",
		category ? keywords(category->dsa_keywords) : json_array());
	json_object_set_new(out, "content_type",
		json_pack("[s]", s->post ? "CONTENT_TYPE_TEXT" : "CONTENT_TYPE_OTHER"));
	if (!s->post)
		set(out, "content_type_other", content_of(ask, s));
	set_date(ask, out, "content_date", s->content_at);
	json_object_set_new(out, "territorial_scope", scope(s));
	set_date(ask, out, "application_date", s->executed_at ? s->executed_at : s->created_at);
	json_object_set_new(out, "decision_facts", json_bytes(s->facts));
	set(out, "source_type", source_of(s->lane));
	set(out, "automated_detection", s->automated_detection ? "Yes" : "No");
	set(out, "automated_decision",
		s->automated_decision ? "AUTOMATED_DECISION_FULLY"
				      : "AUTOMATED_DECISION_NOT_AUTOMATED");
	return out;
}

/* ---- Export ---- */

static int64_t after_of(struct ask *ask)
{
	struct bytes text = http_form_value(ask->arena, ask->query, "after");
	int64_t after = 0;

	for (size_t i = 0; i < text.size && i < 18; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return -1;
		after = after * 10 + (text.data[i] - '0');
	}
	return after;
}

/* What was carried out, in the asker's categories, by order. *next: where to go on; 0: that is
 * all. */
static json_t *export(struct ask *ask, struct reply *reply, int64_t *next)
{
	int64_t ids[STATEMENTS_PER_ANSWER], after = after_of(ask);
	json_t *list = json_array();
	struct desk_statement s;
	size_t count;

	if (after < 0) {
		json_decref(list);
		reply_error(reply, 400, "after is the number of an order");
		return NULL;
	}
	count = desk_statements_done(ask->db, after, ids, STATEMENTS_PER_ANSWER);
	*next = count == STATEMENTS_PER_ANSWER ? ids[count - 1] : 0;
	for (size_t i = 0; i < count; i++) {
		json_t *item = desk_statement_get(ask->db, ask->arena, ids[i], &s) &&
					       ask_may_about(ask, s.category) &&
					       !quality_hides(ask, s.case_id)
				       ? statement_dsa(ask, &s)
				       : NULL;

		if (item)
			json_array_append_new(list, item);
	}
	return list;
}

void desk_statements_json(struct ask *ask, struct reply *reply)
{
	int64_t next;
	json_t *list = export(ask, reply, &next);

	if (list)
		reply->body = json_pack("{s:o, s:o}", "statements", list, "next",
			next ? json_integer(next) : json_null());
}

/* RFC 4180. What a spreadsheet would take for a formula gets a quote in front. */
static void put_field(struct buf *out, const json_t *value)
{
	char *text = json_is_array(value) ? json_dumps(value, JSON_COMPACT) : NULL;
	const char *at = text ? text : json_string_value(value);

	buf_append_str(out, "\"");
	if (at && *at && strchr("=+-@", *at))
		buf_append_str(out, "'");
	for (; at && *at; at++) {
		if (*at == '"')
			buf_append_str(out, "\"");
		buf_append(out, at, 1);
	}
	buf_append_str(out, "\"");
	free(text);
}

void desk_statements_csv(struct ask *ask, struct reply *reply)
{
	int64_t next;
	json_t *list = export(ask, reply, &next), *item;
	struct buf out;
	size_t at;

	if (!list)
		return;
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		buf_printf(&out, "%s%s", i ? "," : "", fields[i]);
	buf_append_str(&out, "\r\n");
	json_array_foreach(list, at, item)
	{
		for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
			if (i)
				buf_append_str(&out, ",");
			put_field(&out, json_object_get(item, fields[i]));
		}
		buf_append_str(&out, "\r\n");
	}
	reply->csv = arena_bytes(ask->arena, buf_bytes(&out));
	buf_release(&out);
	json_decref(list);
}
