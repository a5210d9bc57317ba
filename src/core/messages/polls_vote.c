/* SPDX-License-Identifier: Apache-2.0 */
/* Voting, looking at the votes, closing; and telling those who have the poll. */
#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_stats.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/messages/page_mark.h"
#include "core/messages/poll_body.h"
#include "core/messages/polls_private.h"
#include "core/channels/roster.h"

#define VOTES_LOOKED_AT_MAX 5000 /* opened for one page of who chose an option */

/* Who left a group keeps the copy, and nothing to say or to learn about it. */
static int find_message(struct call *call, struct poll_at *at, struct message *out)
{
	const struct peer in = at->in;

	if (in.kind == PEER_NONE ||
		(in.kind == PEER_CHAT && chat_role_of(call, in.id, call->user) == CHAT_OUT))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (!box_open(call, call->user, &at->box) ||
		!home_message_get(&at->box, at->id, &at->message) ||
		at->message.peer_kind != (int32_t)in.kind || at->message.peer != in.id)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	box_message_from_row(&at->box, &at->message, out);
	return 0;
}

static int find(struct call *call, struct peer in, int32_t id, struct poll_at *out)
{
	struct home_sealer home = polls_home(call);
	struct message message;

	*out = (struct poll_at){.in = in, .id = id};
	if (in.kind == PEER_CHANNEL ? poll_post_find(call, out, &message) < 0
				    : find_message(call, out, &message) < 0)
		return -1;
	if (!message.media || message.media->kind != MEDIA_POLL ||
		!polls_read(&home, message.media->poll_owner, message.media->poll, &out->row,
			&out->poll))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	out->forwarded = message.forward != NULL;
	return 0;
}

/* ---- Telling ---- */

static void tell_one(struct call *call, const struct circle *circle, const struct home_box *box,
	const struct poll_at *found, struct update *update)
{
	struct home_sealer home = polls_home(call);
	struct home_message copy = {0};

	if (box->owner == call->user)
		copy = found->message;
	else if (!home_message_by_twin(box, found->message.twin, &copy))
		return;
	*update = (struct update){.kind = UPDATE_POLL,
		.peer = circle_peer(call, circle, box->owner),
		.max_id = copy.id,
		.poll = polls_view(&home, box->owner, found->row.owner, found->row.id)};
	change_tell(call, box->owner, box->owner == call->user ? call->session_id : 0, CHANGE_POLL,
		polls_owner_peer(found->row.owner), found->row.id, update);
}

/* Everybody with a copy of the message whom the caller reaches. answer: what the caller is told;
 * NULL: nobody asked. */
static int tell(
	struct call *call, struct peer in, const struct poll_at *found, struct update_set *answer)
{
	struct circle circle;

	/* Where the other is gone, the own copy is left. */
	if (circle_open_reaching(call, in, &circle) < 0) {
		call->fault = (struct fault){0};
		if (circle_open_alone(call, in, &circle) < 0)
			return -1;
	}
	for (size_t i = 0; i < circle.count; i++) {
		struct update *update = ARENA_NEW(call->arena, struct update);

		tell_one(call, &circle, &circle.boxes[i], found, update);
		if (answer && &circle.boxes[i] == circle.own)
			*answer = (struct update_set){.updates = update, .update_count = 1};
	}
	if (answer)
		roster_complete(call, call->user, answer);
	return 0;
}

int poll_results(struct call *call, struct peer in, int32_t id, struct update_set *answer)
{
	struct home_sealer home = polls_home(call);
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct poll_at found;

	if (find(call, in, id, &found) < 0)
		return -1;
	*update = (struct update){.kind = UPDATE_POLL,
		.peer = in,
		.max_id = id,
		.poll = polls_view(&home, call->user, found.row.owner, found.row.id)};
	if (in.kind == PEER_CHANNEL)
		poll_post_stats(&found.channel, update->poll);
	*answer = (struct update_set){.updates = update, .update_count = 1};
	roster_complete(call, call->user, answer);
	return 0;
}

/* ---- Voting ---- */

