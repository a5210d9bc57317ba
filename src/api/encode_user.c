/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of a user on the wire. https://core.telegram.org/constructor/user */
#include "api/encode_user.h"

#include "api/encode_channel.h"
#include "base/clock.h"
#include "core/bots/bot_ears.h"
#include "tl/schema.h"

static struct tl_object *encode_exactly(struct arena *arena, int64_t online_until_s)
{
	struct tl_userStatusOnline *online;
	struct tl_userStatusOffline *offline;

	if (online_until_s > clock_unix_s(&clock_system)) {
		online = TL_NEW(arena, userStatusOnline);
		online->expires = (int32_t)online_until_s;
		return &online->o;
	}
	offline = TL_NEW(arena, userStatusOffline);
	offline->was_online = (int32_t)online_until_s;
	return &offline->o;
}

struct tl_object *encode_user_status(struct arena *arena, const struct user_status *status)
{
	switch (status->seen) {
		struct tl_userStatusRecently *recently;
		struct tl_userStatusLastWeek *week;
		struct tl_userStatusLastMonth *month;

	case SEEN_EXACTLY:
		return encode_exactly(arena, status->online_until_s);
	case SEEN_RECENTLY:
		recently = TL_NEW(arena, userStatusRecently);
		recently->by_me = status->by_me;
		return &recently->o;
	case SEEN_IN_WEEK:
		week = TL_NEW(arena, userStatusLastWeek);
		week->by_me = status->by_me;
		return &week->o;
	case SEEN_IN_MONTH:
		month = TL_NEW(arena, userStatusLastMonth);
		month->by_me = status->by_me;
		return &month->o;
	case SEEN_LONG_AGO:
		break;
	}
	return &TL_NEW(arena, userStatusEmpty)->o; /* "a long time ago" */
}

/* Clients tell "no last name" by the flag, so an empty name is not sent. */
static struct bytes unless_empty(struct bytes text)
{
	return text.size ? text : (struct bytes){0};
}

struct tl_objects encode_usernames(struct arena *arena, struct bytes username)
{
	struct tl_objects out = tl_objects_new(arena, username.size ? 1 : 0);
	struct tl_username *name;

	if (username.size) {
		name = TL_NEW(arena, username);
		name->editable = name->active = true;
		name->username = username;
		out.at[0] = &name->o;
	}
	return out;
}

/* As of a channel: the bit says that there are reasons, a label is one of them. */
static void encode_measures(struct arena *arena, const struct user *user, struct tl_user *out)
{
	const bool restricted = user->restriction_text.size > 0, labelled = user->label.size > 0;

	if (!restricted && !labelled)
		return;
	out->restricted = true;
	out->restriction_reason = tl_objects_new(arena, restricted + labelled);
	if (restricted)
		out->restriction_reason.at[0] = encode_restriction_reason(
			arena, user->restriction_reason, user->restriction_text);
	if (labelled)
		out->restriction_reason.at[restricted] = encode_label(arena, user->label);
}

struct tl_object *encode_user(struct arena *arena, const struct user *user)
{
	struct tl_user *out = TL_NEW(arena, user);

	out->id = user->id;
	out->access_hash = user->access_hash;
	out->has_access_hash = true;
	out->self = user->is_self;
	out->deleted = user->is_deleted;
	if (user->is_deleted)
		return &out->o;
	out->contact = user->is_contact;
	out->mutual_contact = user->is_mutual;
	out->close_friend = user->is_close_friend;
	out->verified = out->support = user->is_service;
	out->first_name = unless_empty(user->first_name);
	out->last_name = unless_empty(user->last_name);
	out->phone = unless_empty(user->phone);
	out->username = unless_empty(user->username);
	if (user->is_bot) {
		out->bot = true;
		out->bot_nochats = !bot_joins_groups(user->id);
		out->bot_info_version = user->bot_version;
		out->has_bot_info_version = true;
	}
	encode_measures(arena, user, out);
	if (!user->is_service && !user->is_bot)
		out->status = encode_user_status(arena, &user->status);
	return &out->o;
}
