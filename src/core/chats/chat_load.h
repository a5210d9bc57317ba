/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the files of core that hold the rules of basic groups: a group with where call->user stands
 * in it, loaded once per call; and how its changes are told.
 *
 * What counts a version goes to members without the group itself: clients apply it to the version
 * they have, and take a group that says the new version already for "nothing to do".
 */
#ifndef CORE_CHAT_LOAD_H
#define CORE_CHAT_LOAD_H

#include "core/chats/chats.h"
#include "core/messages/messages.h"
#include "store/home_chats.h"

struct chat_context {
	struct home_chat row;
	enum chat_role role; /* of call->user */
};

/* call->user is in it; else CHAT_ID_INVALID, or CHAT_WRITE_FORBIDDEN for who was. */
MUST_CHECK int chat_need(struct call *call, int64_t chat, struct chat_context *out);
/* And may do this, as chat_may. */
MUST_CHECK int chat_need_right(
	struct call *call, int64_t chat, enum chat_right right, struct chat_context *out);
/* And is at least this, else CHAT_ADMIN_REQUIRED. */
MUST_CHECK int chat_need_admin(
	struct call *call, int64_t chat, enum chat_role least, struct chat_context *out);

/* Writes the row; locks the group. Before any box moves. */
void chat_store(struct call *call, const struct chat_context *context);

/* Trimmed; CHAT_TITLE_EMPTY. */
MUST_CHECK int chat_title_check(struct call *call, struct bytes *title);

/* A service message of call->user into the boxes of all members. */
MUST_CHECK int chat_act(
	struct call *call, int64_t chat, struct message *draft, struct update_set *answer);
/* Puts updates before those of the answer, and completes it with everybody whom they mention. */
void chat_answer(
	struct call *call, const struct update *extra, size_t count, struct update_set *answer);
/* UPDATE_CHAT_MEMBERS as of now. */
struct update chat_members_update(struct call *call, const struct chat_context *context);

/* user, who is out, is in it, and those who were in are told; of USERS_TOO_MUCH nothing is written.
 * Who may is the caller's to check: core/chats/chats_members.c */
MUST_CHECK int chat_admit(
	struct call *call, struct chat_context *context, int64_t user, int64_t inviter);
/* The service message about it, by call->user. answer: the members and the message. */
MUST_CHECK int chat_announce(struct call *call, const struct chat_context *context,
	struct message *draft, struct update_set *answer);

/* Everybody's copies of these of call->user's; the answer to the call says nothing of it, so the
 * calling session is told as the others are. */
MUST_CHECK int chat_drop_messages(struct call *call, const struct message_list *list);
/* How many times HISTORY_LIMIT_MAX messages may go in one call from a group of so many: at least
 * once, and never more than CHAT_DELETE_ROWS_MAX copies. */
size_t chat_drop_turns(size_t members);

/* What counts a version, to all members; to the calling session too when `self`. */
void chat_tell_version(struct call *call, int64_t chat, struct update *update, bool self);
/* The group with UPDATE_CHAT to one account: it left, was removed, or the group changed. */
void chat_tell_one(struct call *call, int64_t chat, int64_t user, uint64_t except_session);
/* UPDATE_CHAT to all members but the calling session, and noted. */
void chat_tell_changed(struct call *call, int64_t chat);
/* What was changed without a message: for members' devices that are away. */
void chat_note(struct call *call, int64_t chat);

#endif
