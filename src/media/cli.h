/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar hash`, for operators. */
#ifndef MEDIA_CLI_H
#define MEDIA_CLI_H

/* argv[0] is the command's name. Returns the exit status. */
int hash_cli(int argc, char **argv);

#endif
