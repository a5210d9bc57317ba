/* SPDX-License-Identifier: Apache-2.0 */
/* The executors' threads: group commit on the writer, a snapshot per job on the readers. */
#include "store/executor.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

struct executor_thread {
	pthread_t thread;
	struct executor *executor;
	struct store store;
	bool started;
};

struct executor {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct list queue;
	bool closing;
	bool writer;
	atomic_size_t depth;
	atomic_bool empty_logs;
	struct executor_hooks hooks;
	/* Of a writer: readers see already what it commits, and nobody was told of it yet. Jobs of
	 * readers that end in this time wait in `after`. */
	atomic_bool untold;
	pthread_mutex_t telling;
	struct list after;
	struct executor *writer_before; /* of readers: whose news goes before their answers */
	int thread_count;
	struct executor_thread threads[];
};

#define EXECUTOR_THREADS_MAX 64
/* A batch whose shared commit failed is not tried again: its callers are told and may repeat. */

static int64_t executor_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Waits for work and moves up to max jobs to *batch. False when closing and nothing is left. */
static bool executor_take(struct executor *ex, struct list *batch, int max)
{
	int taken = 0;

	pthread_mutex_lock(&ex->lock);
	while (list_empty(&ex->queue) && !ex->closing)
		pthread_cond_wait(&ex->work, &ex->lock);
	while (taken < max && !list_empty(&ex->queue)) {
		struct list *node = ex->queue.next;

		list_remove(node);
		list_append(batch, node);
		taken++;
	}
	pthread_mutex_unlock(&ex->lock);
	return taken > 0;
}

/* Runs one job in a savepoint; whether it wrote anything that is to be committed. */
static bool executor_run_one(struct store *store, struct executor_job *job)
{
	bool keep;

	store_savepoint(store);
	keep = job->run(job, store) == 0 && !store_failed(store);
	job->failed = store_failed(store);
	store_savepoint_end(store, keep);
	return keep;
}

static void executor_finish_all(struct list *batch, bool committed)
{
	LIST_EACH_SAFE (node, batch) {
		struct executor_job *job = LIST_OWNER(node, struct executor_job, node);

		list_remove(node);
		job->finish(job, committed && !job->failed);
	}
}

/* Everybody was told: the answers that waited for that follow. */
static void executor_told(struct executor *writer)
{
	struct list after;

	list_init(&after);
	pthread_mutex_lock(&writer->telling);
	atomic_store(&writer->untold, false);
	list_append_all(&after, &writer->after);
	pthread_mutex_unlock(&writer->telling);
	executor_finish_all(&after, true);
}

/* A job that may have read what nobody was told of is finished after the telling. */
static bool executor_waits_for_news(struct executor *writer, struct list *batch)
{
	bool waits = false;

	if (!writer || !atomic_load(&writer->untold))
		return false;
	pthread_mutex_lock(&writer->telling);
	if (atomic_load(&writer->untold)) {
		list_append_all(&writer->after, batch);
		waits = true;
	}
	pthread_mutex_unlock(&writer->telling);
	return waits;
}

static void executor_write_batch(struct executor_thread *t, struct list *batch)
{
	struct executor *ex = t->executor;
	int64_t started = executor_now_us();
	bool committed;
	int jobs = 0;

	LIST_EACH (node, batch) {
		executor_run_one(&t->store, LIST_OWNER(node, struct executor_job, node));
		jobs++;
	}
	/* The square is committed first, and seen while the home is still on its way. */
	atomic_store(&ex->untold, db_has_written(t->store.square_db));
	committed = store_commit(&t->store) == 0;
	atomic_store(&ex->untold, true);
	if (!committed)
		log_error("commit_failed", "a batch of %d calls was not kept", jobs);
	if (ex->hooks.committed)
		ex->hooks.committed(jobs, executor_now_us() - started);
	atomic_fetch_sub(&ex->depth, (size_t)jobs);
	executor_finish_all(batch, committed);
	executor_told(ex);
	if (ex->hooks.finished)
		ex->hooks.finished();
	if (atomic_exchange(&ex->empty_logs, false) && !store_empty_logs(&t->store))
		log_debug("logs_kept", "somebody reads from a write-ahead log");
}

