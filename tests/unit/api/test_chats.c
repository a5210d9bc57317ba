/* SPDX-License-Identifier: Apache-2.0 */
/* api/chats.c, chats_edit.c, encode_chat.c: what clients get of basic groups, in every layer. */
#include "../core/chats_fixture.h"
#include "layered.h"

#include "api/encode_rights.h"
#include "api/encode_updates.h"
#include "core/accounts/users.h"

/* As the account of the running call must present it. */
static struct tl_object *input_user(struct world *w, int who)
{
	return layered_user(w->f, w->id[who]);
}

static const struct tl_updates *updates_of(const struct tl_object *object)
{
	const struct tl_updates *updates = TL_AS(updates, object);

	assert_non_null(updates);
	return updates;
}

static struct tl_messages_createChat *garden(struct world *w, int32_t ttl_s)
{
	struct tl_messages_createChat *req = TL_NEW(&w->f->arena, messages_createChat);

	req->title = B("Garden");
	req->users = tl_objects_new(&w->f->arena, 1);
	req->users.at[0] = input_user(w, BEN);
	req->ttl_period = ttl_s;
	req->has_ttl_period = ttl_s != 0;
	return req;
}

static void creating_tells_what_clients_wait_for(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const struct tl_updates *updates;
	const struct tl_updateChatParticipants *members;
	const struct tl_chatParticipants *list;
	const struct tl_chat *chat;
	union tl_reply reply;

	by(&w, ANNA);
	SEEN(messages_createChat, garden(&w, 0));
	assert_int_equal(TL_AS(messages_invitedUsers, reply.object)->missing_invitees.count, 0);
	updates = updates_of(TL_AS(messages_invitedUsers, reply.object)->updates);
	assert_int_equal(updates->updates.count, 3);
	assert_non_null(TL_AS(updateMessageID, updates->updates.at[0]));
	members = TL_AS(updateChatParticipants, updates->updates.at[1]);
	list = TL_AS(chatParticipants, members->participants);
	assert_int_equal(list->version, 1);
	assert_int_equal(list->participants.count, 2);
	assert_non_null(TL_AS(chatParticipantCreator, list->participants.at[0]));
	assert_non_null(TL_AS(chatParticipant, list->participants.at[1]));
	assert_non_null(TL_AS(updateNewMessage, updates->updates.at[2]));
	assert_int_equal(updates->chats.count, 1);
	assert_int_equal(updates->users.count, 2);
	chat = TL_AS(chat, updates->chats.at[0]);
	assert_true(chat->creator);
	assert_int_equal(chat->participants_count, 2);
	assert_non_null(chat->default_banned_rights);
}

static const struct tl_chatFull *full_chat(struct world *w, int64_t chat)
{
	struct tl_messages_getFullChat *req;
	union tl_reply reply;

	by(w, ANNA);
	req = TL_NEW(&w->f->arena, messages_getFullChat);
	req->chat_id = chat;
	assert_int_equal(layered_see(w->f, tl_invoke_messages_getFullChat, &req->o, &reply), 0);
	return TL_AS(chatFull, TL_AS(messages_chatFull, reply.object)->full_chat);
}

static void messages_of_a_new_group_may_live_for_a_time(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const struct tl_updates *updates;
	const struct tl_chatFull *full;
	union tl_reply reply;

	by(&w, ANNA);
	REFUSED(messages_createChat, garden(&w, -1), 400, "TTL_PERIOD_INVALID");
	by(&w, ANNA);
	SEEN(messages_createChat, garden(&w, 86400));
	updates = updates_of(TL_AS(messages_invitedUsers, reply.object)->updates);
	assert_int_equal(updates->updates.count, 5);
	assert_int_equal(TL_AS(updatePeerHistoryTTL, updates->updates.at[3])->ttl_period, 86400);
	assert_non_null(TL_AS(updateNewMessage, updates->updates.at[4]));
	full = full_chat(&w, TL_AS(chat, updates->chats.at[0])->id);
	assert_int_equal(full->ttl_period, 86400);
	assert_false(full->has_scheduled || full->has_folder_id);
}

