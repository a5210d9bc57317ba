/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.*: saving and finding people by number. Names are found in api/names.c.
 * https://core.telegram.org/api/contacts */
#include "api/encode_message.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/contacts.h"
#include "core/users.h"

/* Views of those of the ids that exist. */
static struct tl_objects view_users(struct call *call, const int64_t *ids, size_t count)
{
	struct user *users = arena_array(call->arena, count, sizeof(*users));
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += user_view(call, ids[i], &users[found]) == 0;
	return encode_users(call->arena, users, found);
}

/* Updates without an update: they carry how the people look now. */
static struct tl_object *people_changed(struct call *call, const int64_t *ids, size_t count)
{
	struct tl_updates *out = TL_NEW(call->arena, updates);

	out->updates = tl_objects_new(call->arena, 0);
	out->chats = tl_objects_new(call->arena, 0);
	out->users = view_users(call, ids, count);
	out->date = (int32_t)call->now_s;
	return &out->o;
}

/* https://core.telegram.org/api/offsets#hash-generation, over the count and the ids. */
static int64_t contacts_hash(int64_t saved, const int64_t *ids, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i <= count; i++) {
		hash ^= hash >> 21;
		hash ^= hash << 35;
		hash ^= hash >> 4;
		hash += (uint64_t)(i == 0 ? saved : ids[i - 1]);
	}
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

static struct contact_import *take_imports(
	struct call *call, const struct tl_contacts_importContacts *req, size_t *count)
{
	struct contact_import *items =
		arena_array(call->arena, req->contacts.count, sizeof(*items));

	*count = 0;
	for (uint32_t i = 0; i < req->contacts.count; i++) {
		const struct tl_inputPhoneContact *in =
			TL_AS(inputPhoneContact, req->contacts.at[i]);

		if (!in)
			continue;
		items[(*count)++] = (struct contact_import){.client_id = in->client_id,
			.phone = in->phone,
			.first_name = in->first_name,
			.last_name = in->last_name};
	}
	return items;
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

int api_contacts_importContacts(struct call *call, const struct tl_contacts_importContacts *req,
	struct tl_contacts_importedContacts *reply)
{
	struct contact_import *items;
	size_t count;

	if (req->contacts.count > CONTACTS_IMPORT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	items = take_imports(call, req, &count);
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

int api_contacts_addContact(
	struct call *call, const struct tl_contacts_addContact *req, struct tl_object **reply)
{
	int64_t id;

	if (peer_user_from_input(call, req->id, &id) < 0 ||
		contacts_add(call, id, req->first_name, req->last_name, req->phone) < 0)
		return -1;
	*reply = people_changed(call, &id, 1);
	return 0;
}

int api_contacts_resolvePhone(struct call *call, const struct tl_contacts_resolvePhone *req,
	struct tl_contacts_resolvedPeer *reply)
{
	int64_t id;

	if (contacts_resolve_phone(call, req->phone, &id) < 0)
		return -1;
	reply->peer = encode_peer(call->arena, (struct peer){.kind = PEER_USER, .id = id});
	reply->chats = tl_objects_new(call->arena, 0);
	reply->users = view_users(call, &id, 1);
	return 0;
}

/* Only mutual contacts tell when they are here, so only they are listed. */
int api_contacts_getStatuses(
	struct call *call, const struct tl_contacts_getStatuses *req, struct tl_objects *reply)
{
	int64_t *ids;
	size_t count;

	contacts_mutual(call, call->user, &ids, &count);
	*reply = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_contactStatus *status = TL_NEW(call->arena, contactStatus);

		status->user_id = ids[i];
		status->status = encode_user_status(call->arena, user_online_until(call, ids[i]));
		reply->at[i] = &status->o;
	}
	return 0;
}

/* Blocking is not served, so nobody is blocked. */
int api_contacts_getBlocked(
	struct call *call, const struct tl_contacts_getBlocked *req, struct tl_object **reply)
{
	struct tl_contacts_blocked *out = TL_NEW(call->arena, contacts_blocked);

	out->blocked = tl_objects_new(call->arena, 0);
	out->chats = tl_objects_new(call->arena, 0);
	out->users = tl_objects_new(call->arena, 0);
	*reply = &out->o;
	return 0;
}

/* Lontar doesn't count whom people write to most. */
int api_contacts_getTopPeers(
	struct call *call, const struct tl_contacts_getTopPeers *req, struct tl_object **reply)
{
	*reply = &TL_NEW(call->arena, contacts_topPeersDisabled)->o;
	return 0;
}
