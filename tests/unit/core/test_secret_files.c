/* SPDX-License-Identifier: Apache-2.0 */
/* core/files/uploads.c, core/secret/secret_files.c: how a file comes in parts, who may read it, and
 * that nothing of it is left. */
#include "secret_fixture.h"

#include <string.h>

#include "core/accounts/account_end.h"
#include "core/accounts/sessions.h"
#include "core/files/uploads.h"
#include "store/home_files.h"
#include "store/home_leftovers.h"

#define KIB 1024
#define UPLOAD 5
#define PART (4 * KIB)

/* ---- Steps ---- */

static int put(struct fixture *f, uint64_t key, int32_t part, size_t size)
{
	/* Each part begins elsewhere in the text. */
	return upload_part(fixture_call(f, key), UPLOAD, part, bytes_of(text + part * 11, size));
}

static void put_ok(struct fixture *f, uint64_t key, int32_t part, size_t size)
{
	assert_int_equal(fixture_end(f, put(f, key, part, size)), 0);
}

static struct secret_input uploaded(int32_t parts)
{
	return (struct secret_input){.id = UPLOAD, .parts = parts, .fingerprint = 31};
}

static struct secret_input stored(const struct secret_file *file)
{
	return (struct secret_input){.id = file->id, .access_hash = file->access_hash};
}

static int send_file(struct fixture *f, uint64_t key, int32_t chat, int64_t random_id,
	struct secret_input input, struct secret_sent *out)
{
	struct secret_message message = {.random_id = random_id, .data = bytes_of(text, 64)};

	return secret_send(fixture_call(f, key), chat, &message, &input, out);
}

/* Of two parts, the second shorter; as the receiver is told of it, in *out. */
static struct secret_file sent_file(struct fixture *f, struct secret_file *of_anna)
{
	struct secret_sent sent;
	const struct effect *effect;

	put_ok(f, ANNA, 1, 1000);
	put_ok(f, ANNA, 0, PART);
	assert_int_equal(fixture_end(f, send_file(f, ANNA, CHAT, 1, uploaded(2), &sent)), 0);
	*of_anna = sent.file;
	effect = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(effect->set.updates[0].kind, UPDATE_SECRET_MESSAGE);
	return effect->set.updates[0].secret_message->file;
}

static int read_at(struct fixture *f, uint64_t key, const struct secret_file *file, int64_t offset,
	int64_t limit, struct secret_piece *out)
{
	return secret_file_read(
		fixture_call(f, key), file->id, file->access_hash, offset, limit, out);
}

static void is_readable(struct fixture *f, uint64_t key, const struct secret_file *file)
{
	struct secret_piece piece;

	assert_int_equal(fixture_end(f, read_at(f, key, file, 0, KIB * KIB, &piece)), 0);
	assert_int_equal(piece.bytes.size, file->size);
	assert_memory_equal(piece.bytes.data, text, PART);
	assert_memory_equal(piece.bytes.data + PART, text + 11, 1000);
}

static void is_absent(struct fixture *f, uint64_t key, const struct secret_file *file)
{
	struct secret_piece piece;

	fixture_refused(f, read_at(f, key, file, 0, KIB, &piece), 400, "LOCATION_INVALID");
}

static void purge(struct fixture *f)
{
	(void)fixture_call(f, ANNA);
	while (home_files_purge(store_home(&f->store)))
		;
	fixture_end(f, 0);
}

static void nothing_is_left(struct fixture *f)
{
	assert_int_equal(ROWS(f, "SELECT count(*) FROM files WHERE sealed_key IS NOT NULL"), 0);
	purge(f);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM files"), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM file_parts"), 0);
	assert_int_equal(home_files_bytes(store_home(&f->store)), 0);
}

/* ---- Coming ---- */

static void parts_come_in_any_order_and_are_one_file(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	assert_int_equal(of_budi.size, PART + 1000);
	assert_int_equal(of_budi.fingerprint, 31);
	assert_int_equal(of_budi.id, of_anna.id);
	assert_int_not_equal(of_budi.access_hash, of_anna.access_hash);
	is_readable(f, ANNA, &of_anna);
	is_readable(f, BUDI, &of_budi);
	is_readable(f, BUDI_2, &of_budi);
	assert_false(fixture_files_contain(f, text, 32));
}

static void pieces_of_it(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna;
	struct secret_piece piece;
	static const struct {
		int64_t offset, limit;
		size_t size;
	} cases[] = {{0, 1, 1}, {0, PART, PART}, {PART, PART, 1000}, {PART - 1, 2, 2},
		{100, PART, PART}, {PART + 999, PART, 1}, {PART + 1000, PART, 0},
		{INT64_MAX - KIB * KIB, KIB, 0}};

	pair_open(f, CHAT);
	sent_file(f, &of_anna);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(fixture_end(f, read_at(f, ANNA, &of_anna, cases[i].offset,
							cases[i].limit, &piece)),
			0);
		assert_int_equal(piece.bytes.size, cases[i].size);
		for (size_t at = 0; at < piece.bytes.size; at++) {
			const size_t in = (size_t)cases[i].offset + at;

			assert_int_equal(
				piece.bytes.data[at], in < PART ? text[in] : text[11 + in - PART]);
		}
	}
}

