/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/entities.h: what is found in text, what is accepted from clients, the stored form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/messages/entities.h"
#include "core/messages/message_body.h"

static struct arena arena;
static struct call call;

static int setup(void **state)
{
	arena_init(&arena);
	call = (struct call){.arena = &arena};
	return 0;
}

static int teardown(void **state)
{
	arena_release(&arena);
	return 0;
}

/* "U0+11 #12+4": kinds as letters, offset, length. */
static const char *describe(const struct entity *entities, size_t count)
{
	static const char letters[] = "@#$/UMPbiusxcptnqeB";
	static char text[1024];
	size_t at = 0;

	text[0] = 0;
	for (size_t i = 0; i < count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c%d+%d", i ? " " : "",
			letters[entities[i].kind], entities[i].offset, entities[i].length);
	return text;
}

static const struct {
	const char *text, *found;
} find_cases[] = {
	{"plain words only", ""},
	{"see https://example.org/a?b=c#d.", "U4+27"},
	{"(https://en.example.org/wiki/Salt_(food))", "U1+39"},
	{"example.com", "U0+11"},
	{"Go to example.com, now", "U6+11"},
	{"EXAMPLE.CO.ID:8080/x!", "U0+20"},
	{"notes.txt and file.docx", ""},
	{"1.2.3 and 3.14", ""},
	{"http://10.0.0.1/x", "U0+17"},
	{"http://localhost", ""},
	{"tg://resolve?domain=lontar", "U0+26"},
	{"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 example.org", "U7+11"},
	{"\xf0\x9f\x98\x80 example.org", "U3+11"},
	{"https://\xd0\xbf\xd1\x80\xd0\xb8.\xd1\x80\xd1\x84/x", "U0+16"},
	{"mail a.b+c@example.org!", "M5+17"},
	{"@ab @abc @durian_1", "@4+4 @9+9"},
	{"a@abc x", ""},
	{"#tag #1 #1a ##x a#b #\xd1\x82\xd0\xb5\xd0\xb3", "#0+4 #8+3 #20+4"},
	{"$USD $usd $TOOLONGXYZ", "$0+4"},
	{"/start@lontar_bot now /help", "/0+17 /22+5"},
	{"/usr/bin a/b 1/2", ""},
	{"@", ""},
	{"#", ""},
	{"https://", ""},
	{"a@b", ""},
	{".com", ""},
	{"-.-.com", ""},
};

static void test_finds_what_clients_expect(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(find_cases); i++) {
		struct entity entities[ENTITIES_MAX];
		size_t count = 0;

		entities_find(bytes_from_str(find_cases[i].text), entities, &count);
		if (strcmp(describe(entities, count), find_cases[i].found) != 0)
			fail_msg("'%s': %s, not %s", find_cases[i].text, describe(entities, count),
				find_cases[i].found);
	}
}

/* Every cut of a text full of beginnings stays within the text (ASan) and in order. */
static void test_any_cut_of_any_text_is_bounded(void **state)
{
	static const char text[] =
		"@a#b$C/d https://x.org/(((]]} a@b.c \xf0\x9f\x98\x80@\xd1\x82#\xd1\x82 "
		"tg://x/?/# http://a.b:99999/ $$$ ### @@@ /// a.b.c.d.com@x.y )))))))";

	for (size_t from = 0; from < sizeof(text); from++) {
		for (size_t to = from; to < sizeof(text); to++) {
			struct bytes cut = arena_bytes(&arena, bytes_of(text + from, to - from));
			struct entity entities[ENTITIES_MAX];
			size_t count = 0;

			if (!text_is_utf8(cut))
				continue;
			entities_find(cut, entities, &count);
			for (size_t i = 0; i < count; i++) {
				assert_true(entities[i].length > 0);
				assert_true((size_t)(entities[i].offset + entities[i].length) <=
					    text_utf16_length(cut));
			}
		}
		arena_reset(&arena);
	}
}

static struct message draft_of(const char *text, struct entity *entities, size_t count)
{
	return (struct message){
		.text = bytes_from_str(text), .entities = entities, .entity_count = count};
}

static void test_trimming_moves_and_clips_entities(void **state)
{
	struct entity given[] = {{.kind = ENTITY_ITALIC, .offset = 8, .length = 3},
		{.kind = ENTITY_BOLD, .offset = 0, .length = 6},
		{.kind = ENTITY_UNDERLINE, .offset = 0, .length = 2}};
	struct message draft = draft_of("\n bold it \t", given, 3);

	assert_int_equal(entities_accept(&call, &draft), 0);
	assert_true(bytes_equal_str(draft.text, "bold it"));
	assert_string_equal(describe(draft.entities, draft.entity_count), "b0+4 i6+1");
}

static void test_bounds_are_the_clients_fault(void **state)
{
	struct entity past[] = {{.kind = ENTITY_BOLD, .offset = 3, .length = 3}};
	struct entity negative[] = {{.kind = ENTITY_BOLD, .offset = -1, .length = 3}};
	struct entity huge[] = {{.kind = ENTITY_BOLD, .offset = 2, .length = INT32_MAX}};
	struct entity *all[] = {past, negative, huge};

	for (size_t i = 0; i < 3; i++) {
		struct message draft = draft_of("hello", all[i], 1);

		call.fault = (struct fault){0};
		assert_int_equal(entities_accept(&call, &draft), -1);
		assert_string_equal(call.fault.text, "ENTITY_BOUNDS_INVALID");
	}
}

