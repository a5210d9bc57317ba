/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bot of the Bot API has not heard yet: kept until it confirms, for a day at most. Of a
 * message only its place is kept, and it is told as it is when the bot asks; what is gone by then
 * is not told. Bots that log in over MTProto hear by updates as everybody does; of those that
 * don't there is one, SERVICE_BOT. https://core.telegram.org/bots/api#getting-updates
 *
 * What reaches the queue is what was sent to the bot: all of a private chat with it, what
 * core/bots/bot_ears.h says of a group, and all of a channel whose admin it is.
 */
#ifndef CORE_BOT_UPDATES_H
#define CORE_BOT_UPDATES_H

#include "core/call.h"
#include "core/bots/service_bot.h"
#include "store/home_boxes.h"

#define BOT_UPDATES_KEPT_S 86400
#define BOT_UPDATES_PER_CALL_MAX 100

/* Stored: new ones go to the end. Bits of a set of kinds are 1 << kind. */
enum bot_update_kind {
	BOT_MESSAGE,
	BOT_EDITED_MESSAGE,
	BOT_CALLBACK_QUERY,
	BOT_MY_CHAT_MEMBER,
	BOT_CHANNEL_POST,
	BOT_EDITED_CHANNEL_POST,
	BOT_UPDATE_KINDS
};

#define BOT_UPDATES_ALL ((1u << BOT_UPDATE_KINDS) - 1)

struct bot_update {
	int64_t id;
	enum bot_update_kind kind;
	struct message *message; /* of BOT_CALLBACK_QUERY NULL when it is gone */
	int64_t actor;		 /* who pressed, who changed something */
	int64_t query;
	struct bytes data;
	struct peer chat;
	enum channel_role was, is; /* MY_CHAT_MEMBER: BANNED of a private chat: blocked */
	int64_t date_s;
};

struct bot_updates {
	struct bot_update *at;
	size_t count;
};

/* Whether it has a queue. */
static inline bool bot_is_polled(int64_t user)
{
	return user == SERVICE_BOT;
}

/* ---- What happens ---- */

/* A message came into, or was changed in, the bot's box. */
void bot_note_message(
	struct call *call, int64_t bot, const struct message *message, enum bot_update_kind kind);
/* A post of a supergroup or channel was written or changed: the bots in it that it is said to. */
void bot_note_post(struct call *call, const struct message *post, bool edited);
/* call->user pressed a button under a message of the bot's; chat and id as the bot has it. */
void bot_note_callback(struct call *call, int64_t bot, struct peer chat, int32_t id, int64_t query,
	struct bytes data);
/* call->user, not the bot itself, changed where the bot stands in the chat; whom the bot has not
 * met it is not told of.
 */
void bot_note_standing(struct call *call, int64_t bot, struct peer chat, enum channel_role was,
	enum channel_role is);

/* ---- What the bot asks ---- */

/* Of call->user. All below offset is confirmed and forgotten; below zero: all but the last so many.
 * kinds: bits; the others are passed over and stay. limit: at most BOT_UPDATES_PER_CALL_MAX.
 * Fault OFFSET_AHEAD: it confirms what this home has never told. The home is older than what the
 * bot remembers (it came back from a backup), and nothing is forgotten. */
MUST_CHECK int bot_updates_take(
	struct call *call, int64_t offset, size_t limit, uint32_t kinds, struct bot_updates *out);

/* A message of a chat as call->user, a bot, has it. NULL: it is gone, the bot is out of the chat,
 * or it was not said to it. */
struct message *bot_message(struct call *call, struct peer chat, int32_t id);
/* What a message that it hears answers, if that was said to it too, or is by the same person: who
 * answers his own words to it says them again. NULL: nothing that it may see. */
struct message *bot_message_replied(struct call *call, const struct message *message);
/* Whether call->user, a bot, has met it: somebody who wrote to it, or a chat that it is or was in,
 * or that is public. Of others it is told nothing. */
bool bot_has_met(struct call *call, struct peer chat);

/* For upkeep: forgets what is too old. True: more is left. */
bool bot_updates_purge(struct call *call);

#endif
