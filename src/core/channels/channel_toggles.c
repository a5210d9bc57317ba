/* SPDX-License-Identifier: Apache-2.0 */
/* One row per switch: who may turn it, where it exists, and what it takes. */
#include "core/channels/channel_toggles.h"

#include "core/channels/channel_link.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_settings.h"
#include "core/messages/history_ttl.h"
#include "store/home_invite_links.h"

static int need_group(struct call *call, const struct channel_context *context, const char *text)
{
	return context->row.broadcast ? rpc_error(call, 400, text) : 0;
}

static int need_members(
	struct call *call, const struct channel_context *context, int64_t least, bool on)
{
	if (on && context->shared->members < least)
		return rpc_error(call, 400, "PARTICIPANTS_TOO_FEW");
	return 0;
}

static int check_history(struct call *call, const struct channel_context *context, bool on)
{
	if (on && context->shared->settings.linked)
		return rpc_error(call, 400, "CHAT_LINK_EXISTS");
	/* What is public is open to everybody. */
	if (on && context->row.in_square)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	return 0;
}

static int check_join_to_send(struct call *call, const struct channel_context *context, bool on)
{
	/* Elsewhere nobody but members writes anyway. */
	if (!context->shared->settings.linked)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	return 0;
}

static int check_join_request(struct call *call, const struct channel_context *context, bool on)
{
	if (on && !context->row.in_square && !context->shared->settings.linked)
		return rpc_error(call, 400, "CHAT_PUBLIC_REQUIRED");
	return 0;
}

static int check_antispam(struct call *call, const struct channel_context *context, bool on)
{
	return need_members(call, context, ANTISPAM_MEMBERS_MIN, on);
}

static int check_members_hidden(struct call *call, const struct channel_context *context, bool on)
{
	return need_members(call, context, MEMBERS_HIDDEN_MEMBERS_MIN, on);
}

static const struct toggle {
	enum channel_flag flag;
	enum admin_right right; /* 0: the creator's alone */
	bool in_groups, in_gigagroups, in_broadcasts;
	int (*check)(struct call *call, const struct channel_context *context, bool on);
} toggles[] = {
	{CHANNEL_NOFORWARDS, 0, true, true, true, NULL},
	{CHANNEL_HISTORY_HIDDEN, ADMIN_CHANGE_INFO, true, true, false, check_history},
	{CHANNEL_JOIN_TO_SEND, ADMIN_BAN, true, false, false, check_join_to_send},
	{CHANNEL_JOIN_REQUEST, ADMIN_BAN, true, false, false, check_join_request},
	{CHANNEL_ANTISPAM, ADMIN_DELETE, true, false, false, check_antispam},
	{CHANNEL_MEMBERS_HIDDEN, ADMIN_BAN, true, true, false, check_members_hidden},
	{CHANNEL_AUTOTRANSLATION, ADMIN_CHANGE_INFO, false, false, true, NULL},
};

static bool toggle_fits(const struct toggle *toggle, const struct channel_context *context)
{
	if (context->row.broadcast)
		return toggle->in_broadcasts;
	return context->shared->settings.flags & CHANNEL_GIGAGROUP ? toggle->in_gigagroups
								   : toggle->in_groups;
}

static const struct toggle *toggle_of(enum channel_flag flag)
{
	for (size_t i = 0; i < ARRAY_LEN(toggles); i++) {
		if (toggles[i].flag == flag)
			return &toggles[i];
	}
	return NULL;
}

static int answer_changed(
	struct call *call, struct channel_context *context, struct update_set *answer)
{
	channel_store(call, context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, context->row.id);
	channel_answer_finish(call, context, answer);
	return 0;
}

/* *same: it is so already. */
static int toggle_load(struct call *call, int64_t id, enum channel_flag flag, bool on,
	struct channel_context *context, bool *same)
{
	const struct toggle *toggle = toggle_of(flag);

	if (toggle->right ? channel_need_admin(call, id, toggle->right, context) < 0
			  : channel_need_creator(call, id, context) < 0)
		return -1;
	if (!toggle_fits(toggle, context))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	*same = ((context->shared->settings.flags & flag) != 0) == on;
	return *same || !toggle->check ? 0 : toggle->check(call, context, on);
}

int channel_toggle(
	struct call *call, int64_t id, enum channel_flag flag, bool on, struct update_set *answer)
{
	struct channel_context context;
	bool same;

	if (toggle_load(call, id, flag, on, &context, &same) < 0)
		return -1;
	if (same)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.shared->settings.flags ^= flag;
	return answer_changed(call, &context, answer);
}

int channel_toggle_join_request(
	struct call *call, int64_t id, bool on, bool links_too, struct update_set *answer)
{
	const struct home_place place = {PEER_CHANNEL, id};
	struct channel_context context;
	bool same;

	if (toggle_load(call, id, CHANNEL_JOIN_REQUEST, on, &context, &same) < 0)
		return -1;
	if (!(links_too && home_invite_links_set_asks(call_home(call), place, on)) && same)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	if (!same)
		context.shared->settings.flags ^= CHANNEL_JOIN_REQUEST;
	return answer_changed(call, &context, answer);
}

int channel_set_signatures(
	struct call *call, int64_t id, bool signatures, bool profiles, struct update_set *answer)
{
	const uint32_t both = CHANNEL_SIGNATURES | CHANNEL_SIGNATURE_PROFILES;
	struct channel_context context;
	uint32_t *flags, wanted = 0;

