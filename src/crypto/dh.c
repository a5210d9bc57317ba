/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the group of the handshake and secret chats, and its modular powers. */
#include "crypto/dh.h"

#include <errno.h>
#include <pthread.h>

#include <openssl/bn.h>

#include "crypto/evp.h"

/* https://core.telegram.org/mtproto/security_guidelines: any other prime makes clients test it for
 * long. */
const uint8_t dh_prime[DH_SIZE] = {0xc7, 0x1c, 0xae, 0xb9, 0xc6, 0xb1, 0xc9, 0x04, 0x8e, 0x6c, 0x52,
	0x2f, 0x70, 0xf1, 0x3f, 0x73, 0x98, 0x0d, 0x40, 0x23, 0x8e, 0x3e, 0x21, 0xc1, 0x49, 0x34,
	0xd0, 0x37, 0x56, 0x3d, 0x93, 0x0f, 0x48, 0x19, 0x8a, 0x0a, 0xa7, 0xc1, 0x40, 0x58, 0x22,
	0x94, 0x93, 0xd2, 0x25, 0x30, 0xf4, 0xdb, 0xfa, 0x33, 0x6f, 0x6e, 0x0a, 0xc9, 0x25, 0x13,
	0x95, 0x43, 0xae, 0xd4, 0x4c, 0xce, 0x7c, 0x37, 0x20, 0xfd, 0x51, 0xf6, 0x94, 0x58, 0x70,
	0x5a, 0xc6, 0x8c, 0xd4, 0xfe, 0x6b, 0x6b, 0x13, 0xab, 0xdc, 0x97, 0x46, 0x51, 0x29, 0x69,
	0x32, 0x84, 0x54, 0xf1, 0x8f, 0xaf, 0x8c, 0x59, 0x5f, 0x64, 0x24, 0x77, 0xfe, 0x96, 0xbb,
	0x2a, 0x94, 0x1d, 0x5b, 0xcd, 0x1d, 0x4a, 0xc8, 0xcc, 0x49, 0x88, 0x07, 0x08, 0xfa, 0x9b,
	0x37, 0x8e, 0x3c, 0x4f, 0x3a, 0x90, 0x60, 0xbe, 0xe6, 0x7c, 0xf9, 0xa4, 0xa4, 0xa6, 0x95,
	0x81, 0x10, 0x51, 0x90, 0x7e, 0x16, 0x27, 0x53, 0xb5, 0x6b, 0x0f, 0x6b, 0x41, 0x0d, 0xba,
	0x74, 0xd8, 0xa8, 0x4b, 0x2a, 0x14, 0xb3, 0x14, 0x4e, 0x0e, 0xf1, 0x28, 0x47, 0x54, 0xfd,
	0x17, 0xed, 0x95, 0x0d, 0x59, 0x65, 0xb4, 0xb9, 0xdd, 0x46, 0x58, 0x2d, 0xb1, 0x17, 0x8d,
	0x16, 0x9c, 0x6b, 0xc4, 0x65, 0xb0, 0xd6, 0xff, 0x9c, 0xa3, 0x92, 0x8f, 0xef, 0x5b, 0x9a,
	0xe4, 0xe4, 0x18, 0xfc, 0x15, 0xe8, 0x3e, 0xbe, 0xa0, 0xf8, 0x7f, 0xa9, 0xff, 0x5e, 0xed,
	0x70, 0x05, 0x0d, 0xed, 0x28, 0x49, 0xf4, 0x7b, 0xf9, 0x59, 0xd9, 0x56, 0x85, 0x0c, 0xe9,
	0x29, 0x85, 0x1f, 0x0d, 0x81, 0x15, 0xf6, 0x35, 0xb1, 0x05, 0xee, 0x2e, 0x4e, 0x15, 0xd0,
	0x4b, 0x24, 0x54, 0xbf, 0x6f, 0x4f, 0xad, 0xf0, 0x34, 0xb1, 0x04, 0x03, 0x11, 0x9c, 0xd8,
	0xe3, 0xb9, 0x2f, 0xcc, 0x5b};

/* 2^1984 has 64 bits above it in a number of 2048. */
#define RANGE_HEAD 8

/*
 * Powers of the generator by a comb (Lim and Lee): the exponent's bits lie in rows, and each column
 * is one look-up of a product made ahead, so that 2 * COMB_COLUMNS multiplications do what a power
 * of any other base needs 2458 for. Every column multiplies, by 1 if need be, and every look-up
 * reads the whole table: neither time nor addresses tell of the exponent.
 *
 *          bit:  COMB_COLUMNS - 1 ... 1 0
 *   row 0        e[341]         ...       e[0]
 *   row 1        e[683]         ...       e[342]      table[digit] = product of the
 *   ...                                               g^(2^(row * 342)) whose bit is set
 *   row 5        0 0 0 0 e[2047] ...      e[1710]
 */
