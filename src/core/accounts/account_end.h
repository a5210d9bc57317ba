/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of an account: at its owner's word, unseen for as long as he said, or by the operator.
 * Its salt goes, so that nothing sealed for it opens any more; its logins end; whoever is shown it
 * sees a deleted account. Copies of messages in other boxes are others' and stay.
 *
 * Who has the code but not the password may ask too: then it takes a week, in which the account's
 * devices hear of it and any of them can stop it with a code to the account's number.
 * https://core.telegram.org/api/account-deletion
 */
#ifndef CORE_ACCOUNT_END_H
#define CORE_ACCOUNT_END_H

#include "core/accounts/codes.h"
#include "core/accounts/password.h"

#define ACCOUNT_TTL_DAYS_MIN 30
#define ACCOUNT_TTL_DAYS_MAX 730
#define ACCOUNT_DELETE_WAIT_S (7 * 86400)

/* account.getAccountTTL, setAccountTTL. Fault TTL_DAYS_INVALID. */
int account_ttl(struct call *call);
MUST_CHECK int account_set_ttl(struct call *call, int32_t days);

/* account.deleteAccount, also for a login that waits for its password. Faults 2FA_CONFIRM_WAIT_X
 * and those of a password. */
MUST_CHECK int account_delete(struct call *call, const struct password_answer *answer);

/* account.sendConfirmPhoneCode, confirmPhone: stop it. word: from the link that the account was
 * sent. Faults HASH_INVALID, CODE_HASH_INVALID and those of a code. */
MUST_CHECK int account_keep_send(struct call *call, struct bytes word, struct login_sent *out);
MUST_CHECK int account_keep(struct call *call, struct bytes hash, struct bytes typed);

/* At once, without asking. */
void account_end(struct call *call, int64_t user);

/* For upkeep. Ends accounts that are due, and throws away what ended ones left, in pieces. True:
 * more is left. */
bool accounts_end_due(struct call *call);
/* Notes when accounts were last seen and ends those that were not for too long; goes on behind
 * *cursor. True: it has not come to the last one. */
bool accounts_look(struct call *call, int64_t *cursor);

#endif
