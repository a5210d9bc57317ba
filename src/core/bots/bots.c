/* SPDX-License-Identifier: Apache-2.0 */
/* Owns which bots there are, and their tokens. Does not own what a bot may do: whoever guards that
 * asks bot_is, or call->is_bot. */
#include "core/bots/bots.h"

#include <stdio.h>

#include "base/text.h"
#include "core/accounts/login.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"
#include "crypto/token.h"
#include "store/home_keys.h"
#include "store/home_login_tokens.h"
#include "store/home_users.h"

#define NAME_ENDING "bot"

bool bot_is(struct call *call, int64_t user)
{
	return home_bot_exists(call_home(call), user);
}

static void hash_of(struct call *call, struct bytes token, uint8_t out[VAULT_LOOKUP_SIZE])
{
	vault_lookup(call->store->vault, "bot token", token, out);
}

static void draw_token(struct call *call, int64_t bot, char token[BOT_TOKEN_SIZE])
{
	char secret[TOKEN_TEXT_SIZE];
	uint8_t hash[VAULT_LOOKUP_SIZE];

	token_new(secret);
	snprintf(token, BOT_TOKEN_SIZE, "%lld:%s", (long long)bot, secret);
	bytes_wipe(secret, sizeof(secret));
	hash_of(call, bytes_from_str(token), hash);
	home_bot_put(call_home(call), bot, hash);
}

/* Clients and people tell a bot by it. */
static bool ends_well(struct call *call, struct bytes username)
{
	const char *lower = text_lower(call->arena, username);
	size_t size = strlen(lower), ending = sizeof(NAME_ENDING) - 1;

	return size >= ending && strcmp(lower + size - ending, NAME_ENDING) == 0;
}

int bot_add(struct call *call, struct bytes username, struct bytes name, int64_t *id,
	char token[BOT_TOKEN_SIZE])
{
	struct login_newcomer newcomer = {.first_name = name, .last_name = BYTES_LITERAL("")};
	struct call as_bot;

	if (!public_name_is_valid(username) || !ends_well(call, username))
		return rpc_error(call, 400, "USERNAME_INVALID");
	if (user_check_names(call, &newcomer.first_name, &newcomer.last_name) < 0 ||
		login_create_account(call, NULL, &newcomer, id) < 0)
		return -1;
	draw_token(call, *id, token);
	as_bot = *call;
	as_bot.user = *id;
	if (user_username_set(&as_bot, username) < 0) {
		call->fault = as_bot.fault;
		return -1;
	}
	return 0;
}

int64_t bot_by_name(struct call *call, struct bytes username)
{
	struct peer bearer;

	if (!public_name_find(call, username, &bearer) || bearer.kind != PEER_USER ||
		!bot_is(call, bearer.id))
		return 0;
	return bearer.id;
}

void bot_renew_token(struct call *call, int64_t bot, char token[BOT_TOKEN_SIZE])
{
	draw_token(call, bot, token);
	home_keys_end_soon(call_home(call), bot);
}

void bot_revoke_token(struct call *call, int64_t bot)
{
	home_bot_put(call_home(call), bot, NULL);
	home_keys_end_soon(call_home(call), bot);
}

/* The number before the colon; 0: there is none. */
static int64_t id_of(struct bytes token)
{
	int64_t id = 0;

	for (size_t i = 0; i < token.size && i < 19; i++) {
		if (token.data[i] == ':')
			return id;
		if (token.data[i] < '0' || token.data[i] > '9')
			return 0;
		id = id * 10 + (token.data[i] - '0');
	}
	return 0;
}

int64_t bot_by_token(struct call *call, struct bytes token)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	int64_t bot;

	hash_of(call, token, hash);
	bot = home_bot_by_token(call_home(call), id_of(token), hash);
	return bot && home_user_exists(call_home(call), bot) ? bot : 0;
}
