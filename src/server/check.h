/* SPDX-License-Identifier: Apache-2.0 */
/* lontar check: whether a whole installation holds together. Reads only. Prints numbers and names
 * of tables, never what stands in them. */
#ifndef SERVER_CHECK_H
#define SERVER_CHECK_H

#include <stdio.h>

#include "server/installation.h"

/* A line for each check: `ok NAME: what was looked at`, `FAILED NAME: what is wrong`, `skipped
 * NAME: why`. The number of those that failed, and of those that were skipped; -1 with *err when it
 * can't be done. */
MUST_CHECK int check_run(
	const struct installation *in, FILE *report, int *skipped, struct err *err);

#endif
