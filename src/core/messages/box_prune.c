/* SPDX-License-Identifier: Apache-2.0 */
/* Forgetting what devices that were away would be told: events and changes past their age, and
 * events beyond a number. Whoever was away longer starts afresh (core/messages/box_difference.c).
 */
#include "core/messages/box.h"

#include "store/home_changes.h"
#include "store/home_events.h"

/* Of one call: some ten milliseconds of the write executor. */
#define BOXES_PER_LOOK 200
#define ROWS_PER_LOOK 2000

static bool has_old_events(const struct home_log *log, int64_t before_s)
{
	return log->oldest_pts &&
	       (log->oldest_s < before_s || log->oldest_pts <= log->pts - BOX_EVENTS_KEPT);
}

bool boxes_prune(struct call *call, int64_t *cursor)
{
	const int64_t before_s = call->now_s - BOX_EVENTS_KEPT_S;
	struct home_log *logs = arena_array(call->arena, BOXES_PER_LOOK, sizeof(*logs));
	size_t count = home_logs_after(call_home(call), *cursor, logs, BOXES_PER_LOOK);
	int64_t left = ROWS_PER_LOOK;

	for (size_t i = 0; i < count; i++) {
		const struct home_log *log = &logs[i];

		if (has_old_events(log, before_s))
			left -= home_events_purge(call_home(call), log->owner,
				log->pts - BOX_EVENTS_KEPT, before_s, left);
		if (left > 0)
			left -= home_changes_purge(call_home(call), log->owner, before_s, left);
		if (left <= 0)
			return true; /* this one may have more */
		*cursor = log->owner;
	}
	if (count == BOXES_PER_LOOK)
		return true;
	*cursor = 0;
	return false;
}
