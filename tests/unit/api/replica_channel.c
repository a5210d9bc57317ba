/* SPDX-License-Identifier: Apache-2.0 */
/* What a device knows of channels beyond their posts, and how it comes to know what it missed:
 * https://core.telegram.org/api/updates#channel-updates-gap-handling */
#include "replica.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/encode_rights.h"

struct replica_channel *replica_channel(struct replica *r, int64_t id)
{
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		if (r->channels[i].id == id)
			return &r->channels[i];
	}
	return NULL;
}

/* In a place of its own, or of one that is nothing to the account any more. */
static struct replica_channel *make(struct replica *r, int64_t id)
{
	struct replica_channel *to = replica_channel(r, id);

	for (size_t i = 0; i < REPLICA_CHANNELS && !to; i++) {
		if (!r->channels[i].in && !r->channels[i].loaded)
			to = &r->channels[i];
	}
	assert_non_null(to);
	if (to->id != id)
		*to = (struct replica_channel){.id = id};
	return to;
}

void replica_unpin(struct replica *r, struct peer peer)
{
	for (int folder = 0; folder <= 1; folder++) {
		size_t kept = 0;

		for (size_t i = 0; i < r->pin_count[folder]; i++) {
			if (!replica_same_peer(r->pins[folder][i], peer))
				r->pins[folder][kept++] = r->pins[folder][i];
		}
		r->pin_count[folder] = kept;
	}
}

/* Its line leaves the list, too. */
static void forget(struct replica *r, struct replica_channel *c)
{
	replica_unpin(r, (struct peer){PEER_CHANNEL, c->id});
	*c = (struct replica_channel){.id = c->id};
}

/* ---- The channel itself ---- */

static void keep_text(char *out, struct bytes text)
{
	snprintf(out, REPLICA_TEXT, "%.*s", (int)text.size, (const char *)text.data);
}

static void put_channel(struct replica *r, const struct tl_channel *channel)
{
	const struct tl_chatBannedRights *banned = TL_AS(chatBannedRights, channel->banned_rights);
	struct replica_channel *c = replica_channel(r, channel->id);

	replica_hears_title(r, channel->id, channel->title);
	if (channel->min)
		return;
	/* Who comes in loads it; who only looked goes on from there. */
	if (c && c->in && channel->left)
		forget(r, c);
	if (!channel->left) {
		c = make(r, channel->id);
		c->came |= !c->in;
	}
	if (!c)
		return;
	c->in = !channel->left;
	c->creator = channel->creator;
	c->broadcast = channel->broadcast;
	c->forum = channel->forum;
	c->admin = admin_rights_from_input(channel->admin_rights);
	c->banned = banned_rights_from_input(channel->banned_rights, NULL);
	c->everybody = banned_rights_from_input(channel->default_banned_rights, NULL);
	c->until = banned && banned->until_date != INT32_MAX ? banned->until_date : 0;
	keep_text(c->title, channel->title);
	keep_text(c->username, channel->username);
}

void replica_put_chats(struct replica *r, const struct tl_objects *chats)
{
	for (uint32_t i = 0; i < chats->count; i++) {
		const struct tl_channel *channel = TL_AS(channel, chats->at[i]);
		const struct tl_channelForbidden *forbidden = TL_AS(channelForbidden, chats->at[i]);
		struct replica_channel *c;

		if (channel)
			put_channel(r, channel);
		if (!forbidden)
			continue;
		replica_hears_title(r, forbidden->id, forbidden->title);
		c = replica_channel(r, forbidden->id);
		if (c)
			forget(r, c);
	}
}

/* ---- Updates ---- */

static void forget_up_to(struct replica *r, struct peer peer, int32_t max_id)
{
	struct replica_history *in = replica_history(r, peer);

	for (int32_t id = 1; in && id <= max_id; id++)
		in->messages[id] = (struct replica_message){0};
}

