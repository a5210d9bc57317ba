/* SPDX-License-Identifier: Apache-2.0 */
/* Notification settings, per chat and per kind of chats. The server keeps them and tells the other
 * devices; what is muted also counts where the chat list decides. All act for call->user unless
 * they say otherwise. https://core.telegram.org/api/push-updates#notification-settings */
#ifndef CORE_NOTIFY_H
#define CORE_NOTIFY_H

#include "core/changes.h"

#define NOTIFY_TEXT_MAX 255 /* bytes of a sound's title and data */
#define NOTIFY_EXCEPTIONS_MAX 1000

/* peer counts for NOTIFY_CHAT only. Where nothing was set: for a kind of chats the defaults of
 * stock clients, for a chat nothing. */
void notify_get(struct call *call, int64_t owner, enum notify_scope scope, struct peer peer,
	struct notify_settings *out);
/* In the place of what there was: what is not set in `settings` is as if it had never been.
 * SETTINGS_INVALID: too many chats have some. */
MUST_CHECK int notify_set(struct call *call, enum notify_scope scope, struct peer peer,
	const struct notify_settings *settings);
/* Nothing of its own. */
bool notify_says_nothing(const struct notify_settings *settings);
/* Off for good, for any owner. */
void notify_mute(struct call *call, int64_t owner, struct peer peer);
/* Of which kind a chat is. */
enum notify_scope notify_scope_of(struct call *call, struct peer peer);
void notify_reset(struct call *call);
/* Whether notifications of the chat are off for owner now. */
bool notify_is_muted(struct call *call, int64_t owner, struct peer peer);
/* Chats with settings of their own. */
size_t notify_exceptions(struct call *call, struct peer **peers, struct notify_settings **settings);

/* The stored form. In the arena, or in `packed`. False: not what encode makes. */
struct bytes notify_encode(struct arena *arena, const struct notify_settings *settings);
bool notify_decode(struct bytes packed, struct notify_settings *settings);

bool notify_change(struct call *call, const struct home_change *change, struct update *update);

#endif
