/* SPDX-License-Identifier: Apache-2.0 */
/* Stored with a post: kind (1) | count (4) for each reaction, in the order of their first use. */
#include "core/posts/post_reactions.h"

#include "base/pack.h"
#include "core/changes.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_settings.h"
#include "core/channels/channel_stats.h"
#include "core/channels/move.h"
#include "core/messages/page_mark.h"
#include "core/posts/posts_private.h"
#include "core/posts/posts_private.h"
#include "core/accounts/strangers.h"
#include "core/posts/threads.h"

#define WAITING_MAX 1000 /* posts that a client can page through */
#define RECENT_SHOWN 3	 /* named with the counts */
#define UNREAD_SHOWN 100 /* a number in the chat list goes no higher */

/* ---- Counts ---- */

struct kind_count {
	int kind;
	int32_t count;
};

struct kinds {
	struct kind_count at[REACTION_KINDS + 1];
	size_t count;
};

static int kinds_decode(struct bytes stored, struct kinds *out)
{
	struct unpack u = unpack_of(stored);

	out->count = 0;
	while (u.left > 0 && !u.failed && out->count < REACTION_KINDS) {
		const uint64_t kind = unpack_number(&u, 1);

		if (kind >= REACTION_KINDS)
			return -1;
		out->at[out->count++] =
			(struct kind_count){(int)kind, (int32_t)unpack_number(&u, 4)};
	}
	return unpack_complete(&u) ? 0 : -1;
}

static struct bytes kinds_encode(struct arena *arena, const struct kinds *kinds)
{
	struct pack p = pack_new(arena);

	for (size_t i = 0; i < kinds->count; i++) {
		pack_number(&p, (uint64_t)kinds->at[i].kind, 1);
		pack_number(&p, (uint32_t)kinds->at[i].count, 4);
	}
	return pack_done(&p);
}

static void kinds_of(
	const struct channel_context *context, const struct post_row *row, struct kinds *out)
{
	*out = (struct kinds){0};
	if (row->reactions.size && kinds_decode(row->reactions, out) < 0)
		db_fail(context->place.db, "the reactions of a post cannot be read");
}

static bool kinds_has(const struct kinds *kinds, int kind)
{
	for (size_t i = 0; i < kinds->count; i++)
		if (kinds->at[i].kind == kind)
			return true;
	return false;
}

static void kinds_add(struct kinds *kinds, int kind, int32_t delta)
{
	size_t kept = 0;

	if (delta > 0 && !kinds_has(kinds, kind))
		kinds->at[kinds->count++] = (struct kind_count){kind, 0};
	for (size_t i = 0; i < kinds->count; i++) {
		struct kind_count k = kinds->at[i];

		k.count += k.kind == kind ? delta : 0;
		if (k.count > 0)
			kinds->at[kept++] = k;
	}
	kinds->count = kept;
}

static int32_t kinds_total(const struct kinds *kinds, int kind)
{
	int32_t total = 0;

	for (size_t i = 0; i < kinds->count; i++)
		total += kind < 0 || kinds->at[i].kind == kind ? kinds->at[i].count : 0;
	return total;
}

/* ---- Showing ---- */

static struct bytes emoji_of(int kind)
{
	return bytes_from_str(reaction_kinds[kind % REACTION_KINDS].emoji);
}

static struct reaction_tally *tally_of(struct call *call, const struct channel_context *context,
	const struct kinds *kinds, int64_t viewer, int mine)
{
	struct reaction_tally *tally = ARENA_NEW(call->arena, struct reaction_tally);

	tally->viewer = viewer;
	tally->listed = !context->row.broadcast;
	tally->at = arena_array(call->arena, kinds->count, sizeof(*tally->at));
	tally->count = kinds->count;
	for (size_t i = 0; i < kinds->count; i++)
		tally->at[i] = (struct reaction_count){.emoji = emoji_of(kinds->at[i].kind),
			.count = kinds->at[i].count,
			.mine = kinds->at[i].kind == mine};
	return tally;
}

struct reaction_tally *post_reactions_alike(struct arena *arena, const struct reaction_tally *tally)
{
	struct reaction_tally *alike = ARENA_NEW(arena, struct reaction_tally);

	*alike = *tally;
	alike->viewer = 0;
	alike->at = arena_array(arena, tally->count, sizeof(*alike->at));
	for (size_t i = 0; i < tally->count; i++) {
		alike->at[i] = tally->at[i];
		alike->at[i].mine = false;
	}
	return alike;
}

static struct reaction reaction_from(const struct post_reaction_row *row)
{
	return (struct reaction){.by = {PEER_USER, row->user},
		.emoji = emoji_of(row->kind),
		.date_s = row->reacted_at_s,
		.big = row->big};
}

static const struct post_reaction_row newest = {.user = INT64_MAX, .reacted_at_s = INT64_MAX};