static int options_from(struct call *call, const struct poll *poll, const struct bytes *options,
	size_t count, uint32_t *out)
{
	*out = 0;
	if (count > POLL_OPTIONS_MAX || (count > 1 && !poll->multiple))
		return rpc_error(call, 400, "OPTIONS_TOO_MUCH");
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < poll->option_count && !bytes_equal(poll->options[k].option, options[i]))
			k++;
		if (k == poll->option_count)
			return rpc_error(call, 400, "OPTION_INVALID");
		*out |= 1u << k;
	}
	return 0;
}

/* The voter to the front, or out. */
static void remember(struct poll *poll, int64_t voter, bool votes)
{
	int64_t recent[POLL_RECENT_MAX + 1];
	size_t count = 0;

	if (votes)
		recent[count++] = voter;
	for (size_t i = 0; i < poll->recent_count; i++) {
		if (poll->recent[i] != voter)
			recent[count++] = poll->recent[i];
	}
	poll->recent_count = count < POLL_RECENT_MAX ? count : POLL_RECENT_MAX;
	memcpy(poll->recent, recent, poll->recent_count * sizeof(*recent));
}

static bool is_over(const struct call *call, const struct home_poll *row)
{
	return row->closed || (row->close_at_s && row->close_at_s <= call->now_s);
}

/* vote: as it was. */
static void cast_vote(struct call *call, struct poll_at *found, const struct home_vote *vote,
	uint32_t after, bool unheard)
{
	struct home_sealer home = polls_home(call);
	struct home_vote next = {.voter = call->user,
		.options = after,
		.unheard = unheard,
		.voted_at_s = call->now_s};

	if (after)
		home_vote_put(&home, &found->row, &next);
	else
		home_vote_delete(home.db, &found->row, call->user);
	if (unheard)
		return;
	if (found->row.owner < 0 && found->row.message)
		stats_vote(call, -found->row.owner, found->row.message,
			vote->unheard || !vote->options ? 0 : vote->voted_at_s, after != 0);
	polls_recount(&found->poll, vote->unheard ? 0 : vote->options, after);
	if (found->poll.public_voters)
		remember(&found->poll, call->user, after != 0);
	found->row.tally = poll_tally_encode(call->arena, &found->poll);
	home_poll_set_tally(&home, &found->row);
}

int poll_vote(struct call *call, struct peer in, int32_t id, const struct bytes *options,
	size_t count, struct update_set *answer)
{
	const bool unheard = in.kind == PEER_USER && block_has(call, in.id, call->user);
	struct home_sealer home = polls_home(call);
	struct home_vote vote = {0};
	struct poll_at found;
	uint32_t chosen;

	if (find(call, in, id, &found) < 0)
		return -1;
	if (is_over(call, &found.row))
		return rpc_error(call, 400, "MESSAGE_POLL_CLOSED");
	/* His name would be among those who voted. */
	if (in.kind == PEER_CHANNEL && found.poll.public_voters &&
		channel_admin_may(&found.channel.view, ADMIN_ANONYMOUS))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (options_from(call, &found.poll, options, count, &chosen) < 0)
		return -1;
	home_vote_get(&home, &found.row, call->user, &vote);
	if (vote.options && (found.poll.quiz || found.poll.final))
		return rpc_error(call, 400, "REVOTE_NOT_ALLOWED");
	if (chosen == vote.options && (unheard || !vote.unheard))
		return poll_results(call, in, id, answer);
	if (unheard && vote.options && !vote.unheard)
		return rpc_error(call, 400, "REVOTE_NOT_ALLOWED");
	cast_vote(call, &found, &vote, chosen, unheard);
	if (in.kind == PEER_CHANNEL) {
		poll_post_tell(call, &found, answer);
		return 0;
	}
	return tell(call, in, &found, answer);
}

/* ---- Who voted ---- */

static struct poll_voter voter_of(
	struct arena *arena, const struct poll *poll, const struct home_vote *vote)
{
	struct poll_voter voter = {.user = vote->voter,
		.date_s = vote->voted_at_s,
		.options = arena_array(arena, poll->option_count, sizeof(struct bytes))};

	for (size_t i = 0; i < poll->option_count; i++) {
		if (vote->options & 1u << i)
			voter.options[voter.option_count++] = poll->options[i].option;
	}
	return voter;
}

static struct bytes behind(struct arena *arena, int64_t date_s, int64_t voter)
{
	return page_mark_write(arena, (struct page_mark){date_s, voter});
}

