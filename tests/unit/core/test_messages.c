/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/messages.h, core/messages/box.h, core/dialogs/dialogs.h on real files: two accounts
 * and what each of them is told. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "core/dialogs/dialog_places.h"
#include "core/dialogs/dialogs.h"

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

	assert_int_equal(fixture_end(f, message_send(call, user_peer(to), &draft, answer)), 0);
	assert_int_equal(answer->update_count, 2);
	assert_int_equal(answer->updates[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(answer->updates[1].kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(answer->updates[0].max_id, answer->updates[1].message->id);
	return answer->updates[0].max_id;
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

	update = messages_told(f, budi);
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

	update = messages_told(f, anna);
	assert_int_equal(update->message->id, id);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, anna)->except_session, f->call.session_id);
	assert_int_equal(state_of(f, ANNA).pts, pts_a + 1);
	assert_int_equal(state_of(f, BUDI).pts, pts_b + 1);
	assert_int_equal(state_of(f, BUDI).unread, unread + 1);
}

static void test_a_repeated_random_id_is_the_same_send(void **state)
{
	struct fixture *f = *state;
	struct message again = {.text = B("other"), .random_id = 42};
	struct update_set answer;
	int32_t id = send_random(f, ANNA, budi, "once", 42, &answer), pts = answer.updates[1].pts;
	int32_t state_b = state_of(f, BUDI).pts;

	messages_say(f, ANNA, user_peer(budi), "between");
	assert_int_equal(send_random(f, ANNA, budi, "once", 42, &answer), id);
	assert_int_equal(answer.updates[1].pts, pts);
	assert_true(bytes_equal_str(answer.updates[1].message->text, "once"));
	assert_int_equal(f->effects->count, 0);
	assert_int_equal(state_of(f, BUDI).pts, state_b + 1);
	/* Another chat can't be meant. */
	fixture_refused(f, message_send(fixture_call(f, ANNA), user_peer(citra), &again, &answer),
		400, "RANDOM_ID_DUPLICATE");
	/* Another account has its own. */
	assert_true(send_random(f, BUDI, anna, "mine", 42, &answer) > 0);
	again.random_id = 0;
	fixture_refused(f, message_send(fixture_call(f, ANNA), user_peer(budi), &again, &answer),
		400, "RANDOM_ID_EMPTY");
}

static void test_who_cannot_be_written_to(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("x"), .random_id = 7};
	struct update_set answer;

	fixture_refused(f, message_send(fixture_call(f, ANNA), user_peer(999), &draft, &answer),
		400, "PEER_ID_INVALID");
	draft.text = B("  ");
	fixture_refused(f, message_send(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_EMPTY");
	assert_int_equal(f->effects->count, 0);
}

static void test_reading_takes_the_mark_away(void **state)
{
	struct fixture *f = *state;
	int32_t id = messages_say(f, ANNA, user_peer(budi), "hello"), pts, pts_count;
	struct dialog_list list;
	struct peer with = user_peer(anna);

	for (int again = 0; again <= 1; again++) {
		assert_int_equal(
			fixture_end(f, dialog_mark_unread(fixture_call(f, BUDI), with, true)), 0);
		/* The second time there is nothing left to read. */
		assert_int_equal(fixture_end(f, messages_read(fixture_call(f, BUDI), with, id, &pts,
							&pts_count)),
			0);
		assert_int_equal(pts_count, !again);
		assert_int_equal(
			fixture_end(f, dialogs_of_peers(fixture_call(f, BUDI), &with, 1, &list)),
			0);
		assert_false(list.at[0].unread_mark);
	}
}

static void test_saved_messages_are_one_row_read_at_once(void **state)
{
	struct fixture *f = *state;
	struct box_state before = state_of(f, ANNA);
	struct dialog_list list;
	struct peer self = {PEER_USER, anna};
	int32_t id = messages_say(f, ANNA, user_peer(anna), "note");

	assert_int_equal(f->effects->count, 1);
	assert_false(messages_told(f, anna)->message->out);
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
	int32_t id = messages_say(f, ANNA, user_peer(SERVICE_USER), "anybody there?"), pts,
		pts_count;

	assert_int_equal(f->effects->count, 1);
	assert_true(messages_told(f, anna)->message->out);
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), &id, 1, true, &pts,
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

	other = messages_say(f, BUDI, user_peer(citra), "elsewhere");
	messages_say(f, CITRA, user_peer(budi), "shifts the ids");
	asked_a = messages_say(f, ANNA, user_peer(budi), "coming?");
	asked_b = messages_told(f, budi)->message->id;
	assert_int_not_equal(asked_a, asked_b);

	draft.reply_to = asked_b;
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, BUDI), user_peer(anna), &draft,
						&answer)),
		0);
	assert_int_equal(answer.updates[1].message->reply_to, asked_b);
	assert_int_equal(messages_told(f, anna)->message->reply_to, asked_a);
	/* A message of another chat can't be answered here. */
	draft.random_id = 6;
	draft.reply_to = other;
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, BUDI), user_peer(anna), &draft,
						&answer)),
		0);
	assert_int_equal(answer.updates[1].message->reply_to, 0);
}

