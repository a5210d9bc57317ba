/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/sources.h: answers with quotes and from other chats, and forwarding. */
#include "messages_fixture.h"

#include "core/chats/chats.h"
#include "core/accounts/privacy_rules.h"
#include "core/messages/scheduled.h"
#include "core/messages/sources.h"
#include "store/home_privacy.h"

static struct message *reply_to(
	struct fixture *f, uint64_t key, struct peer to, int32_t id, struct reply *reply)
{
	struct message draft = {.text = B("yes"), .reply_to = id, .reply = reply};

	return messages_send_draft(f, key, to, &draft);
}

static void test_a_quote_stands_in_what_it_quotes(void **state)
{
	struct fixture *f = *state;
	struct entity bold = {.kind = ENTITY_BOLD, .offset = 4, .length = 8};
	struct message draft = {
		.text = B("tea, green tea, tea"), .entities = &bold, .entity_count = 1};
	struct reply reply = {.quote = B("tea"), .quote_offset = 9};
	struct message bad = {.text = B("no"), .random_id = 9, .reply = &reply};
	const int32_t id = messages_send_draft(f, ANNA, user_peer(budi), &draft)->id;
	const struct message *copy;
	struct update_set answer;

	copy = reply_to(f, ANNA, user_peer(budi), id, &reply);
	assert_int_equal(copy->reply->quote_offset, 11); /* the nearest to the hint */
	assert_int_equal(copy->reply->entity_count, 1);
	assert_int_equal(copy->reply->entities[0].kind, ENTITY_BOLD);
	assert_int_equal(copy->reply->entities[0].offset, 0);
	assert_int_equal(copy->reply->entities[0].length, 1);
	/* The other's copy names his own copy of what is quoted. */
	copy = messages_told(f, budi)->message;
	assert_int_equal(copy->reply_to, id);
	assert_true(bytes_equal_str(copy->reply->quote, "tea"));

	bad.reply_to = id;
	reply = (struct reply){.quote = B("coffee")};
	fixture_refused(f, message_send(fixture_call(f, ANNA), user_peer(budi), &bad, &answer), 400,
		"QUOTE_TEXT_INVALID");
	/* What is not there any more makes a plain message. */
	reply = (struct reply){.quote = B("tea")};
	copy = reply_to(f, ANNA, user_peer(budi), id + 500, &reply);
	assert_int_equal(copy->reply_to, 0);
	assert_null(copy->reply);
}

static void test_an_answer_in_another_chat_tells_whose_message_but_not_where(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, BUDI, user_peer(citra), "the plan");
	struct reply reply = {.peer = user_peer(citra), .quote = B("plan")};
	struct message missing = {
		.text = B("x"), .random_id = 9, .reply_to = 4000, .reply = &reply};
	const struct message *copy;
	struct update_set answer;

	copy = reply_to(f, BUDI, user_peer(anna), id, &reply);
	assert_int_equal(copy->reply_to, id);
	assert_int_equal(copy->reply->peer.id, citra);
	copy = messages_told(f, anna)->message;
	assert_int_equal(copy->reply_to, 0);
	assert_int_equal(copy->reply->peer.kind, PEER_NONE);
	assert_int_equal(copy->reply->from->from.id, budi);
	assert_true(bytes_equal_str(copy->reply->quote, "plan"));
	reply = (struct reply){.peer = user_peer(citra)};
	fixture_refused(f, message_send(fixture_call(f, BUDI), user_peer(anna), &missing, &answer),
		400, "REPLY_MESSAGE_ID_INVALID");
}

/* ---- Forwarding ---- */

static int forward(
	struct fixture *f, uint64_t key, struct forwarding *what, struct update_set *answer)
{
	static int64_t next = 90000;
	int64_t random_ids[FORWARDS_MAX + 1];

	for (size_t i = 0; i < what->count; i++)
		random_ids[i] = ++next;
	what->random_ids = random_ids;
	return messages_forward(fixture_call(f, key), what, answer);
}

