/* SPDX-License-Identifier: Apache-2.0 */
/* What posts carry, answer and name, pins, mentions, marks and clearing: in a private and in a
 * public channel alike. */
#include "channels_fixture.h"

#include "core/channels/channel_load.h"
#include "core/messages/message_body.h"
#include "core/messages/messages_search.h"
#include "core/messages/read_dates.h"
#include "core/messages/scheduled.h"
#include "core/messages/sources.h"

struct group {
	int64_t id, owner, german, indonesian;
	struct peer peer;
};

static struct group make(struct fixture *f, bool public, bool broadcast)
{
	const struct people people = channels_people(f);
	struct group g = {.id = channels_make(f, "Channel", broadcast),
		.owner = people.owner,
		.german = people.german,
		.indonesian = people.indonesian};

	g.peer = (struct peer){PEER_CHANNEL, g.id};
	channels_name(f, g.id, "some_name");
	channels_join(f, GERMAN_KEY, g.id);
	channels_join(f, INDONESIAN_KEY, g.id);
	if (!public)
		channels_name(f, g.id, "");
	return g;
}

static int64_t next_random(void)
{
	static int64_t random = 5000;

	return random++;
}

static int send(struct fixture *f, uint64_t key, struct peer to, struct message *draft,
	struct update_set *answer)
{
	draft->random_id = next_random();
	return message_send(fixture_call(f, key), to, draft, answer);
}

static struct message *read_post(struct fixture *f, uint64_t key, int64_t channel, int32_t id)
{
	struct post_list list;

	assert_int_equal(
		fixture_end(f, channel_posts_get(fixture_call(f, key), channel, &id, 1, &list)), 0);
	return list.count ? list.posts : NULL;
}

/* ---- Content ---- */

static void a_place_is_carried(struct fixture *f, bool public)
{
	struct group g = make(f, public, true);
	struct media venue = {.kind = MEDIA_VENUE,
		.place = {.latitude = -6.2, .longitude = 106.8},
		.texts = {B("Monas"), B("Jakarta"), B(""), B(""), B("")}};
	struct message draft = {.text = B(""), .media = &venue, .silent = true};
	struct update_set answer;
	const struct message *post;

	assert_int_equal(fixture_end(f, send(f, OWNER_KEY, g.peer, &draft, &answer)), 0);
	post = read_post(f, GERMAN_KEY, g.id, draft.id);
	assert_non_null(post->media);
	assert_int_equal(post->media->kind, MEDIA_VENUE);
	assert_true(bytes_equal(post->media->texts[0], B("Monas")));
	assert_true(post->silent);
}

static void a_place_is_carried_at_home(void **state)
{
	a_place_is_carried(*state, false);
}

static void a_place_is_carried_in_the_square(void **state)
{
	a_place_is_carried(*state, true);
}

/* The row as it is stored. */
static struct message stored_post(struct fixture *f, int64_t channel, int32_t id, bool *in_square)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct channel_context context;
	struct message stored;
	struct post_row row;

	assert_true(channel_load(call, channel, &context));
	assert_true(post_rows_find(&context.place, call->arena, id, &row));
	assert_int_equal(message_body_decode(call->arena, row.body, &stored), 0);
	*in_square = context.row.in_square;
	assert_int_equal(fixture_end(f, 0), 0);
	return stored;
}

/* Whom a public post names by number is known in the home alone, and is there again when it is
 * read, wherever the channel went meanwhile. */
