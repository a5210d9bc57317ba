/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PROXY header reader with any bytes: it never takes more than there is or than the maximum,
 * what follows the header changes nothing, and a header that lacks its last byte asks for more.
 */
#include <stdint.h>
#include <stdlib.h>

#include "net/proxy_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proxy_header header, again;

	switch (proxy_header_read(bytes_of(data, size), &header)) {
	case PROXY_MORE:
		require(size < PROXY_HEADER_MAX);
		break;
	case PROXY_READ:
		require(header.size > 0 && header.size <= size && header.size <= PROXY_HEADER_MAX);
		require(proxy_header_read(bytes_of(data, header.size), &again) == PROXY_READ);
		require(again.size == header.size && again.has_source == header.has_source);
		require(memcmp(again.source.ip, header.source.ip, 16) == 0);
		require(proxy_header_read(bytes_of(data, header.size - 1), &again) == PROXY_MORE);
		break;
	case PROXY_BAD:
		break;
	}
	return 0;
}
