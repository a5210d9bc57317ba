/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes into a channel and who goes: what is said of it, and to whom. */
#include "channels_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/accounts/blocks.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_settings.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/contacts.h"
#include "core/posts/post_reactions.h"
#include "core/accounts/privacy.h"
#include "core/accounts/privacy_rules.h"
#include "core/channels/send_as.h"
#include "core/accounts/users.h"

static struct update_set answer;

/* The post about members that the last call answered; NULL: none. */
static const struct message *said(void)
{
	for (size_t i = 0; i < answer.update_count; i++)
		if (answer.updates[i].kind == UPDATE_NEW_POST)
			return answer.updates[i].message;
	return NULL;
}

static void assert_said(enum message_action action, int64_t by, int64_t whom)
{
	const struct message *post = said();

	assert_non_null(post);
	assert_int_equal(post->action, action);
	assert_int_equal(post->from.id, by);
	assert_int_equal(post->user_count, 1);
	assert_int_equal(post->users[0], whom);
}

/* The newest post, as the owner reads it. */
static struct message newest(struct fixture *f, int64_t id)
{
	const int32_t top = channels_view(f, OWNER_KEY, id).channel->top_id;
	struct post_list list;

	assert_int_equal(channel_posts_get(fixture_call(f, OWNER_KEY), id, &top, 1, &list), 0);
	fixture_end(f, 0);
	assert_int_equal(list.count, 1);
	return list.posts[0];
}

static int join(struct fixture *f, uint64_t key, int64_t id)
{
	return fixture_end(f, channel_join(fixture_call(f, key), id, &answer));
}

static int ban(struct fixture *f, int64_t id, int64_t user, uint32_t banned)
{
	return fixture_end(
		f, channel_edit_banned(fixture_call(f, OWNER_KEY), id, user, banned, 0, &answer));
}

static void befriend(struct fixture *f, uint64_t key, const char *phone)
{
	struct contact_import item = {.card = {.phone = B(phone), .first_name = B("Friend")}};

	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, key), &item, 1)), 0);
}

static void a_group_says_who_comes_and_who_goes(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	int64_t missing[1];
	size_t missing_count;

	channels_name(f, id, "group_one");
	assert_int_equal(join(f, GERMAN_KEY, id), 0);
	assert_said(ACTION_CHAT_ADD, people.german, people.german);
	assert_int_equal(newest(f, id).users[0], people.german);
	/* Again is nothing new. */
	assert_int_equal(join(f, GERMAN_KEY, id), 0);
	assert_null(said());
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	assert_null(said());
	assert_int_equal(newest(f, id).action, ACTION_CHAT_REMOVE);
	assert_int_equal(newest(f, id).from.id, people.german);
	befriend(f, OWNER_KEY, "4915100000002");
	befriend(f, GERMAN_KEY, "6281100000001");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, channel_invite(fixture_call(f, OWNER_KEY), id,
							&people.german, 1, missing, &missing_count,
							&answer)),
			0);
		if (i == 0)
			assert_said(ACTION_CHAT_ADD, people.owner, people.german);
		else
			assert_null(said());
	}
	assert_int_equal(ban(f, id, people.german, CHAT_SEND), 0);
	assert_null(said());
	assert_int_equal(ban(f, id, people.german, CHAT_SEE), 0);
	assert_said(ACTION_CHAT_REMOVE, people.owner, people.german);
	/* Who is free again is not in it for that. */
	assert_int_equal(ban(f, id, people.german, 0), 0);
	assert_null(said());
	assert_int_equal(
		fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, people.german,
				       ADMIN_PIN, (struct bytes){0}, &answer)),
		0);
	assert_said(ACTION_CHAT_ADD, people.owner, people.german);
}

static void coming_and_going_has_an_end(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Group", false);
	channels_name(f, id, "group_one");
	for (int i = 0; i < CHANNEL_JOINS_PER_DAY; i++) {
		assert_int_equal(join(f, GERMAN_KEY, id), 0);
		assert_int_equal(
			fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	}
	fixture_refused(
		f, channel_join(fixture_call(f, GERMAN_KEY), id, &answer), 420, "FLOOD_WAIT_86400");
	f->now_s += 86400;
	assert_int_equal(join(f, GERMAN_KEY, id), 0);
}

static void the_square_does_not_know_who_came(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	uint8_t number[8];

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(ban(f, id, people.german, CHAT_SEE), 0);
	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)((uint64_t)people.german >> (8 * i));
	{
		char *dump = channels_dump(f->square), text[24];

		snprintf(text, sizeof(text), "%lld", (long long)people.german);
		assert_false(channels_dump_has(dump, text));
		/* Zero bytes are spaces in the dump. */
		for (size_t i = 0; i < sizeof(number); i++)
			number[i] = number[i] ? number[i] : ' ';
		assert_null(memmem(dump, strlen(dump), number, sizeof(number)));
		free(dump);
	}
}

