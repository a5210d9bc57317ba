/* SPDX-License-Identifier: Apache-2.0 */
/* Owns proving that one knows the password, and its bounds. Does not own changing it
 * (core/accounts/password_change.c). */
#include "core/accounts/password.h"

#include "core/accounts/network_budget.h"
#include "core/accounts/password_email.h"
#include "core/accounts/sessions.h"
#include "core/accounts/users.h"
#include "crypto/srp.h"
#include "store/home_budgets.h"
#include "store/home_keys.h"

_Static_assert(HOME_PASSWORD_NUMBER == DH_SIZE, "numbers of SRP are kept whole");
_Static_assert(PASSWORD_GENERATOR == DH_G, "one group for all");

#define HOUR_S 3600
#define DAY_S 86400
#define BUDGET_PENDING "password"

struct bytes password_prime(void)
{
	return bytes_of(dh_prime, DH_SIZE);
}

bool password_is_set(struct call *call, int64_t user)
{
	return home_password_is_set(call_home(call), user);
}

int64_t password_subject(struct call *call)
{
	if (call->user)
		return call->user;
	return home_keys_pending(
		call_home(call), call->key_id, call->now_s - SESSION_PENDING_LIFE_S);
}

int password_required(struct call *call, int64_t user)
{
	if (!password_is_set(call, user))
		return 0;
	home_keys_set_pending(call_home(call), call->key_id, user, call->now_s);
	call->keep_writes = true;
	return rpc_error(call, 401, "SESSION_PASSWORD_NEEDED");
}

/* ---- Guesses ---- */

static char *key_budget(struct call *call)
{
	return arena_printf(
		call->arena, BUDGET_PENDING ":%016llx", (unsigned long long)call->key_id);
}

static int check_guesses(struct call *call, int64_t user)
{
	struct db *db = call_home(call);
	int64_t wait_s = 0;

	if (!home_budget_has(db, user, key_budget(call), 1, PASSWORD_GUESSES_PER_KEY_HOUR, HOUR_S,
		    call->now_s, &wait_s) ||
		(!call->user && !home_budget_has(db, user, BUDGET_PENDING, 1,
					PASSWORD_GUESSES_PENDING_DAY, DAY_S, call->now_s, &wait_s)))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	return network_budget_check(call, BUDGET_PENDING, PASSWORD_GUESSES_NETWORK_HOUR);
}

/* Kept although the call is refused. */
static int count_wrong(struct call *call, int64_t user)
{
	struct db *db = call_home(call);

	home_budgets_purge(db, user, call->now_s - DAY_S);
	home_budget_take(db, user, key_budget(call), 1, PASSWORD_GUESSES_PER_KEY_HOUR, HOUR_S,
		call->now_s, NULL);
	if (!call->user)
		home_budget_take(db, user, BUDGET_PENDING, 1, PASSWORD_GUESSES_PENDING_DAY, DAY_S,
			call->now_s, NULL);
	call->keep_writes = true;
	if (network_budget_take(call, BUDGET_PENDING, PASSWORD_GUESSES_NETWORK_HOUR) < 0)
		return -1;
	return rpc_error(call, 400, "PASSWORD_HASH_INVALID");
}

/* ---- Challenges ---- */

/* SRP is about numbers, the store about bytes. */
static void srp_of(const struct home_password *password, struct srp_password *out)
{
	out->salt1 = password->salt1;
	out->salt2 = password->salt2;
	memcpy(out->verifier, password->verifier, sizeof(out->verifier));
}

static void make_challenge(struct call *call, int64_t user, const struct home_password *password,
	struct password_view *out)
{
	struct home_challenge challenge = {
		.id = (int64_t)(random_u64(call->env->random) >> 1) | 1,
		.key_id = call->key_id,
		.version = password->version,
		.expires_at_s = call->now_s + PASSWORD_CHALLENGE_LIFE_S,
	};
	struct srp_challenge srp;

	srp_challenge_make(&srp, password->verifier, call->env->random);
	memcpy(challenge.secret, srp.secret, sizeof(challenge.secret));
	memcpy(challenge.public, srp.public, sizeof(challenge.public));
	home_challenge_insert(
		call_home(call), call->store->vault, call->arena, user, &challenge, call->now_s);
	out->srp_id = challenge.id;
	out->b = arena_bytes(call->arena, bytes_of(srp.public, sizeof(srp.public)));
	srp_challenge_wipe(&srp);
	home_challenge_wipe(&challenge);
}

static bool answer_is_right(const struct home_password *password,
	const struct home_challenge *challenge, const struct password_answer *answer)
{
	struct srp_password srp;
	struct srp_challenge numbers;
	bool right;

	srp_of(password, &srp);
	memcpy(numbers.secret, challenge->secret, sizeof(numbers.secret));
	memcpy(numbers.public, challenge->public, sizeof(numbers.public));
	right = srp_answer_is_right(&srp, &numbers, answer->a, answer->m1);
	srp_challenge_wipe(&numbers);
	bytes_wipe(&srp, sizeof(srp));
	return right;
}

