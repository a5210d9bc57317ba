/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topics of a forum: a supergroup whose posts are each in one. A topic is named by the post that
 * opened it; General, which every forum has, holds the posts that are in no other, and its number
 * is that of the group's first post. https://core.telegram.org/api/forum
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise. All
 * but channel_set_forum fault CHANNEL_FORUM_MISSING where the group is none.
 */
#ifndef CORE_TOPICS_H
#define CORE_TOPICS_H

#include "core/posts/threads.h"

#define TOPIC_GENERAL 1
#define TOPIC_TITLE_MAX 128 /* characters */
#define TOPICS_PINNED_MAX 5 /* topics_pinned_limit of the app config */
#define TOPICS_PER_CALL_MAX 100
#define TOPICS_SEARCHED_MAX 1000 /* whose titles one search opens */

/* One as the viewer sees it. */
struct topic {
	int32_t id;
	bool deleted; /* there is none (any more): only the id is set */
	struct bytes title;
	int32_t color;
	int64_t emoji, date_s;
	bool closed, hidden, pinned, my;
	struct peer from; /* who opened it */
	struct thread_marks marks;
	int32_t unread_mentions, unread_reactions;
};

struct topic_list {
	struct topic *at;
	size_t count;
	int32_t total;
	struct post_list posts; /* the newest of each */
};

/* answer: UPDATE_MESSAGE_ID, UPDATE_NEW_POST. The same again for a repeated random_id. Faults
 * TOPIC_TITLE_EMPTY, CHAT_ADMIN_REQUIRED. */
int topic_create(struct call *call, int64_t channel, const struct topic_change *wanted,
	struct bytes title, int64_t random_id, struct update_set *answer);
/* Who opened it, or who may manage topics. title absent: stays. answer: UPDATE_NEW_POST. Faults
 * TOPIC_ID_INVALID, TOPIC_NOT_MODIFIED, TOPIC_TITLE_EMPTY, TOPIC_HIDE_SEPARATELY. */
int topic_edit(struct call *call, int64_t channel, int32_t id, const struct topic_change *wanted,
	struct bytes title, struct update_set *answer);
/* answer: UPDATE_TOPIC_PIN. Faults TOPIC_ID_INVALID, PINNED_TOO_MUCH. */
int topic_pin(
	struct call *call, int64_t channel, int32_t id, bool pinned, struct update_set *answer);
/* These in this order; force: no others are pinned after that. answer: UPDATE_TOPIC_PINS. */
int topics_reorder(struct call *call, int64_t channel, const int32_t *ids, size_t count, bool force,
	struct update_set *answer);
/* The newest posts of it, and when none is left the topic. *left: clients ask again. */
int topic_delete(struct call *call, int64_t channel, int32_t id, int32_t *pts, int32_t *pts_count,
	int32_t *left);

/* Pinned ones first, then by their newest post below offset_id; words: those with them in the
 * title. */
int topics_list(struct call *call, int64_t channel, struct bytes words, int32_t offset_id,
	int32_t limit, struct topic_list *out);
int topics_get(struct call *call, int64_t channel, const int32_t *ids, size_t count,
	struct topic_list *out);
/* How many have something unread: what the chat list shows of a forum. */
int32_t topics_unread(struct call *call, const struct channel_context *context);

/* What a group that is a forum from now on begins with: General. */
void topics_begin(struct call *call, const struct channel_context *context);
/* Its creator. answer: UPDATE_CHANNEL. Faults CHAT_DISCUSSION_UNALLOWED, CHAT_NOT_MODIFIED; also
 * CHAT_ID_INVALID: a channel, or a group where only admins write. */
int channel_set_forum(
	struct call *call, int64_t channel, bool on, bool tabs, struct update_set *answer);

/* For thread_settle: where a new post goes that names this topic, or (lenient) answers something in
 * it. */
MUST_CHECK int topic_settle(struct call *call, const struct channel_context *context, int32_t id,
	bool lenient, struct message *draft);

#endif
