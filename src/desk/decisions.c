/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/decisions.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk/case_state.h"
#include "desk/letters.h"
#include "store/square_desk_orders.h"

static const char *const actions[] = {"remove", "restrict", "dismiss"};

void reversal_read(struct form *form, struct decision_input *out)
{
	*out = (struct decision_input){.action = BYTES_LITERAL("reverse")};
	out->ground = form_text(form, "ground", DECISION_GROUND_MAX);
	out->facts = form_text(form, "facts", DECISION_FACTS_MAX);
}

void decision_read(struct form *form, struct decision_input *out)
{
	struct bytes action;
	bool known = false;

	reversal_read(form, out);
	out->action = action = form_text(form, "action", 16);
	out->countries = form_countries(form, "countries");
	for (size_t i = 0; action.data && i < ARRAY_LEN(actions); i++)
		known = known || bytes_equal_str(action, actions[i]);
	if (action.data && !known)
		form_invalid(form, "action", "is one of remove, restrict, dismiss");
	if (bytes_equal_str(action, "restrict") && out->countries.size == 0)
		form_missing(form, "countries");
	if (known && !bytes_equal_str(action, "restrict") && out->countries.size > 0)
		form_invalid(form, "countries", "goes with restrict only");
}

/* ---- The order ---- */

struct ruling {
	struct ask *ask;
	struct desk_case *c;
	const struct decision_input *input;
	const char *action; /* of the order: remove, restrict, restore */
	int64_t order_id, leaf;
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

static struct bytes subject_hash(struct ruling *r)
{
	uint8_t *hash = arena_alloc(r->ask->arena, HASH_SHA256_SIZE);
	char *subject =
		r->c->post ? arena_printf(r->ask->arena, "channel/%lld/post/%d",
				     (long long)r->c->channel, r->c->post)
			   : arena_printf(r->ask->arena, "channel/%lld", (long long)r->c->channel);

	hash_sha256_parts((struct bytes[]){r->c->salt, bytes_from_str(subject)}, 2, hash);
	return bytes_of(hash, HASH_SHA256_SIZE);
}

/* The leaf, docs/ledger.md. record binds the case's events, unpublished, to what is published. */
static void write_leaf(struct ruling *r, const struct desk_statement *s)
{
	struct arena *arena = r->ask->arena;
	json_t *leaf =
		json_pack("{s:i, s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, "
			  "s:s}",
			"v", 1, "leaf", (json_int_t)r->leaf, "order", (json_int_t)s->order_id,
			"case", (json_int_t)s->case_id, "subject", text_hex(arena, subject_hash(r)),
			"action", json_bytes(s->action), "countries", json_list(s->countries),
			"category", json_bytes(s->category), "lane", json_bytes(s->lane), "law",
			json_bytes(s->law), "automated", s->automated_detection, "noticed",
			json_time(arena, s->notice_at), "decided", json_time(arena, s->created_at),
			"record", text_hex(arena, r->c->head_hash));
	char *text = json_dumps(leaf, JSON_COMPACT | JSON_SORT_KEYS);

	if (strlen(text) > LEDGER_ENTRY_MAX)
		db_fail(r->ask->db, "a ledger entry is too large");
	desk_ledger_insert(r->ask->db, r->leaf, s->order_id, bytes_from_str(text), r->ask->now_s);
	free(text);
	json_decref(leaf);
}

static void write_order(struct ruling *r)
{
	struct ask *ask = r->ask;
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *category =
		sop_category(sop, arena_str(ask->arena, r->c->category));
	bool restricts = strcmp(r->action, "restrict") == 0;
	struct bytes countries = restricts ? r->input->countries : BYTES_LITERAL("");
	struct sop_category gone = {.title = "Content against the rules"};
	struct desk_statement s = {
		.order_id = r->order_id,
		.case_id = r->c->id,
		.action = bytes_from_str(r->action),
		.countries = countries,
		.category = r->c->category,
		.lane = r->c->lane,
		.law = leading_law(r),
		.facts = r->input->facts,
		.ground = r->input->ground,
		.redress = bytes_from_str(letter_redress(ask->arena, sop, r->c->id)),
		.automated_detection = bytes_equal_str(r->c->lane, "sensor"),
		.notice_at = r->c->clock_at,
		.created_at = ask->now_s,
	};

	if (!category) /* the SOP was changed since the notice */
		category = &gone;
	desk_statement_insert(ask->db, &s);
	desk_order_insert(
		ask->db, &(struct desk_order){
				 .id = r->order_id,
				 .case_id = r->c->id,
				 .channel = r->c->channel,
				 .post = r->c->post,
				 .action = bytes_from_str(r->action),
				 .countries = restricts ? countries : bytes_of(NULL, 0),
				 .text = bytes_from_str(
					 letter_for_readers(ask->arena, r->c, r->action, category)),
				 .reason = r->c->category,
				 .letter = bytes_from_str(
					 letter_for_owner(ask->arena, r->c, &s, category, r->leaf)),
				 .created_at_ms = clock_realtime_us(ask->desk->clock) / 1000,
			 });
	write_leaf(r, &s);
}

/* Event, order, statement, leaf. action NULL: a decision without an order. */
static void rule(struct ask *ask, struct desk_case *c, const struct decision_input *input,
	const char *kind, const char *action, struct reply *reply)
{
	struct ruling r = {.ask = ask, .c = c, .input = input, .action = action};

	if (action) {
		r.order_id = desk_order_new_id(ask->db);
		r.leaf = desk_ledger_size(ask->db);
	}
	case_append(ask->db, ask->arena, c, kind, ask->who.grant.id, ask->now_s,
		json_pack("{s:o, s:o, s:o, s:o, s:I}", "action", json_bytes(input->action),
			"countries",
			json_bytes(input->countries.data ? input->countries : BYTES_LITERAL("")),
			"facts", json_bytes(input->facts), "ground", json_bytes(input->ground),
			"order", (json_int_t)r.order_id));
	if (action)
		write_order(&r);
	reply->order_id = r.order_id;
	reply->body = json_pack("{s:I, s:o, s:o, s:o}", "case", (json_int_t)c->id, "action",
		json_bytes(input->action), "state", json_bytes(c->state), "due",
		json_time(ask->arena, c->due_at));
	if (!action)
		json_object_set_new(reply->body, "met", json_boolean(c->met == 1));
}

/* ---- Handlers ---- */

static bool open_form(struct ask *ask, struct reply *reply, struct form *form,
	struct decision_input *input, void (*read)(struct form *form, struct decision_input *out))
{
	bool fine = form_open(form, ask->arena, ask->body);