static void executor_read_one(struct executor_thread *t, struct list *batch)
{
	struct executor_job *job = LIST_OWNER(batch->next, struct executor_job, node);

	job->run(job, &t->store);
	job->failed = store_failed(&t->store);
	store_rollback(&t->store); /* ends the snapshot */
	atomic_fetch_sub(&t->executor->depth, 1);
	if (!executor_waits_for_news(t->executor->writer_before, batch))
		executor_finish_all(batch, true);
}

static void *executor_main(void *arg)
{
	struct executor_thread *t = arg;
	struct list batch;

	list_init(&batch);
	while (executor_take(t->executor, &batch, t->executor->writer ? EXECUTOR_BATCH_MAX : 1)) {
		if (t->executor->writer)
			executor_write_batch(t, &batch);
		else
			executor_read_one(t, &batch);
	}
	return NULL;
}

static int executor_new(const struct store_paths *paths, struct vault *vault, int threads,
	enum db_mode mode, struct executor *before, struct executor **out, struct err *err)
{
	struct executor *ex;

	assert(threads > 0 && threads <= EXECUTOR_THREADS_MAX);
	ex = calloc(1, sizeof(*ex) + (size_t)threads * sizeof(ex->threads[0]));
	if (!ex)
		return err_set(err, 0, "out of memory");
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->work, NULL);
	pthread_mutex_init(&ex->telling, NULL);
	list_init(&ex->queue);
	list_init(&ex->after);
	ex->writer = mode == DB_WRITE;
	ex->thread_count = threads;
	ex->writer_before = before;
	for (int i = 0; i < threads; i++) {
		struct executor_thread *t = &ex->threads[i];

		t->executor = ex;
		if (store_open(&t->store, paths, vault, mode, err) < 0)
			goto failed;
		if (pthread_create(&t->thread, NULL, executor_main, t) != 0) {
			err_set(err, 0, "can't start an executor thread");
			goto failed;
		}
		t->started = true;
	}
	*out = ex;
	return 0;
failed:
	executor_free(ex);
	return -1;
}

int executor_new_writer(const struct store_paths *paths, struct vault *vault, struct executor **out,
	struct err *err)
{
	return executor_new(paths, vault, 1, DB_WRITE, NULL, out, err);
}

int executor_new_readers(const struct store_paths *paths, struct vault *vault, int threads,
	struct executor *writer, struct executor **out, struct err *err)
{
	return executor_new(paths, vault, threads, DB_READ, writer, out, err);
}

void executor_empty_logs(struct executor *ex)
{
	atomic_store(&ex->empty_logs, true);
}

void executor_submit_all(struct executor *ex, struct list *jobs)
{
	size_t count = 0;

	if (list_empty(jobs))
		return;
	LIST_EACH (node, jobs) {
		LIST_OWNER(node, struct executor_job, node)->failed = false;
		count++;
	}
	atomic_fetch_add(&ex->depth, count);
	pthread_mutex_lock(&ex->lock);
	list_append_all(&ex->queue, jobs);
	pthread_cond_signal(&ex->work);
	pthread_mutex_unlock(&ex->lock);
}

void executor_submit(struct executor *ex, struct executor_job *job)
{
	struct list one;

	list_init(&one);
	list_append(&one, &job->node);
	executor_submit_all(ex, &one);
}

size_t executor_depth(struct executor *ex)
{
	return atomic_load(&ex->depth);
}

void executor_set_hooks(struct executor *ex, const struct executor_hooks *hooks)
{
	ex->hooks = *hooks;
}

void executor_stop(struct executor *ex)
{
	if (!ex)
		return;
	pthread_mutex_lock(&ex->lock);
	ex->closing = true;
	pthread_cond_broadcast(&ex->work);
	pthread_mutex_unlock(&ex->lock);
	for (int i = 0; i < ex->thread_count; i++) {
		if (ex->threads[i].started)
			pthread_join(ex->threads[i].thread, NULL);
		ex->threads[i].started = false;
	}
}

void executor_free(struct executor *ex)
{
	if (!ex)
		return;
	executor_stop(ex);
	for (int i = 0; i < ex->thread_count; i++)
		if (ex->threads[i].store.home_db || ex->threads[i].store.square_db)
			store_close(&ex->threads[i].store);
	pthread_cond_destroy(&ex->work);
	pthread_mutex_destroy(&ex->lock);
	pthread_mutex_destroy(&ex->telling);
	free(ex);
}