/* Of each the newest, while he is on the way. */
static void who_is_on_the_way_is_found(void **state)
{
	struct media still = {.kind = MEDIA_PLACE, .place = {1, 2, 0}};
	struct media live = {.kind = MEDIA_LIVE_PLACE, .place = {1, 2, 0}, .period_s = 900};
	const uint64_t who[] = {OWNER_KEY, GERMAN_KEY, GERMAN_KEY};
	struct fixture *f = *state;
	const struct group g = make(f, false, false);
	struct message draft = {.media = &still};
	struct update_set answer;
	struct post_list list;

	assert_int_equal(fixture_end(f, send(f, OWNER_KEY, g.peer, &draft, &answer)), 0);
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		draft = (struct message){.media = &live};
		assert_int_equal(fixture_end(f, send(f, who[i], g.peer, &draft, &answer)), 0);
	}
	assert_int_equal(fixture_end(f, channel_live_places(
						fixture_call(f, INDONESIAN_KEY), g.id, 10, &list)),
		0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.posts[0].from.id, g.german);
	assert_int_equal(list.posts[1].from.id, g.owner);
	f->now_s += 900;
	assert_int_equal(fixture_end(f, channel_live_places(
						fixture_call(f, INDONESIAN_KEY), g.id, 10, &list)),
		0);
	assert_int_equal(list.count, 0);
}

static void people_are_named_by_the_home(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	struct entity entities[] = {
		{.kind = ENTITY_MENTION_NAME, .offset = 0, .length = 3, .id = g.german}};
	struct message draft = {.text = B("him"), .entities = entities, .entity_count = 1};
	struct message own = {.text = B("first")};
	struct update_set answer;
	const struct message *post;
	struct message stored;
	int32_t id, forwarded;
	bool in_square;

	assert_int_equal(fixture_end(f, send(f, OWNER_KEY, g.peer, &draft, &answer)), 0);
	id = draft.id;
	assert_int_equal(fixture_end(f, send(f, GERMAN_KEY, (struct peer){PEER_USER, g.german},
						&own, &answer)),
		0);
	{
		const int32_t one = answer.updates[1].message->id;
		const int64_t random = next_random();
		struct forwarding what = {.from = {PEER_USER, g.german},
			.to = g.peer,
			.ids = &one,
			.random_ids = &random,
			.count = 1};

		assert_int_equal(fixture_end(f, messages_forward(fixture_call(f, GERMAN_KEY), &what,
							&answer)),
			0);
		forwarded = answer.updates[0].max_id;
	}
	for (int round = 0; round < 3; round++) {
		post = read_post(f, INDONESIAN_KEY, g.id, id);
		assert_int_equal(post->entity_count, 1);
		assert_int_equal(post->entities[0].id, g.german);
		post = read_post(f, INDONESIAN_KEY, g.id, forwarded);
		assert_int_equal(post->forward->from.id, g.german);
		stored = stored_post(f, g.id, id, &in_square);
		assert_int_equal(stored.entities[0].id, in_square ? 0 : g.german);
		stored = stored_post(f, g.id, forwarded, &in_square);
		assert_int_equal(stored.forward->from.id, in_square ? 0 : g.german);
		assert_int_equal(in_square, round != 1);
		if (round < 2)
			channels_name(f, g.id, round == 0 ? "" : "other_name");
	}
}

static void an_answer_quotes(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	int32_t first = channels_post(f, OWNER_KEY, g.id, "a long question");
	struct reply reply = {.quote = B("long")};
	struct message draft = {.text = B("yes"), .reply_to = first, .reply = &reply};
	struct update_set answer;
	const struct message *post;

	assert_int_equal(fixture_end(f, send(f, GERMAN_KEY, g.peer, &draft, &answer)), 0);
	post = read_post(f, OWNER_KEY, g.id, draft.id);
	assert_int_equal(post->reply_to, first);
	assert_true(bytes_equal(post->reply->quote, B("long")));
	assert_int_equal(post->reply->quote_offset, 2);
	draft = (struct message){.text = B("yes"), .reply_to = 999};
	fixture_refused(
		f, send(f, GERMAN_KEY, g.peer, &draft, &answer), 400, "REPLY_MESSAGE_ID_INVALID");
}

