/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what is put into the queue and how it is read. Does not own the rows:
 * store/home_bot_updates.c does. */
#include "core/bots/bot_updates.h"

#include "core/bots/bot_ears.h"
#include "core/messages/box.h"
#include "core/bots/callbacks.h"
#include "core/chats/chats.h"
#include "core/messages/messages.h"
#include "store/home_bot_updates.h"
#include "store/home_members.h"

#define PURGE_ROWS 1000
/* Of a queue whose messages are gone by now: the next poll goes on. */
#define LOOKS_MAX 20

/* ---- What happens ---- */

static void put(struct call *call, int64_t bot, struct home_bot_update *update)
{
	update->created_at_s = call->now_s;
	home_bot_update_put(call_home(call), call->store->vault, call->arena, bot, update);
	effects_append(call->effects, EFFECT_BOT_UPDATE)->account = bot;
}

void bot_note_message(
	struct call *call, int64_t bot, const struct message *message, enum bot_update_kind kind)
{
	struct home_bot_update update = {.kind = kind,
		.peer_kind = message->peer.kind,
		.peer = message->peer.id,
		.message = message->id,
		.actor = message->from.kind == PEER_USER ? message->from.id : 0};

	if (bot_is_polled(bot) && update.actor != bot)
		put(call, bot, &update);
}

static bool is_admin(const struct membership_row *row)
{
	return row->role == ROLE_ADMIN || row->role == ROLE_CREATOR;
}

static bool is_said_to(struct call *call, int64_t bot, const struct message *post)
{
	int64_t replied = 0;

	if (post->reply_to && (!post->reply || post->reply->peer.kind == PEER_NONE))
		replied = home_authors_get(call_home(call), post->peer.id, post->reply_to).author;
	return bot_hears(call, bot, post, replied);
}

/* What was written before it came, or before it became an admin who hears all, it did not hear. */
static bool hears_edit(struct call *call, int64_t bot, const struct membership_row *row,
	const struct message *post)
{
	return (is_admin(row) && post->date_s > row->changed_at_s) ||
	       (post->date_s >= row->joined_at_s && is_said_to(call, bot, post));
}

static void note_post_of(struct call *call, int64_t bot, const struct message *post, bool edited)
{
	struct membership_row row;

	if (call->user == bot || !home_members_find(call_home(call), bot, post->peer.id, &row) ||
		row.role < ROLE_MEMBER || row.role > ROLE_CREATOR ||
		(edited ? !hears_edit(call, bot, &row, post)
			: !is_admin(&row) && !is_said_to(call, bot, post)))
		return;
	bot_note_message(call, bot, post,
		post->post ? edited ? BOT_EDITED_CHANNEL_POST : BOT_CHANNEL_POST
		: edited   ? BOT_EDITED_MESSAGE
			   : BOT_MESSAGE);
}

void bot_note_post(struct call *call, const struct message *post, bool edited)
{
	note_post_of(call, SERVICE_BOT, post, edited);
}

void bot_note_callback(struct call *call, int64_t bot, struct peer chat, int32_t id, int64_t query,
	struct bytes data)
{
	struct home_bot_update update = {.kind = BOT_CALLBACK_QUERY,
		.peer_kind = chat.kind,
		.peer = chat.id,
		.message = id,
		.actor = call->user,
		.query = query,
		.data = data};

	if (bot_is_polled(bot))
		put(call, bot, &update);
}

/* The two standings go where other kinds have their message and query. */
void bot_note_standing(struct call *call, int64_t bot, struct peer chat, enum channel_role was,
	enum channel_role is)
{
	struct home_bot_update update = {.kind = BOT_MY_CHAT_MEMBER,
		.peer_kind = chat.kind,
		.peer = chat.id,
		.message = (int32_t)is,
		.actor = call->user,
		.query = (int64_t)was};

	if (bot_is_polled(bot) && was != is && call->user != bot)
		put(call, bot, &update);
}

/* ---- What the bot asks ---- */

static struct message *post_there(struct call *call, int64_t channel, int32_t id)
{
	struct post_list posts;

	if (channel_posts_get(call, channel, &id, 1, &posts) < 0) {
		call->fault = (struct fault){0};
		return NULL;
	}
	return posts.count ? &posts.posts[0] : NULL;
}

/* Its box has only what was said to it. */
static struct message *message_there(struct call *call, struct peer chat, int32_t id)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_message row;
	struct home_box box;

	if (chat.kind == PEER_CHANNEL)
		return post_there(call, chat.id, id);
	if (!box_open(call, call->user, &box) || !home_message_get(&box, id, &row) ||
		row.peer_kind != (int32_t)chat.kind || row.peer != chat.id)
		return NULL;
	box_message_from_row(&box, &row, message);
	return message->damaged ? NULL : message;
}

