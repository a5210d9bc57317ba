/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the files of core that hold the rules of channels: a channel with its place, the viewer's
 * membership and what the viewer may see, loaded once per call; and how changes are told.
 */
#ifndef CORE_CHANNEL_LOAD_H
#define CORE_CHANNEL_LOAD_H

#include "core/channels/channels.h"
#include "store/channel_rows.h"
#include "store/home_members.h"

struct channel_context {
	struct channel_row row;
	struct channel_place place;
	struct membership_row membership; /* of call->user; role 0: none */
	struct channel *shared;		  /* made from row; its settings may be changed */
	struct channel_view view;	  /* of call->user */
};

/* false: there is no such channel. Says nothing about whether the viewer may see it. */
bool channel_load(struct call *call, int64_t id, struct channel_context *out);
/* Loaded and visible, else CHANNEL_PRIVATE. */
int channel_need(struct call *call, int64_t id, struct channel_context *out);
/* The same, and also for guests: who doesn't see the private group, but the channel whose posts are
 * discussed there. Of the group's posts they see what post_is_shown says. */
int channel_need_card(struct call *call, int64_t id, struct channel_context *out);
bool channel_is_guest(const struct channel_context *context);
/* And its content too, else CHAT_RESTRICTED. */
int channel_need_open(struct call *call, int64_t id, struct channel_context *out);
int channel_need_guest(struct call *call, int64_t id, struct channel_context *out);
/* What was loaded is the group of a channel that the viewer sees: whoever reads the channel may
 * read what is said about its posts. */
bool channel_seen_through(struct call *call, const struct channel_context *context);
/* And the viewer is its creator, else CHAT_ADMIN_REQUIRED. */
int channel_need_creator(struct call *call, int64_t id, struct channel_context *out);

/* A new private channel of call->user, with its creator as its first member. */
void channel_insert(struct call *call, const struct channel_draft *draft,
	const struct channel_settings *settings, struct channel_context *context);
/* After the row or the membership was changed: makes `shared` and `view` anew. */
void channel_refresh(struct call *call, struct channel_context *context);

/* Writes title, about, username and shared->settings, and tells everybody to look again. */
void channel_store(struct call *call, struct channel_context *context);

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
/* It is gone, and everybody out of it. */
void channel_tell_gone(struct call *call, const struct channel_context *context);
/* Where the viewer now stands with the channel. */
void channel_tell_membership(
	struct call *call, const struct channel_context *context, int64_t account);
/* Kept for the account's devices that are away now: core/channels/channels_missed.c tells them. */
void channel_note_departure(
	struct call *call, const struct channel_context *context, int64_t account);

/* What a row comes to now. */
struct standing channel_standing(const struct call *call, const struct membership_row *row);

/* ---- core/channels/channel_names.c ---- */

/* The viewer has as many public channels as one account may have. */
bool channel_names_full(struct call *call);

/* ---- core/channels/channel_members.c ---- */

/* The viewer's row was written: the count has changed by delta, and the viewer is told. */
void channel_member_moved(struct call *call, struct channel_context *context, int64_t delta);
/* The viewer may be in one more channel. */
bool channel_member_has_room(struct call *call);
/* The viewer, who is out of it, is in it, and is told. inviter 0: came by itself. Who may is the
 * caller's to check. */
void channel_member_enter(struct call *call, struct channel_context *context, int64_t inviter);
/* answer: UPDATE_CHANNEL, and where members of a group see each other the service post of
 * call->user about who came or went, UPDATE_NEW_POST. action NONE: no post. */
void channel_answer_members(struct call *call, struct channel_context *context,
	enum message_action action, const int64_t *users, size_t count, struct update_set *answer);

/* ---- core/posts/posts.c ---- */

/* Appends the post (action, text, entities, random_id set; the rest is filled in) with its event
 * and tells the members; marks it read for the viewer. */
void post_append(struct call *call, struct channel_context *context, struct message *post,
	struct update *update);
/* What the writer's own session is told: how far he has read by writing, and the post. */
void post_answer(struct call *call, const struct channel_context *context,
	const struct update *posted, struct update_set *answer);
/* A service post, whose action and content are set: it goes into the answer, as post_answer says.
 */
void channel_say(struct call *call, struct channel_context *context, struct message *post,
	struct update_set *answer);
/* A row as a message; the text of the order stands in place of a hidden post's content. A body that
 * cannot be read fails the transaction. */
void post_from_row(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *out);
/* Logs an edit of the post as it now is and tells the members. false: no such post. */
bool post_tell_edited(
	struct call *call, struct channel_context *context, int32_t id, struct update *update);

#endif
