/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Basic groups: up to CHAT_USERS_MAX people, each of whom has an own copy of every message in an
 * own box (core/messages/messages.h). Who is in, who may do what, and what a group is called.
 *
 * A group has no access_hash: its number is all that a client shows. Who was never in it is told
 * CHAT_ID_INVALID, exactly as for a group that does not exist. Functions act for call->user and
 * return 0, or -1 after rpc_error, unless they say otherwise.
 */
#ifndef CORE_CHATS_H
#define CORE_CHATS_H

#include "core/call.h"

#define CHAT_USERS_MAX 200	 /* config.chat_size_max */
#define CHAT_TITLE_MAX 128	 /* characters; as stock clients allow */
#define CHAT_ABOUT_MAX 255	 /* characters */
#define CHAT_MEMBERSHIPS_MAX 500 /* of one account: bounds what is gone through for it */
#define CHATS_PER_DAY 50	 /* that one account may make */
#define CHAT_COMMON_MAX 100	 /* groups in one answer */
#define CHAT_REVOKE_MAX 1000	 /* messages of one who is removed */
#define CHAT_DELETE_ROWS_MAX 20000
#define CHAT_FORWARD_MAX 100 /* messages that a newcomer is given */

/* What default rights take from members. Bit = flag number of chatBannedRights, and stored so. */
enum chat_right {
	CHAT_SEE = 1 << 0,
	CHAT_SEND = 1 << 1,
	CHAT_SEND_MEDIA = 1 << 2,
	CHAT_SEND_STICKERS = 1 << 3,
	CHAT_SEND_GIFS = 1 << 4,
	CHAT_SEND_GAMES = 1 << 5,
	CHAT_SEND_INLINE = 1 << 6,
	CHAT_EMBED_LINKS = 1 << 7,
	CHAT_SEND_POLLS = 1 << 8,
	CHAT_CHANGE_INFO = 1 << 10,
	CHAT_INVITE = 1 << 15,
	CHAT_PIN = 1 << 17,
	CHAT_MANAGE_TOPICS = 1 << 18,
	CHAT_SEND_PHOTOS = 1 << 19,
	CHAT_SEND_VIDEOS = 1 << 20,
	CHAT_SEND_ROUND_VIDEOS = 1 << 21,
	CHAT_SEND_AUDIOS = 1 << 22,
	CHAT_SEND_VOICES = 1 << 23,
	CHAT_SEND_FILES = 1 << 24,
	CHAT_SEND_PLAIN = 1 << 25,
	CHAT_EDIT_RANK = 1 << 26,
	CHAT_REACT = 1 << 27,
	/* All that puts something into it. */
	CHAT_SEND_ALL = CHAT_SEND | CHAT_SEND_MEDIA | CHAT_SEND_STICKERS | CHAT_SEND_GIFS |
			CHAT_SEND_GAMES | CHAT_SEND_INLINE | CHAT_EMBED_LINKS | CHAT_SEND_POLLS |
			CHAT_SEND_PHOTOS | CHAT_SEND_VIDEOS | CHAT_SEND_ROUND_VIDEOS |
			CHAT_SEND_AUDIOS | CHAT_SEND_VOICES | CHAT_SEND_FILES | CHAT_SEND_PLAIN,
	/* Not in chatBannedRights: of admins alone. */
	CHAT_DELETE_OTHERS = 1 << 30, /* messages of others, for everybody */
};

/* ---- Who is in, and who may ---- */

/* As viewer sees it; false (no fault): never in it. */
bool chat_view_for(struct call *call, int64_t viewer, int64_t chat, struct chat_view *out);
/* call->user is or was in it, else CHAT_ID_INVALID. For looking at the own copies. */
MUST_CHECK int chat_known(struct call *call, int64_t chat);
enum chat_role chat_role_of(struct call *call, int64_t chat, int64_t user);
/* Who is in it, ascending by account. Says nothing about whether call->user may know. */
int chat_members(struct call *call, int64_t chat, struct chat_member **out, size_t *count);
/*
 * Whether user may now do all that `rights` says (several may be or'ed). Faults: CHAT_ID_INVALID
 * for who was never in it; CHAT_WRITE_FORBIDDEN for who is out, and where sending is not allowed at
 * all; CHAT_SEND_PLAIN_FORBIDDEN and its like; CHAT_ADMIN_REQUIRED for all that is not sending.
 */
