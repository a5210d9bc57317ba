/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/decisions.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk/cases/case_state.h"
#include "desk/cases/claims.h"
#include "desk/letters/letters.h"
#include "desk/figures/statements.h"
#include "desk/cases/strikes.h"
#include "desk/cases/two_people.h"
#include "desk/cases/work.h"
#include "store/square_desk_orders.h"

#define UNTIL_DAYS_MAX 3650
#define DAY_S 86400

void reversal_read(struct form *form, struct decision_input *out)
{
	*out = (struct decision_input){.action = BYTES_LITERAL("reverse")};
	out->ground = form_text(form, "ground", DECISION_GROUND_MAX);
	out->facts = form_text(form, "facts", DECISION_FACTS_MAX);
	if (json_object_get(form->root, "why")) {
		struct bytes why = form_text(form, "why", 20);

		out->why = reversal_by_name(why);
		if (why.data && !out->why)
			form_invalid(form, "why", reversal_names);
	}
}

static struct bytes read_basis(struct form *form)
{
	const json_t *given = json_object_get(form->root, "basis");
	struct bytes basis = {NULL, 0};

	if (!given || json_is_null(given))
		return basis;
	basis = form_text(form, "basis", 8);
	if (basis.data && !bytes_equal_str(basis, "law") && !bytes_equal_str(basis, "terms"))
		form_invalid(form, "basis", "is one of law, terms");
	return basis;
}

static void check_scope(struct form *form, const struct decision_input *input)
{
	const struct measure *measure = input->measure;

	if (measure->by_country && input->countries.size == 0)
		form_missing(form, "countries");
	if (!measure->by_country && input->countries.size > 0)
		form_invalid(form, "countries", "goes with restrict only");
	if (measure->until == UNTIL_MUST && !input->until_s)
		form_missing(form, "until");
	if (measure->until == UNTIL_NO && input->until_s)
		form_invalid(form, "until", "goes with restrict, label and freeze only");
}

void decision_read(struct form *form, struct decision_input *out)
{
	struct bytes action;

	reversal_read(form, out);
	out->action = action = form_text(form, "action", 16);
	out->countries = form_countries(form, "countries");
	out->until_s = form_time(form, "until");
	out->basis = read_basis(form);
	out->measure = measure_by_name(action);
	if (action.data && !out->measure)
		form_invalid(form, "action", measure_names);
	if (out->measure)
		check_scope(form, out);
}

/* ---- The order ---- */

struct ruling {
	struct ask *ask;
	struct desk_case *c;
	const struct decision_input *input;
	const char *action; /* of the order: a measure, or restore */
	int64_t order_id, leaf;
	struct desk_statement s;
	struct sop_category category; /* also of one that the SOP has lost since the notice */
	const char *link;	      /* to appeal with, for the owner */
	char *text;		      /* for readers */
	char *letters[LETTER_LANGUAGES];
};

/* The notice that set the lane: its law and whether a machine found it. */
static struct bytes leading_law(struct ruling *r)
{
	struct desk_notice n = {.id = 0};
	struct bytes law = BYTES_LITERAL("");

	while (desk_notice_next(r->ask->db, r->ask->arena, r->c->id, n.id, &n)) {
		if (bytes_equal(n.lane, r->c->lane) && bytes_equal(n.category, r->c->category))
			law = n.law;
	}
	return law;
}

static struct bytes subject_hash(
	struct arena *arena, const struct desk_case *c, const struct desk_statement *s)
{
	uint8_t *hash = arena_alloc(arena, HASH_SHA256_SIZE);
	char *subject = c->channel < 0 ? arena_printf(arena, "account/%lld", -(long long)c->channel)
				       : arena_printf(arena, "channel/%lld", (long long)c->channel);

	if (s->post)
		subject = arena_printf(arena, "%s/post/%d", subject, s->post);

	hash_sha256_parts((struct bytes[]){c->salt, bytes_from_str(subject)}, 2, hash);
	return bytes_of(hash, HASH_SHA256_SIZE);
}

