/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ClientHello reader with any bytes: what it finds lies inside what it read, bytes that follow
 * change nothing, and until the record is whole it asks for more.
 */
#include <stdint.h>
#include <stdlib.h>

#include "net/client_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void inside(struct bytes part, struct bytes whole)
{
	require(part.data >= whole.data && part.size <= whole.size &&
		part.data + part.size <= whole.data + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_hello hello, again;
	struct bytes in = bytes_of(data, size);

	if (client_hello_read(in, &hello) != CLIENT_HELLO_READ)
		return 0;
	inside(hello.record, in);
	inside(hello.random, hello.record);
	inside(hello.session_id, hello.record);
	require(hello.random.size == 32 && hello.session_id.size <= 32);
	require(hello.random.data == data + CLIENT_HELLO_RANDOM_AT);
	if (hello.server_name.data) {
		inside(hello.server_name, hello.record);
		require(hello.server_name.size >= 1 && hello.server_name.size <= 255);
	}
	require(client_hello_read(hello.record, &again) == CLIENT_HELLO_READ);
	require(bytes_equal(again.server_name, hello.server_name));
	in.size = hello.record.size - 1;
	require(client_hello_read(in, &again) == CLIENT_HELLO_MORE);
	return 0;
}
