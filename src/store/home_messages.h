/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in boxes. The body is opaque here, and sealed in the table; core/entities.h makes it. */
#ifndef STORE_HOME_MESSAGES_H
#define STORE_HOME_MESSAGES_H

#include "store/home_boxes.h"

struct home_message {
	int32_t id;
	int32_t peer_kind; /* enum peer_kind */
	int64_t peer, author;
	bool out;
	int64_t date_s, edit_date_s;
	int32_t action;	   /* enum message_action */
	int32_t pts;	   /* of the box when the message came */
	int64_t random_id; /* of the sender's request; 0: none */
	int64_t twin;	   /* shared by the copies of one message; 0: it is the only one */
	struct bytes body; /* in clear, in the box's arena */
};

struct home_messages {
	struct home_message *at;
	size_t count;
};

void home_message_insert(const struct home_box *box, const struct home_message *message);
/* False: no such message. A body that doesn't open fails the transaction. */
bool home_message_get(const struct home_box *box, int32_t id, struct home_message *out);
bool home_message_by_random(
	const struct home_box *box, int64_t random_id, struct home_message *out);
bool home_message_by_twin(const struct home_box *box, int64_t twin, struct home_message *out);
void home_message_set_body(
	const struct home_box *box, int32_t id, int64_t edit_date_s, struct bytes body);
void home_message_delete(const struct home_box *box, int32_t id);

/* Part of a chat (peer_kind 0: of the whole box): ids with above < id < below, skipping `skip`, at
 * most `limit`. */
struct home_page {
	int32_t peer_kind;
	int64_t peer;
	int32_t above, below;
	int32_t skip, limit;
};

/* From below downwards, newest first. */
void home_messages_older(
	const struct home_box *box, const struct home_page *page, struct home_messages *out);
/* From above upwards, but the result newest first too. */
void home_messages_newer(
	const struct home_box *box, const struct home_page *page, struct home_messages *out);
/* Smallest id in the chat with date >= date_s; 0: none. Dates rise with ids. */
int32_t home_messages_id_at(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int64_t date_s);
/* Incoming messages of the chat with above < id <= to. */
int32_t home_messages_incoming(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int32_t above, int32_t to);

#endif