/* The leaf, docs/ledger.md. record binds the case's events, unpublished, to what is published. */
static void write_leaf(struct db *db, struct arena *arena, const struct desk_case *c,
	const struct desk_statement *s, int64_t number)
{
	json_t *leaf = json_pack(
		"{s:i, s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, "
		"s:s}",
		"v", 1, "leaf", (json_int_t)number, "order", (json_int_t)s->order_id, "case",
		(json_int_t)s->case_id, "subject", text_hex(arena, subject_hash(arena, c, s)),
		"action", json_bytes(s->action), "countries", json_list(s->countries), "category",
		json_bytes(s->category), "lane", json_bytes(s->lane), "law", json_bytes(s->law),
		"automated", s->automated_detection, "noticed", json_time(arena, s->notice_at),
		"decided", json_time(arena, s->created_at), "record",
		text_hex(arena, c->head_hash));
	char *text;

	if (s->ends_at)
		json_object_set_new(leaf, "until", json_time(arena, s->ends_at));
	text = json_dumps(leaf, JSON_COMPACT | JSON_SORT_KEYS);
	if (strlen(text) > LEDGER_ENTRY_MAX)
		db_fail(db, "a ledger entry is too large");
	desk_ledger_insert(db, number, s->order_id, bytes_from_str(text), s->created_at);
	free(text);
	json_decref(leaf);
}

/* Everything that is written and said, without writing it. */
static void compose(struct ruling *r)
{
	struct ask *ask = r->ask;
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *category =
		sop_category(sop, arena_str(ask->arena, r->c->category));
	const bool restricts = strcmp(r->action, "restrict") == 0;
	const enum desk_subject_kind kind = desk_subject_kind_of(ask->db, r->c->channel);
	struct strikes strikes;
	struct letter letter;

	r->category =
		category ? *category : (struct sop_category){.title = "Content against the rules"};
	r->s = (struct desk_statement){
		.order_id = r->order_id,
		.case_id = r->c->id,
		.action = bytes_from_str(r->action),
		.countries = restricts ? r->input->countries : BYTES_LITERAL(""),
		.category = r->c->category,
		.lane = r->c->lane,
		.law = leading_law(r),
		.facts = r->input->facts,
		.ground = r->input->ground,
		.redress = bytes_from_str(letter_redress(ask->arena, 0, sop, r->c->id, NULL)),
		.automated_detection = bytes_equal_str(r->c->lane, "sensor"),
		.notice_at = r->c->clock_at,
		.created_at = ask->now_s,
		.ends_at = r->input->until_s,
		.basis = r->input->basis,
		.post = r->input->measure && r->input->measure->of_channel ? 0 : r->c->post,
	};
	r->s.content_at = desk_reach_of(ask->db, r->c->channel, r->s.post).content_at;
	if (!r->s.basis.data)
		r->s.basis = r->s.law.size ? BYTES_LITERAL("law") : BYTES_LITERAL("terms");
	r->text = letter_for_readers(ask->arena, sop, r->c, kind, r->action, &r->category);
	strikes = strikes_now(ask->db, sop, r->c, ask->now_s);
	letter = (struct letter){sop, r->c, kind, &r->s, &r->category, r->leaf, strikes.count,
		strikes.days, r->link};
	for (int i = 0; i < LETTER_LANGUAGES; i++)
		r->letters[i] = letter_for_owner(ask->arena, i, &letter);
}

/* The owner's way to appeal against the event that was just written. */
static const char *owner_link(struct ruling *r)
{
	struct ask *ask = r->ask;
	const struct sop *sop = &ask->desk->sop;
	const struct desk_appeal_code whose = {.case_id = r->c->id,
		.decision = r->c->head_seq,
		.party = BYTES_LITERAL("owner"),
		.until_at = ask->now_s + sop->appeal_days * DAY_S};

	return appeal_link(
		ask->arena, sop, appeal_code_new(ask->desk, ask->db, ask->arena, &whose));
}

