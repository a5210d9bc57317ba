/* SPDX-License-Identifier: Apache-2.0 */
/* lontar serve: the supervisor in the foreground. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "server/backup.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/supervisor.h"

static const char usage[] =
	"Usage: lontar serve --data DIR [--port N] [--desk-port N] [--listen ADDRESS] [--codes "
	"MODE]\n"
	"\n"
	"Runs the installation in DIR in the foreground; makes one first if DIR is empty. Prints "
	"the line\n"
	"  ready port=N desk=N\n"
	"when it accepts connections, and one JSON object per event on standard error. SIGTERM "
	"and\n"
	"Ctrl-C end it; SIGHUP reads the certificate again ([tls] in lontar.ini) and drops "
	"nobody.\n"
	"\n"
	"  --port N          port of the messenger (0: any free one); default from lontar.ini\n"
	"  --desk-port N     port of the moderation desk and the public pages; default from "
	"lontar.ini\n"
	"  --listen ADDRESS  loopback (this machine alone), 0.0.0.0 (everybody) or one numeric "
	"address;\n"
	"                    default from lontar.ini\n"
	"  --codes MODE      where login codes go: console (lines `code phone=… code=…` on "
	"standard\n"
	"                    output), sessions (the account's other devices), or auto (console on "
	"loopback)\n"
	"\n"
	"Example: lontar serve --data ./data --port 8443\n";

struct serve_args {
	const char *data;
	struct supervisor_options options;
	bool help;
};

static int port_of(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	return *text && !*end && port >= 0 && port <= 65535 ? (int)port : -1;
}

static int parse_args(int argc, char **argv, struct serve_args *args)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"port", required_argument, NULL, 'p'}, {"desk-port", required_argument, NULL, 'k'},
		{"listen", required_argument, NULL, 'l'}, {"codes", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'}, {0}};
	int c;

	args->options.port = args->options.desk_port = -1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			args->data = optarg;
		else if (c == 'p' && port_of(optarg) >= 0)
			args->options.port = port_of(optarg);
		else if (c == 'k' && port_of(optarg) >= 0)
			args->options.desk_port = port_of(optarg);
		else if (c == 'l')
			args->options.listen = optarg;
		else if (c == 'c' && settings_codes_known(optarg))
			args->options.codes = optarg;
		else if (c == 'h')
			args->help = true;
		else
			return -1;
	}
	return (args->data || args->help) && optind == argc ? 0 : -1;
}

int command_serve(int argc, char **argv)
{
	struct serve_args args = {0};
	struct installation in = {0};
	struct err err = {0};

	if (parse_args(argc, argv, &args) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (args.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (installation_at(&in, args.data, &err) < 0 || installation_lock(&in, &err) < 0)
		goto failed;
	if (!installation_exists(&in))
		log_info("init", "making a new installation");
	/* Also brings an older installation's databases up to date before anybody opens them. */
	if (installation_init(&in, &err) < 0 || installation_settle(&in, &err) < 0)
		goto failed;
	backup_remove_copies(&in);
	if (args.options.port < 0)
		args.options.port = (int)in.settings.port;
	if (args.options.desk_port < 0)
		args.options.desk_port = (int)in.settings.desk_port;
	if (!args.options.listen)
		args.options.listen = in.settings.listen;
	return supervisor_run(&in, &args.options);
failed:
	fprintf(stderr, "lontar serve: %s\n", err.text);
	return 1;
}
