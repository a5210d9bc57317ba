/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/sop/sop_values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/cases/measures.h"

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400
#define TARGET_MAX_S (365 * DAY_S)

const char *sop_set_int(const struct sop_row *row, const char *value, int64_t *at)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(value, &end, 10);
	if (errno || end == value || *end || v < row->min || v > row->max)
		return "must be a whole number within its bounds";
	*at = v * row->scale;
	return NULL;
}

/* "30m", "4h", "7d". Returns the seconds; 0: none. Moves *text behind it. */
static int64_t take_time(const char **text)
{
	char *end;
	long long v;
	int64_t unit = 0;

	errno = 0;
	v = strtoll(*text, &end, 10);
	if (*end == 's')
		unit = 1;
	else if (*end == 'm')
		unit = MINUTE_S;
	else if (*end == 'h')
		unit = HOUR_S;
	else if (*end == 'd')
		unit = DAY_S;
	if (errno || end == *text || !unit || v < 1 || v > TARGET_MAX_S / unit)
		return 0;
	*text = end + 1;
	return v * unit;
}

static const char *set_time(const char *value, int64_t *at)
{
	*at = take_time(&value);
	return *at && !*value ? NULL : "must be a time like 30s, 15m, 4h or 7d, at most 365d";
}

static const char *set_bool(const char *value, bool *at)
{
	*at = strcmp(value, "yes") == 0;
	return *at || strcmp(value, "no") == 0 ? NULL : "must be yes or no";
}

/* The next word of a list with commas; NULL: no more. */
static char *next_word(char **rest)
{
	char *word;

	while ((word = strsep(rest, ", "))) {
		if (*word)
			return word;
	}
	return NULL;
}

/* "moderator, lead" */
static const char *set_roles(const char *value, bool *pair)
{
	static const char must[] = "must be moderator, lead or both";
	char copy[64], *rest = copy, *word;
	int size = snprintf(copy, sizeof(copy), "%s", value);

	if (size < 0 || (size_t)size >= sizeof(copy))
		return must;
	pair[0] = pair[1] = false;
	while ((word = next_word(&rest))) {
		if (strcmp(word, "moderator") == 0)
			pair[0] = true;
		else if (strcmp(word, "lead") == 0)
			pair[1] = true;
		else
			return must;
	}
	return pair[0] || pair[1] ? NULL : must;
}

static const char *set_lanes(const char *value, unsigned *mask)
{
	static const char must[] = "must be names of lanes, like authority, flagger";
	char copy[SOP_TEXT_MAX], *rest = copy, *word;
	int size = snprintf(copy, sizeof(copy), "%s", value);

	if (size < 0 || (size_t)size >= sizeof(copy))
		return must;
	*mask = 0;
	while ((word = next_word(&rest))) {
		enum lane lane = lane_by_name(word);

		if (lane == LANE_COUNT)
			return must;
		*mask |= 1u << lane;
	}
	return *mask ? NULL : must;
}

/* "warn, freeze, remove" */
static const char *set_ladder(const char *value, char *at)
{
	static const char must[] = "must be measures, like warn, freeze, remove";
	char copy[SOP_TEXT_MAX], *rest = copy, *word;
	int size = snprintf(copy, sizeof(copy), "%s", value), steps = 0;

	if (size < 0 || (size_t)size >= sizeof(copy))
		return must;
	memcpy(at, copy, sizeof(copy));
	while ((word = next_word(&rest))) {
		const struct measure *measure = measure_by_name(bytes_from_str(word));

		if (!measure || !measure->orders)
			return must;
		steps++;
	}
	return steps ? NULL : must;
}

static bool set_word(const char *const *words, int count, const char *value, int64_t *at)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], value) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

static const char *set_row(const struct sop_row *row, const char *value, char *base)
{
	void *at = base + row->offset;
	int size;

	switch (row->kind) {
	case ROW_INT:
		return sop_set_int(row, value, at);
	case ROW_TIME:
		return set_time(value, at);
	case ROW_BOOL:
		return set_bool(value, at);
	case ROW_ROLES:
		return set_roles(value, at);
	case ROW_LANES:
		return set_lanes(value, at);
	case ROW_LADDER:
		return set_ladder(value, at);
	case ROW_REACH:
		return set_word(sop_reach_names, REACH_COUNT, value, at)
			       ? NULL
			       : "must be own, union or everywhere";
	case ROW_OBSTACLE:
		return set_word(sop_obstacle_names, OBSTACLE_COUNT, value, at)
			       ? NULL
			       : "must be information, errors or impossible";
	case ROW_TEXT:
		break;
	}
	size = snprintf(at, (size_t)row->max, "%s", value);
	return size >= row->min && size < row->max ? NULL : "is empty or too long";
}

const char sop_unknown[] = "is no setting of this section";

const char *sop_set_row(const struct sop_row *row, const char *name, const char *value, void *base)
{
	while (row->name && strcmp(row->name, name) != 0)
		row++;
	return row->name ? set_row(row, value, base) : sop_unknown;
}

/* ---- Clocks: LANE = acknowledge decide notify; LANE_urgent = the same ---- */

static const char *set_clock(struct sop_clock *clock, const char *value)
{
	static const char must[] = "must be three times: to take it up, to decide, to tell the "
				   "owner, like 15m 1h 24h";
	int64_t *parts[] = {&clock->acknowledge_s, &clock->decide_s, &clock->notify_s};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		value += strspn(value, " \t");
		*parts[i] = take_time(&value);
		if (!*parts[i] || (*value && *value != ' ' && *value != '\t'))
			return must;
	}
	if (*value)
		return must;
	return clock->acknowledge_s <= clock->decide_s
		       ? NULL
		       : "must give no more time to take it up than to decide";
}

/* LANE_hours: the time to decide alone, as SOPs said it that had one clock for each lane. */
static const char *set_hours(struct sop_clock *clocks, const char *value)
{
	static const struct sop_row hours = {"", ROW_INT, 0, 1, 8760, HOUR_S};
	const char *must = sop_set_int(&hours, value, &clocks[ORDINARY].decide_s);

	clocks[URGENT].decide_s = clocks[ORDINARY].decide_s;
	return must;
}

const char *sop_set_clock(struct sop_clock clocks[LANE_COUNT][URGENCY_COUNT], const char *name,
	const char *value, bool hours)
{
	for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
		size_t size = strlen(lane_name(lane));

		if (strncmp(name, lane_name(lane), size) != 0)
			continue;
		if (!name[size])
			return set_clock(&clocks[lane][ORDINARY], value);
		if (strcmp(name + size, "_urgent") == 0)
			return set_clock(&clocks[lane][URGENT], value);
		if (hours && strcmp(name + size, "_hours") == 0)
			return set_hours(clocks[lane], value);
	}
	return sop_unknown;
}
