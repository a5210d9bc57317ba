/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames out of hostile streams, both roles. First byte: role, kind, obfuscation, secrets, HTTP;
 * second: how many bytes come at a time; then the stream. Every packet must lie inside what was
 * fed.
 */
#include <assert.h>
#include <stdlib.h>

#include "mtproto/transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_up(void *ctx, void *out, size_t size)
{
	uint8_t *next = ctx, *to = out;

	for (size_t i = 0; i < size; i++)
		to[i] = (*next)++;
}

static void begin(struct transport *t, uint8_t mode)
{
	static const enum transport_kind kinds[] = {
		TRANSPORT_ABRIDGED, TRANSPORT_INTERMEDIATE, TRANSPORT_PADDED, TRANSPORT_FULL};
	uint8_t counter = 1;
	static const struct transport_secret known[] = {{{0}, false}, {{1}, true}};
	static const struct transport_secrets secrets[] = {{known, 2, false}, {known, 2, true}};
	struct random random = {count_up, &counter};
	bool http = mode & 64;
	enum transport_kind kind = http ? TRANSPORT_HTTP : kinds[mode >> 2 & 3];
	struct buf first = {0};

	if (mode & 1)
		transport_init_client(
			t, kind, (mode & 2) && kind < TRANSPORT_FULL, 2, &random, &first);
	else
		transport_init_server(t, http	    ? TRANSPORT_EXCHANGE
					 : mode & 2 ? TRANSPORT_WEBSOCKET
						    : TRANSPORT_TCP);
	if (!t->client && !http && (mode & 16))
		transport_accept_secrets(t, &secrets[mode >> 5 & 1]);
	buf_release(&first);
}

static bool take(struct transport *t, size_t *given)
{
	struct transport_packet packet;
	enum transport_result result;
	uint8_t sum = 0;

	while ((result = transport_next(t, &packet)) == TRANSPORT_PACKET) {
		assert(packet.size > 0);
		*given += packet.size;
		for (size_t i = 0; i < packet.size; i++)
			sum ^= packet.data[i];
		packet.data[0] = sum; /* packets are decrypted in place */
	}
	return result == TRANSPORT_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transport t;
	size_t step, given = 0, total;
	bool alive = true;

	if (size < 3)
		return 0;
	begin(&t, data[0]);
	step = data[1] ? data[1] : size;
	data += 2;
	size -= 2;
	total = size;
	while (size > 0 && alive) {
		size_t now = size < step ? size : step;

		transport_feed(&t, data, now);
		data += now;
		size -= now;
		alive = take(&t, &given);
	}
	assert(given <= total);
	transport_release(&t);
	return 0;
}
