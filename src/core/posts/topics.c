/* SPDX-License-Identifier: Apache-2.0 */
/* Changing topics. Looking at them is topics_read.c. */
#include "core/posts/topics.h"

#include "base/text.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_rights.h"
#include "store/channel_threads.h"
#include "store/home_authors.h"
#include "store/home_threads.h"

#define LEAVE_THREADS_MAX 5000 /* newest posts of a group that becomes a forum: into General */
#define GENERAL_TITLE "General"
#define DEFAULT_COLOR 0x6FB9F0

/* https://core.telegram.org/constructor/forumTopic */
static const int32_t colors[] = {DEFAULT_COLOR, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F};

/* ---- What is allowed ---- */

static bool may_manage(struct call *call, const struct channel_context *context, int32_t id)
{
	if (channel_admin_may(&context->view, ADMIN_TOPICS))
		return true;
	return id != TOPIC_GENERAL && channel_is_member(&context->view) &&
	       home_authors_get(call_home(call), context->row.id, id).author == call->user;
}

static int need_forum(struct call *call, const struct channel_context *context)
{
	if (!(context->shared->settings.flags & CHANNEL_FORUM))
		return rpc_error(call, 400, "CHANNEL_FORUM_MISSING");
	return 0;
}

static int need_admin(struct call *call, int64_t channel, struct channel_context *context)
{
	if (channel_need_admin(call, channel, ADMIN_TOPICS, context) < 0)
		return -1;
	return need_forum(call, context);
}

static int need_topic(
	struct call *call, const struct channel_context *context, int32_t id, struct topic_row *row)
{
	if (!topic_rows_find(&context->place, call->arena, id, row))
		return rpc_error(call, 400, "TOPIC_ID_INVALID");
	return 0;
}

int topic_settle(struct call *call, const struct channel_context *context, int32_t id, bool lenient,
	struct message *draft)
{
	const int32_t asked = id ? id : TOPIC_GENERAL;
	struct topic_row row;

	draft->thread = 0;
	if (!topic_rows_find(&context->place, call->arena, asked, &row)) {
		if (asked == TOPIC_GENERAL || lenient)
			return 0;
		return rpc_error(call, 400, "TOPIC_DELETED");
	}
	if (row.closed && !may_manage(call, context, asked))
		return rpc_error(call, 400, "TOPIC_CLOSED");
	if (asked != TOPIC_GENERAL)
		draft->thread = asked;
	/* To answer what opened the topic is to write in it. */
	if (draft->reply_to == draft->thread && !draft->reply)
		draft->reply_to = 0;
	return 0;
}

static int check_title(struct call *call, struct bytes *title)
{
	if (!text_is_utf8(*title))
		return rpc_error(call, 400, "TOPIC_TITLE_EMPTY");
	*title = text_trim(*title);
	if (!title->size || text_utf16_length(*title) > TOPIC_TITLE_MAX)
		return rpc_error(call, 400, "TOPIC_TITLE_EMPTY");
	return 0;
}

/* ---- What admins did ---- */

static void entry_side(struct admin_entry *entry, int which, const struct topic_row *row)
{
	if (!row)
		return;
	entry->texts[which] = row->title;
	entry->numbers[which] = (int64_t)row->color << TOPIC_COLOR_SHIFT |
				(row->closed ? TOPIC_CLOSED : 0) |
				(row->hidden ? TOPIC_HIDDEN : 0) | (row->pinned ? TOPIC_PINNED : 0);
}

/* NULL: there was none, or is none. */
static void note(struct call *call, const struct channel_context *context, enum admin_event event,
	const struct topic_row *before, const struct topic_row *after)
{
	struct admin_entry entry = {.event = event, .item = after ? after->id : before->id};

	if (!channel_is_admin(&context->view))
		return;
	entry.user = home_authors_get(call_home(call), context->row.id, entry.item).author;
	entry_side(&entry, 0, before);
	entry_side(&entry, 1, after);
	admin_log(call, context, &entry);
}

/* ---- Making ---- */

