/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns AES-256 with AES-NI intrinsics. One AESENC takes about four cycles but two can start in
 * each: a message in IGE waits for itself, so several messages are run side by side, one per lane.
 *
 *   lane: | schedule of its key | previous in | previous out | where it is in its message |
 *
 * All lanes advance by the same number of blocks, the shortest rest; then those that ended take the
 * next message. Nothing here runs unless aes_ni_present() said so.
 */
#include "crypto/aes_ni.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AES_ROUNDS 14
#define LANES_MAX 8
#define CTR_WIDTH 8 /* blocks of key stream in flight */
#define WITH_AES __attribute__((target("aes,sse4.1")))
#define INLINE_AES WITH_AES __attribute__((always_inline)) static inline

struct schedule {
	__m128i rounds[AES_ROUNDS + 1];
};

struct lane {
	struct schedule schedule;
	__m128i before_in, before_out;
	const uint8_t *in;
	uint8_t *out;
	size_t blocks; /* left */
};

bool aes_ni_present(void)
{
	return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}

INLINE_AES __m128i load_block(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i_u *)p);
}

INLINE_AES void store_block(uint8_t *p, __m128i block)
{
	_mm_storeu_si128((__m128i_u *)p, block);
}

/* Words a, a^b, a^b^c, a^b^c^d: the running XOR of FIPS 197 section 5.2, then the new word over
 * all. */
INLINE_AES __m128i expand(__m128i old, __m128i word)
{
	old = _mm_xor_si128(old, _mm_slli_si128(old, 4));
	old = _mm_xor_si128(old, _mm_slli_si128(old, 8));
	return _mm_xor_si128(old, word);
}

/* AESENCLAST on four equal columns is SubWord and XOR: several times faster than AESKEYGENASSIST.
 */
WITH_AES static void schedule_make(struct schedule *s, const uint8_t *key)
{
	const __m128i rotated = _mm_set1_epi32(0x0c0f0e0d), straight = _mm_set1_epi32(0x0f0e0d0c);
	__m128i even = load_block(key), odd = load_block(key + 16),
		round_constant = _mm_set1_epi32(1);

	s->rounds[0] = even;
	s->rounds[1] = odd;
	for (size_t i = 2; i <= AES_ROUNDS; i += 2) {
		even = expand(
			even, _mm_aesenclast_si128(_mm_shuffle_epi8(odd, rotated), round_constant));
		s->rounds[i] = even;
		if (i == AES_ROUNDS)
			break;
		odd = expand(odd, _mm_aesenclast_si128(
					  _mm_shuffle_epi8(even, straight), _mm_setzero_si128()));
		s->rounds[i + 1] = odd;
		round_constant = _mm_slli_epi32(round_constant, 1);
	}
}

WITH_AES static void schedule_invert(struct schedule *s)
{
	for (size_t i = 0; i < AES_ROUNDS / 2; i++) {
		__m128i t = s->rounds[i];

		s->rounds[i] = s->rounds[AES_ROUNDS - i];
		s->rounds[AES_ROUNDS - i] = t;
	}
	for (size_t i = 1; i < AES_ROUNDS; i++)
		s->rounds[i] = _mm_aesimc_si128(s->rounds[i]);
}

/* count is a constant at each call, so the loops over lanes unroll and the states stay in
 * registers. */
