/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The encrypted message: key derivation, sealing and opening (MTProto 2.0), and the 1.0 form for
 * the one message that still uses it (inside auth.bindTempAuthKey). Pure functions, any thread.
 * https://core.telegram.org/mtproto/description
 *
 *   auth_key_id 8 | msg_key 16 | AES-IGE( salt 8 | session_id 8 | msg_id 8 | seqno 4 | length 4 |
 * body | padding )
 */
#ifndef MTPROTO_ENVELOPE_H
#define MTPROTO_ENVELOPE_H

#include "base/buf.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

#define ENVELOPE_OUTER 24  /* auth_key_id and msg_key */
#define ENVELOPE_HEADER 32 /* salt .. length, encrypted */
#define ENVELOPE_PADDING_MIN 12
#define ENVELOPE_PADDING_MAX 1024

enum envelope_direction { ENVELOPE_TO_SERVER = 0, ENVELOPE_TO_CLIENT = 8 };

struct envelope_message {
	uint64_t salt, session_id, msg_id;
	uint32_t seqno;
	struct bytes body;    /* multiple of 4 bytes */
	uint32_t quick_token; /* after opening: the quick acknowledgement of this packet */
};

/* One packet to seal: packet points to ENVELOPE_OUTER free bytes and then size bytes of plaintext,
 * padding included (size is a multiple of 16). Sealed in place. */
struct envelope_job {
	const struct auth_key *key;
	uint8_t *packet;
	size_t size;
};

/* How many bytes of padding a plaintext of size bytes (header and body) gets: 12 to 27. */
size_t envelope_padding(size_t size);
/* Seals count packets together: independent packets run in interleaved lanes of the cipher. */
void envelope_seal_many(struct envelope_job *jobs, size_t count, enum envelope_direction direction);
/* One message, whole packet appended to *out. */
void envelope_seal(const struct auth_key *key, const struct envelope_message *message,
	enum envelope_direction direction, const struct random *random, struct buf *out);

/* Opens packet[0..size) in place; packet begins with auth_key_id (already looked up: the id of
 * key). On success message->body points into packet. -1: anything wrong, with no hint what (E2, E3,
 * E5). */
int envelope_open(const struct auth_key *key, uint8_t *packet, size_t size,
	enum envelope_direction direction, struct envelope_message *message) MUST_CHECK;
/* The checks that follow decryption alone (E5), on plaintext: for envelope_open and the fuzzer. */
int envelope_parse(const uint8_t *plain, size_t size, struct envelope_message *message) MUST_CHECK;

/* MTProto 1.0, client to server. plain gets size - 24 bytes: random 16, msg_id 8, seqno 4, length
 * 4, body. *body_size gets the checked length of the body, which begins at plain[32]. -1: not
 * valid. */
int envelope_open_v1(const struct auth_key *key, const uint8_t *packet, size_t size, uint8_t *plain,
	size_t *body_size) MUST_CHECK;
/* The client's half, for tests and the load generator. plain as above, padded by this function. */
void envelope_seal_v1(const struct auth_key *key, const uint8_t *plain, size_t size,
	const struct random *random, struct buf *out);

#endif
