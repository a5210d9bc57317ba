/* SPDX-License-Identifier: Apache-2.0 */
/* Making basic groups, and who comes and goes. Who may do what is chats.c. */
#include "core/accounts/blocks.h"
#include "core/bots/bot_ears.h"
#include "core/bots/bots.h"
#include "core/chats/chat_load.h"
#include "core/messages/circle.h"
#include "core/dialogs/dialog_places.h"
#include "core/channels/join_requests.h"
#include "core/messages/messages.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/privacy.h"
#include "core/messages/sources.h"
#include "core/accounts/strangers.h"
#include "core/accounts/users.h"

#define CHAT_FIRST_VERSION 1
#define LAYER_MISSING_INVITEES 179 /* answers to older ones have no room for who is missing */

/* ---- Whom one may bring in ---- */

static int check_account(struct call *call, int64_t user)
{
	if (user == SERVICE_USER || !user_exists(call, user))
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (bot_is(call, user) && !bot_joins_groups(user))
		return rpc_error(call, 400, "BOT_GROUPS_BLOCKED");
	return 0;
}

/* What older clients are told of somebody who can't be brought in; NULL: nothing is against it. Who
 * went by himself comes back by himself, or with a friend. */
static const char *obstacle(struct call *call, int64_t chat, int64_t user)
{
	struct user seen;

	if (block_has(call, call->user, user) ||
		!privacy_allows(call, user, PRIVACY_INVITE, call->user))
		return "USER_PRIVACY_RESTRICTED";
	/* A bot is nobody's friend, and nobody shall fill it up for others. */
	if (bot_joins_groups(user))
		return NULL;
	if (home_user_chat_state(call_home(call), user, chat) == USER_CHAT_LEFT &&
		(user_view(call, user, &seen) < 0 || !seen.is_mutual))
		return "USER_NOT_MUTUAL_CONTACT";
	if (home_user_chats_count(call_home(call), user) >= CHAT_MEMBERSHIPS_MAX)
		return "USER_CHANNELS_TOO_MUCH";
	return NULL;
}

static bool among(const int64_t *users, size_t count, int64_t user)
{
	for (size_t i = 0; i < count; i++) {
		if (users[i] == user)
			return true;
	}
	return false;
}

/* Sorts who was asked for into who comes and who is missing. */
static int sort_out(struct call *call, const int64_t *users, size_t count, int64_t *coming,
	size_t *coming_count, struct chat_missing *missing)
{
	bool stranger;

	for (size_t i = 0; i < count; i++) {
		if (check_account(call, users[i]) < 0)
			return -1;
		if (users[i] == call->user || among(users, i, users[i]))
			continue;
		if (obstacle(call, 0, users[i])) {
			missing->users[missing->count++] = users[i];
			continue;
		}
		if (stranger_check(call, users[i], &stranger) < 0)
			return -1;
		coming[(*coming_count)++] = users[i];
	}
	return 0;
}

/* ---- Making ---- */

static void insert_member(
	struct call *call, const struct home_chat *row, int64_t user, int64_t inviter)
{
	const struct home_chat_member member = {.user = user,
		.role = user == row->creator ? CHAT_CREATOR : CHAT_MEMBER,
		.inviter = inviter,
		.joined_at_s = call->now_s};

	home_chat_member_insert(call_home(call), row->id, &member);
}

static struct chat_context insert_chat(
	struct call *call, struct bytes title, const int64_t *users, size_t count)
{
	struct chat_context context = {.role = CHAT_CREATOR,
		.row = {.id = db_counter_add(call_home(call), 0, "chat", 1),
			.title = title,
			.creator = call->user,
			.date_s = call->now_s,
			.version = CHAT_FIRST_VERSION,
			.members = (int32_t)count}};

	home_chat_insert(call_home(call), call->store->vault, call->arena, &context.row);
	for (size_t i = 0; i < count; i++) {
		insert_member(call, &context.row, users[i], call->user);
		bot_note_standing(call, users[i], (struct peer){PEER_CHAT, context.row.id},
			ROLE_LEFT, ROLE_MEMBER);
	}
	return context;
}

