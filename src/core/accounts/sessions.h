/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The logins of an account: how one begins once everything is proven, the list that the owner sees,
 * what is set for each, and how they end. https://core.telegram.org/api/auth
 *
 * A login that is not the first is not confirmed: the other sessions are told, and whoever of them
 * knows better ends it. It confirms itself after SESSION_CONFIRM_S.
 */
#ifndef CORE_SESSIONS_H
#define CORE_SESSIONS_H

#include "core/call.h"
#include "store/home_keys.h"

/* A login younger than this can't end others: who stole one code must not lock the owner out. */
#define SESSION_FRESH_S 86400
#define SESSION_CONFIRM_S (7 * 86400) /* authorization_autoconfirm_period of the app config */
#define SESSION_PENDING_LIFE_S 86400  /* a login waits so long for its password */
#define SESSION_TTL_DAYS_MAX 366
#define SESSION_TOKEN_LIFE_S (30 * 86400) /* of a future_auth_token */
#define SESSION_TOKENS_MAX 20		  /* that one call presents, as clients keep them */

struct session {
	struct home_login login;
	int64_t hash; /* names it for its owner; 0: the call's own */
	bool password_pending, unconfirmed;
};

/* The call's key belongs to the account from now on. tell: its other sessions are told. */
void session_begin(struct call *call, int64_t user, bool tell);

/* The oldest first, then those that wait for the password; in call->arena. */
size_t sessions_list(struct call *call, struct session **out);
/* What names a login for the account. */
int64_t session_hash(const struct call *call, int64_t user, uint64_t key_id);
int sessions_ttl_days(struct call *call);

/* auth.logOut. *token: by which this device need not be sent a code again, absent unless the
 * account has a password, which is asked for all the same. */
void session_end_own(struct call *call, struct bytes *token);
/* Whether one of the tokens was given to a device of the account. */
bool session_was_here(
	struct call *call, int64_t user, const struct bytes *tokens, size_t token_count);
/* auth.dropTempAuthKeys: of the temporary keys that are bound to the call's permanent one, only
 * those listed and the one that carries the call go on. */
#define SESSION_SPARED_MAX 256 /* more than one permanent key ever has */
void session_drop_temp_keys(struct call *call, const int64_t *spared, size_t count);
/* The key is nobody's from now on. For whoever knows that it is user's and may end it. */
void session_end_login(struct call *call, int64_t user, uint64_t key_id);
/* Whether the call's login, *own, is younger than SESSION_FRESH_S. */
bool session_is_fresh(struct call *call, struct home_login *own);
/* Faults HASH_INVALID, FRESH_RESET_AUTHORISATION_FORBIDDEN. */
MUST_CHECK int session_end(struct call *call, int64_t hash);
/* Also tokens of devices that logged out, and logins that wait for the password. */
MUST_CHECK int sessions_end_others(struct call *call);

/* account.changeAuthorizationSettings; hash 0 is the own session. Fault HASH_INVALID, also when a
 * login that nobody has confirmed would confirm one. */
struct session_change {
	int64_t hash;
	bool confirm;
	bool has_secret_chats, refuses_secret_chats;
	bool has_calls, refuses_calls;
};
MUST_CHECK int session_change(struct call *call, const struct session_change *change);

/* Faults TTL_DAYS_INVALID, FRESH_RESET_AUTHORISATION_FORBIDDEN. */
MUST_CHECK int sessions_set_ttl(struct call *call, int days);
/* Ends logins of any account that were not used for as long as it says. True: more are due. */
bool sessions_end_unused(struct call *call);

#endif
