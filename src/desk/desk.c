/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a desk: its folder, its database, its SOP, its ledger. */
#include "desk/desk.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "desk/embedded.h"
#include "desk/files.h"
#include "store/square_steps.h"

static int path_in(char out[PATH_MAX], const char *folder, const char *name, struct err *err)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", folder, name);

	return size > 0 && size < PATH_MAX ? 0 : err_set(err, 0, "a path is too long");
}

int desk_init(const char *data_dir, struct err *err)
{
	char desk[PATH_MAX], square[PATH_MAX], sop[PATH_MAX];

	if (path_in(desk, data_dir, "desk", err) < 0 ||
		path_in(square, data_dir, "square", err) < 0 ||
		path_in(sop, data_dir, "desk/sop.ini", err) < 0)
		return -1;
	if (file_make_folder(desk, 0700, err) < 0 || file_make_folder(square, 0700, err) < 0)
		return -1;
	if (access(sop, F_OK) < 0 &&
		file_write(sop, 0644, bytes_from_str(sop_default_text), err) < 0)
		return -1;
	return ledger_init(desk, err);
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
	desk->folder = strdup(path);
	if (path_in(path, data_dir, "desk/sop.ini", err) < 0 ||
		sop_load(path, &desk->sop, err) < 0 ||
		path_in(path, data_dir, "square/square.db", err) < 0 ||
		db_open(path, DB_WRITE, &desk->writer, err) < 0 ||
		db_migrate(desk->writer, square_steps, err) < 0 ||
		db_open(path, DB_READ, &desk->reader, err) < 0)
		return -1;
	return ledger_open(&desk->ledger, desk->folder, desk->writer, err);
}

void desk_close(struct desk *desk)
{
	ledger_close(&desk->ledger);
	db_close(desk->reader);
	db_close(desk->writer);
	free(desk->folder);
	memset(desk, 0, sizeof(*desk));
}

void reply_error(struct reply *reply, int status, const char *text)
{
	reply->status = status;
	reply->body = json_pack("{s:s}", "error", text);
}

void desk_sop_show(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	json_t *categories = json_array();

	for (int i = 0; i < sop->category_count; i++) {
		const struct sop_category *c = &sop->categories[i];
		json_t *clocks = json_object();

		for (enum lane lane = 0; lane < LANE_COUNT; lane++)
			json_object_set_new(
				clocks, lane_name(lane), json_integer(c->clock_s[lane] / 3600));
		json_array_append_new(
			categories, json_pack("{s:s, s:s, s:s, s:I, s:o}", "category", c->name,
					    "title", c->title, "dsa_category", c->dsa_category,
					    "harm", (json_int_t)c->harm, "clock_hours", clocks));
	}
	reply->body = json_pack("{s:o, s:I, s:{s:b, s:b}, s:{s:b, s:b}, s:{s:I, s:s}}",
		"categories", categories, "lease_minutes", (json_int_t)(sop->lease_s / 60),
		"decide", "moderator", sop->moderator_decides, "lead", sop->lead_decides, "reverse",
		"moderator", sop->moderator_reverses, "lead", sop->lead_reverses, "appeal", "days",
		(json_int_t)sop->appeal_days, "contact", sop->appeal_contact);
}
