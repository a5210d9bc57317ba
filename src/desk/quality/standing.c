/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/quality/standing.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "desk/letters/outbox.h"
#include "desk/sop/sop_templates.h"
#include "desk/quality/quality.h"
#include "net/http.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_contacts.h"
#include "store/square_desk_orders.h"

#define DAY_S 86400
#define REASONS_MAX 2000
#define FILE_BYTES_MAX ((size_t)1 << 20)

static const char *const kinds[] = {"sender_warned", "sender_suspended", "sender_resumed"};

static bool is_of_standing(struct bytes kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (bytes_equal_str(kind, kinds[i]))
			return true;
	return false;
}

static json_t *data_of(const struct desk_deed *deed)
{
	return json_loadb((const char *)deed->data.data, deed->data.size, 0, NULL);
}

/* The newest warning holds; a suspension until it is over or lifted. */
struct standing standing_of(
	struct db *db, struct arena *arena, const struct sop *sop, int64_t grant, int64_t now_s)
{
	struct desk_deed deed = {.seq = INT64_MAX};
	struct standing out = {.warned_at = 0};
	bool later = false; /* a suspension or its end was seen, which counts before older ones */

	while (!out.warned_at && desk_deed_about(db, arena, grant, deed.seq, &deed)) {
		if (bytes_equal_str(deed.kind, "sender_warned")) {
			out.warned_at = deed.at;
			out.warned_until = deed.at + sop->warning_days * DAY_S;
		} else if (!later && is_of_standing(deed.kind)) {
			json_t *data = data_of(&deed);
			int64_t until = json_integer_value(json_object_get(data, "until_s"));

			later = true;
			out.suspended_until = until > now_s ? until : 0;
			json_decref(data);
		}
	}
	return out;
}

void standing_describe(struct ask *ask, int64_t grant, const struct accuracy *a, json_t *item)
{
	const struct sop *sop = &ask->desk->sop;
	const struct standing s = standing_of(ask->db, ask->arena, sop, grant, ask->now_s);
	const bool warned = s.warned_until > ask->now_s;
	const bool bad = a->weight >= (double)sop->accuracy_notices_min &&
			 a->share * 100 < (double)sop->warn_below_percent;

	json_object_set_new(item, "warned",
		warned ? json_pack("{s:o, s:o}", "at", json_time(ask->arena, s.warned_at), "until",
				 json_time(ask->arena, s.warned_until))
		       : json_null());
	json_object_set_new(item, "suspended",
		s.suspended_until ? json_time(ask->arena, s.suspended_until) : json_null());
	json_object_set_new(item, "suggests",
		!bad || s.suspended_until ? json_null() : json_string(warned ? "suspend" : "warn"));
}

bool standing_allows(struct ask *ask, struct reply *reply)
{
	struct standing s = {.warned_at = 0};
	char *day;

	if (ask->who.role == ROLE_FLAGGER)
		s = standing_of(ask->db, ask->arena, &ask->desk->sop, principal_sender(&ask->who),
			ask->now_s);
	if (!s.suspended_until)
		return true;
	day = text_rfc3339(ask->arena, ask->now_s);
	day[10] = 0;
	desk_refusal_count(ask->db, day, lane_name(LANE_FLAGGER), "suspended");
	reply_error(reply, 403,
		"notices from you are not dealt with for a time: see /api/flaggers/N/file");
	json_object_set_new(reply->body, "until", json_time(ask->arena, s.suspended_until));
	return false;
}

/* ---- Warning and suspension ---- */

static bool find_sender(struct ask *ask, struct reply *reply, struct desk_grant *out)
{
	enum role role = ROLE_COUNT;

	if (desk_grant_get(ask->db, ask->arena, ask->id, out))
		role = role_by_name(out->role);
	if (role == ROLE_FLAGGER || role == ROLE_AUTHORITY)
		return true;
	reply_error(reply, 404, "no such flagger or authority");
	return false;
}

/* By every way that the organisation gave: its liaison chats, its addresses. */
static void say(struct ask *ask, const struct desk_grant *grant, const char *id,
	const struct accuracy *a, int64_t until)
{
	const char *language = grant->langs.size ? arena_str(ask->arena, grant->langs) : "en";
	const struct sop_value values[] = {{"name", arena_str(ask->arena, grant->name)},
		{"notices", arena_printf(ask->arena, "%" PRId64, a->good + a->bad)},
		{"unfounded", arena_printf(ask->arena, "%" PRId64, a->bad)},
		{"until", until ? text_rfc3339(ask->arena, until) : NULL}, {NULL, NULL}};
	const struct bytes text =
		bytes_from_str(sop_letter(ask->arena, &ask->desk->sop, id, language, values));
	struct outbox_item item = {.way = OUTBOX_BOT, .text = text};
	struct bytes address = BYTES_LITERAL("");
	int64_t chat = INT64_MIN;

	while (desk_chat_next(ask->db, grant->id, chat, &chat)) {
		item.chat = chat;
		(void)outbox_put(ask->db, ask->now_s, &item);
	}
	item = (struct outbox_item){
		.way = OUTBOX_MAIL, .text = text, .subject = BYTES_LITERAL("Notices")};
	while (desk_address_next(ask->db, ask->arena, grant->id, address, &address)) {
		item.to = address;
		(void)outbox_put(ask->db, ask->now_s, &item);
	}
}

