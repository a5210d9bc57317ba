/* SPDX-License-Identifier: Apache-2.0 */
/* core/dialogs/dialogs.c, dialog_places.c: lines of the chat list, where they stand and where they
 * go. */
#include <stdio.h>

#include "channels_fixture.h"
#include "core/messages/box.h"
#include "core/accounts/contacts.h"
#include "core/dialogs/dialog_places.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/folders.h"
#include "core/dialogs/notify.h"
#include "core/accounts/privacy.h"
#include "messages_fixture.h"

/* Every account has a line with the service, the oldest. */
#define SERVICE_LINE 1

static const struct dialog_offset top = {0};

static struct peer channel_peer(int64_t id)
{
	return (struct peer){PEER_CHANNEL, id};
}

static void same_peer(struct peer a, struct peer b)
{
	assert_int_equal(a.kind, b.kind);
	assert_int_equal(a.id, b.id);
}

static void pin(struct fixture *f, struct peer peer, bool pinned)
{
	assert_int_equal(fixture_end(f, dialog_pin(fixture_call(f, ANNA), peer, pinned)), 0);
}

static struct dialog_list list(struct fixture *f, int32_t folder, enum dialog_pins pins)
{
	struct dialog_list out;

	assert_int_equal(
		fixture_end(f, dialogs_list(fixture_call(f, ANNA), folder, &top, pins, 100, &out)),
		0);
	return out;
}

/* Of anna; NULL: it is not in the folder. */
static struct dialog *line(struct fixture *f, int32_t folder, struct peer peer)
{
	struct dialog_list all = list(f, folder, DIALOGS_ALL);

	for (size_t i = 0; i < all.count; i++) {
		if (all.at[i].peer.kind == peer.kind && all.at[i].peer.id == peer.id)
			return &all.at[i];
	}
	return NULL;
}

static void move(struct fixture *f, struct peer peer, int32_t folder)
{
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, dialogs_move(fixture_call(f, ANNA), &peer, &folder, 1, &answer)), 0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(answer.updates[0].kind, UPDATE_FOLDER_PEER);
}

/* Whether a device of anna's that was away since then hears of it. */
static const struct update *missed(
	struct fixture *f, int32_t pts, int64_t since_s, enum update_kind kind)
{
	struct box_difference out;

	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, ANNA), pts, 0, since_s, &out)), 0);
	for (size_t i = 0; i < out.set.update_count; i++) {
		if (out.set.updates[i].kind == kind)
			return &out.set.updates[i];
	}
	return NULL;
}

/* To all sessions but one; NULL: to none. */
static const struct update *told_but(
	struct fixture *f, int64_t account, uint64_t except_session, enum update_kind kind)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		for (size_t k = 0;
			effect->kind == EFFECT_ACCOUNT && effect->account == account &&
			effect->except_session == except_session && k < effect->set.update_count;
			k++) {
			if (effect->set.updates[k].kind == kind)
				return &effect->set.updates[k];
		}
	}
	return NULL;
}

static const struct update *told(struct fixture *f, int64_t account, enum update_kind kind)
{
	const struct update *to_others = told_but(f, account, f->call.session_id, kind);

	return to_others ? to_others : told_but(f, account, 0, kind);
}

/* ---- Pins ---- */

