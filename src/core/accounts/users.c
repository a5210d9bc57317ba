/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how an account looks to a viewer. Does not own what it says of itself
 * (core/accounts/users_profile.c), when it was here (core/accounts/users_seen.c), how it is stored
 * (store/home_users.c) nor what goes out on the wire (api/encode_user.c). */
#include "core/accounts/users_private.h"

#include "core/accounts/country.h"
#include "core/accounts/privacy.h"
#include "core/accounts/public_face.h"
#include "store/home_contacts.h"
#include "store/home_privacy.h"
#include "store/home_users.h"

/* What stock clients expect as the number of the service's own account. */
#define SERVICE_PHONE "42777"
#define HASH_KIND_MIN 101 /* apart from the kinds of peers in vault_access_hash */

static void view_service(struct call *call, struct user *out)
{
	out->first_name = arena_bytes(call->arena, bytes_from_str(call->env->name));
	out->phone = BYTES_LITERAL(SERVICE_PHONE);
	out->is_service = true;
}

static void view_self(struct call *call, const struct home_user *profile, struct user *out)
{
	out->is_self = true;
	out->phone = profile->phone;
	user_status_view(call, out->id, out->id, &out->status);
}

/* The viewer's own name for a contact goes before what the contact calls itself. Who had the number
 * before still has it, whatever its owner lets others see. */
static void view_other(
	struct call *call, int64_t viewer, const struct home_user *profile, struct user *out)
{
	struct db *db = call_home(call);
	struct home_contact contact;
	struct privacy_known known;
	struct home_sight sight;
	bool knows_phone = false;

	user_sight(call, viewer, out->id, &sight);
	known = (struct privacy_known){sight.rules, sight.saved_back};
	if (sight.saved &&
		home_contact_get(db, call->store->vault, call->arena, viewer, out->id, &contact)) {
		out->is_contact = true;
		if (contact.first_name.size || contact.last_name.size) {
			out->first_name = contact.first_name;
			out->last_name = contact.last_name;
		}
		out->is_mutual = sight.saved_back;
		out->is_close_friend = home_close_friend_has(db, viewer, out->id);
		knows_phone =
			contact.phone.data != NULL && bytes_equal(contact.phone, profile->phone);
	}
	if (knows_phone || (!sight.blocked && privacy_shows_known(call, out->id, PRIVACY_PHONE,
						      viewer, &known)))
		out->phone = profile->phone;
	user_status_view_known(call, viewer, out->id, &sight, &out->status);
	public_face_view(call, viewer, sight.saved, out);
}

int user_view_for(struct call *call, int64_t viewer, int64_t id, struct user *out)
{
	struct vault *vault = call->store->vault;
	struct home_user profile;

	*out = (struct user){.id = id};
	out->access_hash = vault_access_hash(vault, viewer, PEER_USER, id);
	if (id == SERVICE_USER) {
		view_service(call, out);
		return 0;
	}
	if (!home_user_get(call_home(call), vault, call->arena, id, &profile))
		return -1;
	if (profile.deleted_at_s) {
		out->is_deleted = true;
		return 0;
	}
	out->first_name = profile.first_name;
	out->last_name = profile.last_name;
	out->username = profile.username;
	out->is_bot = profile.is_bot;
	out->bot_version = profile.bot_version;
	if (viewer == id)
		view_self(call, &profile, out);
	else
		view_other(call, viewer, &profile, out);
	return 0;
}

int user_view(struct call *call, int64_t id, struct user *out)
{
	return user_view_for(call, call->user, id, out);
}

bool user_exists(struct call *call, int64_t id)
{
	return id == SERVICE_USER || home_user_exists(call_home(call), id);
}

const char *user_country(struct call *call, int64_t id)
{
	struct home_user profile;

	if (!home_user_get(call_home(call), call->store->vault, call->arena, id, &profile))
		return "";
	return country_code_of_phone(profile.phone);
}

struct bytes user_full_name(struct call *call, int64_t id)
{
	struct home_user profile;

	if (id == SERVICE_USER)
		return bytes_from_str(call->env->name);
	if (!home_user_get(call_home(call), call->store->vault, call->arena, id, &profile))
		return (struct bytes){0};
	return bytes_from_str(arena_printf(call->arena, "%.*s%s%.*s", (int)profile.first_name.size,
		(const char *)profile.first_name.data, profile.last_name.size ? " " : "",
		(int)profile.last_name.size, (const char *)profile.last_name.data));
}

int64_t user_min_hash(const struct vault *vault, int64_t viewer, int64_t id)
{
	return vault_access_hash(vault, viewer, HASH_KIND_MIN, id);
}

bool user_hash_is_right(const struct call *call, int64_t id, int64_t access_hash)
{
	const int64_t whole = vault_access_hash(call->store->vault, call->user, PEER_USER, id);
	const int64_t half = user_min_hash(call->store->vault, call->user, id);

	return bytes_equal_secret(&whole, &access_hash, sizeof(whole)) ||
	       bytes_equal_secret(&half, &access_hash, sizeof(half));
}
