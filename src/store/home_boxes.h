/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boxes: the row with an account's pts and last message id, and what is needed to read and write
 * the other rows of the box. Messages, events and dialogs have files of their own; the rules are
 * core/messages/box.h.
 */
#ifndef STORE_HOME_BOXES_H
#define STORE_HOME_BOXES_H

#include "crypto/seal.h"
#include "store/db.h"

/* An open box: where its rows are and what they are sealed with. A value; borrows all it points
 * to, for one transaction. */
struct home_box {
	struct db *db;
	const struct vault *vault;
	struct arena *arena; /* for what is read */
	int64_t owner;
	uint8_t salt[VAULT_SALT_SIZE];
	int32_t pts, last_id; /* as last read or advanced */
};

/* db, vault, arena and owner are set. False: the account has no box (or was shredded). */
bool home_box_open(struct home_box *box);
void home_box_insert(const struct home_box *box);
/* Locks the row, adds, and sets box->pts and box->last_id to the new values. Who advances several
 * boxes does it in the order of their owners. */
void home_box_advance(struct home_box *box, int32_t pts, int32_t ids);

#endif