static void pins_of_all_kinds_stand_in_one_order(void **state)
{
	struct fixture *f = *state;
	struct peer group, channel;
	const struct update *update;
	struct dialog_list all;

	messages_say(f, BUDI, user_peer(anna), "one");
	messages_say(f, CITRA, user_peer(anna), "two");
	group = chat_peer(messages_group(f));
	messages_say(f, BUDI, group, "three");
	channel = channel_peer(channels_make(f, "News", true));
	pin(f, user_peer(budi), true);
	pin(f, channel, true);
	pin(f, group, true);
	update = messages_told(f, anna);
	assert_int_equal(update->kind, UPDATE_DIALOG_PIN);
	assert_true(update->pinned);
	same_peer(update->peer, group);
	update = missed(f, messages_pts(f, ANNA), f->now_s, UPDATE_DIALOG_PINS);
	assert_int_equal(update->peer_count, 3);
	same_peer(update->peers[0], group);
	same_peer(update->peers[1], channel);
	same_peer(update->peers[2], user_peer(budi));
	all = list(f, FOLDER_LIST, DIALOGS_ALL);
	assert_int_equal(all.count, 4 + SERVICE_LINE);
	assert_true(all.complete);
	same_peer(all.at[0].peer, group);
	same_peer(all.at[1].peer, channel);
	same_peer(all.at[2].peer, user_peer(budi));
	same_peer(all.at[3].peer, user_peer(citra));
	assert_int_equal(list(f, FOLDER_LIST, DIALOGS_PINNED).count, 3);
	assert_int_equal(list(f, FOLDER_LIST, DIALOGS_NOT_PINNED).count, 1 + SERVICE_LINE);
	/* A new message moves none of them. */
	messages_say(f, CITRA, user_peer(anna), "four");
	same_peer(list(f, FOLDER_LIST, DIALOGS_ALL).at[0].peer, group);
	pin(f, group, false);
	assert_false(told(f, anna, UPDATE_DIALOG_PIN)->pinned);
	same_peer(list(f, FOLDER_LIST, DIALOGS_ALL).at[0].peer, channel);
	/* What is so already changes nothing. */
	pin(f, group, false);
	assert_null(told(f, anna, UPDATE_DIALOG_PIN));
	assert_non_null(missed(f, messages_pts(f, ANNA), f->now_s, UPDATE_DIALOG_PINS));
}

static void pins_have_a_limit_and_need_a_line(void **state)
{
	struct fixture *f = *state;
	struct peer peers[DIALOGS_PINNED_MAX + 1];
	char phone[16];

	fixture_refused(f, dialog_pin(fixture_call(f, ANNA), user_peer(budi), true), 400,
		"PEER_HISTORY_EMPTY");
	fixture_refused(f, dialog_pin(fixture_call(f, ANNA), user_peer(99999999), true), 400,
		"PEER_ID_INVALID");
	fixture_refused(f, dialog_pin(fixture_call(f, ANNA), channel_peer(99999999), true), 400,
		"CHANNEL_PRIVATE");
	for (size_t i = 0; i < ARRAY_LEN(peers); i++) {
		snprintf(phone, sizeof(phone), "62812%05zu", i);
		peers[i] = user_peer(fixture_sign_up(f, 100 + i, phone, "X", ""));
		messages_say(f, 100 + i, user_peer(anna), "hi");
	}
	fixture_refused(f,
		dialogs_reorder(fixture_call(f, ANNA), FOLDER_LIST, peers, ARRAY_LEN(peers), false),
		400, "PINNED_DIALOGS_TOO_MUCH");
	for (size_t i = 0; i < DIALOGS_PINNED_MAX; i++)
		pin(f, peers[i], true);
	fixture_refused(f, dialog_pin(fixture_call(f, ANNA), peers[DIALOGS_PINNED_MAX], true), 400,
		"PINNED_DIALOGS_TOO_MUCH");
	/* The one more is in the place of another. */
	fixture_refused(f,
		dialogs_reorder(
			fixture_call(f, ANNA), FOLDER_LIST, peers + DIALOGS_PINNED_MAX, 1, false),
		400, "PINNED_DIALOGS_TOO_MUCH");
	assert_int_equal(fixture_end(f, dialogs_reorder(fixture_call(f, ANNA), FOLDER_LIST,
						peers + DIALOGS_PINNED_MAX, 1, true)),
		0);
	assert_int_equal(list(f, FOLDER_LIST, DIALOGS_PINNED).count, 1);
	/* The archive has room for more. */
	for (size_t i = 0; i < ARRAY_LEN(peers); i++) {
		move(f, peers[i], FOLDER_ARCHIVE);
		pin(f, peers[i], true);
	}
	assert_int_equal(list(f, FOLDER_ARCHIVE, DIALOGS_PINNED).count, DIALOGS_PINNED_MAX + 1);
}

