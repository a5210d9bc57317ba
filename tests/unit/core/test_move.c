/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/move.h with more posts than one slice: what people do meanwhile holds, and a crash
 * between any two commits loses and doubles nothing. The expected posts are kept beside and
 * compared with everything that a reader gets. */
#include "channels_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/channels/channel_end.h"
#include "core/channels/channel_load.h"
#include "core/messages/messages.h"
#include "core/channels/move.h"
#include "core/posts/orders.h"
#include "core/posts/post_reactions.h"

#define POSTS (2 * MOVE_SLICE + 200)
#define EXPECTED_MAX (8 * MOVE_SLICE)

struct world {
	struct fixture *f;
	int64_t channel;
	int32_t top;
	char text[EXPECTED_MAX][24]; /* by id; "" is not there */
};

static void post(struct world *w, const char *text)
{
	const int32_t id = channels_post(w->f, OWNER_KEY, w->channel, text);

	assert_true(id > w->top && id < EXPECTED_MAX);
	w->top = id;
	snprintf(w->text[id], sizeof(w->text[id]), "%s", text);
}

static void edit(struct world *w, int32_t id, const char *text)
{
	struct message draft = {.id = id, .text = B(text)};
	struct update_set answer;

	assert_int_equal(fixture_end(w->f, channel_post_edit(fixture_call(w->f, OWNER_KEY),
						   w->channel, &draft, NULL, &answer)),
		0);
	snprintf(w->text[id], sizeof(w->text[id]), "%s", text);
}

static void delete(struct world *w, int32_t id)
{
	int32_t pts, count;

	assert_int_equal(fixture_end(w->f, channel_posts_delete(fixture_call(w->f, OWNER_KEY),
						   w->channel, &id, 1, &pts, &count)),
		0);
	assert_int_equal(count, 1);
	w->text[id][0] = 0;
}

static struct world *world_new(struct fixture *f, int32_t posts)
{
	struct world *w = calloc(1, sizeof(*w));
	struct call *call;

	w->f = f;
	channels_people(f);
	w->channel = channels_make(f, "Traveller", true);
	snprintf(w->text[1], sizeof(w->text[1]), "Traveller");
	call = fixture_call(f, OWNER_KEY);
	for (int32_t id = 2; id < posts + 2; id++) {
		struct message draft = {.random_id = id};
		struct update_set answer;

		snprintf(w->text[id], sizeof(w->text[id]), "words %d", id);
		draft.text = B(w->text[id]);
		assert_int_equal(channel_post_send(call, w->channel, &draft, &answer), 0);
		assert_int_equal(draft.id, id);
		w->top = id;
	}
	fixture_end(f, 0);
	return w;
}

static void history_read(struct world *w, bool upwards)
{
	struct post_range range = {.limit = POSTS_PER_CALL_MAX};
	int32_t at = upwards ? 1 : w->top + 1;

	for (;;) {
		struct call *call = fixture_call(w->f, OWNER_KEY);
		struct post_list list;

		range.offset_id = at;
		range.add_offset = upwards ? -POSTS_PER_CALL_MAX : 0;
		assert_int_equal(
			fixture_end(w->f, channel_history(call, w->channel, &range, &list)), 0);
		for (size_t i = 0; i < list.count; i++) {
			const size_t n = upwards ? list.count - 1 - i : i;
			const struct message *post = &list.posts[n];

			/* Those that are not there are skipped, and no other. */
			for (at -= upwards ? 0 : 1; at != post->id; at += upwards ? 1 : -1)
				assert_string_equal(w->text[at], "");
			if (at > 1)
				assert_true(bytes_equal_str(post->text, w->text[at]));
			at += upwards ? 1 : 0;
		}
		if (list.count < POSTS_PER_CALL_MAX)
			break;
	}
}

/* Both ways through the history, some by their id, and a search over the end of a slice. */
static void check(struct world *w)
{
	history_read(w, false);
	history_read(w, true);
	for (int32_t id = 2; id <= w->top; id += 97) {
		const char *text = channels_read(w->f, OWNER_KEY, w->channel, id);

		assert_string_equal(text ? text : "", w->text[id]);
	}
}

static void set_name(struct world *w, const char *name)
{
	assert_int_equal(fixture_end(w->f, channel_username_set(fixture_call(w->f, OWNER_KEY),
						   w->channel, B(name))),
		0);
}

static bool is_public(struct world *w)
{
	return channels_view(w->f, OWNER_KEY, w->channel).channel->in_square;
}