static void what_can_change(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	struct media dice = {.kind = MEDIA_DICE, .texts = {B("\xf0\x9f\x8e\xb2")}, .value = 3};
	struct message thrown = {.text = B(""), .media = &dice}, draft;
	struct update_set answer;
	int32_t id = channels_post(f, GERMAN_KEY, g.id, "old");
	int32_t admins = channels_post(f, OWNER_KEY, g.id, "the admin's");
	bool caption;

	assert_int_equal(fixture_end(f, send(f, GERMAN_KEY, g.peer, &thrown, &answer)), 0);
	draft = (struct message){.id = thrown.id, .text = B("6")};
	fixture_refused(f, message_edit(fixture_call(f, GERMAN_KEY), g.peer, &draft, &answer), 400,
		"MESSAGE_ID_INVALID");
	f->now_s += MESSAGE_EDIT_TIME_LIMIT_S + 1;
	draft = (struct message){.id = id, .text = B("new")};
	fixture_refused(f, message_edit(fixture_call(f, GERMAN_KEY), g.peer, &draft, &answer), 400,
		"MESSAGE_EDIT_TIME_EXPIRED");
	fixture_refused(f, message_edit_data(fixture_call(f, GERMAN_KEY), g.peer, admins, &caption),
		403, "MESSAGE_AUTHOR_REQUIRED");
	draft = (struct message){.id = admins, .text = B("new")};
	assert_int_equal(
		fixture_end(f, message_edit(fixture_call(f, OWNER_KEY), g.peer, &draft, &answer)),
		0);
}

static int forward(struct fixture *f, uint64_t key, struct peer from, struct peer to, int32_t id,
	struct update_set *answer)
{
	static int64_t random;
	static int32_t one;
	struct forwarding what = {
		.from = from, .to = to, .ids = &one, .random_ids = &random, .count = 1};

	random = next_random();
	one = id;
	return messages_forward(fixture_call(f, key), &what, answer);
}

static void forwards_are_counted(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, true);
	const struct peer self = {PEER_USER, g.german};
	int32_t id = channels_post(f, OWNER_KEY, g.id, "news");
	struct channel_context context;
	struct update_set answer;
	const struct forward *origin;
	struct call *call;

	assert_int_equal(fixture_end(f, forward(f, GERMAN_KEY, g.peer, self, id, &answer)), 0);
	origin = answer.updates[1].message->forward;
	assert_int_equal(origin->from.id, g.id);
	assert_int_equal(origin->post, id);
	assert_int_equal(origin->saved_from.id, g.id);
	assert_int_equal(read_post(f, OWNER_KEY, g.id, id)->forwards, 1);

	call = fixture_call(f, OWNER_KEY);
	assert_true(channel_load(call, g.id, &context));
	context.shared->settings.flags |= CHANNEL_NOFORWARDS;
	channel_store(call, &context);
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_refused(f, forward(f, GERMAN_KEY, g.peer, self, id, &answer), 400,
		"CHAT_FORWARDS_RESTRICTED");
}

static void a_post_can_wait(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, true);
	struct message draft = {.text = B("later"), .date_s = f->now_s + 100};
	struct message_list waiting;
	struct update_set answer;

	assert_int_equal(fixture_end(f, send(f, OWNER_KEY, g.peer, &draft, &answer)), 0);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_SCHEDULED);
	assert_int_equal(
		fixture_end(f, scheduled_list(fixture_call(f, OWNER_KEY), g.peer, &waiting)), 0);
	assert_int_equal(waiting.count, 1);
	assert_true(waiting.at[0].post);
	draft = (struct message){.text = B("no"), .date_s = f->now_s + 100};
	fixture_refused(
		f, send(f, GERMAN_KEY, g.peer, &draft, &answer), 403, "CHAT_WRITE_FORBIDDEN");
	f->now_s += 100;
	scheduled_send_due(fixture_call(f, OWNER_KEY));
	fixture_end(f, 0);
	assert_string_equal(channels_read(f, GERMAN_KEY, g.id, 2), "later");
}

/* ---- Pins ---- */

