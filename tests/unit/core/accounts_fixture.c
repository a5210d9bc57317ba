/* SPDX-License-Identifier: Apache-2.0 */
#include "accounts_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/posts/post_views.h"
#include "store/home_keys.h"

static int64_t online_until(void *ctx, int64_t user)
{
	const struct fixture *f = ctx;

	return f->online_until_s;
}

static const struct core_address fixture_addresses[] = {{.ip = "127.0.0.1", .port = 8443}};

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint8_t root[VAULT_ROOT_SIZE];

	f->blocks_before = arena_blocks_alive();
	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-core-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->home, sizeof(f->home), "%s/home.db", f->dir);
	snprintf(f->square, sizeof(f->square), "%s/square.db", f->dir);
	f->paths = (struct store_paths){f->home, f->square};
	random_fill(&random_system, root, sizeof(root));
	f->vault = vault_new(root, NULL);
	assert_non_null(f->vault);
	assert_int_equal(store_migrate(&f->paths, NULL), 0);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, NULL), 0);
	f->now_s = 1795000000;
	f->env = (struct core_env){.clock = &clock_system,
		.random = &random_system,
		.name = "Lontar",
		.addresses = fixture_addresses,
		.address_count = 1,
		.codes_to_console = true,
		.online_until = online_until,
		.online_ctx = f,
		.views = post_views_new()};
	arena_init(&f->arena);
	f->effects = effects_new();
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	post_views_free(f->env.views);
	store_close(&f->store);
	vault_free(f->vault);
	arena_release(&f->arena);
	effects_release(f->effects);
	assert_int_equal(arena_blocks_alive(), f->blocks_before);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void make_key(struct fixture *f, uint64_t id)
{
	struct home_key key = {.id = id, .layer = 227, .dc = 2, .created_at_s = f->now_s};

	for (size_t i = 0; i < sizeof(key.secret); i++)
		key.secret[i] = (uint8_t)(id * 31 + i * 7);
	assert_true(home_keys_insert(store_home(&f->store), f->vault, &key));
}

struct call *fixture_call(struct fixture *f, uint64_t key_id)
{
	struct home_key key;

	arena_reset(&f->arena);
	effects_reset(f->effects);
	if (!home_keys_find(store_home(&f->store), f->vault, key_id, &key))
		make_key(f, key_id);
	f->call = (struct call){.arena = &f->arena,
		.store = &f->store,
		.env = &f->env,
		.now_s = f->now_s,
		.user = key.user_id,
		.is_bot = key.is_bot,
		.key_id = key_id,
		.session_id = key_id + 1000,
		.layer = 227,
		.dc = 2,
		.effects = f->effects};
	assert_int_equal(store_commit(&f->store), 0);
	return &f->call;
}

int fixture_end(struct fixture *f, int result)
{
	assert_false(store_failed(&f->store));
	assert_int_equal(result < 0, f->call.fault.code != 0);
	if (result == 0 || f->call.keep_writes)
		assert_int_equal(store_commit(&f->store), 0);
	else
		store_rollback(&f->store);
	return result;
}

void fixture_refused(struct fixture *f, int result, int code, const char *text)
{
	assert_int_equal(result, -1);
	assert_string_equal(f->call.fault.text, text);
	assert_int_equal(f->call.fault.code, code);
	fixture_end(f, result);
}

const struct effect *fixture_effect(const struct fixture *f, enum effect_kind kind, int64_t account)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->kind == kind && effect->account == account)
			return effect;
	}
	return NULL;
}

size_t fixture_effect_count(const struct fixture *f, enum effect_kind kind, int64_t account)
{
	size_t count = 0;

	for (size_t i = 0; i < f->effects->count; i++)
		count += f->effects->at[i].kind == kind && f->effects->at[i].account == account;
	return count;
}

const char *fixture_send_code(
	struct fixture *f, uint64_t key_id, const char *phone, struct bytes *hash)
{
	static char code[16], code_hash[64];
	struct call *call = fixture_call(f, key_id);
	const struct effect *effect;
	struct login_sent sent;

	assert_int_equal(fixture_end(f, login_send_code(call, B(phone), &sent)), 0);
	effect = fixture_effect(f, EFFECT_CODE, 0);
	assert_non_null(effect);
	assert_int_equal(effect->code.size, LOGIN_CODE_DIGITS);
	snprintf(code, sizeof(code), "%.*s", (int)effect->code.size, effect->code.data);
	snprintf(code_hash, sizeof(code_hash), "%.*s", (int)sent.hash.size, sent.hash.data);
	*hash = B(code_hash);
	return code;
}

int64_t fixture_sign_up(
	struct fixture *f, uint64_t key_id, const char *phone, const char *first, const char *last)
{
	struct bytes hash;
	const char *code = fixture_send_code(f, key_id, phone, &hash);
	struct call *call = fixture_call(f, key_id);
	int64_t user;

	assert_int_equal(fixture_end(f, login_sign_in(call, B(phone), hash, B(code), &user)), 0);
	assert_int_equal(user, 0);
	call = fixture_call(f, key_id);
	assert_int_equal(
		fixture_end(f, login_sign_up(call, B(phone), hash, NEWCOMER(first, last), &user)),
		0);
	assert_true(user > 0);
	return user;
}

bool fixture_file_contains(const char *path, const void *needle, size_t size)
{
	FILE *file = fopen(path, "rb");
	char *data;
	long length;
	bool found;

	if (!file)
		return false;
	fseek(file, 0, SEEK_END);
	length = ftell(file);
	rewind(file);
	data = malloc((size_t)length + 1);
	assert_int_equal(fread(data, 1, (size_t)length, file), (size_t)length);
	found = memmem(data, (size_t)length, needle, size) != NULL;
	free(data);
	fclose(file);
	return found;
}

bool fixture_files_contain(const struct fixture *f, const void *needle, size_t size)
{
	DIR *dir = opendir(f->dir);
	struct dirent *entry;
	bool found = false;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char path[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", f->dir, entry->d_name);
		found |= fixture_file_contains(path, needle, size);
	}
	closedir(dir);
	return found;
}
