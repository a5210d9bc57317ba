/* SPDX-License-Identifier: Apache-2.0 */
/* Applying updates as stock clients do: by pts where there is one, as a state where there is none.
 */
#include "replica.h"

#include <stdio.h>

struct peer replica_peer_of(const struct tl_object *object)
{
	const struct tl_peerUser *user = TL_AS(peerUser, object);
	const struct tl_peerChat *chat = TL_AS(peerChat, object);
	const struct tl_peerChannel *channel = TL_AS(peerChannel, object);

	if (user)
		return (struct peer){PEER_USER, user->user_id};
	if (chat)
		return (struct peer){PEER_CHAT, chat->chat_id};
	assert_true(!object || channel);
	return channel ? (struct peer){PEER_CHANNEL, channel->channel_id} : (struct peer){0};
}

bool replica_same_peer(struct peer a, struct peer b)
{
	return a.kind == b.kind && a.id == b.id;
}

struct replica_line *replica_line(struct replica *r, struct peer peer)
{
	for (size_t i = 0; i < r->line_count; i++) {
		if (replica_same_peer(r->lines[i].peer, peer))
			return &r->lines[i];
	}
	assert_true(r->line_count < REPLICA_LINES);
	r->lines[r->line_count] = (struct replica_line){.peer = peer};
	return &r->lines[r->line_count++];
}

struct replica_history *replica_history(struct replica *r, struct peer peer)
{
	struct replica_channel *channel;

	if (peer.kind != PEER_CHANNEL)
		return &r->box;
	channel = replica_channel(r, peer.id);
	return channel && channel->loaded ? &channel->history : NULL;
}

/* ---- Messages ---- */

/* Whether the text says that the emoji is the account's own. */
static bool is_chosen(const char *text, struct bytes emoticon)
{
	char begin[32];
	const char *at;

	snprintf(begin, sizeof(begin), "%.*s=", (int)emoticon.size, (const char *)emoticon.data);
	at = strstr(text, begin);
	return at && at[strlen(begin) + strspn(at + strlen(begin), "0123456789")] == '!';
}

/* What is told to all alike says nothing of the own ones: they stay what they were. */
static void describe_reactions(const struct tl_object *object, char *out)
{
	const struct tl_messageReactions *reactions = TL_AS(messageReactions, object);
	char before[REPLICA_TEXT];
	size_t at = 0;

	memcpy(before, out, REPLICA_TEXT);
	*out = 0;
	for (uint32_t i = 0; reactions && i < reactions->results.count; i++) {
		const struct tl_reactionCount *count =
			TL_AS(reactionCount, reactions->results.at[i]);
		const struct tl_reactionEmoji *emoji = TL_AS(reactionEmoji, count->reaction);

		at += (size_t)snprintf(out + at, REPLICA_TEXT - at, "%.*s=%d%s ",
			(int)emoji->emoticon.size, (const char *)emoji->emoticon.data, count->count,
			reactions->min		  ? (is_chosen(before, emoji->emoticon) ? "!" : "")
			: count->has_chosen_order ? "!"
						  : "");
		assert_true(at < REPLICA_TEXT);
	}
}

static int32_t thread_of(const struct tl_object *object)
{
	const struct tl_messageReplyHeader *header = TL_AS(messageReplyHeader, object);

	if (!header)
		return 0;
	return header->has_reply_to_top_id ? header->reply_to_top_id : header->reply_to_msg_id;
}

/* What is answered, and in which thread. */
static void describe_reply(const struct tl_object *object, char *out, size_t room)
{
	const struct tl_messageReplyHeader *header = TL_AS(messageReplyHeader, object);

	snprintf(out, room, "%d/%d", header ? header->reply_to_msg_id : 0,
		header ? header->reply_to_top_id : 0);
}

/* Who only looks at a channel is not told of them. */
static bool hears_reactions(struct replica *r, struct peer peer)
{
	const struct replica_channel *c =
		peer.kind == PEER_CHANNEL ? replica_channel(r, peer.id) : NULL;

	return peer.kind != PEER_CHANNEL || (c && c->in);
}

