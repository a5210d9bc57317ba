/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making and renaming channels. Members are in channel_members.c, public names in channel_names.c,
 * posts in posts.c, the end of a channel in channel_end.c.
 */
#include "core/channels/channels.h"

#include "base/text.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_load.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_settings.h"
#include "core/messages/history_ttl.h"
#include "core/accounts/network_budget.h"
#include "core/posts/topics.h"
#include "store/home_channels.h"
#include "store/square_channels.h"

#define CHANNEL_FIRST_ID 1000000001 /* the counter starts at 1 */
#define CHANNEL_PTS_FIRST 1	    /* not 0: clients take that for "no state yet" */

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

void channel_insert(struct call *call, const struct channel_draft *draft,
	const struct channel_settings *settings, struct channel_context *context)
{
	struct db *home = call_home(call);
	const int64_t id = CHANNEL_FIRST_ID - 1 + db_counter_add(home, 0, "channel", 1);

	*context = (struct channel_context){
		.row = {.id = id,
			.title = draft->title,
			.about = draft->about,
			.broadcast = draft->broadcast,
			.settings = channel_settings_encode(call->arena, settings),
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

void channel_say(struct call *call, struct channel_context *context, struct message *post,
	struct update_set *answer)
{
	struct update update;

	channel_sign(call, context, post);
	post_append(call, context, post, &update);
	post_answer(call, context, &update, answer);
}

static void say_title(struct call *call, struct channel_context *context,
	enum message_action action, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);

	post->action = action;
	post->text = context->row.title;
	channel_say(call, context, post, answer);
}

int channel_create(struct call *call, const struct channel_draft *wanted, struct update_set *answer)
{
	struct channel_draft draft = *wanted;
	struct channel_settings settings;
	struct channel_context context;
	struct update *id_update, *new_post;

	if (title_check(call, &draft.title) < 0 || about_check(call, &draft.about) < 0 ||
		history_ttl_check(call, draft.period_s) < 0)
		return -1;
	if (home_members_of_user_count(call_home(call), call->user) >= CHANNEL_MEMBERSHIPS_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (account_budget_take(call, "channels", CHANNELS_PER_DAY) < 0)
		return -1;

	settings = channel_settings_new(draft.broadcast);
	settings.flags |= draft.forum ? CHANNEL_FORUM : 0;
	settings.period_s = draft.period_s;
	channel_insert(call, &draft, &settings, &context);
	channel_tell_membership(call, &context, call->user);
	channel_tell_self(call, &context);
	*answer = (struct update_set){0};
	id_update = channel_answer_add(call, answer, UPDATE_MESSAGE_ID, context.row.id);
	channel_answer_add(call, answer, UPDATE_CHANNEL, context.row.id);
	say_title(call, &context, ACTION_CHANNEL_CREATE, answer);
	if (draft.forum)
		topics_begin(call, &context);
	new_post = &answer->updates[answer->update_count - 1];
	/* TDLib finds the new channel by a message id that answers some random_id; there was none
	 * in the request, so any will do. */
	id_update->max_id = new_post->message->id;
	id_update->random_id = (int64_t)random_u64(call->env->random);
	channel_answer_finish(call, &context, answer);
	return 0;
}

void channel_store(struct call *call, struct channel_context *context)
{
	struct channel was = *context->shared;

	/* shared has the new settings already, and the rest as it was. */
	if (channel_settings_decode(
		    call->arena, context->row.settings, context->row.broadcast, &was.settings) < 0)
		db_fail(call_home(call), "the settings of a channel cannot be read");
	context->row.settings = channel_settings_encode(call->arena, &context->shared->settings);
	if (context->row.in_square)
		square_channels_update(context->place.db, &context->row);
	else
		home_channels_update(&context->place, call->arena, &context->row);
	channel_refresh(call, context);
	channel_tell_changed(call, context);
	admin_log_changes(call, context, &was);
}

int channel_edit_title(struct call *call, int64_t id, struct bytes title, struct update_set *answer)
{
	struct channel_context context;

	if (title_check(call, &title) < 0 ||
		channel_need_either(call, id, ADMIN_CHANGE_INFO, CHAT_CHANGE_INFO, &context) < 0)
		return -1;
	if (bytes_equal(title, context.row.title))
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.row.title = title;
	channel_store(call, &context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, id);
	say_title(call, &context, ACTION_CHANNEL_TITLE, answer);
	channel_answer_finish(call, &context, answer);
	return 0;
}

int channel_edit_about(struct call *call, int64_t id, struct bytes about)
{
	struct channel_context context;

	if (about_check(call, &about) < 0 ||
		channel_need_either(call, id, ADMIN_CHANGE_INFO, CHAT_CHANGE_INFO, &context) < 0)
		return -1;
	if (bytes_equal(about, context.row.about))
		return rpc_error(call, 400, "CHAT_ABOUT_NOT_MODIFIED");
	context.row.about = about;
	channel_store(call, &context);
	return 0;
}
