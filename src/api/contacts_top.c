/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.*: whom the account writes to most. https://core.telegram.org/api/top-rating */
#include "api/encode_list.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/roster.h"
#include "core/accounts/top_peers.h"

/* A category's flag in the request and its constructor, in the order of answers, which is the order
 * of the hash. */
#define CATEGORIES(C)                                                                              \
	C(TOP_CORRESPONDENTS, correspondents, topPeerCategoryCorrespondents)                       \
	C(TOP_BOTS, bots_pm, topPeerCategoryBotsPM)                                                \
	C(TOP_BOTS_INLINE, bots_inline, topPeerCategoryBotsInline)                                 \
	C(TOP_GROUPS, groups, topPeerCategoryGroups)                                               \
	C(TOP_CHANNELS, channels, topPeerCategoryChannels)                                         \
	C(TOP_CALLS, phone_calls, topPeerCategoryPhoneCalls)                                       \
	C(TOP_FORWARD_USERS, forward_users, topPeerCategoryForwardUsers)                           \
	C(TOP_FORWARD_CHATS, forward_chats, topPeerCategoryForwardChats)                           \
	C(TOP_BOTS_APP, bots_app, topPeerCategoryBotsApp)

static bool wanted(const struct tl_contacts_getTopPeers *req, enum top_category category)
{
#define C(number, flag, constructor)                                                               \
	if (category == number)                                                                    \
		return req->flag;
	CATEGORIES(C)
#undef C
	return false;
}

static struct tl_object *encode_category(struct arena *arena, enum top_category category)
{
#define C(number, flag, constructor)                                                               \
	if (category == number)                                                                    \
		return &TL_NEW(arena, constructor)->o;
	CATEGORIES(C)
#undef C
	return NULL;
}

static enum top_category category_from_input(const struct tl_object *input)
{
#define C(number, flag, constructor)                                                               \
	if (TL_AS(constructor, input))                                                             \
		return number;
	CATEGORIES(C)
#undef C
	return TOP_CATEGORY_END;
}

struct answer {
	struct call *call;
	const struct tl_contacts_getTopPeers *req;
	struct tl_objects categories;
	struct roster roster;
	uint64_t hash; /* over the ids of all peers */
};

static void add_category(struct answer *a, enum top_category category)
{
	struct tl_topPeerCategoryPeers *out;
	struct top_peer *peers;
	size_t count, total;

	count = top_peers_list(a->call, category, a->req->offset < 0 ? 0 : (size_t)a->req->offset,
		a->req->limit < 1 ? TOP_PEERS_LIMIT_MAX : (size_t)a->req->limit, &peers, &total);
	if (count == 0)
		return;
	out = TL_NEW(a->call->arena, topPeerCategoryPeers);
	out->category = encode_category(a->call->arena, category);
	out->count = (int32_t)total;
	out->peers = tl_objects_new(a->call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_topPeer *peer = TL_NEW(a->call->arena, topPeer);

		peer->peer = encode_peer(a->call->arena, peers[i].peer);
		peer->rating = peers[i].rating;
		out->peers.at[i] = &peer->o;
		roster_add(&a->roster, peers[i].peer);
		a->hash = list_hash(a->hash, (uint64_t)peers[i].peer.id);
	}
	a->categories.at[a->categories.count++] = &out->o;
}

static struct tl_object *encode_answer(struct answer *a)
{
	struct call *call = a->call;
	struct tl_contacts_topPeers *out = TL_NEW(call->arena, contacts_topPeers);

	out->categories = a->categories;
	encode_named(call, &a->roster, &out->users, &out->chats);
	return &out->o;
}

/* https://core.telegram.org/method/contacts.getTopPeers */
int api_contacts_getTopPeers(
	struct call *call, const struct tl_contacts_getTopPeers *req, struct tl_object **reply)
{
	struct answer answer = {.call = call, .req = req};
	bool any = req->bots_guestchat;

	if (!top_peers_enabled(call)) {
		*reply = &TL_NEW(call->arena, contacts_topPeersDisabled)->o;
		return 0;
	}
	answer.categories = tl_objects_new(call->arena, TOP_CATEGORY_END);
	answer.categories.count = 0;
	roster_init(&answer.roster, call->arena);
	for (int category = TOP_CORRESPONDENTS; category < TOP_CATEGORY_END; category++) {
		if (!wanted(req, (enum top_category)category))
			continue;
		any = true;
		add_category(&answer, (enum top_category)category);
	}
	if (!any)
		return rpc_error(call, 400, "TYPES_EMPTY");
	*reply = req->hash && (uint64_t)req->hash == answer.hash
			 ? &TL_NEW(call->arena, contacts_topPeersNotModified)->o
			 : encode_answer(&answer);
	return 0;
}

/* https://core.telegram.org/method/contacts.toggleTopPeers */
int api_contacts_toggleTopPeers(
	struct call *call, const struct tl_contacts_toggleTopPeers *req, bool *reply)
{
	top_peers_enable(call, req->enabled);
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/contacts.resetTopPeerRating */
int api_contacts_resetTopPeerRating(
	struct call *call, const struct tl_contacts_resetTopPeerRating *req, bool *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	*reply = true;
	top_peers_reset(call, category_from_input(req->category), peer);
	return 0;
}
