/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how contacts come, change and go by their owner's hand. When accounts appear and vanish is
 * core/accounts/contacts_link.c, finding people core/accounts/contacts_find.c. Does not own what
 * being a contact allows: core/accounts/users.c and core/accounts/privacy.c do. */
#include "core/accounts/contacts.h"

#include "base/text.h"
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/messages/entities.h"
#include "core/messages/message_body.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/phone.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users.h"
#include "store/home_budgets.h"
#include "store/home_contacts.h"
#include "store/home_privacy.h"
#include "store/home_users.h"

/* UPDATE_USER brings how each looks now, and makes clients ask for the note again. A new list alone
 * is not enough: TDLib that is just starting may read the list it saved after the answer with the
 * new one, and then takes who left it for a contact for good. */
static void tell_about(struct call *call, int64_t owner, uint64_t except_session,
	const int64_t *about, size_t count)
{
	struct update *updates = arena_array(call->arena, 1 + count, sizeof(*updates));

	updates[0] = (struct update){.kind = UPDATE_CONTACTS_RESET};
	change_note(call, owner, CHANGE_CONTACTS, (struct peer){0}, 0);
	for (size_t i = 0; i < count; i++) {
		updates[1 + i] =
			(struct update){.kind = UPDATE_USER, .peer = {PEER_USER, about[i]}};
		change_note(call, owner, CHANGE_USER_PAGE, updates[1 + i].peer, 0);
	}
	box_tell(call, owner, except_session, updates, 1 + count);
}

void contacts_tell(struct call *call, int64_t owner, uint64_t except_session, int64_t about)
{
	tell_about(call, owner, except_session, &about, about ? 1 : 0);
}

/* An account that had the caller saved sees now that it is mutual, or no more. */
static void tell_if_saved_by(struct call *call, int64_t account)
{
	if (home_contact_exists(call_home(call), account, call->user))
		contacts_tell(call, account, 0, call->user);
}

void contact_key_of_phone(struct call *call, struct bytes digits, uint8_t out[VAULT_LOOKUP_SIZE])
{
	phone_lookup(call->store->vault, digits, out);
}

void contact_key_of_user(struct call *call, int64_t user, uint8_t out[VAULT_LOOKUP_SIZE])
{
	uint8_t id[8];

	store_u64le(id, (uint64_t)user);
	vault_lookup(call->store->vault, "contact", bytes_of(id, sizeof(id)), out);
}

int64_t contact_account(struct call *call, const uint8_t *key_hash)
{
	int64_t user = home_user_by_phone(call_home(call), key_hash);

	return user && privacy_allows_by_phone(call, user, call->user) ? user : 0;
}

/* What a client got from an address book may be anything: a name that doesn't fit becomes none. */
static struct bytes name_or_empty(struct bytes name)
{
	name = text_trim(name);
	return user_text_fits(name, NAME_CHARACTERS_MAX) && name.data ? name : BYTES_LITERAL("");
}

/* The stored form of a note, absent when it is empty. Fault STRING_INVALID and its like. */
static int pack_note(struct call *call, const struct message *note, struct bytes *out)
{
	struct message copy = {.text = text_trim(note->text),
		.entities = note->entities,
		.entity_count = note->entity_count};

	*out = (struct bytes){0};
	if (copy.text.size == 0)
		return 0;
	copy.text = note->text;
	if (entities_accept(call, &copy) < 0)
		return -1;
	if (text_utf16_length(copy.text) > CONTACT_NOTE_UNITS_MAX)
		return rpc_error(call, 400, "MESSAGE_TOO_LONG");
	*out = message_body_encode(call->arena, &copy);
	return 0;
}

static bool is_same(const struct home_contact *a, const struct home_contact *b)
{
	return a->contact == b->contact &&
	       memcmp(a->key_hash, b->key_hash, sizeof(a->key_hash)) == 0 &&
	       bytes_equal(a->first_name, b->first_name) &&
	       bytes_equal(a->last_name, b->last_name) && bytes_equal(a->phone, b->phone) &&
	       bytes_equal(a->note, b->note);
}

/* Writes the row of a contact; what it said before and this doesn't is kept, also whose number it
 * is when he hides from it now. One account has one row: a number that was learnt since takes the
 * place of the id. False: it was so before. */
static bool put(struct call *call, struct home_contact *contact, bool keep_note)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_contact before;
	bool known = contact->contact && home_contact_get(db, vault, call->arena, call->user,
						 contact->contact, &before);

	if (!known)
		known = home_contact_by_key(
			db, vault, call->arena, call->user, contact->key_hash, &before);
	if (known) {
		contact->created_at_s = before.created_at_s;
		if (!contact->contact)
			contact->contact = before.contact;
		if (keep_note)
			contact->note = before.note;
		if (!contact->phone.data) {
			contact->phone = before.phone;
			memcpy(contact->key_hash, before.key_hash, sizeof(before.key_hash));
		}
		if (is_same(contact, &before))
			return false;
		if (memcmp(contact->key_hash, before.key_hash, sizeof(before.key_hash)) != 0)
			home_contact_delete_key(db, call->user, before.key_hash);
	}
	home_contact_put(db, vault, call->arena, contact);
	return true;
}

