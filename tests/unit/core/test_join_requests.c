/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/join_requests.h: who asks, who is told, and who lets them in. */
#include "base/text.h"
#include "chats_fixture.h"
#include "core/channels/channel_load.h"
#include "core/channels/channel_toggles.h"
#include "core/channels/channels.h"
#include "core/channels/invite_joins.h"
#include "core/channels/join_requests.h"
#include "store/home_leftovers.h"
#include "store/home_members.h"

#define LINK_TEXT_SIZE 64

static const struct invite_wish asking = {.says_asks = true, .asks = true};

static struct peer channel_of(struct world *w, bool broadcast)
{
	const struct channel_draft draft = {
		.title = B("Harbour"), .about = B(""), .broadcast = broadcast};
	struct update_set answer;

	assert_int_equal(fixture_end(w->f, channel_create(by(w, ANNA), &draft, &answer)), 0);
	return (struct peer){PEER_CHANNEL, answer.channels[0].channel->id};
}

static struct peer chat_of(struct world *w)
{
	return (struct peer){PEER_CHAT, group(w)};
}

static void make(struct world *w, struct peer peer, const struct invite_wish *wish,
	char text[LINK_TEXT_SIZE])
{
	struct call *call = by(w, ANNA);
	struct home_invite_link link;

	assert_int_equal(invite_link_make(call, peer, wish, &link), 0);
	memcpy(text, text_base64url(call->arena, link.secret), 23);
	fixture_end(w->f, 0);
}

static void ask(struct world *w, int who, const char *link)
{
	struct update_set answer;

	fixture_refused(
		w->f, invite_join(by(w, who), B(link), &answer), 400, "INVITE_REQUEST_SENT");
}

static int decide(struct world *w, struct peer peer, int whom, bool approve)
{
	struct update_set answer;

	return fixture_end(
		w->f, join_request_decide(by(w, ANNA), peer, w->id[whom], approve, &answer));
}

static int64_t waiting(struct world *w, struct peer peer)
{
	struct join_requests requests;

	join_requests_glance(by(w, ANNA), peer, &requests);
	fixture_end(w->f, 0);
	return requests.waiting;
}

static enum channel_role role_of(struct world *w, struct peer peer, int who)
{
	struct membership_row row;

	home_members_find(call_home(by(w, ANNA)), w->id[who], peer.id, &row);
	fixture_end(w->f, 0);
	return (enum channel_role)row.role;
}

static int32_t uses_of(struct world *w, struct peer peer, const char *text)
{
	struct home_invite_link link;

	fixture_end(w->f, invite_link_get(by(w, ANNA), peer, B(text), &link));
	return link.uses;
}

static void give(
	struct world *w, struct peer peer, int who, enum channel_role role, uint32_t rights)
{
	struct db *home = call_home(by(w, ANNA));
	struct membership_row row;

	if (!home_members_find(home, w->id[who], peer.id, &row)) {
		row = (struct membership_row){
			.user = w->id[who], .channel = peer.id, .role = ROLE_MEMBER};
		home_members_insert(home, &row);
	}
	row.role = role;
	row.admin_rights = rights;
	row.banned_rights = role == ROLE_BANNED ? (uint32_t)CHAT_SEE : 0;
	home_members_set_standing(home, &row);
	fixture_end(w->f, 0);
}

/* ---- Asking ---- */

static void who_may_invite_is_told_who_asks(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	const struct update *update;
	char text[LINK_TEXT_SIZE];

	give(&w, peer, BEN, ROLE_ADMIN, ADMIN_INVITE);
	give(&w, peer, CLEO, ROLE_ADMIN, ADMIN_PIN);
	make(&w, peer, &asking, text);
	ask(&w, DAN, text);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_NONE);
	ask(&w, DAN, text);
	assert_int_equal(waiting(&w, peer), 1);
	assert_int_equal(decide(&w, peer, DAN, false), 0);
	ask(&w, DAN, text);
	for (int who = ANNA; who <= BEN; who++) {
		update = told(&w, w.id[who], UPDATE_JOIN_REQUESTS);
		assert_non_null(update);
		assert_int_equal(update->unread, 1);
		assert_int_equal(update->peers[0].id, w.id[DAN]);
	}
	assert_null(told(&w, w.id[CLEO], UPDATE_JOIN_REQUESTS));
	assert_null(told(&w, w.id[DAN], UPDATE_JOIN_REQUESTS));
}

