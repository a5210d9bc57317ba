/* SPDX-License-Identifier: Apache-2.0 */
/* server/deliver.h: what a thread knows of memberships while it tells a crowd in slices. */
#include "../unit.h"

#include <stdlib.h>

#include "net/loop.h"
#include "server/deliver.h"

#define CHANNEL 100
#define CROWD 600 /* more than two slices */
#define SPARED 5  /* the session of everybody here: nothing is sent */

struct world {
	struct net_thread thread;
	struct mtproto_session session;
	struct client clients[CROWD + 1];
};

static void flush(struct deferred *deferred)
{
}

static void come(struct world *w, int at, int64_t account)
{
	struct client *client = &w->clients[at];

	client->session = &w->session;
	list_init(&client->listener.of_account);
	audience_join(&w->thread.audience, &client->listener, account)->state = AUDIENCE_READY;
}

static void stands(struct world *w, int64_t account, enum channel_role role)
{
	const struct standing standing = {.role = role};

	audience_set_standing(&w->thread.audience, audience_find(&w->thread.audience, account),
		CHANNEL, &standing);
}

static int set_up(void **state)
{
	static struct node node;
	struct world *w = calloc(1, sizeof(*w));
	struct err err;

	assert_non_null(w);
	w->thread.node = &node;
	w->thread.loop = loop_new(&err);
	assert_non_null(w->thread.loop);
	deferred_init(&w->thread.flush, flush);
	audience_init(&w->thread.audience);
	deliver_init(&w->thread);
	w->session.id = SPARED;
	for (int i = 0; i < CROWD; i++) {
		come(w, i, i + 1);
		stands(w, i + 1, ROLE_MEMBER);
	}
	come(w, CROWD, CROWD + 1);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	deliver_drop(&w->thread);
	for (int i = 0; i <= CROWD; i++)
		audience_leave(&w->thread.audience, &w->clients[i].listener);
	audience_release(&w->thread.audience);
	loop_free(w->thread.loop);
	free(w);
	return 0;
}

/* A post to the crowd when asked for, then what became of the account. */
static void post(struct world *w, bool crowd, int64_t account, enum channel_role role)
{
	struct effects *effects = effects_new();
	struct effect *effect;

	if (crowd) {
		effect = effects_append(effects, EFFECT_CHANNEL);
		effect->channel = CHANNEL;
		effect->except_session = SPARED;
	}
	effect = effects_append(effects, EFFECT_MEMBER);
	effect->account = account;
	effect->channel = CHANNEL;
	effect->standing.role = role;
	deliver_post(&w->thread, effects);
	effects_release(effects);
}

static bool is_member(struct world *w, int64_t account)
{
	struct audience_account *found = audience_find(&w->thread.audience, account);

	return !list_empty(&found->memberships);
}

static void what_came_later_is_not_undone_by_what_waited(void **state)
{
	struct world *w = *state;

	post(w, true, CROWD + 1, ROLE_MEMBER); /* joined, behind a crowd */
	post(w, false, CROWD + 1, ROLE_LEFT);
	for (int i = 0; i < 10; i++)
		loop_step(w->thread.loop, 0);
	assert_true(list_empty(&w->thread.deliveries));
	assert_false(is_member(w, CROWD + 1));
}

static void what_the_thread_must_know_does_not_wait_behind_a_crowd(void **state)
{
	struct world *w = *state;

	post(w, true, CROWD + 1, ROLE_MEMBER);
	post(w, true, CROWD, ROLE_LEFT);
	loop_step(w->thread.loop, 0);
	assert_false(list_empty(&w->thread.deliveries));
	assert_true(is_member(w, CROWD + 1));
	assert_false(is_member(w, CROWD));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_came_later_is_not_undone_by_what_waited, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_thread_must_know_does_not_wait_behind_a_crowd, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
