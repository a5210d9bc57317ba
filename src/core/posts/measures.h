/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the orders that hold about a channel or one post of it amount to together: one fold, so that
 * lifting or ending one of them leaves the others as they are. core/posts/orders.h executes orders.
 */
#ifndef CORE_MEASURES_H
#define CORE_MEASURES_H

#include "core/call.h"

struct measures {
	struct restriction restriction; /* text, reason: of the newest that hides */
	int64_t hidden_by, hidden_at_s; /* that order, and when it was executed; 0: none */
	int64_t labelled_by;		/* 0: none */
	int64_t frozen_until_s;		/* 0: no */
};

/* "DE,ID": upper-case letters, two by two. */
bool countries_are_valid(struct bytes countries);

/* post 0: the channel itself. */
void measures_read(struct call *call, int64_t channel, int32_t post, struct measures *out);
/* Some may read what others may not. */
bool measures_by_country(const struct measures *measures);
/* From call->user. Who has no country (0: nobody in particular) sees nothing that is hidden
 * anywhere. */
bool measures_hide(struct call *call, const struct measures *measures);

#endif
