/* SPDX-License-Identifier: Apache-2.0 */
/* core/secret: how a secret chat begins between two devices and ends, and what goes between them.
 */
#include "secret_fixture.h"

#include <stdio.h>
#include <string.h>

#include "core/accounts/blocks.h"
#include "core/accounts/sessions.h"
#include "core/changes.h"
#include "store/home_keys.h"
#include "store/home_secret_queue.h"

/* What the last call told one device, of this kind. */
static const struct update *told(const struct fixture *f, uint64_t key, enum update_kind kind)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->kind == EFFECT_ACCOUNT && effect->only_key == key &&
			effect->set.updates[0].kind == kind)
			return &effect->set.updates[0];
	}
	return NULL;
}

static bool told_state(const struct fixture *f, uint64_t key, enum secret_chat_state state)
{
	const struct update *update = told(f, key, UPDATE_SECRET_CHAT);

	return update && update->secret_chat->state == state;
}

/* How a device that was away sees its last chat; -1: it hears of none. */
static int missed_state(struct fixture *f, uint64_t key)
{
	struct update_set set = {0};
	int state = -1;

	changes_missed(fixture_call(f, key), f->now_s - 1000, &set);
	for (size_t i = 0; i < set.update_count; i++) {
		if (set.updates[i].kind == UPDATE_SECRET_CHAT)
			state = (int)set.updates[i].secret_chat->state;
	}
	fixture_end(f, 0);
	return state;
}

static size_t heard_up_to(struct fixture *f, uint64_t key, int32_t qts)
{
	int64_t *random_ids;
	size_t count;

	assert_int_equal(
		fixture_end(f, secret_received(fixture_call(f, key), qts, &random_ids, &count)), 0);
	return count;
}

/* As the server does after the answer. */
static void difference(
	struct fixture *f, uint64_t key, int32_t qts, int32_t limit, struct secret_difference *out)
{
	struct call *call = fixture_call(f, key);
	const struct effect *effect;

	secret_difference(call, qts, limit, out);
	effect = fixture_effect(f, EFFECT_SECRET_HEARD, call->user);
	if (effect)
		secret_heard(call, effect->account, effect->key_id, effect->qts);
	fixture_end(f, 0);
}

static struct home_secret_device device_of(struct fixture *f, int64_t owner, uint64_t key)
{
	struct home_secret_device device;

	home_secret_device_get(store_home(&f->store), owner, key, &device);
	return device;
}

/* ---- Beginning ---- */

static void every_device_is_asked_and_one_has_it(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	assert_int_equal(chat.state, SECRET_CHAT_WAITING);
	assert_int_equal(chat.admin, anna);
	assert_int_equal(chat.participant, budi);
	assert_true(told_state(f, BUDI, SECRET_CHAT_REQUESTED));
	assert_true(told_state(f, BUDI_2, SECRET_CHAT_REQUESTED));
	assert_null(told(f, ANNA_2, UPDATE_SECRET_CHAT));
	assert_int_equal(missed_state(f, BUDI_2), SECRET_CHAT_REQUESTED);
	assert_int_equal(missed_state(f, ANNA_2), -1);

	assert_int_equal(fixture_end(f, pair_accept(f, BUDI_2, CHAT, &chat)), 0);
	assert_int_equal(chat.state, SECRET_CHAT_ACTIVE);
	assert_int_equal(chat.access_hash, secret_access_hash(&f->call, budi, CHAT));
	assert_true(told_state(f, ANNA, SECRET_CHAT_ACTIVE));
	assert_int_equal(told(f, ANNA, UPDATE_SECRET_CHAT)->secret_chat->fingerprint, 9);
	assert_true(told_state(f, BUDI, SECRET_CHAT_DISCARDED));
	assert_null(told(f, ANNA_2, UPDATE_SECRET_CHAT));
	fixture_refused(f, pair_accept(f, BUDI, CHAT, &chat), 400, "ENCRYPTION_ALREADY_ACCEPTED");
	assert_int_equal(missed_state(f, ANNA), SECRET_CHAT_ACTIVE);
	assert_int_equal(missed_state(f, ANNA_2), -1);
	assert_int_equal(missed_state(f, BUDI), SECRET_CHAT_DISCARDED);
}

