/* SPDX-License-Identifier: Apache-2.0 */
/* Public names that were given up a short while ago: by keyed hash, and by whom. Names in use are
 * in store/square_channels.h. */
#ifndef STORE_HOME_NAMES_H
#define STORE_HOME_NAMES_H

#include "crypto/seal.h"
#include "store/db.h"

/* Also drops a bounded number of rows released before before_s. */
void home_names_release(
	struct db *db, const uint8_t *name_hash, int64_t owner, int64_t now_s, int64_t before_s);
/* The account that gave it up at after_s or later; 0: none did. */
int64_t home_names_released_by(struct db *db, const uint8_t *name_hash, int64_t after_s);

#endif