/* A wrong answer ends the challenge; a right one may come a few times, never with the same A. */
static int check_answer(struct call *call, int64_t user, const struct home_password *password,
	const struct home_challenge *challenge, const struct password_answer *answer)
{
	uint8_t use[HASH_SHA256_SIZE];

	if (challenge->key_id != call->key_id || challenge->expires_at_s <= call->now_s ||
		challenge->uses >= PASSWORD_CHALLENGE_USES)
		return rpc_error(call, 400, "SRP_ID_INVALID");
	if (challenge->version != password->version)
		return rpc_error(call, 400, "SRP_PASSWORD_CHANGED");
	if (!answer_is_right(password, challenge, answer)) {
		home_challenge_delete(call_home(call), user, challenge->id);
		return count_wrong(call, user);
	}
	hash_sha256(answer->a, use);
	if (!home_challenge_use(call_home(call), user, challenge->id, bytes_of(use, sizeof(use))))
		return rpc_error(call, 400, "SRP_ID_INVALID");
	return 0;
}

static int verify_loaded(struct call *call, int64_t user, const struct home_password *password,
	const struct password_answer *answer)
{
	struct home_challenge challenge;
	int result;

	if (!password->is_set || !answer->given)
		return password->is_set == answer->given
			       ? 0
			       : rpc_error(call, 400, "PASSWORD_HASH_INVALID");
	if (check_guesses(call, user) < 0)
		return -1;
	if (!home_challenge_get(call_home(call), call->store->vault, call->arena, user,
		    answer->srp_id, &challenge))
		return rpc_error(call, 400, "SRP_ID_INVALID");
	result = check_answer(call, user, password, &challenge, answer);
	home_challenge_wipe(&challenge);
	return result;
}

int password_verify(struct call *call, int64_t user, const struct password_answer *answer)
{
	struct home_password password;
	int result;

	home_password_get(call_home(call), call->store->vault, call->arena, user, &password);
	result = verify_loaded(call, user, &password, answer);
	home_password_wipe(&password);
	return result;
}

/* ---- Methods ---- */

/* The same for an account at any time: what makes salts differ is the client's part. */
static void next_salts(struct call *call, int64_t user, struct bytes *salt1, struct bytes *salt2)
{
	uint8_t owner[8], *salts = arena_alloc(call->arena, VAULT_LOOKUP_SIZE);

	store_u64le(owner, (uint64_t)user);
	vault_lookup(call->store->vault, "password salt", bytes_of(owner, sizeof(owner)), salts);
	*salt1 = bytes_of(salts, PASSWORD_SALT1_HEAD);
	*salt2 = bytes_of(salts + PASSWORD_SALT1_HEAD, PASSWORD_SALT2_SIZE);
}

int password_get(struct call *call, struct password_view *out)
{
	int64_t user = password_subject(call);
	struct home_password password;

	*out = (struct password_view){0};
	if (!user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	home_password_get(call_home(call), call->store->vault, call->arena, user, &password);
	out->is_set = password.is_set;
	out->has_recovery = password.email.data != NULL;
	if (password.is_set) {
		out->salt1 = password.salt1;
		out->salt2 = password.salt2;
		out->hint = password.hint;
		make_challenge(call, user, &password, out);
	}
	if (call->user) {
		out->reset_at_s = password.reset_at_s;
		out->unconfirmed = password_email_unconfirmed(call);
	}
	next_salts(call, user, &out->next_salt1, &out->next_salt2);
	home_password_wipe(&password);
	return 0;
}

int password_take_new(struct call *call, int64_t user, const struct password_settings *settings,
	struct home_password *out)
{
	struct bytes salt1, salt2;

	next_salts(call, user, &salt1, &salt2);
	if (!settings->salt1.data || !srp_verifier_is_sound(settings->verifier) ||
		!user_text_fits(settings->hint, PASSWORD_HINT_CHARACTERS_MAX))
		return rpc_error(call, 400, "NEW_SETTINGS_INVALID");
	if (settings->salt1.size != PASSWORD_SALT1_SIZE ||
		memcmp(settings->salt1.data, salt1.data, salt1.size) != 0 ||
		!bytes_equal(settings->salt2, salt2))
		return rpc_error(call, 400, "NEW_SALT_INVALID");
	out->is_set = true;
	out->salt1 = settings->salt1;
	out->salt2 = settings->salt2;
	out->hint = settings->hint.size ? settings->hint : (struct bytes){0};
	memcpy(out->verifier, settings->verifier.data, sizeof(out->verifier));
	return 0;
}

int password_check(struct call *call, const struct password_answer *answer, int64_t *user)
{
	*user = password_subject(call);
	if (!*user)
		return rpc_error(call, 401, "AUTH_KEY_UNREGISTERED");
	if (password_verify(call, *user, answer) < 0)
		return -1;
	if (!call->user)
		session_begin(call, *user, true);
	return 0;
}

int password_get_settings(
	struct call *call, const struct password_answer *answer, struct bytes *email)
{
	struct home_password password;

	if (password_verify(call, call->user, answer) < 0)
		return -1;
	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &password);
	*email = password.email;
	home_password_wipe(&password);
	return 0;
}