/* Who was killed before he had the answer asks again. */
static void the_same_again_is_the_same_answer(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	assert_int_equal(chat.state, SECRET_CHAT_WAITING);
	assert_null(told(f, BUDI, UPDATE_SECRET_CHAT));
	fixture_refused(f, pair_ask(f, ANNA_2, budi, CHAT, &chat), 400, "RANDOM_ID_DUPLICATE");
	half[9] ^= 1;
	fixture_refused(f, pair_ask(f, ANNA, budi, CHAT, &chat), 400, "RANDOM_ID_DUPLICATE");
	half[9] ^= 1;
	assert_int_equal(fixture_end(f, pair_accept(f, BUDI, CHAT, &chat)), 0);
	assert_int_equal(fixture_end(f, pair_accept(f, BUDI, CHAT, &chat)), 0);
	assert_int_equal(chat.state, SECRET_CHAT_ACTIVE);
	assert_null(told(f, ANNA, UPDATE_SECRET_CHAT));
	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	assert_int_equal(chat.state, SECRET_CHAT_ACTIVE);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_chats"), 2);
}

static void halves_are_checked_on_both_sides(void **state)
{
	struct fixture *f = *state;
	static const uint8_t one[] = {1};
	uint8_t longer[DH_SIZE + 1] = {1};
	struct secret_chat chat;
	const struct bytes bad[] = {{0}, bytes_of(one, 1), bytes_of(longer, sizeof(longer)),
		secret_dh_prime(), bytes_of(half, DH_SIZE - 8)};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		fixture_refused(f, secret_request(fixture_call(f, ANNA), budi, CHAT, bad[i], &chat),
			400, "DH_G_A_INVALID");
	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		fixture_refused(f, secret_accept(fixture_call(f, BUDI), CHAT, bad[i], 9, &chat),
			400, "DH_G_A_INVALID");
	assert_int_equal(fixture_end(f, pair_accept(f, BUDI, CHAT, &chat)), 0);
}

static void who_can_not_be_asked(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	fixture_refused(f, pair_ask(f, ANNA, anna, CHAT, &chat), 400, "USER_ID_INVALID");
	fixture_refused(f, pair_ask(f, ANNA, SERVICE_USER, CHAT, &chat), 400, "USER_ID_INVALID");
	fixture_refused(f, pair_ask(f, ANNA, 1 << 30, CHAT, &chat), 400, "INPUT_USER_DEACTIVATED");
	fixture_refused(f, pair_ask(f, ANNA, budi, 0, &chat), 400, "RANDOM_ID_EMPTY");
	fixture_end(f, block_set(fixture_call(f, BUDI), anna, true));
	fixture_refused(f, pair_ask(f, ANNA, budi, CHAT, &chat), 403, "USER_IS_BLOCKED");
	fixture_refused(f, pair_ask(f, BUDI, anna, CHAT, &chat), 400, "YOU_BLOCKED_USER");
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_chats"), 0);
}

static void an_account_asks_so_often_a_day(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	for (int32_t i = 1; i <= SECRET_CHATS_PER_DAY; i++) {
		assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, i, &chat)), 0);
		assert_int_equal(fixture_end(f, pair_end(f, ANNA, i, false)), 0);
	}
	assert_int_equal(pair_ask(f, ANNA, budi, 1000, &chat), -1);
	assert_int_equal(f->call.fault.code, 420);
	fixture_end(f, -1);
}

static void one_account_can_not_take_all_places_of_another(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	for (int32_t i = 1; i <= SECRET_CHATS_WITH_ONE; i++)
		assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, i, &chat)), 0);
	fixture_refused(f, pair_ask(f, ANNA, budi, 1000, &chat), 400, "PEER_FLOOD");
	assert_int_equal(fixture_end(f, pair_end(f, BUDI, 1, false)), 0);
	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, 1000, &chat)), 0);
}

