/* SPDX-License-Identifier: Apache-2.0 */
/* Search by names: the caller's own contacts and chats, opened row by row within bounds, and public
 * names. Ranked by how the name fits, then by how much the caller writes there. */
#include <stdlib.h>

#include "base/text.h"
#include "core/bots/bots.h"
#include "core/messages/box.h"
#include "core/channels/channels.h"
#include "core/chats/chats.h"
#include "core/accounts/contacts.h"
#include "core/accounts/contacts_find.h"
#include "core/messages/find.h"
#include "core/accounts/public_face.h"
#include "core/accounts/public_names.h"
#include "core/accounts/top_peers.h"
#include "core/accounts/users.h"
#include "store/home_contacts.h"
#include "store/square_search.h"

#define TITLES_MAX 100 /* looked at, of those that have the words */

enum fit { FIT_WHOLE, FIT_BEGINNING, FIT_WORDS, FIT_NONE };

struct candidate {
	struct peer peer;
	enum fit fit;
	double rating;
};

struct search {
	struct call *call;
	struct find query;
	struct candidate *at;
	size_t count, room;
	struct top_peer *top[2]; /* people, groups */
	size_t top_count[2];
};

static bool begins(struct bytes text, struct bytes with)
{
	return with.size <= text.size && memcmp(text.data, with.data, with.size) == 0;
}

static bool begins_a_word(const struct find *name, struct bytes with)
{
	for (size_t i = 0; i < name->count; i++) {
		if (begins(name->words[i], with))
			return true;
	}
	return false;
}

/* Whether the name's first words are those of the query, the last of them maybe only begun. */
static enum fit beginning_fit(const struct find *name, const struct find *query)
{
	const size_t last = query->count - 1;

	for (size_t i = 0; i < query->count; i++) {
		if (i >= name->count || !begins(name->words[i], query->words[i]) ||
			(i < last && name->words[i].size != query->words[i].size))
			return FIT_WORDS;
	}
	return name->count == query->count && name->words[last].size == query->words[last].size
		       ? FIT_WHOLE
		       : FIT_BEGINNING;
}

static enum fit name_fit(const struct find *name, const struct find *query)
{
	for (size_t i = 0; i < query->count; i++) {
		if (!begins_a_word(name, query->words[i]))
			return FIT_NONE;
	}
	return beginning_fit(name, query);
}

static double rating_of(const struct search *s, struct peer peer)
{
	for (size_t kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < s->top_count[kind]; i++) {
			const struct top_peer *top = &s->top[kind][i];

			if (top->peer.kind == peer.kind && top->peer.id == peer.id)
				return top->rating;
		}
	}
	return 0;
}

static void add(struct search *s, struct peer peer, enum fit fit)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->at[i].peer.kind != peer.kind || s->at[i].peer.id != peer.id)
			continue;
		if (fit < s->at[i].fit)
			s->at[i].fit = fit;
		return;
	}
	if (s->count < s->room)
		s->at[s->count++] = (struct candidate){peer, fit, rating_of(s, peer)};
}

static void consider(struct search *s, struct peer peer, struct bytes first, struct bytes last)
{
	const char *name = arena_printf(s->call->arena, "%.*s%s%.*s", (int)first.size,
		first.data ? (const char *)first.data : "", first.size && last.size ? " " : "",
		(int)last.size, last.data ? (const char *)last.data : "");
	const struct find words = find_words(s->call->arena, bytes_from_str(name));
	enum fit fit = name_fit(&words, &s->query);

	if (fit != FIT_NONE)
		add(s, peer, fit);
}

static void consider_user(struct search *s, int64_t id)
{
	struct user user;

	if (user_view(s->call, id, &user) == 0 && !user.is_deleted)
		consider(s, (struct peer){PEER_USER, id}, user.first_name, user.last_name);
}

static void search_contacts(struct search *s)
{
	struct call *call = s->call;
	struct home_contact *rows;
	size_t count = home_contacts_saved(
		call_home(call), call->store->vault, call->arena, call->user, CONTACTS_MAX, &rows);

	for (size_t i = 0; i < count; i++) {
		struct peer peer = {PEER_USER, rows[i].contact};

		if (!rows[i].contact)
			continue;
		if (rows[i].first_name.size || rows[i].last_name.size)
			consider(s, peer, rows[i].first_name, rows[i].last_name);
		else
			consider_user(s, peer.id); /* goes by his own name */
	}
}

