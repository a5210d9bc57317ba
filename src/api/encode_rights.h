/* SPDX-License-Identifier: Apache-2.0 */
/* Rights between the domain and TL. https://core.telegram.org/api/rights */
#ifndef API_ENCODE_RIGHTS_H
#define API_ENCODE_RIGHTS_H

#include "base/arena.h"

struct tl_object;

/* enum chat_right of core/chats/chats.h: what may not be done; until_s 0: for ever. */
struct tl_object *encode_banned_rights(struct arena *arena, uint32_t banned, int64_t until_s);
/* Absent: none. *until_s (NULL: nobody asks) is 0 for what lasts for ever. */
uint32_t banned_rights_from_input(const struct tl_object *banned_rights, int64_t *until_s);
/* enum admin_right of core/model.h. */
struct tl_object *encode_admin_rights(struct arena *arena, uint32_t rights);
uint32_t admin_rights_from_input(const struct tl_object *admin_rights);

#endif
