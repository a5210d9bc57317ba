/* SPDX-License-Identifier: Apache-2.0 */
/* Owns codes, sign-in and sign-up: how a key comes to belong to an account. Does not own keys
 * (store/home_keys.c) nor ending logins (core/accounts/sessions.c). */
#include "core/accounts/login.h"

#include "core/messages/box.h"
#include "core/accounts/contacts.h"
#include "core/accounts/invitations.h"
#include "core/accounts/login_email.h"
#include "core/accounts/password.h"
#include "core/accounts/phone.h"
#include "core/accounts/sessions.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "crypto/token.h"
#include "store/home_codes.h"
#include "store/home_users.h"

int login_send_code(struct call *call, struct bytes written, struct login_sent *out)
{
	struct code_phone phone;

	if (code_phone_take(call, written, &phone) < 0)
		return -1;
	return code_send(call, &phone, CODE_LOGIN, 0, false, out);
}

int login_resend_code(
	struct call *call, struct bytes written, struct bytes hash, struct login_sent *out)
{
	struct code_phone phone;
	struct home_code code;

	if (code_phone_take(call, written, &phone) < 0 ||
		code_find_any(call, &phone, hash, &code) < 0)
		return -1;
	if (code.state != CODE_WAITING)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	code_expire(call, &code);
	return code_send(call, &phone, code.purpose, code.account, true, out);
}

int login_cancel_code(struct call *call, struct bytes written, struct bytes hash)
{
	struct code_phone phone;
	struct home_code code;

	if (code_phone_take(call, written, &phone) < 0 ||
		code_find_any(call, &phone, hash, &code) < 0)
		return -1;
	code_expire(call, &code);
	return 0;
}

int login_as(struct call *call, int64_t user, bool tell)
{
	if (call->user && call->user != user)
		return rpc_error(call, 400, "USER_ALREADY_AUTHORIZED");
	if (call->user == user)
		return 0;
	if (call->key_id == 0)
		return rpc_error(call, 400, "AUTH_KEY_INVALID");
	if (tell && password_required(call, user) < 0)
		return -1;
	session_begin(call, user, tell);
	return 0;
}

/* The same key again (the answer was lost, or a client asks after signUp) is fine. */
static int repeated_sign_in(struct call *call, const struct code_phone *phone, int64_t *user)
{
	*user = home_user_by_phone(call_home(call), phone->hash);
	if (*user && call->user == *user)
		return 0;
	*user = 0;
	return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
}

int login_sign_in(struct call *call, struct bytes written, struct bytes hash, struct bytes typed,
	int64_t *user)
{
	struct db *db = call_home(call);
	struct code_phone phone;
	struct home_code code;

	*user = 0;
	if (code_phone_take(call, written, &phone) < 0)
		return -1;
	if (typed.size == 0)
		return rpc_error(call, 400, "PHONE_CODE_EMPTY");
	if (code_find(call, &phone, CODE_LOGIN, 0, hash, &code) < 0)
		return -1;
	if (code.state == CODE_USED)
		return code_check_tries(call, &phone) < 0 ? -1
							  : repeated_sign_in(call, &phone, user);
	if (code_check(call, &phone, &code, typed) < 0)
		return -1;
	*user = home_user_by_phone(db, phone.hash);
	if (*user == 0) {
		if (!signup_admits(call, &phone))
			return rpc_error(call, 400, "PHONE_NUMBER_UNOCCUPIED");
		code.state = CODE_VERIFIED;
		code.expires_at_s = call->now_s + LOGIN_VERIFIED_LIFE_S;
		home_code_update(db, &code);
		return 0;
	}
	home_codes_use(db, phone.hash);
	home_standing_delete(db, phone.hash);
	login_email_settle(call, *user);
	return login_as(call, *user, true);
}

/* Clients expect the service's chat to be there: codes and letters come in it. */
static int welcome(struct call *call, int64_t user)
{
	return words_letter(call, user, WORD_WELCOME, NULL, 0);
}

