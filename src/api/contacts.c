/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.*: saving people. Finding them is api/contacts_find.c, whom one writes to most
 * api/contacts_top.c. https://core.telegram.org/api/contacts */
#include "api/encode_list.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/accounts/contacts.h"
#include "core/accounts/peer_settings.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

/* Views of those of the ids that exist. */
static struct tl_objects view_users(struct call *call, const int64_t *ids, size_t count)
{
	struct user *users = arena_array(call->arena, count, sizeof(*users));
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += user_view(call, ids[i], &users[found]) == 0;
	return encode_users(call->arena, users, found);
}

/* How the people and the bars above their chats look now. */
static struct tl_object *people_changed(struct call *call, const int64_t *ids, size_t count)
{
	struct peer_settings *settings = arena_array(call->arena, count, sizeof(*settings));
	struct update_set set = {.updates = arena_array(call->arena, count, sizeof(*set.updates)),
		.update_count = count};

	for (size_t i = 0; i < count; i++) {
		peer_settings_view(call, ids[i], &settings[i]);
		set.updates[i] = (struct update){.kind = UPDATE_PEER_SETTINGS,
			.peer = {PEER_USER, ids[i]},
			.settings = &settings[i]};
	}
	roster_complete(call, call->user, &set);
	return encode_updates(call->arena, &set);
}

/* Text of a note; NULL stays NULL. */
static int take_note(struct call *call, const struct tl_object *input, const struct message **out)
{
	const struct tl_textWithEntities *text = TL_AS(textWithEntities, input);
	struct message *note = ARENA_NEW(call->arena, struct message);

	*out = NULL;
	if (!text)
		return 0;
	note->text = text->text;
	*out = note;
	return entities_from_input(call, &text->entities, note);
}

/* Over the count and the ids. */
static int64_t contacts_hash(int64_t saved, const int64_t *ids, size_t count)
{
	uint64_t hash = list_hash(0, (uint64_t)saved);

	for (size_t i = 0; i < count; i++)
		hash = list_hash(hash, (uint64_t)ids[i]);
	return (int64_t)hash;
}

int api_contacts_getContacts(
	struct call *call, const struct tl_contacts_getContacts *req, struct tl_object **reply)
{
	struct tl_contacts_contacts *out;
	int64_t *ids, saved = contacts_saved(call);
	size_t count;

	contacts_list(call, &ids, &count);
	if (req->hash && req->hash == contacts_hash(saved, ids, count)) {
		*reply = &TL_NEW(call->arena, contacts_contactsNotModified)->o;
		return 0;
	}
	out = TL_NEW(call->arena, contacts_contacts);
	out->saved_count = (int32_t)saved;
	out->users = view_users(call, ids, count);
	out->contacts = tl_objects_new(call->arena, out->users.count);
	for (uint32_t i = 0; i < out->users.count; i++) {
		const struct tl_user *user = TL_AS(user, out->users.at[i]);
		struct tl_contact *contact = TL_NEW(call->arena, contact);

		contact->user_id = user->id;
		contact->mutual = user->mutual_contact;
		out->contacts.at[i] = &contact->o;
	}
	*reply = &out->o;
	return 0;
}

/* https://core.telegram.org/method/contacts.getContactIDs: 0 for a number without an account. Ids
 * that an int does not hold are left out. */
int api_contacts_getContactIDs(
	struct call *call, const struct tl_contacts_getContactIDs *req, struct tl_ints *reply)
{
	int64_t *ids, saved = contacts_saved(call);
	size_t count;

	contacts_list(call, &ids, &count);
	*reply = (struct tl_ints){
		.at = arena_array(call->arena, (size_t)saved + count, sizeof(*reply->at))};
	if (req->hash && req->hash == contacts_hash(saved, ids, count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (ids[i] <= INT32_MAX)
			reply->at[reply->count++] = (int32_t)ids[i];
	}
	for (int64_t i = (int64_t)count; i < saved; i++)
		reply->at[reply->count++] = 0;
	return 0;
}

static int take_import(struct call *call, const struct tl_object *input,
	struct contact_import *items, size_t *count)
{
	const struct tl_inputPhoneContact *in = TL_AS(inputPhoneContact, input);
	struct contact_import *item = &items[*count];

	if (!in)
		return 0;
	*item = (struct contact_import){.client_id = in->client_id,
		.card = {.phone = in->phone,
			.first_name = in->first_name,
			.last_name = in->last_name}};
	++*count;
	return take_note(call, in->note, &item->card.note);
}

static void encode_imports(struct call *call, const struct contact_import *items, size_t count,
	struct tl_contacts_importedContacts *reply)
{
	int64_t *ids = arena_array(call->arena, count, sizeof(*ids));
	uint32_t found = 0, later = 0;