	if (!fine) {
		reply_error(reply, 400, "the body is no JSON object");
	} else {
		read(form, input);
		fine = form_ok(form);
		if (!fine) {
			reply->status = 422;
			reply->body = form_problems(form);
		}
	}
	form_release(form);
	return fine;
}

static void refuse_claim(struct ask *ask, struct reply *reply, const struct desk_case *c)
{
	struct desk_grant holder;

	reply_error(reply, 409,
		case_is_claimed(c, ask->now_s) ? "somebody else has claimed the case"
					       : "claim the case before you decide it");
	if (case_is_claimed(c, ask->now_s) &&
		desk_grant_get(ask->db, ask->arena, c->claimed_by, &holder)) {
		json_object_set_new(reply->body, "claimed_by", json_bytes(holder.name));
		json_object_set_new(reply->body, "until", json_time(ask->arena, c->claimed_until));
	}
}

static void refuse_action(struct reply *reply, const char *why)
{
	reply->status = 422;
	reply->body =
		json_pack("{s:s, s:[], s:[{s:s, s:s}]}", "error", "a field is not as it must be",
			"missing", "invalid", "field", "action", "reason", why);
}

void desk_case_decide(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	const char *action = NULL;
	struct desk_case c;
	struct form form;

	if (!desk_case_get(ask->db, ask->arena, ask->id, &c)) {
		reply_error(reply, 404, "no such case");
		return;
	}
	if (!open_form(ask, reply, &form, &input, decision_read))
		return;
	if (c.post && bytes_equal_str(input.action, "restrict")) {
		refuse_action(reply,
			"a post can't be restricted by country: remove it, or restrict its "
			"channel");
		return;
	}
	if (!case_is_open(&c)) {
		reply_error(reply, 409, "the case is decided");
		return;
	}
	if (c.claimed_by != ask->who.grant.id || !case_is_claimed(&c, ask->now_s)) {
		refuse_claim(ask, reply, &c);
		return;
	}
	if (!bytes_equal_str(input.action, "dismiss"))
		action = arena_str(ask->arena, input.action);
	else if (c.in_force)
		action = "restore"; /* dismissing lifts what an earlier decision of the case did */
	rule(ask, &c, &input, "decided", action, reply);
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
	if (c.decided_by == ask->who.grant.id && ask->who.role != ROLE_LEAD) {
		reply_error(reply, 403, "somebody other than who decided must reverse it");
		return;
	}
	if (case_is_claimed(&c, ask->now_s) && c.claimed_by != ask->who.grant.id) {
		refuse_claim(ask, reply, &c);
		return;
	}
	rule(ask, &c, &input, "reversed", "restore", reply);
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
		json_pack("{s:I, s:I, s:I, s:o}", "order", (json_int_t)order_id, "at",
			(json_int_t)(executed_ms / 1000), "ms",
			(json_int_t)(executed_ms - created_ms), "outcome", json_bytes(outcome)));
	if (bytes_equal_str(outcome, "done"))
		log_info("order_executed", "order %lld after %lld ms", (long long)order_id,
			(long long)(executed_ms - created_ms));
	else
		log_error("order_not_executed", "order %lld", (long long)order_id);
	return true;
}

static bool any_executed(struct db *reader)
{
	int64_t order_id, created_ms, executed_ms;
	struct bytes outcome;
	struct arena arena;
	bool any;

	arena_init(&arena);
	db_begin(reader);
	any = desk_order_executed_next(
		reader, &arena, &order_id, &created_ms, &executed_ms, &outcome);
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
	if (!any_executed(desk->reader))
		return 0;
	arena_init(&arena);
	db_begin(db);
	while (settle_one(desk, db, &arena))
		count++;
	if (count == 0)
		db_rollback(db);
	else if (db_commit(db) < 0)
		count = 0;
	arena_release(&arena);
	return count;
}
