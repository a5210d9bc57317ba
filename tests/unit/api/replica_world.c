/* SPDX-License-Identifier: Apache-2.0 */
/* Who may see what by what was done. How the server decides it is not looked at. */
#include "replica_world.h"

#include <stdio.h>

#include "api/encode_rights.h"
#include "core/chats/chats.h"

int64_t people[PEOPLE];
struct world_channel channels[CHANNELS];
int64_t world_now_s;

struct world_channel *world_find(int64_t id)
{
	for (int i = 0; i < CHANNELS; i++) {
		if (channels[i].id == id)
			return &channels[i];
	}
	return NULL;
}

int world_person(int64_t user)
{
	for (int who = 0; who < PEOPLE; who++) {
		if (people[who] == user)
			return who;
	}
	fail_msg("%lld is nobody", (long long)user);
	return -1;
}

static bool is_banned(const struct world_member *m)
{
	return m->banned && (!m->until_s || m->until_s > world_now_s);
}

/* Who may see a channel may look at the comments under it. */
static bool is_guest(const struct world_channel *c, int who)
{
	const struct world_channel *of = c->linked ? world_find(c->linked) : NULL;

	return of && !c->broadcast && !is_banned(&of->of[who]) && (of->public || of->of[who].in);
}

bool world_may_see(const struct world_channel *c, int who)
{
	if (is_banned(&c->of[who]))
		return false;
	return c->public || c->of[who].in || is_guest(c, who);
}

/* ---- What was done ---- */

static void come(struct world_channel *c, int who)
{
	struct world_member *m = &c->of[who];

	if (!m->in) {
		m->hidden_to = c->hidden && !c->public ? c->top : 0;
		m->comings++;
	}
	m->in = true;
	m->banned = false;
}

static void leave(struct world_channel *c, int who)
{
	c->of[who].in = false;
	c->of[who].hidden_to = 0;
}

static struct world_channel *named(const struct tl_object *input)
{
	const struct tl_inputChannel *channel = TL_AS(inputChannel, input);
	struct world_channel *c = world_find(channel->channel_id);

	assert_non_null(c);
	return c;
}

static void note_creation(int who, const struct tl_object *object, const union tl_reply *reply)
{
	const struct tl_channels_createChannel *query = TL_AS(channels_createChannel, object);
	const struct tl_updates *updates = TL_AS(updates, reply->object);
	struct world_channel *c = world_find(0);

	assert_non_null(c);
	*c = (struct world_channel){
		.id = TL_AS(channel, updates->chats.at[0])->id, .broadcast = query->broadcast};
	c->top = 1;
	c->of[who].in = true;
	snprintf(c->title, sizeof(c->title), "%.*s", (int)query->title.size,
		(const char *)query->title.data);
}

static bool is_missing(const struct tl_messages_invitedUsers *answer, int64_t user)
{
	for (uint32_t i = 0; i < answer->missing_invitees.count; i++) {
		if (TL_AS(missingInvitee, answer->missing_invitees.at[i])->user_id == user)
			return true;
	}
	return false;
}

static void note_invitation(const struct tl_object *object, const union tl_reply *reply)
{
	const struct tl_channels_inviteToChannel *query = TL_AS(channels_inviteToChannel, object);
	const struct tl_messages_invitedUsers *answer = TL_AS(messages_invitedUsers, reply->object);

	for (uint32_t i = 0; i < query->users.count; i++) {
		const int64_t user = TL_AS(inputUser, query->users.at[i])->user_id;

		if (!is_missing(answer, user))
			come(named(query->channel), world_person(user));
	}
}

static void note_ban(const struct tl_object *object)
{
	const struct tl_channels_editBanned *query = TL_AS(channels_editBanned, object);
	struct world_channel *c = named(query->channel);
	int who = world_person(TL_AS(inputPeerUser, query->participant)->user_id);
	uint32_t banned = banned_rights_from_input(query->banned_rights, &c->of[who].until_s);

	c->of[who].banned = banned & CHAT_SEE;
	if (c->of[who].banned)
		leave(c, who);
}

static void note_promotion(const struct tl_object *object)
{
	const struct tl_channels_editAdmin *query = TL_AS(channels_editAdmin, object);

	if (admin_rights_from_input(query->admin_rights))
		come(named(query->channel),
			world_person(TL_AS(inputUser, query->user_id)->user_id));
}

static void note_name(const struct tl_object *object)
{
	const struct tl_channels_editTitle *title = TL_AS(channels_editTitle, object);
	const struct tl_channels_updateUsername *name = TL_AS(channels_updateUsername, object);

	if (title)
		snprintf(named(title->channel)->title, REPLICA_TEXT, "%.*s", (int)title->title.size,
			(const char *)title->title.data);
	if (name)
		named(name->channel)->public = name->username.size > 0;
}

