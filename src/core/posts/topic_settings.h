/* SPDX-License-Identifier: Apache-2.0 */
/* What an account set for one topic of a forum, or for how it looks at the forum. Functions act for
 * call->user. */
#ifndef CORE_TOPIC_SETTINGS_H
#define CORE_TOPIC_SETTINGS_H

#include "core/posts/topics.h"

/* NULL: none. */
struct message *topic_draft(struct call *call, int64_t channel, int32_t topic);
struct notify_settings *topic_notify(struct call *call, int64_t channel, int32_t topic);
/* In the place of what there was. Tells the account's other sessions. Faults TOPIC_ID_INVALID,
 * SETTINGS_INVALID. */
int topic_notify_set(
	struct call *call, int64_t channel, int32_t topic, const struct notify_settings *settings);
/* All of them are as those of their chats. */
void topics_notify_reset(struct call *call);
/* The builder of CHANGE_TOPIC_NOTIFY: peer is the forum, item the topic. */
bool topic_notify_change(
	struct call *call, const struct home_change *change, struct update *update);

/* One list of messages instead of topics. answer: UPDATE_VIEW_AS_MESSAGES. */
int topics_view_set(struct call *call, int64_t channel, bool on, struct update_set *answer);
bool topics_view_get(struct call *call, int64_t channel);
/* The builder of CHANGE_VIEW_AS_MESSAGES. */
bool topics_view_change(struct call *call, const struct home_change *change, struct update *update);

#endif
