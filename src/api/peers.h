/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peers as clients name them. A user or channel counts only with the access_hash that was made for
 * the caller, a basic group only when the caller is or was in it:
 * https://core.telegram.org/api/peers. Says nothing about what the caller may do there.
 */
#ifndef API_PEERS_H
#define API_PEERS_H

#include "core/call.h"

struct tl_object;

/* InputPeer; inputPeerSelf is the caller. Faults PEER_ID_INVALID, CHANNEL_INVALID,
 * CHAT_ID_INVALID. */
MUST_CHECK int peer_from_input(
	struct call *call, const struct tl_object *input_peer, struct peer *out);
/* Of a member of a channel: struct channel_member has it so. PARTICIPANT_ID_INVALID for a group. */
MUST_CHECK int member_from_input(struct call *call, const struct tl_object *input, int64_t *member);
/* InputUser; inputUserSelf is the caller. Fault USER_ID_INVALID. */
MUST_CHECK int peer_user_from_input(
	struct call *call, const struct tl_object *input_user, int64_t *id);

/* Whom an InputPeer names, whatever its access_hash: for a place in a list only, where TDLib sends
 * hash 0. PEER_NONE when it names nobody. */
struct peer peer_named(const struct call *call, const struct tl_object *input_peer);

/* InputPeer with the access_hash that is call->user's. */
struct tl_object *encode_input_peer(struct call *call, struct peer peer);
/* peerUser, peerChat or peerChannel. */
struct tl_object *encode_peer(struct arena *arena, struct peer peer);

#endif
