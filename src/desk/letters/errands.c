/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. An errand belongs to the queue, then to the thread, then to the loop. */
#include "desk/letters/errands.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "cage/starter.h"

struct errand {
	struct list node; /* of waiting */
	struct loop_task task;
	struct errands *errands;
	struct fetch_request request; /* into text */
	struct buf text;
	errand_done *done;
	void *ctx;
	bool answered;
	struct fetch_answer answer; /* its body and type are in received */
	struct buf received;
};

struct errands {
	struct starter starter;
	struct fetcher *fetcher; /* the thread changes it, under mutex */
	struct loop *loop;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct list waiting;  /* under mutex */
	atomic_bool stopping; /* written under mutex */
	bool gone;	      /* the thread's: lontar-fetch has ended */
	size_t count;	      /* the loop's: given and not answered */
};

struct errands *errands_new(const char *inside, int starter_fd, struct err *err)
{
	const struct fetch_policy policy = {.named = *inside ? inside : NULL};
	const char *args[FETCH_ARGS_MAX + 1];
	const struct starter_program programs[] = {{FETCH_PROGRAM, args}};
	struct starter starter = {starter_fd};
	struct errands *errands;
	struct helper helper;

	fetch_args(&policy, args);
	if (starter_fd < 0 && starter_begin(&starter, NULL, programs, ARRAY_LEN(programs), err) < 0)
		return NULL;
	if (starter_ask(&starter, 0, &helper, err) < 0) {
		starter_end(&starter);
		return NULL;
	}
	errands = MEM_NEW(struct errands);
	errands->starter = starter;
	errands->fetcher = fetcher_new(&helper);
	list_init(&errands->waiting);
	pthread_mutex_init(&errands->mutex, NULL);
	pthread_cond_init(&errands->wake, NULL);
	return errands;
}

static void errand_free(struct errand *errand)
{
	/* Headers may hold a token. */
	bytes_wipe(buf_data(&errand->text), buf_size(&errand->text));
	buf_release(&errand->text);
	buf_release(&errand->received);
	free(errand);
}

static void on_answer(struct loop_task *task)
{
	struct errand *errand =
		(struct errand *)(void *)((char *)task - offsetof(struct errand, task));

	errand->errands->count--;
	if (!errand->errands->stopping)
		errand->done(errand->ctx, errand->answered ? &errand->answer : NULL);
	errand_free(errand);
}

/* What the answer points to lives in the fetcher until its next one. */
static void keep_answer(struct errand *errand, const struct fetch_answer *answer)
{
	size_t type_size = answer->content_type.size;

	errand->answer = *answer;
	buf_append_bytes(&errand->received, answer->content_type);
	buf_append_bytes(&errand->received, answer->body);
	errand->answer.content_type = bytes_of(buf_data(&errand->received), type_size);
	errand->answer.body = bytes_of(buf_data(&errand->received) + type_size, answer->body.size);
	errand->answered = true;
}

/* Another lontar-fetch in the place of one that has ended. At most one per errand: what ends each
 * is not repeated faster than it is given again. */
static int start_again(struct errands *errands, struct err *err)
{
	struct fetcher *old = errands->fetcher;
	struct helper helper;

	if (starter_ask(&errands->starter, 0, &helper, err) < 0)
		return -1;
	pthread_mutex_lock(&errands->mutex);
	errands->fetcher = fetcher_new(&helper);
	if (errands->stopping) /* who interrupted the old one meant this one too */
		fetcher_interrupt(errands->fetcher);
	pthread_mutex_unlock(&errands->mutex);
	fetcher_stop(old);
	errands->gone = false;
	return 0;
}

/* One that hangs is killed now, not only when somebody wants another. */
static void end_fetch(struct errands *errands)
{
	pthread_mutex_lock(&errands->mutex);
	fetcher_end(errands->fetcher);
	pthread_mutex_unlock(&errands->mutex);
	errands->gone = true;
}

