/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "base/clock_doubt.h"

#include <inttypes.h>

#include "base/log.h"

#define SECOND_US INT64_C(1000000)

bool clock_doubt_look(struct clock_doubt *doubt, int64_t realtime_us, int64_t monotonic_us)
{
	const int64_t apart_us = realtime_us - monotonic_us;
	const int64_t ahead_s = (apart_us - doubt->apart_us) / SECOND_US;
	const bool is_ahead = doubt->begun && ahead_s > CLOCK_STEP_MAX_S;

	if (is_ahead && !doubt->until_us) {
		doubt->until_us = monotonic_us + CLOCK_DOUBT_S * SECOND_US;
		log_error("clock_jumped",
			"the clock is %" PRId64 " s ahead of where it was: nothing is deleted for "
			"its age for %d s. Is it right?",
			ahead_s, CLOCK_DOUBT_S);
	}
	if (is_ahead && monotonic_us < doubt->until_us)
		return true;
	if (doubt->until_us)
		log_warn("clock_believed", "%s: what is old is deleted again",
			is_ahead ? "the clock stayed where it is" : "the clock is back");
	*doubt = (struct clock_doubt){.apart_us = apart_us, .begun = true};
	return false;
}