static bool has_heard(struct call *call, const struct message *post)
{
	struct membership_row row;

	if (post->author == call->user)
		return true;
	if (!home_members_find(call_home(call), call->user, post->peer.id, &row))
		return false;
	return hears_edit(call, call->user, &row, post);
}

struct message *bot_message(struct call *call, struct peer chat, int32_t id)
{
	struct message *message = message_there(call, chat, id);

	return message && (chat.kind != PEER_CHANNEL || has_heard(call, message)) ? message : NULL;
}

struct message *bot_message_replied(struct call *call, const struct message *message)
{
	struct message *replied;

	if (!message->reply_to || (message->reply && message->reply->peer.kind != PEER_NONE))
		return NULL;
	replied = message_there(call, message->peer, message->reply_to);
	if (!replied || message->peer.kind != PEER_CHANNEL || has_heard(call, replied))
		return replied;
	return replied->author && replied->author == message->author ? replied : NULL;
}

bool bot_has_met(struct call *call, struct peer chat)
{
	struct channel_view channel;
	struct home_dialog dialog;
	struct chat_view group;
	struct home_box box;

	switch (chat.kind) {
	case PEER_USER:
		return box_open(call, call->user, &box) && box_dialog(&box, chat, &dialog) &&
		       dialog.top_id > 0;
	case PEER_CHAT:
		return chat_view_for(call, call->user, chat.id, &group);
	case PEER_CHANNEL:
		return channel_find(call, chat.id, &channel);
	case PEER_NONE:
		break;
	}
	return false;
}

/* False: there is nothing to tell of it any more. */
static bool resolve(struct call *call, const struct home_bot_update *row, struct bot_update *out)
{
	*out = (struct bot_update){.id = row->id,
		.kind = (enum bot_update_kind)row->kind,
		.actor = row->actor,
		.chat = {(enum peer_kind)row->peer_kind, row->peer},
		.date_s = row->created_at_s};
	if (out->kind == BOT_MY_CHAT_MEMBER) {
		out->is = (enum channel_role)row->message;
		out->was = (enum channel_role)row->query;
		/* Where it is out of, it hears that it is. */
		return out->chat.kind == PEER_CHANNEL || bot_has_met(call, out->chat);
	}
	/* It was said to the bot when it was written; what it says since, it may not be. */
	out->message = message_there(call, out->chat, row->message);
	if (out->message && out->kind != BOT_CALLBACK_QUERY && out->chat.kind == PEER_CHANNEL &&
		out->message->edit_date_s && !has_heard(call, out->message))
		out->message = NULL;
	if (out->kind != BOT_CALLBACK_QUERY)
		return out->message != NULL;
	out->query = row->query;
	out->data = row->data;
	return row->created_at_s >= call->now_s - CALLBACK_LIFE_S;
}

static int64_t first_wanted(struct call *call, int64_t offset)
{
	if (offset >= 0)
		return offset;
	return home_bot_updates_from_end(call_home(call), call->user, -offset);
}

int bot_updates_take(
	struct call *call, int64_t offset, size_t limit, uint32_t kinds, struct bot_updates *out)
{
	struct db *db = call_home(call);
	int64_t from = first_wanted(call, offset);
	struct home_bot_update *rows;
	size_t count;

	if (from > home_bot_updates_last(db, call->user) + 1)
		return rpc_error(call, 400, "OFFSET_AHEAD");
	if (from > 0)
		home_bot_updates_drop(db, call->user, from);
	*out = (struct bot_updates){
		.at = arena_array(call->arena, BOT_UPDATES_PER_CALL_MAX, sizeof(*out->at))};
	if (limit > BOT_UPDATES_PER_CALL_MAX)
		limit = BOT_UPDATES_PER_CALL_MAX;
	/* What became nothing makes room for what follows, as far as one call may look. */
	for (int look = 0; look < LOOKS_MAX && out->count == 0; look++) {
		count = home_bot_updates_list(db, call->store->vault, call->arena, call->user, from,
			kinds, call->now_s - BOT_UPDATES_KEPT_S, limit, &rows);
		for (size_t i = 0; i < count; i++) {
			if (resolve(call, &rows[i], &out->at[out->count]))
				out->count++;
			else
				home_bot_update_delete(db, call->user, rows[i].id);
		}
		if (count < limit)
			break;
	}
	return 0;
}

bool bot_updates_purge(struct call *call)
{
	const int64_t before_s = call->now_s - BOT_UPDATES_KEPT_S;

	home_bot_queries_purge(call_home(call), call->now_s - CALLBACK_LIFE_S, PURGE_ROWS);
	return home_bot_updates_purge(call_home(call), before_s, PURGE_ROWS);
}
