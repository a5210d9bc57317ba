/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of the Bot API: the domain as JSON, seen by call->user, and the parts of requests
 * that are objects. https://core.telegram.org/bots/api#available-types
 */
#ifndef BOT_OBJECTS_H
#define BOT_OBJECTS_H

#include "bot/params.h"
#include "core/bots/bot_updates.h"

/* Ids as the Bot API has them: groups below zero, channels below -10^12. */
int64_t bot_chat_id(struct peer peer);
/* PEER_NONE: no chat has such an id. */
struct peer bot_chat_of_id(int64_t id);

/* New references; never NULL. */
json_t *bot_json_user(struct call *call, int64_t user);
json_t *bot_json_chat(struct call *call, struct peer chat);
json_t *bot_json_message(struct call *call, const struct message *message);
/* ChatMember: who, and "status". */
json_t *bot_json_standing(struct call *call, int64_t user, enum channel_role role);
json_t *bot_json_update(struct call *call, const struct bot_update *update);
/* Text must be UTF-8, as all text of the domain is. */
json_t *bot_json_text(struct bytes text);

/* InlineKeyboardMarkup; NULL for NULL. In call->arena. Faults REPLY_MARKUP_INVALID,
 * BUTTON_TYPE_INVALID. */
MUST_CHECK int bot_keyboard_of(struct call *call, const json_t *markup, struct keyboard **out);
/* Array of MessageEntity. Fault ENTITIES_INVALID. */
MUST_CHECK int bot_entities_of(struct call *call, const json_t *entities, struct message *out);

#endif
