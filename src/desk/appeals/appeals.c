/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Filing and the projections; how an appeal is answered is in appeals_decide.c. */
#include "desk/appeals/appeals.h"

#include <string.h>

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/lanes/form.h"

#define DAY_S 86400

/* ---- Kinds of reversal ---- */

static const struct reversal reversals[] = {
	{"mistaken_facts", false, true},   /* what it rests on was not so */
	{"wrong_ground", false, true},	   /* it breaks no such rule */
	{"too_harsh", true, true},	   /* a lesser measure would have done */
	{"new_information", false, false}, /* that nobody could know then */
	{"law_changed", false, false},	   /* or the terms, or their interpretation */
};

const char reversal_names[] =
	"is one of mistaken_facts, wrong_ground, too_harsh, new_information, law_changed";

const struct reversal *reversal_by_name(struct bytes name)
{
	for (size_t i = 0; name.data && i < ARRAY_LEN(reversals); i++)
		if (bytes_equal_str(name, reversals[i].name))
			return &reversals[i];
	return NULL;
}

/* ---- The projections ---- */

static int64_t int_of(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static struct bytes text_of(const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);

	return json_is_string(value) ? bytes_of(json_string_value(value), json_string_length(value))
				     : BYTES_LITERAL("");
}

static void on_appealed(struct db *db, const struct desk_event *e, const json_t *data)
{
	desk_appeal_put(db, &(struct desk_appeal){.id = int_of(data, "appeal"),
				    .case_id = e->case_id,
				    .event = e->seq,
				    .decision = (int32_t)int_of(data, "decision"),
				    .party = text_of(data, "party"),
				    .party_id = int_of(data, "party_id"),
				    .created_at = e->at,
				    .acknowledge_due = int_of(data, "acknowledge"),
				    .due_at = int_of(data, "due"),
				    .outcome = BYTES_LITERAL(""),
				    .reason = BYTES_LITERAL("")});
}

static void apply_appeals(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	struct desk_appeal a;

	(void)after;
	if (bytes_equal_str(e->kind, "appealed")) {
		on_appealed(db, e, data);
		return;
	}
	if ((!bytes_equal_str(e->kind, "appeal_claimed") &&
		    !bytes_equal_str(e->kind, "appeal_decided")) ||
		!desk_appeal_get(db, arena, int_of(data, "appeal"), &a))
		return;
	if (!a.acknowledged_at)
		a.acknowledged_at = e->at;
	if (bytes_equal_str(e->kind, "appeal_claimed")) {
		a.claimed_by = e->actor;
		a.claimed_until = int_of(data, "until");
	} else {
		a.claimed_by = a.claimed_until = 0;
		a.decided_at = e->at;
		a.decided_by = e->actor;
		a.answer = e->seq;
		a.outcome = text_of(data, "outcome");
		a.reason = text_of(data, "why");
	}
	desk_appeal_put(db, &a);
}

const struct projection appeals_projection = {desk_appeal_delete_all, apply_appeals};

/* A reversal says of the decision before it why it does not stand any more. */
static void overturn(
	struct db *db, struct arena *arena, const struct desk_event *e, struct bytes reason)
{
	struct desk_ruling r;

	if (!desk_ruling_last(db, arena, e->case_id, true, &r) || r.overturned_at)
		return;
	r.overturned_at = e->at;
	r.overturned = reason;
	desk_ruling_put(db, &r);
}

static void apply_rulings(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	const bool reversed = bytes_equal_str(e->kind, "reversed");

	const bool decided = bytes_equal_str(e->kind, "decided");

	if (reversed || bytes_equal_str(e->kind, "reopened") ||
		(decided && json_object_get(data, "why")))
		overturn(db, arena, e, text_of(data, "why"));
	if (reversed || decided)
		desk_ruling_put(db, &(struct desk_ruling){.case_id = e->case_id,
					    .seq = e->seq,
					    .at = e->at,
					    .person = e->actor,
					    .category = after->category,
					    .action = after->action,
					    .order_id = int_of(data, "order"),
					    .overturned = BYTES_LITERAL("")});
}

const struct projection rulings_projection = {desk_ruling_delete_all, apply_rulings};

