/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the keeper is asked and answers, over a unix socket of whole messages (SOCK_SEQPACKET). A
 * message is a struct as it is in memory: both ends are of one build on one machine. Its size
 * follows from what is asked; anything else ends the connection. There is nothing to parse.
 *
 *   custodian                      messenger (passes bytes on)              keeper
 *      ---- a challenge -------------------------------------------------->
 *      <---------- hello, signed by the keeper of these data -------------
 *      ---- a share and a fresh key, sealed to the hello's session key --->
 *      <------------- what became of it, sealed to that key --------------
 */
#ifndef KEEPER_WIRE_H
#define KEEPER_WIRE_H

#include "crypto/roots.h"
#include "custody/share.h"

#define KEEPER_MAGIC "LNTRKPR2"
#define KEEPER_CHALLENGE_SIZE 16

enum keeper_op {
	KEEPER_HELLO = 1,
	KEEPER_UNLOCK,	  /* which roots these data have: then owners' keys may be asked for */
	KEEPER_OWNER_KEY, /* of one owner */
	KEEPER_SHARE,	  /* from a custodian, sealed */
	KEEPER_SPLIT,	  /* the root, or a new one, among custodians */
	KEEPER_FINISH,	  /* the split, after custodians have shown that it opens */
	KEEPER_YIELD,	  /* from now on this connection asks for nothing about splits */
	KEEPER_TURNED	  /* the chain of a new root whose shares were shown to open it */
};

enum keeper_status {
	KEEPER_OK,
	KEEPER_SEALED,	  /* no root: custodians must come first */
	KEEPER_REFUSED,	  /* not as things are, or of other data */
	KEEPER_ABSENT,	  /* there is no root of that epoch */
	KEEPER_NOT_FOR_ME /* a share that is sealed to another process, or damaged on its way */
};

enum keeper_state {
	KEEPER_STATE_FILE = 1,	/* the root came from root.key */
	KEEPER_STATE_REHEARSAL, /* likewise or from shares; a new set waits until it is shown to
				   open */
	KEEPER_STATE_SEALED,	/* waits for shares */
	KEEPER_STATE_OPEN	/* the root came from shares */
};

/* All bytes, so that what is signed has no gaps. */
struct keeper_hello {
	uint8_t magic[8];
	uint8_t keeper[SIGN_PUBLIC_SIZE];  /* the identity that shares name */
	uint8_t session[PARCEL_KEY_SIZE];  /* of this process; never on disk */
	uint8_t set_id[SHARE_SET_ID_SIZE]; /* whose shares it takes; zero: none */
	uint8_t epoch[4];		   /* of that set, little-endian */
	uint8_t started_at_s[8];	   /* Unix time */
	uint8_t state, threshold, count, rehearsed;
	uint8_t have[2]; /* bit x - 1: share x is there */
	uint8_t turns;	 /* 1: what is rehearsed is a new root */
	uint8_t zero[5];
	uint8_t challenge[KEEPER_CHALLENGE_SIZE]; /* of who asked: an older hello is none */
	uint8_t signature[SIGN_SIZE];		  /* of all before it */
};

/* What a custodian seals to the session key. */
struct keeper_letter {
	uint8_t nonce[16];
	uint8_t reply_to[PARCEL_KEY_SIZE]; /* nobody else learns this key: whoever uses it is us */
	struct share share;
};

enum keeper_verdict {
	KEEPER_TAKEN = 1, /* more are needed */
	KEEPER_OPENED,	  /* that was the last one */
	KEEPER_REHEARSED, /* likewise, of a rehearsal */
	KEEPER_TWICE,	  /* this share is there already */
	KEEPER_OF_ANOTHER_SET,
	KEEPER_DAMAGED,
	KEEPER_NOT_NEEDED, /* it is open */
	KEEPER_FAILED	   /* the shares are good and yet don't make the root: a forged set */
};

struct keeper_reply {
	uint8_t nonce[16];
	uint8_t verdict, have, threshold, zero;
};

#define KEEPER_LETTER_SEALED (sizeof(struct keeper_letter) + PARCEL_OVERHEAD)
#define KEEPER_REPLY_SEALED (sizeof(struct keeper_reply) + PARCEL_OVERHEAD)
#define KEEPER_SHARE_SEALED (sizeof(struct share) + PARCEL_OVERHEAD)

struct keeper_owner {
	uint32_t epoch;
	int64_t owner;
	uint8_t salt[ROOT_SALT_SIZE];
};

struct keeper_split {
	uint8_t threshold, count;
	uint8_t turn; /* 1: a new root, and the chain with it; 0: the root as it is */
	uint8_t custodians[SHAMIR_SHARES_MAX][PARCEL_KEY_SIZE]; /* share x is for [x - 1] */
	struct root_chain chain;				/* as the home has it now */
};

struct keeper_was_split {
	struct share_set set;
	uint8_t sealed[SHAMIR_SHARES_MAX][KEEPER_SHARE_SEALED];
	struct root_chain chain; /* when turned: what KEEPER_TURNED will give */
};

struct keeper_request {
	uint32_t op;
	union {
		uint8_t challenge[KEEPER_CHALLENGE_SIZE];
		struct root_chain chain;
		struct keeper_owner owner;
		uint8_t letter[KEEPER_LETTER_SEALED];
		struct keeper_split split;
	};
};

struct keeper_unlocked {
	uint32_t epoch;
	struct kept_keys kept;
};

struct keeper_answer {
	uint32_t status;
	union {
		struct keeper_hello hello;
		struct keeper_unlocked unlocked;
		uint8_t owner_key[ROOT_OWNER_KEY_SIZE];
		uint8_t reply[KEEPER_REPLY_SEALED];
		struct keeper_was_split split;
		struct root_chain chain;
	};
};

/* 0: there is no such op. */
size_t keeper_request_size(uint32_t op);
size_t keeper_answer_size(uint32_t op);
/* -1: not signed by that keeper for this challenge, or no hello at all. */
MUST_CHECK int keeper_hello_check(const struct keeper_hello *hello,
	const uint8_t keeper[SIGN_PUBLIC_SIZE], const uint8_t challenge[KEEPER_CHALLENGE_SIZE]);
/* How many shares are there. */
int keeper_hello_have(const struct keeper_hello *hello);

/* A letter with this share in it; keys: for the answer, the caller wipes both. -1: the hello's
 * session key is no key. */
MUST_CHECK int keeper_letter_write(const struct keeper_hello *hello, const struct share *share,
	struct parcel_keys *keys, uint8_t nonce[16], uint8_t out[KEEPER_LETTER_SEALED]);
/* -1: not the keeper's answer to this letter. */
MUST_CHECK int keeper_reply_read(const struct parcel_keys *keys, const uint8_t nonce[16],
	const uint8_t sealed[KEEPER_REPLY_SEALED], struct keeper_reply *out);

#endif
