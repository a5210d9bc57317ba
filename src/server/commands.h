/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the `lontar` program: a command is one row of the table in main.c and one
 * function. argv[0] of a command is its own name. Each returns the exit status and answers --help.
 */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

int command_init(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_messenger(int argc, char **argv);
int command_proxy_link(int argc, char **argv);

#endif
