/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar audit`: hands over to the auditor's script in the source that this was built from, so
 * that who doesn't trust the program reads and runs the script alone. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/commands.h"

#define OWN_ARGUMENTS 3 /* python3 -B SCRIPT */

static const char help[] =
	"Usage: lontar audit --source DIR [--data DIR] [--build DIR] [CHECK …]\n\n"
	"Looks whether what Lontar promises holds here, and prints each check with its evidence.\n"
	"Changes nothing. Run it as root: processes hide themselves from everybody else.\n\n"
	"  --source  a checkout of the source that this installation is built from: the script is\n"
	"            in it (tools/audit), and can be read and run without this program\n"
	"  --data    the installation (./data), running\n"
	"  --build   the build of it (SOURCE/build)\n"
	"  CHECK     these only; --list names them\n\n"
	"The status is 0 when all that could be looked at holds, 1 when something does not.\n\n"
	"Example: sudo lontar audit --source ./lontar --data ./data\n"
	"         sudo lontar audit --source ./lontar --data ./data reach rights records\n";

static const char *source_of(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++) {
		if (strcmp(argv[i], "--source") == 0)
			return argv[i + 1];
	}
	return NULL;
}

int command_audit(int argc, char **argv)
{
	const bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;
	const char *source = source_of(argc, argv);
	char script[PATH_MAX], python[] = "python3", no_bytecode[] = "-B", **arguments;

	if (asked || !source) {
		fputs(help, asked ? stdout : stderr);
		return asked ? 0 : 2;
	}
	if (snprintf(script, sizeof(script), "%s/tools/audit", source) >= (int)sizeof(script) ||
		access(script, R_OK | X_OK) < 0) {
		fprintf(stderr, "lontar audit: %s is no checkout of Lontar's source\n", source);
		return 2;
	}
	arguments = calloc((size_t)argc + OWN_ARGUMENTS, sizeof(*arguments));
	if (!arguments) {
		perror("lontar audit");
		return 1;
	}
	arguments[0] = python;
	arguments[1] = no_bytecode;
	arguments[2] = script;
	memcpy(arguments + OWN_ARGUMENTS, argv + 1, (size_t)(argc - 1) * sizeof(*argv));
	execvp(arguments[0], arguments);
	perror("lontar audit: python3");
	free(arguments);
	return 1;
}