static void search_dialog(struct search *s, struct peer peer)
{
	struct chat_view chat;

	if (peer.kind == PEER_USER && peer.id != s->call->user &&
		!home_contact_exists(call_home(s->call), s->call->user, peer.id))
		consider_user(s, peer.id);
	if (peer.kind == PEER_CHAT && chat_view_for(s->call, s->call->user, peer.id, &chat))
		consider(s, peer, chat.chat.title, (struct bytes){0});
}

static void search_rows(struct search *s, const struct home_dialog *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		search_dialog(s, (struct peer){(enum peer_kind)rows[i].peer_kind, rows[i].peer});
}

static void search_dialogs(struct search *s)
{
	struct home_dialog_page page = {
		.date_s = INT64_MAX, .id = INT32_MAX, .limit = CONTACTS_SEARCH_CHATS};
	struct home_dialog *rows;
	struct home_box box;
	size_t count;

	if (!box_open(s->call, s->call->user, &box))
		return;
	for (page.folder = 0; page.folder <= 1; page.folder++) {
		home_dialogs_pinned(&box, page.folder, page.limit, &rows, &count);
		search_rows(s, rows, count);
		home_dialogs_page(&box, &page, &rows, &count);
		search_rows(s, rows, count);
	}
}

static int search_memberships(struct search *s, bool broadcasts)
{
	struct channel_views views;

	if (channel_memberships(s->call, &views) < 0)
		return -1;
	for (size_t i = 0; i < views.count; i++) {
		const struct channel *channel = views.at[i].channel;

		if (!broadcasts || channel->broadcast)
			consider(s, (struct peer){PEER_CHANNEL, channel->id}, channel->title,
				(struct bytes){0});
	}
	return 0;
}

static bool has_chat_with(struct search *s, int64_t user)
{
	struct home_dialog dialog;
	struct home_box box;

	return home_contact_exists(call_home(s->call), s->call->user, user) ||
	       (box_open(s->call, s->call->user, &box) &&
		       box_dialog(&box, (struct peer){PEER_USER, user}, &dialog) &&
		       dialog.top_id > 0);
}

static void add_channel(struct search *s, const struct channel_view *view,
	enum contacts_search_kind kind, struct contacts_found *out)
{
	const struct peer peer = {PEER_CHANNEL, view->channel->id};

	if (view->restricted || (kind == SEARCH_BROADCASTS && !view->channel->broadcast))
		return;
	if (channel_is_member(view)) {
		add(s, peer, FIT_WORDS);
		return;
	}
	for (size_t i = 0; i < out->other_count; i++)
		if (out->others[i].kind == PEER_CHANNEL && out->others[i].id == peer.id)
			return;
	if (out->other_count < 2 * CONTACTS_FOUND_MAX)
		out->others[out->other_count++] = peer;
}

static int larger_first(const void *left, const void *right)
{
	const struct channel *a = ((const struct channel_view *)left)->channel;
	const struct channel *b = ((const struct channel_view *)right)->channel;

	return (a->members < b->members) - (a->members > b->members);
}

/* Public channels with these words in their title or description, the largest first. */
static void search_titles(struct search *s, struct bytes query, enum contacts_search_kind kind,
	struct contacts_found *out)
{
	int64_t ids[TITLES_MAX];
	struct channel_view *views = arena_array(s->call->arena, TITLES_MAX, sizeof(*views));
	const size_t count = square_search_channels(
		call_square(s->call), square_search_query(s->call->arena, query), ids, TITLES_MAX);
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (channel_find(s->call, ids[i], &views[found]) && views[found].channel->in_square)
			found++;
	qsort(views, found, sizeof(*views), larger_first);
	for (size_t i = 0; i < found; i++)
		add_channel(s, &views[i], kind, out);
}

/* Who bears a public name that begins so: the caller's own or others'. */
static void search_names(struct search *s, struct bytes query, enum contacts_search_kind kind,
	struct contacts_found *out)
{
	int64_t ids[PUBLIC_NAMES_FOUND_MAX];
	struct channel_view view;
	size_t count;

