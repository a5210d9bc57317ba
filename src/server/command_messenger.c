/* SPDX-License-Identifier: Apache-2.0 */
/* lontar messenger: the messenger process, as the supervisor starts it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/listener.h"
#include "server/commands.h"
#include "server/messenger.h"

static const char usage[] =
	"Usage: lontar messenger --data DIR --port N [--listen ADDRESS] [--codes MODE] [--ready-fd "
	"N] [--kept-fd N] [--tls-fd N] [--relay-fd N] [--fetch-fd N] [--listen-fds "
	"N,N,...]\n"
	"\n"
	"The messenger alone, without supervisor and desk. `lontar serve` starts it; by hand it is "
	"useful\n"
	"for debugging only.\n"
	"\n"
	"Example: lontar messenger --data ./data --port 8443\n";

/* "5,6,7" */
static void take_listen_fds(struct messenger_options *run, const char *list)
{
	char *end;

	for (; *list && run->listen_count < NET_THREADS_MAX; list = *end ? end + 1 : end) {
		int fd = (int)strtol(list, &end, 10);

		if (end == list || fd <= 0)
			return;
		run->listen_fds[run->listen_count++] = fd;
	}
}

int command_messenger(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"port", required_argument, NULL, 'p'}, {"listen", required_argument, NULL, 'l'},
		{"codes", required_argument, NULL, 'c'}, {"ready-fd", required_argument, NULL, 'r'},
		{"kept-fd", required_argument, NULL, 'k'}, {"tls-fd", required_argument, NULL, 't'},
		{"relay-fd", required_argument, NULL, 'y'},
		{"fetch-fd", required_argument, NULL, 'F'},
		{"listen-fds", required_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'},
		{0}};
	struct messenger_options run = {.port = 0,
		.listen = LISTEN_LOOPBACK,
		.ready_fd = -1,
		.kept_fd = -1,
		.tls_fd = -1,
		.relay_fd = -1,
		.fetch_fd = -1};
	static struct installation in;
	struct err err = {0};
	const char *dir = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			dir = optarg;
		else if (c == 'p')
			run.port = (int)strtol(optarg, NULL, 10);
		else if (c == 'l')
			run.listen = optarg;
		else if (c == 'c')
			run.codes = optarg;
		else if (c == 'r')
			run.ready_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'k')
			run.kept_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 't')
			run.tls_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'y')
			run.relay_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'F')
			run.fetch_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'f')
			take_listen_fds(&run, optarg);
		else {
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (!dir || run.port < 0 || run.port > 65535) {
		fputs(usage, stderr);
		return 2;
	}
	if (installation_open(&in, dir, &err) < 0) {
		fprintf(stderr, "lontar messenger: %s\n", err.text);
		return 1;
	}
	return messenger_run(&in, &run);
}
