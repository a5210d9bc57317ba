/* SPDX-License-Identifier: Apache-2.0 */
/* Three people, one device each, who write to each other: on accounts_fixture.h. */
#ifndef TESTS_CORE_MESSAGES_FIXTURE_H
#define TESTS_CORE_MESSAGES_FIXTURE_H

#include "accounts_fixture.h"
#include "core/messages/messages.h"

enum { ANNA = 11, BUDI = 12, CITRA = 13 }; /* keys */

extern int64_t anna, budi, citra;

int messages_setup(void **state);

/* A group that all three are in, made by anna. */
int64_t messages_group(struct fixture *f);
/* Sends; the new id in the sender's box. What others are told stays in f->effects. */
int32_t messages_say(struct fixture *f, uint64_t key, struct peer to, const char *text);
/* Sends the draft with a random_id of its own, and returns the sender's copy. */
struct message *messages_send_draft(
	struct fixture *f, uint64_t key, struct peer to, struct message *draft);
/* The only update of the only effect for the account. */
const struct update *messages_told(struct fixture *f, int64_t account);
/* The first update of an effect for the account, of this kind. NULL: there is none. */
const struct update *messages_update(struct fixture *f, int64_t account, enum update_kind kind);
/* What a device of the key's account that was away hears, of this kind. NULL: nothing. */
const struct update *messages_missed(struct fixture *f, uint64_t key, enum update_kind kind);
/* The newest message of the chat as the key's account has it. */
struct message *messages_newest(struct fixture *f, uint64_t key, struct peer in);
/* One by id. NULL: it is not there. */
struct message *messages_one(struct fixture *f, uint64_t key, int32_t id);
int32_t messages_pts(struct fixture *f, uint64_t key);

static inline struct peer chat_peer(int64_t id)
{
	return (struct peer){PEER_CHAT, id};
}

#endif
