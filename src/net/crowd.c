/* SPDX-License-Identifier: Apache-2.0 */
/* Two lists and two sums per loop; every step is constant in time but the sweep over holders. */
#include "net/crowd.h"

#include <assert.h>

#include "net/conn_private.h"

/* What anybody may hold whatever others do: a handshake, a call, the head of a request. */
#define HELD_FREE ((size_t)4 << 10)
/* Read at once by one that waits its turn: the next look at the sums comes soon. */
#define READ_CAREFUL ((size_t)4 << 10)
#define SWEEP_MS 2000
/* Slower than this, in bytes a sweep, is in the others' way. */
#define PROGRESS_LEAST ((size_t)4 << 10)
/* Sent away at once when descriptors have run out. */
#define ROOM_AT_ONCE 64

const struct loop_room loop_room_default = {
	.stranger_bytes = (size_t)8 << 20, .known_bytes = (size_t)16 << 20};

static struct conn *conn_of_holder(struct list *node)
{
	return LIST_OWNER(node, struct conn, crowd.of_holders);
}

static struct conn *conn_of_stranger(struct list *node)
{
	return LIST_OWNER(node, struct conn, crowd.of_strangers);
}

static enum crowd_kind kind_of(const struct conn *conn)
{
	return conn->crowd.stranger ? CROWD_STRANGERS : CROWD_KNOWN;
}

static size_t room_for(const struct crowd *crowd, enum crowd_kind kind)
{
	return kind == CROWD_STRANGERS ? crowd->room.stranger_bytes : crowd->room.known_bytes;
}

static void sweep(struct timer *timer);

void crowd_init(struct crowd *crowd, struct loop *loop)
{
	crowd->loop = loop;
	crowd->room = loop_room_default;
	list_init(&crowd->strangers);
	for (int kind = 0; kind < CROWD_KINDS; kind++)
		list_init(&crowd->holders[kind].conns);
	tally_init(&crowd->tally);
	timer_init(&crowd->sweep, sweep);
}

void crowd_release(struct crowd *crowd)
{
	timer_stop(&crowd->sweep);
	tally_release(&crowd->tally);
}

void crowd_member_init(struct crowd_member *member)
{
	list_init(&member->of_strangers);
	list_init(&member->of_holders);
}

/* ---- Unfinished input ---- */

static bool may_hold_more(const struct crowd *crowd, const struct conn *conn)
{
	const struct crowd_holders *holders = &crowd->holders[kind_of(conn)];

	return holders->bytes < room_for(crowd, kind_of(conn)) || conn->crowd.held < HELD_FREE ||
	       holders->conns.next == &conn->crowd.of_holders;
}

static void stop_waiting(struct conn *conn)
{
	if (!conn->crowd.waits)
		return;
	conn->crowd.waits = false;
	conn->loop->crowd.holders[kind_of(conn)].waiting--;
	conn_want_events(conn);
}

/* Room came free: as many as it is for go on, those first that began first. */
static void wake(struct crowd *crowd, enum crowd_kind kind)
{
	struct crowd_holders *holders = &crowd->holders[kind];
	size_t bytes = holders->bytes, room = room_for(crowd, kind);

	if (!holders->waiting)
		return;
	LIST_EACH_SAFE (node, &holders->conns) {
		struct conn *conn = conn_of_holder(node);

		if (bytes >= room && node != holders->conns.next)
			break;
		if (conn->crowd.waits)
			bytes += LOOP_SCRATCH_SIZE;
		stop_waiting(conn);
	}
}

/* Into the sums, or out of them. */
static void add_held(struct conn *conn, size_t held)
{
	struct crowd_holders *holders = &conn->loop->crowd.holders[kind_of(conn)];
	struct crowd_member *member = &conn->crowd;
	bool lists = held >= HELD_FREE, listed = member->held >= HELD_FREE;

	holders->bytes += held - member->held;
	member->held = (uint32_t)held;
	if (lists && !listed) {
		member->held_then = 0;
		list_append(&holders->conns, &member->of_holders);
	} else if (!lists && listed) {
		stop_waiting(conn);
		list_remove(&member->of_holders);
	}
}

void crowd_count(struct conn *conn)
{
	size_t held = conn->crowd.kept + buf_size(&conn->in), before = conn->crowd.held;

	if (!conn->loop || held == before)
		return;
	add_held(conn, held);
	if (held < before)
		wake(&conn->loop->crowd, kind_of(conn));
}

size_t crowd_may_read(struct conn *conn)
{
	struct crowd *crowd = &conn->loop->crowd;
	enum crowd_kind kind = kind_of(conn);

	if (may_hold_more(crowd, conn))
		return crowd->holders[kind].bytes < room_for(crowd, kind) ? LOOP_SCRATCH_SIZE
									  : READ_CAREFUL;
	if (!conn->crowd.waits)
		crowd->holders[kind].waiting++;
	conn->crowd.waits = true;
	if (!timer_is_running(&crowd->sweep))
		loop_timer_start(crowd->loop, &crowd->sweep, SWEEP_MS);
	conn_want_events(conn);
	return 0;
}

