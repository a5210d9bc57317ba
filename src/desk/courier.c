/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. The call is so plain (loopback, no body, only the status counts) that it is
 * written out here: no HTTP library comes into the desk.
 */
#include "desk/courier.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "desk/files.h"

#define COURIER_TIMEOUT_MS 2000
#define COURIER_REQUEST_MAX 384
#define COURIER_TOKEN_MAX 128

struct courier {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool kicked, stopping; /* under mutex */
	char *token_path;
	struct courier_target to;
	bool reached; /* the last call; the courier's thread only: a change is logged once */

	struct loop *loop;
	struct loop_task done_task;
	atomic_bool done_posted;
	void (*done)(void *ctx);
	void *ctx;
};

/* With the token, which is read anew each time: the operator may have replaced it. */
static int make_request(
	const struct courier *courier, char out[COURIER_REQUEST_MAX], struct err *err)
{
	struct bytes token;
	struct buf text;
	int rc = -1;

	buf_init(&text, COURIER_TOKEN_MAX);
	if (file_read(courier->token_path, &text, err) == 0) {
		token = text_trim(buf_bytes(&text));
		snprintf(out, COURIER_REQUEST_MAX,
			"%sPOST /bot%.*s/executeOrders HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
			"Content-Length: 0\r\nConnection: close\r\n\r\n",
			courier->to.proxy_header ? "PROXY UNKNOWN\r\n" : "", (int)token.size,
			(const char *)token.data, courier->to.port);
		rc = token.size > 0 ? 0 : err_set(err, 0, "%s is empty", courier->token_path);
	}
	if (buf_size(&text))
		bytes_wipe(buf_data(&text), buf_size(&text));
	buf_release(&text);
	return rc;
}

static int connect_messenger(const struct courier *courier, struct err *err)
{
	struct timeval patience = {.tv_sec = COURIER_TIMEOUT_MS / 1000};
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(courier->to.port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_errno(err, "can't make a socket");
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
		connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		err_errno(err, "can't connect");
		close(fd);
		return -1;
	}
	return fd;
}

/* Keeps the beginning, where the status is, and reads on to the end: the answer comes once the
 * orders are executed, and hanging up earlier would cut the messenger off. */
static int read_status(int fd, struct err *err)
{
	int64_t end_ms = clock_monotonic_us(&clock_system) / 1000 + COURIER_TIMEOUT_MS;
	char head[16] = {0}, rest[1024];
	size_t size = 0;
	ssize_t n;
	int status;

	do {
		bool full = size == sizeof(head) - 1;

		n = full ? recv(fd, rest, sizeof(rest), 0)
			 : recv(fd, head + size, sizeof(head) - 1 - size, 0);
		size += full || n < 0 ? 0 : (size_t)n;
	} while (n > 0 && clock_monotonic_us(&clock_system) / 1000 < end_ms);
	if (n < 0 && size < sizeof(head) - 1)
		return err_errno(err, "no answer");
	if (sscanf(head, "HTTP/1.%*1[01] %3d", &status) != 1)
		return err_set(err, 0, "its answer is not HTTP");
	return status == 200 ? 0 : err_set(err, 0, "it answers %d", status);
}

static int call_messenger(const struct courier *courier, struct err *err)
{
	char request[COURIER_REQUEST_MAX];
	size_t size;
	int fd, rc = -1;

	if (make_request(courier, request, err) < 0)
		return -1;
	size = strlen(request);
	fd = connect_messenger(courier, err);
	if (fd >= 0) {
		/* So little always fits into a fresh socket's buffer at once. */
		if (send(fd, request, size, MSG_NOSIGNAL) == (ssize_t)size)
			rc = read_status(fd, err);
		else
			err_errno(err, "can't send");
		close(fd);
	}
	bytes_wipe(request, sizeof(request));
	return rc;
}

static void on_done(struct loop_task *task)
{
	struct courier *courier =
		(struct courier *)(void *)((char *)task - offsetof(struct courier, done_task));

	atomic_store(&courier->done_posted, false);
	courier->done(courier->ctx);
}

static void deliver(struct courier *courier)
{
	struct err err = {0};
	bool reached = call_messenger(courier, &err) == 0;

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
	bool stopping = false;

	while (!stopping) {
		pthread_mutex_lock(&courier->mutex);
		while (!courier->kicked && !courier->stopping)
			pthread_cond_wait(&courier->wake, &courier->mutex);
		stopping = courier->stopping;
		courier->kicked = false;
		pthread_mutex_unlock(&courier->mutex);
		if (!stopping)
			deliver(courier);
	}
	return NULL;
}

int courier_start(const char *token_path, const struct courier_target *messenger, struct loop *loop,
	void (*done)(void *ctx), void *ctx, struct courier **out, struct err *err)
{
	struct courier *courier = MEM_NEW(struct courier);
	int rc;

	courier->token_path = strdup(token_path);
	courier->to = *messenger;
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
