/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets: opening, accepting, shedding. What becomes of a connection is its owner's
 * business. */
#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/loop_private.h"

/* Newcomers taken per round, so that a rush does not starve those inside: half a millisecond. */
#define ACCEPTS_PER_ROUND 16
#define BACKLOG 4096
#define LOG_SHED_EVERY_MS 10000

struct listener {
	struct loop_source source;
	struct loop *loop;
	struct listener_config config;
	uint16_t port;
	int spare_fd; /* given up for a moment to accept, and close, when descriptors have run out
		       */
	uint64_t shed;
	int64_t shed_logged_ms;
	bool loopback_only;
};

static bool is_loopback_word(const char *host)
{
	return host && strcmp(host, LISTEN_LOOPBACK) == 0;
}

static int open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void count_shed(struct listener *listener, const char *why)
{
	int64_t now_ms = loop_now_ms(listener->loop);

	listener->shed++;
	if (listener->shed > 1 && now_ms - listener->shed_logged_ms < LOG_SHED_EVERY_MS)
		return;
	listener->shed_logged_ms = now_ms;
	log_warn("conn_shed", "%s; %llu newcomers closed so far", why,
		(unsigned long long)listener->shed);
}

/* Without this the newcomer would stay in the queue and epoll would report it for ever. */
static bool shed_without_descriptors(struct listener *listener)
{
	int fd;

	if (listener->spare_fd < 0)
		return false;
	close(listener->spare_fd);
	fd = accept4(listener->source.fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0) {
		close(fd);
		count_shed(listener, "no descriptors left");
	}
	listener->spare_fd = open_spare();
	return fd >= 0;
}

static void welcome(struct listener *listener, int fd, const struct sockaddr *from)
{
	const struct listener_config *config = &listener->config;
	struct address peer;
	struct err err;

	if (from->sa_family == AF_UNIX)
		address_from_ip(&peer, (const uint8_t[]){127, 0, 0, 1}, 4, 0);
	else if (!address_from_sockaddr(&peer, from) ||
		 (listener->loopback_only && !address_is_loopback(&peer))) {
		close(fd);
		return;
	}
	if (!crowd_admit(&listener->loop->crowd, conn_count(listener->loop), config->conns_max)) {
		close(fd);
		count_shed(listener, "the thread is full");
		return;
	}
	if (!conn_new(listener->loop, fd, &peer, config->limits, config->ops, config->owner, &err))
		log_warn("conn_refused", "%s", err.text);
}

static void listener_ready(struct loop_source *source, uint32_t epoll_events)
{
	struct listener *listener = LIST_OWNER(source, struct listener, source);

	(void)epoll_events;
	for (int i = 0; i < ACCEPTS_PER_ROUND; i++) {
		struct sockaddr_storage from;
		socklen_t size = sizeof(from);
		int fd = accept4(
			source->fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			welcome(listener, fd, (struct sockaddr *)&from);
		else if (errno == EMFILE || errno == ENFILE) {
			/* Those that end leave their descriptors at the end of the round. */
			if (crowd_make_room(&listener->loop->crowd) ||
				!shed_without_descriptors(listener))
				return;
		} else if (errno != ECONNABORTED && errno != EINTR)
			return; /* EAGAIN: no more; anything else: the next round tries again */
	}
}

/* Everywhere: one IPv6 socket that takes IPv4 too, or IPv4 alone where the kernel has no IPv6. */
static int open_socket(const char *host, uint16_t port, struct address *bound, struct err *err)
{
	bool everywhere = !host || !*host || is_loopback_word(host);
	int fd, zero = 0;

	if (address_parse(bound, everywhere ? "::" : host, port, err) < 0)
		return -1;
	fd = socket(address_is_ipv4(bound) ? AF_INET : AF_INET6,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 && everywhere && errno == EAFNOSUPPORT) {
		if (address_parse(bound, "0.0.0.0", port, err) < 0)
			return -1;
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	}
	if (fd < 0)
		return err_errno(err, "socket");
	if (!address_is_ipv4(bound) && everywhere)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	/* So that others don't even see the port; where the kernel refuses, welcome() still does.
	 */
	if (is_loopback_word(host))
		(void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo"));
	return fd;
}

static int learn_address(int fd, struct address *address, struct err *err)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = sizeof(sockaddr);

	if (getsockname(fd, (struct sockaddr *)&sockaddr, &size) < 0)
		return err_errno(err, "getsockname");
	if (sockaddr.ss_family == AF_UNIX) {
		*address = (struct address){.port = 0};
		return 0;
	}
	if (!address_from_sockaddr(address, (struct sockaddr *)&sockaddr))
		return err_set(err, 0, "getsockname gave no internet address");
	return 0;
}

static int bind_and_listen(int fd, struct address *address, bool share, struct err *err)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = address_to_sockaddr(address, &sockaddr);
	char text[ADDRESS_TEXT_MAX];
	int one = 1;

	address_format(address, text);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (share && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) < 0)
		return err_errno(err, "SO_REUSEPORT");
	if (bind(fd, (struct sockaddr *)&sockaddr, size) < 0)
		return err_errno(err, "cannot bind to %s", text);
	if (listen(fd, BACKLOG) < 0)
		return err_errno(err, "cannot listen on %s", text);
	return learn_address(fd, address, err);
}

