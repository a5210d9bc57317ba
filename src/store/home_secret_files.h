/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of secret chats: a row for each account that may read one, the sender's and the receiver's
 * own, of one number, in the chat as that account numbers it. The bytes are in store/home_files.h;
 * a row holds them there.
 */
#ifndef STORE_HOME_SECRET_FILES_H
#define STORE_HOME_SECRET_FILES_H

#include "store/db.h"

struct home_secret_file {
	int64_t owner, id;
	int32_t chat;
	int64_t holder, file; /* of store/home_files.h: whose it is, and which */
	int32_t fingerprint;  /* of the key that only the two devices have */
	int64_t sent_at_s;
};

bool home_secret_file_get(struct db *db, int64_t owner, int64_t id, struct home_secret_file *out);
void home_secret_file_add(struct db *db, const struct home_secret_file *file);
/* Those of a chat of the owner's. */
void home_secret_files_drop_chat(struct db *db, int64_t owner, int32_t chat);
/* Those of the chats of one device. */
void home_secret_files_drop_device(struct db *db, int64_t owner, uint64_t key_id);
/* All of the owner's. */
void home_secret_files_drop(struct db *db, int64_t owner);
/* Those that were sent before then, at most `rows`. True: there may be more. */
bool home_secret_files_purge(struct db *db, int64_t before_s, size_t rows);

#endif
