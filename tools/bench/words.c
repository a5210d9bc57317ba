/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/words.h"

#include <stdio.h>

/* Room for both numbers. */
#define WORDS_SIZE_MIN 24

void words_init(struct words *words, uint64_t seed, size_t size_max)
{
	*words = (struct words){seed, WORDS_SIZE_MIN, size_max};
}

/* splitmix64: fast and even enough for lengths and letters. */
uint64_t words_draw(struct words *words)
{
	uint64_t z = words->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct bytes words_make(struct words *words, uint32_t writer, uint32_t number, char *out)
{
	size_t size = words->size_min +
		      (size_t)(words_draw(words) % (words->size_max - words->size_min + 1));
	size_t at = (size_t)snprintf(out, WORDS_SIZE_MIN, "%u:%u ", writer, number);

	while (at < size) {
		uint64_t letters = words_draw(words);

		for (int i = 0; i < 8 && at < size; i++, letters >>= 8)
			out[at++] = (char)('a' + letters % 26);
	}
	return bytes_of(out, size);
}

static bool take_number(struct bytes text, size_t *at, char end, uint32_t *out)
{
	uint64_t number = 0;
	size_t from = *at;

	while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9' &&
		number <= UINT32_MAX)
		number = number * 10 + (uint64_t)(text.data[(*at)++] - '0');
	if (*at == from || *at == text.size || text.data[*at] != (uint8_t)end ||
		number > UINT32_MAX)
		return false;
	(*at)++;
	*out = (uint32_t)number;
	return true;
}

bool words_parse(struct bytes text, uint32_t *writer, uint32_t *number)
{
	size_t at = 0;

	return take_number(text, &at, ':', writer) && take_number(text, &at, ' ', number);
}
