/* SPDX-License-Identifier: Apache-2.0 */
/* Owns codes, sign-in and sign-up: how a key comes to belong to an account. Does not own keys
 * (store/home_keys.c) nor ending logins (core/sessions.c). */
#include "core/login.h"

#include <stdio.h>

#include "base/text.h"
#include "core/box.h"
#include "core/contacts.h"
#include "core/country.h"
#include "core/network_budget.h"
#include "core/phone.h"
#include "core/users.h"
#include "crypto/token.h"
#include "store/home_codes.h"
#include "store/home_keys.h"
#include "store/home_users.h"

#define HOUR_S 3600
#define DAY_S 86400
#define CODE_HASH_SIZE 15 /* random bytes: as unguessable as a key, 20 characters of text */
#define CODES_MAX 100000  /* 10 to the power of LOGIN_CODE_DIGITS */

/* A number at the start of a call that logs in. */
struct login_phone {
	struct bytes digits;
	uint8_t hash[VAULT_LOOKUP_SIZE];
};

static int take_phone(struct call *call, struct bytes written, struct login_phone *phone)
{
	if (phone_normalise(call->arena, written, &phone->digits) < 0)
		return rpc_error(call, 400, "PHONE_NUMBER_INVALID");
	phone_lookup(call->store->vault, phone->digits, phone->hash);
	return 0;
}

static int check_wrong_tries(struct call *call, const struct home_code_use *use)
{
	if (use->wrong < LOGIN_WRONG_PER_DAY)
		return 0;
	return rpc_error_number(
		call, 420, "FLOOD_WAIT_", use->oldest_wrong_s + DAY_S - call->now_s);
}

static struct home_code_use code_use(struct call *call, const struct login_phone *phone)
{
	return home_codes_used(
		call_home(call), phone->hash, call->now_s - HOUR_S, call->now_s - DAY_S);
}

static struct home_code new_code(struct call *call, const struct login_phone *phone)
{
	struct home_code code = {
		.created_at_s = call->now_s, .expires_at_s = call->now_s + LOGIN_CODE_LIFE_S};
	uint64_t number = random_below(call->env->random, CODES_MAX);
	uint8_t hash[CODE_HASH_SIZE];

	random_fill(call->env->random, hash, sizeof(hash));
	code.hash = bytes_from_str(text_base64url(call->arena, bytes_of(hash, sizeof(hash))));
	code.code = bytes_from_str(
		arena_printf(call->arena, "%0*llu", LOGIN_CODE_DIGITS, (unsigned long long)number));
	memcpy(code.phone_hash, phone->hash, sizeof(code.phone_hash));
	return code;
}

static int deliver_to_app(struct call *call, int64_t user, const struct home_code *code)
{
	char *text = arena_printf(call->arena,
		"Login code: %.*s. Give this code to nobody.\n\nSomeone wants to log in to your %s "
		"account on another device. If it isn't you, do nothing: without this code nobody "
		"gets in.",
		(int)code->code.size, (const char *)code->code.data, call->env->name);

	return box_service_message(call, user, bytes_from_str(text));
}

static void deliver_to_console(
	struct call *call, const struct login_phone *phone, const struct home_code *code)
{
	struct effect *effect = effects_append(call->effects, EFFECT_CODE);

	effect->text = arena_bytes(&call->effects->arena, phone->digits);
	effect->code = arena_bytes(&call->effects->arena, code->code);
}

/* Nothing in the answer, nor in *to_app, tells who has an account. */
static int deliver(struct call *call, const struct login_phone *phone, const struct home_code *code,
	bool *to_app)
{
	struct db *db = call_home(call);
	int64_t user = home_user_by_phone(db, phone->hash);

	*to_app = !call->env->codes_to_console;
	if (call->env->codes_to_console)
		deliver_to_console(call, phone, code);
	if (user && home_keys_count(db, user) > 0)
		return deliver_to_app(call, user, code);
	return 0;
}

static int send_code(struct call *call, const struct login_phone *phone, struct login_sent *out)
{
	struct home_code_use use = code_use(call, phone);
	struct home_code code;

	if (check_wrong_tries(call, &use) < 0)
		return -1;
	if (use.codes >= LOGIN_CODES_PER_HOUR)
		return rpc_error_number(
			call, 420, "FLOOD_WAIT_", use.oldest_s + HOUR_S - call->now_s);
	if (network_budget_take(call, "codes", LOGIN_CODES_PER_NETWORK_HOUR) < 0)
		return -1;
	home_codes_purge(call_home(call), call->now_s - DAY_S);
	code = new_code(call, phone);
	home_code_insert(call_home(call), call->store->vault, call->arena, &code);
	out->hash = code.hash;
	return deliver(call, phone, &code, &out->to_app);
}

int login_send_code(struct call *call, struct bytes written, struct login_sent *out)
{
	struct login_phone phone;

	if (take_phone(call, written, &phone) < 0)
		return -1;
	return send_code(call, &phone, out);
}

/* The code that hash names, if it is for this number and can still do something. */
static int take_code(struct call *call, const struct login_phone *phone, struct bytes hash,
	struct home_code *code)
{
	if (hash.size == 0)
		return rpc_error(call, 400, "PHONE_CODE_HASH_EMPTY");
	if (!home_code_get(call_home(call), call->store->vault, call->arena, hash, code) ||
		!bytes_equal_secret(code->phone_hash, phone->hash, sizeof(phone->hash)) ||
		code->expires_at_s <= call->now_s || code->tries >= LOGIN_CODE_TRIES)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	return 0;
}

/* Expired rather than deleted: the row still counts for what the number may ask in an hour. */
static void expire(struct call *call, struct home_code *code)
{
	code->expires_at_s = call->now_s;
	home_code_update(call_home(call), code);
}