static int32_t color_of(int32_t wanted)
{
	for (size_t i = 0; i < ARRAY_LEN(colors); i++)
		if (colors[i] == wanted)
			return wanted;
	return DEFAULT_COLOR;
}

static void answer_post(struct call *call, struct channel_context *context,
	const struct update *posted, int64_t random_id, struct update_set *answer)
{
	struct update *update;

	*answer = (struct update_set){0};
	if (random_id) {
		update = channel_answer_add(call, answer, UPDATE_MESSAGE_ID, context->row.id);
		update->max_id = posted->message->id;
		update->random_id = random_id;
	}
	post_answer(call, context, posted, answer);
	channel_answer_finish(call, context, answer);
}

/* The same request again. 1: answered. */
static int create_again(struct call *call, struct channel_context *context, int64_t random_id,
	struct update_set *answer)
{
	const int32_t id = post_rows_by_random(&context->place, random_id);
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct update update = {.kind = UPDATE_NEW_POST,
		.pts = context->row.pts,
		.peer = {PEER_CHANNEL, context->row.id},
		.message = post};
	struct post_row row;

	if (!id || !post_rows_find(&context->place, call->arena, id, &row))
		return 0;
	post_from_row(call, context, &row, post);
	if (post->author != call->user)
		return rpc_error(call, 500, "RANDOM_ID_DUPLICATE");
	answer_post(call, context, &update, random_id, answer);
	return 1;
}

int topic_create(struct call *call, int64_t channel, const struct topic_change *wanted,
	struct bytes title, int64_t random_id, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct channel_context context;
	struct update posted;
	struct topic_row row;
	int again;

	if (!random_id)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (channel_need_either(call, channel, ADMIN_TOPICS, CHAT_MANAGE_TOPICS, &context) < 0 ||
		need_forum(call, &context) < 0 || channel_need_thawed(call, &context) < 0 ||
		check_title(call, &title) < 0)
		return -1;
	again = create_again(call, &context, random_id, answer);
	if (again)
		return again < 0 ? -1 : 0;
	post->action = ACTION_TOPIC_CREATE;
	post->text = title;
	post->random_id = random_id;
	post->topic_change = ARENA_NEW(call->arena, struct topic_change);
	*post->topic_change =
		(struct topic_change){.color = color_of(wanted->color), .emoji = wanted->emoji};
	post_append(call, &context, post, &posted);
	row = (struct topic_row){.id = post->id,
		.title = title,
		.color = post->topic_change->color,
		.emoji = wanted->emoji,
		.top_id = post->id,
		.date_s = call->now_s};
	topic_rows_put(&context.place, call->arena, &row);
	note(call, &context, EVENT_TOPIC_CREATE, NULL, &row);
	home_thread_read_put(call_home(call), call->user, channel, post->id, post->id);
	answer_post(call, &context, &posted, random_id, answer);
	return 0;
}

/* ---- Changing ---- */

static bool switches(enum topic_switch wanted, bool is)
{
	return wanted != TOPIC_STAYS && (wanted == TOPIC_ON) != is;
}

/* What of it is another value than it was. */
static struct topic_change difference_of(
	const struct topic_change *wanted, struct bytes title, struct topic_row *row)
{
	struct topic_change changed = {0};

	if (title.data && !bytes_equal(title, row->title)) {
		changed.has_title = true;
		row->title = title;
	}
	if (wanted->has_emoji && wanted->emoji != row->emoji) {
		changed.has_emoji = true;
		changed.emoji = row->emoji = wanted->emoji;
	}
	/* Nobody writes where nobody looks: what is hidden is closed, what is opened is shown. */
	if (switches(wanted->closed, row->closed) || (wanted->hidden == TOPIC_ON && !row->closed)) {
		row->closed = !row->closed;
		changed.closed = row->closed ? TOPIC_ON : TOPIC_OFF;
	}
	if (switches(wanted->hidden, row->hidden) || (changed.closed == TOPIC_OFF && row->hidden)) {
		row->hidden = !row->hidden;
		changed.hidden = row->hidden ? TOPIC_ON : TOPIC_OFF;
	}
	return changed;
}

