/* SPDX-License-Identifier: Apache-2.0 */
/* What the Bot API calls formatting: https://core.telegram.org/bots/api#messageentity */
#ifndef BOT_ENTITY_NAMES_H
#define BOT_ENTITY_NAMES_H

#include "core/model.h"

const char *bot_entity_name(const struct entity *entity);
/* False: there is no such kind. Fills kind and collapsed. */
bool bot_entity_of_name(const char *name, struct entity *out);

#endif
