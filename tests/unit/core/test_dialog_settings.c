/* SPDX-License-Identifier: Apache-2.0 */
/* core/dialogs/drafts.c, folders.c, saved_dialogs.c: what an account set about its chats, seen by
 * its other devices. */
#include <stdio.h>
#include <string.h>

#include "channels_fixture.h"
#include "core/messages/box.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/folders.h"
#include "core/dialogs/saved_dialogs.h"
#include "messages_fixture.h"
#include "store/home_settings.h"

/* ---- Drafts ---- */

static int save(struct fixture *f, struct peer peer, struct message draft)
{
	return fixture_end(f, draft_save(fixture_call(f, ANNA), peer, &draft));
}

static struct message *draft_of(struct fixture *f, struct peer peer)
{
	struct message *draft = draft_get(fixture_call(f, ANNA), peer, 0);

	fixture_end(f, 0);
	return draft;
}

static void drafts_are_the_same_on_all_devices(void **state)
{
	struct fixture *f = *state;
	struct entity bold = {.kind = ENTITY_BOLD, .offset = 0, .length = 4};
	const struct message draft = {.text = B("half a thought"),
		.entities = &bold,
		.entity_count = 1,
		.reply_to = 7,
		.no_preview = true};
	struct peer channel = {PEER_CHANNEL, channels_make(f, "News", true)};
	const struct message *kept;
	struct update_set all;

	assert_int_equal(save(f, user_peer(budi), draft), 0);
	kept = messages_update(f, anna, UPDATE_DRAFT)->message;
	assert_true(bytes_equal_str(kept->text, "half a thought"));
	/* The device that wrote it knows. */
	assert_int_equal(f->effects->at[0].except_session, f->call.session_id);
	kept = messages_missed(f, ANNA, UPDATE_DRAFT)->message;
	assert_int_equal(kept->entity_count, 1);
	assert_int_equal(kept->entities[0].kind, ENTITY_BOLD);
	assert_int_equal(kept->reply_to, 7);
	assert_true(kept->no_preview);
	assert_int_equal(kept->date_s, f->now_s);
	/* The same again: nobody is told. */
	assert_int_equal(save(f, user_peer(budi), draft), 0);
	assert_null(messages_update(f, anna, UPDATE_DRAFT));
	/* Only an answer, and spaces, are a draft too; spaces alone are none. */
	assert_int_equal(save(f, channel, (struct message){.text = B("  "), .reply_to = 3}), 0);
	assert_int_equal(draft_of(f, channel)->reply_to, 3);
	assert_int_equal(save(f, user_peer(citra), (struct message){.text = B(" \n ")}), 0);
	assert_null(draft_of(f, user_peer(citra)));
	drafts_all(fixture_call(f, ANNA), &all);
	fixture_end(f, 0);
	assert_int_equal(all.update_count, 2);
	/* Nobody else has them. */
	fixture_call(f, BUDI);
	assert_null(draft_get(&f->call, user_peer(anna), 0));
	fixture_end(f, 0);
	assert_false(fixture_files_contain(f, "half a thought", 14));
	/* An empty one takes it away. */
	assert_int_equal(save(f, user_peer(budi), (struct message){0}), 0);
	assert_null(messages_update(f, anna, UPDATE_DRAFT)->message);
	assert_null(draft_of(f, user_peer(budi)));
	assert_int_equal(save(f, user_peer(budi), (struct message){0}), 0);
	assert_null(messages_update(f, anna, UPDATE_DRAFT));
	drafts_clear(fixture_call(f, ANNA));
	fixture_end(f, 0);
	assert_null(draft_of(f, channel));
}

static void drafts_are_bounded(void **state)
{
	struct fixture *f = *state;
	static char text[5000];
	const struct message draft = {.text = B("x")};
	struct call *call;

	memset(text, 'a', sizeof(text));
	fixture_refused(f,
		draft_save(fixture_call(f, ANNA), user_peer(budi),
			&(struct message){.text = bytes_of(text, 5000)}),
		400, "MESSAGE_TOO_LONG");
	call = fixture_call(f, ANNA);
	for (int64_t i = 0; i <= DRAFTS_MAX; i++) {
		call->now_s = f->now_s + i;
		assert_int_equal(draft_save(call, user_peer(5000 + i), &draft), 0);
	}
	assert_int_equal(
		home_settings_count(call_home(call), anna, HOME_SETTING_DRAFT), DRAFTS_MAX);
	/* The oldest has made room. */
	assert_null(draft_get(call, user_peer(5000), 0));
	assert_non_null(draft_get(call, user_peer(5001), 0));
	fixture_end(f, 0);
}

