/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup: a folder with both databases as they were at one moment, the other files of the data
 * directory, and a list of their hashes. Of the home it holds what lies on the disk, sealed; the
 * root is never in it.
 *
 * The moment: no batch of the messenger that writes the home is under way while both snapshots
 * begin, as the home's write lock is held for it; a batch commits the square before it gives that
 * lock back (store.h). So the two belong together, and what the desk wrote beside is whole by
 * itself. Other files are copied before: the ledger's follow the square when they are behind it,
 * and must never be ahead.
 *
 *   BACKUP/manifest   lontar-backup 1 | made DATE | epoch N HEX | SHA-256 SIZE PATH, a line each |
 *                     end SHA-256 of all lines before
 */
#ifndef SERVER_BACKUP_H
#define SERVER_BACKUP_H

#include "server/installation.h"

/* Says how far it is: what is being copied, and the share of it in percent. */
typedef void backup_told_fn(const char *what, int percent);

/* Makes `to`, which must not exist; nothing is there under that name before it is whole. */
MUST_CHECK int backup_make(
	const struct installation *in, const char *to, backup_told_fn *told, struct err *err);
/* Checks every hash, then makes the data directory `dir`, which must be missing or empty. root_key:
 * a file to put there as root.key, or NULL. */
MUST_CHECK int backup_restore(const char *from, const char *dir, const char *root_key,
	backup_told_fn *told, struct err *err);

#endif
