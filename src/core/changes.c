/* SPDX-License-Identifier: Apache-2.0 */
/* Noting changes, and telling those that a device missed. How each kind is told belongs to whoever
 * owns the thing: one row of the table below. */
#include "core/changes.h"

#include "core/accounts/blocks.h"
#include "core/messages/box.h"
#include "core/dialogs/dialog_places.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/folders.h"
#include "core/messages/history_ttl.h"
#include "core/channels/join_requests.h"
#include "core/dialogs/notify.h"
#include "core/accounts/peer_settings.h"
#include "core/messages/polls.h"
#include "core/posts/posts.h"
#include "core/accounts/privacy.h"
#include "core/messages/reactions.h"
#include "core/dialogs/saved_dialogs.h"
#include "core/messages/scheduled.h"
#include "core/posts/topic_settings.h"
#include "core/secret/secret_chats.h"
#include "core/secret/secret_messages.h"

/* A client's last state may be of the very second of the change, or of a clock that ran ahead. */
#define CHANGES_SLACK_S 60

/* The update that says how the thing is now. False: there is nothing to tell. */
typedef bool change_builder(
	struct call *call, const struct home_change *change, struct update *update);

static bool user_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_USER_NAME, .peer = {PEER_USER, change->peer}};
	return true;
}

static bool user_page_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_USER, .peer = {PEER_USER, change->peer}};
	return true;
}

static bool contacts_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_CONTACTS_RESET};
	return true;
}

static bool chat_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_CHAT, .peer = {PEER_CHAT, change->peer}};
	return true;
}

static change_builder *const builders[] = {
	[CHANGE_USER] = user_change,
	[CHANGE_CONTACTS] = contacts_change,
	[CHANGE_PEER_SETTINGS] = peer_settings_change,
	[CHANGE_PRIVACY] = privacy_change,
	[CHANGE_CHAT] = chat_change,
	[CHANGE_BLOCKED] = block_change,
	[CHANGE_USER_PAGE] = user_page_change,
	[CHANGE_DIALOG_PINS] = dialog_pins_change,
	[CHANGE_UNREAD_MARK] = dialog_mark_change,
	[CHANGE_DRAFT] = draft_change,
	[CHANGE_NOTIFY] = notify_change,
	[CHANGE_FOLDERS] = folders_change,
	[CHANGE_SAVED_PINS] = saved_pins_change,
	[CHANGE_HISTORY_TTL] = history_ttl_change,
	[CHANGE_POLL] = poll_change,
	[CHANGE_REACTIONS] = reactions_change,
	[CHANGE_SCHEDULED] = scheduled_change,
	[CHANGE_JOIN_REQUESTS] = join_requests_change,
	[CHANGE_POST_CONTENTS] = post_contents_change,
	[CHANGE_AVAILABLE_POSTS] = available_posts_change,
	[CHANGE_THREAD_READ] = thread_read_change,
	[CHANGE_VIEW_AS_MESSAGES] = topics_view_change,
	[CHANGE_TOPIC_NOTIFY] = topic_notify_change,
	[CHANGE_SECRET_CHAT] = secret_chat_change,
	[CHANGE_SECRET_READ] = secret_read_change,
};

void change_note(
	struct call *call, int64_t owner, enum change_kind kind, struct peer peer, int64_t item)
{
	struct home_change change = {.kind = kind,
		.peer_kind = peer.kind,
		.peer = peer.id,
		.item = item,
		.changed_at_s = call->now_s};

	home_change_put(call_home(call), owner, &change);
}

void change_tell(struct call *call, int64_t owner, uint64_t except_session, enum change_kind kind,
	struct peer peer, int64_t item, struct update *update)
{
	change_note(call, owner, kind, peer, item);
	box_tell(call, owner, except_session, update, 1);
}

/* Accounts and channels are numbered apart from each other: channels count below zero here. */
void channel_change_note(struct call *call, int64_t channel, enum change_kind kind)
{
	change_note(call, -channel, kind, (struct peer){PEER_NONE, 0}, 0);
}

bool channel_change_since(
	struct call *call, int64_t channel, enum change_kind kind, int64_t since_s)
{
	return home_change_at(call_home(call), -channel, kind) >= since_s;
}

void channel_changes_forget(struct call *call, int64_t channel)
{
	home_changes_forget(call_home(call), -channel);
}

void changes_missed(struct call *call, int64_t since_s, struct update_set *set)
{
	struct home_change *changes;
	struct update *updates;
	size_t count;

	count = home_changes_since(call_home(call), call->arena, call->user,
		since_s - CHANGES_SLACK_S, CHANGES_PER_DIFFERENCE, &changes);
	updates = arena_array(call->arena, set->update_count + count, sizeof(*updates));
	if (set->update_count)
		memcpy(updates, set->updates, set->update_count * sizeof(*updates));
	set->updates = updates;
	for (size_t i = 0; i < count; i++) {
		change_builder *build = (size_t)changes[i].kind < ARRAY_LEN(builders)
						? builders[changes[i].kind]
						: NULL;

		if (build && build(call, &changes[i], &updates[set->update_count]))
			set->update_count++;
	}
}
