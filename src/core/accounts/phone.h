/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phone numbers as text. Inside Lontar a number is its digits in international form, without the
 * plus; outside it may be written with a plus, spaces, dashes, dots and brackets.
 */
#ifndef CORE_PHONE_H
#define CORE_PHONE_H

#include "base/arena.h"
#include "base/attr.h"
#include "crypto/seal.h"

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15 /* E.164 */

/* The digits, in the arena. -1: not a number. */
MUST_CHECK int phone_normalise(struct arena *arena, struct bytes written, struct bytes *digits);
/* +888 and eight digits: of no telephone, handed out by the operator (`lontar user add`). */
#define PHONE_ANONYMOUS_CODE "888"
#define PHONE_ANONYMOUS_DIGITS 11
bool phone_is_anonymous(struct bytes digits);
/* What tables know a number by. */
void phone_lookup(const struct vault *vault, struct bytes digits, uint8_t out[VAULT_LOOKUP_SIZE]);

#endif
