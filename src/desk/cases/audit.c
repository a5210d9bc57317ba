/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. One walk over all events does for the chains, the clocks and the rights. */
#include "desk/cases/audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/map.h"
#include "base/text.h"
#include "desk/cases/audit_appeals.h"
#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/desk_log.h"
#include "desk/cases/holds.h"
#include "desk/ledger/ledger.h"
#include "desk/ledger/ledger_verify.h"
#include "desk/people/rights.h"
#include "store/square_desk_clocks.h"
#include "store/square_desk_orders.h"

#define ORDER_LATE_S 60 /* an order that waits longer than that is a fault of the installation */

struct audit {
	const struct audit_input *in;
	struct arena arena;
	struct map in_ledger; /* orders that an entry names */
	int faults;
	int64_t held_until; /* of the case that is looked at */
	int64_t holds, events, cases, clocks, missed, open_late, by_people, leaves, orders;
};

static void fault(struct audit *a, const char *format, ...) PRINTF_LIKE(2, 3);

static void fault(struct audit *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("BAD  ", a->in->report);
	vfprintf(a->in->report, format, args);
	fputs("\n", a->in->report);
	va_end(args);
	a->faults++;
}

/* ---- Rights ---- */

/* Who writes events of a kind: somebody; also a reader or a sensor, whom the desk does not know, or
 * time; who has claimed the case; the desk by itself. */
enum by { SOMEBODY, OR_NOBODY, HOLDER, THE_DESK };

/* Every kind that there is, and what somebody who did this must have been allowed. */
static const struct {
	const char *kind;
	enum by by;
	enum desk_action action; /* of THE_DESK: none */
} deeds[] = {
	{"opened", OR_NOBODY, ACT_NOTICE_FILE},
	{"noticed", OR_NOBODY, ACT_NOTICE_FILE},
	{"claimed", SOMEBODY, ACT_CLAIM},
	{"released", SOMEBODY, ACT_CASES_SEE},
	{"renewed", HOLDER, ACT_CLAIM},
	{"handed", SOMEBODY, ACT_CASES_SEE},
	{"snoozed", HOLDER, ACT_CLAIM},
	{"noted", SOMEBODY, ACT_NOTE},
	{"opinion_asked", HOLDER, ACT_CLAIM},
	{"opinion_given", SOMEBODY, ACT_OPINION},
	{"proposed", HOLDER, ACT_DECIDE},
	{"withdrawn", SOMEBODY, ACT_DECIDE},
	{"disagreed", HOLDER, ACT_DECIDE},
	{"language", OR_NOBODY, ACT_NOTE},
	{"owner_asked", HOLDER, ACT_CLAIM},
	{"owner_answered", THE_DESK, 0},
	{"decided", HOLDER, ACT_DECIDE},
	{"reversed", SOMEBODY, ACT_REVERSE},
	{"executed", THE_DESK, 0},
	{"ended", THE_DESK, 0},
	{"held", SOMEBODY, ACT_HOLD},
	{"paused", SOMEBODY, ACT_PAUSE},
	{"resumed", OR_NOBODY, ACT_NOTICE_SEE_OWN},
	{"escalated", THE_DESK, 0},
	{"evidence_ended", THE_DESK, 0},
	{"closed", THE_DESK, 0},
	{"appealed", OR_NOBODY, ACT_APPEAL_FILE},
	{"appeal_claimed", SOMEBODY, ACT_APPEAL_DECIDE},
	{"appeal_decided", SOMEBODY, ACT_APPEAL_DECIDE},
	{"reopened", SOMEBODY, ACT_APPEAL_DECIDE},
	{"judged", SOMEBODY, ACT_DECIDE},
	{"review_claimed", SOMEBODY, ACT_DECIDE},
	{"reviewed", SOMEBODY, ACT_DECIDE},
};

