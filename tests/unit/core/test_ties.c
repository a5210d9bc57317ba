/* SPDX-License-Identifier: Apache-2.0 */
/* What ties channels to other chats and to time: who signs, in whose name one writes, discussion
 * groups (core/channels/channel_link.h), histories that begin with oneself, posts that destroy
 * themselves, and the end of a channel. */
#include "channels_fixture.h"

#include <stdlib.h>

#include "core/channels/admin_log.h"
#include "core/channels/channel_end.h"
#include "core/channels/channel_link.h"
#include "core/channels/channel_toggles.h"
#include "core/channels/send_as.h"
#include "store/home_doomed.h"

static void make_admin(struct fixture *f, int64_t user, int64_t channel, uint32_t rights)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct membership_row row;

	assert_true(home_members_find(call_home(call), user, channel, &row));
	row.role = ROLE_ADMIN;
	row.admin_rights = rights;
	home_members_set_standing(call_home(call), &row);
	assert_int_equal(fixture_end(f, 0), 0);
}

static int link_both(struct fixture *f, uint64_t key, int64_t broadcast, int64_t group)
{
	return channel_link(fixture_call(f, key), broadcast, group);
}

static int64_t linked(struct fixture *f, int64_t id)
{
	return channels_view(f, OWNER_KEY, id).channel->settings.linked;
}

/* The post as the key's account sees it. */
static struct message seen(struct fixture *f, uint64_t key, int64_t channel, int32_t id)
{
	struct call *call = fixture_call(f, key);
	struct post_list list;

	assert_int_equal(fixture_end(f, channel_posts_get(call, channel, &id, 1, &list)), 0);
	assert_int_equal(list.count, 1);
	return list.posts[0];
}

static int say_as(struct fixture *f, uint64_t key, int64_t channel, struct peer as, int32_t *id)
{
	struct message draft = {
		.text = B("words"), .random_id = (int64_t)random_u64(&random_system)};
	struct update_set answer;
	int result;

	draft.from = as;
	result = channel_post_send(fixture_call(f, key), channel, &draft, &answer);
	*id = draft.id;
	return result;
}

static void signatures(struct fixture *f, int64_t channel, bool on, bool profiles)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, channel_set_signatures(call, channel, on, profiles, &answer)), 0);
}

static void only_who_signs_is_named(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t news = channels_make(f, "News", true);
	const int64_t group = channels_make(f, "Group", false);
	const int32_t before = channels_post(f, OWNER_KEY, news, "unsigned");
	struct update_set answer;
	int32_t signed_one, linked_one;

	signatures(f, news, true, false);
	signed_one = channels_post(f, OWNER_KEY, news, "signed");
	assert_true(bytes_equal(seen(f, OWNER_KEY, news, signed_one).signature, B("Oma")));
	assert_int_equal(seen(f, OWNER_KEY, news, signed_one).from.kind, PEER_NONE);
	signatures(f, news, true, true);
	linked_one = channels_post(f, OWNER_KEY, news, "linked");
	assert_int_equal(seen(f, OWNER_KEY, news, linked_one).from.kind, PEER_USER);
	assert_int_equal(seen(f, OWNER_KEY, news, linked_one).from.id, people.owner);
	assert_true(seen(f, OWNER_KEY, news, linked_one).post);
	/* Who did not sign then is not named now. */
	assert_int_equal(seen(f, OWNER_KEY, news, before).from.kind, PEER_NONE);
	assert_int_equal(seen(f, OWNER_KEY, news, before).signature.size, 0);
	fixture_refused(f,
		channel_set_signatures(fixture_call(f, OWNER_KEY), group, true, false, &answer),
		400, "CHAT_ID_INVALID");
	fixture_refused(f,
		channel_set_signatures(fixture_call(f, OWNER_KEY), news, true, true, &answer), 400,
		"CHAT_NOT_MODIFIED");
}

