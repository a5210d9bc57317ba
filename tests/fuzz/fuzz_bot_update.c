/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers send to the service bot: an update as the messenger tells it, read and taken by a
 * desk in memory on which one account is an officer's. Whatever it says, it leaves a database that
 * works, and at most what one message may cause.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "desk/liaison/dialogue.h"
#include "desk/embedded.h"
#include "store/square_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OFFICER 5001

static struct desk desk;

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* What is kept of people is sealed: with a key of this run. */
static struct keybox *new_key(void)
{
	char folder[] = "/tmp/lontar-fuzz-XXXXXX", path[sizeof(folder) + 8];
	struct keybox *box;

	require(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/key", folder);
	require(keybox_create(path, NULL) == 0);
	box = keybox_load(path, NULL);
	require(box && unlink(path) == 0 && rmdir(folder) == 0);
	return box;
}

static void open_desk(void)
{
	const struct desk_grant grant = {.role = bytes_from_str("authority"),
		.name = bytes_from_str("Ministry"),
		.langs = bytes_from_str("en"),
		.country = bytes_from_str("ID")};
	struct desk_officer officer = {.name = bytes_from_str("Siti"),
		.username = bytes_from_str("siti_r"),
		.user_id = OFFICER};

	desk.clock = &clock_system;
	desk.random = &random_system;
	desk.people = new_key();
	require(db_open(":memory:", DB_WRITE, &desk.writer, NULL) == 0);
	require(db_migrate(desk.writer, square_steps, NULL) == 0);
	require(sop_parse(sop_default_text, &desk.sop, NULL) == 0);
	db_begin(desk.writer);
	officer.grant_id = desk_grant_insert(desk.writer, bytes_from_str("x"), &grant);
	desk_officer_insert(desk.writer, &officer);
	desk_chat_bind(desk.writer, -7, officer.grant_id, 1);
	db_run(desk.writer,
		"INSERT INTO channels (id, title, about, username, broadcast, date, pts, top_id, "
		"members, restricted_everywhere) VALUES (7, 'T', '', 'Kabar', 1, 1, 1, 2, 9, 0)");
	db_run(desk.writer, "INSERT INTO usernames (name, peer_kind, peer) VALUES ('kabar', 3, 7)");
	require(db_commit(desk.writer) == 0);
}

static int64_t said_so_far(void)
{
	return db_get_int(desk.writer, 0, "SELECT count(*) FROM desk_outbox");
}

/* Several updates, a line each: a dialogue has steps. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size), line;
	struct arena arena;

	if (!desk.writer)
		open_desk();
	arena_init(&arena);
	db_begin(desk.writer);
	while (rest.size > 0) {
		const uint8_t *end = memchr(rest.data, '\n', rest.size);
		int64_t said = said_so_far();
		struct heard heard;
		json_t *update;

		line = bytes_of(rest.data, end ? (size_t)(end - rest.data) : rest.size);
		rest = bytes_of(rest.data + line.size + (end ? 1 : 0),
			rest.size - line.size - (end ? 1 : 0));
		update = json_loadb((const char *)line.data, line.size, 0, NULL);
		heard_read(&arena, update, &heard);
		require(heard.kind == HEARD_NOTHING || heard.chat != 0);
		dialogue_hear(&desk, desk.writer, &arena, 1000000, NULL, &heard);
		require(!db_failed(desk.writer));
		require(said_so_far() <= said + 1);
		json_decref(update);
	}
	db_rollback(desk.writer);
	arena_release(&arena);
	return 0;
}