MUST_CHECK int chat_may(struct call *call, int64_t chat, int64_t user, uint32_t rights);
/* Nothing of it may be forwarded: also not by who left with his copies. */
bool chat_holds_back(struct call *call, int64_t chat);

/* Always -1: the fault that tells of a missing right. */
MUST_CHECK int chat_refuse(struct call *call, uint32_t lacking);

/* ---- Making, and who comes and goes: core/chats/chats_members.c ---- */

/* Who could not be brought in. Clients before layer 179 are refused instead. */
struct chat_missing {
	int64_t users[CHAT_USERS_MAX];
	size_t count;
};

/* answer: UPDATE_MESSAGE_ID, UPDATE_CHAT_MEMBERS and the message that says so. */
int chat_create(struct call *call, struct bytes title, const int64_t *users, size_t count,
	struct chat_missing *missing, struct update_set *answer);
/* forward: how many of the last messages the newcomer is given. Oneself: comes back after having
 * left. answer: the members and the message, nothing when the one is missing. */
int chat_add(struct call *call, int64_t chat, int64_t user, int32_t forward,
	struct chat_missing *missing, struct update_set *answer);
/* Oneself: leaves. revoke: the newest CHAT_REVOKE_MAX messages of the one go too, for everybody; in
 * a large group fewer, so that they are at most CHAT_DELETE_ROWS_MAX copies. */
int chat_remove(
	struct call *call, int64_t chat, int64_t user, bool revoke, struct update_set *answer);
/* For the end of an account: out of all groups, without a word. */
void chats_leave_all(struct call *call, int64_t user);

/* ---- Changing: core/chats/chats_change.c ---- */

/* answer: the message that says so. */
int chat_edit_title(struct call *call, int64_t chat, struct bytes title, struct update_set *answer);
int chat_edit_about(struct call *call, int64_t chat, struct bytes about);
/* Creator only. */
int chat_edit_admin(struct call *call, int64_t chat, int64_t user, bool admin);
/* Admins only. answer: UPDATE_CHAT_RIGHTS. */
int chat_edit_rights(struct call *call, int64_t chat, uint32_t banned, struct update_set *answer);
/* Creator only: it becomes a supergroup with the same members, and admits nothing any more. Who is
 * in too many channels is left behind. answer: the messages that say so on both sides,
 * UPDATE_CHANNEL. Fault CHANNELS_TOO_MUCH. core/chats/chat_migrate.c */
int chat_migrate(struct call *call, int64_t chat, struct update_set *answer);
/* Creator only: nothing may be forwarded from it. answer: UPDATE_CHAT. */
int chat_set_noforwards(struct call *call, int64_t chat, bool on, struct update_set *answer);
/* Creator only: everybody is out, and the newest messages are gone from all boxes, at most
 * CHAT_DELETE_ROWS_MAX copies in all. */
int chat_delete(struct call *call, int64_t chat);

/* ---- Looking ---- */

struct chat_full {
	struct chat_view view;
	struct chat_member *members; /* of who is in it */
	size_t member_count;
};

/* CHAT_ID_INVALID. */
MUST_CHECK int chat_get_full(struct call *call, int64_t chat, struct chat_full *out);

struct chat_views {
	struct chat_view *at;
	size_t count;
	int64_t total;
};

/* Groups that call->user and the other are both in, the newest first, below before (0: all). */
void chats_common(
	struct call *call, int64_t other, int64_t before, size_t limit, struct chat_views *out);
/* How many of its members are here now. */
int chat_onlines(struct call *call, int64_t chat, int32_t *out);

#endif
