/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Numbers of TLS are big-endian: RFC 8446, sections 4.1 and 5.1. */
#include "mtproto/fake_tls.h"

#include "crypto/hash.h"
#include "crypto/x25519.h"

#define RECORD_HEADER 5
#define RECORD_CHANGE 20
#define RECORD_ALERT 21
#define RECORD_DATA 23
#define RECORD_MAX (16384 + 256) /* of what a peer may send */
/* What a record of ours holds: as much as a real one, with its tag. */
#define RECORD_FILL (16384 + 17)
/* Where the session id begins, behind the random and its own size. */
#define SESSION_ID_AT (FAKE_TLS_RANDOM_AT + FAKE_TLS_DIGEST_SIZE + 1)
#define CHANGES_MAX 2 /* clients send one */

static uint16_t load_u16be(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void append_u16be(struct buf *out, size_t v)
{
	buf_append_u8(out, (uint8_t)(v >> 8));
	buf_append_u8(out, (uint8_t)v);
}

/* ---- The client's hello ---- */

/* The first TLS 1.3 suite (13 01 to 13 03) of the list behind the session id; 0: none. */
static uint16_t first_cipher(struct bytes list)
{
	size_t size;

	if (list.size < 2)
		return 0;
	size = load_u16be(list.data);
	for (size_t at = 2; at + 2 <= list.size && at < 2 + size; at += 2) {
		uint16_t cipher = load_u16be(list.data + at);

		if (cipher >= 0x1301 && cipher <= 0x1303)
			return cipher;
	}
	return 0;
}

static bool read_shape(struct bytes record, struct fake_tls_hello *out)
{
	static const uint8_t version[] = {3, 3};
	const uint8_t *data = record.data;
	size_t id_end;

	if (record.size < SESSION_ID_AT || record.size > FAKE_TLS_HELLO_MAX || data[0] != 22 ||
		load_u16be(data + 3) != record.size - RECORD_HEADER || data[5] != 1 ||
		memcmp(data + FAKE_TLS_RANDOM_AT - 2, version, 2) != 0)
		return false;
	out->session_id_size = data[SESSION_ID_AT - 1];
	id_end = SESSION_ID_AT + out->session_id_size;
	if (out->session_id_size > sizeof(out->session_id) || id_end > record.size)
		return false;
	memcpy(out->session_id, data + SESSION_ID_AT, out->session_id_size);
	memcpy(out->random, data + FAKE_TLS_RANDOM_AT, sizeof(out->random));
	out->cipher = first_cipher(bytes_of(data + id_end, record.size - id_end));
	return out->cipher != 0;
}

static void hello_digest(const struct transport_secret *secret, struct bytes record,
	uint8_t out[FAKE_TLS_DIGEST_SIZE])
{
	static const uint8_t zeros[FAKE_TLS_DIGEST_SIZE];
	size_t end = FAKE_TLS_RANDOM_AT + FAKE_TLS_DIGEST_SIZE;
	struct bytes parts[3] = {bytes_of(record.data, FAKE_TLS_RANDOM_AT),
		bytes_of(zeros, sizeof(zeros)), bytes_of(record.data + end, record.size - end)};

	hash_hmac_sha256_parts(bytes_of(secret->bytes, sizeof(secret->bytes)), parts, 3, out);
}

bool fake_tls_hello_read(struct bytes record, const struct transport_secrets *secrets,
	int64_t now_s, struct fake_tls_hello *out)
{
	uint8_t digest[FAKE_TLS_DIGEST_SIZE];

	memset(out, 0, sizeof(*out));
	if (!read_shape(record, out))
		return false;
	for (size_t i = 0; i < secrets->count; i++) {
		hello_digest(&secrets->at[i], record, digest);
		if (!bytes_equal_secret(digest, out->random, FAKE_TLS_DIGEST_SIZE - 4))
			continue;
		out->secret = &secrets->at[i];
		out->time_s = load_u32le(digest + FAKE_TLS_DIGEST_SIZE - 4) ^
			      load_u32le(out->random + FAKE_TLS_DIGEST_SIZE - 4);
	}
	return out->secret && out->time_s >= now_s - FAKE_TLS_SKEW_S &&
	       out->time_s <= now_s + FAKE_TLS_SKEW_S;
}

/* ---- Our answer ---- */

static void append_server_hello(
	const struct fake_tls_hello *hello, const struct random *random, struct buf *out)
{
	static const uint8_t zeros[FAKE_TLS_DIGEST_SIZE];
	static const uint8_t versions[] = {0, 0x2b, 0, 2, 3, 4};	     /* TLS 1.3 */
	static const uint8_t key_share[] = {0, 0x33, 0, 36, 0, 0x1d, 0, 32}; /* X25519 */
	uint8_t key[X25519_KEY_SIZE];
	size_t extensions = sizeof(versions) + sizeof(key_share) + sizeof(key);
	/* version, random, session id, cipher, compression, extensions */
	size_t body = 2 + sizeof(zeros) + 1 + hello->session_id_size + 2 + 1 + 2 + extensions;

	x25519_public_key(random, key);
	buf_append(out, "\x16\x03\x03", 3);
	append_u16be(out, 4 + body);
	buf_append(out, "\x02\x00", 2);
	append_u16be(out, body);
	buf_append(out, "\x03\x03", 2);
	buf_append(out, zeros, sizeof(zeros));
	buf_append_u8(out, hello->session_id_size);
	buf_append(out, hello->session_id, hello->session_id_size);
	append_u16be(out, hello->cipher);
	buf_append_u8(out, 0);
	append_u16be(out, extensions);
	buf_append(out, versions, sizeof(versions));
	buf_append(out, key_share, sizeof(key_share));
	buf_append(out, key, sizeof(key));
}

void fake_tls_answer(const struct fake_tls_hello *hello, size_t flight, const struct random *random,
	struct buf *out)
{
	size_t begin = buf_size(out);
	uint8_t digest[FAKE_TLS_DIGEST_SIZE], *noise;
	struct bytes parts[2] = {bytes_of(hello->random, sizeof(hello->random))};

	append_server_hello(hello, random, out);
	buf_append(out, "\x14\x03\x03\x00\x01\x01\x17\x03\x03", 9);
	flight += random_below(random, 3); /* as the length of an ECDSA signature varies */
	append_u16be(out, flight);
	noise = buf_extend(out, flight);
	if (!noise)
		return;
	random_fill(random, noise, flight);
	parts[1] = bytes_of(buf_data(out) + begin, buf_size(out) - begin);
	hash_hmac_sha256_parts(
		bytes_of(hello->secret->bytes, sizeof(hello->secret->bytes)), parts, 2, digest);
	memcpy(buf_data(out) + begin + FAKE_TLS_RANDOM_AT, digest, sizeof(digest));
}

/* ---- Records ---- */

/* The header is complete. */
static enum fake_tls_result begin_record(struct fake_tls_reader *r)
{
	r->have = 0;
	r->left = load_u16be(r->head + 3);
	if (r->head[1] != 3 || r->head[2] != 3 || r->left == 0 || r->left > RECORD_MAX)
		return FAKE_TLS_BAD;
	if (r->head[0] == RECORD_ALERT)
		return FAKE_TLS_ENDED;
	if (r->head[0] == RECORD_CHANGE)
		return r->left == 1 && r->changes++ < CHANGES_MAX ? FAKE_TLS_READ : FAKE_TLS_BAD;
	return r->head[0] == RECORD_DATA ? FAKE_TLS_READ : FAKE_TLS_BAD;
}

enum fake_tls_result fake_tls_read(struct fake_tls_reader *r, struct bytes wire, struct buf *plain)
{
	while (wire.size > 0) {
		enum fake_tls_result result = FAKE_TLS_READ;
		size_t size = r->left < wire.size ? r->left : wire.size;

		if (r->left == 0) {
			size = 1;
			r->head[r->have++] = wire.data[0];
			if (r->have == RECORD_HEADER)
				result = begin_record(r);
		} else {
			if (r->head[0] == RECORD_DATA)
				buf_append(plain, wire.data, size);
			r->left -= (uint16_t)size;
		}
		if (result != FAKE_TLS_READ)
			return result;
		wire = bytes_of(wire.data + size, wire.size - size);
	}
	return FAKE_TLS_READ;
}

void fake_tls_write(struct bytes plain, struct buf *wire)
{
	while (plain.size > 0) {
		size_t size = plain.size < RECORD_FILL ? plain.size : RECORD_FILL;

		buf_append(wire, "\x17\x03\x03", 3);
		append_u16be(wire, size);
		buf_append(wire, plain.data, size);
		plain = bytes_of(plain.data + size, plain.size - size);
	}
}
