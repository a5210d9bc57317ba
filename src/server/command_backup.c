/* SPDX-License-Identifier: Apache-2.0 */
/* lontar backup and lontar restore. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/backup.h"
#include "server/commands.h"

static const char backup_usage[] =
	"Usage: lontar backup TO --data DIR\n"
	"\n"
	"Makes the file TO: both databases as they are at one moment, and every other file of DIR\n"
	"but the root key. The server may run meanwhile; the vault must be open. All of it is\n"
	"sealed: without the root key, or enough custodians, TO opens nothing. Keep the root key\n"
	"elsewhere, as without it nobody can restore.\n"
	"\n"
	"Example: lontar backup /backup/2026-11-29 --data ./data\n";

static const char restore_usage[] =
	"Usage: lontar restore FROM --data DIR [--root-key FILE]\n"
	"\n"
	"Makes the data directory DIR from a backup. DIR must be missing or empty, and stays so "
	"if\n"
	"anything of the backup was changed or is missing. FILE is the root key of that backup; "
	"it\n"
	"is put there as root.key. Where custodians hold the root, leave --root-key out: restore\n"
	"waits, and says how they bring their shares (lontar vault unseal).\n"
	"\n"
	"Example: lontar restore /backup/2026-11-29 --data ./data --root-key /safe/root.key\n";

static void tell(const char *what, int percent)
{
	static const char *told;
	static int last;

	if (percent < 0) {
		puts(what);
		fflush(stdout);
		return;
	}
	if (told == what && percent < last + 10 && percent < 100)
		return;
	if (told == what && last == 100)
		return;
	told = what;
	last = percent;
	printf("%s: %d %%\n", what, percent);
	fflush(stdout);
}

struct wish {
	const char *place, *data, *root_key;
};

/* 0: go on. 1: help was asked for. 2: wrong. */
static int read_wish(int argc, char **argv, const char *usage, struct wish *wish)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"root-key", required_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 1;
		}
		if (c == 'd')
			wish->data = optarg;
		else if (c == 'r')
			wish->root_key = optarg;
		else
			return 2;
	}
	if (!wish->data || optind != argc - 1) {
		fputs(usage, stderr);
		return 2;
	}
	wish->place = argv[optind];
	return 0;
}

int command_backup(int argc, char **argv)
{
	struct installation in = {0};
	struct wish wish = {0};
	struct err err = {0};
	int wrong = read_wish(argc, argv, backup_usage, &wish);

	if (wrong)
		return wrong == 1 ? 0 : 2;
	if (installation_at(&in, wish.data, &err) < 0 || access(in.home_db, F_OK) < 0) {
		fprintf(stderr, "lontar backup: there is no installation in %s\n", wish.data);
		return 1;
	}
	if (backup_make(&in, wish.place, tell, &err) < 0) {
		fprintf(stderr, "lontar backup: %s\n", err.text);
		return 1;
	}
	printf("%s is whole. The root key is not in it, and nothing else opens it.\n", wish.place);
	return 0;
}

/* An installation of custodians has its root in no file. */
static const char *what_is_next(const char *root_key)
{
	return root_key ? "" : " It starts sealed: its custodians open it (lontar vault unseal).";
}

int command_restore(int argc, char **argv)
{
	struct wish wish = {0};
	struct err err = {0};
	int wrong = read_wish(argc, argv, restore_usage, &wish);

	if (wrong)
		return wrong == 1 ? 0 : 2;
	if (backup_restore(wish.place, wish.data, wish.root_key, tell, &err) < 0) {
		fprintf(stderr, "lontar restore: %s\n", err.text);
		return 1;
	}
	printf("%s is restored.%s\nLook at it with: lontar check --data %s\n", wish.data,
		what_is_next(wish.root_key), wish.data);
	return 0;
}
