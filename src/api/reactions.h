/* SPDX-License-Identifier: Apache-2.0 */
/* Reactions where other answers carry them. */
#ifndef API_REACTIONS_H
#define API_REACTIONS_H

#include "core/call.h"

struct tl_object;

/* ChatReactions of a basic group; *unique_max 0: as many kinds as anywhere. */
struct tl_object *encode_chat_reactions(struct call *call, int64_t chat, int32_t *unique_max);
/* Of a channel. */
struct tl_object *encode_channel_reactions(
	struct arena *arena, const struct channel_settings *settings);
/* What a double tap of call->user gives, or of anybody where nobody is logged in. */
struct tl_object *encode_default_reaction(struct call *call);

#endif