static void write_order(struct ruling *r)
{
	struct ask *ask = r->ask;

	if (strcmp(r->action, "restore") != 0)
		r->link = owner_link(r);
	compose(r);
	desk_statement_insert(ask->db, &r->s);
	desk_order_insert(ask->db,
		&(struct desk_order){
			.id = r->order_id,
			.case_id = r->c->id,
			.channel = r->c->channel,
			.post = r->s.post,
			.action = r->s.action,
			.countries = r->s.countries.size ? r->s.countries : bytes_of(NULL, 0),
			.text = bytes_from_str(r->text),
			.reason = r->c->category,
			.letter = bytes_from_str(r->letters[0]),
			.created_at_ms = clock_realtime_us(ask->desk->clock) / 1000,
			.ends_at = r->s.ends_at,
		});
	for (int i = 1; i < LETTER_LANGUAGES; i++)
		desk_order_letter_insert(
			ask->db, r->order_id, letter_language(i), bytes_from_str(r->letters[i]));
	write_leaf(r->ask->db, ask->arena, r->c, &r->s, r->leaf);
}

static void note_reversal(json_t *data, const struct decision_input *input)
{
	if (input->why)
		json_object_set_new(data, "why", json_string(input->why->name));
	if (input->why && input->why->strike)
		json_object_set_new(data, "strike", json_string("keep"));
	if (input->appeal)
		json_object_set_new(data, "appeal", json_integer(input->appeal));
}

void decision_rule(struct ask *ask, struct desk_case *c, const struct decision_input *input,
	const struct ruling_kind *kind, struct reply *reply)
{
	struct ruling r = {.ask = ask, .c = c, .input = input, .action = kind->action};
	json_t *data;

	if (r.action) {
		r.order_id = desk_order_new_id(ask->db);
		r.leaf = desk_ledger_size(ask->db);
	}
	data = json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "action",
		json_bytes(input->action), "countries",
		json_bytes(input->countries.data ? input->countries : BYTES_LITERAL("")), "basis",
		json_bytes(input->basis), "facts", json_bytes(input->facts), "ground",
		json_bytes(input->ground), "until", (json_int_t)input->until_s, "order",
		(json_int_t)r.order_id, "sop", (json_int_t)ask->desk->sop.version);
	note_reversal(data, input);
	json_object_update(data, kind->more);
	json_decref(kind->more);
	case_append(ask->db, ask->arena, c, kind->event, ask->who.grant.id, ask->now_s, data);
	if (r.action)
		write_order(&r);
	reply->order_id = r.order_id;
	reply->body = json_pack("{s:I, s:o, s:o, s:o}", "case", (json_int_t)c->id, "action",
		json_bytes(input->action), "state", json_bytes(c->state), "due",
		json_time(ask->arena, c->due_at));
	if (!r.action)
		json_object_set_new(reply->body, "met", json_boolean(c->met == 1));
}

/* ---- Handlers ---- */

static void refuse_field(struct reply *reply, const char *field, const char *why)
{
	reply->status = 422;
	reply->body =
		json_pack("{s:s, s:[], s:[{s:s, s:s}]}", "error", "a field is not as it must be",
			"missing", "invalid", "field", field, "reason", why);
}

static bool open_form(struct ask *ask, struct reply *reply, struct form *form,
	struct decision_input *input, void (*read)(struct form *form, struct decision_input *out))
{
	if (!ask_form(ask, form, reply))
		return false;
	read(form, input);
	return ask_form_end(form, reply);
}

static void refuse_countries(struct reply *reply)
{
	reply_error(reply, 403, "it takes effect outside of your countries");
}

/* Not of the newest order alone. */
bool decision_may_lift(struct ask *ask, const struct desk_case *c)
{
	bool may = ask_may_in(ask, c->countries);
	struct bytes countries;
	int64_t id = 0;

	while (may && desk_order_holding_next(ask->db, ask->arena, c->id, id, &id, &countries))
		may = ask_may_in(ask, countries);
	return may;
}

static bool until_is_right(struct ask *ask, struct reply *reply, int64_t until_s)
{
	if (!until_s || (until_s > ask->now_s && until_s <= ask->now_s + UNTIL_DAYS_MAX * DAY_S))
		return true;
	refuse_field(reply, "until", "is in the past, or more than ten years away");
	return false;
}

bool decision_may_take(struct ask *ask, struct reply *reply, const struct decision_input *input)
{
	if (ask_may_in(ask, input->countries))
		return until_is_right(ask, reply, input->until_s);
	refuse_countries(reply);
	return false;
}

