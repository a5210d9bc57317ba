/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's files on a real folder: they follow the database across tiles and restarts, and
 * whatever is altered is found. */
#include "../unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "desk/cases/files.h"
#include "desk/ledger/ledger.h"
#include "desk/ledger/ledger_proof.h"
#include "desk/ledger/ledger_verify.h"
#include "store/square_desk_orders.h"
#include "store/square_steps.h"

struct fixture {
	char folder[64], path[128];
	struct db *db;
	struct checkpoint_verifier verifier;
	FILE *report;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct arena arena;
	char *text;

	snprintf(f->folder, sizeof(f->folder), "/tmp/lontar-ledger-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/ledger", f->folder);
	assert_int_equal(ledger_init(f->folder, NULL), 0);
	assert_int_equal(db_open(":memory:", DB_WRITE, &f->db, NULL), 0);
	assert_int_equal(db_migrate(f->db, square_steps, NULL), 0);
	arena_init(&arena);
	assert_int_equal(ledger_verifier_text(f->folder, &arena, &text, NULL), 0);
	assert_int_equal(checkpoint_verifier_parse(bytes_from_str(text), &f->verifier, NULL), 0);
	arena_release(&arena);
	f->report = tmpfile();
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	db_close(f->db);
	fclose(f->report);
	snprintf(command, sizeof(command), "rm -r %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void add_leaves(struct fixture *f, int64_t until)
{
	db_begin(f->db);
	for (int64_t i = desk_ledger_size(f->db); i < until; i++) {
		char entry[32];

		snprintf(entry, sizeof(entry), "{\"leaf\":%d}", (int)i);
		desk_ledger_insert(f->db, i, i + 1, bytes_from_str(entry), 0);
	}
	assert_int_equal(db_commit(f->db), 0);
}

static void follows_across_tiles_and_restarts(void **state)
{
	static const int64_t sizes[] = {0, 1, 2, 255, 256, 257, 600};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct ledger ledger;

		assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), 0);
		add_leaves(f, sizes[i]);
		assert_int_equal(ledger_follow(&ledger, f->db, NULL), 0);
		assert_int_equal(ledger.written, sizes[i]);
		assert_int_equal(ledger_verify(f->path, &f->verifier, f->report), 0);
		ledger_close(&ledger);
	}
}

static void flip(const char *path, size_t at)
{
	struct buf file;

	buf_init(&file, 0);
	assert_int_equal(file_read(path, &file, NULL), 0);
	assert_true(at < buf_size(&file));
	buf_data(&file)[at] ^= 0x10;
	assert_int_equal(file_write(path, 0644, buf_bytes(&file), NULL), 0);
	buf_release(&file);
}

static void altered_files_are_found_and_made_right(void **state)
{
	static const char *const names[] = {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
		"tile/entries/000", "tile/entries/001.p/44"};
	struct fixture *f = *state;
	struct ledger ledger;

	add_leaves(f, 300);
	assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), 0);
	ledger_close(&ledger);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[256];

		snprintf(path, sizeof(path), "%s/%s", f->path, names[i]);
		flip(path, 9);
		assert_int_equal(ledger_verify(f->path, &f->verifier, f->report), 1);
		assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), 0);
		ledger_close(&ledger);
		assert_int_equal(ledger_verify(f->path, &f->verifier, f->report), 0);
	}
}

static void never_contradicts_what_was_signed(void **state)
{
	struct fixture *f = *state;
	struct ledger ledger;

	add_leaves(f, 5);
	assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), 0);
	ledger_close(&ledger);
	db_begin(f->db);
	db_run(f->db, "UPDATE ledger SET entry = ?1 WHERE leaf = 2", DB_BYTES(BYTES_LITERAL("x")));
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), -1);
	ledger_close(&ledger);
	assert_int_equal(ledger_verify(f->path, &f->verifier, f->report), 0);
	db_begin(f->db);
	db_run(f->db, "DELETE FROM ledger WHERE leaf >= 2");
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), -1);
	ledger_close(&ledger);
}

static int check_receipt(struct fixture *f, struct arena *arena, char *text, uint64_t leaf)
{
	struct ledger_proof proof;
	struct checkpoint head;
	char entry[32];

	if (ledger_proof_parse(arena, bytes_from_str(text), &proof, NULL) < 0 ||
		ledger_proof_check(&proof, &f->verifier, &head, NULL) < 0)
		return -1;
	snprintf(entry, sizeof(entry), "{\"leaf\":%d}", (int)leaf);
	assert_true(bytes_equal_str(proof.entry, entry));
	assert_int_equal(proof.index, leaf);
	return 0;
}

static void receipts_hold(void **state)
{
	struct fixture *f = *state;
	struct ledger ledger;
	struct arena arena;
	struct err err = {0};
	char *text, *copy;

	add_leaves(f, 300);
	assert_int_equal(ledger_open(&ledger, f->folder, f->db, NULL), 0);
	ledger_close(&ledger);
	arena_init(&arena);
	for (uint64_t leaf = 0; leaf < 300; leaf++) {
		assert_int_equal(
			ledger_proof_make(ledger_read_folder, f->path, &arena, leaf, &text, NULL),
			0);
		assert_int_equal(check_receipt(f, &arena, text, leaf), 0);
	}
	/* One letter changed anywhere, and it holds no longer. */
	for (size_t at = 0; at < strlen(text); at += 3) {
		copy = arena_str(&arena, bytes_from_str(text));
		copy[at] ^= 1;
		assert_int_equal(check_receipt(f, &arena, copy, 299), -1);
	}
	assert_int_equal(
		ledger_proof_make(ledger_read_folder, f->path, &arena, 300, &text, &err), -1);
	assert_int_equal(err.code, ENOENT);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			follows_across_tiles_and_restarts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			altered_files_are_found_and_made_right, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			never_contradicts_what_was_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(receipts_hold, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("desk/ledger", tests, NULL, no_arena_leaked);
}