/* Votes are sealed: those for an option are found by opening them, newest first. Where many were
 * opened the page ends early, perhaps empty, and the next goes on behind them. */
static void collect(struct call *call, const struct poll_at *found, uint32_t wanted,
	struct page_mark from, size_t limit, struct poll_voters *out)
{
	struct home_vote after = {.voted_at_s = from.date_s, .voter = from.account};
	struct home_sealer home = polls_home(call);
	size_t looked_at = 0;

	out->at = arena_array(call->arena, limit, sizeof(*out->at));
	while (looked_at < VOTES_LOOKED_AT_MAX) {
		struct home_vote *votes;
		size_t count = home_votes_page(&home, &found->row, &after, limit + 1, &votes);

		for (size_t i = 0; i < count; i++) {
			if (!(votes[i].options & wanted) || votes[i].unheard)
				continue;
			if (out->count == limit) {
				out->next = behind(call->arena, out->at[limit - 1].date_s,
					out->at[limit - 1].user);
				return;
			}
			out->at[out->count++] = voter_of(call->arena, &found->poll, &votes[i]);
		}
		if (count <= limit)
			return;
		after = votes[count - 1];
		looked_at += count;
	}
	out->next = behind(call->arena, after.voted_at_s, after.voter);
}

static int may_look(struct call *call, const struct poll_at *found)
{
	struct home_sealer home = polls_home(call);
	struct poll *view = polls_view(&home, call->user, found->row.owner, found->row.id);

	if (!found->poll.public_voters)
		return rpc_error(call, 403, "BROADCAST_FORBIDDEN");
	if (!view || (!view->counts_shown && !is_over(call, &found->row)))
		return rpc_error(call, 403, "POLL_VOTE_REQUIRED");
	return 0;
}

int poll_voters(struct call *call, struct peer in, int32_t id, struct bytes option,
	struct bytes offset, int32_t limit, struct poll_voters *out)
{
	uint32_t wanted = UINT32_MAX;
	struct page_mark from;
	struct poll_at found;

	*out = (struct poll_voters){0};
	if (find(call, in, id, &found) < 0 || may_look(call, &found) < 0 ||
		page_mark_read(call, offset, &from) < 0)
		return -1;
	if (option.data && options_from(call, &found.poll, &option, 1, &wanted) < 0)
		return -1;
	out->total = found.poll.voters;
	for (size_t i = 0; option.data && i < found.poll.option_count; i++) {
		if (wanted == 1u << i)
			out->total = found.poll.options[i].voters;
	}
	if (limit <= 0 || limit > POLL_VOTES_PER_PAGE_MAX)
		limit = POLL_VOTES_PER_PAGE_MAX;
	collect(call, &found, wanted, from, (size_t)limit, out);
	return 0;
}

/* ---- Closing ---- */

int poll_close(struct call *call, struct peer in, int32_t id, struct update_set *answer)
{
	struct poll_at found;

	if (find(call, in, id, &found) < 0)
		return -1;
	if (in.kind == PEER_CHANNEL)
		return poll_post_close(call, &found, answer);
	if (found.message.author != call->user || found.row.owner != call->user || found.forwarded)
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	if (found.row.closed)
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	home_poll_set_closed(call_home(call), found.row.owner, found.row.id);
	return tell(call, in, &found, answer);
}

static void close_due(const struct call *upkeep, const struct home_poll *due)
{
	struct call owner = *upkeep;
	const struct peer in = {(enum peer_kind)due->peer_kind, due->peer};
	struct poll_at found;

	owner.user = due->owner;
	owner.session_id = 0;
	/* Its maker, or the maker's copy, may be gone: then nobody needs to be told. */
	if (find(&owner, in, due->message, &found) == 0)
		(void)tell(&owner, in, &found, NULL);
}

bool polls_close_due(struct call *call)
{
	struct home_sealer home = polls_home(call);
	struct home_poll *due;
	size_t count = home_polls_due(&home, call->now_s, POLLS_CLOSED_AT_ONCE, &due);

	for (size_t i = 0; i < count; i++) {
		home_poll_set_closed(home.db, due[i].owner, due[i].id);
		if (due[i].owner < 0)
			poll_post_ended(call, &due[i]);
		else
			close_due(call, &due[i]);
	}
	return count == POLLS_CLOSED_AT_ONCE;
}
