/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#ifndef CORE_SECRET_PRIVATE_H
#define CORE_SECRET_PRIVATE_H

#include "core/secret/secret_chats.h"

/* call->user's row. False: there is none. */
bool secret_own(struct call *call, int32_t id, struct home_secret_chat *out);
/* The other side's. */
bool secret_other(
	struct call *call, const struct home_secret_chat *chat, struct home_secret_chat *out);
/* The call's device has the chat, and so does a device of the other side. A login may have ended
 * with its key, of which nobody was told: who is refused for that ends the chat. Faults
 * CHAT_ID_INVALID, ENCRYPTION_DECLINED. */
MUST_CHECK int secret_open_pair(struct call *call, int32_t id, struct home_secret_chat *own,
	struct home_secret_chat *other);
/* Tells the sessions of one device. The update's peer is who is on the other side. */
void secret_tell(struct call *call, int64_t owner, uint64_t key_id, struct update *update);
/* The chat is over for the other side: its row says so, and its devices are told. */
void secret_end_other(struct call *call, const struct home_secret_chat *chat, bool history);

#endif
