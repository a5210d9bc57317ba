/* SPDX-License-Identifier: Apache-2.0 */
/* invokeAfterMsg (S13) on a real messenger: the codes that clients know, and that a session goes on
 * after them; and the end of a login. What may overtake what is played in
 * tests/unit/mtproto/test_attacks.c. */
#include "live.h"

#include <stdlib.h>

#include "tl/write.h"

#define PHONE "6281234567892"

struct world {
	struct live live;
	struct tester tester;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	live_init(&w->live);
	live_start(&w->live);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	tester_close(&w->tester);
	live_release(&w->live);
	free(w);
	return 0;
}

static void post_after(
	struct tester *tester, uint64_t after, const struct tl_object *query, struct sent *sent)
{
	struct tl_invokeAfterMsg wrapper = {.o.name = TL_invokeAfterMsg, .msg_id = (int64_t)after};
	struct buf inner = {0};

	tl_write_object(&inner, query, LIVE_LAYER);
	wrapper.query = buf_bytes(&inner);
	tester_post(tester, &wrapper.o, sent);
	buf_release(&inner);
}

/* Calls help.getConfig after the message. Its id goes to *msg_id. */
static int32_t call_after(struct tester *tester, uint64_t after, uint64_t *msg_id)
{
	const struct tl_help_getConfig config = {.o.name = TL_help_getConfig};
	struct sent sent;
	int32_t code;

	post_after(tester, after, &config.o, &sent);
	code = tester_take(tester, &sent);
	*msg_id = sent.msg_id;
	sent_release(&sent);
	return code;
}

static void calls_wait_for_calls(void **state)
{
	struct world *w = *state;
	const struct tl_help_getConfig config = {.o.name = TL_help_getConfig};
	const struct tl_updates_getState state_query = {.o.name = TL_updates_getState};
	struct sent done = {0}, refused = {0};
	uint64_t id;

	tester_open(&w->tester, &w->live);
	assert_int_equal(tester_call(&w->tester, &config.o, &done), 0);
	assert_int_equal(tester_call(&w->tester, &state_query.o, &refused), 401);
	assert_int_equal(call_after(&w->tester, done.msg_id, &id), 0);
	assert_int_equal(call_after(&w->tester, id, &id), 0);
	assert_int_equal(call_after(&w->tester, refused.msg_id, &id), 500);
	assert_string_equal(tester_fault(), "MSG_WAIT_FAILED");
	assert_int_equal(call_after(&w->tester, id, &id), 500);
	assert_string_equal(tester_fault(), "MSG_WAIT_FAILED");
	/* One that was never sent: the client gave its id away and lost the connection. */
	id = mtproto_client_next_msg_id(&w->tester.client);
	assert_int_equal(call_after(&w->tester, id, &id), 400);
	assert_string_equal(tester_fault(), "MSG_WAIT_TIMEOUT");
	assert_int_equal(call_after(&w->tester, done.msg_id, &id), 0);
	sent_release(&done);
	sent_release(&refused);
}

/* It waits for a message that comes when the login is over: it must not read, nor listen again. */
static void a_login_that_ended_meanwhile(void **state)
{
	struct world *w = *state;
	const struct tl_auth_logOut log_out = {.o.name = TL_auth_logOut};
	const struct tl_help_getConfig config = {.o.name = TL_help_getConfig};
	const struct tl_updates_getState state_query = {.o.name = TL_updates_getState};
	struct mtproto_client *client = &w->tester.client;
	struct buf query = {0};
	struct sent waits;
	uint64_t id;
	uint32_t seqno;

	live_freeze_clock(&w->live);
	tester_open(&w->tester, &w->live);
	tester_sign_up(&w->tester, PHONE);
	assert_int_equal(tester_call(&w->tester, &state_query.o, NULL), 0);
	id = mtproto_client_next_msg_id(client);
	seqno = mtproto_client_next_seqno(client, true);
	post_after(&w->tester, id, &state_query.o, &waits);
	assert_int_equal(tester_call(&w->tester, &log_out.o, NULL), 0);
	tl_write_object(&query, &config.o, LIVE_LAYER);
	mtproto_client_send_raw(
		client, client->salt, client->session_id, id, seqno, buf_bytes(&query), false);
	assert_int_equal(tester_take_raw(&w->tester, &waits), 401);
	assert_string_equal(tester_fault(), "AUTH_KEY_UNREGISTERED");
	sent_release(&waits);
	buf_release(&query);
}

/* Another device ends the account: who only listens must be told to ask. */
static void who_is_logged_out_by_another_hears_of_it(void **state)
{
	struct world *w = *state;
	const struct tl_updates_getState state_query = {.o.name = TL_updates_getState};
	struct tl_account_deleteAccount end = {
		.o.name = TL_account_deleteAccount, .reason = BYTES_LITERAL("none")};
	struct tester other;

	tester_open(&w->tester, &w->live);
	tester_sign_up(&w->tester, PHONE);
	tester_open(&other, &w->live);
	tester_sign_up(&other, PHONE);
	assert_int_equal(tester_call(&w->tester, &state_query.o, NULL), 0);
	assert_int_equal(tester_call(&other, &state_query.o, NULL), 0);
	assert_false(other.must_ask);
	assert_int_equal(tester_call(&w->tester, &end.o, NULL), 0);
	assert_true(tester_must_ask(&other));
	assert_int_equal(tester_call(&other, &state_query.o, NULL), 401);
	assert_int_equal(tester_call(&w->tester, &state_query.o, NULL), 401);
	assert_false(w->tester.must_ask);
	tester_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(calls_wait_for_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_login_that_ended_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			who_is_logged_out_by_another_hears_of_it, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
