/* SPDX-License-Identifier: Apache-2.0 */
/* The table of methods, and those that are not about messages. */
#include "bot/methods.h"

#include <strings.h>

#include "bot/objects.h"
#include "core/bots/callbacks.h"
#include "core/posts/orders.h"

#define POLL_MAX_S 50

/* https://core.telegram.org/bots/api#getme */
int bot_getMe(struct call *call, struct params *params, json_t **result)
{
	*result = bot_json_user(call, call->user);
	json_object_set_new(*result, "can_join_groups", json_true());
	json_object_set_new(*result, "can_read_all_group_messages", json_false());
	json_object_set_new(*result, "supports_inline_queries", json_false());
	return 0;
}

/* Executes what the desk ordered. The answer comes after the commit: what it names is on disk.
 * {"executed": [{"id", "outcome", "executed_at" (ms)}], "more": call again} */
int bot_executeOrders(struct call *call, struct params *params, json_t **result)
{
	struct executed_orders done;
	json_t *list;

	/* Orders and letters about them are the service's, not the bot's. */
	call->user = SERVICE_USER;
	call->is_bot = false;
	if (orders_execute(call, &done) < 0)
		return -1;
	list = json_array();
	for (size_t i = 0; i < done.count; i++)
		json_array_append_new(list,
			json_pack("{s:I, s:s%, s:I}", "id", (json_int_t)done.at[i].id, "outcome",
				(const char *)done.at[i].outcome.data, done.at[i].outcome.size,
				"executed_at", (json_int_t)done.at[i].executed_at_ms));
	*result = json_pack("{s:o, s:b}", "executed", list, "more", done.more);
	return 0;
}

/* ---- Updates ---- */

static uint32_t kind_of(const char *name)
{
	static const char *const names[] = {[BOT_MESSAGE] = "message",
		[BOT_EDITED_MESSAGE] = "edited_message",
		[BOT_CALLBACK_QUERY] = "callback_query",
		[BOT_MY_CHAT_MEMBER] = "my_chat_member",
		[BOT_CHANNEL_POST] = "channel_post",
		[BOT_EDITED_CHANNEL_POST] = "edited_channel_post"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return 1u << i;
	return 0;
}

/* Kinds that there are not here may be asked for: libraries ask for all they know. */
static int wanted_kinds(struct call *call, struct params *params, uint32_t *kinds)
{
	bool valid;
	const json_t *list = params_json(params, "allowed_updates", &valid);

	*kinds = BOT_UPDATES_ALL;
	if (!valid || (list && !json_is_array(list)))
		return rpc_error(call, 400, "ALLOWED_UPDATES_INVALID");
	if (!json_array_size(list))
		return 0;
	*kinds = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *name = json_array_get(list, i);

		if (!json_is_string(name))
			return rpc_error(call, 400, "ALLOWED_UPDATES_INVALID");
		*kinds |= kind_of(json_string_value(name));
	}
	return 0;
}

int64_t bot_poll_ms(struct params *params)
{
	int64_t timeout_s;
	bool valid;

	if (!params_integer(params, "timeout", &timeout_s, &valid) || !valid || timeout_s < 0)
		return 0;
	return (timeout_s < POLL_MAX_S ? timeout_s : POLL_MAX_S) * 1000;
}

/* https://core.telegram.org/bots/api#getupdates */
int bot_getUpdates(struct call *call, struct params *params, json_t **result)
{
	struct bot_updates updates;
	int64_t offset, limit;
	bool offset_valid, limit_valid;
	uint32_t kinds;

	(void)params_integer(params, "offset", &offset, &offset_valid);
	if (!params_integer(params, "limit", &limit, &limit_valid))
		limit = BOT_UPDATES_PER_CALL_MAX;
	if (!offset_valid || !limit_valid || offset <= INT64_MIN / 2)
		return rpc_error(call, 400, "OFFSET_INVALID");
	if (limit < 1 || limit > BOT_UPDATES_PER_CALL_MAX)
		limit = BOT_UPDATES_PER_CALL_MAX;
	if (wanted_kinds(call, params, &kinds) < 0)
		return -1;
	if (bot_updates_take(call, offset, (size_t)limit, kinds, &updates) < 0)
		return -1;
	*result = json_array();
	for (size_t i = 0; i < updates.count; i++)
		json_array_append_new(*result, bot_json_update(call, &updates.at[i]));
	return 0;
}

/* https://core.telegram.org/bots/api#answercallbackquery */
int bot_answerCallbackQuery(struct call *call, struct params *params, json_t **result)
{
	struct callback_answer answer = {.text = params_text(params, "text"),
		.url = params_text(params, "url"),
		.alert = params_flag(params, "show_alert")};
	int64_t query, cache_s;
	bool valid, cache_valid;

	if (!params_integer(params, "callback_query_id", &query, &valid) || !valid)
		return rpc_error(call, 400, "QUERY_ID_INVALID");
	(void)params_integer(params, "cache_time", &cache_s, &cache_valid);
	if (!cache_valid || cache_s < INT32_MIN || cache_s > INT32_MAX)
		return rpc_error(call, 400, "CACHE_TIME_INVALID");
	answer.cache_s = (int32_t)cache_s;
	if (callback_answer(call, query, &answer) < 0)
		return -1;
	*result = json_true();
	return 0;
}

/* ---- The table ---- */

static const struct bot_method bot_methods[] = {
#define M(method, wait) {#method, wait, bot_##method},
#include "bot/methods.def"
#undef M
};

const struct bot_method *bot_method_find(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(bot_methods); i++)
		if (strlen(bot_methods[i].name) == name.size &&
			strncasecmp(bot_methods[i].name, (const char *)name.data, name.size) == 0)
			return &bot_methods[i];
	return NULL;
}
