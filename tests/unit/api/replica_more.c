/* SPDX-License-Identifier: Apache-2.0 */
/* Polls, what waits to be sent, who is blocked, pinned parts of Saved Messages, how long messages
 * live: states that are told as they are. */
#include "replica.h"

#include <stdio.h>

#define LAYER_PERIODS 198 /* older dialogs have no room for it, nor pinned parts */

/* ---- Polls ---- */

static struct replica_poll *poll_of(struct replica *r, int64_t id)
{
	for (size_t i = 0; i < r->poll_count; i++) {
		if (r->polls[i].id == id)
			return &r->polls[i];
	}
	assert_true(r->poll_count < REPLICA_POLLS);
	r->polls[r->poll_count] = (struct replica_poll){.id = id};
	return &r->polls[r->poll_count++];
}

/* Whether the text says that the nth answer is the account's own. */
static bool is_chosen(const char *text, uint32_t nth)
{
	for (const char *at = strchr(text, ':'); at && (at = strchr(at + 1, ' ')); nth--) {
		if (nth == 0)
			return at[1 + strspn(at + 1, "0123456789")] == '!';
	}
	return false;
}

static bool is_in(struct replica *r, int64_t channel)
{
	const struct replica_channel *c = replica_channel(r, channel);

	return c && c->in;
}

/* What is told to all alike says nothing of the own vote: it stays what it was. */
static void describe_poll(
	struct replica *r, int64_t id, const struct tl_object *poll, const struct tl_object *object)
{
	const struct tl_pollResults *results = TL_AS(pollResults, object);
	struct replica_poll *to = poll_of(r, id);
	char before[REPLICA_TEXT];
	size_t at;

	memcpy(before, to->text, sizeof(before));
	to->known = !to->posted || is_in(r, to->posted);
	at = (size_t)snprintf(to->text, sizeof(to->text),
		"%s %d:", poll && TL_AS(poll, poll)->closed ? "closed" : "open",
		results->total_voters);
	for (uint32_t i = 0; i < results->results.count; i++) {
		const struct tl_pollAnswerVoters *answer =
			TL_AS(pollAnswerVoters, results->results.at[i]);

		at += (size_t)snprintf(to->text + at, REPLICA_TEXT - at, " %d%s", answer->voters,
			(results->min ? is_chosen(before, i) : answer->chosen) ? "!" : "");
		assert_true(at < REPLICA_TEXT);
	}
}

int64_t replica_put_poll(struct replica *r, struct peer in, const struct tl_object *media)
{
	const struct tl_messageMediaPoll *with = TL_AS(messageMediaPoll, media);
	struct replica_poll *to;

	if (!with)
		return 0;
	to = poll_of(r, TL_AS(poll, with->poll)->id);
	if (in.kind == PEER_CHANNEL) {
		to->mixed |= to->boxed || (to->posted && to->posted != in.id);
		to->posted = in.id;
	} else {
		to->mixed |= to->posted != 0;
		to->boxed = true;
	}
	describe_poll(r, to->id, with->poll, with->results);
	return to->id;
}

/* ---- What waits ---- */

static void drop_waiting(struct replica *r, struct peer peer, int32_t id)
{
	for (size_t i = 0; i < r->waiting_count; i++) {
		if (r->waiting[i].id == id && replica_same_peer(r->waiting[i].peer, peer)) {
			r->waiting[i] = r->waiting[--r->waiting_count];
			return;
		}
	}
}

static void put_waiting(struct replica *r, const struct tl_object *object)
{
	const struct tl_message *m = TL_AS(message, object);
	struct replica_waiting *to;

	assert_non_null(m);
	drop_waiting(r, replica_peer_of(m->peer_id), m->id);
	assert_true(r->waiting_count < REPLICA_WAITING);
	to = &r->waiting[r->waiting_count++];
	*to = (struct replica_waiting){.peer = replica_peer_of(m->peer_id), .id = m->id};
	snprintf(to->text, sizeof(to->text), "%d %.*s", m->date, (int)m->message.size,
		(const char *)m->message.data);
}

static void fetch_waiting(struct fixture *f, struct replica *r, struct peer peer)
{
	struct tl_messages_getScheduledHistory query = {.o = {TL_messages_getScheduledHistory}};
	const struct tl_messages_messages *all;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	query.peer = replica_input(f, &arena, r->user, peer);
	/* Who was never in the group is refused. */
	if (layered_ask(f, r->key, r->layer, &query.o, &arena, &reply)) {
		all = TL_AS(messages_messages, reply.object);
		assert_non_null(all);
		for (uint32_t i = 0; i < all->messages.count; i++)
			put_waiting(r, all->messages.at[i]);
	}
	arena_release(&arena);
}

/* ---- Lists of peers ---- */

static void set_blocked(struct replica *r, struct peer peer, bool blocked)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->blocked_count; i++) {
		if (!replica_same_peer(r->blocked[i], peer))
			r->blocked[kept++] = r->blocked[i];
	}
	r->blocked_count = kept;
	if (blocked)
		r->blocked[r->blocked_count++] = peer;
}

static void fetch_blocked(struct fixture *f, struct replica *r)
{
	struct tl_contacts_getBlocked query = {.o = {TL_contacts_getBlocked}, .limit = 100};
	const struct tl_contacts_blocked *all;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
	all = TL_AS(contacts_blocked, reply.object);
	assert_non_null(all);
	for (uint32_t i = 0; i < all->blocked.count; i++)
		set_blocked(
			r, replica_peer_of(TL_AS(peerBlocked, all->blocked.at[i])->peer_id), true);
	arena_release(&arena);
}

