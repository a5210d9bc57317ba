/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two devices say to each other in a secret chat. The server passes bytes on: it doesn't look
 * into them, and deletes them as soon as the receiving device says that it has them. Every device
 * has a sequence of its own, its qts. https://core.telegram.org/api/updates#secret-chats
 */
#ifndef CORE_SECRET_MESSAGES_H
#define CORE_SECRET_MESSAGES_H

#include "core/secret/secret_files.h"

/* What any version of the protocol between devices has: fingerprint, message key, a block. */
#define SECRET_DATA_MIN 40
#define SECRET_DATA_MAX 131072 /* a text of 4096 characters or a preview picture, and room */
/* What waits for one device. TDLib says what it has when it connects, and after 100 000 messages.
 */
#define SECRET_WAITING_MAX 150000
#define SECRET_WAITING_BYTES_MAX ((int64_t)64 << 20)
#define SECRET_FULL_WAIT_S 60 /* until the sender tries again */
#define SECRET_PER_DIFFERENCE 100
#define SECRET_DIFFERENCE_BYTES 524288
#define SECRET_HEARD_PER_CALL 5000

struct secret_sent {
	int64_t date_s;
	struct secret_file file; /* the sender's view of what was sent with it */
};

/* message: random_id, service, data. input: a file to send with it; NULL: none. *out also if it was
 * sent before with this random_id. Faults CHAT_ID_INVALID, RANDOM_ID_EMPTY, DATA_INVALID,
 * DATA_TOO_LONG, ENCRYPTION_DECLINED, USER_IS_BLOCKED, those of secret_file_take; FLOOD_WAIT_X
 * while too much waits for the other device. */
MUST_CHECK int secret_send(struct call *call, int32_t id, struct secret_message *message,
	const struct secret_input *input, struct secret_sent *out);
/* The other device is told. Faults CHAT_ID_INVALID, ENCRYPTION_DECLINED, MAX_DATE_INVALID. */
MUST_CHECK int secret_read(struct call *call, int32_t id, int32_t max_date_s);
/* Counts against who is on the other side, and reaches nobody, also where that one has a public
 * name: core/accounts/strangers.h. Faults CHAT_ID_INVALID, FLOOD_WAIT_X. */
MUST_CHECK int secret_report(struct call *call, int32_t id);
/* Who has blocked the call's account hears nothing. Faults CHAT_ID_INVALID, ENCRYPTION_DECLINED. */
MUST_CHECK int secret_typing(struct call *call, int32_t id);

/* The qts of the call's device. */
int32_t secret_qts(struct call *call);
/* The call's device has everything up to qts; random_ids of what is deleted, in call->arena. Fault
 * MAX_QTS_INVALID. */
MUST_CHECK int secret_received(struct call *call, int32_t qts, int64_t **random_ids, size_t *count);
/* EFFECT_SECRET_HEARD, in a write transaction: the rows go. */
void secret_heard(struct call *call, int64_t owner, uint64_t key_id, int32_t qts);

struct secret_difference {
	struct secret_message *messages;
	size_t count;
	int32_t qts; /* to ask on with */
	bool slice;  /* more follows */
};

/* What the call's device has not heard of after qts, at most `limit`. By asking it says that it has
 * the rest. */
void secret_difference(
	struct call *call, int32_t qts, int32_t limit, struct secret_difference *out);

/* For core/changes.c. */
bool secret_read_change(struct call *call, const struct home_change *change, struct update *update);

#endif