static void an_order_names_some_or_all(void **state)
{
	struct fixture *f = *state;
	struct peer group = chat_peer(messages_group(f)), order[2];
	struct dialog_list pinned;

	messages_say(f, BUDI, user_peer(anna), "one");
	messages_say(f, CITRA, user_peer(anna), "two");
	messages_say(f, BUDI, group, "three");
	pin(f, user_peer(budi), true);
	pin(f, user_peer(citra), true);
	pin(f, group, true);
	/* Those that are not named stay below, in their order. */
	order[0] = user_peer(budi);
	assert_int_equal(fixture_end(f, dialogs_reorder(fixture_call(f, ANNA), FOLDER_LIST, order,
						1, false)),
		0);
	pinned = list(f, FOLDER_LIST, DIALOGS_PINNED);
	assert_int_equal(pinned.count, 3);
	same_peer(pinned.at[0].peer, user_peer(budi));
	same_peer(pinned.at[1].peer, group);
	same_peer(pinned.at[2].peer, user_peer(citra));
	/* With force they are unpinned. */
	order[0] = user_peer(citra);
	order[1] = user_peer(budi);
	assert_int_equal(
		fixture_end(f, dialogs_reorder(fixture_call(f, ANNA), FOLDER_LIST, order, 2, true)),
		0);
	pinned = list(f, FOLDER_LIST, DIALOGS_PINNED);
	assert_int_equal(pinned.count, 2);
	same_peer(pinned.at[0].peer, user_peer(citra));
	same_peer(pinned.at[1].peer, user_peer(budi));
	/* What is in another folder isn't pinned by this. */
	move(f, group, FOLDER_ARCHIVE);
	assert_int_equal(fixture_end(f, dialogs_reorder(fixture_call(f, ANNA), FOLDER_LIST, &group,
						1, false)),
		0);
	assert_int_equal(list(f, FOLDER_LIST, DIALOGS_PINNED).count, 2);
	assert_int_equal(list(f, FOLDER_ARCHIVE, DIALOGS_PINNED).count, 0);
}

static void an_emptied_chat_keeps_no_place(void **state)
{
	struct fixture *f = *state;
	const struct message draft = {.text = B("half a")};
	int32_t pts, pts_count, left;

	messages_say(f, BUDI, user_peer(anna), "one");
	pin(f, user_peer(budi), true);
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), user_peer(budi), true)),
		0);
	assert_int_equal(
		fixture_end(f, draft_save(fixture_call(f, ANNA), user_peer(budi), &draft)), 0);
	assert_int_equal(fixture_end(f, messages_clear(fixture_call(f, ANNA), user_peer(budi),
						&(struct clearing){0}, &pts, &pts_count, &left)),
		0);
	/* Also the session that cleared it: it didn't ask for that. */
	assert_non_null(told_but(f, anna, 0, UPDATE_DIALOG_PINS));
	assert_non_null(told_but(f, anna, 0, UPDATE_UNREAD_MARK));
	assert_non_null(told_but(f, anna, 0, UPDATE_DRAFT));
	assert_int_equal(list(f, FOLDER_LIST, DIALOGS_ALL).count, SERVICE_LINE);
	messages_say(f, BUDI, user_peer(anna), "two");
	assert_int_equal(line(f, FOLDER_LIST, user_peer(budi))->pin, 0);
	assert_false(line(f, FOLDER_LIST, user_peer(budi))->unread_mark);
	assert_null(line(f, FOLDER_LIST, user_peer(budi))->draft);
}

/* ---- Pages ---- */

static void pages_go_over_all_kinds(void **state)
{
	struct fixture *f = *state;
	struct dialog_offset from = {0};
	struct dialog_list page;
	struct peer seen[6], channel;
	size_t count = 0;

	messages_say(f, BUDI, user_peer(anna), "one");
	f->now_s++;
	channel = channel_peer(channels_make(f, "News", true));
	f->now_s++;
	messages_say(f, CITRA, user_peer(anna), "two");
	f->now_s++;
	messages_say(f, BUDI, chat_peer(messages_group(f)), "three");
	do {
		assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), FOLDER_LIST,
							&from, DIALOGS_ALL, 1, &page)),
			0);
		assert_int_equal(page.total, 4 + SERVICE_LINE);
		assert_false(page.complete);
		if (!page.count)
			break;
		assert_int_equal(page.count, 1);
		seen[count++] = page.at[0].peer;
		from = (struct dialog_offset){
			page.at[0].top_date_s, page.at[0].top_id, page.at[0].peer};
	} while (count < ARRAY_LEN(seen));
	assert_int_equal(count, 4 + SERVICE_LINE);
	assert_int_equal(seen[0].kind, PEER_CHAT);
	same_peer(seen[1], user_peer(citra));
	same_peer(seen[2], channel);
	same_peer(seen[3], user_peer(budi));
	/* TDLib's first page: a date that nothing is newer than. */
	from = (struct dialog_offset){.date_s = 2146999999};
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), FOLDER_LIST, &from,
						DIALOGS_NOT_PINNED, 100, &page)),
		0);
	assert_int_equal(page.count, 4 + SERVICE_LINE);
	assert_true(page.complete);
	fixture_refused(f, dialogs_list(fixture_call(f, ANNA), 2, &top, DIALOGS_ALL, 100, &page),
		400, "FOLDER_ID_INVALID");
}

