/* SPDX-License-Identifier: Apache-2.0 */
/* The obfuscation of a connection: key set-up on both sides, and the two streams. */
#include "mtproto/transport_crypt.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypto/aes.h"
#include "crypto/hash.h"

#define KEY_AT 8
#define SECRETS_END 56

struct transport_crypt {
	struct aes_ctr in, out;
};

enum transport_kind transport_kind_of_tag(uint32_t word)
{
	switch (word) {
	case 0xefefefef:
		return TRANSPORT_ABRIDGED;
	case 0xeeeeeeee:
		return TRANSPORT_INTERMEDIATE;
	case 0xdddddddd:
		return TRANSPORT_PADDED;
	default:
		return TRANSPORT_UNDETECTED;
	}
}

uint32_t transport_tag_of_kind(enum transport_kind kind)
{
	switch (kind) {
	case TRANSPORT_ABRIDGED:
		return 0xefefefef;
	case TRANSPORT_INTERMEDIATE:
		return 0xeeeeeeee;
	case TRANSPORT_PADDED:
		return 0xdddddddd;
	default:
		assert(!"full framing has no tag");
		return 0;
	}
}

/* from: key and counter as they stand in the header, or reversed. */
static void stream_init(struct aes_ctr *stream, const uint8_t *from, const uint8_t *secret)
{
	uint8_t key[HASH_SHA256_SIZE];
	struct bytes parts[2] = {
		bytes_of(from, AES_KEY_SIZE), bytes_of(secret, TRANSPORT_SECRET_SIZE)};

	if (secret)
		hash_sha256_parts(parts, 2, key);
	aes_ctr_init(stream, secret ? key : from, from + AES_KEY_SIZE);
	bytes_wipe(key, sizeof(key));
}

static struct transport_crypt *crypt_new(const uint8_t header[OBFUSCATION_HEADER],
	const uint8_t *secret, struct aes_ctr **to_server, struct aes_ctr **to_client, bool client)
{
	struct transport_crypt *crypt = MEM_NEW(struct transport_crypt);
	uint8_t reversed[SECRETS_END - KEY_AT];

	for (size_t i = 0; i < sizeof(reversed); i++)
		reversed[i] = header[SECRETS_END - 1 - i];
	*to_server = client ? &crypt->out : &crypt->in;
	*to_client = client ? &crypt->in : &crypt->out;
	stream_init(*to_server, header + KEY_AT, secret);
	stream_init(*to_client, reversed, secret);
	bytes_wipe(reversed, sizeof(reversed));
	return crypt;
}

struct transport_crypt *transport_crypt_new_server(
	uint8_t header[OBFUSCATION_HEADER], const uint8_t *secret)
{
	struct aes_ctr *to_server, *to_client;
	struct transport_crypt *crypt = crypt_new(header, secret, &to_server, &to_client, false);
	uint8_t plain[OBFUSCATION_HEADER];

	/* The client ran its cipher over the whole header and sent only the end of the result. */
	aes_ctr_crypt(to_server, header, plain, sizeof(plain));
	memcpy(header + SECRETS_END, plain + SECRETS_END, OBFUSCATION_HEADER - SECRETS_END);
	return crypt;
}

/* Must not look like another transport, HTTP or TLS. */
static bool header_is_usable(const uint8_t header[OBFUSCATION_HEADER])
{
	static const uint32_t others[] = {
		0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0x02010316, 0xdddddddd, 0xeeeeeeee};

	if (header[0] == 0xef || load_u32le(header + 4) == 0)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (load_u32le(header) == others[i])
			return false;
	return true;
}

struct transport_crypt *transport_crypt_new_client(uint32_t tag, int16_t dc, const uint8_t *secret,
	const struct random *random, uint8_t header[OBFUSCATION_HEADER])
{
	struct aes_ctr *to_server, *to_client;
	struct transport_crypt *crypt;
	uint8_t sealed[OBFUSCATION_HEADER];

	do
		random_fill(random, header, OBFUSCATION_HEADER);
	while (!header_is_usable(header));
	store_u32le(header + SECRETS_END, tag);
	header[60] = (uint8_t)dc;
	header[61] = (uint8_t)((uint16_t)dc >> 8);
	crypt = crypt_new(header, secret, &to_server, &to_client, true);
	aes_ctr_crypt(to_server, header, sealed, sizeof(sealed));
	memcpy(header + SECRETS_END, sealed + SECRETS_END, OBFUSCATION_HEADER - SECRETS_END);
	return crypt;
}

void transport_crypt_free(struct transport_crypt *crypt)
{
	if (!crypt)
		return;
	aes_ctr_wipe(&crypt->in);
	aes_ctr_wipe(&crypt->out);
	free(crypt);
}

void transport_crypt_in(
	struct transport_crypt *crypt, const uint8_t *from, uint8_t *to, size_t size)
{
	aes_ctr_crypt(&crypt->in, from, to, size);
}

void transport_crypt_out(struct transport_crypt *crypt, uint8_t *data, size_t size)
{
	aes_ctr_crypt(&crypt->out, data, data, size);
}