#define COMB_ROWS 6
#define COMB_COLUMNS 342
#define COMB_ENTRIES (1 << COMB_ROWS)
#define COMB_WORDS (DH_SIZE / 8)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static BIGNUM *prime;
static BN_MONT_CTX *montgomery; /* read-only once made */
/* In Montgomery form, little-endian. */
static uint64_t comb[COMB_ENTRIES][COMB_WORDS];

static void must(int result, const char *what)
{
	if (result != 1)
		evp_fatal(what);
}

static void comb_store(size_t at, const BIGNUM *value)
{
	if (BN_bn2lebinpad(value, (unsigned char *)comb[at], DH_SIZE) != DH_SIZE)
		evp_fatal("BN_bn2lebinpad");
}

static void comb_load(size_t at, BIGNUM *out)
{
	if (!BN_lebin2bn((const unsigned char *)comb[at], DH_SIZE, out))
		evp_fatal("BN_lebin2bn");
}

/* Entries of one row are the powers of g; the others are products of two that are there already. */
static void comb_make(BN_CTX *ctx)
{
	BIGNUM *a = BN_new(), *b = BN_new();

	if (!a || !b)
		evp_fatal("BN_new");
	must(BN_to_montgomery(a, BN_value_one(), montgomery, ctx), "BN_to_montgomery");
	comb_store(0, a);
	must(BN_set_word(a, DH_G), "BN_set_word");
	must(BN_to_montgomery(a, a, montgomery, ctx), "BN_to_montgomery");
	for (size_t row = 0; row < COMB_ROWS; row++) {
		comb_store((size_t)1 << row, a);
		for (size_t i = 0; i < COMB_COLUMNS; i++)
			must(BN_mod_mul_montgomery(a, a, a, montgomery, ctx),
				"BN_mod_mul_montgomery");
	}
	for (size_t at = 3; at < COMB_ENTRIES; at++) {
		if ((at & (at - 1)) == 0)
			continue;
		comb_load(at & (at - 1), a);
		comb_load(at & -at, b);
		must(BN_mod_mul_montgomery(a, a, b, montgomery, ctx), "BN_mod_mul_montgomery");
		comb_store(at, a);
	}
	BN_free(a);
	BN_free(b);
}

static void group_make(void)
{
	BN_CTX *ctx = BN_CTX_new();

	prime = BN_bin2bn(dh_prime, DH_SIZE, NULL);
	montgomery = BN_MONT_CTX_new();
	if (!ctx || !prime || !montgomery || BN_MONT_CTX_set(montgomery, prime, ctx) != 1)
		evp_fatal("BN_MONT_CTX_set");
	comb_make(ctx);
	BN_CTX_free(ctx);
}

/* out = base^exponent mod p; only the exponent is secret. base < p. */
static void power(const BIGNUM *base, const uint8_t exponent[DH_SIZE], uint8_t out[DH_SIZE])
{
	BN_CTX *ctx = BN_CTX_secure_new();
	BIGNUM *e = BN_bin2bn(exponent, DH_SIZE, NULL), *result = BN_new();

	if (!ctx || !e || !result)
		evp_fatal("BN_new");
	BN_set_flags(e, BN_FLG_CONSTTIME); /* its leading zeros are secret too */
	if (BN_mod_exp_mont_consttime(result, base, e, prime, ctx, montgomery) != 1 ||
		BN_bn2binpad(result, out, DH_SIZE) != DH_SIZE)
		evp_fatal("BN_mod_exp_mont_consttime");
	BN_clear_free(e);
	BN_clear_free(result);
	BN_CTX_free(ctx);
}

/* The bits of a column; the exponent is big-endian. */
static uint64_t comb_digit(const uint8_t exponent[DH_SIZE], size_t column)
{
	uint64_t digit = 0;

	for (size_t row = 0; row < COMB_ROWS; row++) {
		size_t bit = row * COMB_COLUMNS + column;

		if (bit < 8 * DH_SIZE)
			digit |= (uint64_t)(exponent[DH_SIZE - 1 - bit / 8] >> bit % 8 & 1) << row;
	}
	return digit;
}

static void comb_select(uint64_t digit, uint64_t out[COMB_WORDS])
{
	uint64_t masks[COMB_ENTRIES]; /* all ones for the entry that is wanted */

	for (uint64_t at = 0; at < COMB_ENTRIES; at++) {
		uint64_t other = at ^ digit;

		masks[at] = ((other | (0 - other)) >> 63) - 1;
	}
	/* Four words at a time stay in registers over all entries. */
	for (size_t i = 0; i < COMB_WORDS; i += 4) {
		uint64_t a = 0, b = 0, c = 0, d = 0;

		for (size_t at = 0; at < COMB_ENTRIES; at++) {
			a |= comb[at][i] & masks[at];
			b |= comb[at][i + 1] & masks[at];
			c |= comb[at][i + 2] & masks[at];
			d |= comb[at][i + 3] & masks[at];
		}
		out[i] = a;
		out[i + 1] = b;
		out[i + 2] = c;
		out[i + 3] = d;
	}
	bytes_wipe(masks, sizeof(masks));
}

