/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault status: who has the root, and what a sealed server waits for. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "keeper/files.h"
#include "server/commands.h"
#include "server/vault_call.h"

static const char usage[] =
	"Usage: lontar vault status --data DIR | --server HOST:PORT\n"
	"\n"
	"Says who has the root of the private side, and what a server that is sealed waits for;\n"
	"also the fingerprint of the process that holds it, which custodians may compare before\n"
	"they send a share. Of --server it shows what that server says: whether it is yours, only\n"
	"a custodian's share can tell.\n"
	"\n"
	"Example: lontar vault status --data ./data\n";

static void print_have(const struct keeper_hello *hello)
{
	unsigned have = hello->have[0] | (unsigned)hello->have[1] << 8;

	printf("  %d of %d shares are there", keeper_hello_have(hello), hello->threshold);
	for (int x = 1; x <= hello->count; x++)
		if (have & 1U << (x - 1))
			printf(", share %d", x);
	putchar('\n');
}

static void print_state(const struct keeper_hello *hello)
{
	switch (hello->state) {
	case KEEPER_STATE_FILE:
		puts("open: the root is in root.key");
		break;
	case KEEPER_STATE_REHEARSAL:
		printf("open; %s among %d custodians waits for its rehearsal\n",
			hello->turns ? "a new root" : "a split", hello->count);
		if (hello->rehearsed)
			printf("  it went well: lontar vault %s --finish\n",
				hello->turns ? "rekey" : "split");
		else
			print_have(hello);
		break;
	case KEEPER_STATE_SEALED:
		printf("sealed: waiting for %d of %d custodians\n", hello->threshold, hello->count);
		print_have(hello);
		break;
	default:
		printf("open: by %d of %d custodians\n", hello->threshold, hello->count);
	}
}

static void print_hello(const struct keeper_hello *hello)
{
	char process[PARCEL_FINGERPRINT_SIZE], keeper[PARCEL_FINGERPRINT_SIZE];
	struct arena arena;

	arena_init(&arena);
	parcel_fingerprint(bytes_of(hello->session, sizeof(hello->session)), process);
	parcel_fingerprint(bytes_of(hello->keeper, sizeof(hello->keeper)), keeper);
	print_state(hello);
	printf("  this process:   %s, since %s\n  this keeper:    %s\n", process,
		text_rfc3339(&arena, (int64_t)load_u64le(hello->started_at_s)), keeper);
	arena_release(&arena);
}

static int run(const char *dir, const char *server, struct err *err)
{
	struct vault_line line = {.server = server};
	uint8_t challenge[KEEPER_CHALLENGE_SIZE];
	struct keeper_hello hello;
	char path[PATH_MAX];

	if (dir && keeper_file(dir, KEEPER_SOCKET, path, sizeof(path), err) < 0)
		return -1;
	line.socket = dir ? path : NULL;
	if (vault_call_hello(&line, challenge, &hello, err) < 0)
		return -1;
	if (keeper_hello_check(&hello, hello.keeper, challenge) < 0)
		return err_set(err, 0, "what answers is no keeper");
	print_hello(&hello);
	return 0;
}

int vault_status(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"server", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char *dir = NULL, *server = NULL;
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c == 'd')
			dir = optarg;
		else if (c == 's')
			server = optarg;
		else
			return 2;
	}
	if (!dir == !server || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (run(dir, server, &err) == 0)
		return 0;
	fprintf(stderr, "lontar vault status: %s\n", err.text);
	return 1;
}
