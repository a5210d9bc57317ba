/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A setting is one row of a table below. */
#include "desk/sop.h"

#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/files.h"

#define SOP_FILE_MAX 65536
#define HOUR_S 3600

static const char *const lane_names[LANE_COUNT] = {
	[LANE_SENSOR] = "sensor",
	[LANE_USER] = "user",
	[LANE_FLAGGER] = "flagger",
	[LANE_AUTHORITY] = "authority",
};

const char *lane_name(enum lane lane)
{
	return lane_names[lane];
}

enum lane lane_by_name(const char *name)
{
	enum lane lane = 0;

	while (lane < LANE_COUNT && strcmp(lane_names[lane], name) != 0)
		lane++;
	return lane;
}

enum row_kind { ROW_TEXT, ROW_INT, ROW_ROLES };

struct row {
	const char *name;
	enum row_kind kind;
	size_t offset;
	int64_t min, max, scale; /* of ROW_INT */
};

#define CATEGORY(field) offsetof(struct sop_category, field)
static const struct row category_rows[] = {
	{"title", ROW_TEXT, CATEGORY(title), 0, 0, 0},
	{"dsa_category", ROW_TEXT, CATEGORY(dsa_category), 0, 0, 0},
	{"harm", ROW_INT, CATEGORY(harm), 0, 100, 1},
	{"authority_hours", ROW_INT, CATEGORY(clock_s[LANE_AUTHORITY]), 1, 8760, HOUR_S},
	{"flagger_hours", ROW_INT, CATEGORY(clock_s[LANE_FLAGGER]), 1, 8760, HOUR_S},
	{"user_hours", ROW_INT, CATEGORY(clock_s[LANE_USER]), 1, 8760, HOUR_S},
	{"sensor_hours", ROW_INT, CATEGORY(clock_s[LANE_SENSOR]), 1, 8760, HOUR_S},
	{NULL, ROW_TEXT, 0, 0, 0, 0},
};

/* A role list fills two neighbouring bools: moderator, lead. */
#define SOP(field) offsetof(struct sop, field)
static const struct row claim_rows[] = {
	{"lease_minutes", ROW_INT, SOP(lease_s), 1, 1440, 60},
	{NULL, ROW_TEXT, 0, 0, 0, 0},
};
static const struct row role_rows[] = {
	{"decide", ROW_ROLES, SOP(moderator_decides), 0, 0, 0},
	{"reverse", ROW_ROLES, SOP(moderator_reverses), 0, 0, 0},
	{NULL, ROW_TEXT, 0, 0, 0, 0},
};
static const struct row appeal_rows[] = {
	{"days", ROW_INT, SOP(appeal_days), 1, 3650, 1},
	{"contact", ROW_TEXT, SOP(appeal_contact), 0, 0, 0},
	{NULL, ROW_TEXT, 0, 0, 0, 0},
};
_Static_assert(SOP(lead_decides) == SOP(moderator_decides) + 1, "a pair of bools");
_Static_assert(SOP(lead_reverses) == SOP(moderator_reverses) + 1, "a pair of bools");

static int set_int(const struct row *row, const char *value, void *at)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(value, &end, 10);
	if (errno || end == value || *end || v < row->min || v > row->max)
		return -1;
	*(int64_t *)at = v * row->scale;
	return 0;
}

/* "moderator, lead" */
static int set_roles(const char *value, bool *pair)
{
	char copy[64], *rest = copy, *word;
	int size = snprintf(copy, sizeof(copy), "%s", value);

	if (size < 0 || (size_t)size >= sizeof(copy))
		return -1;
	pair[0] = pair[1] = false;
	while ((word = strsep(&rest, ", "))) {
		if (!*word)
			continue;
		if (strcmp(word, "moderator") == 0)
			pair[0] = true;
		else if (strcmp(word, "lead") == 0)
			pair[1] = true;
		else
			return -1;
	}
	return pair[0] || pair[1] ? 0 : -1;
}

