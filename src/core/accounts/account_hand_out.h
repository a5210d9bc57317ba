/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts that an operator hands out, with a number that no telephone has, and codes that let
 * somebody in to them. An operator is nobody's reader: a code for an account exists only before its
 * first login, when there is nothing to read, or while a password stands behind the code.
 */
#ifndef CORE_ACCOUNT_HAND_OUT_H
#define CORE_ACCOUNT_HAND_OUT_H

#include "core/accounts/codes.h"

/* *phone: a new anonymous number; *code: for its first login. Faults FIRSTNAME_INVALID. */
MUST_CHECK int account_add(
	struct call *call, struct bytes name, struct code_phone *phone, struct bytes *code);

enum hand_out { HAND_OUT_DONE, HAND_OUT_NOBODY, HAND_OUT_NO_PASSWORD };
/* Another code. The account's devices hear of it. */
enum hand_out account_code(struct call *call, const struct code_phone *phone, struct bytes *code);

#endif
