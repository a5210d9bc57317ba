/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing and opening: round trips, every flipped bit, every truncation, batches, salts, and the
 * binding of a temporary key. */
#include "world.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/bind.h"
#include "mtproto/envelope.h"

static struct world world;
static struct auth_key *perm, *temp;

static int set_up(void **state)
{
	uint8_t full[256];

	(void)state;
	world_init(&world);
	random_fill(&world.random, full, sizeof(full));
	perm = world_add_key(&world, full, false);
	random_fill(&world.random, full, sizeof(full));
	temp = world_add_key(&world, full, true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_release(&world);
	return 0;
}

static void seal(struct buf *packet, size_t size, enum envelope_direction direction)
{
	uint8_t *body = mem_zalloc(1, size + 1);
	struct envelope_message message = {1, 2, 3, 4, bytes_of(body, size), 0};

	memset(body, 0x5a, size);
	buf_clear(packet);
	envelope_seal(perm, &message, direction, &world.random, packet);
	free(body);
}

static void what_was_sealed_opens(void **state)
{
	static const size_t sizes[] = {0, 4, 8, 12, 16, 20, 1000, 70000};
	struct buf packet = {0};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(sizes); i++) {
		enum envelope_direction direction = i % 2 ? ENVELOPE_TO_CLIENT : ENVELOPE_TO_SERVER;
		size_t size = sizes[i / 2];
		struct envelope_message message;

		seal(&packet, size, direction);
		assert_true(load_u64le(buf_data(&packet)) == perm->id);
		assert_int_equal(envelope_open(perm, buf_data(&packet), buf_size(&packet),
					 direction, &message),
			0);
		assert_true(message.salt == 1 && message.session_id == 2 && message.msg_id == 3);
		assert_int_equal(message.seqno, 4);
		assert_int_equal(message.body.size, size);
		/* Not in the other direction. */
		seal(&packet, size, direction);
		assert_int_equal(envelope_open(perm, buf_data(&packet), buf_size(&packet),
					 ENVELOPE_TO_CLIENT - direction, &message),
			-1);
	}
	buf_release(&packet);
}

static void every_flipped_byte_and_truncation_fails(void **state)
{
	struct buf packet = {0};
	struct envelope_message message;
	size_t size;

	(void)state;
	seal(&packet, 40, ENVELOPE_TO_SERVER);
	size = buf_size(&packet);
	for (size_t i = 8; i < size; i++) {
		seal(&packet, 40, ENVELOPE_TO_SERVER);
		buf_data(&packet)[i] ^= 0x10;
		assert_int_equal(
			envelope_open(perm, buf_data(&packet), size, ENVELOPE_TO_SERVER, &message),
			-1);
	}
	for (size_t cut = 0; cut < size; cut++) {
		uint8_t *copy =
			mem_alloc(cut ? cut : 1); /* exact, so that reading beyond is seen */

		seal(&packet, 40, ENVELOPE_TO_SERVER);
		memcpy(copy, buf_data(&packet), cut);
		assert_int_equal(envelope_open(perm, copy, cut, ENVELOPE_TO_SERVER, &message), -1);
		free(copy);
	}
	buf_release(&packet);
}

