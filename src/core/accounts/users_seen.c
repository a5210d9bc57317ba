/* SPDX-License-Identifier: Apache-2.0 */
/* Owns when an account was last here, and who is told how much of it. Does not own where that is
 * kept while the server runs: server/presence.c does. https://core.telegram.org/api/privacy */
#include <stdlib.h>

#include "core/accounts/contacts.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users_private.h"
#include "store/home_privacy.h"
#include "store/home_users.h"

/* Bounds of the approximations, as clients word them. */
#define RECENTLY_S (3 * 86400)
#define WEEK_S (7 * 86400)
#define MONTH_S (30 * 86400)
/* Who was not here for so long has nothing open that shows others. */
#define WATCHES_S 86400

int64_t user_online_until(const struct call *call, int64_t id)
{
	return call->env->online_until ? call->env->online_until(call->env->online_ctx, id) : 0;
}

/* In the future: online. An account that never said so was here when it was made. */
static int64_t last_seen(struct call *call, int64_t id)
{
	int64_t until_s = user_online_until(call, id);
	struct home_user profile;

	if (until_s == 0)
		until_s = home_seen_get(call_home(call), call->store->vault, call->arena, id);
	if (until_s == 0 &&
		home_user_get(call_home(call), call->store->vault, call->arena, id, &profile))
		until_s = profile.created_at_s;
	return until_s;
}

static enum user_seen approximation(const struct call *call, int64_t until_s)
{
	int64_t ago_s = call->now_s - until_s;

	if (ago_s <= RECENTLY_S)
		return SEEN_RECENTLY;
	if (ago_s <= WEEK_S)
		return SEEN_IN_WEEK;
	return ago_s <= MONTH_S ? SEEN_IN_MONTH : SEEN_LONG_AGO;
}

void user_sight(struct call *call, int64_t viewer, int64_t id, struct home_sight *out)
{
	*out = (struct home_sight){0};
	if (viewer != id)
		home_sight_get(call_home(call), viewer, id, PRIVACY_PHONE, PRIVACY_STATUS, out);
}

void user_status_view(struct call *call, int64_t viewer, int64_t id, struct user_status *out)
{
	struct home_sight sight;

	user_sight(call, viewer, id, &sight);
	user_status_view_known(call, viewer, id, &sight, out);
}

/* Who hides his own from somebody is not told that one's exactly either. */
void user_status_view_known(struct call *call, int64_t viewer, int64_t id,
	const struct home_sight *sight, struct user_status *out)
{
	const struct privacy_known to_viewer = {sight->rules, sight->saved_back};
	const struct privacy_known to_id = {sight->viewer_rules, sight->saved};
	bool shown, hides;

	*out = (struct user_status){.seen = SEEN_LONG_AGO};
	if (sight->blocked)
		return;
	shown = privacy_shows_known(call, id, PRIVACY_STATUS, viewer, &to_viewer);
	hides = !privacy_shows_known(call, viewer, PRIVACY_STATUS, id, &to_id);
	out->online_until_s = last_seen(call, id);
	if (shown && !hides) {
		out->seen = SEEN_EXACTLY;
		return;
	}
	out->seen = approximation(call, out->online_until_s);
	out->online_until_s = 0;
	out->by_me = shown;
}

bool user_shows_here(struct call *call, int64_t id)
{
	struct user_status status = {0};

	user_status_view(call, call->user, id, &status);
	return status.seen == SEEN_EXACTLY && status.online_until_s > call->now_s;
}

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

size_t user_watchers(struct call *call, int64_t **out)
{
	int64_t *mutual, *partners;
	size_t mutuals, count, kept = 0;

	contacts_mutual(call, call->user, &mutual, &mutuals);
	count = home_chat_partners(
		call_home(call), call->arena, call->user, WATCHERS_MAX, &partners);
	*out = arena_array(call->arena, mutuals + count, sizeof(**out));
	if (mutuals)
		memcpy(*out, mutual, mutuals * sizeof(**out));
	if (count)
		memcpy(*out + mutuals, partners, count * sizeof(**out));
	count += mutuals;
	qsort(*out, count, sizeof(**out), by_id);
	for (size_t i = 0; i < count; i++) {
		const int64_t id = (*out)[i];

		if (id == call->user || id == SERVICE_USER || (kept && (*out)[kept - 1] == id))
			continue;
		(*out)[kept++] = id;
	}
	return kept < WATCHERS_MAX ? kept : WATCHERS_MAX;
}

/* Nobody needs to be shown the user for this, so the set names none and costs no look-up. */
static void tell(struct call *call, int64_t viewer, uint64_t except_session,
	const struct user_status *status)
{
	struct update update = {.kind = UPDATE_STATUS,
		.peer = {.kind = PEER_USER, .id = call->user},
		.status = *status};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = viewer;
	effect->except_session = except_session;
	effect->set = effects_copy_set(call->effects, &set);
}

static bool watches_now(const struct call *call, int64_t viewer)
{
	return !call->env->online_until ||
	       user_online_until(call, viewer) >= call->now_s - WATCHES_S;
}

void user_update_status(struct call *call, bool offline)
{
	const struct user_status now = {
		.online_until_s = offline ? call->now_s : call->now_s + ONLINE_HOLDS_S};
	struct user_status seen;
	int64_t *watchers;
	size_t count = user_watchers(call, &watchers);

	tell(call, call->user, call->session_id, &now);
	for (size_t i = 0; i < count; i++) {
		if (!watches_now(call, watchers[i]))
			continue;
		user_status_view(call, watchers[i], call->user, &seen);
		if (seen.seen == SEEN_EXACTLY)
			tell(call, watchers[i], 0, &now);
	}
}

void user_was_here(struct call *call)
{
	if (!call->user || call->is_bot || !call->env->online_until ||
		user_online_until(call, call->user) > call->now_s + ONLINE_HOLDS_S / 2)
		return;
	user_update_status(call, false);
}

void user_tell_status(struct call *call)
{
	struct user_status seen;
	int64_t *watchers;
	size_t count = user_watchers(call, &watchers);

	for (size_t i = 0; i < count; i++) {
		if (!watches_now(call, watchers[i]))
			continue;
		user_status_view(call, watchers[i], call->user, &seen);
		tell(call, watchers[i], 0, &seen);
	}
}

void user_note_seen(struct call *call, int64_t id, int64_t seen_s)
{
	if (home_user_exists(call_home(call), id))
		home_seen_put(call_home(call), call->store->vault, call->arena, id, seen_s);
}
