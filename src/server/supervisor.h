/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts the programs of an installation, starts them again when they die, passes signals on. It
 * reaches no data: the memory that outlives a messenger (kept.h) it holds without mapping it. One
 * thread, no event loop but poll.
 */
#ifndef SERVER_SUPERVISOR_H
#define SERVER_SUPERVISOR_H

#include "server/installation.h"

struct supervisor_options {
	int port, desk_port; /* 0: chosen by the system at the first start, kept afterwards */
	const char *listen;  /* numeric address */
	const char *codes;   /* NULL: as lontar.ini says */
};

/* Runs until SIGTERM or SIGINT, or until the terminal that it was started on is closed; SIGHUP else
 * reads the certificate again. Prints `ready port=N desk=N` on
 * standard output when both accept. Returns the exit status. */
int supervisor_run(const struct installation *in, const struct supervisor_options *options);

#endif
