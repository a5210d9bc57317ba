/* SPDX-License-Identifier: Apache-2.0 */
/* A desk on a folder of its own, with no home anywhere, and a public channel 7, @Kabar, whose
 * newest post is 2. */
#ifndef DESK_FIXTURE_H
#define DESK_FIXTURE_H

#include "../unit.h"

#include "desk/desk.h"

struct fixture {
	char dir[64];
	struct desk desk;
	struct arena arena;
};

int desk_fixture_setup(void **state);
int desk_fixture_teardown(void **state);
/* Posts of the channel, as the messenger writes them, without events. */
void desk_fixture_posts(struct fixture *f, int32_t from, int32_t to, const char *text);

#endif
