/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault: finds its command in the table and runs it. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "server/commands.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{"custodian", vault_custodian, "for a custodian: make a key"},
	{"split", vault_split, "share the root key among custodians"},
	{"unseal", vault_unseal, "for a custodian: bring a share"},
	{"status", vault_status, "who has the root, and what is waited for"},
	{"rekey", vault_rekey, "a new root key, under which everything is sealed anew"},
};

static void print_help(FILE *out)
{
	fputs("Usage: lontar vault COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  lontar vault %-10s %s\n", commands[i].name, commands[i].help);
	fputs("\nEvery command says more with --help.\nExample: lontar vault rekey --data ./data\n",
		out);
}

int command_vault(int argc, char **argv)
{
	static char name[48]; /* as getopt says it of a wrong option */

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		print_help(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "lontar vault %s", commands[i].name);
		argv[1] = name;
		return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, "lontar vault: there is no command '%s'; see lontar vault --help\n",
		argv[1]);
	return 2;
}