static void one_writes_as_an_own_public_channel(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t group = channels_make(f, "Group", false);
	const int64_t news = channels_make(f, "News", true);
	const struct peer as = {PEER_CHANNEL, news};
	struct channel_view view;
	struct message post;
	struct call *call;
	struct peer fallback;
	struct send_as list;
	int32_t id;

	channels_name(f, group, "groupname");
	channels_join(f, GERMAN_KEY, group);
	fixture_refused(f, say_as(f, OWNER_KEY, group, as, &id), 400, "SEND_AS_PEER_INVALID");
	channels_name(f, news, "newsname");
	assert_int_equal(fixture_end(f, send_as_list(fixture_call(f, OWNER_KEY), group, &list)), 0);
	assert_int_equal(list.count, 2);
	fixture_refused(f, say_as(f, GERMAN_KEY, group, as, &id), 400, "SEND_AS_PEER_INVALID");
	assert_int_equal(fixture_end(f, say_as(f, OWNER_KEY, group, as, &id)), 0);
	post = seen(f, GERMAN_KEY, group, id);
	assert_int_equal(post.from.kind, PEER_CHANNEL);
	assert_int_equal(post.from.id, news);
	assert_false(post.out);
	assert_true(seen(f, OWNER_KEY, group, id).out);

	fixture_refused(f, send_as_set_default(fixture_call(f, GERMAN_KEY), group, as), 400,
		"SEND_AS_PEER_INVALID");
	assert_int_equal(
		fixture_end(f, send_as_set_default(fixture_call(f, OWNER_KEY), group, as)), 0);
	assert_int_equal(fixture_end(f, say_as(f, OWNER_KEY, group, (struct peer){0}, &id)), 0);
	assert_int_equal(seen(f, GERMAN_KEY, group, id).from.id, news);
	assert_int_equal(
		fixture_end(f, say_as(f, OWNER_KEY, group, user_peer(people.owner), &id)), 0);
	assert_int_equal(seen(f, GERMAN_KEY, group, id).from.id, people.owner);
	/* What was chosen holds as long as it may be. */
	channels_name(f, news, "");
	call = fixture_call(f, OWNER_KEY);
	assert_true(channel_find(call, group, &view));
	fallback = send_as_default(call, &view);
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(fallback.kind, PEER_NONE);
	assert_int_equal(fixture_end(f, say_as(f, OWNER_KEY, group, (struct peer){0}, &id)), 0);
	assert_int_equal(seen(f, GERMAN_KEY, group, id).from.id, people.owner);
}

