/* SPDX-License-Identifier: Apache-2.0 */
/* What scheduled.c and scheduled_send.c share. */
#ifndef CORE_SCHEDULED_PRIVATE_H
#define CORE_SCHEDULED_PRIVATE_H

#include "core/messages/scheduled.h"

/* What of the chat the caller has: its own, or of a broadcast channel the queue, for who may post.
 * Faults as channel_need_open, CHAT_ADMIN_REQUIRED. */
int scheduled_open(struct call *call, struct peer in, struct home_box *box);
bool scheduled_find(
	const struct home_box *box, struct peer in, int32_t id, struct home_scheduled *out);
/* As its writer sees it, dated when it will be sent. */
void scheduled_message_of(struct call *call, const struct home_box *box,
	const struct home_scheduled *row, struct message *out);
/* What owner writes may wait until the other is here: he is told exactly when that is, now. */
bool scheduled_may_wait_for(struct call *call, int64_t owner, int64_t other);
/* In whose name it is to be sent. */
struct peer scheduled_as(const struct home_scheduled *row);
/* gone: UPDATE_DELETE_SCHEDULED. To all who have it in their list, but the session of the call. */
void scheduled_tell_gone(struct call *call, const struct home_box *box, struct update *gone);
/* Takes it away, and spends its random id: a repeated packet does not bring it back. */
void scheduled_forget(struct call *call, const struct home_scheduled *row);

#endif