static bool step(struct world *w)
{
	const bool more = move_step(fixture_call(w->f, OWNER_KEY));

	assert_int_equal(fixture_end(w->f, 0), 0);
	return more;
}

static void sweep_all(struct world *w)
{
	bool more = true;

	w->f->now_s += MOVE_GRACE_S + 1;
	while (more)
		assert_int_equal(
			fixture_end(w->f, move_sweep(fixture_call(w->f, OWNER_KEY), &more)), 0);
}

static bool file_has(const char *path, const char *value)
{
	char *dump = channels_dump(path);
	const bool has = strstr(dump, value) != NULL;

	free(dump);
	return has;
}

static void posts_follow_in_slices(void **state)
{
	struct world *w = world_new(*state, POSTS);
	int steps = 0;

	set_name(w, "traveller");
	assert_true(is_public(w));
	check(w);
	do {
		post(w, "while it moves");
		edit(w, 3 + steps, "edited");
		edit(w, w->top - 40 - 3 * steps, "edited late");
		delete (w, 20 + steps);
		delete (w, w->top - 60 - 3 * steps);
		check(w);
		steps++;
	} while (step(w));
	assert_int_equal(steps, 3);
	check(w);
	assert_true(file_has(w->f->square, "\narrivals|")); /* for the desk's sensors */
	assert_true(file_has(w->f->home, "\nposts|"));
	sweep_all(w);
	assert_false(file_has(w->f->home, "\nposts|"));
	assert_false(file_has(w->f->home, "\nchannels|"));
	check(w);

	steps = 0;
	set_name(w, "");
	assert_false(is_public(w));
	do {
		post(w, "while it goes home");
		edit(w, 5 + steps, "edited again");
		delete (w, 40 + steps);
		check(w);
		assert_false(file_has(w->f->square, "while it goes home"));
		assert_false(file_has(w->f->square, "edited again"));
		steps++;
	} while (step(w));
	sweep_all(w);
	assert_false(file_has(w->f->square, "\nposts|"));
	assert_false(file_has(w->f->square, "\narrivals|"));
	assert_false(file_has(w->f->square, "\nchannels|"));
	check(w);
	free(w);
}

static void who_goes_back_half_way_loses_nothing(void **state)
{
	struct world *w = world_new(*state, POSTS);

	set_name(w, "traveller");
	post(w, "public for a moment");
	edit(w, 4, "edited in the home");
	set_name(w, "");
	assert_false(is_public(w));
	edit(w, w->top, "private again");
	check(w);
	/* A third turn has to wait for the second. */
	fixture_refused(w->f,
		channel_username_set(fixture_call(w->f, OWNER_KEY), w->channel, B("traveller")),
		420, "FLOOD_WAIT_60");
	while (step(w))
		check(w);
	check(w);
	fixture_refused(w->f,
		channel_username_set(fixture_call(w->f, OWNER_KEY), w->channel, B("traveller")),
		420, "FLOOD_WAIT_60");
	sweep_all(w);
	check(w);
	set_name(w, "traveller");
	while (step(w))
		check(w);
	check(w);
	/* Home while the home's old rows are not gone yet. */
	set_name(w, "");
	check(w);
	while (step(w))
		check(w);
	sweep_all(w);
	check(w);
	assert_false(file_has(w->f->square, "\nposts|"));
	free(w);
}

static struct post_row row_of(struct world *w, int64_t channel, int32_t id)
{
	struct call *call = fixture_call(w->f, OWNER_KEY);
	struct channel_context context;
	struct post_row row = {0};

	assert_true(channel_load(call, channel, &context));
	assert_true(post_rows_find(&context.place, call->arena, id, &row));
	row.reactions = arena_bytes(&w->f->arena, row.reactions);
	fixture_end(w->f, 0);
	return row;
}

static void count(struct world *w, int32_t id)
{
	struct channel_context context;
	struct call *call;

	channel_post_forwarded(fixture_call(w->f, OWNER_KEY), w->channel, id);
	fixture_end(w->f, 0);
	call = fixture_call(w->f, OWNER_KEY);
	assert_true(channel_load(call, w->channel, &context));
	post_rows_count(&context.place, id,
		&(struct post_counts){.views = 5, .replies = 2, .replies_top = 77});
	post_rows_count(&context.place, id, &(struct post_counts){.views = 1, .replies = -1});
	fixture_end(w->f, 0);
}

static int react(struct world *w, int32_t id)
{
	struct bytes thumb = BYTES_LITERAL("\xf0\x9f\x91\x8d");
	const struct reaction_request request = {.emojis = &thumb, .count = 1};
	struct update_set answer;

	return post_reaction_send(fixture_call(w->f, OWNER_KEY), w->channel, id, &request, &answer);
}

