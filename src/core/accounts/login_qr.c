/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how one device lets another in. Does not own what follows a login: core/accounts/login.c
 * does. */
#include "core/accounts/login_qr.h"

#include "core/accounts/login.h"
#include "crypto/token.h"
#include "store/home_login_tokens.h"
#include "store/home_users.h"

#define TOKEN_BYTES 32

static void make_token(
	struct call *call, const int64_t *except, size_t except_count, struct login_qr *out)
{
	struct home_login_token token = {
		.key_id = call->key_id, .expires_at_s = call->now_s + LOGIN_QR_LIFE_S};
	uint8_t *bytes = arena_alloc(call->arena, TOKEN_BYTES), hash[TOKEN_HASH_SIZE];

	random_fill(call->env->random, bytes, TOKEN_BYTES);
	for (size_t i = 0; i < except_count && token.except_count < HOME_EXCEPT_MAX; i++)
		token.except[token.except_count++] = except[i];
	out->token = bytes_of(bytes, TOKEN_BYTES);
	out->expires_at_s = token.expires_at_s;
	token_hash(out->token, hash);
	home_login_token_put(call_home(call), hash, &token);
}

static int fetch_login(
	struct call *call, const struct home_login_token *token, struct login_qr *out)
{
	home_login_token_delete(call_home(call), call->key_id);
	if (!home_user_exists(call_home(call), token->account))
		return rpc_error(call, 400, "AUTH_TOKEN_EXPIRED");
	out->user = token->account;
	return login_as(call, token->account, true);
}

int login_qr_export(
	struct call *call, const int64_t *except, size_t except_count, struct login_qr *out)
{
	struct home_login_token token;

	*out = (struct login_qr){.user = call->user}; /* the answer was lost */
	if (call->user)
		return 0;
	if (call->key_id == 0)
		return rpc_error(call, 400, "AUTH_KEY_INVALID");
	if (home_login_token_of_key(call_home(call), call->key_id, call->now_s, &token) &&
		token.account)
		return fetch_login(call, &token, out);
	make_token(call, except, except_count, out);
	return 0;
}

int login_qr_import(struct call *call, struct bytes token, struct login_qr *out)
{
	struct home_login_token row;
	uint8_t hash[TOKEN_HASH_SIZE];

	*out = (struct login_qr){.user = call->user};
	if (call->user)
		return 0;
	token_hash(token, hash);
	if (!home_login_token_find(call_home(call), hash, call->now_s, &row) ||
		row.key_id != call->key_id || !row.account)
		return rpc_error(call, 400, "AUTH_TOKEN_EXPIRED");
	return fetch_login(call, &row, out);
}

static bool is_excepted(const struct home_login_token *token, int64_t user)
{
	for (size_t i = 0; i < token->except_count; i++) {
		if (token->except[i] == user)
			return true;
	}
	return false;
}

static void tell_key(struct call *call, uint64_t key_id)
{
	struct update update = {.kind = UPDATE_LOGIN_TOKEN};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_KEY);

	effect->key_id = key_id;
	effect->set = effects_copy_set(call->effects, &set);
}

int login_qr_accept(struct call *call, struct bytes token, struct home_login *out)
{
	struct db *db = call_home(call);
	struct home_login_token row;
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(token, hash);
	if (!home_login_token_find(db, hash, call->now_s, &row) || home_keys_user(db, row.key_id) ||
		!home_keys_login(db, call->store->vault, call->arena, row.key_id, out))
		return rpc_error(call, 400, "AUTH_TOKEN_INVALIDX");
	if (row.account)
		return rpc_error(call, 400, "AUTH_TOKEN_ALREADY_ACCEPTED");
	if (is_excepted(&row, call->user))
		return rpc_error(call, 400, "AUTH_TOKEN_EXCEPTION");
	home_login_token_accept(db, row.key_id, call->user, call->now_s + LOGIN_QR_FETCH_S);
	out->login_at_s = out->active_at_s = call->now_s;
	tell_key(call, row.key_id);
	return 0;
}
