/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see what of a channel: the one place where rows become a view, so that every front end
 * gives the same answer. And how a change to a channel is told.
 */
#include "core/channel_load.h"

#include "core/roster.h"
#include "core/users.h"

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

	*channel = (struct channel){
		.id = row->id,
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
			.reason = row->restriction_reason},
	};
	return channel;
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
		.role = (enum channel_role)context->membership.role,
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
	return true;
}

static bool context_is_visible(const struct channel_context *context)
{
	if (context->view.role == ROLE_BANNED)
		return false;
	return context->row.in_square || channel_is_member(&context->view);
}

int channel_need(struct call *call, int64_t id, struct channel_context *out)
{
	/* A reader whose two snapshots lie on both sides of a move sees a member of nothing. It is
	 * told to try again: CHANNEL_PRIVATE would make clients leave. */
	if (!channel_load(call, id, out) &&
		home_members_find(call_home(call), call->user, id, &out->membership))
		return rpc_error(call, 500, "CHANNEL_MOVING");
	if (!context_is_visible(out))
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	return 0;
}

int channel_need_open(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need(call, id, out) < 0)
		return -1;
	if (out->view.restricted)
		return rpc_error(call, 400, "CHAT_RESTRICTED");
	return 0;
}

int channel_need_creator(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need_open(call, id, out) < 0)
		return -1;
	if (out->view.role != ROLE_CREATOR)
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	return 0;
}

bool channel_find(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel_context context;

	if (!channel_load(call, id, &context))
		return false;
	if (!context_is_visible(&context) && context.view.role != ROLE_BANNED)
		return false;
	*out = context.view;
	return true;
}

int channel_view(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel_context context;

	if (channel_need(call, id, &context) < 0)
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
	return view->role == ROLE_MEMBER || channel_is_admin(view);
}

bool channel_is_admin(const struct channel_view *view)
{
	return view->role == ROLE_ADMIN || view->role == ROLE_CREATOR;
}

bool channel_may_post(const struct channel_view *view)
{
	if (view->restricted)
		return false;
	return view->channel->broadcast ? channel_is_admin(view) : channel_is_member(view);
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
	struct roster roster;
	struct channel_view *view = ARENA_NEW(call->arena, struct channel_view);

	roster_init(&roster, call->arena);
	roster_add_updates(&roster, set->updates, set->update_count);
	roster_users(call, viewer, &roster, &set->users, &set->user_count);
	*view = context->view;
	set->channels = view;
	set->channel_count = 1;
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

	/* Viewer 0: authors as strangers see them; each viewer's part is the encoder's. */
	set_finish(call, 0, context, &set);
	set.channel_count = 0;
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

void channel_tell_changed(struct call *call, const struct channel_context *context)
{
	struct effect *effect = effects_append(call->effects, EFFECT_CHANNEL_CHANGED);

	effect->channel = context->row.id;
	effect->except_session = call->session_id;
	effect->shared = effects_copy_channel(call->effects, context->shared);
}

void channel_tell_membership(
	struct call *call, const struct channel_context *context, int64_t account)
{
	struct effect *effect = effects_append(call->effects, EFFECT_MEMBER);

	effect->account = account;
	effect->channel = context->row.id;
	effect->role = context->view.role;
	effect->shared = effects_copy_channel(call->effects, context->shared);
}

void channel_note_departure(
	struct call *call, const struct channel_context *context, int64_t account)
{
	const struct departure_row row = {context->row.id, context->row.broadcast, call->now_s};

	home_departures_put(call_home(call), account, &row);
}