static int pin(struct world *w, int32_t id)
{
	const struct pinning pinning = {.id = id, .silent = true};
	struct update_set answer;

	return channel_post_pin(fixture_call(w->f, OWNER_KEY), w->channel, &pinning, &answer);
}

/* Rows of posts alone: who is where in a move is in the channel's own row. */
static char *posts_in(const char *path)
{
	char *dump = channels_dump(path), *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (const char *line = dump, *end; (end = strchr(line, '\n')); line = end + 1)
		if (strncmp(line, "posts|", 6) == 0)
			fprintf(out, "%.*s\n", (int)(end - line), line);
	fclose(out);
	free(dump);
	return text;
}

/* What is far away comes by itself; what is near is brought, and the square's rows stay as they
 * were when the channel was public. */
static void on_the_way_home_nothing_enters_the_square(void **state)
{
	struct world *w = world_new(*state, 7 * MOVE_SLICE);
	const int32_t far = 10, near = w->top - 3 * MOVE_SLICE;
	struct message draft = {.id = far, .text = B("far away")};
	struct update_set answer;
	char *before, *after;
	int64_t views;

	set_name(w, "traveller");
	while (step(w))
		;
	sweep_all(w);
	views = row_of(w, w->channel, far).views;
	before = posts_in(w->f->square);
	set_name(w, "");
	fixture_refused(w->f,
		channel_post_edit(fixture_call(w->f, OWNER_KEY), w->channel, &draft, NULL, &answer),
		420, "FLOOD_WAIT_6");
	fixture_refused(w->f, react(w, far), 420, "FLOOD_WAIT_6");
	fixture_refused(w->f, pin(w, far), 420, "FLOOD_WAIT_6");
	count(w, far);
	assert_int_equal(row_of(w, w->channel, far).views, views + 6);
	assert_int_equal(row_of(w, w->channel, far).replies_top, 77);

	edit(w, near, "near enough");
	assert_int_equal(fixture_end(w->f, react(w, near - 1)), 0);
	assert_int_equal(fixture_end(w->f, pin(w, near - 2)), 0);
	w->top++; /* that says so */
	count(w, near - 3);
	assert_false(file_has(w->f->square, "near enough"));
	while (step(w))
		;
	after = posts_in(w->f->square);
	assert_string_equal(before, after);
	free(before);
	free(after);
	sweep_all(w);
	for (int32_t id = near - 3; id; id = id == far ? 0 : far) {
		assert_int_equal(row_of(w, w->channel, id).views, views + 6);
		assert_int_equal(row_of(w, w->channel, id).forwards, 1);
		assert_int_equal(row_of(w, w->channel, id).replies, 1);
	}
	assert_int_equal(row_of(w, w->channel, near - 1).reactions.size, 5);
	assert_true(row_of(w, w->channel, near - 2).pinned);
	assert_false(file_has(w->f->home, "\npost_counts|"));
	check(w);
	free(w);
}

/* Which commits of the transaction that is open come to disk before the process dies. */
enum crash { CRASH_BEFORE, CRASH_BETWEEN, CRASHES };

static void crash(struct world *w, enum crash when)
{
	struct fixture *f = w->f;

	assert_false(store_failed(&f->store));
	if (when == CRASH_BETWEEN && db_in_transaction(f->store.square_db))
		assert_int_equal(db_commit(f->store.square_db), 0);
	store_rollback(&f->store);
	assert_int_equal(fixture_end(f, move_repair(fixture_call(f, OWNER_KEY))), 0);
}

static void turn_with_crashes(struct world *w, const char *name)
{
	bool more = true;

	for (enum crash when = 0; when < CRASHES; when++) {
		if (is_public(w) == (*name != 0))
			break;
		assert_int_equal(
			channel_username_set(fixture_call(w->f, OWNER_KEY), w->channel, B(name)),
			0);
		crash(w, when);
		check(w);
	}
	if (is_public(w) != (*name != 0))
		set_name(w, name);
	while (more) {
		for (enum crash when = 0; when < CRASHES; when++) {
			post(w, "between crashes");
			more = move_step(fixture_call(w->f, OWNER_KEY));
			crash(w, when);
			check(w);
		}
		more = step(w);
		check(w);
	}
	more = true;
	w->f->now_s += MOVE_GRACE_S + 1;
	while (more) {
		for (enum crash when = 0; when < CRASHES; when++) {
			assert_int_equal(move_sweep(fixture_call(w->f, OWNER_KEY), &more), 0);
			crash(w, when);
		}
		assert_int_equal(
			fixture_end(w->f, move_sweep(fixture_call(w->f, OWNER_KEY), &more)), 0);
		check(w);
	}
}

