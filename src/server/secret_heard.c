/* SPDX-License-Identifier: Apache-2.0 */
/* One job for each; what is lost with the process is deleted when the device asks again. */
#include "server/secret_heard.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/secret/secret_messages.h"

struct heard_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects; /* stay empty */
	int64_t account;
	uint64_t key_id;
	int32_t qts;
};

static int heard_run(struct executor_job *base, struct store *store)
{
	struct heard_job *job = LIST_OWNER(base, struct heard_job, job);
	struct call call = node_call(job->node, store);

	call.arena = &job->arena;
	call.effects = job->effects;
	secret_heard(&call, job->account, job->key_id, job->qts);
	return 0;
}

static void heard_finish(struct executor_job *base, bool ok)
{
	struct heard_job *job = LIST_OWNER(base, struct heard_job, job);

	effects_release(job->effects);
	arena_release(&job->arena);
	free(job);
}

void secret_heard_submit(struct node *node, const struct effect *effect)
{
	struct heard_job *job = MEM_NEW(struct heard_job);

	arena_init(&job->arena);
	job->effects = effects_new();
	job->job.run = heard_run;
	job->job.finish = heard_finish;
	job->node = node;
	job->account = effect->account;
	job->key_id = effect->key_id;
	job->qts = effect->qts;
	executor_submit(node->writer, &job->job);
}
