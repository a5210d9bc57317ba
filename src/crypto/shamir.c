/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the arithmetic of shares. Every coefficient but the secret is drawn uniformly from all 256
 * values: a polynomial whose highest coefficient is never 0 gives its secret away after it was
 * shared often enough. */
#include "crypto/shamir.h"

#include "base/bytes.h"

#define REDUCTION 0x1d /* of the polynomial, without x^8 */

/* Russian peasants, with masks in the place of branches. */
uint8_t shamir_multiply(uint8_t a, uint8_t b)
{
	unsigned product = 0, shifted = a;

	for (int bit = 0; bit < 8; bit++) {
		product ^= shifted & (0U - (b >> bit & 1U));
		shifted = (shifted << 1 & 0xffU) ^ (REDUCTION & (0U - (shifted >> 7 & 1U)));
	}
	return (uint8_t)product;
}

/* a^254, which is 1 / a; 0 for 0. */
static uint8_t inverse(uint8_t a)
{
	uint8_t power = a, result = 1;

	for (int bit = 1; bit < 8; bit++) {
		power = shamir_multiply(power, power);
		result = shamir_multiply(result, power);
	}
	return result;
}

int shamir_split(const struct random *random, const uint8_t *secret, size_t size, int threshold,
	int count, struct shamir_share *out)
{
	uint8_t coefficients[SHAMIR_SHARES_MAX];

	if (threshold < 1 || threshold > count || count > SHAMIR_SHARES_MAX || size < 1 ||
		size > SHAMIR_SECRET_MAX)
		return -1;
	for (int i = 0; i < count; i++)
		out[i] = (struct shamir_share){.x = (uint8_t)(i + 1)};
	for (size_t at = 0; at < size; at++) {
		random_fill(random, coefficients, sizeof(coefficients));
		coefficients[0] = secret[at];
		for (int i = 0; i < count; i++) {
			uint8_t y = 0;

			for (int power = threshold - 1; power >= 0; power--)
				y = (uint8_t)(shamir_multiply(y, out[i].x) ^ coefficients[power]);
			out[i].y[at] = y;
		}
	}
	bytes_wipe(coefficients, sizeof(coefficients));
	return 0;
}

static bool xs_are_sound(const struct shamir_share *shares, int count)
{
	for (int i = 0; i < count; i++) {
		if (shares[i].x == 0)
			return false;
		for (int j = 0; j < i; j++)
			if (shares[i].x == shares[j].x)
				return false;
	}
	return true;
}

/* What share `of` counts for at x = 0: the product of x_j / (x_j - x_of) over the others. */
static uint8_t weight_at_zero(const struct shamir_share *shares, int count, int of)
{
	uint8_t above = 1, below = 1;

	for (int j = 0; j < count; j++) {
		if (j == of)
			continue;
		above = shamir_multiply(above, shares[j].x);
		below = shamir_multiply(below, shares[j].x ^ shares[of].x);
	}
	return shamir_multiply(above, inverse(below));
}

int shamir_combine(const struct shamir_share *shares, int count, size_t size, uint8_t *secret)
{
	if (count < 1 || count > SHAMIR_SHARES_MAX || size < 1 || size > SHAMIR_SECRET_MAX ||
		!xs_are_sound(shares, count))
		return -1;
	memset(secret, 0, size);
	for (int i = 0; i < count; i++) {
		uint8_t weight = weight_at_zero(shares, count, i);

		for (size_t at = 0; at < size; at++)
			secret[at] ^= shamir_multiply(weight, shares[i].y[at]);
	}
	return 0;
}