static void a_line_counts_what_waits(void **state)
{
	struct fixture *f = *state;
	struct peer group = chat_peer(messages_group(f));
	struct message answer = {.text = B("yes")};
	const struct dialog *dialog;

	messages_say(f, ANNA, group, "tea?");
	answer.reply_to = messages_newest(f, BUDI, group)->id;
	messages_send_draft(f, BUDI, group, &answer);
	messages_say(f, BUDI, group, "now");
	dialog = line(f, FOLDER_LIST, group);
	assert_int_equal(dialog->unread, 2);
	assert_int_equal(dialog->unread_mentions, 1);
	assert_int_equal(dialog->unread_reactions, 0);
}

/* ---- Archive ---- */

static void the_archive_is_a_line_of_the_list(void **state)
{
	struct fixture *f = *state;
	const struct notify_settings muted = {.has_mute = true, .mute_until_s = INT32_MAX};
	struct dialog_list all;
	const struct update *update;
	int32_t pts = messages_pts(f, ANNA);

	messages_say(f, BUDI, user_peer(anna), "one");
	f->now_s++;
	messages_say(f, CITRA, user_peer(anna), "two");
	messages_say(f, CITRA, user_peer(anna), "three");
	assert_null(list(f, FOLDER_LIST, DIALOGS_ALL).archive.top);
	pin(f, user_peer(budi), true);
	move(f, user_peer(budi), FOLDER_ARCHIVE);
	update = told(f, anna, UPDATE_FOLDER_PEER);
	assert_int_equal(update->folder, FOLDER_ARCHIVE);
	assert_int_equal(told(f, anna, UPDATE_DIALOG_PINS)->peer_count, 0);
	assert_int_equal(missed(f, pts, f->now_s, UPDATE_FOLDER_PEER)->folder, FOLDER_ARCHIVE);
	/* What moves is pinned no more. */
	assert_int_equal(line(f, FOLDER_ARCHIVE, user_peer(budi))->pin, 0);
	assert_null(line(f, FOLDER_LIST, user_peer(budi)));
	assert_non_null(line(f, FOLDER_ANY, user_peer(budi)));
	assert_non_null(line(f, FOLDER_ANY, user_peer(citra)));
	assert_int_equal(fixture_end(f, notify_set(fixture_call(f, ANNA), NOTIFY_CHAT,
						user_peer(citra), &muted)),
		0);
	move(f, user_peer(citra), FOLDER_ARCHIVE);
	all = list(f, FOLDER_LIST, DIALOGS_PINNED);
	assert_int_equal(all.count, 0);
	same_peer(all.archive.top->peer, user_peer(citra));
	assert_int_equal(all.top_count, 1);
	assert_int_equal(all.archive.chats[0], 1);
	assert_int_equal(all.archive.messages[0], 1);
	assert_int_equal(all.archive.chats[1], 1);
	assert_int_equal(all.archive.messages[1], 2);
	assert_int_equal(all.seen.user_count, 1);
	assert_null(list(f, FOLDER_LIST, DIALOGS_NOT_PINNED).archive.top);
	assert_null(list(f, FOLDER_ARCHIVE, DIALOGS_ALL).archive.top);
	assert_null(list(f, FOLDER_ANY, DIALOGS_ALL).archive.top);
}

static void channels_go_there_too(void **state)
{
	struct fixture *f = *state;
	struct peer channel = channel_peer(channels_make(f, "News", true));

	move(f, channel, FOLDER_ARCHIVE);
	assert_null(line(f, FOLDER_LIST, channel));
	assert_int_equal(line(f, FOLDER_ARCHIVE, channel)->folder, FOLDER_ARCHIVE);
	same_peer(list(f, FOLDER_LIST, DIALOGS_ALL).archive.top->peer, channel);
	pin(f, channel, true);
	assert_int_equal(list(f, FOLDER_ARCHIVE, DIALOGS_PINNED).count, 1);
	assert_non_null(list(f, FOLDER_LIST, DIALOGS_ALL).archive.top);
}