int login_create_account(struct call *call, const struct code_phone *phone,
	const struct login_newcomer *newcomer, int64_t *id)
{
	struct db *db = call_home(call);
	struct home_user user = {.first_name = newcomer->first_name,
		.last_name = newcomer->last_name,
		.about = BYTES_LITERAL(""),
		.phone = phone ? phone->digits : BYTES_LITERAL(""),
		.created_at_s = call->now_s};

	user.id = USER_FIRST_ID - 1 + db_counter_add(db, HOME_INSTALLATION, "user", 1);
	*id = user.id;
	home_user_insert(db, call->store->vault, call->arena, &user, phone ? phone->hash : NULL);
	if (box_create(call, user.id) < 0)
		return -1;
	if (!phone)
		return 0;
	if (welcome(call, user.id) < 0)
		return -1;
	contacts_joined(call, phone->digits, user.id, newcomer->quietly);
	return 0;
}

int login_sign_up(struct call *call, struct bytes written, struct bytes hash,
	const struct login_newcomer *newcomer, int64_t *user)
{
	struct login_newcomer named = *newcomer;
	struct code_phone phone;
	struct home_code code;

	*user = 0;
	if (code_phone_take(call, written, &phone) < 0 ||
		code_find(call, &phone, CODE_LOGIN, 0, hash, &code) < 0)
		return -1;
	if (code.state == CODE_WAITING)
		return rpc_error(call, 400, "PHONE_CODE_INVALID"); /* not typed yet */
	*user = home_user_by_phone(call_home(call), phone.hash);
	if (*user && code.state == CODE_USED && call->user == *user)
		return 0; /* the answer was lost */
	if (*user)
		return rpc_error(call, 400, "PHONE_NUMBER_OCCUPIED");
	if (code.state != CODE_VERIFIED)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	if (call->user)
		return rpc_error(call, 400, "USER_ALREADY_AUTHORIZED");
	if (user_check_names(call, &named.first_name, &named.last_name) < 0 ||
		signup_take(call, &phone, &code, &named.last_name) < 0 ||
		login_create_account(call, &phone, &named, user) < 0)
		return -1;
	home_codes_use(call_home(call), phone.hash);
	home_standing_delete(call_home(call), phone.hash);
	return login_as(call, *user, false);
}

int login_return(struct call *call, struct bytes written, const struct bytes *tokens,
	size_t token_count, int64_t *user)
{
	struct code_phone phone;

	*user = 0;
	if (code_phone_take(call, written, &phone) < 0)
		return -1;
	*user = home_user_by_phone(call_home(call), phone.hash);
	if (*user && session_was_here(call, *user, tokens, token_count))
		return login_as(call, *user, true);
	*user = 0;
	return 0;
}

void login_invalidate_codes(struct call *call)
{
	struct home_user profile;
	uint8_t hash[VAULT_LOOKUP_SIZE];

	if (!home_user_get(call_home(call), call->store->vault, call->arena, call->user, &profile))
		return;
	phone_lookup(call->store->vault, profile.phone, hash);
	home_codes_expire(call_home(call), hash, call->now_s);
	home_standing_delete(call_home(call), hash);
}

struct bytes login_export(struct call *call)
{
	char text[TOKEN_TEXT_SIZE];
	uint8_t hash[TOKEN_HASH_SIZE];
	struct bytes token;

	token_new(text);
	token = arena_bytes(call->arena, bytes_from_str(text));
	token_hash(token, hash);
	home_export_insert(
		call_home(call), hash, call->user, call->now_s, call->now_s + LOGIN_EXPORT_LIFE_S);
	bytes_wipe(text, sizeof(text));
	return token;
}

int login_import(struct call *call, int64_t user, struct bytes token)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(token, hash);
	if (!home_export_take(call_home(call), hash, user, call->now_s) ||
		!home_user_exists(call_home(call), user))
		return rpc_error(call, 400, "AUTH_BYTES_INVALID");
	return login_as(call, user, false);
}
