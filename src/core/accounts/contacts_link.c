/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of contacts when accounts appear, change their number and go: over all who saved
 * them, in the order of their ids, as boxes are locked. */
#include "core/messages/box.h"
#include "core/accounts/contacts.h"
#include "core/dialogs/dialog_places.h"
#include "core/accounts/privacy.h"
#include "store/home_contacts.h"
#include "store/home_contacts_bars.h"
#include "store/home_contacts_top.h"
#include "store/home_privacy.h"

static size_t owners_of(struct call *call, const uint8_t *key, int64_t **owners)
{
	return home_contacts_owners(call_home(call), call->arena, key, CONTACTS_LINKED_MAX, owners);
}

/* "X joined": an ordinary row of the owner's box, so it is where X will write. */
static void tell_joined(struct call *call, int64_t owner, int64_t user)
{
	struct message message = {.peer = {PEER_USER, user},
		.from = {PEER_USER, user},
		.action = ACTION_CONTACT_JOINED};
	struct update update;
	enum box_move move;
	struct home_box box;

	if (!box_open(call, owner, &box))
		return;
	home_box_advance(&box, 1, 1);
	move = box_deliver(call, &box, &message, 0, &update);
	box_tell(call, owner, 0, &update, 1);
	dialog_moved(call, &box, message.peer, move);
}

void contacts_joined(struct call *call, struct bytes phone, int64_t user, bool quietly)
{
	uint8_t key[VAULT_LOOKUP_SIZE];
	int64_t *owners;
	size_t count, messages = 0;

	contact_key_of_phone(call, phone, key);
	count = owners_of(call, key, &owners);
	for (size_t i = 0; i < count; i++) {
		if (!privacy_allows_by_phone(call, user, owners[i]))
			continue;
		home_contact_link(call_home(call), owners[i], key, user);
		contacts_tell(call, owners[i], 0, user);
		if (quietly || messages == CONTACTS_JOINED_TOLD_MAX ||
			privacy_switch(call, owners[i], SWITCH_SILENT_JOINS))
			continue;
		messages++;
		tell_joined(call, owners[i], user);
	}
}

/* The row of one who knew the old number: he knows the new one, or nobody but the account. */
static void row_renumber(struct call *call, int64_t owner, const uint8_t *key, struct bytes after)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_contact row;

	if (!home_contact_by_key(db, vault, call->arena, owner, key, &row) ||
		row.contact != call->user)
		return;
	home_contact_delete_key(db, owner, key);
	row.phone = (struct bytes){0};
	contact_key_of_user(call, call->user, row.key_hash);
	if (privacy_allows_by_phone(call, call->user, owner)) {
		row.phone = after;
		contact_key_of_phone(call, after, row.key_hash);
	}
	home_contact_put(db, vault, call->arena, &row);
}

void contacts_renumber(struct call *call, struct bytes before, struct bytes after)
{
	uint8_t key[VAULT_LOOKUP_SIZE];
	int64_t *owners;
	size_t count;

	contact_key_of_phone(call, before, key);
	count = owners_of(call, key, &owners);
	for (size_t i = 0; i < count; i++)
		row_renumber(call, owners[i], key, after);
	contacts_joined(call, after, call->user, true);
}

void contacts_shred(struct call *call, int64_t user, struct bytes phone)
{
	struct db *db = call_home(call);
	uint8_t by_phone[VAULT_LOOKUP_SIZE], by_id[VAULT_LOOKUP_SIZE];
	int64_t *owners;
	size_t count;

	contact_key_of_user(call, user, by_id);
	count = owners_of(call, by_id, &owners);
	for (size_t i = 0; i < count; i++) {
		home_contact_delete_key(db, owners[i], by_id);
		contacts_tell(call, owners[i], 0, user);
	}
	if (phone.size) {
		contact_key_of_phone(call, phone, by_phone);
		count = owners_of(call, by_phone, &owners);
		for (size_t i = 0; i < count; i++)
			contacts_tell(call, owners[i], 0, user);
		home_contacts_unlink(db, by_phone);
	}
	home_contacts_delete_all(db, user);
	home_bars_delete_all(db, user);
	home_top_delete_all(db, user);
}
