/* SPDX-License-Identifier: Apache-2.0 */
/* What people may do next in channels that have threads: topics of forums, comments of a group that
 * is linked with a broadcast channel; and reactions to posts. */
#include "replica_actions.h"

/* One that he made, if there is any, of a kind; else any. */
static struct world_channel *own_channel(int who, bool broadcast)
{
	struct world_channel *c = target;

	for (int tries = 0; tries < 30; tries++) {
		const struct replica_channel *known;

		c = &channels[below(CHANNELS)];
		known = c->id ? replica_channel(&devices[who][1], c->id) : NULL;
		if (known && known->creator && c->broadcast == broadcast)
			return c;
	}
	return c->id ? c : target;
}

static struct tl_object *query_topic(struct fixture *f, int who)
{
	struct tl_channels_createForumTopic *q = TL_NEW(&scratch, channels_createForumTopic);

	target = own_channel(who, false);
	q->channel = input_channel(f, who);
	q->title = some_text("topic");
	q->random_id = random_id();
	return &q->o;
}

/* A topic, a post that is commented on, or what is neither. */
static int32_t some_thread(int who)
{
	const struct replica_history *in =
		replica_history(&devices[who][1], (struct peer){PEER_CHANNEL, target->id});
	int32_t id = 1;

	for (int tries = 0; tries < 20; tries++) {
		id = 1 + below(target->top);
		if (in && in->messages[id].there && in->messages[id].thread)
			return in->messages[id].thread;
	}
	return id;
}

static struct tl_object *query_change_topic(struct fixture *f, int who)
{
	struct tl_channels_editForumTopic *q = TL_NEW(&scratch, channels_editForumTopic);
	struct tl_channels_deleteTopicHistory *gone = TL_NEW(&scratch, channels_deleteTopicHistory);

	target = own_channel(who, false);
	q->channel = gone->channel = input_channel(f, who);
	q->topic_id = gone->top_msg_id = some_thread(who);
	q->title = some_text("topic");
	q->has_closed = below(2);
	q->closed = below(2);
	return below(3) ? &q->o : &gone->o;
}

static struct tl_object *query_answer(struct fixture *f, int who)
{
	struct tl_messages_sendMessage *q = TL_NEW(&scratch, messages_sendMessage);
	struct tl_inputReplyToMessage *reply = TL_NEW(&scratch, inputReplyToMessage);

	q->peer = input(f, who, (struct peer){PEER_CHANNEL, target->id});
	q->message = some_text("in a thread");
	q->random_id = random_id();
	q->reply_to = &reply->o;
	reply->reply_to_msg_id = some_thread(who);
	reply->has_top_msg_id = below(2);
	reply->top_msg_id = reply->reply_to_msg_id;
	return &q->o;
}

static struct tl_object *link_of(
	struct fixture *f, int who, struct world_channel *broadcast, struct world_channel *group_of)
{
	struct tl_channels_setDiscussionGroup *q = TL_NEW(&scratch, channels_setDiscussionGroup);

	target = broadcast;
	q->broadcast = input_channel(f, who);
	target = group_of;
	q->group = target ? input_channel(f, who) : &TL_NEW(&scratch, inputChannelEmpty)->o;
	return &q->o;
}

/* A channel with a group, or with none. */
static struct tl_object *query_link(struct fixture *f, int who)
{
	return link_of(f, who, own_channel(who, true), below(4) ? own_channel(who, false) : NULL);
}

static struct tl_object *query_react(struct fixture *f, int who)
{
	static const char *const emoji[] = {"👍", "❤", "🔥"};
	struct tl_messages_sendReaction *q = TL_NEW(&scratch, messages_sendReaction);
	struct tl_reactionEmoji *reaction = TL_NEW(&scratch, reactionEmoji);

	q->peer = input(f, who, (struct peer){PEER_CHANNEL, target->id});
	q->msg_id = 1 + below(target->top);
	q->reaction = tl_objects_new(&scratch, (uint32_t)(below(4) != 0));
	if (q->reaction.count)
		q->reaction.at[0] = &reaction->o;
	reaction->emoticon = bytes_from_str(emoji[below(3)]);
	return &q->o;
}

/* What is a forum stays one: what a thread is to clients would change with it. */
static const struct query_kind kinds[] = {
	{6, query_topic},
	{4, query_change_topic},
	{20, query_answer},
	{3, query_link},
	{12, query_react},
};

struct tl_object *query_threads(struct fixture *f, int who)
{
	return aim(who) ? query_of(kinds, ARRAY_LEN(kinds), f, who) : query_any(f, who);
}

/* A channel with a group for its comments, and a forum. */
struct tl_object *query_begin(struct fixture *f, int who, int step)
{
	struct tl_channels_createChannel *found = TL_NEW(&scratch, channels_createChannel);
	struct tl_channels_inviteToChannel *invite = TL_NEW(&scratch, channels_inviteToChannel);

	target = NULL;
	if (step < CHANNELS) {
		found->broadcast = step == 0;
		found->megagroup = step > 0;
		found->forum = step == 2;
		found->title = some_text("channel");
		return &found->o;
	}
	target = &channels[step % CHANNELS];
	if (step == 2 * CHANNELS)
		return link_of(f, who, &channels[0], &channels[1]);
	invite->channel = input_channel(f, who);
	invite->users = tl_objects_new(&scratch, PEOPLE - 1);
	for (int i = 1; i < PEOPLE; i++)
		invite->users.at[i - 1] = input_user(f, who, people[i]);
	return &invite->o;
}