static void where_members_are_not_shown_nothing_is_said(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t channel = channels_make(f, "Channel", true);
	const int64_t group = channels_make(f, "Group", false);
	struct channel_context context;

	channels_name(f, channel, "channel_one");
	channels_name(f, group, "group_one");
	assert_true(channel_load(fixture_call(f, OWNER_KEY), group, &context));
	context.shared->settings.flags |= CHANNEL_MEMBERS_HIDDEN;
	channel_store(&f->call, &context);
	fixture_end(f, 0);
	for (int i = 0; i < 2; i++) {
		const int64_t id = i ? group : channel;
		const int32_t top = channels_view(f, OWNER_KEY, id).channel->top_id;

		assert_int_equal(join(f, GERMAN_KEY, id), 0);
		assert_null(said());
		assert_int_equal(ban(f, id, people.german, CHAT_SEE), 0);
		assert_null(said());
		assert_int_equal(channels_view(f, OWNER_KEY, id).channel->top_id, top);
	}
}

static void an_anonymous_admin_removes_as_the_group(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(
		fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, people.owner,
				       ADMIN_ANONYMOUS, (struct bytes){0}, &answer)),
		0);
	assert_int_equal(ban(f, id, people.german, CHAT_SEE), 0);
	assert_int_equal(said()->from.kind, PEER_CHANNEL);
	assert_said(ACTION_CHAT_REMOVE, id, people.german);
}

/* ---- Who can't be made an admin ---- */

static int name_admin(struct fixture *f, uint64_t key, int64_t id, int64_t user)
{
	return channel_edit_admin(
		fixture_call(f, key), id, user, ADMIN_PIN, (struct bytes){0}, &answer);
}

/* Rows as of other accounts: in the channel, or (channel 0) of the account in other channels. */
static void put_rows(
	struct fixture *f, int64_t channel, int64_t user, enum channel_role role, int64_t count)
{
	struct db *home = call_home(fixture_call(f, OWNER_KEY));

	for (int64_t i = 1; i <= count; i++)
		home_members_insert(home, &(struct membership_row){.user = channel ? i : user,
						  .channel = channel ? channel : i,
						  .role = (int)role,
						  .joined_at_s = 1});
	fixture_end(f, 0);
}

static void not_everybody_can_be_made_an_admin(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);

	channels_name(f, id, "group_one");
	fixture_refused(
		f, name_admin(f, OWNER_KEY, id, people.indonesian), 400, "USER_NOT_MUTUAL_CONTACT");
	fixture_refused(f, name_admin(f, OWNER_KEY, id, 99), 400, "INPUT_USER_DEACTIVATED");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(
		fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, people.german,
				       ADMIN_ADD_ADMINS | ADMIN_PIN, (struct bytes){0}, &answer)),
		0);
	f->now_s += ADMIN_FRESH_S;
	fixture_refused(f, name_admin(f, GERMAN_KEY, id, people.indonesian), 403,
		"CHAT_ADMIN_INVITE_REQUIRED");
	assert_int_equal(ban(f, id, people.indonesian, CHAT_SEE), 0);
	fixture_refused(f, name_admin(f, OWNER_KEY, id, people.indonesian), 400, "USER_BLOCKED");
	assert_int_equal(ban(f, id, people.indonesian, 0), 0);
	befriend(f, OWNER_KEY, "6281100000003");
	befriend(f, INDONESIAN_KEY, "6281100000001");
	assert_int_equal(
		fixture_end(f, block_set(fixture_call(f, OWNER_KEY), people.indonesian, true)), 0);
	fixture_refused(
		f, name_admin(f, OWNER_KEY, id, people.indonesian), 403, "USER_PRIVACY_RESTRICTED");
	assert_int_equal(
		fixture_end(f, block_set(fixture_call(f, OWNER_KEY), people.indonesian, false)), 0);
	put_rows(f, 0, people.indonesian, ROLE_MEMBER, CHANNEL_MEMBERSHIPS_MAX);
	fixture_refused(
		f, name_admin(f, OWNER_KEY, id, people.indonesian), 400, "USER_CHANNELS_TOO_MUCH");
	home_members_forget(call_home(fixture_call(f, OWNER_KEY)), people.indonesian);
	fixture_end(f, 0);
	put_rows(f, id, 0, ROLE_ADMIN, CHANNEL_ADMINS_MAX - 1);
	fixture_refused(f, name_admin(f, OWNER_KEY, id, people.indonesian), 400, "ADMINS_TOO_MUCH");
}

