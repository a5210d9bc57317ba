/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how contacts come, go and are found. Does not own what being a contact allows: core/users.c
 * does. */
#include "core/contacts.h"

#include "base/text.h"
#include "core/network_budget.h"
#include "core/phone.h"
#include "core/users.h"
#include "store/home_budgets.h"
#include "store/home_contacts.h"
#include "store/home_users.h"

/* The contacts of an account changed: its sessions load them again. */
static void tell_reset(struct call *call, int64_t account, uint64_t except_session)
{
	struct update update = {.kind = UPDATE_CONTACTS_RESET};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = account;
	effect->except_session = except_session;
	effect->set = effects_copy_set(call->effects, &set);
}

/* An account that had the caller saved sees now that it is mutual, or no more. */
static void tell_if_saved_by(struct call *call, int64_t account)
{
	if (home_contact_exists(call_home(call), account, call->user))
		tell_reset(call, account, 0);
}

/* What a client got from an address book may be anything: a name that doesn't fit becomes none. */
static struct bytes name_or_empty(struct bytes name)
{
	name = text_trim(name);
	return user_text_fits(name, NAME_CHARACTERS_MAX) && name.data ? name : BYTES_LITERAL("");
}

static void import_one(struct call *call, struct contact_import *item)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_contact contact = {.owner = call->user, .created_at_s = call->now_s};

	if (phone_normalise(call->arena, item->phone, &contact.phone) < 0)
		return;
	phone_lookup(vault, contact.phone, contact.phone_hash);
	contact.contact = home_user_by_phone(db, contact.phone_hash);
	if (contact.contact == call->user)
		return;
	contact.first_name = name_or_empty(item->first_name);
	contact.last_name = name_or_empty(item->last_name);
	home_contact_put(db, vault, call->arena, &contact);
	item->user = contact.contact;
	if (item->user)
		tell_if_saved_by(call, item->user);
}

int contacts_import(struct call *call, struct contact_import *items, size_t count)
{
	struct db *db = call_home(call);

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (home_contacts_count(db, call->user) + (int64_t)count > CONTACTS_MAX)
		return rpc_error(call, 400, "CONTACTS_TOO_MUCH");
	if (!home_budget_take(db, call->user, "lookups", (int64_t)count, CONTACTS_LOOKUPS_PER_DAY,
		    ACCOUNT_BUDGET_PERIOD_S, call->now_s, NULL)) {
		for (size_t i = 0; i < count; i++)
			items[i].try_later = true;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		import_one(call, &items[i]);
	if (count)
		tell_reset(call, call->user, call->session_id);
	return 0;
}

/* A number typed for an account counts as known only if it is the account's: what is wrong is
 * dropped. Guessing costs look-ups. */
static int take_known_phone(struct call *call, struct bytes written, struct home_contact *contact)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes digits;

	if (phone_normalise(call->arena, written, &digits) < 0)
		return 0;
	if (account_budget_take(call, "lookups", CONTACTS_LOOKUPS_PER_DAY) < 0)
		return -1;
	phone_lookup(call->store->vault, digits, hash);
	if (bytes_equal_secret(hash, contact->phone_hash, sizeof(hash)))
		contact->phone = digits;
	return 0;
}

int contacts_add(struct call *call, int64_t user, struct bytes first_name, struct bytes last_name,
	struct bytes phone)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_user profile;
	struct home_contact before,
		contact = {.owner = call->user, .contact = user, .created_at_s = call->now_s};

	if (user == call->user || !home_user_get(db, vault, call->arena, user, &profile) ||
		profile.deleted_at_s)
		return rpc_error(call, 400, "CONTACT_ID_INVALID");
	contact.first_name = name_or_empty(first_name);
	contact.last_name = name_or_empty(last_name);
	if (contact.first_name.size == 0)
		return rpc_error(call, 400, "CONTACT_NAME_EMPTY");
	if (home_contacts_count(db, call->user) >= CONTACTS_MAX)
		return rpc_error(call, 400, "CONTACTS_TOO_MUCH");
	phone_lookup(vault, profile.phone, contact.phone_hash);
	if (home_contact_get(db, vault, call->arena, call->user, user, &before))
		contact.phone = before.phone;
	if (!contact.phone.data && take_known_phone(call, phone, &contact) < 0)
		return -1;
	home_contact_put(db, vault, call->arena, &contact);
	tell_reset(call, call->user, call->session_id);
	tell_if_saved_by(call, user);
	return 0;
}

int contacts_delete(struct call *call, const int64_t *users, size_t count)
{
	bool changed = false;

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	for (size_t i = 0; i < count; i++) {
		if (!home_contact_delete(call_home(call), call->user, users[i]))
			continue;
		changed = true;
		tell_if_saved_by(call, users[i]);
	}
	if (changed)
		tell_reset(call, call->user, call->session_id);
	return 0;
}

int contacts_delete_phones(struct call *call, const struct bytes *phones, size_t count)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes digits;
	bool changed = false;

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	for (size_t i = 0; i < count; i++) {
		int64_t user;

		if (phone_normalise(call->arena, phones[i], &digits) < 0)
			continue;
		phone_lookup(call->store->vault, digits, hash);
		if (!home_contact_delete_phone(call_home(call), call->user, hash))
			continue;
		changed = true;
		user = home_user_by_phone(call_home(call), hash);
		if (user)
			tell_if_saved_by(call, user);
	}
	if (changed)
		tell_reset(call, call->user, call->session_id);
	return 0;
}

void contacts_list(struct call *call, int64_t **users, size_t *count)
{
	*count = home_contacts_accounts(
		call_home(call), call->arena, call->user, CONTACTS_MAX, users);
}

int64_t contacts_saved(struct call *call)
{
	return home_contacts_count(call_home(call), call->user);
}

int contacts_resolve_phone(struct call *call, struct bytes phone, int64_t *user)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes digits;

	*user = 0;
	if (phone_normalise(call->arena, phone, &digits) < 0)
		return rpc_error(call, 400, "PHONE_NOT_OCCUPIED");
	if (account_budget_take(call, "lookups", CONTACTS_LOOKUPS_PER_DAY) < 0)
		return -1;
	phone_lookup(call->store->vault, digits, hash);
	*user = home_user_by_phone(call_home(call), hash);
	if (*user == 0) {
		call->keep_writes = true; /* a miss costs as much as a hit */
		return rpc_error(call, 400, "PHONE_NOT_OCCUPIED");
	}
	return 0;
}

void contacts_mutual(struct call *call, int64_t account, int64_t **users, size_t *count)
{
	*count = home_contacts_mutual(
		call_home(call), call->arena, account, CONTACTS_MUTUAL_TOLD, users);
}

void contacts_link(struct call *call, struct bytes phone, int64_t user)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	int64_t *owners;
	size_t count;

	phone_lookup(call->store->vault, phone, hash);
	count = home_contacts_link(
		call_home(call), call->arena, hash, user, CONTACTS_MUTUAL_TOLD, &owners);
	for (size_t i = 0; i < count; i++)
		tell_reset(call, owners[i], 0);
}