/* Each side has its own numbers. */
static void a_number_that_the_other_has_already(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;
	int32_t id;

	pair_open(f, CHAT);
	assert_int_equal(fixture_end(f, pair_ask(f, BUDI, anna, CHAT + 1, &chat)), 0);
	fixture_sign_up(f, 9, "6281234567899", "Citra", "");
	assert_int_equal(fixture_end(f, pair_ask(f, 9, anna, CHAT, &chat)), 0);
	id = told(f, ANNA, UPDATE_SECRET_CHAT)->secret_chat->id;
	assert_int_not_equal(id, CHAT);
	assert_int_equal(fixture_end(f, pair_accept(f, ANNA, id, &chat)), 0);
	assert_int_equal(told(f, 9, UPDATE_SECRET_CHAT)->secret_chat->id, CHAT);
	pair_send(f, 9, CHAT, 1, 64);
	assert_int_equal(told(f, ANNA, UPDATE_SECRET_MESSAGE)->secret_message->chat, id);
	assert_null(told(f, BUDI, UPDATE_SECRET_MESSAGE));
}

/* ---- Ending ---- */

static void ended_in_every_state(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;

	fixture_refused(f, pair_end(f, ANNA, 0, false), 400, "CHAT_ID_EMPTY");
	fixture_refused(f, pair_end(f, ANNA, CHAT, false), 400, "ENCRYPTION_ID_INVALID");

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	fixture_refused(f, pair_end(f, ANNA_2, CHAT, false), 400, "ENCRYPTION_ID_INVALID");
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT, false)), 0); /* withdrawn */
	assert_true(told_state(f, BUDI, SECRET_CHAT_DISCARDED));
	assert_true(told_state(f, BUDI_2, SECRET_CHAT_DISCARDED));
	fixture_refused(f, pair_accept(f, BUDI, CHAT, &chat), 400, "ENCRYPTION_ALREADY_DECLINED");
	fixture_refused(f, pair_end(f, BUDI, CHAT, false), 400, "ENCRYPTION_ALREADY_DECLINED");

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT + 1, &chat)), 0);
	assert_int_equal(fixture_end(f, pair_end(f, BUDI_2, CHAT + 1, false)), 0); /* declined */
	assert_true(told_state(f, ANNA, SECRET_CHAT_DISCARDED));
	assert_true(told_state(f, BUDI, SECRET_CHAT_DISCARDED));
	fixture_refused(
		f, pair_accept(f, BUDI, CHAT + 1, &chat), 400, "ENCRYPTION_ALREADY_DECLINED");

	pair_open(f, CHAT + 2);
	fixture_refused(f, pair_end(f, BUDI_2, CHAT + 2, true), 400, "ENCRYPTION_ALREADY_ACCEPTED");
	fixture_refused(f, pair_end(f, ANNA_2, CHAT + 2, true), 400, "ENCRYPTION_ID_INVALID");
	pair_send(f, ANNA, CHAT + 2, 1, 64);
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT + 2, true)), 0);
	assert_true(told(f, BUDI, UPDATE_SECRET_CHAT)->secret_chat->history_deleted);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 0);
	assert_int_equal(device_of(f, budi, BUDI).waiting, 0);
	fixture_refused(f, pair_post(f, BUDI, CHAT + 2, 2, 64), 400, "ENCRYPTION_DECLINED");
	assert_int_equal(
		ROWS(f, "SELECT count(*) FROM secret_chats WHERE sealed_keys IS NOT NULL"), 0);
}

/* What was sent before the end is still received, where the history stays. */
static void the_last_words_arrive(void **state)
{
	struct fixture *f = *state;
	struct secret_difference got;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 1, 64);
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT, false)), 0);
	difference(f, BUDI, HOME_SECRET_QTS_FIRST, 100, &got);
	assert_int_equal(got.count, 1);
	assert_int_equal(missed_state(f, BUDI), SECRET_CHAT_DISCARDED);
}

