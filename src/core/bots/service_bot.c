/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the making of the service bot's account. Does not own what it hears
 * (core/bots/bot_updates.c) nor what it says (src/bot). */
#include "core/bots/service_bot.h"

#include "base/log.h"
#include "core/messages/box.h"
#include "core/accounts/users.h"
#include "store/home_login_tokens.h"
#include "store/home_users.h"

_Static_assert(SERVICE_BOT < USER_FIRST_ID, "its number is nobody else's");

static void take_name(struct call *call)
{
	struct call as_bot = *call;

	as_bot.user = SERVICE_BOT;
	if (user_username_set(&as_bot, BYTES_LITERAL(SERVICE_BOT_USERNAME)) < 0)
		log_warn("service_bot_nameless", "@%s is somebody else's", SERVICE_BOT_USERNAME);
}

void service_bot_make(struct call *call)
{
	struct db *db = call_home(call);
	const struct home_user user = {.id = SERVICE_BOT,
		.first_name = bytes_from_str(call->env->name),
		.last_name = BYTES_LITERAL(""),
		.about = BYTES_LITERAL(""),
		.phone = BYTES_LITERAL(""),
		.created_at_s = call->now_s};

	if (home_user_exists(db, SERVICE_BOT))
		return;
	home_user_insert(db, call->store->vault, call->arena, &user, NULL);
	(void)box_create(call, SERVICE_BOT);
	home_bot_put(db, SERVICE_BOT, NULL);
	take_name(call);
}