static void bad_parts_are_refused(void **state)
{
	struct fixture *f = *state;

	fixture_refused(f, put(f, ANNA, -1, 10), 400, "FILE_PART_INVALID");
	fixture_refused(f, upload_part(fixture_call(f, ANNA), UPLOAD, UPLOAD_PARTS_MAX, B("x")),
		400, "FILE_PART_INVALID");
	fixture_refused(f, put(f, ANNA, 0, 0), 400, "FILE_PART_EMPTY");
	fixture_refused(f,
		upload_part(fixture_call(f, ANNA), UPLOAD, 0, bytes_of(f, HOME_FILE_PART_MAX + 1)),
		400, "FILE_PART_TOO_BIG");
	assert_int_equal(ROWS(f, "SELECT count(*) FROM files"), 0);
}

static void what_is_no_file_is_not_sent(void **state)
{
	struct fixture *f = *state;
	struct secret_sent sent;

	pair_open(f, CHAT);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(1), &sent), 400, "FILE_PART_0_MISSING");
	fixture_refused(f, send_file(f, ANNA, CHAT, 1, uploaded(UPLOAD_PARTS_MAX + 1), &sent), 400,
		"FILE_PARTS_INVALID");
	put_ok(f, ANNA, 0, PART);
	put_ok(f, ANNA, 2, PART);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(3), &sent), 400, "FILE_PART_1_MISSING");
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(1), &sent), 400, "FILE_PARTS_INVALID");
	put_ok(f, ANNA, 1, PART - 1);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(3), &sent), 400, "FILE_PART_SIZE_INVALID");
	put_ok(f, ANNA, 1, PART);
	put_ok(f, ANNA, 2, PART + 1);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(3), &sent), 400, "FILE_PART_SIZE_INVALID");
	put_ok(f, ANNA, 2, PART);
	/* Nobody else's upload of that number. */
	fixture_refused(
		f, send_file(f, BUDI, CHAT, 1, uploaded(3), &sent), 400, "FILE_PART_0_MISSING");
	assert_int_equal(fixture_end(f, send_file(f, ANNA, CHAT, 1, uploaded(3), &sent)), 0);
	assert_int_equal(sent.file.size, 3 * PART);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 2, uploaded(3), &sent), 400, "FILE_PART_0_MISSING");
}

static void parts_of_odd_sizes_are_refused(void **state)
{
	struct fixture *f = *state;
	struct secret_sent sent;

	pair_open(f, CHAT);
	for (int part = 0; part < 3; part++)
		put_ok(f, ANNA, part, 3 * KIB);
	fixture_refused(
		f, send_file(f, ANNA, CHAT, 1, uploaded(3), &sent), 400, "FILE_PART_SIZE_INVALID");
}

static void there_is_so_much_room(void **state)
{
	struct fixture *f = *state;

	f->env.files_account_max = 2 * PART;
	put_ok(f, ANNA, 0, PART);
	put_ok(f, ANNA, 1, PART);
	fixture_refused(f, put(f, ANNA, 2, 1), 400, "FILES_TOO_MUCH");
	put_ok(f, BUDI, 0, PART);
	f->env.files_max = 3 * PART;
	fixture_refused(f, put(f, BUDI, 1, 1), 400, "FILES_TOO_MUCH");
	f->now_s += UPLOADS_KEPT_S + 1;
	assert_false(uploads_give_up(fixture_call(f, ANNA)));
	fixture_end(f, 0);
	nothing_is_left(f);
	put_ok(f, BUDI, 1, 1);
}

/* ---- Sent ---- */

static void a_repeated_send_is_the_same_file(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna;
	struct secret_sent sent;

	pair_open(f, CHAT);
	sent_file(f, &of_anna);
	assert_int_equal(fixture_end(f, send_file(f, ANNA, CHAT, 1, uploaded(2), &sent)), 0);
	assert_int_equal(sent.file.id, of_anna.id);
	assert_int_equal(sent.file.access_hash, of_anna.access_hash);
	assert_int_equal(sent.file.size, of_anna.size);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_files"), 2);
}

static void who_was_away_is_told_of_it(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi;
	struct secret_difference missed;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	secret_difference(fixture_call(f, BUDI), 0, 10, &missed);
	assert_int_equal(missed.count, 1);
	assert_int_equal(missed.messages[0].file.id, of_budi.id);
	assert_int_equal(missed.messages[0].file.access_hash, of_budi.access_hash);
	assert_int_equal(missed.messages[0].file.size, of_budi.size);
	fixture_end(f, 0);
}