	if (channel_need_admin(call, id, ADMIN_CHANGE_INFO, &context) < 0)
		return -1;
	if (!context.row.broadcast)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (signatures)
		wanted = profiles ? both : CHANNEL_SIGNATURES;
	flags = &context.shared->settings.flags;
	if ((*flags & both) == wanted)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	*flags = (*flags & ~both) | wanted;
	return answer_changed(call, &context, answer);
}

int channel_set_slowmode(struct call *call, int64_t id, int32_t seconds, struct update_set *answer)
{
	static const int32_t offered[] = {0, 5, 10, 30, 60, 300, 900, 3600};
	struct channel_context context;
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(offered); i++)
		known |= seconds == offered[i];
	if (!known)
		return rpc_error(call, 400, "SECONDS_INVALID");
	if (channel_need_admin(call, id, ADMIN_BAN, &context) < 0 ||
		need_group(call, &context, "CHANNEL_INVALID") < 0)
		return -1;
	if (context.shared->settings.slowmode_s == seconds)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.shared->settings.slowmode_s = seconds;
	return answer_changed(call, &context, answer);
}

int channel_set_ttl(struct call *call, int64_t id, int32_t period_s, struct update_set *answer)
{
	struct message *line = ARENA_NEW(call->arena, struct message);
	struct channel_context context;
	struct update told = {.kind = UPDATE_HISTORY_TTL, .peer = {PEER_CHANNEL, id}};
	/* Either is what clients ask for before they offer it. */
	const enum admin_right any = (enum admin_right)(ADMIN_CHANGE_INFO | ADMIN_DELETE);

	if (history_ttl_check(call, period_s) < 0 ||
		channel_need_admin(call, id, any, &context) < 0)
		return -1;
	if (context.shared->settings.period_s == period_s)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.shared->settings.period_s = told.period_s = period_s;
	channel_store(call, &context);
	channel_tell_members(call, &context, &told);
	*answer = (struct update_set){0};
	*channel_answer_add(call, answer, UPDATE_HISTORY_TTL, id) = told;
	line->action = ACTION_SET_TTL;
	line->action_period_s = period_s;
	channel_say(call, &context, line, answer);
	channel_answer_finish(call, &context, answer);
	return 0;
}

void channel_reactions(
	struct arena *arena, const struct channel_settings *settings, struct chat_reactions *out)
{
	struct bytes emojis[CHANNEL_REACTIONS_MAX];
	const size_t count = channel_reactions_decode(settings->reactions, emojis);

	*out = (struct chat_reactions){.unique_max = settings->reactions_limit};
	if (settings->flags & CHANNEL_REACTIONS_NONE)
		out->mode = CHAT_REACTIONS_NONE;
	if (!(settings->flags & CHANNEL_REACTIONS_SOME))
		return;
	out->mode = CHAT_REACTIONS_SOME;
	for (size_t i = 0; i < count && out->kind_count < REACTION_KINDS; i++) {
		const int kind = reaction_kind_of(arena, emojis[i]);

		if (kind >= 0)
			out->kinds[out->kind_count++] = (uint8_t)kind;
	}
}

void channel_reactions_into(
	struct arena *arena, const struct chat_reactions *rules, struct channel_settings *settings)
{
	struct bytes emojis[REACTION_KINDS];

	settings->flags &= ~(uint32_t)(CHANNEL_REACTIONS_SOME | CHANNEL_REACTIONS_NONE);
	if (rules->mode != CHAT_REACTIONS_ALL)
		settings->flags |= rules->mode == CHAT_REACTIONS_NONE ? CHANNEL_REACTIONS_NONE
								      : CHANNEL_REACTIONS_SOME;
	for (size_t i = 0; i < rules->kind_count; i++)
		emojis[i] = bytes_from_str(reaction_kinds[rules->kinds[i]].emoji);
	settings->reactions = channel_reactions_encode(arena, emojis, rules->kind_count);
	settings->reactions_limit = rules->unique_max;
}

int channel_set_reactions(struct call *call, int64_t id, const struct chat_reactions *rules,
	struct update_set *answer)
{
	struct bytes before, after;
	struct channel_settings *settings;
	struct channel_context context;

	if (channel_need_admin(call, id, ADMIN_CHANGE_INFO, &context) < 0)
		return -1;
	settings = &context.shared->settings;
	before = channel_settings_encode(call->arena, settings);
	channel_reactions_into(call->arena, rules, settings);
	after = channel_settings_encode(call->arena, settings);
	if (bytes_equal(before, after))
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	return answer_changed(call, &context, answer);
}

int channel_to_gigagroup(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_settings *settings;
	struct channel_context context;

	if (channel_need_creator(call, id, &context) < 0 ||
		need_group(call, &context, "CHANNEL_ID_INVALID") < 0)
		return -1;
	settings = &context.shared->settings;
	if (settings->flags & CHANNEL_GIGAGROUP)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	if (settings->flags & CHANNEL_FORUM)
		return rpc_error(call, 400, "FORUM_ENABLED");
	if (need_members(call, &context, GIGAGROUP_MEMBERS_MIN, true) < 0)
		return -1;
	/* Where only admins write nothing is discussed. */
	channel_unlink(call, &context);
	settings = &context.shared->settings;
	settings->flags |= CHANNEL_GIGAGROUP;
	settings->flags &= ~(uint32_t)(CHANNEL_JOIN_REQUEST | CHANNEL_ANTISPAM);
	settings->slowmode_s = 0;
	settings->banned_rights |= CHAT_SEND_ALL | CHAT_CHANGE_INFO | CHAT_INVITE | CHAT_PIN;
	return answer_changed(call, &context, answer);
}
