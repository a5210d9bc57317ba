/* SPDX-License-Identifier: Apache-2.0 */
#include "secret_fixture.h"

#include <string.h>

#define ANNA_PHONE "6281234567890"
#define BUDI_PHONE "6281234567891"

int64_t anna, budi;
uint8_t half[DH_SIZE], text[TEXT_MAX];

static void log_in(struct fixture *f, uint64_t key, const char *phone)
{
	struct bytes hash;
	const char *code = fixture_send_code(f, key, phone, &hash);
	int64_t user;

	assert_int_equal(
		fixture_end(f, login_sign_in(fixture_call(f, key), B(phone), hash, B(code), &user)),
		0);
	assert_true(user > 0);
}

int pair_setup(void **state)
{
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	f->env.files_account_max = f->env.files_max = (int64_t)64 << 20;
	anna = fixture_sign_up(f, ANNA, ANNA_PHONE, "Anna", "");
	budi = fixture_sign_up(f, BUDI, BUDI_PHONE, "Budi", "");
	log_in(f, ANNA_2, ANNA_PHONE);
	log_in(f, BUDI_2, BUDI_PHONE);
	memset(half, 0x55, sizeof(half));
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7 + 3);
	return 0;
}

static struct bytes a_half(void)
{
	return bytes_of(half, sizeof(half));
}

int pair_ask(struct fixture *f, uint64_t key, int64_t to, int32_t id, struct secret_chat *out)
{
	return secret_request(fixture_call(f, key), to, id, a_half(), out);
}

int pair_accept(struct fixture *f, uint64_t key, int32_t id, struct secret_chat *out)
{
	return secret_accept(fixture_call(f, key), id, a_half(), 9, out);
}

int pair_end(struct fixture *f, uint64_t key, int32_t id, bool history)
{
	return secret_discard(fixture_call(f, key), id, history);
}

void pair_open(struct fixture *f, int32_t id)
{
	struct secret_chat chat;

	assert_int_equal(fixture_end(f, pair_ask(f, ANNA, budi, id, &chat)), 0);
	assert_int_equal(fixture_end(f, pair_accept(f, BUDI, id, &chat)), 0);
}

int pair_post(struct fixture *f, uint64_t key, int32_t id, int64_t random_id, size_t size)
{
	struct secret_message message = {.random_id = random_id, .data = bytes_of(text, size)};
	struct secret_sent sent;

	return secret_send(fixture_call(f, key), id, &message, NULL, &sent);
}

void pair_send(struct fixture *f, uint64_t key, int32_t id, int64_t random_id, size_t size)
{
	assert_int_equal(fixture_end(f, pair_post(f, key, id, random_id, size)), 0);
}
