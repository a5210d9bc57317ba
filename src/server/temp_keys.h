/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporary authorization keys of the whole process, until they expire: in memory only, in the
 * memory that outlives the process (kept.h), so that clients go on after it was killed. Network
 * threads take copies. Thread-safe.
 */
#ifndef SERVER_TEMP_KEYS_H
#define SERVER_TEMP_KEYS_H

#include "mtproto/auth_key.h"

struct temp_keys;

/* Takes over what a process before left in the area (aligned for 64-bit words, kept by the caller
 * until temp_keys_free); what was half written is wiped. Holds as many keys as fit: the oldest
 * makes room, one that is not bound before any that is. */
struct temp_keys *temp_keys_new(void *area, size_t size, int64_t now_s);
/* The keys stay in the area. */
void temp_keys_free(struct temp_keys *keys);
/* Size of an area for so many keys. */
size_t temp_keys_area(size_t max);

/* Copies the key. False: its id is taken. */
bool temp_keys_add(struct temp_keys *keys, const struct auth_key *key);
/* Copies into *out (initialised). False: unknown or expired. */
bool temp_keys_find(struct temp_keys *keys, uint64_t id, int64_t now_s, struct auth_key *out);
/* Remembers what it is bound to, and that it serves no longer than until expires_at. A key is bound
 * once: to another permanent key, nothing happens. Of the keys bound to one, the oldest makes room
 * when there are more than a client can use. */
void temp_keys_bind(struct temp_keys *keys, uint64_t id, uint64_t perm_id, int64_t expires_at);
void temp_keys_remove(struct temp_keys *keys, uint64_t id);
/* Removes what is bound to perm_id, but the keys listed. */
void temp_keys_remove_bound(
	struct temp_keys *keys, uint64_t perm_id, const uint64_t *spared, size_t spared_count);
/* Wipes some of what has expired; goes through all of them in a few minutes if called every few
 * seconds. */
void temp_keys_sweep(struct temp_keys *keys, int64_t now_s);
size_t temp_keys_count(struct temp_keys *keys);

#endif
