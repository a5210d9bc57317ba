/* SPDX-License-Identifier: Apache-2.0 */
/* server/keyring.h and server/temp_keys.h: loading, binding, finding all keys of a login, expiry,
 * destruction, forgetting. On real databases. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/keyring.h"
#include "store/home_keys.h"

#define NOW 1000000

struct fixture {
	char dir[64], home[96], square[96], root[96];
	struct store_paths paths;
	struct vault *vault;
	struct store store; /* writes */
	void *area;
	struct temp_keys *temp;
	struct keyring ring;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct err err = {0};

	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-ring-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->home, sizeof(f->home), "%s/home.db", f->dir);
	snprintf(f->square, sizeof(f->square), "%s/square.db", f->dir);
	snprintf(f->root, sizeof(f->root), "%s/root.key", f->dir);
	f->paths = (struct store_paths){f->home, f->square};
	assert_int_equal(store_migrate(&f->paths, &err), 0);
	assert_int_equal(vault_root_create(f->root, &err), 0);
	f->vault = vault_load(f->root, &(struct root_chain){0}, &err);
	assert_non_null(f->vault);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, &err), 0);
	f->area = calloc(1, temp_keys_area(4));
	assert_non_null(f->area);
	f->temp = temp_keys_new(f->area, temp_keys_area(4), NOW);
	assert_int_equal(keyring_init(&f->ring, &f->paths, f->vault, f->temp, &err), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	keyring_release(&f->ring);
	temp_keys_free(f->temp);
	free(f->area);
	store_close(&f->store);
	vault_free(f->vault);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void add_perm(struct fixture *f, uint64_t id, int64_t user)
{
	struct home_key row = {.id = id, .user_id = user, .layer = 200, .secret = {9, 8, 7}};

	assert_true(home_keys_insert(store_home(&f->store), f->vault, &row));
	assert_int_equal(store_commit(&f->store), 0);
}

static bool add_temp(struct fixture *f, uint64_t id, int64_t expires_at)
{
	struct auth_key key;

	auth_key_init(&key);
	key.id = id;
	key.secret[0] = (uint8_t)id;
	key.expires_at = expires_at;
	return temp_keys_add(f->temp, &key);
}

static enum mtproto_key_lookup find(struct fixture *f, uint64_t id, struct ring_key **out)
{
	return keyring_find(&f->ring, id, NOW, out);
}

static struct ring_key *found(struct fixture *f, uint64_t id)
{
	struct ring_key *key = NULL;

	assert_int_equal(find(f, id, &key), MTPROTO_KEY_FOUND);
	assert_int_equal(key->key.id, id);
	return key;
}

static void count_key(void *ctx, struct ring_key *key)
{
	uint64_t *sum = ctx;

	*sum += key->key.id;
}

static uint64_t sum_of_perm(struct fixture *f, uint64_t perm_id)
{
	uint64_t sum = 0;

	keyring_each_of_perm(&f->ring, perm_id, count_key, &sum);
	return sum;
}

static void a_permanent_key_is_loaded_with_its_login(void **state)
{
	struct fixture *f = *state;
	struct ring_key *key;

	add_perm(f, 10, 77);
	key = found(f, 10);
	assert_int_equal(key->key.user_id, 77);
	assert_int_equal(key->key.layer, 200);
	assert_int_equal(key->key.secret[1], 8);
	assert_int_equal(keyring_perm_id(&key->key), 10);
	assert_ptr_equal(found(f, 10), key);
	assert_int_equal(find(f, 11, &key), MTPROTO_KEY_ABSENT);
}

static void all_keys_of_a_login_are_found_by_the_permanent_one(void **state)
{
	struct fixture *f = *state;

	add_perm(f, 10, 77);
	add_perm(f, 20, 0);
	for (uint64_t id = 1; id <= 3; id++)
		assert_true(add_temp(f, id, NOW + 60));
	assert_int_equal(sum_of_perm(f, 10), 0);
	keyring_bind(&f->ring, found(f, 1), &found(f, 10)->key, NOW + 60);
	keyring_bind(&f->ring, found(f, 2), &found(f, 10)->key, NOW + 60);
	keyring_bind(&f->ring, found(f, 3), &found(f, 20)->key, NOW + 60);
	assert_int_equal(found(f, 1)->key.user_id, 77);
	assert_int_equal(sum_of_perm(f, 10), 13);
	assert_int_equal(sum_of_perm(f, 20), 23);
	/* A key is bound once. */
	keyring_bind(&f->ring, found(f, 1), &found(f, 20)->key, NOW + 60);
	assert_int_equal(sum_of_perm(f, 10), 13);
	/* The first one leaves: the others must not go with it. */
	found(f, 1)->gone = true;
	keyring_sweep(&f->ring, NOW);
	assert_int_equal(sum_of_perm(f, 10), 12);
	assert_int_equal(sum_of_perm(f, 20), 23);
}

/* A bound key that is loaded anew, on this or another thread, has the login of its permanent one.
 */
static void a_bound_key_is_found_again_after_it_was_forgotten(void **state)
{
	struct fixture *f = *state;

	add_perm(f, 10, 77);
	assert_true(add_temp(f, 1, NOW + 60));
	keyring_bind(&f->ring, found(f, 1), &found(f, 10)->key, NOW + 60);
	keyring_sweep(&f->ring, NOW + 100); /* as if expired */
	assert_int_equal(sum_of_perm(f, 10), 10);
	assert_int_equal(found(f, 1)->key.user_id, 77);
	assert_int_equal(sum_of_perm(f, 10), 11);
}

static void expired_keys_are_absent_and_go_when_nothing_refers_to_them(void **state)
{
	struct fixture *f = *state;
	struct ring_key *key, *again;

	assert_true(add_temp(f, 1, NOW + 60));
	key = found(f, 1);
	key->key.refs = 1;
	assert_int_equal(keyring_find(&f->ring, 1, NOW + 60, &again), MTPROTO_KEY_ABSENT);
	keyring_sweep(&f->ring, NOW + 60);
	assert_int_equal(f->ring.by_id.size, 1);
	key->key.refs = 0;
	keyring_sweep(&f->ring, NOW + 60);
	assert_int_equal(f->ring.by_id.size, 0);
	assert_int_equal(keyring_find(&f->ring, 1, NOW + 60, &again), MTPROTO_KEY_ABSENT);
}

static void a_destroyed_key_is_absent_though_something_refers_to_it(void **state)
{
	struct fixture *f = *state;
	struct ring_key *key, *again;

	add_perm(f, 10, 77);
	key = found(f, 10);
	key->key.refs = 1;
	key->gone = true;
	assert_int_equal(find(f, 10, &again), MTPROTO_KEY_ABSENT);
	key->key.refs = 0;
	keyring_sweep(&f->ring, NOW);
	assert_int_equal(f->ring.by_id.size, 0);
}

/* A temporary key does not outlive the permanent one that it stands for. */
static void a_temporary_key_of_a_deleted_login_is_absent(void **state)
{
	struct fixture *f = *state;
	struct ring_key *key;

	add_perm(f, 10, 77);
	assert_true(add_temp(f, 1, NOW + 60));
	temp_keys_bind(f->temp, 1, 10, NOW + 60);
	assert_true(home_keys_delete(store_home(&f->store), 10));
	assert_int_equal(store_commit(&f->store), 0);
	assert_int_equal(find(f, 1, &key), MTPROTO_KEY_ABSENT);
}

static bool has_temp(struct fixture *f, uint64_t id)
{
	struct auth_key key;
	bool has;

	auth_key_init(&key);
	has = temp_keys_find(f->temp, id, NOW, &key);
	auth_key_wipe(&key);
	return has;
}

/* Four have room. A flood of new keys puts out other such keys, and no client's. */
static void keys_that_nobody_bound_make_room_first(void **state)
{
	struct fixture *f = *state;

	for (uint64_t id = 1; id <= 3; id++)
		assert_true(add_temp(f, id, NOW + 60));
	assert_false(add_temp(f, 2, NOW + 60)); /* taken */
	temp_keys_bind(f->temp, 1, 10, NOW + 60);
	for (uint64_t id = 100; id < 200; id++)
		assert_true(add_temp(f, id, NOW + 9999));
	assert_true(has_temp(f, 1));
	assert_false(has_temp(f, 2));
	assert_false(has_temp(f, 150));
	for (uint64_t id = 197; id < 200; id++) {
		assert_true(has_temp(f, id));
		temp_keys_bind(f->temp, id, 10, NOW + 60);
	}
	/* All are bound: the oldest goes. */
	assert_true(add_temp(f, 300, NOW + 60));
	assert_false(has_temp(f, 1));
	assert_true(has_temp(f, 197));
	temp_keys_remove(f->temp, 197);
	assert_false(has_temp(f, 197));
}

/* Strangers' keys go a while after their last use, a few at a time; those of logins stay. */
static void keys_without_login_are_purged(void **state)
{
	struct fixture *f = *state;
	uint64_t ids[4];
	size_t purged = 0;
	struct ring_key *key;

	for (uint64_t id = 1; id <= 9; id++) {
		struct home_key row = {.id = id << 60 | id, /* half of them negative in SQL */
			.user_id = id == 5 ? 77 : 0,
			.active_at_s = id == 6 ? NOW : NOW - 1000};

		assert_true(home_keys_insert(store_home(&f->store), f->vault, &row));
	}
	/* Logged out a moment ago: its client uses it to log in again. */
	home_keys_set_user(store_home(&f->store), (uint64_t)7 << 60 | 7, 0, NOW);
	for (int round = 0; round < 3; round++)
		purged += home_keys_purge(store_home(&f->store), NOW - 10, 1000, ids, 4);
	assert_int_equal(purged, 6);
	assert_int_equal(home_keys_user(store_home(&f->store), (uint64_t)5 << 60 | 5), 77);
	assert_int_equal(home_keys_user(store_home(&f->store), (uint64_t)7 << 60 | 7), 0);
	assert_int_equal(home_keys_user(store_home(&f->store), (uint64_t)1 << 60 | 1), 0);
	assert_int_equal(store_commit(&f->store), 0);
	for (uint64_t id = 1; id <= 9; id++)
		assert_int_equal(find(f, id << 60 | id, &key),
			id >= 5 && id <= 7 ? MTPROTO_KEY_FOUND : MTPROTO_KEY_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_permanent_key_is_loaded_with_its_login),
		TEST(all_keys_of_a_login_are_found_by_the_permanent_one),
		TEST(a_bound_key_is_found_again_after_it_was_forgotten),
		TEST(expired_keys_are_absent_and_go_when_nothing_refers_to_them),
		TEST(a_destroyed_key_is_absent_though_something_refers_to_it),
		TEST(a_temporary_key_of_a_deleted_login_is_absent),
		TEST(keys_that_nobody_bound_make_room_first),
		TEST(keys_without_login_are_purged),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
