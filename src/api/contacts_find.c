/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.*: finding people, channels and groups. */
#include "api/encode_list.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/accounts/contacts_find.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

static void fill_resolved(
	struct call *call, struct peer peer, struct tl_contacts_resolvedPeer *reply)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	roster_add(&roster, peer);
	reply->peer = encode_peer(call->arena, peer);
	encode_named(call, &roster, &reply->users, &reply->chats);
}

/* https://core.telegram.org/method/contacts.resolvePhone */
int api_contacts_resolvePhone(struct call *call, const struct tl_contacts_resolvePhone *req,
	struct tl_contacts_resolvedPeer *reply)
{
	int64_t id;

	if (contacts_resolve_phone(call, req->phone, &id) < 0)
		return -1;
	fill_resolved(call, (struct peer){PEER_USER, id}, reply);
	return 0;
}

/* https://core.telegram.org/method/contacts.resolveUsername. A restricted channel is found: the
 * client shows the text of the restriction. */
int api_contacts_resolveUsername(struct call *call, const struct tl_contacts_resolveUsername *req,
	struct tl_contacts_resolvedPeer *reply)
{
	struct peer peer;

	if (contacts_resolve_name(call, req->username, &peer) < 0)
		return -1;
	fill_resolved(call, peer, reply);
	return 0;
}

static struct tl_objects encode_peers(
	struct call *call, const struct peer *peers, size_t count, struct roster *roster)
{
	struct tl_objects vector = tl_objects_new(call->arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++) {
		vector.at[i] = encode_peer(call->arena, peers[i]);
		roster_add(roster, peers[i]);
	}
	return vector;
}

/* https://core.telegram.org/method/contacts.search */
int api_contacts_search(
	struct call *call, const struct tl_contacts_search *req, struct tl_contacts_found *reply)
{
	enum contacts_search_kind kind = req->broadcasts ? SEARCH_BROADCASTS
					 : req->bots	 ? SEARCH_BOTS
							 : SEARCH_ALL;
	struct contacts_found found;
	struct roster roster;

	if (contacts_search(call, req->q, kind, req->limit, &found) < 0)
		return -1;
	roster_init(&roster, call->arena);
	reply->my_results = encode_peers(call, found.mine, found.mine_count, &roster);
	reply->results = encode_peers(call, found.others, found.other_count, &roster);
	encode_named(call, &roster, &reply->users, &reply->chats);
	return 0;
}

/* https://core.telegram.org/method/contacts.getBirthdays */
int api_contacts_getBirthdays(struct call *call, const struct tl_contacts_getBirthdays *req,
	struct tl_contacts_contactBirthdays *reply)
{
	struct contact_birthday *at;
	struct tl_objects chats;
	struct roster roster;
	size_t count;

	contacts_birthdays(call, &at, &count);
	roster_init(&roster, call->arena);
	reply->contacts = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_contactBirthday *out = TL_NEW(call->arena, contactBirthday);
		struct tl_birthday *day = TL_NEW(call->arena, birthday);

		day->day = at[i].birthday.day;
		day->month = at[i].birthday.month;
		day->year = at[i].birthday.year;
		day->has_year = at[i].birthday.year != 0;
		out->contact_id = at[i].user;
		out->birthday = &day->o;
		reply->contacts.at[i] = &out->o;
		roster_add(&roster, (struct peer){PEER_USER, at[i].user});
	}
	encode_named(call, &roster, &reply->users, &chats);
	return 0;
}

/* https://core.telegram.org/method/contacts.exportContactToken,
 * https://core.telegram.org/api/links#temporary-profile-links */
int api_contacts_exportContactToken(struct call *call,
	const struct tl_contacts_exportContactToken *req, struct tl_exportedContactToken *reply)
{
	int64_t expires_s;
	struct bytes token = contact_token_make(call, &expires_s);

	reply->url = bytes_from_str(arena_printf(call->arena, "https://t.me/contact/%.*s",
		(int)token.size, (const char *)token.data));
	reply->expires = (int32_t)expires_s;
	return 0;
}

/* https://core.telegram.org/method/contacts.importContactToken */
int api_contacts_importContactToken(struct call *call,
	const struct tl_contacts_importContactToken *req, struct tl_object **reply)
{
	struct user *user = ARENA_NEW(call->arena, struct user);
	int64_t id;

	if (contact_token_open(call, req->token, &id) < 0)
		return -1;
	if (user_view(call, id, user) < 0)
		return rpc_error(call, 400, "IMPORT_TOKEN_INVALID");
	*reply = encode_user(call->arena, user);
	return 0;
}