static void test_forwards_keep_order_and_first_author(void **state)
{
	struct fixture *f = *state;
	int32_t ids[2];
	struct forwarding what = {
		.from = user_peer(budi), .to = user_peer(citra), .ids = ids, .count = 2};
	struct update_set answer;
	const struct message *got;
	int32_t at;

	ids[1] = messages_say(f, BUDI, user_peer(anna), "one")
			 ? messages_newest(f, ANNA, user_peer(budi))->id
			 : 0;
	ids[0] = messages_say(f, ANNA, user_peer(budi), "two");
	assert_int_equal(fixture_end(f, forward(f, ANNA, &what, &answer)), 0);
	assert_int_equal(answer.update_count, 4);
	assert_true(bytes_equal_str(answer.updates[1].message->text, "two"));
	assert_int_equal(answer.updates[1].message->forward->from.id, anna);
	assert_int_equal(answer.updates[3].message->forward->from.id, budi);
	assert_int_equal(answer.updates[3].message->forward->date_s, f->now_s);

	/* Citra passes both on: the first author stays. */
	got = messages_newest(f, CITRA, user_peer(anna));
	assert_int_equal(got->forward->from.id, budi);
	at = got->id;
	what = (struct forwarding){
		.from = user_peer(anna), .to = user_peer(citra), .ids = &at, .count = 1};
	assert_int_equal(fixture_end(f, forward(f, CITRA, &what, &answer)), 0);
	got = answer.updates[1].message;
	assert_int_equal(got->forward->from.id, budi);
	assert_true(got->saved && got->saved_peer.id == anna);
	assert_int_equal(got->forward->saved_from.id, anna);
	assert_int_equal(got->forward->saved_from_id, at);
	assert_int_equal(got->forward->saved_author.id, anna);
	assert_false(got->forward->saved_out);
	/* As his own words. */
	what = (struct forwarding){.from = user_peer(anna),
		.to = user_peer(budi),
		.ids = &at,
		.count = 1,
		.drop_author = true};
	assert_int_equal(fixture_end(f, forward(f, CITRA, &what, &answer)), 0);
	assert_null(answer.updates[1].message->forward);
	assert_true(bytes_equal_str(answer.updates[1].message->text, "one"));
}

static void test_who_hides_is_named_without_a_link(void **state)
{
	struct fixture *f = *state;
	const struct privacy_rule nobody = {.kind = RULE_DISALLOW_ALL};
	const struct privacy_rules rules = {(struct privacy_rule *)&nobody, 1};
	struct forwarding what = {.from = user_peer(anna), .to = user_peer(citra), .count = 1};
	const struct forward *origin;
	struct update_set answer;
	struct call *call;
	int32_t id;

	call = fixture_call(f, ANNA);
	home_privacy_put(call_home(call), f->vault, call->arena, anna, PRIVACY_FORWARDS,
		privacy_rules_encode(call->arena, &rules));
	fixture_end(f, 0);
	messages_say(f, ANNA, user_peer(budi), "secret recipe");
	id = messages_newest(f, BUDI, user_peer(anna))->id;
	what.ids = &id;
	assert_int_equal(fixture_end(f, forward(f, BUDI, &what, &answer)), 0);
	origin = messages_told(f, citra)->message->forward;
	assert_int_equal(origin->from.kind, PEER_NONE);
	assert_true(bytes_equal_str(origin->from_name, "Anna Aulia"));
}

static void test_what_may_not_be_forwarded(void **state)
{
	struct fixture *f = *state;
	struct message kept = {.text = B("stays here"), .noforwards = true};
	int32_t ids[FORWARDS_MAX + 1] = {0};
	struct forwarding what = {.from = user_peer(budi), .to = user_peer(citra), .ids = ids};
	const int64_t same[] = {3, 3};
	struct update_set answer;

	ids[0] = messages_send_draft(f, ANNA, user_peer(budi), &kept)->id;
	fixture_refused(f, forward(f, ANNA, &what, &answer), 400, "MESSAGE_IDS_EMPTY");
	what.count = 1;
	fixture_refused(f, forward(f, ANNA, &what, &answer), 400, "CHAT_FORWARDS_RESTRICTED");
	what.count = FORWARDS_MAX + 1;
	fixture_refused(f, forward(f, ANNA, &what, &answer), 400, "MESSAGE_IDS_TOO_MANY");
	what.from = user_peer(citra); /* it stands in another chat */
	what.count = 1;
	fixture_refused(f, forward(f, ANNA, &what, &answer), 400, "MESSAGE_ID_INVALID");
	what.count = 2;
	what.random_ids = same;
	fixture_refused(f, messages_forward(fixture_call(f, ANNA), &what, &answer), 400,
		"RANDOM_ID_DUPLICATE");
}