static void coming_and_going(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const int64_t chat = group(&w);
	struct tl_messages_addChatUser *add;
	struct tl_messages_deleteChatUser *remove;
	const struct tl_updates *updates;
	union tl_reply reply;

	by(&w, ANNA);
	add = REQUEST(messages_addChatUser);
	add->chat_id = chat;
	add->user_id = input_user(&w, DAN);
	SEEN(messages_addChatUser, add);
	updates = updates_of(TL_AS(messages_invitedUsers, reply.object)->updates);
	assert_non_null(TL_AS(updateChatParticipants, updates->updates.at[0]));

	by(&w, DAN);
	remove = REQUEST(messages_deleteChatUser);
	remove->chat_id = chat;
	remove->user_id = &REQUEST(inputUserSelf)->o;
	SEEN(messages_deleteChatUser, remove);
	updates = updates_of(reply.object);
	assert_true(TL_AS(chat, updates->chats.at[0])->left);
	by(&w, DAN);
	add = REQUEST(messages_addChatUser);
	add->chat_id = chat + 1;
	add->user_id = &REQUEST(inputUserSelf)->o;
	REFUSED(messages_addChatUser, add, 400, "CHAT_ID_INVALID");
	by(&w, DAN);
	remove = REQUEST(messages_deleteChatUser);
	remove->chat_id = chat;
	remove->user_id = &REQUEST(inputUserEmpty)->o;
	REFUSED(messages_deleteChatUser, remove, 400, "USER_ID_INVALID");
}

static void looked_at_by_members_and_by_others(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const int64_t chat = group(&w);
	struct tl_messages_getFullChat *full;
	struct tl_messages_getChats *list;
	struct tl_messages_getOnlines *onlines;
	struct tl_messages_getCommonChats *common;
	struct update_set answer;
	const struct tl_chatFull *seen;
	union tl_reply reply;

	by(&w, BEN);
	full = REQUEST(messages_getFullChat);
	full->chat_id = chat;
	SEEN(messages_getFullChat, full);
	seen = TL_AS(chatFull, TL_AS(messages_chatFull, reply.object)->full_chat);
	assert_int_equal(TL_AS(chatParticipants, seen->participants)->participants.count, 3);
	assert_int_equal(TL_AS(messages_chatFull, reply.object)->users.count, 3);

	by(&w, DAN);
	full = REQUEST(messages_getFullChat);
	full->chat_id = chat;
	REFUSED(messages_getFullChat, full, 400, "CHAT_ID_INVALID");
	by(&w, DAN);
	list = REQUEST(messages_getChats);
	list->id = (struct tl_longs){.count = 1, .at = (int64_t[]){chat}};
	REFUSED(messages_getChats, list, 400, "CHAT_ID_INVALID");
	by(&w, DAN);
	onlines = REQUEST(messages_getOnlines);
	onlines->peer = layered_chat(w.f, chat);
	REFUSED(messages_getOnlines, onlines, 400, "CHAT_ID_INVALID");

	fixture_end(f, chat_remove(by(&w, ANNA), chat, w.id[BEN], false, &answer));
	by(&w, BEN);
	list = REQUEST(messages_getChats);
	list->id = (struct tl_longs){.count = 1, .at = (int64_t[]){chat}};
	SEEN(messages_getChats, list);
	assert_non_null(TL_AS(chatForbidden, TL_AS(messages_chats, reply.object)->chats.at[0]));
	by(&w, BEN);
	full = REQUEST(messages_getFullChat);
	full->chat_id = chat;
	SEEN(messages_getFullChat, full);
	seen = TL_AS(chatFull, TL_AS(messages_chatFull, reply.object)->full_chat);
	assert_non_null(TL_AS(chatParticipantsForbidden, seen->participants));
	assert_null(seen->available_reactions);
	by(&w, ANNA);
	common = REQUEST(messages_getCommonChats);
	common->user_id = input_user(&w, CLEO);
	common->limit = 10;
	SEEN(messages_getCommonChats, common);
	assert_int_equal(TL_AS(messages_chats, reply.object)->chats.count, 1);
}

