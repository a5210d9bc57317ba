/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the `lontar` program: a command is one row of the table in main.c and one
 * function. argv[0] of a command is its own name. Each returns the exit status and answers --help.
 */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

int command_audit(int argc, char **argv);
int command_init(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_messenger(int argc, char **argv);
int command_proxy_link(int argc, char **argv);
int command_invite(int argc, char **argv);
int command_user(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_check(int argc, char **argv);
int command_vault(int argc, char **argv);
int vault_custodian(int argc, char **argv);
int vault_split(int argc, char **argv);
int vault_unseal(int argc, char **argv);
int vault_status(int argc, char **argv);
int vault_rekey(int argc, char **argv); /* of lontar vault */

#endif
