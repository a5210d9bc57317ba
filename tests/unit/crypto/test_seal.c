/* SPDX-License-Identifier: Apache-2.0 */
/* A sealed value opens at its own place under its own root and nowhere else. */
#include "folder.h"

#include "crypto/seal.h"

static struct vault *vault;
static struct arena arena;
static uint8_t salt[VAULT_SALT_SIZE];
static const struct root_chain first_chain;

static int open_vault(void **state)
{
	uint8_t root[VAULT_ROOT_SIZE];
	struct err err;

	for (uint8_t i = 0; i < sizeof(root); i++)
		root[i] = i;
	vault = vault_new(root, &err);
	vault_salt_new(salt);
	arena_init(&arena);
	return vault ? 0 : -1;
}

static int close_vault(void **state)
{
	vault_free(vault);
	arena_release(&arena);
	return no_arena_leaked(state);
}

static struct seal_place place(void)
{
	return (struct seal_place){salt, "messages", 1001, 77};
}

static void test_sealed_values_open(void **state)
{
	struct seal_place at = place();
	uint8_t data[5000];

	random_fill(&random_system, data, sizeof(data));
	for (size_t size = 0; size <= sizeof(data); size = size * 3 + 1) {
		struct bytes sealed = vault_seal(vault, &at, bytes_of(data, size), &arena), text;

		assert_int_equal(sealed.size, size + VAULT_OVERHEAD_FIRST);
		assert_int_equal(vault_open(vault, &at, sealed, &arena, &text), 0);
		assert_non_null(text.data);
		assert_true(bytes_equal(text, bytes_of(data, size)));
	}
}

static void test_absent_stays_absent(void **state)
{
	struct seal_place at = place();
	struct bytes text, sealed = vault_seal(vault, &at, (struct bytes){0}, &arena);

	assert_null(sealed.data);
	assert_int_equal(vault_open(vault, &at, sealed, &arena, &text), 0);
	assert_null(text.data);
}

static void test_same_text_never_seals_the_same(void **state)
{
	struct seal_place at = place();
	struct bytes a = vault_seal(vault, &at, BYTES_LITERAL("halo"), &arena);
	struct bytes b = vault_seal(vault, &at, BYTES_LITERAL("halo"), &arena);

	assert_memory_not_equal(a.data + 1, b.data + 1, 24);
	assert_memory_not_equal(a.data + 25, b.data + 25, a.size - 25);
}

