/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the files of core that hold the rules of channels: a channel with its place, the viewer's
 * membership and what the viewer may see, loaded once per call; and how changes are told.
 */
#ifndef CORE_CHANNEL_LOAD_H
#define CORE_CHANNEL_LOAD_H

#include "core/channels.h"
#include "store/channel_rows.h"
#include "store/home_members.h"

struct channel_context {
	struct channel_row row;
	struct channel_place place;
	struct membership_row membership; /* of call->user; role 0: none */
	struct channel *shared;		  /* made from row */
	struct channel_view view;	  /* of call->user */
};

/* false: there is no such channel. Says nothing about whether the viewer may see it. */
bool channel_load(struct call *call, int64_t id, struct channel_context *out);
/* Loaded and visible, else CHANNEL_PRIVATE. */
int channel_need(struct call *call, int64_t id, struct channel_context *out);
/* And its content too, else CHAT_RESTRICTED. */
int channel_need_open(struct call *call, int64_t id, struct channel_context *out);
/* And the viewer is its creator, else CHAT_ADMIN_REQUIRED. */
int channel_need_creator(struct call *call, int64_t id, struct channel_context *out);

/* After the row or the membership was changed: makes `shared` and `view` anew. */
void channel_refresh(struct call *call, struct channel_context *context);

/* Appends to answer, and makes its channels and users what the updates name. */
struct update *channel_answer_add(
	struct call *call, struct update_set *answer, enum update_kind kind, int64_t channel);
void channel_answer_finish(
	struct call *call, const struct channel_context *context, struct update_set *answer);

/* To all online members, except the session of the call. */
void channel_tell_members(
	struct call *call, const struct channel_context *context, const struct update *update);
/* UPDATE_CHANNEL to the viewer's other sessions. */
void channel_tell_self(struct call *call, const struct channel_context *context);
/* The channel itself changed: everybody looks again. */
void channel_tell_changed(struct call *call, const struct channel_context *context);
/* Where the viewer now stands with the channel. */
void channel_tell_membership(
	struct call *call, const struct channel_context *context, int64_t account);
/* Kept for the account's devices that are away now: core/channels_missed.c tells them. */
void channel_note_departure(
	struct call *call, const struct channel_context *context, int64_t account);

/* ---- core/channel_names.c ---- */

/* The viewer gives up the name, in any case of letters. */
void channel_name_release(struct call *call, struct bytes name);

/* ---- core/posts.c ---- */

/* Appends the post (action, text, entities, random_id set; the rest is filled in) with its event
 * and tells the members; marks it read for the viewer. */
void post_append(struct call *call, struct channel_context *context, struct message *post,
	struct update *update);
/* Drops the formatting that names an account by its id: the square holds no account's number. The
 * text stays. */
void post_drop_accounts(struct message *post);
/* A row as a message; the text of the order stands in place of a hidden post's content. A body that
 * cannot be read fails the transaction. */
void post_from_row(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *out);
/* Logs an edit of the post as it now is and tells the members. false: no such post. */
bool post_tell_edited(
	struct call *call, struct channel_context *context, int32_t id, struct update *update);

#endif
