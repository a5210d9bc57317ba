/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FLOOD_WAIT_X for each kind of limit: X is right within a second or two, holds for another session
 * and another key of the same account, and over kill -9 and a restart.
 */
#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/channels/channels.h"
#include "core/accounts/contacts.h"
#include "core/accounts/login.h"
#include "store/db.h"

#define PHONE "6281234567890"
#define DAY_S 86400
#define HOUR_S 3600

struct world {
	struct live live;
	struct tester *one, *other; /* two keys of one account */
};

/* calls_per_s: of an account and of a key of nobody. */
static struct world *begin(struct world *w, int64_t calls_per_s)
{
	memset(w, 0, sizeof(*w));
	w->one = calloc(1, sizeof(*w->one));
	w->other = calloc(1, sizeof(*w->other));
	live_init(&w->live);
	w->live.in.settings.calls_per_s = calls_per_s;
	w->live.in.settings.stranger_calls_per_s = calls_per_s ? 2 * calls_per_s : 0;
	live_freeze_clock(&w->live);
	live_start(&w->live);
	return w;
}

static void tester_free(struct tester *tester)
{
	tester_close(tester);
	free(tester);
}

static void log_in_both(struct world *w)
{
	tester_open(w->one, &w->live);
	tester_sign_up(w->one, PHONE);
	tester_open(w->other, &w->live);
	tester_sign_up(w->other, PHONE);
}

static void end(struct world *w)
{
	tester_free(w->one);
	tester_free(w->other);
	live_release(&w->live);
}

/* Seconds to wait, 0: it was let through. */
static int64_t wait_told(struct tester *t, const struct tl_object *query)
{
	static const char prefix[] = "FLOOD_WAIT_";
	int64_t seconds;

	if (tester_call(t, query, NULL) != 420)
		return 0;
	assert_int_equal(strncmp(tester_fault(), prefix, sizeof(prefix) - 1), 0);
	seconds = strtoll(tester_fault() + sizeof(prefix) - 1, NULL, 10);
	assert_true(seconds > 0);
	return seconds;
}

static struct tester *known_again(struct world *w, struct tester *before)
{
	struct tester *tester = calloc(1, sizeof(*tester));

	tester_open_known(tester, &w->live, before, false);
	tester_free(before);
	return tester;
}

static void restart(struct world *w)
{
	live_kill(&w->live);
	live_start(&w->live);
	w->one = known_again(w, w->one);
	w->other = known_again(w, w->other);
}

/* Connections do not outlive a day, nor do salts. */
static void wait_for(struct world *w, int64_t seconds)
{
	live_step_clock(&w->live, seconds);
	w->one = known_again(w, w->one);
}

/* A second session of a key that is refused, too. */
static int64_t wait_in_new_session(
	struct world *w, const struct tester *key, const struct tl_object *query)
{
	struct tester session;
	int64_t wait;

	tester_open_known(&session, &w->live, key, false);
	wait = wait_told(&session, query);
	tester_close(&session);
	return wait;
}

/* The limit is used up: everybody of the account is told about the same X, and X holds. */
static void check_wait(struct world *w, const struct tl_object *query, int64_t least, int64_t most,
	bool of_account)
{
	int64_t wait = wait_told(w->one, query), again;

	assert_in_range(wait, least, most);
	again = wait_in_new_session(w, w->one, query);
	assert_in_range(again, wait > 2 ? wait - 2 : 1, wait);
	if (of_account)
		assert_in_range(wait_told(w->other, query), wait > 3 ? wait - 3 : 1, wait);
	restart(w);
	wait = wait_told(w->one, query);
	assert_in_range(wait, again > 4 ? again - 4 : 1, again);
	if (wait > 3) {
		wait_for(w, wait - 3);
		again = wait_told(w->one, query);
		assert_in_range(again, 1, 3);
		wait = again;
	}
	wait_for(w, wait);
	assert_int_equal(wait_told(w->one, query), 0);
}

/* ---- Seconds: buckets ---- */

static void calls_of_an_account(void **state)
{
	struct world w;
	struct tl_inputUserSelf self = {.o.name = TL_inputUserSelf};
	struct tl_object *at = &self.o;
	const struct tl_users_getUsers normal = {
		.o.name = TL_users_getUsers, .id = {.at = &at, .count = 1}};
	const struct tl_contacts_importContacts heavy = {.o.name = TL_contacts_importContacts};
	int n = 0;

	begin(&w, 1);
	log_in_both(&w);
	while (n++ < 100 && !wait_told(n % 2 ? w.one : w.other, &normal.o))
		;
	/* Ten seconds' worth, and what came in while they were spent. */
	assert_in_range(n, 8, 40);
	check_wait(&w, &normal.o, 1, 1, true);
	while (!wait_told(w.one, &normal.o))
		;
	/* Four calls' worth at one a second. */
	check_wait(&w, &heavy.o, 3, 4, true);
	end(&w);
}