/* unread_since 0: the viewer has seen them all, or did not write the post. */
static void show_recent(struct call *call, const struct channel_context *context,
	int64_t unread_since, struct message *post)
{
	struct post_reaction_row rows[RECENT_SHOWN];
	const size_t count = home_post_reactions_page(
		call_home(call), context->row.id, post->id, -1, &newest, rows, RECENT_SHOWN);

	post->reactions = arena_array(call->arena, count, sizeof(*post->reactions));
	post->reaction_count = count;
	for (size_t i = 0; i < count; i++) {
		post->reactions[i] = reaction_from(&rows[i]);
		post->reactions[i].unread = unread_since && rows[i].reacted_at_s >= unread_since &&
					    rows[i].user != call->user;
	}
	if (unread_since)
		post->attention |= ATTENTION_REACTION;
}

void post_reactions_show(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *post)
{
	struct post_reaction_row mine = {.kind = -1};
	struct kinds kinds;
	int64_t since = 0;

	kinds_of(context, row, &kinds);
	if (!kinds.count)
		return;
	if (call->user)
		home_post_reaction_get(
			call_home(call), context->row.id, row->id, call->user, &mine);
	post->tally = tally_of(call, context, &kinds, call->user, mine.kind);
	if (context->row.broadcast)
		return;
	if (call->user && post->author == call->user)
		since = home_unread_reaction_since(
			call_home(call), call->user, context->row.id, row->id);
	show_recent(call, context, since, post);
}

/* ---- What is allowed ---- */

static bool settings_allow(const struct channel_settings *settings, struct arena *arena, int kind)
{
	struct bytes emojis[CHANNEL_REACTIONS_MAX];
	size_t count;

	if (settings->flags & CHANNEL_REACTIONS_NONE)
		return false;
	if (!(settings->flags & CHANNEL_REACTIONS_SOME))
		return true;
	count = channel_reactions_decode(settings->reactions, emojis);
	for (size_t i = 0; i < count; i++)
		if (reaction_kind_of(arena, emojis[i]) == kind)
			return true;
	return false;
}

/* before: kinds without the caller's own. */
static int check_kind(struct call *call, const struct channel_context *context,
	const struct kinds *before, int kind)
{
	const struct channel_settings *settings = &context->shared->settings;
	const size_t most = settings->reactions_limit > 0 ? (size_t)settings->reactions_limit
							  : REACTIONS_UNIQUE_MAX;

	/* One that is there already may be joined. */
	if (!settings_allow(settings, call->arena, kind) &&
		(settings->flags & CHANNEL_REACTIONS_NONE || !kinds_has(before, kind)))
		return rpc_error(call, 400, "REACTION_INVALID");
	if (!kinds_has(before, kind) && before->count >= most)
		return rpc_error(call, 400, "REACTIONS_TOO_MANY");
	return 0;
}

static int check_place(struct call *call, const struct channel_context *context)
{
	const struct channel_view *view = &context->view;

	if (!channel_is_admin(view) && view->my.banned_rights & CHAT_REACT)
		return rpc_error(call, 400, "USER_BANNED_IN_CHANNEL");
	if (!channel_is_member(view) || channel_limits(view) & CHAT_REACT)
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	/* His name would be among those who did. */
	if (!context->row.broadcast && channel_admin_may(view, ADMIN_ANONYMOUS))
		return rpc_error(call, 400, "ANONYMOUS_REACTIONS_DISABLED");
	return 0;
}

/* ---- Telling ---- */

static void tell_all(struct call *call, const struct channel_context *context,
	const struct message *post, const struct kinds *kinds)
{
	struct message *shown = ARENA_NEW(call->arena, struct message);
	const struct update update = {.kind = UPDATE_REACTIONS,
		.peer = {PEER_CHANNEL, context->row.id},
		.message = shown};

	*shown = (struct message){.id = post->id, .peer = post->peer, .thread = post->thread};
	shown->tally = tally_of(call, context, kinds, 0, -1);
	if (!context->row.broadcast)
		show_recent(call, context, 0, shown);
	channel_tell_members(call, context, &update);
}

/* As the account sees it, now and when it comes back. */
static void tell_one(struct call *call, const struct channel_context *context, int64_t account,
	const struct post_row *row, struct update *update)
{
	const struct peer in = {PEER_CHANNEL, context->row.id};
	struct call as = *call;

	as.user = account;
	*update = (struct update){
		.kind = UPDATE_REACTIONS, .message = ARENA_NEW(call->arena, struct message)};
	post_from_row(&as, context, row, update->message);
	if (!update->message->tally)
		update->message->tally = tally_of(call, context, &(struct kinds){0}, account, -1);
	change_tell(call, account, account == call->user ? call->session_id : 0, CHANGE_REACTIONS,
		in, row->id, update);
}

