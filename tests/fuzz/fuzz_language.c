/* SPDX-License-Identifier: Apache-2.0 */
/* The language of any bytes: a tag or none, and the same when asked again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char tag[LANGUAGE_TAG_SIZE], again[LANGUAGE_TAG_SIZE];
	bool said = language_detect(bytes_of(data, size), tag);

	if (said != (tag[0] != 0) || memchr(tag, 0, sizeof(tag)) == NULL)
		abort();
	if (language_detect(bytes_of(data, size), again) != said || strcmp(tag, again) != 0)
		abort();
	return 0;
}
