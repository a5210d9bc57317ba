/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making, renaming and deleting channels. Members are in channel_members.c, public names in
 * channel_names.c, posts in posts.c.
 */
#include "core/channels.h"

#include "base/text.h"
#include "core/channel_load.h"
#include "core/network_budget.h"
#include "store/home_channels.h"
#include "store/square_channels.h"

#define CHANNEL_FIRST_ID 1000000001 /* the counter starts at 1 */
#define CHANNEL_PTS_FIRST 1	    /* not 0: clients take that for "no state yet" */
/* Deleting writes a row per member: larger ones are refused, with the error clients know. */
#define CHANNEL_DELETE_MEMBERS_MAX 1000

static int title_check(struct call *call, struct bytes *title)
{
	if (!text_is_utf8(*title))
		return rpc_error(call, 400, "CHAT_TITLE_EMPTY");
	*title = text_trim(*title);
	if (title->size == 0 || text_utf16_length(*title) > CHANNEL_TITLE_MAX)
		return rpc_error(call, 400, "CHAT_TITLE_EMPTY");
	return 0;
}

static int about_check(struct call *call, struct bytes *about)
{
	if (!text_is_utf8(*about))
		return rpc_error(call, 400, "CHAT_ABOUT_TOO_LONG");
	*about = text_trim(*about);
	if (text_utf16_length(*about) > CHANNEL_ABOUT_MAX)
		return rpc_error(call, 400, "CHAT_ABOUT_TOO_LONG");
	return 0;
}

static void channel_insert(
	struct call *call, const struct channel_draft *draft, struct channel_context *context)
{
	struct db *home = call_home(call);
	const int64_t id = CHANNEL_FIRST_ID - 1 + db_counter_add(home, 0, "channel", 1);

	*context = (struct channel_context){
		.row = {.id = id,
			.title = draft->title,
			.about = draft->about,
			.broadcast = draft->broadcast,
			.date_s = call->now_s,
			.pts = CHANNEL_PTS_FIRST},
		.membership = {.user = call->user,
			.channel = id,
			.role = ROLE_CREATOR,
			.joined_at_s = call->now_s},
	};
	home_channels_insert(home, call->store->vault, call->arena, &context->row, &context->place);
	home_members_insert(home, &context->membership);
	home_member_counts_add(home, id, 1);
	channel_refresh(call, context);
}

/* A service post is one of the sequence: its update goes into the answer. */
static void post_service(struct call *call, struct channel_context *context,
	enum message_action action, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct update update;

	post->action = action;
	post->text = context->row.title;
	post_append(call, context, post, &update);
	*channel_answer_add(call, answer, UPDATE_NEW_POST, context->row.id) = update;
}

int channel_create(struct call *call, const struct channel_draft *wanted, struct update_set *answer)
{
	struct channel_draft draft = *wanted;
	struct channel_context context;
	struct update *id_update, *new_post;

	if (title_check(call, &draft.title) < 0 || about_check(call, &draft.about) < 0)
		return -1;
	if (home_members_of_user_count(call_home(call), call->user) >= CHANNEL_MEMBERSHIPS_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (account_budget_take(call, "channels", CHANNELS_PER_DAY) < 0)
		return -1;

	channel_insert(call, &draft, &context);
	channel_tell_membership(call, &context, call->user);
	channel_tell_self(call, &context);
	*answer = (struct update_set){0};
	id_update = channel_answer_add(call, answer, UPDATE_MESSAGE_ID, context.row.id);
	channel_answer_add(call, answer, UPDATE_CHANNEL, context.row.id);
	post_service(call, &context, ACTION_CHANNEL_CREATE, answer);
	new_post = &answer->updates[answer->update_count - 1];
	/* TDLib finds the new channel by a message id that answers some random_id; there was none
	 * in the request, so any will do. */
	id_update->max_id = new_post->message->id;
	id_update->random_id = (int64_t)random_u64(call->env->random);
	channel_answer_finish(call, &context, answer);
	return 0;
}

static void profile_store(struct call *call, struct channel_context *context)
{
	if (context->row.in_square)
		square_channels_update(context->place.db, &context->row);
	else
		home_channels_update(&context->place, call->arena, &context->row);
	channel_refresh(call, context);
	channel_tell_changed(call, context);
}

int channel_edit_title(struct call *call, int64_t id, struct bytes title, struct update_set *answer)
{
	struct channel_context context;

	if (title_check(call, &title) < 0 || channel_need_creator(call, id, &context) < 0)
		return -1;
	if (bytes_equal(title, context.row.title))
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.row.title = title;
	profile_store(call, &context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, id);
	post_service(call, &context, ACTION_CHANNEL_TITLE, answer);
	channel_answer_finish(call, &context, answer);
	return 0;
}

int channel_edit_about(struct call *call, int64_t id, struct bytes about)
{
	struct channel_context context;

	if (about_check(call, &about) < 0 || channel_need_creator(call, id, &context) < 0)
		return -1;
	if (bytes_equal(about, context.row.about))
		return rpc_error(call, 400, "CHAT_ABOUT_NOT_MODIFIED");
	context.row.about = about;
	profile_store(call, &context);
	return 0;
}

/* The index of who is online where forgets the members. */
static void members_dismiss(struct call *call, struct channel_context *context)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_DELETE_MEMBERS_MAX, sizeof(*rows));
	const size_t count = home_members_of_channel(
		call_home(call), context->row.id, 0, rows, CHANNEL_DELETE_MEMBERS_MAX);

	for (size_t i = 0; i < count; i++) {
		channel_tell_membership(call, context, rows[i].user);
		channel_note_departure(call, context, rows[i].user);
	}
	home_members_delete_all(call_home(call), context->row.id);
}

int channel_delete(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;

	if (channel_need_creator(call, id, &context) < 0)
		return -1;
	if (context.shared->members > CHANNEL_DELETE_MEMBERS_MAX)
		return rpc_error(call, 400, "CHANNEL_TOO_LARGE");
	if (context.row.in_square) {
		channel_name_release(call, context.row.username);
		square_channels_delete(context.place.db, id);
	} else {
		home_channels_delete(context.place.db, id);
	}
	home_authors_delete_all(call_home(call), id);
	/* Members that are online look again and are refused; others find it gone from their list.
	 */
	channel_tell_changed(call, &context);
	context.view.role = ROLE_BANNED;
	members_dismiss(call, &context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, id);
	channel_answer_finish(call, &context, answer);
	return 0;
}
