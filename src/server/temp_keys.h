/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporary authorization keys of the whole process: in memory only, until they expire. Network
 * threads take copies. Thread-safe.
 */
#ifndef SERVER_TEMP_KEYS_H
#define SERVER_TEMP_KEYS_H

#include "mtproto/auth_key.h"

struct temp_keys;

/* At most so many. The oldest makes room, one that is not bound before any that is. */
struct temp_keys *temp_keys_new(size_t max);
void temp_keys_free(struct temp_keys *keys); /* wipes */
/* Copies the key. False: its id is taken. */
bool temp_keys_add(struct temp_keys *keys, const struct auth_key *key);
/* Copies into *out (initialised). False: unknown or expired. */
bool temp_keys_find(struct temp_keys *keys, uint64_t id, int64_t now_s, struct auth_key *out);
/* Remembers what it is bound to. */
void temp_keys_bind(struct temp_keys *keys, uint64_t id, uint64_t perm_id);
void temp_keys_remove(struct temp_keys *keys, uint64_t id);

#endif
