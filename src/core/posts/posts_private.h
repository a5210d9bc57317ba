/* SPDX-License-Identifier: Apache-2.0 */
/* For the files that write posts: rows, the sequence, who is known to have sent what. */
#ifndef CORE_POSTS_PRIVATE_H
#define CORE_POSTS_PRIVATE_H

#include "core/channels/channel_load.h"
#include "core/posts/posts.h"
#include "core/channels/roster.h"

/* Its author is in the home already. */
struct post_row post_to_row(
	struct call *call, const struct channel_context *context, const struct message *post);
/* In whose name it stands: fills author and from. */
void post_show_author(
	const struct channel_context *context, struct post_author author, struct message *out);
/* Writes the update, whose pts is set, to the event log; row.pts follows. */
void post_log_event(struct call *call, struct channel_context *context,
	enum channel_event_kind kind, const struct update *update);

/* Of a number that grows with each reader's doing not each step is told to everybody: the first
 * dozens are, then ever fewer. Clients that have the post on the screen ask again by themselves. */
bool post_told_to_all(int32_t total);

/* ---- posts_mentions.c ---- */

/* Fills mentions and mentioned of a post of a supergroup: whom it names or answers, of its members.
 */
void post_mentions_find(
	struct call *call, const struct channel_context *context, struct message *post);
/* For those it names it is unread from now on. */
void post_mentions_keep(
	struct call *call, const struct channel_context *context, const struct message *post);
/* Fills mentions of a post that is there. */
void post_mentions_load(
	struct call *call, const struct channel_context *context, struct message *post);
/* mentioned and attention as the viewer has them, where the row says that somebody is named. */
void post_mentions_show(
	struct call *call, const struct channel_context *context, struct message *post);

/* ---- posts_read_marks.c ---- */

/* The viewer has read up to max_id: whoever is concerned hears of it. */
void channel_read_note(struct call *call, const struct channel_context *context, int32_t max_id);
/* The viewer's other sessions hear that he has read up to max_id. */
void channel_read_tell(struct call *call, const struct channel_context *context, int32_t max_id);
/* How many posts are newer: exact for so many as anybody reads one by one. */
int32_t channel_unread(const struct channel_context *context, int32_t read_inbox);
/* How far others have read. */
int32_t channel_read_outbox(struct call *call, const struct channel_context *context);

/* ---- posts_edit.c ---- */

/* Posts of a channel are its admins'; in a group a message is its author's, while he may write.
 * Faults MESSAGE_AUTHOR_REQUIRED and those of channel_may_send. */
MUST_CHECK int post_may_edit(struct call *call, const struct channel_context *context, int32_t id);
/* At most POSTS_PER_CALL_MAX, whoever may; tells it. Fills ids and pts of the update; id_count 0:
 * none was there, and nothing happened. */
void posts_delete_rows(struct call *call, struct channel_context *context, const int32_t *ids,
	size_t count, struct update *update);

/* 0: none is, that the viewer may see. */
int32_t channel_pinned_newest(const struct channel_context *context);

/* ---- posts_read.c ---- */

/* As channel_history and channel_posts_get, of a channel that the viewer was let into. */
void channel_history_in(struct call *call, const struct channel_context *context,
	const struct post_range *range, struct post_list *out);
void channel_posts_in(struct call *call, const struct channel_context *context, const int32_t *ids,
	size_t count, struct post_list *out);
/* Of a group that the viewer is no member of (channel_need_guest): only what was said about the
 * posts of the channel. */
bool post_is_shown(
	struct call *call, const struct channel_context *context, const struct post_row *row);
/* users and others of the list. */
void channel_list_fill(struct call *call, const struct roster *roster, struct post_list *out);
/* Names these with it, too. */
void channel_list_name(
	struct call *call, const struct peer *peers, size_t count, struct post_list *list);

/* Accounts and channels are numbered apart from each other: channels count below zero where random
 * ids are remembered. */
static inline int64_t posts_spent_owner(const struct channel_context *context)
{
	return -context->row.id;
}

#endif