/* By any SOP: which of two roles decides is the operator's choice, and may have been another. */
static const struct sop any_sop = {.moderator_decides = true,
	.lead_decides = true,
	.moderator_reverses = true,
	.lead_reverses = true,
	.moderator_appeals = true,
	.lead_appeals = true};

static bool was_in_force(const struct desk_grant *grant, int64_t at)
{
	return grant->created_at <= at && (!grant->revoked_at || grant->revoked_at >= at);
}

static void check_deed(struct audit *a, const struct desk_event *e, enum desk_action action)
{
	struct principal who;

	if (!desk_grant_get(a->in->db, &a->arena, e->actor, &who.grant)) {
		fault(a, "event %d of case %" PRId64 " is by nobody", e->seq, e->case_id);
		return;
	}
	who.role = role_by_name(who.grant.role);
	a->by_people++;
	if (who.role == ROLE_COUNT || !was_in_force(&who.grant, e->at) ||
		!desk_may(&who, action, &any_sop))
		fault(a, "event %d of case %" PRId64 ": grant %" PRId64 " might not %s", e->seq,
			e->case_id, e->actor, desk_action_name(action));
}

/* Where two people agreed, they are two. */
static void check_second(struct audit *a, const struct desk_event *e, const json_t *data)
{
	const json_t *proposed_by = json_object_get(data, "proposed_by");

	if (proposed_by && json_integer_value(proposed_by) == e->actor)
		fault(a, "event %d of case %" PRId64 ": who proposed it agreed to it", e->seq,
			e->case_id);
}

/* Who answers an appeal decides without a claim, which audit_appeals.c looks at; a bulk is undone
 * as a whole. */
static void check_kind(struct audit *a, const struct desk_case *before, const struct desk_event *e,
	const json_t *data, size_t row)
{
	const bool appeal = json_integer_value(json_object_get(data, "appeal")) != 0;
	const bool bulk = json_object_get(data, "bulk") != NULL;
	const bool reopened = bytes_equal_str(e->kind, "reopened");
	const bool nobody = !e->actor && deeds[row].by == OR_NOBODY;

	if (deeds[row].by == THE_DESK && e->actor)
		fault(a, "event %d of case %" PRId64 ": the desk does that, and nobody else",
			e->seq, e->case_id);
	if (deeds[row].by != THE_DESK && !nobody)
		check_deed(a, e, bulk ? ACT_BULK : deeds[row].action);
	if (reopened && !appeal && !bulk)
		fault(a, "event %d of case %" PRId64 ": reopened without an appeal", e->seq,
			e->case_id);
	if (deeds[row].by == HOLDER && !appeal &&
		(before->claimed_by != e->actor || before->claimed_until <= e->at))
		fault(a, "event %d of case %" PRId64 ": %s without a claim", e->seq, e->case_id,
			deeds[row].kind);
	if (bytes_equal_str(e->kind, "decided"))
		check_second(a, e, data);
}

static void check_rights(
	struct audit *a, const struct desk_case *before, const struct desk_event *e)
{
	json_t *data = json_loadb((const char *)e->data.data, e->data.size, 0, NULL);
	size_t row = 0;

	while (row < ARRAY_LEN(deeds) && !bytes_equal_str(e->kind, deeds[row].kind))
		row++;
	if (row < ARRAY_LEN(deeds))
		check_kind(a, before, e, data, row);
	else
		fault(a, "event %d of case %" PRId64 " is of no kind that there is", e->seq,
			e->case_id);
	json_decref(data);
}

/* ---- Chains and clocks ---- */

/* Evidence was frozen, nobody wrote that it ended, and it is to be held. */
static void check_held_evidence(struct audit *a, const struct desk_case *c)
{
	struct desk_clock clock;
	struct query q;

	if (a->held_until <= a->in->now_s || !desk_clock_get(a->in->db, &a->arena, c->id, &clock) ||
		!clock.evidence)
		return;
	q = desk_evidence_list(a->in->db, c->id);
	if (!query_next(&q))
		fault(a, "evidence of case %" PRId64 " is to be held, and gone", c->id);
	query_end(&q);
}

