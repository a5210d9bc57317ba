/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of full installations share. */
#ifndef BULK_FILL_H
#define BULK_FILL_H

#include "base/attr.h"
#include "server/command_call.h"

/* A new folder that the load generator can log in to as often as it likes. */
MUST_CHECK int fill_make_folder(const char *dir, struct err *err);
MUST_CHECK int fill_commit(struct command_call *c, struct err *err);
/* With the telephone number that the load generator gives its account of this number. */
MUST_CHECK int fill_account(
	struct command_call *c, uint32_t number, int64_t *user, struct err *err);

/* subscribers.c: a public channel of the load generator's first account, as fanout looks for it. */
MUST_CHECK int fill_subscribers(const char *dir, int64_t count, struct err *err);

#endif
