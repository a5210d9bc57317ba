/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the rating of peers. */
#include "core/accounts/top_peers.h"

#include <math.h>

#include "core/bots/bots.h"
#include "store/home_contacts_top.h"

#define SCORE_UNIT 1e9	  /* a score of 1.0 as stored */
#define RATING_LEAST 1e-6 /* as good as forgotten */

static double now_score(const struct call *call)
{
	return (double)call->now_s / TOP_PEERS_DECAY_S;
}

/* ln(e^a + e^b), a >= b, without the powers that no double holds. */
static double sum_of_powers(double a, double b)
{
	return a >= b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b));
}

static void count(struct call *call, enum top_category category, struct peer peer)
{
	struct db *db = call_home(call);
	struct home_top top = {.category = category, .peer_kind = peer.kind, .peer = peer.id};
	double score = now_score(call);
	bool known, off;

	known = home_top_get(db, call->user, &top, &off);
	if (off)
		return;
	/* Asked about who is new in the list alone: a send to a friend must not pay for it. */
	if (!known && category == TOP_CORRESPONDENTS && bot_is(call, peer.id)) {
		count(call, TOP_BOTS, peer);
		return;
	}
	if (known)
		score = sum_of_powers((double)top.score / SCORE_UNIT, score);
	top.score = (int64_t)llround(score * SCORE_UNIT);
	home_top_put(db, call->user, &top);
	if (!known)
		home_top_trim(db, call->user, category, TOP_PEERS_KEPT);
}

static bool is_person(const struct call *call, struct peer peer)
{
	return peer.kind == PEER_USER && peer.id != call->user && peer.id != SERVICE_USER;
}

void top_peers_count(struct call *call, struct peer peer)
{
	if (call->is_bot)
		return;
	if (is_person(call, peer))
		count(call, TOP_CORRESPONDENTS, peer);
	else if (peer.kind == PEER_CHAT)
		count(call, TOP_GROUPS, peer);
}

void top_peers_count_forward(struct call *call, struct peer peer)
{
	if (is_person(call, peer))
		count(call, TOP_FORWARD_USERS, peer);
	else if (peer.kind == PEER_CHAT)
		count(call, TOP_FORWARD_CHATS, peer);
}

bool top_peers_enabled(struct call *call)
{
	return !home_top_is_off(call_home(call), call->user);
}

void top_peers_enable(struct call *call, bool on)
{
	if (!on)
		home_top_delete_all(call_home(call), call->user);
	home_top_set_off(call_home(call), call->user, !on);
}

size_t top_peers_list(struct call *call, enum top_category category, size_t offset, size_t limit,
	struct top_peer **out, size_t *total)
{
	struct home_top *rows;
	size_t shown = 0;

	*out = arena_array(call->arena, TOP_PEERS_LIMIT_MAX, sizeof(**out));
	*total = home_top_list(
		call_home(call), call->arena, call->user, category, TOP_PEERS_KEPT, &rows);
	if (limit > TOP_PEERS_LIMIT_MAX)
		limit = TOP_PEERS_LIMIT_MAX;
	for (size_t i = offset; i < *total && shown < limit; i++) {
		double rating = exp((double)rows[i].score / SCORE_UNIT - now_score(call));

		if (rating < RATING_LEAST)
			break; /* and all that follow */
		(*out)[shown++] =
			(struct top_peer){.peer = {(enum peer_kind)rows[i].peer_kind, rows[i].peer},
				.rating = rating};
	}
	return shown;
}

void top_peers_reset(struct call *call, enum top_category category, struct peer peer)
{
	struct home_top top = {.category = category, .peer_kind = peer.kind, .peer = peer.id};

	home_top_delete(call_home(call), call->user, &top);
}
