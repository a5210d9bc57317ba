/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how phone numbers are read. Does not own countries: core/accounts/country.c does. */
#include "core/accounts/phone.h"

#include <string.h>

/* What people write between digits. */
static bool is_filler(uint8_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

int phone_normalise(struct arena *arena, struct bytes written, struct bytes *digits)
{
	uint8_t *out = arena_alloc(arena, PHONE_DIGITS_MAX);
	size_t size = 0;

	*digits = (struct bytes){0};
	for (size_t i = 0; i < written.size; i++) {
		uint8_t c = written.data[i];

		if (is_filler(c) || (c == '+' && size == 0))
			continue;
		if (c < '0' || c > '9' || size == PHONE_DIGITS_MAX)
			return -1;
		out[size++] = c;
	}
	if (size < PHONE_DIGITS_MIN || out[0] == '0') /* no calling code begins with 0 */
		return -1;
	*digits = bytes_of(out, size);
	return 0;
}

bool phone_is_anonymous(struct bytes digits)
{
	return digits.size == PHONE_ANONYMOUS_DIGITS &&
	       memcmp(digits.data, PHONE_ANONYMOUS_CODE, sizeof(PHONE_ANONYMOUS_CODE) - 1) == 0;
}

void phone_lookup(const struct vault *vault, struct bytes digits, uint8_t out[VAULT_LOOKUP_SIZE])
{
	vault_lookup(vault, "phone", digits, out);
}