/* ---- Folders ---- */

static int put_folder(struct fixture *f, int32_t id, const char *title)
{
	const struct chat_folder folder = {.id = id, .title = B(title), .groups = true};

	return fixture_end(f, folder_put(fixture_call(f, ANNA), &folder));
}

static size_t folders(struct fixture *f, struct chat_folder **out, size_t *all_at)
{
	size_t count = folders_list(fixture_call(f, ANNA), out, all_at);

	fixture_end(f, 0);
	return count;
}

static void folders_come_and_go_in_their_order(void **state)
{
	struct fixture *f = *state;
	struct peer peers[2] = {user_peer(budi), chat_peer(messages_group(f))};
	const struct chat_folder work = {.id = 9,
		.title = B("Work"),
		.emoticon = B("\xf0\x9f\x92\xbc"),
		.contacts = true,
		.exclude_muted = true,
		.has_color = true,
		.color = 3,
		.pinned = {peers, 1},
		.included = {peers + 1, 1},
		.excluded = {peers, 2}};
	const int32_t order[] = {9, 0, 2, 77};
	struct chat_folder *all;
	size_t all_at;

	assert_int_equal(put_folder(f, 2, "Groups"), 0);
	assert_non_null(messages_update(f, anna, UPDATE_FOLDERS));
	assert_non_null(messages_missed(f, ANNA, UPDATE_FOLDERS));
	assert_int_equal(fixture_end(f, folder_put(fixture_call(f, ANNA), &work)), 0);
	assert_int_equal(folders(f, &all, &all_at), 2);
	assert_int_equal(all_at, 0);
	assert_int_equal(all[0].id, 2);
	assert_int_equal(all[1].id, 9);
	assert_true(bytes_equal_str(all[1].title, "Work"));
	assert_true(all[1].contacts && all[1].exclude_muted && !all[1].groups);
	assert_int_equal(all[1].color, 3);
	assert_int_equal(all[1].pinned.at[0].id, budi);
	assert_int_equal(all[1].included.at[0].kind, PEER_CHAT);
	assert_int_equal(all[1].excluded.count, 2);
	/* Also in front of "all chats"; ids that are none are passed over. */
	assert_int_equal(fixture_end(f, folders_reorder(fixture_call(f, ANNA), order, 4)), 0);
	assert_int_equal(folders(f, &all, &all_at), 2);
	assert_int_equal(all[0].id, 9);
	assert_int_equal(all_at, 1);
	/* A change keeps its place, a new one goes to the end. */
	assert_int_equal(put_folder(f, 9, "Tools"), 0);
	assert_int_equal(put_folder(f, 3, "Third"), 0);
	assert_int_equal(folders(f, &all, &all_at), 3);
	assert_true(bytes_equal_str(all[0].title, "Tools"));
	assert_int_equal(all[2].id, 3);
	assert_int_equal(fixture_end(f, folder_delete(fixture_call(f, ANNA), 9)), 0);
	assert_int_equal(folders(f, &all, &all_at), 2);
	fixture_refused(f, folder_delete(fixture_call(f, ANNA), 9), 400, "FILTER_ID_INVALID");
	fixture_refused(f, folder_delete(fixture_call(f, ANNA), 0), 400, "FILTER_ID_INVALID");
	assert_false(fixture_files_contain(f, "Groups", 6));
}

