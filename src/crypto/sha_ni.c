/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns SHA-256 with the SHA extensions. Each round waits for the one before it, and the unit could
 * begin another meanwhile: two messages are run side by side, and when one ends the next takes its
 * lane. Nothing here runs unless sha_ni_present() said so.
 *
 *   lane: | state ABEF CDGH | its job | part and place in it | block being put together |
 */
#include "crypto/sha_ni.h"

#include <stdlib.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define BLOCK 64
#define LENGTH_AT 56 /* of the last block: the message's length in bits */
#define LANES 2
#define WITH_SHA __attribute__((target("sha,sse4.1")))
#define INLINE_SHA WITH_SHA __attribute__((always_inline)) static inline

struct state {
	__m128i abef, cdgh;
};

struct lane {
	struct state state;
	const struct hash_job *job; /* NULL: idle */
	size_t part, at, total;
	bool padded; /* the bit behind the message is there */
	uint8_t block[BLOCK];
};

static const uint32_t constants[64] __attribute__((aligned(16))) = {0x428a2f98, 0x71374491,
	0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
	0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
	0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
	0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool sha_ni_present(void)
{
	unsigned a, b, c, d;

	/* Leaf 7, EBX bit 29; __builtin_cpu_supports of older compilers does not know its name. */
	__asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(0), "c"(0));
	if (a < 7 || !__builtin_cpu_supports("sse4.1"))
		return false;
	__asm__("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(7), "c"(0));
	return b >> 29 & 1;
}

/* ---- Rounds ---- */

INLINE_SHA void load_words(const uint8_t block[BLOCK], __m128i w[4])
{
	const __m128i big_endian =
		_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);

	for (size_t i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(
			_mm_loadu_si128((const __m128i_u *)(block + 16 * i)), big_endian);
}

/* Words 4g to 4g+3 of the schedule take the place of those sixteen before them. */
INLINE_SHA void schedule(__m128i w[4], size_t g)
{
	__m128i last = w[(g + 3) & 3];
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[g & 3], w[(g + 1) & 3]),
		_mm_alignr_epi8(last, w[(g + 2) & 3], 4));

	w[g & 3] = _mm_sha256msg2_epu32(sum, last);
}

INLINE_SHA void four_rounds(struct state *s, __m128i words, size_t g)
{
	__m128i sum = _mm_add_epi32(
		words, _mm_load_si128((const __m128i *)(const void *)&constants[4 * g]));

	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, sum);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

INLINE_SHA void compress(struct lane lanes[], const uint8_t *const blocks[], size_t count)
{
	struct state s[LANES], before[LANES];
	__m128i w[LANES][4];

	for (size_t i = 0; i < count; i++) {
		s[i] = before[i] = lanes[i].state;
		load_words(blocks[i], w[i]);
	}
#pragma GCC unroll 16
	for (size_t g = 0; g < 16; g++) {
#pragma GCC unroll 2
		for (size_t i = 0; i < count; i++) {
			if (g >= 4)
				schedule(w[i], g);
			four_rounds(&s[i], w[i][g & 3], g);
		}
	}
	for (size_t i = 0; i < count; i++) {
		lanes[i].state.abef = _mm_add_epi32(s[i].abef, before[i].abef);
		lanes[i].state.cdgh = _mm_add_epi32(s[i].cdgh, before[i].cdgh);
	}
}

WITH_SHA static void compress_one(struct lane *lane, const uint8_t *block)
{
	compress(lane, &block, 1);
}

WITH_SHA static void compress_two(struct lane lanes[LANES], const uint8_t *const blocks[LANES])
{
	compress(lanes, blocks, LANES);
}

/* ---- Lanes ---- */

INLINE_SHA void lane_begin(struct lane *lane, const struct hash_job *job)
{
	lane->state.abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
	lane->state.cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
	lane->job = job;
	lane->part = lane->at = lane->total = 0;
	lane->padded = false;
}