/* ---- Finding ---- */

static size_t found(struct fixture *f, int64_t id, const char *words)
{
	const struct channel_member_query query = {
		.filter = MEMBERS_ALL, .words = B(words), .limit = 10};
	struct channel_members members;

	assert_int_equal(channel_members(fixture_call(f, OWNER_KEY), id, &query, &members), 0);
	fixture_end(f, 0);
	return members.count;
}

/* Names are sealed, so only so many are opened: those behind are found as friends or by a public
 * name. */
static void many_are_in_it(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(found(f, id, "gerd"), 1);
	put_rows(f, id, 0, ROLE_MEMBER, MEMBERS_SEARCHED_MAX);
	assert_int_equal(found(f, id, "gerd"), 0);
	assert_int_equal(
		fixture_end(f, user_username_set(fixture_call(f, GERMAN_KEY), B("gerd_at_home"))),
		0);
	assert_int_equal(fixture_end(f, user_username_set(fixture_call(f, INDONESIAN_KEY),
						B("gerd_is_not_in"))),
		0);
	assert_int_equal(found(f, id, "gerd"), 1);
	befriend(f, OWNER_KEY, "4915100000002");
	assert_int_equal(found(f, id, "friend"), 1);
	assert_true(people.german > MEMBERS_SEARCHED_MAX);
}

static int32_t onlines(struct fixture *f, uint64_t key, int64_t id)
{
	int32_t count;

	assert_int_equal(fixture_end(f, channel_onlines(fixture_call(f, key), id, &count)), 0);
	return count;
}

/* A number, and of few not even that: whoever knows when a friend is here would learn where he is.
 */
static void who_is_here_is_counted(void **state)
{
	struct fixture *f = *state;
	struct privacy_rule nobody = {.kind = RULE_DISALLOW_ALL};
	const struct privacy_rules rules = {&nobody, 1};
	int64_t id, news;
	int32_t none;

	channels_people(f);
	id = channels_make(f, "Group", false);
	news = channels_make(f, "News", true);
	fixture_refused(
		f, channel_onlines(fixture_call(f, GERMAN_KEY), id, &none), 400, "CHANNEL_PRIVATE");
	channels_name(f, id, "group_one");
	channels_name(f, news, "news_one");
	for (uint64_t key = GERMAN_KEY; key <= INDONESIAN_KEY; key++) {
		channels_join(f, key, id);
		channels_join(f, key, news);
	}
	f->online_until_s = f->now_s - 1;
	assert_int_equal(onlines(f, OWNER_KEY, id), 0);
	f->online_until_s = f->now_s + 100;
	assert_int_equal(onlines(f, GERMAN_KEY, id), 3);
	assert_int_equal(onlines(f, OWNER_KEY, news), 3);
	assert_int_equal(onlines(f, GERMAN_KEY, news), 1);
	assert_int_equal(fixture_end(f, privacy_set(fixture_call(f, INDONESIAN_KEY), PRIVACY_STATUS,
						&rules)),
		0);
	assert_int_equal(onlines(f, OWNER_KEY, id), 2);
	assert_int_equal(onlines(f, INDONESIAN_KEY, id), 1);
	put_rows(f, id, 0, ROLE_MEMBER, 5 * ONLINES_LOOKED_MAX);
	home_member_counts_add(call_home(fixture_call(f, OWNER_KEY)), id, 5 * ONLINES_LOOKED_MAX);
	fixture_end(f, 0);
	assert_in_range(
		onlines(f, OWNER_KEY, id), 4 * ONLINES_LOOKED_MAX, 5 * ONLINES_LOOKED_MAX + 3);
	f->online_until_s = f->now_s - 1;
	assert_int_equal(onlines(f, OWNER_KEY, id), 0);
}

/* ---- Channels as senders ---- */

static int ban_sender(struct fixture *f, uint64_t key, int64_t id, int64_t sender, uint32_t banned)
{
	return channel_ban_sender(fixture_call(f, key), id, sender, banned, &answer);
}

static int write_as(struct fixture *f, uint64_t key, int64_t id, struct peer as)
{
	struct message draft = {
		.text = B("hello"), .from = as, .random_id = (int64_t)random_u64(&random_system)};

	return channel_post_send(fixture_call(f, key), id, &draft, &answer);
}