int login_resend_code(
	struct call *call, struct bytes written, struct bytes hash, struct login_sent *out)
{
	struct login_phone phone;
	struct home_code code;

	if (take_phone(call, written, &phone) < 0 || take_code(call, &phone, hash, &code) < 0)
		return -1;
	if (code.state != CODE_WAITING)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	expire(call, &code);
	return send_code(call, &phone, out);
}

int login_cancel_code(struct call *call, struct bytes written, struct bytes hash)
{
	struct login_phone phone;
	struct home_code code;

	if (take_phone(call, written, &phone) < 0 || take_code(call, &phone, hash, &code) < 0)
		return -1;
	expire(call, &code);
	return 0;
}

static void tell_new_login(struct call *call, int64_t user)
{
	char *when = text_rfc3339(call->arena, call->now_s);
	char *text = arena_printf(call->arena,
		"New login to your %s account at %s.\n\nIf it wasn't you, end that session in your "
		"settings under Devices.",
		call->env->name, when);

	/* The login stands even when the box can't take the message. */
	if (box_service_message(call, user, bytes_from_str(text)) < 0)
		call->fault = (struct fault){0};
}

/* The caller's key belongs to the account from now on. */
static int log_in(struct call *call, int64_t user, bool tell)
{
	struct db *db = call_home(call);
	struct effect *effect;

	if (call->user && call->user != user)
		return rpc_error(call, 400, "USER_ALREADY_AUTHORIZED");
	if (call->user == user)
		return 0;
	if (call->key_id == 0)
		return rpc_error(call, 400, "AUTH_KEY_INVALID");
	if (tell && home_keys_count(db, user) > 0)
		tell_new_login(call, user);
	home_keys_set_user(db, call->key_id, user, call->now_s);
	effect = effects_append(call->effects, EFFECT_LOGIN);
	effect->account = user;
	effect->key_id = call->key_id;
	snprintf(effect->country, sizeof(effect->country), "%s", user_country(call, user));
	return 0;
}

/* Wrong codes are counted although the call is refused. */
static int wrong_code(struct call *call, struct home_code *code)
{
	if (network_budget_take(call, "wrong", LOGIN_WRONG_PER_NETWORK_HOUR) < 0)
		return -1;
	code->tries++;
	home_code_update(call_home(call), code);
	call->keep_writes = true;
	return rpc_error(call, 400, "PHONE_CODE_INVALID");
}

static bool code_is(const struct home_code *code, struct bytes typed)
{
	return typed.size == code->code.size &&
	       bytes_equal_secret(typed.data, code->code.data, typed.size);
}

/* The same key again (the answer was lost, or a client asks after signUp) is fine. */
static int repeated_sign_in(struct call *call, const struct login_phone *phone, int64_t *user)
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
	struct login_phone phone;
	struct home_code_use use;
	struct home_code code;

	*user = 0;
	if (take_phone(call, written, &phone) < 0)
		return -1;
	if (typed.size == 0)
		return rpc_error(call, 400, "PHONE_CODE_EMPTY");
	if (take_code(call, &phone, hash, &code) < 0)
		return -1;
	use = code_use(call, &phone);
	/* Before the code is looked at: who has no try left learns nothing from a right one either.
	 */
	if (check_wrong_tries(call, &use) < 0 ||
		network_budget_check(call, "wrong", LOGIN_WRONG_PER_NETWORK_HOUR) < 0)
		return -1;
	if (code.state == CODE_USED)
		return repeated_sign_in(call, &phone, user);
	if (!code_is(&code, typed))
		return wrong_code(call, &code);
	*user = home_user_by_phone(db, phone.hash);
	if (*user == 0) {
		code.state = CODE_VERIFIED;
		code.expires_at_s = call->now_s + LOGIN_VERIFIED_LIFE_S;
		home_code_update(db, &code);
		return 0;
	}
	home_codes_use(db, phone.hash);
	return log_in(call, *user, true);
}

/* Clients expect the service's chat to be there: codes and letters come in it. */
static int welcome(struct call *call, int64_t user)
{
	char *text = arena_printf(call->arena,
		"Welcome to %s.\n\nLogin codes, new logins and letters about your channels come "
		"here. Give a login code to nobody, whoever asks.",
		call->env->name);

	return box_service_message(call, user, bytes_from_str(text));
}

static int create_account(struct call *call, const struct login_phone *phone,
	struct bytes first_name, struct bytes last_name, int64_t *id)
{
	struct db *db = call_home(call);
	struct home_user user = {.first_name = first_name,
		.last_name = last_name,
		.about = BYTES_LITERAL(""),
		.phone = phone->digits,
		.created_at_s = call->now_s};

	user.id = USER_FIRST_ID - 1 + db_counter_add(db, HOME_INSTALLATION, "user", 1);
	home_user_insert(db, call->store->vault, call->arena, &user, phone->hash);
	if (box_create(call, user.id) < 0 || welcome(call, user.id) < 0)
		return -1;
	contacts_link(call, phone->digits, user.id);
	*id = user.id;
	return 0;
}

int login_sign_up(struct call *call, struct bytes written, struct bytes hash,
	struct bytes first_name, struct bytes last_name, int64_t *user)
{
	struct login_phone phone;
	struct home_code code;

	*user = 0;
	if (take_phone(call, written, &phone) < 0 || take_code(call, &phone, hash, &code) < 0)
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
	if (user_check_names(call, &first_name, &last_name) < 0 ||
		create_account(call, &phone, first_name, last_name, user) < 0)
		return -1;
	home_codes_use(call_home(call), phone.hash);
	return log_in(call, *user, false);
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
	return log_in(call, user, false);
}
