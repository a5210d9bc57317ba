/* SPDX-License-Identifier: Apache-2.0 */
/* What the service bot can do. */
#include "bot/methods.h"

#include <strings.h>

#include "core/orders.h"

/* https://core.telegram.org/bots/api#getme */
static int bot_getMe(struct call *call, const struct http_request *request, json_t **result)
{
	*result = json_pack("{s:I, s:b, s:s}", "id", (json_int_t)SERVICE_USER, "is_bot", 1,
		"first_name", call->env->name);
	return 0;
}

/* Executes what the desk ordered. The answer comes after the commit: what it names is on disk.
 * {"executed": [{"id", "outcome", "executed_at" (ms)}], "more": call again} */
static int bot_executeOrders(struct call *call, const struct http_request *request, json_t **result)
{
	struct executed_orders done;
	json_t *list;

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

static const struct bot_method bot_methods[] = {
#define M(method, tx) {#method, tx, bot_##method},
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
