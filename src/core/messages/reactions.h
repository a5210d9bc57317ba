/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reactions to messages in boxes, what a basic group allows, and what an account likes to use.
 * Every copy of a message carries all reactions to it (store/home_messages.h), so that showing it
 * costs no look-up. https://core.telegram.org/api/reactions
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise.
 */
#ifndef CORE_REACTIONS_H
#define CORE_REACTIONS_H

#include "core/messages/messages.h"
#include "store/home_changes.h"

#define REACTION_KINDS 73
#define REACTION_SIZE_MAX 32	/* bytes of an emoji */
#define REACTIONS_PER_PERSON 1	/* reactions_user_max_default of the app config */
#define REACTIONS_UNIQUE_MAX 11 /* of one message: reactions_uniq_max */
#define REACTIONS_PER_PAGE_MAX 100
#define REACTIONS_RECENT_MAX 50 /* that an account has used last */

struct reaction_kind {
	const char *emoji, *title;
};

/* What may be used, in the order that clients show. */
extern const struct reaction_kind reaction_kinds[REACTION_KINDS];
/* Its place there; -1: no reaction. */
int reaction_kind_of(struct arena *arena, struct bytes emoji);

/* ---- Messages ---- */

/* No emojis: takes the reaction back. remember: it is listed among the recent ones. answer:
 * UPDATE_REACTIONS. Faults MESSAGE_ID_INVALID, MESSAGE_NOT_MODIFIED, REACTION_INVALID,
 * REACTIONS_TOO_MANY, YOU_BLOCKED_USER, those of chat_may. */
struct reaction_request {
	const struct bytes *emojis;
	size_t count;
	bool big, remember;
};

/* In a channel: core/posts/post_reactions.h. */
int reaction_send(struct call *call, struct peer in, int32_t id,
	const struct reaction_request *request, struct update_set *answer);
/* UPDATE_REACTIONS of each that there is, in the order asked. */
int reactions_get(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer);

struct reaction_page {
	struct reaction *at; /* the newest first */
	size_t count;
	int32_t total;
	struct bytes next; /* absent: that was all */
};

/* emoji absent: all. Faults MSG_ID_INVALID, OFFSET_INVALID. */
int reactions_list(struct call *call, struct peer in, int32_t id, struct bytes emoji,
	struct bytes offset, int32_t limit, struct reaction_page *out);
/* A person whose reaction to a message bothers: counts as core/accounts/strangers.h says. Faults
 * MSG_ID_INVALID, PEER_ID_INVALID. */
int reaction_report(struct call *call, struct peer in, int32_t id, struct peer by);

/* One of the kind more was used by the account; remember: it is among the recent ones. */
void reaction_count_use(struct call *call, int kind, bool remember);

/* Of somebody, by an admin of a basic group; all are told as if he had taken it back. Faults as
 * chat_may, MSG_ID_INVALID, MESSAGE_NOT_MODIFIED (he did not react). */
int reaction_take(
	struct call *call, int64_t chat, int32_t id, int64_t user, struct update_set *answer);
/* All of his to the newest CHAT_REVOKE_MAX messages; in a large group fewer, so that they are at
 * most CHAT_DELETE_ROWS_MAX copies. */
int reactions_take_all(struct call *call, int64_t chat, int64_t user);

/* The builder of CHANGE_REACTIONS. */
bool reactions_change(struct call *call, const struct home_change *change, struct update *update);

/* ---- Groups ---- */

/* Stored: numbers never change. */
enum chat_reactions_mode { CHAT_REACTIONS_ALL, CHAT_REACTIONS_SOME, CHAT_REACTIONS_NONE };

struct chat_reactions {
	enum chat_reactions_mode mode;
	uint8_t kinds[REACTION_KINDS]; /* SOME: places in reaction_kinds */
	size_t kind_count;
	int32_t unique_max; /* 0: REACTIONS_UNIQUE_MAX */
};

/* What a basic group allows. */
void chat_reactions_get(struct call *call, int64_t chat, struct chat_reactions *out);
/* Faults CHAT_ADMIN_REQUIRED, CHAT_NOT_MODIFIED. answer: UPDATE_CHAT. */
int chat_reactions_set(struct call *call, int64_t chat, const struct chat_reactions *rules,
	struct update_set *answer);

/* ---- Accounts ---- */

enum reaction_notify { REACTION_NOTIFY_NONE, REACTION_NOTIFY_CONTACTS, REACTION_NOTIFY_ALL };
enum reaction_sound {
	REACTION_SOUND_DEFAULT,
	REACTION_SOUND_NONE,
	REACTION_SOUND_LOCAL,
	REACTION_SOUND_RINGTONE
};

/* Sealed as one. Numbers of enums and kinds are stored. */
struct reaction_settings {
	uint8_t favourite; /* a place in reaction_kinds: what a double tap gives */
	enum reaction_notify of_messages, of_stories, of_votes;
	bool show_previews;
	enum reaction_sound sound;
	struct bytes sound_title, sound_data; /* LOCAL */
	int64_t sound_id;		      /* RINGTONE */
	uint8_t recent[REACTIONS_RECENT_MAX]; /* the last first */
	size_t recent_count;
	uint32_t uses[REACTION_KINDS];
};

void reaction_settings_get(struct call *call, struct reaction_settings *out);
void reaction_settings_put(struct call *call, const struct reaction_settings *settings);
/* Fault REACTION_INVALID. */
int reaction_set_favourite(struct call *call, struct bytes emoji);
/* Tells the other sessions, too. */
void reactions_clear_recent(struct call *call);
/* All kinds, what the account uses most first. */
void reactions_top(struct call *call, uint8_t out[REACTION_KINDS]);

#endif
