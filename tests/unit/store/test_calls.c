/* SPDX-License-Identifier: Apache-2.0 */
/* store/home_calls.h and the bound on keys: once is once, what is kept opens, and what is old goes
 * in bounded steps. */
#include "fixture.h"

#include <string.h>

#include "base/map.h"
#include "base/random.h"
#include "store/home_calls.h"
#include "store/home_keys.h"

#define NOW ((int64_t)1790000000)
#define MSG(second) ((uint64_t)(second) << 32 | 4)

static void settle(struct fixture *f, const struct home_call *call, int32_t code, struct bytes body)
{
	const struct home_call_answer answer = {.code = code, .body = body};

	home_call_settle(f->db, f->vault, &f->arena, call, &answer);
}

static void settle_for(struct fixture *f, const struct home_call *call, int64_t account, bool tells)
{
	const struct home_call_answer answer = {
		.body = BYTES_LITERAL("the answer"), .account = account, .tells = tells};

	assert_true(home_call_claim(f->db, call));
	home_call_settle(f->db, f->vault, &f->arena, call, &answer);
}

static struct home_call_answer answer_of(struct fixture *f, const struct home_call *call)
{
	struct home_call_answer answer;

	home_call_answer(f->db, f->vault, &f->arena, call, &answer);
	return answer;
}

static int64_t rows(struct fixture *f)
{
	return db_get_int(f->db, -1, "SELECT count(*) FROM calls");
}

/* With a message go the answers that may have it in them, and with an account all of its. */
static void what_is_gone_is_in_no_answer(void **state)
{
	struct fixture *f = *state;
	const struct home_call calls[] = {{1, 1, MSG(NOW)}, {2, 1, MSG(NOW)}, {1, 1, MSG(NOW) + 4}};

	settle_for(f, &calls[0], 7, true);
	settle_for(f, &calls[1], 7, false);
	settle_for(f, &calls[2], 8, true);
	home_calls_forget_told(f->db, 7);
	assert_null(answer_of(f, &calls[0]).body.data);
	assert_non_null(answer_of(f, &calls[1]).body.data);
	assert_non_null(answer_of(f, &calls[2]).body.data);
	home_calls_forget(f->db, 7);
	assert_null(answer_of(f, &calls[1]).body.data);
	assert_non_null(answer_of(f, &calls[2]).body.data);
	for (size_t i = 0; i < 3; i++)
		assert_false(home_call_claim(f->db, &calls[i]));
}

static void a_call_is_claimed_once_and_keeps_its_answer(void **state)
{
	/* All 64 bits of an id count, and all three ids. */
	const struct home_call call = {UINT64_MAX - 5, (uint64_t)1 << 63, MSG(NOW)};
	const struct home_call others[] = {{call.key_id - 1, call.session_id, call.msg_id},
		{call.key_id, call.session_id - 1, call.msg_id},
		{call.key_id, call.session_id, call.msg_id + 4}};
	struct fixture *f = *state;
	struct home_call_answer answer;

	assert_true(home_call_claim(f->db, &call));
	settle(f, &call, 0, BYTES_LITERAL("the answer"));
	assert_false(home_call_claim(f->db, &call));
	answer = answer_of(f, &call);
	assert_int_equal(answer.code, 0);
	assert_true(bytes_equal(answer.body, BYTES_LITERAL("the answer")));
	for (size_t i = 0; i < 3; i++)
		assert_true(home_call_claim(f->db, &others[i]));
	settle(f, &others[0], 400, BYTES_LITERAL("PHONE_CODE_INVALID"));
	answer = answer_of(f, &others[0]);
	assert_int_equal(answer.code, 400);
	assert_true(bytes_equal(answer.body, BYTES_LITERAL("PHONE_CODE_INVALID")));
	assert_false(db_failed(f->db));
}

static void an_undone_call_may_run_again(void **state)
{
	const struct home_call call = {1, 2, MSG(NOW)};
	struct fixture *f = *state;

	db_savepoint(f->db);
	assert_true(home_call_claim(f->db, &call));
	db_savepoint_end(f->db, false);
	db_savepoint(f->db);
	assert_true(home_call_claim(f->db, &call));
	db_savepoint_end(f->db, true);
	assert_false(home_call_claim(f->db, &call));
}

