/* SPDX-License-Identifier: Apache-2.0 */
/* Who appealed hears the answer: an owner by a letter, by the bot whoever appealed there, a flagger
 * or authority in its liaison chats and by mail. A reader who appealed by link finds it there. */
#ifndef DESK_APPEALS_TELL_H
#define DESK_APPEALS_TELL_H

#include "desk/appeals/appeals.h"

/* In the transaction of the answer: to the owner whose measure stays; what else was done has
 * letters of its own. */
void appeal_letter_to_owner(struct ask *ask, const struct desk_case *c, const struct desk_appeal *a,
	struct bytes facts, struct bytes ground);
/* Of tell.h, about an event appeal_decided with this data. */
void appeal_tell(struct desk *desk, struct db *db, struct arena *arena, const struct desk_case *c,
	const json_t *data, int64_t now_s);

#endif