/* E5 */
static void lengths_and_padding_are_held_to_the_rules(void **state)
{
	uint8_t plain[32 + 40 + 1040] = {0};
	struct envelope_message message;
	static const struct {
		uint32_t length;
		size_t size;
		int result;
	} cases[] = {{40, 72 + 12, 0}, {40, 72 + 1024, 0}, {40, 72 + 11, -1}, {40, 72 + 1028, -1},
		{41, 72 + 16, -1}, {42, 72 + 16, -1}, {60, 72 + 12, -1}, {UINT32_MAX, 72 + 16, -1},
		{0xfffffffc, 72 + 16, -1}, {0x80000000, 72 + 16, -1}, {0, 32 + 12, 0}, {0, 31, -1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		store_u32le(plain + 28, cases[i].length);
		assert_int_equal(envelope_parse(plain, cases[i].size, &message), cases[i].result);
	}
}

static void a_batch_gives_what_single_packets_give(void **state)
{
	enum { COUNT = 19 };
	struct buf single[COUNT] = {0};
	struct envelope_job jobs[COUNT];
	uint8_t *packets[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		size_t size = 32 + 16 * (1 + i % 5), whole = ENVELOPE_OUTER + size;
		const struct auth_key *key = i % 3 ? perm : temp;

		packets[i] = mem_zalloc(1, whole);
		random_fill(&world.random, packets[i] + ENVELOPE_OUTER, size);
		buf_append(&single[i], packets[i], whole);
		jobs[i] = (struct envelope_job){key, buf_data(&single[i]), size};
		envelope_seal_many(&jobs[i], 1, ENVELOPE_TO_SERVER);
		jobs[i].packet = packets[i];
	}
	envelope_seal_many(jobs, COUNT, ENVELOPE_TO_SERVER);
	for (size_t i = 0; i < COUNT; i++) {
		assert_memory_equal(packets[i], buf_data(&single[i]), buf_size(&single[i]));
		buf_release(&single[i]);
		free(packets[i]);
	}
}

static void salts_change_each_half_hour(void **state)
{
	int64_t now = world.now_us / 1000000;
	uint64_t salt = auth_key_salt(perm, now);

	(void)state;
	perm->first_salt = 12345;
	assert_true(auth_key_salt_valid(perm, salt, now));
	assert_true(auth_key_salt_valid(perm, 12345, now));
	assert_true(auth_key_salt_valid(perm, salt, now + SALT_EPOCH_S));
	assert_true(auth_key_salt_valid(perm, 12345, now + SALT_EPOCH_S));
	assert_false(auth_key_salt_valid(perm, salt, now + 2 * SALT_EPOCH_S));
	assert_false(auth_key_salt_valid(perm, 12345, now + 2 * SALT_EPOCH_S));
	assert_false(auth_key_salt_valid(perm, 0, now));
	assert_true(auth_key_salt(perm, now + SALT_EPOCH_S) != salt);
	assert_true(auth_key_salt(temp, now) != salt);
	assert_true(auth_key_salt(perm, now) == salt);
	perm->first_salt = 0;
}

#define NOW_S (world.now_us / 1000000)

struct binding {
	struct mtproto_bind_request request;
	struct buf message;
};

static void binding_make_until(struct binding *b, int64_t until)
{
	int32_t expires_at = (int32_t)until;

	memset(b, 0, sizeof(*b));
	mtproto_bind_make(temp, perm, 11, 22, 33, expires_at, &world.random, &b->message);
	b->request = (struct mtproto_bind_request){
		11, 22, perm->id, 33, expires_at, buf_bytes(&b->message)};
}

static void binding_make(struct binding *b)
{
	binding_make_until(b, temp->expires_at);
}

static void expect_binding(struct binding *b, enum mtproto_bind want)
{
	assert_int_equal(mtproto_bind_check(temp, perm, &b->request, NOW_S), want);
	buf_release(&b->message);
}

static void a_temporary_key_is_bound(void **state)
{
	struct binding b;

	(void)state;
	binding_make(&b);
	expect_binding(&b, MTPROTO_BIND_OK);
	binding_make(&b);
	b.request.session_id++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	binding_make(&b);
	b.request.msg_id++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	binding_make(&b);
	b.request.nonce++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	binding_make(&b);
	b.request.expires_at++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	binding_make(&b);
	b.request.perm_auth_key_id++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	binding_make(&b);
	b.request.encrypted_message.size -= 16;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
}

static void a_binding_needs_both_keys(void **state)
{
	struct binding b;

	(void)state;
	binding_make(&b);
	assert_int_equal(
		mtproto_bind_check(perm, perm, &b.request, NOW_S), MTPROTO_BIND_TEMP_KEY_EMPTY);
	assert_int_equal(
		mtproto_bind_check(temp, temp, &b.request, NOW_S), MTPROTO_BIND_MESSAGE_INVALID);
	assert_int_equal(
		mtproto_bind_check(temp, NULL, &b.request, NOW_S), MTPROTO_BIND_MESSAGE_INVALID);
	expect_binding(&b, MTPROTO_BIND_OK);
}

/* No longer than the handshake said, by clocks that may differ by five minutes; and not in the
 * past. */
static void a_binding_ends_in_time(void **state)
{
	struct binding b;

	(void)state;
	binding_make_until(&b, temp->expires_at + 300);
	expect_binding(&b, MTPROTO_BIND_OK);
	binding_make_until(&b, temp->expires_at + 301);
	expect_binding(&b, MTPROTO_BIND_EXPIRES_AT_INVALID);
	binding_make_until(&b, NOW_S + 1);
	expect_binding(&b, MTPROTO_BIND_OK);
	binding_make_until(&b, NOW_S);
	expect_binding(&b, MTPROTO_BIND_EXPIRES_AT_INVALID);
	binding_make_until(&b, 0);
	expect_binding(&b, MTPROTO_BIND_EXPIRES_AT_INVALID);
	binding_make_until(&b, -1);
	expect_binding(&b, MTPROTO_BIND_EXPIRES_AT_INVALID);
}

/* Again to the same key: the answer was lost. To another: never, and only who proves to hold that
 * other hears so. */
static void a_key_is_bound_to_one(void **state)
{
	struct binding b;

	(void)state;
	temp->perm_id = perm->id;
	binding_make(&b);
	expect_binding(&b, MTPROTO_BIND_OK);
	temp->perm_id = perm->id + 1;
	binding_make(&b);
	expect_binding(&b, MTPROTO_BIND_ALREADY_BOUND);
	binding_make(&b);
	b.request.nonce++;
	expect_binding(&b, MTPROTO_BIND_MESSAGE_INVALID);
	temp->perm_id = 0;
}

static void every_flipped_byte_of_a_binding_fails(void **state)
{
	struct binding b;

	(void)state;
	for (size_t i = 0; i < 104; i++) {
		binding_make(&b);
		buf_data(&b.message)[i] ^= 1;
		/* What pads the last block is covered by nothing in 1.0, but it garbles what
		 * follows: nothing. */
		if (i >= 96)
			assert_true(mtproto_bind_check(temp, perm, &b.request, NOW_S) !=
				    MTPROTO_BIND_EXPIRES_AT_INVALID);
		else
			assert_int_equal(mtproto_bind_check(temp, perm, &b.request, NOW_S),
				MTPROTO_BIND_MESSAGE_INVALID);
		buf_release(&b.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sealed_opens),
		cmocka_unit_test(every_flipped_byte_and_truncation_fails),
		cmocka_unit_test(lengths_and_padding_are_held_to_the_rules),
		cmocka_unit_test(a_batch_gives_what_single_packets_give),
		cmocka_unit_test(salts_change_each_half_hour),
		cmocka_unit_test(a_temporary_key_is_bound),
		cmocka_unit_test(a_binding_needs_both_keys),
		cmocka_unit_test(a_binding_ends_in_time),
		cmocka_unit_test(a_key_is_bound_to_one),
		cmocka_unit_test(every_flipped_byte_of_a_binding_fails),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
