/* SPDX-License-Identifier: Apache-2.0 */
/* updates.getState and updates.getDifference: catching up with the own box. Channels have
 * updates_channel.c. https://core.telegram.org/api/updates */
#include "api/encode_message.h"
#include "api/encode_secret.h"
#include "api/encode_state.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "core/posts/posts.h"
#include "core/secret/secret_messages.h"

void fill_state(struct tl_updates_state *out, const struct box_state *state, int64_t now_s)
{
	out->pts = state->pts;
	out->qts = state->qts;
	out->date = (int32_t)now_s;
	out->unread_count = state->unread;
}

struct tl_object *encode_state(struct arena *arena, const struct box_state *state, int64_t now_s)
{
	struct tl_updates_state *out = TL_NEW(arena, updates_state);

	fill_state(out, state, now_s);
	return &out->o;
}

/* https://core.telegram.org/method/updates.getState */
int api_updates_getState(
	struct call *call, const struct tl_updates_getState *req, struct tl_updates_state *reply)
{
	struct box_state state;

	if (box_state(call, &state) < 0)
		return -1;
	fill_state(reply, &state, call->now_s);
	return 0;
}

static struct tl_objects encode_new_messages(
	struct arena *arena, const struct box_difference *difference)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)difference->new_messages);

	for (size_t i = 0; i < difference->new_messages; i++)
		vector.at[i] = encode_message(arena, difference->set.updates[i].message);
	return vector;
}

static struct tl_objects encode_secret_messages(
	struct arena *arena, const struct secret_difference *secret)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)secret->count);

	for (size_t i = 0; i < secret->count; i++)
		vector.at[i] = encode_secret_message(arena, &secret->messages[i]);
	return vector;
}

#define FILL_DIFFERENCE(reply, difference, secret)                                                 \
	do {                                                                                       \
		(reply)->new_messages = encode_new_messages(call->arena, (difference));            \
		(reply)->new_encrypted_messages = encode_secret_messages(call->arena, (secret));   \
		(reply)->other_updates = encode_update_list(                                       \
			call->arena, &(difference)->set, (difference)->new_messages);              \
		(reply)->users = encode_users(                                                     \
			call->arena, (difference)->set.users, (difference)->set.user_count);       \
		(reply)->chats = encode_chats_and_channels(call->arena, (difference)->set.chats,   \
			(difference)->set.chat_count, (difference)->set.channels,                  \
			(difference)->set.channel_count);                                          \
	} while (0)

static struct tl_object *encode_empty(struct call *call)
{
	struct tl_updates_differenceEmpty *empty = TL_NEW(call->arena, updates_differenceEmpty);

	empty->date = (int32_t)call->now_s;
	return &empty->o;
}

static struct tl_object *encode_too_long(struct call *call, int32_t pts)
{
	struct tl_updates_differenceTooLong *too_long =
		TL_NEW(call->arena, updates_differenceTooLong);

	too_long->pts = pts;
	return &too_long->o;
}

static void missed_in_secret(struct call *call, const struct tl_updates_getDifference *req,
	struct secret_difference *out)
{
	*out = (struct secret_difference){0};
	if (!call->is_bot)
		secret_difference(call, req->qts,
			req->has_qts_limit ? req->qts_limit : SECRET_PER_DIFFERENCE, out);
}

/* https://core.telegram.org/method/updates.getDifference */
int api_updates_getDifference(
	struct call *call, const struct tl_updates_getDifference *req, struct tl_object **reply)
{
	struct tl_updates_differenceSlice *slice;
	struct tl_updates_difference *all;
	struct secret_difference secret;
	struct box_difference difference;
	struct tl_object *state;

	missed_in_secret(call, req, &secret);
	if (box_difference(call, req->pts, req->has_pts_total_limit ? req->pts_total_limit : 0,
		    secret.slice ? SINCE_NEVER : req->date, &difference) < 0)
		return -1;
	difference.slice |= secret.slice;
	difference.state.qts = secret.qts;
	/* With the last page, so that it is said once. */
	if (!difference.too_long && !difference.slice &&
		channels_tell_behind(call, req->date, &difference.set) < 0)
		return -1;
	/* What changed outside of the sequences comes with the last page, by the first one's date.
	 */
	state = encode_state(
		call->arena, &difference.state, difference.slice ? req->date : call->now_s);
	if (difference.too_long) {
		*reply = encode_too_long(call, difference.state.pts);
	} else if (difference.slice) {
		slice = TL_NEW(call->arena, updates_differenceSlice);
		FILL_DIFFERENCE(slice, &difference, &secret);
		slice->intermediate_state = state;
		*reply = &slice->o;
	} else if (req->pts == difference.state.pts && difference.set.update_count == 0 &&
		   secret.count == 0 && (req->qts == secret.qts || !req->qts)) {
		*reply = encode_empty(call);
	} else {
		all = TL_NEW(call->arena, updates_difference);
		FILL_DIFFERENCE(all, &difference, &secret);
		all->state = state;
		*reply = &all->o;
	}
	return 0;
}
