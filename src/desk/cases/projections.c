/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/projections.h"

#include "desk/quality/accuracy.h"
#include "desk/appeals/appeals.h"
#include "desk/cases/clocks.h"
#include "desk/cases/holds.h"
#include "desk/figures/metrics.h"
#include "desk/quality/quality.h"
#include "desk/cases/strikes.h"
#include "desk/cases/work.h"

/* Each owner declares its own in its header. The list ends with NULL. */
static const struct projection *const projections[] = {
	&clock_projection,
	&hold_projection,
	&metrics_projection,
	&strikes_projection,
	&work_projection,
	&appeals_projection,
	&rulings_projection,
	&verdicts_projection,
	&reviews_projection,
	NULL,
};

void projections_clear(struct db *db)
{
	for (const struct projection *const *p = projections; *p; p++)
		(*p)->clear(db);
}

void projections_apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *event)
{
	json_t *data;

	if (!projections[0])
		return;
	data = json_loadb((const char *)event->data.data, event->data.size, 0, NULL);
	for (const struct projection *const *p = projections; *p; p++)
		(*p)->apply(db, arena, after, event, data);
	json_decref(data);
}
