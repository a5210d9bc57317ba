/* SPDX-License-Identifier: Apache-2.0 */
/* core/private_messages.h, core/box.h, core/dialogs.h on real files: two accounts and what each of
 * them is told. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/box.h"
#include "core/dialogs.h"
#include "core/private_messages.h"

enum { ANNA = 11, BUDI = 12, CITRA = 13 }; /* keys */

static int64_t anna, budi, citra;

static int setup(void **state)
{
	fixture_setup(state);
	anna = fixture_sign_up(*state, ANNA, "628110001", "Anna", "");
	budi = fixture_sign_up(*state, BUDI, "628110002", "Budi", "");
	citra = fixture_sign_up(*state, CITRA, "628110003", "Citra", "");
	return 0;
}

static struct box_state state_of(struct fixture *f, uint64_t key)
{
	struct box_state state;

	assert_int_equal(fixture_end(f, box_state(fixture_call(f, key), &state)), 0);
	return state;
}

static int32_t send_random(struct fixture *f, uint64_t key, int64_t to, const char *text,
	int64_t random_id, struct update_set *answer)
{
	struct message draft = {.text = B(text), .random_id = random_id};
	struct call *call = fixture_call(f, key);

	assert_int_equal(fixture_end(f, private_send(call, to, &draft, answer)), 0);
	assert_int_equal(answer->update_count, 2);
	assert_int_equal(answer->updates[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(answer->updates[1].kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(answer->updates[0].max_id, answer->updates[1].message->id);
	return answer->updates[0].max_id;
}

static int32_t say(struct fixture *f, uint64_t key, int64_t to, const char *text)
{
	static int64_t random_id = 1000;
	struct update_set answer;

	return send_random(f, key, to, text, ++random_id, &answer);
}

/* The only update of the only effect for the account. */
static const struct update *told(struct fixture *f, int64_t account)
{
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, account), 1);
	return fixture_effect(f, EFFECT_ACCOUNT, account)->set.updates;
}

static bool knows_user(const struct update_set *set, int64_t id)
{
	for (size_t i = 0; i < set->user_count; i++) {
		if (set->users[i].id == id)
			return true;
	}
	return false;
}

static void test_a_message_reaches_both_boxes(void **state)
{
	struct fixture *f = *state;
	int32_t pts_a = state_of(f, ANNA).pts, pts_b = state_of(f, BUDI).pts,
		unread = state_of(f, BUDI).unread, id;
	const struct effect *effect;
	const struct update *update;
	struct update_set answer;

	id = send_random(f, ANNA, budi, "halo", 42, &answer);
	assert_int_equal(answer.updates[0].random_id, 42);
	assert_int_equal(answer.updates[1].pts, pts_a + 1);
	assert_int_equal(answer.updates[1].pts_count, 1);
	assert_true(answer.updates[1].message->out);
	assert_true(knows_user(&answer, anna) && knows_user(&answer, budi));

	update = told(f, budi);
	assert_int_equal(update->kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(update->pts, pts_b + 1);
	assert_false(update->message->out);
	assert_int_equal(update->message->peer.id, anna);
	assert_int_equal(update->message->from.id, anna);
	assert_true(bytes_equal_str(update->message->text, "halo"));
	assert_int_equal(update->message->random_id, 0);
	effect = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_true(knows_user(&effect->set, anna));
	assert_int_equal(effect->except_session, 0);

	update = told(f, anna);
	assert_int_equal(update->message->id, id);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, anna)->except_session, f->call.session_id);
	assert_int_equal(state_of(f, ANNA).pts, pts_a + 1);
	assert_int_equal(state_of(f, BUDI).pts, pts_b + 1);
	assert_int_equal(state_of(f, BUDI).unread, unread + 1);
	assert_int_equal(state_of(f, ANNA).qts, 0);
}

