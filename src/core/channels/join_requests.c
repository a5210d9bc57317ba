/* SPDX-License-Identifier: Apache-2.0 */
/* Asking to be let in, deciding about it, and telling those who decide. */
#include "core/channels/join_requests.h"

#include "core/messages/box.h"
#include "core/channels/channel_rights.h"
#include "core/messages/find.h"
#include "core/channels/invites_private.h"
#include "core/accounts/network_budget.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

/* ---- Telling ---- */

void join_requests_glance(struct call *call, struct peer peer, struct join_requests *out)
{
	const struct home_join_mark from_newest = {0};
	struct home_join *joins;

	*out = (struct join_requests){
		.waiting = home_joins_waiting(call_home(call), invite_place(peer))};
	if (out->waiting == 0)
		return;
	out->recent_count = home_joins(call_home(call), call->arena, invite_place(peer), NULL, true,
		&from_newest, JOIN_RECENT_MAX, &joins);
	for (size_t i = 0; i < out->recent_count; i++)
		out->recent[i] = joins[i].user;
}

static struct update requests_update(struct call *call, struct peer peer)
{
	struct update update = {.kind = UPDATE_JOIN_REQUESTS, .peer = peer};
	struct join_requests requests;

	join_requests_glance(call, peer, &requests);
	update.unread = (int32_t)requests.waiting;
	update.peers = arena_array(call->arena, JOIN_RECENT_MAX, sizeof(*update.peers));
	for (size_t i = 0; i < requests.recent_count; i++)
		update.peers[update.peer_count++] = (struct peer){PEER_USER, requests.recent[i]};
	return update;
}

/* The accounts that may invite there. Returns their number. */
static size_t deciders(struct call *call, struct peer peer, int64_t *out, size_t limit)
{
	struct membership_row *rows;
	struct chat_member *members;
	size_t count, found = 0;

	if (peer.kind == PEER_CHAT) {
		chat_members(call, peer.id, &members, &count);
		for (size_t i = 0; i < count && found < limit; i++)
			if (members[i].role >= CHAT_ADMIN)
				out[found++] = members[i].user;
		return found;
	}
	rows = arena_array(call->arena, limit, sizeof(*rows));
	count = home_members_admins(
		call_home(call), call->arena, peer.id, ROLE_ADMIN, ROLE_CREATOR, rows, limit);
	for (size_t i = 0; i < count; i++)
		if (rows[i].role == ROLE_CREATOR || rows[i].admin_rights & ADMIN_INVITE)
			out[found++] = rows[i].user;
	return found;
}

static void tell_deciders(struct call *call, struct peer peer)
{
	struct update update = requests_update(call, peer);
	int64_t accounts[INVITE_ADMINS_MAX];
	const size_t count = deciders(call, peer, accounts, INVITE_ADMINS_MAX);

	for (size_t i = 0; i < count; i++)
		change_tell(call, accounts[i], accounts[i] == call->user ? call->session_id : 0,
			CHANGE_JOIN_REQUESTS, peer, 0, &update);
}

static bool may_decide(struct call *call, struct peer peer)
{
	struct channel_view view;

	if (peer.kind == PEER_CHAT)
		return chat_role_of(call, peer.id, call->user) >= CHAT_ADMIN;
	return channel_find(call, peer.id, &view) && channel_admin_may(&view, ADMIN_INVITE);
}

bool join_requests_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	const struct peer peer = {(enum peer_kind)change->peer_kind, change->peer};

	if (!may_decide(call, peer))
		return false;
	*update = requests_update(call, peer);
	return true;
}

/* ---- Asking ---- */

