/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Temporary keys (https://core.telegram.org/api/pfs) on a real messenger: what one may do before it
 * is bound, every way a bind fails, several keys of one login, and kill -9.
 */
#include "live.h"

#include <stdlib.h>

#include "mtproto/bind.h"
#include "tl/write.h"

#define PHONE "6281234567891"
#define DAY_S 86400
#define NONCE 77

struct world {
	struct live live;
	struct tester perm, temp;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	live_init(&w->live);
	live_start(&w->live);
	tester_open(&w->perm, &w->live);
	tester_open_temporary(&w->temp, &w->live, DAY_S);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	tester_close(&w->temp);
	tester_close(&w->perm);
	live_release(&w->live);
	free(w);
	return 0;
}

/* What a client may get wrong in a bind. */
struct bind {
	const struct auth_key *perm; /* that it seals with */
	uint64_t perm_id;	     /* that it names */
	int64_t expires_at, nonce;
};

static struct bind right_bind(const struct world *w)
{
	return (struct bind){
		&w->perm.client.key, w->perm.client.key.id, w->temp.client.key.expires_at, NONCE};
}

/* The fault's text; "" if it is bound. */
static const char *bind(struct tester *t, const struct bind *b)
{
	struct mtproto_client *client = &t->client;
	uint64_t msg_id = mtproto_client_next_msg_id(client);
	struct buf message = {0}, body = {0};
	struct sent sent = {.msg_id = msg_id};
	struct tl_auth_bindTempAuthKey query = {.o.name = TL_auth_bindTempAuthKey,
		.perm_auth_key_id = (int64_t)b->perm_id,
		.nonce = b->nonce,
		.expires_at = (int32_t)b->expires_at};

	mtproto_bind_make(&client->key, b->perm, client->session_id, msg_id, NONCE,
		(int32_t)b->expires_at, &random_system, &message);
	query.encrypted_message = buf_bytes(&message);
	tl_write_object(&body, &query.o, LIVE_LAYER);
	mtproto_client_send_raw(client, client->salt, client->session_id, msg_id,
		mtproto_client_next_seqno(client, true), buf_bytes(&body), false);
	tester_take_raw(t, &sent);
	sent_release(&sent);
	buf_release(&message);
	buf_release(&body);
	return tester_fault();
}

static void bind_right(const struct world *w, struct tester *temp)
{
	struct bind b = right_bind(w);

	assert_string_equal(bind(temp, &b), "");
}

static const char *ask_self(struct tester *t)
{
	struct tl_inputUserSelf self = {.o.name = TL_inputUserSelf};
	struct tl_object *at = &self.o;
	const struct tl_users_getUsers query = {
		.o.name = TL_users_getUsers, .id = {.at = &at, .count = 1}};

	tester_call(t, &query.o, NULL);
	return tester_fault();
}

static void an_unbound_key_may_ask_for_the_configuration_alone(void **state)
{
	static const struct tl_object config = {.name = TL_help_getConfig};
	static const struct tl_object nearest = {.name = TL_help_getNearestDc};
	static const struct tl_object state_query = {.name = TL_updates_getState};
	struct world *w = *state;

	assert_int_equal(tester_call(&w->temp, &config, NULL), 0);
	assert_int_equal(tester_call(&w->temp, &nearest, NULL), 0);
	assert_int_equal(tester_call(&w->temp, &state_query, NULL), 401);
	assert_string_equal(tester_fault(), "AUTH_KEY_PERM_EMPTY");
	assert_string_equal(ask_self(&w->temp), "AUTH_KEY_PERM_EMPTY");
	bind_right(w, &w->temp);
	assert_string_equal(ask_self(&w->temp), "AUTH_KEY_UNREGISTERED");
}

static void every_wrong_bind_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct tester other;
	struct bind b = right_bind(w);

	tester_open(&other, &w->live);
	b.perm = &other.client.key; /* holds not the key that it names */
	assert_string_equal(bind(&w->temp, &b), "ENCRYPTED_MESSAGE_INVALID");
	b = right_bind(w);
	b.perm_id ^= 1; /* a key that nobody has */
	assert_string_equal(bind(&w->temp, &b), "ENCRYPTED_MESSAGE_INVALID");
	b = right_bind(w);
	b.nonce++;
	assert_string_equal(bind(&w->temp, &b), "ENCRYPTED_MESSAGE_INVALID");
	b = right_bind(w);
	b.expires_at += 3600;
	assert_string_equal(bind(&w->temp, &b), "EXPIRES_AT_INVALID");
	b.expires_at = 1;
	assert_string_equal(bind(&w->temp, &b), "EXPIRES_AT_INVALID");
	b = right_bind(w);
	assert_string_equal(bind(&w->perm, &b), "TEMP_AUTH_KEY_EMPTY");
	/* None of these bound it. */
	assert_string_equal(ask_self(&w->temp), "AUTH_KEY_PERM_EMPTY");
	bind_right(w, &w->temp);
	bind_right(w, &w->temp); /* the answer may have been lost */
	b = right_bind(w);
	b.perm = &other.client.key;
	b.perm_id = other.client.key.id;
	assert_string_equal(bind(&w->temp, &b), "TEMP_AUTH_KEY_ALREADY_BOUND");
	tester_close(&other);
}

