/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault rekey: a new root for an installation whose root is in a file. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/commands.h"
#include "server/rekey.h"
#include "store/store.h"

static const char usage[] =
	"Usage: lontar vault rekey --data DIR [--continue] [--later]\n"
	"\n"
	"Makes a new root key and seals everything personal anew under it. From then on a copy of\n"
	"the old root.key opens nothing of what is here, and the new one opens no older backup:\n"
	"keep the old one as long as you keep such backups. The server must be stopped. May be\n"
	"interrupted: --continue goes on with the sealing, and so does a server that is started.\n"
	"\n"
	"  --later     only make the new root; the server seals anew while it runs\n"
	"  --continue  no new root; only what an earlier rekey has left to do\n"
	"\n"
	"Example: lontar vault rekey --data ./data\n";

struct wish {
	const char *dir;
	bool later, on;
};

static void tell(int64_t seen, int64_t resealed)
{
	static int64_t told;

	if (resealed / 10000 == told / 10000 && resealed >= told)
		return;
	told = resealed;
	printf("%lld values sealed anew, %lld looked at\n", (long long)resealed, (long long)seen);
	fflush(stdout);
}

static int sweep_now(const struct installation *in, struct err *err)
{
	struct vault *vault = installation_vault(in, err);
	int result;

	if (!vault)
		return -1;
	result = rekey_sweep(in, vault, tell, err);
	vault_free(vault);
	return result;
}

static int run(const struct wish *wish, struct err *err)
{
	struct installation in = {0};
	struct store_paths paths;
	struct root_chain chain;

	if (installation_open(&in, wish->dir, err) < 0 || installation_lock(&in, err) < 0)
		return -1;
	if (access(in.root_key, F_OK) < 0)
		return err_set(err, 0,
			"the root of %s is shared among custodians; a new one can be made only "
			"where it is in root.key",
			in.dir);
	paths = (struct store_paths){in.home_db, in.square_db};
	if (store_migrate(&paths, err) < 0)
		return -1;
	if (!wish->on) {
		if (rekey_file(&in, &chain, err) < 0)
			return -1;
		printf("%s is of epoch %u now. Keep a copy of it elsewhere.\n", in.root_key,
			chain.epoch);
		fflush(stdout);
	}
	if (wish->later) {
		puts("The server will seal everything anew while it runs.");
		return 0;
	}
	if (sweep_now(&in, err) < 0)
		return -1;
	puts("Everything is sealed under the new root. The old one opens nothing of it.");
	return 0;
}

int vault_rekey(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"later", no_argument, NULL, 'l'}, {"continue", no_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'}, {0}};
	struct wish wish = {0};
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c == 'd')
			wish.dir = optarg;
		else if (c == 'l')
			wish.later = true;
		else if (c == 'c')
			wish.on = true;
		else
			return 2;
	}
	if (!wish.dir || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (run(&wish, &err) == 0)
		return 0;
	fprintf(stderr, "lontar vault rekey: %s\n", err.text);
	return 1;
}
