/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and reading the log. Its ids rise with time, so that they say nothing but when. */
#include "core/channels/admin_log.h"

#include <stdlib.h>

#include "core/channels/channel_rights.h"
#include "core/channels/channel_stats.h"
#include "core/messages/find.h"
#include "core/channels/roster.h"
#include "store/home_admin_log.h"

#define ID_PER_SECOND_SHIFT 16
#define PRUNE_ROWS_MAX 4000 /* of one piece of upkeep: some ten milliseconds */

/* ---- Writing ---- */

/* What is taken from a member is a ban, a kick when he is out. */
static enum admin_filter ban_filter(const struct admin_entry *entry)
{
	const struct standing *before = &entry->members[0]->standing;
	const struct standing *after = &entry->members[1]->standing;

	if (after->role == ROLE_BANNED)
		return FILTER_KICK;
	if (before->role == ROLE_BANNED)
		return FILTER_UNKICK;
	return after->banned_rights & ~before->banned_rights ? FILTER_BAN : FILTER_UNBAN;
}

static enum admin_filter event_filter(const struct admin_entry *entry)
{
	switch (entry->event) {
	case EVENT_JOIN:
	case EVENT_JOIN_BY_LINK:
	case EVENT_JOIN_BY_REQUEST:
		return FILTER_JOIN;
	case EVENT_LEAVE:
		return FILTER_LEAVE;
	case EVENT_INVITE:
		return FILTER_INVITE;
	case EVENT_BAN:
		return ban_filter(entry);
	case EVENT_ADMIN:
		return entry->members[1]->standing.role == ROLE_MEMBER ? FILTER_DEMOTE
								       : FILTER_PROMOTE;
	case EVENT_RANK:
		return FILTER_RANK;
	case EVENT_TITLE:
	case EVENT_ABOUT:
	case EVENT_USERNAME:
	case EVENT_USERNAMES:
	case EVENT_LINKED:
		return FILTER_INFO;
	case EVENT_POST_DELETE:
		return FILTER_DELETE;
	case EVENT_POST_EDIT:
	case EVENT_POLL_STOP:
		return FILTER_EDIT;
	case EVENT_POST_SEND:
		return FILTER_SEND;
	case EVENT_POST_PIN:
		return FILTER_PINNED;
	case EVENT_LINK_EDIT:
	case EVENT_LINK_REVOKE:
	case EVENT_LINK_DELETE:
		return FILTER_LINKS;
	case EVENT_FORUM:
	case EVENT_TOPIC_CREATE:
	case EVENT_TOPIC_EDIT:
	case EVENT_TOPIC_DELETE:
	case EVENT_TOPIC_PIN:
		return FILTER_FORUMS;
	default:
		return FILTER_SETTINGS;
	}
}

void admin_log(
	struct call *call, const struct channel_context *context, const struct admin_entry *entry)
{
	const int64_t now = call->now_s << ID_PER_SECOND_SHIFT;
	struct admin_log_row row = {
		.channel = context->row.id,
		.id = home_admin_log_top(call_home(call), context->row.id) + 1,
		.actor = call->user,
		.at_s = call->now_s,
		.event = entry->event,
		.filter = event_filter(entry),
	};

	if (row.id < now)
		row.id = now;
	home_admin_log_append(call_home(call), call->store->vault, call->arena, &row,
		admin_entry_encode(call->arena, entry));
	if (entry->event == EVENT_POST_DELETE)
		stats_act(call, context, STATS_DELETED, 1);
	else if (row.filter == FILTER_KICK)
		stats_act(call, context, STATS_KICKED, 1);
	else if (row.filter == FILTER_BAN)
		stats_act(call, context, STATS_BANNED, 1);
	else if (entry->event == EVENT_INVITE)
		stats_act(call, context, STATS_INVITED, 1);
}

bool admin_log_prune(struct call *call)
{
	return home_admin_log_purge(
		call_home(call), call->now_s - ADMIN_LOG_KEPT_S, PRUNE_ROWS_MAX);
}

/* ---- Reading ---- */

static int newest_first(const void *a, const void *b)
{
	const struct admin_log_row *x = a, *y = b;

	return (x->id < y->id) - (x->id > y->id);
}

/* The newest rows below `before` of the kinds that are asked for. A page of each kind holds them
 * all, however many there are of the others. */
static size_t look(struct call *call, int64_t channel, const struct admin_log_query *query,
	int64_t before, struct admin_log_row *rows, size_t limit)
{
	struct admin_log_row of = {
		.channel = channel, .filter = -1, .at_s = call->now_s - ADMIN_LOG_KEPT_S};
	struct db *db = call_home(call);
	size_t count = 0;

	if (!query->filters)
		return home_admin_log_page(
			db, call->arena, &of, before, query->min_id, rows, limit);
	for (of.filter = 0; of.filter < FILTER_COUNT; of.filter++)
		if (query->filters & 1u << of.filter)
			count += home_admin_log_page(
				db, call->arena, &of, before, query->min_id, rows + count, limit);
	qsort(rows, count, sizeof(*rows), newest_first);
	return count < limit ? count : limit;
}

