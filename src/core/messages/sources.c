/* SPDX-License-Identifier: Apache-2.0 */
/* Finding messages that go elsewhere, and naming where they come from. */
#include "core/messages/sources.h"

#include <stdlib.h>

#include "base/text.h"
#include "core/chats/chats.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users.h"

static int posts_as_messages(struct call *call, int64_t channel, const int32_t *ids, size_t count,
	struct message_list *out)
{
	struct post_list posts;

	if (channel_posts_get(call, channel, ids, count, &posts) < 0)
		return -1;
	*out = (struct message_list){.at = posts.posts, .count = posts.count};
	return 0;
}

int source_messages(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct message_list *out)
{
	size_t kept = 0;

	if (in.kind == PEER_CHANNEL)
		return posts_as_messages(call, in.id, ids, count, out);
	if (messages_get(call, ids, count, out) < 0)
		return -1;
	for (size_t i = 0; i < out->count; i++) {
		if (out->at[i].peer.kind == in.kind && out->at[i].peer.id == in.id)
			out->at[kept++] = out->at[i];
	}
	out->count = kept;
	return 0;
}

/* Copies of a poll share its votes: one that is taken along would go on telling how it stands. */
static bool would_tell(struct call *call, const struct message *message)
{
	return message->media && message->media->kind == MEDIA_POLL &&
	       chat_role_of(call, message->peer.id, call->user) == CHAT_OUT;
}

int source_may_leave(struct call *call, const struct message *message)
{
	const bool in_group = message->peer.kind == PEER_CHAT;
	struct channel_view view;

	if (message->peer.kind == PEER_CHANNEL && channel_find(call, message->peer.id, &view) &&
		view.channel->settings.flags & CHANNEL_NOFORWARDS)
		return rpc_error(call, 400, "CHAT_FORWARDS_RESTRICTED");
	if (message->noforwards || (in_group && (chat_holds_back(call, message->peer.id) ||
							would_tell(call, message))))
		return rpc_error(call, 400, "CHAT_FORWARDS_RESTRICTED");
	return 0;
}

static struct bytes own_name(struct call *call, int64_t id)
{
	struct user user;

	/* As he calls himself: not the name under which somebody has saved him. */
	if (user_view_for(call, id, id, &user) < 0 || user.is_deleted)
		return BYTES_LITERAL("Deleted Account");
	return bytes_from_str(arena_printf(call->arena, "%.*s%s%.*s", (int)user.first_name.size,
		(const char *)user.first_name.data, user.last_name.size ? " " : "",
		(int)user.last_name.size, (const char *)user.last_name.data));
}

/* Everybody may see a public channel; a private one is known by its title to others. */
static void name_channel(struct call *call, int64_t id, bool for_oneself, struct forward *origin)
{
	struct channel_view view;

	if (channel_find(call, id, &view) && (for_oneself || view.channel->in_square))
		return;
	origin->from = (struct peer){0};
	origin->post = 0;
	origin->from_name = BYTES_LITERAL("Private channel");
	if (channel_find(call, id, &view))
		origin->from_name = view.channel->title;
}

/* Whoever doesn't want to be linked to is only named. */
static void name_source(struct call *call, struct forward *origin, bool for_oneself)
{
	const struct peer from = origin->from;

	if (from.kind == PEER_CHANNEL)
		name_channel(call, from.id, for_oneself, origin);
	if (from.kind != PEER_USER || from.id == call->user || from.id == SERVICE_USER ||
		privacy_allows(call, from.id, PRIVACY_FORWARDS, call->user))
		return;
	origin->from = (struct peer){0};
	origin->from_name = own_name(call, from.id);
}

struct forward *source_origin(struct call *call, const struct message *message, bool for_oneself)
{
	struct forward *origin = ARENA_NEW(call->arena, struct forward);

	if (message->forward) {
		/* The first author stays the author, however often it goes on. */
		origin->from = message->forward->from;
		origin->from_name = message->forward->from_name;
		origin->date_s = message->forward->date_s;
		origin->post = message->forward->post;
	} else if (message->post) {
		origin->from = message->peer;
		origin->date_s = message->date_s;
		origin->post = message->id;
	} else {
		origin->from = message->from;
		origin->date_s = message->date_s;
	}
	name_source(call, origin, for_oneself);
	return origin;
}

/* ---- Replies ---- */