/* ---- Filing ---- */

bool appeal_concerns(struct bytes party, const struct desk_ruling *r)
{
	static const char *const reporters[] = {"reader", "sender"};
	const bool inaction =
		bytes_equal_str(r->action, "dismiss") || bytes_equal_str(r->action, "reverse");

	for (size_t i = 0; i < ARRAY_LEN(reporters); i++)
		if (bytes_equal_str(party, reporters[i]))
			return inaction;
	return bytes_equal_str(party, "owner") && !inaction;
}

enum appeal_refusal appeal_may(struct desk *desk, struct db *db, struct arena *arena,
	const struct desk_appeal_code *party, int64_t now_s, int64_t *last)
{
	const bool owner = bytes_equal_str(party->party, "owner");
	int64_t open, count = desk_appeals_of(db, party, &open, last);
	struct desk_ruling newest;

	if (open)
		return APPEAL_WAITS;
	if (count >= desk->sop.appeals_max)
		return APPEAL_ANSWERED;
	if (!desk_ruling_last(db, arena, party->case_id, false, &newest) ||
		(!owner && !desk->sop.reporters_appeal))
		return APPEAL_UNKNOWN;
	if (newest.seq != party->decision || !appeal_concerns(party->party, &newest) ||
		newest.overturned_at || now_s > party->until_at)
		return APPEAL_OVER;
	return APPEAL_TAKEN;
}

/* Characters, as who writes counts them. */
static int64_t characters(struct bytes text)
{
	int64_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += (text.data[i] & 0xc0) != 0x80;
	return count;
}

static bool is_plain_text(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == 0x7f || (text.data[i] < ' ' && text.data[i] != '\n' &&
						    text.data[i] != '\r' && text.data[i] != '\t'))
			return false;
	return text_is_utf8(text);
}

enum appeal_refusal appeal_file(struct desk *desk, struct db *db, struct arena *arena,
	const struct desk_appeal_code *party, int64_t actor, struct bytes words, int64_t now_s,
	struct desk_appeal *out)
{
	int64_t id, last, due = now_s + desk->sop.appeal_answer_days * DAY_S;
	enum appeal_refusal refusal = appeal_may(desk, db, arena, party, now_s, &last);
	struct desk_case c;

	words = text_trim(words);
	if (refusal != APPEAL_TAKEN)
		return refusal;
	if (words.size > APPEAL_WORDS_MAX || !is_plain_text(words))
		return APPEAL_LONG;
	if (words.size == 0 || characters(words) < desk->sop.appeal_reasons_min)
		return APPEAL_SHORT;
	if (!desk_case_get(db, arena, party->case_id, &c))
		return APPEAL_UNKNOWN;
	id = db_counter_add(db, 0, "appeal", 1);
	case_append(db, arena, &c, "appealed", actor, now_s,
		json_pack("{s:I, s:i, s:o, s:I, s:o, s:I, s:I, s:I}", "appeal", (json_int_t)id,
			"decision", (int)party->decision, "party", json_bytes(party->party),
			"party_id", (json_int_t)party->party_id, "words", json_bytes(words),
			"acknowledge", (json_int_t)(now_s + desk->sop.appeal_acknowledge_s), "due",
			(json_int_t)due, "sop", (json_int_t)desk->sop.version));
	if (!desk_appeal_get(db, arena, id, out))
		db_fail(db, "an appeal was not written");
	return APPEAL_TAKEN;
}

/* By refusal: an HTTP status, English, Indonesian. */
static const struct {
	int status;
	const char *text[2];
} refusals[] = {
	[APPEAL_TAKEN] = {201, {"", ""}},
	[APPEAL_UNKNOWN] = {404,
		{"There is nothing to appeal against with this code.",
			"Tidak ada keputusan yang dapat diajukan keberatan dengan kode ini."}},
	[APPEAL_OVER] = {410,
		{"This decision can't be appealed any more: the time is over, or another decision "
		 "has taken its place.",
			"Keberatan terhadap keputusan ini tidak dapat diajukan lagi: waktunya "
			"telah "
			"lewat, atau sudah ada keputusan lain."}},
	[APPEAL_WAITS] = {409, {"Your appeal has arrived already and waits to be answered.",
				       "Keberatan Anda sudah diterima dan menunggu jawaban."}},
	[APPEAL_ANSWERED] = {409,
		{"Your appeal has been answered; there is no other about this decision.",
			"Keberatan Anda sudah dijawab; tidak ada keberatan lain atas keputusan "
			"ini."}},
	[APPEAL_SHORT] = {422, {"Say why, in at least %lld characters.",
				       "Tuliskan alasannya, paling sedikit %lld karakter."}},
	[APPEAL_LONG] = {422, {"Plain text of at most %lld bytes, please.",
				      "Tulislah teks biasa, paling banyak %lld bita."}},
};