static void test_a_repeated_random_id_is_the_same_send(void **state)
{
	struct fixture *f = *state;
	struct message again = {.text = B("other"), .random_id = 42};
	struct update_set answer;
	int32_t id = send_random(f, ANNA, budi, "once", 42, &answer), pts = answer.updates[1].pts;
	int32_t state_b = state_of(f, BUDI).pts;

	say(f, ANNA, budi, "between");
	assert_int_equal(send_random(f, ANNA, budi, "once", 42, &answer), id);
	assert_int_equal(answer.updates[1].pts, pts);
	assert_true(bytes_equal_str(answer.updates[1].message->text, "once"));
	assert_int_equal(f->effects->count, 0);
	assert_int_equal(state_of(f, BUDI).pts, state_b + 1);
	/* Another chat can't be meant. */
	fixture_refused(f, private_send(fixture_call(f, ANNA), citra, &again, &answer), 400,
		"RANDOM_ID_DUPLICATE");
	/* Another account has its own. */
	assert_true(send_random(f, BUDI, anna, "mine", 42, &answer) > 0);
	again.random_id = 0;
	fixture_refused(f, private_send(fixture_call(f, ANNA), budi, &again, &answer), 400,
		"RANDOM_ID_EMPTY");
}

static void test_who_cannot_be_written_to(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("x"), .random_id = 7};
	struct update_set answer;

	fixture_refused(f, private_send(fixture_call(f, ANNA), 999, &draft, &answer), 400,
		"PEER_ID_INVALID");
	draft.text = B("  ");
	fixture_refused(f, private_send(fixture_call(f, ANNA), budi, &draft, &answer), 400,
		"MESSAGE_EMPTY");
	assert_int_equal(f->effects->count, 0);
}

static void test_saved_messages_are_one_row_read_at_once(void **state)
{
	struct fixture *f = *state;
	struct box_state before = state_of(f, ANNA);
	struct dialog_list list;
	struct peer self = {PEER_USER, anna};
	int32_t id = say(f, ANNA, anna, "note");

	assert_int_equal(f->effects->count, 1);
	assert_false(told(f, anna)->message->out);
	assert_int_equal(state_of(f, ANNA).pts, before.pts + 1);
	assert_int_equal(state_of(f, ANNA).unread, before.unread);
	assert_int_equal(
		fixture_end(f, dialogs_of_peers(fixture_call(f, ANNA), &self, 1, &list)), 0);
	assert_int_equal(list.at[0].read_inbox, id);
	assert_int_equal(list.at[0].unread, 0);
	assert_int_equal(list.top_count, 1);
}