static void a_device_that_logs_out_ends_its_chats(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	pair_open(f, CHAT);
	pair_open(f, CHAT + 1);
	pair_send(f, ANNA, CHAT, 1, 64);
	call = fixture_call(f, BUDI);
	session_end_login(call, budi, BUDI);
	assert_true(told_state(f, ANNA, SECRET_CHAT_DISCARDED));
	fixture_end(f, 0);
	fixture_refused(f, pair_post(f, ANNA, CHAT, 2, 64), 400, "ENCRYPTION_DECLINED");
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_devices"), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_chats WHERE state < 4"), 0);
}

static void what_nobody_accepted_ends_with_the_account(void **state)
{
	struct fixture *f = *state;
	struct secret_chat chat;
	struct call *call;

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	call = fixture_call(f, BUDI);
	secret_end_account(call, budi);
	assert_true(told_state(f, ANNA, SECRET_CHAT_DISCARDED));
	fixture_end(f, 0);
	assert_int_equal(missed_state(f, ANNA), SECRET_CHAT_DISCARDED);
}

/* ---- What goes between them ---- */

static void only_the_two_devices_use_it(void **state)
{
	struct fixture *f = *state;
	static const uint64_t others[] = {ANNA_2, BUDI_2, 9};
	struct secret_chat chat;

	fixture_sign_up(f, 9, "6281234567899", "Citra", "");
	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, CHAT, &chat)), 0);
	fixture_refused(f, pair_post(f, ANNA, CHAT, 1, 64), 400, "CHAT_ID_INVALID");
	fixture_refused(f, pair_post(f, BUDI, CHAT, 1, 64), 400, "CHAT_ID_INVALID");
	assert_int_equal(fixture_end(f, pair_accept(f, BUDI, CHAT, &chat)), 0);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		const uint64_t key = others[i];

		fixture_refused(f, pair_post(f, key, CHAT, 1, 64), 400, "CHAT_ID_INVALID");
		fixture_refused(
			f, secret_read(fixture_call(f, key), CHAT, 5), 400, "CHAT_ID_INVALID");
		fixture_refused(
			f, secret_typing(fixture_call(f, key), CHAT), 400, "CHAT_ID_INVALID");
		fixture_refused(
			f, secret_report(fixture_call(f, key), CHAT), 400, "CHAT_ID_INVALID");
	}
	fixture_refused(f, pair_accept(f, ANNA, CHAT, &chat), 400, "CHAT_ID_INVALID");
	fixture_refused(f, pair_accept(f, 9, CHAT, &chat), 400, "CHAT_ID_INVALID");
	fixture_refused(f, pair_end(f, 9, CHAT, true), 400, "ENCRYPTION_ID_INVALID");
	assert_int_not_equal(
		secret_access_hash(&f->call, anna, CHAT), secret_access_hash(&f->call, budi, CHAT));
}

