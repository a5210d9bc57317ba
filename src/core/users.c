/* SPDX-License-Identifier: Apache-2.0 */
/* Owns who may see what of an account. Does not own how it is stored (store/home_users.c) nor what
 * goes out on the wire (api/encode_user.c). */
#include "core/users.h"

#include "base/text.h"
#include "core/box.h"
#include "core/contacts.h"
#include "core/country.h"
#include "store/home_contacts.h"
#include "store/home_users.h"

/* What stock clients expect as the number of the service's own account. */
#define SERVICE_PHONE "42777"

static void view_service(struct call *call, struct user *out)
{
	out->first_name = arena_bytes(call->arena, bytes_from_str(call->env->name));
	out->phone = BYTES_LITERAL(SERVICE_PHONE);
	out->is_service = true;
}

/* The viewer's own name for a contact goes before what the contact calls itself. */
static void view_as_contact(struct user *out, const struct home_contact *contact)
{
	out->is_contact = true;
	if (contact->first_name.size || contact->last_name.size) {
		out->first_name = contact->first_name;
		out->last_name = contact->last_name;
	}
}

int64_t user_online_until(const struct call *call, int64_t id)
{
	return call->env->online_until ? call->env->online_until(call->env->online_ctx, id) : 0;
}

int user_view_for(struct call *call, int64_t viewer, int64_t id, struct user *out)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_user profile;
	struct home_contact contact;
	bool saved_viewer, may_see_phone;

	*out = (struct user){.id = id};
	out->access_hash = vault_access_hash(vault, viewer, PEER_USER, id);
	if (id == SERVICE_USER) {
		view_service(call, out);
		return 0;
	}
	if (!home_user_get(db, vault, call->arena, id, &profile))
		return -1;
	if (profile.deleted_at_s) {
		out->is_deleted = true;
		return 0;
	}
	out->first_name = profile.first_name;
	out->last_name = profile.last_name;
	out->is_self = viewer == id;
	may_see_phone = out->is_self;
	saved_viewer = out->is_self || home_contact_exists(db, id, viewer);
	if (!out->is_self && home_contact_get(db, vault, call->arena, viewer, id, &contact)) {
		view_as_contact(out, &contact);
		out->is_mutual = saved_viewer;
		may_see_phone = saved_viewer || contact.phone.data;
	}
	if (may_see_phone)
		out->phone = profile.phone;
	/* When somebody was here is for those whom he has saved himself. */
	if (saved_viewer)
		out->online_until_s = user_online_until(call, id);
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

struct bytes user_about(struct call *call, int64_t id)
{
	struct home_user profile;

	if (!home_user_get(call_home(call), call->store->vault, call->arena, id, &profile) ||
		profile.about.size == 0)
		return (struct bytes){0};
	return profile.about;
}

bool user_hash_is_right(const struct call *call, int64_t id, int64_t access_hash)
{
	int64_t right = vault_access_hash(call->store->vault, call->user, PEER_USER, id);

	return bytes_equal_secret(&right, &access_hash, sizeof(right));
}

bool user_text_fits(struct bytes text, size_t characters_max)
{
	size_t characters = 0;

	if (!text_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < 0x20 || text.data[i] == 0x7f)
			return false;
		characters += (text.data[i] & 0xc0) != 0x80;
	}
	return characters <= characters_max;
}

int user_check_names(struct call *call, struct bytes *first_name, struct bytes *last_name)
{
	*first_name = text_trim(*first_name);
	*last_name = text_trim(*last_name);
	if (first_name->size == 0 || !user_text_fits(*first_name, NAME_CHARACTERS_MAX))
		return rpc_error(call, 400, "FIRSTNAME_INVALID");
	if (!user_text_fits(*last_name, NAME_CHARACTERS_MAX))
		return rpc_error(call, 400, "LASTNAME_INVALID");
	return 0;
}

static void tell_name(struct call *call)
{
	struct update update = {
		.kind = UPDATE_USER_NAME, .peer = {.kind = PEER_USER, .id = call->user}};
	int64_t *mutual;
	size_t count;

	box_tell(call, call->user, call->session_id, &update, 1);
	contacts_mutual(call, call->user, &mutual, &count);
	for (size_t i = 0; i < count; i++)
		box_tell(call, mutual[i], 0, &update, 1);
}

int user_update_profile(
	struct call *call, struct bytes first_name, struct bytes last_name, struct bytes about)
{
	struct home_user profile;

	if (!home_user_get(call_home(call), call->store->vault, call->arena, call->user, &profile))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	if (first_name.data)
		profile.first_name = first_name;
	if (last_name.data)
		profile.last_name = last_name;
	if (about.data)
		profile.about = text_trim(about);
	if (user_check_names(call, &profile.first_name, &profile.last_name) < 0)
		return -1;
	if (!user_text_fits(profile.about, ABOUT_CHARACTERS_MAX))
		return rpc_error(call, 400, "ABOUT_TOO_LONG");
	home_user_set_profile(call_home(call), call->store->vault, call->arena, &profile);
	if (first_name.data || last_name.data)
		tell_name(call);
	return 0;
}

/* Nobody needs to be shown the user for this, so the set names none and costs no look-up. */
static void tell_status(struct call *call, int64_t viewer, uint64_t except_session, int64_t until_s)
{
	struct update update = {.kind = UPDATE_STATUS,
		.peer = {.kind = PEER_USER, .id = call->user},
		.online_until_s = until_s};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = viewer;
	effect->except_session = except_session;
	effect->set = effects_copy_set(call->effects, &set);
}

void user_update_status(struct call *call, bool offline)
{
	int64_t until_s = offline ? call->now_s : call->now_s + ONLINE_HOLDS_S;
	int64_t *mutual;
	size_t count;

	tell_status(call, call->user, call->session_id, until_s);
	contacts_mutual(call, call->user, &mutual, &count);
	for (size_t i = 0; i < count; i++)
		tell_status(call, mutual[i], 0, until_s);
}