	if (query.size < CONTACTS_PUBLIC_LEAST)
		return;
	count = kind == SEARCH_BROADCASTS
			? 0
			: public_names_search(s->call, query, PEER_USER, ids, CONTACTS_FOUND_MAX);
	for (size_t i = 0; i < count; i++) {
		if (kind == SEARCH_BOTS && !bot_is(s->call, ids[i]))
			continue;
		if (has_chat_with(s, ids[i]))
			add(s, (struct peer){PEER_USER, ids[i]}, FIT_WORDS);
		else if (user_exists(s->call, ids[i]) && ids[i] != s->call->user &&
			 !public_face_is_hidden(s->call, ids[i]))
			out->others[out->other_count++] = (struct peer){PEER_USER, ids[i]};
	}
	count = kind == SEARCH_BOTS ? 0
				    : public_names_search(s->call, query, PEER_CHANNEL, ids,
					      CONTACTS_FOUND_MAX);
	for (size_t i = 0; i < count; i++) {
		if (channel_find(s->call, ids[i], &view))
			add_channel(s, &view, kind, out);
	}
	if (kind != SEARCH_BOTS)
		search_titles(s, query, kind, out);
}

static int better(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->fit != b->fit)
		return a->fit < b->fit ? -1 : 1;
	if (a->rating < b->rating || a->rating > b->rating)
		return a->rating > b->rating ? -1 : 1;
	if (a->peer.kind != b->peer.kind)
		return a->peer.kind < b->peer.kind ? -1 : 1;
	return (a->peer.id > b->peer.id) - (a->peer.id < b->peer.id);
}

static void search_init(struct search *s, struct call *call, struct bytes query)
{
	size_t total;

	*s = (struct search){.call = call, .query = find_words(call->arena, query)};
	s->room = CONTACTS_MAX + 2 * CONTACTS_SEARCH_CHATS;
	s->at = arena_array(call->arena, s->room, sizeof(*s->at));
	s->top_count[0] = top_peers_list(
		call, TOP_CORRESPONDENTS, 0, TOP_PEERS_LIMIT_MAX, &s->top[0], &total);
	s->top_count[1] =
		top_peers_list(call, TOP_GROUPS, 0, TOP_PEERS_LIMIT_MAX, &s->top[1], &total);
}

static struct bytes bounded(struct bytes query)
{
	size_t size = query.size < CONTACTS_QUERY_MAX ? query.size : CONTACTS_QUERY_MAX;

	while (size && size < query.size && (query.data[size] & 0xc0) == 0x80)
		size--; /* not within a character */
	return bytes_of(query.data, size);
}

int contacts_search(struct call *call, struct bytes query, enum contacts_search_kind kind,
	int32_t limit, struct contacts_found *out)
{
	struct search s;

	*out = (struct contacts_found){
		.others = arena_array(call->arena, 2 * CONTACTS_FOUND_MAX, sizeof(*out->others))};
	query = bounded(text_trim(query));
	if (query.size > 0 && query.data[0] == '@')
		query = bytes_of(query.data + 1, query.size - 1);
	if (query.size == 0)
		return rpc_error(call, 400, "SEARCH_QUERY_EMPTY");
	search_init(&s, call, query);
	if (s.query.count == 0) /* marks without letters */
		return rpc_error(call, 400, "SEARCH_QUERY_EMPTY");
	if (kind == SEARCH_ALL) {
		search_contacts(&s);
		search_dialogs(&s);
	}
	if (kind != SEARCH_BOTS && search_memberships(&s, kind == SEARCH_BROADCASTS) < 0)
		return -1;
	search_names(&s, query, kind, out);
	qsort(s.at, s.count, sizeof(*s.at), better);
	if (limit < 1 || limit > CONTACTS_FOUND_MAX)
		limit = CONTACTS_FOUND_MAX;
	out->mine_count = s.count < (size_t)limit ? s.count : (size_t)limit;
	out->mine = arena_array(call->arena, out->mine_count, sizeof(*out->mine));
	for (size_t i = 0; i < out->mine_count; i++)
		out->mine[i] = s.at[i].peer;
	if (out->other_count > (size_t)limit)
		out->other_count = (size_t)limit;
	return 0;
}
