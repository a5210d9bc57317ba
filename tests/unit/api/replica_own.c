/* SPDX-License-Identifier: Apache-2.0 */
/* What a device makes of the answers to its own queries. The server tells the session that acts
 * nothing but the answer, so whatever other devices are pushed it must find there, or do itself, as
 * stock clients do: https://core.telegram.org/api/updates#message-related-event-sequences */
#include "replica.h"

#include <stdio.h>

/* ---- Nothing twice ---- */

/* Of the bytes of an update: two that are the same are told twice. */
static uint64_t fingerprint(const struct tl_object *update)
{
	uint64_t hash = 14695981039346656037u;
	struct bytes bytes;
	struct buf buf;

	buf_init(&buf, 0);
	tl_write_object(&buf, update, 227);
	assert_false(buf.failed);
	bytes = buf_bytes(&buf);
	for (size_t i = 0; i < bytes.size; i++)
		hash = (hash ^ bytes.data[i]) * 1099511628211u;
	buf_release(&buf);
	return hash;
}

void replica_own_told(struct replica *r, const struct tl_object *update)
{
	uint64_t hash;

	if (!r->acts)
		return;
	hash = fingerprint(update);
	for (size_t i = 0; i < r->told_count; i++) {
		if (r->told[i] == hash)
			fail_msg("account %lld, device %llu is told %s twice", (long long)r->user,
				(unsigned long long)r->key, tl_name_text(update->name));
	}
	assert_true(r->told_count < REPLICA_TOLD);
	r->told[r->told_count++] = hash;
}

/* ---- What the query itself says ---- */

/* To the top, or away; where it is already it stays. */
static void set_peer(struct peer *list, size_t *count, struct peer peer, bool there)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count && there; i++) {
		if (replica_same_peer(list[i], peer))
			return;
	}

	for (size_t i = 0; i < *count; i++) {
		if (!replica_same_peer(list[i], peer))
			list[kept++] = list[i];
	}
	if (there) {
		assert_true(kept < REPLICA_PINS);
		memmove(list + 1, list, kept * sizeof(*list));
		list[0] = peer;
		kept++;
	}
	*count = kept;
}

static struct peer peer_named(const struct replica *r, const struct tl_object *input)
{
	const struct tl_inputDialogPeer *dialog = TL_AS(inputDialogPeer, input);
	const struct tl_inputPeerUser *user = TL_AS(inputPeerUser, dialog ? dialog->peer : input);
	const struct tl_inputPeerChat *chat = TL_AS(inputPeerChat, dialog ? dialog->peer : input);
	const struct tl_inputPeerChannel *post =
		TL_AS(inputPeerChannel, dialog ? dialog->peer : input);
	const struct tl_inputChannel *channel = TL_AS(inputChannel, input);

	if (user)
		return (struct peer){PEER_USER, user->user_id};
	if (chat)
		return (struct peer){PEER_CHAT, chat->chat_id};
	assert_true(post || channel);
	return (struct peer){PEER_CHANNEL, post ? post->channel_id : channel->channel_id};
}

static bool is_in(const struct replica_message *m, struct peer peer)
{
	return m->there && replica_same_peer(m->peer, peer);
}

/* max_id 0: all. */
static void read_to(struct replica *r, struct peer peer, int32_t max_id)
{
	const struct replica_history *in = replica_history(r, peer);
	struct replica_line *line = replica_line(r, peer);

	for (int32_t id = REPLICA_IDS - 1; in && !max_id && id > 0; id--)
		max_id = is_in(&in->messages[id], peer) ? id : 0;
	if (max_id > line->read_inbox)
		line->read_inbox = max_id;
	line->marked = false;
}

static void drop(struct replica_history *in, const struct tl_ints *ids)
{
	for (uint32_t i = 0; in && i < ids->count; i++)
		in->messages[ids->at[i]] = (struct replica_message){0};
}

static void look_at(struct replica_history *in, const struct tl_ints *ids)
{
	for (uint32_t i = 0; in && i < ids->count; i++)
		in->messages[ids->at[i]].waits = false;
}

/* from 0: of everybody; else in a channel, whose first post stays. */
static void clear(struct replica *r, struct peer peer, int64_t from)
{
	struct replica_history *in = replica_history(r, peer);

	for (int32_t id = from ? 2 : 1; in && id < REPLICA_IDS; id++) {
		struct replica_message *m = &in->messages[id];

		if (is_in(m, peer) && (!from || m->from == from))
			*m = (struct replica_message){0};
	}
}

/* With the post that begins it. */
static void clear_thread(struct replica_history *in, int32_t thread)
{
	for (int32_t id = 1; in && id < REPLICA_IDS; id++) {
		if (id == thread || in->messages[id].thread == thread)
			in->messages[id] = (struct replica_message){0};
	}
}

