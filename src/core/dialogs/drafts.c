/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts are stored as a message's body is. */
#include "core/dialogs/drafts.h"

#include "base/text.h"
#include "core/messages/entities.h"
#include "core/messages/message_body.h"
#include "core/channels/roster.h"
#include "core/messages/sources.h"
#include "core/posts/threads.h"
#include "store/home_settings.h"

/* topic 0: of the chat. */
static struct home_setting row_of(struct peer peer, int32_t topic)
{
	if (topic)
		return (struct home_setting){
			.kind = HOME_SETTING_TOPIC_DRAFT, .peer_kind = topic, .peer = peer.id};
	return (struct home_setting){
		.kind = HOME_SETTING_DRAFT, .peer_kind = peer.kind, .peer = peer.id};
}

static struct message *message_of(
	struct call *call, struct peer peer, const struct home_setting *row)
{
	struct message *draft = ARENA_NEW(call->arena, struct message);

	if (message_body_decode(call->arena, row->value, draft) < 0) {
		db_fail(call_home(call), "a draft is malformed");
		return NULL;
	}
	draft->peer = peer;
	draft->thread = row->kind == HOME_SETTING_TOPIC_DRAFT ? row->peer_kind : 0;
	draft->date_s = row->changed_at_s;
	return draft;
}

struct message *draft_get(struct call *call, struct peer peer, int32_t topic)
{
	struct home_setting row = row_of(peer, topic);

	if (!home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row))
		return NULL;
	return message_of(call, peer, &row);
}

bool draft_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct peer peer = {(enum peer_kind)change->peer_kind, change->peer};
	const int32_t topic = (int32_t)change->item;

	*update = (struct update){.kind = UPDATE_DRAFT,
		.peer = peer,
		.thread = topic,
		.message = draft_get(call, peer, topic)};
	return true;
}

static void tell(struct call *call, uint64_t except_session, struct peer peer, int32_t topic)
{
	struct home_change change = {.peer_kind = peer.kind, .peer = peer.id, .item = topic};
	struct update update;

	draft_change(call, &change, &update);
	change_tell(call, call->user, except_session, CHANGE_DRAFT, peer, topic, &update);
}

void draft_clear(struct call *call, uint64_t except_session, struct peer peer, int32_t topic)
{
	struct home_setting row = row_of(peer, topic);

	if (home_setting_delete(call_home(call), call->user, &row))
		tell(call, except_session, peer, topic);
}

static struct peer peer_of(const struct home_setting *row, int32_t *topic)
{
	*topic = row->kind == HOME_SETTING_TOPIC_DRAFT ? row->peer_kind : 0;
	return (struct peer){*topic ? PEER_CHANNEL : (enum peer_kind)row->peer_kind, row->peer};
}

static void clear_row(struct call *call, uint64_t except_session, const struct home_setting *row)
{
	int32_t topic;
	const struct peer peer = peer_of(row, &topic);

	draft_clear(call, except_session, peer, topic);
}

/* The oldest makes room for one more. */
static void make_room(struct call *call, enum home_setting_kind kind)
{
	struct home_setting *rows, *oldest = NULL;
	size_t count;

	if (home_settings_count(call_home(call), call->user, kind) < DRAFTS_MAX)
		return;
	count = home_settings_list(call_home(call), call->store->vault, call->arena, call->user,
		kind, DRAFTS_MAX, &rows);
	for (size_t i = 0; i < count; i++) {
		if (!oldest || rows[i].changed_at_s < oldest->changed_at_s)
			oldest = &rows[i];
	}
	if (oldest)
		clear_row(call, 0, oldest);
}

/* What is left in a thread that is gone can be taken away. */
static int check_thread(struct call *call, struct peer peer, int32_t thread)
{
	struct channel_context context;
	int32_t bound;

	if (!thread)
		return 0;
	if (peer.kind != PEER_CHANNEL || thread < 0)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	return thread_scope(call, peer.id, thread, &context, &bound);
}

int draft_save(struct call *call, struct peer peer, const struct message *draft)
{
	struct home_setting row = row_of(peer, draft->thread), before = row;
	struct message kept = *draft;

	if (draft->reply && !quote_fits(draft->reply->quote))
		return rpc_error(call, 400, "QUOTE_TEXT_INVALID");
	if (!text_trim(draft->text).size) {
		kept.text = (struct bytes){0};
		kept.entity_count = 0;
		if (!draft->reply_to) {
			draft_clear(call, call->session_id, peer, draft->thread);
			return 0;
		}
	} else if (entities_accept(call, &kept) < 0) {
		return -1;
	}
	if (check_thread(call, peer, draft->thread) < 0)
		return -1;
	row.value = message_body_encode(call->arena, &kept);
	row.changed_at_s = call->now_s;
	if (home_setting_get(
		    call_home(call), call->store->vault, call->arena, call->user, &before)) {
		if (bytes_equal(before.value, row.value))
			return 0;
	} else {
		make_room(call, row.kind);
	}
	home_setting_put(call_home(call), call->store->vault, call->arena, call->user, &row);
	tell(call, call->session_id, peer, draft->thread);
	return 0;
}

static const enum home_setting_kind kinds[] = {HOME_SETTING_DRAFT, HOME_SETTING_TOPIC_DRAFT};

void drafts_clear(struct call *call)
{
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct home_setting *rows;
		size_t count = home_settings_list(call_home(call), call->store->vault, call->arena,
			call->user, kinds[k], DRAFTS_MAX, &rows);

		for (size_t i = 0; i < count; i++)
			clear_row(call, call->session_id, &rows[i]);
	}
}

static void add_drafts(struct call *call, enum home_setting_kind kind, struct update_set *out)
{
	struct home_setting *rows;
	size_t count = home_settings_list(call_home(call), call->store->vault, call->arena,
		call->user, kind, DRAFTS_MAX, &rows);

	for (size_t i = 0; i < count; i++) {
		struct update update = {.kind = UPDATE_DRAFT};

		update.peer = peer_of(&rows[i], &update.thread);
		update.message = message_of(call, update.peer, &rows[i]);
		out->updates[out->update_count++] = update;
	}
}

void drafts_all(struct call *call, struct update_set *out)
{
	*out = (struct update_set){.updates = arena_array(call->arena,
					   ARRAY_LEN(kinds) * DRAFTS_MAX, sizeof(*out->updates))};
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		add_drafts(call, kinds[k], out);
	roster_complete(call, call->user, out);
}
