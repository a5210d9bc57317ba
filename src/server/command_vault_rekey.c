/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault rekey: a new root. Here for one in a file; for custodians, see
 * command_vault_rekey_custodians.c. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/command_vault_rekey.h"
#include "server/commands.h"
#include "server/rekey.h"
#include "store/store.h"

static const char usage[] =
	"Usage: lontar vault rekey --data DIR [--continue] [--later]\n"
	"       lontar vault rekey --data DIR --shares N --threshold K --custodian FILE.pub ... "
	"[--out DIR]\n"
	"       lontar vault rekey --data DIR --finish\n"
	"\n"
	"Makes a new root key and seals everything personal anew under it. From then on a copy of\n"
	"the old root.key opens nothing of what is here, and the new one opens no older backup:\n"
	"keep the old one as long as you keep such backups. The server must be stopped. May be\n"
	"interrupted: --continue goes on with the sealing, and so does a server that is started.\n"
	"\n"
	"Where the root is the custodians' the server runs meanwhile: name the custodians of the\n"
	"new one, as for lontar vault split, let them rehearse, and say --finish. Until then the\n"
	"old shares count, from then on the new ones alone.\n"
	"\n"
	"  --later     only make the new root; the server seals anew while it runs\n"
	"  --continue  no new root; only what an earlier rekey has left to do\n"
	"\n"
	"Example: lontar vault rekey --data ./data\n";

struct wish {
	const char *dir;
	struct split_wish split;
	bool later, on, finish;
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

static int run_file(const struct wish *wish, const struct installation *in, struct err *err)
{
	const struct store_paths paths = {in->home_db, in->square_db};
	struct root_chain chain;

	if (wish->finish || !split_wish_is_empty(&wish->split))
		return err_set(err, EINVAL,
			"the root of %s is in a file: custodians come by lontar vault split",
			in->dir);
	if (installation_lock(in, err) < 0 || installation_hold_home(in, err) < 0 ||
		store_migrate(&paths, err) < 0)
		return -1;
	if (!wish->on) {
		if (rekey_file(in, &chain, err) < 0)
			return -1;
		printf("%s is of epoch %u now. Keep a copy of it elsewhere.\n", in->root_key,
			chain.epoch);
		fflush(stdout);
	}
	if (wish->later) {
		puts("The server will seal everything anew while it runs.");
		return 0;
	}
	if (sweep_now(in, err) < 0)
		return -1;
	puts("Everything is sealed under the new root. The old one opens nothing of it.");
	return 0;
}

static int run(const struct wish *wish, struct err *err)
{
	struct installation in = {0};

	if (installation_open(&in, wish->dir, err) < 0)
		return -1;
	if (access(in.root_key, F_OK) == 0)
		return run_file(wish, &in, err);
	if (wish->later || wish->on)
		return err_set(err, EINVAL,
			"where the root is the custodians' the server seals anew by itself: "
			"neither --later nor --continue");
	return rekey_custodians(&wish->split, &in, wish->finish, err);
}

int vault_rekey(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"later", no_argument, NULL, 'l'}, {"continue", no_argument, NULL, 'n'},
		{"shares", required_argument, NULL, 's'},
		{"threshold", required_argument, NULL, 't'},
		{"custodian", required_argument, NULL, 'c'}, {"out", required_argument, NULL, 'o'},
		{"finish", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct wish wish = {.split = {.out = "."}};
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
		else if (c == 'n')
			wish.on = true;
		else if (c == 'f')
			wish.finish = true;
		else if (!split_wish_take(&wish.split, c, optarg))
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
