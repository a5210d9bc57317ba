/* SPDX-License-Identifier: Apache-2.0 */
/* Framing: every transport, split everywhere, and what must be refused. */
#include "world.h"

#include <stdlib.h>

#include "base/mem.h"

struct kind_row {
	const char *name;
	enum transport_kind kind;
	bool obfuscated;
	enum transport_stream stream;
};

static const struct kind_row kinds[] = {
	{"abridged", TRANSPORT_ABRIDGED, false, TRANSPORT_TCP},
	{"intermediate", TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP},
	{"padded", TRANSPORT_PADDED, false, TRANSPORT_TCP},
	{"full", TRANSPORT_FULL, false, TRANSPORT_TCP},
	{"obfuscated abridged", TRANSPORT_ABRIDGED, true, TRANSPORT_TCP},
	{"obfuscated intermediate", TRANSPORT_INTERMEDIATE, true, TRANSPORT_TCP},
	{"obfuscated padded", TRANSPORT_PADDED, true, TRANSPORT_TCP},
	{"websocket abridged", TRANSPORT_ABRIDGED, true, TRANSPORT_WEBSOCKET},
	{"websocket intermediate", TRANSPORT_INTERMEDIATE, true, TRANSPORT_WEBSOCKET},
	{"websocket padded", TRANSPORT_PADDED, true, TRANSPORT_WEBSOCKET},
};

static const size_t sizes[] = {24, 40, 504, 508, 512, 4096, 70000};

static void put_packets(struct transport *from, struct world *world, struct buf *stream)
{
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *body = mem_zalloc(1, sizes[i]);

		memset(body, (int)i + 1, sizes[i]);
		transport_wrap(from, bytes_of(body, sizes[i]), false, &world->random, stream);
		free(body);
	}
}

/* Takes what is there; *next is the packet expected next. */
static void take_packets(struct transport *to, size_t *next)
{
	struct transport_packet packet;
	enum transport_result result;

	while ((result = transport_next(to, &packet)) == TRANSPORT_PACKET) {
		/* Clients cut off what is left over of 4, no more. */
		size_t tail = to->kind != TRANSPORT_PADDED ? 0 : to->client ? 3 : 15;

		assert_true(*next < ARRAY_LEN(sizes));
		assert_in_range(packet.size, sizes[*next], sizes[*next] + tail);
		for (size_t i = 0; i < sizes[*next]; i++)
			assert_int_equal(packet.data[i], *next + 1);
		assert_false(packet.is_error || packet.is_quick_ack || packet.quick_ack);
		++*next;
	}
	assert_int_equal(result, TRANSPORT_MORE);
}

static void feed_in_steps(struct transport *to, const struct buf *stream, size_t step)
{
	size_t next = 0;

	for (size_t at = 0; at < buf_size(stream); at += step) {
		size_t left = buf_size(stream) - at;

		transport_feed(to, buf_data(stream) + at, left < step ? left : step);
		take_packets(to, &next);
	}
	assert_int_equal(next, ARRAY_LEN(sizes));
	assert_null(to->pending.base); /* idle: no buffer */
}

static void every_kind_in_both_directions(void **state)
{
	static const size_t steps[] = {1, 2, 3, 5, 63, 64, 65, 1000, 1 << 20};
	struct world world;

	(void)state;
	world_init(&world);
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			struct transport client, server;
			struct buf stream = {0};

			transport_init_client(&client, kinds[k].kind, kinds[k].obfuscated, 2,
				&world.random, &stream);
			transport_init_server(&server, kinds[k].stream);
			put_packets(&client, &world, &stream);
			feed_in_steps(&server, &stream, steps[s]);
			assert_int_equal(server.kind, kinds[k].kind);
			assert_int_equal(server.dc, kinds[k].obfuscated ? 2 : 0);
			buf_clear(&stream);
			put_packets(&server, &world, &stream);
			feed_in_steps(&client, &stream, steps[s]);
			transport_release(&client);
			transport_release(&server);
			buf_release(&stream);
		}
	}
	world_release(&world);
}

