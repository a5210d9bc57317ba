/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lontar-reach: what the desk reaches. Builds the desk's walls around itself, the same function
 * with the same folders and ports, and then tries what it is told, a line each:
 *
 *   read|write|list PATH    connect PORT    unix PATH    abstract NAME    signal PID    exec PATH
 *
 * Prints `open LINE` or `refused LINE: reason`. Changes nothing: files are opened, never written;
 * the signal is 0. For `lontar audit`, which makes the list and judges the answers.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "desk/sandbox.h"

#define EXIT_USAGE 2

static bool opened(int fd)
{
	const int why = errno;

	if (fd >= 0)
		close(fd);
	errno = why;
	return fd >= 0;
}

static bool try_read(const char *path)
{
	return opened(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

static bool try_write(const char *path)
{
	return opened(open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

static bool try_list(const char *path)
{
	DIR *dir = opendir(path);

	return dir && closedir(dir) == 0;
}

static bool reached(int family, const struct sockaddr *address, socklen_t size)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, address, size) < 0) {
		const int why = errno;

		close(fd);
		fd = -1;
		errno = why;
	}
	return opened(fd);
}

static bool try_connect(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return reached(AF_INET, (struct sockaddr *)&address, sizeof(address));
}

static bool reached_unix(const char *name, size_t skip)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const size_t size = strlen(name);

	if (skip + size >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(address.sun_path + skip, name, size);
	return reached(AF_UNIX, (struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + skip + size));
}

static bool try_unix(const char *path)
{
	return reached_unix(path, 0);
}

static bool try_abstract(const char *name)
{
	return reached_unix(name, 1);
}

static bool try_signal(const char *pid)
{
	return kill((pid_t)strtol(pid, NULL, 10), 0) == 0;
}

/* Where a child may be made at all, it is the exec that counts. */
static bool try_exec(const char *path)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execl(path, path, (char *)NULL);
		_exit(errno & 0x7f);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return false;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
	return errno == 0;
}

static const struct {
	const char *word;
	bool (*run)(const char *what);
} tries[] = {
	{"read ", try_read},
	{"write ", try_write},
	{"list ", try_list},
	{"connect ", try_connect},
	{"unix ", try_unix},
	{"abstract ", try_abstract},
	{"signal ", try_signal},
	{"exec ", try_exec},
};

static bool try_line(const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		const size_t size = strlen(tries[i].word);

		if (strncmp(line, tries[i].word, size) != 0)
			continue;
		errno = 0;
		if (tries[i].run(line + size))
			printf("open %s\n", line);
		else
			printf("refused %s: %s\n", line, strerror(errno));
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	char line[4096];
	struct err err = {0};
	bool walled;

	if (argc != 5) {
		fputs("Usage: lontar-reach SQUARE_FOLDER DESK_FOLDER DESK_PORT MESSENGER_PORT\n",
			stderr);
		return EXIT_USAGE;
	}
	const struct sandbox walls = {argv[1], argv[2], (uint16_t)strtoul(argv[3], NULL, 10),
		(uint16_t)strtoul(argv[4], NULL, 10)};

	if (sandbox_enter(&walls, &walled, &err) < 0) {
		fprintf(stderr, "lontar-reach: %s\n", err.text);
		return 1;
	}
	printf("walls %s\n", walled ? "landlock seccomp" : "seccomp");
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && !try_line(line)) {
			fprintf(stderr, "lontar-reach: don't know how to try: %s\n", line);
			return EXIT_USAGE;
		}
		fflush(stdout);
	}
	return 0;
}