static void a_message_brings_it_back_unless_muted(void **state)
{
	struct fixture *f = *state;
	struct notify_settings muted = {.has_mute = true, .mute_until_s = INT32_MAX};
	int32_t pts;

	messages_say(f, BUDI, user_peer(anna), "one");
	move(f, user_peer(budi), FOLDER_ARCHIVE);
	/* One's own message does not. */
	messages_say(f, ANNA, user_peer(budi), "not now");
	assert_non_null(line(f, FOLDER_ARCHIVE, user_peer(budi)));
	pts = messages_pts(f, ANNA);
	messages_say(f, BUDI, user_peer(anna), "two");
	assert_int_equal(told(f, anna, UPDATE_FOLDER_PEER)->folder, FOLDER_LIST);
	assert_int_equal(told(f, anna, UPDATE_FOLDER_PEER)->pts, pts + 2);
	assert_null(told(f, anna, UPDATE_DIALOG_PINS));
	assert_non_null(line(f, FOLDER_LIST, user_peer(budi)));
	/* Pinned there, it is pinned no more. */
	move(f, user_peer(budi), FOLDER_ARCHIVE);
	assert_null(told(f, anna, UPDATE_DIALOG_PINS));
	pin(f, user_peer(budi), true);
	assert_int_equal(told(f, anna, UPDATE_DIALOG_PIN)->folder, FOLDER_ARCHIVE);
	messages_say(f, BUDI, user_peer(anna), "two");
	assert_int_equal(told(f, anna, UPDATE_DIALOG_PINS)->folder, FOLDER_ARCHIVE);
	assert_int_equal(told(f, anna, UPDATE_DIALOG_PINS)->peer_count, 0);
	assert_int_equal(line(f, FOLDER_LIST, user_peer(budi))->pin, 0);
	/* Muted by itself, then by its kind. */
	for (int by_kind = 0; by_kind < 2; by_kind++) {
		enum notify_scope scope = by_kind ? NOTIFY_USERS : NOTIFY_CHAT;
		const struct notify_settings none = {0};

		assert_int_equal(fixture_end(f, notify_set(fixture_call(f, ANNA), scope,
							user_peer(budi), &muted)),
			0);
		move(f, user_peer(budi), FOLDER_ARCHIVE);
		messages_say(f, BUDI, user_peer(anna), "three");
		assert_null(told(f, anna, UPDATE_FOLDER_PEER));
		assert_non_null(line(f, FOLDER_ARCHIVE, user_peer(budi)));
		move(f, user_peer(budi), FOLDER_LIST);
		assert_int_equal(fixture_end(f, notify_set(fixture_call(f, ANNA), NOTIFY_CHAT,
							user_peer(budi), &none)),
			0);
	}
	/* Until a time that is over. */
	muted.mute_until_s = (int32_t)f->now_s + 10;
	assert_int_equal(fixture_end(f, notify_set(fixture_call(f, ANNA), NOTIFY_CHAT,
						user_peer(budi), &muted)),
		0);
	move(f, user_peer(budi), FOLDER_ARCHIVE);
	f->now_s += 11;
	messages_say(f, BUDI, user_peer(anna), "four");
	assert_non_null(line(f, FOLDER_LIST, user_peer(budi)));
}

static void switches_keep_it_there(void **state)
{
	struct fixture *f = *state;
	struct peer named = user_peer(budi);
	const struct chat_folder folder = {
		.id = 2, .title = B("Friends"), .included = {.at = &named, .count = 1}};

	messages_say(f, BUDI, user_peer(anna), "one");
	messages_say(f, CITRA, user_peer(anna), "one");
	move(f, user_peer(budi), FOLDER_ARCHIVE);
	move(f, user_peer(citra), FOLDER_ARCHIVE);
	privacy_switches_set(fixture_call(f, ANNA), SWITCH_KEEP_UNMUTED, SWITCH_KEEP_UNMUTED);
	fixture_end(f, 0);
	messages_say(f, CITRA, user_peer(anna), "two");
	assert_non_null(line(f, FOLDER_ARCHIVE, user_peer(citra)));
	privacy_switches_set(fixture_call(f, ANNA), SWITCH_KEEP_UNMUTED | SWITCH_KEEP_FOLDERS,
		SWITCH_KEEP_FOLDERS);
	fixture_end(f, 0);
	assert_int_equal(fixture_end(f, folder_put(fixture_call(f, ANNA), &folder)), 0);
	messages_say(f, BUDI, user_peer(anna), "three");
	messages_say(f, CITRA, user_peer(anna), "three");
	assert_non_null(line(f, FOLDER_ARCHIVE, user_peer(budi)));
	assert_non_null(line(f, FOLDER_LIST, user_peer(citra)));
}

