/* SPDX-License-Identifier: Apache-2.0 */
/* What the server would tell a device that knows nothing, and whether another knows the same. */
#include "replica.h"

#include <stdio.h>
#include <stdlib.h>

struct tl_object *replica_input(
	struct fixture *f, struct arena *arena, int64_t viewer, struct peer peer)
{
	struct tl_inputPeerUser *user;
	struct tl_inputPeerChat *chat;
	struct tl_inputPeerChannel *channel;

	if (peer.kind == PEER_CHANNEL) {
		channel = TL_NEW(arena, inputPeerChannel);
		channel->channel_id = peer.id;
		channel->access_hash = vault_access_hash(f->vault, viewer, PEER_CHANNEL, peer.id);
		return &channel->o;
	}
	if (peer.kind == PEER_CHAT) {
		chat = TL_NEW(arena, inputPeerChat);
		chat->chat_id = peer.id;
		return &chat->o;
	}
	user = TL_NEW(arena, inputPeerUser);
	user->user_id = peer.id;
	user->access_hash = vault_access_hash(f->vault, viewer, PEER_USER, peer.id);
	return &user->o;
}

/* A page of the history, older than *offset. Returns how many there were. */
static uint32_t fetch_page(struct fixture *f, struct replica *r, struct peer peer, int32_t *offset)
{
	struct tl_messages_getHistory query = {.o = {TL_messages_getHistory}, .limit = 100};
	const struct tl_messages_messagesSlice *slice;
	const struct tl_messages_messages *all;
	const struct tl_messages_channelMessages *posts;
	struct tl_objects messages;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	query.peer = replica_input(f, &arena, r->user, peer);
	query.offset_id = *offset;
	assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
	all = TL_AS(messages_messages, reply.object);
	slice = TL_AS(messages_messagesSlice, reply.object);
	posts = TL_AS(messages_channelMessages, reply.object);
	assert_true(all || slice || posts);
	messages = all ? all->messages : slice ? slice->messages : posts->messages;
	for (uint32_t i = 0; i < messages.count; i++) {
		const struct tl_message *m = TL_AS(message, messages.at[i]);
		const struct tl_messageService *service = TL_AS(messageService, messages.at[i]);

		replica_put_message(r, messages.at[i]);
		*offset = m ? m->id : service->id;
	}
	arena_release(&arena);
	return messages.count;
}

int32_t replica_unread(struct replica *r, struct peer peer)
{
	const struct replica_history *in = replica_history(r, peer);
	int32_t unread = 0;

	for (int32_t id = replica_line(r, peer)->read_inbox + 1; in && id < REPLICA_IDS; id++) {
		const struct replica_message *m = &in->messages[id];

		unread += m->there && !m->out && replica_same_peer(m->peer, peer);
	}
	return unread;
}

/* What the clock sent, and not its writer's hand, is unread to him too, which the message itself
 * doesn't say. */
static int32_t sent_by_clock(struct replica *r, struct peer peer)
{
	const struct replica_history *in = replica_history(r, peer);
	int32_t count = 0;

	for (int32_t id = replica_line(r, peer)->read_inbox + 1; in && id < REPLICA_IDS; id++) {
		const struct replica_message *m = &in->messages[id];

		count += m->out && m->was_scheduled && replica_same_peer(m->peer, peer);
	}
	return count;
}

static void begin_channel(struct replica *r, const struct tl_dialog *dialog, int64_t id)
{
	struct replica_channel *c = replica_channel(r, id);

	assert_non_null(c);
	assert_true(dialog->has_pts);
	memset(&c->history, 0, sizeof(c->history));
	c->history.pts = dialog->pts;
	c->loaded = true;
	c->behind = false;
}

void replica_put_line(struct replica *r, const struct tl_dialog *dialog)
{
	const struct peer peer = replica_peer_of(dialog->peer);
	struct replica_line *line = replica_line(r, peer);

	line->read_inbox = dialog->read_inbox_max_id;
	line->read_outbox = dialog->read_outbox_max_id;
	line->folder = dialog->folder_id;
	line->marked = dialog->unread_mark;
	line->period = dialog->ttl_period;
	line->mute_until = TL_AS(peerNotifySettings, dialog->notify_settings)->mute_until;
	replica_put_draft(line, dialog->draft);
	if (!dialog->pinned)
		replica_unpin(r, peer);
}

