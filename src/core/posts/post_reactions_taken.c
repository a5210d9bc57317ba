/* SPDX-License-Identifier: Apache-2.0 */
/* Reactions of others that admins of a group take away: one, or all of somebody, of very many piece
 * by piece. What a reaction is, is post_reactions.c. */
#include "core/channels/channel_rights.h"
#include "core/posts/post_reactions.h"

static bool take_some(struct call *call, const struct channel_context *context, int64_t user)
{
	int32_t posts[REACTIONS_TAKEN_AT_ONCE];
	struct post_reaction_row theirs;
	struct post_row row;
	const size_t count = home_post_reactions_of(
		call_home(call), context->row.id, user, posts, REACTIONS_TAKEN_AT_ONCE);

	for (size_t i = 0; i < count; i++) {
		if (post_rows_find(&context->place, call->arena, posts[i], &row) &&
			home_post_reaction_get(
				call_home(call), context->row.id, posts[i], user, &theirs))
			post_reaction_take_back(call, context, &row, &theirs);
		else
			home_post_reaction_delete(call_home(call), context->row.id, posts[i], user);
	}
	return count == REACTIONS_TAKEN_AT_ONCE;
}

static int need_taker(struct call *call, int64_t channel, struct channel_context *out)
{
	if (channel_need_admin(call, channel, ADMIN_DELETE, out) < 0)
		return -1;
	return out->row.broadcast ? rpc_error(call, 400, "PEER_ID_INVALID") : 0;
}

int post_reaction_take(
	struct call *call, int64_t channel, int32_t id, int64_t user, struct update_set *answer)
{
	struct post_reaction_row theirs;
	struct channel_context context;
	struct post_row row;

	if (need_taker(call, channel, &context) < 0)
		return -1;
	if (!post_rows_find(&context.place, call->arena, id, &row) || row.hidden_by)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (!home_post_reaction_get(call_home(call), channel, id, user, &theirs))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	post_reaction_take_back(call, &context, &row, &theirs);
	return post_reactions_get(call, channel, &id, 1, answer);
}

int post_reactions_take_all(struct call *call, int64_t channel, int64_t user)
{
	struct channel_context context;

	if (need_taker(call, channel, &context) < 0)
		return -1;
	if (take_some(call, &context, user))
		home_reactions_taken_put(call_home(call), channel, user);
	return 0;
}

bool post_reactions_take_due(struct call *call)
{
	struct channel_context context;
	int64_t channel, user;

	if (!home_reactions_taken_next(call_home(call), &channel, &user))
		return false;
	if (!channel_load(call, channel, &context) || !take_some(call, &context, user))
		home_reactions_taken_done(call_home(call), channel, user);
	return true;
}