int join_request_make(struct call *call, struct peer peer, const struct home_invite_link *link)
{
	const struct home_place place = invite_place(peer);
	struct home_join join = {.user = call->user, .waits = true, .date_s = call->now_s};
	struct db *home = call_home(call);
	struct home_join old;

	call->keep_writes = true;
	if (home_join_find(home, call->arena, place, call->user, &old) && old.waits)
		return rpc_error(call, 400, "INVITE_REQUEST_SENT");
	if (home_joins_of_user(home, call->user, JOIN_REQUESTS_OF_ONE_MAX) >=
		JOIN_REQUESTS_OF_ONE_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (home_joins_waiting(home, place) >= JOIN_REQUESTS_MAX)
		return rpc_error(call, 400, "USERS_TOO_MUCH");
	if (account_budget_take(call, "join_requests", JOIN_REQUESTS_PER_DAY) < 0)
		return -1;
	if (link) {
		join.by_link = true;
		memcpy(join.hash, link->hash, sizeof(join.hash));
	}
	home_join_put(home, call->arena, place, &join);
	tell_deciders(call, peer);
	return rpc_error(call, 400, "INVITE_REQUEST_SENT");
}

void join_request_settle(struct call *call, struct peer peer, int64_t user)
{
	struct home_join join;

	if (!home_join_find(call_home(call), call->arena, invite_place(peer), user, &join) ||
		!join.waits)
		return;
	home_join_delete(call_home(call), call->arena, invite_place(peer), user);
	tell_deciders(call, peer);
}

/* ---- Deciding ---- */

/* Runs as the account that is let in, so that what it is told is made for it; call->user hears of
 * it as everybody in it does. */
static int let_in(struct call *call, struct peer peer, const struct home_join *asked)
{
	struct call as_user = *call;
	struct home_join join = *asked;
	struct home_invite_link link;
	struct update_set told;
	struct invite_host host;
	bool by_link;

	as_user.user = join.user;
	as_user.session_id = 0;
	if (!invite_host_load(&as_user, peer, &host))
		return rpc_error(call, 400, "HIDE_REQUESTER_MISSING");
	by_link = join.by_link && home_invite_link_find(call_home(call), call->store->vault,
					  call->arena, join.hash, &link);
	join.waits = false;
	join.date_s = call->now_s;
	join.approved_by = call->user;
	if (invite_enter(&as_user, &host, &join, by_link ? &link : NULL, &told) < 0)
		return rpc_error(call, as_user.fault.code, as_user.fault.text);
	return 0;
}

static void decided(struct call *call, struct peer peer, struct update_set *answer)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	tell_deciders(call, peer);
	*update = requests_update(call, peer);
	*answer = (struct update_set){.updates = update, .update_count = 1};
	roster_complete(call, call->user, answer);
}

/* What an admin is told of somebody who can't come. */
static int refused(struct call *call, int64_t user, struct peer peer)
{
	const bool full_of_chats = strcmp(call->fault.text, "CHANNELS_TOO_MUCH") == 0;
	const bool banned = strcmp(call->fault.text, "INVITE_HASH_EXPIRED") == 0;

	if (!full_of_chats && !banned)
		return -1;
	call->fault = (struct fault){0};
	if (full_of_chats)
		return rpc_error(call, 400, "USER_CHANNELS_TOO_MUCH");
	/* He was put out since he asked: that is an answer. */
	home_join_delete(call_home(call), call->arena, invite_place(peer), user);
	tell_deciders(call, peer);
	call->keep_writes = true;
	return rpc_error(call, 400, "HIDE_REQUESTER_MISSING");
}

int join_request_decide(
	struct call *call, struct peer peer, int64_t user, bool approve, struct update_set *answer)
{
	struct invite_host host;
	struct home_join join;

	if (invite_host_need(call, peer, &host) < 0)
		return -1;
	if (invite_host_has(call, &host, user))
		return rpc_error(call, 400, "USER_ALREADY_PARTICIPANT");
	if (!home_join_find(call_home(call), call->arena, host.place, user, &join) || !join.waits)
		return rpc_error(call, 400, "HIDE_REQUESTER_MISSING");
	if (!approve)
		home_join_delete(call_home(call), call->arena, host.place, user);
	else if (let_in(call, peer, &join) < 0)
		return refused(call, user, peer);
	decided(call, peer, answer);
	return 0;
}

