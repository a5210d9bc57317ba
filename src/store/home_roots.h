/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of roots (crypto/roots.h) in the home: table root_epochs. Empty until the root is
 * changed for the first time. */
#ifndef STORE_HOME_ROOTS_H
#define STORE_HOME_ROOTS_H

#include "crypto/roots.h"
#include "store/db.h"

/* Rows that make no sense fail the database. */
void home_roots_read(struct db *db, struct root_chain *out);
/* In the place of what was there. */
void home_roots_write(struct db *db, const struct root_chain *chain, int64_t now_s);
/* Nothing is sealed under a root older than this one any more: their rows go. */
void home_roots_end_older(struct db *db, uint32_t epoch);
/* 0: not kept, as of the first. */
int64_t home_roots_made_at(struct db *db, uint32_t epoch);

/* From a file that is not open yet; its schema is up to date. */
MUST_CHECK int home_roots_load(const char *home, struct root_chain *out, struct err *err);

#endif
