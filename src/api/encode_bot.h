/* SPDX-License-Identifier: Apache-2.0 */
/* What a bot says of itself as TL, to call->user. https://core.telegram.org/constructor/botInfo */
#ifndef API_ENCODE_BOT_H
#define API_ENCODE_BOT_H

#include "core/bots/bot_commands.h"
#include "tl/object.h"

/* `botInfo`. */
struct tl_object *encode_bot_info(struct call *call, int64_t bot, enum bot_place place);
/* Of those among them that are bots in a group. */
struct tl_objects encode_bot_infos(struct call *call, const int64_t *users, size_t count);

#endif