static void test_what_one_writes_to_the_service_stays_in_the_own_box(void **state)
{
	struct fixture *f = *state;
	int32_t id = say(f, ANNA, SERVICE_USER, "anybody there?"), pts, pts_count;

	assert_int_equal(f->effects->count, 1);
	assert_true(told(f, anna)->message->out);
	assert_int_equal(fixture_end(f, private_delete(fixture_call(f, ANNA), &id, 1, true, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(f->effects->count, 1);
}

static void test_a_reply_names_each_sides_own_copy(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("yes"), .random_id = 5};
	struct update_set answer;
	int32_t asked_a, asked_b, other;

	other = say(f, BUDI, citra, "elsewhere");
	say(f, CITRA, budi, "shifts the ids");
	asked_a = say(f, ANNA, budi, "coming?");
	asked_b = told(f, budi)->message->id;
	assert_int_not_equal(asked_a, asked_b);

	draft.reply_to = asked_b;
	assert_int_equal(
		fixture_end(f, private_send(fixture_call(f, BUDI), anna, &draft, &answer)), 0);
	assert_int_equal(answer.updates[1].message->reply_to, asked_b);
	assert_int_equal(told(f, anna)->message->reply_to, asked_a);
	/* A message of another chat can't be answered here. */
	draft.random_id = 6;
	draft.reply_to = other;
	assert_int_equal(
		fixture_end(f, private_send(fixture_call(f, BUDI), anna, &draft, &answer)), 0);
	assert_int_equal(answer.updates[1].message->reply_to, 0);
}

static void test_reading_tells_both_sides_once(void **state)
{
	struct fixture *f = *state;
	int32_t first_a = say(f, ANNA, budi, "one"), first_b = told(f, budi)->message->id;
	int32_t second_a = say(f, ANNA, budi, "two"), pts, pts_count, before;
	int32_t second_b = told(f, budi)->message->id, unread = state_of(f, BUDI).unread;
	const struct update *update;

	before = state_of(f, BUDI).pts;
	assert_int_equal(fixture_end(f, private_read(fixture_call(f, BUDI), anna, first_b, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts, before + 1);
	assert_int_equal(pts_count, 1);
	update = told(f, budi);
	assert_int_equal(update->kind, UPDATE_READ_INBOX);
	assert_int_equal(update->peer.id, anna);
	assert_int_equal(update->unread, 1);
	update = told(f, anna);
	assert_int_equal(update->kind, UPDATE_READ_OUTBOX);
	assert_int_equal(update->peer.id, budi);
	assert_int_equal(update->max_id, first_a);
	assert_int_equal(state_of(f, BUDI).unread, unread - 1);

	/* Again, or backwards: nothing. */
	assert_int_equal(fixture_end(f, private_read(fixture_call(f, BUDI), anna, first_b, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts_count, 0);
	assert_int_equal(f->effects->count, 0);

	/* Beyond what is there: as far as there is. */
	assert_int_equal(fixture_end(f, private_read(fixture_call(f, BUDI), anna, INT32_MAX, &pts,
						&pts_count)),
		0);
	assert_int_equal(told(f, budi)->max_id, second_b);
	assert_int_equal(told(f, anna)->max_id, second_a);
	assert_int_equal(told(f, budi)->unread, 0);
}

static void test_an_edit_changes_both_copies_in_time(void **state)
{
	struct fixture *f = *state;
	int32_t id = say(f, ANNA, budi, "teh"), copy = told(f, budi)->message->id;
	struct message draft = {.id = id, .text = B("the @abcd")};
	struct update_set answer;
	const struct update *update;

	f->now_s += 10;
	assert_int_equal(
		fixture_end(f, private_edit(fixture_call(f, ANNA), budi, &draft, &answer)), 0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(answer.updates[0].kind, UPDATE_EDIT_MESSAGE);
	assert_int_equal(answer.updates[0].message->edit_date_s, f->now_s);
	update = told(f, budi);
	assert_int_equal(update->kind, UPDATE_EDIT_MESSAGE);
	assert_int_equal(update->message->id, copy);
	assert_true(bytes_equal_str(update->message->text, "the @abcd"));
	assert_int_equal(update->message->entity_count, 1);
	assert_int_equal(update->message->date_s, f->now_s - 10);

	draft = (struct message){.id = id, .text = B(" the @abcd")};
	fixture_refused(f, private_edit(fixture_call(f, ANNA), budi, &draft, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
	draft.text = B("late");
	fixture_refused(f, private_edit(fixture_call(f, ANNA), citra, &draft, &answer), 400,
		"MESSAGE_ID_INVALID");
	draft.id = copy;
	fixture_refused(f, private_edit(fixture_call(f, BUDI), anna, &draft, &answer), 403,
		"MESSAGE_AUTHOR_REQUIRED");
	draft.id = id;
	f->now_s += MESSAGE_EDIT_TIME_LIMIT_S;
	fixture_refused(f, private_edit(fixture_call(f, ANNA), budi, &draft, &answer), 400,
		"MESSAGE_EDIT_TIME_EXPIRED");
}

static void test_deleting_for_oneself_and_for_both(void **state)
{
	struct fixture *f = *state;
	int32_t one = say(f, ANNA, budi, "one"), two = say(f, ANNA, budi, "two"), pts, pts_count;
	int32_t two_b = told(f, budi)->message->id, to_c = say(f, ANNA, citra, "three"), before;
	int32_t ids[] = {two, two, to_c, 100000}, unread;
	struct peer with_anna = {PEER_USER, anna};
	struct message_list list;
	struct dialog_list dialogs;

	before = state_of(f, ANNA).pts;
	assert_int_equal(fixture_end(f, private_delete(fixture_call(f, ANNA), &one, 1, false, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts, before + 1);
	assert_int_equal(f->effects->count, 1);
	unread = state_of(f, BUDI).unread;

	assert_int_equal(fixture_end(f, private_delete(fixture_call(f, ANNA), ids, 4, true, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts_count, 2);
	assert_int_equal(pts, before + 3);
	assert_int_equal(told(f, anna)->id_count, 2);
	assert_int_equal(told(f, budi)->id_count, 1);
	assert_int_equal(told(f, budi)->ids[0], two_b);
	assert_int_equal(told(f, citra)->kind, UPDATE_DELETE_MESSAGES);
	assert_int_equal(state_of(f, BUDI).unread, unread - 1);

	/* Budi still has the first one, at the top of the chat again. */
	assert_int_equal(fixture_end(f, private_get(fixture_call(f, BUDI), &two_b, 1, &list)), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(
		fixture_end(f, dialogs_of_peers(fixture_call(f, BUDI), &with_anna, 1, &dialogs)),
		0);
	assert_int_equal(dialogs.top_count, 1);
	assert_true(bytes_equal_str(dialogs.tops[0].text, "one"));
	assert_int_equal(fixture_end(f, private_delete(fixture_call(f, ANNA), ids, 1, true, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts_count, 0);
}

static void test_a_whole_chat_goes_in_steps(void **state)
{
	struct fixture *f = *state;
	struct peer with_budi = {PEER_USER, budi};
	struct dialog_offset top = {0};
	struct dialog_list list;
	int32_t pts, pts_count, left, deleted = 0;

	for (int i = 0; i < HISTORY_LIMIT_MAX + 20; i++)
		say(f, i % 2 ? ANNA : BUDI, i % 2 ? budi : anna, "x");
	say(f, ANNA, citra, "stays");
	do {
		assert_int_equal(fixture_end(f, private_delete_history(fixture_call(f, ANNA), budi,
							0, false, &pts, &pts_count, &left)),
			0);
		deleted += pts_count;
	} while (left);
	assert_int_equal(deleted, HISTORY_LIMIT_MAX + 20);
	assert_int_equal(
		fixture_end(f, dialogs_of_peers(fixture_call(f, ANNA), &with_budi, 1, &list)), 0);
	assert_int_equal(list.at[0].top_id, 0);
	assert_int_equal(list.at[0].unread, 0);
	/* The line is gone from the list; the other side has lost nothing. */
	assert_int_equal(
		fixture_end(f, dialogs_list(fixture_call(f, ANNA), &top, DIALOGS_ALL, 10, &list)),
		0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[0].peer.id, citra);
	assert_int_equal(list.at[1].peer.id, SERVICE_USER);
	assert_int_equal(state_of(f, BUDI).unread, (HISTORY_LIMIT_MAX + 20) / 2 + 1);
}

static void test_typing_is_told_to_the_other_only(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		fixture_end(f, private_typing(fixture_call(f, ANNA), budi, TYPING_TYPING)), 0);
	assert_int_equal(f->effects->count, 1);
	assert_int_equal(told(f, budi)->kind, UPDATE_TYPING);
	assert_int_equal(told(f, budi)->peer.id, anna);
	assert_int_equal(told(f, budi)->pts, 0);
}

/* ---- History: 20 messages numbered 1 to 20 in the chat; ids in between belong to others. ---- */

static const struct {
	int offset, add, limit, max, min; /* numbers of messages; 0 none */
	int date;			  /* message sent at offset_date; 0 none */
	int first, last;		  /* newest and oldest expected; 0, 0: none */
} pages[] = {
	{0, 0, 5, 0, 0, 0, 20, 16},
	{0, 0, 100, 0, 0, 0, 20, 1},
	{0, 3, 5, 0, 0, 0, 17, 13},
	{0, -5, 5, 0, 0, 0, 20, 16}, /* above the newest there is nothing to go to */
	{0, 0, 0, 0, 0, 0, 0, 0},
	{10, 0, 5, 0, 0, 0, 9, 5},
	{10, -1, 5, 0, 0, 0, 10, 6}, /* the way TDLib asks */
	{20, -1, 51, 0, 0, 0, 20, 1},
	{10, -5, 5, 0, 0, 0, 14, 10}, /* newer, with the origin */
	{10, -3, 6, 0, 0, 0, 12, 7},  /* around */
	{10, -8, 5, 0, 0, 0, 17, 13}, /* newer, away from the origin */
	{19, -5, 5, 0, 0, 0, 20, 19}, /* fewer newer ones than asked */
	{10, 2, 3, 0, 0, 0, 7, 5},
	{3, 0, 10, 0, 0, 0, 2, 1},
	{1, 0, 10, 0, 0, 0, 0, 0},
	{0, 0, 10, 8, 0, 0, 7, 1},
	{0, 0, 10, 0, 15, 0, 20, 16},
	{0, 0, 10, 9, 5, 0, 8, 6},
	{10, -5, 10, 13, 7, 0, 12, 8},
	{0, 0, 3, 0, 0, 10, 9, 7},
	{0, -1, 3, 0, 0, 10, 10, 8},
	{5, 0, 3, 0, 0, 10, 4, 2},
	{0, 100, 5, 0, 0, 0, 0, 0},
};

static void test_pages_of_history(void **state)
{
	struct fixture *f = *state;
	int32_t ids[21] = {0};
	int64_t dates[21] = {0};

	for (int i = 1; i <= 20; i++) {
		char text[16];

		snprintf(text, sizeof(text), "m%d", i);
		f->now_s += 60;
		dates[i] = f->now_s;
		ids[i] = say(f, ANNA, budi, text);
		say(f, ANNA, citra, "noise");
	}
	for (size_t c = 0; c < ARRAY_LEN(pages); c++) {
		struct post_range range = {.offset_id = ids[pages[c].offset],
			.add_offset = pages[c].add,
			.limit = pages[c].limit,
			.max_id = ids[pages[c].max],
			.min_id = ids[pages[c].min],
			.offset_date_s = dates[pages[c].date]};
		int first = pages[c].first, last = pages[c].last;
		size_t expected = first ? (size_t)(first - last + 1) : 0;
		struct message_list list;

		assert_int_equal(
			fixture_end(f, private_history(fixture_call(f, ANNA), budi, &range, &list)),
			0);
		assert_int_equal(list.total, 20);
		if (list.count != expected)
			fail_msg("page %zu: %zu messages, not %zu", c, list.count, expected);
		for (size_t i = 0; i < expected; i++)
			assert_int_equal(list.at[i].id, ids[first - (int)i]);
	}
}

static void test_search_opens_the_own_rows_only(void **state)
{
	struct fixture *f = *state;
	struct private_query query = {.text = B("BLUE")};
	struct post_range range = {.limit = 10};
	struct message_list list;
	int32_t found;

	found = say(f, ANNA, budi, "a blue bird");
	say(f, ANNA, budi, "a red bird https://example.org");
	say(f, BUDI, citra, "blue too");
	query.with = budi;
	assert_int_equal(
		fixture_end(f, private_search(fixture_call(f, ANNA), &query, &range, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].id, found);
	query.from = budi;
	assert_int_equal(
		fixture_end(f, private_search(fixture_call(f, ANNA), &query, &range, &list)), 0);
	assert_int_equal(list.count, 0);
	query = (struct private_query){.filter = SEARCH_URLS};
	assert_int_equal(
		fixture_end(f, private_search(fixture_call(f, ANNA), &query, &range, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_false(list.inexact);
}

static void test_search_keeps_what_it_found_far_apart(void **state)
{
	struct fixture *f = *state;
	const struct private_query query = {.text = B("needle"), .with = budi};
	struct post_range range = {.limit = 10};
	struct message_list list;
	int32_t first = say(f, ANNA, budi, "the first Needle"), last;

	for (int i = 0; i < 450; i++)
		say(f, ANNA, budi, "hay hay hay hay hay hay");
	last = say(f, ANNA, budi, "the last nEEDLe");
	assert_int_equal(
		fixture_end(f, private_search(fixture_call(f, ANNA), &query, &range, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.total, 2);
	assert_int_equal(list.at[0].id, last);
	assert_true(bytes_equal(list.at[0].text, B("the last nEEDLe")));
	assert_int_equal(list.at[1].id, first);
	assert_true(bytes_equal(list.at[1].text, B("the first Needle")));
}

static void test_chat_list_in_pages(void **state)
{
	struct fixture *f = *state;
	struct dialog_offset offset = {.date_s = 2146999999, .id = INT32_MAX};
	struct dialog_list list;
	int64_t order[4];
	size_t seen = 0;

	assert_int_equal(
		fixture_end(f, box_service_message(fixture_call(f, ANNA), anna, B("hello"))), 0);
	f->now_s += 5;
	say(f, ANNA, citra, "first");
	say(f, ANNA, anna, "same second");
	f->now_s += 5;
	say(f, ANNA, budi, "last");
	do {
		assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), &offset,
							DIALOGS_ALL, 1, &list)),
			0);
		assert_int_equal(list.total, 4);
		assert_false(list.complete);
		if (!list.count)
			break;
		order[seen++] = list.at[0].peer.id;
		offset = (struct dialog_offset){
			list.at[0].top_date_s, list.at[0].top_id, list.at[0].peer};
	} while (seen < 4);
	assert_int_equal(seen, 4);
	assert_int_equal(order[0], budi);
	assert_int_equal(order[1], anna);
	assert_int_equal(order[2], citra);
	assert_int_equal(order[3], SERVICE_USER);

	offset = (struct dialog_offset){0};
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), &offset, DIALOGS_ALL,
						100, &list)),
		0);
	assert_true(list.complete);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.top_count, 4);
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), &offset, DIALOGS_PINNED,
						100, &list)),
		0);
	assert_int_equal(list.count, 0);
}

static void test_service_message(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);

	assert_int_equal(fixture_end(f, box_service_message(call, budi, B("a letter"))), 0);
	assert_int_equal(told(f, budi)->message->from.id, SERVICE_USER);
	assert_int_equal(told(f, budi)->message->peer.id, SERVICE_USER);
	assert_true(knows_user(&fixture_effect(f, EFFECT_ACCOUNT, budi)->set, SERVICE_USER));
}

static void test_text_stands_nowhere_in_clear(void **state)
{
	static const char secret[] = "Mondscheinsonate";
	struct fixture *f = *state;
	struct message draft = {.text = B("Mondscheinsonate II")};
	struct update_set answer;

	draft.id = say(f, ANNA, budi, secret);
	assert_int_equal(
		fixture_end(f, private_edit(fixture_call(f, ANNA), budi, &draft, &answer)), 0);
	assert_false(fixture_files_contain(f, secret, sizeof(secret) - 1));
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_message_reaches_both_boxes),
		T(test_a_repeated_random_id_is_the_same_send),
		T(test_who_cannot_be_written_to),
		T(test_saved_messages_are_one_row_read_at_once),
		T(test_what_one_writes_to_the_service_stays_in_the_own_box),
		T(test_a_reply_names_each_sides_own_copy),
		T(test_reading_tells_both_sides_once),
		T(test_an_edit_changes_both_copies_in_time),
		T(test_deleting_for_oneself_and_for_both),
		T(test_a_whole_chat_goes_in_steps),
		T(test_typing_is_told_to_the_other_only),
		T(test_pages_of_history),
		T(test_search_opens_the_own_rows_only),
		T(test_search_keeps_what_it_found_far_apart),
		T(test_chat_list_in_pages),
		T(test_service_message),
		T(test_text_stands_nowhere_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
