/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A job belongs to the queue, then to a thread, then to the loop. */
#include "desk/mail/mail_reader.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define THREADS 2 /* so that one mail that takes its time does not hold up the next */

struct job {
	struct list node;
	struct loop_task task;
	struct mail_reader *reader;
	struct bytes file;
	mail_read_done *done;
	void *ctx;
	bool read;
	struct buf answer;
	struct mail mail; /* into answer */
};

struct mail_reader {
	struct starter *starter;
	struct mail_server server;
	struct loop *loop;
	pthread_t threads[THREADS];
	int thread_count;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct list waiting; /* under mutex */
	bool stopping;	     /* under mutex */
	size_t count;	     /* the loop's: given and not done */
	bool ended;	     /* the loop's */
};

static void job_free(struct job *job)
{
	job->reader->count--;
	buf_release(&job->answer);
	free(job);
}

static void on_read(struct loop_task *task)
{
	struct job *job = (struct job *)(void *)((char *)task - offsetof(struct job, task));

	job->done(job->ctx, job->read && !job->reader->ended ? &job->mail : NULL);
	job_free(job);
}

static void read_one(struct mail_reader *reader, struct job *job)
{
	struct err err = {0};

	buf_init(&job->answer, MAIL_ANSWER_MAX);
	job->read = mail_ask(reader->starter, 0, &reader->server, job->file, &job->answer,
			    &job->mail, &err) == 0;
	if (!job->read)
		log_error("mail_unread", "a mail waits at your mail server: %s", err.text);
	loop_post(reader->loop, &job->task);
}

static void *run(void *arg)
{
	struct mail_reader *reader = arg;

	pthread_mutex_lock(&reader->mutex);
	while (!reader->stopping) {
		struct job *job;

		if (list_empty(&reader->waiting)) {
			pthread_cond_wait(&reader->wake, &reader->mutex);
			continue;
		}
		job = LIST_OWNER(reader->waiting.next, struct job, node);
		list_remove(&job->node);
		pthread_mutex_unlock(&reader->mutex);
		read_one(reader, job);
		pthread_mutex_lock(&reader->mutex);
	}
	pthread_mutex_unlock(&reader->mutex);
	return NULL;
}

struct mail_reader *mail_reader_start(struct starter *starter, const struct mail_server *server,
	struct loop *loop, struct err *err)
{
	struct mail_reader *reader = MEM_NEW(struct mail_reader);

	reader->starter = starter;
	reader->server = *server;
	reader->loop = loop;
	list_init(&reader->waiting);
	pthread_mutex_init(&reader->mutex, NULL);
	pthread_cond_init(&reader->wake, NULL);
	for (int i = 0; i < THREADS; i++) {
		int rc = pthread_create(&reader->threads[i], NULL, run, reader);

		if (rc != 0) {
			err_set(err, rc, "can't start a thread for mails: %s", strerror(rc));
			mail_reader_stop(reader);
			return NULL;
		}
		reader->thread_count++;
	}
	return reader;
}

void mail_reader_take(
	struct mail_reader *reader, struct bytes file, mail_read_done *done, void *ctx)
{
	struct job *job = MEM_NEW(struct job);

	job->task.run = on_read;
	job->reader = reader;
	job->file = file;
	job->done = done;
	job->ctx = ctx;
	reader->count++;
	pthread_mutex_lock(&reader->mutex);
	list_append(&reader->waiting, &job->node);
	pthread_cond_signal(&reader->wake);
	pthread_mutex_unlock(&reader->mutex);
}

void mail_reader_stop(struct mail_reader *reader)
{
	if (!reader)
		return;
	reader->ended = true;
	pthread_mutex_lock(&reader->mutex);
	reader->stopping = true;
	pthread_cond_broadcast(&reader->wake);
	pthread_mutex_unlock(&reader->mutex);
	for (int i = 0; i < reader->thread_count; i++)
		pthread_join(reader->threads[i], NULL);
	LIST_EACH_SAFE (it, &reader->waiting) {
		struct job *job = LIST_OWNER(it, struct job, node);

		list_remove(&job->node);
		job->done(job->ctx, NULL);
		job_free(job);
	}
	while (reader->count > 0) /* what was posted points here */
		loop_step(reader->loop, 0);
	pthread_mutex_destroy(&reader->mutex);
	pthread_cond_destroy(&reader->wake);
	free(reader);
}