static void a_large_answer_is_remembered_without_its_body(void **state)
{
	const struct home_call most = {1, 2, MSG(NOW)}, more = {1, 2, MSG(NOW) + 4};
	static uint8_t body[HOME_CALL_ANSWER_MAX + 4];
	struct fixture *f = *state;

	assert_true(home_call_claim(f->db, &most));
	assert_true(home_call_claim(f->db, &more));
	settle(f, &most, 0, bytes_of(body, HOME_CALL_ANSWER_MAX));
	settle(f, &more, 0, bytes_of(body, HOME_CALL_ANSWER_MAX + 4));
	assert_int_equal(answer_of(f, &most).body.size, HOME_CALL_ANSWER_MAX);
	assert_null(answer_of(f, &more).body.data);
	assert_false(home_call_claim(f->db, &more));
	assert_false(db_failed(f->db));
}

static void a_kept_answer_is_sealed_to_its_call(void **state)
{
	const struct home_call a = {1, 2, MSG(NOW)}, b = {1, 3, MSG(NOW)};
	struct fixture *f = *state;

	assert_true(home_call_claim(f->db, &a));
	assert_true(home_call_claim(f->db, &b));
	settle(f, &a, 0, BYTES_LITERAL("wayang kulit"));
	settle(f, &b, 0, BYTES_LITERAL("other"));
	assert_int_equal(db_get_int(f->db, -1,
				 "SELECT count(*) FROM calls WHERE instr(sealed_answer, ?1) > 0",
				 DB_BYTES(BYTES_LITERAL("wayang"))),
		0);
	/* Put into the row of another session, it does not open. */
	db_run(f->db,
		"UPDATE calls SET sealed_answer = (SELECT sealed_answer FROM calls WHERE session = "
		"2) WHERE session = 3");
	assert_null(answer_of(f, &b).body.data);
	assert_true(db_failed(f->db));
}

/* 40 sessions with 25 old and 25 young calls each. */
static void old_calls_go_in_bounded_steps(void **state)
{
	struct fixture *f = *state;
	struct home_call cursor = HOME_CALLS_FIRST;
	int64_t before, most = 0;
	int steps = 0, rounds = 0;

	for (uint64_t session = 0; session < 40; session++)
		for (int i = 0; i < 50; i++) {
			struct home_call call = {session % 4 << 62, session << 58,
				MSG(i < 25 ? NOW - HOME_CALLS_KEEP_S - 1 - i
					   : NOW - HOME_CALLS_KEEP_S + i)};

			assert_true(home_call_claim(f->db, &call));
		}
	while (rounds < 2 && steps++ < 1000) {
		before = rows(f);
		rounds += home_calls_purge(f->db, NOW - HOME_CALLS_KEEP_S, &cursor, 7, 60);
		most = before - rows(f) > most ? before - rows(f) : most;
	}
	assert_int_equal(rows(f), 40 * 25);
	assert_true(most <= 60);
	assert_true(steps < 100);
	assert_int_equal(db_get_int(f->db, 0, "SELECT count(*) FROM calls WHERE msg_id < ?1",
				 DB_INT((NOW - HOME_CALLS_KEEP_S) << 32)),
		0);
}

static void spent_sends_are_known_until_they_are_old(void **state)
{
	struct fixture *f = *state;

	home_spent_add(f->db, 7, -1, NOW);
	home_spent_add(f->db, 7, -1, NOW); /* twice is nothing new */
	home_spent_add(f->db, -7, 5, NOW - 10);
	assert_true(home_spent_has(f->db, 7, -1));
	assert_false(home_spent_has(f->db, 7, 5));
	assert_true(home_spent_has(f->db, -7, 5));
	home_spent_purge(f->db, NOW, 100);
	assert_true(home_spent_has(f->db, 7, -1));
	assert_false(home_spent_has(f->db, -7, 5));
	for (int i = 0; i < 10; i++)
		home_spent_add(f->db, 8, i, NOW - 100 + i);
	home_spent_purge(f->db, NOW, 4);
	assert_false(home_spent_has(f->db, 8, 3));
	assert_true(home_spent_has(f->db, 8, 4));
}

static void the_last_second_is_kept(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(home_id_second(f->db), 0);
	home_id_second_set(f->db, NOW);
	home_id_second_set(f->db, NOW + 5);
	assert_int_equal(home_id_second(f->db), NOW + 5);
}