static void answer(struct ask *ask, struct reply *reply, const struct desk_grant *grant,
	const struct accuracy *a)
{
	reply->body = accuracy_json(a);
	json_object_set_new(reply->body, "id", json_integer(grant->id));
	standing_describe(ask, grant->id, a, reply->body);
}

struct step {
	struct desk_grant grant;
	struct accuracy accuracy;
	struct standing standing;
	struct bytes reasons;
	int64_t until;
};

static bool begin(struct ask *ask, struct reply *reply, struct step *out)
{
	const struct sop *sop = &ask->desk->sop;
	struct form form;

	if (!find_sender(ask, reply, &out->grant) || !ask_form(ask, &form, reply))
		return false;
	out->reasons = form_text(&form, "reasons", REASONS_MAX);
	out->until = form_time(&form, "until");
	if (!ask_form_end(&form, reply))
		return false;
	out->accuracy =
		accuracy_of(ask->db, ask->arena, sop, out->grant.id, BYTES_LITERAL(""), ask->now_s);
	out->standing = standing_of(ask->db, ask->arena, sop, out->grant.id, ask->now_s);
	return true;
}

static void note(struct ask *ask, const struct step *step, const char *kind)
{
	json_t *data = json_pack("{s:o, s:o}", "reasons", json_bytes(step->reasons), "figures",
		accuracy_json(&step->accuracy));

	if (step->until)
		json_object_set_new(data, "until_s", json_integer(step->until));
	desk_log_append(
		ask->db, ask->arena, ask->now_s, ask->who.grant.id, kind, step->grant.id, data);
}

void desk_flagger_warn(struct ask *ask, struct reply *reply)
{
	struct step step;

	if (!begin(ask, reply, &step))
		return;
	step.until = 0;
	note(ask, &step, "sender_warned");
	say(ask, &step.grant, "reporter_warning", &step.accuracy, 0);
	answer(ask, reply, &step.grant, &step.accuracy);
}

void desk_flagger_suspend(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	struct step step;

	if (!begin(ask, reply, &step))
		return;
	if (role_by_name(step.grant.role) != ROLE_FLAGGER) {
		reply_error(reply, 409, "an authority is not suspended: its orders are dealt with");
	} else if (step.standing.warned_until <= ask->now_s) {
		reply_error(reply, 409, "a warning goes before a suspension");
	} else if (step.standing.warned_at + sop->suspend_after_days * DAY_S > ask->now_s) {
		reply_error(reply, 409, "the SOP gives more time after a warning");
		json_object_set_new(reply->body, "after",
			json_time(ask->arena,
				step.standing.warned_at + sop->suspend_after_days * DAY_S));
	} else if (!step.until || step.until <= ask->now_s ||
		   step.until > ask->now_s + sop->suspend_days * DAY_S) {
		reply_error(reply, 422, "until is in the future, no further than the SOP allows");
	} else {
		note(ask, &step, "sender_suspended");
		say(ask, &step.grant, "reporter_suspended", &step.accuracy, step.until);
		answer(ask, reply, &step.grant, &step.accuracy);
	}
}

void desk_flagger_resume(struct ask *ask, struct reply *reply)
{
	struct step step;

	if (!begin(ask, reply, &step))
		return;
	if (!step.standing.suspended_until) {
		reply_error(reply, 409, "it is not suspended");
		return;
	}
	step.until = 0;
	note(ask, &step, "sender_resumed");
	answer(ask, reply, &step.grant, &step.accuracy);
}

/* ---- The file ---- */

/* One's own notices; of others', those about cases of one's categories. */
static bool may_see(struct ask *ask, int64_t grant, int64_t case_id)
{
	struct desk_case c;

	return grant == ask->who.grant.id ||
	       (desk_case_get(ask->db, ask->arena, case_id, &c) && ask_may_about(ask, c.category) &&
		       !quality_hides(ask, case_id));
}

static json_t *notices_of(struct ask *ask, int64_t grant)
{
	struct query q =
		desk_verdicts_settled(ask->db, grant, BYTES_LITERAL(""), 0, ACCURACY_NOTICES_MAX);
	json_t *list = json_array();

	while (query_next(&q)) {
		struct desk_notice n;
		struct desk_verdict v;

		desk_verdict_read(&q, ask->arena, &v);
		if (!desk_notice_get(ask->db, ask->arena, v.notice, &n) ||
			!may_see(ask, grant, v.case_id))
			continue;
		json_array_append_new(list,
			json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "notice", (json_int_t)n.id,
				"received", json_time(ask->arena, n.created_at), "settled",
				json_time(ask->arena, v.settled_at), "subject",
				json_bytes(n.subject), "category", json_bytes(n.category),
				"outcome", v.outcome.size ? json_bytes(v.outcome) : json_null(),
				"quality", v.quality.size ? json_bytes(v.quality) : json_null()));
	}
	query_end(&q);
	return list;
}

