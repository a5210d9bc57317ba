/* SPDX-License-Identifier: Apache-2.0 */
/* stats.*: what was counted (core/channels/channel_stats.h), as clients show it to admins. What is
 * counted nowhere (languages, sources, hours, who has muted) is said to be so, graph by graph.
 * https://core.telegram.org/api/stats */
#include <inttypes.h>
#include <stdio.h>

#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/stats_graph.h"
#include "core/channels/roster.h"

#define DAY_S 86400
#define OFFSET_MAX 48

static int32_t clip(int64_t value)
{
	return value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static struct tl_object *period_of(struct call *call, const struct channel_stats *stats)
{
	struct tl_statsDateRangeDays *period = TL_NEW(call->arena, statsDateRangeDays);

	period->min_date = clip(stats->first * DAY_S);
	period->max_date = clip(stats->last * DAY_S + DAY_S - 1);
	return &period->o;
}

static struct tl_object *value_of(struct call *call, double current, double previous)
{
	struct tl_statsAbsValueAndPrev *value = TL_NEW(call->arena, statsAbsValueAndPrev);

	value->current = current;
	value->previous = previous;
	return &value->o;
}

static double each(int64_t sum, int64_t count)
{
	return count ? (double)sum / (double)count : 0;
}

/* ---- Channels ---- */

static int32_t reactions_of(const struct message *post)
{
	int32_t count = 0;

	for (size_t i = 0; post->tally && i < post->tally->count; i++)
		count += post->tally->at[i].count;
	return count;
}

static struct tl_objects recent_posts(struct call *call, const struct channel_stats *stats)
{
	struct tl_objects list = tl_objects_new(call->arena, (uint32_t)stats->post_count);

	for (size_t i = 0; i < stats->post_count; i++) {
		struct tl_postInteractionCountersMessage *post =
			TL_NEW(call->arena, postInteractionCountersMessage);

		post->msg_id = stats->posts[i].id;
		post->views = clip(stats->posts[i].views);
		post->forwards = clip(stats->posts[i].forwards);
		post->reactions = reactions_of(&stats->posts[i]);
		list.at[i] = &post->o;
	}
	return list;
}

static void channel_values(
	struct call *call, const struct channel_stats *stats, struct tl_stats_broadcastStats *reply)
{
	const struct home_day *now = &stats->now, *before = &stats->before;

	reply->period = period_of(call, stats);
	reply->followers = value_of(call, (double)now->members, (double)before->members);
	reply->views_per_post =
		value_of(call, each(now->views, now->posts), each(before->views, before->posts));
	reply->shares_per_post = value_of(
		call, each(now->forwards, now->posts), each(before->forwards, before->posts));
	reply->reactions_per_post = value_of(
		call, each(now->reactions, now->posts), each(before->reactions, before->posts));
	reply->views_per_story = value_of(call, 0, 0);
	reply->shares_per_story = value_of(call, 0, 0);
	reply->reactions_per_story = value_of(call, 0, 0);
	/* Of none is it known. */
	reply->enabled_notifications = &TL_NEW(call->arena, statsPercentValue)->o;
}

/* https://core.telegram.org/method/stats.getBroadcastStats */
int api_stats_getBroadcastStats(struct call *call, const struct tl_stats_getBroadcastStats *req,
	struct tl_stats_broadcastStats *reply)
{
	struct channel_stats stats;
	struct tl_object *none = graph_none(call);
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_stats(call, id, true, &stats) < 0)
		return -1;
	channel_values(call, &stats, reply);
	reply->growth_graph = graph_of_channel(call, GRAPH_GROWTH, &stats);
	reply->followers_graph = graph_of_channel(call, GRAPH_MEMBERS, &stats);
	reply->interactions_graph = graph_later(call, GRAPH_INTERACTIONS, id);
	reply->mute_graph = none;
	reply->top_hours_graph = none;
	reply->iv_interactions_graph = none;
	reply->views_by_source_graph = none;
	reply->new_followers_by_source_graph = none;
	reply->languages_graph = none;
	reply->reactions_by_emotion_graph = none;
	reply->story_interactions_graph = none;
	reply->story_reactions_by_emotion_graph = none;
	reply->recent_posts_interactions = recent_posts(call, &stats);
	return 0;
}

/* ---- Groups ---- */

static void top_people(
	struct call *call, const struct channel_stats *stats, struct tl_stats_megagroupStats *reply)
{
	reply->top_posters = tl_objects_new(call->arena, (uint32_t)stats->poster_count);
	for (size_t i = 0; i < stats->poster_count; i++) {
		struct tl_statsGroupTopPoster *top = TL_NEW(call->arena, statsGroupTopPoster);

		top->user_id = stats->posters[i].user;
		top->messages = clip(stats->posters[i].messages);
		top->avg_chars = clip(stats->posters[i].chars / stats->posters[i].messages);
		reply->top_posters.at[i] = &top->o;
	}
	reply->top_admins = tl_objects_new(call->arena, (uint32_t)stats->admin_count);
	for (size_t i = 0; i < stats->admin_count; i++) {
		struct tl_statsGroupTopAdmin *top = TL_NEW(call->arena, statsGroupTopAdmin);

		top->user_id = stats->admins[i].user;
		top->deleted = clip(stats->admins[i].deleted);
		top->kicked = clip(stats->admins[i].kicked);
		top->banned = clip(stats->admins[i].banned);
		reply->top_admins.at[i] = &top->o;
	}
	reply->top_inviters = tl_objects_new(call->arena, (uint32_t)stats->inviter_count);
	for (size_t i = 0; i < stats->inviter_count; i++) {
		struct tl_statsGroupTopInviter *top = TL_NEW(call->arena, statsGroupTopInviter);

		top->user_id = stats->inviters[i].user;
		top->invitations = clip(stats->inviters[i].invited);
		reply->top_inviters.at[i] = &top->o;
	}
}