static bool actor_wanted(const struct admin_log_query *query, int64_t actor)
{
	for (size_t i = 0; i < query->admin_count; i++)
		if (query->admins[i] == actor)
			return true;
	return query->admin_count == 0;
}

static bool entry_has(struct arena *arena, const struct admin_entry *entry, const struct find *find)
{
	for (int i = 0; i < 2; i++)
		if (find_in(arena, entry->texts[i], find) ||
			(entry->posts[i] && find_in(arena, entry->posts[i]->text, find)) ||
			(entry->members[i] && find_in(arena, entry->members[i]->rank, find)))
			return true;
	return false;
}

/* false: it is not one that is looked for. */
static bool entry_take(struct call *call, const struct admin_log_row *row,
	const struct admin_log_query *query, const struct find *find, struct admin_logged *out)
{
	struct bytes stored;

	if (!actor_wanted(query, row->actor))
		return false;
	stored = home_admin_log_open(call_home(call), call->store->vault, call->arena, row);
	*out = (struct admin_logged){.id = row->id, .date_s = row->at_s, .actor = row->actor};
	out->entry.event = (enum admin_event)row->event;
	if (admin_entry_decode(call->arena, stored, row->channel, &out->entry) < 0) {
		db_fail(call_home(call), "an entry of a log cannot be read");
		return false;
	}
	return find->count == 0 || entry_has(call->arena, &out->entry, find);
}

static bool is_about_link(enum admin_event event)
{
	return (event >= EVENT_LINK_EDIT && event <= EVENT_LINK_DELETE) ||
	       event == EVENT_JOIN_BY_LINK || event == EVENT_JOIN_BY_REQUEST;
}

static void entry_name(struct roster *roster, const struct admin_logged *logged)
{
	const struct admin_entry *entry = &logged->entry;

	roster_add(roster, (struct peer){PEER_USER, logged->actor});
	if (is_about_link(entry->event) && entry->numbers[0])
		roster_add(roster, (struct peer){PEER_USER, entry->numbers[0]});
	if (entry->user)
		roster_add(roster, (struct peer){PEER_USER, entry->user});
	for (int i = 0; i < 2; i++) {
		const struct channel_member *member = entry->members[i];

		if (entry->posts[i])
			roster_add_message(roster, entry->posts[i]);
		if (entry->event == EVENT_LINKED && entry->numbers[i])
			roster_add(roster, (struct peer){PEER_CHANNEL, entry->numbers[i]});
		if (!member)
			continue;
		roster_add(roster, channel_member_peer(member->user));
		if (member->inviter)
			roster_add(roster, (struct peer){PEER_USER, member->inviter});
		if (member->by_user)
			roster_add(roster, (struct peer){PEER_USER, member->by_user});
	}
}

static void page_fill(struct call *call, int64_t channel, const struct admin_log_query *query,
	size_t limit, struct admin_log_page *out)
{
	const struct find find = find_words(call->arena, query->words);
	struct admin_log_row *rows = arena_array(call->arena, limit * FILTER_COUNT, sizeof(*rows));
	int64_t before = query->max_id > 0 ? query->max_id : INT64_MAX;
	size_t count = limit;

	for (size_t looked = 0; count == limit && looked < ADMIN_LOG_LOOK_MAX; looked += count) {
		count = look(call, channel, query, before, rows, limit);
		for (size_t i = 0; i < count && out->count < limit; i++) {
			before = rows[i].id;
			if (entry_take(call, &rows[i], query, &find, &out->at[out->count]))
				out->count++;
		}
		if (out->count == limit)
			return;
	}
}

int admin_log_read(struct call *call, int64_t channel, const struct admin_log_query *query,
	struct admin_log_page *out)
{
	const size_t limit = query->limit < 1			 ? 1
			     : query->limit > ADMIN_LOG_PAGE_MAX ? ADMIN_LOG_PAGE_MAX
								 : (size_t)query->limit;
	struct channel_context context;
	struct roster roster;

	if (channel_need_admin(call, channel, ADMIN_OTHER, &context) < 0)
		return -1;
	*out = (struct admin_log_page){.at = arena_array(call->arena, limit, sizeof(*out->at))};
	page_fill(call, channel, query, limit, out);
	roster_init(&roster, call->arena);
	roster_add(&roster, (struct peer){PEER_CHANNEL, channel});
	for (size_t i = 0; i < out->count; i++)
		entry_name(&roster, &out->at[i]);
	roster_view(call, &roster, &out->named);
	return 0;
}