/* Not who at the desk: what was decided, when and why. */
static json_t *steps_of(struct ask *ask, int64_t grant)
{
	struct desk_deed deed = {.seq = INT64_MAX};
	json_t *list = json_array(), *data, *item;

	while (desk_deed_about(ask->db, ask->arena, grant, deed.seq, &deed)) {
		if (!is_of_standing(deed.kind))
			continue;
		data = data_of(&deed);
		item = json_pack("{s:o, s:s, s:O?, s:O?}", "at", json_time(ask->arena, deed.at),
			"step", (const char *)strchr(arena_str(ask->arena, deed.kind), '_') + 1,
			"reasons", json_object_get(data, "reasons"), "figures",
			json_object_get(data, "figures"));
		if (json_object_get(data, "until_s"))
			json_object_set_new(item, "until",
				json_time(ask->arena,
					json_integer_value(json_object_get(data, "until_s"))));
		json_array_append_new(list, item);
		json_decref(data);
	}
	return list;
}

static const char *word(const json_t *item, const char *name)
{
	const char *text = json_string_value(json_object_get(item, name));

	return text ? text : "-";
}

/* The same as text, for a letter to the body that awarded the status. */
static struct bytes as_text(struct ask *ask, const json_t *file)
{
	const json_t *figures = json_object_get(file, "figures"), *item;
	struct buf out;
	struct bytes text;
	size_t at;

	buf_init(&out, FILE_BYTES_MAX);
	buf_printf(&out, "%s (%s), at %s\n\n", word(file, "name"), word(file, "role"),
		word(file, "made"));
	buf_printf(&out,
		"Of the newest notices: acted on %" PRId64 ", not acted on %" PRId64
		", reversed %" PRId64 "\nGood %" PRId64 ", bad %" PRId64
		"; share of good ones %.2f (95 %%: %.2f to %.2f); score %.1f\n",
		(int64_t)json_integer_value(json_object_get(figures, "acted")),
		(int64_t)json_integer_value(json_object_get(figures, "not_acted")),
		(int64_t)json_integer_value(json_object_get(figures, "reversed")),
		(int64_t)json_integer_value(json_object_get(figures, "good")),
		(int64_t)json_integer_value(json_object_get(figures, "bad")),
		json_number_value(json_object_get(figures, "share")),
		json_number_value(json_object_get(figures, "low")),
		json_number_value(json_object_get(figures, "high")),
		json_number_value(json_object_get(figures, "score")));
	buf_append_str(&out, "\nWarnings and suspensions\n");
	json_array_foreach(json_object_get(file, "steps"), at, item)
	{
		buf_printf(&out, "%s  %s  until %s\n    %s\n", word(item, "at"), word(item, "step"),
			word(item, "until"), word(item, "reasons"));
	}
	buf_append_str(&out, "\nNotices: number, received, subject, category, outcome, quality\n");
	json_array_foreach(json_object_get(file, "notices"), at, item)
	{
		buf_printf(&out, "%" PRId64 "  %s  %s  %s  %s  %s\n",
			(int64_t)json_integer_value(json_object_get(item, "notice")),
			word(item, "received"), word(item, "subject"), word(item, "category"),
			word(item, "outcome"), word(item, "quality"));
	}
	text = arena_bytes(ask->arena, buf_bytes(&out));
	buf_release(&out);
	return text;
}

void desk_flagger_file(struct ask *ask, struct reply *reply)
{
	struct bytes format = http_form_value(ask->arena, ask->query, "format");
	struct desk_grant grant;
	struct accuracy a;

	if (ask->id != ask->who.grant.id && !ask_may(ask, ACT_ACCURACY_SEE)) {
		reply_error(reply, 403, "this file is not yours");
		return;
	}
	if (!find_sender(ask, reply, &grant))
		return;
	a = accuracy_of(
		ask->db, ask->arena, &ask->desk->sop, grant.id, BYTES_LITERAL(""), ask->now_s);
	reply->body = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)grant.id,
		"name", json_bytes(grant.name), "role", json_bytes(grant.role), "made",
		json_time(ask->arena, ask->now_s), "figures", accuracy_json(&a), "steps",
		steps_of(ask, grant.id), "notices", notices_of(ask, grant.id));
	standing_describe(ask, grant.id, &a, reply->body);
	if (bytes_equal_str(format, "text")) {
		reply->csv = as_text(ask, reply->body);
		reply->csv_type = "text/plain; charset=utf-8";
	}
}
