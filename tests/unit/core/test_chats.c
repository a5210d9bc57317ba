/* SPDX-License-Identifier: Apache-2.0 */
/* core/chats/chats.h: basic groups: who comes and goes, who may do what, and what everybody is
 * told. */
#include "chats_fixture.h"
#include "core/chats/chat_heirs.h"
#include "core/chats/chat_load.h"
#include "core/messages/history_ttl.h"
#include "core/messages/reactions.h"
#include "store/home_chats.h"
#include "store/home_leftovers.h"

static int say(struct world *w, int who, int64_t chat, const char *text)
{
	struct call *call = by(w, who);
	struct message draft = {.text = B(text)};
	struct update_set answer;

	draft.random_id = (int64_t)random_u64(w->f->env.random);
	return message_send(call, (struct peer){PEER_CHAT, chat}, &draft, &answer);
}

static struct message_list history(struct world *w, int who, int64_t chat)
{
	struct call *call = by(w, who);
	struct post_range range = {.limit = 100};
	struct message_list list;

	assert_int_equal(messages_history(call, (struct peer){PEER_CHAT, chat}, &range, &list), 0);
	return list;
}

static struct chat_view view(struct world *w, int who, int64_t chat)
{
	struct chat_view out = {0};

	assert_true(chat_view_for(by(w, who), w->id[who], chat, &out));
	return out;
}