void replica_fetch_line(struct fixture *f, struct replica *r, const struct tl_dialog *dialog)
{
	const struct peer peer = replica_peer_of(dialog->peer);
	int32_t offset = 0;

	replica_put_line(r, dialog);
	if (peer.kind == PEER_CHANNEL)
		begin_channel(r, dialog, peer.id);
	while (fetch_page(f, r, peer, &offset))
		;
	if (peer.kind == PEER_CHANNEL && replica_channel(r, peer.id)->forum)
		return;
	/* The counter that clients show is right. */
	if (dialog->unread_count < replica_unread(r, peer) ||
		dialog->unread_count > replica_unread(r, peer) + sent_by_clock(r, peer))
		fail_msg("account %lld: of %lld %d are said to be unread, not %d",
			(long long)r->user, (long long)peer.id, dialog->unread_count,
			replica_unread(r, peer));
}

static void fetch_pins(struct fixture *f, struct replica *r, int folder)
{
	struct tl_messages_getPinnedDialogs query = {
		.o = {TL_messages_getPinnedDialogs}, .folder_id = folder};
	struct tl_messages_peerDialogs *pinned;
	struct arena arena;
	union tl_reply reply;

	arena_init(&arena);
	assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
	pinned = TL_AS(messages_peerDialogs, reply.object);
	r->pin_count[folder] = 0;
	for (uint32_t i = 0; i < pinned->dialogs.count; i++) {
		const struct tl_dialog *dialog = TL_AS(dialog, pinned->dialogs.at[i]);

		if (dialog)
			r->pins[folder][r->pin_count[folder]++] = replica_peer_of(dialog->peer);
	}
	arena_release(&arena);
}

void replica_fetch(struct fixture *f, struct replica *r)
{
	for (int folder = 0; folder <= 1; folder++) {
		struct tl_messages_getDialogs query = {.o = {TL_messages_getDialogs},
			.has_folder_id = true,
			.folder_id = folder,
			.limit = 100};
		const struct tl_messages_dialogs *all;
		struct tl_inputPeerEmpty top = {.o = {TL_inputPeerEmpty}};
		struct arena arena;
		union tl_reply reply;

		arena_init(&arena);
		query.offset_peer = &top.o;
		assert_true(layered_ask(f, r->key, r->layer, &query.o, &arena, &reply));
		all = TL_AS(messages_dialogs, reply.object);
		assert_non_null(all);
		replica_put_chats(r, &all->chats);
		for (uint32_t i = 0; i < all->dialogs.count; i++) {
			const struct tl_dialog *dialog = TL_AS(dialog, all->dialogs.at[i]);

			if (dialog)
				replica_fetch_line(f, r, dialog);
		}
		arena_release(&arena);
		fetch_pins(f, r, folder);
	}
}

/* ---- Comparing ---- */

_Noreturn void replica_differ(const struct replica *r, const char *what, long long id,
	const char *built, const char *truth)
{
	fail_msg("account %lld, device %llu, layer %d: %s %lld is [%s], should be [%s]",
		(long long)r->user, (unsigned long long)r->key, r->layer, what, id, built, truth);
	abort();
}

static void compare_message(const struct replica *r, int id, const struct replica_message *a,
	const struct replica_message *b)
{
	if (a->there != b->there)
		replica_differ(
			r, "message", id, a->there ? a->text : "gone", b->there ? b->text : "gone");
	if (strcmp(a->text, b->text))
		replica_differ(r, "message", id, a->text, b->text);
	if (a->reactions_known && strcmp(a->reactions, b->reactions))
		replica_differ(r, "reactions of", id, a->reactions, b->reactions);
	if (a->pinned != b->pinned)
		replica_differ(r, "pin of", id, a->pinned ? "yes" : "no", b->pinned ? "yes" : "no");
	if (a->waits != b->waits)
		replica_differ(r, "wait of", id, a->waits ? "yes" : "no", b->waits ? "yes" : "no");
	if (a->out != b->out || !replica_same_peer(a->peer, b->peer))
		replica_differ(r, "side of", id, a->out ? "out" : "in", b->out ? "out" : "in");
}

static void compare_number(
	const struct replica *r, const char *what, struct peer peer, int32_t a, int32_t b)
{
	char built[16], truth[16];

	if (a == b)
		return;
	snprintf(built, sizeof(built), "%d", a);
	snprintf(truth, sizeof(truth), "%d", b);
	replica_differ(r, what, (long long)peer.id, built, truth);
}

void replica_compare_history(
	const struct replica *r, const struct replica_history *a, const struct replica_history *b)
{
	for (int id = 1; id < REPLICA_IDS; id++)
		compare_message(r, id, &a->messages[id], &b->messages[id]);
}

