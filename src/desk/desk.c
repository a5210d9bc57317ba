/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a desk: its folder, its database, its SOP, its ledger. */
#include "desk/desk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/cases/case_state.h"
#include "desk/embedded.h"
#include "desk/cases/files.h"
#include "desk/lanes/form.h"
#include "desk/cases/projections.h"
#include "desk/lanes/reports.h"
#include "desk/sop/sop_versions.h"
#include "store/square_steps.h"

static int path_in(char out[PATH_MAX], const char *folder, const char *name, struct err *err)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", folder, name);

	return size > 0 && size < PATH_MAX ? 0 : err_set(err, 0, "a path is too long");
}

int desk_init(const char *data_dir, struct err *err)
{
	char desk[PATH_MAX], square[PATH_MAX], sop[PATH_MAX], people[PATH_MAX];

	if (path_in(desk, data_dir, "desk", err) < 0 ||
		path_in(square, data_dir, "square", err) < 0 ||
		path_in(sop, data_dir, "desk/sop.ini", err) < 0 ||
		path_in(people, data_dir, "desk/people.key", err) < 0)
		return -1;
	if (file_make_folder(desk, 0700, err) < 0 || file_make_folder(square, 0700, err) < 0)
		return -1;
	if (access(sop, F_OK) < 0 &&
		file_write(sop, 0644, bytes_from_str(sop_default_text), err) < 0)
		return -1;
	if (access(people, F_OK) < 0 && keybox_create(people, err) < 0)
		return -1;
	return ledger_init(desk, err);
}

/* The operator's SOP is kept as it is: its clocks are promises. What the program came to know since
 * it was written, he is told. */
static void tell_news(const struct sop *own)
{
	const char *names[SOP_CATEGORIES_MAX];
	static struct sop shipped; /* too large for a stack */
	struct err err = {0};
	struct buf text;
	int count;

	if (sop_parse(sop_default_text, &shipped, &err) < 0) {
		log_error("sop_default", "%s", err.text);
		return;
	}
	count = sop_missing(own, &shipped, names);
	buf_init(&text, BUF_MAX_DEFAULT);
	for (int i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", names[i]);
	if (count)
		log_info("sop_lacks", "sop.ini has no category %.*s, which a new one has",
			(int)buf_size(&text), (const char *)buf_data(&text));
	buf_release(&text);
}

/* Where the tables of people can be opened. */
static int open_people(struct desk *desk, struct err *err)
{
	char path[PATH_MAX];

	if (path_in(path, desk->folder, "people.key", err) < 0)
		return -1;
	desk->people = keybox_load(path, err);
	return desk->people ? password_hash(BYTES_LITERAL("nobody's"), desk->decoy, err) : -1;
}

/* A chain that does not hold is the auditor's to find: the desk works on, with the tables it has.
 */
static void renew_projections(struct db *db)
{
	struct err err = {0};
	bool stale;

	db_begin(db);
	stale = desk_mark_get(db, "projections") < PROJECTIONS_VERSION;
	db_rollback(db);
	if (stale && cases_rebuild(db, &err) < 0)
		log_error("not_rebuilt", "what is derived from events is incomplete: %s", err.text);
}

int desk_open(struct desk *desk, const char *data_dir, const struct clock *clock,
	const struct random *random, struct err *err)
{
	char path[PATH_MAX];

	memset(desk, 0, sizeof(*desk));
	desk->clock = clock;
	desk->random = random;
	if (path_in(path, data_dir, "desk", err) < 0)
		return -1;
	desk->folder = mem_strdup(path);
	if (path_in(path, data_dir, "square/square.db", err) < 0 ||
		db_open(path, DB_WRITE, &desk->writer, err) < 0 ||
		db_migrate(desk->writer, square_steps, err) < 0 ||
		db_open(path, DB_READ, &desk->reader, err) < 0 ||
		path_in(path, data_dir, "desk/sop.ini", err) < 0 ||
		sop_start(path, desk->writer, clock_unix_s(clock), &desk->sop, err) < 0)
		return -1;
	tell_news(&desk->sop);
	renew_projections(desk->writer);
	if (open_people(desk, err) < 0 || desk_reports_offer(desk, err) < 0)
		return -1;
	return ledger_open(&desk->ledger, desk->folder, desk->writer, err);
}

void desk_close(struct desk *desk)
{
	ledger_close(&desk->ledger);
	keybox_free(desk->people);
	db_close(desk->reader);
	db_close(desk->writer);
	free(desk->folder);
	memset(desk, 0, sizeof(*desk));
}

bool ask_may(const struct ask *ask, enum desk_action action)
{
	return desk_may(&ask->who, action, &ask->desk->sop);
}

bool ask_may_decide(const struct ask *ask, struct bytes category)
{
	const struct sop_category *c =
		sop_category(&ask->desk->sop, arena_str(ask->arena, category));

	if (!ask_may(ask, ACT_DECIDE))
		return false;
	return !c || (ask->who.role == ROLE_LEAD ? c->lead_decides : c->moderator_decides);
}

bool ask_may_about(const struct ask *ask, struct bytes category)
{
	return desk_may_about(&ask->who, category);
}

bool ask_may_in(const struct ask *ask, struct bytes countries)
{
	return desk_may_in(&ask->who, countries);
}

bool ask_form(struct ask *ask, struct form *form, struct reply *reply)
{
	if (form_open(form, ask->arena, ask->body))
		return true;
	form_release(form);
	reply_error(reply, 400, "the body is no JSON object");
	return false;
}

bool ask_form_end(struct form *form, struct reply *reply)
{
	bool ok = form_ok(form);

	if (!ok) {
		reply->status = 422;
		reply->body = form_problems(form);
	}
	form_release(form);
	return ok;
}

void reply_error(struct reply *reply, int status, const char *text)
{
	reply->status = status;
	reply->body = json_pack("{s:s}", "error", text);
}
