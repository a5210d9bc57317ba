/* SPDX-License-Identifier: Apache-2.0 */
/* Owns changes of the password: what follows from each, and the reset that needs no proof but time.
 * Does not own proving that one knows it (core/accounts/password.c). */
#include "core/accounts/password_email.h"
#include "core/accounts/password_reset.h"
#include "store/home_keys.h"

/* A device in wrong hands must not do this unseen. The change stands even when the box can't take
 * the message. */
static void announce(struct call *call, int64_t user, enum word what)
{
	const struct word_value values[] = {
		{"what", words_say(call, words_language_of(call, user), what, NULL, 0)}};

	if (words_letter(call, user, WORD_PASSWORD_NEWS, values, 1) < 0)
		call->fault = (struct fault){0};
}

void password_apply(struct call *call, int64_t user, struct home_password *next, enum word what)
{
	struct db *db = call_home(call);

	next->version++;
	next->changed_at_s = next->is_set ? call->now_s : 0;
	next->reset_at_s = 0;
	home_password_put(db, call->store->vault, call->arena, user, next);
	home_password_code_delete(db, user, PASSWORD_CODE_CONFIRM);
	home_password_code_delete(db, user, PASSWORD_CODE_RECOVER);
	home_logout_tokens_revoke(db, user);
	/* Nothing is left to wait for: they log in again. */
	if (!next->is_set)
		home_keys_end_pending(db, user);
	announce(call, user, what);
}

static int take_settings(
	struct call *call, const struct password_settings *settings, struct home_password *next)
{
	if (!settings->has_password && !settings->email.data)
		return rpc_error(call, 400, "NEW_SETTINGS_EMPTY");
	if (settings->has_password && settings->verifier.size)
		return password_take_new(call, call->user, settings, next);
	if (!next->is_set)
		return rpc_error(call, 400, "NEW_SETTINGS_EMPTY");
	if (settings->has_password) {
		next->is_set = false;
		next->email = (struct bytes){0};
	}
	return 0;
}

static int update_loaded(
	struct call *call, const struct password_settings *settings, struct home_password *next)
{
	bool was_set = next->is_set;

	if (take_settings(call, settings, next) < 0)
		return -1;
	if (next->is_set && settings->email.data) {
		if (settings->email.size && !bytes_equal(settings->email, next->email))
			return password_email_ask(
				call, next, settings->has_password, settings->email);
		if (settings->email.size == 0)
			next->email = (struct bytes){0};
	}
	password_apply(call, call->user, next,
		!next->is_set		 ? WORD_PASSWORD_OFF
		: !was_set		 ? WORD_PASSWORD_ON
		: settings->has_password ? WORD_PASSWORD_CHANGED
					 : WORD_PASSWORD_ADDRESS_GONE);
	return 0;
}

int password_update(struct call *call, const struct password_answer *answer,
	const struct password_settings *settings)
{
	struct home_password next;
	int result;

	if (password_verify(call, call->user, answer) < 0)
		return -1;
	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &next);
	result = update_loaded(call, settings, &next);
	home_password_wipe(&next);
	return result;
}

/* ---- Reset ---- */

static enum password_reset_result reset_loaded(
	struct call *call, struct home_password *password, int64_t *date_s)
{
	struct db *db = call_home(call);

	if (password->reset_at_s && password->reset_at_s <= call->now_s) {
		password->is_set = false;
		password->email = (struct bytes){0};
		password_apply(call, call->user, password, WORD_PASSWORD_RESET);
		return PASSWORD_RESET_DONE;
	}
	if (!password->reset_at_s && password->reset_retry_at_s > call->now_s) {
		*date_s = password->reset_retry_at_s;
		return PASSWORD_RESET_TOO_EARLY;
	}
	if (!password->reset_at_s) {
		password->reset_at_s = call->now_s + PASSWORD_RESET_WAIT_S;
		home_password_put(db, call->store->vault, call->arena, call->user, password);
		announce(call, call->user, WORD_PASSWORD_RESET_ASKED);
	}
	*date_s = password->reset_at_s;
	return PASSWORD_RESET_WAITS;
}

int password_reset(struct call *call, enum password_reset_result *result, int64_t *date_s)
{
	struct home_password password;

	*date_s = 0;
	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &password);
	if (!password.is_set)
		return rpc_error(call, 400, "PASSWORD_EMPTY");
	*result = reset_loaded(call, &password, date_s);
	home_password_wipe(&password);
	return 0;
}

int password_reset_decline(struct call *call)
{
	struct home_password password;

	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &password);
	if (!password.is_set || !password.reset_at_s) {
		home_password_wipe(&password);
		return rpc_error(call, 400, "RESET_REQUEST_MISSING");
	}
	password.reset_at_s = 0;
	password.reset_retry_at_s = call->now_s + PASSWORD_RESET_RETRY_S;
	home_password_put(call_home(call), call->store->vault, call->arena, call->user, &password);
	home_password_wipe(&password);
	return 0;
}
