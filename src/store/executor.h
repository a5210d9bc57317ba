/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executors run jobs inside transactions on threads of their own.
 *
 * Write executor: one thread owns the write connections. It takes all queued jobs (at most
 * EXECUTOR_BATCH_MAX), runs each in a savepoint, commits all with one sync, and only then calls
 * each job's `finish`: so what a finish releases (a reply, an update) is on disk. A job that failed
 * is rolled back alone; its finish sees ok = false. A failed commit fails every job of the batch.
 *
 * Read executor: each thread has its own read connections; a transaction (snapshot) per job. No
 * answer overtakes the news that it already holds: what ends between a commit of the writer and the
 * finishes of its jobs is finished after these, on the writer's thread. A client that was told of a
 * message by an answer takes the update that follows for old, and notifies nobody.
 */
#ifndef STORE_EXECUTOR_H
#define STORE_EXECUTOR_H

#include "base/err.h"
#include "base/list.h"
#include "store/store.h"

struct executor;

#define EXECUTOR_BATCH_MAX 256 /* limits the latency of the first job of a batch to a few ms */

struct executor_job {
	struct list node; /* the executor's while the job is queued */
	bool failed;	  /* the executor's: the store failed while the job ran */
	/* Runs in a transaction. Returns 0 to keep what it wrote, -1 to undo it (a refused call).
	 * May be called again from the start after a serialization failure, so it begins by
	 * forgetting its last try. */
	int (*run)(struct executor_job *job, struct store *store);
	/* After the commit (ok) or when nothing of the job was kept because the store failed (!ok).
	 * Owns the job from now on. On the executor's thread: must be short. */
	void (*finish)(struct executor_job *job, bool ok);
};

MUST_CHECK int executor_new_writer(const struct store_paths *paths, struct vault *vault,
	struct executor **out, struct err *err);
/* writer, which may be NULL, is freed after the readers. */
MUST_CHECK int executor_new_readers(const struct store_paths *paths, struct vault *vault,
	int threads, struct executor *writer, struct executor **out, struct err *err);
/* Thread-safe. */
void executor_submit(struct executor *executor, struct executor_job *job);
/* All of a list of executor_job.node, which is empty afterwards: one wake-up, and one batch if they
 * are few enough. Thread-safe. */
void executor_submit_all(struct executor *executor, struct list *jobs);
/* Jobs queued and not yet finished. Thread-safe. */
size_t executor_depth(struct executor *executor);
/* Called on the executor's thread: committed after each batch's commit, before the finishes;
 * finished after these. Either may be NULL. */
struct executor_hooks {
	void (*committed)(int jobs, int64_t commit_us);
	void (*finished)(void);
};
void executor_set_hooks(struct executor *executor, const struct executor_hooks *hooks);
/* After the next batch the write-ahead logs are emptied, so that what was deleted is on the disk no
 * more. Thread-safe. */
void executor_empty_logs(struct executor *executor);
/* Finishes what is queued, joins the threads. Nothing may be submitted afterwards. NULL is fine. */
void executor_stop(struct executor *executor);
/* Stops it first. NULL is fine. */
void executor_free(struct executor *executor);

#endif
