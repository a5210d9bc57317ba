/* SPDX-License-Identifier: Apache-2.0 */
/* A backup that somebody hands the operator: its head, and the pieces as they are once they are
 * open. A name that is taken stays below the data directory and is no root; nothing comes before a
 * file or after the end. */
#include <stdint.h>
#include <stdlib.h>

#include "server/backup_archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t files;
};

static int see_file(void *ctx, const char *name, struct err *err)
{
	struct seen *seen = ctx;

	(void)err;
	seen->files++;
	if (*name == 0 || *name == '/' || strncmp(name, "../", 3) == 0 || strstr(name, "/../") ||
		strncmp(name, "root.key", 8) == 0 || strlen(name) > BACKUP_NAME_MAX)
		abort();
	return 0;
}

static int see_data(void *ctx, struct bytes data, struct err *err)
{
	const struct seen *seen = ctx;
	volatile uint8_t sum = 0;

	(void)err;
	if (seen->files == 0)
		abort();
	for (size_t i = 0; i < data.size; i++)
		sum ^= data.data[i];
	return 0;
}

static void check_head(const uint8_t *data)
{
	struct backup_head head;
	struct root_chain chain;

	memcpy(&head, data, sizeof(head));
	if (backup_head_check(&head) < 0)
		return;
	backup_head_chain(&head, &chain);
	if (chain.count >= ROOTS_MAX || load_u32le(head.key_size) > sizeof(head.key) ||
		load_u32le(head.keeper_size) > sizeof(head.keeper))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = {0};
	const struct backup_sink sink = {.file = see_file, .data = see_data, .ctx = &seen};
	struct backup_order order = {0};

	if (size >= sizeof(struct backup_head))
		check_head(data);
	/* Pieces, each with its size in one byte before it. */
	while (size > 0) {
		const size_t piece = data[0] < size ? data[0] : size - 1;
		const bool ended = order.ended;

		if (backup_take_piece(&order, bytes_of(data + 1, piece), &sink, NULL) < 0)
			break;
		if (ended || order.files != seen.files)
			abort();
		data += 1 + piece;
		size -= 1 + piece;
	}
	return 0;
}
