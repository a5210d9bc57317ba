/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authorization keys that one network thread uses: copies of what the home database holds
 * (permanent keys) and of the process's temporary keys, with who is logged in on them. Belongs to
 * its thread.
 */
#ifndef SERVER_KEYRING_H
#define SERVER_KEYRING_H

#include "base/map.h"
#include "mtproto/host.h"
#include "server/temp_keys.h"
#include "store/store.h"

struct hello;

struct ring_key {
	struct auth_key key;	/* first: a struct auth_key of the ring is a struct ring_key */
	struct list of_perm;	/* temporary: with the others that are bound to the same key */
	bool gone;		/* destroyed: to be refused, until nothing refers to it */
	struct hello *hello;	/* waits for the key to be bound: hello.c */
	uint64_t hello_mark;	/* of what hello.c stored last */
	int64_t active_noted_s; /* when hello.c stored last that it is in use */
	uint32_t calls;		/* under way: admit.c */
	size_t call_bytes;
};

struct keyring {
	struct map by_id;
	struct map bound;   /* permanent id -> one of the loaded keys that are bound to it */
	struct store store; /* a read connection of the thread's own */
	struct temp_keys *temp;
};

MUST_CHECK int keyring_init(struct keyring *ring, const struct store_paths *paths,
	struct vault *vault, struct temp_keys *temp, struct err *err);
void keyring_release(struct keyring *ring);

/* A key of the ring, loaded if need be; *key stays as long as its refs are not 0, and else until
 * the next sweep. */
enum mtproto_key_lookup keyring_find(
	struct keyring *ring, uint64_t id, int64_t now_s, struct ring_key **key);
/* The permanent key behind a key: itself, or what a temporary one is bound to. 0: not bound. */
uint64_t keyring_perm_id(const struct auth_key *key);
/* Binds a temporary key to a loaded permanent one, and takes over who is logged in. It serves no
 * longer than until expires_at. Does nothing when it is bound. */
void keyring_bind(struct keyring *ring, struct ring_key *temp, const struct auth_key *perm,
	int64_t expires_at);
/* Calls fn for each loaded key that is, or is bound to, the permanent key. fn binds nothing. */
void keyring_each_of_perm(struct keyring *ring, uint64_t perm_id,
	void (*fn)(void *ctx, struct ring_key *key), void *ctx);
/* Forgets keys that nothing refers to: those that serve no more, and some when there are many. */
void keyring_sweep(struct keyring *ring, int64_t now_s);

#endif