/* TDLib finds the new group by a message id that answers some random_id; there was none in the
 * request, so any will do. */
static struct update message_id_update(struct call *call, const struct update_set *answer)
{
	struct update update = {
		.kind = UPDATE_MESSAGE_ID, .random_id = (int64_t)random_u64(call->env->random)};

	for (size_t i = 0; i < answer->update_count; i++) {
		if (answer->updates[i].kind == UPDATE_NEW_MESSAGE)
			update.max_id = answer->updates[i].message->id;
	}
	return update;
}

int chat_create(struct call *call, struct bytes title, const int64_t *users, size_t count,
	struct chat_missing *missing, struct update_set *answer)
{
	struct message draft = {.action = ACTION_CHAT_CREATE};
	struct chat_context context;
	struct update extra[2];

	missing->count = 0;
	if (chat_title_check(call, &title) < 0)
		return -1;
	if (count >= CHAT_USERS_MAX)
		return rpc_error(call, 400, "USERS_TOO_MUCH");
	if (home_user_chats_count(call_home(call), call->user) >= CHAT_MEMBERSHIPS_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (account_budget_take(call, "chats", CHATS_PER_DAY) < 0)
		return -1;
	draft.text = title;
	draft.users = arena_array(call->arena, count + 1, sizeof(*draft.users));
	draft.users[draft.user_count++] = call->user;
	if (sort_out(call, users, count, draft.users, &draft.user_count, missing) < 0)
		return -1;
	if (draft.user_count == 1 && call->layer < LAYER_MISSING_INVITEES)
		return rpc_error(call, 400, "USERS_TOO_FEW");
	context = insert_chat(call, title, draft.users, draft.user_count);
	if (chat_act(call, context.row.id, &draft, answer) < 0)
		return -1;
	extra[0] = message_id_update(call, answer);
	extra[1] = chat_members_update(call, &context);
	chat_answer(call, extra, 2, answer);
	return 0;
}

/* ---- Coming ---- */

/* A copy of an old message for the newcomer. */
static void hand_over(struct call *call, const struct home_box *own, struct home_box *theirs,
	const struct home_message *row)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct home_message found;
	enum box_move move;
	int64_t replied = 0;

	box_message_from_row(own, row, message);
	if (message->damaged)
		return;
	if (!reply_for_others(call, message)) {
		if (message->reply_to && home_message_get(own, message->reply_to, &found))
			replied = found.twin;
		message->reply_to =
			replied && home_message_by_twin(theirs, replied, &found) ? found.id : 0;
	}
	message->out = message->from.id == theirs->owner;
	message->random_id = 0;
	message->attention = 0;
	message->mentioned = false;
	home_box_advance(theirs, 1, 1);
	move = box_deliver_dated(call, theirs, message, row->twin, update);
	box_tell(call, theirs->owner, 0, update, 1);
	dialog_moved(call, theirs, message->peer, move);
}

/* The last messages that the caller has, but those that destroy themselves and that the newcomer
 * still has from an earlier time. */
static int hand_over_last(struct call *call, int64_t chat, int64_t user, int32_t count)
{
	struct home_page page = {.peer_kind = PEER_CHAT, .peer = chat, .below = INT32_MAX};
	struct home_messages rows;
	struct home_box theirs;
	struct home_message known;
	struct circle circle;

	if (circle_open(call, (struct peer){PEER_CHAT, chat}, &circle) < 0)
		return -1;
	if (!box_open(call, user, &theirs))
		return 0;
	circle_advance(&circle, 0, 0); /* locks all boxes, in their order */
	page.limit = count < CHAT_FORWARD_MAX ? count : CHAT_FORWARD_MAX;
	home_messages_older(circle.own, &page, &rows);
	for (size_t i = rows.count; i-- > 0;) {
		const struct home_message *row = &rows.at[i];

		if (row->action == ACTION_NONE && row->twin && !row->expires_at_s &&
			!home_message_by_twin(&theirs, row->twin, &known))
			hand_over(call, circle.own, &theirs, row);
	}
	return 0;
}