static void strangers_are_archived_when_wanted(void **state)
{
	struct fixture *f = *state;
	struct peer group;
	const struct update *update;
	struct call *call = fixture_call(f, ANNA);

	privacy_switches_set(call, SWITCH_ARCHIVE_STRANGERS, SWITCH_ARCHIVE_STRANGERS);
	fixture_end(f, 0);
	/* Whom she writes to herself is none. */
	messages_say(f, ANNA, user_peer(citra), "hello");
	messages_say(f, CITRA, user_peer(anna), "hello");
	assert_non_null(line(f, FOLDER_LIST, user_peer(citra)));
	messages_say(f, BUDI, user_peer(anna), "buy");
	assert_int_equal(told(f, anna, UPDATE_FOLDER_PEER)->folder, FOLDER_ARCHIVE);
	update = told(f, anna, UPDATE_NOTIFY);
	assert_non_null(update);
	assert_int_equal(update->notify->mute_until_s, INT32_MAX);
	same_peer(update->peer, user_peer(budi));
	/* He is told nothing of it. */
	assert_null(told(f, budi, UPDATE_FOLDER_PEER));
	messages_say(f, BUDI, user_peer(anna), "buy!");
	assert_null(told(f, anna, UPDATE_FOLDER_PEER));
	assert_non_null(line(f, FOLDER_ARCHIVE, user_peer(budi)));
	group = chat_peer(messages_group(f));
	messages_say(f, BUDI, group, "buy, all");
	assert_non_null(line(f, FOLDER_ARCHIVE, group));
	/* Brought back, it stays. */
	move(f, user_peer(budi), FOLDER_LIST);
	messages_say(f, BUDI, user_peer(anna), "buy?");
	assert_non_null(line(f, FOLDER_LIST, user_peer(budi)));
}

/* ---- Marks ---- */

static void marks_stay_until_taken_off(void **state)
{
	struct fixture *f = *state;
	struct peer channel = channel_peer(channels_make(f, "News", true)), *peers;
	size_t count;

	messages_say(f, BUDI, user_peer(anna), "one");
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), user_peer(budi), true)),
		0);
	assert_true(messages_told(f, anna)->marked);
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), channel, true)), 0);
	dialogs_marked(fixture_call(f, ANNA), &peers, &count);
	fixture_end(f, 0);
	assert_int_equal(count, 2);
	assert_true(line(f, FOLDER_LIST, channel)->unread_mark);
	assert_true(missed(f, messages_pts(f, ANNA), f->now_s, UPDATE_UNREAD_MARK)->marked);
	/* Again: nothing new. */
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), user_peer(budi), true)),
		0);
	assert_null(told(f, anna, UPDATE_UNREAD_MARK));
	messages_say(f, ANNA, user_peer(budi), "two");
	assert_true(line(f, FOLDER_LIST, user_peer(budi))->unread_mark);
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), user_peer(budi), false)),
		0);
	assert_false(messages_told(f, anna)->marked);
	assert_int_equal(
		fixture_end(f, dialog_mark_unread(fixture_call(f, ANNA), channel, false)), 0);
	dialogs_marked(fixture_call(f, ANNA), &peers, &count);
	fixture_end(f, 0);
	assert_int_equal(count, 0);
	fixture_refused(f, dialog_mark_unread(fixture_call(f, ANNA), user_peer(99999999), true),
		400, "PEER_ID_INVALID");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pins_of_all_kinds_stand_in_one_order),
		TEST(pins_have_a_limit_and_need_a_line),
		TEST(an_order_names_some_or_all),
		TEST(an_emptied_chat_keeps_no_place),
		TEST(pages_go_over_all_kinds),
		TEST(a_line_counts_what_waits),
		TEST(the_archive_is_a_line_of_the_list),
		TEST(channels_go_there_too),
		TEST(a_message_brings_it_back_unless_muted),
		TEST(switches_keep_it_there),
		TEST(strangers_are_archived_when_wanted),
		TEST(marks_stay_until_taken_off),
	};

	return cmocka_run_group_tests_name("core/dialogs", tests, NULL, NULL);
}
