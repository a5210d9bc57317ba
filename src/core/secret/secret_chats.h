/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret chats: how one begins between two devices, and how it ends. The server passes the public
 * halves of a key on and never has the key; what is sent in a chat is
 * core/secret/secret_messages.h. https://core.telegram.org/api/end-to-end
 *
 *   asked (the asker's device) --- all devices of the other are told --> the first to accept has it
 *         \--------------- either side, or the end of a device's login ----------------> ended
 *
 * Each side has its own number for the chat: the asker chooses his, which is the other's too unless
 * that one has it already. All functions act for the call's device and return 0, or -1 after
 * rpc_error.
 */
#ifndef CORE_SECRET_CHATS_H
#define CORE_SECRET_CHATS_H

#include "core/call.h"
#include "core/secret/secret_model.h"
#include "store/home_secret_chats.h"

#define SECRET_CHATS_PER_DAY 100 /* that one account asks for */
/* Not ended, between the same two: one account alone can't take all places of another. */
#define SECRET_CHATS_WITH_ONE 50
/* How long an ended chat is told to devices that were away. */
#define SECRET_ENDED_KEPT_S ((int64_t)90 * 86400)

/* The group of the keys: clients know its prime, and ask again only for another version. */
#define SECRET_DH_VERSION 1
#define SECRET_DH_RANDOM_MAX 1024
struct bytes secret_dh_prime(void);
int secret_dh_generator(void);

/* What the viewer's devices must present for the chat. */
int64_t secret_access_hash(const struct call *call, int64_t viewer, int32_t id);

/* The same again gives the same answer. Faults DH_G_A_INVALID, USER_ID_INVALID, USER_IS_BOT,
 * INPUT_USER_DEACTIVATED, RANDOM_ID_EMPTY, RANDOM_ID_DUPLICATE, YOU_BLOCKED_USER, USER_IS_BLOCKED,
 * PEER_FLOOD, FLOOD_WAIT_X. */
MUST_CHECK int secret_request(
	struct call *call, int64_t to, int32_t id, struct bytes g_a, struct secret_chat *out);
/* Of all devices of the account one comes first. Faults CHAT_ID_INVALID, DH_G_A_INVALID,
 * ENCRYPTION_ALREADY_ACCEPTED, ENCRYPTION_ALREADY_DECLINED. */
MUST_CHECK int secret_accept(struct call *call, int32_t id, struct bytes g_b, int64_t fingerprint,
	struct secret_chat *out);
/* history: the other side is to delete what it has, too. Faults CHAT_ID_EMPTY,
 * ENCRYPTION_ID_INVALID, ENCRYPTION_ALREADY_ACCEPTED (by another device, whose it is),
 * ENCRYPTION_ALREADY_DECLINED. */
MUST_CHECK int secret_discard(struct call *call, int32_t id, bool history);

/* The device is logged out: its chats end, and nothing waits for it. */
void secret_end_device(struct call *call, int64_t user, uint64_t key_id);
/* The account ends: what nobody accepted ends, too. Its devices are logged out before. */
void secret_end_account(struct call *call, int64_t user);

/* For core/changes.c. */
struct home_change;
bool secret_chat_change(struct call *call, const struct home_change *change, struct update *update);
/* Upkeep: forgets what ended long ago, and what was sent long ago. True: there may be more. */
bool secret_chats_purge(struct call *call);

#endif