static void a_crash_between_any_two_commits_loses_and_doubles_nothing(void **state)
{
	struct world *w = world_new(*state, POSTS);

	turn_with_crashes(w, "traveller");
	assert_true(is_public(w));
	assert_false(file_has(w->f->home, "\nposts|"));
	turn_with_crashes(w, "");
	assert_false(is_public(w));
	assert_false(file_has(w->f->square, "\nposts|"));
	check(w);
	free(w);
}

static void a_crash_at_the_turn_back_is_repaired(void **state)
{
	struct world *w = world_new(*state, POSTS);

	set_name(w, "traveller");
	post(w, "public");
	assert_int_equal(channel_username_set(fixture_call(w->f, OWNER_KEY), w->channel, B("")), 0);
	crash(w, CRASH_BETWEEN);
	assert_false(is_public(w));
	check(w);
	while (step(w))
		check(w);
	sweep_all(w);
	check(w);
	assert_false(file_has(w->f->square, "\nposts|"));
	free(w);
}

/* The repair takes one slice of copies away; another channel must not wait for that. */
static void a_crash_while_another_ones_copy_waits_is_repaired(void **state)
{
	struct world *w = world_new(*state, POSTS);
	int64_t other;

	set_name(w, "traveller");
	while (step(w))
		;
	sweep_all(w);
	set_name(w, "");
	while (step(w))
		;
	assert_true(file_has(w->f->square, "\nposts|"));
	other = channels_make_public(w->f, "other_one", true);
	channels_post(w->f, OWNER_KEY, other, "still here");
	assert_int_equal(channel_username_set(fixture_call(w->f, OWNER_KEY), other, B("")), 0);
	crash(w, CRASH_BETWEEN);
	assert_string_equal(channels_read(w->f, OWNER_KEY, other, 2), "still here");
	check(w);
	free(w);
}

/* A large channel goes out of sight at once; its rows go in slices. */
static void end_all(struct world *w)
{
	bool more;

	do {
		more = channels_end_some(fixture_call(w->f, OWNER_KEY));
		assert_int_equal(fixture_end(w->f, 0), 0);
	} while (more);
}

static void deletion_during_a_move_leaves_nothing(void **state)
{
	struct world *w = world_new(*state, POSTS);
	struct update_set answer;

	set_name(w, "traveller");
	step(w);
	set_name(w, "");
	assert_int_equal(channel_delete(fixture_call(w->f, OWNER_KEY), w->channel, &answer), 0);
	crash(w, CRASH_BETWEEN);
	assert_false(file_has(w->f->home, "\nchannels|"));
	end_all(w);
	assert_false(file_has(w->f->square, "\nposts|"));
	assert_false(file_has(w->f->home, "\nposts|"));
	free(w);
}

static void what_its_owner_cleared_for_himself_moves_too(void **state)
{
	struct fixture *f = *state;
	struct world *w = world_new(f, 5);
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_posts_clear(fixture_call(f, OWNER_KEY), w->channel,
						3, false, &answer)),
		0);
	assert_null(channels_read(f, OWNER_KEY, w->channel, 3));
	set_name(w, "cleared_by_him");
	for (int32_t id = 2; id <= w->top; id++)
		assert_string_equal(channels_read(f, GERMAN_KEY, w->channel, id), w->text[id]);
	assert_null(channels_read(f, OWNER_KEY, w->channel, 3));
	free(w);
}

static void its_owner_is_told_in_words(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Diary", true);
	const struct effect *told;

	channels_name(f, id, "my_diary");
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner);
	assert_non_null(told);
	assert_non_null(
		strstr(arena_str(&f->arena, told->set.updates[0].message->text), "@my_diary"));
	channels_name(f, id, "");
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner);
	assert_non_null(told);
	assert_non_null(strstr(arena_str(&f->arena, told->set.updates[0].message->text), "Diary"));
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(posts_follow_in_slices),
		T(on_the_way_home_nothing_enters_the_square),
		T(who_goes_back_half_way_loses_nothing),
		T(a_crash_between_any_two_commits_loses_and_doubles_nothing),
		T(a_crash_at_the_turn_back_is_repaired),
		T(a_crash_while_another_ones_copy_waits_is_repaired),
		T(deletion_during_a_move_leaves_nothing),
		T(what_its_owner_cleared_for_himself_moves_too),
		T(its_owner_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