static void name_people(
	struct call *call, const struct channel_stats *stats, struct tl_stats_megagroupStats *reply)
{
	struct roster roster;
	struct tl_objects chats;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < stats->poster_count; i++)
		roster_add(&roster, (struct peer){PEER_USER, stats->posters[i].user});
	for (size_t i = 0; i < stats->admin_count; i++)
		roster_add(&roster, (struct peer){PEER_USER, stats->admins[i].user});
	for (size_t i = 0; i < stats->inviter_count; i++)
		roster_add(&roster, (struct peer){PEER_USER, stats->inviters[i].user});
	encode_named(call, &roster, &reply->users, &chats);
}

/* https://core.telegram.org/method/stats.getMegagroupStats */
int api_stats_getMegagroupStats(struct call *call, const struct tl_stats_getMegagroupStats *req,
	struct tl_stats_megagroupStats *reply)
{
	struct tl_object *none = graph_none(call);
	struct channel_stats stats;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_stats(call, id, false, &stats) < 0)
		return -1;
	reply->period = period_of(call, &stats);
	reply->members = value_of(call, (double)stats.now.members, (double)stats.before.members);
	reply->messages = value_of(call, (double)stats.now.posts, (double)stats.before.posts);
	reply->viewers = value_of(call, 0, 0); /* views of a group's messages are not counted */
	reply->posters = value_of(call, (double)stats.now.people, (double)stats.before.people);
	reply->growth_graph = graph_of_channel(call, GRAPH_GROWTH, &stats);
	reply->members_graph = graph_of_channel(call, GRAPH_MEMBERS, &stats);
	reply->messages_graph = graph_later(call, GRAPH_MESSAGES, id);
	reply->actions_graph = graph_later(call, GRAPH_ACTIONS, id);
	reply->new_members_by_source_graph = none;
	reply->languages_graph = none;
	reply->top_hours_graph = none;
	reply->weekdays_graph = none;
	top_people(call, &stats, reply);
	name_people(call, &stats, reply);
	return 0;
}

/* https://core.telegram.org/method/stats.loadAsyncGraph */
int api_stats_loadAsyncGraph(
	struct call *call, const struct tl_stats_loadAsyncGraph *req, struct tl_object **reply)
{
	struct channel_stats stats;
	enum stats_graph kind;
	int64_t id;

	/* No graph has days that can be looked into. */
	if (req->has_x || !graph_token_read(call, req->token, &kind, &id))
		return rpc_error(call, 400, "GRAPH_INVALID_RELOAD");
	if (channel_stats_days(call, id, &stats) < 0)
		return -1;
	*reply = graph_of_channel(call, kind, &stats);
	return 0;
}

/* ---- Posts ---- */

/* https://core.telegram.org/method/stats.getMessageStats */
int api_stats_getMessageStats(struct call *call, const struct tl_stats_getMessageStats *req,
	struct tl_stats_messageStats *reply)
{
	struct post_stats stats;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		post_stats(call, id, req->msg_id, &stats) < 0)
		return -1;
	reply->views_graph = graph_of_post(call, &stats);
	reply->reactions_by_emotion_graph = graph_none(call);
	return 0;
}

/* https://core.telegram.org/method/stats.getPollStats: of polls in channels and supergroups. */
int api_stats_getPollStats(struct call *call, const struct tl_stats_getPollStats *req,
	struct tl_stats_pollStats *reply)
{
	struct post_stats stats;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (poll_stats(call, peer.id, req->msg_id, &stats) < 0)
		return -1;
	reply->votes_graph = graph_of_poll(call, &stats);
	return 0;
}

static int offset_read(struct call *call, struct bytes offset, struct home_forward *out)
{
	char text[OFFSET_MAX];

	*out = (struct home_forward){0};
	if (!offset.size)
		return 0;
	if (offset.size >= sizeof(text))
		return rpc_error(call, 400, "OFFSET_INVALID");
	memcpy(text, offset.data, offset.size);
	text[offset.size] = 0;
	if (sscanf(text, "%" SCNd64 ".%" SCNd32, &out->at_channel, &out->at_post) != 2)
		return rpc_error(call, 400, "OFFSET_INVALID");
	return 0;
}

/* https://core.telegram.org/method/stats.getMessagePublicForwards */
int api_stats_getMessagePublicForwards(struct call *call,
	const struct tl_stats_getMessagePublicForwards *req, struct tl_stats_publicForwards *reply)
{
	struct post_forwards forwards;
	struct home_forward after;
	struct roster roster;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		offset_read(call, req->offset, &after) < 0 ||
		post_forwards(call, id, req->msg_id, &after, req->limit, &forwards) < 0)
		return -1;
	reply->count = clip(forwards.total);
	reply->forwards = tl_objects_new(call->arena, (uint32_t)forwards.count);
	roster_init(&roster, call->arena);
	for (size_t i = 0; i < forwards.count; i++) {
		struct tl_publicForwardMessage *forward = TL_NEW(call->arena, publicForwardMessage);

		forward->message = encode_message(call->arena, &forwards.posts[i]);
		reply->forwards.at[i] = &forward->o;
		roster_add_message(&roster, &forwards.posts[i]);
	}
	encode_named(call, &roster, &reply->users, &reply->chats);
	if (forwards.more)
		reply->next_offset = bytes_from_str(arena_printf(call->arena,
			"%" PRId64 ".%" PRId32, forwards.last.at_channel, forwards.last.at_post));
	return 0;
}
