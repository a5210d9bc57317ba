/* SPDX-License-Identifier: Apache-2.0 */
/* A poll as clients ask for it. */
#ifndef API_POLLS_H
#define API_POLLS_H

#include "core/call.h"

struct tl_inputMediaPoll;

/* A draft for poll_create (core/messages/polls.h), which checks it: kind MEDIA_POLL, and poll_view
 * with `closed` where an edit closes a poll. Faults MEDIA_INVALID (what Lontar does not serve),
 * POLL_ANSWERS_INVALID, QUIZ_CORRECT_ANSWER_INVALID. */
MUST_CHECK int poll_from_input(
	struct call *call, const struct tl_inputMediaPoll *input, struct media *out);

#endif
