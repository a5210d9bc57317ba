/* SPDX-License-Identifier: Apache-2.0 */
/* What an admin changed of the channel itself, found by comparing: whoever adds a setting adds a
 * row here. */
#include "core/channels/admin_log.h"
#include "core/channels/channel_settings.h"

static const struct {
	enum channel_flag flag;
	enum admin_event event;
} switches[] = {
	{CHANNEL_SIGNATURES, EVENT_SIGNATURES},
	{CHANNEL_SIGNATURE_PROFILES, EVENT_SIGNATURE_PROFILES},
	{CHANNEL_NOFORWARDS, EVENT_NOFORWARDS},
	{CHANNEL_HISTORY_HIDDEN, EVENT_HISTORY_HIDDEN},
	{CHANNEL_ANTISPAM, EVENT_ANTISPAM},
	{CHANNEL_FORUM, EVENT_FORUM},
	{CHANNEL_AUTOTRANSLATION, EVENT_AUTOTRANSLATION},
};

static void log_text(struct call *call, const struct channel_context *context,
	enum admin_event event, struct bytes before, struct bytes after)
{
	if (!bytes_equal(before, after))
		admin_log(call, context,
			&(struct admin_entry){.event = event, .texts = {before, after}});
}

static void log_number(struct call *call, const struct channel_context *context,
	enum admin_event event, int64_t before, int64_t after)
{
	if (before != after)
		admin_log(call, context,
			&(struct admin_entry){.event = event, .numbers = {before, after}});
}

static void log_reactions(struct call *call, const struct channel_context *context,
	const struct channel_settings *before, const struct channel_settings *after)
{
	const uint32_t modes = CHANNEL_REACTIONS_SOME | CHANNEL_REACTIONS_NONE;

	if ((before->flags & modes) == (after->flags & modes) &&
		bytes_equal(before->reactions, after->reactions))
		return;
	admin_log(call, context,
		&(struct admin_entry){.event = EVENT_REACTIONS,
			.numbers = {before->flags & modes, after->flags & modes},
			.texts = {before->reactions, after->reactions}});
}

void admin_log_changes(
	struct call *call, const struct channel_context *context, const struct channel *was)
{
	const struct channel *is = context->shared;
	const struct channel_settings *before = &was->settings, *after = &is->settings;

	if (!call->user)
		return;
	log_text(call, context, EVENT_TITLE, was->title, is->title);
	log_text(call, context, EVENT_ABOUT, was->about, is->about);
	for (size_t i = 0; i < ARRAY_LEN(switches); i++)
		log_number(call, context, switches[i].event,
			(before->flags & switches[i].flag) != 0,
			(after->flags & switches[i].flag) != 0);
	log_number(
		call, context, EVENT_DEFAULT_RIGHTS, before->banned_rights, after->banned_rights);
	log_number(call, context, EVENT_SLOWMODE, before->slowmode_s, after->slowmode_s);
	log_number(call, context, EVENT_HISTORY_TTL, before->period_s, after->period_s);
	log_number(call, context, EVENT_LINKED, before->linked, after->linked);
	log_reactions(call, context, before, after);
}