/* Those that may go on and hardly do: what they hold is what the others wait for. */
static void cut_idlers(struct crowd_holders *holders)
{
	LIST_EACH_SAFE (node, &holders->conns) {
		struct conn *conn = conn_of_holder(node);
		struct crowd_member *member = &conn->crowd;
		bool hardly = member->held >= member->held_then &&
			      member->held - member->held_then < PROGRESS_LEAST;

		if (hardly && member->held_then && !member->waits && !conn->paused)
			conn_end(conn, CONN_CROWDED_OUT);
		member->held_then = member->held;
	}
}

static void sweep(struct timer *timer)
{
	struct crowd *crowd = LIST_OWNER(timer, struct crowd, sweep);
	size_t waiting = 0;

	for (int kind = 0; kind < CROWD_KINDS; kind++) {
		if (crowd->holders[kind].waiting)
			cut_idlers(&crowd->holders[kind]);
		wake(crowd, (enum crowd_kind)kind);
		waiting += crowd->holders[kind].waiting;
	}
	if (waiting)
		loop_timer_start(crowd->loop, &crowd->sweep, SWEEP_MS);
}

void conn_keep(struct conn *conn, size_t bytes)
{
	conn->crowd.kept = bytes < UINT32_MAX / 2 ? (uint32_t)bytes : UINT32_MAX / 2;
	crowd_count(conn);
}

/* ---- Strangers ---- */

static void enlist(struct conn *conn)
{
	list_append(&conn->loop->crowd.strangers, &conn->crowd.of_strangers);
	conn->loop->crowd.stranger_count++;
}

void crowd_forget_stranger(struct conn *conn)
{
	if (!conn->loop || list_empty(&conn->crowd.of_strangers))
		return;
	list_remove(&conn->crowd.of_strangers);
	conn->loop->crowd.stranger_count--;
}

void crowd_add_stranger(struct conn *conn)
{
	conn->crowd.stranger = conn->source.patient = true;
	enlist(conn);
}

void conn_vouch(struct conn *conn)
{
	size_t held = conn->crowd.held;

	if (!conn->crowd.stranger)
		return;
	crowd_forget_stranger(conn);
	add_held(conn, 0);
	wake(&conn->loop->crowd, CROWD_STRANGERS);
	conn->crowd.stranger = conn->source.patient = false;
	add_held(conn, held);
	if (!conn->closing)
		conn_arm(conn);
}

bool conn_is_stranger(const struct conn *conn)
{
	return conn->crowd.stranger;
}

void crowd_join(struct conn *conn)
{
	if (conn->crowd.stranger)
		enlist(conn);
	if (conn->crowd.counted)
		tally_add(&conn->loop->crowd.tally, &conn->peer);
	crowd_count(conn);
}

void crowd_leave(struct conn *conn)
{
	bool held = conn->crowd.held > 0;

	crowd_forget_stranger(conn);
	if (conn->crowd.counted)
		tally_remove(&conn->loop->crowd.tally, &conn->peer);
	if (conn->crowd.waits)
		conn->loop->crowd.holders[kind_of(conn)].waiting--;
	conn->crowd.waits = false; /* epoll does not know it any more */
	add_held(conn, 0);
	if (held)
		wake(&conn->loop->crowd, kind_of(conn));
}

bool conn_count_address(struct conn *conn)
{
	struct crowd *crowd = &conn->loop->crowd;

	assert(!conn->crowd.counted);
	if (crowd->room.address_max &&
		tally_count(&crowd->tally, &conn->peer) >= crowd->room.address_max)
		return false;
	tally_add(&crowd->tally, &conn->peer);
	conn->crowd.counted = true;
	return true;
}

/* ---- Newcomers ---- */

static bool send_one_away(struct crowd *crowd)
{
	struct conn *conn;

	if (list_empty(&crowd->strangers))
		return false;
	conn = conn_of_stranger(crowd->strangers.next);
	conn_end(conn, CONN_CROWDED_OUT);
	/* One that is on its way to another loop can't end here, and is not ours any more. */
	crowd_forget_stranger(conn);
	return true;
}

bool crowd_admit(struct crowd *crowd, size_t conn_count, size_t conns_max)
{
	if (crowd->room.strangers_max && crowd->stranger_count >= crowd->room.strangers_max)
		return send_one_away(crowd);
	/* Those that end are gone by the end of the round, so a place is a place. */
	return !conns_max || conn_count < conns_max ||
	       (conn_count < conns_max + ROOM_AT_ONCE && send_one_away(crowd));
}

bool crowd_make_room(struct crowd *crowd)
{
	bool made = false;

	for (int i = 0; i < ROOM_AT_ONCE && send_one_away(crowd); i++)
		made = true;
	return made;
}

void loop_set_room(struct loop *loop, const struct loop_room *room)
{
	loop->crowd.room = *room;
}
