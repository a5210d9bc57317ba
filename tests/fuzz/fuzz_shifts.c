/* SPDX-License-Identifier: Apache-2.0 */
/* Weekly hours and lists as operators type them: whatever is taken has an hour of duty in its week,
 * the same in every week, and whatever a list is taken for is made of its items. */
#include <stdint.h>
#include <stdlib.h>

#include "desk/people/shifts.h"

#define MINUTE_S 60
#define WEEK_S 604800

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_shifts(struct bytes text)
{
	bool ever = false;

	if (!shifts_are_right(text))
		return;
	for (int64_t at = 0; at < WEEK_S && !ever; at += MINUTE_S) {
		ever = shifts_on_duty(text, at);
		require(ever == shifts_on_duty(text, at + 52 * (int64_t)WEEK_S));
	}
	require(ever);
}

static void check_list(struct bytes commas)
{
	struct bytes rest = commas, item;

	while ((item = list_next(&rest)).data)
		require(list_has(commas, item));
	if (langs_are_right(commas) && commas.size)
		require(commas.data[0] != ',' && commas.data[commas.size - 1] != ',');
	if (regions_are_right(commas))
		require(commas.size != 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size};

	check_shifts(text);
	if (size < 4096) /* the items of a list are compared with one another */
		check_list(text);
	return 0;
}
