/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The users and channels that an answer or an update mentions, each once, and then as one viewer
 * sees them: clients drop what names a peer that they have never been shown.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "core/channels/channels.h"

#define ROSTER_MAX 1000 /* peers of a kind in one answer: more than any page of messages names */

struct roster {
	struct arena *arena;
	int64_t *users, *channels, *chats;
	size_t user_count, channel_count, chat_count;
};

void roster_init(struct roster *roster, struct arena *arena);
void roster_add(struct roster *roster, struct peer peer); /* PEER_NONE is fine */
/* Dialog, author and mentioned users. */
void roster_add_message(struct roster *roster, const struct message *message);
void roster_add_updates(struct roster *roster, const struct update *updates, size_t count);

/* In call->arena. viewer may be another account than call->user; channels are as call->user sees
 * them, those that it may not see forbidden and without a title. */
void roster_users(struct call *call, int64_t viewer, const struct roster *roster,
	struct user **users, size_t *count);
void roster_chats(struct call *call, int64_t viewer, const struct roster *roster,
	struct chat_view **chats, size_t *count);
void roster_channels(struct call *call, const struct roster *roster, struct channel_view **channels,
	size_t *count);
/* Without self, which the caller has. */
void roster_other_channels(struct call *call, const struct roster *roster, int64_t self,
	struct channel_view **channels, size_t *count);
/* Fills users, chats and channels as call->user sees them. */
void roster_view(struct call *call, const struct roster *roster, struct update_set *set);
/* Fills set->users, set->chats and set->channels with what its updates name, and set->date_s. */
void roster_complete(struct call *call, int64_t viewer, struct update_set *set);
/* The updates of `more` behind those of *all, whose users, chats and channels stay as they are. */
void update_set_append(struct call *call, struct update_set *all, const struct update_set *more);
/* Both as one answer: what happened before comes first. */
void roster_join(struct call *call, const struct update_set *before, struct update_set *answer);

#endif
