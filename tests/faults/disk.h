/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory that SQLite uses in place of files (its default VFS), which remembers what was
 * not synced yet. So a power cut at any write can be drawn from one run: the disk that a cut would
 * have left is made afterwards, out of the base and the list of what happened. And the n-th write
 * or sync can be made to fail, or the disk to be full.
 *
 * What a cut may do: any write since the file's last sync is there or not, in any order, whole or
 * by sectors of 512 or 4096 bytes; bytes that were not written stay. A sync that fails leaves what
 * it should have kept in the cache and marked as clean, as Linux does: no later sync keeps it.
 * One thread.
 */
#ifndef TESTS_FAULTS_DISK_H
#define TESTS_FAULTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_FILES_MAX 8

/* Once, before the first database is opened. */
void disk_install(void);

/* ---- Images: what lies on the disk ---- */

struct disk_image {
	struct {
		char name[128]; /* "": none */
		bool exists;
		uint8_t *data;
		size_t size;
	} files[DISK_FILES_MAX];
};

void disk_save(struct disk_image *out); /* all that was written, synced or not */
/* No file is open. Also ends a fault and a recording. */
void disk_load(const struct disk_image *image);
void disk_image_release(struct disk_image *image);

/* ---- What happened ---- */

/* From here on; what is there now counts as synced. */
void disk_record(void);
/* Writes, truncations, syncs and deletions since then. */
size_t disk_points(void);
void disk_record_end(void); /* keeps the list */

enum disk_cut {
	CUT_NOTHING_KEPT, /* of what was not synced */
	CUT_ALL_KEPT,	  /* as a kill of the process */
	CUT_SOME_WRITES,  /* reordered */
	CUT_TORN_512,
	CUT_TORN_4096,
	CUT_KINDS
};

/* Moves through the recording: what a cut after the first `points` of it leaves. Calls come with
 * rising points. False: it would be the same as at the point before. seed: which writes survive. */
bool disk_cut(size_t points, enum disk_cut kind, uint64_t seed, struct disk_image *out);
/* Now, as after disk_record. */
void disk_cut_now(enum disk_cut kind, uint64_t seed, struct disk_image *out);

/* ---- Faults ---- */

enum disk_fault { FAULT_NONE, FAULT_WRITE, FAULT_SYNC, FAULT_FULL, FAULT_KINDS };

/* What could fail since disk_record: its number, and for each 1 << FAULT_... of what would strike
 * there and nowhere sooner. *strikes: the callee's, until the next disk_record; may be NULL. */
size_t disk_chances(const uint8_t **strikes);
/* At the chance with this number from now (0: the next). FAULT_WRITE and FAULT_SYNC fail once, the
 * latter at the first sync from there; FAULT_FULL refuses all that would make a file larger until
 * it is lifted by FAULT_NONE. */
void disk_fail(enum disk_fault fault, size_t chance);
bool disk_failed(void); /* it has come to pass */

#endif
