/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the matrix of rights as the program has it, to be compared with what is published. */
#include <stdio.h>
#include <string.h>

#include "desk/people/rights.h"

static const char help[] =
	"lontar desk rights\n\n"
	"Prints which role may do what at the desk, as this program decides it: a line for each\n"
	"action, tabs between the cells. \"SOP\": where the operating procedure names the role.\n"
	"docs/desk-api.md publishes the same table; `lontar audit` compares the two.\n\n"
	"Example: lontar desk rights\n";

int rights_cli(int argc, char **argv)
{
	if (argc > 1) {
		const bool asked = strcmp(argv[1], "--help") == 0;

		fputs(help, asked ? stdout : stderr);
		return asked ? 0 : 2;
	}
	for (int role = 0; role < ROLE_COUNT; role++)
		printf("\t%s", role_name((enum role)role));
	putchar('\n');
	for (int action = 0; action < ACT_COUNT; action++) {
		fputs(desk_action_name((enum desk_action)action), stdout);
		for (int role = 0; role < ROLE_COUNT; role++)
			printf("\t%s", desk_action_cell((enum desk_action)action, (enum role)role));
		putchar('\n');
	}
	return 0;
}