static int set_row(const struct row *row, const char *value, char *base)
{
	int size;

	if (row->kind == ROW_INT)
		return set_int(row, value, base + row->offset);
	if (row->kind == ROW_ROLES)
		return set_roles(value, (bool *)(base + row->offset));
	size = snprintf(base + row->offset, SOP_TEXT_MAX, "%s", value);
	return size > 0 && size < SOP_TEXT_MAX ? 0 : -1;
}

struct reading {
	struct sop *sop;
	struct err *err;
	bool failed;
};

static struct sop_category *category_named(struct sop *sop, const char *name)
{
	struct sop_category *c;

	for (int i = 0; i < sop->category_count; i++) {
		if (strcmp(sop->categories[i].name, name) == 0)
			return &sop->categories[i];
	}
	if (sop->category_count == SOP_CATEGORIES_MAX || !*name || strlen(name) >= SOP_NAME_MAX ||
		name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")])
		return NULL;
	c = &sop->categories[sop->category_count++];
	memcpy(c->name, name, strlen(name) + 1);
	return c;
}

static int on_setting(void *ctx, const char *section, const char *name, const char *value)
{
	static const char prefix[] = "category ";
	struct reading *r = ctx;
	const struct row *row = NULL;
	void *base = r->sop;

	if (strncmp(section, prefix, sizeof(prefix) - 1) == 0) {
		base = category_named(r->sop, section + sizeof(prefix) - 1);
		row = category_rows;
	} else if (strcmp(section, "claim") == 0) {
		row = claim_rows;
	} else if (strcmp(section, "roles") == 0) {
		row = role_rows;
	} else if (strcmp(section, "appeal") == 0) {
		row = appeal_rows;
	}
	while (row && row->name && strcmp(row->name, name) != 0)
		row++;
	if (base && row && row->name && set_row(row, value, base) == 0)
		return 1;
	r->failed = true;
	err_set(r->err, 0, "the SOP has no such setting, or its value is out of bounds: [%s] %s",
		section, name);
	return 0;
}

static int sop_complete(const struct sop *sop, struct err *err)
{
	if (sop->category_count == 0)
		return err_set(err, 0, "the SOP has no category");
	for (int i = 0; i < sop->category_count; i++) {
		const struct sop_category *c = &sop->categories[i];

		if (!*c->title)
			return err_set(err, 0, "[category %s] has no title", c->name);
		for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
			if (!c->clock_s[lane])
				return err_set(err, 0, "[category %s] has no clock for the lane %s",
					c->name, lane_name(lane));
		}
	}
	if (!sop->lease_s || !sop->appeal_days || !*sop->appeal_contact ||
		!(sop->moderator_decides || sop->lead_decides) ||
		!(sop->moderator_reverses || sop->lead_reverses))
		return err_set(err, 0, "the SOP lacks [claim], [roles] or [appeal] settings");
	return 0;
}

int sop_parse(const char *text, struct sop *out, struct err *err)
{
	struct reading reading = {.sop = out, .err = err};
	int line;

	memset(out, 0, sizeof(*out));
	line = ini_parse_string(text, on_setting, &reading);
	if (reading.failed)
		return -1;
	if (line != 0)
		return err_set(err, 0, "line %d of the SOP can't be read", line);
	return sop_complete(out, err);
}

int sop_load(const char *path, struct sop *out, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, SOP_FILE_MAX);
	rc = file_read(path, &text, err);
	if (rc == 0) {
		buf_append_u8(&text, 0);
		rc = sop_parse((const char *)buf_data(&text), out, err);
	}
	buf_release(&text);
	return rc;
}

const struct sop_category *sop_category(const struct sop *sop, const char *name)
{
	for (int i = 0; i < sop->category_count; i++) {
		if (strcmp(sop->categories[i].name, name) == 0)
			return &sop->categories[i];
	}
	return NULL;
}