static void test_half_characters_and_unsafe_links_are_dropped(void **state)
{
	struct entity given[] = {{.kind = ENTITY_BOLD, .offset = 1, .length = 2},
		{.kind = ENTITY_ITALIC, .offset = 0, .length = 2},
		{.kind = ENTITY_TEXT_URL,
			.offset = 2,
			.length = 1,
			.argument = BYTES_LITERAL("javascript:alert(1)")},
		{.kind = ENTITY_TEXT_URL,
			.offset = 3,
			.length = 1,
			.argument = BYTES_LITERAL("example.org/x")}};
	struct message draft = draft_of("\xf0\x9f\x98\x80xy", given, 4);

	assert_int_equal(entities_accept(&call, &draft), 0);
	assert_string_equal(describe(draft.entities, draft.entity_count), "i0+2 t3+1");
}

static void test_code_holds_nothing(void **state)
{
	struct entity given[] = {{.kind = ENTITY_CODE, .offset = 0, .length = 11},
		{.kind = ENTITY_BOLD, .offset = 2, .length = 3},
		{.kind = ENTITY_BLOCKQUOTE, .offset = 0, .length = 16},
		{.kind = ENTITY_PRE, .offset = 5, .length = 9}};
	struct message draft = draft_of("example.com @abc", given, 4);

	assert_int_equal(entities_accept(&call, &draft), 0);
	assert_string_equal(describe(draft.entities, draft.entity_count), "q0+16 c0+11 @12+4");
}

static void test_length_is_counted_in_utf16(void **state)
{
	static char text[3 * 4100 + 1];
	struct message draft;

	for (size_t i = 0; i < 4096; i++)
		memcpy(text + 3 * i, "\xe2\x82\xac", 3);
	draft = draft_of(text, NULL, 0);
	assert_int_equal(entities_accept(&call, &draft), 0);
	assert_int_equal(draft.text.size, 3 * 4096);
	memcpy(text + 3 * 4096, "\xe2\x82\xac", 4);
	draft = draft_of(text, NULL, 0);
	assert_int_equal(entities_accept(&call, &draft), -1);
	assert_string_equal(call.fault.text, "MESSAGE_TOO_LONG");

	call.fault = (struct fault){0};
	draft = draft_of(" \n\xc2\xa0\t", NULL, 0);
	assert_int_equal(entities_accept(&call, &draft), -1);
	assert_string_equal(call.fault.text, "MESSAGE_EMPTY");

	call.fault = (struct fault){0};
	draft = draft_of("\xff\xfe", NULL, 0);
	assert_int_equal(entities_accept(&call, &draft), -1);
	assert_string_equal(call.fault.text, "STRING_INVALID");
}

static void test_at_most_a_hundred_entities(void **state)
{
	struct bytes text;
	struct message draft = {0};
	char *many = arena_alloc(&arena, 3001);

	for (size_t i = 0; i < 600; i++)
		memcpy(many + 5 * i, "@abc ", 5);
	text = bytes_of(many, 3000);
	draft.text = text;
	assert_int_equal(entities_accept(&call, &draft), 0);
	assert_int_equal(draft.entity_count, ENTITIES_MAX);
}

static struct message sample(void)
{
	struct entity entities[] = {
		{.kind = ENTITY_PRE, .offset = 0, .length = 2, .argument = BYTES_LITERAL("c")},
		{.kind = ENTITY_MENTION_NAME, .offset = 3, .length = 1, .id = -77},
		{.kind = ENTITY_BLOCKQUOTE, .offset = 4, .length = 1, .collapsed = true},
		{.kind = ENTITY_PRE, .offset = 5, .length = 1, .argument = BYTES_LITERAL("")}};
	struct message message =
		draft_of("some text", arena_array(&arena, 4, sizeof(*entities)), 4);

	memcpy(message.entities, entities, sizeof(entities));
	message.reply_to = 12345;
	message.noforwards = true;
	return message;
}

static void test_stored_form_gives_the_same_back(void **state)
{
	struct message in = sample(), out = {0};
	struct bytes body = message_body_encode(&arena, &in);

	assert_int_equal(message_body_decode(&arena, body, &out), 0);
	assert_true(bytes_equal(in.text, out.text));
	assert_int_equal(out.reply_to, 12345);
	assert_true(out.noforwards && !out.silent);
	assert_int_equal(out.entity_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(in.entities[i].kind, out.entities[i].kind);
		assert_int_equal(in.entities[i].offset, out.entities[i].offset);
		assert_int_equal(in.entities[i].length, out.entities[i].length);
		assert_int_equal(in.entities[i].id, out.entities[i].id);
		assert_int_equal(in.entities[i].collapsed, out.entities[i].collapsed);
		assert_true(bytes_equal(in.entities[i].argument, out.entities[i].argument));
		assert_int_equal(in.entities[i].argument.data == NULL,
			out.entities[i].argument.data == NULL);
	}
}

static void test_damaged_bodies_are_refused_or_read_within_bounds(void **state)
{
	struct message in = sample(), out;
	struct bytes body = message_body_encode(&arena, &in);

	for (size_t size = 0; size < body.size; size++)
		assert_int_equal(message_body_decode(&arena,
					 arena_bytes(&arena, bytes_of(body.data, size)), &out),
			-1);
	for (size_t bit = 0; bit < body.size * 8; bit++) {
		struct bytes damaged = arena_bytes(&arena, body);

		((uint8_t *)damaged.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (message_body_decode(&arena, damaged, &out) == 0)
			assert_true(out.entity_count <= ENTITIES_MAX);
	}
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_finds_what_clients_expect),
		T(test_any_cut_of_any_text_is_bounded),
		T(test_trimming_moves_and_clips_entities),
		T(test_bounds_are_the_clients_fault),
		T(test_half_characters_and_unsafe_links_are_dropped),
		T(test_code_holds_nothing),
		T(test_length_is_counted_in_utf16),
		T(test_at_most_a_hundred_entities),
		T(test_stored_form_gives_the_same_back),
		T(test_damaged_bodies_are_refused_or_read_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
