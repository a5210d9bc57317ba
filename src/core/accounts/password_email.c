/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the codes and what they unlock. Does not own how a letter leaves: core/accounts/outbox.c
 * does. */
#include "core/accounts/password_email.h"

#include "core/accounts/network_budget.h"
#include "core/accounts/outbox.h"
#include "core/accounts/sessions.h"
#include "store/home_budgets.h"

#define HOUR_S 3600
#define DAY_S 86400
#define BUDGET_SENT "password letters"
#define BUDGET_WRONG "password codes"
#define CODES_MAX 1000000 /* 10 to the power of PASSWORD_CODE_DIGITS */

/* Draws the code, keeps it and sends it. */
static int send(struct call *call, int64_t user, enum home_password_code_kind kind,
	struct home_password_code *code)
{
	struct db *db = call_home(call);
	int64_t wait_s = 0;

	if (!home_budget_take(db, user, BUDGET_SENT, 1, PASSWORD_CODES_PER_HOUR, HOUR_S,
		    call->now_s, &wait_s))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	code->code = bytes_from_str(arena_printf(call->arena, "%0*llu", PASSWORD_CODE_DIGITS,
		(unsigned long long)random_below(call->env->random, CODES_MAX)));
	code->tries = 0;
	code->expires_at_s = call->now_s + PASSWORD_CODE_LIFE_S;
	home_password_code_put(db, call->store->vault, call->arena, user, kind, code);
	if (kind == PASSWORD_CODE_CONFIRM)
		words_email(call, user, code->email, code->code, WORD_ADDRESS_SUBJECT,
			WORD_ADDRESS_EMAIL);
	else
		words_email(call, user, code->email, code->code, WORD_RECOVER_SUBJECT,
			WORD_RECOVER_EMAIL);
	return 0;
}

/* A code that can still be typed. */
static bool waiting(struct call *call, int64_t user, enum home_password_code_kind kind,
	struct home_password_code *code)
{
	bool found = home_password_code_get(
		call_home(call), call->store->vault, call->arena, user, kind, code);

	if (found && code->expires_at_s > call->now_s && code->tries < PASSWORD_CODE_TRIES)
		return true;
	home_password_wipe(&code->next);
	return false;
}

/* Wrong ones are counted although the call is refused. */
static int check_code(struct call *call, int64_t user, enum home_password_code_kind kind,
	const struct home_password_code *code, struct bytes typed)
{
	struct db *db = call_home(call);
	int64_t wait_s = 0;

	if (!home_budget_has(db, user, BUDGET_WRONG, 1, PASSWORD_CODE_WRONG_PER_DAY, DAY_S,
		    call->now_s, &wait_s))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	if (network_budget_check(call, BUDGET_WRONG, PASSWORD_CODE_WRONG_PER_DAY) < 0)
		return -1;
	if (typed.size == code->code.size &&
		bytes_equal_secret(typed.data, code->code.data, typed.size))
		return 0;
	home_password_code_count_wrong(db, user, kind);
	home_budget_take(
		db, user, BUDGET_WRONG, 1, PASSWORD_CODE_WRONG_PER_DAY, DAY_S, call->now_s, NULL);
	call->keep_writes = true;
	if (network_budget_take(call, BUDGET_WRONG, PASSWORD_CODE_WRONG_PER_DAY) < 0)
		return -1;
	return rpc_error(call, 400, "CODE_INVALID");
}

/* ---- A new recovery address ---- */

int password_email_ask(struct call *call, const struct home_password *next, bool sets_password,
	struct bytes address)
{
	struct home_password_code code = {
		.email = address, .sets_password = sets_password, .next = *next};
	int result;

	if (!outbox_has_email(call) || !outbox_address_is_valid(address))
		return rpc_error(call, 400, "EMAIL_INVALID");
	if (!sets_password)
		code.next = (struct home_password){0};
	result = send(call, call->user, PASSWORD_CODE_CONFIRM, &code);
	home_password_wipe(&code.next);
	if (result < 0)
		return -1;
	call->keep_writes = true;
	return rpc_error_number(call, 400, "EMAIL_UNCONFIRMED_", PASSWORD_CODE_DIGITS);
}

struct bytes password_email_unconfirmed(struct call *call)
{
	struct home_password_code code;

	if (!waiting(call, call->user, PASSWORD_CODE_CONFIRM, &code))
		return (struct bytes){0};
	home_password_wipe(&code.next);
	return outbox_address_pattern(call->arena, code.email);
}

