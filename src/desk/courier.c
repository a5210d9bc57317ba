/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/courier.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "desk/files.h"

#define COURIER_TIMEOUT_MS 2000L
#define COURIER_URL_MAX 256
#define COURIER_TOKEN_MAX 128

struct courier {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool kicked, stopping; /* under mutex */
	char *token_path;
	uint16_t port;
	bool reached; /* the last call; the courier's thread only: a change is logged once */

	struct loop *loop;
	struct loop_task done_task;
	atomic_bool done_posted;
	void (*done)(void *ctx);
	void *ctx;
};

static size_t ignore(char *data, size_t one, size_t size, void *ctx)
{
	(void)data;
	(void)ctx;
	return one * size;
}

/* Read anew each time: the operator may have replaced it. */
static int read_url(const struct courier *courier, char out[COURIER_URL_MAX], struct err *err)
{
	struct bytes token;
	struct buf text;
	int rc = -1;

	buf_init(&text, COURIER_TOKEN_MAX);
	if (file_read(courier->token_path, &text, err) == 0) {
		token = text_trim(buf_bytes(&text));
		snprintf(out, COURIER_URL_MAX, "http://127.0.0.1:%u/bot%.*s/executeOrders",
			courier->port, (int)token.size, (const char *)token.data);
		rc = token.size > 0 ? 0 : err_set(err, 0, "%s is empty", courier->token_path);
	}
	if (buf_size(&text))
		bytes_wipe(buf_data(&text), buf_size(&text));
	buf_release(&text);
	return rc;
}

static int call_messenger(const struct courier *courier, CURL *curl, struct err *err)
{
	char url[COURIER_URL_MAX];
	long status = 0;
	CURLcode rc;

	if (read_url(courier, url, err) < 0)
		return -1;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, COURIER_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	bytes_wipe(url, sizeof(url));
	if (rc != CURLE_OK)
		return err_set(err, 0, "%s", curl_easy_strerror(rc));
	return status == 200 ? 0 : err_set(err, 0, "it answers %ld", status);
}

static void on_done(struct loop_task *task)
{
	struct courier *courier =
		(struct courier *)(void *)((char *)task - offsetof(struct courier, done_task));

	atomic_store(&courier->done_posted, false);
	courier->done(courier->ctx);
}

static void deliver(struct courier *courier, CURL *curl)
{
	struct err err = {0};
	bool reached = call_messenger(courier, curl, &err) == 0;

	if (reached != courier->reached) {
		if (reached)
			log_info("messenger_reached", "orders are handed over");
		else
			log_warn("messenger_unreachable", "orders wait: %s", err.text);
	}
	courier->reached = reached;
	if (!atomic_exchange(&courier->done_posted, true))
		loop_post(courier->loop, &courier->done_task);
}

static void *run(void *arg)
{
	struct courier *courier = arg;
	CURL *curl = curl_easy_init();
	bool stopping = !curl;

	while (!stopping) {
		pthread_mutex_lock(&courier->mutex);
		while (!courier->kicked && !courier->stopping)
			pthread_cond_wait(&courier->wake, &courier->mutex);
		stopping = courier->stopping;
		courier->kicked = false;
		pthread_mutex_unlock(&courier->mutex);
		if (!stopping)
			deliver(courier, curl);
	}
	curl_easy_cleanup(curl);
	return NULL;
}

int courier_start(const char *token_path, uint16_t messenger_port, struct loop *loop,
	void (*done)(void *ctx), void *ctx, struct courier **out, struct err *err)
{
	struct courier *courier = MEM_NEW(struct courier);
	int rc;

	courier->token_path = strdup(token_path);
	courier->port = messenger_port;
	courier->loop = loop;
	courier->done_task.run = on_done;
	courier->done = done;
	courier->ctx = ctx;
	courier->reached = true;
	pthread_mutex_init(&courier->mutex, NULL);
	pthread_cond_init(&courier->wake, NULL);
	rc = pthread_create(&courier->thread, NULL, run, courier);
	if (rc != 0) {
		free(courier->token_path);
		free(courier);
		return err_set(err, rc, "can't start the courier's thread: %s", strerror(rc));
	}
	*out = courier;
	return 0;
}

void courier_kick(struct courier *courier)
{
	pthread_mutex_lock(&courier->mutex);
	courier->kicked = true;
	pthread_cond_signal(&courier->wake);
	pthread_mutex_unlock(&courier->mutex);
}

void courier_stop(struct courier *courier)
{
	if (!courier)
		return;
	pthread_mutex_lock(&courier->mutex);
	courier->stopping = true;
	pthread_cond_signal(&courier->wake);
	pthread_mutex_unlock(&courier->mutex);
	pthread_join(courier->thread, NULL);
	/* A posted task still points here: let it run before the memory goes. */
	if (atomic_load(&courier->done_posted))
		loop_step(courier->loop, 0);
	pthread_mutex_destroy(&courier->mutex);
	pthread_cond_destroy(&courier->wake);
	free(courier->token_path);
	free(courier);
}