static void test_reading_tells_both_sides_once(void **state)
{
	struct fixture *f = *state;
	int32_t first_a = messages_say(f, ANNA, user_peer(budi), "one"),
		first_b = messages_told(f, budi)->message->id;
	int32_t second_a = messages_say(f, ANNA, user_peer(budi), "two"), pts, pts_count, before;
	int32_t second_b = messages_told(f, budi)->message->id, unread = state_of(f, BUDI).unread;
	const struct update *update;

	before = state_of(f, BUDI).pts;
	assert_int_equal(fixture_end(f, messages_read(fixture_call(f, BUDI), user_peer(anna),
						first_b, &pts, &pts_count)),
		0);
	assert_int_equal(pts, before + 1);
	assert_int_equal(pts_count, 1);
	update = messages_told(f, budi);
	assert_int_equal(update->kind, UPDATE_READ_INBOX);
	assert_int_equal(update->peer.id, anna);
	assert_int_equal(update->unread, 1);
	update = messages_told(f, anna);
	assert_int_equal(update->kind, UPDATE_READ_OUTBOX);
	assert_int_equal(update->peer.id, budi);
	assert_int_equal(update->max_id, first_a);
	assert_int_equal(state_of(f, BUDI).unread, unread - 1);

	/* Again, or backwards: nothing. */
	assert_int_equal(fixture_end(f, messages_read(fixture_call(f, BUDI), user_peer(anna),
						first_b, &pts, &pts_count)),
		0);
	assert_int_equal(pts_count, 0);
	assert_int_equal(f->effects->count, 0);

	/* Beyond what is there: as far as there is. */
	assert_int_equal(fixture_end(f, messages_read(fixture_call(f, BUDI), user_peer(anna),
						INT32_MAX, &pts, &pts_count)),
		0);
	assert_int_equal(messages_told(f, budi)->max_id, second_b);
	assert_int_equal(messages_told(f, anna)->max_id, second_a);
	assert_int_equal(messages_told(f, budi)->unread, 0);
}

static void test_an_edit_changes_both_copies_in_time(void **state)
{
	struct fixture *f = *state;
	int32_t id = messages_say(f, ANNA, user_peer(budi), "teh"),
		copy = messages_told(f, budi)->message->id;
	struct message draft = {.id = id, .text = B("the @abcd")};
	struct update_set answer;
	const struct update *update;

	f->now_s += 10;
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(answer.updates[0].kind, UPDATE_EDIT_MESSAGE);
	assert_int_equal(answer.updates[0].message->edit_date_s, f->now_s);
	update = messages_told(f, budi);
	assert_int_equal(update->kind, UPDATE_EDIT_MESSAGE);
	assert_int_equal(update->message->id, copy);
	assert_true(bytes_equal_str(update->message->text, "the @abcd"));
	assert_int_equal(update->message->entity_count, 1);
	assert_int_equal(update->message->date_s, f->now_s - 10);

	draft = (struct message){.id = id, .text = B(" the @abcd")};
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	/* There is no link whose preview could go. */
	draft = (struct message){.id = id, .text = B("the @abcd"), .no_preview = true};
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	draft = (struct message){.id = id, .text = B("late")};
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(citra), &draft, &answer),
		400, "MESSAGE_ID_INVALID");
	draft.id = copy;
	fixture_refused(f, message_edit(fixture_call(f, BUDI), user_peer(anna), &draft, &answer),
		403, "MESSAGE_AUTHOR_REQUIRED");
	draft.id = id;
	f->now_s += MESSAGE_EDIT_TIME_LIMIT_S;
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_EDIT_TIME_EXPIRED");
}

static void test_an_edit_may_take_the_preview_of_a_link(void **state)
{
	struct fixture *f = *state;
	int32_t id = messages_say(f, ANNA, user_peer(budi), "see example.org");
	struct message draft = {.id = id, .text = B("see example.org"), .no_preview = true};
	struct update_set answer;

	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	draft = (struct message){.id = id, .text = B("see example.org"), .no_preview = true};
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_NOT_MODIFIED");
}