static void bytes_arrive_as_they_are_in_order_and_go(void **state)
{
	struct fixture *f = *state;
	struct secret_difference got;

	pair_open(f, CHAT);
	for (int64_t i = 1; i <= 5; i++) {
		pair_send(f, ANNA, CHAT, i, SECRET_DATA_MIN + (size_t)i);
		assert_int_equal(told(f, BUDI, UPDATE_SECRET_MESSAGE)->secret_message->qts,
			HOME_SECRET_QTS_FIRST + i);
		assert_null(told(f, BUDI_2, UPDATE_SECRET_MESSAGE));
	}
	difference(f, BUDI, HOME_SECRET_QTS_FIRST, 2, &got);
	assert_true(got.slice);
	assert_int_equal(got.count, 2);
	assert_int_equal(got.qts, HOME_SECRET_QTS_FIRST + 2);
	difference(f, BUDI, got.qts, 100, &got);
	assert_false(got.slice);
	assert_int_equal(got.count, 3);
	for (size_t i = 0; i < got.count; i++) {
		assert_int_equal(got.messages[i].random_id, (int64_t)i + 3);
		assert_true(
			bytes_equal(got.messages[i].data, bytes_of(text, SECRET_DATA_MIN + i + 3)));
	}
	/* Who asks on has had what is before. */
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 3);
	fixture_refused(f,
		secret_received(fixture_call(f, BUDI), 7, &(int64_t *){NULL}, &(size_t){0}), 400,
		"MAX_QTS_INVALID");
	assert_int_equal(heard_up_to(f, BUDI_2, HOME_SECRET_QTS_FIRST), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 3);
	assert_int_equal(heard_up_to(f, BUDI, got.qts), 3);
	assert_int_equal(heard_up_to(f, BUDI, got.qts), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 0);
	assert_int_equal(device_of(f, budi, BUDI).waiting, 0);
	assert_int_equal(device_of(f, budi, BUDI).heard, got.qts);
}

static void a_repeated_random_id_goes_once(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 5, 64);
	f->now_s += 60;
	pair_send(f, ANNA, CHAT, 5, 64);
	assert_null(told(f, BUDI, UPDATE_SECRET_MESSAGE));
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 1);
	pair_send(f, BUDI, CHAT, 5, 64); /* the other side's are its own */
	assert_non_null(told(f, ANNA, UPDATE_SECRET_MESSAGE));
}

static void sizes_are_bounded(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	fixture_refused(f, pair_post(f, ANNA, CHAT, 0, 64), 400, "RANDOM_ID_EMPTY");
	fixture_refused(f, pair_post(f, ANNA, CHAT, 1, 0), 400, "DATA_INVALID");
	fixture_refused(f, pair_post(f, ANNA, CHAT, 1, SECRET_DATA_MIN - 1), 400, "DATA_INVALID");
	fixture_refused(f, pair_post(f, ANNA, CHAT, 1, SECRET_DATA_MAX + 1), 400, "DATA_TOO_LONG");
	pair_send(f, ANNA, CHAT, 1, SECRET_DATA_MIN);
	pair_send(f, ANNA, CHAT, 2, SECRET_DATA_MAX);
}

static void so_much_waits_for_a_device(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 1, 64);
	db_run(store_home(&f->store), "UPDATE secret_devices SET waiting = ?1",
		DB_INT(SECRET_WAITING_BYTES_MAX));
	fixture_refused(f, pair_post(f, ANNA, CHAT, 2, 64), 420, "FLOOD_WAIT_60");
	pair_send(f, ANNA, CHAT, 1, 64); /* what it has already is answered */
	pair_send(f, BUDI, CHAT, 2, 64);
}

static void who_was_blocked_reaches_nobody(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	assert_int_equal(fixture_end(f, secret_typing(fixture_call(f, ANNA), CHAT)), 0);
	assert_non_null(told(f, BUDI, UPDATE_SECRET_TYPING));
	fixture_end(f, block_set(fixture_call(f, BUDI), anna, true));
	fixture_refused(f, pair_post(f, ANNA, CHAT, 1, 64), 403, "USER_IS_BLOCKED");
	assert_int_equal(fixture_end(f, secret_typing(fixture_call(f, ANNA), CHAT)), 0);
	assert_null(told(f, BUDI, UPDATE_SECRET_TYPING));
	assert_int_equal(fixture_end(f, pair_end(f, ANNA, CHAT, false)), 0);
}

static void read_marks_only_rise(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	assert_int_equal(fixture_end(f, secret_read(fixture_call(f, BUDI), CHAT, 50)), 0);
	assert_int_equal(told(f, ANNA, UPDATE_SECRET_READ)->count, 50);
	assert_null(told(f, ANNA_2, UPDATE_SECRET_READ));
	assert_int_equal(fixture_end(f, secret_read(fixture_call(f, BUDI), CHAT, 40)), 0);
	assert_null(told(f, ANNA, UPDATE_SECRET_READ));
	fixture_refused(f, secret_read(fixture_call(f, BUDI), CHAT, -1), 400, "MAX_DATE_INVALID");
}