static void calls_of_a_key_of_nobody(void **state)
{
	struct world w;
	struct tl_codeSettings settings = {.o.name = TL_codeSettings};
	const struct tl_auth_sendCode query = {.o.name = TL_auth_sendCode,
		.phone_number = BYTES_LITERAL("x"), /* refused, and paid for */
		.api_hash = BYTES_LITERAL(""),
		.settings = &settings.o};
	int n = 0;

	begin(&w, 1);
	tester_open(w.one, &w.live);
	tester_open(w.other, &w.live);
	while (n++ < 100 && !wait_told(w.one, &query.o))
		;
	assert_in_range(n, 4, 12); /* of 20 calls' worth each takes four */
	/* Another key is another stranger, for which its address would pay; this one is loopback.
	 */
	assert_int_equal(wait_told(w.other, &query.o), 0);
	check_wait(&w, &query.o, 1, 2, false);
	end(&w);
}

/* ---- Hours and days: rows ---- */

/* As if so much had been used since the period began. */
static void use_up(struct world *w, const char *name, int64_t used)
{
	struct err err = {0};
	struct db *db;

	live_kill(&w->live);
	assert_int_equal(db_open(w->live.in.home_db, DB_WRITE, &db, &err), 0);
	db_begin(db);
	assert_int_equal(db_run(db, "UPDATE budgets SET used = ?2 WHERE name = ?1", DB_STR(name),
				 DB_INT(used)),
		1);
	assert_int_equal(db_commit(db), 0);
	db_close(db);
	live_start(&w->live);
}

static void check_day(const struct tl_object *query, const char *name, int64_t max)
{
	struct world w;

	begin(&w, 0);
	log_in_both(&w);
	assert_int_equal(wait_told(w.one, query), 0);
	use_up(&w, name, max - 1);
	restart(&w);
	/* The last one, and no more. */
	assert_int_equal(wait_told(w.other, query), 0);
	check_wait(&w, query, DAY_S - 120, DAY_S, true);
	end(&w);
}

static void channels_in_a_day(void **state)
{
	const struct tl_channels_createChannel query = {.o.name = TL_channels_createChannel,
		.broadcast = true,
		.title = BYTES_LITERAL("Gamelan"),
		.about = BYTES_LITERAL("")};

	check_day(&query.o, "channels", CHANNELS_PER_DAY);
}

/* Nobody has the name: a miss counts. */
static void names_in_a_day(void **state)
{
	const struct tl_contacts_resolveUsername query = {.o.name = TL_contacts_resolveUsername,
		.username = BYTES_LITERAL("nobody_has_this")};

	check_day(&query.o, "names", CHANNEL_LOOKUPS_PER_DAY);
}

static void numbers_in_a_day(void **state)
{
	const struct tl_contacts_resolvePhone query = {
		.o.name = TL_contacts_resolvePhone, .phone = BYTES_LITERAL("6281300000009")};

	check_day(&query.o, "lookups", CONTACTS_LOOKUPS_PER_DAY);
}

static void codes_of_a_number_in_an_hour(void **state)
{
	struct world w;
	struct tl_codeSettings settings = {.o.name = TL_codeSettings};
	const struct tl_auth_sendCode query = {.o.name = TL_auth_sendCode,
		.phone_number = BYTES_LITERAL("6281300000009"),
		.api_hash = BYTES_LITERAL(""),
		.settings = &settings.o};

	begin(&w, 0);
	tester_open(w.one, &w.live);
	tester_open(w.other, &w.live);
	for (int i = 0; i < LOGIN_CODES_PER_HOUR; i++)
		assert_int_equal(wait_told(i % 2 ? w.one : w.other, &query.o), 0);
	/* Another key has no more. */
	check_wait(&w, &query.o, HOUR_S - 60, HOUR_S, true);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_an_account),
		cmocka_unit_test(calls_of_a_key_of_nobody),
		cmocka_unit_test(channels_in_a_day),
		cmocka_unit_test(names_in_a_day),
		cmocka_unit_test(numbers_in_a_day),
		cmocka_unit_test(codes_of_a_number_in_an_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
