/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/media.h: bounds of what is carried, dice, and who is on the way. */
#include "messages_fixture.h"

#include "core/accounts/contacts.h"
#include "core/messages/media.h"

static int accept(struct fixture *f, struct media media, struct media *out)
{
	int result = media_accept(fixture_call(f, ANNA), &media);

	*out = media;
	return result;
}

static void test_what_is_out_of_bounds_is_refused(void **state)
{
	struct fixture *f = *state;
	static const struct media bad[] = {
		{.kind = MEDIA_PLACE, .place = {91, 0, 0}},
		{.kind = MEDIA_PLACE, .place = {0, -181, 0}},
		{.kind = MEDIA_PLACE, .place = {0, 0, ACCURACY_MAX_M + 1}},
		{.kind = MEDIA_LIVE_PLACE, .period_s = 59},
		{.kind = MEDIA_LIVE_PLACE, .period_s = 86401},
		{.kind = MEDIA_LIVE_PLACE, .period_s = 60, .heading = 361},
		{.kind = MEDIA_LIVE_PLACE, .period_s = 60, .proximity_m = PROXIMITY_MAX_M + 1},
		{.kind = MEDIA_VENUE},
		{.kind = MEDIA_CONTACT},
		{.kind = MEDIA_NONE},
	};
	struct media media = {.kind = MEDIA_PLACE, .place = {__builtin_nan(""), 0, 0}}, out;
	static char long_text[MEDIA_TEXT_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		fixture_refused(f, accept(f, bad[i], &out), 400, "MEDIA_INVALID");
	fixture_refused(f, accept(f, media, &out), 400, "MEDIA_INVALID");
	memset(long_text, 'a', sizeof(long_text));
	media = (struct media){
		.kind = MEDIA_VENUE, .texts = {bytes_of(long_text, sizeof(long_text))}};
	fixture_refused(f, accept(f, media, &out), 400, "MEDIA_INVALID");
	media = (struct media){.kind = MEDIA_CONTACT, .texts = {B("+1"), B("\xff")}};
	fixture_refused(f, accept(f, media, &out), 400, "MEDIA_INVALID");
	media = (struct media){.kind = MEDIA_LIVE_PLACE, .period_s = LIVE_PERIOD_FOREVER};
	assert_int_equal(fixture_end(f, accept(f, media, &out)), 0);
}

static void test_dice_fall_by_themselves(void **state)
{
	static const struct {
		const char *emoji;
		int32_t most;
	} dice[] = {{"🎲", 6}, {"🎯", 6}, {"🏀", 5}, {"⚽", 5}, {"⚽️", 5}, {"🎳", 6}, {"🎰", 64}};
	struct fixture *f = *state;
	struct media thrown = {.kind = MEDIA_DICE, .texts = {B("🙂")}}, out;
	uint64_t seen;

	fixture_refused(f, accept(f, thrown, &out), 400, "EMOTICON_INVALID");
	for (size_t i = 0; i < ARRAY_LEN(dice); i++) {
		thrown = (struct media){
			.kind = MEDIA_DICE, .texts = {B(dice[i].emoji)}, .value = 77};
		seen = 0;
		for (int32_t n = 0; n < dice[i].most * 40; n++) {
			assert_int_equal(fixture_end(f, accept(f, thrown, &out)), 0);
			assert_in_range(out.value, 1, dice[i].most);
			seen |= 1ull << (out.value - 1);
		}
		/* Each face, but for one run in 10^15. */
		assert_int_equal(__builtin_popcountll(seen), dice[i].most);
	}
}

static struct message *go(struct fixture *f, int32_t period_s)
{
	struct media live = {.kind = MEDIA_LIVE_PLACE, .place = {1, 2, 0}, .period_s = period_s};
	struct message draft = {.media = &live};

	return messages_send_draft(f, ANNA, user_peer(budi), &draft);
}

static int move(struct fixture *f, uint64_t key, int32_t id, struct media_move how,
	struct update_set *answer)
{
	const struct peer with = user_peer(key == ANNA ? budi : anna);

	return message_move(fixture_call(f, key), with, id, &how, answer);
}

static void test_who_is_on_the_way_moves_and_arrives(void **state)
{
	struct fixture *f = *state;
	struct place there = {3, 4, 0};
	const int32_t id = go(f, 900)->id;
	const struct message *seen;
	struct message_list live;
	struct update_set answer;

	assert_int_equal(fixture_end(f, messages_live_places(
						fixture_call(f, BUDI), user_peer(anna), 10, &live)),
		0);
	assert_int_equal(live.count, 1);
	f->now_s += 100;
	assert_int_equal(fixture_end(f, move(f, ANNA, id,
						(struct media_move){.place = &there, .heading = 90},
						&answer)),
		0);
	seen = messages_told(f, budi)->message;
	assert_int_equal(messages_told(f, budi)->kind, UPDATE_EDIT_MESSAGE);
	assert_true(seen->media->place.latitude == 3 && seen->media->heading == 90);
	assert_true(seen->edit_hidden);
	fixture_refused(f,
		move(f, ANNA, id, (struct media_move){.place = &there, .heading = 90}, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	fixture_refused(f,
		move(f, ANNA, id, (struct media_move){.place = &there, .heading = 400}, &answer),
		400, "MEDIA_INVALID");
	fixture_refused(f,
		move(f, BUDI, messages_newest(f, BUDI, user_peer(anna))->id,
			(struct media_move){.place = &there}, &answer),
		403, "MESSAGE_AUTHOR_REQUIRED");

	assert_int_equal(
		fixture_end(f, move(f, ANNA, id, (struct media_move){.stopped = true}, &answer)),
		0);
	assert_int_equal(answer.updates[0].message->media->period_s, 100);
	fixture_refused(f, move(f, ANNA, id, (struct media_move){.place = &there}, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
	assert_int_equal(fixture_end(f, messages_live_places(
						fixture_call(f, BUDI), user_peer(anna), 10, &live)),
		0);
	assert_int_equal(live.count, 0);
}

static void test_only_a_live_place_moves(void **state)
{
	struct fixture *f = *state;
	struct place there = {3, 4, 0};
	struct media pin = {.kind = MEDIA_PLACE, .place = {1, 1, 0}};
	struct message draft = {.media = &pin, .text = B("here")};
	const int32_t id = messages_send_draft(f, ANNA, user_peer(budi), &draft)->id;
	struct message caption = {.id = id, .text = B("")};
	struct update_set answer;
	bool is_caption;

	fixture_refused(f, move(f, ANNA, id, (struct media_move){.place = &there}, &answer), 400,
		"MEDIA_PREV_INVALID");
	assert_int_equal(fixture_end(f, message_edit_data(fixture_call(f, ANNA), user_peer(budi),
						id, &is_caption)),
		0);
	assert_true(is_caption);
	/* A caption may be taken away. */
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi),
						&caption, &answer)),
		0);
	assert_int_equal(answer.updates[0].message->text.size, 0);
	assert_int_equal(answer.updates[0].message->media->kind, MEDIA_PLACE);
}

static void test_dice_keep_their_value(void **state)
{
	struct fixture *f = *state;
	struct media thrown = {.kind = MEDIA_DICE, .texts = {B("🎲")}, .value = 4};
	struct message draft = {.media = &thrown};
	const int32_t id = messages_send_draft(f, ANNA, user_peer(budi), &draft)->id;
	struct message other = {.id = id, .text = B("six")};
	struct update_set answer;

	assert_int_equal(messages_told(f, budi)->message->media->value, 4);
	fixture_refused(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &other, &answer),
		400, "MESSAGE_ID_INVALID");
}