/* ---- Reacting ---- */

/* kind -1: none any more. */
static void change(struct call *call, const struct channel_context *context, struct post_row *row,
	const struct kinds *kinds, const struct post_reaction_row *mine, struct update_set *answer)
{
	struct db *home = call_home(call);
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct message post;

	if (mine->kind < 0)
		home_post_reaction_delete(home, context->row.id, row->id, call->user);
	else
		home_post_reaction_put(home, context->row.id, row->id, mine);
	row->reactions = kinds_encode(call->arena, kinds);
	post_rows_set_reactions(&context->place, call->arena, row->id, row->reactions);
	if (mine->kind >= 0)
		stats_reaction(call, context);
	post_from_row(call, context, row, &post);
	if (post_told_to_all(kinds_total(kinds, -1)))
		tell_all(call, context, &post, kinds);
	if (!context->row.broadcast && post.author && post.author != call->user) {
		struct update for_author;

		if (mine->kind >= 0)
			home_unread_reaction_put(home, post.author, context->row.id, row->id,
				row->thread, call->now_s);
		tell_one(call, context, post.author, row, &for_author);
	}
	tell_one(call, context, call->user, row, update);
	*answer = (struct update_set){.updates = update, .update_count = 1};
	channel_answer_finish(call, context, answer);
}

static int find(struct call *call, const struct channel_context *context, int32_t id,
	const char *fault, struct post_row *row)
{
	if (!post_rows_find(&context->place, call->arena, id, row) || row->hidden_by ||
		!post_is_shown(call, context, row))
		return rpc_error(call, 400, fault);
	return 0;
}

int post_reaction_send(struct call *call, int64_t channel, int32_t id,
	const struct reaction_request *request, struct update_set *answer)
{
	struct post_reaction_row before = {.kind = -1}, mine;
	struct channel_context context;
	struct post_row row;
	struct kinds kinds;

	if (channel_need_guest(call, channel, &context) < 0 ||
		find(call, &context, id, "MESSAGE_ID_INVALID", &row) < 0 ||
		check_place(call, &context) < 0 || move_reach(call, &context, id) < 0)
		return -1;
	if (request->count > REACTIONS_PER_PERSON)
		return rpc_error(call, 400, "REACTIONS_TOO_MANY");
	mine = (struct post_reaction_row){call->user, -1, request->big, call->now_s};
	kinds_of(&context, &row, &kinds);
	if (home_post_reaction_get(call_home(call), channel, id, call->user, &before))
		kinds_add(&kinds, before.kind, -1);
	if (request->count) {
		mine.kind = reaction_kind_of(call->arena, request->emojis[0]);
		if (mine.kind < 0)
			return rpc_error(call, 400, "REACTION_INVALID");
	}
	if (mine.kind == before.kind && (mine.kind < 0 || mine.big == before.big))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	if (mine.kind >= 0) {
		if (check_kind(call, &context, &kinds, mine.kind) < 0)
			return -1;
		kinds_add(&kinds, mine.kind, 1);
		reaction_count_use(call, mine.kind, request->remember);
	}
	change(call, &context, &row, &kinds, &mine, answer);
	return 0;
}

/* Runs as who had reacted, so that he is told as if he had taken it back. */
void post_reaction_take_back(struct call *call, const struct channel_context *context,
	struct post_row *row, const struct post_reaction_row *theirs)
{
	const struct post_reaction_row none = {.user = theirs->user, .kind = -1};
	struct call as_user = *call;
	struct update_set told;
	struct kinds kinds;

	as_user.user = theirs->user;
	as_user.session_id = 0;
	kinds_of(context, row, &kinds);
	kinds_add(&kinds, theirs->kind, -1);
	change(&as_user, context, row, &kinds, &none, &told);
}

/* ---- Looking ---- */

static void add_update(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct update_set *set)
{
	struct message *post = ARENA_NEW(call->arena, struct message);

	post_from_row(call, context, row, post);
	if (!post->tally)
		post->tally = tally_of(call, context, &(struct kinds){0}, call->user, -1);
	set->updates[set->update_count++] =
		(struct update){.kind = UPDATE_REACTIONS, .message = post};
}

int post_reactions_get(struct call *call, int64_t channel, const int32_t *ids, size_t count,
	struct update_set *answer)
{
	struct channel_context context;
	struct post_row row;

	if (channel_need_guest(call, channel, &context) < 0)
		return -1;
	*answer = (struct update_set){
		.updates = arena_array(call->arena, count, sizeof(*answer->updates))};
	for (size_t i = 0; i < count; i++)
		if (post_rows_find(&context.place, call->arena, ids[i], &row) && !row.hidden_by &&
			post_is_shown(call, &context, &row))
			add_update(call, &context, &row, answer);
	channel_answer_finish(call, &context, answer);
	return 0;
}

