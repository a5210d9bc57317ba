/* SPDX-License-Identifier: Apache-2.0 */
/* What lies on the disk: images, and what a power cut leaves of what was written. */
#include "faults/disk_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/memory.h"

/* ---- Contents ---- */

static void content_size(struct content *c, size_t size)
{
	if (size > c->room) {
		c->room = size * 2;
		c->data = memory_always(c->data, c->room);
		assert(c->data);
	}
	if (size > c->size)
		memset(c->data + c->size, 0, size - c->size);
	c->size = size;
}

static void content_write(struct content *c, size_t offset, const uint8_t *data, size_t size)
{
	c->exists = true;
	if (offset + size > c->size)
		content_size(c, offset + size);
	memcpy(c->data + offset, data, size);
}

static void content_set(struct content *c, bool exists, const uint8_t *data, size_t size)
{
	c->size = 0;
	content_size(c, size);
	if (size)
		memcpy(c->data, data, size);
	c->exists = exists;
}

void content_apply(struct content *c, const struct op *op)
{
	if (op->kind == OP_WRITE) {
		content_write(c, op->offset, op->data, op->size);
	} else if (op->kind == OP_TRUNCATE) {
		content_size(c, op->size);
	} else if (op->kind == OP_DELETE) {
		c->exists = false;
		c->size = 0;
	}
}

static void content_release(struct content *c)
{
	free(c->data);
	*c = (struct content){0};
}

void ops_add(struct ops *ops, struct op op)
{
	if (ops->count == ops->room) {
		ops->room = ops->room ? 2 * ops->room : 64;
		ops->at = memory_always(ops->at, ops->room * sizeof(op));
		assert(ops->at);
	}
	ops->at[ops->count] = op;
	ops->count++;
}

void chances_add(unsigned strikes)
{
	if (disk.chance_count == disk.chance_room) {
		disk.chance_room = disk.chance_room ? 2 * disk.chance_room : 1024;
		disk.chances = memory_always(disk.chances, disk.chance_room);
		assert(disk.chances);
	}
	disk.chances[disk.chance_count++] = (uint8_t)strikes;
}

static void log_clear(void)
{
	for (size_t i = 0; i < disk.log.count; i++)
		free(disk.log.at[i].data);
	disk.log.count = 0;
}

void settle(struct content *durable, struct ops *pending, const struct op *op)
{
	if (op->kind != OP_SYNC) {
		ops_add(pending, *op);
		return;
	}
	for (size_t i = 0; i < pending->count; i++)
		content_apply(durable, &pending->at[i]);
	pending->count = 0;
}

/* ---- Images ---- */

static void image_put(struct disk_image *image, int file, const struct content *c)
{
	snprintf(image->files[file].name, sizeof(image->files[file].name), "%s",
		disk.files[file].name);
	image->files[file].exists = c->exists;
	image->files[file].size = c->size;
	image->files[file].data = memory_always(image->files[file].data, c->size ? c->size : 1);
	assert(image->files[file].data);
	if (c->size)
		memcpy(image->files[file].data, c->data, c->size);
}

void disk_save(struct disk_image *out)
{
	for (int i = 0; i < DISK_FILES_MAX; i++)
		image_put(out, i, &disk.files[i].content);
}

void disk_load(const struct disk_image *image)
{
	disk.recording = disk.failed = false;
	disk.fault = FAULT_NONE;
	for (int i = 0; i < DISK_FILES_MAX; i++) {
		struct file *file = &disk.files[i];

		assert(file->shared == 0);
		for (int k = 0; k < SHM_REGIONS_MAX; k++)
			free(file->regions[k]);
		memset(file->regions, 0, sizeof(file->regions));
		memset(file->shm_shared, 0, sizeof(file->shm_shared));
		memset(file->shm_exclusive, 0, sizeof(file->shm_exclusive));
		file->reserved = file->exclusive = NULL;
		file->pending.count = 0;
		memcpy(file->name, image->files[i].name, sizeof(file->name));
		content_set(&file->content, image->files[i].exists, image->files[i].data,
			image->files[i].size);
	}
}

void disk_image_release(struct disk_image *image)
{
	for (int i = 0; i < DISK_FILES_MAX; i++)
		free(image->files[i].data);
	*image = (struct disk_image){0};
}

/* ---- Cuts ---- */

void disk_record(void)
{
	log_clear();
	disk.cut_at = disk.chance_count = 0;
	disk.recording = true;
	for (int i = 0; i < DISK_FILES_MAX; i++) {
		struct file *file = &disk.files[i];

		content_set(&file->durable, file->content.exists, file->content.data,
			file->content.size);
		content_set(&disk.cut_durable[i], file->content.exists, file->content.data,
			file->content.size);
		file->pending.count = disk.cut_pending[i].count = 0;
	}
}

size_t disk_points(void)
{
	return disk.log.count;
}

size_t disk_chances(const uint8_t **strikes)
{
	if (strikes)
		*strikes = disk.chances;
	return disk.chance_count;
}

void disk_record_end(void)
{
	disk.recording = false;
}

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* One write, of which some sectors arrived. */
static void apply_torn(struct content *c, const struct op *op, size_t sector, uint64_t *seed)
{
	for (size_t at = 0; at < op->size;) {
		size_t part = sector - (op->offset + at) % sector;

		if (part > op->size - at)
			part = op->size - at;
		if (next_random(seed) & 1)
			content_write(c, op->offset + at, op->data + at, part);
		at += part;
	}
}

static void apply_some(struct content *c, const struct op *op, enum disk_cut kind, uint64_t *seed)
{
	if (kind == CUT_ALL_KEPT)
		content_apply(c, op);
	else if (op->kind == OP_WRITE && (kind == CUT_TORN_512 || kind == CUT_TORN_4096))
		apply_torn(c, op, kind == CUT_TORN_512 ? 512 : 4096, seed);
	else if (kind != CUT_NOTHING_KEPT && next_random(seed) & 1)
		content_apply(c, op);
}

static void cut_file(int file, const struct content *durable, const struct ops *pending,
	enum disk_cut kind, uint64_t *seed, struct disk_image *out)
{
	struct content c = {0};

	content_set(&c, durable->exists, durable->data, durable->size);
	for (size_t i = 0; i < pending->count; i++)
		apply_some(&c, &pending->at[i], kind, seed);
	image_put(out, file, &c);
	content_release(&c);
}

bool disk_cut(size_t points, enum disk_cut kind, uint64_t seed, struct disk_image *out)
{
	bool any = false, synced = false;

	assert(points <= disk.log.count && points >= disk.cut_at);
	for (; disk.cut_at < points; disk.cut_at++) {
		const struct op *op = &disk.log.at[disk.cut_at];

		synced = op->kind == OP_SYNC;
		settle(&disk.cut_durable[op->file], &disk.cut_pending[op->file], op);
	}
	for (int i = 0; i < DISK_FILES_MAX; i++)
		any |= disk.cut_pending[i].count > 0;
	if (kind == CUT_NOTHING_KEPT ? !synced && points : !any)
		return false;
	for (int i = 0; i < DISK_FILES_MAX; i++)
		cut_file(i, &disk.cut_durable[i], &disk.cut_pending[i], kind, &seed, out);
	return true;
}

void disk_cut_now(enum disk_cut kind, uint64_t seed, struct disk_image *out)
{
	for (int i = 0; i < DISK_FILES_MAX; i++)
		cut_file(i, &disk.files[i].durable, &disk.files[i].pending, kind, &seed, out);
}
