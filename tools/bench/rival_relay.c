/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare relay: one thread, one loop, packets to everybody who reads their topic; one write a
 * connection and round with all that is pending. And the few bytes of its protocol:
 *
 *   type 8 | size 24, little-endian | body        types: hello, data, ready, acknowledged
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/rival.h"

#define HEAD 4
#define TOPICS_MAX 8192
#define EVENTS 256

enum frame { FRAME_HELLO = 1, FRAME_DATA, FRAME_READY, FRAME_ACKNOWLEDGED };

static void put_frame(struct buf *out, enum frame type, struct bytes body)
{
	buf_append_u32le(out, (uint32_t)type | (uint32_t)body.size << 8);
	buf_append_bytes(out, body);
}

/* ---- Client's side ---- */

static void hello(struct buf *out, uint32_t topic, bool writer)
{
	uint8_t body[8];

	store_u32le(body, topic);
	store_u32le(body + 4, writer);
	put_frame(out, FRAME_HELLO, bytes_of(body, sizeof(body)));
}

static void post(struct buf *out, uint32_t topic, uint16_t id, struct bytes payload)
{
	put_frame(out, FRAME_DATA, payload);
}

static size_t take(struct bytes in, bool writer, struct buf *reply, enum rival_event *event,
	struct bytes *payload)
{
	size_t size = in.size < HEAD ? 0 : HEAD + (load_u32le(in.data) >> 8);

	if (in.size < HEAD || in.size < size)
		return 0;
	*payload = bytes_of(in.data + HEAD, size - HEAD);
	switch (in.data[0]) {
	case FRAME_DATA:
		*event = RIVAL_ARRIVED;
		break;
	case FRAME_READY:
		*event = RIVAL_READY;
		break;
	case FRAME_ACKNOWLEDGED:
		*event = RIVAL_ACKNOWLEDGED;
		break;
	default:
		*event = RIVAL_BAD;
	}
	return size;
}

const struct rival_wire rival_wire_relay = {true, hello, post, take};

/* ---- Relay's side ---- */

struct end {
	struct end *next;	/* reader of the same topic */
	struct end *next_dirty; /* has something to write */
	int fd;
	uint32_t topic;
	bool dirty, blocked;
	struct buf in, out;
};

struct relay {
	int epoll;
	struct end *readers[TOPICS_MAX];
	struct end *dirty;
};

static void mark(struct relay *relay, struct end *end)
{
	if (end->dirty)
		return;
	end->dirty = true;
	end->next_dirty = relay->dirty;
	relay->dirty = end;
}

static void take_frame(struct relay *relay, struct end *end, enum frame type, struct bytes body)
{
	if (type == FRAME_HELLO && body.size == 8) {
		end->topic = load_u32le(body.data) % TOPICS_MAX;
		if (!load_u32le(body.data + 4)) {
			end->next = relay->readers[end->topic];
			relay->readers[end->topic] = end;
		}
		put_frame(&end->out, FRAME_READY, (struct bytes){0});
		mark(relay, end);
	} else if (type == FRAME_DATA) {
		for (struct end *to = relay->readers[end->topic]; to; to = to->next) {
			put_frame(&to->out, FRAME_DATA, body);
			mark(relay, to);
		}
		put_frame(&end->out, FRAME_ACKNOWLEDGED, (struct bytes){0});
		mark(relay, end);
	}
}

static void read_end(struct relay *relay, struct end *end)
{
	uint8_t chunk[16384];
	ssize_t got = read(end->fd, chunk, sizeof(chunk));

	if (got == 0 || (got < 0 && errno != EAGAIN))
		exit(0); /* the run is over */
	if (got < 0)
		return;
	buf_append(&end->in, chunk, (size_t)got);
	while (buf_size(&end->in) >= HEAD) {
		uint32_t head = load_u32le(buf_data(&end->in));
		size_t size = HEAD + (head >> 8);

		if (buf_size(&end->in) < size)
			break;
		take_frame(relay, end, (enum frame)(head & 0xff),
			bytes_of(buf_data(&end->in) + HEAD, size - HEAD));
		buf_consume(&end->in, size);
	}
}

static void watch(struct relay *relay, struct end *end, int how)
{
	struct epoll_event event = {
		.data.ptr = end, .events = (uint32_t)(end->blocked ? EPOLLIN | EPOLLOUT : EPOLLIN)};

	if (epoll_ctl(relay->epoll, how, end->fd, &event) < 0)
		exit(1);
}

static void write_end(struct relay *relay, struct end *end)
{
	bool blocked;
	ssize_t sent = send(end->fd, buf_data(&end->out), buf_size(&end->out), MSG_NOSIGNAL);

	if (sent > 0)
		buf_consume(&end->out, (size_t)sent);
	else if (sent < 0 && errno != EAGAIN)
		exit(0);
	blocked = buf_size(&end->out) > 0;
	if (blocked == end->blocked)
		return;
	end->blocked = blocked;
	watch(relay, end, EPOLL_CTL_MOD);
}

static void accept_end(struct relay *relay, int listener)
{
	struct end *end = MEM_NEW(struct end);
	int on = 1;

	end->fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (end->fd < 0)
		exit(1);
	setsockopt(end->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	watch(relay, end, EPOLL_CTL_ADD);
}

void rival_relay_run(int listener)
{
	struct relay relay = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
	struct end front = {.fd = listener};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	watch(&relay, &front, EPOLL_CTL_ADD);
	for (;;) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(relay.epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			struct end *end = events[i].data.ptr;

			if (end == &front)
				accept_end(&relay, listener);
			else if (events[i].events & EPOLLOUT)
				mark(&relay, end);
			if (end != &front && events[i].events & EPOLLIN)
				read_end(&relay, end);
		}
		while (relay.dirty) {
			struct end *end = relay.dirty;

			relay.dirty = end->next_dirty;
			end->dirty = false;
			write_end(&relay, end);
		}
	}
}
