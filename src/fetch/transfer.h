/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request after the other by libcurl, with every connection checked against the policy. The
 * only file of Lontar that makes connections to the outside.
 */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include "fetch/policy.h"
#include "fetch/protocol.h"

struct transfer;

/* Once per process, before its walls: reads the files that it needs from libraries' own places. */
MUST_CHECK int transfer_global_init(struct err *err);
/* policy must outlive it. NULL when libcurl can't be started. Not thread-safe. */
struct transfer *transfer_new(const struct fetch_policy *policy);
void transfer_free(struct transfer *transfer);
/* Always fills *answer, which points into the transfer until its next run. */
void transfer_run(struct transfer *transfer, const struct fetch_request *request,
	struct fetch_answer *answer);

#endif
