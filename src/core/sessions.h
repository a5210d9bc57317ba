/* SPDX-License-Identifier: Apache-2.0 */
/* The logins of an account: the list that its owner sees, and ending them. */
#ifndef CORE_SESSIONS_H
#define CORE_SESSIONS_H

#include "core/call.h"
#include "store/home_keys.h"

/* A login younger than this can't end others: who stole one code must not lock the owner out. */
#define SESSION_FRESH_S 86400

/* What names a login for its owner; 0 for the login of the call itself. */
int64_t session_hash(const struct call *call, uint64_t key_id);
/* The oldest first, in call->arena. */
size_t sessions_list(struct call *call, struct home_login **out);
/* auth.logOut. */
void session_end_own(struct call *call);
/* Faults HASH_INVALID, FRESH_RESET_AUTHORISATION_FORBIDDEN. */
MUST_CHECK int session_end(struct call *call, int64_t hash);
MUST_CHECK int sessions_end_others(struct call *call);

#endif