static void nobody_else_reads_it(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi, guessed;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	fixture_sign_up(f, 9, "6281234567899", "Cahya", "");
	is_absent(f, 9, &of_anna);
	is_absent(f, 9, &of_budi);
	is_absent(f, ANNA, &of_budi);
	is_absent(f, BUDI, &of_anna);
	guessed = of_budi;
	guessed.access_hash ^= 1;
	is_absent(f, BUDI, &guessed);
}

static void it_is_stored_and_sent_on(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi, again;
	struct secret_input input;
	struct secret_sent sent;

	pair_open(f, CHAT);
	pair_open(f, CHAT + 1);
	of_budi = sent_file(f, &of_anna);
	input = stored(&of_budi);
	fixture_refused(f, send_file(f, ANNA, CHAT, 2, input, &sent), 400, "FILE_ID_INVALID");
	assert_int_equal(
		fixture_end(f, secret_file_store(fixture_call(f, BUDI), CHAT, &input, &again)), 0);
	assert_int_equal(fixture_end(f, send_file(f, BUDI, CHAT + 1, 3, stored(&again), &sent)), 0);
	is_readable(f, BUDI, &sent.file);
	/* One goes; the bytes stay for the others. */
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT, true)), 0);
	is_absent(f, BUDI, &of_budi);
	is_absent(f, BUDI, &again);
	is_readable(f, BUDI, &sent.file);
	assert_int_equal(fixture_end(f, pair_end(f, BUDI, CHAT + 1, true)), 0);
	is_absent(f, BUDI, &sent.file);
	nothing_is_left(f);
}

/* ---- Gone ---- */

static void it_goes_with_the_history(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT, false)), 0);
	is_absent(f, ANNA, &of_anna);
	is_readable(f, BUDI, &of_budi);
	f->now_s += SECRET_FILES_KEPT_S + 1;
	assert_false(secret_files_purge(fixture_call(f, ANNA)));
	fixture_end(f, 0);
	is_absent(f, BUDI, &of_budi);
	nothing_is_left(f);
}

static void a_device_that_logs_out_takes_it_along(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	secret_end_device(fixture_call(f, BUDI), budi, BUDI);
	fixture_end(f, 0);
	is_absent(f, BUDI_2, &of_budi);
	is_readable(f, ANNA, &of_anna);
	secret_end_device(fixture_call(f, ANNA), anna, ANNA);
	fixture_end(f, 0);
	nothing_is_left(f);
}

static void it_goes_with_its_account(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna, of_budi;
	struct db *db;

	pair_open(f, CHAT);
	of_budi = sent_file(f, &of_anna);
	put_ok(f, ANNA, 0, PART);
	db = call_home(fixture_call(f, ANNA));
	home_leftovers_drop(db, anna);
	is_absent(f, BUDI, &of_budi);
	db = call_home(fixture_call(f, BUDI));
	while (home_leftovers_purge(db, anna, 100))
		;
	fixture_end(f, 0);
	nothing_is_left(f);
}

static void one_that_was_damaged_is_not_given_out(void **state)
{
	struct fixture *f = *state;
	struct secret_file of_anna;
	struct secret_piece piece;
	int64_t good, bad;

	pair_open(f, CHAT);
	sent_file(f, &of_anna);
	(void)fixture_call(f, ANNA);
	home_files_check(store_home(&f->store), f->vault, &good, &bad);
	assert_int_equal(good, 2);
	assert_int_equal(bad, 0);
	/* The parts change places. */
	db_run(store_home(&f->store), "UPDATE file_parts SET part = part + 10");
	db_run(store_home(&f->store), "UPDATE file_parts SET part = 11 - part");
	fixture_end(f, 0);
	(void)fixture_call(f, ANNA);
	home_files_check(store_home(&f->store), f->vault, &good, &bad);
	fixture_end(f, 0);
	assert_int_equal(good, 0);
	assert_int_equal(bad, 2);
	(void)read_at(f, ANNA, &of_anna, 0, PART, &piece);
	assert_true(store_failed(&f->store));
	store_rollback(&f->store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(parts_come_in_any_order_and_are_one_file),
		TEST(pieces_of_it),
		TEST(bad_parts_are_refused),
		TEST(what_is_no_file_is_not_sent),
		TEST(parts_of_odd_sizes_are_refused),
		TEST(there_is_so_much_room),
		TEST(a_repeated_send_is_the_same_file),
		TEST(who_was_away_is_told_of_it),
		TEST(nobody_else_reads_it),
		TEST(it_is_stored_and_sent_on),
		TEST(it_goes_with_the_history),
		TEST(a_device_that_logs_out_takes_it_along),
		TEST(it_goes_with_its_account),
		TEST(one_that_was_damaged_is_not_given_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