static void unlink_it(struct world_channel *c)
{
	struct world_channel *other = c && c->linked ? world_find(c->linked) : NULL;

	if (other)
		other->linked = 0;
	if (c)
		c->linked = 0;
}

static void note_link(const struct tl_object *object)
{
	const struct tl_channels_setDiscussionGroup *query =
		TL_AS(channels_setDiscussionGroup, object);
	const struct tl_inputChannel *a = TL_AS(inputChannel, query->broadcast);
	const struct tl_inputChannel *b = TL_AS(inputChannel, query->group);
	struct world_channel *broadcast = a ? world_find(a->channel_id) : NULL;
	struct world_channel *linked = b ? world_find(b->channel_id) : NULL;

	unlink_it(broadcast);
	unlink_it(linked);
	if (!broadcast || !linked)
		return;
	broadcast->linked = linked->id;
	linked->linked = broadcast->id;
}

static void note_way_in(int who, const struct tl_object *object, const union tl_reply *reply)
{
	const struct tl_messages_exportChatInvite *made = TL_AS(messages_exportChatInvite, object);
	const struct tl_messages_importChatInvite *used = TL_AS(messages_importChatInvite, object);
	struct bytes link;

	for (int i = 0; used && i < CHANNELS; i++) {
		if (bytes_equal(used->hash, B(channels[i].invite)))
			come(&channels[i], who);
	}
	if (!made)
		return;
	/* What clients read from https://t.me/+HASH. */
	link = TL_AS(chatInviteExported, reply->object)->link;
	while (link.size && *link.data != '+')
		link = bytes_of(link.data + 1, link.size - 1);
	snprintf(world_find(TL_AS(inputPeerChannel, made->peer)->channel_id)->invite, REPLICA_TEXT,
		"%.*s", (int)link.size - 1, (const char *)link.data + 1);
}

/* Titles that are told are of a time when the account could see them, if only as a stranger. */
static void look_round(void)
{
	for (int i = 0; i < CHANNELS; i++) {
		for (int who = 0; who < PEOPLE; who++) {
			if (channels[i].id &&
				(channels[i].public || world_may_see(&channels[i], who)))
				memcpy(channels[i].of[who].known, channels[i].title, REPLICA_TEXT);
		}
	}
}

void world_note(int who, const struct tl_object *query, const union tl_reply *reply)
{
	const struct tl_channels_togglePreHistoryHidden *hidden =
		TL_AS(channels_togglePreHistoryHidden, query);

	switch ((int)query->name) {
	case TL_channels_createChannel:
		note_creation(who, query, reply);
		break;
	case TL_channels_joinChannel:
		come(named(TL_AS(channels_joinChannel, query)->channel), who);
		break;
	case TL_channels_leaveChannel:
		leave(named(TL_AS(channels_leaveChannel, query)->channel), who);
		break;
	case TL_channels_inviteToChannel:
		note_invitation(query, reply);
		break;
	case TL_channels_editBanned:
		note_ban(query);
		break;
	case TL_channels_editAdmin:
		note_promotion(query);
		break;
	case TL_channels_deleteChannel:
		unlink_it(named(TL_AS(channels_deleteChannel, query)->channel));
		*named(TL_AS(channels_deleteChannel, query)->channel) = (struct world_channel){0};
		break;
	case TL_channels_setDiscussionGroup:
		note_link(query);
		break;
	case TL_channels_togglePreHistoryHidden:
		named(hidden->channel)->hidden = hidden->enabled;
		break;
	default:
		note_name(query);
		note_way_in(who, query, reply);
	}
	look_round();
}

void world_posted(int64_t channel, int32_t post)
{
	struct world_channel *c = world_find(channel);

	if (c && post > c->top)
		c->top = post;
}

/* ---- What is told ---- */

void replica_hears_post(const struct replica *r, int64_t channel, int32_t post)
{
	const struct world_channel *c = world_find(channel);
	const int who = world_person(r->user);

	if (!c || !world_may_see(c, who))
		fail_msg("account %lld is told post %d of %lld, which it may not see",
			(long long)r->user, post, (long long)channel);
	if (post <= c->of[who].hidden_to)
		fail_msg("account %lld is told post %d of %lld, which is hidden up to %d",
			(long long)r->user, post, (long long)channel, c->of[who].hidden_to);
}

void replica_hears_title(const struct replica *r, int64_t channel, struct bytes title)
{
	const struct world_channel *c = world_find(channel);
	const int who = world_person(r->user);

	/* Of one that is gone, the last one is nothing new. */
	if (!c || !title.size || bytes_equal(title, B(c->of[who].known)))
		return;
	fail_msg("account %lld is told the title %.*s of %lld", (long long)r->user, (int)title.size,
		(const char *)title.data, (long long)channel);
}