static void put_plain(
	struct replica *r, struct replica_message *to, const struct tl_message *m, struct peer peer)
{
	const struct tl_messageFwdHeader *forward = TL_AS(messageFwdHeader, m->fwd_from);
	char reply[32], reactions[REPLICA_TEXT];

	memcpy(reactions, to->reactions, sizeof(reactions));
	*to = (struct replica_message){.there = true,
		.reactions_known = hears_reactions(r, peer),
		.from = replica_peer_of(m->from_id).id,
		.thread = thread_of(m->reply_to),
		.out = m->out,
		.pinned = m->pinned,
		.waits = m->media_unread,
		.was_scheduled = m->from_scheduled,
		.peer = peer};
	describe_reply(m->reply_to, reply, sizeof(reply));
	snprintf(to->text, sizeof(to->text), "%lld %d e%d r%s f%lld m%d t%d s%d %.*s",
		(long long)replica_peer_of(m->from_id).id, m->date, m->edit_date, reply,
		forward ? (long long)replica_peer_of(forward->from_id).id : 0,
		m->media ? (int)m->media->name : 0, m->ttl_period, m->mentioned,
		(int)m->message.size, (const char *)m->message.data);
	memcpy(to->reactions, reactions, sizeof(reactions));
	describe_reactions(m->reactions, to->reactions);
	to->poll = replica_put_poll(r, peer, m->media);
}

static void put_service(
	struct replica_message *to, const struct tl_messageService *m, struct peer peer)
{
	char reply[32];

	*to = (struct replica_message){.there = true,
		.from = replica_peer_of(m->from_id).id,
		.thread = thread_of(m->reply_to),
		.service = true,
		.out = m->out,
		.waits = m->media_unread,
		.peer = peer};
	describe_reply(m->reply_to, reply, sizeof(reply));
	snprintf(to->text, sizeof(to->text), "%lld %d r%s %s",
		(long long)replica_peer_of(m->from_id).id, m->date, reply,
		tl_name_text(m->action->name));
}

static struct peer chat_of(const struct tl_object *object)
{
	const struct tl_message *plain = TL_AS(message, object);
	const struct tl_messageService *service = TL_AS(messageService, object);

	assert_true(plain || service);
	return replica_peer_of(plain ? plain->peer_id : service->peer_id);
}

void replica_put_message(struct replica *r, const struct tl_object *object)
{
	const struct tl_message *plain = TL_AS(message, object);
	const struct tl_messageService *service = TL_AS(messageService, object);
	const struct peer peer = chat_of(object);
	const int32_t id = plain ? plain->id : service->id;
	struct replica_history *history = replica_history(r, peer);

	assert_in_range(id, 1, REPLICA_IDS - 1);
	if (peer.kind == PEER_CHANNEL)
		replica_hears_post(r, peer.id, id);
	if (!history)
		return;
	if (plain)
		put_plain(r, &history->messages[id], plain, peer);
	else
		put_service(&history->messages[id], service, peer);
	if (peer.kind != PEER_NONE)
		replica_line(r, peer);
}

/* ---- Updates ---- */

/* Where an update stands in a sequence; none: pts is 0. */
struct position {
	int32_t pts, count;
	struct peer chat; /* of a channel; else the sequence is the box's */
};

static struct position position_of(const struct tl_object *u)
{
#define IN_BOX(constructor)                                                                        \
	case TL_##constructor:                                                                     \
		return (struct position){                                                          \
			TL_AS(constructor, u)->pts, TL_AS(constructor, u)->pts_count, {0}};
#define IN_CHANNEL(constructor, channel)                                                           \
	case TL_##constructor:                                                                     \
		return (struct position){                                                          \
			TL_AS(constructor, u)->pts, TL_AS(constructor, u)->pts_count, channel};
#define NAMED(constructor) ((struct peer){PEER_CHANNEL, TL_AS(constructor, u)->channel_id})
	switch ((int)u->name) {
		IN_BOX(updateNewMessage)
		IN_BOX(updateEditMessage)
		IN_BOX(updateDeleteMessages)
		IN_BOX(updateReadHistoryInbox)
		IN_BOX(updateReadHistoryOutbox)
		IN_BOX(updatePinnedMessages)
		IN_BOX(updateReadMessagesContents)
		IN_BOX(updateFolderPeers)
		IN_CHANNEL(updateNewChannelMessage,
			chat_of(TL_AS(updateNewChannelMessage, u)->message))
		IN_CHANNEL(updateEditChannelMessage,
			chat_of(TL_AS(updateEditChannelMessage, u)->message))
		IN_CHANNEL(updateDeleteChannelMessages, NAMED(updateDeleteChannelMessages))
		IN_CHANNEL(updatePinnedChannelMessages, NAMED(updatePinnedChannelMessages))
	default:
		return (struct position){0};
	}
}

