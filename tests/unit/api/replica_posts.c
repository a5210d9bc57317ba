/* SPDX-License-Identifier: Apache-2.0 */
/* What people may do next in channels. */
#include "replica_actions.h"

#include "api/encode_rights.h"
#include "core/channels/channel_rights.h"

struct world_channel *target;

struct world_channel *aim(int who)
{
	const bool any = !below(6);

	for (int tries = 0; tries < 20; tries++) {
		target = &channels[below(CHANNELS)];
		if (target->id && (any || world_may_see(target, who)))
			return target;
	}
	return target = NULL;
}

struct world_channel *some_channel(int who)
{
	for (int i = 0; i < CHANNELS; i++) {
		if (channels[i].id)
			return below(2) ? NULL : aim(who);
	}
	return NULL;
}

struct tl_object *input_channel(struct fixture *f, int who)
{
	struct tl_inputChannel *channel = TL_NEW(&scratch, inputChannel);

	channel->channel_id = target->id;
	channel->access_hash = vault_access_hash(f->vault, people[who], PEER_CHANNEL, target->id);
	return &channel->o;
}

static struct tl_object *input_target(struct fixture *f, int who)
{
	return input(f, who, (struct peer){PEER_CHANNEL, target->id});
}

/* Of those that a device of his has, or any. */
static int32_t some_post(int who)
{
	const struct replica_history *in = replica_history(
		&devices[who][below(DEVICES)], (struct peer){PEER_CHANNEL, target->id});
	int32_t id = 0;

	for (int tries = 0; tries < 20; tries++) {
		id = 1 + below(target->top);
		if (!in || in->messages[id].there)
			break;
	}
	return id;
}

/* ---- Posts ---- */

static struct tl_object *query_post(struct fixture *f, int who)
{
	struct tl_messages_sendMessage *q = TL_NEW(&scratch, messages_sendMessage);
	struct tl_inputReplyToMessage *reply;

	q->peer = input_target(f, who);
	q->message = some_text("post");
	q->random_id = random_id();
	if (below(3) == 0) {
		reply = TL_NEW(&scratch, inputReplyToMessage);
		reply->reply_to_msg_id = some_post(who);
		q->reply_to = &reply->o;
	}
	return &q->o;
}

static struct tl_object *query_post_poll(struct fixture *f, int who)
{
	struct tl_messages_sendMedia *q = TL_NEW(&scratch, messages_sendMedia);

	q->peer = input_target(f, who);
	q->media = some_poll(!target->broadcast);
	q->random_id = random_id();
	return &q->o;
}

static struct tl_object *query_vote_post(struct fixture *f, int who)
{
	struct tl_messages_sendVote *q = TL_NEW(&scratch, messages_sendVote);
	const struct replica_history *in =
		replica_history(&devices[who][1], (struct peer){PEER_CHANNEL, target->id});

	for (int tries = 0; tries < 50; tries++) {
		q->msg_id = 1 + below(target->top);
		if (in && in->messages[q->msg_id].poll)
			break;
	}
	q->peer = input_target(f, who);
	vote_somehow(q);
	return &q->o;
}

static struct tl_object *query_edit_post(struct fixture *f, int who)
{
	struct tl_messages_editMessage *q = TL_NEW(&scratch, messages_editMessage);

	q->id = some_post(who);
	q->peer = input_target(f, who);
	q->message = some_text("edited");
	return &q->o;
}

static struct tl_object *query_delete_posts(struct fixture *f, int who)
{
	struct tl_channels_deleteMessages *q = TL_NEW(&scratch, channels_deleteMessages);

	q->channel = input_channel(f, who);
	q->id.count = (uint32_t)(1 + below(3));
	q->id.at = arena_array(&scratch, q->id.count, sizeof(*q->id.at));
	for (uint32_t i = 0; i < q->id.count; i++)
		q->id.at[i] = some_post(who);
	return &q->o;
}

static struct tl_object *query_delete_of(struct fixture *f, int who)
{
	struct tl_channels_deleteParticipantHistory *q =
		TL_NEW(&scratch, channels_deleteParticipantHistory);

	q->channel = input_channel(f, who);
	q->participant = input(f, who, (struct peer){PEER_USER, people[below(PEOPLE)]});
	return &q->o;
}