int listener_bind(const char *host, uint16_t *port, struct err *err)
{
	struct address bound;
	int fd = open_socket(host, *port, &bound, err);

	if (fd < 0)
		return -1;
	if (bind_and_listen(fd, &bound, true, err) < 0) {
		close(fd);
		return -1;
	}
	*port = bound.port;
	return fd;
}

/* A socket file outlives who made it; one that still answers is somebody's. */
static int drop_stale(const struct sockaddr_un *at, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;
	struct stat what;

	if (fd >= 0)
		close(fd);
	if (alive)
		return err_set(err, EADDRINUSE, "somebody listens on %s", at->sun_path);
	if (lstat(at->sun_path, &what) == 0 && S_ISSOCK(what.st_mode))
		unlink(at->sun_path);
	return 0;
}

int listener_bind_path(const char *path, struct err *err)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(at.sun_path))
		return err_set(err, ENAMETOOLONG, "the path of a socket is too long");
	memcpy(at.sun_path, path, strlen(path) + 1);
	if (drop_stale(&at, err) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, "socket");
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && chmod(path, 0660) == 0 &&
		listen(fd, BACKLOG) == 0)
		return fd;
	err_errno(err, "cannot listen on %s", path);
	close(fd);
	return -1;
}

struct listener *listener_open(
	struct loop *loop, const struct listener_config *config, struct err *err)
{
	struct listener *listener;
	struct address bound;
	uint16_t port = config->port;
	int fd = config->fd ? config->fd : listener_bind(config->host, &port, err);

	if (fd < 0)
		return NULL;
	listener = MEM_NEW(struct listener);
	listener->source = (struct loop_source){.fd = fd, .ready = listener_ready};
	listener->loop = loop;
	listener->config = *config;
	listener->loopback_only = is_loopback_word(config->host);
	listener->spare_fd = open_spare();
	if (learn_address(fd, &bound, err) == 0 &&
		loop_add(loop, &listener->source, EPOLLIN, err) == 0) {
		listener->port = bound.port;
		return listener;
	}
	if (listener->spare_fd >= 0)
		close(listener->spare_fd);
	close(fd);
	free(listener);
	return NULL;
}

uint16_t listener_port(const struct listener *listener)
{
	return listener->port;
}

uint64_t listener_shed(const struct listener *listener)
{
	return listener->shed;
}

void listener_close(struct listener *listener)
{
	if (!listener)
		return;
	loop_remove(listener->loop, &listener->source);
	close(listener->source.fd);
	if (listener->spare_fd >= 0)
		close(listener->spare_fd);
	free(listener);
}

int listener_check_free(const char *host, uint16_t port, struct err *err)
{
	struct address bound;
	int fd = open_socket(host, port, &bound, err);
	int status;

	if (fd < 0)
		return -1;
	status = bind_and_listen(fd, &bound, false, err);
	close(fd);
	return status;
}
