/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of a user on the wire. https://core.telegram.org/constructor/user */
#include "api/encode_user.h"

#include "base/clock.h"
#include "tl/schema.h"

struct tl_object *encode_user_status(struct arena *arena, int64_t online_until_s)
{
	if (online_until_s == 0)
		return &TL_NEW(arena, userStatusRecently)->o;
	if (online_until_s > clock_unix_s(&clock_system)) {
		struct tl_userStatusOnline *online = TL_NEW(arena, userStatusOnline);

		online->expires = (int32_t)online_until_s;
		return &online->o;
	}
	struct tl_userStatusOffline *offline = TL_NEW(arena, userStatusOffline);

	offline->was_online = (int32_t)online_until_s;
	return &offline->o;
}

/* Clients tell "no last name" by the flag, so an empty name is not sent. */
static struct bytes unless_empty(struct bytes text)
{
	return text.size ? text : (struct bytes){0};
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
	out->verified = out->support = user->is_service;
	out->first_name = unless_empty(user->first_name);
	out->last_name = unless_empty(user->last_name);
	out->phone = unless_empty(user->phone);
	if (!user->is_service)
		out->status = encode_user_status(arena, user->online_until_s);
	return &out->o;
}
