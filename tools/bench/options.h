/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line sets; a scenario brings its own defaults. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct bench_options {
	const char *serve;    /* the lontar executable to start; NULL: the one beside us */
	const char *scratch;  /* where the server's temporary data folder is made */
	const char *data;     /* store: the folder to serve; it stays */
	const char *settings; /* the server's lontar.ini; NULL: no bound on calls */
	int64_t files_max;    /* descriptors that the server may have; 0: as many as we */
	const char *family;   /* of the kinds of refusals; NULL: each */
	const char *key;      /* public key of a server that runs already, and its port */
	int64_t port, pid;
	int64_t pairs, members, sessions, more, connections, in_flight;
	int64_t seconds, quiet, text_size, seed, samples;
	bool json, temporary, rivals, help;
};

/* argv holds what follows the scenario's name. *out holds the defaults. */
MUST_CHECK int options_parse(int argc, char **argv, struct bench_options *out, struct err *err);
/* A line per option. */
void options_print_help(void);

#endif
