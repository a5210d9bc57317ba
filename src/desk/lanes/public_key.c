/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/public_key.h"

#include "base/text.h"

#define PEM_BEGIN "-----BEGIN PUBLIC KEY-----"
#define PEM_END "-----END PUBLIC KEY-----"
#define NUMBER_DIGITS_MAX 9

/* All that stands before the key in its SubjectPublicKeyInfo: the algorithm is Ed25519. */
static const uint8_t info[] = {
	0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

/* What stands between BEGIN and END, its lines joined; the text itself when it is no PEM. */
static struct bytes inner(struct arena *arena, struct bytes text)
{
	const size_t begin = sizeof(PEM_BEGIN) - 1, end = sizeof(PEM_END) - 1;
	uint8_t *joined;
	size_t size = 0;

	if (text.size < begin + end || memcmp(text.data, PEM_BEGIN, begin) != 0 ||
		memcmp(text.data + text.size - end, PEM_END, end) != 0)
		return text;
	joined = arena_alloc(arena, text.size);
	for (size_t i = begin; i < text.size - end; i++) {
		if (text.data[i] != '\r' && text.data[i] != '\n')
			joined[size++] = text.data[i];
	}
	return bytes_of(joined, size);
}

int public_key_read(
	struct arena *arena, struct bytes text, uint8_t out[SIGN_PUBLIC_SIZE], struct err *err)
{
	struct bytes encoded, raw;

	text = text_trim(text);
	if (text.size == 0 || text.size > PUBLIC_KEY_TEXT_MAX)
		return err_set(err, 0, "a public key has 1 to %d bytes", PUBLIC_KEY_TEXT_MAX);
	encoded = inner(arena, text);
	if (text_unbase64(arena, encoded, &raw) < 0)
		return err_set(err, 0, "the public key is neither PEM nor base64");
	if (raw.size == sizeof(info) + SIGN_PUBLIC_SIZE &&
		memcmp(raw.data, info, sizeof(info)) == 0)
		raw = bytes_of(raw.data + sizeof(info), SIGN_PUBLIC_SIZE);
	if (raw.size != SIGN_PUBLIC_SIZE)
		return err_set(err, 0, "the public key is no Ed25519 key");
	memcpy(out, raw.data, SIGN_PUBLIC_SIZE);
	return 0;
}

int64_t public_key_number(struct bytes name)
{
	static const char prefix[] = "key-";
	const size_t skip = sizeof(prefix) - 1;
	int64_t number = 0;

	if (name.size <= skip || name.size > skip + NUMBER_DIGITS_MAX ||
		memcmp(name.data, prefix, skip) != 0 || name.data[skip] == '0')
		return 0;
	for (size_t i = skip; i < name.size; i++) {
		if (name.data[i] < '0' || name.data[i] > '9')
			return 0;
		number = number * 10 + (name.data[i] - '0');
	}
	return number;
}