/* TDLib has a temporary key for each of its sessions, Telegram Desktop one more for media: a new
 * bind puts out none. */
static void several_keys_stand_for_one_login(void **state)
{
	struct world *w = *state;
	struct tester more[3];

	tester_sign_up(&w->perm, PHONE);
	bind_right(w, &w->temp);
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		struct bind b = right_bind(w);

		tester_open_temporary(&more[i], &w->live, DAY_S);
		b.expires_at = more[i].client.key.expires_at;
		assert_string_equal(bind(&more[i], &b), "");
	}
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		assert_string_equal(ask_self(&more[i]), "");
		tester_close(&more[i]);
	}
	assert_string_equal(ask_self(&w->temp), "");
}

static void reconnect(struct world *w)
{
	static struct tester old; /* its key is all that is used */

	old.client.key = w->temp.client.key;
	old.client.salt = w->temp.client.salt;
	tester_close(&w->temp);
	assert_int_equal(tester_try_known(&w->temp, &w->live, &old), 0);
}

static void a_bound_key_goes_on_after_kill(void **state)
{
	struct world *w = *state;
	struct tester last;

	tester_sign_up(&w->perm, PHONE);
	bind_right(w, &w->temp);
	assert_string_equal(ask_self(&w->temp), "");
	for (unsigned i = 0; i < 3; i++) {
		live_kill(&w->live);
		live_start(&w->live);
		reconnect(w);
		assert_string_equal(ask_self(&w->temp), "");
	}
	/* A bind is bound to its key for good, also by a process that did not see it. */
	bind_right(w, &w->temp);
	/* After a reboot there is no such key: the client is told so, and makes another. */
	live_stop(&w->live);
	live_forget_kept(&w->live);
	live_start(&w->live);
	assert_int_equal(tester_try_known(&last, &w->live, &w->temp), -404);
	tester_close(&last);
}

static void an_unbound_key_may_be_bound_after_kill(void **state)
{
	struct world *w = *state;

	tester_sign_up(&w->perm, PHONE);
	live_kill(&w->live);
	live_start(&w->live);
	reconnect(w);
	assert_string_equal(ask_self(&w->temp), "AUTH_KEY_PERM_EMPTY");
	bind_right(w, &w->temp);
	assert_string_equal(ask_self(&w->temp), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_unbound_key_may_ask_for_the_configuration_alone),
		TEST(every_wrong_bind_is_refused_by_name),
		TEST(several_keys_stand_for_one_login),
		TEST(a_bound_key_goes_on_after_kill),
		TEST(an_unbound_key_may_be_bound_after_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
