/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/sop/sop_versions.h"

#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk/embedded.h"
#include "store/square_sops.h"

/* What is not in the file is as shipped: the version is both texts. */
static void name_version(struct arena *arena, struct bytes text, struct sop *out)
{
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256_parts(
		(struct bytes[]){text, BYTES_LITERAL("\0"), bytes_from_str(sop_default_text)}, 3,
		hash);
	snprintf(out->hash, sizeof(out->hash), "%s", text_hex(arena, bytes_of(hash, sizeof(hash))));
}

static int keep(struct db *db, struct bytes text, int64_t now_s, struct sop *out, struct err *err)
{
	const struct square_sop row = {.hash = bytes_from_str(out->hash),
		.text = text,
		.defaults = bytes_from_str(sop_default_text),
		.since_s = now_s};

	db_begin(db);
	out->version = square_sop_keep(db, &row);
	if (db_commit(db) < 0)
		return err_set(err, 0, "the SOP can't be kept in the square");
	log_info("sop_in_force", "version %lld", (long long)out->version);
	return 0;
}

int sop_start(const char *path, struct db *db, int64_t now_s, struct sop *out, struct err *err)
{
	struct arena arena;
	struct buf file;
	int rc;

	arena_init(&arena);
	buf_init(&file, SOP_FILE_MAX);
	rc = sop_file(path, &file, err);
	if (rc == 0)
		rc = sop_parse((const char *)buf_data(&file), out, err);
	if (rc == 0) {
		buf_truncate(&file, buf_size(&file) - 1);
		name_version(&arena, buf_bytes(&file), out);
		rc = keep(db, buf_bytes(&file), now_s, out, err);
	}
	buf_release(&file);
	arena_release(&arena);
	return rc;
}
