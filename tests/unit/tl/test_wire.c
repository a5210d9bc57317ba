/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes on the wire, against answers that another implementation gave for the same values. */
#include "unit.h"

#define MESSAGE_TAIL                                                                               \
	"070000002217515902ca9a3b000000002217515901ca9a3b0000000000f15365086869207468657265000000" \
	"1"                                                                                        \
	"5c4b51c01000000c90b61bd0000000002000000"

static void a_message_has_the_form_of_each_layer(void **state)
{
	struct arena arena;
	struct tl_message *message;
	struct tl_messageEntityBold *bold;

	arena_init(&arena);
	message = TL_NEW(&arena, message);
	bold = TL_NEW(&arena, messageEntityBold);
	bold->length = 2;
	message->out = true;
	message->id = 7;
	message->peer_id = peer_user(&arena, 1000000001);
	message->from_id = peer_user(&arena, 1000000002);
	message->date = 1700000000;
	message->message = BYTES_LITERAL("hi there");
	message->entities = tl_objects_new(&arena, 1);
	message->entities.at[0] = &bold->o;
	assert_string_equal(hex_of(&arena, &message->o, 152), "e06e113882010000" MESSAGE_TAIL);
	assert_string_equal(
		hex_of(&arena, &message->o, 198), "e9bbfd968201000000000000" MESSAGE_TAIL);
	assert_string_equal(
		hex_of(&arena, &message->o, 227), "d3b900768201000000000000" MESSAGE_TAIL);
	arena_release(&arena);
}

static struct tl_messages_sendMessage *decode_send(struct arena *arena, const char *hex)
{
	size_t size = strlen(hex) / 2;
	uint8_t *wire = arena_alloc(arena, size);
	struct tl_reader reader;
	struct tl_object *method;

	assert_int_equal(text_unhex(bytes_from_str(hex), wire, size), 0);
	tl_reader_init(&reader, bytes_of(wire, size), 4096);
	method = tl_read_method(&reader, arena);
	assert_int_equal(tl_reader_finish(&reader), 0);
	assert_non_null(TL_AS(messages_sendMessage, method));
	return TL_AS(messages_sendMessage, method);
}

static void sendMessage_is_read_from_old_and_new_clients(void **state)
{
	struct arena arena;
	struct tl_messages_sendMessage *send;
	struct tl_inputReplyToMessage *reply;

	arena_init(&arena);
	send = decode_send(&arena, "8703c21c80000000c97ea07d0568656c6c6f00008877665544332211");
	assert_true(send->clear_draft);
	assert_non_null(TL_AS(inputPeerSelf, send->peer));
	assert_true(bytes_equal_str(send->message, "hello"));
	assert_true(send->random_id == 0x1122334455667788);
	assert_null(send->reply_to);
	assert_null(send->entities.at);
	assert_false(send->has_schedule_date);

	send = decode_send(&arena,
		"628ff4fe81000000c97ea07dc2b7d43b00000000050000000568656c6c6f00008877665544332211");
	reply = TL_AS(inputReplyToMessage, send->reply_to);
	assert_non_null(reply);
	assert_int_equal(reply->reply_to_msg_id, 5);
	assert_null(TL_AS(inputReplyToStory, send->reply_to));
	arena_release(&arena);
}

/* TL strings: one byte of length up to 253, else 254 and three bytes; always padded to four. */
static void strings_of_every_length_keep_their_bytes(void **state)
{
	static const size_t lengths[] = {0, 1, 2, 3, 4, 252, 253, 254, 255, 256, 257, 65536};
	static uint8_t content[65536];

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct buf buf = {0};
		struct tl_reader reader;
		struct bytes back;

		memset(content, 0x5a, sizeof(content));
		tl_write_bytes(&buf, bytes_of(content, lengths[i]));
		assert_int_equal(buf_size(&buf) % 4, 0);
		tl_reader_init(&reader, buf_bytes(&buf), 0);
		back = tl_read_bytes(&reader);
		assert_int_equal(tl_reader_finish(&reader), 0);
		assert_true(bytes_equal(back, bytes_of(content, lengths[i])));
		assert_non_null(back.data);
		buf_release(&buf);
	}
}

static void wrappers_keep_the_query_as_bytes(void **state)
{
	static const uint8_t wire[] = {
		0x0d, 0x0d, 0x9b, 0xda, 0xe3, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef};
	struct arena arena;
	struct tl_reader reader;
	struct tl_invokeWithLayer *wrapper;

	arena_init(&arena);
	tl_reader_init(&reader, bytes_of(wire, sizeof(wire)), 4096);
	wrapper = TL_AS(invokeWithLayer, tl_read_method(&reader, &arena));
	assert_int_equal(tl_reader_finish(&reader), 0);
	assert_non_null(wrapper);
	assert_int_equal(wrapper->layer, 227);
	assert_int_equal(wrapper->query.size, 4);
	assert_ptr_equal(wrapper->query.data, wire + 8);
	arena_release(&arena);
}

static void absent_and_empty_vectors_differ(void **state)
{
	struct arena arena;
	struct tl_messages_sendMessage *send;

	arena_init(&arena);
	send = TL_NEW(&arena, messages_sendMessage);
	send->entities = tl_objects_new(&arena, 0);
	send = decode_send(&arena, hex_of(&arena, &send->o, 228));
	assert_non_null(send->entities.at);
	assert_int_equal(send->entities.count, 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_the_form_of_each_layer),
		cmocka_unit_test(sendMessage_is_read_from_old_and_new_clients),
		cmocka_unit_test(strings_of_every_length_keep_their_bytes),
		cmocka_unit_test(wrappers_keep_the_query_as_bytes),
		cmocka_unit_test(absent_and_empty_vectors_differ),
	};

	return cmocka_run_group_tests_name("tl/wire", tests, NULL, no_arena_leaked);
}