static void test_a_card_names_only_whom_the_viewer_saved(void **state)
{
	struct fixture *f = *state;
	struct contact_import saved = {
		.card = {.phone = B("+62 811 0003"), .first_name = B("Citra")}};
	struct media card = {.kind = MEDIA_CONTACT, .texts = {B("+62-811-0003"), B("Citra")}};
	struct message draft = {.media = &card};
	struct message *sent;
	int32_t copy;

	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, ANNA), &saved, 1)), 0);
	sent = messages_send_draft(f, ANNA, user_peer(budi), &draft);
	assert_int_equal(sent->media->user, citra);
	copy = messages_told(f, budi)->message->id;
	assert_int_equal(messages_told(f, budi)->message->media->user, 0);
	assert_int_equal(messages_one(f, BUDI, copy)->media->user, 0);
	/* Whose number it is knows it. */
	draft = (struct message){.media = &card};
	assert_int_equal(messages_send_draft(f, BUDI, user_peer(citra), &draft)->media->user, 0);
	assert_int_equal(messages_told(f, citra)->message->media->user, citra);
	/* Saved later, and deleted again. */
	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, BUDI), &saved, 1)), 0);
	assert_int_equal(messages_one(f, BUDI, copy)->media->user, citra);
	assert_int_equal(fixture_end(f, contacts_delete(fixture_call(f, BUDI), &citra, 1)), 0);
	assert_int_equal(messages_one(f, BUDI, copy)->media->user, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_out_of_bounds_is_refused),
		TEST(test_dice_fall_by_themselves),
		TEST(test_who_is_on_the_way_moves_and_arrives),
		TEST(test_only_a_live_place_moves),
		TEST(test_dice_keep_their_value),
		TEST(test_a_card_names_only_whom_the_viewer_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
