/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a basic group is when its creator leaves: the admin's who has been in it longest, or where
 * there is none the member's. https://core.telegram.org/api/channel#leaving-groups-channels */
#ifndef CORE_CHAT_HEIRS_H
#define CORE_CHAT_HEIRS_H

#include "core/chats/chats.h"

/* For the creator. Faults CHAT_ADMIN_REQUIRED, PEER_ID_INVALID (he is alone). */
MUST_CHECK int chat_heir(struct call *call, int64_t chat, int64_t *heir);

#endif
