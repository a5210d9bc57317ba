/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the address that an account logs in by. Does not own the codes of logins:
 * core/accounts/codes.c does. */
#include "core/accounts/login_email.h"

#include "core/messages/box.h"
#include "core/accounts/outbox.h"
#include "core/words.h"
#include "store/home_affairs.h"
#include "store/home_users.h"

#define HOUR_S 3600

static void load(struct call *call, int64_t user, struct home_affairs *affairs)
{
	home_affairs_get(call_home(call), call->store->vault, call->arena, user, affairs);
}

static void save(struct call *call, const struct home_affairs *affairs)
{
	home_affairs_put(call_home(call), call->store->vault, call->arena, affairs);
}

static bool reset_is_due(const struct call *call, const struct home_affairs *affairs)
{
	return affairs->email_reset_at_s && affairs->email_reset_at_s <= call->now_s;
}

struct bytes login_email_of(struct call *call, int64_t user, int64_t *reset_at_s)
{
	struct home_affairs affairs;

	load(call, user, &affairs);
	*reset_at_s = 0;
	if (reset_is_due(call, &affairs))
		return (struct bytes){0};
	*reset_at_s = affairs.email_reset_at_s;
	return affairs.email;
}

void login_email_settle(struct call *call, int64_t user)
{
	struct home_affairs affairs;

	load(call, user, &affairs);
	if (!affairs.email_reset_at_s)
		return;
	if (reset_is_due(call, &affairs))
		affairs.email = (struct bytes){0};
	affairs.email_reset_at_s = 0;
	save(call, &affairs);
}

/* ---- Setting it ---- */

static void subject_of(struct call *call, uint8_t out[VAULT_LOOKUP_SIZE])
{
	uint8_t id[8];

	store_u64le(id, (uint64_t)call->user);
	vault_lookup(call->store->vault, "email-change", bytes_of(id, sizeof(id)), out);
}

/* Letters are counted by the hour that began with the first of them. */
static int take_letter(struct call *call, const uint8_t *subject, struct home_email_code *code)
{
	struct db *db = call_home(call);
	int64_t began_s;

	if (!home_email_code_get(db, call->store->vault, call->arena, subject, code))
		code->expires_at_s = 0;
	began_s = code->expires_at_s - LOGIN_EMAIL_CODE_LIFE_S;
	if (code->expires_at_s == 0 || began_s + HOUR_S <= call->now_s) {
		*code = (struct home_email_code){
			.expires_at_s = call->now_s + LOGIN_EMAIL_CODE_LIFE_S};
		began_s = call->now_s;
	}
	if (code->sent >= LOGIN_EMAIL_LETTERS_PER_HOUR)
		return rpc_error_number(call, 420, "FLOOD_WAIT_", began_s + HOUR_S - call->now_s);
	code->sent++;
	return 0;
}

int login_email_send(struct call *call, struct bytes email)
{
	uint8_t subject[VAULT_LOOKUP_SIZE];
	struct home_email_code code;

	if (!outbox_address_is_valid(email))
		return rpc_error(call, 400, "EMAIL_INVALID");
	if (!outbox_has_email(call))
		return rpc_error(call, 400, "EMAIL_NOT_ALLOWED");
	subject_of(call, subject);
	if (take_letter(call, subject, &code) < 0)
		return -1;
	/* Wrong tries stay: a new letter is no new chance beyond those of the hour. */
	code.email = email;
	code.code = code_digits(call, LOGIN_CODE_DIGITS);
	home_email_code_put(call_home(call), call->store->vault, call->arena, subject, &code);
	words_email(call, call->user, email, code.code, WORD_CONFIRM_SUBJECT, WORD_CONFIRM_EMAIL);
	return 0;
}

static int wrong_code(struct call *call, const uint8_t *subject, struct home_email_code *code)
{
	code->tries++;
	home_email_code_put(call_home(call), call->store->vault, call->arena, subject, code);
	call->keep_writes = true;
	return rpc_error(call, 400, "CODE_INVALID");
}

int login_email_verify(struct call *call, struct bytes typed, struct bytes *email)
{
	uint8_t subject[VAULT_LOOKUP_SIZE];
	struct home_email_code code;
	struct home_affairs affairs;

	subject_of(call, subject);
	if (!home_email_code_get(
		    call_home(call), call->store->vault, call->arena, subject, &code) ||
		code.expires_at_s <= call->now_s || code.tries >= LOGIN_CODE_TRIES)
		return rpc_error(call, 400, "EMAIL_VERIFY_EXPIRED");
	if (typed.size != code.code.size ||
		!bytes_equal_secret(typed.data, code.code.data, typed.size))
		return wrong_code(call, subject, &code);
	home_email_code_delete(call_home(call), subject);
	load(call, call->user, &affairs);
	affairs.email = code.email;
	affairs.email_reset_at_s = 0;
	save(call, &affairs);
	*email = code.email;
	return 0;
}

/* ---- Giving it up ---- */

static void tell_reset(struct call *call, int64_t user)
{
	if (words_letter(call, user, WORD_EMAIL_RESET, NULL, 0) < 0)
		call->fault = (struct fault){0};
}

int login_email_reset(
	struct call *call, struct bytes written, struct bytes hash, struct login_sent *out)
{
	struct home_affairs affairs = {0};
	struct code_phone phone;
	struct home_code code;
	int64_t user;

	if (code_phone_take(call, written, &phone) < 0 ||
		code_find(call, &phone, CODE_LOGIN, 0, hash, &code) < 0)
		return -1;
	if (code.state != CODE_WAITING)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	user = home_user_by_phone(call_home(call), phone.hash);
	if (user)
		load(call, user, &affairs);
	if (affairs.email.data && affairs.email_reset_at_s > call->now_s)
		return rpc_error(call, 400, "TASK_ALREADY_EXISTS");
	if (affairs.email.data && !affairs.email_reset_at_s) {
		affairs.email_reset_at_s = call->now_s + LOGIN_EMAIL_RESET_S;
		save(call, &affairs);
		tell_reset(call, user);
	}
	code_expire(call, &code);
	return code_send(call, &phone, CODE_LOGIN, 0, true, out);
}