static void rights_go_both_ways(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const int64_t chat = group(&w);
	struct tl_messages_editChatDefaultBannedRights *req;
	struct tl_chatBannedRights *rights;
	const struct tl_updateChatDefaultBannedRights *update;
	union tl_reply reply;

	for (int bit = 0; bit <= 28; bit++) {
		const uint32_t right = 1u << bit;
		const uint32_t back =
			banned_rights_from_input(encode_banned_rights(&f->arena, right, 0), NULL);

		assert_true(back == right || back == 0);
	}
	by(&w, ANNA);
	req = REQUEST(messages_editChatDefaultBannedRights);
	rights = REQUEST(chatBannedRights);
	rights->send_polls = true;
	rights->until_date = 5;
	req->peer = layered_chat(w.f, chat);
	req->banned_rights = &rights->o;
	REFUSED(messages_editChatDefaultBannedRights, req, 400, "UNTIL_DATE_INVALID");
	by(&w, ANNA);
	req = REQUEST(messages_editChatDefaultBannedRights);
	rights = REQUEST(chatBannedRights);
	rights->send_polls = true;
	req->peer = layered_chat(w.f, chat);
	req->banned_rights = &rights->o;
	SEEN(messages_editChatDefaultBannedRights, req);
	update = TL_AS(updateChatDefaultBannedRights, updates_of(reply.object)->updates.at[0]);
	assert_int_equal(update->version, 2);
	assert_true(TL_AS(chatBannedRights, update->default_banned_rights)->send_polls);
}

static void changed_by_members_and_not_by_others(void **state)
{
	struct world w = world_make(state);
	struct fixture *f = w.f;
	const int64_t chat = group(&w);
	struct tl_messages_editChatTitle *title;
	struct tl_messages_editChatAbout *about;
	struct tl_messages_editChatAdmin *admin;
	struct tl_messages_toggleNoForwards *forwards;
	struct tl_messages_deleteChat *end;
	union tl_reply reply;

	by(&w, BEN);
	title = REQUEST(messages_editChatTitle);
	title->chat_id = chat;
	title->title = B("Orchard");
	SEEN(messages_editChatTitle, title);
	by(&w, BEN);
	about = REQUEST(messages_editChatAbout);
	about->peer = layered_chat(w.f, chat);
	about->about = B("apples");
	SEEN(messages_editChatAbout, about);
	by(&w, BEN);
	about = REQUEST(messages_editChatAbout);
	about->peer = &REQUEST(inputPeerSelf)->o;
	REFUSED(messages_editChatAbout, about, 400, "PEER_ID_INVALID");
	by(&w, ANNA);
	admin = REQUEST(messages_editChatAdmin);
	admin->chat_id = chat;
	admin->user_id = input_user(&w, BEN);
	admin->is_admin = true;
	SEEN(messages_editChatAdmin, admin);
	by(&w, ANNA);
	forwards = REQUEST(messages_toggleNoForwards);
	forwards->peer = layered_chat(w.f, chat);
	forwards->enabled = true;
	SEEN(messages_toggleNoForwards, forwards);
	assert_true(TL_AS(chat, updates_of(reply.object)->chats.at[0])->noforwards);
	by(&w, DAN);
	end = REQUEST(messages_deleteChat);
	end->chat_id = chat;
	REFUSED(messages_deleteChat, end, 400, "CHAT_ID_INVALID");
	by(&w, ANNA);
	end = REQUEST(messages_deleteChat);
	end->chat_id = chat;
	SEEN(messages_deleteChat, end);
}

/* Each kind of update, as the difference and the push encode it. */
static void every_update_has_its_constructor(void **state)
{
	static const struct {
		enum update_kind kind;
		enum tl_name name;
	} kinds[] = {
		{UPDATE_CHAT, TL_updateChat},
		{UPDATE_CHAT_MEMBERS, TL_updateChatParticipants},
		{UPDATE_CHAT_MEMBER_ADD, TL_updateChatParticipantAdd},
		{UPDATE_CHAT_MEMBER_DELETE, TL_updateChatParticipantDelete},
		{UPDATE_CHAT_ADMIN, TL_updateChatParticipantAdmin},
		{UPDATE_CHAT_RIGHTS, TL_updateChatDefaultBannedRights},
	};
	struct fixture *f = *state;
	struct chat_member member = {.user = 7, .role = CHAT_ADMIN, .inviter = 8};
	struct update update = {
		.peer = {PEER_CHAT, 5}, .members = &member, .member_count = 1, .version = 3};
	struct update_set set = {.updates = &update, .update_count = 1};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		update.kind = kinds[i].kind;
		assert_int_equal(encode_update(&f->arena, &update, &set)->name, kinds[i].name);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(creating_tells_what_clients_wait_for),
		T(messages_of_a_new_group_may_live_for_a_time),
		T(coming_and_going),
		T(looked_at_by_members_and_by_others),
		T(rights_go_both_ways),
		T(changed_by_members_and_not_by_others),
		T(every_update_has_its_constructor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
