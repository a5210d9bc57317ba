/* SPDX-License-Identifier: Apache-2.0 */
/* The list of such work is upkeep_run; each piece is bounded, and goes on where it stopped. */
#include "server/upkeep.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/move.h"
#include "server/node.h"
#include "store/home_keys.h"

#define UPKEEP_INTERVAL_MS 60000
#define UPKEEP_KEYS_MAX 2000 /* looked at per run */
#define UPKEEP_KEY_IDLE_S (7 * 86400)

struct upkeep_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects;
};

/* Anybody can make a key; one that nobody logged in on is kept for a week after its last use. */
static void purge_keys(struct call *call, struct upkeep *upkeep)
{
	uint64_t *ids = arena_array(call->arena, UPKEEP_KEYS_MAX, sizeof(*ids));
	size_t count = home_keys_purge(call_home(call), call->now_s - UPKEEP_KEY_IDLE_S,
		&upkeep->keys_cursor, ids, UPKEEP_KEYS_MAX);

	for (size_t i = 0; i < count; i++)
		effects_append(call->effects, EFFECT_KEY_GONE)->key_id = ids[i];
}

static int upkeep_run(struct executor_job *base, struct store *store)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);
	struct call call = node_call(job->node, store);

	call.arena = &job->arena;
	call.effects = job->effects;
	purge_keys(&call, &job->node->upkeep);
	return move_sweep(&call);
}

static void upkeep_finish(struct executor_job *base, bool ok)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);

	if (ok)
		node_publish(job->node, job->effects);
	else
		effects_release(job->effects);
	arena_release(&job->arena);
	free(job);
}

static void upkeep_due(struct timer *timer)
{
	struct upkeep *upkeep = LIST_OWNER(timer, struct upkeep, timer);
	struct upkeep_job *job = MEM_NEW(struct upkeep_job);

	arena_init(&job->arena);
	job->effects = effects_new();
	job->job.run = upkeep_run;
	job->job.finish = upkeep_finish;
	job->node = upkeep->node;
	executor_submit(upkeep->node->writer, &job->job);
	loop_timer_start(upkeep->loop, timer, UPKEEP_INTERVAL_MS);
}

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop)
{
	*upkeep = (struct upkeep){.node = node, .loop = loop, .keys_cursor = INT64_MIN};
	timer_init(&upkeep->timer, upkeep_due);
	loop_timer_start(loop, &upkeep->timer, UPKEEP_INTERVAL_MS);
}

void upkeep_stop(struct upkeep *upkeep)
{
	if (upkeep->loop)
		timer_stop(&upkeep->timer);
}
