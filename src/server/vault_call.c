/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The answer over HTTP has a fixed size: nothing of it is parsed but the status. */
#include "server/vault_call.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "base/text.h"
#include "keeper/client.h"

#define HOST_MAX 256
#define ANSWER_MAX 8192
#define PATIENCE_S 20

/* HOST:PORT; the brackets of [::1]:8443 are not the address's. */
static const char *split_host(const char *server, char host[HOST_MAX], struct err *err)
{
	const char *colon = strrchr(server, ':');
	const bool bracketed = colon && server[0] == '[' && colon[-1] == ']';
	size_t size = colon ? (size_t)(colon - server) : 0;

	if (bracketed) {
		server++;
		size -= 2;
	}
	if (!colon || size == 0 || size >= HOST_MAX) {
		err_set(err, EINVAL, "--server is HOST:PORT or [ADDRESS]:PORT, not %s", server);
		return NULL;
	}
	snprintf(host, HOST_MAX, "%.*s", (int)size, server);
	return colon + 1;
}

static int connect_to(const char *server, struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct addrinfo *found = NULL;
	char host[HOST_MAX];
	const char *port = split_host(server, host, err);
	int fd = -1;

	if (!port)
		return -1;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return err_set(err, ENOENT, "there is no server %s", server);
	for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd < 0 ? err_errno(err, "can't connect to %s", server) : fd;
}

static int send_all(int fd, struct bytes data)
{
	while (data.size) {
		ssize_t sent = send(fd, data.data, data.size, MSG_NOSIGNAL);

		if (sent < 0)
			return -1;
		data = bytes_of(data.data + sent, data.size - (size_t)sent);
	}
	return 0;
}

static int receive_all(int fd, struct buf *in)
{
	uint8_t part[1024];
	ssize_t got;

	while ((got = recv(fd, part, sizeof(part), 0)) > 0)
		buf_append(in, part, (size_t)got);
	return got < 0 || in->failed ? -1 : 0;
}

/* The body behind the head, which must be of exactly this size. */
static int take_body(const struct buf *in, uint8_t *out, size_t size, struct err *err)
{
	const uint8_t *data = buf_data(in), *end;
	size_t have = buf_size(in);
	int status;

	if (have < 13 || memcmp(data, "HTTP/1.1 ", 9) != 0)
		return err_set(err, EPROTO, "that is no Lontar server");
	status = (data[9] - '0') * 100 + (data[10] - '0') * 10 + (data[11] - '0');
	if (status == 409)
		return err_set(err, EPROTO,
			"the keeper could not read the share: it was started again meanwhile, or "
			"something on the way changed it. Run the command again");
	if (status == 429)
		return err_set(err, EAGAIN, "too many attempts from here: wait a minute");
	if (status != 200)
		return err_set(err, EPROTO, "the server answers with status %d", status);
	end = memmem(data, have, "\r\n\r\n", 4);
	if (!end || have - (size_t)(end + 4 - data) != size)
		return err_set(err, EPROTO, "the server's answer is not of a keeper");
	memcpy(out, end + 4, size);
	return 0;
}

static int over_http(const char *server, const char *method, const char *path, struct bytes body,
	uint8_t *out, size_t size, struct err *err)
{
	struct buf request, answer;
	int fd = connect_to(server, err), result = -1;

	if (fd < 0)
		return -1;
	buf_init(&request, ANSWER_MAX);
	buf_init(&answer, ANSWER_MAX);
	buf_printf(&request,
		"%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
		method, path, server, body.size);
	buf_append_bytes(&request, body);
	if (send_all(fd, buf_bytes(&request)) < 0 || receive_all(fd, &answer) < 0)
		err_errno(err, "%s does not answer", server);
	else
		result = take_body(&answer, out, size, err);
	close(fd);
	buf_release(&request);
	buf_release(&answer);
	return result;
}

static int over_socket(const char *path, const struct keeper_request *request,
	struct keeper_answer *answer, struct err *err)
{
	struct keeper_client *client = keeper_client_connect(path, err);
	int result = -1;

	if (client)
		result = keeper_client_ask(client, request, answer, err);
	keeper_client_free(client);
	return result;
}

static int hello_over_http(const char *server, const uint8_t challenge[KEEPER_CHALLENGE_SIZE],
	struct keeper_hello *out, struct err *err)
{
	struct arena arena;
	char path[64];
	int result;

	arena_init(&arena);
	snprintf(path, sizeof(path), "/vault?challenge=%s",
		text_hex(&arena, bytes_of(challenge, KEEPER_CHALLENGE_SIZE)));
	result = over_http(
		server, "GET", path, (struct bytes){0}, (uint8_t *)out, sizeof(*out), err);
	arena_release(&arena);
	return result;
}

int vault_call_hello(const struct vault_line *line, uint8_t challenge[KEEPER_CHALLENGE_SIZE],
	struct keeper_hello *out, struct err *err)
{
	struct keeper_request request = {.op = KEEPER_HELLO};
	struct keeper_answer answer;

	random_fill(&random_system, challenge, KEEPER_CHALLENGE_SIZE);
	if (line->server)
		return hello_over_http(line->server, challenge, out, err);
	memcpy(request.challenge, challenge, sizeof(request.challenge));
	if (over_socket(line->socket, &request, &answer, err) < 0)
		return -1;
	*out = answer.hello;
	return 0;
}

int vault_call_share(const struct vault_line *line, const uint8_t letter[KEEPER_LETTER_SEALED],
	uint8_t reply[KEEPER_REPLY_SEALED], struct err *err)
{
	struct keeper_request request = {.op = KEEPER_SHARE};
	struct keeper_answer answer;

	if (line->server)
		return over_http(line->server, "POST", "/vault/share",
			bytes_of(letter, KEEPER_LETTER_SEALED), reply, KEEPER_REPLY_SEALED, err);
	memcpy(request.letter, letter, sizeof(request.letter));
	if (over_socket(line->socket, &request, &answer, err) < 0)
		return -1;
	if (answer.status != KEEPER_OK)
		return err_set(err, EPROTO, "the keeper could not read the share");
	memcpy(reply, answer.reply, KEEPER_REPLY_SEALED);
	return 0;
}
