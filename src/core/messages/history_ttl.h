/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that destroy themselves: the time is set for a chat, holds for what is sent from then
 * on, and is the same for everybody in it. https://core.telegram.org/api/auto-delete
 */
#ifndef CORE_HISTORY_TTL_H
#define CORE_HISTORY_TTL_H

#include "core/call.h"
#include "store/home_changes.h"

struct circle;

#define HISTORY_TTL_MIN_S 5
#define HISTORY_TTL_MAX_S (366 * 86400)

/* TTL_PERIOD_INVALID. */
MUST_CHECK int history_ttl_check(struct call *call, int32_t period_s);
/* Of a chat, as owner sees it; 0: never. */
int32_t history_ttl(struct call *call, int64_t owner, struct peer chat);
/* For both in a private chat; in a group for admins. answer: UPDATE_HISTORY_TTL and the line that
 * says so. Faults TTL_PERIOD_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, PEER_ID_INVALID. */
MUST_CHECK int history_ttl_set(
	struct call *call, struct peer chat, int32_t period_s, struct update_set *answer);

/* For private chats that call->user begins. Fault TTL_PERIOD_INVALID. */
int32_t history_ttl_default(struct call *call);
MUST_CHECK int history_ttl_set_default(struct call *call, int32_t period_s);
/* Before a message is sent: what call->user has set for chats that he begins holds for this one if
 * it is one. answer: as of history_ttl_set, or nothing. */
MUST_CHECK int history_ttl_begin(
	struct call *call, struct circle *circle, struct update_set *answer);

/* The builder of CHANGE_HISTORY_TTL: peer is the chat. */
bool history_ttl_change(struct call *call, const struct home_change *change, struct update *update);

/* Deletes what has lived its time from all boxes, some at a time. True: more is left. */
bool messages_expire(struct call *call);

#endif
