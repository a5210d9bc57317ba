/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "crypto/stream.h"

#include <stdlib.h>

#include <sodium.h>

_Static_assert(sizeof(crypto_secretstream_xchacha20poly1305_state) <= sizeof(struct stream),
	"the header has room for libsodium's state");
_Static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == STREAM_OVERHEAD &&
		       crypto_secretstream_xchacha20poly1305_HEADERBYTES == STREAM_BEGIN_SIZE &&
		       crypto_secretstream_xchacha20poly1305_KEYBYTES == STREAM_KEY_SIZE,
	"the header says how long libsodium makes it");

static crypto_secretstream_xchacha20poly1305_state *state_of(struct stream *stream)
{
	return (void *)stream->state;
}

static void begin_sodium(void)
{
	if (sodium_init() < 0)
		abort();
}

void stream_key_new(uint8_t key[STREAM_KEY_SIZE])
{
	begin_sodium();
	crypto_secretstream_xchacha20poly1305_keygen(key);
}

void stream_seal_begin(
	struct stream *stream, const uint8_t key[STREAM_KEY_SIZE], uint8_t begin[STREAM_BEGIN_SIZE])
{
	begin_sodium();
	crypto_secretstream_xchacha20poly1305_init_push(state_of(stream), begin, key);
}

void stream_seal(
	struct stream *stream, struct bytes text, struct bytes with, bool last, uint8_t *out)
{
	const uint8_t tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
				 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

	crypto_secretstream_xchacha20poly1305_push(
		state_of(stream), out, NULL, text.data, text.size, with.data, with.size, tag);
}

int stream_open_begin(struct stream *stream, const uint8_t key[STREAM_KEY_SIZE],
	const uint8_t begin[STREAM_BEGIN_SIZE])
{
	begin_sodium();
	return crypto_secretstream_xchacha20poly1305_init_pull(state_of(stream), begin, key);
}

int stream_open(
	struct stream *stream, struct bytes sealed, struct bytes with, bool *last, uint8_t *out)
{
	uint8_t tag;

	if (sealed.size < STREAM_OVERHEAD ||
		crypto_secretstream_xchacha20poly1305_pull(state_of(stream), out, NULL, &tag,
			sealed.data, sealed.size, with.data, with.size) != 0)
		return -1;
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return 0;
}