/* In a group that is neither public nor of a channel only its admins do. */
static void in_a_private_group_admins_write_as_their_channels(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t group = channels_make(f, "Group", false);
	const struct channel_draft draft = {.title = B("News"), .about = B(""), .broadcast = true};
	struct update_set answer;
	struct send_as list;
	int64_t news;

	assert_int_equal(
		fixture_end(f, channel_create(fixture_call(f, GERMAN_KEY), &draft, &answer)), 0);
	news = answer.channels[0].channel->id;
	assert_int_equal(fixture_end(f, channel_username_set(
						fixture_call(f, GERMAN_KEY), news, B("newsname"))),
		0);
	channels_name(f, group, "groupname");
	channels_join(f, GERMAN_KEY, group);
	channels_name(f, group, "");
	assert_int_equal(
		fixture_end(f, send_as_list(fixture_call(f, GERMAN_KEY), group, &list)), 0);
	assert_int_equal(list.count, 1);
	make_admin(f, people.german, group, ADMIN_PIN);
	assert_int_equal(
		fixture_end(f, send_as_list(fixture_call(f, GERMAN_KEY), group, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[1].id, news);
}

static void who_is_anonymous_stays_so(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t group = channels_make(f, "Group", false);
	struct update_set answer;
	int32_t id, none;

	channels_name(f, group, "groupname");
	channels_join(f, GERMAN_KEY, group);
	make_admin(f, people.german, group, ADMIN_ANONYMOUS | ADMIN_CHANGE_INFO);
	assert_int_equal(fixture_end(f, say_as(f, GERMAN_KEY, group, (struct peer){0}, &id)), 0);
	assert_int_equal(seen(f, OWNER_KEY, group, id).from.kind, PEER_CHANNEL);
	assert_int_equal(seen(f, OWNER_KEY, group, id).from.id, group);
	fixture_refused(f, say_as(f, GERMAN_KEY, group, user_peer(people.german), &none), 400,
		"SEND_AS_PEER_INVALID");
	assert_int_equal(fixture_end(f, channel_edit_title(fixture_call(f, GERMAN_KEY), group,
						B("Ours"), &answer)),
		0);
	assert_int_equal(seen(f, OWNER_KEY, group, id + 1).from.kind, PEER_CHANNEL);
}

static void a_link_has_two_ends(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t news = channels_make(f, "News", true);
	const int64_t group = channels_make(f, "Group", false);
	const int64_t second = channels_make(f, "Second", false);
	struct channel_views groups;
	struct chat_views chats;
	struct update_set answer;

	channels_name(f, group, "groupname");
	channels_join(f, GERMAN_KEY, group);
	fixture_refused(f, link_both(f, OWNER_KEY, group, group), 400, "BROADCAST_ID_INVALID");
	fixture_refused(f, link_both(f, OWNER_KEY, news, news), 400, "MEGAGROUP_ID_INVALID");
	fixture_refused(f, link_both(f, OWNER_KEY, news, 0), 400, "LINK_NOT_MODIFIED");
	fixture_refused(f, link_both(f, GERMAN_KEY, 0, group), 400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, channel_link_candidates(
						fixture_call(f, OWNER_KEY), &groups, &chats)),
		0);
	assert_int_equal(groups.count, 2);
	assert_int_equal(fixture_end(f, link_both(f, OWNER_KEY, news, group)), 0);
	assert_int_equal(linked(f, news), group);
	assert_int_equal(linked(f, group), news);
	fixture_refused(f, link_both(f, OWNER_KEY, news, group), 400, "LINK_NOT_MODIFIED");
	fixture_refused(f,
		channel_toggle(
			fixture_call(f, OWNER_KEY), group, CHANNEL_HISTORY_HIDDEN, true, &answer),
		400, "CHAT_LINK_EXISTS");
	assert_int_equal(fixture_end(f, channel_toggle(fixture_call(f, OWNER_KEY), second,
						CHANNEL_HISTORY_HIDDEN, true, &answer)),
		0);
	fixture_refused(
		f, link_both(f, OWNER_KEY, news, second), 400, "MEGAGROUP_PREHISTORY_HIDDEN");
	assert_int_equal(fixture_end(f, channel_toggle(fixture_call(f, OWNER_KEY), second,
						CHANNEL_HISTORY_HIDDEN, false, &answer)),
		0);
	/* To another group: the first is free again. */
	assert_int_equal(fixture_end(f, link_both(f, OWNER_KEY, news, second)), 0);
	assert_int_equal(linked(f, group), 0);
	assert_int_equal(linked(f, second), news);
	make_admin(f, people.german, group, ADMIN_PIN);
	fixture_refused(f, link_both(f, GERMAN_KEY, 0, group), 400, "LINK_NOT_MODIFIED");
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), second, &answer)), 0);
	assert_int_equal(linked(f, news), 0);
}

/* Brings a contact in: there is no other way into a private group here. */
static void enter(struct fixture *f, uint64_t key, int64_t channel)
{
	struct call *call = fixture_call(f, key);
	struct channel_context context;

	assert_true(channel_load(call, channel, &context));
	channel_member_enter(call, &context, 0);
	assert_int_equal(fixture_end(f, 0), 0);
}

static size_t history(struct fixture *f, uint64_t key, int64_t channel)
{
	const struct post_range range = {.limit = 50};
	struct post_list list;

	assert_int_equal(
		fixture_end(f, channel_history(fixture_call(f, key), channel, &range, &list)), 0);
	return list.count;
}

static void who_comes_later_sees_what_comes_later(void **state)
{
	struct fixture *f = *state;
	const int64_t group = (channels_people(f), channels_make(f, "Group", false));
	struct channel_difference difference;
	struct channel_dialog dialog;
	struct update_set answer;
	int32_t old, young;

	enter(f, INDONESIAN_KEY, group);
	old = channels_post(f, OWNER_KEY, group, "before");
	assert_int_equal(fixture_end(f, channel_toggle(fixture_call(f, OWNER_KEY), group,
						CHANNEL_HISTORY_HIDDEN, true, &answer)),
		0);
	enter(f, GERMAN_KEY, group);
	assert_int_equal(history(f, GERMAN_KEY, group), 0);
	assert_null(channels_read(f, GERMAN_KEY, group, old));
	assert_int_equal(
		fixture_end(f, channel_dialog(fixture_call(f, GERMAN_KEY), group, &dialog)), 0);
	assert_int_equal(dialog.top->action, ACTION_HISTORY_CLEAR);
	assert_int_equal(dialog.dialog.available_min, old);
	young = channels_post(f, OWNER_KEY, group, "after");
	assert_int_equal(history(f, GERMAN_KEY, group), 1);
	assert_string_equal(channels_read(f, GERMAN_KEY, group, young), "after");
	/* Nor what was before it through the events. */
	assert_int_equal(fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), group, 1,
						100, &difference)),
		0);
	assert_int_equal(difference.list.count, 1);
	/* Who was there before has all. */
	assert_int_equal(history(f, INDONESIAN_KEY, group), 3);
}