static void a_packet_put_back_comes_again(void **state)
{
	struct world world;
	uint8_t body[24] = {1, 2, 3};

	(void)state;
	world_init(&world);
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct transport client, server;
		struct transport_packet packet;
		struct buf stream = {0};

		transport_init_client(
			&client, kinds[k].kind, kinds[k].obfuscated, 0, &world.random, &stream);
		transport_init_server(&server, kinds[k].stream);
		transport_wrap(&client, bytes_of(body, 24), false, &world.random, &stream);
		transport_wrap(&client, bytes_of(body, 24), false, &world.random, &stream);
		transport_feed(&server, buf_data(&stream), buf_size(&stream));
		for (int i = 0; i < 3; i++) {
			assert_int_equal(transport_next(&server, &packet), TRANSPORT_PACKET);
			assert_memory_equal(packet.data, body, 24);
			if (i < 2)
				transport_put_back(&server);
		}
		assert_int_equal(transport_next(&server, &packet), TRANSPORT_PACKET);
		assert_int_equal(transport_next(&server, &packet), TRANSPORT_MORE);
		transport_release(&client);
		transport_release(&server);
		buf_release(&stream);
	}
	world_release(&world);
}

/* T5, T6: what is not a packet reaches the client as what it is. */
static void quick_acknowledgements_and_errors(void **state)
{
	struct world world;
	uint8_t body[24] = {0};

	(void)state;
	world_init(&world);
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		bool full = kinds[k].kind == TRANSPORT_FULL;
		struct transport client, server;
		struct transport_packet packet;
		struct buf stream = {0};

		transport_init_client(
			&client, kinds[k].kind, kinds[k].obfuscated, 0, &world.random, &stream);
		transport_init_server(&server, kinds[k].stream);
		transport_wrap(&client, bytes_of(body, 24), true, &world.random, &stream);
		transport_feed(&server, buf_data(&stream), buf_size(&stream));
		assert_int_equal(transport_next(&server, &packet), TRANSPORT_PACKET);
		assert_int_equal(packet.quick_ack, !full);
		buf_clear(&stream);
		transport_wrap_quick_ack(&server, 0x01020304, &world.random, &stream);
		transport_wrap_error(&server, TRANSPORT_ERROR_NO_KEY, &world.random, &stream);
		transport_feed(&client, buf_data(&stream), buf_size(&stream));
		if (!full) {
			assert_int_equal(transport_next(&client, &packet), TRANSPORT_PACKET);
			assert_true(packet.is_quick_ack);
			assert_int_equal(load_u32le(packet.data), 0x81020304);
		}
		assert_int_equal(transport_next(&client, &packet), TRANSPORT_PACKET);
		assert_true(packet.is_error);
		assert_int_equal((int32_t)load_u32le(packet.data), -404);
		assert_int_equal(transport_next(&client, &packet), TRANSPORT_MORE);
		transport_release(&client);
		transport_release(&server);
		buf_release(&stream);
	}
	world_release(&world);
}

static void expect_bad(enum transport_stream stream, const void *bytes, size_t size)
{
	struct transport server;
	struct transport_packet packet;
	enum transport_result result = TRANSPORT_MORE;

	transport_init_server(&server, stream);
	transport_feed(&server, bytes, size);
	for (int i = 0; i < 3 && result != TRANSPORT_BAD; i++)
		result = transport_next(&server, &packet);
	assert_int_equal(result, TRANSPORT_BAD);
	assert_null(server.pending.base);
	transport_feed(&server, bytes, size);
	assert_int_equal(transport_next(&server, &packet), TRANSPORT_BAD);
	transport_release(&server);
}

#define EXPECT_BAD(stream, text) expect_bad((stream), (text), sizeof(text) - 1)