static void apply_confirmed(struct call *call, const struct home_password_code *code)
{
	struct home_password next;

	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &next);
	if (code->sets_password) {
		next.is_set = code->next.is_set;
		next.salt1 = code->next.salt1;
		next.salt2 = code->next.salt2;
		next.hint = code->next.hint;
		memcpy(next.verifier, code->next.verifier, sizeof(next.verifier));
	}
	next.email = code->email;
	password_apply(call, call->user, &next,
		code->sets_password ? WORD_PASSWORD_SET : WORD_PASSWORD_ADDRESS);
	home_password_wipe(&next);
}

int password_email_confirm(struct call *call, struct bytes typed)
{
	struct home_password_code code;
	int result;

	if (!waiting(call, call->user, PASSWORD_CODE_CONFIRM, &code))
		return rpc_error(call, 400, "EMAIL_HASH_EXPIRED");
	result = check_code(call, call->user, PASSWORD_CODE_CONFIRM, &code, typed);
	/* The password may have been removed meanwhile: an address alone recovers nothing. */
	if (result == 0 && !code.sets_password && !password_is_set(call, call->user))
		result = rpc_error(call, 400, "EMAIL_HASH_EXPIRED");
	if (result == 0)
		apply_confirmed(call, &code);
	home_password_wipe(&code.next);
	return result;
}

int password_email_resend(struct call *call)
{
	struct home_password_code code;
	int result;

	if (!waiting(call, call->user, PASSWORD_CODE_CONFIRM, &code))
		return rpc_error(call, 400, "EMAIL_HASH_EXPIRED");
	result = send(call, call->user, PASSWORD_CODE_CONFIRM, &code);
	home_password_wipe(&code.next);
	return result;
}

int password_email_cancel(struct call *call)
{
	struct home_password_code code;

	if (!waiting(call, call->user, PASSWORD_CODE_CONFIRM, &code))
		return rpc_error(call, 400, "EMAIL_HASH_EXPIRED");
	home_password_wipe(&code.next);
	home_password_code_delete(call_home(call), call->user, PASSWORD_CODE_CONFIRM);
	return 0;
}

/* ---- A forgotten password ---- */

int password_recovery_request(struct call *call, struct bytes *pattern)
{
	int64_t user = password_subject(call);
	struct home_password_code code = {0};
	struct home_password password;

	if (!user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	home_password_get(call_home(call), call->store->vault, call->arena, user, &password);
	home_password_wipe(&password);
	if (!password.is_set)
		return rpc_error(call, 400, "PASSWORD_EMPTY");
	if (!password.email.data || !outbox_has_email(call))
		return rpc_error(call, 400, "PASSWORD_RECOVERY_NA");
	code.email = password.email;
	*pattern = outbox_address_pattern(call->arena, code.email);
	return send(call, user, PASSWORD_CODE_RECOVER, &code);
}

static int check_recovery(struct call *call, int64_t user, struct bytes typed)
{
	struct home_password_code code;

	if (!user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	if (typed.size == 0)
		return rpc_error(call, 400, "CODE_EMPTY");
	if (!waiting(call, user, PASSWORD_CODE_RECOVER, &code))
		return rpc_error(call, 400, "PASSWORD_RECOVERY_EXPIRED");
	return check_code(call, user, PASSWORD_CODE_RECOVER, &code, typed);
}

int password_recovery_check(struct call *call, struct bytes typed)
{
	return check_recovery(call, password_subject(call), typed);
}

/* The recovery address outlives a password only together with the next one. */
static int recovered(struct call *call, int64_t user, const struct password_settings *settings)
{
	struct home_password next;
	int result = 0;

	home_password_get(call_home(call), call->store->vault, call->arena, user, &next);
	if (settings && settings->has_password && settings->verifier.size) {
		result = password_take_new(call, user, settings, &next);
	} else {
		next.is_set = false;
		next.email = (struct bytes){0};
	}
	if (result == 0)
		password_apply(call, user, &next,
			next.is_set ? WORD_PASSWORD_RECOVERED : WORD_PASSWORD_RECOVERED_OFF);
	home_password_wipe(&next);
	return result;
}

int password_recover(struct call *call, struct bytes typed,
	const struct password_settings *settings, int64_t *user)
{
	*user = password_subject(call);
	if (check_recovery(call, *user, typed) < 0 || recovered(call, *user, settings) < 0)
		return -1;
	if (!call->user)
		session_begin(call, *user, true);
	return 0;
}