int topic_edit(struct call *call, int64_t channel, int32_t id, const struct topic_change *wanted,
	struct bytes title, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct channel_context context;
	struct topic_change changed;
	struct topic_row row, was;
	struct update posted;

	if (channel_need_open(call, channel, &context) < 0 || need_forum(call, &context) < 0 ||
		need_topic(call, &context, id, &row) < 0)
		return -1;
	if (!may_manage(call, &context, id))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (title.data && check_title(call, &title) < 0)
		return -1;
	/* Only General can be hidden, and it has no picture. */
	if (id == TOPIC_GENERAL ? wanted->has_emoji : wanted->hidden != TOPIC_STAYS)
		return rpc_error(call, 400, "TOPIC_ID_INVALID");
	if (wanted->hidden != TOPIC_STAYS && wanted->closed != TOPIC_STAYS)
		return rpc_error(call, 400, "TOPIC_HIDE_SEPARATELY");
	was = row;
	changed = difference_of(wanted, title, &row);
	if (!changed.has_title && !changed.has_emoji && !changed.closed && !changed.hidden)
		return rpc_error(call, 400, "TOPIC_NOT_MODIFIED");
	topic_rows_put(&context.place, call->arena, &row);
	note(call, &context, EVENT_TOPIC_EDIT, &was, &row);
	post->action = ACTION_TOPIC_EDIT;
	post->text = changed.has_title ? title : (struct bytes){NULL, 0};
	post->thread = id == TOPIC_GENERAL ? 0 : id;
	post->topic = post->thread != 0;
	post->topic_change = &changed;
	post_append(call, &context, post, &posted);
	answer_post(call, &context, &posted, 0, answer);
	return 0;
}

/* ---- Pins ---- */

static void tell_pins(struct call *call, const struct channel_context *context,
	const struct update *update, struct update_set *answer)
{
	channel_tell_members(call, context, update);
	*answer = (struct update_set){0};
	*channel_answer_add(call, answer, update->kind, context->row.id) = *update;
	channel_answer_finish(call, context, answer);
}

int topic_pin(
	struct call *call, int64_t channel, int32_t id, bool pinned, struct update_set *answer)
{
	struct topic_row row, there[TOPICS_PINNED_MAX];
	struct channel_context context;
	struct update update = {.kind = UPDATE_TOPIC_PIN,
		.peer = {PEER_CHANNEL, channel},
		.thread = id,
		.pinned = pinned};
	size_t count;

	if (need_admin(call, channel, &context) < 0 || need_topic(call, &context, id, &row) < 0)
		return -1;
	count = topic_rows_list(&context.place, call->arena, true, 0, there, TOPICS_PINNED_MAX);
	if (pinned && !row.pinned && count == TOPICS_PINNED_MAX)
		return rpc_error(call, 400, "PINNED_TOO_MUCH");
	if (pinned != (row.pinned > 0)) {
		const struct topic_row was = row;

		row.pinned = !pinned ? 0 : count ? there[0].pinned + 1 : 1;
		topic_rows_set_pinned(&context.place, id, row.pinned);
		note(call, &context, EVENT_TOPIC_PIN, pinned ? NULL : &was, pinned ? &row : NULL);
	}
	tell_pins(call, &context, &update, answer);
	return 0;
}

