/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/home_roots.h"

#include <string.h>

/* False: not of that size. */
static bool take(const struct query *q, struct arena *arena, int column, uint8_t *out, size_t size)
{
	struct bytes value = query_bytes(q, arena, column);

	if (value.size != size)
		return false;
	memcpy(out, value.data, size);
	return true;
}

/* The newest comes first. */
static bool read_row(struct query *q, struct arena *arena, bool newest, struct root_chain *out)
{
	const int64_t epoch = query_int(q, 0);

	if (newest) {
		out->epoch = (uint32_t)epoch;
		return epoch > 0 && epoch <= UINT32_MAX &&
		       take(q, arena, 1, out->check, sizeof(out->check)) &&
		       take(q, arena, 2, out->kept, sizeof(out->kept));
	}
	if (out->count >= ARRAY_LEN(out->older) || epoch != (int64_t)out->epoch - out->count - 1)
		return false;
	return take(q, arena, 3, out->older[out->count++], ROOT_SEALED_SIZE);
}

void home_roots_read(struct db *db, struct root_chain *out)
{
	struct query q = db_query(db, "SELECT epoch, root_check, sealed_kept, sealed_root FROM "
				      "root_epochs WHERE epoch >= 0"
				      " ORDER BY epoch DESC");
	struct arena arena;
	bool good = true;

	arena_init(&arena);
	*out = (struct root_chain){0};
	for (bool newest = true; good && query_next(&q); newest = false)
		good = read_row(&q, &arena, newest, out);
	query_end(&q);
	if (!good)
		db_fail(db, "the rows of root_epochs are no chain");
	arena_release(&arena);
}

void home_roots_write(struct db *db, const struct root_chain *chain, int64_t now_s)
{
	db_run(db, "DELETE FROM root_epochs WHERE epoch <= ?1", DB_INT(chain->epoch));
	db_run(db,
		"INSERT INTO root_epochs (epoch, root_check, sealed_kept, made_at)"
		" VALUES (?1, ?2, ?3, ?4)",
		DB_INT(chain->epoch), DB_BYTES(bytes_of(chain->check, sizeof(chain->check))),
		DB_BYTES(bytes_of(chain->kept, sizeof(chain->kept))), DB_INT(now_s));
	for (uint32_t i = 0; i < chain->count; i++)
		db_run(db,
			"INSERT INTO root_epochs (epoch, sealed_root, made_at) VALUES (?1, ?2, ?3)",
			DB_INT(chain->epoch - i - 1),
			DB_BYTES(bytes_of(chain->older[i], ROOT_SEALED_SIZE)), DB_INT(now_s));
}

void home_roots_end_older(struct db *db, uint32_t epoch)
{
	db_run(db, "DELETE FROM root_epochs WHERE epoch < ?1", DB_INT(epoch));
}

int64_t home_roots_made_at(struct db *db, uint32_t epoch)
{
	return db_get_int(db, 0, "SELECT made_at FROM root_epochs WHERE epoch = ?1", DB_INT(epoch));
}

int home_roots_load(const char *home, struct root_chain *out, struct err *err)
{
	struct db *db;
	int result = 0;

	if (db_open(home, DB_READ, &db, err) < 0)
		return -1;
	db_begin(db);
	home_roots_read(db, out);
	if (db_failed(db))
		result = err_set(err, 0, "the roots' chain can't be read: %s", db_failure(db));
	db_rollback(db);
	db_close(db);
	return result;
}