static void folders_must_say_something(void **state)
{
	struct fixture *f = *state;
	struct chat_folder bad = {.id = 2, .title = B("Fine"), .groups = true};
	const int32_t order[] = {0};
	static struct peer peers[FOLDER_PEERS_MAX + 1];
	struct folder_peers many = {peers, ARRAY_LEN(peers)};

#define BAD(change, back, text)                                                                    \
	do {                                                                                       \
		change;                                                                            \
		fixture_refused(f, folder_put(fixture_call(f, ANNA), &bad), 400, text);            \
		back;                                                                              \
	} while (0)
	BAD(bad.id = 1, bad.id = 2, "FILTER_ID_INVALID");
	BAD(bad.id = 256, bad.id = 2, "FILTER_ID_INVALID");
	BAD(bad.title = B(""), bad.title = B("x"), "FILTER_TITLE_EMPTY");
	BAD(bad.title = B("  "), bad.title = B("x"), "FILTER_TITLE_EMPTY");
	BAD(bad.title = B("\xff"), bad.title = B("x"), "FILTER_TITLE_EMPTY");
	BAD(bad.title = B("thirteen char"), bad.title = B("x"), "FILTER_TITLE_EMPTY");
	BAD(bad.groups = false, bad.groups = true, "FILTER_INCLUDE_EMPTY");
	BAD(bad.excluded = many, bad.excluded.count = 0, "FILTER_INCLUDE_TOO_MUCH");
	/* "All chats" has a place of its own and is none of them. */
	assert_int_equal(fixture_end(f, folders_reorder(fixture_call(f, ANNA), order, 1)), 0);
	for (int32_t id = 2; id < 2 + FOLDERS_MAX; id++)
		assert_int_equal(put_folder(f, id, "One"), 0);
	bad.id = 2 + FOLDERS_MAX;
	fixture_refused(f, folder_put(fixture_call(f, ANNA), &bad), 400, "DIALOG_FILTERS_TOO_MUCH");
	assert_int_equal(put_folder(f, 2, "Other"), 0);
}

static void tags_are_on_or_off(void **state)
{
	struct fixture *f = *state;

	assert_false(folder_tags_get(fixture_call(f, ANNA)));
	folder_tags_set(&f->call, true);
	fixture_end(f, 0);
	assert_non_null(messages_update(f, anna, UPDATE_FOLDERS));
	assert_true(folder_tags_get(fixture_call(f, ANNA)));
	folder_tags_set(&f->call, false);
	assert_false(folder_tags_get(&f->call));
	fixture_end(f, 0);
}

/* ---- Saved Messages ---- */

static int32_t save_from(struct fixture *f, struct peer part, const char *text)
{
	struct message draft = {.text = B(text), .saved_peer = part};

	return messages_send_draft(f, ANNA, user_peer(anna), &draft)->id;
}

static struct saved_list parts(struct fixture *f, bool without_pinned)
{
	struct saved_list out;

	assert_int_equal(
		fixture_end(f, saved_dialogs(fixture_call(f, ANNA), 0, 100, without_pinned, &out)),
		0);
	return out;
}