static void case_ends(struct audit *a, const struct desk_case *c)
{
	struct desk_case row;

	a->cases++;
	check_held_evidence(a, c);
	if (!desk_case_get(a->in->db, &a->arena, c->id, &row) || !desk_case_equal(&row, c))
		fault(a, "case %" PRId64 " is not what its events amount to", c->id);
	if (c->met >= 0)
		a->clocks++;
	a->missed += c->met == 0;
	a->open_late += case_is_open(c) && !case_is_waiting(c) && c->due_at < a->in->now_s;
}

static void follow_hold(struct audit *a, const struct desk_event *e)
{
	int64_t until = hold_of_event(e);

	if (e->seq == 1)
		a->held_until = 0;
	if (until) {
		a->holds++;
		a->held_until = until;
	}
	if (bytes_equal_str(e->kind, "evidence_ended") && e->at < a->held_until)
		fault(a, "event %d of case %" PRId64 ": evidence was deleted that was to be held",
			e->seq, e->case_id);
}

/* The walk goes on behind a broken event: what else is wrong is to be known as well. */
static void follow(struct audit *a, struct desk_case *c, const struct desk_event *e)
{
	struct desk_case before = *c;
	struct err err = {0};

	a->events++;
	check_rights(a, &before, e);
	follow_hold(a, e);
	if (case_state_follow(c, e, &a->arena, &err) < 0)
		fault(a, "%s", err.text);
}

/* With the memory of the case before; its first event is read once more. */
static void next_case(struct audit *a, const struct desk_case *last, struct desk_event *event)
{
	int64_t case_id = event->case_id;

	if (last->id)
		case_ends(a, last);
	arena_reset(&a->arena);
	(void)desk_event_next(a->in->db, &a->arena, case_id, 0, event);
}

static void walk_events(struct audit *a)
{
	struct desk_case c = {0};
	struct desk_event event = {0};

	while (desk_event_next(a->in->db, &a->arena, event.case_id, event.seq, &event)) {
		if (event.case_id != c.id) {
			next_case(a, &c, &event);
			c = (struct desk_case){.id = event.case_id};
		}
		follow(a, &c, &event);
	}
	if (c.id)
		case_ends(a, &c);
	fprintf(a->in->report,
		"%" PRId64 " events of %" PRId64
		" cases looked at: chains, and what they amount to\n"
		"%" PRId64 " of them by people: whether they were allowed to\n"
		"%" PRId64 " requests to hold evidence: whether they were obeyed\n"
		"%" PRId64 " clocks: %" PRId64 " missed; %" PRId64 " open cases are overdue\n",
		a->events, a->cases, a->by_people, a->holds, a->clocks, a->missed, a->open_late);
}

/* ---- The ledger ---- */

static struct bytes text_of(const json_t *entry, const char *name)
{
	const json_t *value = json_object_get(entry, name);

	return bytes_of(json_string_value(value), json_string_length(value));
}

/* record: the head of the case's chain when it was decided. */
static bool names_an_event(struct audit *a, int64_t case_id, struct bytes record)
{
	struct desk_event e = {.case_id = case_id};

	while (desk_event_next(a->in->db, &a->arena, case_id, e.seq, &e) && e.case_id == case_id) {
		if (bytes_equal_str(record, text_hex(&a->arena, e.hash)))
			return true;
	}
	return false;
}

/* An order that ended by itself has a second entry, which says that. */
static bool is_its_action(const struct desk_statement *s, struct bytes action)
{
	return bytes_equal(s->action, action) || (s->ended_at && bytes_equal_str(action, "end"));
}