int post_reactions_list(struct call *call, int64_t channel, int32_t id, struct bytes emoji,
	struct bytes offset, int32_t limit, struct reaction_page *out)
{
	struct post_reaction_row *rows, after;
	struct channel_context context;
	struct page_mark from;
	struct post_row row;
	struct kinds kinds;
	int kind = -1;
	size_t count;

	if (channel_need_guest(call, channel, &context) < 0 ||
		find(call, &context, id, "MSG_ID_INVALID", &row) < 0)
		return -1;
	if (context.row.broadcast)
		return rpc_error(call, 403, "BROADCAST_FORBIDDEN");
	if (page_mark_read(call, offset, &from) < 0)
		return -1;
	/* What nobody can have used nobody has used. */
	if (emoji.data && (kind = reaction_kind_of(call->arena, emoji)) < 0)
		return 0;
	if (limit <= 0 || limit > REACTIONS_PER_PAGE_MAX)
		limit = REACTIONS_PER_PAGE_MAX;
	kinds_of(&context, &row, &kinds);
	out->total = kinds_total(&kinds, kind);
	after = (struct post_reaction_row){.user = from.account, .reacted_at_s = from.date_s};
	rows = arena_array(call->arena, (size_t)limit + 1, sizeof(*rows));
	count = home_post_reactions_page(
		call_home(call), channel, id, kind, &after, rows, (size_t)limit + 1);
	out->count = count > (size_t)limit ? (size_t)limit : count;
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++)
		out->at[i] = reaction_from(&rows[i]);
	if (count > (size_t)limit)
		out->next = page_mark_write(call->arena,
			(struct page_mark){rows[limit - 1].reacted_at_s, rows[limit - 1].user});
	return 0;
}

int post_reaction_report(struct call *call, int64_t channel, int32_t id, struct peer by)
{
	struct post_reaction_row theirs;
	struct channel_context context;
	struct post_row row;

	if (channel_need_guest(call, channel, &context) < 0 ||
		find(call, &context, id, "MSG_ID_INVALID", &row) < 0)
		return -1;
	if (context.row.broadcast || by.kind != PEER_USER || by.id == call->user ||
		!home_post_reaction_get(call_home(call), channel, id, by.id, &theirs))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	stranger_report(call, by.id);
	return 0;
}

bool post_reactions_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	struct update_set set;
	const int32_t id = (int32_t)change->item;

	/* Who is out by now is told nothing. */
	if (post_reactions_get(call, change->peer, &id, 1, &set) < 0) {
		call->fault = (struct fault){0};
		return false;
	}
	if (set.update_count)
		*update = set.updates[0];
	return set.update_count > 0;
}

/* ---- What the author has not seen ---- */

int32_t post_reactions_unread(struct call *call, int64_t channel, int32_t bound)
{
	return home_unread_reactions_count(
		call_home(call), call->user, channel, bound, UNREAD_SHOWN);
}

int post_reactions_waiting(struct call *call, int64_t channel, int32_t thread,
	const struct post_range *range, struct post_list *out)
{
	const int32_t below = range->max_id > 0 ? range->max_id : INT32_MAX;
	struct channel_context context;
	int32_t bound, *ids;
	size_t count, at;

	if (thread_scope(call, channel, thread, &context, &bound) < 0)
		return -1;
	ids = arena_array(call->arena, WAITING_MAX, sizeof(*ids));
	count = home_unread_reactions_list(
		call_home(call), call->user, context.row.id, bound, below, ids, WAITING_MAX);
	while (count > 0 && ids[count - 1] <= range->min_id)
		count--;
	count = ids_window(ids, count, range, POSTS_PER_CALL_MAX, &at);
	channel_posts_in(call, &context, ids + at, count, out);
	out->total = post_reactions_unread(call, context.row.id, bound);
	return 0;
}

int post_reactions_read(
	struct call *call, int64_t channel, int32_t thread, int32_t *pts, int32_t *left)
{
	struct channel_context context;
	int32_t ids[POSTS_PER_CALL_MAX], bound;
	struct update update;
	struct post_row row;
	size_t count;

	if (thread_scope(call, channel, thread, &context, &bound) < 0)
		return -1;
	channel = context.row.id;
	count = home_unread_reactions_list(
		call_home(call), call->user, channel, bound, INT32_MAX, ids, POSTS_PER_CALL_MAX);
	for (size_t i = 0; i < count; i++) {
		home_unread_reaction_delete(call_home(call), call->user, channel, ids[i]);
		if (post_rows_find(&context.place, call->arena, ids[i], &row))
			tell_one(call, &context, call->user, &row, &update);
	}
	*pts = context.row.pts;
	*left = count == POSTS_PER_CALL_MAX;
	return 0;
}