static struct channel_members kicked(struct fixture *f, int64_t id, const char *words)
{
	const struct channel_member_query query = {
		.filter = MEMBERS_OUT, .words = B(words), .limit = 10};
	struct channel_members members;

	assert_int_equal(channel_members(fixture_call(f, OWNER_KEY), id, &query, &members), 0);
	fixture_end(f, 0);
	return members;
}

static int64_t kicked_count(struct fixture *f, int64_t id)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct channel_counts counts;
	struct channel_view view;

	assert_true(channel_find(call, id, &view));
	channel_counts(call, &view, &counts);
	fixture_end(f, 0);
	return counts.kicked;
}

/* A public group, and a member's public channel. */
static int64_t guest(struct fixture *f, int64_t *id)
{
	const struct channel_draft draft = {.title = B("Guest"), .about = B(""), .broadcast = true};
	int64_t sender;

	*id = channels_make(f, "Group", false);
	channels_name(f, *id, "group_one");
	channels_join(f, GERMAN_KEY, *id);
	assert_int_equal(
		fixture_end(f, channel_create(fixture_call(f, GERMAN_KEY), &draft, &answer)), 0);
	sender = answer.channels[0].channel->id;
	assert_int_equal(fixture_end(f, channel_username_set(fixture_call(f, GERMAN_KEY), sender,
						B("guest_one"))),
		0);
	return sender;
}

static void a_channel_may_be_banned_as_a_sender(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	int64_t id, sender = guest(f, &id);
	const struct peer as = {PEER_CHANNEL, sender};
	struct send_as list;

	assert_int_equal(fixture_end(f, write_as(f, GERMAN_KEY, id, as)), 0);
	assert_int_equal(
		fixture_end(f, send_as_set_default(fixture_call(f, GERMAN_KEY), id, as)), 0);
	fixture_refused(
		f, ban_sender(f, INDONESIAN_KEY, id, sender, CHAT_SEE), 400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(
		f, ban_sender(f, OWNER_KEY, id, id, CHAT_SEE), 400, "PARTICIPANT_ID_INVALID");
	fixture_refused(f, ban_sender(f, OWNER_KEY, id, sender + 9, CHAT_SEE), 400,
		"PARTICIPANT_ID_INVALID");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, ban_sender(f, OWNER_KEY, id, sender, CHAT_SEE)), 0);
		assert_int_equal(kicked_count(f, id), 1);
	}
	fixture_refused(f, write_as(f, GERMAN_KEY, id, as), 400, "USER_BANNED_IN_CHANNEL");
	/* Nor is he shown as himself because of it. */
	fixture_refused(
		f, write_as(f, GERMAN_KEY, id, (struct peer){0}), 400, "USER_BANNED_IN_CHANNEL");
	assert_int_equal(fixture_end(f, write_as(f, GERMAN_KEY, id, user_peer(people.german))), 0);
	assert_int_equal(send_as_list(fixture_call(f, GERMAN_KEY), id, &list), 0);
	fixture_end(f, 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(kicked(f, id, "").count, 1);
	assert_int_equal(kicked(f, id, "").at[0].user, -sender);
	assert_int_equal(kicked(f, id, "").at[0].by_user, people.owner);
	assert_int_equal(kicked(f, id, "gues").count, 1);
	assert_int_equal(kicked(f, id, "nobody").count, 0);
	assert_int_equal(fixture_end(f, ban_sender(f, OWNER_KEY, id, sender, 0)), 0);
	assert_int_equal(kicked_count(f, id), 0);
	assert_int_equal(fixture_end(f, write_as(f, GERMAN_KEY, id, as)), 0);
}

static void a_channel_that_is_gone_is_banned_nowhere(void **state)
{
	struct fixture *f = *state;
	int64_t id, sender;

	channels_people(f);
	sender = guest(f, &id);
	assert_int_equal(fixture_end(f, ban_sender(f, OWNER_KEY, id, sender, CHAT_SEE)), 0);
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, GERMAN_KEY), sender, &answer)), 0);
	assert_int_equal(kicked_count(f, id), 0);
	assert_int_equal(kicked(f, id, "").count, 0);
}

