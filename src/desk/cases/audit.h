/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `lontar desk audit`: what an auditor would check by hand. Reads only, and may run beside the
 * desk. Each part prints what it looked at, and each fault by its case, event or entry.
 */
#ifndef DESK_AUDIT_H
#define DESK_AUDIT_H

#include <stdio.h>

#include "desk/sop/sop.h"
#include "store/db.h"

struct audit_input {
	struct db *db;	    /* DB_READ, outside any transaction */
	const char *folder; /* DIR/desk */
	int64_t now_s;
	FILE *report;
};

/* The number of faults, or -1 with err when it can't be done. */
MUST_CHECK int audit_run(const struct audit_input *input, struct err *err);

#endif