INLINE_AES void lanes_encrypt(struct lane *lanes, const size_t count, size_t blocks)
{
	__m128i state[LANES_MAX]; /* between blocks: the previous out */
	__m128i before_in[LANES_MAX];
	const uint8_t *in[LANES_MAX];
	uint8_t *out[LANES_MAX];

#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++) {
		state[k] = lanes[k].before_out;
		before_in[k] = lanes[k].before_in;
		in[k] = lanes[k].in;
		out[k] = lanes[k].out;
	}
	for (size_t at = 0; at < blocks * AES_BLOCK; at += AES_BLOCK) {
#pragma GCC unroll 8
		for (size_t k = 0; k < count; k++) {
			__m128i now = load_block(in[k] + at);
			state[k] = _mm_xor_si128(
				state[k], _mm_xor_si128(now, lanes[k].schedule.rounds[0]));
			before_in[k] =
				_mm_xor_si128(before_in[k], lanes[k].schedule.rounds[AES_ROUNDS]);
		}
#pragma GCC unroll 14
		for (size_t r = 1; r < AES_ROUNDS; r++) {
#pragma GCC unroll 8
			for (size_t k = 0; k < count; k++)
				state[k] = _mm_aesenc_si128(state[k], lanes[k].schedule.rounds[r]);
		}
#pragma GCC unroll 8
		for (size_t k = 0; k < count; k++) {
			__m128i now =
				load_block(in[k] + at); /* before out is stored: they may be one */

			state[k] = _mm_aesenclast_si128(state[k], before_in[k]);
			before_in[k] = now;
			store_block(out[k] + at, state[k]);
		}
	}
#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++) {
		lanes[k].before_out = state[k];
		lanes[k].before_in = before_in[k];
		lanes[k].in += blocks * AES_BLOCK;
		lanes[k].out += blocks * AES_BLOCK;
		lanes[k].blocks -= blocks;
	}
}

WITH_AES static void lanes_encrypt_8(struct lane *lanes, size_t blocks)
{
	lanes_encrypt(lanes, 8, blocks);
}

WITH_AES static void lanes_encrypt_4(struct lane *lanes, size_t blocks)
{
	lanes_encrypt(lanes, 4, blocks);
}

WITH_AES static void lanes_encrypt_2(struct lane *lanes, size_t blocks)
{
	lanes_encrypt(lanes, 2, blocks);
}

/* Alone, a lane keeps its two previous blocks in registers. */
WITH_AES static void lanes_encrypt_1(struct lane *lane, size_t blocks)
{
	const struct schedule s = lane->schedule;
	__m128i before_in = lane->before_in, before_out = lane->before_out;

	for (size_t at = 0; at < blocks * AES_BLOCK; at += AES_BLOCK) {
		__m128i now = load_block(lane->in + at);
		/* What does not wait for the previous block is done beside it. */
		__m128i first = _mm_xor_si128(now, s.rounds[0]);
		__m128i last = _mm_xor_si128(before_in, s.rounds[AES_ROUNDS]);
		__m128i state = _mm_xor_si128(first, before_out);

#pragma GCC unroll 14
		for (size_t r = 1; r < AES_ROUNDS; r++)
			state = _mm_aesenc_si128(state, s.rounds[r]);
		before_out = _mm_aesenclast_si128(state, last);
		before_in = now;
		store_block(lane->out + at, before_out);
	}
	lane->before_in = before_in;
	lane->before_out = before_out;
	lane->in += blocks * AES_BLOCK;
	lane->out += blocks * AES_BLOCK;
	lane->blocks -= blocks;
}

WITH_AES static void lane_start(struct lane *lane, const struct aes_ige_job *job)
{
	schedule_make(&lane->schedule, job->key);
	lane->before_out = load_block(job->iv);
	lane->before_in = load_block(job->iv + AES_BLOCK);
	lane->in = job->in;
	lane->out = job->out;
	lane->blocks = job->size / AES_BLOCK;
}

static size_t shortest(const struct lane *lanes, size_t count)
{
	size_t blocks = lanes[0].blocks;

	for (size_t k = 1; k < count; k++)
		blocks = lanes[k].blocks < blocks ? lanes[k].blocks : blocks;
	return blocks;
}

/* Runs as many of the lanes side by side as there is code for. */
static void lanes_advance(struct lane *lanes, size_t active)
{
	if (active == 8)
		lanes_encrypt_8(lanes, shortest(lanes, 8));
	else if (active >= 4)
		lanes_encrypt_4(lanes, shortest(lanes, 4));
	else if (active >= 2)
		lanes_encrypt_2(lanes, shortest(lanes, 2));
	else
		lanes_encrypt_1(lanes, lanes[0].blocks);
}

