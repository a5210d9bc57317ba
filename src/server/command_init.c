/* SPDX-License-Identifier: Apache-2.0 */
/* lontar init: makes a data directory. */
#include <getopt.h>
#include <stdio.h>

#include "server/commands.h"
#include "server/installation.h"
#include "server/users.h"

static const char usage[] =
	"Usage: lontar init --data DIR\n"
	"\n"
	"Makes a new installation in DIR: settings (lontar.ini), the two databases, the root key "
	"that\n"
	"opens everything personal (root.key: keep a copy in a safe place, without it nothing can "
	"be\n"
	"read), the server's key pair and the desk's folder. What is already there is kept.\n"
	"\n"
	"Example: lontar init --data ./data\n";

int command_init(int argc, char **argv)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct installation in = {0};
	struct users users;
	struct err err = {0};
	const char *dir = NULL;
	int c;

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
	users_find(&users);
	if (installation_at(&in, dir, &err) < 0 || installation_init(&in, &err) < 0 ||
		users_own(&users, &in, &err) < 0) {
		fprintf(stderr, "lontar init: %s\n", err.text);
		return 1;
	}
	printf("%s is ready.\n"
	       "  settings:    %s\n"
	       "  root key:    %s (keep a copy elsewhere: without it nothing can be read)\n"
	       "  public key:  %s (clients must know it)\n"
	       "Start it with: lontar serve --data %s\n",
		dir, in.ini, in.root_key, in.server_pub, dir);
	return 0;
}
