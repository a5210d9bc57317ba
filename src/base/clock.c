/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the system's clocks. Tests bring their own struct clock. */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
	struct timespec now = {0};

	clock_gettime(id, &now); /* can't fail for these two */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_realtime_us(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_REALTIME);
}

static int64_t system_monotonic_us(void *ctx)
{
	(void)ctx;
	return read_us(CLOCK_MONOTONIC);
}

const struct clock clock_system = {system_realtime_us, system_monotonic_us, NULL};
