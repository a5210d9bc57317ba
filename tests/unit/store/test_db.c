/* SPDX-License-Identifier: Apache-2.0 */
/* store/db.h over SQLite: values, sticky errors, savepoints, migration, counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/db.h"

static const struct db_step steps[] = {
	{1, "CREATE TABLE counters (owner bigint NOT NULL, name text NOT NULL, value bigint NOT "
	    "NULL,"
	    " PRIMARY KEY (owner, name))"},
	{2, "CREATE TABLE things (owner bigint NOT NULL, id integer NOT NULL, note text, data "
	    "DB_BLOB,"
	    " PRIMARY KEY (owner, id))"},
	{0, NULL},
};

struct fixture {
	char dir[64], path[96];
	struct db *db;
	struct arena arena;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-db-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/t.db", f->dir);
	assert_int_equal(db_open(f->path, DB_WRITE, &f->db, NULL), 0);
	assert_int_equal(db_migrate(f->db, steps, NULL), 0);
	arena_init(&f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	db_close(f->db);
	arena_release(&f->arena);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void put(struct db *db, int64_t owner, int64_t id, const char *note)
{
	db_run(db, "INSERT INTO things (owner, id, note, data) VALUES (?1, ?2, ?3, ?4)",
		DB_INT(owner), DB_INT(id), DB_STR(note), DB_BYTES(bytes_of("\0\xff", 2)));
}

static int64_t count(struct db *db)
{
	return db_get_int(db, -1, "SELECT count(*) FROM things");
}

static void test_values_come_back_as_they_went_in(void **state)
{
	struct fixture *f = *state;
	struct query q;

	db_begin(f->db);
	put(f->db, 1, 1, "a");
	put(f->db, 1, 2, NULL);
	put(f->db, 1, 3, "");
	q = db_query(
		f->db, "SELECT note, data FROM things WHERE owner = ?1 ORDER BY id", DB_INT(1));
	assert_true(query_next(&q));
	assert_true(bytes_equal_str(query_bytes(&q, &f->arena, 0), "a"));
	assert_true(bytes_equal(query_bytes(&q, &f->arena, 1), bytes_of("\0\xff", 2)));
	assert_true(query_next(&q));
	assert_true(query_is_null(&q, 0));
	assert_null(query_bytes(&q, &f->arena, 0).data);
	assert_true(query_next(&q));
	assert_non_null(query_bytes(&q, &f->arena, 0).data); /* empty is not absent */
	assert_false(query_next(&q));
	assert_int_equal(db_commit(f->db), 0);
}

static void test_the_same_query_nests_in_itself(void **state)
{
	struct fixture *f = *state;
	int pairs = 0;

	db_begin(f->db);
	for (int i = 0; i < 3; i++)
		put(f->db, 1, i, "x");
	for (int depth = 0; depth < 1; depth++) {
		static const char sql[] = "SELECT id FROM things WHERE owner = ?1";
		struct query outer =
			db_query_values(f->db, sql, (struct db_value[]){{0}, DB_INT(1)}, 1);

		while (query_next(&outer)) {
			struct query inner =
				db_query_values(f->db, sql, (struct db_value[]){{0}, DB_INT(1)}, 1);

			while (query_next(&inner))
				pairs++;
		}
	}
	assert_int_equal(pairs, 9);
	db_rollback(f->db);
}

static void test_a_failure_sticks_until_rollback(void **state)
{
	struct fixture *f = *state;

	db_begin(f->db);
	put(f->db, 1, 1, "a");
	put(f->db, 1, 1, "twice"); /* primary key */
	assert_true(db_failed(f->db));
	put(f->db, 1, 2, "b");
	assert_int_equal(count(f->db), -1);
	assert_int_equal(db_commit(f->db), -1);
	db_begin(f->db);
	assert_false(db_failed(f->db));
	assert_int_equal(count(f->db), 0);
	db_rollback(f->db);
}

static void test_a_failure_does_not_name_values(void **state)
{
	struct fixture *f = *state;

	db_begin(f->db);
	put(f->db, 1, 1, "marker-5309");
	put(f->db, 1, 1, "marker-5309");
	assert_null(strstr(db_failure(f->db), "marker-5309"));
	db_rollback(f->db);
}

