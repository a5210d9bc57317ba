/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a channel. What is small goes with the call; of what is large the call takes the
 * channel itself, so that nobody finds it any more, and upkeep takes the rest piece by piece. */
#ifndef CORE_CHANNEL_END_H
#define CORE_CHANNEL_END_H

#include "core/channels/channels.h"

#define CHANNEL_END_ROWS_MAX 1000 /* members, and posts, that one call takes away */

/* For upkeep. True: more is left. */
bool channels_end_some(struct call *call);

#endif
