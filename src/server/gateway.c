/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters wait in one list, the next due first, for whichever thread is free; each thread has a
 * lontar-fetch of its own, started when it is first needed.
 *
 *   taken -> waits -> under way -> delivered, or refused for good
 *              ^          |
 *              +- later --+ until it is LETTER_LIFE_S old
 */
#include "server/gateway.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/accounts/outbox.h"
#include "fetch/client.h"
#include "server/gateway_letter.h"
#include "server/metrics.h"

#define THREADS 2
/* Memory for some minutes of a provider's silence; each letter has 5 KiB. */
#define WAITING_MAX 4096
#define LETTER_LIFE_S 300 /* later nobody waits for it */
#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS 30000

struct waiting {
	struct list node;
	struct letter letter;
	int64_t due_ms, end_ms;
	int pause_ms;
};

struct gateway {
	const struct settings *settings;
	struct starter *starter;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct list waiting; /* by due_ms */
	size_t count;
	bool stopping;
	pthread_t threads[THREADS];
	int thread_count;
};

static int64_t now_ms(void)
{
	return clock_monotonic_us(&clock_system) / 1000;
}

/* ---- The list ---- */

static void waiting_free(struct waiting *waiting)
{
	bytes_wipe(waiting, sizeof(*waiting));
	free(waiting);
}

/* Under the lock. From the end: most pauses are alike. */
static void waiting_put(struct gateway *gateway, struct waiting *waiting)
{
	struct list *at = gateway->waiting.prev;

	while (at != &gateway->waiting &&
		LIST_OWNER(at, struct waiting, node)->due_ms > waiting->due_ms)
		at = at->prev;
	list_append(at->next, &waiting->node);
	gateway->count++;
	pthread_cond_signal(&gateway->changed);
}

/* Under the lock: the next that is due; NULL: it is over. */
static struct waiting *waiting_take(struct gateway *gateway)
{
	while (!gateway->stopping) {
		struct waiting *first;
		struct timespec until;
		int64_t left_ms;

		if (list_empty(&gateway->waiting)) {
			pthread_cond_wait(&gateway->changed, &gateway->lock);
			continue;
		}
		first = LIST_OWNER(gateway->waiting.next, struct waiting, node);
		left_ms = first->due_ms - now_ms();
		if (left_ms <= 0) {
			list_remove(&first->node);
			gateway->count--;
			return first;
		}
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += left_ms / 1000 + 1;
		pthread_cond_timedwait(&gateway->changed, &gateway->lock, &until);
	}
	return NULL;
}

/* ---- Sending ---- */

enum outcome { DELIVERED, AGAIN, REFUSED };

/* https://www.rfc-editor.org/rfc/rfc9110#status.codes and RFC 5321 4.2.1: who is busy says so. */
static enum outcome judge(enum fetch_method method, const struct fetch_answer *answer)
{
	unsigned status = answer->status;

	if (answer->result != FETCH_OK)
		return answer->result == FETCH_BAD_REQUEST || answer->result == FETCH_REFUSED
			       ? REFUSED
			       : AGAIN;
	if (status >= 200 && status < 300)
		return DELIVERED;
	if (method == FETCH_MAIL)
		return status < 500 ? AGAIN : REFUSED;
	return status == 408 || status == 429 || status >= 500 ? AGAIN : REFUSED;
}

/* What was wrong is the provider's doing or the settings': neither names a person. */
static void tell(
	const struct letter *letter, enum outcome outcome, const char *reason, unsigned status)
{
	const char *way = letter->kind == EFFECT_EMAIL ? "smtp" : "webhook";

	if (outcome == REFUSED)
		log_error("gateway_refused", "%s: status %u %s", way, status, reason);
	else if (outcome == AGAIN)
		log_warn("gateway_again", "%s: status %u %s", way, status, reason);
}

static struct fetcher *fetcher_of(struct gateway *gateway, struct err *err)
{
	struct helper helper;

	return starter_ask(gateway->starter, 0, &helper, err) < 0 ? NULL : fetcher_new(&helper);
}

static enum outcome send_once(
	struct gateway *gateway, struct fetcher **fetcher, const struct letter *letter)
{
	struct buf headers = {0}, body = {0};
	struct fetch_request request;
	struct fetch_answer answer = {0};
	struct err err = {0};
	enum outcome outcome = AGAIN;

	if (!*fetcher)
		*fetcher = fetcher_of(gateway, &err);
	letter_request(letter, gateway->settings, &headers, &body, &request);
	if (*fetcher && fetcher_ask(*fetcher, &request, &answer, &err) == 0) {
		outcome = judge(request.method, &answer);
		tell(letter, outcome, answer.reason, answer.status);
	} else {
		tell(letter, AGAIN, err.text, 0);
		fetcher_stop(*fetcher);
		*fetcher = NULL;
	}
	bytes_wipe(buf_data(&headers), buf_size(&headers));
	bytes_wipe(buf_data(&body), buf_size(&body));
	buf_release(&headers);
	buf_release(&body);
	return outcome;
}