/* A device knows more than the server, which was restored: nothing waits for it any more. */
static void a_device_that_is_ahead(void **state)
{
	struct fixture *f = *state;
	struct secret_difference got;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 1, 64);
	pair_send(f, ANNA, CHAT, 2, 64);
	difference(f, BUDI, 500000, 100, &got);
	assert_int_equal(got.qts, 500000);
	assert_int_equal(got.count, 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_queue"), 0);
	assert_int_equal(device_of(f, budi, BUDI).qts, 500000);
	assert_int_equal(device_of(f, budi, BUDI).waiting, 0);
	pair_send(f, ANNA, CHAT, 3, 64); /* not "too much waits for it" */
	assert_int_equal(told(f, BUDI, UPDATE_SECRET_MESSAGE)->secret_message->qts, 500001);
}

/* The call fails, and nothing is read beside what there is. */
static void one_that_does_not_open_before_more(void **state)
{
	struct fixture *f = *state;
	struct home_secret_message *messages;
	struct call *call;
	bool more;

	pair_open(f, CHAT);
	for (int64_t i = 1; i <= 3; i++)
		pair_send(f, ANNA, CHAT, i, 64);
	call = fixture_call(f, BUDI);
	db_run(call_home(call), "UPDATE secret_queue SET sealed_data = ?1",
		DB_BYTES(bytes_of(text, 90)));
	assert_int_equal(store_commit(&f->store), 0);
	assert_int_equal(
		home_secret_queue_after(call_home(call), f->vault, &f->arena, budi, BUDI,
			HOME_SECRET_QTS_FIRST, 2, SECRET_DIFFERENCE_BYTES, &messages, &more),
		0);
	assert_false(more);
	assert_true(store_failed(&f->store));
	store_rollback(&f->store);
}

static void nothing_is_in_clear_in_the_files(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 1, 4096);
	assert_false(fixture_files_contain(f, text, 16));
	assert_false(fixture_files_contain(f, half, 16));
}

static void what_ended_long_ago_is_forgotten(void **state)
{
	struct fixture *f = *state;

	pair_open(f, CHAT);
	pair_send(f, ANNA, CHAT, 1, 64);
	assert_int_equal(fixture_end(f, pair_end(f, BUDI, CHAT, false)), 0);
	f->now_s += SECRET_ENDED_KEPT_S + 1;
	assert_false(secret_chats_purge(fixture_call(f, ANNA)));
	fixture_end(f, 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_chats"), 0);
	assert_int_equal(ROWS(f, "SELECT count(*) FROM secret_sent"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_device_is_asked_and_one_has_it),
		TEST(the_same_again_is_the_same_answer),
		TEST(halves_are_checked_on_both_sides),
		TEST(who_can_not_be_asked),
		TEST(an_account_asks_so_often_a_day),
		TEST(one_account_can_not_take_all_places_of_another),
		TEST(a_number_that_the_other_has_already),
		TEST(ended_in_every_state),
		TEST(the_last_words_arrive),
		TEST(a_device_that_logs_out_ends_its_chats),
		TEST(what_nobody_accepted_ends_with_the_account),
		TEST(only_the_two_devices_use_it),
		TEST(bytes_arrive_as_they_are_in_order_and_go),
		TEST(a_repeated_random_id_goes_once),
		TEST(sizes_are_bounded),
		TEST(so_much_waits_for_a_device),
		TEST(who_was_blocked_reaches_nobody),
		TEST(read_marks_only_rise),
		TEST(a_device_that_is_ahead),
		TEST(one_that_does_not_open_before_more),
		TEST(nothing_is_in_clear_in_the_files),
		TEST(what_ended_long_ago_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
