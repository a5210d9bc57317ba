/* SPDX-License-Identifier: Apache-2.0 */
/* The list of such work is upkeep_run; each piece is bounded, and goes on where it stopped. */
#include "server/upkeep.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/move.h"
#include "server/node.h"

#define UPKEEP_INTERVAL_MS 60000

struct upkeep_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects;
};

static int upkeep_run(struct executor_job *base, struct store *store)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);
	struct call call = node_call(job->node, store);

	call.arena = &job->arena;
	call.effects = job->effects;
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
	*upkeep = (struct upkeep){.node = node, .loop = loop};
	timer_init(&upkeep->timer, upkeep_due);
	loop_timer_start(loop, &upkeep->timer, UPKEEP_INTERVAL_MS);
}

void upkeep_stop(struct upkeep *upkeep)
{
	if (upkeep->loop)
		timer_stop(&upkeep->timer);
}
