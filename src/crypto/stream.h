/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A long text sealed piece by piece (libsodium's secretstream, XChaCha20-Poly1305): a piece that
 * was changed, left out, doubled or moved does not open, nor does what comes after it, and the last
 * one is marked as the last. The caller keeps the sizes of the pieces and wipes the struct.
 */
#ifndef CRYPTO_STREAM_H
#define CRYPTO_STREAM_H

#include <stdalign.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/bytes.h"

#define STREAM_KEY_SIZE 32
#define STREAM_BEGIN_SIZE 24 /* goes before the first piece, in clear */
#define STREAM_OVERHEAD 17   /* how much longer a piece gets */

struct stream {
	alignas(8) uint8_t state[64];
};

void stream_key_new(uint8_t key[STREAM_KEY_SIZE]);
void stream_seal_begin(struct stream *stream, const uint8_t key[STREAM_KEY_SIZE],
	uint8_t begin[STREAM_BEGIN_SIZE]);
/* out: STREAM_OVERHEAD longer than the text. with: what must be the same when it is opened. */
void stream_seal(
	struct stream *stream, struct bytes text, struct bytes with, bool last, uint8_t *out);

MUST_CHECK int stream_open_begin(struct stream *stream, const uint8_t key[STREAM_KEY_SIZE],
	const uint8_t begin[STREAM_BEGIN_SIZE]);
/* out: STREAM_OVERHEAD shorter. -1: it is not the piece that comes next. */
MUST_CHECK int stream_open(
	struct stream *stream, struct bytes sealed, struct bytes with, bool *last, uint8_t *out);

#endif
