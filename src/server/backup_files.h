/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, for backups. */
#ifndef SERVER_BACKUP_FILES_H
#define SERVER_BACKUP_FILES_H

#include <stdio.h>

#include "server/installation.h"

#define BACKUP_PATH_MAX (2 * PATH_LEN)

/* dir/name. */
MUST_CHECK int backup_path(
	char out[BACKUP_PATH_MAX], const char *dir, const char *name, struct err *err);
/* To a new file of mode 0600 that is on disk when it returns; folders on the way are made. */
MUST_CHECK int backup_copy(const char *from, const char *to, struct err *err);
/* Calls see(ctx, path below dir) for every regular file below dir, in the order of their names. */
typedef int backup_see_fn(void *ctx, const char *name, struct err *err);
MUST_CHECK int backup_walk(const char *dir, backup_see_fn *see, void *ctx, struct err *err);
/* Folders that a path below dir needs. */
MUST_CHECK int backup_make_folders(const char *path, struct err *err);
/* Whether there is nothing in it, or nothing of that name. */
bool backup_is_empty(const char *dir);
/* Removes the folder and what is in it. */
void backup_remove(const char *dir);

#endif