static struct home_contact new_contact(const struct call *call, const struct contact_card *card)
{
	return (struct home_contact){.owner = call->user,
		.first_name = name_or_empty(card->first_name),
		.last_name = name_or_empty(card->last_name),
		.created_at_s = call->now_s};
}

/* Reads the number; false: there is nothing to save. */
static bool import_number(struct call *call, const struct contact_import *item,
	struct home_contact *contact, bool *saved_before)
{
	struct home_contact before;

	*contact = new_contact(call, &item->card);
	if (phone_normalise(call->arena, item->card.phone, &contact->phone) < 0)
		return false;
	contact_key_of_phone(call, contact->phone, contact->key_hash);
	*saved_before = home_contact_by_key(call_home(call), call->store->vault, call->arena,
		call->user, contact->key_hash, &before);
	return true;
}

static int import_one(
	struct call *call, struct contact_import *item, struct home_contact *contact, bool *changed)
{
	bool differs;

	const struct message *note = item->card.note;

	if (note && pack_note(call, note, &contact->note) < 0)
		return -1;
	contact->contact = contact_account(call, contact->key_hash);
	if (contact->contact == call->user)
		return 0;
	differs = put(call, contact, !note);
	*changed |= differs;
	item->user = contact->contact;
	if (item->user && differs) {
		peer_settings_answered(call, item->user);
		tell_if_saved_by(call, item->user);
	}
	return 0;
}

int contacts_import(struct call *call, struct contact_import *items, size_t count)
{
	struct db *db = call_home(call);
	struct home_contact *contacts = arena_array(call->arena, count, sizeof(*contacts));
	bool *readable = arena_array(call->arena, count, sizeof(*readable));
	bool *known = arena_array(call->arena, count, sizeof(*known));
	bool changed = false, may_look;
	int64_t fresh = 0;

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	for (size_t i = 0; i < count; i++) {
		readable[i] = import_number(call, &items[i], &contacts[i], &known[i]);
		fresh += readable[i] && !known[i];
	}
	if (fresh && home_contacts_count(db, call->user) + fresh > CONTACTS_MAX)
		return rpc_error(call, 400, "CONTACTS_TOO_MUCH");
	/* Numbers that were saved before tell nothing new: clients send whole address books again
	 * and again. */
	may_look = !fresh ||
		   home_budget_take(db, call->user, "lookups", fresh, CONTACTS_LOOKUPS_PER_DAY,
			   ACCOUNT_BUDGET_PERIOD_S, call->now_s, NULL);
	for (size_t i = 0; i < count; i++) {
		items[i].try_later = readable[i] && !known[i] && !may_look;
		if (readable[i] && !items[i].try_later &&
			import_one(call, &items[i], &contacts[i], &changed) < 0)
			return -1;
	}
	if (changed)
		contacts_tell(call, call->user, call->session_id, 0);
	return 0;
}

/* A number typed for an account is kept only where the account lets itself be found by numbers, and
 * it is the right one. Trying costs look-ups. */
static int take_known_phone(struct call *call, const struct home_user *profile,
	struct bytes written, struct home_contact *c)
{
	struct bytes digits;

	contact_key_of_user(call, profile->id, c->key_hash);
	if (phone_normalise(call->arena, written, &digits) < 0)
		return 0;
	if (account_budget_take(call, "lookups", CONTACTS_LOOKUPS_PER_DAY) < 0)
		return -1;
	if (bytes_equal(digits, profile->phone) &&
		privacy_allows_by_phone(call, profile->id, call->user)) {
		c->phone = digits;
		contact_key_of_phone(call, digits, c->key_hash);
	}
	return 0;
}

static int add_check(struct call *call, int64_t user, struct home_user *profile)
{
	struct db *db = call_home(call);

	if (user == call->user ||
		!home_user_get(db, call->store->vault, call->arena, user, profile) ||
		profile->deleted_at_s)
		return rpc_error(call, 400, "CONTACT_ID_INVALID");
	if (home_contact_exists(db, call->user, user))
		return 0; /* another name for him */
	if (home_contacts_count(db, call->user) >= CONTACTS_MAX)
		return rpc_error(call, 400, "CONTACTS_TOO_MUCH");
	return account_budget_take(call, "contacts", CONTACTS_ADDED_PER_DAY);
}

int contacts_add(struct call *call, int64_t user, const struct contact_card *card, bool share_phone)
{
	struct home_contact contact = new_contact(call, card);
	struct home_user profile;

	contact.contact = user;
	if (add_check(call, user, &profile) < 0)
		return -1;
	if (contact.first_name.size == 0)
		return rpc_error(call, 400, "CONTACT_NAME_EMPTY");
	if ((card->note && pack_note(call, card->note, &contact.note) < 0) ||
		take_known_phone(call, &profile, card->phone, &contact) < 0)
		return -1;
	put(call, &contact, !card->note);
	if (share_phone && privacy_allow_user(call, PRIVACY_PHONE, user) < 0)
		return -1;
	peer_settings_answered(call, user);
	contacts_tell(call, call->user, call->session_id, user);
	tell_if_saved_by(call, user);
	return 0;
}