/* Who can't come is turned down, but where nobody can: then they wait for a place. */
static void let_in_many(
	struct call *call, struct peer peer, const struct home_join *joins, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (let_in(call, peer, &joins[i]) == 0)
			continue;
		if (strcmp(call->fault.text, "USERS_TOO_MUCH") != 0)
			home_join_delete(
				call_home(call), call->arena, invite_place(peer), joins[i].user);
		call->fault = (struct fault){0};
	}
}

int join_requests_decide_all(struct call *call, struct peer peer, struct bytes text, bool approve,
	struct update_set *answer)
{
	const struct home_join_mark from_newest = {0};
	struct home_invite_link link;
	struct invite_host host;
	struct home_join *joins;
	size_t count;

	if (invite_host_need(call, peer, &host) < 0 ||
		(text.size && invite_link_need(call, &host, text, &link) < 0))
		return -1;
	count = home_joins(call_home(call), call->arena, host.place, text.size ? link.hash : NULL,
		true, &from_newest, JOIN_REQUESTS_AT_ONCE, &joins);
	if (count == 0)
		return rpc_error(call, 400, "HIDE_REQUESTER_MISSING");
	if (approve)
		let_in_many(call, peer, joins, count);
	else
		home_joins_dismiss(call_home(call), host.place, text.size ? link.hash : NULL);
	decided(call, peer, answer);
	return 0;
}

/* ---- Listing ---- */

static bool name_has(struct call *call, int64_t user, const struct find *find)
{
	struct user seen;

	return user_view(call, user, &seen) == 0 &&
	       find_in(call->arena,
		       bytes_from_str(arena_printf(call->arena, "%.*s %.*s %.*s",
			       (int)seen.first_name.size, (const char *)seen.first_name.data,
			       (int)seen.last_name.size, (const char *)seen.last_name.data,
			       (int)seen.username.size, (const char *)seen.username.data)),
		       find);
}

/* Those of the newest whose names have the words, behind the mark. */
static void search(struct call *call, struct home_place place, const struct join_query *query,
	size_t limit, struct joins *out)
{
	const struct find find = find_words(call->arena, query->text);
	struct home_join *rows;
	const size_t count = home_joins(call_home(call), call->arena, place, NULL, true,
		&query->mark, JOINS_SEARCHED_MAX, &rows);

	out->at = rows;
	for (size_t i = 0; i < count; i++) {
		if (!name_has(call, rows[i].user, &find))
			continue;
		out->total++;
		if (out->count < limit)
			rows[out->count++] = rows[i];
	}
}

int joins_find(
	struct call *call, struct peer peer, const struct join_query *query, struct joins *out)
{
	const size_t limit = query->limit < 0 || query->limit > JOINS_PAGE_MAX
				     ? JOINS_PAGE_MAX
				     : (size_t)query->limit;
	struct home_invite_link link;
	struct invite_host host;
	struct user_card card;

	*out = (struct joins){0};
	if (query->link.size && query->text.size)
		return rpc_error(call, 400, "SEARCH_WITH_LINK_NOT_SUPPORTED");
	if (invite_host_need(call, peer, &host) < 0)
		return -1;
	if ((query->link.size || !query->waits) &&
		invite_link_need(call, &host, query->link, &link) < 0)
		return -1;
	if (query->text.size) {
		search(call, host.place, query, limit, out);
	} else {
		out->count = home_joins(call_home(call), call->arena, host.place,
			query->link.size ? link.hash : NULL, query->waits, &query->mark, limit,
			&out->at);
		out->total = !query->link.size ? home_joins_waiting(call_home(call), host.place)
			     : query->waits    ? link.requested
					       : link.uses;
	}
	out->about = arena_array(call->arena, out->count, sizeof(*out->about));
	for (size_t i = 0; i < out->count; i++) {
		out->about[i] = (struct bytes){0};
		if (!out->at[i].waits)
			continue;
		user_card(call, out->at[i].user, &card);
		out->about[i] = card.about;
	}
	return 0;
}
