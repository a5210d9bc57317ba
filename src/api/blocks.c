/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.*lock*: the caller's block list. https://core.telegram.org/api/block */
#include "core/accounts/blocks.h"

#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/roster.h"

/* Only people can be blocked: there are no stories to hide, and who blocks a group leaves it. */
static int person_from_input(struct call *call, const struct tl_object *input, int64_t *out)
{
	struct peer peer;

	if (peer_from_input(call, input, &peer) < 0)
		return -1;
	if (peer.kind != PEER_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*out = peer.id;
	return 0;
}

static int set(struct call *call, const struct tl_object *input, bool stories, bool blocked)
{
	int64_t other = 0;

	if (stories)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (person_from_input(call, input, &other) < 0)
		return -1;
	return block_set(call, other, blocked);
}

/* https://core.telegram.org/method/contacts.block */
int api_contacts_block(struct call *call, const struct tl_contacts_block *req, bool *reply)
{
	*reply = true;
	return set(call, req->id, req->my_stories_from, true);
}

/* https://core.telegram.org/method/contacts.unblock */
int api_contacts_unblock(struct call *call, const struct tl_contacts_unblock *req, bool *reply)
{
	*reply = true;
	return set(call, req->id, req->my_stories_from, false);
}

/* https://core.telegram.org/method/contacts.setBlocked */
int api_contacts_setBlocked(
	struct call *call, const struct tl_contacts_setBlocked *req, bool *reply)
{
	int64_t *ids;

	if (req->my_stories_from)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (req->id.count > BLOCKS_PER_PAGE_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	ids = arena_array(call->arena, req->id.count, sizeof(*ids));
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (person_from_input(call, req->id.at[i], &ids[i]) < 0)
			return -1;
	}
	*reply = true;
	return blocks_replace(call, ids, req->id.count, req->limit);
}

static struct tl_objects encode_list(
	struct call *call, const struct home_block *list, size_t count, struct roster *roster)
{
	struct tl_objects out = tl_objects_new(call->arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++) {
		const struct peer peer = {PEER_USER, list[i].other};
		struct tl_peerBlocked *blocked = TL_NEW(call->arena, peerBlocked);

		blocked->peer_id = encode_peer(call->arena, peer);
		blocked->date = (int32_t)list[i].blocked_at_s;
		out.at[i] = &blocked->o;
		roster_add(roster, peer);
	}
	return out;
}

/* https://core.telegram.org/method/contacts.getBlocked: a slice when there are more. */
int api_contacts_getBlocked(
	struct call *call, const struct tl_contacts_getBlocked *req, struct tl_object **reply)
{
	struct tl_contacts_blocked *whole;
	struct tl_contacts_blockedSlice *slice = TL_NEW(call->arena, contacts_blockedSlice);
	struct update_set named = {0};
	struct home_block *list = NULL;
	struct roster roster;
	int64_t total = 0;
	size_t count = 0;

	if (!req->my_stories_from)
		count = blocks_list(call, req->offset, req->limit, &list, &total);
	roster_init(&roster, call->arena);
	slice->count = (int32_t)total;
	slice->blocked = encode_list(call, list, count, &roster);
	roster_view(call, &roster, &named);
	slice->users = encode_users(call->arena, named.users, named.user_count);
	slice->chats = tl_objects_new(call->arena, 0);
	*reply = &slice->o;
	if ((int64_t)count < total)
		return 0;
	whole = TL_NEW(call->arena, contacts_blocked);
	whole->blocked = slice->blocked;
	whole->users = slice->users;
	whole->chats = slice->chats;
	*reply = &whole->o;
	return 0;
}
