/* SPDX-License-Identifier: Apache-2.0 */
/* What is pushed live and what a difference gives later lead a client to the same state, wherever
 * it stopped. Clients are modelled here: messages, read marks, pts. */
#include "accounts_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/messages/box.h"
#include "core/messages/messages.h"

enum { PEOPLE = 3, KEY = 21, STEPS = 400, IDS = 1200, SNAPSHOTS = 9 };

struct client {
	int32_t pts;
	struct {
		bool there;
		int32_t reply_to;
		char text[24];
	} messages[IDS];
	int32_t read_inbox[PEOPLE], read_outbox[PEOPLE];
};

static int64_t people[PEOPLE];
static struct client live[PEOPLE], snapshots[SNAPSHOTS][PEOPLE];

static int setup(void **state)
{
	char phone[24];

	fixture_setup(state);
	memset(live, 0, sizeof(live));
	for (int i = 0; i < PEOPLE; i++) {
		struct box_state box;

		snprintf(phone, sizeof(phone), "62811000%d", i);
		people[i] = fixture_sign_up(*state, KEY + (uint64_t)i, phone, "Name", "");
		assert_int_equal(fixture_end(*state,
					 box_state(fixture_call(*state, KEY + (uint64_t)i), &box)),
			0);
		live[i].pts = box.pts;
	}
	return 0;
}

static int person(int64_t id)
{
	for (int i = 0; i < PEOPLE; i++) {
		if (people[i] == id)
			return i;
	}
	fail_msg("an update about nobody");
	return -1;
}

static void client_apply(struct client *c, const struct update *u)
{
	switch (u->kind) {
	case UPDATE_NEW_MESSAGE:
	case UPDATE_EDIT_MESSAGE:
		assert_in_range(u->message->id, 1, IDS - 1);
		/* An edit of a message that this client never had would be dropped. */
		if (u->kind == UPDATE_EDIT_MESSAGE)
			assert_true(c->messages[u->message->id].there);
		c->messages[u->message->id].there = true;
		c->messages[u->message->id].reply_to = u->message->reply_to;
		snprintf(c->messages[u->message->id].text, 24, "%.*s", (int)u->message->text.size,
			(const char *)u->message->text.data);
		break;
	case UPDATE_DELETE_MESSAGES:
		for (size_t i = 0; i < u->id_count; i++)
			memset(&c->messages[u->ids[i]], 0, sizeof(c->messages[0]));
		break;
	case UPDATE_READ_INBOX:
		c->read_inbox[person(u->peer.id)] = u->max_id;
		break;
	case UPDATE_READ_OUTBOX:
		c->read_outbox[person(u->peer.id)] = u->max_id;
		break;
	case UPDATE_MESSAGE_ID:
		assert_true(c->messages[u->max_id].there);
		break;
	case UPDATE_PEER_SETTINGS:
		break;
	default:
		fail_msg("update of kind %d", u->kind);
	}
}

/* Live pushes come without gaps: each continues where the one before ended. */
static void push_all(struct fixture *f)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];
		struct client *c = &live[person(effect->account)];

		assert_int_equal(effect->kind, EFFECT_ACCOUNT);
		for (size_t k = 0; k < effect->set.update_count; k++) {
			const struct update *u = &effect->set.updates[k];

			if (u->kind == UPDATE_PEER_SETTINGS)
				continue; /* in no sequence: core/changes.h */
			assert_int_equal(u->pts, c->pts + u->pts_count);
			client_apply(c, u);
			c->pts = u->pts;
		}
	}
}

static int32_t some_message(int who)
{
	int32_t ids[IDS];
	size_t count = 0;

	for (int32_t id = 1; id < IDS; id++) {
		if (live[who].messages[id].there)
			ids[count++] = id;
	}
	return count ? ids[(size_t)rand() % count] : 0;
}

static void step(struct fixture *f, int number)
{
	int who = rand() % PEOPLE, with = rand() % PEOPLE;
	struct call *call = fixture_call(f, KEY + (uint64_t)who);
	struct message draft = {.random_id = number + 1};
	struct update_set answer;
	int32_t ids[3], pts, pts_count;
	char text[24];
	int result;

	snprintf(text, sizeof(text), "t%d", number);
	draft.text = B(text);
	switch (rand() % 8) {
	case 0: /* may be refused: not one's own, another chat */
		draft.id = some_message(who);
		result = message_edit(call, user_peer(people[with]), &draft, &answer);
		break;
	case 1:
		for (int i = 0; i < 3; i++)
			ids[i] = some_message(who);
		result = messages_delete(call, ids, 3, rand() % 2, &pts, &pts_count);
		break;
	case 2:
	case 3:
		result = messages_read(
			call, user_peer(people[with]), some_message(who), &pts, &pts_count);
		break;
	default:
		draft.reply_to = rand() % 2 ? some_message(who) : 0;
		result = message_send(call, user_peer(people[with]), &draft, &answer);
	}
	if (fixture_end(f, result) == 0)
		push_all(f);
	f->now_s += rand() % 3;
}

