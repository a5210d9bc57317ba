/* SPDX-License-Identifier: Apache-2.0 */
/* lontar check. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "server/check.h"
#include "server/commands.h"

static const char usage[] =
	"Usage: lontar check --data DIR\n"
	"\n"
	"Looks whether an installation is whole, and prints a line for each thing it looked at: "
	"files\n"
	"that others could read, both databases, that everything sealed opens at its place, that "
	"the\n"
	"sequences of accounts and channels have no holes and counts are right, and the desk's "
	"record\n"
	"and ledger. Changes nothing and shows nothing of what people wrote. The server may run.\n"
	"Ends with status 0 when all is well, 1 when something is not.\n"
	"\n"
	"Example: lontar check --data ./data\n";

int command_check(int argc, char **argv)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct installation in = {0};
	struct err err = {0};
	const char *dir = NULL;
	int c, failed, skipped = 0;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c != 'd')
			return 2;
		dir = optarg;
	}
	if (!dir || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (installation_at(&in, dir, &err) == 0 && !installation_exists(&in) &&
		access(in.home_db, F_OK) < 0) {
		fprintf(stderr, "lontar check: there is no installation in %s\n", dir);
		return 1;
	}
	if (err.text[0] || (failed = check_run(&in, stdout, &skipped, &err)) < 0) {
		fprintf(stderr, "lontar check: %s\n", err.text);
		return 1;
	}
	if (failed)
		printf("%d of the checks failed\n", failed);
	else if (skipped)
		printf("what was looked at is well; %d of the checks were skipped\n", skipped);
	else
		puts("all is well");
	return failed ? 1 : 0;
}
