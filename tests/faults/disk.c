/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://www.sqlite.org/vfs.html */
#include "faults/disk_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/memory.h"

#define SECTOR_MAX 4096

struct disk disk;

/* ---- What happens ---- */

static int slot_of(const char *name, bool create)
{
	int empty = -1;

	for (int i = 0; i < DISK_FILES_MAX; i++) {
		if (strcmp(disk.files[i].name, name) == 0)
			return i;
		if (empty < 0 && !disk.files[i].name[0])
			empty = i;
	}
	assert(!create || empty >= 0);
	if (create)
		snprintf(disk.files[empty].name, sizeof(disk.files[empty].name), "%s", name);
	return create ? empty : -1;
}

static void happen(int file, enum op_kind kind, size_t offset, const void *data, size_t size)
{
	struct op op = {.kind = kind, .file = file, .offset = offset, .size = size};

	content_apply(&disk.files[file].content, &(struct op){.kind = kind,
							 .offset = offset,
							 .size = size,
							 .data = (uint8_t *)(uintptr_t)data});
	if (!disk.recording)
		return;
	if (kind == OP_WRITE) {
		op.data = memory_always(NULL, size ? size : 1);
		assert(op.data);
		memcpy(op.data, data, size);
	}
	ops_add(&disk.log, op);
	settle(&disk.files[file].durable, &disk.files[file].pending, &op);
}

/* What this point answers instead of happening. */
static int fault_now(int file, enum op_kind kind, size_t end)
{
	const bool due = disk.fault != FAULT_NONE && disk.fault_in == 0;
	const bool grows = kind != OP_SYNC && end > disk.files[file].content.size;

	if (disk.recording)
		chances_add(kind == OP_SYNC ? 1U << FAULT_SYNC
					    : 1U << FAULT_WRITE | (grows ? 1U << FAULT_FULL : 0));
	if (disk.fault != FAULT_NONE && !due)
		disk.fault_in--;
	if (!due)
		return SQLITE_OK;
	switch (disk.fault) {
	case FAULT_WRITE:
		if (kind == OP_SYNC)
			return SQLITE_OK;
		disk.fault = FAULT_NONE;
		disk.failed = true;
		return kind == OP_WRITE ? SQLITE_IOERR_WRITE : SQLITE_IOERR_TRUNCATE;
	case FAULT_SYNC:
		if (kind != OP_SYNC)
			return SQLITE_OK;
		disk.fault = FAULT_NONE;
		disk.failed = true;
		disk.files[file].pending.count = 0; /* clean, and never written */
		return SQLITE_IOERR_FSYNC;
	case FAULT_FULL:
		if (!grows)
			return SQLITE_OK;
		disk.failed = true;
		return SQLITE_FULL;
	default:
		return SQLITE_OK;
	}
}

/* ---- SQLite's side ---- */

struct handle {
	sqlite3_file base;
	int file, level;
	uint16_t shm_shared, shm_exclusive;
	bool has_shm;
};

static struct file *file_of(sqlite3_file *f)
{
	return &disk.files[((struct handle *)f)->file];
}

static int file_unlock(sqlite3_file *f, int level)
{
	struct handle *h = (struct handle *)f;
	struct file *file = file_of(f);

	if (level < SQLITE_LOCK_EXCLUSIVE && file->exclusive == h)
		file->exclusive = NULL;
	if (level < SQLITE_LOCK_RESERVED && file->reserved == h)
		file->reserved = NULL;
	if (level < SQLITE_LOCK_SHARED && h->level >= SQLITE_LOCK_SHARED)
		file->shared--;
	if (level < h->level)
		h->level = level;
	return SQLITE_OK;
}

static int file_lock(sqlite3_file *f, int level)
{
	struct handle *h = (struct handle *)f;
	struct file *file = file_of(f);

	if (level <= h->level)
		return SQLITE_OK;
	if (file->exclusive && file->exclusive != h)
		return SQLITE_BUSY;
	if (h->level < SQLITE_LOCK_SHARED)
		file->shared++, h->level = SQLITE_LOCK_SHARED;
	if (level >= SQLITE_LOCK_RESERVED) {
		if (file->reserved && file->reserved != h)
			return SQLITE_BUSY;
		file->reserved = h;
		h->level = SQLITE_LOCK_RESERVED;
	}
	if (level == SQLITE_LOCK_EXCLUSIVE) {
		if (file->shared > 1)
			return SQLITE_BUSY;
		file->exclusive = h;
	}
	h->level = level;
	return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *f, int *out)
{
	*out = file_of(f)->reserved != NULL;
	return SQLITE_OK;
}