static int pin(struct fixture *f, uint64_t key, struct group *g, int32_t id, bool unpin,
	struct update_set *answer)
{
	const struct pinning pinning = {.id = id, .unpin = unpin};

	return message_pin(fixture_call(f, key), g->peer, &pinning, answer);
}

static int32_t pinned_count(struct fixture *f, struct group *g)
{
	const struct message_query query = {.in = g->peer, .filter = SEARCH_PINNED};
	int32_t count;
	bool inexact;

	assert_int_equal(fixture_end(f, channel_posts_search_count(fixture_call(f, GERMAN_KEY),
						&query, &count, &inexact)),
		0);
	return count;
}

static void pins_are_in_the_sequence(struct fixture *f, bool public)
{
	struct group g = make(f, public, false);
	int32_t a = channels_post(f, OWNER_KEY, g.id, "a"), pts, count, left;
	int32_t b = channels_post(f, OWNER_KEY, g.id, "b");
	int32_t before = channels_view(f, GERMAN_KEY, g.id).channel->pts;
	struct channel_difference d;
	struct channel_dialog dialog;
	struct update_set answer;

	assert_int_equal(fixture_end(f, pin(f, OWNER_KEY, &g, a, false, &answer)), 0);
	assert_int_equal(answer.updates[0].kind, UPDATE_PINNED_POSTS);
	/* Who writes has read: the own session hears it by the answer alone. */
	assert_int_equal(answer.updates[1].kind, UPDATE_CHANNEL_READ_INBOX);
	assert_int_equal(answer.updates[1].max_id, answer.updates[2].message->id);
	assert_int_equal(answer.updates[2].message->action, ACTION_PIN);
	fixture_refused(f, pin(f, OWNER_KEY, &g, a, false, &answer), 400, "CHAT_NOT_MODIFIED");
	fixture_refused(f, pin(f, OWNER_KEY, &g, 999, false, &answer), 400, "MESSAGE_ID_INVALID");
	assert_int_equal(fixture_end(f, pin(f, OWNER_KEY, &g, b, false, &answer)), 0);
	assert_int_equal(
		fixture_end(f, channel_dialog(fixture_call(f, GERMAN_KEY), g.id, &dialog)), 0);
	assert_int_equal(dialog.dialog.pinned_id, b);
	assert_true(read_post(f, GERMAN_KEY, g.id, a)->pinned);
	assert_int_equal(pinned_count(f, &g), 2);
	assert_int_equal(fixture_end(f, channel_posts_unpin_all(fixture_call(f, OWNER_KEY), g.id, 0,
						&pts, &count, &left)),
		0);
	assert_int_equal(count, 2);
	assert_int_equal(left, 0);
	assert_int_equal(pinned_count(f, &g), 0);
	assert_int_equal(fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), g.id,
						before, 100, &d)),
		0);
	assert_int_equal(d.pts, pts);
	assert_int_equal(d.list.count, 2); /* the lines that say so */
	assert_int_equal(d.other_count, 3);
	assert_true(d.others[0].pinned);
	assert_false(d.others[2].pinned);
	assert_int_equal(d.others[2].id_count, 2);
}

static void pins_are_in_the_sequence_at_home(void **state)
{
	pins_are_in_the_sequence(*state, false);
}

static void pins_are_in_the_sequence_in_the_square(void **state)
{
	pins_are_in_the_sequence(*state, true);
}

static void who_may_pin(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, true);
	int32_t id = channels_post(f, OWNER_KEY, g.id, "news");
	struct update_set answer;

	fixture_refused(f, pin(f, GERMAN_KEY, &g, id, false, &answer), 400, "CHAT_ADMIN_REQUIRED");
}

/* ---- Mentions and marks ---- */

static struct dialog dialog_of(struct fixture *f, uint64_t key, int64_t channel)
{
	struct channel_dialog dialog;

	assert_int_equal(fixture_end(f, channel_dialog(fixture_call(f, key), channel, &dialog)), 0);
	return dialog.dialog;
}