static void add_key(struct fixture *f, uint64_t id, int64_t user, int64_t active_s)
{
	/* Not home_keys_insert, which seals each: a hundred thousand would take minutes here. */
	db_run(f->db,
		"INSERT INTO auth_keys (id, sealed_key, aux_hash, user_id, layer, dc, created_at,"
		" active_at) VALUES (?1, ?2, 0, ?3, 0, 2, ?4, ?4)",
		DB_INT(id), DB_BYTES(bytes_of((uint8_t[169]){0}, 169)),
		user ? DB_INT(user) : (struct db_value){.kind = DB_KIND_NULL}, DB_INT(active_s));
}

static int64_t keys(struct fixture *f)
{
	return db_get_int(f->db, -1, "SELECT count(*) FROM auth_keys");
}

/* A flood of keys (attack 18): those that nobody logs in on stay under their bound, step by step,
 * the longest unused first, and no login is lost. */
static void keys_of_nobody_are_bounded(void **state)
{
	enum { FLOOD = 100000, KEEP = 5000, STEP = 2000, LOGINS = 500 };
	struct fixture *f = *state;
	static uint64_t ids[STEP];
	size_t purged, sum = 0;
	int64_t pages, most_pages = 0;

	for (int i = 0; i < LOGINS; i++)
		add_key(f, (uint64_t)i + 1, 1000 + i, NOW - 1000000);
	for (int i = 0; i < FLOOD; i++) {
		add_key(f, map_mix((uint64_t)i, 7), 0, NOW + i / 300);
		/* The upkeep runs beside it, at a pace that is above any that handshakes have. */
		if (i % STEP == STEP - 1) {
			purged = home_keys_purge(f->db, NOW - 7 * 86400, KEEP, ids, STEP);
			sum += purged;
			pages = db_get_int(f->db, 0, "SELECT page_count FROM pragma_page_count");
			most_pages = pages > most_pages ? pages : most_pages;
			assert_true(keys(f) <= KEEP + STEP + LOGINS);
		}
	}
	do {
		purged = home_keys_purge(f->db, NOW - 7 * 86400, KEEP, ids, STEP);
		sum += purged;
	} while (purged == STEP);
	assert_int_equal(keys(f), KEEP + LOGINS);
	assert_int_equal(sum, FLOOD - KEEP);
	/* What is left are the youngest: the last that went is not younger than any that stayed. */
	assert_int_equal(
		db_get_int(f->db, 0,
			"SELECT count(*) FROM auth_keys WHERE user_id IS NULL AND active_at < ?1",
			DB_INT(NOW + (FLOOD - KEEP) / 300)),
		0);
	assert_int_equal(home_keys_user(f->db, 1), 1000);
	/* A file of some 5000 keys, not of 100 000: freed pages are used again. */
	assert_true(most_pages * 4096 < (KEEP + STEP + LOGINS) * 700);
}

static void keys_of_nobody_go_after_a_while(void **state)
{
	struct fixture *f = *state;
	uint64_t ids[8];

	for (uint64_t id = 1; id <= 6; id++)
		add_key(f, id << 61, id == 2 ? 77 : 0, id < 5 ? NOW - 100 : NOW);
	assert_int_equal(home_keys_purge(f->db, NOW - 50, 1000, ids, 2), 2);
	assert_int_equal(home_keys_purge(f->db, NOW - 50, 1000, ids, 2), 1);
	assert_int_equal(home_keys_purge(f->db, NOW - 50, 1000, ids, 2), 0);
	assert_int_equal(keys(f), 3);
	/* Of two with the same age one goes where one has room. */
	assert_int_equal(home_keys_purge(f->db, NOW - 50, 1, ids, 8), 1);
	assert_int_equal(home_keys_user(f->db, (uint64_t)2 << 61), 77);
	assert_int_equal(home_keys_purge(f->db, NOW - 50, 0, ids, 8), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_gone_is_in_no_answer),
		TEST(a_call_is_claimed_once_and_keeps_its_answer),
		TEST(an_undone_call_may_run_again),
		TEST(a_large_answer_is_remembered_without_its_body),
		TEST(a_kept_answer_is_sealed_to_its_call),
		TEST(old_calls_go_in_bounded_steps),
		TEST(spent_sends_are_known_until_they_are_old),
		TEST(the_last_second_is_kept),
		TEST(keys_of_nobody_are_bounded),
		TEST(keys_of_nobody_go_after_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
