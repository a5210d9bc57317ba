/* SPDX-License-Identifier: Apache-2.0 */
/* The list of such work is upkeep_run; each piece is bounded, and goes on where it stopped. */
#include "server/upkeep.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/move.h"
#include "server/node.h"
#include "server/thread.h"
#include "store/home_keys.h"

#define BUSY_BEAT_MS 1000
#define ID_AHEAD_MAX_S 600
#define SWEEP_US (60 * (int64_t)1000000)
/* Of one job: some ten milliseconds of the write executor. */
#define KEYS_MAX 2000
#define CALL_SESSIONS_MAX 1000
#define CALL_ROWS_MAX 4000
#define SPENT_ROWS_MAX 4000
/* Anybody can make a key; one that nobody logged in on is kept for so long after its last use. */
#define KEY_IDLE_S (7 * 86400)

struct upkeep_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects;
	int64_t id_second; /* 0: written already */
	bool sweep, keys;
	bool more; /* is left: the next job comes soon */
};

static void purge_keys(struct call *call, struct upkeep_job *job)
{
	uint64_t *ids = arena_array(call->arena, KEYS_MAX, sizeof(*ids));
	size_t count = home_keys_purge(call_home(call), call->now_s - KEY_IDLE_S,
		job->node->in.settings.idle_keys_max, ids, KEYS_MAX);

	for (size_t i = 0; i < count; i++)
		effects_append(call->effects, EFFECT_KEY_GONE)->key_id = ids[i];
	job->more |= count == KEYS_MAX;
}

static int upkeep_run(struct executor_job *base, struct store *store)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);
	struct call call = node_call(job->node, store);
	int64_t old_s = call.now_s - HOME_CALLS_KEEP_S;

	call.arena = &job->arena;
	call.effects = job->effects;
	job->more = false;
	if (job->id_second)
		home_id_second_set(call_home(&call), job->id_second);
	if (!home_calls_purge(call_home(&call), old_s, &job->node->upkeep.calls_cursor,
		    CALL_SESSIONS_MAX, CALL_ROWS_MAX))
		job->more = true;
	home_spent_purge(call_home(&call), old_s, SPENT_ROWS_MAX);
	if (job->keys)
		purge_keys(&call, job);
	return job->sweep ? move_sweep(&call) : 0;
}

static void upkeep_free(struct upkeep_job *job)
{
	effects_release(job->effects);
	arena_release(&job->arena);
	free(job);
}

static void upkeep_finish(struct executor_job *base, bool ok)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);

	atomic_store(&job->node->upkeep.busy, job->more);
	if (ok) {
		node_publish(job->node, job->effects);
		job->effects = NULL;
	}
	upkeep_free(job);
}

/* The second of the newest id that any thread has given out. What is far ahead of the clock was
 * given out while that was wrong. */
static int64_t last_second(const struct node *node)
{
	uint64_t most = (uint64_t)(clock_unix_s(node->env.clock) + ID_AHEAD_MAX_S) << 32;
	uint64_t last = 0;

	for (int i = 0; i < node->thread_count; i++) {
		uint64_t id = __atomic_load_n(kept_id_floor(node->kept, i), __ATOMIC_RELAXED);

		last = id > last && id < most ? id : last;
	}
	return (int64_t)(last >> 32);
}

static struct upkeep_job *job_new(struct upkeep *upkeep)
{
	struct upkeep_job *job = MEM_NEW(struct upkeep_job);
	int64_t second = last_second(upkeep->node);

	arena_init(&job->arena);
	job->effects = effects_new();
	job->job.run = upkeep_run;
	job->job.finish = upkeep_finish;
	job->node = upkeep->node;
	if (second != upkeep->id_second)
		job->id_second = upkeep->id_second = second;
	return job;
}

static void upkeep_due(struct timer *timer)
{
	struct upkeep *upkeep = LIST_OWNER(timer, struct upkeep, timer);
	struct upkeep_job *job = job_new(upkeep);
	int64_t now_us = clock_monotonic_us(upkeep->node->env.clock);
	bool busy = atomic_load(&upkeep->busy);

	if (now_us >= upkeep->sweep_at_us) {
		job->sweep = true;
		upkeep->sweep_at_us = now_us + SWEEP_US;
	}
	job->keys = job->sweep || busy;
	executor_submit(upkeep->node->writer, &job->job);
	loop_timer_start(upkeep->loop, timer, busy ? BUSY_BEAT_MS : UPKEEP_BEAT_S * 1000);
}

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop)
{
	*upkeep = (struct upkeep){.node = node, .loop = loop, .calls_cursor = HOME_CALLS_FIRST};
	timer_init(&upkeep->timer, upkeep_due);
	loop_timer_start(loop, &upkeep->timer, UPKEEP_BEAT_S * 1000);
}

void upkeep_stop(struct upkeep *upkeep)
{
	struct upkeep_job *job;

	if (!upkeep->loop)
		return;
	timer_stop(&upkeep->timer);
	job = job_new(upkeep);
	executor_submit(upkeep->node->writer, &job->job);
}

void upkeep_raise_ids(struct node *node, int64_t written_second)
{
	int64_t second = written_second + UPKEEP_ID_SLACK_S;

	if (!written_second || clock_unix_s(node->env.clock) >= second)
		return;
	for (int i = 0; i < node->thread_count; i++) {
		uint64_t *floor = kept_id_floor(node->kept, i);

		if (*floor < (uint64_t)second << 32)
			*floor = (uint64_t)second << 32;
	}
}
