/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications of a topic, and whether a forum is shown as one list. Drafts are
 * core/dialogs/drafts.h's.
 */
#include "core/posts/topic_settings.h"

#include "core/changes.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/notify.h"
#include "core/channels/roster.h"
#include "store/home_settings.h"

static struct peer forum_peer(int64_t channel)
{
	return (struct peer){PEER_CHANNEL, channel};
}

struct message *topic_draft(struct call *call, int64_t channel, int32_t topic)
{
	return draft_get(call, forum_peer(channel), topic);
}

/* ---- Notifications ---- */

static struct home_setting notify_row(int64_t channel, int32_t topic)
{
	return (struct home_setting){
		.kind = HOME_SETTING_TOPIC_NOTIFY, .peer_kind = topic, .peer = channel};
}

struct notify_settings *topic_notify(struct call *call, int64_t channel, int32_t topic)
{
	struct notify_settings *settings = ARENA_NEW(call->arena, struct notify_settings);
	struct home_setting row = notify_row(channel, topic);

	if (home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row) &&
		!notify_decode(row.value, settings))
		db_fail(call_home(call), "notification settings are malformed");
	return settings;
}

bool topic_notify_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_NOTIFY,
		.peer = forum_peer(change->peer),
		.thread = (int32_t)change->item,
		.notify = topic_notify(call, change->peer, (int32_t)change->item)};
	return true;
}

static void tell_notify(struct call *call, int64_t channel, int32_t topic)
{
	const struct home_change change = {.peer = channel, .item = topic};
	struct update update;

	topic_notify_change(call, &change, &update);
	change_tell(call, call->user, call->session_id, CHANGE_TOPIC_NOTIFY, update.peer, topic,
		&update);
}

void topics_notify_reset(struct call *call)
{
	struct home_setting *rows;
	const size_t count = home_settings_list(call_home(call), call->store->vault, call->arena,
		call->user, HOME_SETTING_TOPIC_NOTIFY, NOTIFY_EXCEPTIONS_MAX, &rows);

	for (size_t i = 0; i < count; i++) {
		home_setting_delete(call_home(call), call->user, &rows[i]);
		tell_notify(call, rows[i].peer, rows[i].peer_kind);
	}
}

int topic_notify_set(
	struct call *call, int64_t channel, int32_t topic, const struct notify_settings *settings)
{
	struct home_setting row = notify_row(channel, topic);
	struct topic_list found;

	if (topics_get(call, channel, &topic, 1, &found) < 0)
		return -1;
	if (found.at[0].deleted)
		return rpc_error(call, 400, "TOPIC_ID_INVALID");
	if (notify_says_nothing(settings)) {
		if (home_setting_delete(call_home(call), call->user, &row))
			tell_notify(call, channel, topic);
		return 0;
	}
	if (!home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row) &&
		home_settings_count(call_home(call), call->user, row.kind) >= NOTIFY_EXCEPTIONS_MAX)
		return rpc_error(call, 400, "SETTINGS_INVALID");
	row.value = notify_encode(call->arena, settings);
	row.changed_at_s = call->now_s;
	home_setting_put(call_home(call), call->store->vault, call->arena, call->user, &row);
	tell_notify(call, channel, topic);
	return 0;
}

/* ---- One list ---- */

static struct home_setting view_row(int64_t channel)
{
	return (struct home_setting){
		.kind = HOME_SETTING_VIEW_AS_MESSAGES, .peer_kind = PEER_CHANNEL, .peer = channel};
}

bool topics_view_get(struct call *call, int64_t channel)
{
	struct home_setting row = view_row(channel);

	return home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row);
}

bool topics_view_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_VIEW_AS_MESSAGES,
		.peer = forum_peer(change->peer),
		.marked = topics_view_get(call, change->peer)};
	return true;
}

int topics_view_set(struct call *call, int64_t channel, bool on, struct update_set *answer)
{
	const struct home_change change = {.peer = channel};
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct home_setting row = view_row(channel);
	struct topic_list none;

	if (topics_get(call, channel, NULL, 0, &none) < 0)
		return -1;
	row.value = BYTES_LITERAL("");
	row.changed_at_s = call->now_s;
	if (on)
		home_setting_put(
			call_home(call), call->store->vault, call->arena, call->user, &row);
	else
		home_setting_delete(call_home(call), call->user, &row);
	topics_view_change(call, &change, update);
	change_tell(call, call->user, call->session_id, CHANGE_VIEW_AS_MESSAGES, update->peer, 0,
		update);
	*answer = (struct update_set){.updates = update, .update_count = 1};
	roster_complete(call, call->user, answer);
	return 0;
}