static void what_a_channel_wrote_goes_with_it(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	int64_t id, sender = guest(f, &id);
	int32_t pts, pts_count, left;

	for (int i = 0; i < 3; i++)
		assert_int_equal(fixture_end(f, write_as(f, GERMAN_KEY, id,
							(struct peer){PEER_CHANNEL, sender})),
			0);
	assert_int_equal(fixture_end(f, write_as(f, GERMAN_KEY, id, user_peer(people.german))), 0);
	fixture_refused(f,
		channel_delete_posts_of(
			fixture_call(f, OWNER_KEY), id, -id, &pts, &pts_count, &left),
		400, "PARTICIPANT_ID_INVALID");
	assert_int_equal(fixture_end(f, channel_delete_posts_of(fixture_call(f, OWNER_KEY), id,
						-sender, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 3);
	assert_int_equal(newest(f, id).from.id, people.german);
}

/* ---- Reactions that admins take ---- */

static int react(struct fixture *f, uint64_t key, int64_t id, int32_t post)
{
	const struct bytes thumb = B("\xf0\x9f\x91\x8d");
	const struct reaction_request request = {.emojis = &thumb, .count = 1};

	return reaction_send(
		fixture_call(f, key), (struct peer){PEER_CHANNEL, id}, post, &request, &answer);
}

static int32_t reactions_of(struct fixture *f, int64_t id, int32_t post)
{
	int32_t count = 0;

	assert_int_equal(post_reactions_get(fixture_call(f, OWNER_KEY), id, &post, 1, &answer), 0);
	fixture_end(f, 0);
	for (size_t i = 0; i < answer.updates[0].message->tally->count; i++)
		count += answer.updates[0].message->tally->at[i].count;
	return count;
}

static void admins_take_reactions_away(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false), other = channels_make(f, "Not", true);
	int32_t posts[REACTIONS_TAKEN_AT_ONCE + 1], elsewhere;

	channels_name(f, id, "group_one");
	channels_name(f, other, "channel_one");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, GERMAN_KEY, other);
	channels_join(f, INDONESIAN_KEY, id);
	elsewhere = channels_post(f, OWNER_KEY, other, "elsewhere");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, other, elsewhere)), 0);
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		posts[i] = channels_post(f, OWNER_KEY, id, "react");
		assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, posts[i])), 0);
	}
	assert_int_equal(fixture_end(f, react(f, INDONESIAN_KEY, id, posts[0])), 0);
	fixture_refused(f,
		post_reaction_take(
			fixture_call(f, INDONESIAN_KEY), id, posts[0], people.german, &answer),
		400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(f,
		post_reaction_take(
			fixture_call(f, OWNER_KEY), other, elsewhere, people.german, &answer),
		400, "PEER_ID_INVALID");
	fixture_refused(f,
		post_reaction_take(fixture_call(f, OWNER_KEY), id, 9999, people.german, &answer),
		400, "MSG_ID_INVALID");
	assert_int_equal(fixture_end(f, post_reaction_take(fixture_call(f, OWNER_KEY), id, posts[0],
						people.german, &answer)),
		0);
	assert_int_equal(answer.updates[0].message->tally->at[0].count, 1);
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, people.german));
	fixture_refused(f,
		post_reaction_take(
			fixture_call(f, OWNER_KEY), id, posts[0], people.german, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, posts[0])), 0);
	assert_int_equal(fixture_end(f, post_reactions_take_all(
						fixture_call(f, OWNER_KEY), id, people.german)),
		0);
	/* The rest is upkeep's. */
	assert_int_equal(reactions_of(f, id, posts[0]), 2);
	assert_int_equal(reactions_of(f, id, posts[REACTIONS_TAKEN_AT_ONCE]), 0);
	for (int i = 0; i < 2; i++) {
		struct call *call = fixture_call(f, OWNER_KEY);

		call->user = 0;
		assert_int_equal(post_reactions_take_due(call), i == 0);
		fixture_end(f, 0);
	}
	assert_int_equal(reactions_of(f, id, posts[0]), 1);
	assert_int_equal(reactions_of(f, other, elsewhere), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_group_says_who_comes_and_who_goes),
		TEST(coming_and_going_has_an_end),
		TEST(the_square_does_not_know_who_came),
		TEST(where_members_are_not_shown_nothing_is_said),
		TEST(an_anonymous_admin_removes_as_the_group),
		TEST(not_everybody_can_be_made_an_admin),
		TEST(many_are_in_it),
		TEST(who_is_here_is_counted),
		TEST(a_channel_may_be_banned_as_a_sender),
		TEST(a_channel_that_is_gone_is_banned_nowhere),
		TEST(what_a_channel_wrote_goes_with_it),
		TEST(admins_take_reactions_away),
	};

	return cmocka_run_group_tests_name("channels/members", tests, NULL, NULL);
}