static void test_a_savepoint_undoes_one_call_of_a_batch(void **state)
{
	struct fixture *f = *state;

	db_begin(f->db);
	db_savepoint(f->db);
	put(f->db, 1, 1, "kept");
	db_savepoint_end(f->db, true);
	db_savepoint(f->db);
	put(f->db, 1, 2, "undone");
	put(f->db, 1, 2, "undone");
	assert_true(db_failed(f->db));
	db_savepoint_end(f->db, false);
	db_savepoint(f->db);
	put(f->db, 1, 3, "kept");
	db_savepoint_end(f->db, true);
	assert_int_equal(db_commit(f->db), 0);
	db_begin(f->db);
	assert_int_equal(count(f->db), 2);
	db_rollback(f->db);
}

static void test_readers_see_the_last_commit_and_cannot_write(void **state)
{
	struct fixture *f = *state;
	struct db *reader;

	assert_int_equal(db_open(f->path, DB_READ, &reader, NULL), 0);
	db_begin(f->db);
	put(f->db, 1, 1, "a");
	db_begin(reader);
	assert_int_equal(count(reader), 0);
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(count(reader), 0); /* one snapshot per transaction */
	db_rollback(reader);
	db_begin(reader);
	assert_int_equal(count(reader), 1);
	put(reader, 1, 2, "b");
	assert_true(db_failed(reader));
	db_rollback(reader);
	db_close(reader);
}

static void test_migration_runs_each_step_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(db_migrate(f->db, steps, NULL), 0);
	db_begin(f->db);
	assert_int_equal(db_schema_version(f->db), 2);
	db_rollback(f->db);
}

/* Two programs grew apart and came together: the numbers say which step, not how far one is. */
static void test_a_step_that_came_in_between_runs_too(void **state)
{
	static const struct db_step both[] = {{3, "CREATE TABLE b (id bigint)"},
		{4, "CREATE TABLE c (id bigint)"}, {5, "CREATE TABLE d (id bigint)"}, {0, NULL}};
	static const struct db_step most[] = {
		{3, "CREATE TABLE b (id bigint)"}, {5, "CREATE TABLE d (id bigint)"}, {0, NULL}};
	struct fixture *f = *state;

	assert_int_equal(db_migrate(f->db, most, NULL), 0);
	assert_int_equal(db_migrate(f->db, both, NULL), 0);
	db_begin(f->db);
	db_run(f->db, "INSERT INTO c (id) VALUES (1)");
	assert_int_equal(db_commit(f->db), 0);
}

/* The database's pages are searched, not the log in front of them, which the last close folds in.
 */
static void test_what_was_deleted_is_gone_from_the_file(void **state)
{
	static const char marker[] = "marker-7741-marker";
	struct fixture *f = *state;
	static uint8_t file[1 << 20];
	size_t size;
	FILE *in;

	db_begin(f->db);
	put(f->db, 1, 1, marker);
	assert_int_equal(db_commit(f->db), 0);
	db_begin(f->db);
	db_run(f->db, "DELETE FROM things WHERE owner = 1");
	assert_int_equal(db_commit(f->db), 0);
	db_close(f->db);
	f->db = NULL;
	in = fopen(f->path, "rb");
	assert_non_null(in);
	size = fread(file, 1, sizeof(file), in);
	fclose(in);
	assert_true(size > 0);
	assert_null(memmem(file, size, marker, sizeof(marker) - 1));
}

static void test_counters_have_no_holes(void **state)
{
	struct fixture *f = *state;

	db_begin(f->db);
	assert_int_equal(db_counter_add(f->db, 7, "pts", 1), 1);
	assert_int_equal(db_counter_add(f->db, 7, "pts", 2), 3);
	assert_int_equal(db_counter_add(f->db, 8, "pts", 1), 1);
	assert_int_equal(db_commit(f->db), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_values_come_back_as_they_went_in, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_same_query_nests_in_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_failure_sticks_until_rollback, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_failure_does_not_name_values, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_savepoint_undoes_one_call_of_a_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_readers_see_the_last_commit_and_cannot_write, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_migration_runs_each_step_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_step_that_came_in_between_runs_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_was_deleted_is_gone_from_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counters_have_no_holes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