	reply->imported = tl_objects_new(call->arena, (uint32_t)count);
	reply->popular_invites = tl_objects_new(call->arena, 0);
	reply->retry_contacts.at =
		arena_array(call->arena, count, sizeof(*reply->retry_contacts.at));
	for (size_t i = 0; i < count; i++) {
		struct tl_importedContact *imported;

		if (items[i].try_later)
			reply->retry_contacts.at[later++] = items[i].client_id;
		if (items[i].user == 0)
			continue;
		imported = TL_NEW(call->arena, importedContact);
		imported->user_id = items[i].user;
		imported->client_id = items[i].client_id;
		ids[found] = items[i].user;
		reply->imported.at[found++] = &imported->o;
	}
	reply->imported.count = found;
	reply->retry_contacts.count = later;
	reply->users = view_users(call, ids, found);
}

/* https://core.telegram.org/method/contacts.importContacts. Nobody is told how popular a number
 * without an account is: that would tell who saved it. */
int api_contacts_importContacts(struct call *call, const struct tl_contacts_importContacts *req,
	struct tl_contacts_importedContacts *reply)
{
	struct contact_import *items;
	size_t count = 0;

	if (req->contacts.count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	items = arena_array(call->arena, req->contacts.count, sizeof(*items));
	for (uint32_t i = 0; i < req->contacts.count; i++) {
		if (take_import(call, req->contacts.at[i], items, &count) < 0)
			return -1;
	}
	if (contacts_import(call, items, count) < 0)
		return -1;
	encode_imports(call, items, count, reply);
	return 0;
}

int api_contacts_deleteContacts(
	struct call *call, const struct tl_contacts_deleteContacts *req, struct tl_object **reply)
{
	int64_t *ids;

	if (req->id.count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	ids = arena_array(call->arena, req->id.count, sizeof(*ids));
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (peer_user_from_input(call, req->id.at[i], &ids[i]) < 0)
			return -1;
	}
	if (contacts_delete(call, ids, req->id.count) < 0)
		return -1;
	*reply = people_changed(call, ids, req->id.count);
	return 0;
}

int api_contacts_deleteByPhones(
	struct call *call, const struct tl_contacts_deleteByPhones *req, bool *reply)
{
	*reply = true;
	return contacts_delete_phones(call, req->phones.at, req->phones.count);
}

/* https://core.telegram.org/method/contacts.addContact */
int api_contacts_addContact(
	struct call *call, const struct tl_contacts_addContact *req, struct tl_object **reply)
{
	struct contact_card card = {
		.first_name = req->first_name, .last_name = req->last_name, .phone = req->phone};
	int64_t id;

	if (peer_user_from_input(call, req->id, &id) < 0)
		return -1;
	if (take_note(call, req->note, &card.note) < 0 ||
		contacts_add(call, id, &card, req->add_phone_privacy_exception) < 0)
		return -1;
	*reply = people_changed(call, &id, 1);
	return 0;
}

/* https://core.telegram.org/method/contacts.acceptContact: the bar's "share my number". */
int api_contacts_acceptContact(
	struct call *call, const struct tl_contacts_acceptContact *req, struct tl_object **reply)
{
	int64_t id;

	if (peer_user_from_input(call, req->id, &id) < 0 || contacts_share_phone(call, id) < 0)
		return -1;
	*reply = people_changed(call, &id, 1);
	return 0;
}

/* https://core.telegram.org/method/contacts.updateContactNote */
int api_contacts_updateContactNote(
	struct call *call, const struct tl_contacts_updateContactNote *req, bool *reply)
{
	const struct message *note;
	int64_t id;

	*reply = true;
	if (peer_user_from_input(call, req->id, &id) < 0 || take_note(call, req->note, &note) < 0)
		return -1;
	return contacts_set_note(call, id, note ? note : ARENA_NEW(call->arena, struct message));
}

/* https://core.telegram.org/method/contacts.getSaved: the account's own data, with or without a
 * takeout session. */
int api_contacts_getSaved(
	struct call *call, const struct tl_contacts_getSaved *req, struct tl_objects *reply)
{
	struct contact_saved *rows;
	size_t count;

	contacts_saved_list(call, &rows, &count);
	*reply = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_savedPhoneContact *saved = TL_NEW(call->arena, savedPhoneContact);

		saved->phone = rows[i].phone;
		saved->first_name = rows[i].first_name;
		saved->last_name = rows[i].last_name;
		saved->date = (int32_t)rows[i].date_s;
		reply->at[i] = &saved->o;
	}
	return 0;
}

/* https://core.telegram.org/method/contacts.resetSaved */
int api_contacts_resetSaved(
	struct call *call, const struct tl_contacts_resetSaved *req, bool *reply)
{
	contacts_delete_unknown(call);
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/contacts.editCloseFriends */
int api_contacts_editCloseFriends(
	struct call *call, const struct tl_contacts_editCloseFriends *req, bool *reply)
{
	*reply = true;
	return contacts_set_close_friends(call, req->id.at, req->id.count);
}

/* https://core.telegram.org/method/contacts.getStatuses: as exactly as each of them lets it be
 * known. */
int api_contacts_getStatuses(
	struct call *call, const struct tl_contacts_getStatuses *req, struct tl_objects *reply)
{
	struct tl_objects users;
	int64_t *ids;
	size_t count;

	contacts_list(call, &ids, &count);
	users = view_users(call, ids, count);
	*reply = tl_objects_new(call->arena, users.count);
	reply->count = 0;
	for (uint32_t i = 0; i < users.count; i++) {
		const struct tl_user *user = TL_AS(user, users.at[i]);
		struct tl_contactStatus *status = TL_NEW(call->arena, contactStatus);

		if (!user || !user->status)
			continue;
		status->user_id = user->id;
		status->status = user->status;
		reply->at[reply->count++] = &status->o;
	}
	return 0;
}