/* Formatting that a quote keeps. */
static bool stays_in_quote(enum entity_kind kind)
{
	return kind == ENTITY_BOLD || kind == ENTITY_ITALIC || kind == ENTITY_UNDERLINE ||
	       kind == ENTITY_STRIKE || kind == ENTITY_SPOILER || kind == ENTITY_CUSTOM_EMOJI;
}

static void take_formatting(struct call *call, const struct message *original, struct reply *reply)
{
	const int32_t start = reply->quote_offset;
	const int32_t end = start + (int32_t)text_utf16_length(reply->quote);

	reply->entities = arena_array(call->arena, original->entity_count, sizeof(struct entity));
	reply->entity_count = 0;
	for (size_t i = 0; i < original->entity_count; i++) {
		struct entity e = original->entities[i];
		int32_t from = e.offset > start ? e.offset : start;
		int32_t to = e.offset + e.length < end ? e.offset + e.length : end;

		if (!stays_in_quote(e.kind) || from >= to)
			continue;
		e.offset = from - start;
		e.length = to - from;
		reply->entities[reply->entity_count++] = e;
	}
}

/* The place nearest to where the client saw the quote; -1: it stands nowhere. */
static int32_t find_quote(struct bytes text, struct bytes quote, int32_t hint)
{
	const uint8_t *end = text.data + text.size, *at = text.data;
	int32_t best = -1;

	while ((at = memmem(at, (size_t)(end - at), quote.data, quote.size)) != NULL) {
		int32_t offset =
			(int32_t)text_utf16_length(bytes_of(text.data, (size_t)(at - text.data)));

		if (best < 0 || labs((long)offset - hint) < labs((long)best - hint))
			best = offset;
		at++;
	}
	return best;
}

bool quote_fits(struct bytes quote)
{
	return text_is_utf8(quote) && quote.size <= QUOTE_UNITS_MAX * 3 &&
	       text_utf16_length(quote) <= QUOTE_UNITS_MAX;
}

static int check_quote(struct call *call, const struct message *original, struct reply *reply)
{
	if (!quote_fits(reply->quote))
		return rpc_error(call, 400, "QUOTE_TEXT_INVALID");
	reply->quote_offset = find_quote(original->text, reply->quote, reply->quote_offset);
	if (reply->quote_offset < 0)
		return rpc_error(call, 400, "QUOTE_TEXT_INVALID");
	take_formatting(call, original, reply);
	return 0;
}

/* Where others may not look they are told neither the chat nor the id. */
static bool is_open_to_all(struct call *call, struct peer place)
{
	struct channel_view view;

	return place.kind == PEER_CHANNEL && channel_find(call, place.id, &view) &&
	       view.channel->in_square;
}

bool reply_for_others(struct call *call, struct message *copy)
{
	struct reply *reply;

	if (!copy->reply || copy->reply->peer.kind == PEER_NONE)
		return false;
	if (is_open_to_all(call, copy->reply->peer))
		return true;
	reply = ARENA_NEW(call->arena, struct reply);
	*reply = *copy->reply;
	reply->peer = (struct peer){0};
	copy->reply = reply;
	copy->reply_to = 0;
	return true;
}

int reply_settle(struct call *call, struct peer to, struct message *draft)
{
	struct reply *reply = draft->reply;
	struct message_list originals;
	bool elsewhere;

	if (!reply)
		return 0;
	if (reply->peer.kind == to.kind && reply->peer.id == to.id)
		reply->peer = (struct peer){0};
	elsewhere = reply->peer.kind != PEER_NONE;
	if (source_messages(call, elsewhere ? reply->peer : to, &draft->reply_to, 1, &originals) <
		0)
		return -1;
	if (!originals.count) {
		if (elsewhere)
			return rpc_error(call, 400, "REPLY_MESSAGE_ID_INVALID");
		draft->reply = NULL;
		return 0;
	}
	if (reply->quote.size && check_quote(call, &originals.at[0], reply) < 0)
		return -1;
	if (elsewhere) {
		if (source_may_leave(call, &originals.at[0]) < 0)
			return -1;
		reply->from = source_origin(call, &originals.at[0], false);
		/* Which post it is says the reply itself. */
		reply->from->post = 0;
	} else if (!reply->quote.size) {
		draft->reply = NULL;
	}
	return 0;
}
