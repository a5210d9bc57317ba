/* SPDX-License-Identifier: Apache-2.0 */
#include "desk_fixture.h"

#include <stdlib.h>
#include <unistd.h>

int desk_fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct db *db;

	arena_init(&f->arena);
	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-desk-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	assert_int_equal(desk_init(f->dir, NULL), 0);
	assert_int_equal(desk_open(&f->desk, f->dir, &clock_system, &random_system, NULL), 0);
	db = f->desk.writer;
	db_begin(db);
	db_run(db, "INSERT INTO channels (id, title, about, username, broadcast, date, pts, "
		   "top_id, members, restricted_everywhere) VALUES (7, 'T', '', 'Kabar', 1, 1, 1, "
		   "2, 9, 0)");
	db_run(db, "INSERT INTO usernames (name, peer_kind, peer) VALUES ('kabar', 3, 7)");
	assert_int_equal(db_commit(db), 0);
	desk_fixture_posts(f, 2, 2, "text");
	*state = f;
	return 0;
}

void desk_fixture_posts(struct fixture *f, int32_t from, int32_t to, const char *text)
{
	struct db *db = f->desk.writer;

	db_begin(db);
	for (int32_t id = from; id <= to; id++)
		db_run(db,
			"INSERT INTO posts (channel, id, date, edit_date, action, body, text, "
			"views)"
			" VALUES (7, ?1, 1, 0, 0, x'00', ?2, 1)",
			DB_INT(id), DB_STR(text));
	assert_int_equal(db_commit(db), 0);
}

int desk_fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char command[96];

	desk_close(&f->desk);
	arena_release(&f->arena);
	snprintf(command, sizeof(command), "rm -r %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}