int chat_admit(struct call *call, struct chat_context *context, int64_t user, int64_t inviter)
{
	struct chat_member newcomer = {
		.user = user, .role = CHAT_MEMBER, .inviter = inviter, .joined_at_s = call->now_s};
	struct update update = {.kind = UPDATE_CHAT_MEMBER_ADD,
		.peer = {PEER_CHAT, context->row.id},
		.members = &newcomer,
		.member_count = 1};

	if (context->row.members >= CHAT_USERS_MAX)
		return rpc_error(call, 400, "USERS_TOO_MUCH");
	context->row.members++;
	update.version = ++context->row.version;
	chat_store(call, context);
	chat_tell_version(call, context->row.id, &update, false);
	insert_member(call, &context->row, user, inviter);
	bot_note_standing(call, user, update.peer, ROLE_LEFT, ROLE_MEMBER);
	join_request_settle(call, (struct peer){PEER_CHAT, context->row.id}, user);
	return 0;
}

int chat_announce(struct call *call, const struct chat_context *context, struct message *draft,
	struct update_set *answer)
{
	struct update update;

	if (chat_act(call, context->row.id, draft, answer) < 0)
		return -1;
	update = chat_members_update(call, context);
	chat_answer(call, &update, 1, answer);
	return 0;
}

static int bring_in(struct call *call, struct chat_context *context, int64_t user, int32_t forward,
	struct update_set *answer)
{
	struct message draft = {.action = ACTION_CHAT_ADD, .users = &user, .user_count = 1};

	if (chat_admit(call, context, user, call->user) < 0 ||
		(forward > 0 && !bot_is(call, user) && !context->row.noforwards &&
			hand_over_last(call, context->row.id, user, forward) < 0))
		return -1;
	return chat_announce(call, context, &draft, answer);
}

/* Only who went by himself: who was removed waits for an admin. */
static int come_back(struct call *call, int64_t chat, struct update_set *answer)
{
	struct db *home = call_home(call);
	struct chat_context context = {0};

	switch (home_user_chat_state(home, call->user, chat)) {
	case USER_CHAT_IN:
		return rpc_error(call, 400, "USER_ALREADY_PARTICIPANT");
	case USER_CHAT_LEFT:
		break;
	default:
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	}
	if (!home_chat_get(home, call->store->vault, call->arena, chat, &context.row) ||
		context.row.deactivated)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (home_user_chats_count(home, call->user) >= CHAT_MEMBERSHIPS_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	return bring_in(call, &context, call->user, 0, answer);
}

static int check_newcomer(struct call *call, const struct chat_context *context, int64_t user)
{
	if (check_account(call, user) < 0)
		return -1;
	switch (home_user_chat_state(call_home(call), user, context->row.id)) {
	case USER_CHAT_IN:
		return rpc_error(call, 400, "USER_ALREADY_PARTICIPANT");
	case USER_CHAT_KICKED:
		if (context->role < CHAT_ADMIN)
			return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
		break;
	default:
		break;
	}
	if (block_has(call, call->user, user))
		return rpc_error(call, 400, "YOU_BLOCKED_USER");
	return 0;
}

int chat_add(struct call *call, int64_t chat, int64_t user, int32_t forward,
	struct chat_missing *missing, struct update_set *answer)
{
	struct chat_context context;
	const char *why;
	bool stranger;

	*answer = (struct update_set){.date_s = call->now_s};
	missing->count = 0;
	if (user == call->user)
		return come_back(call, chat, answer);
	if (chat_need_right(call, chat, CHAT_INVITE, &context) < 0 ||
		check_newcomer(call, &context, user) < 0)
		return -1;
	why = obstacle(call, chat, user);
	if (why && call->layer < LAYER_MISSING_INVITEES)
		return rpc_error(call, 403, why);
	if (why) {
		missing->users[missing->count++] = user;
		return 0;
	}
	if (stranger_check(call, user, &stranger) < 0)
		return -1;
	return bring_in(call, &context, user, forward, answer);
}