/* The number holds when the device is as far as who counted. */
static void apply_read(struct replica *r, const struct tl_updateReadChannelInbox *read)
{
	const struct peer peer = {PEER_CHANNEL, read->channel_id};
	const struct replica_history *in = replica_history(r, peer);
	int32_t unread;

	replica_line(r, peer)->read_inbox = read->max_id;
	/* Of a forum topics are counted, each of which is read by itself. */
	if (!in || in->pts != read->pts || replica_channel(r, peer.id)->forum)
		return;
	unread = replica_unread(r, peer);
	if (read->still_unread_count != unread)
		fail_msg("account %lld: of %lld %d are told to be unread, not %d",
			(long long)r->user, (long long)peer.id, read->still_unread_count, unread);
}

void replica_apply_channel(struct replica *r, const struct tl_object *u)
{
	const struct tl_updateChannelTooLong *behind = TL_AS(updateChannelTooLong, u);
	const struct tl_updateReadChannelInbox *inbox = TL_AS(updateReadChannelInbox, u);
	const struct tl_updateReadChannelOutbox *outbox = TL_AS(updateReadChannelOutbox, u);
	const struct tl_updateChannelAvailableMessages *available =
		TL_AS(updateChannelAvailableMessages, u);
	struct replica_channel *c;

	if (behind && (c = replica_channel(r, behind->channel_id)))
		c->behind = c->loaded && behind->pts > c->history.pts;
	if (inbox)
		apply_read(r, inbox);
	if (outbox)
		replica_line(r, (struct peer){PEER_CHANNEL, outbox->channel_id})->read_outbox =
			outbox->max_id;
	if (available)
		forget_up_to(r, (struct peer){PEER_CHANNEL, available->channel_id},
			available->available_min_id);
}

void replica_overhear(const struct replica *r, const struct tl_object *u)
{
	const struct tl_updateNewChannelMessage *fresh = TL_AS(updateNewChannelMessage, u);
	const struct tl_updateEditChannelMessage *edited = TL_AS(updateEditChannelMessage, u);
	const struct tl_object *object = fresh ? fresh->message : edited ? edited->message : NULL;
	const struct tl_message *plain = TL_AS(message, object);
	const struct tl_messageService *service = TL_AS(messageService, object);

	if (object)
		replica_hears_post(r, replica_peer_of(plain ? plain->peer_id : service->peer_id).id,
			plain ? plain->id : service->id);
}

/* ---- Loading ---- */

static struct tl_object *input_channel(
	struct fixture *f, struct arena *arena, const struct replica *r, int64_t id)
{
	struct tl_inputChannel *channel = TL_NEW(arena, inputChannel);

	channel->channel_id = id;
	channel->access_hash = vault_access_hash(f->vault, r->user, PEER_CHANNEL, id);
	return &channel->o;
}

/* Who looked at it already has the posts, and needs but the line. */
static void take(struct fixture *f, struct replica *r, const struct tl_dialog *dialog)
{
	if (replica_channel(r, replica_peer_of(dialog->peer).id)->loaded)
		replica_put_line(r, dialog);
	else
		replica_fetch_line(f, r, dialog);
}

static bool load(struct fixture *f, struct replica *r, int64_t id)
{
	struct tl_messages_getPeerDialogs query = {.o = {TL_messages_getPeerDialogs}};
	struct tl_inputDialogPeer peer = {.o = {TL_inputDialogPeer}};
	struct tl_object *only = &peer.o;
	const struct tl_messages_peerDialogs *answer;
	struct arena arena;
	union tl_reply reply;
	bool done;

	r->asked = true;
	arena_init(&arena);
	peer.peer = replica_input(f, &arena, r->user, (struct peer){PEER_CHANNEL, id});
	query.peers = (struct tl_objects){.count = 1, .at = &only};
	done = layered_ask(f, r->key, r->layer, &query.o, &arena, &reply);
	if (done) {
		answer = TL_AS(messages_peerDialogs, reply.object);
		replica_put_chats(r, &answer->chats);
		for (uint32_t i = 0; i < answer->dialogs.count; i++)
			take(f, r, TL_AS(dialog, answer->dialogs.at[i]));
		done = answer->dialogs.count == 1;
	}
	arena_release(&arena);
	return done;
}

