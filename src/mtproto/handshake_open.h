/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to handshake*.c: opening the two sealed parts of a client's queries. What is inside is
 * judged after the same work whatever is wrong with it, so that neither bytes nor time tell which
 * check failed (K4, K7). Pure; any thread.
 */
#ifndef MTPROTO_HANDSHAKE_OPEN_H
#define MTPROTO_HANDSHAKE_OPEN_H

#include "crypto/dh.h"
#include "crypto/pq.h"
#include "mtproto/handshake.h"

/* What a sealed part must repeat. */
struct handshake_nonces {
	uint8_t client[16], server[16];
};

/* p_q_inner_data and its kin. */
struct handshake_inner {
	uint8_t new_nonce[32];
	bool has_dc;
	int32_t dc;
	int32_t expires_in; /* 0: a permanent key */
};

/* encrypted: RSA_SIZE bytes. -1: anything wrong. */
int handshake_open_inner(const struct handshake_keys *keys, const struct handshake_nonces *nonces,
	const struct pq *pq, const uint8_t *encrypted, struct handshake_inner *inner) MUST_CHECK;

/* The lengths that client_DH_inner_data can have: no secret. */
bool handshake_client_dh_fits(size_t encrypted_size);
/* g_b of client_DH_inner_data, left-padded and within its bounds. retry_id: the one that may be
 * repeated. -1: anything wrong. */
int handshake_open_client_dh(const struct handshake_nonces *nonces, const uint8_t new_nonce[32],
	uint64_t retry_id, struct bytes encrypted, uint8_t g_b[DH_SIZE]) MUST_CHECK;

#endif
