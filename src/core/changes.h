/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changes of an account without being an event of its box: drafts, pins of the chat list,
 * settings, privacy, names, reactions. The other sessions hear of it at once; devices that were
 * away hear of it with their next difference, by time and with the state as it is then, once too
 * often rather than once too seldom: every update here says what is, not what was done.
 * https://core.telegram.org/api/updates
 */
#ifndef CORE_CHANGES_H
#define CORE_CHANGES_H

#include "core/call.h"
#include "store/home_changes.h"

/* Stored: numbers never change. */
enum change_kind {
	CHANGE_USER = 1, /* peer: names, number, photo … of somebody the account is shown */
	CHANGE_CONTACTS = 2,
	CHANGE_PEER_SETTINGS = 3, /* peer: the bar above the chat with him */
	CHANGE_PRIVACY = 10,	  /* item: enum privacy_key */
	CHANGE_CHAT = 12,	  /* peer: a basic group, its rights, admins, members */
	CHANGE_BLOCKED = 13,	  /* peer */
	CHANGE_USER_PAGE = 14,	  /* peer: all of him: bio, birthday; whether he is a contact */
	CHANGE_DIALOG_PINS = 40,  /* item: folder */
	CHANGE_UNREAD_MARK = 41,
	CHANGE_DRAFT = 42,
	CHANGE_NOTIFY = 43, /* item: enum notify_scope */
	CHANGE_FOLDERS = 44,
	CHANGE_SAVED_PINS = 45,
	CHANGE_HISTORY_TTL = 120,     /* peer: the chat */
	CHANGE_POLL = 130,	      /* peer: who made it; item: its id */
	CHANGE_REACTIONS = 131,	      /* peer: the chat; item: message */
	CHANGE_SCHEDULED = 132,	      /* peer: the chat; item: scheduled message */
	CHANGE_JOIN_REQUESTS = 150,   /* peer: who waits to be let in there */
	CHANGE_POST_CONTENTS = 260,   /* peer: the channel; item: post */
	CHANGE_AVAILABLE_POSTS = 261, /* peer: the channel, cleared for the account */
	/* Of channels alone, as all members see them: */
	CHANGE_CHANNEL = 262,
	CHANGE_READ_OUTBOX = 263,
	CHANGE_THREAD_READ = 134,      /* peer: the group; item: the thread */
	CHANGE_VIEW_AS_MESSAGES = 135, /* peer: the forum */
	CHANGE_TOPIC_NOTIFY = 136,     /* peer: the forum; item: the topic */
	CHANGE_SECRET_CHAT = 137,      /* peer: the other side; item: the chat */
	CHANGE_SECRET_READ = 138,
};

#define CHANGES_PER_DIFFERENCE 1000 /* told in one difference, the newest */

/* Pushes the update to the sessions of owner but one, and remembers when peer and item changed. */
void change_tell(struct call *call, int64_t owner, uint64_t except_session, enum change_kind kind,
	struct peer peer, int64_t item, struct update *update);
/* Remembers only: for who pushes by itself. */
void change_note(
	struct call *call, int64_t owner, enum change_kind kind, struct peer peer, int64_t item);

/* The same of a channel as all its members see it, noted once whatever their number:
 * CHANGE_CHANNEL, CHANGE_READ_OUTBOX. core/channels/channels_missed.c tells it. */
void channel_change_note(struct call *call, int64_t channel, enum change_kind kind);
bool channel_change_since(
	struct call *call, int64_t channel, enum change_kind kind, int64_t since_s);
void channel_changes_forget(struct call *call, int64_t channel);

/* Appends what changed for call->user since since_s to set, not completed: roster_complete follows.
 * Never "too long": clients come back from that with the same date. */
void changes_missed(struct call *call, int64_t since_s, struct update_set *set);

#endif