static size_t missed_requests(struct world *w, int who)
{
	struct update_set set = {0};
	size_t found = 0;

	changes_missed(by(w, who), w->f->now_s, &set);
	for (size_t i = 0; i < set.update_count; i++)
		found += set.updates[i].kind == UPDATE_JOIN_REQUESTS && set.updates[i].unread == 1;
	fixture_end(w->f, 0);
	return found;
}

static void a_device_that_was_away_learns_of_it(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	char text[LINK_TEXT_SIZE];

	give(&w, peer, BEN, ROLE_ADMIN, ADMIN_INVITE);
	make(&w, peer, &asking, text);
	ask(&w, DAN, text);
	assert_int_equal(missed_requests(&w, ANNA), 1);
	assert_int_equal(missed_requests(&w, BEN), 1);
	/* Not to who may not invite any more. */
	give(&w, peer, BEN, ROLE_MEMBER, 0);
	assert_int_equal(missed_requests(&w, BEN), 0);
	assert_int_equal(missed_requests(&w, DAN), 0);
}

static void a_public_channel_may_ask_too(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	struct update_set answer;

	fixture_refused(w.f,
		channel_toggle_join_request(by(&w, ANNA), peer.id, true, false, &answer), 400,
		"CHAT_PUBLIC_REQUIRED");
	fixture_end(w.f, channel_username_set(by(&w, ANNA), peer.id, B("the_harbour")));
	assert_int_equal(fixture_end(w.f, channel_toggle_join_request(
						  by(&w, ANNA), peer.id, true, false, &answer)),
		0);
	fixture_refused(
		w.f, channel_join(by(&w, DAN), peer.id, &answer), 400, "INVITE_REQUEST_SENT");
	assert_int_equal(waiting(&w, peer), 1);
	assert_int_equal(decide(&w, peer, DAN, true), 0);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_MEMBER);
	assert_int_equal(waiting(&w, peer), 0);
}

static bool asks(struct world *w, struct peer peer, const char *text)
{
	struct home_invite_link link;

	assert_int_equal(fixture_end(w->f, invite_link_get(by(w, ANNA), peer, B(text), &link)), 0);
	assert_false(link.asks && link.limit);
	return link.asks;
}

static void the_switch_may_turn_the_links_too(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false), other = channel_of(&w, false);
	const struct invite_wish limited = {.says_limit = true, .limit = 5};
	char link[LINK_TEXT_SIZE], elsewhere[LINK_TEXT_SIZE];
	struct update_set answer;

	make(&w, peer, &limited, link);
	make(&w, other, &limited, elsewhere);
	fixture_end(w.f, channel_username_set(by(&w, ANNA), peer.id, B("the_harbour")));
	assert_int_equal(fixture_end(w.f, channel_toggle_join_request(
						  by(&w, ANNA), peer.id, true, false, &answer)),
		0);
	assert_false(asks(&w, peer, link));
	/* The switch is on already, the links are not. */
	assert_int_equal(fixture_end(w.f, channel_toggle_join_request(
						  by(&w, ANNA), peer.id, true, true, &answer)),
		0);
	assert_true(asks(&w, peer, link));
	assert_false(asks(&w, other, elsewhere));
	fixture_refused(w.f,
		channel_toggle_join_request(by(&w, ANNA), peer.id, true, true, &answer), 400,
		"CHAT_NOT_MODIFIED");
	ask(&w, DAN, link);
	assert_int_equal(fixture_end(w.f, channel_toggle_join_request(
						  by(&w, ANNA), peer.id, false, true, &answer)),
		0);
	assert_false(asks(&w, peer, link));
}

