/* SPDX-License-Identifier: Apache-2.0 */
/* A home on real SQLite files in a directory of its own, a clock that tests step, and calls that
 * end as the executor ends them: committed, or undone when refused. */
#ifndef TESTS_CORE_ACCOUNTS_FIXTURE_H
#define TESTS_CORE_ACCOUNTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/call.h"
#include "core/accounts/login.h"

struct fixture {
	char dir[64], home[96], square[96];
	struct store_paths paths;
	struct vault *vault;
	struct store store;
	struct core_env env;
	struct arena arena;
	struct effects *effects;
	struct call call;
	int64_t now_s, online_until_s;
	size_t blocks_before;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A fresh call on key_id, which exists afterwards, by the account that the key belongs to. */
struct call *fixture_call(struct fixture *f, uint64_t key_id);
/* Ends it; returns result. The store must not have failed. */
int fixture_end(struct fixture *f, int result);
/* Ends a call that must have been refused like this. */
void fixture_refused(struct fixture *f, int result, int code, const char *text);

const struct effect *fixture_effect(
	const struct fixture *f, enum effect_kind kind, int64_t account);
size_t fixture_effect_count(const struct fixture *f, enum effect_kind kind, int64_t account);
/* The code that the last call sent, and its hash in *hash; both in static memory. */
const char *fixture_send_code(
	struct fixture *f, uint64_t key_id, const char *phone, struct bytes *hash);
/* A new account that is logged in on the key. */
int64_t fixture_sign_up(
	struct fixture *f, uint64_t key_id, const char *phone, const char *first, const char *last);
/* false also where there is no such file. */
bool fixture_file_contains(const char *path, const void *needle, size_t size);
bool fixture_files_contain(const struct fixture *f, const void *needle, size_t size);

#define B(text) bytes_from_str(text)
#define NEWCOMER(first, last) (&(struct login_newcomer){B(first), B(last), false})

static inline struct peer user_peer(int64_t id)
{
	return (struct peer){PEER_USER, id};
}

#endif
