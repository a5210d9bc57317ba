/* SPDX-License-Identifier: Apache-2.0 */
/* store/home_leftovers.c: an account that ended has left nothing, in whatever table there is. A new
 * table with an owner that the lists don't name fails here. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "accounts_fixture.h"
#include "store/home_leftovers.h"

#define OWNER 4242
#define TABLES_MAX 100
#define NAME_MAX_BYTES 64

/* Whose rows stay, and why. */
static const char *const kept[] = {
	"letters",	  /* a row is a letter that must not be sent again */
	"released_names", /* held back for who had them, for some days */
};

struct tables {
	char name[TABLES_MAX][NAME_MAX_BYTES];
	size_t count;
};

static sqlite3 *open_file(const struct fixture *f)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->home, &db), SQLITE_OK);
	return db;
}

static sqlite3_stmt *statement(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	return s;
}

static void owned_tables(sqlite3 *db, struct tables *out)
{
	sqlite3_stmt *s =
		statement(db, "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c"
			      " WHERE m.type = 'table' AND c.name = 'owner' ORDER BY m.name");

	out->count = 0;
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);
		bool stays = false;

		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			stays |= !strcmp(kept[i], name);
		if (stays)
			continue;
		assert_true(out->count < TABLES_MAX);
		snprintf(out->name[out->count++], NAME_MAX_BYTES, "%s", name);
	}
	sqlite3_finalize(s);
}

/* One row of the owner: each column something of its type. */
static void put_row(sqlite3 *db, const char *table, int64_t owner)
{
	char ask[128], columns[1024] = "", values[1024] = "", insert[2200];
	sqlite3_stmt *s;

	snprintf(ask, sizeof(ask), "SELECT name, type FROM pragma_table_info('%s')", table);
	s = statement(db, ask);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);
		const char *type = (const char *)sqlite3_column_text(s, 1);
		size_t at = strlen(columns), to = strlen(values);
		char number[32];

		snprintf(number, sizeof(number), "%lld",
			!strcmp(name, "owner") ? (long long)owner : 1LL);
		snprintf(columns + at, sizeof(columns) - at, "%s%s", at ? ", " : "", name);
		snprintf(values + to, sizeof(values) - to, "%s%s", to ? ", " : "",
			!strcmp(type, "text") ? "'x'"
			: !strcmp(type, "blob") || !strcmp(type, "BLOB")
				? (owner == OWNER ? "x'01'" : "x'02'")
				: number);
	}
	sqlite3_finalize(s);
	snprintf(insert, sizeof(insert), "INSERT INTO %s (%s) VALUES (%s)", table, columns, values);
	s = statement(db, insert);
	if (sqlite3_step(s) != SQLITE_DONE)
		fail_msg("%s: %s", insert, sqlite3_errmsg(db));
	sqlite3_finalize(s);
}

static int rows_of(sqlite3 *db, const char *table, int64_t owner)
{
	char ask[128];
	sqlite3_stmt *s;
	int count;

	snprintf(ask, sizeof(ask), "SELECT COUNT(*) FROM %s WHERE owner = %lld", table,
		(long long)owner);
	s = statement(db, ask);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	count = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return count;
}

static void nothing_is_left_of_one_and_all_of_another(void **state)
{
	struct fixture *f = *state;
	struct tables tables;
	sqlite3 *db = open_file(f);

	owned_tables(db, &tables);
	assert_true(tables.count > 20);
	for (size_t i = 0; i < tables.count; i++) {
		put_row(db, tables.name[i], OWNER);
		put_row(db, tables.name[i], OWNER + 1);
		assert_int_equal(rows_of(db, tables.name[i], OWNER), 1);
	}
	fixture_call(f, 1);
	home_leftovers_drop(call_home(&f->call), OWNER);
	while (home_leftovers_purge(call_home(&f->call), OWNER, 100))
		;
	fixture_end(f, 0);
	for (size_t i = 0; i < tables.count; i++) {
		if (rows_of(db, tables.name[i], OWNER))
			fail_msg("%s is in no list of store/home_leftovers.c", tables.name[i]);
		assert_int_equal(rows_of(db, tables.name[i], OWNER + 1), 1);
	}
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_left_of_one_and_all_of_another, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("core/leftovers", tests, NULL, NULL);
}