static void settle_all(struct replica *r, struct peer peer, bool pins)
{
	struct replica_history *in = replica_history(r, peer);

	for (int32_t id = 1; in && id < REPLICA_IDS; id++) {
		struct replica_message *m = &in->messages[id];

		if (is_in(m, peer) && pins)
			m->pinned = false;
		else if (is_in(m, peer))
			m->waits = false;
	}
}

static void own_history(struct replica *r, const struct tl_object *q)
{
	const struct tl_messages_deleteMessages *drops = TL_AS(messages_deleteMessages, q);
	const struct tl_messages_deleteHistory *clears = TL_AS(messages_deleteHistory, q);
	const struct tl_messages_readHistory *reads = TL_AS(messages_readHistory, q);
	const struct tl_messages_readMessageContents *looks =
		TL_AS(messages_readMessageContents, q);
	const struct tl_messages_unpinAllMessages *unpins = TL_AS(messages_unpinAllMessages, q);
	const struct tl_messages_readMentions *mentions = TL_AS(messages_readMentions, q);

	if (drops)
		drop(&r->box, &drops->id);
	if (clears)
		clear(r, peer_named(r, clears->peer), 0);
	if (reads)
		read_to(r, peer_named(r, reads->peer), reads->max_id);
	if (looks)
		look_at(&r->box, &looks->id);
	if (unpins)
		settle_all(r, peer_named(r, unpins->peer), true);
	if (mentions)
		settle_all(r, peer_named(r, mentions->peer), false);
}

static void own_posts(struct replica *r, const struct tl_object *q)
{
	const struct tl_channels_deleteMessages *drops = TL_AS(channels_deleteMessages, q);
	const struct tl_channels_deleteParticipantHistory *clears =
		TL_AS(channels_deleteParticipantHistory, q);
	const struct tl_channels_readHistory *reads = TL_AS(channels_readHistory, q);
	const struct tl_channels_readMessageContents *looks =
		TL_AS(channels_readMessageContents, q);
	const struct tl_channels_updateUsername *named = TL_AS(channels_updateUsername, q);
	const struct tl_channels_deleteTopicHistory *topic = TL_AS(channels_deleteTopicHistory, q);
	struct replica_channel *c;

	if (topic)
		clear_thread(replica_history(r, peer_named(r, topic->channel)), topic->top_msg_id);
	if (drops)
		drop(replica_history(r, peer_named(r, drops->channel)), &drops->id);
	if (clears)
		clear(r, peer_named(r, clears->channel), peer_named(r, clears->participant).id);
	if (reads)
		read_to(r, peer_named(r, reads->channel), reads->max_id);
	if (looks)
		look_at(replica_history(r, peer_named(r, looks->channel)), &looks->id);
	if (named && (c = replica_channel(r, peer_named(r, named->channel).id)))
		snprintf(c->username, sizeof(c->username), "%.*s", (int)named->username.size,
			(const char *)named->username.data);
}

static void own_lines(struct replica *r, const struct tl_object *q)
{
	const struct tl_messages_saveDraft *draft = TL_AS(messages_saveDraft, q);
	const struct tl_messages_toggleDialogPin *pin = TL_AS(messages_toggleDialogPin, q);
	const struct tl_messages_markDialogUnread *mark = TL_AS(messages_markDialogUnread, q);
	const struct tl_account_updateNotifySettings *notify =
		TL_AS(account_updateNotifySettings, q);
	const struct tl_folders_editPeerFolders *moves = TL_AS(folders_editPeerFolders, q);
	const struct tl_contacts_block *block = TL_AS(contacts_block, q);
	const struct tl_contacts_unblock *unblock = TL_AS(contacts_unblock, q);
	const struct tl_messages_toggleSavedDialogPin *part =
		TL_AS(messages_toggleSavedDialogPin, q);
	struct replica_line *line;
	int folder;

	if (draft)
		snprintf(replica_line(r, peer_named(r, draft->peer))->draft, REPLICA_TEXT, "%.*s",
			(int)draft->message.size, (const char *)draft->message.data);
	if (pin) {
		folder = replica_line(r, peer_named(r, pin->peer))->folder;
		set_peer(r->pins[folder], &r->pin_count[folder], peer_named(r, pin->peer),
			pin->pinned);
	}
	if (mark)
		replica_line(r, peer_named(r, mark->peer))->marked = mark->unread;
	if (notify) {
		line = replica_line(r, peer_named(r, TL_AS(inputNotifyPeer, notify->peer)->peer));
		line->mute_until = TL_AS(inputPeerNotifySettings, notify->settings)->mute_until;
	}
	/* Clients unpin what goes into another folder. */
	for (uint32_t i = 0; moves && i < moves->folder_peers.count; i++) {
		const struct tl_inputFolderPeer *move =
			TL_AS(inputFolderPeer, moves->folder_peers.at[i]);
		const struct peer peer = peer_named(r, move->peer);

		if (replica_line(r, peer)->folder != move->folder_id)
			replica_unpin(r, peer);
	}
	if (block || unblock)
		set_peer(r->blocked, &r->blocked_count,
			peer_named(r, block ? block->id : unblock->id), block != NULL);
	if (part)
		set_peer(r->saved_pins, &r->saved_pin_count, peer_named(r, part->peer),
			part->pinned);
}

