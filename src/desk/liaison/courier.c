/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. The calls are so plain (loopback, one request per connection, whose end is the
 * answer's end) that they are written out here: no HTTP library comes into the desk.
 */
#include "desk/liaison/courier.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
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
#include "desk/cases/files.h"

#define ORDERS_WAIT_S 2
#define TOKEN_MAX 128

struct line {
	struct courier *courier;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool asked, stopping; /* under mutex */
	int fd;		      /* under mutex: what is connected; -1: nothing */

	/* The loop's thread's while it is not busy, else the line's. */
	bool busy;
	const char *method;
	struct buf body, answer;
	int wait_s;
	int status;
	struct err err;
	courier_done *done;
	void *ctx;
	struct loop_task task;
};

struct courier {
	struct line lines[COURIER_LINES];
	int started;
	char *token_path;
	struct courier_target to;
	struct loop *loop;
	bool stopping;
	bool reached; /* the last call: a change is logged once */
	bool kicked;  /* while the line was busy */
	void (*ordered)(void *ctx);
	void *ctx;
};

/* ---- On the line's thread ---- */

/* With the token, which is read anew each time: the operator may have replaced it. */
static int write_request(struct line *line, struct buf *out, struct err *err)
{
	const struct courier *courier = line->courier;
	struct bytes token;
	struct buf text;
	int rc = -1;

	buf_init(&text, TOKEN_MAX);
	if (file_read(courier->token_path, &text, err) == 0) {
		token = text_trim(buf_bytes(&text));
		buf_printf(out,
			"%sPOST /bot%.*s/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
			"Content-Type: application/json\r\nContent-Length: %zu\r\n"
			"Connection: close\r\n\r\n",
			courier->to.proxy_header ? "PROXY UNKNOWN\r\n" : "", (int)token.size,
			(const char *)token.data, line->method, courier->to.port,
			buf_size(&line->body));
		buf_append_bytes(out, buf_bytes(&line->body));
		rc = token.size > 0 ? 0 : err_set(err, 0, "%s is empty", courier->token_path);
	}
	if (buf_size(&text))
		bytes_wipe(buf_data(&text), buf_size(&text));
	buf_release(&text);
	return rc;
}

static int connect_messenger(struct line *line, struct err *err)
{
	struct timeval patience = {.tv_sec = line->wait_s};
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(line->courier->to.port)};
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

static int send_all(int fd, struct bytes rest, struct err *err)
{
	while (rest.size > 0) {
		ssize_t n = send(fd, rest.data, rest.size, MSG_NOSIGNAL);

		if (n < 0)
			return err_errno(err, "can't send");
		rest = bytes_of(rest.data + n, rest.size - (size_t)n);
	}
	return 0;
}

/* To the end: hanging up earlier would cut the messenger off. */
static int read_answer(struct line *line, int fd, struct err *err)
{
	int64_t end_ms = clock_monotonic_us(&clock_system) / 1000 + line->wait_s * 1000;
	uint8_t piece[4096];
	struct bytes all;
	const uint8_t *body;
	ssize_t n;

	do {
		n = recv(fd, piece, sizeof(piece), 0);
		if (n > 0 && buf_size(&line->answer) + (size_t)n <= COURIER_ANSWER_MAX)
			buf_append(&line->answer, piece, (size_t)n);
	} while (n > 0 && clock_monotonic_us(&clock_system) / 1000 < end_ms);
	buf_append_u8(&line->answer, 0);
	all = buf_bytes(&line->answer);
	if (n != 0)
		return n < 0 ? err_errno(err, "no answer") : err_set(err, 0, "its answer lasts");
	if (sscanf((const char *)all.data, "HTTP/1.%*1[01] %3d", &line->status) != 1)
		return err_set(err, 0, "its answer is not HTTP");
	body = memmem(all.data, all.size, "\r\n\r\n", 4);
	if (!body)
		return err_set(err, 0, "its answer broke off");
	buf_consume(&line->answer, (size_t)(body + 4 - all.data));
	return 0;
}

/* False: the courier stops. */
static bool hold(struct line *line, int fd)
{
	bool stopping;

	pthread_mutex_lock(&line->mutex);
	stopping = line->stopping;
	line->fd = fd;
	pthread_mutex_unlock(&line->mutex);
	return !stopping;
}

static int call_messenger(struct line *line, struct err *err)
{
	struct buf request;
	int fd = -1, rc = -1;

	buf_init(&request, BUF_MAX_DEFAULT);
	if (write_request(line, &request, err) == 0)
		fd = connect_messenger(line, err);
	if (fd >= 0 && hold(line, fd) && send_all(fd, buf_bytes(&request), err) == 0)
		rc = read_answer(line, fd, err);
	hold(line, -1);
	if (fd >= 0)
		close(fd);
	if (buf_size(&request))
		bytes_wipe(buf_data(&request), buf_size(&request));
	buf_release(&request);
	return rc;
}

static void *run(void *arg)
{
	struct line *line = arg;
	bool stopping = false;

	while (!stopping) {
		pthread_mutex_lock(&line->mutex);
		while (!line->asked && !line->stopping)
			pthread_cond_wait(&line->wake, &line->mutex);
		stopping = line->stopping;
		line->asked = false;
		pthread_mutex_unlock(&line->mutex);
		if (stopping)
			break;
		line->status = 0;
		line->err = (struct err){0};
		if (call_messenger(line, &line->err) < 0)
			line->status = 0;
		loop_post(line->courier->loop, &line->task);
	}
	return NULL;
}

/* ---- On the loop's ---- */

static void note_reached(struct courier *courier, const struct line *line)
{
	bool reached = line->status != 0 && line->status != 401 && line->status < 500;

	if (reached != courier->reached) {
		if (reached)
			log_info("messenger_reached", "orders are handed over");
		else
			log_warn("messenger_unreachable", "orders wait: %s",
				line->status ? "it answers with a failure" : line->err.text);
	}
	courier->reached = reached;
}

static void on_done(struct loop_task *task)
{
	struct line *line = LIST_OWNER(task, struct line, task);
	struct courier *courier = line->courier;
	struct courier_answer answer = {.status = line->status};
	struct buf body = line->answer;

	line->busy = false;
	if (courier->stopping)
		return;
	note_reached(courier, line);
	/* done may ask again at once: what it reads is its own until then. */
	buf_init(&line->answer, COURIER_ANSWER_MAX + 1);
	if (line->status && buf_size(&body))
		answer.body = bytes_of(buf_data(&body), buf_size(&body) - 1);
	line->done(line->ctx, &answer);
	buf_release(&body);
}

bool courier_ask(struct courier *courier, enum courier_line which, const char *method,
	struct bytes body, int wait_s, courier_done *done, void *ctx)
{
	struct line *line = &courier->lines[which];

	if (line->busy || courier->stopping)
		return false;
	line->busy = true;
	line->method = method;
	buf_clear(&line->body);
	buf_append_bytes(&line->body, body);
	line->wait_s = wait_s;
	line->done = done;
	line->ctx = ctx;
	pthread_mutex_lock(&line->mutex);
	line->asked = true;
	pthread_cond_signal(&line->wake);
	pthread_mutex_unlock(&line->mutex);
	return true;
}

static void on_ordered(void *ctx, const struct courier_answer *answer)
{
	struct courier *courier = ctx;

	(void)answer;
	if (courier->kicked)
		courier_kick(courier);
	courier->ordered(courier->ctx);
}

void courier_kick(struct courier *courier)
{
	courier->kicked = !courier_ask(courier, COURIER_ORDERS, "executeOrders", BYTES_LITERAL(""),
		ORDERS_WAIT_S, on_ordered, courier);
}

static int start_line(struct courier *courier, struct err *err)
{
	struct line *line = &courier->lines[courier->started];
	int rc;

	line->courier = courier;
	line->fd = -1;
	line->task.run = on_done;
	pthread_mutex_init(&line->mutex, NULL);
	pthread_cond_init(&line->wake, NULL);
	buf_init(&line->body, BUF_MAX_DEFAULT);
	buf_init(&line->answer, COURIER_ANSWER_MAX + 1);
	rc = pthread_create(&line->thread, NULL, run, line);
	courier->started += rc == 0;
	return rc == 0 ? 0 : err_set(err, rc, "can't start the courier's thread: %s", strerror(rc));
}

int courier_start(const char *token_path, const struct courier_target *messenger, struct loop *loop,
	void (*ordered)(void *ctx), void *ctx, struct courier **out, struct err *err)
{
	struct courier *courier = MEM_NEW(struct courier);

	courier->token_path = mem_strdup(token_path);
	courier->to = *messenger;
	courier->loop = loop;
	courier->ordered = ordered;
	courier->ctx = ctx;
	courier->reached = true;
	while (courier->started < COURIER_LINES) {
		if (start_line(courier, err) < 0) {
			courier_stop(courier);
			return -1;
		}
	}
	*out = courier;
	return 0;
}

static void stop_line(struct line *line)
{
	pthread_mutex_lock(&line->mutex);
	line->stopping = true;
	if (line->fd >= 0)
		shutdown(line->fd, SHUT_RDWR);
	pthread_cond_signal(&line->wake);
	pthread_mutex_unlock(&line->mutex);
	pthread_join(line->thread, NULL);
}

void courier_stop(struct courier *courier)
{
	if (!courier)
		return;
	courier->stopping = true;
	for (int i = 0; i < courier->started; i++)
		stop_line(&courier->lines[i]);
	/* Posted tasks still point here: let them run before the memory goes. */
	loop_step(courier->loop, 0);
	for (int i = 0; i < courier->started; i++) {
		buf_release(&courier->lines[i].body);
		buf_release(&courier->lines[i].answer);
		pthread_mutex_destroy(&courier->lines[i].mutex);
		pthread_cond_destroy(&courier->lines[i].wake);
	}
	free(courier->token_path);
	free(courier);
}
