/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The counts of each day, as a short text in a public channel by the service bot: [daily] of the
 * SOP names the channel, where the bot must be an admin. Once for each day, over restarts too.
 */
#ifndef DESK_DAILY_H
#define DESK_DAILY_H

#include "desk/desk.h"

#define DAILY_BACK_MAX 7 /* days that are made up for after the desk was away */

/* Puts what is due into the outbox: the days up to yesterday (UTC). To be called about every
 * second. */
void desk_daily_tick(struct desk *desk);

#endif
