/* SPDX-License-Identifier: Apache-2.0 */
/* desk/letters/outbox.h: order, delays, what is settled. */
#include "desk_fixture.h"

#include "base/text.h"
#include "desk/letters/letters.h"
#include "desk/letters/message_size.h"
#include "desk/letters/outbox.h"

#define START 1000000

static int64_t put(struct fixture *f, int64_t chat, const char *text)
{
	return outbox_put(f->desk.writer, START,
		&(struct outbox_item){.way = OUTBOX_BOT,
			.case_id = 3,
			.chat = chat,
			.text = bytes_from_str(text)});
}

static int64_t next(struct fixture *f, int64_t now_s, struct desk_outgoing *row)
{
	return outbox_next(f->desk.writer, &f->arena, OUTBOX_BOT, now_s, row) ? row->id : 0;
}

static void a_line_goes_in_order(void **state)
{
	struct fixture *f = *state;
	struct desk_outgoing row;
	int64_t a1, a2, b1;

	db_begin(f->desk.writer);
	a1 = put(f, 5, "first");
	a2 = put(f, 5, "second");
	b1 = put(f, -6, "other chat");
	assert_int_equal(next(f, START, &row), a1);
	assert_true(bytes_equal_str(row.address, "5"));
	outbox_later(f->desk.writer, &row, START, 0, "busy");
	/* The second waits for the first; the other chat does not. */
	assert_int_equal(next(f, START, &row), b1);
	outbox_sent(f->desk.writer, &row, START, 77);
	assert_int_equal(next(f, START, &row), 0);
	assert_int_equal(next(f, START + 1, &row), a1);
	outbox_refused(f->desk.writer, &row, START + 1, "blocked");
	assert_int_equal(next(f, START + 1, &row), a2);
	assert_true(desk_outgoing_get(f->desk.writer, &f->arena, b1, &row));
	assert_int_equal(row.result, 77);
	assert_int_equal(row.body.size, 0);
	assert_true(bytes_equal_str(row.outcome, "sent"));
	assert_true(desk_outgoing_get(f->desk.writer, &f->arena, a1, &row));
	assert_true(bytes_equal_str(row.outcome, "refused"));
	assert_int_equal(db_commit(f->desk.writer), 0);
}

/* Words of three units, then one of two: U+1F600 is a pair in UTF-16. */
static char *long_text(struct arena *arena, size_t words)
{
	char *text = arena_alloc(arena, words * 8 + 1);

	for (size_t i = 0; i < words; i++)
		memcpy(text + i * 8, "ab \xf0\x9f\x98\x80 ", 8);
	text[words * 8] = 0;
	return text;
}

static void what_is_too_long_is_several(void **state)
{
	struct fixture *f = *state;
	char *text = long_text(&f->arena, 3000);
	struct outbox_item item = {.way = OUTBOX_BOT,
		.case_id = 3,
		.chat = 5,
		.edits = 9,
		.text = bytes_from_str(text),
		.keyboard = BYTES_LITERAL("{}")};
	struct desk_outgoing row;
	size_t said = 0, count = 0;
	int64_t last;

	db_begin(f->desk.writer);
	last = outbox_put(f->desk.writer, START, &item);
	while (next(f, START, &row)) {
		assert_true(text_is_utf8(row.body));
		assert_true(text_utf16_length(row.body) <= MESSAGE_UNITS_MAX);
		assert_memory_equal(row.body.data, text + said, row.body.size);
		assert_int_equal(row.edits, said ? 0 : 9);
		said += row.body.size;
		count++;
		assert_int_equal(row.extra.size, said == strlen(text) ? 2 : 0);
		assert_int_equal(row.id == last, said == strlen(text));
		outbox_sent(f->desk.writer, &row, START, 70 + (int64_t)count);
	}
	assert_int_equal(said, strlen(text));
	assert_int_equal(count, 5);
	assert_int_equal(db_commit(f->desk.writer), 0);
}

static void a_letter_is_one_message(void **state)
{
	static const char *const may_shorten[] = {"question", NULL};
	struct fixture *f = *state;
	struct sop_value values[] = {{"subject", "@kabar"}, {"case", "7"},
		{"question", long_text(&f->arena, 900)}, {"link", "https://link.example/7"},
		{"until", "2026-12-01T00:00:00Z"}, {NULL, NULL}};
	char *letter =
		letter_within(&f->arena, &f->desk.sop, "owner_question", "en", values, may_shorten);

	assert_int_equal(text_utf16_length(bytes_from_str(letter)), MESSAGE_UNITS_MAX);
	assert_non_null(strstr(letter, "https://link.example/7"));
	assert_non_null(strstr(letter, "\xe2\x80\xa6"));
	values[3].text = long_text(&f->arena, 900);
	letter =
		letter_within(&f->arena, &f->desk.sop, "owner_question", "en", values, may_shorten);
	assert_true(text_is_utf8(bytes_from_str(letter)));
	assert_true(text_utf16_length(bytes_from_str(letter)) <= MESSAGE_UNITS_MAX);
}

static void delays_grow_and_end(void **state)
{
	struct fixture *f = *state;
	struct desk_outgoing row;
	int64_t now_s = START, tries = 0, before = 0, id;

	db_begin(f->desk.writer);
	id = put(f, 5, "text");
	while (now_s < START + 10 * 86400) {
		if (!next(f, now_s, &row))
			break;
		assert_int_equal(row.tries, tries);
		outbox_later(f->desk.writer, &row, now_s, 0, "down");
		assert_true(desk_outgoing_get(f->desk.writer, &f->arena, id, &row));
		if (row.settled_at)
			break;
		assert_true(row.next_at - now_s >= before && row.next_at - now_s <= 3600);
		before = row.next_at - now_s;
		now_s = row.next_at;
		tries++;
	}
	assert_true(bytes_equal_str(row.outcome, "given_up"));
	assert_true(now_s > START + 5 * 86400);
	/* Its mention goes a month later. */
	outbox_keep(f->desk.writer, now_s + 29 * 86400);
	assert_true(desk_outgoing_get(f->desk.writer, &f->arena, id, &row));
	outbox_keep(f->desk.writer, now_s + 31 * 86400);
	assert_false(desk_outgoing_get(f->desk.writer, &f->arena, id, &row));
	assert_int_equal(db_commit(f->desk.writer), 0);
}

static void who_asks_for_patience_gets_it(void **state)
{
	struct fixture *f = *state;
	struct desk_outgoing row;

	db_begin(f->desk.writer);
	put(f, 5, "text");
	assert_true(next(f, START, &row) != 0);
	outbox_later(f->desk.writer, &row, START, 30, "429");
	assert_int_equal(next(f, START + 29, &row), 0);
	assert_true(next(f, START + 30, &row) != 0);
	db_rollback(f->desk.writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_line_goes_in_order, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_is_too_long_is_several, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_letter_is_one_message, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			delays_grow_and_end, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			who_asks_for_patience_gets_it, desk_fixture_setup, desk_fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
