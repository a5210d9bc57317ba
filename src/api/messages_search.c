/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: search. */
#include "core/messages/messages_search.h"

#include "api/encode_channel.h"
#include "api/encode_list.h"
#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/posts_search.h"
#include "core/dialogs/dialog_places.h"
#include "core/channels/roster.h"

#define COUNTERS_MAX 32 /* there are fewer filters */

/* Kinds that Lontar does not carry yet match nothing. */
static enum search_filter filter_from_input(const struct tl_object *filter)
{
	switch (filter->name) {
	case TL_inputMessagesFilterEmpty:
		return SEARCH_ANY;
	case TL_inputMessagesFilterUrl:
		return SEARCH_URLS;
	case TL_inputMessagesFilterGeo:
		return SEARCH_PLACES;
	case TL_inputMessagesFilterContacts:
		return SEARCH_CONTACTS;
	case TL_inputMessagesFilterPoll:
		return SEARCH_POLLS;
	case TL_inputMessagesFilterPinned:
		return SEARCH_PINNED;
	case TL_inputMessagesFilterMyMentions:
		return SEARCH_MENTIONS;
	default:
		return SEARCH_NOTHING;
	}
}

/* A part of Saved Messages means nothing elsewhere. */
static int query_from_input(struct call *call, const struct tl_object *peer,
	const struct tl_object *saved_peer, const struct tl_object *filter,
	struct message_query *out)
{
	*out = (struct message_query){.filter = filter_from_input(filter)};
	if (!TL_AS(inputPeerEmpty, peer) && peer_from_input(call, peer, &out->in) < 0)
		return -1;
	if (!saved_peer)
		return 0;
	if (out->in.kind != PEER_USER || out->in.id != call->user)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	out->saved = peer_named(call, saved_peer);
	return out->saved.kind == PEER_NONE ? rpc_error(call, 400, "PEER_ID_INVALID") : 0;
}

/* There are no threads in boxes. */
static void in_thread(struct message_query *query, bool named, int32_t thread)
{
	if (named && query->in.kind != PEER_CHANNEL)
		query->filter = SEARCH_NOTHING;
	query->thread = named ? thread : 0;
}

/* https://core.telegram.org/method/messages.search; inputPeerEmpty: in all private chats. */
int api_messages_search(
	struct call *call, const struct tl_messages_search *req, struct tl_object **reply)
{
	struct post_range range = {.offset_id = req->offset_id,
		.add_offset = req->add_offset,
		.limit = req->limit,
		.max_id = req->max_id,
		.min_id = req->min_id};
	struct message_query query;
	struct message_list list;
	struct post_list posts;

	if (query_from_input(call, req->peer, req->saved_peer_id, req->filter, &query) < 0)
		return -1;
	if (req->from_id && peer_from_input(call, req->from_id, &query.from) < 0)
		return -1;
	query.text = req->q;
	query.min_date_s = req->min_date;
	query.max_date_s = req->max_date;
	in_thread(&query, req->has_top_msg_id, req->top_msg_id);
	/* There are no tags. */
	if (req->saved_reaction.count)
		query.filter = SEARCH_NOTHING;
	if (query.in.kind == PEER_CHANNEL) {
		if (channel_posts_search(call, &query, &range, &posts) < 0)
			return -1;
		*reply = encode_post_list(call->arena, &posts, NULL, 0);
		return 0;
	}
	if (messages_search(call, &query, &range, &list) < 0)
		return -1;
	*reply = encode_list_or_same(call, &list, req->hash);
	return 0;
}

/* https://core.telegram.org/method/messages.searchGlobal: the own box, and the public channels that
 * the caller is in. */
int api_messages_searchGlobal(
	struct call *call, const struct tl_messages_searchGlobal *req, struct tl_object **reply)
{
	struct post_range range = {.offset_id = req->offset_id, .limit = req->limit};
	struct posts_query posts = {.text = req->q,
		.broadcasts = !req->groups_only,
		.groups = !req->broadcasts_only,
		.has_folder = req->has_folder_id,
		.folder = req->folder_id,
		.min_date_s = req->min_date,
		.max_date_s = req->max_date,
		.limit = req->limit};
	struct message_query query = {.text = req->q,
		.filter = filter_from_input(req->filter),
		.has_folder = req->has_folder_id,
		.folder = req->folder_id,
		.min_date_s = req->min_date,
		.max_date_s = req->max_date};
	struct tl_messages_messagesSlice *slice;
	struct message_list box, public = {0}, list;