void aes_ni_ige_encrypt_many(const struct aes_ige_job *jobs, size_t count)
{
	struct lane lanes[LANES_MAX];
	size_t active = 0, used = 0, next = 0;

	for (;;) {
		while (active < LANES_MAX && next < count) {
			if (jobs[next].size)
				lane_start(&lanes[active++], &jobs[next]);
			next++;
			used = active > used ? active : used;
		}
		if (!active)
			break;
		lanes_advance(lanes, active);
		for (size_t k = active; k-- > 0;) {
			if (lanes[k].blocks == 0 && k != --active)
				lanes[k] = lanes[active];
		}
	}
	bytes_wipe(lanes, used * sizeof(lanes[0])); /* key schedules */
}

WITH_AES void aes_ni_ige_decrypt(
	const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t size)
{
	__m128i before_in = load_block(iv), before_out = load_block(iv + AES_BLOCK);
	struct schedule s;

	schedule_make(&s, key);
	schedule_invert(&s);
	for (size_t at = 0; at < size; at += AES_BLOCK) {
		__m128i now = load_block(in + at);
		__m128i first = _mm_xor_si128(now, s.rounds[0]);
		__m128i last = _mm_xor_si128(before_in, s.rounds[AES_ROUNDS]);
		__m128i state = _mm_xor_si128(first, before_out);

#pragma GCC unroll 14
		for (size_t r = 1; r < AES_ROUNDS; r++)
			state = _mm_aesdec_si128(state, s.rounds[r]);
		before_out = _mm_aesdeclast_si128(state, last);
		before_in = now;
		store_block(out + at, before_out);
	}
	bytes_wipe(&s, sizeof(s));
}

/* The counter is big-endian: kept as two numbers, turned round for the cipher. */
INLINE_AES __m128i counter_block(uint64_t high, uint64_t low)
{
	return _mm_set_epi64x(
		(long long)__builtin_bswap64(low), (long long)__builtin_bswap64(high));
}

INLINE_AES void ctr_run(const struct schedule *s, uint64_t *high, uint64_t *low, const uint8_t *in,
	uint8_t *out, const size_t count)
{
	__m128i state[CTR_WIDTH];

#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++) {
		state[k] = _mm_xor_si128(counter_block(*high, *low), s->rounds[0]);
		if (++*low == 0)
			++*high;
	}
#pragma GCC unroll 14
	for (size_t r = 1; r < AES_ROUNDS; r++) {
#pragma GCC unroll 8
		for (size_t k = 0; k < count; k++)
			state[k] = _mm_aesenc_si128(state[k], s->rounds[r]);
	}
#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++) {
		__m128i pad = _mm_aesenclast_si128(state[k], s->rounds[AES_ROUNDS]);

		store_block(
			out + k * AES_BLOCK, _mm_xor_si128(pad, load_block(in + k * AES_BLOCK)));
	}
}

WITH_AES void aes_ni_ctr_blocks(
	const uint8_t *key, uint8_t *counter, const uint8_t *in, uint8_t *out, size_t count)
{
	uint64_t high = __builtin_bswap64(load_u64le(counter));
	uint64_t low = __builtin_bswap64(load_u64le(counter + 8));
	struct schedule s;
	size_t at = 0;

	schedule_make(&s, key);
	for (; at + CTR_WIDTH <= count; at += CTR_WIDTH)
		ctr_run(&s, &high, &low, in + at * AES_BLOCK, out + at * AES_BLOCK, CTR_WIDTH);
	for (; at < count; at++)
		ctr_run(&s, &high, &low, in + at * AES_BLOCK, out + at * AES_BLOCK, 1);
	store_u64le(counter, __builtin_bswap64(high));
	store_u64le(counter + 8, __builtin_bswap64(low));
	bytes_wipe(&s, sizeof(s));
}

#else /* another processor: aes.c never calls these, it only links them */

#include <stdlib.h>

bool aes_ni_present(void)
{
	return false;
}

void aes_ni_ige_encrypt_many(const struct aes_ige_job *jobs, size_t count)
{
	abort();
}

void aes_ni_ige_decrypt(
	const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t size)
{
	abort();
}

void aes_ni_ctr_blocks(
	const uint8_t *key, uint8_t *counter, const uint8_t *in, uint8_t *out, size_t count)
{
	abort();
}

#endif
