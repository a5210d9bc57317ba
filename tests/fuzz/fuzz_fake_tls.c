/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hellos and records of fake TLS. First byte: 0 a hello as it is, 1 a hello that is signed first
 * (so that what is behind the digest is reached), else records that come so many bytes at a time.
 */
#include <assert.h>

#include "crypto/hash.h"
#include "mtproto/fake_tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1800000000

static const struct transport_secret secret = {{5}, true};
static const struct transport_secrets secrets = {&secret, 1, true};

static void sign(uint8_t *hello, size_t size)
{
	uint8_t digest[HASH_SHA256_SIZE];

	memset(hello + FAKE_TLS_RANDOM_AT, 0, sizeof(digest));
	hash_hmac_sha256(bytes_of(secret.bytes, 16), bytes_of(hello, size), digest);
	store_u32le(digest + 28, load_u32le(digest + 28) ^ NOW);
	memcpy(hello + FAKE_TLS_RANDOM_AT, digest, sizeof(digest));
}

static void take_hello(const uint8_t *data, size_t size, bool sign_it)
{
	uint8_t hello[FAKE_TLS_HELLO_MAX + 1];
	struct fake_tls_hello got;
	struct buf out = {0};

	if (size > sizeof(hello))
		return;
	memcpy(hello, data, size);
	if (sign_it && size >= FAKE_TLS_RANDOM_AT + FAKE_TLS_DIGEST_SIZE)
		sign(hello, size);
	if (fake_tls_hello_read(bytes_of(hello, size), &secrets, NOW, &got)) {
		assert(got.secret == &secret && got.session_id_size <= sizeof(got.session_id));
		fake_tls_answer(&got, 2000, &random_system, &out);
		assert(!out.failed && buf_size(&out) > 2000);
	}
	buf_release(&out);
}

static void take_records(const uint8_t *data, size_t size, size_t step)
{
	struct fake_tls_reader reader = {0};
	struct buf plain = {0};
	size_t total = size;

	while (size > 0) {
		size_t now = size < step ? size : step;

		if (fake_tls_read(&reader, bytes_of(data, now), &plain) != FAKE_TLS_READ)
			break;
		data += now;
		size -= now;
	}
	assert(buf_size(&plain) <= total);
	buf_release(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] <= 1)
		take_hello(data + 1, size - 1, data[0]);
	else
		take_records(data + 1, size - 1, data[0]);
	return 0;
}
