/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see what of a channel: the one place where rows become a view, so that every front end
 * gives the same answer. And how a change to a channel is told.
 */
#include "core/channels/channel_load.h"

#include "core/changes.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_settings.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"
#include "store/home_doomed.h"

#define ANSWER_UPDATES_MAX 4 /* no call of this part says more */

int64_t channel_access_hash(struct call *call, int64_t id)
{
	return vault_access_hash(call->store->vault, call->user, PEER_CHANNEL, id);
}

/* countries is "DE,ID": codes of two letters, so a match on a boundary is a match. */
static bool countries_have(struct bytes countries, const char *country)
{
	if (strlen(country) != 2)
		return false;
	for (size_t i = 0; i + 2 <= countries.size; i += 3)
		if (memcmp(countries.data + i, country, 2) == 0)
			return true;
	return false;
}

bool channel_restricted(const struct restriction *restriction, const char *country)
{
	return restriction->everywhere || countries_have(restriction->countries, country);
}

static struct channel *channel_from_row(struct call *call, const struct channel_row *row)
{
	struct channel *channel = ARENA_NEW(call->arena, struct channel);
	struct channel_settings settings;

	if (channel_settings_decode(call->arena, row->settings, row->broadcast, &settings) < 0)
		db_fail(call_home(call), "the settings of a channel cannot be read");
	*channel = (struct channel){
		.id = row->id,
		.settings = settings,
		.in_square = row->in_square,
		.title = row->title,
		.about = row->about,
		.username = row->username,
		.broadcast = row->broadcast,
		.date_s = row->date_s,
		.members = home_member_counts_get(call_home(call), row->id),
		.pts = row->pts,
		.top_id = row->top_id,
		.restriction = {.everywhere = row->restricted_everywhere,
			.countries = row->restricted_countries,
			.text = row->restriction_text,
			.reason = row->restriction_reason,
			.label = row->label_text},
	};
	return channel;
}

/* Limits that have run out are none, whether their row is still there or not. */
struct standing channel_standing(const struct call *call, const struct membership_row *row)
{
	struct standing my = {
		.role = row->role == ROLE_AWAY ? ROLE_LEFT : (enum channel_role)row->role,
		.admin_rights = row->admin_rights,
		.banned_rights = row->banned_rights,
		.until_s = row->until_s,
		.hidden_to = row->available_min,
	};

	if (my.banned_rights && my.until_s && my.until_s <= call->now_s) {
		my.banned_rights = 0;
		my.until_s = 0;
		if (my.role == ROLE_BANNED)
			my.role = ROLE_LEFT;
	}
	return my;
}

void channel_refresh(struct call *call, struct channel_context *context)
{
	const struct restriction *restriction;
	const char *country = "";

	context->shared = channel_from_row(call, &context->row);
	restriction = &context->shared->restriction;
	/* The country takes a sealed row to find: only where it matters. */
	if (restriction->countries.size > 0 && call->user != 0)
		country = user_country(call, call->user);
	context->view = (struct channel_view){
		.channel = context->shared,
		.access_hash = channel_access_hash(call, context->row.id),
		.my = channel_standing(call, &context->membership),
		.restricted = channel_restricted(restriction, country),
	};
}

bool channel_load(struct call *call, int64_t id, struct channel_context *out)
{
	*out = (struct channel_context){0};
	if (!channel_rows_find(call->store, call->arena, id, &out->row, &out->place))
		return false;
	home_members_find(call_home(call), call->user, id, &out->membership);
	channel_refresh(call, out);
	out->place.hidden_to = out->membership.available_min;
	return true;
}

static bool context_is_visible(const struct channel_context *context)
{
	if (context->view.my.role == ROLE_BANNED)
		return false;
	return context->row.in_square || channel_is_member(&context->view);
}

bool channel_seen_through(struct call *call, const struct channel_context *context)
{
	const int64_t linked = context->row.id ? context->shared->settings.linked : 0;
	struct channel_context channel;

	if (!linked || context->row.broadcast || context->view.my.role == ROLE_BANNED ||
		!channel_load(call, linked, &channel))
		return false;
	return channel.shared->settings.linked == context->row.id && context_is_visible(&channel);
}

int channel_need(struct call *call, int64_t id, struct channel_context *out)
{
	/* A reader whose two snapshots lie on both sides of a move sees a member of nothing. It is
	 * told to try again: CHANNEL_PRIVATE would make clients leave. */
	if (!channel_load(call, id, out) &&
		home_members_find(call_home(call), call->user, id, &out->membership) &&
		!home_doomed_has(call_home(call), id))
		return rpc_error(call, 500, "CHANNEL_MOVING");
	if (!context_is_visible(out))
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	return 0;
}

bool channel_is_guest(const struct channel_context *context)
{
	return !context_is_visible(context);
}

int channel_need_card(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need(call, id, out) == 0)
		return 0;
	if (!channel_seen_through(call, out))
		return -1;
	call->fault = (struct fault){0};
	return 0;
}

static int need_open(struct call *call, const struct channel_context *context)
{
	return context->view.restricted ? rpc_error(call, 400, "CHAT_RESTRICTED") : 0;
}

int channel_need_guest(struct call *call, int64_t id, struct channel_context *out)
{
	return channel_need_card(call, id, out) < 0 ? -1 : need_open(call, out);
}

