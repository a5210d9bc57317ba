/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what is sealed is the schema's, and sealing anew leaves nothing of an older root. */
#include "fixture.h"

#include "base/random.h"
#include "store/home_roots.h"
#include "store/home_sealed.h"
#include "store/home_users.h"

/* Sealed, though their names don't say so: named as in the square. */
static const char *const named_otherwise[][2] = {
	{"posts", "body"}, {"posts", "reactions"}, {"topics", "title"}};

static bool in_table(const char *table, const char *column)
{
	for (size_t i = 0; i < home_sealed_count; i++) {
		if (strcmp(home_sealed[i].table, table) == 0 &&
			strcmp(home_sealed[i].column, column) == 0)
			return true;
	}
	return false;
}

static void test_every_sealed_column_is_in_the_table(void **state)
{
	struct fixture *f = *state;
	struct query q = db_query(f->db,
		"SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
		" WHERE m.type = 'table' AND c.name LIKE 'sealed%' AND m.name <> 'root_epochs'");
	size_t count = 0;

	while (query_next(&q)) {
		const char *table = arena_str(&f->arena, query_bytes(&q, &f->arena, 0));
		const char *column = arena_str(&f->arena, query_bytes(&q, &f->arena, 1));

		if (!in_table(table, column))
			fail_msg("%s.%s is sealed, and not in home_sealed", table, column);
		count++;
	}
	for (size_t i = 0; i < ARRAY_LEN(named_otherwise); i++)
		assert_true(in_table(named_otherwise[i][0], named_otherwise[i][1]));
	assert_false(db_failed(f->db));
	assert_int_equal(home_sealed_count, count + ARRAY_LEN(named_otherwise));
}

/* Every statement of the table is one that the schema knows. */
static void see_none(void *ctx, struct db *db, const struct sealed_value *value)
{
	fail();
}

static void test_the_walk_ends_in_an_empty_home(void **state)
{
	struct fixture *f = *state;
	struct sealed_walk walk = {0};

	while (home_sealed_walk(&walk, f->db, 10, see_none, NULL))
		;
	assert_int_equal(walk.column, home_sealed_count);
	for (size_t i = 0; i < home_sealed_count; i++) {
		struct db_value values[SEALED_KEYS_MAX + 2] = {0};

		db_run_values(
			f->db, home_sealed[i].update, values, strlen(home_sealed[i].keys) + 1);
	}
	assert_false(db_failed(f->db));
}

#define ACCOUNTS 57

static void make_accounts(struct fixture *f)
{
	for (int64_t id = 1000; id < 1000 + ACCOUNTS; id++) {
		struct home_user user = {.id = id, .first_name = BYTES_LITERAL("Ayu")};

		home_user_insert(f->db, f->vault, &f->arena, &user, NULL);
	}
	assert_false(db_failed(f->db));
}

/* The fixture's root is not known here, so both are made anew. */
static struct vault *turn(struct fixture *f, struct root_chain *chain)
{
	uint8_t first[ROOT_SIZE] = {1}, next[ROOT_SIZE] = {2};
	struct root_chain none = {0};
	struct roots *roots = roots_open(first, &none, NULL);

	vault_free(f->vault);
	f->vault = vault_new(first, NULL);
	make_accounts(f);
	assert_int_equal(roots_turn(roots, next, chain, NULL), 0);
	roots_free(roots);
	home_roots_write(f->db, chain, 1);
	return vault_of_roots(roots_open(next, chain, NULL), NULL);
}

static int64_t of_epoch(struct fixture *f, int64_t epoch)
{
	struct query q = db_query(f->db, "SELECT sealed_profile FROM users WHERE id >= 1000");
	int64_t count = 0;

	while (query_next(&q))
		count += vault_value_epoch(query_bytes(&q, &f->arena, 0)) == epoch;
	return count;
}

static void test_a_sweep_that_is_killed_goes_on(void **state)
{
	struct fixture *f = *state;
	struct root_chain chain;
	struct vault *vault = turn(f, &chain);
	struct home_resealing work = {0};
	struct home_user user;
	int rounds = 0;

	assert_int_equal(of_epoch(f, 0), ACCOUNTS);
	/* Killed after each slice: begun anew, it finds what is left. */
	while (of_epoch(f, 0) > 0) {
		work = (struct home_resealing){0};
		for (int i = 0; i <= rounds; i++)
			assert_true(home_reseal(&work, f->db, vault, 10));
		assert_true(++rounds < 20);
		home_roots_read(f->db, &chain);
		assert_int_equal(chain.count, 1);
	}
	assert_int_equal(of_epoch(f, 1), ACCOUNTS);
	work = (struct home_resealing){0};
	while (home_reseal(&work, f->db, vault, 10))
		;
	assert_true(work.done);
	home_roots_read(f->db, &chain);
	assert_int_equal(chain.epoch, 1);
	assert_int_equal(chain.count, 0);
	assert_true(home_user_get(f->db, vault, &f->arena, 1000, &user));
	assert_true(bytes_equal_str(user.first_name, "Ayu"));
	vault_free(vault);
}

static void test_what_does_not_open_keeps_the_old_root(void **state)
{
	struct fixture *f = *state;
	struct root_chain chain;
	struct vault *vault = turn(f, &chain);
	struct home_resealing work = {0};

	db_run(f->db,
		"UPDATE users SET sealed_profile = (SELECT sealed_profile FROM users WHERE id ="
		" 1001) WHERE id = 1000");
	while (home_reseal(&work, f->db, vault, 10))
		;
	assert_false(work.done);
	assert_int_equal(work.damaged, 1);
	assert_int_equal(of_epoch(f, 0), 1);
	home_roots_read(f->db, &chain);
	assert_int_equal(chain.count, 1);
	/* What has no salt is nobody's: it opens under no root and keeps none. */
	db_run(f->db, "UPDATE users SET salt = NULL WHERE id = 1000");
	work = (struct home_resealing){0};
	while (home_reseal(&work, f->db, vault, 10))
		;
	assert_true(work.done);
	vault_free(vault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_every_sealed_column_is_in_the_table, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			test_the_walk_ends_in_an_empty_home, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			test_a_sweep_that_is_killed_goes_on, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_what_does_not_open_keeps_the_old_root,
			fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
