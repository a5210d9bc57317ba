/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When messages were read, for a week: kept with the reader, told to the author as far as both let
 * such things be known. https://core.telegram.org/method/messages.getOutboxReadDate
 */
#ifndef CORE_READ_DATES_H
#define CORE_READ_DATES_H

#include "core/messages/circle.h"

#define READ_DATES_KEEP_S                                                                          \
	(7 * 86400)		 /* pm_read_date_expire_period, chat_read_mark_expire_period       \
				  */
#define READ_DATES_GROUP_MAX 100 /* chat_read_mark_size_threshold */

/* call->user read the chat up to max_id. */
void read_date_note(struct call *call, const struct circle *circle, int32_t max_id);

/* When the other read the own message. Faults MESSAGE_ID_INVALID, MESSAGE_TOO_OLD,
 * MESSAGE_NOT_READ_YET, PEER_ID_INVALID, YOUR_PRIVACY_RESTRICTED, USER_PRIVACY_RESTRICTED. */
MUST_CHECK int read_date_of(struct call *call, struct peer chat, int32_t id, int64_t *date_s);

struct reader {
	int64_t user, date_s;
};

/* Who in a basic group has read the own message, of those who let it be known to the caller and to
 * whom he would let it be known. Faults MSG_ID_INVALID,
 * MSG_TOO_OLD, CHAT_TOO_BIG, PEER_ID_INVALID. */
MUST_CHECK int readers_of(
	struct call *call, struct peer chat, int32_t id, struct reader **out, size_t *count);

/* Whether it may be known to the caller when he read. */
bool reader_is_open(struct call *call, int64_t reader);
/* The part of readers_of for supergroups (core/posts/posts_read_marks.c); out has room for
 * READ_DATES_GROUP_MAX. */
MUST_CHECK int channel_readers(
	struct call *call, int64_t channel, int32_t id, struct reader *out, size_t *count);

/* Forgets the old ones, some at a time. True: more is left. */
bool read_dates_purge(struct call *call);

#endif
