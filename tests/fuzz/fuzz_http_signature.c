/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of signed requests: lines of the input are Signature-Input, Signature,
 * Content-Digest, the path and the body. Whatever is read names components that are covered, and
 * ends its base with what the sender wrote of it: nothing that was not signed counts.
 */
#include <stdint.h>
#include <stdlib.h>

#include "desk/lanes/http_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static struct bytes take_line(struct bytes *rest)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	struct bytes line = {rest->data, end ? (size_t)(end - rest->data) : rest->size};

	rest->data += line.size + (end ? 1 : 0);
	rest->size -= line.size + (end ? 1 : 0);
	return line;
}

static void check(struct arena *arena, const struct http_request *request)
{
	struct http_signature signature;
	const char *why = NULL;
	struct bytes input = request->headers[0].value, params;

	(void)http_digest_fits(arena, request);
	if (http_signature_read(arena, request, &signature, &why) < 0) {
		require(why != NULL);
		return;
	}
	for (size_t i = 0; i < signature.component_count; i++)
		require(http_signature_covers(
			&signature, arena_str(arena, signature.components[i])));
	params = input;
	while (params.data[0] != '(') {
		params.data++;
		params.size--;
	}
	require(signature.base.size >= params.size);
	require(memcmp(signature.base.data + signature.base.size - params.size, params.data,
			params.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = {data, size};
	struct http_header headers[] = {{BYTES_LITERAL("Signature-Input"), take_line(&rest)},
		{BYTES_LITERAL("Signature"), take_line(&rest)},
		{BYTES_LITERAL("Content-Digest"), take_line(&rest)},
		{BYTES_LITERAL("Host"), BYTES_LITERAL("desk.example")}};
	struct http_request request = {.method = HTTP_POST,
		.headers = headers,
		.header_count = 4,
		.path = take_line(&rest),
		.body = rest};
	struct arena arena;

	arena_init(&arena);
	check(&arena, &request);
	arena_release(&arena);
	return 0;
}