static void test_one_flipped_bit_anywhere_is_refused(void **state)
{
	struct seal_place at = place();
	struct bytes sealed = vault_seal(vault, &at, BYTES_LITERAL("selamat pagi"), &arena), text;

	for (size_t i = 0; i < sealed.size * 8; i++) {
		struct bytes copy = arena_bytes(&arena, sealed);

		((uint8_t *)copy.data)[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(vault_open(vault, &at, copy, &arena, &text), -1);
		assert_null(text.data);
	}
}

static void test_every_truncation_is_refused(void **state)
{
	struct seal_place at = place();
	struct bytes sealed = vault_seal(vault, &at, BYTES_LITERAL("selamat pagi"), &arena), text;

	for (size_t size = 0; size < sealed.size; size++)
		assert_int_equal(
			vault_open(vault, &at, bytes_of(sealed.data, size), &arena, &text), -1);
}

static void test_another_place_is_refused(void **state)
{
	struct seal_place at = place(), other;
	struct bytes sealed = vault_seal(vault, &at, BYTES_LITERAL("rahasia"), &arena), text;
	uint8_t other_salt[VAULT_SALT_SIZE];

	other = at;
	other.table = "message";
	assert_int_equal(vault_open(vault, &other, sealed, &arena, &text), -1);
	other.table = "messages.media";
	assert_int_equal(vault_open(vault, &other, sealed, &arena, &text), -1);
	other = at;
	other.owner++;
	assert_int_equal(vault_open(vault, &other, sealed, &arena, &text), -1);
	other = at;
	other.id++;
	assert_int_equal(vault_open(vault, &other, sealed, &arena, &text), -1);
	other = at;
	memcpy(other_salt, salt, sizeof(salt));
	other_salt[31] ^= 1;
	other.owner_salt = other_salt;
	assert_int_equal(vault_open(vault, &other, sealed, &arena, &text), -1);
	assert_int_equal(vault_open(vault, &at, sealed, &arena, &text), 0);
}

static void test_another_root_opens_nothing(void **state)
{
	uint8_t root[VAULT_ROOT_SIZE] = {1}, a[VAULT_LOOKUP_SIZE], b[VAULT_LOOKUP_SIZE];
	struct seal_place at = place();
	struct bytes sealed = vault_seal(vault, &at, BYTES_LITERAL("rahasia"), &arena), text;
	struct err err;
	struct vault *other = vault_new(root, &err);

	assert_non_null(other);
	assert_int_equal(vault_open(other, &at, sealed, &arena, &text), -1);
	vault_lookup(vault, "phone", BYTES_LITERAL("62811"), a);
	vault_lookup(other, "phone", BYTES_LITERAL("62811"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(vault_access_hash(vault, 1, 1, 1) != vault_access_hash(other, 1, 1, 1));
	vault_free(other);
}

/* What is stored must open after an upgrade: a value sealed by the first version. */
static void test_first_version_still_opens(void **state)
{
	static const char hex[] = "01c291733f32831ed116bc334a8822e5511a341ca8df1d04f9e8ab2227d43f65"
				  "3bc78e09d1f33069c16da503e979aa9f157b13";
	uint8_t fixed_salt[VAULT_SALT_SIZE], sealed[sizeof(hex) / 2];
	struct seal_place at = {fixed_salt, "messages", 1001, 77};
	struct bytes text;

	memset(fixed_salt, 0x5a, sizeof(fixed_salt));
	unhex(hex, sealed, sizeof(sealed));
	assert_int_equal(
		vault_open(vault, &at, bytes_of(sealed, sizeof(sealed)), &arena, &text), 0);
	assert_true(bytes_equal_str(text, "halo dunia"));
}

static void test_lookup_is_stable_and_kept_apart(void **state)
{
	uint8_t a[VAULT_LOOKUP_SIZE], b[VAULT_LOOKUP_SIZE];

	vault_lookup(vault, "phone", BYTES_LITERAL("628110000"), a);
	assert_hex_equal(a, "11b19ad428ece110898101bf7e72d1ebe9fbb06c744b869cf764c007b043a220", 32);
	vault_lookup(vault, "phone", BYTES_LITERAL("628110001"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	vault_lookup(vault, "email", BYTES_LITERAL("628110000"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	vault_lookup(vault, "phone6", BYTES_LITERAL("28110000"), b);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void test_access_hash_depends_on_all_three(void **state)
{
	int64_t hash = vault_access_hash(vault, 5, 1, 9);

	assert_true(hash == -1514566966019859625);
	assert_true(hash != vault_access_hash(vault, 6, 1, 9));
	assert_true(hash != vault_access_hash(vault, 5, 2, 9));
	assert_true(hash != vault_access_hash(vault, 5, 1, 10));
	assert_true(hash != vault_access_hash(vault, 9, 1, 5));
}

static void test_root_survives_its_file(void **state)
{
	struct seal_place at = place();
	struct vault *one, *two;
	struct bytes sealed, text;
	struct stat st;
	struct err err;

	assert_int_equal(vault_root_create(folder_file(state, "root.key"), &err), 0);
	assert_int_equal(vault_root_create(folder_file(state, "root.key"), &err), -1);
	assert_int_equal(stat(folder_file(state, "root.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	one = vault_load(folder_file(state, "root.key"), &first_chain, &err);
	two = vault_load(folder_file(state, "root.key"), &first_chain, &err);
	assert_true(one && two);
	sealed = vault_seal(one, &at, BYTES_LITERAL("x"), &arena);
	assert_int_equal(vault_open(two, &at, sealed, &arena, &text), 0);
	vault_free(one);
	vault_free(two);
	assert_int_equal(chmod(folder_file(state, "root.key"), 0604), 0);
	assert_null(vault_load(folder_file(state, "root.key"), &first_chain, &err));
}

static struct vault *vault_of(const uint8_t *root, const struct root_chain *chain)
{
	struct err err;
	struct roots *roots = roots_open(root, chain, &err);

	return roots ? vault_of_roots(roots, &err) : NULL;
}

static void turn(const uint8_t *root, const struct root_chain *chain, const uint8_t *next,
	struct root_chain *out)
{
	struct err err;
	struct roots *roots = roots_open(root, chain, &err);

	assert_non_null(roots);
	assert_int_equal(roots_turn(roots, next, out, &err), 0);
	roots_free(roots);
}

static bool opens(struct vault *by, struct bytes sealed, const char *text)
{
	struct seal_place at = place();
	struct bytes opened;

	return vault_open(by, &at, sealed, &arena, &opened) == 0 && bytes_equal_str(opened, text);
}

static void test_a_new_root_opens_what_older_ones_sealed_until_they_end(void **state)
{
	uint8_t root[ROOTS_MAX + 1][ROOT_SIZE];
	struct root_chain chain[ROOTS_MAX] = {0};
	struct seal_place at = place();
	struct bytes sealed[ROOTS_MAX];
	struct vault *newest = NULL, *old;
	struct err err;

	random_fill(&random_system, root, sizeof(root));
	for (uint32_t i = 0; i < ROOTS_MAX; i++) {
		if (i > 0)
			turn(root[i - 1], &chain[i - 1], root[i], &chain[i]);
		vault_free(newest);
		newest = vault_of(root[i], &chain[i]);
		assert_non_null(newest);
		sealed[i] = vault_seal(newest, &at, BYTES_LITERAL("halo"), &arena);
		assert_int_equal(vault_value_epoch(sealed[i]), i);
		assert_int_equal(vault_epoch(newest), i);
		for (uint32_t older = 0; older <= i; older++)
			assert_true(opens(newest, sealed[older], "halo"));
	}
	/* As many as fit: the next root waits for the sweep. */
	{
		struct roots *roots = roots_open(root[ROOTS_MAX - 1], &chain[ROOTS_MAX - 1], &err);
		struct root_chain full;

		assert_int_equal(roots_turn(roots, root[ROOTS_MAX], &full, &err), -1);
		roots_free(roots);
	}
	vault_free(newest);
	/* An older root opens nothing newer, and is not taken for the newest. */
	old = vault_of(root[1], &chain[1]);
	assert_true(opens(old, sealed[0], "halo") && opens(old, sealed[1], "halo"));
	assert_false(opens(old, sealed[2], "halo"));
	vault_free(old);
	assert_null(vault_of(root[1], &chain[2]));
	assert_false(roots_match(root[1], &chain[2]));
	/* Once its links are gone, the newest opens what it sealed and nothing else. */
	chain[ROOTS_MAX - 1].count = 0;
	newest = vault_of(root[ROOTS_MAX - 1], &chain[ROOTS_MAX - 1]);
	assert_true(opens(newest, sealed[ROOTS_MAX - 1], "halo"));
	assert_false(opens(newest, sealed[ROOTS_MAX - 2], "halo"));
	assert_false(opens(newest, sealed[0], "halo"));
	vault_free(newest);
}

static void test_what_is_looked_up_stays_when_the_root_changes(void **state)
{
	uint8_t first[ROOT_SIZE] = {1}, next[ROOT_SIZE] = {2}, a[VAULT_LOOKUP_SIZE],
		b[VAULT_LOOKUP_SIZE];
	struct root_chain chain;
	struct vault *one = vault_of(first, &first_chain), *two;

	turn(first, &first_chain, next, &chain);
	two = vault_of(next, &chain);
	vault_lookup(one, "phone", BYTES_LITERAL("628110000"), a);
	vault_lookup(two, "phone", BYTES_LITERAL("628110000"), b);
	assert_memory_equal(a, b, sizeof(a));
	assert_true(vault_access_hash(one, 5, 1, 9) == vault_access_hash(two, 5, 1, 9));
	vault_free(one);
	vault_free(two);
}

static void test_a_chain_that_was_touched_does_not_open(void **state)
{
	uint8_t first[ROOT_SIZE] = {1}, next[ROOT_SIZE] = {2};
	struct root_chain chain, touched;

	turn(first, &first_chain, next, &chain);
	for (size_t i = 0; i < ROOT_SEALED_SIZE; i++) {
		touched = chain;
		touched.older[0][i] ^= 1;
		assert_null(vault_of(next, &touched));
	}
	for (size_t i = 0; i < ROOT_KEPT_SIZE; i++) {
		touched = chain;
		touched.kept[i] ^= 1;
		assert_null(vault_of(next, &touched));
	}
	touched = chain;
	touched.count = 2;
	assert_null(vault_of(next, &touched));
	touched.count = UINT32_MAX;
	assert_null(vault_of(next, &touched));
}

static void test_a_value_can_not_be_told_to_be_of_another_epoch(void **state)
{
	uint8_t first[ROOT_SIZE] = {1}, next[ROOT_SIZE] = {2}, third[ROOT_SIZE] = {3};
	struct root_chain one, two;
	struct seal_place at = place();
	struct bytes sealed, text;
	struct vault *by;

	turn(first, &first_chain, next, &one);
	turn(next, &one, third, &two);
	by = vault_of(third, &two);
	sealed = vault_seal(by, &at, BYTES_LITERAL("rahasia"), &arena);
	assert_int_equal(sealed.size, strlen("rahasia") + VAULT_OVERHEAD);
	for (size_t i = 0; i < sealed.size * 8; i++) {
		struct bytes copy = arena_bytes(&arena, sealed);

		((uint8_t *)copy.data)[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(vault_open(by, &at, copy, &arena, &text), -1);
	}
	for (size_t size = 0; size < sealed.size; size++)
		assert_int_equal(
			vault_open(by, &at, bytes_of(sealed.data, size), &arena, &text), -1);
	vault_free(by);
}

/* "dd" in a mapping's VmFlags: not dumped into core files. */
static void test_root_is_left_out_of_core_files(void **state)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	unsigned long start, end;
	bool inside = false, found = false;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			inside = (uintptr_t)vault >= start && (uintptr_t)vault < end;
		if (inside && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, " dd") != NULL;
	}
	fclose(maps);
	assert_true(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sealed_values_open),
		cmocka_unit_test(test_absent_stays_absent),
		cmocka_unit_test(test_same_text_never_seals_the_same),
		cmocka_unit_test(test_one_flipped_bit_anywhere_is_refused),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_another_place_is_refused),
		cmocka_unit_test(test_another_root_opens_nothing),
		cmocka_unit_test(test_first_version_still_opens),
		cmocka_unit_test(test_lookup_is_stable_and_kept_apart),
		cmocka_unit_test(test_access_hash_depends_on_all_three),
		IN_FOLDER(test_root_survives_its_file),
		cmocka_unit_test(test_a_new_root_opens_what_older_ones_sealed_until_they_end),
		cmocka_unit_test(test_what_is_looked_up_stays_when_the_root_changes),
		cmocka_unit_test(test_a_chain_that_was_touched_does_not_open),
		cmocka_unit_test(test_a_value_can_not_be_told_to_be_of_another_epoch),
		cmocka_unit_test(test_root_is_left_out_of_core_files),
	};

	return cmocka_run_group_tests(tests, open_vault, close_vault);
}