static void apply_pins(struct replica *r, int folder, const struct tl_objects *order)
{
	assert_in_range(folder, 0, 1);
	assert_true(order->count <= REPLICA_PINS);
	r->pin_count[folder] = order->count;
	for (uint32_t i = 0; i < order->count; i++)
		r->pins[folder][i] = replica_peer_of(TL_AS(dialogPeer, order->at[i])->peer);
}

/* What is pinned becomes the first. */
static void apply_pin(struct replica *r, const struct tl_updateDialogPinned *pin)
{
	const struct peer peer = replica_peer_of(TL_AS(dialogPeer, pin->peer)->peer);
	const int folder = pin->has_folder_id ? pin->folder_id : 0;
	struct peer *pins = r->pins[folder];
	size_t kept = 0;

	assert_in_range(folder, 0, 1);
	for (size_t i = 0; i < r->pin_count[folder]; i++) {
		if (pins[i].kind != peer.kind || pins[i].id != peer.id)
			pins[kept++] = pins[i];
	}
	if (pin->pinned) {
		assert_true(kept < REPLICA_PINS);
		memmove(pins + 1, pins, kept * sizeof(*pins));
		pins[0] = peer;
		kept++;
	}
	r->pin_count[folder] = kept;
}

void replica_put_draft(struct replica_line *line, const struct tl_object *object)
{
	const struct tl_draftMessage *draft = TL_AS(draftMessage, object);

	line->draft[0] = 0;
	if (draft)
		snprintf(line->draft, sizeof(line->draft), "%.*s", (int)draft->message.size,
			(const char *)draft->message.data);
}

static void drop(struct replica_history *in, const struct tl_ints *ids)
{
	for (uint32_t i = 0; i < ids->count; i++) {
		assert_in_range(ids->at[i], 1, REPLICA_IDS - 1);
		in->messages[ids->at[i]] = (struct replica_message){0};
	}
}

/* A client that was told of the pin with the message, or never had it, has nothing to mark. */
static void mark(struct replica_history *in, const struct tl_ints *ids, bool pinned)
{
	for (uint32_t i = 0; i < ids->count; i++)
		if (in->messages[ids->at[i]].there)
			in->messages[ids->at[i]].pinned = pinned;
}

static void seen(struct replica_history *in, const struct tl_ints *ids)
{
	for (uint32_t i = 0; i < ids->count; i++)
		in->messages[ids->at[i]].waits = false;
}

/* Old layers have no room for reactions to service messages in a history. */
static void put_reactions(struct replica *r, const struct tl_updateMessageReactions *reacted)
{
	struct replica_history *in = replica_history(r, replica_peer_of(reacted->peer));
	struct replica_message *m = in ? &in->messages[reacted->msg_id] : NULL;

	if (!m || !m->there || m->service)
		return;
	describe_reactions(reacted->reactions, m->reactions);
	m->reactions_known = hears_reactions(r, replica_peer_of(reacted->peer));
}