static void run_errand(struct errands *errands, struct errand *errand)
{
	struct fetch_answer answer;
	struct err err = {0};

	if (errands->gone && start_again(errands, &err) < 0) {
		log_error("no_fetch", "nothing goes out: %s", err.text);
	} else if (fetcher_ask(errands->fetcher, &errand->request, &answer, &err) == 0) {
		keep_answer(errand, &answer);
	} else if (err.code != EINVAL) {
		/* Not asked again at once: it may have gone out already. */
		end_fetch(errands);
		if (!errands->stopping)
			log_error("fetch_gone", "the next errand starts another: %s", err.text);
	}
	loop_post(errands->loop, &errand->task);
}

static void *run(void *arg)
{
	struct errands *errands = arg;

	pthread_mutex_lock(&errands->mutex);
	while (!errands->stopping) {
		struct errand *errand;

		if (list_empty(&errands->waiting)) {
			pthread_cond_wait(&errands->wake, &errands->mutex);
			continue;
		}
		errand = LIST_OWNER(errands->waiting.next, struct errand, node);
		list_remove(&errand->node);
		pthread_mutex_unlock(&errands->mutex);
		run_errand(errands, errand);
		pthread_mutex_lock(&errands->mutex);
	}
	pthread_mutex_unlock(&errands->mutex);
	return NULL;
}

int errands_start(struct errands *errands, struct loop *loop, struct err *err)
{
	int rc;

	errands->loop = loop;
	rc = pthread_create(&errands->thread, NULL, run, errands);
	if (rc != 0)
		return err_set(err, rc, "can't start the thread of errands: %s", strerror(rc));
	errands->started = true;
	return 0;
}

static struct bytes keep_text(struct errand *errand, size_t *at, struct bytes text)
{
	struct bytes kept = bytes_of(buf_data(&errand->text) + *at, text.size);

	*at += text.size;
	return kept;
}

static struct errand *errand_new(const struct fetch_request *request)
{
	struct errand *errand = MEM_NEW(struct errand);
	size_t at = 0;

	buf_init(&errand->text, 0);
	buf_init(&errand->received, 0);
	buf_append_bytes(&errand->text, request->url);
	buf_append_bytes(&errand->text, request->headers);
	buf_append_bytes(&errand->text, request->body);
	errand->request = *request;
	errand->request.url = keep_text(errand, &at, request->url);
	errand->request.headers = keep_text(errand, &at, request->headers);
	errand->request.body = keep_text(errand, &at, request->body);
	return errand;
}

bool errands_ask(
	struct errands *errands, const struct fetch_request *request, errand_done *done, void *ctx)
{
	struct errand *errand;

	if (!errands || errands->count >= ERRANDS_MAX)
		return false;
	errand = errand_new(request);
	errand->task.run = on_answer;
	errand->errands = errands;
	errand->done = done;
	errand->ctx = ctx;
	errands->count++;
	pthread_mutex_lock(&errands->mutex);
	list_append(&errands->waiting, &errand->node);
	pthread_cond_signal(&errands->wake);
	pthread_mutex_unlock(&errands->mutex);
	return true;
}

void errands_stop(struct errands *errands)
{
	if (!errands || errands->stopping)
		return;
	pthread_mutex_lock(&errands->mutex);
	errands->stopping = true;
	pthread_cond_signal(&errands->wake);
	fetcher_interrupt(errands->fetcher); /* a server that is slow must not hold up our end */
	pthread_mutex_unlock(&errands->mutex);
}

void errands_free(struct errands *errands)
{
	if (!errands)
		return;
	errands_stop(errands);
	if (errands->started)
		pthread_join(errands->thread, NULL);
	LIST_EACH_SAFE (it, &errands->waiting) {
		struct errand *errand = LIST_OWNER(it, struct errand, node);

		list_remove(&errand->node);
		errands->count--;
		errand_free(errand);
	}
	while (errands->count > 0) /* what was posted points here */
		loop_step(errands->loop, 0);
	fetcher_stop(errands->fetcher);
	starter_end(&errands->starter);
	pthread_mutex_destroy(&errands->mutex);
	pthread_cond_destroy(&errands->wake);
	free(errands);
}
