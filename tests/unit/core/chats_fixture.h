/* SPDX-License-Identifier: Apache-2.0 */
/* Four people, and groups of them. */
#ifndef TESTS_CORE_CHATS_FIXTURE_H
#define TESTS_CORE_CHATS_FIXTURE_H

#include "accounts_fixture.h"
#include "core/chats/chats.h"
#include "core/messages/messages.h"

/* The keys that they are logged in on. */
enum { ANNA = 1, BEN, CLEO, DAN, PEOPLE };

struct world {
	struct fixture *f;
	int64_t id[PEOPLE];
};

struct world world_make(void **state);
/* A fresh call by one of them. */
struct call *by(struct world *w, int who);
/* A group named "Garden"; its id. */
int64_t group_of(struct world *w, int creator, const int64_t *users, size_t count);
/* Of Anna, who made it, Ben and Cleo. */
int64_t group(struct world *w);
/* The update of this kind that an account was pushed last; NULL: none. */
const struct update *told(struct world *w, int64_t user, enum update_kind kind);

#endif
