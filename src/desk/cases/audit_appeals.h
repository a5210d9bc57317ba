/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_AUDIT_APPEALS_H
#define DESK_AUDIT_APPEALS_H

#include <stdio.h>

#include "store/db.h"

/* Inside a transaction. Says on report what it looked at and what is wrong; returns the faults. */
int audit_appeals(struct db *db, FILE *report, int64_t now_s);

#endif
