/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side writes down what it sees; the client's side is plain sockets. */
#include "served.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

const struct conn_limits roomy = {.input_max = 1000, .output_max = 1 << 20};

void seen_open(struct conn *conn)
{
	struct seen *seen = conn_owner(conn);

	conn_vouch(conn); /* strangers give way: test_crowd.c */
	seen->conn = conn;
	seen->opened++;
}

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct seen *seen = conn_owner(conn);
	size_t size = seen->take_max && seen->take_max < in.size ? seen->take_max : in.size;

	assert_int_equal(seen->closed, 0);
	seen->data_calls++;
	seen->bytes += size;
	if (seen->echo)
		conn_write(conn, bytes_of(in.data, size));
	if (seen->finish_on_data) {
		conn_write(conn, BYTES_LITERAL("bye"));
		conn_finish(conn);
	}
	if (seen->close_on_data) {
		conn_close(conn);
		conn_close(conn); /* twice is fine, and on_close comes later */
		assert_int_equal(seen->closed, 0);
	}
	return size;
}

void seen_drain(struct conn *conn)
{
	((struct seen *)conn_owner(conn))->drained++;
}

void seen_close(struct conn *conn, enum conn_reason reason)
{
	struct seen *seen = conn_owner(conn);

	seen->closed++;
	seen->reason = reason;
	seen->conn = NULL;
}

const struct conn_ops seen_ops = {
	.on_open = seen_open, .on_data = on_data, .on_drain = seen_drain, .on_close = seen_close};

struct loop *new_loop(void)
{
	struct loop *loop = loop_new(NULL);

	assert_non_null(loop);
	return loop;
}

static struct listener *listen_as(struct loop *loop, const struct listener_config *config)
{
	struct err err;
	struct listener *listener = listener_open(loop, config, &err);

	if (!listener)
		fail_msg("%s", err.text);
	assert_true(listener_port(listener) > 0);
	return listener;
}

struct listener *listen_on(struct loop *loop, const struct conn_limits *limits,
	const struct conn_ops *ops, void *owner)
{
	return listen_as(
		loop, &(struct listener_config){
			      .host = "127.0.0.1", .limits = limits, .ops = ops, .owner = owner});
}

int dial_at(uint32_t ipv4, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(ipv4);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

int dial(uint16_t port)
{
	return dial_at(INADDR_LOOPBACK, port);
}

void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The client's end is readable, or closed. */
bool can_read(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

void served_open_as(struct served *served, struct listener_config config)
{
	config.owner = &served->seen;
	if (!config.limits)
		config.limits = &roomy;
	if (!config.ops)
		config.ops = &seen_ops;
	served->loop = new_loop();
	served->listener = listen_as(served->loop, &config);
	served->fd = dial(listener_port(served->listener));
}

void served_open(
	struct served *served, const struct conn_limits *limits, const struct conn_ops *ops)
{
	served_open_as(served,
		(struct listener_config){.host = "127.0.0.1", .limits = limits, .ops = ops});
}

void served_close(struct served *served)
{
	close(served->fd);
	STEP_UNTIL(served->loop, served->seen.closed == served->seen.opened);
	listener_close(served->listener);
	loop_free(served->loop);
}
