/* SPDX-License-Identifier: Apache-2.0 */
#include "password_fixture.h"

#include <stdio.h>

static void knower_init(
	struct knower *knower, uint8_t secret, struct bytes salt1, struct bytes salt2)
{
	memcpy(knower->salt1, salt1.data, sizeof(knower->salt1));
	memcpy(knower->salt2, salt2.data, sizeof(knower->salt2));
	memset(knower->client.x, secret, sizeof(knower->client.x));
	knower->client.salt1 = bytes_of(knower->salt1, sizeof(knower->salt1));
	knower->client.salt2 = bytes_of(knower->salt2, sizeof(knower->salt2));
}

struct password_answer fixture_answer(struct fixture *f, uint64_t key_id, uint8_t secret)
{
	static struct knower knower;
	struct password_view view;

	if (!secret)
		return (struct password_answer){0};
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, key_id), &view)), 0);
	assert_true(view.is_set);
	assert_int_equal(view.b.size, DH_SIZE);
	knower_init(&knower, secret, view.salt1, view.salt2);
	srp_client_answer(&knower.client, view.b.data, NULL, knower.a, knower.m1);
	return (struct password_answer){.given = true,
		.srp_id = view.srp_id,
		.a = bytes_of(knower.a, sizeof(knower.a)),
		.m1 = bytes_of(knower.m1, sizeof(knower.m1))};
}

struct password_settings fixture_settings(struct fixture *f, uint64_t key_id, uint8_t secret)
{
	static struct knower knower;
	uint8_t salt1[PASSWORD_SALT1_SIZE];
	struct password_view view;

	if (!secret)
		return (struct password_settings){.has_password = true};
	assert_int_equal(fixture_end(f, password_get(fixture_call(f, key_id), &view)), 0);
	assert_int_equal(view.next_salt1.size, PASSWORD_SALT1_HEAD);
	random_fill(&random_system, salt1, sizeof(salt1));
	memcpy(salt1, view.next_salt1.data, PASSWORD_SALT1_HEAD);
	knower_init(&knower, secret, bytes_of(salt1, sizeof(salt1)), view.next_salt2);
	srp_client_verifier(&knower.client, knower.verifier);
	return (struct password_settings){.has_password = true,
		.salt1 = knower.client.salt1,
		.salt2 = knower.client.salt2,
		.verifier = bytes_of(knower.verifier, sizeof(knower.verifier)),
		.hint = BYTES_LITERAL("the usual")};
}

int fixture_set_password(struct fixture *f, uint64_t key_id, uint8_t old, uint8_t secret)
{
	struct password_settings settings = fixture_settings(f, key_id, secret);
	struct password_answer answer = fixture_answer(f, key_id, old);

	return fixture_end(f, password_update(fixture_call(f, key_id), &answer, &settings));
}

void fixture_begin_login(struct fixture *f, uint64_t key_id, const char *phone)
{
	struct bytes hash;
	const char *code = fixture_send_code(f, key_id, phone, &hash);
	int64_t user;

	fixture_refused(f, login_sign_in(fixture_call(f, key_id), B(phone), hash, B(code), &user),
		401, "SESSION_PASSWORD_NEEDED");
}

const char *fixture_letter(struct fixture *f, const char *address)
{
	static char code[16];
	const struct effect *letter = fixture_effect(f, EFFECT_EMAIL, 0);

	assert_non_null(letter);
	assert_true(bytes_equal_str(letter->text, address));
	snprintf(code, sizeof(code), "%.*s", (int)letter->code.size,
		(const char *)letter->code.data);
	return code;
}
