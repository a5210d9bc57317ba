/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After a restore clients know more than the server: what was sent after the backup has numbers
 * that would be given out again for something else, and clients would take the new for the old.
 * So every account's sequence goes on above a gap. An event that says nothing covers it: sequences
 * have no holes, and who was behind is told what he missed.
 */
#include "base/clock.h"
#include "server/backup.h"
#include "server/backup_files.h"
#include "store/home_events.h"

/* More than an account gets between two backups; two thousand restores fit. */
#define GAP 1000000
#define HIGHEST (INT32_MAX - 2 * GAP)

static void move_boxes(struct db *db, int64_t now_s)
{
	db_run(db,
		"INSERT INTO events (owner, pts, pts_count, kind, peer_kind, peer, message, ids, "
		"date) SELECT owner, pts + ?1, ?1, ?2, 0, 0, 0, NULL, ?3 FROM boxes"
		" WHERE pts < ?4 AND last_id < ?4",
		DB_INT(GAP), DB_INT(HOME_EVENT_DELETE), DB_INT(now_s), DB_INT(HIGHEST));
	db_run(db,
		"UPDATE boxes SET pts = pts + ?1, last_id = last_id + ?1"
		" WHERE pts < ?2 AND last_id < ?2",
		DB_INT(GAP), DB_INT(HIGHEST));
}

int backup_move_on(const char *dir, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	struct db *db;
	int result = 0;

	if (backup_path(path, dir, "home/home.db", err) < 0 ||
		db_open(path, DB_WRITE, &db, err) < 0)
		return -1;
	db_begin(db);
	move_boxes(db, clock_unix_s(&clock_system));
	if (db_failed(db) || db_commit(db) < 0)
		result = err_set(
			err, 0, "the restored home can't be written to: %s", db_failure(db));
	db_close(db);
	return result;
}