INLINE_SHA void lane_end(struct lane *lane)
{
	uint8_t *out = lane->job->out;
	uint32_t abef[4], cdgh[4];

	_mm_storeu_si128((__m128i_u *)abef, lane->state.abef);
	_mm_storeu_si128((__m128i_u *)cdgh, lane->state.cdgh);
	for (size_t i = 0; i < 2; i++) {
		store_u32le(out + 4 * i, __builtin_bswap32(abef[3 - i]));
		store_u32le(out + 8 + 4 * i, __builtin_bswap32(cdgh[3 - i]));
		store_u32le(out + 16 + 4 * i, __builtin_bswap32(abef[1 - i]));
		store_u32le(out + 24 + 4 * i, __builtin_bswap32(cdgh[1 - i]));
	}
	lane->job = NULL;
}

/* Message bytes into the lane's block; how many of BLOCK were left. */
static size_t fill(struct lane *lane)
{
	size_t have = 0;

	while (have < BLOCK && lane->part < HASH_JOB_PARTS) {
		const struct bytes *part = &lane->job->parts[lane->part];
		size_t size = part->size - lane->at;

		if (size > BLOCK - have)
			size = BLOCK - have;
		if (size > 0)
			memcpy(lane->block + have, part->data + lane->at, size);
		have += size;
		lane->at += size;
		if (lane->at < part->size)
			break;
		lane->part++;
		lane->at = 0;
	}
	lane->total += have;
	return have;
}

/* The next block: straight from the message where it lies whole in one part. NULL: none is left. */
static const uint8_t *next_block(struct lane *lane, bool *last)
{
	const struct bytes *part = &lane->job->parts[lane->part];
	size_t have;

	*last = false;
	if (lane->part < HASH_JOB_PARTS && part->size - lane->at >= BLOCK) {
		lane->at += BLOCK;
		lane->total += BLOCK;
		return part->data + lane->at - BLOCK;
	}
	have = fill(lane);
	if (have == BLOCK)
		return lane->block;
	memset(lane->block + have, 0, BLOCK - have);
	if (!lane->padded)
		lane->block[have++] = 0x80;
	lane->padded = true;
	if (have > LENGTH_AT)
		return lane->block;
	store_u32le(lane->block + LENGTH_AT, __builtin_bswap32((uint32_t)(lane->total >> 29)));
	store_u32le(lane->block + LENGTH_AT + 4, __builtin_bswap32((uint32_t)(lane->total << 3)));
	*last = true;
	return lane->block;
}

/* One block of both lanes. */
WITH_SHA static void step_two(struct lane lanes[LANES])
{
	const uint8_t *blocks[LANES];
	bool last[LANES];

	for (size_t i = 0; i < LANES; i++)
		blocks[i] = next_block(&lanes[i], &last[i]);
	compress_two(lanes, blocks);
	for (size_t i = 0; i < LANES; i++) {
		if (last[i])
			lane_end(&lanes[i]);
	}
}

/* To the end of a message that has no neighbour. */
WITH_SHA static void finish_alone(struct lane *lane)
{
	while (lane->job) {
		bool last;

		compress_one(lane, next_block(lane, &last));
		if (last)
			lane_end(lane);
	}
}

WITH_SHA void sha_ni_256_many(const struct hash_job *jobs, size_t count)
{
	struct lane lanes[LANES] = {0};
	size_t next = 0;

	for (;;) {
		for (size_t i = 0; i < LANES; i++) {
			if (!lanes[i].job && next < count)
				lane_begin(&lanes[i], &jobs[next++]);
		}
		if (!lanes[0].job || !lanes[1].job)
			break;
		step_two(lanes);
	}
	for (size_t i = 0; i < LANES; i++)
		finish_alone(&lanes[i]);
	bytes_wipe(lanes, sizeof(lanes));
}

#else

bool sha_ni_present(void)
{
	return false;
}

void sha_ni_256_many(const struct hash_job *jobs, size_t count)
{
	abort();
}

#endif
