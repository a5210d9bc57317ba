/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of secret chats on their way to one device: what the sender's device encrypted, sealed
 * once more, in the order of the device's qts, until the device says that it has them. Then the
 * rows are deleted and nothing of them stays.
 */
#ifndef STORE_HOME_SECRET_QUEUE_H
#define STORE_HOME_SECRET_QUEUE_H

#include "crypto/seal.h"
#include "store/db.h"

/* qts of a device to which nothing was sent. Not 0: clients take that for "no state yet", and the
 * first message for a wrong one if its qts were 1. */
#define HOME_SECRET_QTS_FIRST 1

struct home_secret_device {
	int32_t qts;	 /* of the newest */
	int32_t heard;	 /* the device has said that it has these */
	int64_t waiting; /* bytes of those that it has not */
};

struct home_secret_message {
	int32_t qts;
	int32_t chat; /* as the receiver numbers it */
	int64_t random_id;
	bool service;
	int64_t date_s;
	struct bytes data;
	int64_t file; /* store/home_secret_files.h, the receiver's; 0: none */
};

/* Of a device to which nothing was sent yet: the first qts. */
void home_secret_device_get(
	struct db *db, int64_t owner, uint64_t key_id, struct home_secret_device *out);
/* The device has heard more than is known here, as after a restore from a backup: goes on there,
 * and nothing from before waits for it. */
void home_secret_device_catch_up(struct db *db, int64_t owner, uint64_t key_id, int32_t qts);
/* With everything that waits for it. */
void home_secret_device_drop(struct db *db, int64_t owner, uint64_t key_id);

/* Fills message->qts. */
void home_secret_queue_add(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, uint64_t key_id, struct home_secret_message *message);
/* After qts, the oldest first, in the arena: at most `limit`, and no more once they have
 * `bytes_max`. *more: there are. One that doesn't open fails the transaction. */
size_t home_secret_queue_after(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, uint64_t key_id, int32_t qts, size_t limit, size_t bytes_max,
	struct home_secret_message **out, bool *more);
/* Deletes the oldest `rows` up to qts. Their random ids, in the arena; returns how many. */
size_t home_secret_queue_heard(struct db *db, struct arena *arena, int64_t owner, uint64_t key_id,
	int32_t qts, size_t rows, int64_t **random_ids);
/* Deletes those of a chat. */
void home_secret_queue_drop_chat(struct db *db, int64_t owner, uint64_t key_id, int32_t chat);

#endif
