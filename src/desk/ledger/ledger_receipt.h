/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar ledger proof` and `lontar ledger check`: receipts as an owner, a flagger or a court uses
 * them. The result is the exit status: 0 done, 1 failed, 2 wrong usage. */
#ifndef DESK_LEDGER_RECEIPT_H
#define DESK_LEDGER_RECEIPT_H

extern const char ledger_receipt_make_help[], ledger_receipt_check_help[];

int ledger_receipt_make(int argc, char **argv);
int ledger_receipt_check(int argc, char **argv);

#endif
