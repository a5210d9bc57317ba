/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the two operations on secrets that the compiler must not shorten. */
#include "base/bytes.h"

bool bytes_equal_secret(const void *a, const void *b, size_t size)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < size; i++)
		difference |= (uint8_t)(x[i] ^ y[i]);
	return difference == 0;
}

void bytes_wipe(void *data, size_t size)
{
	if (size)
		explicit_bzero(data, size);
}
