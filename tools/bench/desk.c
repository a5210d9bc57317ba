/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "bench/desk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_MAX 4096
#define WORDS_MAX 16

void desk_init(struct desk *desk, struct loop *loop, int port)
{
	*desk = (struct desk){.loop = loop, .port = port, .source.fd = -1};
	buf_init(&desk->answer, 1 << 20);
}

static void hang_up(struct desk *desk)
{
	if (desk->source.fd < 0)
		return;
	loop_remove(desk->loop, &desk->source);
	close(desk->source.fd);
	desk->source.fd = -1;
}

void desk_release(struct desk *desk)
{
	hang_up(desk);
	buf_release(&desk->answer);
}

/* ---- Tokens ---- */

static void run_command(const char *program, const char *dir, const char *const *words, int out)
{
	const char *args[WORDS_MAX + 4] = {program};
	size_t count = 1;

	while (*words && count < WORDS_MAX)
		args[count++] = *words++;
	args[count++] = "--data";
	args[count++] = dir;
	close(STDERR_FILENO); /* where it says that the token is shown once */
	if (dup2(out, STDOUT_FILENO) >= 0)
		execv(program, (char *const *)(uintptr_t)args);
	_exit(127);
}

int desk_token(const struct server *server, const struct bench_options *options,
	const char *const *words, char out[DESK_TOKEN_MAX], struct err *err)
{
	struct program program;
	int fds[2], status = 1;
	ssize_t size;
	pid_t pid;

	if (server_program(options, &program, err) < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "can't make a pipe");
	pid = fork();
	if (pid == 0)
		run_command(program.path, server->dir, words, fds[1]);
	close(fds[1]);
	size = pid < 0 ? -1 : read(fds[0], out, DESK_TOKEN_MAX - 1);
	close(fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (size <= 0 || status != 0)
		return err_set(err, 0, "lontar %s %s gave no token", words[0], words[1]);
	out[size] = 0;
	out[strcspn(out, "\n")] = 0;
	return 0;
}

/* ---- Requests ---- */

static void answered(struct desk *desk)
{
	char *text, *body;
	int status = 0;

	hang_up(desk);
	buf_append(&desk->answer, "", 1);
	text = (char *)buf_data(&desk->answer);
	body = strstr(text, "\r\n\r\n");
	if (!body || sscanf(text, "HTTP/1.1 %d", &status) != 1)
		status = 0;
	desk->done(desk->ctx, status, body ? body + 4 : "");
}

static void on_ready(struct loop_source *source, uint32_t events)
{
	struct desk *desk = LIST_OWNER(source, struct desk, source);
	char text[16384];
	ssize_t size = read(source->fd, text, sizeof(text));

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (size > 0)
		buf_append(&desk->answer, text, (size_t)size);
	else
		answered(desk);
}

static int connect_to(int port, struct err *err)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return err_errno(err, "can't reach the desk");
}

int desk_post(struct desk *desk, const char *token, const char *path, const char *body,
	void (*done)(void *ctx, int status, const char *body), void *ctx, struct err *err)
{
	char request[REQUEST_MAX];
	int size = snprintf(request, sizeof(request),
		"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		path, token, strlen(body), body);
	int fd = size < (int)sizeof(request) ? connect_to(desk->port, err)
					     : err_set(err, 0, "the request is too long");

	if (fd < 0)
		return -1;
	buf_clear(&desk->answer);
	desk->source = (struct loop_source){.fd = fd, .ready = on_ready};
	desk->done = done;
	desk->ctx = ctx;
	if (write(fd, request, (size_t)size) != size || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		close(fd);
		desk->source.fd = -1;
		return err_errno(err, "can't ask the desk");
	}
	return loop_add(desk->loop, &desk->source, EPOLLIN, err);
}
