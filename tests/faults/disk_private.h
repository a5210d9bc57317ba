/* SPDX-License-Identifier: Apache-2.0 */
/* What disk.c, SQLite's side, and disk_cut.c, images and cuts, share. */
#ifndef TESTS_FAULTS_DISK_PRIVATE_H
#define TESTS_FAULTS_DISK_PRIVATE_H

#include <sqlite3.h>

#include "faults/disk.h"

#define SHM_LOCKS SQLITE_SHM_NLOCK
#define SHM_REGIONS_MAX 16

enum op_kind { OP_WRITE, OP_TRUNCATE, OP_DELETE, OP_SYNC };

struct op {
	enum op_kind kind;
	int file;
	size_t offset, size; /* of a truncation: the new size */
	uint8_t *data;
};

struct ops {
	struct op *at;
	size_t count, room;
};

struct content {
	bool exists;
	uint8_t *data;
	size_t size, room;
};

struct file {
	char name[128];
	struct content content; /* as the process sees it */
	struct content durable; /* while recording: as the disk has it */
	struct ops pending;	/* on the way from durable to content; data belong to the log */
	int shared;
	void *reserved, *exclusive;
	void *regions[SHM_REGIONS_MAX];
	int shm_shared[SHM_LOCKS];
	void *shm_exclusive[SHM_LOCKS];
};

struct disk {
	struct file files[DISK_FILES_MAX];
	bool recording;
	struct ops log;
	uint8_t *chances; /* while recording: disk_chances */
	size_t chance_count, chance_room;
	size_t cut_at; /* of the log: how much is in durable and pending */
	struct ops cut_pending[DISK_FILES_MAX];
	struct content cut_durable[DISK_FILES_MAX];
	enum disk_fault fault;
	size_t fault_in;
	bool failed;
};

extern struct disk disk;

void content_apply(struct content *c, const struct op *op);
void ops_add(struct ops *ops, struct op op);
void chances_add(unsigned strikes);
/* Into durable and pending of one place. */
void settle(struct content *durable, struct ops *pending, const struct op *op);

#endif