static void made_with_a_message_an_id_and_the_members(void **state)
{
	struct world w = world_make(state);
	const int64_t users[] = {w.id[BEN], w.id[CLEO], w.id[BEN], w.id[ANNA]};
	struct call *call = by(&w, ANNA);
	struct chat_missing missing;
	struct update_set answer;
	const struct update *message;
	int64_t chat;

	assert_int_equal(chat_create(call, B("  Garden "), users, 4, &missing, &answer), 0);
	assert_int_equal(answer.update_count, 3);
	assert_int_equal(answer.updates[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(answer.updates[1].kind, UPDATE_CHAT_MEMBERS);
	assert_int_equal(answer.updates[1].member_count, 3);
	message = &answer.updates[2];
	assert_int_equal(message->kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(answer.updates[0].max_id, message->message->id);
	assert_int_equal(message->message->action, ACTION_CHAT_CREATE);
	assert_true(bytes_equal(message->message->text, B("Garden")));
	assert_int_equal(answer.user_count, 3);
	assert_int_equal(answer.chat_count, 1);
	assert_int_equal(answer.chats[0].role, CHAT_CREATOR);
	assert_int_equal(answer.chats[0].chat.members, 3);
	chat = answer.chats[0].chat.id;
	assert_non_null(told(&w, w.id[BEN], UPDATE_NEW_MESSAGE));
	assert_non_null(told(&w, w.id[CLEO], UPDATE_NEW_MESSAGE));
	assert_null(told(&w, w.id[DAN], UPDATE_NEW_MESSAGE));
	fixture_end(w.f, 0);
	assert_int_equal(chat_role_of(by(&w, BEN), chat, w.id[BEN]), CHAT_MEMBER);
	assert_int_equal(chat_role_of(by(&w, BEN), chat, w.id[DAN]), CHAT_OUT);
}

static void not_made_without_title_or_with_nobody(void **state)
{
	struct world w = world_make(state);
	struct chat_missing missing;
	struct update_set answer;
	int64_t nobody = 1999999, many[CHAT_USERS_MAX];
	struct call *call;

	fixture_refused(w.f, chat_create(by(&w, ANNA), B("  "), NULL, 0, &missing, &answer), 400,
		"CHAT_TITLE_EMPTY");
	fixture_refused(w.f, chat_create(by(&w, ANNA), B("G"), &nobody, 1, &missing, &answer), 400,
		"USER_ID_INVALID");
	for (size_t i = 0; i < CHAT_USERS_MAX; i++)
		many[i] = w.id[BEN];
	fixture_refused(w.f,
		chat_create(by(&w, ANNA), B("G"), many, CHAT_USERS_MAX, &missing, &answer), 400,
		"USERS_TOO_MUCH");
	call = by(&w, ANNA);
	call->layer = 178;
	fixture_refused(
		w.f, chat_create(call, B("G"), NULL, 0, &missing, &answer), 400, "USERS_TOO_FEW");
	for (int i = 0; i < CHATS_PER_DAY; i++)
		group_of(&w, ANNA, NULL, 0);
	assert_int_equal(chat_create(by(&w, ANNA), B("G"), NULL, 0, &missing, &answer), -1);
	assert_int_equal(w.f->call.fault.code, 420);
	fixture_end(w.f, -1);
}

static void strangers_see_a_group_that_is_not_there(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_view out;
	struct chat_full full;

	assert_false(chat_view_for(by(&w, DAN), w.id[DAN], chat, &out));
	for (int64_t id = chat; id <= chat + 1; id++) {
		struct update_set answer;
		struct chat_missing missing;

		fixture_refused(w.f, chat_known(by(&w, DAN), id), 400, "CHAT_ID_INVALID");
		fixture_refused(w.f, chat_get_full(by(&w, DAN), id, &full), 400, "CHAT_ID_INVALID");
		fixture_refused(w.f, say(&w, DAN, id, "hello"), 400, "CHAT_ID_INVALID");
		fixture_refused(w.f, chat_edit_title(by(&w, DAN), id, B("Mine"), &answer), 400,
			"CHAT_ID_INVALID");
		fixture_refused(w.f, chat_add(by(&w, DAN), id, w.id[DAN], 0, &missing, &answer),
			400, "CHAT_ID_INVALID");
		fixture_refused(w.f, chat_remove(by(&w, DAN), id, w.id[DAN], false, &answer), 400,
			"CHAT_ID_INVALID");
		fixture_refused(w.f, chat_delete(by(&w, DAN), id), 400, "CHAT_ID_INVALID");
	}
}

static void added_with_the_last_messages(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;
	struct message_list list;
	const struct update *add;
	struct call *call;

	fixture_end(w.f, say(&w, BEN, chat, "one"));
	w.f->now_s += 100;
	fixture_end(w.f, say(&w, ANNA, chat, "two"));
	w.f->now_s += 100;
	call = by(&w, BEN);
	assert_int_equal(chat_add(call, chat, w.id[DAN], 2, &missing, &answer), 0);
	assert_int_equal(answer.updates[0].kind, UPDATE_CHAT_MEMBERS);
	assert_int_equal(answer.updates[0].member_count, 4);
	assert_int_equal(answer.updates[0].version, 2);
	assert_int_equal(answer.updates[1].message->action, ACTION_CHAT_ADD);
	assert_int_equal(answer.updates[1].message->users[0], w.id[DAN]);
	add = told(&w, w.id[CLEO], UPDATE_CHAT_MEMBER_ADD);
	assert_non_null(add);
	assert_int_equal(add->version, 2);
	assert_int_equal(add->members[0].user, w.id[DAN]);
	assert_int_equal(add->members[0].inviter, w.id[BEN]);
	assert_null(told(&w, w.id[DAN], UPDATE_CHAT_MEMBER_ADD));
	fixture_end(w.f, 0);

	list = history(&w, DAN, chat);
	assert_int_equal(list.count, 3);
	assert_true(bytes_equal(list.at[1].text, B("two")));
	assert_true(bytes_equal(list.at[2].text, B("one")));
	assert_int_equal(list.at[2].from.id, w.id[BEN]);
	assert_int_equal(list.at[2].date_s, w.f->now_s - 200);
	fixture_refused(w.f, chat_add(by(&w, ANNA), chat, w.id[DAN], 0, &missing, &answer), 400,
		"USER_ALREADY_PARTICIPANT");
	fixture_refused(w.f, chat_add(by(&w, DAN), chat, w.id[DAN], 0, &missing, &answer), 400,
		"USER_ALREADY_PARTICIPANT");
	fixture_refused(w.f, chat_add(by(&w, DAN), chat, SERVICE_USER, 0, &missing, &answer), 400,
		"USER_ID_INVALID");
}

static void who_leaves_may_come_back(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;
	const struct update *gone;
	struct call *call = by(&w, BEN);

	assert_int_equal(chat_remove(call, chat, w.id[BEN], false, &answer), 0);
	assert_int_equal(answer.chats[0].role, CHAT_OUT);
	assert_false(answer.chats[0].kicked);
	gone = told(&w, w.id[CLEO], UPDATE_CHAT_MEMBER_DELETE);
	assert_int_equal(gone->version, 2);
	assert_int_equal(gone->members[0].user, w.id[BEN]);
	fixture_end(w.f, 0);
	assert_int_equal(view(&w, ANNA, chat).chat.members, 2);
	fixture_refused(w.f, say(&w, BEN, chat, "hm"), 403, "CHAT_WRITE_FORBIDDEN");
	fixture_refused(w.f, chat_remove(by(&w, BEN), chat, w.id[BEN], false, &answer), 400,
		"USER_NOT_PARTICIPANT");
	/* What happens now is not his business. */
	fixture_end(w.f, chat_edit_title(by(&w, ANNA), chat, B("Without Ben"), &answer));
	assert_true(bytes_equal(view(&w, BEN, chat).chat.title, B("Garden")));
	assert_int_equal(history(&w, BEN, chat).count, 2);

	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, BEN), chat, w.id[BEN], 0, &missing, &answer)), 0);
	assert_true(bytes_equal(view(&w, BEN, chat).chat.title, B("Without Ben")));
	assert_int_equal(view(&w, BEN, chat).role, CHAT_MEMBER);
}

