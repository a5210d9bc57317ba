/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's commands about the desk, for the `lontar` program. argv[0] is the command's name;
 * the result is the exit status: 0 done, 1 failed, 2 wrong usage. */
#ifndef DESK_CLI_H
#define DESK_CLI_H

/* grant, grants, revoke, rebuild */
int desk_cli(int argc, char **argv);
/* verify, key */
int ledger_cli(int argc, char **argv);

#endif