/* out = g^exponent mod p; the exponent is secret. */
static void generator_power(const uint8_t exponent[DH_SIZE], uint8_t out[DH_SIZE])
{
	BN_CTX *ctx = BN_CTX_secure_new();
	BIGNUM *result = BN_new(), *factor = BN_new();
	uint64_t selected[COMB_WORDS];

	if (!ctx || !result || !factor)
		evp_fatal("BN_new");
	comb_load(0, result);
	for (size_t column = COMB_COLUMNS; column-- > 0;) {
		comb_select(comb_digit(exponent, column), selected);
		if (!BN_lebin2bn((const unsigned char *)selected, DH_SIZE, factor))
			evp_fatal("BN_lebin2bn");
		must(BN_mod_mul_montgomery(result, result, result, montgomery, ctx),
			"BN_mod_mul_montgomery");
		must(BN_mod_mul_montgomery(result, result, factor, montgomery, ctx),
			"BN_mod_mul_montgomery");
	}
	must(BN_from_montgomery(result, result, montgomery, ctx), "BN_from_montgomery");
	if (BN_bn2binpad(result, out, DH_SIZE) != DH_SIZE)
		evp_fatal("BN_bn2binpad");
	bytes_wipe(selected, sizeof(selected));
	BN_clear_free(factor);
	BN_clear_free(result);
	BN_CTX_free(ctx);
}

bool dh_public_is_sound(const uint8_t number[DH_SIZE])
{
	static const uint8_t zeros[RANGE_HEAD];
	uint8_t most[DH_SIZE];

	memcpy(most, dh_prime, DH_SIZE);
	most[RANGE_HEAD - 1]--; /* p - 2^1984: this byte of p is not 0, so nothing is borrowed */
	/* Both are looked at in any case: a refusal takes no longer for one than for the other. */
	return (memcmp(number, zeros, RANGE_HEAD) != 0) & (memcmp(number, most, DH_SIZE) <= 0);
}

void dh_pair_make(struct dh_pair *pair, const struct random *random)
{
	pthread_once(&once, group_make);
	do {
		random_fill(random, pair->secret, DH_SIZE);
		generator_power(pair->secret, pair->public);
	} while (!dh_public_is_sound(pair->public)); /* one in 2^63 */
}

void dh_pair_wipe(struct dh_pair *pair)
{
	bytes_wipe(pair, sizeof(*pair));
}

int dh_shared_key(const uint8_t secret[DH_SIZE], const uint8_t peer[DH_SIZE], uint8_t out[DH_SIZE])
{
	BIGNUM *base;

	if (!dh_public_is_sound(peer)) {
		memset(out, 0, DH_SIZE);
		return -1;
	}
	pthread_once(&once, group_make);
	base = BN_bin2bn(peer, DH_SIZE, NULL);
	if (!base)
		evp_fatal("BN_bin2bn");
	power(base, secret, out);
	BN_free(base);
	return 0;
}

static bool prime_is_safe(void)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *half = BN_new();
	bool safe = ctx && half && BN_num_bits(prime) == 8 * DH_SIZE &&
		    BN_mod_word(prime, 3) == 2 && BN_rshift1(half, prime) == 1 &&
		    BN_check_prime(prime, ctx, NULL) == 1 && BN_check_prime(half, ctx, NULL) == 1;

	BN_free(half);
	BN_CTX_free(ctx);
	return safe;
}

int dh_group_test(struct err *err)
{
	pthread_once(&once, group_make);
	if (!prime_is_safe())
		return err_set(err, EINVAL,
			"the Diffie-Hellman group is not a safe prime with generator 3");
	return 0;
}

int dh_self_test(struct err *err)
{
	struct dh_pair a, b;
	uint8_t from_a[DH_SIZE], from_b[DH_SIZE];
	bool agree;

	dh_pair_make(&a, &random_system);
	dh_pair_make(&b, &random_system);
	agree = dh_shared_key(a.secret, b.public, from_a) == 0 &&
		dh_shared_key(b.secret, a.public, from_b) == 0 &&
		bytes_equal_secret(from_a, from_b, DH_SIZE);
	dh_pair_wipe(&a);
	dh_pair_wipe(&b);
	bytes_wipe(from_a, sizeof(from_a));
	bytes_wipe(from_b, sizeof(from_b));
	return agree ? 0 : err_set(err, EINVAL, "two sides of a Diffie-Hellman exchange disagree");
}