/* Of what is there: what is read, whatever the mark. Own posts of a broadcast channel have none:
 * they are seen, not read. */
static void compare_read(const struct replica *r, const struct replica_channel *c,
	const struct replica_line *a, const struct replica_line *b)
{
	for (int32_t id = 1; id < REPLICA_IDS; id++) {
		const struct replica_message *m = &c->history.messages[id];
		const int32_t at = m->out ? a->read_outbox : a->read_inbox;
		const int32_t should = m->out ? b->read_outbox : b->read_inbox;

		if (!m->there || (m->out && c->broadcast) || (id <= at) == (id <= should))
			continue;
		replica_differ(r, m->text, c->id, id <= at ? "read" : "unread",
			id <= should ? "read" : "unread");
	}
}

static void compare_line(
	struct replica *built, const struct replica_line *a, const struct replica_line *b)
{
	if (b->peer.kind == PEER_CHANNEL) {
		compare_read(built, replica_channel(built, b->peer.id), a, b);
	} else if (b->peer.id != built->user) {
		/* What one tells oneself is read by being written: clients have no mark for it. */
		compare_number(built, "read_inbox of", b->peer, a->read_inbox, b->read_inbox);
		compare_number(built, "read_outbox of", b->peer, a->read_outbox, b->read_outbox);
	}
	compare_number(built, "folder of", b->peer, a->folder, b->folder);
	compare_number(built, "mark of", b->peer, a->marked, b->marked);
	compare_number(built, "mute of", b->peer, a->mute_until, b->mute_until);
	if (strcmp(a->draft, b->draft))
		replica_differ(built, "draft of", (long long)b->peer.id, a->draft, b->draft);
}

static void compare_pins(const struct replica *built, const struct replica *truth, int folder)
{
	compare_number(built, "pins of folder", (struct peer){PEER_NONE, folder},
		(int32_t)built->pin_count[folder], (int32_t)truth->pin_count[folder]);
	for (size_t i = 0; i < built->pin_count[folder]; i++)
		compare_number(built, "place of a pin in folder", (struct peer){PEER_NONE, folder},
			(int32_t)built->pins[folder][i].id, (int32_t)truth->pins[folder][i].id);
}

/* ---- Channels ---- */

/* Limits that have run out are none to the server, nor to clients. */
static void describe_standing(const struct replica_channel *c, int64_t now_s, char *out)
{
	const bool over = c->until && c->until <= now_s;

	snprintf(out, 2 * REPLICA_TEXT, "%s %x limits %x/%d all %x @%s",
		c->creator ? "creator" : "", c->admin, over ? 0 : c->banned, over ? 0 : c->until,
		c->everybody, c->username);
}

static void compare_channel(const struct replica *built, const struct replica_channel *a,
	const struct replica_channel *b, int64_t now_s)
{
	char standing[2 * REPLICA_TEXT], should[2 * REPLICA_TEXT];

	if (!a || !a->in)
		replica_differ(built, "channel", (long long)b->id, "out of it", "in it");
	if (strcmp(a->title, b->title))
		replica_differ(built, "title of", (long long)b->id, a->title, b->title);
	describe_standing(a, now_s, standing);
	describe_standing(b, now_s, should);
	if (strcmp(standing, should))
		replica_differ(built, "standing in", (long long)b->id, standing, should);
	replica_compare_history(built, &a->history, &b->history);
	compare_number(built, "pts of", (struct peer){PEER_CHANNEL, b->id}, a->history.pts,
		b->history.pts);
}

static void compare_channels(struct replica *built, struct replica *truth, int64_t now_s)
{
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		const struct replica_channel *b = &truth->channels[i], *a = &built->channels[i];

		if (b->in)
			compare_channel(built, replica_channel(built, b->id), b, now_s);
		if (a->in && !(b = replica_channel(truth, a->id)))
			replica_differ(built, "channel", (long long)a->id, "in it", "out of it");
	}
}

void replica_compare(struct replica *built, struct replica *truth, int64_t now_s)
{
	static struct replica copy;

	replica_compare_history(built, &built->box, &truth->box);
	compare_channels(built, truth, now_s);
	copy = *built;
	for (size_t i = 0; i < truth->line_count; i++)
		compare_line(&copy, replica_line(&copy, truth->lines[i].peer), &truth->lines[i]);
	for (int folder = 0; folder <= 1; folder++)
		compare_pins(built, truth, folder);
}
