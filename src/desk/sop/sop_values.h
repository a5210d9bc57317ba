/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of the SOP's settings, and settings as rows of a table. Each function takes the value and
 * returns NULL, or what it must be, in words that go behind the setting's name.
 */
#ifndef DESK_SOP_VALUES_H
#define DESK_SOP_VALUES_H

#include <stddef.h>

#include "desk/sop/sop.h"

enum sop_row_kind {
	ROW_TEXT,
	ROW_INT,
	ROW_TIME,
	ROW_BOOL,
	ROW_ROLES,
	ROW_LANES,
	ROW_LADDER,
	ROW_REACH,
	ROW_OBSTACLE
};

struct sop_row {
	const char *name; /* NULL: the end */
	enum sop_row_kind kind;
	size_t offset;
	int64_t min, max, scale; /* of ROW_INT; of ROW_TEXT max is its size */
};

/* What is said of a name that no row has. Compare the pointer. */
extern const char sop_unknown[];

const char *sop_set_int(const struct sop_row *row, const char *value, int64_t *at);
const char *sop_set_row(
	const struct sop_row *rows, const char *name, const char *value, void *base);
/* In [SECTION], one of those that there is one of. */
const char *sop_set_in_section(
	const char *section, const char *name, const char *value, struct sop *sop);
/* NAME is LANE or LANE_urgent: three times; hours: also LANE_hours, the time to decide alone, as
 * SOPs said it that had one clock for each lane. */
const char *sop_set_clock(struct sop_clock clocks[LANE_COUNT][URGENCY_COUNT], const char *name,
	const char *value, bool hours);

#endif
