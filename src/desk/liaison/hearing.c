/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/liaison/hearing.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "desk/liaison/menu.h"

#define POLL_S 25
#define WAIT_S (POLL_S + 10)
#define UPDATES_MAX 20
#define PAUSE_MS 1000
#define MARK "bot_update"

/* What can't be taken in is left out whole, and never stands in the way of the next. */
static void take_one(struct hearing *hearing, struct arena *arena, const json_t *update)
{
	struct desk *desk = hearing->desk;
	struct db *db = desk->writer;
	struct heard heard;
	bool failed;

	heard_read(arena, update, &heard);
	if (heard.update <= desk_mark_get(db, MARK))
		return;
	db_savepoint(db);
	dialogue_hear(desk, db, arena, clock_unix_s(desk->clock), &hearing->help, &heard);
	failed = db_failed(db);
	if (failed)
		log_error(
			"update_lost", "update %lld: %s", (long long)heard.update, db_failure(db));
	db_savepoint_end(db, !failed);
	desk_mark_set(db, MARK, heard.update);
}

int hearing_take(struct hearing *hearing, struct bytes answer)
{
	json_t *root =
		answer.size ? json_loadb((const char *)answer.data, answer.size, 0, NULL) : NULL;
	const json_t *updates = json_object_get(root, "result");
	struct arena arena;
	int rc = json_is_array(updates) ? 0 : -1;

	if (json_array_size(updates) > 0) {
		arena_init(&arena);
		db_begin(hearing->desk->writer);
		for (size_t i = 0; i < json_array_size(updates); i++) {
			take_one(hearing, &arena, json_array_get(updates, i));
			arena_reset(&arena);
		}
		desk_dialogues_drop(hearing->desk->writer,
			clock_unix_s(hearing->desk->clock) - DIALOGUE_KEPT_S);
		rc = db_commit(hearing->desk->writer);
		arena_release(&arena);
	}
	json_decref(root);
	return rc;
}

static int64_t now_ms(const struct hearing *hearing)
{
	return clock_monotonic_us(hearing->desk->clock) / 1000;
}

/* A messenger whose home is older than the mark (it came back from a backup) says that we confirm
 * what it has never told. What it has to tell is heard from the beginning: some of it may have been
 * heard before, none of it is lost. */
static bool begin_again(struct hearing *hearing, const struct courier_answer *answer)
{
	static const char ahead[] = "OFFSET_AHEAD";
	struct db *db = hearing->desk->writer;

	if (answer->status != 400 ||
		!memmem(answer->body.data, answer->body.size, ahead, sizeof(ahead) - 1))
		return false;
	log_warn("updates_begin_again", "the messenger's home is older than what was heard last");
	db_begin(db);
	desk_mark_set(db, MARK, 0);
	return db_commit(db) == 0;
}

static void on_answer(void *ctx, const struct courier_answer *answer)
{
	struct hearing *hearing = ctx;

	hearing->asking = false;
	if (begin_again(hearing, answer)) {
		hearing_look(hearing);
		return;
	}
	if (answer->status != 200 || hearing_take(hearing, answer->body) < 0) {
		hearing->again_ms = now_ms(hearing) + PAUSE_MS;
		return;
	}
	hearing->heard(hearing->ctx);
	hearing_look(hearing);
}

static void on_menu(void *ctx, const struct courier_answer *answer)
{
	struct hearing *hearing = ctx;

	hearing->asking = false;
	if (answer->status == 0 || answer->status >= 500) {
		hearing->again_ms = now_ms(hearing) + PAUSE_MS;
		return;
	}
	if (answer->status != 200)
		log_warn("menu_refused", "menu %zu: %d", hearing->menus, answer->status);
	hearing->menus++;
	hearing_look(hearing);
}

static void say_menu(struct hearing *hearing)
{
	struct arena arena;

	arena_init(&arena);
	hearing->asking = courier_ask(hearing->courier, COURIER_LISTENS, "setMyCommands",
		menu_request(&arena, hearing->menus), WAIT_S, on_menu, hearing);
	arena_release(&arena);
}

void hearing_look(struct hearing *hearing)
{
	char body[192];
	int64_t last;

	dialogue_help_log(&hearing->help, clock_unix_s(hearing->desk->clock));
	if (!hearing->courier || hearing->asking || now_ms(hearing) < hearing->again_ms)
		return;
	if (hearing->menus < MENUS) {
		say_menu(hearing);
		return;
	}
	db_begin(hearing->desk->reader);
	last = desk_mark_get(hearing->desk->reader, MARK);
	db_rollback(hearing->desk->reader);
	snprintf(body, sizeof(body),
		"{\"offset\":%lld,\"limit\":%d,\"timeout\":%d,"
		"\"allowed_updates\":[\"message\",\"callback_query\"]}",
		(long long)last + 1, UPDATES_MAX, POLL_S);
	hearing->asking = courier_ask(hearing->courier, COURIER_LISTENS, "getUpdates",
		bytes_from_str(body), WAIT_S, on_answer, hearing);
}
