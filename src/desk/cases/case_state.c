/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/case_state.h"

#include <assert.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "desk/cases/projections.h"
#include "desk/letters/tell.h"
#include "store/square_desk_grants.h"

static struct bytes text_of(const json_t *data, const char *name, struct arena *arena)
{
	const json_t *value = json_object_get(data, name);

	if (!json_is_string(value))
		return BYTES_LITERAL("");
	return arena_bytes(arena, bytes_of(json_string_value(value), json_string_length(value)));
}

static int64_t int_of(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static void on_opened(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	uint8_t *salt = arena_alloc(arena, DESK_SALT_SIZE);
	int32_t seq = c->head_seq;

	if (text_unhex(text_of(data, "salt", arena), salt, DESK_SALT_SIZE) < 0)
		memset(salt, 0, DESK_SALT_SIZE);
	*c = (struct desk_case){
		.id = e->case_id,
		.channel = int_of(data, "channel"),
		.post = (int32_t)int_of(data, "post"),
		.name = text_of(data, "name", arena),
		.salt = bytes_of(salt, DESK_SALT_SIZE),
		.previous = int_of(data, "previous"),
		.state = BYTES_LITERAL("open"),
		.category = BYTES_LITERAL(""),
		.lane = BYTES_LITERAL(""),
		.action = BYTES_LITERAL(""),
		.countries = BYTES_LITERAL(""),
		.met = -1,
		.head_seq = seq,
	};
}

static void on_noticed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->notices++;
	if (!json_object_get(data, "due"))
		return; /* about something that is already removed everywhere */
	if (json_is_true(json_object_get(data, "reopens"))) {
		c->state = BYTES_LITERAL("open");
		c->met = -1;
		c->claimed_by = c->claimed_until = 0;
	}
	c->category = text_of(data, "category", arena);
	c->lane = text_of(data, "lane", arena);
	c->clock_at = int_of(data, "clock");
	c->due_at = int_of(data, "due");
	c->priority = int_of(data, "priority");
}

static void on_claimed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->claimed_by = e->actor;
	c->claimed_until = int_of(data, "until");
}

static void on_released(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->claimed_by = c->claimed_until = 0;
}

static void on_decided(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	int64_t order = int_of(data, "order");

	c->state = BYTES_LITERAL("decided");
	c->action = text_of(data, "action", arena);
	c->countries = text_of(data, "countries", arena);
	c->decided_by = e->actor;
	c->decided_at = e->at;
	c->claimed_by = c->claimed_until = 0;
	if (!bytes_equal_str(c->action, "warn")) /* which lifts nothing that holds */
		c->in_force = !bytes_equal_str(c->action, "dismiss");
	if (order)
		c->order_id = order; /* in time or not is known when it is executed */
	else
		c->met = e->at <= c->due_at;
}

/* A notice that came meanwhile still waits for its answer: an open case stays open. */
static void on_reversed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->action = BYTES_LITERAL("reverse");
	c->countries = BYTES_LITERAL("");
	c->decided_by = e->actor;
	c->decided_at = e->at;
	c->order_id = int_of(data, "order");
	c->in_force = false;
}

static void on_executed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	bool done = bytes_equal_str(text_of(data, "outcome", arena), "done");

	if (c->met < 0 && !case_is_open(c))
		c->met = done && int_of(data, "at") <= c->due_at;
	if (!done && int_of(data, "order") == c->order_id)
		c->in_force = json_is_true(json_object_get(data, "holds"));
}

static void on_ended(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->in_force = json_is_true(json_object_get(data, "holds"));
}

/* Nobody holds a case that waits: whoever claims it makes its clock run again. */
static void on_paused(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->state = BYTES_LITERAL("waiting");
	c->claimed_by = c->claimed_until = 0;
}

static void on_resumed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->state = text_of(data, "state", arena);
	c->due_at = int_of(data, "due");
}

static void on_escalated(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->state = BYTES_LITERAL("escalated");
}

/* The claim goes on, with its holder or with another. */
static void on_renewed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->claimed_until = int_of(data, "until");
}

static void on_handed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->claimed_by = int_of(data, "to");
	c->claimed_until = int_of(data, "until");
}

static void on_appealed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	if (!case_is_open(c)) /* at work again because of a notice: it is appealed meanwhile */
		c->state = BYTES_LITERAL("appealed");
}

static void on_appeal_decided(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	if (!case_is_open(c))
		c->state = int_of(data, "left") > 0 ? BYTES_LITERAL("appealed")
						    : BYTES_LITERAL("decided");
}

/* It was wrong that nothing was done: the clock begins anew. */
static void on_reopened(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->state = BYTES_LITERAL("open");
	c->met = -1;
	c->claimed_by = c->claimed_until = 0;
	c->clock_at = int_of(data, "clock");
	c->due_at = int_of(data, "due");
}

/* Said about the case, or of what a projection alone keeps. */
static void on_said(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
}

static void on_closed(
	struct desk_case *c, const struct desk_event *e, const json_t *data, struct arena *arena)
{
	c->state = BYTES_LITERAL("closed");
}

