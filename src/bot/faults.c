/* SPDX-License-Identifier: Apache-2.0 */
/* Bots' libraries tell cases apart by these texts, so they are the ones that are known. */
#include "bot/faults.h"

#include <stdio.h>
#include <stdlib.h>

#include "bot/objects.h"

#define UPGRADED "CHAT_UPGRADED_" /* and the number of the supergroup */
#define CHAT_NOT_FOUND "Bad Request: chat not found"

static const struct {
	const char *fault, *description;
} descriptions[] = {
	{"PEER_ID_INVALID", CHAT_NOT_FOUND},
	{"CHAT_NOT_FOUND", CHAT_NOT_FOUND},
	{"CHAT_ID_INVALID", CHAT_NOT_FOUND},
	{"CHANNEL_PRIVATE", CHAT_NOT_FOUND},
	{"CHANNEL_INVALID", CHAT_NOT_FOUND},
	{"BOT_NOT_STARTED", "Forbidden: bot can't initiate conversation with a user"},
	{"USER_IS_BLOCKED", "Forbidden: bot was blocked by the user"},
	{"USER_IS_BOT", "Forbidden: bot can't send messages to bots"},
	{"MESSAGE_EMPTY", "Bad Request: message text is empty"},
	{"MESSAGE_TOO_LONG", "Bad Request: message is too long"},
	{"MESSAGE_ID_INVALID", "Bad Request: message to edit not found"},
	{"MESSAGE_AUTHOR_REQUIRED", "Bad Request: message can't be edited"},
	{"MESSAGE_NOT_MODIFIED",
		"Bad Request: message is not modified: specified new message content and reply "
		"markup are exactly the same as a current content and reply markup of the "
		"message"},
	{"REPLY_MESSAGE_ID_INVALID", "Bad Request: message to be replied not found"},
	{"PARSE_MODE_INVALID", "Bad Request: unsupported parse_mode"},
	{"ENTITIES_UNPARSABLE", "Bad Request: can't parse entities"},
	{"REPLY_MARKUP_INVALID", "Bad Request: object expected as reply markup"},
	{"CHAT_WRITE_FORBIDDEN",
		"Bad Request: not enough rights to send text messages to the chat"},
	{"CHAT_ADMIN_REQUIRED", "Bad Request: not enough rights"},
	{"QUERY_ID_INVALID",
		"Bad Request: query is too old and response timeout expired or query ID is "
		"invalid"},
	{"CONFLICT", "Conflict: terminated by other getUpdates request; make sure that only one "
		     "bot instance is running"},
	{"BODY_INVALID", "Bad Request: the body is no object in JSON and no form"},
	{"Unauthorized", "Unauthorized"},
	{"Not Found", "Not Found"},
	{"Method Not Allowed", "Method Not Allowed"},
	{"INTERNAL", "Internal Server Error"},
};

/* Where the Bot API has another code than the protocol. */
static int code_of(const struct fault *fault)
{
	const bool unwanted = strcmp(fault->text, "USER_IS_BLOCKED") == 0 ||
			      strcmp(fault->text, "USER_IS_BOT") == 0;

	return unwanted ? 403 : fault->code;
}

static const char *prefix_of(int code)
{
	return code == 403 ? "Forbidden" : code == 500 ? "Internal Server Error" : "Bad Request";
}

/* Of "FLOOD_WAIT_30" and "SLOWMODE_WAIT_30"; -1: it is something else. */
static int wait_of(const char *text)
{
	const char *number = strstr(text, "_WAIT_");

	return number ? (int)strtol(number + strlen("_WAIT_"), NULL, 10) : -1;
}

json_t *bot_json_fault(const struct fault *fault, int *status)
{
	const int wait_s = wait_of(fault->text);
	char text[96];

	*status = code_of(fault);
	if (wait_s >= 0) {
		*status = 429;
		snprintf(text, sizeof(text), "Too Many Requests: retry after %d", wait_s);
		return json_pack("{s:b, s:i, s:s, s:{s:i}}", "ok", 0, "error_code", 429,
			"description", text, "parameters", "retry_after", wait_s);
	}
	if (strncmp(fault->text, UPGRADED, strlen(UPGRADED)) == 0)
		return json_pack("{s:b, s:i, s:s, s:{s:I}}", "ok", 0, "error_code", 400,
			"description", "Bad Request: group chat was upgraded to a supergroup chat",
			"parameters", "migrate_to_chat_id",
			(json_int_t)bot_chat_id((struct peer){
				PEER_CHANNEL, strtoll(fault->text + strlen(UPGRADED), NULL, 10)}));
	snprintf(text, sizeof(text), "%s: %s", prefix_of(fault->code), fault->text);
	for (size_t i = 0; i < ARRAY_LEN(descriptions); i++)
		if (strcmp(descriptions[i].fault, fault->text) == 0)
			return json_pack("{s:b, s:i, s:s}", "ok", 0, "error_code", *status,
				"description", descriptions[i].description);
	return json_pack(
		"{s:b, s:i, s:s}", "ok", 0, "error_code", fault->code, "description", text);
}
