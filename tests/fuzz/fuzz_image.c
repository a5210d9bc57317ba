/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that lontar-media does with a file, without its cage: decode, hash, thumbnail, answer. Small
 * pictures only, so that time goes into the formats; whatever comes out must be an answer that the
 * other side takes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "media/inspect.h"

#define PIXELS_MAX ((uint64_t)1 << 14)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct media_info info, parsed;
	struct buf thumbnail, answer;

	buf_init(&thumbnail, MEDIA_THUMBNAIL_BYTES_MAX);
	buf_init(&answer, MEDIA_ANSWER_MAX);
	media_inspect(bytes_of(data, size), MEDIA_WANT_HASH | MEDIA_WANT_THUMBNAIL, PIXELS_MAX,
		&thumbnail, &info);
	require((uint64_t)info.width * info.height <= PIXELS_MAX);
	media_answer_append(&answer, &info);
	require(!answer.failed);
	require(media_answer_parse(buf_bytes(&answer), &parsed) == 0);
	require(parsed.result == info.result);
	if (info.result == MEDIA_OK)
		require(info.thumbnail.size > 0 && info.thumbnail_width > 0);
	buf_release(&answer);
	buf_release(&thumbnail);
	return 0;
}