int contacts_share_phone(struct call *call, int64_t user)
{
	if (user == call->user || !home_user_exists(call_home(call), user))
		return rpc_error(call, 400, "CONTACT_ID_INVALID");
	if (!home_contact_exists(call_home(call), call->user, user))
		return rpc_error(call, 400, "CONTACT_REQ_MISSING");
	if (privacy_allow_user(call, PRIVACY_PHONE, user) < 0)
		return -1;
	peer_settings_tell(call, call->user, user);
	tell_if_saved_by(call, user);
	return 0;
}

int contacts_set_note(struct call *call, int64_t user, const struct message *note)
{
	struct db *db = call_home(call);
	struct vault *vault = call->store->vault;
	struct home_contact contact;

	if (!home_contact_get(db, vault, call->arena, call->user, user, &contact))
		return rpc_error(call, 400, "CONTACT_MISSING");
	if (pack_note(call, note, &contact.note) < 0)
		return -1;
	home_contact_put(db, vault, call->arena, &contact);
	contacts_tell(call, call->user, call->session_id, user);
	return 0;
}

bool contact_note(struct call *call, int64_t user, struct message *out)
{
	struct home_contact contact;

	*out = (struct message){0};
	if (!home_contact_get(
		    call_home(call), call->store->vault, call->arena, call->user, user, &contact) ||
		!contact.note.data)
		return false;
	if (message_body_decode(call->arena, contact.note, out) < 0)
		db_fail(call_home(call), "a note does not open");
	return !db_failed(call_home(call));
}

int contacts_delete(struct call *call, const int64_t *users, size_t count)
{
	int64_t *gone;
	size_t gone_count = 0;

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	gone = arena_array(call->arena, count, sizeof(*gone));
	for (size_t i = 0; i < count; i++) {
		if (!home_contact_delete(call_home(call), call->user, users[i]))
			continue;
		gone[gone_count++] = users[i];
		home_close_friend_delete(call_home(call), call->user, users[i]);
		tell_if_saved_by(call, users[i]);
	}
	if (gone_count)
		tell_about(call, call->user, call->session_id, gone, gone_count);
	return 0;
}

int contacts_delete_phones(struct call *call, const struct bytes *phones, size_t count)
{
	struct db *db = call_home(call);
	struct home_contact contact;
	struct bytes digits;
	int64_t *gone;
	size_t gone_count = 0;
	bool changed = false;

	if (count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	gone = arena_array(call->arena, count, sizeof(*gone));
	for (size_t i = 0; i < count; i++) {
		uint8_t key[VAULT_LOOKUP_SIZE];

		if (phone_normalise(call->arena, phones[i], &digits) < 0)
			continue;
		contact_key_of_phone(call, digits, key);
		if (!home_contact_by_key(
			    db, call->store->vault, call->arena, call->user, key, &contact))
			continue;
		home_contact_delete_key(db, call->user, key);
		changed = true;
		if (contact.contact) {
			gone[gone_count++] = contact.contact;
			home_close_friend_delete(db, call->user, contact.contact);
			tell_if_saved_by(call, contact.contact);
		}
	}
	if (changed)
		tell_about(call, call->user, call->session_id, gone, gone_count);
	return 0;
}

void contacts_delete_unknown(struct call *call)
{
	if (home_contacts_delete_unknown(call_home(call), call->user))
		contacts_tell(call, call->user, call->session_id, 0);
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

void contacts_saved_list(struct call *call, struct contact_saved **out, size_t *count)
{
	struct home_contact *rows;
	size_t all = home_contacts_saved(
		call_home(call), call->store->vault, call->arena, call->user, CONTACTS_MAX, &rows);

	*out = arena_array(call->arena, all, sizeof(**out));
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		if (rows[i].phone.data) /* else added by id */
			(*out)[(*count)++] = (struct contact_saved){.phone = rows[i].phone,
				.first_name = rows[i].first_name,
				.last_name = rows[i].last_name,
				.date_s = rows[i].created_at_s};
	}
}

void contacts_mutual(struct call *call, int64_t account, int64_t **users, size_t *count)
{
	*count = home_contacts_mutual(
		call_home(call), call->arena, account, CONTACTS_MUTUAL_MAX, users);
}

int contacts_set_close_friends(struct call *call, const int64_t *users, size_t count)
{
	struct db *db = call_home(call);
	int64_t *before;
	size_t before_count;

	if (count > CLOSE_FRIENDS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	before_count = home_close_friends(db, call->arena, call->user, CLOSE_FRIENDS_MAX, &before);
	for (size_t i = 0; i < before_count; i++)
		home_close_friend_delete(db, call->user, before[i]);
	for (size_t i = 0; i < count; i++) {
		if (home_contact_exists(db, call->user, users[i]))
			home_close_friend_put(db, call->user, users[i]);
	}
	contacts_tell(call, call->user, call->session_id, 0);
	return 0;
}
