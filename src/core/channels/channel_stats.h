/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statistics of channels, from counters that are raised when something happens: one row per channel
 * and day, one per person and day of so many, one per post and day. Nothing is scanned, and a day's
 * row costs the same for ten members as for ten million. Kept for HOME_STATS_DAYS days.
 * https://core.telegram.org/api/stats
 */
#ifndef CORE_CHANNEL_STATS_H
#define CORE_CHANNEL_STATS_H

#include "core/channels/channel_load.h"
#include "store/home_stats.h"

/* From so many members on admins are shown statistics: among fewer they would tell of each. */
#define STATS_MEMBERS_MIN 10
#define STATS_GRAPH_DAYS 60 /* that graphs show */
#define STATS_PERIOD_DAYS 7 /* that values are of, compared with as many before */
#define STATS_RECENT_POSTS 20
#define STATS_TOP 10
#define STATS_FORWARDS_MAX 100 /* of one page */

/* ---- What happened ---- */

/* After the count was changed and the context made anew. */
void stats_members(struct call *call, const struct channel_context *context, int64_t delta);
/* Also notes a forward, when it is one of a channel's post. */
void stats_post(
	struct call *call, const struct channel_context *context, const struct message *post);
/* So many were counted of the post. */
void stats_views(
	struct call *call, const struct channel_context *context, int32_t post, int64_t views);
/* Of a post of this channel, wherever to. */
void stats_forward(struct call *call, const struct channel_context *context, int32_t post);
/* The poll of a channel's post, wherever it was voted in. before_s: when the one vote was given
 * that this one replaces; 0: there was none. given: else it was taken back. */
void stats_vote(struct call *call, int64_t channel, int32_t post, int64_t before_s, bool given);
void stats_reaction(struct call *call, const struct channel_context *context);
/* Banned: something was taken from a member; kicked: he was put out. */
enum stats_act { STATS_DELETED, STATS_KICKED, STATS_BANNED, STATS_INVITED };
/* call->user did it to so many. */
void stats_act(struct call *call, const struct channel_context *context, enum stats_act act,
	int64_t count);

/* ---- What it amounts to ---- */

/* An admin of a channel that is large enough. */
bool stats_may_view(const struct channel_view *view);

struct channel_stats {
	int64_t first, last;			/* the period, days */
	struct home_day days[STATS_GRAPH_DAYS]; /* one after the other, up to today */
	size_t count;				/* 0: nothing was counted yet */
	struct home_day now, before; /* sums of the period, and of the one before; members
					as at the end of each */
	/* Groups: */
	struct home_day_person posters[STATS_TOP], admins[STATS_TOP], inviters[STATS_TOP];
	size_t poster_count, admin_count, inviter_count;
	/* Channels: the newest posts. */
	struct message *posts;
	size_t post_count;
};

/* Faults CHAT_ADMIN_REQUIRED for who may not, BROADCAST_REQUIRED, MEGAGROUP_REQUIRED. */
MUST_CHECK int channel_stats(
	struct call *call, int64_t id, bool broadcast, struct channel_stats *out);
/* Without the people and the posts, of either kind: for a graph that is asked for alone. */
MUST_CHECK int channel_stats_days(struct call *call, int64_t id, struct channel_stats *out);

struct post_stats {
	struct home_post_day days[HOME_STATS_DAYS]; /* one after the other */
	size_t count;
};

/* Faults as above, and MESSAGE_ID_INVALID. */
MUST_CHECK int post_stats(struct call *call, int64_t id, int32_t post, struct post_stats *out);

/* Of the poll that the post was made with: votes. */
MUST_CHECK int poll_stats(struct call *call, int64_t id, int32_t post, struct post_stats *out);

struct post_forwards {
	int64_t total;
	struct message *posts;
	size_t count;
	bool more;
	struct home_forward last; /* where the next page begins after */
};

/* Posts of public channels that the viewer can read. */
MUST_CHECK int post_forwards(struct call *call, int64_t id, int32_t post,
	const struct home_forward *after, int32_t limit, struct post_forwards *out);

/* Upkeep: drops old days. True: there may be more. */
bool stats_purge(struct call *call);

#endif
