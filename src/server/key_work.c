/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue per address, and the addresses that have something waiting in a round:
 *
 *   round:  address A -> [job, job, job]   address B -> [job]   ...
 *
 * A worker takes the first job of the first address, which then goes to the end of the round. The
 * result goes back to the connection's thread, if the connection is still there.
 */
#include "server/key_work.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "server/link.h"
#include "server/metrics.h"
#include "server/thread.h"

#define KEY_WORK_THREADS_MAX 64
#define KEY_WORK_NICE 5

struct source {
	uint64_t id;
	struct list jobs, of_round;
	size_t count;
};

struct key_job {
	struct loop_task back;
	struct list of_source;
	struct source *source; /* NULL: not waiting any more. Under the lock */
	struct key_work *work;
	struct net_thread *thread;
	struct mtproto_conn *conn; /* of the thread; NULL: it has gone */
	struct handshake_job *job;
	enum handshake_result result;
	struct buf answer;
};

struct key_work {
	struct key_work_limits limits;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	pthread_t threads[KEY_WORK_THREADS_MAX];
	int thread_count;
	/* Under the lock. */
	struct map sources;
	struct list round;
	size_t waiting;
	bool stopping;
};

/* ---- The queue, under the lock ---- */

static bool queue_put(struct key_work *work, struct key_job *job, uint64_t id, size_t source_max)
{
	struct source *source = map_get(&work->sources, id);

	if (work->stopping || work->waiting >= work->limits.waiting_max ||
		(source && source->count >= source_max))
		return false;
	if (!source) {
		source = MEM_NEW(struct source);
		source->id = id;
		list_init(&source->jobs);
		list_append(&work->round, &source->of_round);
		map_put(&work->sources, id, source);
	}
	job->source = source;
	list_append(&source->jobs, &job->of_source);
	source->count++;
	work->waiting++;
	return true;
}

static void queue_remove(struct key_work *work, struct key_job *job)
{
	struct source *source = job->source;

	list_remove(&job->of_source);
	job->source = NULL;
	work->waiting--;
	list_remove(&source->of_round);
	if (--source->count > 0) {
		list_append(&work->round, &source->of_round);
		return;
	}
	map_remove(&work->sources, source->id);
	free(source);
}

static struct key_job *queue_take(struct key_work *work)
{
	struct source *source = LIST_OWNER(work->round.next, struct source, of_round);
	struct key_job *job = LIST_OWNER(source->jobs.next, struct key_job, of_source);

	queue_remove(work, job);
	return job;
}

/* ---- Workers ---- */

/* NULL: the end. */
static struct key_job *next_job(struct key_work *work)
{
	struct key_job *job = NULL;

	pthread_mutex_lock(&work->lock);
	while (!work->stopping && work->waiting == 0)
		pthread_cond_wait(&work->wanted, &work->lock);
	if (!work->stopping)
		job = queue_take(work);
	pthread_mutex_unlock(&work->lock);
	return job;
}

static void *work_main(void *arg)
{
	struct key_job *job;

	if (setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), KEY_WORK_NICE) < 0)
		log_warn("no_low_priority", "keys are made at ordinary priority");
	while ((job = next_job(arg))) {
		job->result = handshake_job_run(job->job, &job->answer);
		loop_post(job->thread->loop, &job->back);
	}
	return NULL;
}

struct key_work *key_work_new(const struct key_work_limits *limits, struct err *err)
{
	struct key_work *work = MEM_NEW(struct key_work);

	work->limits = *limits;
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->wanted, NULL);
	map_init(&work->sources);
	list_init(&work->round);
	while (work->thread_count < limits->threads && work->thread_count < KEY_WORK_THREADS_MAX) {
		if (pthread_create(&work->threads[work->thread_count], NULL, work_main, work) !=
			0) {
			err_set(err, 0, "can't start a thread that makes keys");
			key_work_stop(work);
			key_work_free(work);
			return NULL;
		}
		work->thread_count++;
	}
	return work;
}

void key_work_stop(struct key_work *work)
{
	if (!work)
		return;
	pthread_mutex_lock(&work->lock);
	work->stopping = true;
	pthread_cond_broadcast(&work->wanted);
	pthread_mutex_unlock(&work->lock);
	for (int i = 0; i < work->thread_count; i++)
		pthread_join(work->threads[i], NULL);
	while (work->waiting > 0) {
		struct key_job *job = queue_take(work);

		loop_post(job->thread->loop, &job->back);
	}
	work->thread_count = 0;
}

void key_work_free(struct key_work *work)
{
	if (!work)
		return;
	map_release(&work->sources);
	pthread_cond_destroy(&work->wanted);
	pthread_mutex_destroy(&work->lock);
	free(work);
}

size_t key_work_waiting(struct key_work *work)
{
	size_t waiting;

	pthread_mutex_lock(&work->lock);
	waiting = work->waiting;
	pthread_mutex_unlock(&work->lock);
	return waiting;
}

/* ---- On the connection's thread ---- */

static void job_free(struct key_job *job)
{
	handshake_job_free(job->job);
	bytes_wipe(buf_data(&job->answer), buf_size(&job->answer));
	buf_release(&job->answer);
	free(job);
}

static void job_back(struct loop_task *task)
{
	struct key_job *job = LIST_OWNER(task, struct key_job, back);
	struct mtproto_conn *conn = job->conn;

	if (conn)
		conn->work = NULL;
	if (conn && !job->thread->node->stopping) {
		mtproto_conn_handshake_done(conn, job->job, job->result, buf_bytes(&job->answer));
		job->job = NULL;
		link_went_on(conn);
	}
	job_free(job);
}

bool key_work_begin(void *ctx, struct mtproto_conn *conn, struct handshake_job *handshake)
{
	struct net_thread *thread = ctx;
	struct key_work *work = thread->node->key_work;
	const struct address *peer = link_peer(conn);
	size_t source_max = address_is_localhost(peer) ? work->limits.waiting_max
						       : work->limits.address_waiting_max;
	struct key_job *job = MEM_NEW(struct key_job);
	bool taken;

	job->back.run = job_back;
	job->work = work;
	job->thread = thread;
	job->conn = conn;
	job->job = handshake;
	pthread_mutex_lock(&work->lock);
	taken = queue_put(work, job, address_id(peer), source_max);
	pthread_cond_signal(&work->wanted);
	pthread_mutex_unlock(&work->lock);
	if (!taken) {
		metric_add(METRIC_HANDSHAKES_SHED, 1);
		free(job);
		return false;
	}
	conn->work = job;
	return true;
}

void key_work_drop(void *ctx, struct mtproto_conn *conn)
{
	struct key_job *job = conn->work;
	struct key_work *work = job->work;
	bool waited;

	conn->work = NULL;
	job->conn = NULL;
	pthread_mutex_lock(&work->lock);
	waited = job->source != NULL;
	if (waited)
		queue_remove(work, job);
	pthread_mutex_unlock(&work->lock);
	/* One that is being worked on comes back, and goes then. */
	if (waited)
		job_free(job);
}