static void who_was_removed_waits_for_an_admin(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;

	fixture_refused(w.f, chat_remove(by(&w, BEN), chat, w.id[CLEO], false, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_remove(by(&w, BEN), chat, w.id[ANNA], false, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_remove(by(&w, ANNA), chat, w.id[DAN], false, &answer), 400,
		"USER_NOT_PARTICIPANT");
	fixture_end(w.f, say(&w, BEN, chat, "bad word"));
	assert_int_equal(chat_remove(by(&w, ANNA), chat, w.id[BEN], true, &answer), 0);
	assert_non_null(told(&w, w.id[BEN], UPDATE_CHAT));
	assert_non_null(told(&w, w.id[BEN], UPDATE_NEW_MESSAGE));
	assert_non_null(told(&w, w.id[CLEO], UPDATE_DELETE_MESSAGES));
	fixture_end(w.f, 0);
	assert_true(view(&w, BEN, chat).kicked);
	assert_int_equal(history(&w, CLEO, chat).count, 2);
	fixture_refused(w.f, chat_add(by(&w, BEN), chat, w.id[BEN], 0, &missing, &answer), 400,
		"CHAT_ID_INVALID");
	fixture_refused(w.f, chat_add(by(&w, CLEO), chat, w.id[BEN], 0, &missing, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, ANNA), chat, w.id[BEN], 0, &missing, &answer)), 0);
	assert_int_equal(view(&w, BEN, chat).role, CHAT_MEMBER);
}

