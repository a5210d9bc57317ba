/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of a backup: one file, a head of fixed size and then sealed pieces, each with its size
 * before it (4 bytes, little-endian). The head is bound to every piece. Inside a piece:
 *
 *   'F' name     a file begins        'D' bytes    some of it        'E' count    the end: so many
 *
 * The key of the pieces is drawn for this one backup, and lies in the head sealed by the vault
 * under an owner who is nobody: it opens where the root of that epoch is.
 */
#ifndef SERVER_BACKUP_ARCHIVE_H
#define SERVER_BACKUP_ARCHIVE_H

#include <stdio.h>

#include "crypto/roots.h"
#include "crypto/stream.h"
#include "custody/share.h"

#define BACKUP_PIECE_MAX 65536
#define BACKUP_KEEPER_MAX 1024
#define BACKUP_SEALED_KEY_MAX 96
#define BACKUP_NAME_MAX 511

/* All bytes: there are no gaps, and what comes in is copied, not parsed. */
struct backup_head {
	uint8_t magic[16];
	uint8_t made_s[8]; /* Unix time; numbers are little-endian */
	uint8_t epoch[4], older[4];
	uint8_t check[ROOT_CHECK_SIZE], kept[ROOT_KEPT_SIZE];
	uint8_t links[ROOTS_MAX - 1][ROOT_SEALED_SIZE];
	uint8_t salt[ROOT_SALT_SIZE];
	uint8_t key_size[4], key[BACKUP_SEALED_KEY_MAX];
	/* When custodians hold the root: keeper.key and vault.set, by which they can bring it. */
	uint8_t keeper_size[4], keeper[BACKUP_KEEPER_MAX];
	uint8_t set[sizeof(struct share_set)];
	uint8_t begin[STREAM_BEGIN_SIZE];
};

void backup_head_begin(struct backup_head *head, const struct root_chain *chain, int64_t made_s);
/* -1: that is no head of ours. */
MUST_CHECK int backup_head_check(const struct backup_head *head);
void backup_head_chain(const struct backup_head *head, struct root_chain *out);
bool backup_head_has_custodians(const struct backup_head *head);

/* Whether a file of this name, below the data directory, may be in a backup. */
bool backup_name_is_sane(struct bytes name);

/* Never in a backup: roots, the lock, and the databases with what SQLite or an earlier backup left
 * beside them, which are copied as databases. */
bool backup_name_is_left_out(struct bytes name);

/* What a reader does with the pieces; each returns -1 with *err to stop. */
struct backup_sink {
	int (*file)(void *ctx, const char *name, struct err *err);
	int (*data)(void *ctx, struct bytes data, struct err *err);
	void *ctx;
};

/* Of the order of pieces that were opened. */
struct backup_order {
	uint64_t files;
	bool ended;
};

MUST_CHECK int backup_take_piece(struct backup_order *order, struct bytes piece,
	const struct backup_sink *sink, struct err *err);

/* ---- Sealed, in a file ---- */

struct backup_writer {
	FILE *file;
	struct stream stream;
	uint8_t with[STREAM_KEY_SIZE]; /* the head's hash */
	uint64_t files;
};

/* The head's `begin` is filled in, and it is written. */
MUST_CHECK int backup_write_head(struct backup_writer *writer, struct backup_head *head,
	const uint8_t key[STREAM_KEY_SIZE], struct err *err);
MUST_CHECK int backup_write_file(struct backup_writer *writer, const char *name, struct err *err);
MUST_CHECK int backup_write_data(struct backup_writer *writer, struct bytes data, struct err *err);
/* On disk when it returns. */
MUST_CHECK int backup_write_end(struct backup_writer *writer, struct err *err);

MUST_CHECK int backup_read_head(FILE *file, struct backup_head *head, struct err *err);
/* All pieces up to the end, which must be the end of the file too. */
MUST_CHECK int backup_read_pieces(FILE *file, const struct backup_head *head,
	const uint8_t key[STREAM_KEY_SIZE], const struct backup_sink *sink, struct err *err);

#endif
