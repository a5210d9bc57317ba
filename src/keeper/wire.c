/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "keeper/wire.h"

#include "base/attr.h"
#include "base/random.h"

_Static_assert(sizeof(struct keeper_hello) == 208, "no gaps: it is signed as it is");
_Static_assert(sizeof(struct keeper_letter) == 48 + sizeof(struct share), "likewise");
_Static_assert(sizeof(struct keeper_reply) == 20, "likewise");

#define SIZE_OF(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

static const struct {
	size_t request, answer;
} sizes[] = {
	[KEEPER_HELLO] = {SIZE_OF(struct keeper_request, challenge),
		SIZE_OF(struct keeper_answer, hello)},
	[KEEPER_UNLOCK] = {SIZE_OF(struct keeper_request, chain),
		SIZE_OF(struct keeper_answer, unlocked)},
	[KEEPER_OWNER_KEY] = {SIZE_OF(struct keeper_request, owner),
		SIZE_OF(struct keeper_answer, owner_key)},
	[KEEPER_SHARE] = {SIZE_OF(struct keeper_request, letter),
		SIZE_OF(struct keeper_answer, reply)},
	[KEEPER_SPLIT] = {SIZE_OF(struct keeper_request, split),
		SIZE_OF(struct keeper_answer, split)},
	[KEEPER_FINISH] = {sizeof(uint32_t), sizeof(uint32_t)},
	[KEEPER_YIELD] = {sizeof(uint32_t), sizeof(uint32_t)},
	[KEEPER_TURNED] = {sizeof(uint32_t), SIZE_OF(struct keeper_answer, chain)},
};

size_t keeper_request_size(uint32_t op)
{
	return op < ARRAY_LEN(sizes) ? sizes[op].request : 0;
}

size_t keeper_answer_size(uint32_t op)
{
	return op < ARRAY_LEN(sizes) ? sizes[op].answer : 0;
}

int keeper_hello_check(const struct keeper_hello *hello, const uint8_t keeper[SIGN_PUBLIC_SIZE],
	const uint8_t challenge[KEEPER_CHALLENGE_SIZE])
{
	if (memcmp(hello->magic, KEEPER_MAGIC, sizeof(hello->magic)) != 0 ||
		memcmp(hello->keeper, keeper, SIGN_PUBLIC_SIZE) != 0 ||
		memcmp(hello->challenge, challenge, KEEPER_CHALLENGE_SIZE) != 0)
		return -1;
	return sign_verify(keeper, bytes_of(hello, offsetof(struct keeper_hello, signature)),
		       hello->signature)
		       ? 0
		       : -1;
}

int keeper_hello_have(const struct keeper_hello *hello)
{
	return __builtin_popcount(hello->have[0]) + __builtin_popcount(hello->have[1]);
}

int keeper_letter_write(const struct keeper_hello *hello, const struct share *share,
	struct parcel_keys *keys, uint8_t nonce[16], uint8_t out[KEEPER_LETTER_SEALED])
{
	struct keeper_letter letter;
	int result;

	parcel_keys_new(keys);
	random_fill(&random_system, nonce, sizeof(letter.nonce));
	memcpy(letter.nonce, nonce, sizeof(letter.nonce));
	memcpy(letter.reply_to, keys->public_key, sizeof(letter.reply_to));
	letter.share = *share;
	result = parcel_seal(hello->session, bytes_of(&letter, sizeof(letter)), out);
	bytes_wipe(&letter, sizeof(letter));
	return result;
}

int keeper_reply_read(const struct parcel_keys *keys, const uint8_t nonce[16],
	const uint8_t sealed[KEEPER_REPLY_SEALED], struct keeper_reply *out)
{
	if (parcel_open(keys, bytes_of(sealed, KEEPER_REPLY_SEALED), (uint8_t *)out) < 0)
		return -1;
	return memcmp(out->nonce, nonce, sizeof(out->nonce)) == 0 ? 0 : -1;
}