static void who_is_answered_is_told(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	int32_t question = channels_post(f, GERMAN_KEY, g.id, "who?"), pts, count, left;
	struct message draft = {.text = B("me"), .reply_to = question};
	struct post_range range = {.limit = 10};
	struct update_set answer;
	struct post_list waiting;
	const struct effect *told;
	int32_t ids[2];

	for (int i = 0; i < 2; i++) {
		draft = (struct message){.text = B("me"), .reply_to = question};
		assert_int_equal(fixture_end(f, send(f, OWNER_KEY, g.peer, &draft, &answer)), 0);
		told = fixture_effect(f, EFFECT_CHANNEL, 0);
		assert_int_equal(told->set.updates[0].message->mention_count, 1);
		assert_int_equal(told->set.updates[0].message->mentions[0], g.german);
		ids[i] = draft.id;
	}
	assert_int_equal(dialog_of(f, GERMAN_KEY, g.id).unread_mentions, 2);
	assert_int_equal(dialog_of(f, INDONESIAN_KEY, g.id).unread_mentions, 0);
	assert_true(read_post(f, GERMAN_KEY, g.id, ids[0])->mentioned);
	assert_int_equal(read_post(f, GERMAN_KEY, g.id, ids[0])->attention, ATTENTION_MENTION);
	assert_false(read_post(f, INDONESIAN_KEY, g.id, ids[0])->mentioned);
	assert_int_equal(fixture_end(f, channel_mentions_waiting(fixture_call(f, GERMAN_KEY), g.id,
						0, &range, &waiting)),
		0);
	assert_int_equal(waiting.count, 2);
	assert_int_equal(waiting.posts[0].id, ids[1]);
	assert_int_equal(
		fixture_end(f, channel_contents_read(fixture_call(f, GERMAN_KEY), g.id, ids, 1)),
		0);
	told = fixture_effect(f, EFFECT_ACCOUNT, g.german);
	assert_int_equal(told->set.updates[0].kind, UPDATE_POST_CONTENTS_READ);
	assert_int_equal(dialog_of(f, GERMAN_KEY, g.id).unread_mentions, 1);
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), g.id,
						&ids[1], 1, &pts, &count)),
		0);
	assert_int_equal(dialog_of(f, GERMAN_KEY, g.id).unread_mentions, 0);
	assert_int_equal(fixture_end(f, channel_mentions_read(
						fixture_call(f, GERMAN_KEY), g.id, 0, &pts, &left)),
		0);
	assert_int_equal(left, 0);
}

static void authors_see_that_they_were_read(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	int32_t a = channels_post(f, OWNER_KEY, g.id, "a");
	int32_t b = channels_post(f, OWNER_KEY, g.id, "b");
	struct reader readers[READ_DATES_GROUP_MAX];
	const struct effect *told;
	size_t count;

	assert_int_equal(dialog_of(f, OWNER_KEY, g.id).read_outbox, 0);
	assert_int_equal(fixture_end(f, channel_read(fixture_call(f, GERMAN_KEY), g.id, a)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, g.owner);
	assert_int_equal(told->set.updates[0].kind, UPDATE_CHANNEL_READ_OUTBOX);
	assert_int_equal(told->set.updates[0].max_id, a);
	assert_int_equal(dialog_of(f, OWNER_KEY, g.id).read_outbox, a);
	assert_int_equal(fixture_end(f, channel_read(fixture_call(f, INDONESIAN_KEY), g.id, b)), 0);
	assert_int_equal(dialog_of(f, OWNER_KEY, g.id).read_outbox, b);
	assert_int_equal(fixture_end(f, channel_readers(fixture_call(f, OWNER_KEY), g.id, b,
						readers, &count)),
		0);
	assert_int_equal(count, 1);
	assert_int_equal(readers[0].user, g.indonesian);
	fixture_refused(f, channel_readers(fixture_call(f, GERMAN_KEY), g.id, b, readers, &count),
		400, "MSG_ID_INVALID");
}

/* ---- Clearing and finding ---- */

static void histories_are_cleared(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	int32_t a = channels_post(f, OWNER_KEY, g.id, "a");
	int32_t b = channels_post(f, OWNER_KEY, g.id, "b");
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_posts_clear(fixture_call(f, GERMAN_KEY), g.id, a,
						false, &answer)),
		0);
	assert_int_equal(answer.updates[0].kind, UPDATE_AVAILABLE_POSTS);
	assert_null(channels_read(f, GERMAN_KEY, g.id, a));
	assert_string_equal(channels_read(f, GERMAN_KEY, g.id, b), "b");
	assert_string_equal(channels_read(f, INDONESIAN_KEY, g.id, a), "a");
	fixture_refused(f, channel_posts_clear(fixture_call(f, GERMAN_KEY), g.id, 0, true, &answer),
		400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, channel_posts_clear(fixture_call(f, OWNER_KEY), g.id, 0,
						true, &answer)),
		0);
	assert_null(channels_read(f, INDONESIAN_KEY, g.id, b));
	assert_non_null(read_post(f, INDONESIAN_KEY, g.id, 1));
}