/* ---- Differences ---- */

static void apply_part(struct replica *r, struct replica_channel *c,
	const struct tl_updates_channelDifference *part)
{
	replica_put_chats(r, &part->chats);
	for (uint32_t i = 0; i < part->new_messages.count; i++)
		replica_put_message(r, part->new_messages.at[i]);
	for (uint32_t i = 0; i < part->other_updates.count; i++)
		replica_apply(r, part->other_updates.at[i]);
	assert_true(part->pts > c->history.pts);
	assert_true(part->has_timeout && part->timeout > 0);
	c->history.pts = part->pts;
}

/* Afresh from the line of the chat list. */
static void apply_too_long(struct fixture *f, struct replica *r, struct replica_channel *c,
	const struct tl_updates_channelDifferenceTooLong *all)
{
	const struct tl_dialog *dialog = TL_AS(dialog, all->dialog);

	replica_put_chats(r, &all->chats);
	assert_true(dialog->has_pts && dialog->pts > c->history.pts);
	assert_true(all->final);
	replica_fetch_line(f, r, dialog);
}

enum answer { REFUSED_IT, MORE_OF_IT, ALL_OF_IT };

static enum answer ask_difference(struct fixture *f, struct replica *r, struct replica_channel *c)
{
	struct tl_updates_getChannelDifference query = {.o = {TL_updates_getChannelDifference}};
	struct tl_channelMessagesFilterEmpty all = {.o = {TL_channelMessagesFilterEmpty}};
	const struct tl_updates_channelDifference *part;
	const struct tl_updates_channelDifferenceEmpty *empty;
	enum answer result = REFUSED_IT;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	query.channel = input_channel(f, &arena, r, c->id);
	query.filter = &all.o;
	query.pts = c->history.pts;
	query.limit = 1 + rand() % 20;
	if (layered_ask(f, r->key, r->layer, &query.o, &arena, &reply)) {
		part = TL_AS(updates_channelDifference, reply.object);
		empty = TL_AS(updates_channelDifferenceEmpty, reply.object);
		if (part)
			apply_part(r, c, part);
		else if (empty)
			assert_true(empty->pts == c->history.pts && empty->final);
		else
			apply_too_long(
				f, r, c, TL_AS(updates_channelDifferenceTooLong, reply.object));
		result = part && !part->final ? MORE_OF_IT : ALL_OF_IT;
	}
	arena_release(&arena);
	return result;
}

static bool catch_up(struct fixture *f, struct replica *r, struct replica_channel *c)
{
	enum answer answer;

	r->asked = true;
	do {
		answer = ask_difference(f, r, c);
	} while (answer == MORE_OF_IT);
	c->behind = false;
	return answer == ALL_OF_IT;
}

void replica_settle(struct fixture *f, struct replica *r)
{
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		struct replica_channel *c = &r->channels[i];

		if (c->behind || (c->came && c->loaded))
			assert_true(catch_up(f, r, c));
		if (c->came)
			assert_true(load(f, r, c->id));
		c->came = false;
	}
}

bool replica_open(struct fixture *f, struct replica *r, int64_t channel)
{
	struct replica_channel *c = make(r, channel);

	return c->loaded ? catch_up(f, r, c) : load(f, r, channel);
}

/* Who is refused looks no longer. */
void replica_poll_channels(struct fixture *f, struct replica *r)
{
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		struct replica_channel *c = &r->channels[i];

		if (c->loaded && !c->in && !catch_up(f, r, c))
			forget(r, c);
	}
}

void replica_doubt(struct replica *r)
{
	for (size_t i = 0; i < r->poll_count; i++)
		r->polls[i].known = !r->polls[i].posted;
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		for (int32_t id = 0; id < REPLICA_IDS; id++)
			r->channels[i].history.messages[id].reactions_known = false;
	}
}
