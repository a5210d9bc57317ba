/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies by name: one row, one function. */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mtproto/wire.h"
#include "runner.h"

static void put_ids(struct run *run, enum wire_id id, const char *argument, struct buf *out)
{
	char copy[256], *word, *rest = copy;
	size_t at;

	wire_put_id(out, id);
	wire_put_id(out, WIRE_VECTOR);
	if (argument[0] == '*') { /* so many ids that nobody knows */
		uint32_t count = (uint32_t)strtoul(argument + 1, NULL, 10);

		buf_append_u32le(out, count);
		for (uint32_t i = 0; i < count; i++)
			buf_append_u64le(out, 4 * (uint64_t)(i + 1));
		return;
	}
	snprintf(copy, sizeof(copy), "%s", argument);
	at = buf_size(out);
	buf_append_u32le(out, 0);
	for (uint32_t count = 1; (word = strsep(&rest, ",")); count++) {
		buf_append_u64le(out, run_id(run, word));
		store_u32le(buf_data(out) + at, count);
	}
}

static void put_ack(struct run *run, const char *argument, struct buf *out)
{
	put_ids(run, WIRE_MSGS_ACK, argument, out);
}

static void put_state(struct run *run, const char *argument, struct buf *out)
{
	put_ids(run, WIRE_STATE_REQ, argument, out);
}

static void put_resend(struct run *run, const char *argument, struct buf *out)
{
	put_ids(run, WIRE_RESEND_REQ, argument, out);
}

static void put_resend_ans(struct run *run, const char *argument, struct buf *out)
{
	put_ids(run, WIRE_RESEND_ANS_REQ, argument, out);
}

static void put_u64(struct run *run, uint32_t id, const char *argument, struct buf *out)
{
	buf_append_u32le(out, id);
	buf_append_u64le(out, run_id(run, argument));
}

static void put_ping(struct run *run, const char *argument, struct buf *out)
{
	put_u64(run, WIRE_PING, argument, out);
}

static void put_ping_delay(struct run *run, const char *argument, struct buf *out)
{
	put_u64(run, (uint32_t)WIRE_PING_DELAY, "7", out);
	buf_append_u32le(out, (uint32_t)strtol(argument, NULL, 10));
}

static void put_drop(struct run *run, const char *argument, struct buf *out)
{
	put_u64(run, WIRE_DROP_ANSWER, argument, out);
}

static void put_destroy_session(struct run *run, const char *argument, struct buf *out)
{
	put_u64(run, (uint32_t)WIRE_DESTROY_SESSION, argument, out);
}

static void put_destroy_key(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	(void)argument;
	wire_put_id(out, WIRE_DESTROY_KEY);
}

static void put_http_wait(struct run *run, const char *argument, struct buf *out)
{
	const char *numbers = strchr(argument, ',') ? argument : "0,0,25000";
	char *rest = (char *)numbers;

	(void)run;
	wire_put_id(out, WIRE_HTTP_WAIT);
	for (int i = 0; i < 3; i++)
		buf_append_u32le(out, (uint32_t)strtol(rest + (i > 0), &rest, 10));
}

static void put_salts(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	wire_put_id(out, WIRE_GET_FUTURE_SALTS);
	buf_append_u32le(out, (uint32_t)strtol(argument, NULL, 10));
}

static void put_query(uint32_t id, const char *argument, struct buf *out)
{
	buf_append_u32le(out, id);
	buf_append_u32le(out, (uint32_t)strtoul(argument, NULL, 10));
}

static void put_echo(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	put_query(QUERY_ECHO, argument, out);
}

static void put_hold(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	put_query(QUERY_HOLD, argument, out);
}

static void put_query_error(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	put_query(QUERY_ERROR, argument, out);
}

static void put_zeros(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	put_query(QUERY_ZEROS, argument, out);
}

static void put_noise(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	put_query(QUERY_NOISE, argument, out);
}

/* after:IDS:BODY */
static void put_after(struct run *run, const char *argument, struct buf *out)
{
	char ids[128], *word, *rest = ids;
	size_t length = strcspn(argument, ":"), at = buf_size(out);

	snprintf(ids, sizeof(ids), "%.*s", (int)length, argument);
	buf_append_u32le(out, QUERY_AFTER);
	buf_append_u32le(out, 0);
	for (uint32_t count = 1; (word = strsep(&rest, ",")); count++) {
		buf_append_u64le(out, run_id(run, word));
		store_u32le(buf_data(out) + at + 4, count);
	}
	if (argument[length] == '\0' || body_put(run, argument + length + 1, out) < 0)
		out->failed = true;
}