	if (post_after_from_input(
		    call, req->offset_rate, req->offset_peer, req->offset_id, &posts.after) < 0)
		return -1;
	if (posts.after.channel && posts.after.channel != INT64_MAX) {
		range.offset_id = 0;
		if (!query.max_date_s || query.max_date_s > req->offset_rate)
			query.max_date_s = req->offset_rate;
	}
	if (req->users_only)
		query.kind = PEER_USER;
	if (req->groups_only)
		query.kind = PEER_CHAT;
	if (req->broadcasts_only || req->community)
		query.filter = SEARCH_NOTHING;
	if (req->has_folder_id && req->folder_id != FOLDER_LIST && req->folder_id != FOLDER_ARCHIVE)
		return rpc_error(call, 400, "FOLDER_ID_INVALID");
	if (query.filter == SEARCH_ANY && !req->q.size)
		return rpc_error(call, 400, "SEARCH_QUERY_EMPTY");
	if (query.filter == SEARCH_ANY || req->broadcasts_only) {
		const bool wanted = filter_from_input(req->filter) == SEARCH_ANY &&
				    !req->users_only && !req->community;

		if (wanted && posts_search_mine(call, &posts, &public) < 0)
			return -1;
	}
	if (messages_search(call, &query, &range, &box) < 0)
		return -1;
	message_lists_merge(call, &box, &public,
		req->limit > 0 && req->limit < POSTS_PER_CALL_MAX ? (size_t)req->limit
								  : POSTS_PER_CALL_MAX,
		&list);
	*reply = encode_message_list(call, &list);
	slice = TL_AS(messages_messagesSlice, *reply);
	if (slice && list.count) {
		slice->next_rate = (int32_t)list.at[list.count - 1].date_s;
		slice->has_next_rate = true;
	}
	return 0;
}

static int count_matches(struct call *call, const struct message_query *query,
	struct tl_messages_searchCounter *counter)
{
	if (query->in.kind == PEER_CHANNEL)
		return channel_posts_search_count(call, query, &counter->count, &counter->inexact);
	if (query->filter == SEARCH_NOTHING)
		return 0;
	return messages_search_count(call, query, &counter->count, &counter->inexact);
}

/* https://core.telegram.org/method/messages.getSearchCounters */
int api_messages_getSearchCounters(struct call *call,
	const struct tl_messages_getSearchCounters *req, struct tl_objects *reply)
{
	struct message_query query;

	if (req->filters.count > COUNTERS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	*reply = tl_objects_new(call->arena, req->filters.count);
	for (uint32_t i = 0; i < req->filters.count; i++) {
		struct tl_messages_searchCounter *counter =
			TL_NEW(call->arena, messages_searchCounter);

		if (query_from_input(
			    call, req->peer, req->saved_peer_id, req->filters.at[i], &query) < 0)
			return -1;
		in_thread(&query, req->has_top_msg_id, req->top_msg_id);
		counter->filter = req->filters.at[i];
		reply->at[i] = &counter->o;
		if (count_matches(call, &query, counter) < 0)
			return -1;
	}
	return 0;
}

/* Of one chat. */
static int chat_query(struct call *call, const struct tl_object *peer,
	const struct tl_object *saved_peer, const struct tl_object *filter,
	struct message_query *query)
{
	if (query_from_input(call, peer, saved_peer, filter, query) < 0)
		return -1;
	return query->in.kind == PEER_NONE ? rpc_error(call, 400, "PEER_ID_INVALID") : 0;
}

/* https://core.telegram.org/method/messages.getSearchResultsCalendar */
int api_messages_getSearchResultsCalendar(struct call *call,
	const struct tl_messages_getSearchResultsCalendar *req,
	struct tl_messages_searchResultsCalendar *reply)
{
	struct message_query query;
	struct search_days days;
	struct roster roster;

	if (chat_query(call, req->peer, req->saved_peer_id, req->filter, &query) < 0 ||
		messages_search_days(call, &query, req->offset_id, req->offset_date, &days) < 0)
		return -1;
	reply->inexact = days.oldest.inexact;
	reply->count = (int32_t)days.oldest.total;
	reply->min_date = (int32_t)days.min_date_s;
	reply->min_msg_id = days.min_id;
	reply->offset_id_offset = days.before;
	reply->has_offset_id_offset = req->offset_id > 0;
	reply->periods = tl_objects_new(call->arena, (uint32_t)days.count);
	for (size_t i = 0; i < days.count; i++) {
		struct tl_searchResultsCalendarPeriod *period =
			TL_NEW(call->arena, searchResultsCalendarPeriod);

		period->date = (int32_t)days.at[i].date_s;
		period->min_msg_id = days.at[i].min_id;
		period->max_msg_id = days.at[i].max_id;
		period->count = days.at[i].count;
		reply->periods.at[i] = &period->o;
	}
	roster_init(&roster, call->arena);
	for (size_t i = 0; i < days.oldest.count; i++)
		roster_add_message(&roster, &days.oldest.at[i]);
	reply->messages = encode_messages(call->arena, days.oldest.at, days.oldest.count);
	encode_named(call, &roster, &reply->users, &reply->chats);
	return 0;
}

/* https://core.telegram.org/method/messages.getSearchResultsPositions */
int api_messages_getSearchResultsPositions(struct call *call,
	const struct tl_messages_getSearchResultsPositions *req,
	struct tl_messages_searchResultsPositions *reply)
{
	struct search_positions positions;
	struct message_query query;

	if (chat_query(call, req->peer, req->saved_peer_id, req->filter, &query) < 0 ||
		messages_search_positions(call, &query, req->offset_id, req->limit, &positions) < 0)
		return -1;
	reply->count = positions.total;
	reply->positions = tl_objects_new(call->arena, (uint32_t)positions.count);
	for (size_t i = 0; i < positions.count; i++) {
		struct tl_searchResultPosition *position =
			TL_NEW(call->arena, searchResultPosition);

		position->msg_id = positions.at[i].id;
		position->date = (int32_t)positions.at[i].date_s;
		position->offset = positions.at[i].offset;
		reply->positions.at[i] = &position->o;
	}
	return 0;
}