int channel_need_open(struct call *call, int64_t id, struct channel_context *out)
{
	return channel_need(call, id, out) < 0 ? -1 : need_open(call, out);
}

int channel_need_creator(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need_open(call, id, out) < 0)
		return -1;
	if (out->view.my.role != ROLE_CREATOR)
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	return 0;
}

bool channel_find(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel_context context;

	if (!channel_load(call, id, &context))
		return false;
	if (!context_is_visible(&context) && context.view.my.role != ROLE_BANNED &&
		!channel_seen_through(call, &context))
		return false;
	*out = context.view;
	return true;
}

int channel_view(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel_context context;

	if (channel_need_card(call, id, &context) < 0)
		return -1;
	*out = context.view;
	return 0;
}

int channel_open(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	*out = context.view;
	return 0;
}

bool channel_is_member(const struct channel_view *view)
{
	return view->my.role == ROLE_MEMBER || channel_is_admin(view);
}

bool channel_is_admin(const struct channel_view *view)
{
	return view->my.role == ROLE_ADMIN || view->my.role == ROLE_CREATOR;
}

bool channel_may_post(const struct channel_view *view)
{
	if (view->restricted)
		return false;
	return view->channel->broadcast ? channel_admin_may(view, ADMIN_POST)
					: channel_is_member(view);
}

/* ---- Telling ---- */

struct update *channel_answer_add(
	struct call *call, struct update_set *answer, enum update_kind kind, int64_t channel)
{
	struct update *update;

	if (answer->update_count == 0)
		answer->updates =
			arena_array(call->arena, ANSWER_UPDATES_MAX, sizeof(*answer->updates));
	update = &answer->updates[answer->update_count++];
	*update = (struct update){.kind = kind, .peer = {PEER_CHANNEL, channel}};
	return update;
}

/* The channel is given as this call left it, also to one who has just left it and could not look it
 * up any more. */
static void set_finish(struct call *call, int64_t viewer, const struct channel_context *context,
	struct update_set *set)
{
	const int64_t caller = call->user;
	struct channel_view *others;
	struct roster roster;
	size_t count;

	roster_init(&roster, call->arena);
	roster_add_updates(&roster, set->updates, set->update_count);
	roster_users(call, viewer, &roster, &set->users, &set->user_count);
	call->user = viewer; /* channels are seen with the caller's eyes */
	roster_other_channels(call, &roster, context->row.id, &others, &count);
	call->user = caller;
	set->channels = arena_array(call->arena, count + 1, sizeof(*set->channels));
	set->channels[0] = context->view;
	if (count)
		memcpy(set->channels + 1, others, count * sizeof(*others));
	set->channel_count = count + 1;
	set->date_s = call->now_s;
}

void channel_answer_finish(
	struct call *call, const struct channel_context *context, struct update_set *answer)
{
	set_finish(call, call->user, context, answer);
}

void channel_tell_members(
	struct call *call, const struct channel_context *context, const struct update *update)
{
	struct update copy = *update;
	struct update_set set = {.updates = &copy, .update_count = 1};
	struct effect *effect;

	/* Viewer 0: authors and other channels as strangers see them; each viewer's part is the
	 * encoder's, and so is the channel itself. */
	set_finish(call, 0, context, &set);
	set.channels++;
	set.channel_count--;
	effect = effects_append(call->effects, EFFECT_CHANNEL);
	effect->channel = context->row.id;
	effect->except_session = call->session_id;
	effect->shared = effects_copy_channel(call->effects, context->shared);
	effect->set = effects_copy_set(call->effects, &set);
}

void channel_tell_self(struct call *call, const struct channel_context *context)
{
	struct update update = {.kind = UPDATE_CHANNEL, .peer = {PEER_CHANNEL, context->row.id}};
	struct update_set set = {.updates = &update, .update_count = 1};
	struct effect *effect;

	set_finish(call, call->user, context, &set);
	effect = effects_append(call->effects, EFFECT_ACCOUNT);
	effect->account = call->user;
	effect->except_session = call->session_id;
	effect->set = effects_copy_set(call->effects, &set);
}

static struct effect *changed(struct call *call, const struct channel_context *context)
{
	struct effect *effect = effects_append(call->effects, EFFECT_CHANNEL_CHANGED);

	effect->channel = context->row.id;
	effect->except_session = call->session_id;
	effect->shared = effects_copy_channel(call->effects, context->shared);
	return effect;
}

void channel_tell_changed(struct call *call, const struct channel_context *context)
{
	(void)changed(call, context);
	channel_change_note(call, context->row.id, CHANGE_CHANNEL);
}

void channel_tell_gone(struct call *call, const struct channel_context *context)
{
	changed(call, context)->standing = (struct standing){.role = ROLE_BANNED};
}

void channel_tell_membership(
	struct call *call, const struct channel_context *context, int64_t account)
{
	struct effect *effect = effects_append(call->effects, EFFECT_MEMBER);

	effect->account = account;
	effect->channel = context->row.id;
	effect->standing = context->view.my;
	effect->shared = effects_copy_channel(call->effects, context->shared);
}

void channel_note_departure(
	struct call *call, const struct channel_context *context, int64_t account)
{
	const struct departure_row row = {context->row.id, context->row.broadcast, call->now_s};

	home_departures_put(call_home(call), account, &row);
}