static struct tl_object *query_clear(struct fixture *f, int who)
{
	struct tl_channels_deleteHistory *q = TL_NEW(&scratch, channels_deleteHistory);

	q->channel = input_channel(f, who);
	q->for_everyone = !below(3);
	q->max_id = below(2) ? 0 : some_post(who);
	return &q->o;
}

static struct tl_object *query_pin_post(struct fixture *f, int who)
{
	struct tl_messages_updatePinnedMessage *q = TL_NEW(&scratch, messages_updatePinnedMessage);

	q->id = some_post(who);
	q->peer = input_target(f, who);
	q->unpin = below(3) == 0;
	return &q->o;
}

static struct tl_object *query_unpin_all(struct fixture *f, int who)
{
	struct tl_messages_unpinAllMessages *q = TL_NEW(&scratch, messages_unpinAllMessages);

	q->peer = input_target(f, who);
	return &q->o;
}

static struct tl_object *query_read_posts(struct fixture *f, int who)
{
	struct tl_channels_readHistory *q = TL_NEW(&scratch, channels_readHistory);

	q->channel = input_channel(f, who);
	q->max_id = below(3) ? some_post(who) : 0;
	return &q->o;
}

static struct tl_object *query_look(struct fixture *f, int who)
{
	struct tl_channels_readMessageContents *q = TL_NEW(&scratch, channels_readMessageContents);
	struct tl_messages_readMentions *all = TL_NEW(&scratch, messages_readMentions);

	all->peer = input_target(f, who);
	q->channel = input_channel(f, who);
	q->id = one_id(some_post(who));
	return below(3) ? &q->o : &all->o;
}

static struct tl_object *query_forward_post(struct fixture *f, int who)
{
	struct tl_messages_forwardMessages *q = TL_NEW(&scratch, messages_forwardMessages);
	const struct peer home = {PEER_USER, people[below(PEOPLE)]};

	q->id = one_id(some_post(who));
	q->from_peer = input_target(f, who);
	q->to_peer = below(2) ? input(f, who, home) : input_target(f, who);
	q->random_id.count = 1;
	q->random_id.at = arena_array(&scratch, 1, sizeof(int64_t));
	q->random_id.at[0] = random_id();
	return &q->o;
}

/* ---- Who is in it ---- */

static struct tl_object *query_join(struct fixture *f, int who)
{
	struct tl_channels_joinChannel *q = TL_NEW(&scratch, channels_joinChannel);
	struct tl_messages_importChatInvite *by_link = TL_NEW(&scratch, messages_importChatInvite);

	q->channel = input_channel(f, who);
	by_link->hash = B(target->invite);
	return below(2) ? &q->o : &by_link->o;
}

static struct tl_object *query_leave(struct fixture *f, int who)
{
	struct tl_channels_leaveChannel *q = TL_NEW(&scratch, channels_leaveChannel);

	q->channel = input_channel(f, who);
	return &q->o;
}

static struct tl_object *query_invite(struct fixture *f, int who)
{
	struct tl_channels_inviteToChannel *q = TL_NEW(&scratch, channels_inviteToChannel);

	q->channel = input_channel(f, who);
	q->users = tl_objects_new(&scratch, (uint32_t)(1 + below(2)));
	for (uint32_t i = 0; i < q->users.count; i++)
		q->users.at[i] = input_user(f, who, people[below(PEOPLE)]);
	return &q->o;
}

static struct tl_object *query_link(struct fixture *f, int who)
{
	struct tl_messages_exportChatInvite *q = TL_NEW(&scratch, messages_exportChatInvite);

	q->peer = input_target(f, who);
	return &q->o;
}

static int64_t some_end(struct fixture *f)
{
	return below(2) ? 0 : f->now_s + 40 + below(600);
}

static struct tl_object *query_ban(struct fixture *f, int who)
{
	static const uint32_t limits[] = {
		0, 0, CHAT_SEND_ALL, CHAT_PIN | CHAT_INVITE, CHAT_SEE, CHAT_SEE};
	struct tl_channels_editBanned *q = TL_NEW(&scratch, channels_editBanned);