/* ---- Answers ---- */

/* What a query is about whose answer is but a place in a sequence: 0 is the box's. */
static struct peer affected_chat(const struct replica *r, const struct tl_object *q)
{
	const struct tl_channels_deleteMessages *drops = TL_AS(channels_deleteMessages, q);
	const struct tl_channels_deleteParticipantHistory *clears =
		TL_AS(channels_deleteParticipantHistory, q);
	const struct tl_messages_unpinAllMessages *unpins = TL_AS(messages_unpinAllMessages, q);
	const struct tl_messages_readMentions *mentions = TL_AS(messages_readMentions, q);
	const struct tl_channels_deleteTopicHistory *topic = TL_AS(channels_deleteTopicHistory, q);

	if (topic)
		return peer_named(r, topic->channel);
	if (drops)
		return peer_named(r, drops->channel);
	if (clears)
		return peer_named(r, clears->channel);
	if (unpins)
		return peer_named(r, unpins->peer);
	return mentions ? peer_named(r, mentions->peer) : (struct peer){0};
}

static const struct tl_object *updates_of(const struct tl_object *object)
{
	const struct tl_messages_invitedUsers *invited = TL_AS(messages_invitedUsers, object);
	const struct tl_messages_chatInviteJoinResultOk *joined =
		TL_AS(messages_chatInviteJoinResultOk, object);

	if (invited)
		return invited->updates;
	if (joined)
		return joined->updates;
	return TL_AS(updates, object) ? object : NULL;
}

static int32_t id_of(const struct tl_object *message)
{
	const struct tl_message *plain = TL_AS(message, message);

	return plain ? plain->id : TL_AS(messageService, message)->id;
}

/* The message that a client showed as being sent gets its number and content by the answer. */
static void check_sent(const struct tl_updates *updates)
{
	for (uint32_t i = 0; i < updates->updates.count; i++) {
		const struct tl_updateMessageID *sent =
			TL_AS(updateMessageID, updates->updates.at[i]);
		bool found = !sent;

		for (uint32_t k = 0; k < updates->updates.count && !found; k++) {
			const struct tl_object *u = updates->updates.at[k];
			const struct tl_updateNewMessage *fresh = TL_AS(updateNewMessage, u);
			const struct tl_updateNewChannelMessage *post =
				TL_AS(updateNewChannelMessage, u);
			const struct tl_updateNewScheduledMessage *waits =
				TL_AS(updateNewScheduledMessage, u);

			found = (fresh && id_of(fresh->message) == sent->id) ||
				(post && id_of(post->message) == sent->id) ||
				(waits && id_of(waits->message) == sent->id);
		}
		if (!found)
			fail_msg("the answer names %d, and doesn't have it", sent->id);
	}
}

void replica_own_begin(struct replica *r)
{
	r->acts = true;
	r->early_count = r->told_count = 0;
}

void replica_own_answer(struct fixture *f, struct replica *r, const struct tl_object *query,
	const union tl_reply *reply)
{
	const enum tl_result kind = tl_method_info(query->name)->result;
	const struct tl_object *object =
		kind == TL_RESULT_OBJECT || kind == TL_RESULT_STRUCT ? reply->object : NULL;
	const struct tl_messages_affectedMessages *some = TL_AS(messages_affectedMessages, object);
	const struct tl_messages_affectedHistory *all = TL_AS(messages_affectedHistory, object);
	const struct tl_object *updates = updates_of(object);

	if (some)
		(void)replica_turn(r, affected_chat(r, query), some->pts, some->pts_count);
	if (all) {
		assert_int_equal(all->offset, 0);
		(void)replica_turn(r, affected_chat(r, query), all->pts, all->pts_count);
	}
	own_history(r, query);
	own_posts(r, query);
	own_lines(r, query);
	if (updates) {
		check_sent(TL_AS(updates, updates));
		replica_push(r, updates);
	}
	replica_push_early(r);
	replica_settle(f, r);
}

void replica_own_end(struct fixture *f, struct replica *r)
{
	replica_push_early(r);
	r->acts = false;
	if (r->early_count)
		fail_msg("account %lld, device %llu: something between pts and %s is not told",
			(long long)r->user, (unsigned long long)r->key,
			tl_name_text(r->early[0]->name));
	replica_settle(f, r);
}
