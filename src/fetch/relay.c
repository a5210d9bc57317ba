/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread, one epoll. A stranger has two ways, each with a buffer of fixed size: what one end
 * sent waits there for the other, and no more is read meanwhile.
 *
 *   stranger ==up==> site        an end of input is passed on when the buffer is empty;
 *   stranger <=down= site        a reset is passed on as a reset
 */
#include "fetch/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "fetch/hand_over.h"

#define WAY_SIZE 16384
#define CONNECT_MS 5000 /* to one of the site's addresses */
#define CONNECT_TRIES 3
#define IDLE_MS 120000	       /* nothing in either direction */
#define LIFE_MS (3600 * 1000L) /* a browser would have come back long before */
#define SWEEP_MS 1000
#define EVENTS_MAX 64
#define TURN 16 /* buffers passed on before others have their turn */
#define END_EVENTS (EPOLLIN | EPOLLOUT | EPOLLET)

struct way {
	uint8_t bytes[WAY_SIZE];
	uint8_t *first;	 /* instead of bytes: what the messenger had read; or NULL */
	size_t from, to; /* what waits */
	bool ended;	 /* the reader's end said that nothing follows */
	bool passed_on;	 /* and the other was told */
};

struct stranger;

struct end {
	struct stranger *stranger;
	int fd;
};

struct stranger {
	struct list node;
	struct end client, site;
	struct way up, down;
	uint8_t network[8]; /* what per_address counts */
	bool connecting, over;
	int tries;
	int64_t since_ms, active_ms, connect_ms;
};

struct relay {
	const struct relay_options *options;
	struct site *site;
	struct list strangers;
	size_t count, lost;
	int epoll, pair;
	int64_t now_ms, complained_ms;
};

static void stranger_end(struct stranger *s, bool reset)
{
	struct linger linger = {.l_onoff = 1};

	if (s->over)
		return;
	s->over = true;
	if (reset)
		setsockopt(s->client.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

static void stranger_free(struct relay *r, struct stranger *s)
{
	list_remove(&s->node);
	r->count--;
	close(s->client.fd);
	if (s->site.fd >= 0)
		close(s->site.fd);
	free(s->up.first);
	free(s);
}

/* ---- Bytes ---- */

static bool later(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Both say whether anything changed. */
static bool way_read(struct stranger *s, struct way *way, int fd)
{
	ssize_t n;

	if (way->ended || way->from < way->to)
		return false;
	free(way->first);
	way->first = NULL;
	n = recv(fd, way->bytes, sizeof(way->bytes), MSG_DONTWAIT);
	if (n < 0 && !later())
		stranger_end(s, true);
	if (n == 0)
		way->ended = true;
	way->from = 0;
	way->to = n > 0 ? (size_t)n : 0;
	return n >= 0;
}

static bool way_write(struct stranger *s, struct way *way, int fd)
{
	ssize_t n = 0;

	if (way->from < way->to) {
		const uint8_t *bytes = way->first ? way->first : way->bytes;

		n = send(fd, bytes + way->from, way->to - way->from, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && !later())
			stranger_end(s, true);
		way->from += n > 0 ? (size_t)n : 0;
	}
	if (way->ended && way->from == way->to && !way->passed_on) {
		way->passed_on = true;
		shutdown(fd, SHUT_WR);
	}
	return n > 0;
}

/* Edges are told once; this asks for them again. */
static void end_rearm(struct relay *r, struct end *end)
{
	struct epoll_event event = {.events = END_EVENTS, .data.ptr = end};

	if (epoll_ctl(r->epoll, EPOLL_CTL_MOD, end->fd, &event) < 0)
		stranger_end(end->stranger, false);
}

/* Until nothing moves; a fast pair of ends lets the others have their turn. */
static void stranger_pump(struct relay *r, struct stranger *s)
{
	bool moved = true;

	for (int i = 0; i < TURN && moved && !s->over; i++) {
		moved = way_read(s, &s->up, s->client.fd);
		moved |= way_write(s, &s->up, s->site.fd);
		moved |= way_read(s, &s->down, s->site.fd);
		moved |= way_write(s, &s->down, s->client.fd);
		if (moved)
			s->active_ms = r->now_ms;
	}
	if (s->up.passed_on && s->down.passed_on)
		stranger_end(s, false);
	if (moved && !s->over) {
		end_rearm(r, &s->client);
		end_rearm(r, &s->site);
	}
}

/* ---- The site's end ---- */

static void complain(struct relay *r, const char *why)
{
	r->lost++;
	if (r->complained_ms && r->now_ms - r->complained_ms < 60000)
		return;
	r->complained_ms = r->now_ms;
	log_warn("site_unreachable",
		"strangers can't be passed on to the masked site: %s; %zu so far", why, r->lost);
}

static int connect_once(struct relay *r, struct stranger *s)
{
	struct epoll_event event = {.events = END_EVENTS, .data.ptr = &s->site};
	struct sockaddr_storage to;
	socklen_t size = site_address(r->site, &to);
	int one = 1, fd;

	if (size == 0) {
		errno = EHOSTUNREACH;
		return -1;
	}
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if ((connect(fd, (struct sockaddr *)&to, size) < 0 && errno != EINPROGRESS) ||
		epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
		close(fd);
		return -1;
	}
	s->site = (struct end){s, fd};
	s->connecting = true;
	s->connect_ms = r->now_ms;
	return 0;
}

/* To the next of its addresses, until one answers. */
static void connect_site(struct relay *r, struct stranger *s)
{
	if (s->site.fd >= 0)
		close(s->site.fd);
	s->site.fd = -1;
	s->connecting = false;
	while (s->tries++ < CONNECT_TRIES)
		if (connect_once(r, s) == 0)
			return;
	complain(r, strerror(errno));
	stranger_end(s, false);
}

static void connected(struct relay *r, struct stranger *s)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(s->site.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0) {
		errno = error;
		connect_site(r, s);
		return;
	}
	s->connecting = false;
}

/* ---- Strangers ---- */

static void end_ready(struct relay *r, struct end *end, uint32_t events)
{
	struct stranger *s = end->stranger;

	if (s->over)
		return;
	if (s->connecting && end == &s->site)
		connected(r, s);
	else if (s->connecting && (events & (EPOLLERR | EPOLLHUP)))
		stranger_end(s, false); /* it went away before the site was there */
	if (!s->connecting && !s->over)
		stranger_pump(r, s);
}

/* IPv4 counts whole, IPv6 by its first 64 bits. */
static void network_of(const uint8_t address[HAND_OVER_ADDRESS_SIZE], uint8_t out[8])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	memset(out, 0, 8);
	if (memcmp(address, mapped, sizeof(mapped)) == 0)
		memcpy(out, address + 12, 4);
	else
		memcpy(out, address, 8);
}

static bool has_room(const struct relay *r, const uint8_t network[8])
{
	size_t same = 0;

	LIST_EACH (node, &r->strangers)
		same += memcmp(LIST_OWNER(node, struct stranger, node)->network, network, 8) == 0;
	return r->count < r->options->strangers_max && same < r->options->per_address;
}

static void welcome(struct relay *r, const struct hand_over *given)
{
	struct epoll_event event = {.events = END_EVENTS};
	struct stranger *s;
	uint8_t network[8];

	network_of(given->address, network);
	if (!has_room(r, network)) {
		close(given->stranger);
		return;
	}
	s = MEM_NEW(struct stranger);
	memcpy(s->network, network, sizeof(network));
	s->client = (struct end){s, given->stranger};
	s->site.fd = -1;
	s->since_ms = s->active_ms = r->now_ms;
	s->up.first = mem_alloc(given->size);
	memcpy(s->up.first, given->bytes, given->size);
	s->up.to = given->size;
	list_append(&r->strangers, &s->node);
	r->count++;
	event.data.ptr = &s->client;
	if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, s->client.fd, &event) < 0)
		stranger_end(s, false);
	else
		connect_site(r, s);
}

