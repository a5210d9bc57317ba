/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The users and channels that an answer or an update mentions, each once, and then as one viewer
 * sees them: clients drop what names a peer that they have never been shown.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "core/channels.h"

#define ROSTER_MAX 1000 /* peers of a kind in one answer: more than any page of messages names */

struct roster {
	struct arena *arena;
	int64_t *users, *channels;
	size_t user_count, channel_count;
};

void roster_init(struct roster *roster, struct arena *arena);
void roster_add(struct roster *roster, struct peer peer); /* PEER_NONE is fine */
/* Dialog, author and mentioned users. */
void roster_add_message(struct roster *roster, const struct message *message);
void roster_add_updates(struct roster *roster, const struct update *updates, size_t count);

/* Those that exist, in call->arena. viewer may be another account than call->user; channels are
 * given only for call->user's own view. */
void roster_users(struct call *call, int64_t viewer, const struct roster *roster,
	struct user **users, size_t *count);
void roster_channels(struct call *call, const struct roster *roster, struct channel_view **channels,
	size_t *count);
/* Fills set->users and set->channels with what its updates name, and set->date_s. */
void roster_complete(struct call *call, int64_t viewer, struct update_set *set);

#endif
