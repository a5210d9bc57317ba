/* SPDX-License-Identifier: Apache-2.0 */
/* Starting, listening to and ending a server. What it logs goes to a file in its folder. */
#include "bench/server.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/process.h"

#define START_PATIENCE_US ((int64_t)30 * 1000000)
#define STOP_PATIENCE_US ((int64_t)15 * 1000000)

/* Log-ins of thousands come from one machine, and nobody scrapes its metrics. */
static const char default_settings[] = "[server]\n"
				       "calls_per_s = 0\n"
				       "connections_max = 20000\n"
				       "[metrics]\n"
				       "port = 0\n"
				       "[log]\n"
				       "level = warn\n";

static int write_settings(const struct server *server, const char *settings, struct err *err)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/lontar.ini", server->dir);
	file = fopen(path, "wxe");
	if (!file)
		return err_errno(err, "can't write %s", path);
	fputs(settings ? settings : default_settings, file);
	return fclose(file) == 0 ? 0 : err_errno(err, "can't write %s", path);
}

int server_program(const struct bench_options *options, struct program *out, struct err *err)
{
	struct program found = {{0}};
	char *slash;

	if (options->serve) {
		snprintf(found.path, sizeof(found.path), "%s", options->serve);
	} else {
		slash = readlink("/proc/self/exe", found.path, 240) < 0 ? NULL
									: strrchr(found.path, '/');
		if (!slash)
			return err_set(err, 0, "can't find my own folder; use --serve FILE");
		memcpy(slash, "/lontar", sizeof("/lontar"));
	}
	if (access(found.path, X_OK) < 0)
		return err_errno(err, "can't run %s (build it, or use --serve FILE)", found.path);
	*out = found;
	return 0;
}

static void child_exec(
	const char *program, const char *dir, int out, pid_t parent, int64_t files_max)
{
	const char *args[] = {program, "serve", "--data", dir, "--port", "0", "--desk-port", "0",
		"--listen", "127.0.0.1", "--codes", "console", NULL};
	char path[300];
	int log;

	if (files_max)
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){(rlim_t)files_max, (rlim_t)files_max});
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* Ctrl-C is for us; we end the server in order. */
	setpgid(0, 0);
	snprintf(path, sizeof(path), "%s/log", dir);
	log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (getppid() != parent || log < 0 || dup2(out, STDOUT_FILENO) < 0 ||
		dup2(log, STDERR_FILENO) < 0)
		_exit(127);
	execv(program, (char *const *)(uintptr_t)args);
	_exit(127);
}

static void take_ports(struct server *server, int port, int desk)
{
	server->port = port;
	server->desk_port = desk;
}

static void take_line(struct server *server, char *line)
{
	char phone[32], code[16];
	int port, desk;

	if (sscanf(line, "ready port=%d desk=%d", &port, &desk) == 2)
		take_ports(server, port, desk);
	else if (sscanf(line, "code phone=+%31[0-9] code=%15[0-9]", phone, code) == 2 &&
		 server->on_code)
		server->on_code(server->ctx, phone, code);
}

static void on_output(struct loop_source *source, uint32_t events)
{
	struct server *server = LIST_OWNER(source, struct server, output);
	char text[16384], *line, *end;
	ssize_t size = read(source->fd, text, sizeof(text));

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (size <= 0) {
		server->ended = true;
		loop_remove(server->loop, source);
		return;
	}
	buf_append(&server->lines, text, (size_t)size);
	while (buf_size(&server->lines) &&
		(end = memchr(buf_data(&server->lines), '\n', buf_size(&server->lines)))) {
		line = (char *)buf_data(&server->lines);
		*end = 0;
		take_line(server, line);
		buf_consume(&server->lines, (size_t)(end - line) + 1);
	}
}

/* The last line of its log says why it did not start. */
static int say_why(const struct server *server, struct err *err)
{
	char path[300], line[200] = "", last[200] = "it left no word";
	FILE *file;

	snprintf(path, sizeof(path), "%s/log", server->dir);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		snprintf(last, sizeof(last), "%s", line);
	}
	if (file)
		fclose(file);
	return err_set(err, 0, "the server did not start: %s", last);
}

static int spawn(struct server *server, const char *program, int64_t files_max, struct err *err)
{
	pid_t parent = getpid();
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "can't make a pipe");
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	server->supervisor = fork();
	if (server->supervisor == 0)
		child_exec(program, server->dir, fds[1], parent, files_max);
	close(fds[1]);
	server->output = (struct loop_source){.fd = fds[0], .ready = on_output};
	if (server->supervisor < 0)
		return err_errno(err, "can't fork");
	return loop_add(server->loop, &server->output, EPOLLIN, err);
}

static int wait_ready(struct server *server, struct err *err)
{
	int64_t until_us = now_us() + START_PATIENCE_US;

	while (!server->port && !server->ended && now_us() < until_us)
		loop_step(server->loop, 100);
	if (!server->port)
		return say_why(server, err);
	server->messenger = process_child(server->supervisor, "messenger");
	if (!server->messenger)
		return err_set(err, 0, "the server runs without a messenger process");
	return 0;
}

static int make_dir(struct server *server, const struct bench_options *options, struct err *err)
{
	const char *tmp = options->scratch ? options->scratch : getenv("TMPDIR");

	server->stays = options->data != NULL;
	if (server->stays) {
		snprintf(server->dir, sizeof(server->dir), "%s", options->data);
		return 0;
	}
	snprintf(server->dir, sizeof(server->dir), "%s/lontar-bench-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(server->dir))
		return 0;
	err_errno(err, "can't make a folder %s", server->dir);
	server->dir[0] = 0;
	return -1;
}

int server_start(struct server *server, struct loop *loop, const struct bench_options *options,
	struct err *err)
{
	struct program program;

	memset(server, 0, sizeof(*server));
	server->loop = loop;
	server->output.fd = -1;
	if (server_program(options, &program, err) < 0)
		return -1;
	if (make_dir(server, options, err) < 0)
		return -1;
	if ((!server->stays && write_settings(server, options->settings, err) < 0) ||
		spawn(server, program.path, options->files_max, err) < 0 ||
		wait_ready(server, err) < 0) {
		server_stop(server);
		return -1;
	}
	return 0;
}

void server_key_path(const struct server *server, char *out, size_t size)
{
	snprintf(out, size, "%s/server.pub.pem", server->dir);
}

unsigned server_show_warnings(const struct server *server)
{
	char path[300], line[1024];
	unsigned count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/log", server->dir);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, "\"level\":\"info\"") || strstr(line, "\"level\":\"debug\""))
			continue;
		count++;
		/* They are few; whoever measures wants to see them. */
		fprintf(stderr, "server: %s", line);
	}
	if (file)
		fclose(file);
	return count;
}

static void end_process(pid_t pid)
{
	int64_t until_us = now_us() + STOP_PATIENCE_US;

	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (now_us() > until_us)
			kill(pid, SIGKILL);
		usleep(10000);
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

void server_stop(struct server *server)
{
	if (server->output.fd >= 0) {
		if (!server->ended)
			loop_remove(server->loop, &server->output);
		close(server->output.fd);
		server->output.fd = -1;
	}
	if (server->supervisor > 0)
		end_process(server->supervisor);
	server->supervisor = server->messenger = 0;
	if (server->dir[0] && !server->stays)
		nftw(server->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	server->dir[0] = 0;
	buf_release(&server->lines);
}