	q->channel = input_channel(f, who);
	q->participant = input(f, who, (struct peer){PEER_USER, people[below(PEOPLE)]});
	q->banned_rights =
		encode_banned_rights(&scratch, limits[below((int)ARRAY_LEN(limits))], some_end(f));
	return &q->o;
}

static struct tl_object *query_promote(struct fixture *f, int who)
{
	static const uint32_t rights[] = {0, ADMIN_ALL, ADMIN_POST | ADMIN_EDIT | ADMIN_DELETE,
		ADMIN_BAN | ADMIN_INVITE | ADMIN_PIN};
	struct tl_channels_editAdmin *q = TL_NEW(&scratch, channels_editAdmin);

	q->channel = input_channel(f, who);
	q->user_id = input_user(f, who, people[below(PEOPLE)]);
	q->admin_rights = encode_admin_rights(&scratch, rights[below((int)ARRAY_LEN(rights))]);
	return &q->o;
}

/* ---- The channel ---- */

struct tl_object *query_found(struct fixture *f, int who)
{
	struct tl_channels_createChannel *q = TL_NEW(&scratch, channels_createChannel);

	q->broadcast = below(2);
	q->megagroup = !q->broadcast;
	q->forum = q->megagroup && below(2);
	q->title = some_text("channel");
	target = NULL;
	return &q->o;
}

static struct tl_object *query_close(struct fixture *f, int who)
{
	struct tl_channels_deleteChannel *q = TL_NEW(&scratch, channels_deleteChannel);

	q->channel = input_channel(f, who);
	return &q->o;
}

static struct tl_object *query_rename(struct fixture *f, int who)
{
	struct tl_channels_editTitle *q = TL_NEW(&scratch, channels_editTitle);

	q->channel = input_channel(f, who);
	q->title = some_text("channel");
	return &q->o;
}

/* Home or square. */
static struct tl_object *query_name(struct fixture *f, int who)
{
	struct tl_channels_updateUsername *q = TL_NEW(&scratch, channels_updateUsername);

	q->channel = input_channel(f, who);
	q->username = below(3) ? bytes_from_str(arena_printf(&scratch, "name_%d", below(100000)))
			       : BYTES_LITERAL("");
	return &q->o;
}

static struct tl_object *query_hide(struct fixture *f, int who)
{
	struct tl_channels_togglePreHistoryHidden *q =
		TL_NEW(&scratch, channels_togglePreHistoryHidden);

	q->channel = input_channel(f, who);
	q->enabled = below(3) != 0;
	return &q->o;
}

static struct tl_object *query_limit_all(struct fixture *f, int who)
{
	static const uint32_t limits[] = {
		0, 0, CHAT_PIN, CHAT_PIN | CHAT_INVITE | CHAT_CHANGE_INFO};
	struct tl_messages_editChatDefaultBannedRights *q =
		TL_NEW(&scratch, messages_editChatDefaultBannedRights);

	q->peer = input_target(f, who);
	q->banned_rights = encode_banned_rights(&scratch, limits[below((int)ARRAY_LEN(limits))], 0);
	return &q->o;
}

static struct tl_object *query_live(struct fixture *f, int who)
{
	struct tl_messages_setHistoryTTL *q = TL_NEW(&scratch, messages_setHistoryTTL);

	q->peer = input_target(f, who);
	q->period = below(2) ? 0 : 5 + below(1000);
	return &q->o;
}

static const struct query_kind kinds[] = {
	{40, query_post},
	{8, query_edit_post},
	{6, query_post_poll},
	{12, query_vote_post},
	{7, query_delete_posts},
	{1, query_delete_of},
	{2, query_clear},
	{5, query_pin_post},
	{1, query_unpin_all},
	{14, query_read_posts},
	{4, query_look},
	{3, query_forward_post},
	{9, query_join},
	{4, query_leave},
	{8, query_invite},
	{2, query_link},
	{7, query_ban},
	{5, query_promote},
	{1, query_close},
	{3, query_rename},
	{6, query_name},
	{3, query_hide},
	{3, query_limit_all},
	{1, query_live},
};

struct tl_object *query_channels(struct fixture *f, int who)
{
	if (world_find(0) && !below(8))
		return query_found(f, who);
	return aim(who) ? query_of(kinds, ARRAY_LEN(kinds), f, who) : query_any(f, who);
}