static void posts_live_as_long_as_it_was_set(void **state)
{
	struct fixture *f = *state;
	const int64_t news = (channels_people(f), channels_make(f, "News", true));
	const int32_t lasting = channels_post(f, OWNER_KEY, news, "lasting");
	struct update_set answer;
	struct call *call;
	int32_t brief;

	fixture_refused(f, channel_set_ttl(fixture_call(f, OWNER_KEY), news, -1, &answer), 400,
		"TTL_PERIOD_INVALID");
	assert_int_equal(
		fixture_end(f, channel_set_ttl(fixture_call(f, OWNER_KEY), news, 3600, &answer)),
		0);
	/* What was set, that the writer has read so far, and the line that says it. */
	assert_int_equal(answer.update_count, 3);
	assert_int_equal(answer.updates[0].kind, UPDATE_HISTORY_TTL);
	assert_int_equal(answer.updates[1].kind, UPDATE_CHANNEL_READ_INBOX);
	assert_int_equal(answer.updates[2].kind, UPDATE_NEW_POST);
	fixture_refused(f, channel_set_ttl(fixture_call(f, OWNER_KEY), news, 3600, &answer), 400,
		"CHAT_NOT_MODIFIED");
	brief = channels_post(f, OWNER_KEY, news, "brief");
	assert_int_equal(seen(f, OWNER_KEY, news, brief).period_s, 3600);
	/* Also after it has moved. */
	channels_name(f, news, "newsname");
	call = fixture_call(f, OWNER_KEY);
	assert_false(posts_expire(call));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_string_equal(channels_read(f, OWNER_KEY, news, brief), "brief");
	f->now_s += 3600;
	call = fixture_call(f, OWNER_KEY);
	assert_false(posts_expire(call));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_non_null(fixture_effect(f, EFFECT_CHANNEL, 0));
	assert_null(channels_read(f, OWNER_KEY, news, brief));
	assert_string_equal(channels_read(f, OWNER_KEY, news, lasting), "lasting");
}

static void a_large_channel_goes_piece_by_piece(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t news = channels_make(f, "Unmistakable", true);
	struct membership_row row;
	struct channel_view view;
	struct update_set answer;
	struct call *call;
	char *dump;
	int turns = 0;
	bool more;

	channels_name(f, news, "newsname");
	channels_join(f, GERMAN_KEY, news);
	channels_post(f, OWNER_KEY, news, "unmistakable words");
	call = fixture_call(f, OWNER_KEY);
	for (int64_t i = 0; i < CHANNEL_END_ROWS_MAX; i++)
		home_members_insert(call_home(call),
			&(struct membership_row){
				.user = 5000000000 + i, .channel = news, .role = ROLE_MEMBER});
	home_member_counts_add(call_home(call), news, CHANNEL_END_ROWS_MAX);
	assert_int_equal(fixture_end(f, 0), 0);

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_delete(call, news, &answer)), 0);
	call = fixture_call(f, GERMAN_KEY);
	assert_false(channel_find(call, news, &view));
	assert_int_equal(fixture_end(f, 0), 0);
	do {
		call = fixture_call(f, OWNER_KEY);
		more = channels_end_some(call);
		assert_int_equal(fixture_end(f, 0), 0);
	} while (more && ++turns < 10);
	assert_in_range(turns, 2, 9);
	call = fixture_call(f, OWNER_KEY);
	assert_false(home_members_find(call_home(call), people.german, news, &row));
	assert_int_equal(home_member_counts_get(call_home(call), news), 0);
	assert_int_equal(fixture_end(f, 0), 0);
	dump = channels_dump(f->square);
	assert_null(strstr(dump, "nmistakable"));
	free(dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		T(only_who_signs_is_named),
		T(one_writes_as_an_own_public_channel),
		T(in_a_private_group_admins_write_as_their_channels),
		T(who_is_anonymous_stays_so),
		T(a_link_has_two_ends),
		T(who_comes_later_sees_what_comes_later),
		T(posts_live_as_long_as_it_was_set),
		T(a_large_channel_goes_piece_by_piece),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
