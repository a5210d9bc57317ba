/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recent actions of a channel: what its admins did, and who came and went. Whoever does such a
 * thing says so with admin_log; admins read it, for 48 hours.
 * https://core.telegram.org/api/recent-actions
 *
 * Which of the kinds a client can filter for an event belongs to is here too, so that nobody else
 * needs to know.
 */
#ifndef CORE_ADMIN_LOG_H
#define CORE_ADMIN_LOG_H

#include "core/channels/channel_load.h"

#define ADMIN_LOG_KEPT_S (48 * 3600)
#define ADMIN_LOG_PAGE_MAX 100
#define ADMIN_LOG_LOOK_MAX 2000 /* entries that one call goes through for a text or an admin */

/* What happened, and what an entry says of it. Stored: numbers never change. */
enum admin_event {
	EVENT_JOIN = 1,
	EVENT_JOIN_BY_LINK,    /* texts[1]: the link; numbers[0]: whose, [1]: when it was made */
	EVENT_JOIN_BY_REQUEST, /* the same, texts[1] absent: by none; user: who approved */
	EVENT_LEAVE,
	EVENT_INVITE, /* members[1] */
	EVENT_BAN,    /* members: what he may not do, or that he is out, has changed */
	EVENT_ADMIN,  /* members: so have his rights as an admin */
	EVENT_RANK,   /* user, texts */

	EVENT_TITLE = 20,  /* texts */
	EVENT_ABOUT,	   /* texts */
	EVENT_USERNAME,	   /* texts; absent: none */
	EVENT_USERNAMES,   /* texts: names with spaces between */
	EVENT_LINKED,	   /* numbers: channels; 0: none */
	EVENT_HISTORY_TTL, /* numbers, and so of the next two */
	EVENT_SLOWMODE,
	EVENT_DEFAULT_RIGHTS, /* enum chat_right */
	EVENT_REACTIONS,      /* numbers: of enum channel_flag, those of reactions; texts: as
				 channel_settings.reactions */
	/* numbers[1]: whether it is on now */
	EVENT_ANTISPAM,
	EVENT_AUTOTRANSLATION,
	EVENT_FORUM,
	EVENT_MEMBERS_INVITE,
	EVENT_NOFORWARDS,
	EVENT_HISTORY_HIDDEN,
	EVENT_SIGNATURES,
	EVENT_SIGNATURE_PROFILES,

	EVENT_POST_DELETE = 50, /* posts[0] */
	EVENT_POST_EDIT,	/* posts */
	EVENT_POST_SEND,	/* posts[1] */
	EVENT_POST_PIN,		/* posts[1], as it is now */
	EVENT_POLL_STOP,	/* posts[1] */

	/* texts: the link; numbers[0]: whose, [1]: when it was made */
	EVENT_LINK_EDIT = 70,
	EVENT_LINK_REVOKE, /* texts[1] */
	EVENT_LINK_DELETE, /* texts[0] */

	/* item: the topic; user: whose; texts: titles, absent: none; numbers: TOPIC_ bits */
	EVENT_TOPIC_CREATE = 80, /* texts[1] */
	EVENT_TOPIC_EDIT,
	EVENT_TOPIC_DELETE, /* texts[0] */
	EVENT_TOPIC_PIN,
};

/* What numbers say of a topic; the colour above. */
enum { TOPIC_CLOSED = 1, TOPIC_HIDDEN = 2, TOPIC_PINNED = 4, TOPIC_COLOR_SHIFT = 8 };

/* Pairs: before [0] and after [1]. */
struct admin_entry {
	enum admin_event event;
	int64_t user;
	int32_t item;
	int64_t numbers[2];
	struct bytes texts[2];
	const struct message *posts[2];
	const struct channel_member *members[2];
};

/* call->user did it, after it was done. Of a channel that is gone: nothing is kept. */
void admin_log(
	struct call *call, const struct channel_context *context, const struct admin_entry *entry);

/* The same for all that differs of the channel itself, which channel_store has written. */
void admin_log_changes(
	struct call *call, const struct channel_context *context, const struct channel *was);

/* Of channelAdminLogEventsFilter: bit = number of the flag. */
enum admin_filter {
	FILTER_JOIN,
	FILTER_LEAVE,
	FILTER_INVITE,
	FILTER_BAN,
	FILTER_UNBAN,
	FILTER_KICK,
	FILTER_UNKICK,
	FILTER_PROMOTE,
	FILTER_DEMOTE,
	FILTER_INFO,
	FILTER_SETTINGS,
	FILTER_PINNED,
	FILTER_EDIT,
	FILTER_DELETE,
	FILTER_CALL,
	FILTER_LINKS,
	FILTER_SEND,
	FILTER_FORUMS,
	FILTER_SUBSCRIPTION,
	FILTER_RANK,
	FILTER_COUNT
};

struct admin_log_query {
	uint32_t filters; /* bits; 0: all */
	const int64_t *admins;
	size_t admin_count;	/* 0: whoever it was */
	struct bytes words;	/* that the entry has; empty: any */
	int64_t max_id, min_id; /* exclusive; 0: no bound */
	int32_t limit;		/* clamped */
};

struct admin_logged {
	int64_t id, date_s, actor;
	struct admin_entry entry;
};

struct admin_log_page {
	struct admin_logged *at; /* the newest first */
	size_t count;
	struct update_set named; /* users, channels and chats */
};

/* Admins only: CHAT_ADMIN_REQUIRED. */
int admin_log_read(struct call *call, int64_t channel, const struct admin_log_query *query,
	struct admin_log_page *out);
/* Upkeep: forgets what is old. true: there is more of it. */
bool admin_log_prune(struct call *call);

/* ---- core/channels/admin_entry.c: the stored form ---- */

struct bytes admin_entry_encode(struct arena *arena, const struct admin_entry *entry);
/* Copies into the arena. posts are of the channel. -1: not what encode makes. */
MUST_CHECK int admin_entry_decode(
	struct arena *arena, struct bytes stored, int64_t channel, struct admin_entry *out);

#endif
