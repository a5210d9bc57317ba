/* SPDX-License-Identifier: Apache-2.0 */
/* Graphs as the JSON that clients draw. https://core.telegram.org/api/stats#graphs */
#ifndef API_STATS_GRAPH_H
#define API_STATS_GRAPH_H

#include "core/channels/channel_stats.h"

struct tl_object;

/* In tokens of graphs that are loaded later: numbers never change. */
enum stats_graph {
	GRAPH_GROWTH,
	GRAPH_MEMBERS, /* who came and went */
	GRAPH_INTERACTIONS,
	GRAPH_MESSAGES,
	GRAPH_ACTIONS,
	GRAPH_KINDS
};

/* statsGraph; statsGraphError while nothing was counted. */
struct tl_object *graph_of_channel(
	struct call *call, enum stats_graph kind, const struct channel_stats *stats);
struct tl_object *graph_of_post(struct call *call, const struct post_stats *stats);
struct tl_object *graph_of_poll(struct call *call, const struct post_stats *stats);
/* What nobody counts. */
struct tl_object *graph_none(struct call *call);

/* A graph that the client asks for when it shows it: the token says which. */
struct tl_object *graph_later(struct call *call, enum stats_graph kind, int64_t channel);
/* False: no token that call->user got. */
bool graph_token_read(
	struct call *call, struct bytes token, enum stats_graph *kind, int64_t *channel);

#endif