static void apply_messages(struct replica *r, const struct tl_object *u)
{
	const struct tl_updateNewMessage *fresh = TL_AS(updateNewMessage, u);
	const struct tl_updateEditMessage *edited = TL_AS(updateEditMessage, u);
	const struct tl_updateDeleteMessages *gone = TL_AS(updateDeleteMessages, u);
	const struct tl_updatePinnedMessages *pinned = TL_AS(updatePinnedMessages, u);
	const struct tl_updateReadMessagesContents *looked = TL_AS(updateReadMessagesContents, u);
	const struct tl_updateMessageReactions *reacted = TL_AS(updateMessageReactions, u);

	if (fresh)
		replica_put_message(r, fresh->message);
	if (edited)
		replica_put_message(r, edited->message);
	if (gone)
		drop(&r->box, &gone->messages);
	if (pinned)
		mark(&r->box, &pinned->messages, pinned->pinned);
	if (looked)
		seen(&r->box, &looked->messages);
	if (reacted)
		put_reactions(r, reacted);
}

/* The same of channels. */
static void apply_posts(struct replica *r, const struct tl_object *u)
{
	const struct tl_updateNewChannelMessage *fresh = TL_AS(updateNewChannelMessage, u);
	const struct tl_updateEditChannelMessage *edited = TL_AS(updateEditChannelMessage, u);
	const struct tl_updateDeleteChannelMessages *gone = TL_AS(updateDeleteChannelMessages, u);
	const struct tl_updatePinnedChannelMessages *pinned = TL_AS(updatePinnedChannelMessages, u);
	const struct tl_updateChannelReadMessagesContents *looked =
		TL_AS(updateChannelReadMessagesContents, u);
	struct replica_history *in;

#define IN(update)                                                                                 \
	((update) && (in = replica_history(r, (struct peer){PEER_CHANNEL, (update)->channel_id})))
	if (fresh)
		replica_put_message(r, fresh->message);
	if (edited)
		replica_put_message(r, edited->message);
	if (IN(gone))
		drop(in, &gone->messages);
	if (IN(pinned))
		mark(in, &pinned->messages, pinned->pinned);
	if (IN(looked))
		seen(in, &looked->messages);
}

static void apply_lines(struct replica *r, const struct tl_object *u)
{
	const struct tl_updateReadHistoryInbox *inbox = TL_AS(updateReadHistoryInbox, u);
	const struct tl_updateReadHistoryOutbox *outbox = TL_AS(updateReadHistoryOutbox, u);
	const struct tl_updateFolderPeers *moved = TL_AS(updateFolderPeers, u);
	const struct tl_updateDialogUnreadMark *mark = TL_AS(updateDialogUnreadMark, u);
	const struct tl_updateDraftMessage *draft = TL_AS(updateDraftMessage, u);
	const struct tl_updateNotifySettings *notify = TL_AS(updateNotifySettings, u);
	const struct tl_updateDialogPinned *pin = TL_AS(updateDialogPinned, u);
	const struct tl_updatePinnedDialogs *pins = TL_AS(updatePinnedDialogs, u);

	if (inbox)
		replica_line(r, replica_peer_of(inbox->peer))->read_inbox = inbox->max_id;
	if (outbox)
		replica_line(r, replica_peer_of(outbox->peer))->read_outbox = outbox->max_id;
	for (uint32_t i = 0; moved && i < moved->folder_peers.count; i++) {
		const struct tl_folderPeer *peer = TL_AS(folderPeer, moved->folder_peers.at[i]);

		replica_line(r, replica_peer_of(peer->peer))->folder = peer->folder_id;
	}
	if (mark)
		replica_line(r, replica_peer_of(TL_AS(dialogPeer, mark->peer)->peer))->marked =
			mark->unread;
	if (draft)
		replica_put_draft(replica_line(r, replica_peer_of(draft->peer)), draft->draft);
	if (notify && TL_AS(notifyPeer, notify->peer))
		replica_line(r, replica_peer_of(TL_AS(notifyPeer, notify->peer)->peer))
			->mute_until =
			TL_AS(peerNotifySettings, notify->notify_settings)->mute_until;
	if (pin)
		apply_pin(r, pin);
	if (pins)
		apply_pins(r, pins->has_folder_id ? pins->folder_id : 0, &pins->order);
}

void replica_apply(struct replica *r, const struct tl_object *u)
{
	apply_messages(r, u);
	apply_posts(r, u);
	apply_lines(r, u);
	replica_apply_channel(r, u);
	replica_apply_more(r, u);
}

