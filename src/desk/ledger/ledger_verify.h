/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks a whole ledger from outside: recomputes every hash from the entries, compares every tile
 * and the root, checks the signature. Needs nothing of the desk.
 */
#ifndef DESK_LEDGER_VERIFY_H
#define DESK_LEDGER_VERIFY_H

#include <stdio.h>

#include "desk/ledger/checkpoint.h"

/* Bounds memory to 64 bytes each. */
#define LEDGER_VERIFY_LEAVES_MAX 4000000

/* source: a folder or a http(s) address. Says on report what was checked and what is wrong, each
 * altered file by name. The number of faults: 0 means all is as it was signed. */
int ledger_verify(const char *source, const struct checkpoint_verifier *verifier, FILE *report);

#endif
