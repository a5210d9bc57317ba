/* SPDX-License-Identifier: Apache-2.0 */
/* Who made which report: known here alone, and by keyed hashes of the report's number and of its
 * subject, so that the rows tell nothing without the root key. Rules: core/channels/reports.h. */
#ifndef STORE_HOME_RECEIPTS_H
#define STORE_HOME_RECEIPTS_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_RECEIPTS_KEPT_S ((int64_t)400 * 86400) /* longer than anybody may appeal */

void home_receipt_insert(struct db *db, const struct vault *vault, int64_t owner, int64_t report,
	struct bytes subject, int64_t now_s);
/* The account has reported the subject, and was not told an outcome yet. */
bool home_receipt_waits(
	struct db *db, const struct vault *vault, int64_t owner, struct bytes subject);
/* Who made the report; 0: nobody that is still here. *told_at_s: the outcome that he knows. */
int64_t home_receipt_owner(
	struct db *db, const struct vault *vault, int64_t report, int64_t *told_at_s);
void home_receipt_told(
	struct db *db, const struct vault *vault, int64_t report, int64_t outcome_at_s);
/* Drops at most so many that are older than HOME_RECEIPTS_KEPT_S. True: there may be more. */
bool home_receipts_purge(struct db *db, int64_t now_s, int64_t rows);

#endif