static void bad_streams_are_refused(void **state)
{
	(void)state;
	EXPECT_BAD(TRANSPORT_TCP, "\xef\x00");
	EXPECT_BAD(TRANSPORT_TCP, "\xef\x7f\xff\xff\xff"); /* 64 MiB */
	EXPECT_BAD(TRANSPORT_TCP, "\xef\x7f\x00\x00\x00"); /* empty */
	EXPECT_BAD(TRANSPORT_TCP, "\xee\xee\xee\xee\x00\x00\x00\x00");
	EXPECT_BAD(TRANSPORT_TCP, "\xee\xee\xee\xee\x05\x00\x00\x00"); /* no multiple of 4 */
	EXPECT_BAD(TRANSPORT_TCP, "\xee\xee\xee\xee\x00\x00\x21\x00"); /* above 2 MiB */
	EXPECT_BAD(TRANSPORT_TCP, "\xee\xee\xee\xee\xff\xff\xff\x7f");
	EXPECT_BAD(TRANSPORT_TCP, "\xdd\xdd\xdd\xdd\x03\x00\x00\x00");
	EXPECT_BAD(TRANSPORT_TCP, "\x0c\x00\x00\x00\x00\x00\x00\x00"); /* full, nothing inside */
	EXPECT_BAD(TRANSPORT_TCP, "\x00\x00\x00\x7f\x00\x00\x00\x00");
	EXPECT_BAD(TRANSPORT_TCP, "\x10\x00\x00\x00\x00\x00\x00\x00"
				  "body"
				  "crc?");
	/* 64 bytes that are no obfuscation header; plain framing inside a WebSocket. */
	EXPECT_BAD(
		TRANSPORT_TCP, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	EXPECT_BAD(TRANSPORT_WEBSOCKET, "\xee\xee\xee\xee\x28\x00\x00\x00"
					"0123456789abcdef0123456789abcdef0123456789abcdef01234567");
}

/* T3 */
static void full_frames_are_numbered_and_summed(void **state)
{
	struct world world;
	struct transport client, server;
	struct transport_packet packet;
	uint8_t body[24] = {7};

	(void)state;
	world_init(&world);
	for (size_t flip = 0; flip < 36; flip++) {
		struct buf stream = {0};
		enum transport_result result;

		transport_init_client(&client, TRANSPORT_FULL, false, 0, &world.random, &stream);
		transport_init_server(&server, TRANSPORT_TCP);
		transport_wrap(&client, bytes_of(body, 24), false, &world.random, &stream);
		transport_feed(&server, buf_data(&stream), buf_size(&stream));
		assert_int_equal(transport_next(&server, &packet), TRANSPORT_PACKET);
		buf_clear(&stream);
		transport_wrap(&client, bytes_of(body, 24), false, &world.random, &stream);
		buf_data(&stream)[flip] ^= 0x40;
		transport_feed(&server, buf_data(&stream), buf_size(&stream));
		result = transport_next(&server, &packet);
		/* A greater length may wait for bytes that never come; nothing passes. */
		if (flip >= 3)
			assert_int_equal(result, TRANSPORT_BAD);
		assert_int_not_equal(result, TRANSPORT_PACKET);
		transport_release(&client);
		transport_release(&server);
		buf_release(&stream);
	}
	world_release(&world);
}

/* T2: an announced length takes no memory. */
static void memory_follows_bytes_not_lengths(void **state)
{
	struct transport server;
	struct transport_packet packet;

	(void)state;
	transport_init_server(&server, TRANSPORT_TCP);
	transport_feed(&server, "\xee\xee\xee\xee\x00\x00\x20\x00", 8);
	assert_int_equal(transport_next(&server, &packet), TRANSPORT_MORE);
	assert_true(server.pending.capacity < 4096);
	transport_release(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_in_both_directions),
		cmocka_unit_test(a_packet_put_back_comes_again),
		cmocka_unit_test(quick_acknowledgements_and_errors),
		cmocka_unit_test(bad_streams_are_refused),
		cmocka_unit_test(full_frames_are_numbered_and_summed),
		cmocka_unit_test(memory_follows_bytes_not_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