/* ---- Deciding ---- */

static void who_is_let_in_is_in_and_it_is_said(void **state)
{
	struct world w = world_make(state);
	const struct peer chat = chat_of(&w), channel = channel_of(&w, false);
	struct channel_member member;
	char text[LINK_TEXT_SIZE];

	make(&w, channel, &asking, text);
	ask(&w, DAN, text);
	assert_int_equal(decide(&w, channel, DAN, true), 0);
	assert_non_null(told(&w, w.id[DAN], UPDATE_CHANNEL));
	assert_int_equal(role_of(&w, channel, DAN), ROLE_MEMBER);
	assert_int_equal(uses_of(&w, channel, text), 1);
	assert_int_equal(waiting(&w, channel), 0);
	assert_int_equal(channel_member(by(&w, DAN), channel.id, w.id[DAN], &member), 0);
	fixture_end(w.f, 0);
	assert_true(member.by_request);
	assert_int_equal(channel_member(by(&w, ANNA), channel.id, w.id[DAN], &member), 0);
	fixture_end(w.f, 0);
	assert_false(member.by_request);

	make(&w, chat, &asking, text);
	ask(&w, DAN, text);
	assert_int_equal(decide(&w, chat, DAN, true), 0);
	assert_int_equal(
		told(&w, w.id[DAN], UPDATE_NEW_MESSAGE)->message->action, ACTION_JOINED_BY_REQUEST);
	assert_int_equal(told(&w, w.id[BEN], UPDATE_NEW_MESSAGE)->message->from.id, w.id[DAN]);
	assert_int_equal(chat_role_of(by(&w, ANNA), chat.id, w.id[DAN]), CHAT_MEMBER);
	fixture_end(w.f, 0);
}

static void who_is_turned_down_hears_nothing(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	ask(&w, DAN, text);
	assert_int_equal(decide(&w, peer, DAN, false), 0);
	assert_int_equal(fixture_effect_count(w.f, EFFECT_ACCOUNT, w.id[DAN]), 0);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_NONE);
	assert_int_equal(waiting(&w, peer), 0);
	assert_int_equal(uses_of(&w, peer, text), 0);
}