static const struct {
	const char *kind;
	void (*apply)(struct desk_case *c, const struct desk_event *e, const json_t *data,
		struct arena *arena);
} rows[] = {
	{"opened", on_opened},
	{"noticed", on_noticed},
	{"claimed", on_claimed},
	{"released", on_released},
	{"renewed", on_renewed},
	{"handed", on_handed},
	{"snoozed", on_released},
	{"noted", on_said},
	{"opinion_asked", on_said},
	{"opinion_given", on_said},
	{"proposed", on_released},
	{"withdrawn", on_said},
	{"disagreed", on_released},
	{"language", on_said},
	{"owner_asked", on_said},
	{"owner_answered", on_said},
	{"decided", on_decided},
	{"reversed", on_reversed},
	{"executed", on_executed},
	{"ended", on_ended},
	{"paused", on_paused},
	{"resumed", on_resumed},
	{"escalated", on_escalated},
	{"held", on_said},
	{"evidence_ended", on_said},
	{"closed", on_closed},
	{"appealed", on_appealed},
	{"appeal_claimed", on_said},
	{"appeal_decided", on_appeal_decided},
	{"reopened", on_reopened},
	{"judged", on_said},
	{"review_claimed", on_said},
	{"reviewed", on_said},
};

int case_state_apply(struct desk_case *state, const struct desk_event *event, struct arena *arena,
	struct err *err)
{
	json_t *data = json_loadb((const char *)event->data.data, event->data.size, 0, NULL);
	int rc = -1;

	for (size_t i = 0; data && i < ARRAY_LEN(rows); i++) {
		if (!bytes_equal_str(event->kind, rows[i].kind))
			continue;
		rows[i].apply(state, event, data, arena);
		state->head_seq = event->seq;
		state->head_hash = event->hash;
		rc = 0;
	}
	json_decref(data);
	return rc == 0 ? 0
		       : err_set(err, 0, "event %d of case %lld can't be read", event->seq,
				 (long long)event->case_id);
}

void case_event_hash(
	struct bytes previous, const struct desk_event *event, uint8_t out[DESK_HASH_SIZE])
{
	uint8_t numbers[5 * 8];

	store_u64le(numbers, (uint64_t)event->case_id);
	store_u64le(numbers + 8, (uint64_t)event->seq);
	store_u64le(numbers + 16, (uint64_t)event->at);
	store_u64le(numbers + 24, (uint64_t)event->actor);
	store_u64le(numbers + 32, event->kind.size);
	hash_sha256_parts((struct bytes[]){previous, bytes_of(numbers, sizeof(numbers)),
				  event->kind, event->data},
		4, out);
}

static const uint8_t no_hash[DESK_HASH_SIZE];

static struct bytes previous_hash(const struct desk_case *c)
{
	return c->head_seq > 0 ? c->head_hash : bytes_of(no_hash, sizeof(no_hash));
}

void case_append(struct db *db, struct arena *arena, struct desk_case *c, const char *kind,
	int64_t actor, int64_t now_s, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t *hash = arena_alloc(arena, DESK_HASH_SIZE);
	struct desk_event event = {
		.case_id = c->id,
		.seq = c->head_seq + 1,
		.at = now_s,
		.actor = actor,
		.kind = bytes_from_str(kind),
		.data = arena_bytes(arena, bytes_from_str(text)),
	};
	int rc;

	free(text);
	json_decref(data);
	case_event_hash(previous_hash(c), &event, hash);
	event.hash = bytes_of(hash, DESK_HASH_SIZE);
	desk_event_insert(db, &event);
	rc = case_state_apply(c, &event, arena, NULL);
	assert(rc == 0); /* we have just made it */
	(void)rc;
	desk_case_put(db, c);
	projections_apply(db, arena, c, &event);
	tell_note(db, &event);
}

int case_state_follow(
	struct desk_case *c, const struct desk_event *event, struct arena *arena, struct err *err)
{
	uint8_t hash[DESK_HASH_SIZE];

	if (event->seq != c->head_seq + 1)
		return err_set(err, 0, "case %lld lacks event %d", (long long)event->case_id,
			c->head_seq + 1);
	case_event_hash(previous_hash(c), event, hash);
	if (!bytes_equal(bytes_of(hash, sizeof(hash)), event->hash))
		return err_set(err, 0, "event %d of case %lld was altered", event->seq,
			(long long)event->case_id);
	return case_state_apply(c, event, arena, err);
}

int cases_rebuild(struct db *db, struct err *err)
{
	struct desk_case c = {0};
	struct desk_event event = {0};
	struct arena arena;
	int rc = 0;

	arena_init(&arena);
	db_begin(db);
	desk_case_delete_all(db);
	projections_clear(db);
	while (rc == 0 && desk_event_next(db, &arena, event.case_id, event.seq, &event)) {
		if (event.case_id != c.id) {
			if (c.id)
				desk_case_put(db, &c);
			c = (struct desk_case){.id = event.case_id};
		}
		rc = case_state_follow(&c, &event, &arena, err);
		if (rc == 0)
			projections_apply(db, &arena, &c, &event);
	}
	if (rc == 0 && c.id)
		desk_case_put(db, &c);
	desk_mark_set(db, "projections", PROJECTIONS_VERSION);
	if (rc < 0)
		db_rollback(db);
	else if (db_failed(db))
		rc = err_set(err, 0, "%s", db_failure(db)), db_rollback(db);
	else
		rc = db_commit(db);
	arena_release(&arena);
	return rc;
}

bool case_is_open(const struct desk_case *c)
{
	return bytes_equal_str(c->state, "open") || bytes_equal_str(c->state, "escalated") ||
	       bytes_equal_str(c->state, "waiting");
}

bool case_is_claimed(const struct desk_case *c, int64_t now_s)
{
	return c->claimed_by != 0 && c->claimed_until > now_s;
}
