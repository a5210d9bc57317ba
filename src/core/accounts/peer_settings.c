/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what the bar above a private chat offers. */
#include "core/accounts/peer_settings.h"

#include "base/text.h"
#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/accounts/country.h"
#include "core/accounts/privacy.h"
#include "core/accounts/strangers.h"
#include "store/home_contacts.h"
#include "store/home_contacts_bars.h"
#include "store/home_users.h"

/* What helps to judge a stranger who wrote: since when the account is, and the country of its
 * number. */
static void describe_stranger(
	struct call *call, const struct home_user *profile, struct peer_settings *out)
{
	/* "2026-11-22T…" */
	const char *date = text_rfc3339(call->arena, profile->created_at_s);
	const char *country = country_code_of_phone(profile->phone);

	out->registration_month =
		bytes_from_str(arena_printf(call->arena, "%.2s.%.4s", date + 5, date));
	if (country[0])
		out->phone_country = bytes_from_str(country);
}

void peer_settings_view_for(
	struct call *call, int64_t viewer, int64_t user, struct peer_settings *out)
{
	struct db *db = call_home(call);
	struct home_user profile;
	enum home_bar bar;
	bool sees_phone;

	*out = (struct peer_settings){0};
	if (user == viewer || user == SERVICE_USER ||
		!home_user_get(db, call->store->vault, call->arena, user, &profile) ||
		profile.deleted_at_s || profile.is_bot || block_has(call, viewer, user))
		return;
	bar = home_bar_get(db, viewer, user);
	sees_phone = privacy_allows(call, viewer, PRIVACY_PHONE, user);
	if (home_contact_exists(db, viewer, user)) {
		/* Offered to mutual contacts alone, and clients bear nothing beside it. */
		out->share_contact = !sees_phone && bar != HOME_BAR_CLOSED &&
				     home_contact_exists(db, user, viewer);
		return;
	}
	out->need_contacts_exception = !sees_phone;
	out->add_contact = bar != HOME_BAR_CLOSED;
	out->report_spam = out->block_contact = bar == HOME_BAR_ASKED;
	if (bar == HOME_BAR_ASKED)
		describe_stranger(call, &profile, out);
}

void peer_settings_view(struct call *call, int64_t user, struct peer_settings *out)
{
	peer_settings_view_for(call, call->user, user, out);
}

void peer_settings_tell(struct call *call, int64_t owner, int64_t peer)
{
	struct peer_settings settings;
	struct update update = {
		.kind = UPDATE_PEER_SETTINGS, .peer = {PEER_USER, peer}, .settings = &settings};

	peer_settings_view_for(call, owner, peer, &settings);
	change_tell(call, owner, 0, CHANGE_PEER_SETTINGS, update.peer, 0, &update);
}

bool peer_settings_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	struct peer_settings *settings = ARENA_NEW(call->arena, struct peer_settings);

	peer_settings_view(call, change->peer, settings);
	*update = (struct update){.kind = UPDATE_PEER_SETTINGS,
		.peer = {PEER_USER, change->peer},
		.settings = settings};
	return true;
}

void peer_settings_hide(struct call *call, int64_t user)
{
	if (home_bar_get(call_home(call), call->user, user) == HOME_BAR_CLOSED)
		return;
	home_bar_put(call_home(call), call->user, user, HOME_BAR_CLOSED, call->now_s);
	peer_settings_tell(call, call->user, user);
}

void peer_settings_report(struct call *call, int64_t user)
{
	stranger_report(call, user);
	peer_settings_answered(call, user);
}

void peer_settings_answered(struct call *call, int64_t user)
{
	if (home_bar_get(call_home(call), call->user, user) == HOME_BAR_ASKED)
		peer_settings_hide(call, user);
}

void peer_settings_written(struct call *call, int64_t to, bool stranger)
{
	if (to == call->user || to == SERVICE_USER)
		return;
	peer_settings_answered(call, to);
	if (!stranger)
		return;
	home_bar_put(call_home(call), to, call->user, HOME_BAR_ASKED, call->now_s);
	peer_settings_tell(call, to, call->user);
}