static void members_may_remove_whom_they_brought(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;

	fixture_end(w.f, chat_add(by(&w, BEN), chat, w.id[DAN], 0, &missing, &answer));
	fixture_refused(w.f, chat_remove(by(&w, CLEO), chat, w.id[DAN], false, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_remove(by(&w, BEN), chat, w.id[DAN], true, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(
		fixture_end(w.f, chat_remove(by(&w, BEN), chat, w.id[DAN], false, &answer)), 0);
}

static void admins_are_named_by_the_creator(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;
	const struct update *update;

	fixture_refused(w.f, chat_edit_admin(by(&w, BEN), chat, w.id[BEN], true), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[DAN], true), 400,
		"USER_NOT_PARTICIPANT");
	fixture_refused(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[ANNA], false), 400,
		"USER_ID_INVALID");
	fixture_refused(w.f, chat_edit_rights(by(&w, BEN), chat, CHAT_SEND, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(chat_edit_admin(by(&w, ANNA), chat, w.id[BEN], true), 0);
	update = told(&w, w.id[ANNA], UPDATE_CHAT_ADMIN);
	assert_int_equal(update->version, 2);
	assert_int_equal(update->members[0].role, CHAT_ADMIN);
	assert_non_null(told(&w, w.id[CLEO], UPDATE_CHAT_ADMIN));
	fixture_end(w.f, 0);
	assert_int_equal(view(&w, BEN, chat).role, CHAT_ADMIN);
	assert_int_equal(
		fixture_end(w.f, chat_remove(by(&w, BEN), chat, w.id[CLEO], false, &answer)), 0);
	fixture_refused(w.f, chat_remove(by(&w, BEN), chat, w.id[ANNA], false, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(
		fixture_end(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[BEN], false)), 0);
	assert_int_equal(view(&w, BEN, chat).role, CHAT_MEMBER);
}

static void default_rights_bind_members_only(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;

	fixture_refused(
		w.f, chat_edit_rights(by(&w, ANNA), chat, 0, &answer), 400, "CHAT_NOT_MODIFIED");
	fixture_refused(w.f, chat_edit_rights(by(&w, ANNA), chat, CHAT_SEE, &answer), 400,
		"BANNED_RIGHTS_INVALID");
	assert_int_equal(chat_edit_rights(by(&w, ANNA), chat,
				 CHAT_SEND_PLAIN | CHAT_CHANGE_INFO | CHAT_INVITE, &answer),
		0);
	assert_int_equal(answer.updates[0].kind, UPDATE_CHAT_RIGHTS);
	assert_int_equal(answer.updates[0].version, 2);
	assert_int_equal(told(&w, w.id[BEN], UPDATE_CHAT_RIGHTS)->rights,
		CHAT_SEND_PLAIN | CHAT_CHANGE_INFO | CHAT_INVITE);
	fixture_end(w.f, 0);
	fixture_refused(w.f, say(&w, BEN, chat, "hm"), 403, "CHAT_SEND_PLAIN_FORBIDDEN");
	fixture_refused(w.f, chat_edit_title(by(&w, BEN), chat, B("Mine"), &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(
		w.f, chat_edit_about(by(&w, BEN), chat, B("Mine")), 400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_add(by(&w, BEN), chat, w.id[DAN], 0, &missing, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_may(by(&w, BEN), chat, w.id[BEN], CHAT_DELETE_OTHERS), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(w.f, say(&w, ANNA, chat, "quiet now")), 0);
	fixture_end(w.f, chat_edit_rights(by(&w, ANNA), chat, CHAT_SEND, &answer));
	fixture_refused(w.f, say(&w, BEN, chat, "hm"), 403, "CHAT_WRITE_FORBIDDEN");
}

static void title_and_about(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;
	struct chat_full full;
	char long_text[CHAT_ABOUT_MAX + 2] = {0};

	memset(long_text, 'a', sizeof(long_text) - 1);
	fixture_refused(w.f, chat_edit_title(by(&w, BEN), chat, B("Garden"), &answer), 400,
		"CHAT_NOT_MODIFIED");
	fixture_refused(
		w.f, chat_edit_title(by(&w, BEN), chat, B(""), &answer), 400, "CHAT_TITLE_EMPTY");
	fixture_refused(
		w.f, chat_edit_about(by(&w, BEN), chat, B("")), 400, "CHAT_ABOUT_NOT_MODIFIED");
	fixture_refused(
		w.f, chat_edit_about(by(&w, BEN), chat, B(long_text)), 400, "CHAT_ABOUT_TOO_LONG");
	assert_int_equal(chat_edit_title(by(&w, BEN), chat, B("Orchard"), &answer), 0);
	assert_int_equal(
		told(&w, w.id[CLEO], UPDATE_NEW_MESSAGE)->message->action, ACTION_CHAT_TITLE);
	fixture_end(w.f, 0);
	assert_int_equal(fixture_end(w.f, chat_edit_about(by(&w, BEN), chat, B("Apples"))), 0);
	assert_int_equal(chat_get_full(by(&w, CLEO), chat, &full), 0);
	assert_true(bytes_equal(full.view.chat.title, B("Orchard")));
	assert_true(bytes_equal(full.view.chat.about, B("Apples")));
	assert_int_equal(full.member_count, 3);
	assert_false(fixture_files_contain(w.f, "Orchard", 7));
	assert_false(fixture_files_contain(w.f, "Apples", 6));
}

static void noforwards_is_the_creators(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;

	fixture_refused(w.f, chat_set_noforwards(by(&w, BEN), chat, true, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_set_noforwards(by(&w, ANNA), chat, false, &answer), 400,
		"CHAT_NOT_MODIFIED");
	assert_int_equal(
		fixture_end(w.f, chat_set_noforwards(by(&w, ANNA), chat, true, &answer)), 0);
	assert_true(view(&w, BEN, chat).chat.noforwards);
}

#define ROWS(w, table) db_get_int(store_home(&(w)->f->store), -1, "SELECT count(*) FROM " table)

static int64_t salts(struct world *w)
{
	return ROWS(w, "chats");
}

static void deleted_for_everybody(void **state)
{
	const struct chat_reactions none = {.mode = CHAT_REACTIONS_NONE};
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;

	fixture_end(w.f, say(&w, BEN, chat, "soon gone"));
	fixture_end(w.f, chat_reactions_set(by(&w, ANNA), chat, &none, &answer));
	fixture_end(
		w.f, history_ttl_set(by(&w, ANNA), (struct peer){PEER_CHAT, chat}, 86400, &answer));
	assert_int_equal(ROWS(&w, "chat_reactions"), 1);
	assert_int_equal(ROWS(&w, "history_ttls"), 1);
	fixture_refused(w.f, chat_delete(by(&w, BEN), chat), 400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(chat_delete(by(&w, ANNA), chat), 0);
	assert_non_null(told(&w, w.id[ANNA], UPDATE_CHAT));
	assert_non_null(told(&w, w.id[BEN], UPDATE_CHAT));
	assert_non_null(told(&w, w.id[BEN], UPDATE_DELETE_MESSAGES));
	fixture_end(w.f, 0);
	assert_true(view(&w, BEN, chat).kicked);
	assert_true(bytes_equal(view(&w, BEN, chat).chat.title, B("Garden")));
	assert_int_equal(history(&w, BEN, chat).count, 0);
	assert_int_equal(salts(&w), 0);
	assert_int_equal(ROWS(&w, "chat_reactions"), 0);
	assert_int_equal(ROWS(&w, "history_ttls"), 0);
}

/* Whatever the size of the group: something goes, and the caller's budget is enough for it. */
static void what_goes_at_once_is_bounded(void **state)
{
	for (size_t members = 1; members <= CHAT_USERS_MAX; members++) {
		const size_t copies = chat_drop_turns(members) * members * HISTORY_LIMIT_MAX;

		assert_true(copies > 0 && copies <= CHAT_DELETE_ROWS_MAX);
	}
}

static void who_ends_the_account_leaves_no_trace_of_groups(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;

	fixture_end(w.f, chat_remove(by(&w, BEN), chat, w.id[BEN], false, &answer));
	assert_true(chat_known(by(&w, BEN), chat) == 0);
	fixture_end(w.f, 0);
	home_leftovers_drop(call_home(by(&w, BEN)), w.id[BEN]);
	fixture_end(w.f, 0);
	fixture_refused(w.f, chat_known(by(&w, BEN), chat), 400, "CHAT_ID_INVALID");
	assert_int_equal(chat_known(by(&w, CLEO), chat), 0);
	fixture_end(w.f, 0);
}

static void the_last_who_leaves_takes_the_salt_along(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group_of(&w, ANNA, (int64_t[]){w.id[BEN]}, 1);
	struct chat_missing missing;
	struct update_set answer;

	fixture_end(w.f, chat_remove(by(&w, ANNA), chat, w.id[ANNA], false, &answer));
	assert_int_equal(salts(&w), 1);
	/* The creator is the creator no more when it comes back. */
	fixture_end(w.f, chat_add(by(&w, ANNA), chat, w.id[ANNA], 0, &missing, &answer));
	assert_int_equal(view(&w, ANNA, chat).role, CHAT_MEMBER);
	chats_leave_all(by(&w, ANNA), w.id[ANNA]);
	assert_int_equal(
		told(&w, w.id[BEN], UPDATE_CHAT_MEMBER_DELETE)->members[0].user, w.id[ANNA]);
	fixture_end(w.f, 0);
	fixture_end(w.f, chat_remove(by(&w, BEN), chat, w.id[BEN], false, &answer));
	assert_int_equal(salts(&w), 0);
	fixture_refused(w.f, chat_add(by(&w, BEN), chat, w.id[BEN], 0, &missing, &answer), 400,
		"CHAT_ID_INVALID");
	assert_true(bytes_equal(view(&w, BEN, chat).chat.title, B("Garden")));
}

static void a_group_passes_to_who_is_longest_in_it(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct update *update;
	struct update_set answer;
	int64_t heir;

	assert_int_equal(fixture_end(w.f, chat_heir(by(&w, ANNA), chat, &heir)), 0);
	assert_int_equal(heir, w.id[BEN] < w.id[CLEO] ? w.id[BEN] : w.id[CLEO]);
	fixture_refused(w.f, chat_heir(by(&w, BEN), chat, &heir), 400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_heir(by(&w, DAN), chat, &heir), 400, "CHAT_ID_INVALID");
	/* Admins come first. */
	fixture_end(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[CLEO], true));
	assert_int_equal(fixture_end(w.f, chat_heir(by(&w, ANNA), chat, &heir)), 0);
	assert_int_equal(heir, w.id[CLEO]);
	assert_int_equal(
		fixture_end(w.f, chat_remove(by(&w, ANNA), chat, w.id[ANNA], false, &answer)), 0);
	update = told(&w, w.id[BEN], UPDATE_CHAT_MEMBERS);
	assert_int_equal(
		update->version + 1, told(&w, w.id[BEN], UPDATE_CHAT_MEMBER_DELETE)->version);
	assert_non_null(told(&w, w.id[CLEO], UPDATE_CHAT));
	assert_int_equal(view(&w, CLEO, chat).role, CHAT_CREATOR);
	assert_int_equal(view(&w, BEN, chat).role, CHAT_MEMBER);
	/* Also of who ends the account. */
	chats_leave_all(by(&w, CLEO), w.id[CLEO]);
	fixture_end(w.f, 0);
	assert_int_equal(view(&w, BEN, chat).role, CHAT_CREATOR);
	fixture_refused(w.f, chat_heir(by(&w, BEN), chat, &heir), 400, "PEER_ID_INVALID");
}

static void common_groups(void **state)
{
	struct world w = world_make(state);
	const int64_t first = group(&w);
	const int64_t second = group_of(&w, BEN, (int64_t[]){w.id[ANNA], w.id[DAN]}, 2);
	struct chat_views views;
	struct update_set answer;

	chats_common(by(&w, ANNA), w.id[BEN], 0, 10, &views);
	assert_int_equal(views.count, 2);
	assert_int_equal(views.at[0].chat.id, second);
	assert_int_equal(views.at[1].chat.id, first);
	chats_common(by(&w, ANNA), w.id[BEN], second, 1, &views);
	assert_int_equal(views.count, 1);
	assert_int_equal(views.total, 2);
	assert_int_equal(views.at[0].chat.id, first);
	fixture_end(w.f, chat_remove(by(&w, BEN), first, w.id[BEN], false, &answer));
	chats_common(by(&w, ANNA), w.id[BEN], 0, 10, &views);
	assert_int_equal(views.count, 1);
}

static void full_at_the_limit(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;
	struct home_chat row;

	by(&w, ANNA);
	assert_true(home_chat_get(store_home(&w.f->store), w.f->vault, &w.f->arena, chat, &row));
	row.members = CHAT_USERS_MAX;
	home_chat_update(store_home(&w.f->store), w.f->vault, &w.f->arena, &row);
	fixture_end(w.f, 0);
	fixture_refused(w.f, chat_add(by(&w, ANNA), chat, w.id[DAN], 0, &missing, &answer), 400,
		"USERS_TOO_MUCH");
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(made_with_a_message_an_id_and_the_members),
		T(not_made_without_title_or_with_nobody),
		T(strangers_see_a_group_that_is_not_there),
		T(added_with_the_last_messages),
		T(who_leaves_may_come_back),
		T(who_was_removed_waits_for_an_admin),
		T(members_may_remove_whom_they_brought),
		T(admins_are_named_by_the_creator),
		T(default_rights_bind_members_only),
		T(title_and_about),
		T(noforwards_is_the_creators),
		T(deleted_for_everybody),
		T(what_goes_at_once_is_bounded),
		T(who_ends_the_account_leaves_no_trace_of_groups),
		T(the_last_who_leaves_takes_the_salt_along),
		T(a_group_passes_to_who_is_longest_in_it),
		T(common_groups),
		T(full_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
