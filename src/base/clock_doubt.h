/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the time of day may be deleted by. A clock that is set ahead by mistake makes everything
 * old at once; what is deleted then is gone, also when the clock is right again. So after a step
 * ahead such work waits, for somebody to look, or for the clock to come back. Of a step while the
 * process did not run nobody knows.
 */
#ifndef BASE_CLOCK_DOUBT_H
#define BASE_CLOCK_DOUBT_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_STEP_MAX_S 3600 /* further ahead, at once, is doubted */
#define CLOCK_DOUBT_S 3600    /* for so long, by the monotonic clock */

/* All zero before the first look. One thread. */
struct clock_doubt {
	int64_t apart_us; /* what was last believed of how far the clocks are apart */
	int64_t until_us; /* by the monotonic clock; 0: there is no doubt */
	bool begun;
};

/* Every few seconds. Logs when doubt begins and ends. True: not now. */
bool clock_doubt_look(struct clock_doubt *doubt, int64_t realtime_us, int64_t monotonic_us);

#endif
