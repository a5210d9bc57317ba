/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that clients offer of the service bot: "menu" and "menu_group" of sop/bot.ini as
 * requests of setMyCommands. Pure. */
#ifndef DESK_MENU_H
#define DESK_MENU_H

#include <stddef.h>

#include "base/arena.h"

#define MENUS 4 /* for everywhere and for groups, in each language */

/* The n-th request as JSON, in the arena. */
struct bytes menu_request(struct arena *arena, size_t n);

#endif