bool decision_fits(
	const struct desk_case *c, const struct decision_input *input, struct reply *reply)
{
	const bool fits = !input->measure || input->measure->of_accounts || c->channel >= 0;

	if (!fits && reply)
		refuse_field(reply, "action", "is for channels and groups, and their posts");
	return fits;
}

/* The case, and what the body says about it. NULL action: dismissed, nothing to lift. */
static bool read_decision(struct ask *ask, struct reply *reply, struct desk_case *c,
	struct decision_input *input, const char **action)
{
	struct form form;

	if (!desk_case_get(ask->db, ask->arena, ask->id, c)) {
		reply_error(reply, 404, "no such case");
		return false;
	}
	if (!open_form(ask, reply, &form, input, decision_read))
		return false;
	if (!decision_fits(c, input, reply) || !until_is_right(ask, reply, input->until_s))
		return false;
	*action = NULL;
	if (input->measure->orders)
		*action = input->measure->name;
	else if (c->in_force)
		*action = "restore"; /* dismissing lifts what an earlier decision of the case did */
	if (*action && !(input->measure->orders ? ask_may_in(ask, input->countries)
						: decision_may_lift(ask, c))) {
		refuse_countries(reply);
		return false;
	}
	return true;
}

/* What a decision would do: counts, not who. Nothing is written. */
void desk_case_preview(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	struct desk_reach reach;
	struct desk_case c;
	struct ruling r = {.ask = ask, .c = &c, .input = &input};
	json_t *letters = json_object(), *statement = NULL;

	if (!read_decision(ask, reply, &c, &input, &r.action)) {
		json_decref(letters);
		return;
	}
	if (r.action) {
		r.leaf = desk_ledger_size(ask->db);
		r.link = appeal_link(ask->arena, &ask->desk->sop, "…");
		compose(&r);
		statement = statement_dsa(ask, &r.s);
		for (int i = 0; i < LETTER_LANGUAGES; i++)
			json_object_set_new(letters, letter_language(i), json_string(r.letters[i]));
	}
	reach = desk_reach_of(ask->db, c.channel, r.action ? r.s.post : c.post);
	reply->body = json_pack("{s:I, s:o, s:o, s:{s:o, s:I, s:I, s:o}, s:o, s:o, s:o}", "case",
		(json_int_t)c.id, "action", json_bytes(input.action), "order",
		r.action ? json_string(r.action) : json_null(), "affects", "channel",
		json_bytes(c.name), "subscribers", (json_int_t)(r.action ? reach.members : 0),
		"posts", (json_int_t)(r.action ? reach.posts : 0), "countries",
		r.action && r.s.countries.size ? json_integer((r.s.countries.size + 1) / 3)
					       : json_null(),
		"text", r.action ? json_string(r.text) : json_null(), "letters", letters,
		"statement", statement ? statement : json_null());
}

/* Of one person, of the second of two, or of the lead to whom two who did not agree leave it. */
static void decide(struct ask *ask, struct reply *reply, struct desk_case *c,
	struct decision_input *input, const char *action)
{
	const struct desk_work w = work_of(ask->db, ask->arena, c->id);
	struct ruling_kind kind = {"decided", action, NULL};

	if (second_is_needed(ask, c, &w, input))
		second_propose(ask, reply, c, input);
	else if (w.second != SECOND_APPROVES ||
		 second_compare(ask, reply, c, &w, input, &kind.more))
		decision_rule(ask, c, input, &kind, reply);
}

void desk_case_decide(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	const char *action;
	struct desk_case c;

	if (!read_decision(ask, reply, &c, &input, &action))
		return;
	if (case_is_open(&c) && !ask_may_decide(ask, c.category))
		reply_error(reply, 403, "the SOP lets others decide cases of this category");
	else if (claim_is_mine(ask, reply, &c))
		decide(ask, reply, &c, &input, action);
}