static int welcome_all(struct relay *r)
{
	static struct hand_over given; /* large, and there is one thread */
	int rc;

	for (int i = 0; i < EVENTS_MAX; i++) {
		rc = hand_over_receive(r->pair, &given);
		if (rc <= 0)
			return rc;
		welcome(r, &given);
	}
	return 0;
}

static void sweep(struct relay *r)
{
	LIST_EACH_SAFE (node, &r->strangers) {
		struct stranger *s = LIST_OWNER(node, struct stranger, node);

		if (!s->over && s->connecting && r->now_ms - s->connect_ms > CONNECT_MS) {
			errno = ETIMEDOUT;
			connect_site(r, s);
		}
		if (r->now_ms - s->active_ms > IDLE_MS || r->now_ms - s->since_ms > LIFE_MS)
			stranger_end(s, false);
		if (s->over)
			stranger_free(r, s);
	}
}

static int relay_round(struct relay *r)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(r->epoll, events, EVENTS_MAX, SWEEP_MS), rc = 0;

	r->now_ms = clock_monotonic_us(&clock_system) / 1000;
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr)
			end_ready(r, events[i].data.ptr, events[i].events);
		else
			rc = welcome_all(r);
	}
	/* Only now: an event of this round may still have named one that is over. */
	sweep(r);
	return rc;
}

int relay_run(const struct relay_options *options, int pair, struct err *err)
{
	struct relay r = {.options = options, .pair = pair};
	struct epoll_event event = {.events = EPOLLIN};

	list_init(&r.strangers);
	r.site = site_new(&options->site, err);
	if (!r.site)
		return -1;
	r.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r.epoll < 0 || epoll_ctl(r.epoll, EPOLL_CTL_ADD, pair, &event) < 0)
		return err_errno(err, "can't wait for strangers");
	while (relay_round(&r) == 0)
		;
	return err_set(err, 0, "nobody hands strangers over any more");
}