static void what_can_not_be_decided(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	fixture_refused(w.f, join_request_decide(by(&w, ANNA), peer, w.id[DAN], true, &answer), 400,
		"HIDE_REQUESTER_MISSING");
	fixture_refused(w.f, join_request_decide(by(&w, ANNA), peer, w.id[ANNA], true, &answer),
		400, "USER_ALREADY_PARTICIPANT");
	fixture_refused(w.f, join_requests_decide_all(by(&w, ANNA), peer, B(""), true, &answer),
		400, "HIDE_REQUESTER_MISSING");
	fixture_refused(w.f, join_requests_decide_all(by(&w, ANNA), peer, B("?"), true, &answer),
		400, "INVITE_HASH_EXPIRED");
	give(&w, peer, CLEO, ROLE_MEMBER, 0);
	ask(&w, DAN, text);
	fixture_refused(w.f, join_request_decide(by(&w, CLEO), peer, w.id[DAN], true, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	/* He is in too many; with one less he may come. */
	by(&w, ANNA);
	for (int64_t i = 1; i <= CHANNEL_MEMBERSHIPS_MAX; i++)
		home_members_insert(call_home(&w.f->call),
			&(struct membership_row){
				.user = w.id[DAN], .channel = i, .role = ROLE_MEMBER});
	fixture_end(w.f, 0);
	fixture_refused(w.f, join_request_decide(by(&w, ANNA), peer, w.id[DAN], true, &answer), 400,
		"USER_CHANNELS_TOO_MUCH");
	assert_int_equal(waiting(&w, peer), 1);
	home_members_delete(call_home(by(&w, ANNA)), w.id[DAN], 1);
	fixture_end(w.f, 0);
	assert_int_equal(decide(&w, peer, DAN, true), 0);
}

static void who_was_banned_since_does_not_come(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	ask(&w, DAN, text);
	give(&w, peer, DAN, ROLE_BANNED, 0);
	fixture_refused(w.f, join_request_decide(by(&w, ANNA), peer, w.id[DAN], true, &answer), 400,
		"HIDE_REQUESTER_MISSING");
	assert_int_equal(waiting(&w, peer), 0);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_BANNED);
}

/* Put out and let off again, he still asks. */
static void who_is_out_waits_on(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	ask(&w, DAN, text);
	give(&w, peer, DAN, ROLE_BANNED, 0);
	home_members_delete(call_home(by(&w, ANNA)), w.id[DAN], peer.id);
	fixture_end(w.f, 0);
	assert_int_equal(waiting(&w, peer), 1);
	assert_int_equal(decide(&w, peer, DAN, true), 0);
	assert_int_equal(waiting(&w, peer), 0);
}

static void who_is_no_more_waits_no_more(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	struct home_invite_link link;
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	ask(&w, BEN, text);
	ask(&w, DAN, text);
	home_leftovers_drop(call_home(by(&w, ANNA)), w.id[DAN]);
	fixture_end(w.f, 0);
	assert_int_equal(waiting(&w, peer), 1);
	fixture_end(w.f, invite_link_get(by(&w, ANNA), peer, B(text), &link));
	assert_int_equal(link.requested, 1);
}

/* Ben and Cleo by one link, Dan by another. */
static void all_at_once_or_those_of_a_link(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, true);
	char first[LINK_TEXT_SIZE], second[LINK_TEXT_SIZE];
	struct update_set answer;

	make(&w, peer, &asking, first);
	make(&w, peer, &asking, second);
	ask(&w, BEN, first);
	ask(&w, CLEO, first);
	ask(&w, DAN, second);
	assert_int_equal(fixture_end(w.f, join_requests_decide_all(
						  by(&w, ANNA), peer, B(second), false, &answer)),
		0);
	assert_int_equal(answer.updates[0].unread, 2);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_NONE);
	ask(&w, DAN, second);
	give(&w, peer, CLEO, ROLE_BANNED, 0);
	assert_int_equal(fixture_end(w.f, join_requests_decide_all(
						  by(&w, ANNA), peer, B(""), true, &answer)),
		0);
	assert_int_equal(answer.updates[0].unread, 0);
	assert_int_equal(role_of(&w, peer, BEN), ROLE_MEMBER);
	assert_int_equal(role_of(&w, peer, CLEO), ROLE_BANNED);
	assert_int_equal(role_of(&w, peer, DAN), ROLE_MEMBER);
	assert_int_equal(uses_of(&w, peer, first), 1);
}

/* Whoever is brought in by another way waits no more. */
static void who_is_in_waits_no_more(void **state)
{
	const struct invite_wish plain = {0};
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	char text[LINK_TEXT_SIZE], open[LINK_TEXT_SIZE];
	struct update_set answer;

	make(&w, peer, &asking, text);
	make(&w, peer, &plain, open);
	ask(&w, DAN, text);
	assert_int_equal(fixture_end(w.f, invite_join(by(&w, DAN), B(open), &answer)), 0);
	assert_int_equal(told(&w, w.id[ANNA], UPDATE_JOIN_REQUESTS)->unread, 0);
	assert_int_equal(waiting(&w, peer), 0);
}

/* ---- Lists ---- */