static void check_leaf(struct audit *a, int64_t leaf, struct bytes text)
{
	json_t *entry = json_loadb((const char *)text.data, text.size, 0, NULL);
	int64_t order = json_integer_value(json_object_get(entry, "order"));
	int64_t case_id = json_integer_value(json_object_get(entry, "case"));
	struct desk_statement s;

	a->leaves++;
	map_put(&a->in_ledger, (uint64_t)order, a);
	if (!desk_statement_get(a->in->db, &a->arena, order, &s) || s.case_id != case_id)
		fault(a, "entry %" PRId64 " is of no order", leaf);
	else if (!is_its_action(&s, text_of(entry, "action")) ||
		 !bytes_equal(s.category, text_of(entry, "category")) ||
		 !bytes_equal(s.lane, text_of(entry, "lane")))
		fault(a, "entry %" PRId64 " says otherwise than order %" PRId64, leaf, order);
	else if (!names_an_event(a, case_id, text_of(entry, "record")))
		fault(a, "entry %" PRId64 " names no event of case %" PRId64, leaf, case_id);
	json_decref(entry);
}

static void walk_ledger(struct audit *a)
{
	struct query q = desk_ledger_list(a->in->db, 0, LEDGER_VERIFY_LEAVES_MAX);

	while (query_next(&q)) {
		int64_t leaf = query_int(&q, 0);
		struct bytes text = query_bytes(&q, &a->arena, 1);

		if (leaf != a->leaves)
			fault(a, "entry %" PRId64 " is missing", a->leaves);
		check_leaf(a, leaf, text);
		arena_reset(&a->arena);
	}
	query_end(&q);
}

static void walk_orders(struct audit *a)
{
	int64_t id = 0, created_ms;
	bool executed;

	while (desk_order_next(a->in->db, id, &id, &created_ms, &executed)) {
		a->orders++;
		if (!map_get(&a->in_ledger, (uint64_t)id))
			fault(a, "order %" PRId64 " is not in the ledger", id);
		if (!executed && created_ms / 1000 < a->in->now_s - ORDER_LATE_S)
			fault(a, "order %" PRId64 " waits to be executed", id);
	}
	fprintf(a->in->report,
		"%" PRId64 " orders, %" PRId64
		" entries of the ledger: whether each has the other\n",
		a->orders, a->leaves);
}

/* The files that everybody sees, by the desk's own key. */
static int check_files(struct audit *a, struct err *err)
{
	const char *ledger = arena_printf(&a->arena, "%s/ledger", a->in->folder);
	struct checkpoint_verifier verifier;
	char *text;

	/* The desk writes the first checkpoint, of nothing, when it is started. */
	if (a->leaves == 0 && a->orders == 0 &&
		access(arena_printf(&a->arena, "%s/checkpoint", ledger), F_OK) != 0) {
		fputs("no ledger yet: this desk was never started\n", a->in->report);
		return 0;
	}
	if (ledger_verifier_text(a->in->folder, &a->arena, &text, err) < 0 ||
		checkpoint_verifier_parse(bytes_from_str(text), &verifier, err) < 0)
		return -1;
	a->faults += ledger_verify(ledger, &verifier, a->in->report);
	return 0;
}

static void walk_log(struct audit *a)
{
	int64_t bad, count = desk_log_verify(a->in->db, &bad);

	if (bad)
		fault(a,
			"entry %" PRId64 " of the desk's log was altered, or one before it is gone",
			bad);
	fprintf(a->in->report, "%" PRId64 " entries of the desk's log: its chain\n", count);
}

int audit_run(const struct audit_input *input, struct err *err)
{
	struct audit a = {.in = input};
	int rc = 0;

	arena_init(&a.arena);
	map_init(&a.in_ledger);
	db_begin(input->db);
	walk_events(&a);
	walk_ledger(&a);
	walk_orders(&a);
	walk_log(&a);
	a.faults += audit_appeals(input->db, input->report, input->now_s);
	if (db_failed(input->db))
		rc = err_set(err, 0, "%s", db_failure(input->db));
	db_rollback(input->db);
	if (rc == 0)
		rc = check_files(&a, err);
	map_release(&a.in_ledger);
	arena_release(&a.arena);
	return rc < 0 ? -1 : a.faults;
}