static int shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	struct handle *h = (struct handle *)f;
	struct file *file = file_of(f);
	const bool shared = flags & SQLITE_SHM_SHARED;

	for (int i = offset; i < offset + n; i++) {
		const uint16_t bit = (uint16_t)(1 << i);

		if (flags & SQLITE_SHM_LOCK && file->shm_exclusive[i] &&
			file->shm_exclusive[i] != h)
			return SQLITE_BUSY;
		if (flags & SQLITE_SHM_LOCK && !shared &&
			file->shm_shared[i] > (h->shm_shared & bit ? 1 : 0))
			return SQLITE_BUSY;
	}
	for (int i = offset; i < offset + n; i++) {
		const uint16_t bit = (uint16_t)(1 << i);

		if (flags & SQLITE_SHM_LOCK && shared && !(h->shm_shared & bit)) {
			h->shm_shared |= bit;
			file->shm_shared[i]++;
		} else if (flags & SQLITE_SHM_LOCK && !shared) {
			h->shm_exclusive |= bit;
			file->shm_exclusive[i] = h;
		} else if (flags & SQLITE_SHM_UNLOCK) {
			if (h->shm_shared & bit)
				file->shm_shared[i]--;
			if (h->shm_exclusive & bit)
				file->shm_exclusive[i] = NULL;
			h->shm_shared &= (uint16_t)~bit;
			h->shm_exclusive &= (uint16_t)~bit;
		}
	}
	return SQLITE_OK;
}

static int shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	struct file *file = file_of(f);

	((struct handle *)f)->has_shm = true;
	assert(region < SHM_REGIONS_MAX);
	if (!file->regions[region] && extend) {
		file->regions[region] = memory_always(NULL, (size_t)size);
		memset(file->regions[region], 0, (size_t)size);
	}
	*out = file->regions[region];
	return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *f)
{
	(void)f;
}

static int shm_unmap(sqlite3_file *f, int remove)
{
	struct file *file = file_of(f);

	shm_lock(f, 0, SHM_LOCKS, SQLITE_SHM_UNLOCK);
	for (int i = 0; remove && i < SHM_REGIONS_MAX; i++) {
		free(file->regions[i]);
		file->regions[i] = NULL;
	}
	return SQLITE_OK;
}

static int file_close(sqlite3_file *f)
{
	file_unlock(f, SQLITE_LOCK_NONE);
	return SQLITE_OK;
}

static int file_read(sqlite3_file *f, void *out, int size, sqlite3_int64 offset)
{
	const struct content *c = &file_of(f)->content;
	size_t there = (size_t)offset < c->size ? c->size - (size_t)offset : 0;

	if (there >= (size_t)size) {
		memcpy(out, c->data + offset, (size_t)size);
		return SQLITE_OK;
	}
	memset(out, 0, (size_t)size);
	if (there)
		memcpy(out, c->data + offset, there);
	return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *f, const void *data, int size, sqlite3_int64 offset)
{
	const int file = ((struct handle *)f)->file;
	const int rc = fault_now(file, OP_WRITE, (size_t)offset + (size_t)size);

	if (rc == SQLITE_OK)
		happen(file, OP_WRITE, (size_t)offset, data, (size_t)size);
	return rc;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	const int file = ((struct handle *)f)->file;
	const int rc = fault_now(file, OP_TRUNCATE, 0);

	if (rc == SQLITE_OK)
		happen(file, OP_TRUNCATE, 0, NULL, (size_t)size);
	return rc;
}

static int file_sync(sqlite3_file *f, int flags)
{
	const int file = ((struct handle *)f)->file;
	const int rc = fault_now(file, OP_SYNC, 0);

	if (rc == SQLITE_OK)
		happen(file, OP_SYNC, 0, NULL, 0);
	return rc;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)file_of(f)->content.size;
	return SQLITE_OK;
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
	return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *f)
{
	return SECTOR_MAX;
}

/* As SQLite supposes of files. */
static int file_characteristics(sqlite3_file *f)
{
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	struct handle *h = (struct handle *)f;

	memset(h, 0, sizeof(*h));
	/* Temporary files are in memory by the pragma: none is asked for. */
	if (!name)
		return SQLITE_CANTOPEN;
	h->file = slot_of(name, flags & SQLITE_OPEN_CREATE);
	if (h->file < 0 || (!disk.files[h->file].content.exists && !(flags & SQLITE_OPEN_CREATE)))
		return SQLITE_CANTOPEN;
	disk.files[h->file].content.exists = true;
	h->base.pMethods = &methods;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	const int file = slot_of(name, false);

	if (file < 0 || !disk.files[file].content.exists)
		return SQLITE_IOERR_DELETE_NOENT;
	happen(file, OP_DELETE, 0, NULL, 0);
	if (sync)
		happen(file, OP_SYNC, 0, NULL, 0);
	return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const int file = slot_of(name, false);

	*out = file >= 0 && disk.files[file].content.exists;
	/* An empty file is as good as none: so SQLite treats logs. */
	if (*out && flags == SQLITE_ACCESS_EXISTS)
		*out = disk.files[file].content.size > 0;
	return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
	memset(out, 7, (size_t)size);
	return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
	return us;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	*out = 0;
	return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int size, char *out)
{
	return 0;
}

void disk_install(void)
{
	static sqlite3_vfs vfs = {.iVersion = 2,
		.szOsFile = sizeof(struct handle),
		.mxPathname = 127,
		.zName = "disk",
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_path,
		.xRandomness = vfs_randomness,
		.xSleep = vfs_sleep,
		.xCurrentTimeInt64 = vfs_time,
		.xGetLastError = vfs_error};

	/* As store/db_sqlite.c would, which comes too late for it. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}

/* ---- Faults ---- */

void disk_fail(enum disk_fault fault, size_t chance)
{
	disk.fault = fault;
	disk.fault_in = chance;
	if (fault != FAULT_NONE)
		disk.failed = false;
}

bool disk_failed(void)
{
	return disk.failed;
}