static void leave(struct fixture *f, uint64_t key, int64_t user, struct peer group)
{
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, chat_remove(fixture_call(f, key), group.id, user, false, &answer)),
		0);
}

static void test_who_left_takes_nothing_out(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	struct forwarding what = {.from = group, .to = user_peer(citra), .count = 1};
	struct update_set answer;
	int32_t id;

	messages_say(f, ANNA, group, "among us");
	id = messages_newest(f, BUDI, group)->id;
	what.ids = &id;
	leave(f, BUDI, budi, group);
	assert_int_equal(fixture_end(f, forward(f, BUDI, &what, &answer)), 0);
	assert_int_equal(
		fixture_end(f, chat_set_noforwards(fixture_call(f, ANNA), group.id, true, &answer)),
		0);
	fixture_refused(f, forward(f, BUDI, &what, &answer), 400, "CHAT_FORWARDS_RESTRICTED");
}

/* Its copies share the votes. */
static void test_who_left_takes_no_poll_along(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	struct poll_option options[] = {
		{.text = B("Tea"), .option = B("0")}, {.text = B("Coffee"), .option = B("1")}};
	struct poll poll = {.question = B("What?"), .options = options, .option_count = 2};
	struct media media = {.kind = MEDIA_POLL, .poll_view = &poll};
	struct message draft = {.text = B(""), .media = &media};
	struct forwarding what = {.from = group, .to = user_peer(citra), .count = 1};
	struct update_set answer;
	int32_t id;

	messages_send_draft(f, ANNA, group, &draft);
	id = messages_newest(f, BUDI, group)->id;
	what.ids = &id;
	assert_int_equal(fixture_end(f, forward(f, BUDI, &what, &answer)), 0);
	leave(f, BUDI, budi, group);
	fixture_refused(f, forward(f, BUDI, &what, &answer), 400, "CHAT_FORWARDS_RESTRICTED");
}

static void test_a_repeated_forward_is_the_same(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "once");
	const int64_t random_id = 4242;
	struct forwarding what = {.from = user_peer(budi),
		.to = user_peer(citra),
		.ids = &id,
		.random_ids = &random_id,
		.count = 1};
	struct update_set answer;
	int32_t first;

	assert_int_equal(
		fixture_end(f, messages_forward(fixture_call(f, ANNA), &what, &answer)), 0);
	first = answer.updates[0].max_id;
	assert_int_equal(
		fixture_end(f, messages_forward(fixture_call(f, ANNA), &what, &answer)), 0);
	assert_int_equal(answer.updates[0].max_id, first);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, citra), 0);
}

static void test_a_forward_into_a_group_reaches_all(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "for all");
	struct forwarding what = {.from = user_peer(budi), .to = group, .ids = &id, .count = 1};
	struct update_set answer;

	assert_int_equal(fixture_end(f, forward(f, ANNA, &what, &answer)), 0);
	assert_int_equal(messages_told(f, citra)->message->forward->from.id, anna);
	assert_int_equal(messages_told(f, budi)->message->peer.kind, PEER_CHAT);
}

#define SERVER 77 /* a key that nobody has */

static void test_a_forward_can_wait(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "not yet");
	struct forwarding what = {.from = user_peer(budi),
		.to = user_peer(citra),
		.ids = &id,
		.count = 1,
		.send_at_s = f->now_s + 60};
	struct update_set answer;

	assert_int_equal(fixture_end(f, forward(f, ANNA, &what, &answer)), 0);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_SCHEDULED);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, citra));
	f->now_s += 60;
	scheduled_send_due(fixture_call(f, SERVER));
	fixture_end(f, 0);
	assert_int_equal(messages_newest(f, CITRA, user_peer(anna))->forward->from.id, anna);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_quote_stands_in_what_it_quotes),
		TEST(test_an_answer_in_another_chat_tells_whose_message_but_not_where),
		TEST(test_forwards_keep_order_and_first_author),
		TEST(test_who_hides_is_named_without_a_link),
		TEST(test_what_may_not_be_forwarded),
		TEST(test_who_left_takes_nothing_out),
		TEST(test_who_left_takes_no_poll_along),
		TEST(test_a_repeated_forward_is_the_same),
		TEST(test_a_forward_into_a_group_reaches_all),
		TEST(test_a_forward_can_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
