/* SPDX-License-Identifier: Apache-2.0 */
/* Time as a thing that is passed in, so that tests can step it. Thread-safe. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
	int64_t (*realtime_us)(void *ctx);  /* since 1970, may step */
	int64_t (*monotonic_us)(void *ctx); /* never steps back */
	void *ctx;
};

extern const struct clock clock_system;

static inline int64_t clock_realtime_us(const struct clock *c)
{
	return c->realtime_us(c->ctx);
}

static inline int64_t clock_monotonic_us(const struct clock *c)
{
	return c->monotonic_us(c->ctx);
}

static inline int64_t clock_unix_s(const struct clock *c)
{
	return c->realtime_us(c->ctx) / 1000000;
}

/* Whether what is done every so many seconds, next at at_s, is to be done now: also when the clock
 * was set back since at_s was made. */
static inline bool clock_is_due(int64_t now_s, int64_t at_s, int64_t every_s)
{
	return now_s >= at_s || at_s - now_s > every_s;
}

#endif