int appeal_refusal_status(enum appeal_refusal refusal)
{
	return refusals[refusal].status;
}

const char *appeal_refusal_text(
	struct arena *arena, const struct sop *sop, enum appeal_refusal refusal, int language)
{
	const char *text = refusals[refusal].text[language];
	const char *hole = strstr(text, "%lld");

	if (!hole)
		return text;
	return arena_printf(arena, "%.*s%lld%s", (int)(hole - text), text,
		refusal == APPEAL_SHORT ? (long long)sop->appeal_reasons_min
					: (long long)APPEAL_WORDS_MAX,
		hole + 4);
}

/* POST /api/notices/N/appeal: who sent it, when nothing was done. */
void desk_notice_appeal(struct ask *ask, struct reply *reply)
{
	struct desk_appeal_code party = {.party = BYTES_LITERAL("sender")};
	enum appeal_refusal refusal;
	struct desk_notice notice;
	struct desk_ruling newest;
	struct desk_appeal appeal;
	struct bytes words;
	struct form form;

	if (!ask_form(ask, &form, reply))
		return;
	words = form_text(&form, "words", APPEAL_WORDS_MAX);
	if (!ask_form_end(&form, reply))
		return;
	if (!desk_notice_get(ask->db, ask->arena, ask->id, &notice) ||
		notice.reporter != principal_sender(&ask->who)) {
		reply_error(reply, 404, "no such notice of yours");
		return;
	}
	if (!desk_ruling_last(ask->db, ask->arena, notice.case_id, false, &newest)) {
		reply_error(reply, 409, "nothing is decided yet");
		return;
	}
	party.case_id = notice.case_id;
	party.decision = newest.seq;
	party.party_id = principal_sender(&ask->who);
	party.until_at = newest.at + ask->desk->sop.reporters_days * DAY_S;
	refusal = appeal_file(ask->desk, ask->db, ask->arena, &party, ask->who.grant.id, words,
		ask->now_s, &appeal);
	if (refusal != APPEAL_TAKEN) {
		reply_error(reply, appeal_refusal_status(refusal),
			appeal_refusal_text(ask->arena, &ask->desk->sop, refusal, 0));
		return;
	}
	reply->status = 201;
	reply->body = json_pack("{s:I, s:I, s:o}", "appeal", (json_int_t)appeal.id, "case",
		(json_int_t)appeal.case_id, "due", json_time(ask->arena, appeal.due_at));
}

/* ---- What others ask ---- */

bool appeal_is_of(
	struct db *db, struct arena *arena, int64_t case_id, int32_t decision, int64_t person)
{
	struct desk_event e = {.case_id = case_id};
	bool found = false;

	while (desk_event_next(db, arena, case_id, e.seq, &e) && e.case_id == case_id &&
		e.seq <= decision) {
		const bool rules =
			bytes_equal_str(e.kind, "decided") || bytes_equal_str(e.kind, "reversed");

		if (e.actor == person && (rules || bytes_equal_str(e.kind, "proposed")))
			found = true;
		if (rules && e.seq < decision)
			found = false; /* that was another decision */
	}
	return found;
}

json_t *appeal_event_data(struct db *db, struct arena *arena, int64_t case_id, int32_t seq)
{
	struct desk_event e;

	if (seq < 1 || !desk_event_next(db, arena, case_id, seq - 1, &e) || e.case_id != case_id ||
		e.seq != seq)
		return json_object();
	return json_loadb((const char *)e.data.data, e.data.size, 0, NULL);
}
