/* SPDX-License-Identifier: Apache-2.0 */
/* The log of a link: each thing its client is told becomes a line of text, and tests look for
 * lines. */
#include "world_parts.h"

#include <stdio.h>

#include "mtproto/wire.h"

static void event_ready(void *ctx, struct mtproto_client *client)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "ready\n");
}

static void event_result(void *ctx, struct mtproto_client *client, uint64_t req_msg_id,
	struct bytes body, int32_t code, struct bytes text)
{
	struct link *link = ctx;

	(void)client;
	link->results++;
	if (body.data)
		buf_printf(&link->log, "result %llx %08x %zu\n", (unsigned long long)req_msg_id,
			load_u32le(body.data), body.size);
	else
		buf_printf(&link->log, "error %llx %d %.*s\n", (unsigned long long)req_msg_id, code,
			(int)text.size, (const char *)text.data);
}

static void event_update(
	void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct link *link = ctx;

	(void)client;
	(void)msg_id;
	if (load_u32le(body.data) == (uint32_t)WIRE_NEW_SESSION)
		buf_printf(&link->log, "new_session %llx\n",
			(unsigned long long)load_u64le(body.data + 4));
	else
		buf_printf(&link->log, "update %08x %zu\n", load_u32le(body.data), body.size);
}

static void log_states(struct link *link, struct bytes body)
{
	struct wire_reader r = wire_reader_of(bytes_of(body.data + 12, body.size - 12));
	struct bytes states = wire_string(&r);

	buf_printf(&link->log, "states");
	for (size_t i = 0; i < states.size; i++)
		buf_printf(&link->log, " %u", states.data[i]);
	buf_printf(&link->log, "\n");
}

static void event_service(
	void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct link *link = ctx;
	unsigned long long first = body.size >= 12 ? load_u64le(body.data + 4) : 0;

	(void)client;
	switch ((int32_t)load_u32le(body.data)) {
	case WIRE_PONG:
		buf_printf(&link->log, "pong %llx %llu\n", first,
			(unsigned long long)load_u64le(body.data + 12));
		break;
	case WIRE_BAD_MSG:
	case WIRE_BAD_SALT:
		buf_printf(&link->log, "bad %llx %u\n", first, load_u32le(body.data + 16));
		break;
	case WIRE_STATE_INFO:
		log_states(link, body);
		break;
	case WIRE_DETAILED_INFO:
		buf_printf(&link->log, "detailed %llx %u\n", first, load_u32le(body.data + 20));
		break;
	case WIRE_NEW_DETAILED_INFO:
		buf_printf(&link->log, "new_detailed %u\n", load_u32le(body.data + 12));
		break;
	case WIRE_FUTURE_SALTS: /* and of the first: since when, for how long */
		buf_printf(&link->log, "salts %llx %u %lld %d\n", first, load_u32le(body.data + 16),
			load_u32le(body.data + 20) - (long long)load_u32le(body.data + 12),
			(int)(load_u32le(body.data + 24) - load_u32le(body.data + 20)));
		break;
	default:
		buf_printf(&link->log, "service %08x\n", load_u32le(body.data));
	}
	assert_int_equal(msg_id % 2, 1);
}

static void event_quick_ack(void *ctx, struct mtproto_client *client, uint32_t token)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "quick %08x\n", token);
}

static void event_failed(void *ctx, struct mtproto_client *client, int32_t code)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "failed %d\n", code);
}

static void event_acknowledged(void *ctx, struct mtproto_client *client, uint64_t msg_id)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "acked %llx\n", (unsigned long long)msg_id);
}

const struct mtproto_client_events link_events = {event_ready, event_result, event_update,
	event_service, event_quick_ack, event_failed, event_acknowledged};

bool link_logged(const struct link *link, const char *format, ...)
{
	const char *at = (const char *)buf_data(&link->log), *end = at + buf_size(&link->log);
	char want[256];
	va_list args;

	va_start(args, format);
	vsnprintf(want, sizeof(want), format, args);
	va_end(args);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)(stop - at), prefix = strlen(want);

		if (size >= prefix && memcmp(at, want, prefix) == 0 &&
			(size == prefix || at[prefix] == ' '))
			return true;
		at = stop + 1;
	}
	return false;
}

size_t link_log_count(const struct link *link, const char *prefix)
{
	const char *at = (const char *)buf_data(&link->log), *end = at + buf_size(&link->log);
	size_t count = 0;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if ((size_t)(stop - at) >= strlen(prefix) &&
			memcmp(at, prefix, strlen(prefix)) == 0)
			count++;
		at = stop + 1;
	}
	return count;
}

void link_log_clear(struct link *link)
{
	buf_clear(&link->log);
}
