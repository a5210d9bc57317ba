/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random actions of four accounts, a random clock, devices that come and go: in the end each device
 * knows what the server knows, whatever it was pushed and whenever it had to ask for a difference.
 * LONTAR_REPLICA_SEED repeats a run, LONTAR_REPLICA_STEPS makes it longer, LONTAR_REPLICA_TRACE
 * prints what was done.
 */
#include "replica_actions.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/push.h"
#include "core/messages/box.h"
#include "core/channels/channel_end.h"
#include "core/channels/channel_heirs.h"
#include "core/channels/channel_standing.h"
#include "core/messages/history_ttl.h"
#include "core/messages/messages.h"
#include "core/channels/move.h"
#include "core/messages/polls.h"
#include "core/posts/posts.h"
#include "core/messages/scheduled.h"
#include "core/accounts/users.h"
#include "server/audience.h"
#include "store/home_keys.h"

#define STEPS 300

/* Keys: the acting device of a person, then the others. */
#define ACTOR(person) ((uint64_t)(100 + 10 * (person)))
#define SERVER 77 /* nobody's */

static const int device_layers[DEVICES] = {152, 198, 227};
static struct replica truth;
static unsigned long seed;
static int applied;
static bool with_channels, with_threads;

/* ---- The network ---- */

/* A session on a network thread: server/deliver.c does with these what push_all does here. */
struct listener {
	struct audience_session session;
	struct replica *replica;
};

static struct audience audience;
static struct listener listeners[PEOPLE][DEVICES];

static void hear(struct fixture *f, struct replica *r, struct bytes bytes)
{
	const struct tl_object *updates;
	struct tl_reader reader;

	tl_reader_init(&reader, arena_bytes(&scratch, bytes), 1 << 20);
	updates = tl_read_object(&reader, &scratch, TL_TYPE_ANY);
	assert_int_equal(tl_reader_finish(&reader), 0);
	replica_push(r, updates);
	replica_settle(f, r);
}

static void push_to(struct fixture *f, const struct effect *effect,
	const struct audience_account *account, const struct standing *my, struct push_copy *copy)
{
	LIST_EACH (node, &account->sessions) {
		struct replica *r = LIST_OWNER(node, struct listener, session.of_account)->replica;
		const struct push_viewer viewer = {.user = r->user,
			.layer = r->layer,
			.my = *my,
			.country = account->country,
			.vault = f->vault};
		struct bytes bytes;

		if (r->key + 1000 == effect->except_session)
			continue;
		bytes = api_push_next(copy, effect, &viewer, &scratch);
		if (bytes.size)
			hear(f, r, bytes);
	}
}

static void push_to_channel(struct fixture *f, const struct effect *effect, struct push_copy *copy)
{
	struct audience_channel *channel = audience_channel(&audience, effect->channel);

	for (size_t i = 0; i < effect->set.update_count; i++) {
		if (effect->set.updates[i].kind == UPDATE_NEW_POST)
			world_posted(effect->channel, effect->set.updates[i].message->id);
	}
	if (!channel)
		return;
	LIST_EACH (node, &channel->members) {
		struct audience_member *member =
			LIST_OWNER(node, struct audience_member, of_channel);

		push_to(f, effect, member->account, &member->my, copy);
	}
}

static void push(struct fixture *f, const struct effect *effect)
{
	struct audience_account *account = audience_find(&audience, effect->account);
	struct push_copy copy = {0};

	if (effect->kind == EFFECT_ACCOUNT && account)
		push_to(f, effect, account, &effect->standing, &copy);
	if (effect->kind == EFFECT_MEMBER && account)
		audience_set_standing(&audience, account, effect->channel, &effect->standing);
	if (effect->kind == EFFECT_CHANNEL || effect->kind == EFFECT_CHANNEL_CHANGED)
		push_to_channel(f, effect, &copy);
	push_copy_release(&copy);
}

/* Devices ask while they are told, and that is calls of their own. */
static struct effects *take_effects(struct fixture *f)
{
	struct effects *effects = f->effects;

	f->effects = effects_new();
	for (int who = 0; who < PEOPLE; who++) {
		for (int d = 0; d < DEVICES; d++)
			devices[who][d].asked = false;
	}
	return effects;
}

static void push_these(struct fixture *f, struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++)
		push(f, &effects->at[i]);
	effects_release(effects);
}

static void push_all(struct fixture *f)
{
	push_these(f, take_effects(f));
}

