/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that are sent later, in whatever chat, and posts. They wait with ids of their own, seen
 * by their writer alone; those of a broadcast channel are one queue of all its admins who may post,
 * each of whom may change them, and keep who wrote them and in whose name. When their time comes
 * they are sent by the same message_send as others, with the random_id they came with, in the
 * transaction that takes them away: once, whatever happens in between.
 * https://core.telegram.org/api/scheduled-messages
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise.
 */
#ifndef CORE_SCHEDULED_H
#define CORE_SCHEDULED_H

#include "core/messages/messages.h"
#include "store/home_changes.h"
#include "store/home_scheduled.h"

#define SCHEDULED_PER_CHAT_MAX 100
#define SCHEDULED_ID_END (1 << 18) /* TDLib keeps 18 bits of an id */
#define SCHEDULE_AHEAD_MAX_S (366 * (int64_t)86400)
#define SCHEDULE_NOT_BEFORE_S 10 /* what is nearer is sent at once */
#define SCHEDULED_SENT_AT_ONCE 100

/* What a client gives as the date of a message is really later. */
bool schedule_is_later(const struct call *call, int64_t date_s);
/* The queue of a broadcast channel. Before scheduled_add home_channel_salt_need is called for it.
 */
void scheduled_queue_open(struct call *call, int64_t channel, struct home_box *box);
/* For message_send, which has checked the rest: message->date_s says when; as: in whose name, or
 * PEER_NONE. answer:
 * UPDATE_MESSAGE_ID and UPDATE_NEW_SCHEDULED. Faults SCHEDULE_TOO_MUCH, SCHEDULE_DATE_TOO_LATE,
 * SCHEDULE_STATUS_PRIVATE, SCHEDULE_DATE_INVALID. */
int scheduled_add(struct call *call, const struct home_box *box, const struct message *message,
	struct peer as, struct update_set *answer);
/* 1: this random_id was scheduled before, and *answer is what it was answered. 0: not. */
int scheduled_before(struct call *call, const struct home_box *box, struct peer to,
	int64_t random_id, struct update_set *answer);

int scheduled_list(struct call *call, struct peer in, struct message_list *out);
/* In the order asked, those that exist. */
int scheduled_get(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct message_list *out);
/* draft: id; text, entities, no_preview, invert_media (text absent: all stay), date_s (0: stays).
 * answer: UPDATE_NEW_SCHEDULED. Faults MESSAGE_ID_INVALID, MESSAGE_NOT_MODIFIED and those of
 * scheduling. */
int scheduled_edit(
	struct call *call, struct peer in, struct message *draft, struct update_set *answer);
/* Unknown ids are passed over. answer: UPDATE_DELETE_SCHEDULED. */
int scheduled_delete(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer);
/* Now. answer: UPDATE_DELETE_SCHEDULED and each UPDATE_NEW_MESSAGE. Faults MESSAGE_ID_INVALID and
 * those of message_send. */
int scheduled_send(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer);

/* ---- For the server ---- */

/* Sends what is due, so many at a time; what can't be sent any more is deleted. True: there may be
 * more. */
bool scheduled_send_due(struct call *call);
/* Of those that wait for somebody, some: *cursor, zeroed at first, says where to go on. */
bool scheduled_send_online(struct call *call, struct home_scheduled *cursor);
/* The builder of CHANGE_SCHEDULED. */
bool scheduled_change(struct call *call, const struct home_change *change, struct update *update);

#endif
