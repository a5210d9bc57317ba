/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that was read before the account was told of something newer is read again: a client
 * would take the old one, which comes last, for the truth. */
#include "live.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sqlite3.h>

#define PHONE "6281234567893"
#define STEP_US 1000
#define STEPS_MAX 20000

/* What the messenger's process shares with the test: how to stop a reader in its snapshot. */
struct gate {
	atomic_bool closed, reached, opened;
};

struct world {
	struct live live;
	struct tester tester, other;
};

static struct gate *gate;

static bool comes(atomic_bool *what)
{
	for (int i = 0; i < STEPS_MAX && !atomic_load(what); i++)
		usleep(STEP_US);
	return atomic_load(what);
}

/* Who has read the box's state stands still with it. */
static int on_statement_end(unsigned event, void *db, void *statement, void *time)
{
	if (!strstr(sqlite3_sql(statement), "FROM boxes") || !atomic_exchange(&gate->closed, false))
		return 0;
	atomic_store(&gate->reached, true);
	comes(&gate->opened);
	return 0;
}

static int watch(sqlite3 *db, char **message, const struct sqlite3_api_routines *api)
{
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, on_statement_end, db);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(gate != MAP_FAILED);
	assert_int_equal(sqlite3_auto_extension((void (*)(void))watch), SQLITE_OK);
	live_init(&w->live);
	live_start(&w->live);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	tester_close(&w->tester);
	tester_close(&w->other);
	live_release(&w->live);
	sqlite3_reset_auto_extension();
	munmap(gate, sizeof(*gate));
	free(w);
	return 0;
}

static int32_t pts_of_answer(struct tester *tester)
{
	const struct tl_updates_state *answer =
		TL_AS(updates_state, tester_reply(tester, TL_updates_getState).object);

	assert_non_null(answer);
	return answer->pts;
}

static void an_old_answer_is_read_again(void **state)
{
	struct world *w = *state;
	const struct tl_updates_getState state_query = {.o.name = TL_updates_getState};
	struct tl_inputPeerSelf self = {.o.name = TL_inputPeerSelf};
	const struct tl_messages_sendMessage message = {.o.name = TL_messages_sendMessage,
		.peer = &self.o,
		.message = BYTES_LITERAL("newer"),
		.random_id = 1};
	struct sent slow;
	int32_t before;

	tester_open(&w->tester, &w->live);
	tester_sign_up(&w->tester, PHONE);
	tester_open(&w->other, &w->live);
	tester_sign_up(&w->other, PHONE);
	assert_int_equal(tester_call(&w->other, &state_query.o, NULL), 0);
	assert_int_equal(tester_call(&w->tester, &state_query.o, NULL), 0);
	before = pts_of_answer(&w->tester);

	atomic_store(&gate->closed, true);
	tester_post(&w->tester, &state_query.o, &slow);
	assert_true(comes(&gate->reached));
	assert_int_equal(tester_call(&w->other, &message.o, NULL), 0);
	assert_true(tester_hears(&w->tester));
	atomic_store(&gate->opened, true);
	assert_int_equal(tester_take(&w->tester, &slow), 0);
	assert_int_equal(pts_of_answer(&w->tester), before + 1);
	sent_release(&slow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_old_answer_is_read_again, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