static void connect(struct fixture *f, struct listener *listener)
{
	struct replica *r = listener->replica;
	struct audience_account *account = audience_join(&audience, &listener->session, r->user);
	struct channel_views views;

	r->online = true;
	if (account->state == AUDIENCE_READY)
		return;
	assert_int_equal(channel_memberships(fixture_call(f, r->key), &views), 0);
	for (size_t i = 0; i < views.count; i++)
		audience_set_standing(&audience, account, views.at[i].channel->id, &views.at[i].my);
	account->state = AUDIENCE_READY;
	fixture_end(f, 0);
}

static void disconnect(struct listener *listener)
{
	listener->replica->online = false;
	replica_doubt(listener->replica);
	audience_leave(&audience, &listener->session);
}

/* ---- The world ---- */

/* It shows what is in the target, or changes it: more than own notes about a number. */
static bool needs_sight(const struct tl_object *query)
{
	return query->name != TL_messages_importChatInvite &&
	       query->name != TL_messages_saveDraft &&
	       query->name != TL_account_updateNotifySettings;
}

/* Where somebody went and came again while his device was away, it cannot tell what it has: it
 * loads it as if it had just come. */
static void notice_comings(void)
{
	static int before[CHANNELS][PEOPLE];

	for (int i = 0; i < CHANNELS; i++) {
		for (int who = 0; who < PEOPLE; who++) {
			const int comings = channels[i].id ? channels[i].of[who].comings : 0;

			for (int d = 0; d < DEVICES && comings > before[i][who]; d++) {
				struct replica *r = &devices[who][d];
				struct replica_channel *c = replica_channel(r, channels[i].id);

				if (!r->online && c)
					c->loaded = !(c->came = true);
			}
			before[i][who] = comings;
		}
	}
}

/* One that is online and speaks a layer that queries are made for; NULL: one that nobody looks at.
 */
static struct replica *some_device(int who)
{
	struct replica *r = &devices[who][1 + below(DEVICES - 1)];

	return r->online ? r : NULL;
}

static void take_answer(struct fixture *f, struct replica *r, const struct tl_object *query,
	const union tl_reply *reply)
{
	struct effects *effects = take_effects(f);
	const bool at_once = below(2);

	if (r)
		replica_own_begin(r);
	if (r && at_once)
		replica_own_answer(f, r, query, reply);
	push_these(f, effects);
	if (r && !at_once)
		replica_own_answer(f, r, query, reply);
	if (r)
		replica_own_end(f, r);
}

/* Who left what he owned sees it no more, and may come back. */
static bool came_home(struct fixture *f, int who, const struct tl_object *query)
{
	struct channel_view view;
	bool owner;

	if (query->name != TL_channels_joinChannel)
		return false;
	owner = channel_find(fixture_call(f, ACTOR(who)), target->id, &view) &&
		view.my.role == ROLE_CREATOR;
	fixture_end(f, 0);
	return owner;
}

/* Runs a query of one of a person's devices. */
static bool act(struct fixture *f, int who, const struct tl_object *query)
{
	const bool blind = target && !world_may_see(target, who) && needs_sight(query);
	struct replica *r = some_device(who);
	union tl_reply reply;
	bool done = layered_ask(
		f, r ? r->key : ACTOR(who), r ? r->layer : 227, query, &scratch, &reply);

	if (getenv("LONTAR_REPLICA_TRACE"))
		print_message("%lld %s %lld by %d on %llu: %s\n", (long long)f->now_s,
			tl_name_text(query->name), (long long)(target ? target->id : 0), who,
			(unsigned long long)(r ? r->key : ACTOR(who)),
			done ? "done" : f->call.fault.text);
	if (done && blind && !came_home(f, who, query))
		fail_msg("%s of account %lld is done in %lld, which it may not see",
			tl_name_text(query->name), (long long)people[who], (long long)target->id);
	if (done) {
		applied++;
		world_note(who, query, &reply);
		notice_comings();
		take_answer(f, r, query, &reply);
	}
	return done;
}

/* What the server does by the clock. */
static void upkeep(struct fixture *f)
{
	static bool (*const works[])(struct call *) = {messages_expire, scheduled_send_due,
		polls_close_due, posts_expire, channel_standings_prune, channels_pass_on,
		channels_end_some};

	for (size_t i = 0; i < ARRAY_LEN(works); i++) {
		while (works[i](fixture_call(f, SERVER))) {
			fixture_end(f, 0);
			push_all(f);
		}
		fixture_end(f, 0);
		push_all(f);
	}
}

/* A slice: people act between one and the next. */
static void move(struct fixture *f)
{
	bool more;

	if (below(2))
		(void)move_step(fixture_call(f, SERVER));
	else
		assert_int_equal(move_sweep(fixture_call(f, SERVER), &more), 0);
	fixture_end(f, 0);
	push_all(f);
}

