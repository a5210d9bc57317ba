/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's commands about the desk, for the `lontar` program. argv[0] is the command's name;
 * the result is the exit status: 0 done, 1 failed, 2 wrong usage. */
#ifndef DESK_CLI_H
#define DESK_CLI_H

#include "store/db.h"

/* person …, grant, grants, revoke, audit, rebuild */
int desk_cli(int argc, char **argv);
/* add, list, set, renew, end: of desk_cli() */
int person_cli(int argc, char **argv);
/* add, list, show, edit, end: of those who send notices */
int authority_cli(int argc, char **argv);
int flagger_cli(int argc, char **argv);
/* check, default */
int sop_cli(int argc, char **argv);
/* verify, key, proof, check */
int ledger_cli(int argc, char **argv);

/* The square of a data directory, for writing, brought up to date. */
MUST_CHECK int desk_cli_open(const char *data, struct db **db, struct err *err);

#endif
