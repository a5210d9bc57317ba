/* SPDX-License-Identifier: Apache-2.0 */
/* The chat list on the wire, in each served generation of layers. */
#include "pair.h"

#include "core/dialogs/dialog_places.h"

static void refused(struct fixture *f, const struct tl_object *query, const char *text)
{
	union tl_reply reply;

	assert_false(layered_ask(f, ANNA, 227, query, &scratch, &reply));
	assert_string_equal(f->call.fault.text, text);
	assert_int_equal(f->call.fault.code, 400);
}

static struct tl_objects one(struct tl_object *object)
{
	struct tl_objects list = tl_objects_new(&scratch, 1);

	list.at[0] = object;
	return list;
}

static void write_to_anna(struct fixture *f)
{
	struct tl_messages_sendMessage *query = TL_NEW(&scratch, messages_sendMessage);
	static int64_t random_id;

	query->peer = pair_peer(f, budi, anna);
	query->message = B("halo");
	query->random_id = ++random_id;
	pair_ask(f, BUDI, 227, &query->o);
}

static void archive_budi(struct fixture *f, int layer, int32_t folder)
{
	struct tl_folders_editPeerFolders *query = TL_NEW(&scratch, folders_editPeerFolders);
	struct tl_inputFolderPeer *move = TL_NEW(&scratch, inputFolderPeer);
	const struct tl_updates *updates;
	union tl_reply reply;

	move->peer = pair_peer(f, anna, budi);
	move->folder_id = folder;
	query->folder_peers = one(&move->o);
	reply = pair_ask(f, ANNA, layer, &query->o);
	updates = TL_AS(updates, reply.object);
	assert_int_equal(updates->updates.count, 1);
	assert_int_equal(TL_AS(updateFolderPeers, updates->updates.at[0])->pts_count, 1);
}

static void the_archive_is_a_line(void **state)
{
	struct fixture *f = *state;

	write_to_anna(f);
	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_getPinnedDialogs *pinned =
			TL_NEW(&scratch, messages_getPinnedDialogs);
		struct tl_messages_getDialogs *all = TL_NEW(&scratch, messages_getDialogs);
		const struct tl_messages_peerDialogs *lines;
		const struct tl_messages_dialogs *list;
		const struct tl_dialogFolder *archive;

		archive_budi(f, layers[i], FOLDER_ARCHIVE);
		lines = TL_AS(
			messages_peerDialogs, pair_ask(f, ANNA, layers[i], &pinned->o).object);
		assert_int_equal(lines->dialogs.count, 1);
		archive = TL_AS(dialogFolder, lines->dialogs.at[0]);
		assert_true(archive->pinned);
		assert_int_equal(TL_AS(folder, archive->folder)->id, FOLDER_ARCHIVE);
		assert_int_equal(TL_AS(peerUser, archive->peer)->user_id, budi);
		assert_int_equal(archive->unread_unmuted_messages_count, 1);
		assert_int_equal(lines->messages.count, 1);
		assert_int_equal(TL_AS(message, lines->messages.at[0])->id, archive->top_message);
		assert_int_equal(lines->users.count, 1);
		/* In the whole list it is the first line, in the archive's own it is none. */
		all->offset_peer = &TL_NEW(&scratch, inputPeerEmpty)->o;
		all->limit = 20;
		all->has_folder_id = true;
		list = TL_AS(messages_dialogs, pair_ask(f, ANNA, layers[i], &all->o).object);
		assert_non_null(TL_AS(dialogFolder, list->dialogs.at[0]));
		all->folder_id = FOLDER_ARCHIVE;
		list = TL_AS(messages_dialogs, pair_ask(f, ANNA, layers[i], &all->o).object);
		assert_int_equal(list->dialogs.count, 1);
		assert_int_equal(TL_AS(dialog, list->dialogs.at[0])->folder_id, FOLDER_ARCHIVE);
		/* Who names no folder gets both, as lines. */
		all->has_folder_id = false;
		list = TL_AS(messages_dialogs, pair_ask(f, ANNA, layers[i], &all->o).object);
		assert_non_null(TL_AS(dialog, list->dialogs.at[0]));
		archive_budi(f, layers[i], FOLDER_LIST);
		lines = TL_AS(
			messages_peerDialogs, pair_ask(f, ANNA, layers[i], &pinned->o).object);
		assert_int_equal(lines->dialogs.count, 0);
	}
}

static void folders_that_are_none_are_refused(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_getPinnedDialogs *pinned = TL_NEW(&scratch, messages_getPinnedDialogs);
	struct tl_messages_getDialogs *all = TL_NEW(&scratch, messages_getDialogs);
	static const int32_t folders[] = {-1, 2};

	all->offset_peer = &TL_NEW(&scratch, inputPeerEmpty)->o;
	all->has_folder_id = true;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		all->folder_id = pinned->folder_id = folders[i];
		refused(f, &all->o, "FOLDER_ID_INVALID");
		refused(f, &pinned->o, "FOLDER_ID_INVALID");
	}
}