/* Somebody looks at a public channel, or again at those that are open. */
static void look(struct fixture *f, struct replica *r)
{
	const struct world_channel *c = &channels[below(CHANNELS)];
	const int who = world_person(r->user);
	/* Guests are shown comments only, each under its post. */
	const bool guest = c->id && !c->public && world_may_see(c, who);

	if (!c->id || c->of[who].in || guest || below(3))
		replica_poll_channels(f, r);
	else if (replica_open(f, r, c->id) != world_may_see(c, who))
		fail_msg("account %lld sees %lld, or not, and should not, or should",
			(long long)r->user, (long long)c->id);
}

static struct tl_object *some_query(struct fixture *f, int who)
{
	if (!with_channels || !below(3))
		return query_any(f, who);
	return with_threads && below(3) ? query_threads(f, who) : query_channels(f, who);
}

static void step(struct fixture *f)
{
	const int who = below(PEOPLE);
	struct listener *listener;

	act(f, who, some_query(f, who));
	upkeep(f);
	if (with_channels && !below(3))
		move(f);
	if (!below(10)) {
		listener = &listeners[below(PEOPLE)][below(DEVICES)];
		if (listener->replica->online) {
			disconnect(listener);
		} else {
			connect(f, listener);
			replica_catch_up(f, listener->replica);
		}
	}
	if (with_channels && !below(4)) {
		listener = &listeners[below(PEOPLE)][below(DEVICES)];
		if (listener->replica->online)
			look(f, listener->replica);
	}
	f->now_s += below(3) ? below(3) : below(200);
	world_now_s = f->now_s;
	arena_reset(&scratch);
}

static const struct peer *known_peers(void)
{
	static struct peer peers[PEOPLE + 1];

	for (int i = 0; i < PEOPLE; i++)
		peers[i] = (struct peer){PEER_USER, people[i]};
	peers[PEOPLE] = (struct peer){PEER_CHAT, group};
	return peers;
}

/* A device that looks at a public channel without being in it knows its posts. */
static void check_looked_at(struct fixture *f, struct replica *r)
{
	replica_poll_channels(f, r);
	for (size_t i = 0; i < REPLICA_CHANNELS; i++) {
		const struct replica_channel *c = &r->channels[i];

		if (!c->loaded || c->in)
			continue;
		assert_true(replica_open(f, &truth, c->id));
		replica_compare_history(r, &c->history, &replica_channel(&truth, c->id)->history);
	}
}

static void check_device(struct fixture *f, struct listener *listener)
{
	struct replica *r = listener->replica;

	if (!r->online) {
		connect(f, listener);
		replica_catch_up(f, r);
	}
	assert_int_equal(r->gaps, 0);
	memset(&truth, 0, sizeof(truth));
	truth.user = r->user;
	truth.key = ACTOR(world_person(r->user));
	truth.layer = r->layer;
	replica_fetch(f, &truth);
	replica_fetch_more(f, &truth, known_peers(), PEOPLE + 1);
	replica_compare(r, &truth, f->now_s);
	replica_compare_more(r, &truth);
	check_looked_at(f, r);
}

/* Who may not see a channel is refused everything that says what is in it. */
static void check_outsider(struct fixture *f, int who, const struct world_channel *c)
{
	struct tl_inputPeerChannel peer = {.o = {TL_inputPeerChannel}, .channel_id = c->id};
	struct tl_inputChannel channel = {.o = {TL_inputChannel}, .channel_id = c->id};
	struct tl_channelMessagesFilterEmpty filter = {.o = {TL_channelMessagesFilterEmpty}};
	struct tl_messages_getHistory history = {
		.o = {TL_messages_getHistory}, .peer = &peer.o, .limit = 10};
	struct tl_channels_getFullChannel full = {
		.o = {TL_channels_getFullChannel}, .channel = &channel.o};
	struct tl_updates_getChannelDifference difference = {.o = {TL_updates_getChannelDifference},
		.channel = &channel.o,
		.filter = &filter.o,
		.pts = 1,
		.limit = 10};
	const struct tl_object *const queries[] = {&history.o, &full.o, &difference.o};
	union tl_reply reply;

	peer.access_hash = channel.access_hash =
		vault_access_hash(f->vault, people[who], PEER_CHANNEL, c->id);
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		if (layered_ask(f, ACTOR(who), 227, queries[i], &scratch, &reply))
			fail_msg("account %lld is answered %s of %lld", (long long)people[who],
				tl_name_text(queries[i]->name), (long long)c->id);
	}
}

static void check(struct fixture *f)
{
	for (int who = 0; who < PEOPLE; who++) {
		for (int d = 0; d < DEVICES; d++)
			check_device(f, &listeners[who][d]);
		for (int i = 0; i < CHANNELS; i++) {
			if (channels[i].id && !world_may_see(&channels[i], who))
				check_outsider(f, who, &channels[i]);
		}
	}
}

