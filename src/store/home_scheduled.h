/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that an account will send later. The body is sealed (core/messages/message_body.h makes
 * it); core/messages/scheduled.h has the rules. What the admins of a channel will post is one
 * queue, whose box is the channel's: owner is its number below zero, the salt that of
 * store/home_channel_salts.h. */
#ifndef STORE_HOME_SCHEDULED_H
#define STORE_HOME_SCHEDULED_H

#include "store/home_boxes.h"

#define HOME_WHEN_ONLINE 0x7FFFFFFE /* send_at_s: when the other is here */

struct home_scheduled {
	int64_t owner;
	int32_t id;
	int32_t peer_kind; /* enum peer_kind */
	int64_t peer;
	int64_t send_at_s;
	int64_t random_id; /* 0: none */
	int64_t author;
	int64_t send_as; /* in whose name: an account, or a channel below zero; 0: nobody was named
			  */
	struct bytes body; /* in clear, in the box's arena; not in lists of what is due */
};

void home_scheduled_insert(const struct home_box *box, const struct home_scheduled *scheduled);
/* Body and time. */
void home_scheduled_update(const struct home_box *box, const struct home_scheduled *scheduled);
void home_scheduled_delete(struct db *db, int64_t owner, int32_t id);
bool home_scheduled_get(const struct home_box *box, int32_t id, struct home_scheduled *out);
bool home_scheduled_by_random(
	const struct home_box *box, int64_t random_id, struct home_scheduled *out);
/* The latest first, at most limit. */
size_t home_scheduled_list(const struct home_box *box, int32_t peer_kind, int64_t peer,
	size_t limit, struct home_scheduled **out);
int64_t home_scheduled_count(const struct home_box *box, int32_t peer_kind, int64_t peer);
/* 1 to below end, round and round: clients remember for a while what they have seen deleted. False:
 * none is free nearby. */
bool home_scheduled_new_id(const struct home_box *box, int32_t end, int32_t *id);

/* Of all owners, with send_at_s <= now_s, the earliest first, at most limit. */
size_t home_scheduled_due(struct db *db, struct arena *arena, int64_t now_s, size_t limit,
	struct home_scheduled **out);
/* Of all owners, those that wait for somebody, behind (owner, id) of `after`; at most limit. */
size_t home_scheduled_waiting(struct db *db, struct arena *arena,
	const struct home_scheduled *after, size_t limit, struct home_scheduled **out);

#endif