void desk_case_reverse(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	struct desk_case c;
	struct form form;

	if (!desk_case_get(ask->db, ask->arena, ask->id, &c)) {
		reply_error(reply, 404, "no such case");
		return;
	}
	if (!open_form(ask, reply, &form, &input, reversal_read))
		return;
	if (!c.in_force) {
		reply_error(reply, 409, "no order of this case is in force");
		return;
	}
	if (c.decided_by == ask->who.grant.id && !ask_may(ask, ACT_REVERSE_OWN)) {
		reply_error(reply, 403, "somebody other than who decided must reverse it");
		return;
	}
	if (!decision_may_lift(ask, &c)) {
		refuse_countries(reply);
		return;
	}
	if (case_is_claimed(&c, ask->now_s) && !claim_is_mine(ask, reply, &c))
		return;
	decision_rule(ask, &c, &input, &(struct ruling_kind){"reversed", "restore", NULL}, reply);
}

/* ---- After the messenger's work ---- */

static bool settle_one(struct desk *desk, struct db *db, struct arena *arena)
{
	int64_t order_id, executed_ms, created_ms, now_s = clock_unix_s(desk->clock);
	struct desk_statement s;
	struct bytes outcome;
	struct desk_case c;

	if (!desk_order_executed_next(db, arena, &order_id, &created_ms, &executed_ms, &outcome) ||
		!desk_statement_get(db, arena, order_id, &s) ||
		!desk_case_get(db, arena, s.case_id, &c))
		return false;
	desk_statement_settle(db, order_id, executed_ms / 1000, executed_ms - created_ms, outcome);
	case_append(db, arena, &c, "executed", 0, now_s,
		json_pack("{s:I, s:I, s:I, s:o, s:b}", "order", (json_int_t)order_id, "at",
			(json_int_t)(executed_ms / 1000), "ms",
			(json_int_t)(executed_ms - created_ms), "outcome", json_bytes(outcome),
			"holds", desk_orders_hold(db, c.id)));
	if (bytes_equal_str(outcome, "done"))
		log_info("order_executed", "order %lld after %lld ms", (long long)order_id,
			(long long)(executed_ms - created_ms));
	else
		log_error("order_not_executed", "order %lld", (long long)order_id);
	return true;
}

/* What the messenger lifted because its time was over: an event, and a leaf that says so. */
static bool settle_end(struct desk *desk, struct db *db, struct arena *arena)
{
	int64_t order_id, ended_ms;
	struct desk_statement s;
	struct desk_case c;

	if (!desk_order_ended_next(db, &order_id, &ended_ms) ||
		!desk_statement_get(db, arena, order_id, &s) ||
		!desk_case_get(db, arena, s.case_id, &c))
		return false;
	desk_statement_end(db, order_id, ended_ms / 1000);
	case_append(db, arena, &c, "ended", 0, clock_unix_s(desk->clock),
		json_pack("{s:I, s:I, s:b}", "order", (json_int_t)order_id, "at",
			(json_int_t)(ended_ms / 1000), "holds", desk_orders_hold(db, c.id)));
	s.action = BYTES_LITERAL("end");
	s.created_at = ended_ms / 1000;
	write_leaf(db, arena, &c, &s, desk_ledger_size(db));
	log_info("order_ended", "order %lld", (long long)order_id);
	return true;
}

static bool any_to_settle(struct db *reader)
{
	int64_t order_id, created_ms, executed_ms;
	struct bytes outcome;
	struct arena arena;
	bool any;

	arena_init(&arena);
	db_begin(reader);
	any = desk_order_executed_next(
		      reader, &arena, &order_id, &created_ms, &executed_ms, &outcome) ||
	      desk_order_ended_next(reader, &order_id, &executed_ms);
	db_rollback(reader);
	arena_release(&arena);
	return any;
}

int desk_orders_settle(struct desk *desk)
{
	struct db *db = desk->writer;
	struct arena arena;
	int count = 0;

	/* Looking costs no write lock; most of the time there is nothing. */
	if (!any_to_settle(desk->reader))
		return 0;
	arena_init(&arena);
	db_begin(db);
	while (settle_one(desk, db, &arena) || settle_end(desk, db, &arena))
		count++;
	if (count == 0)
		db_rollback(db);
	else if (db_commit(db) < 0)
		count = 0;
	arena_release(&arena);
	return count;
}