static void fetch_saved_pins(struct fixture *f, struct replica *r)
{
	struct tl_messages_getPinnedSavedDialogs query = {.o = {TL_messages_getPinnedSavedDialogs}};
	const struct tl_messages_savedDialogs *all;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
	all = TL_AS(messages_savedDialogs, reply.object);
	assert_non_null(all);
	for (uint32_t i = 0; i < all->dialogs.count; i++)
		r->saved_pins[r->saved_pin_count++] =
			replica_peer_of(TL_AS(savedDialog, all->dialogs.at[i])->peer);
	arena_release(&arena);
}

/* ---- All of it ---- */

void replica_apply_more(struct replica *r, const struct tl_object *u)
{
	const struct tl_updateMessagePoll *poll = TL_AS(updateMessagePoll, u);
	const struct tl_updateNewScheduledMessage *waits = TL_AS(updateNewScheduledMessage, u);
	const struct tl_updateDeleteScheduledMessages *gone =
		TL_AS(updateDeleteScheduledMessages, u);
	const struct tl_updatePeerBlocked *blocked = TL_AS(updatePeerBlocked, u);
	const struct tl_updatePinnedSavedDialogs *pins = TL_AS(updatePinnedSavedDialogs, u);
	const struct tl_updatePeerHistoryTTL *period = TL_AS(updatePeerHistoryTTL, u);

	if (poll)
		describe_poll(r, poll->poll_id, poll->poll, poll->results);
	if (waits)
		put_waiting(r, waits->message);
	for (uint32_t i = 0; gone && i < gone->messages.count; i++)
		drop_waiting(r, replica_peer_of(gone->peer), gone->messages.at[i]);
	if (blocked)
		set_blocked(r, replica_peer_of(blocked->peer_id), blocked->blocked);
	if (pins) {
		assert_true(pins->order.count <= REPLICA_PINS);
		r->saved_pin_count = pins->order.count;
		for (uint32_t i = 0; i < pins->order.count; i++)
			r->saved_pins[i] =
				replica_peer_of(TL_AS(dialogPeer, pins->order.at[i])->peer);
	}
	if (period)
		replica_line(r, replica_peer_of(period->peer))->period = period->ttl_period;
}

void replica_fetch_more(
	struct fixture *f, struct replica *r, const struct peer *peers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fetch_waiting(f, r, peers[i]);
	fetch_blocked(f, r);
	if (r->layer >= LAYER_PERIODS)
		fetch_saved_pins(f, r);
}

static void compare_waiting(const struct replica *built, const struct replica *truth)
{
	for (size_t i = 0; i < truth->waiting_count; i++) {
		const struct replica_waiting *b = &truth->waiting[i], *a = NULL;

		for (size_t k = 0; k < built->waiting_count && !a; k++) {
			if (built->waiting[k].id == b->id &&
				replica_same_peer(built->waiting[k].peer, b->peer))
				a = &built->waiting[k];
		}
		if (!a || strcmp(a->text, b->text))
			replica_differ(built, "waiting", b->id, a ? a->text : "absent", b->text);
	}
	assert_int_equal(built->waiting_count, truth->waiting_count);
}

/* Parts without a message are not in the server's list. */
static void compare_saved_pins(const struct replica *built, const struct replica *truth)
{
	size_t at = 0;

	for (size_t i = 0; i < built->saved_pin_count && at < truth->saved_pin_count; i++)
		at += replica_same_peer(built->saved_pins[i], truth->saved_pins[at]);
	assert_int_equal(at, truth->saved_pin_count);
}

static void compare_lines(struct replica *built, const struct replica *truth)
{
	for (size_t i = 0; i < truth->line_count; i++) {
		const struct replica_line *b = &truth->lines[i];
		const struct replica_line *a = replica_line(built, b->peer);

		/* Who comes into a group asks for it with the rest of the group. */
		if (b->peer.kind == PEER_USER && a->period != b->period)
			fail_msg("account %lld: messages with %lld live %d s, should %d s",
				(long long)built->user, (long long)b->peer.id, a->period,
				b->period);
	}
}

/* Clients show what others chose to who has chosen, and at the end: to who has not, what is told to
 * all alike says it, and what he asks for doesn't. */
static size_t shown(const char *text)
{
	return *text == 'c' || strchr(text, '!') ? strlen(text) + 1
						 : (size_t)(strchr(text, ':') - text);
}

void replica_compare_more(const struct replica *built, const struct replica *truth)
{
	static struct replica copy;

	copy = *built;
	for (size_t i = 0; i < truth->poll_count; i++) {
		const struct replica_poll *b = &truth->polls[i], *a = poll_of(&copy, b->id);

		if (a->known && !a->mixed && strncmp(a->text, b->text, shown(b->text)))
			replica_differ(built, "poll", (long long)b->id, a->text, b->text);
	}
	compare_waiting(built, truth);
	for (size_t i = 0; i < truth->blocked_count; i++)
		set_blocked(&copy, truth->blocked[i], true);
	assert_int_equal(copy.blocked_count, truth->blocked_count);
	assert_int_equal(built->blocked_count, truth->blocked_count);
	if (built->layer < LAYER_PERIODS)
		return;
	compare_saved_pins(built, truth);
	compare_lines(&copy, truth);
}