static void posts_are_found_by_what_they_are(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	struct message_query query = {.in = g.peer, .filter = SEARCH_URLS};
	struct post_range range = {.limit = 10};
	struct post_list list;
	int32_t link, mine;

	channels_post(f, OWNER_KEY, g.id, "words");
	link = channels_post(f, OWNER_KEY, g.id, "see https://example.com/a");
	mine = channels_post(f, GERMAN_KEY, g.id, "and mine");
	assert_int_equal(fixture_end(f, channel_posts_search(fixture_call(f, GERMAN_KEY), &query,
						&range, &list)),
		0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, link);
	query = (struct message_query){.in = g.peer, .from = {PEER_USER, g.german}};
	assert_int_equal(fixture_end(f, channel_posts_search(
						fixture_call(f, OWNER_KEY), &query, &range, &list)),
		0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, mine);
}

static void typing_is_seen(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, false);
	const struct effect *told;

	assert_int_equal(fixture_end(f, message_typing(fixture_call(f, GERMAN_KEY), g.peer, 0,
						TYPING_TYPING, 0)),
		0);
	told = fixture_effect(f, EFFECT_CHANNEL, 0);
	assert_int_equal(told->set.updates[0].kind, UPDATE_TYPING);
	assert_int_equal(told->set.updates[0].by.id, g.german);
}

static void admins_know_who_wrote(void **state)
{
	struct fixture *f = *state;
	struct group g = make(f, true, true);
	int32_t id = channels_post(f, OWNER_KEY, g.id, "news");
	int64_t author;

	assert_int_equal(
		fixture_end(f, channel_post_author(fixture_call(f, OWNER_KEY), g.id, id, &author)),
		0);
	assert_int_equal(author, g.owner);
	fixture_refused(f, channel_post_author(fixture_call(f, OWNER_KEY), g.id, 99, &author), 400,
		"MESSAGE_ID_INVALID");
	fixture_refused(f, channel_post_author(fixture_call(f, GERMAN_KEY), g.id, id, &author), 400,
		"CHAT_ADMIN_REQUIRED");
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_place_is_carried_at_home),
		T(a_place_is_carried_in_the_square),
		T(who_is_on_the_way_is_found),
		T(people_are_named_by_the_home),
		T(an_answer_quotes),
		T(what_can_change),
		T(forwards_are_counted),
		T(a_post_can_wait),
		T(pins_are_in_the_sequence_at_home),
		T(pins_are_in_the_sequence_in_the_square),
		T(who_may_pin),
		T(who_is_answered_is_told),
		T(authors_see_that_they_were_read),
		T(histories_are_cleared),
		T(posts_are_found_by_what_they_are),
		T(typing_is_seen),
		T(admins_know_who_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