static void put_inner_container(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	(void)argument;
	wire_put_id(out, WIRE_CONTAINER);
	buf_append_u32le(out, 0);
}

static void put_hex(struct run *run, const char *argument, struct buf *out)
{
	(void)run;
	if (body_put_hex(argument, out) < 0)
		out->failed = true;
}

static void pack(struct bytes plain, bool zlib, struct buf *out)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(9);
	size_t room = plain.size / 100 + 200 + plain.size, size;
	uint8_t *packed = mem_alloc(room);

	if (zlib)
		size = libdeflate_zlib_compress(c, plain.data, plain.size, packed, room);
	else
		size = libdeflate_gzip_compress(c, plain.data, plain.size, packed, room);
	wire_put_id(out, WIRE_GZIP_PACKED);
	wire_put_string(out, bytes_of(packed, size));
	libdeflate_free_compressor(c);
	free(packed);
}

static void put_packed(struct run *run, const char *argument, bool zlib, struct buf *out)
{
	struct buf plain = {0};

	if (body_put(run, argument, &plain) < 0)
		out->failed = true;
	pack(buf_bytes(&plain), zlib, out);
	buf_release(&plain);
}

static void put_gzip(struct run *run, const char *argument, struct buf *out)
{
	put_packed(run, argument, false, out);
}

static void put_zlib(struct run *run, const char *argument, struct buf *out)
{
	put_packed(run, argument, true, out);
}

/* So many MiB of an unknown query, packed into some KiB. */
static void put_bomb(struct run *run, const char *argument, struct buf *out)
{
	size_t size = strtoul(argument, NULL, 10) << 20;
	uint8_t *plain = mem_zalloc(1, size);

	(void)run;
	store_u32le(plain, QUERY_ECHO);
	pack(bytes_of(plain, size), false, out);
	free(plain);
}

static const struct {
	const char *name;
	void (*put)(struct run *run, const char *argument, struct buf *out);
} bodies[] = {
	{"ack", put_ack},
	{"state", put_state},
	{"resend", put_resend},
	{"resend_ans", put_resend_ans},
	{"ping", put_ping},
	{"ping_delay", put_ping_delay},
	{"drop", put_drop},
	{"destroy_session", put_destroy_session},
	{"destroy_key", put_destroy_key},
	{"http_wait", put_http_wait},
	{"salts", put_salts},
	{"echo", put_echo},
	{"hold", put_hold},
	{"query_error", put_query_error},
	{"zeros", put_zeros},
	{"noise", put_noise},
	{"after", put_after},
	{"container", put_inner_container},
	{"hex", put_hex},
	{"gzip", put_gzip},
	{"zlib", put_zlib},
	{"bomb", put_bomb},
};

int body_put(struct run *run, const char *words, struct buf *out)
{
	size_t length = strcspn(words, ": \t");
	const char *argument = words[length] == ':' ? words + length + 1 : "1";

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		if (strlen(bodies[i].name) != length || memcmp(words, bodies[i].name, length) != 0)
			continue;
		bodies[i].put(run, argument, out);
		return out->failed ? -1 : 0;
	}
	return -1;
}

int body_put_hex(const char *words, struct buf *out)
{
	int high = -1;

	for (; *words; words++) {
		int digit = *words >= '0' && *words <= '9'   ? *words - '0'
			    : *words >= 'a' && *words <= 'f' ? *words - 'a' + 10
							     : -1;

		if (*words == ' ')
			continue;
		if (digit < 0)
			return -1;
		if (high < 0) {
			high = digit;
		} else {
			buf_append_u8(out, (uint8_t)(high << 4 | digit));
			high = -1;
		}
	}
	return high < 0 ? 0 : -1;
}

bool body_is_content(struct bytes body)
{
	int32_t id = body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;

	return id != WIRE_MSGS_ACK && id != WIRE_CONTAINER && id != WIRE_PING &&
	       id != WIRE_HTTP_WAIT;
}
