/* SPDX-License-Identifier: Apache-2.0 */
/* The bar above a chat. Reports are reports.c. */
#include "api/peer_settings.h"

#include "api/encode_list.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/channels.h"
#include "core/accounts/peer_settings.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

struct tl_object *encode_peer_settings(struct arena *arena, const struct peer_settings *settings)
{
	struct tl_peerSettings *out = TL_NEW(arena, peerSettings);

	out->report_spam = settings->report_spam;
	out->add_contact = settings->add_contact;
	out->block_contact = settings->block_contact;
	out->share_contact = settings->share_contact;
	out->need_contacts_exception = settings->need_contacts_exception;
	out->registration_month = settings->registration_month;
	out->phone_country = settings->phone_country;
	return &out->o;
}

struct tl_object *encode_peer_settings_update(struct arena *arena, const struct update *update)
{
	struct tl_updatePeerSettings *out = TL_NEW(arena, updatePeerSettings);

	out->peer = encode_peer(arena, update->peer);
	out->settings = encode_peer_settings(arena, update->settings);
	return &out->o;
}

/* https://core.telegram.org/method/messages.getPeerSettings: groups and channels are offered
 * nothing. */
int api_messages_getPeerSettings(struct call *call, const struct tl_messages_getPeerSettings *req,
	struct tl_messages_peerSettings *reply)
{
	struct peer_settings settings = {0};
	struct roster roster;
	struct channel_view view;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL && channel_view(call, peer.id, &view) < 0)
		return -1;
	if (peer.kind == PEER_USER)
		peer_settings_view(call, peer.id, &settings);
	roster_init(&roster, call->arena);
	roster_add(&roster, peer);
	encode_named(call, &roster, &reply->users, &reply->chats);
	if (reply->users.count + reply->chats.count == 0)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	reply->settings = encode_peer_settings(call->arena, &settings);
	return 0;
}

/* https://core.telegram.org/method/messages.hidePeerSettingsBar: where there is none it is hidden
 * already. */
int api_messages_hidePeerSettingsBar(
	struct call *call, const struct tl_messages_hidePeerSettingsBar *req, bool *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_USER && peer.id != call->user)
		peer_settings_hide(call, peer.id);
	*reply = true;
	return 0;
}