static void settle(struct gateway *gateway, struct waiting *waiting, enum outcome outcome)
{
	int64_t due_ms = now_ms() + waiting->pause_ms;

	if (outcome == DELIVERED)
		metric_add(METRIC_LETTERS_SENT, 1);
	if (outcome == AGAIN && due_ms < waiting->end_ms) {
		metric_add(METRIC_LETTERS_AGAIN, 1);
		waiting->due_ms = due_ms;
		waiting->pause_ms =
			2 * waiting->pause_ms < PAUSE_MAX_MS ? 2 * waiting->pause_ms : PAUSE_MAX_MS;
		waiting_put(gateway, waiting);
		return;
	}
	if (outcome != DELIVERED)
		metric_add(METRIC_LETTERS_LOST, 1);
	waiting_free(waiting);
}

static void *run(void *arg)
{
	struct gateway *gateway = arg;
	struct fetcher *fetcher = NULL;
	struct waiting *waiting;

	pthread_mutex_lock(&gateway->lock);
	while ((waiting = waiting_take(gateway))) {
		enum outcome outcome;

		pthread_mutex_unlock(&gateway->lock);
		outcome = send_once(gateway, &fetcher, &waiting->letter);
		pthread_mutex_lock(&gateway->lock);
		settle(gateway, waiting, outcome);
	}
	pthread_mutex_unlock(&gateway->lock);
	fetcher_stop(fetcher);
	return NULL;
}

/* ---- Outside ---- */

int gateway_starter(
	const struct settings *settings, int starter_fd, struct starter *starter, struct err *err)
{
	const struct fetch_policy policy = {.named = *settings->inside ? settings->inside : NULL};
	const char *args[FETCH_ARGS_MAX + 1];
	const struct starter_program programs[] = {{FETCH_PROGRAM, args}};

	starter->fd = starter_fd;
	if (starter_fd >= 0 || !gateway_is_used(settings))
		return 0;
	fetch_args(&policy, args);
	return starter_begin(starter, NULL, programs, ARRAY_LEN(programs), err);
}

struct gateway *gateway_new(const struct settings *settings, struct starter *starter)
{
	struct gateway *gateway;
	pthread_condattr_t attr;

	if (!gateway_is_used(settings))
		return NULL;
	gateway = MEM_NEW(struct gateway);
	gateway->settings = settings;
	gateway->starter = starter;
	list_init(&gateway->waiting);
	pthread_mutex_init(&gateway->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&gateway->changed, &attr);
	pthread_condattr_destroy(&attr);
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&gateway->threads[i], NULL, run, gateway) != 0)
			break;
		gateway->thread_count++;
	}
	if (gateway->thread_count == 0)
		log_error("gateway_thread", "no thread can be started: no code goes out");
	return gateway;
}

void gateway_free(struct gateway *gateway)
{
	if (!gateway)
		return;
	pthread_mutex_lock(&gateway->lock);
	gateway->stopping = true;
	pthread_cond_broadcast(&gateway->changed);
	pthread_mutex_unlock(&gateway->lock);
	for (int i = 0; i < gateway->thread_count; i++)
		pthread_join(gateway->threads[i], NULL);
	LIST_EACH_SAFE (node, &gateway->waiting) {
		list_remove(node);
		waiting_free(LIST_OWNER(node, struct waiting, node));
	}
	pthread_cond_destroy(&gateway->changed);
	pthread_mutex_destroy(&gateway->lock);
	free(gateway);
}

static bool serves(const struct gateway *gateway, enum effect_kind kind)
{
	return (kind == EFFECT_CODE && gateway_has_phones(gateway->settings)) ||
	       (kind == EFFECT_EMAIL && gateway_has_email(gateway->settings));
}

void gateway_take(struct gateway *gateway, const struct effect *effect)
{
	struct waiting *waiting;
	bool full;

	if (!gateway || !serves(gateway, effect->kind))
		return;
	waiting = MEM_NEW(struct waiting);
	waiting->due_ms = now_ms();
	waiting->end_ms = waiting->due_ms + (int64_t)LETTER_LIFE_S * 1000;
	waiting->pause_ms = PAUSE_FIRST_MS;
	full = letter_fill(&waiting->letter, effect, clock_unix_s(&clock_system)) < 0;
	pthread_mutex_lock(&gateway->lock);
	full = full || gateway->count >= WAITING_MAX;
	if (!full)
		waiting_put(gateway, waiting);
	pthread_mutex_unlock(&gateway->lock);
	if (!full)
		return;
	metric_add(METRIC_LETTERS_LOST, 1);
	log_error("gateway_full", "a letter is dropped: too many wait");
	waiting_free(waiting);
}