static bool is_listed(const int32_t *ids, size_t count, int32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

int topics_reorder(struct call *call, int64_t channel, const int32_t *ids, size_t count, bool force,
	struct update_set *answer)
{
	struct topic_row row, there[TOPICS_PINNED_MAX];
	struct channel_context context;
	struct update update = {
		.kind = UPDATE_TOPIC_PINS, .peer = {PEER_CHANNEL, channel}, .id_count = 0};
	size_t pinned;

	if (count > TOPICS_PINNED_MAX)
		return rpc_error(call, 400, "PINNED_TOO_MUCH");
	if (need_admin(call, channel, &context) < 0)
		return -1;
	pinned = topic_rows_list(&context.place, call->arena, true, 0, there, TOPICS_PINNED_MAX);
	update.ids = arena_array(call->arena, count + pinned, sizeof(*update.ids));
	for (size_t i = 0; i < count; i++) {
		if (is_listed(update.ids, update.id_count, ids[i]))
			continue;
		if (need_topic(call, &context, ids[i], &row) < 0)
			return -1;
		update.ids[update.id_count++] = ids[i];
	}
	for (size_t i = 0; i < pinned; i++) {
		if (is_listed(update.ids, update.id_count, there[i].id))
			continue;
		if (force)
			topic_rows_set_pinned(&context.place, there[i].id, 0);
		else if (update.id_count < TOPICS_PINNED_MAX)
			update.ids[update.id_count++] = there[i].id;
	}
	for (size_t i = 0; i < update.id_count; i++)
		topic_rows_set_pinned(
			&context.place, update.ids[i], (int32_t)(update.id_count - i));
	tell_pins(call, &context, &update, answer);
	return 0;
}

/* ---- Deleting ---- */

int topic_delete(struct call *call, int64_t channel, int32_t id, int32_t *pts, int32_t *pts_count,
	int32_t *left)
{
	const struct post_bounds within = {.thread = id};
	struct channel_context context;
	int32_t ids[POSTS_PER_CALL_MAX];
	struct post_rows posts;
	struct topic_row row;
	size_t count;

	if (channel_need_admin(call, channel, ADMIN_DELETE, &context) < 0 ||
		need_forum(call, &context) < 0)
		return -1;
	if (id == TOPIC_GENERAL)
		return rpc_error(call, 400, "TOPIC_ID_INVALID");
	if (need_topic(call, &context, id, &row) < 0)
		return -1;
	post_rows_older(
		&context.place, call->arena, &within, INT32_MAX, 0, POSTS_PER_CALL_MAX, &posts);
	count = posts.count;
	for (size_t i = 0; i < count; i++)
		ids[i] = posts.at[i].id;
	*left = count == POSTS_PER_CALL_MAX;
	/* What opened it is the oldest of its posts. */
	if (!*left) {
		note(call, &context, EVENT_TOPIC_DELETE, &row, NULL);
		topic_rows_delete(&context.place, id);
	}
	return channel_posts_delete(call, channel, ids, count, pts, pts_count);
}

/* ---- Forums ---- */

void topics_begin(struct call *call, const struct channel_context *context)
{
	const struct topic_row general = {.id = TOPIC_GENERAL,
		.title = BYTES_LITERAL(GENERAL_TITLE),
		.color = DEFAULT_COLOR,
		.top_id = context->row.top_id,
		.date_s = context->row.date_s};
	struct topic_row row;

	if (!topic_rows_find(&context->place, call->arena, TOPIC_GENERAL, &row))
		topic_rows_put(&context->place, call->arena, &general);
	/* What was answered before there were topics is in General now: as far back as anybody
	 * looks. */
	post_rows_leave_threads(&context->place, LEAVE_THREADS_MAX);
}

int channel_set_forum(
	struct call *call, int64_t channel, bool on, bool tabs, struct update_set *answer)
{
	const uint32_t wanted = on ? CHANNEL_FORUM | (tabs ? CHANNEL_FORUM_TABS : 0) : 0;
	struct channel_context context;
	uint32_t *flags;

	if (channel_need_creator(call, channel, &context) < 0)
		return -1;
	flags = &context.shared->settings.flags;
	if (context.row.broadcast)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (on && context.shared->settings.linked)
		return rpc_error(call, 400, "CHAT_DISCUSSION_UNALLOWED");
	if (*flags & CHANNEL_GIGAGROUP)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if ((*flags & (CHANNEL_FORUM | CHANNEL_FORUM_TABS)) == wanted)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	if (on)
		topics_begin(call, &context);
	*flags = (*flags & ~(uint32_t)(CHANNEL_FORUM | CHANNEL_FORUM_TABS)) | wanted;
	channel_store(call, &context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, channel);
	channel_answer_finish(call, &context, answer);
	return 0;
}
