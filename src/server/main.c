/* SPDX-License-Identifier: Apache-2.0 */
/* The `lontar` program: finds the command in the table and runs it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "desk/cli.h"
#include "media/cli.h"
#include "server/commands.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* NULL: internal, not shown */
};

static const struct command commands[] = {
	{"init", command_init, "make a data directory"},
	{"serve", command_serve, "run an installation in the foreground"},
	{"invite", command_invite, "let somebody make an account"},
	{"user", command_user, "accounts without a telephone and of bots; remove accounts"},
	{"backup", command_backup, "copy an installation, also while it runs"},
	{"restore", command_restore, "make an installation from a backup"},
	{"check", command_check, "look whether an installation is whole"},
	{"vault", command_vault, "the root key: share it among custodians, change it"},
	{"proxy-link", command_proxy_link, "links for where Telegram's protocol is blocked"},
	{"desk", desk_cli, "the moderation desk: who may use it, and whether its record holds"},
	{"authority", authority_cli,
		"authorities that send notices: country, competence, officers"},
	{"flagger", flagger_cli, "trusted flaggers, likewise"},
	{"sop", sop_cli, "check a standard operating procedure of the desk"},
	{"ledger", ledger_cli, "the public record of orders: check it, and receipts of it"},
	{"audit", command_audit, "look whether the promises hold: the wall, the build, the record"},
	{"hash", hash_cli, "perceptual hashes of images, for hash lists"},
	{"messenger", command_messenger, NULL},
};

static void print_help(FILE *out)
{
	fputs("Lontar, a messenger that anyone can host.\n\nUsage: lontar COMMAND [OPTIONS]\n\n",
		out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (commands[i].help)
			fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	}
	fputs("\nEvery command says more with --help.\nExample: lontar serve --data ./data\n", out);
}

int main(int argc, char **argv)
{
	static char name[32]; /* as getopt says it of a wrong option */

	signal(SIGPIPE, SIG_IGN);
	umask(077); /* databases, logs of them and settings are for whoever runs this */
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "lontar %s", commands[i].name);
		argv[1] = name;
		return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "lontar: there is no command '%s'; see lontar --help\n", argv[1]);
	return 2;
}
