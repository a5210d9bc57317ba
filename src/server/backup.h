/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup: one sealed file with both databases as they were at one moment and the other files of
 * the data directory (backup_archive.h). Whoever has it without the root, or without enough
 * custodians, learns its size and its date. The root is never in it.
 *
 * The moment: no batch of the messenger that writes the home is under way while both snapshots
 * begin, as the home's write lock is held for it; a batch commits the square before it gives that
 * lock back (store.h). So the two belong together, and what the desk wrote beside is whole by
 * itself. Other files are taken before: the ledger's follow the square when they are behind it,
 * and must never be ahead.
 */
#ifndef SERVER_BACKUP_H
#define SERVER_BACKUP_H

#include "server/installation.h"

struct backup_head;

#define BACKUP_PART ".part" /* what is not whole yet */

/* Says how far it is: what is being copied, and the share of it in percent (-1: it is a sentence).
 */
typedef void backup_told_fn(const char *what, int percent);

/* Makes `to`, which must not exist; nothing is there under that name before it is whole. The vault
 * must be open. */
MUST_CHECK int backup_make(
	const struct installation *in, const char *to, backup_told_fn *told, struct err *err);
/* What a backup that was killed left: copies of the databases. Nothing while one is made. */
void backup_remove_copies(const struct installation *in);
/* Where a backup's key is sealed: for an owner who is nobody, under a salt of its own. */
struct seal_place backup_place(const struct backup_head *head);

/* Makes the data directory `dir`, which must be missing or empty; nothing is there before all of
 * the backup was opened. root_key: the file that opens it, and is put there as root.key; NULL:
 * custodians bring it. */
MUST_CHECK int backup_restore(const char *from, const char *dir, const char *root_key,
	backup_told_fn *told, struct err *err);
/* The vault of a backup that custodians open. They come to a keeper's socket in `dir`, which exists
 * and is empty again afterwards. NULL with *err. */
MUST_CHECK struct vault *backup_custodians(
	const struct backup_head *head, const char *dir, backup_told_fn *told, struct err *err);

/* Of a home that was restored to `dir`: numbers that clients may have seen are not given out again.
 */
MUST_CHECK int backup_move_on(const char *dir, struct err *err);

#endif