static void saved_messages_have_parts(void **state)
{
	struct fixture *f = *state;
	const struct post_range range = {.limit = 10};
	struct message_list history;
	int32_t notes, last, pts, pts_count, left;
	struct peer order[2];

	notes = save_from(f, user_peer(anna), "note");
	save_from(f, user_peer(budi), "from budi");
	last = save_from(f, user_peer(citra), "from citra");
	assert_int_equal(parts(f, false).count, 3);
	assert_int_equal(parts(f, false).at[0].peer.id, citra);
	assert_int_equal(parts(f, false).at[0].top_id, last);
	assert_int_equal(parts(f, false).at[2].top_id, notes);
	assert_int_equal(
		fixture_end(f, saved_pin(fixture_call(f, ANNA), user_peer(anna), true)), 0);
	assert_int_equal(
		fixture_end(f, saved_pin(fixture_call(f, ANNA), user_peer(budi), true)), 0);
	assert_int_equal(messages_update(f, anna, UPDATE_SAVED_PINS)->peer_count, 2);
	assert_int_equal(messages_update(f, anna, UPDATE_SAVED_PINS)->peers[0].id, budi);
	assert_int_equal(messages_missed(f, ANNA, UPDATE_SAVED_PINS)->peer_count, 2);
	assert_int_equal(parts(f, true).count, 1);
	assert_int_equal(parts(f, true).total, 1);
	/* One that is named stands above one that is not, however often pins came and went. */
	assert_int_equal(
		fixture_end(f, saved_pin(fixture_call(f, ANNA), user_peer(anna), false)), 0);
	assert_int_equal(
		fixture_end(f, saved_pin(fixture_call(f, ANNA), user_peer(anna), true)), 0);
	order[0] = user_peer(budi);
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA), order, 1, false)), 0);
	assert_int_equal(messages_update(f, anna, UPDATE_SAVED_PINS)->peers[0].id, budi);
	order[0] = user_peer(citra);
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA), order, 1, true)), 0);
	assert_int_equal(messages_update(f, anna, UPDATE_SAVED_PINS)->peer_count, 1);
	/* One part is read and deleted by itself. */
	assert_int_equal(fixture_end(f, saved_history(fixture_call(f, ANNA), user_peer(budi),
						&range, &history)),
		0);
	assert_int_equal(history.count, 1);
	assert_int_equal(
		fixture_end(f, saved_history_delete(fixture_call(f, ANNA), user_peer(citra),
				       &(struct clearing){0}, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(left, 0);
	assert_int_equal(parts(f, false).count, 2);
	/* A pin of a part in which nothing is counts for nothing. */
	assert_int_equal(parts(f, true).total, 2);
}

static void one_day_of_a_saved_part_is_deleted(void **state)
{
	struct fixture *f = *state;
	const int64_t begin = f->now_s, day = 86400;
	struct clearing second = {.min_date_s = begin + day - 1, .max_date_s = begin + 2 * day};
	const struct post_range range = {.limit = 10};
	struct message_list history;
	int32_t pts, pts_count, left;

	for (int i = 0; i < 3; i++) {
		save_from(f, user_peer(budi), "from budi");
		save_from(f, user_peer(citra), "from citra");
		f->now_s += day;
	}
	assert_int_equal(fixture_end(f, saved_history_delete(fixture_call(f, ANNA), user_peer(budi),
						&second, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(left, 0);
	assert_int_equal(fixture_end(f, saved_history(fixture_call(f, ANNA), user_peer(budi),
						&range, &history)),
		0);
	assert_int_equal(history.count, 2);
	assert_int_equal(history.at[0].date_s, begin + 2 * day);
	assert_int_equal(history.at[1].date_s, begin);
	/* After all of them, and the wrong way round. */
	second = (struct clearing){.min_date_s = begin + 9 * day};
	assert_int_equal(fixture_end(f, saved_history_delete(fixture_call(f, ANNA), user_peer(budi),
						&second, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 0);
	second.max_date_s = begin;
	fixture_refused(f,
		saved_history_delete(
			fixture_call(f, ANNA), user_peer(budi), &second, &pts, &pts_count, &left),
		400, "MAX_DATE_INVALID");
}

static void saved_pins_are_bounded(void **state)
{
	struct fixture *f = *state;
	struct peer many[SAVED_PINNED_MAX + 1];
	struct call *call = fixture_call(f, ANNA);

	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = user_peer(5000 + (int64_t)i);
	for (size_t i = 0; i < SAVED_PINNED_MAX; i++)
		assert_int_equal(saved_pin(call, many[i], true), 0);
	fixture_end(f, 0);
	fixture_refused(f, saved_pin(fixture_call(f, ANNA), many[SAVED_PINNED_MAX], true), 400,
		"PINNED_DIALOGS_TOO_MUCH");
	fixture_refused(f, saved_reorder(fixture_call(f, ANNA), many + SAVED_PINNED_MAX, 1, false),
		400, "PINNED_DIALOGS_TOO_MUCH");
	fixture_refused(f, saved_reorder(fixture_call(f, ANNA), many, ARRAY_LEN(many), true), 400,
		"PINNED_DIALOGS_TOO_MUCH");
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA),
						many + SAVED_PINNED_MAX, 1, true)),
		0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(drafts_are_the_same_on_all_devices),
		TEST(drafts_are_bounded),
		TEST(folders_come_and_go_in_their_order),
		TEST(folders_must_say_something),
		TEST(tags_are_on_or_off),
		TEST(saved_messages_have_parts),
		TEST(one_day_of_a_saved_part_is_deleted),
		TEST(saved_pins_are_bounded),
	};

	return cmocka_run_group_tests_name("core/dialog_settings", tests, NULL, NULL);
}
