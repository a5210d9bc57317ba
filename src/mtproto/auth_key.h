/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An authorization key in memory, and the salts that follow from it. The host makes, keeps and
 * frees these structs; it must keep one where it is while `refs` is not 0. One thread uses a key at
 * a time: the thread that connections with its id are sent to. Contains a secret: auth_key_wipe
 * before freeing.
 */
#ifndef MTPROTO_AUTH_KEY_H
#define MTPROTO_AUTH_KEY_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/list.h"

/* Nothing beyond the first 128 bytes is ever used after the handshake, so nothing more is kept
 * (K11). */
#define AUTH_KEY_SECRET 128

#define SALT_EPOCH_S 1800 /* a salt serves half an hour, and is taken for as long again */
#define SALT_LINGER_S 1800

struct auth_key {
	uint64_t id;	   /* low 64 bits of SHA1(key) */
	uint64_t aux_hash; /* high 64 bits */
	uint8_t secret[AUTH_KEY_SECRET];
	uint64_t first_salt; /* made by the handshake; taken for SALT_EPOCH_S + SALT_LINGER_S after
				created_at */
	int64_t created_at;  /* unix seconds */
	int64_t expires_at;  /* temporary keys: unix seconds; permanent keys: 0 */
	int32_t dc;	     /* that the client asked for in the handshake; 0: it named none */

	/* Filled and used by the host alone. */
	uint64_t perm_id; /* temporary keys: the permanent key it is bound to; 0: not bound */
	int64_t user_id;  /* 0: not logged in */
	bool is_bot;	  /* user_id is a bot's account */
	int32_t layer;	  /* last layer the client named; 0: none yet. Belongs to the key, not the
			     session */
	void *user_data;

	/* Kept by mtproto on the thread that uses the key. */
	uint32_t refs; /* sessions and connections that point here */
	uint32_t sessions_count;
	uint32_t exchanges;   /* attached to its sessions */
	struct list sessions; /* of struct mtproto_session, least recently used first */
	int64_t salt_epoch;   /* epoch that salts[] was computed for */
	uint64_t salts[2];    /* current, previous */
};

/* Zeroes, and makes the list usable. */
void auth_key_init(struct auth_key *key);
void auth_key_wipe(struct auth_key *key);
/* Fills id, aux_hash and secret from the 256 bytes that the handshake agreed on. */
void auth_key_set(struct auth_key *key, const uint8_t full[256]);

static inline bool auth_key_is_temp(const struct auth_key *key)
{
	return key->expires_at != 0;
}

/* Salts are derived from the key and the half hour: nothing is stored, every node agrees. */
uint64_t auth_key_salt_of_epoch(const struct auth_key *key, int64_t epoch);
uint64_t auth_key_salt(struct auth_key *key, int64_t now_s);
bool auth_key_salt_valid(struct auth_key *key, uint64_t salt, int64_t now_s);

#endif