bool replica_turn(struct replica *r, struct peer chat, int32_t pts, int32_t count)
{
	struct replica_history *in = replica_history(r, chat);

	if (!in)
		return false;
	if (in->pts + count == pts) {
		in->pts = pts;
		return true;
	}
	if (pts > in->pts)
		r->gaps++;
	/* What is known already comes again after a difference. */
	else if (!r->asked)
		fail_msg("account %lld, device %llu: of %lld pts %d is told, %d is known",
			(long long)r->user, (unsigned long long)r->key, (long long)chat.id, pts,
			in->pts);
	return false;
}

/* Who acts waits for the rest of what it has done. */
static bool is_early(struct replica *r, const struct position *at)
{
	const struct replica_history *in = replica_history(r, at->chat);

	return r->acts && in && at->pts - at->count > in->pts;
}

static void take_turn(struct replica *r, const struct tl_object *u)
{
	const struct position at = position_of(u);

	if (at.pts && is_early(r, &at)) {
		assert_true(r->early_count < REPLICA_EARLY);
		r->early[r->early_count++] = u;
	} else if (!at.pts || replica_turn(r, at.chat, at.pts, at.count)) {
		replica_apply(r, u);
	}
}

void replica_push(struct replica *r, const struct tl_object *object)
{
	const struct tl_updates *updates = TL_AS(updates, object);
	const struct tl_updateShort *brief = TL_AS(updateShort, object);

	if (brief) {
		assert_int_equal(position_of(brief->update).pts, 0);
		replica_apply(r, brief->update);
		return;
	}
	assert_non_null(updates);
	replica_put_chats(r, &updates->chats);
	for (uint32_t i = 0; i < updates->updates.count; i++) {
		replica_overhear(r, updates->updates.at[i]);
		replica_own_told(r, updates->updates.at[i]);
		take_turn(r, updates->updates.at[i]);
	}
	if (updates->date > r->date)
		r->date = updates->date;
}

void replica_push_early(struct replica *r)
{
	const size_t count = r->early_count;

	r->early_count = 0;
	for (size_t i = 0; i < count; i++)
		take_turn(r, r->early[i]);
}

/* ---- Differences ---- */

static void apply_difference(struct replica *r, const struct tl_objects *messages,
	const struct tl_objects *others, const struct tl_objects *chats,
	const struct tl_object *state)
{
	const struct tl_updates_state *to = TL_AS(updates_state, state);

	replica_put_chats(r, chats);
	for (uint32_t i = 0; i < messages->count; i++)
		replica_put_message(r, messages->at[i]);
	for (uint32_t i = 0; i < others->count; i++)
		replica_apply(r, others->at[i]);
	assert_true(to->pts >= r->box.pts);
	r->box.pts = to->pts;
	r->date = to->date;
}

void replica_catch_up(struct fixture *f, struct replica *r)
{
	r->asked = true;
	for (int rounds = 0;; rounds++) {
		struct tl_updates_getDifference query = {.o = {TL_updates_getDifference}};
		const struct tl_updates_difference *all;
		const struct tl_updates_differenceSlice *slice;
		const struct tl_updates_differenceEmpty *empty;
		struct arena arena;
		union tl_reply reply;
		bool more;

		assert_true(rounds < 100);
		arena_init(&arena);
		query.pts = r->box.pts;
		query.date = r->date;
		assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
		all = TL_AS(updates_difference, reply.object);
		slice = TL_AS(updates_differenceSlice, reply.object);
		empty = TL_AS(updates_differenceEmpty, reply.object);
		assert_true(all || slice || empty);
		if (all)
			apply_difference(r, &all->new_messages, &all->other_updates, &all->chats,
				all->state);
		if (slice)
			apply_difference(r, &slice->new_messages, &slice->other_updates,
				&slice->chats, slice->intermediate_state);
		if (empty)
			r->date = empty->date;
		more = slice != NULL;
		arena_release(&arena);
		if (!more)
			break;
	}
	replica_settle(f, r);
}