static int catch_up(struct fixture *f, int who, struct client *c)
{
	struct box_difference d;
	int slices = 0;

	do {
		struct call *call = fixture_call(f, KEY + (uint64_t)who);

		assert_int_equal(fixture_end(f, box_difference(call, c->pts, 0, 0, &d)), 0);
		assert_true(d.new_messages <= BOX_EVENTS_PER_SLICE);
		assert_true(d.set.update_count <= BOX_EVENTS_PER_SLICE + d.new_messages);
		assert_true(!d.slice || d.state.pts > c->pts);
		for (size_t i = 0; i < d.set.update_count; i++) {
			assert_int_equal(
				d.set.updates[i].kind == UPDATE_NEW_MESSAGE, i < d.new_messages);
			client_apply(c, &d.set.updates[i]);
		}
		c->pts = d.state.pts;
		slices++;
	} while (d.slice);
	return slices;
}

static void compare(const struct client *a, const struct client *b)
{
	assert_int_equal(a->pts, b->pts);
	for (int id = 1; id < IDS; id++) {
		assert_int_equal(a->messages[id].there, b->messages[id].there);
		assert_string_equal(a->messages[id].text, b->messages[id].text);
		assert_int_equal(a->messages[id].reply_to, b->messages[id].reply_to);
	}
	assert_memory_equal(a->read_inbox, b->read_inbox, sizeof(a->read_inbox));
	assert_memory_equal(a->read_outbox, b->read_outbox, sizeof(a->read_outbox));
}

static void test_difference_leads_to_where_the_pushes_led(void **state)
{
	struct fixture *f = *state;
	int slices = 0;

	srand(4711);
	for (int i = 0; i < STEPS; i++) {
		if (i % (STEPS / SNAPSHOTS + 1) == 0)
			memcpy(snapshots[i / (STEPS / SNAPSHOTS + 1)], live, sizeof(live));
		step(f, i);
	}
	for (int s = 0; s < SNAPSHOTS; s++) {
		for (int who = 0; who < PEOPLE; who++) {
			slices += catch_up(f, who, &snapshots[s][who]);
			compare(&snapshots[s][who], &live[who]);
		}
	}
	/* The oldest clients needed more than one. */
	assert_true(slices > SNAPSHOTS * PEOPLE);
}

/* Its connection ended before the answer came: the difference says which message is the one that
 * the device still sends. */
static void test_a_sender_is_told_which_message_is_which(void **state)
{
	struct fixture *f = *state;
	int32_t pts[2] = {live[0].pts, live[1].pts};
	struct message draft = {.random_id = 4712, .text = B("once")};
	struct box_difference d;
	struct update_set answer;
	int32_t id;

	assert_int_equal(fixture_end(f, message_send(fixture_call(f, KEY), user_peer(people[1]),
						&draft, &answer)),
		0);
	id = answer.updates[0].max_id;
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, KEY), pts[0], 0, 0, &d)), 0);
	assert_int_equal(d.new_messages, 1);
	assert_int_equal(d.set.update_count, 2);
	assert_int_equal(d.set.updates[1].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(d.set.updates[1].max_id, id);
	assert_int_equal(d.set.updates[1].random_id, 4712);
	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, KEY + 1), pts[1], 0, 0, &d)), 0);
	assert_int_equal(d.new_messages, 1);
	for (size_t i = 0; i < d.set.update_count; i++)
		assert_int_not_equal(d.set.updates[i].kind, UPDATE_MESSAGE_ID);
}

static void test_what_a_difference_refuses(void **state)
{
	struct fixture *f = *state;
	int32_t pts = live[0].pts;
	struct box_difference d;

	fixture_refused(f, box_difference(fixture_call(f, KEY), pts + 1, 0, 0, &d), 400,
		"PERSISTENT_TIMESTAMP_INVALID");
	fixture_refused(f, box_difference(fixture_call(f, KEY), -1, 0, 0, &d), 400,
		"PERSISTENT_TIMESTAMP_INVALID");
	assert_true(pts >= BOX_PTS_FIRST);
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, KEY), pts, 0, 0, &d)), 0);
	assert_int_equal(d.set.update_count, 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(fixture_end(f, box_service_message(fixture_call(f, KEY), people[0],
							B("letter"))),
			0);
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, KEY), pts, 4, 0, &d)), 0);
	assert_true(d.too_long);
	assert_int_equal(d.state.pts, pts + 5);
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, KEY), pts, 5, 0, &d)), 0);
	assert_false(d.too_long);
	assert_int_equal(d.new_messages, 5);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_difference_leads_to_where_the_pushes_led),
		T(test_a_sender_is_told_which_message_is_which),
		T(test_what_a_difference_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
