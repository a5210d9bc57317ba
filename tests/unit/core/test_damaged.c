/* SPDX-License-Identifier: Apache-2.0 */
/* A row that does not open costs its own message, and nothing else of the account. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "core/dialogs/dialogs.h"

static void damage(struct fixture *f, int64_t owner, int32_t id)
{
	static const uint8_t noise[60] = {1, 2, 3};

	assert_int_equal(
		db_run(call_home(fixture_call(f, ANNA)),
			"UPDATE messages SET sealed_body = ?3 WHERE owner = ?1 AND id = ?2",
			DB_INT(owner), DB_INT(id), DB_BYTES(bytes_of(noise, sizeof(noise)))),
		1);
	fixture_end(f, 0);
}

/* Another message from Anna to Budi; its id in Budi's box. */
static int32_t write_one(struct fixture *f)
{
	messages_say(f, ANNA, user_peer(budi), "as it was written");
	return messages_newest(f, BUDI, user_peer(anna))->id;
}

static void test_page(void **state)
{
	struct fixture *f = *state;
	const struct post_range range = {.limit = 10};
	const int32_t pts = messages_pts(f, BUDI);
	const int32_t first = write_one(f), second = write_one(f), third = write_one(f);
	const int64_t counted = home_messages_damaged();
	struct box_difference difference;
	struct message_list list;
	struct call *call;

	damage(f, budi, second);
	call = fixture_call(f, BUDI);
	assert_int_equal(fixture_end(f, messages_history(call, user_peer(anna), &range, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[0].id, third);
	assert_int_equal(list.at[1].id, first);
	assert_string_equal(arena_str(&f->arena, list.at[1].text), "as it was written");
	assert_null(messages_one(f, BUDI, second));
	call = fixture_call(f, BUDI);
	assert_int_equal(fixture_end(f, box_difference(call, pts, 0, f->now_s, &difference)), 0);
	assert_int_equal(difference.new_messages, 2);
	assert_int_equal(home_messages_damaged(), counted + 3);
}

static void test_top(void **state)
{
	struct fixture *f = *state;
	const struct dialog_offset offset = {0};
	const int32_t below = write_one(f), top = write_one(f);
	struct dialog_list list;
	struct call *call;

	damage(f, budi, top);
	call = fixture_call(f, BUDI);
	assert_int_equal(fixture_end(f, dialogs_list(call, 0, &offset, DIALOGS_ALL, 20, &list)), 0);
	assert_int_equal(list.at[0].peer.id, anna);
	assert_int_equal(list.at[0].top_id, below);
}

static void test_delete(void **state)
{
	struct fixture *f = *state;
	const int32_t id = write_one(f);
	int32_t pts, count;

	damage(f, budi, id);
	assert_int_equal(
		fixture_end(f, messages_delete(fixture_call(f, BUDI), &id, 1, false, &pts, &count)),
		0);
	assert_int_equal(count, 1);
	assert_null(messages_one(f, BUDI, id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_page, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_top, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_delete, messages_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
