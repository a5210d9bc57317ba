/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small HTTP server on loopback, on a thread of its own, that answers by path and keeps the last
 * request. Each connection is answered once, and counted.
 */
#ifndef UNIT_FETCH_SERVER_H
#define UNIT_FETCH_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct test_server {
	pthread_t thread;
	int fd;
	unsigned port;
	atomic_int connections;
	char request[8192]; /* read it after the answer has come */
};

static inline void reply(int fd, const char *head, const char *body)
{
	char text[8192];
	int size = snprintf(text, sizeof(text),
		"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", head,
		strlen(body), body);

	(void)!write(fd, text, (size_t)size);
}

static inline void answer_endless(int fd)
{
	char part[4096];

	memset(part, 'x', sizeof(part));
	(void)!write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19);
	while (send(fd, part, sizeof(part), MSG_NOSIGNAL) > 0)
		;
}

static inline void answer_path(struct test_server *server, int fd)
{
	const char *request = server->request;
	char head[256];

	if (strstr(request, " /loop ")) {
		snprintf(head, sizeof(head), "302 Found\r\nLocation: http://127.0.0.1:%u/loop",
			server->port);
		reply(fd, head, "");
	} else if (strstr(request, " /once ")) {
		reply(fd, "302 Found\r\nLocation: /hello", "");
	} else if (strstr(request, " /to-file ")) {
		reply(fd, "302 Found\r\nLocation: file:///etc/passwd", "");
	} else if (strstr(request, " /to-metadata ")) {
		reply(fd, "302 Found\r\nLocation: http://169.254.169.254/", "");
	} else if (strstr(request, " /endless ")) {
		answer_endless(fd);
	} else if (strstr(request, " /never ")) {
		char byte;

		(void)!read(fd, &byte, 1); /* until it gives up */
	} else if (strstr(request, " /missing ")) {
		reply(fd, "404 Not Found", "no");
	} else {
		reply(fd, "200 OK\r\nContent-Type: text/plain", "hello");
	}
}

static inline void *serve(void *arg)
{
	struct test_server *server = arg;
	int fd;

	while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
		size_t done = 0;
		ssize_t n;

		memset(server->request, 0, sizeof(server->request));
		while ((n = read(fd, server->request + done, sizeof(server->request) - 1 - done)) >
			0) {
			done += (size_t)n;
			if (strstr(server->request, "\r\n\r\n") &&
				(!strstr(server->request, "POST") ||
					strstr(server->request, "end-of-body")))
				break;
		}
		if (done > 0)
			atomic_fetch_add(&server->connections, 1);
		answer_path(server, fd);
		close(fd);
	}
	return NULL;
}

static inline void test_server_start(struct test_server *server)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	memset(server, 0, sizeof(*server));
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(server->fd, 16), 0);
	assert_int_equal(getsockname(server->fd, (struct sockaddr *)&at, &size), 0);
	server->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static inline void test_server_stop(struct test_server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

#endif