static void test_deleting_for_oneself_and_for_both(void **state)
{
	struct fixture *f = *state;
	int32_t one = messages_say(f, ANNA, user_peer(budi), "one"),
		two = messages_say(f, ANNA, user_peer(budi), "two"), pts, pts_count;
	int32_t two_b = messages_told(f, budi)->message->id,
		to_c = messages_say(f, ANNA, user_peer(citra), "three"), before;
	int32_t ids[] = {two, two, to_c, 100000}, unread;
	struct peer with_anna = {PEER_USER, anna};
	struct message_list list;
	struct dialog_list dialogs;

	before = state_of(f, ANNA).pts;
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), &one, 1, false, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts, before + 1);
	assert_int_equal(f->effects->count, 1);
	unread = state_of(f, BUDI).unread;

	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), ids, 4, true, &pts,
						&pts_count)),
		0);
	assert_int_equal(pts_count, 2);
	assert_int_equal(pts, before + 3);
	assert_int_equal(messages_told(f, anna)->id_count, 2);
	assert_int_equal(messages_told(f, budi)->id_count, 1);
	assert_int_equal(messages_told(f, budi)->ids[0], two_b);
	assert_int_equal(messages_told(f, citra)->kind, UPDATE_DELETE_MESSAGES);
	assert_int_equal(state_of(f, BUDI).unread, unread - 1);

	/* Budi still has the first one, at the top of the chat again. */
	assert_int_equal(fixture_end(f, messages_get(fixture_call(f, BUDI), &two_b, 1, &list)), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(
		fixture_end(f, dialogs_of_peers(fixture_call(f, BUDI), &with_anna, 1, &dialogs)),
		0);
	assert_int_equal(dialogs.top_count, 1);
	assert_true(bytes_equal_str(dialogs.tops[0].text, "one"));
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), ids, 1, true, &pts,
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
		messages_say(f, i % 2 ? ANNA : BUDI, user_peer(i % 2 ? budi : anna), "x");
	messages_say(f, ANNA, user_peer(citra), "stays");
	do {
		assert_int_equal(
			fixture_end(f, messages_clear(fixture_call(f, ANNA), user_peer(budi),
					       &(struct clearing){0}, &pts, &pts_count, &left)),
			0);
		deleted += pts_count;
	} while (left);
	assert_int_equal(deleted, HISTORY_LIMIT_MAX + 20);
	assert_int_equal(
		fixture_end(f, dialogs_of_peers(fixture_call(f, ANNA), &with_budi, 1, &list)), 0);
	assert_int_equal(list.at[0].top_id, 0);
	assert_int_equal(list.at[0].unread, 0);
	/* The line is gone from the list; the other side has lost nothing. */
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), 0, &top, DIALOGS_ALL,
						10, &list)),
		0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[0].peer.id, citra);
	assert_int_equal(list.at[1].peer.id, SERVICE_USER);
	assert_int_equal(state_of(f, BUDI).unread, (HISTORY_LIMIT_MAX + 20) / 2 + 1);
}

static void test_typing_is_told_to_the_other_only(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fixture_end(f, message_typing(fixture_call(f, ANNA), user_peer(budi), 0,
						TYPING_TYPING, 0)),
		0);
	assert_int_equal(f->effects->count, 1);
	assert_int_equal(messages_told(f, budi)->kind, UPDATE_TYPING);
	assert_int_equal(messages_told(f, budi)->peer.id, anna);
	assert_int_equal(messages_told(f, budi)->pts, 0);
}

static void test_service_message(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);

	assert_int_equal(fixture_end(f, box_service_message(call, budi, B("a letter"))), 0);
	assert_int_equal(messages_told(f, budi)->message->from.id, SERVICE_USER);
	assert_int_equal(messages_told(f, budi)->message->peer.id, SERVICE_USER);
	assert_true(knows_user(&fixture_effect(f, EFFECT_ACCOUNT, budi)->set, SERVICE_USER));
}

static void test_text_stands_nowhere_in_clear(void **state)
{
	static const char secret[] = "Mondscheinsonate";
	struct fixture *f = *state;
	struct message draft = {.text = B("Mondscheinsonate II")};
	struct update_set answer;

	draft.id = messages_say(f, ANNA, user_peer(budi), secret);
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	assert_false(fixture_files_contain(f, secret, sizeof(secret) - 1));
}

#define T(test) cmocka_unit_test_setup_teardown(test, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_message_reaches_both_boxes),
		T(test_a_repeated_random_id_is_the_same_send),
		T(test_who_cannot_be_written_to),
		T(test_reading_takes_the_mark_away),
		T(test_saved_messages_are_one_row_read_at_once),
		T(test_what_one_writes_to_the_service_stays_in_the_own_box),
		T(test_a_reply_names_each_sides_own_copy),
		T(test_reading_tells_both_sides_once),
		T(test_an_edit_changes_both_copies_in_time),
		T(test_an_edit_may_take_the_preview_of_a_link),
		T(test_deleting_for_oneself_and_for_both),
		T(test_a_whole_chat_goes_in_steps),
		T(test_typing_is_told_to_the_other_only),
		T(test_service_message),
		T(test_text_stands_nowhere_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