static void lists_and_searches(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	char first[LINK_TEXT_SIZE], second[LINK_TEXT_SIZE];
	struct join_query query = {.waits = true, .limit = 10};
	struct joins joins;

	make(&w, peer, &asking, first);
	make(&w, peer, &asking, second);
	for (int who = BEN; who <= DAN; who++) {
		w.f->now_s++;
		ask(&w, who, who == DAN ? second : first);
	}
	assert_int_equal(fixture_end(w.f, joins_find(by(&w, ANNA), peer, &query, &joins)), 0);
	assert_int_equal(joins.count, 3);
	assert_int_equal(joins.total, 3);
	assert_int_equal(joins.at[0].user, w.id[DAN]);
	query.mark = (struct home_join_mark){joins.at[1].date_s, joins.at[1].user};
	assert_int_equal(fixture_end(w.f, joins_find(by(&w, ANNA), peer, &query, &joins)), 0);
	assert_int_equal(joins.count, 1);
	assert_int_equal(joins.at[0].user, w.id[BEN]);
	query = (struct join_query){.waits = true, .limit = 10, .text = B("cle")};
	assert_int_equal(fixture_end(w.f, joins_find(by(&w, ANNA), peer, &query, &joins)), 0);
	assert_int_equal(joins.count, 1);
	assert_int_equal(joins.at[0].user, w.id[CLEO]);
	query.link = B(first);
	fixture_refused(w.f, joins_find(by(&w, ANNA), peer, &query, &joins), 400,
		"SEARCH_WITH_LINK_NOT_SUPPORTED");
	query.text = B("");
	assert_int_equal(fixture_end(w.f, joins_find(by(&w, ANNA), peer, &query, &joins)), 0);
	assert_int_equal(joins.total, 2);
	assert_int_equal(decide(&w, peer, BEN, true), 0);
	query.waits = false;
	assert_int_equal(fixture_end(w.f, joins_find(by(&w, ANNA), peer, &query, &joins)), 0);
	assert_int_equal(joins.count, 1);
	assert_int_equal(joins.at[0].approved_by, w.id[ANNA]);
	query.link = B("?");
	fixture_refused(
		w.f, joins_find(by(&w, ANNA), peer, &query, &joins), 400, "INVITE_HASH_EXPIRED");
}

/* ---- Bounds ---- */

static void asking_is_bounded(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, false);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, peer, &asking, text);
	for (int i = 0; i < JOIN_REQUESTS_PER_DAY; i++) {
		ask(&w, DAN, text);
		decide(&w, peer, DAN, false);
	}
	fixture_refused(w.f, invite_join(by(&w, DAN), B(text), &answer), 420, "FLOOD_WAIT_86400");
	by(&w, CLEO);
	for (int64_t i = 1; i <= JOIN_REQUESTS_OF_ONE_MAX; i++)
		home_join_put(call_home(&w.f->call), w.f->call.arena,
			(struct home_place){PEER_CHANNEL, i},
			&(struct home_join){.user = w.id[CLEO], .waits = true, .date_s = 1});
	fixture_end(w.f, 0);
	fixture_refused(w.f, invite_join(by(&w, CLEO), B(text), &answer), 400, "CHANNELS_TOO_MUCH");
	by(&w, ANNA);
	for (int64_t i = 1; i <= JOIN_REQUESTS_MAX; i++)
		home_join_put(call_home(&w.f->call), w.f->call.arena,
			(struct home_place){PEER_CHANNEL, peer.id},
			&(struct home_join){
				.user = INT64_C(5000000000) + i, .waits = true, .date_s = 1});
	fixture_end(w.f, 0);
	fixture_refused(w.f, invite_join(by(&w, BEN), B(text), &answer), 400, "USERS_TOO_MUCH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		T(who_may_invite_is_told_who_asks),
		T(a_device_that_was_away_learns_of_it),
		T(a_public_channel_may_ask_too),
		T(the_switch_may_turn_the_links_too),
		T(who_is_let_in_is_in_and_it_is_said),
		T(who_is_turned_down_hears_nothing),
		T(what_can_not_be_decided),
		T(who_was_banned_since_does_not_come),
		T(who_is_out_waits_on),
		T(who_is_no_more_waits_no_more),
		T(all_at_once_or_those_of_a_link),
		T(who_is_in_waits_no_more),
		T(lists_and_searches),
		T(asking_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
