/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what is said to a bot. Does not own who leaves the rest out: core/messages/messages.c does
 * for basic groups, core/bots/bot_updates.c for supergroups. */
#include "core/bots/bot_ears.h"

#include "core/messages/mentions.h"
#include "core/accounts/public_names.h"
#include "store/home_members.h"

static bool is_among(const struct message *message, int64_t user)
{
	for (size_t i = 0; i < message->user_count; i++) {
		if (message->users[i] == user)
			return true;
	}
	return false;
}

/* "/cases" is said to whoever hears it, but only at the beginning: paths have slashes, too.
 * "/cases@other_bot" is not. */
static bool is_command_to(
	struct call *call, int64_t bot, const struct message *message, const struct entity *e)
{
	const struct bytes command = entity_text(message->text, e);
	const uint8_t *at = command.size ? memchr(command.data, '@', command.size) : NULL;
	struct peer peer;

	if (!at)
		return command.size && e->offset == 0;
	at++;
	return public_name_find(
		       call, bytes_of(at, (size_t)(command.data + command.size - at)), &peer) &&
	       peer.kind == PEER_USER && peer.id == bot;
}

size_t bots_in_channel(struct call *call, int64_t channel, int64_t bots[BOTS_PER_GROUP_MAX])
{
	struct membership_row row;

	bots[0] = SERVICE_BOT;
	return home_members_find(call_home(call), bots[0], channel, &row) &&
	       row.role >= ROLE_MEMBER && row.role <= ROLE_CREATOR;
}

bool bot_hears(struct call *call, int64_t bot, const struct message *message, int64_t replied)
{
	struct mentions mentions;

	if (replied == bot)
		return true;
	switch (message->action) {
	case ACTION_NONE:
		break;
	case ACTION_CHAT_CREATE:
	case ACTION_CHAT_ADD:
	case ACTION_CHAT_REMOVE:
		return is_among(message, bot);
	default:
		return message->action == ACTION_MIGRATE_TO ||
		       message->action == ACTION_MIGRATE_FROM;
	}
	mentions = mentions_of(call, message);
	if (mentions_have(&mentions, bot))
		return true;
	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_BOT_COMMAND &&
			is_command_to(call, bot, message, &message->entities[i]))
			return true;
	}
	return false;
}
