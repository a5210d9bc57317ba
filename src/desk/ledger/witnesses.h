/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Witnesses of the ledger: others who sign its checkpoints, having seen that it only grows, so that
 * the desk can't show one ledger to some and another to others. https://c2sp.org/tlog-witness, by
 * errands. Who they are stands in DIR/desk/witnesses, a line each: the witness's key and where it
 * takes checkpoints. What they sign is added to the checkpoint that is served.
 */
#ifndef DESK_WITNESSES_H
#define DESK_WITNESSES_H

#include "desk/desk.h"
#include "desk/letters/errands.h"

#define WITNESSES_MAX 16

struct witnesses;

/* Reads the file; without one there are none. errands may be NULL: nobody is asked. */
MUST_CHECK int witnesses_open(
	struct desk *desk, struct errands *errands, struct witnesses **out, struct err *err);
/* Once the loop runs no more. NULL is fine. */
void witnesses_close(struct witnesses *witnesses);
/* Asks whoever has not signed the newest checkpoint. To be called about every second, and when the
 * ledger has grown. */
void witnesses_tick(struct witnesses *witnesses);

#endif