static void a_folder_comes_back_as_it_was_given(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_updateDialogFilter *put =
			TL_NEW(&scratch, messages_updateDialogFilter);
		struct tl_dialogFilter *filter = TL_NEW(&scratch, dialogFilter);
		struct tl_textWithEntities *title = TL_NEW(&scratch, textWithEntities);
		struct tl_messages_getDialogFilters *get =
			TL_NEW(&scratch, messages_getDialogFilters);
		const struct tl_messages_dialogFilters *filters;
		const struct tl_dialogFilter *back;

		title->text = filter->title_string = B("Friends");
		filter->title = &title->o;
		filter->id = put->id = 2;
		filter->exclude_muted = true;
		filter->include_peers = one(pair_peer(f, anna, budi));
		put->filter = &filter->o;
		assert_true(pair_ask(f, ANNA, layers[i], &put->o).boolean);
		pair_ask(f, ANNA, layers[i], &get->o);
		/* The newest form has what every older one has. */
		filters = TL_AS(messages_dialogFilters, pair_ask(f, ANNA, 227, &get->o).object);
		assert_int_equal(filters->filters.count, 2);
		assert_non_null(TL_AS(dialogFilterDefault, filters->filters.at[0]));
		back = TL_AS(dialogFilter, filters->filters.at[1]);
		assert_true(bytes_equal_str(TL_AS(textWithEntities, back->title)->text, "Friends"));
		assert_true(back->exclude_muted);
		assert_int_equal(back->include_peers.count, 1);
		assert_int_equal(TL_AS(inputPeerUser, back->include_peers.at[0])->user_id, budi);
		put->filter = NULL;
		assert_true(pair_ask(f, ANNA, layers[i], &put->o).boolean);
	}
}

static void a_draft_goes_with_its_line(void **state)
{
	struct fixture *f = *state;

	write_to_anna(f);
	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_saveDraft *save = TL_NEW(&scratch, messages_saveDraft);
		struct tl_messages_getPeerDialogs *get = TL_NEW(&scratch, messages_getPeerDialogs);
		struct tl_messages_sendMessage *send = TL_NEW(&scratch, messages_sendMessage);
		struct tl_inputDialogPeer *peer = TL_NEW(&scratch, inputDialogPeer);
		const struct tl_messages_peerDialogs *lines;
		const struct tl_dialog *line;

		save->peer = peer->peer = send->peer = pair_peer(f, anna, budi);
		save->message = B("half a thought");
		get->peers = one(&peer->o);
		assert_true(pair_ask(f, ANNA, layers[i], &save->o).boolean);
		lines = TL_AS(messages_peerDialogs, pair_ask(f, ANNA, layers[i], &get->o).object);
		line = TL_AS(dialog, lines->dialogs.at[0]);
		assert_true(bytes_equal_str(
			TL_AS(draftMessage, line->draft)->message, "half a thought"));
		/* Sent from it, it is gone. */
		send->message = B("a thought");
		send->random_id = 900 + (int64_t)i;
		send->clear_draft = true;
		pair_ask(f, ANNA, layers[i], &send->o);
		lines = TL_AS(messages_peerDialogs, pair_ask(f, ANNA, layers[i], &get->o).object);
		assert_null(TL_AS(dialog, lines->dialogs.at[0])->draft);
	}
}

static void what_was_set_is_on_the_card(void **state)
{
	struct fixture *f = *state;

	write_to_anna(f);
	archive_budi(f, 227, FOLDER_ARCHIVE);
	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_account_updateNotifySettings *set =
			TL_NEW(&scratch, account_updateNotifySettings);
		struct tl_inputPeerNotifySettings *settings =
			TL_NEW(&scratch, inputPeerNotifySettings);
		struct tl_inputNotifyPeer *peer = TL_NEW(&scratch, inputNotifyPeer);
		struct tl_users_getFullUser *get = TL_NEW(&scratch, users_getFullUser);
		struct tl_inputUser *user = TL_NEW(&scratch, inputUser);
		const struct tl_userFull *full;
		const struct tl_peerNotifySettings *now;

		peer->peer = pair_peer(f, anna, budi);
		set->peer = &peer->o;
		settings->has_mute_until = true;
		settings->mute_until = 2147483647;
		set->settings = &settings->o;
		assert_true(pair_ask(f, ANNA, layers[i], &set->o).boolean);
		user->user_id = budi;
		user->access_hash = vault_access_hash(f->vault, anna, PEER_USER, budi);
		get->id = &user->o;
		full = TL_AS(userFull,
			TL_AS(users_userFull, pair_ask(f, ANNA, layers[i], &get->o).object)
				->full_user);
		now = TL_AS(peerNotifySettings, full->notify_settings);
		assert_true(now->has_mute_until);
		assert_int_equal(now->mute_until, 2147483647);
		assert_int_equal(full->folder_id, FOLDER_ARCHIVE);
		/* Nothing of its own again. */
		settings->has_mute_until = false;
		assert_true(pair_ask(f, ANNA, layers[i], &set->o).boolean);
		full = TL_AS(userFull,
			TL_AS(users_userFull, pair_ask(f, ANNA, layers[i], &get->o).object)
				->full_user);
		assert_false(TL_AS(peerNotifySettings, full->notify_settings)->has_mute_until);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_setup, pair_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_archive_is_a_line),
		TEST(folders_that_are_none_are_refused),
		TEST(a_folder_comes_back_as_it_was_given),
		TEST(a_draft_goes_with_its_line),
		TEST(what_was_set_is_on_the_card),
	};

	return cmocka_run_group_tests_name("api/dialogs", tests, NULL, NULL);
}