static void sign_in(struct fixture *f, int who, int device)
{
	struct replica *r = &devices[who][device];
	struct box_state state;

	*r = (struct replica){.user = people[who],
		.key = ACTOR(who) + 1 + (uint64_t)device,
		.layer = device_layers[device]};
	fixture_call(f, r->key);
	home_keys_set_user(store_home(&f->store), r->key, r->user, f->now_s);
	fixture_end(f, 0);
	replica_fetch(f, r);
	assert_int_equal(fixture_end(f, box_state(fixture_call(f, r->key), &state)), 0);
	r->box.pts = state.pts;
	r->date = (int32_t)f->now_s;
	listeners[who][device].replica = r;
	connect(f, &listeners[who][device]);
}

static int setup(void **state)
{
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	arena_init(&scratch);
	audience_init(&audience);
	memset(channels, 0, sizeof(channels));
	target = NULL;
	group = 0;
	world_now_s = f->now_s;
	for (int who = 0; who < PEOPLE; who++) {
		char phone[16], name[2] = {(char)('A' + who)};

		snprintf(phone, sizeof(phone), "62811000%d", who);
		people[who] = fixture_sign_up(f, ACTOR(who), phone, name, "");
	}
	for (int who = 0; who < PEOPLE; who++) {
		for (int d = 0; d < DEVICES; d++)
			sign_in(f, who, d);
	}
	return 0;
}

static int teardown(void **state)
{
	arena_release(&scratch);
	for (int who = 0; who < PEOPLE; who++) {
		for (int d = 0; d < DEVICES; d++) {
			if (devices[who][d].online)
				disconnect(&listeners[who][d]);
		}
	}
	audience_release(&audience);
	return fixture_teardown(state);
}

/* Who is brought into a channel is a contact of who brings him, and the other way round. */
static void befriend(struct fixture *f)
{
	for (int who = 0; who < PEOPLE; who++) {
		for (int with = 0; with < PEOPLE; with++) {
			struct tl_contacts_addContact *q = TL_NEW(&scratch, contacts_addContact);

			q->id = input_user(f, who, people[with]);
			q->first_name = BYTES_LITERAL("Friend");
			if (with != who)
				assert_true(act(f, who, &q->o));
		}
	}
}

static void play(struct fixture *f, bool channels_too, bool threads_too)
{
	const char *steps = getenv("LONTAR_REPLICA_STEPS");
	int count = steps ? (int)strtol(steps, NULL, 10) : STEPS;

	with_channels = channels_too;
	with_threads = threads_too;
	print_message("seed %lu\n", seed);
	srand((unsigned)seed);
	/* Everybody has written to everybody: what follows is between people who know each other.
	 */
	for (int who = 0; who < PEOPLE; who++) {
		for (int with = 0; with < PEOPLE; with++) {
			struct tl_messages_sendMessage *q = TL_NEW(&scratch, messages_sendMessage);

			q->peer = input(f, who, (struct peer){PEER_USER, people[with]});
			q->message = some_text("hello");
			q->random_id = who * PEOPLE + with + 1;
			assert_true(act(f, who, &q->o));
		}
	}
	assert_true(act(f, 0, query_create(f, 0)));
	group = 1;
	if (with_channels)
		befriend(f);
	for (int i = 0; with_threads && i < STEPS_TO_BEGIN; i++)
		assert_true(act(f, 0, query_begin(f, 0, i)));
	for (int i = 1; i <= count; i++) {
		step(f);
		if (i % 100 == 0)
			check(f);
	}
	check(f);
	/* Most of it is not refused. */
	assert_true(applied > count / 2);
}

static void seed_set(void)
{
	const char *given = getenv("LONTAR_REPLICA_SEED");

	seed = given ? strtoul(given, NULL, 10) : 20261122;
}

static void test_devices_know_what_the_server_knows(void **state)
{
	seed_set();
	play(*state, false, false);
}

static void test_and_of_channels_what_they_may_see(void **state)
{
	seed_set();
	play(*state, true, false);
}

static void test_and_of_comments_and_topics(void **state)
{
	seed_set();
	play(*state, true, true);
}

/* Found an edit that told everybody what its writer had chosen in a poll. */
static void test_of_a_poll_everybody_is_told_the_own_vote(void **state)
{
	seed = 7;
	play(*state, false, false);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* The argument: the name of the only test to be run. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		T(test_devices_know_what_the_server_knows),
		T(test_and_of_channels_what_they_may_see),
		T(test_and_of_comments_and_topics),
		T(test_of_a_poll_everybody_is_told_the_own_vote),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
