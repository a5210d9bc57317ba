/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What orders amount to is core/posts/measures.h. */
#include "core/accounts/public_face.h"

#include "core/accounts/privacy.h"
#include "core/accounts/public_names.h"
#include "core/accounts/strangers.h"
#include "core/accounts/users.h"
#include "core/bots/bots.h"
#include "core/bots/service_bot.h"
#include "core/changes.h"
#include "core/channels/channels.h"
#include "core/posts/measures.h"
#include "store/home_contacts.h"
#include "store/home_users.h"
#include "store/square_profiles.h"

#define NOBODY 0 /* a viewer whom no rule names */
#define REPAIR_NAMES_AT_ONCE 500
/* The square is committed before the home. Changes are remembered so long: by then the home has
 * them, or the process is another one, which has looked at them. */
#define CHANGES_KEPT_S 600

/* ---- What is there ---- */

static void add_measures(struct call *call, struct profile_row *row)
{
	struct measures m;

	measures_read(call, -row->id, 0, &m);
	row->restricted_everywhere = m.restriction.everywhere;
	row->restricted_countries = m.restriction.countries;
	row->restriction_text = m.restriction.text;
	row->restriction_reason = m.restriction.reason;
	row->label_text = m.restriction.label;
}

/* False: it has none. */
static bool name_at_home(struct call *call, int64_t account, struct home_user *profile)
{
	return home_user_get(call_home(call), call->store->vault, call->arena, account, profile) &&
	       !profile->deleted_at_s && profile->username.size;
}

void public_face_refresh(struct call *call, int64_t account)
{
	struct profile_row row = {.id = account, .since_s = call->now_s};
	struct home_user profile;
	bool named;

	if (account == SERVICE_USER || account == SERVICE_BOT)
		return;
	named = name_at_home(call, account, &profile);
	square_profile_note_change(call_square(call), account,
		named ? profile.username : BYTES_LITERAL(""), call->now_s,
		call->now_s - CHANGES_KEPT_S);
	if (!named) {
		square_profile_delete(call_square(call), account);
		return;
	}
	row.username = profile.username;
	row.title = user_full_name(call, account);
	row.is_bot = profile.is_bot;
	row.about = profile.about.data && privacy_shows_known(call, account, PRIVACY_ABOUT, NOBODY,
						  &(struct privacy_known){.has_rules = true})
			    ? profile.about
			    : BYTES_LITERAL("");
	add_measures(call, &row);
	square_profile_put(call_square(call), &row);
}

/* Who knows a person from the home sees no difference, so only bots have somebody to tell. */
static void tell(struct call *call, const struct profile_row *row)
{
	const struct peer self = {PEER_USER, row->id};
	struct update update = {.kind = UPDATE_USER, .peer = self};
	struct call as_bot = *call;
	int64_t *watchers;
	size_t count;

	if (!row->is_bot)
		return;
	as_bot.user = row->id;
	count = user_watchers(&as_bot, &watchers);
	for (size_t i = 0; i < count; i++)
		change_tell(call, watchers[i], 0, CHANGE_USER, self, 0, &update);
}

bool public_face_measure(struct call *call, int64_t account)
{
	struct profile_row row;

	if (!square_profile_get(call_square(call), call->arena, account, &row))
		return false;
	add_measures(call, &row);
	square_profile_put(call_square(call), &row);
	tell(call, &row);
	return true;
}

static bool bears(struct call *call, int64_t account, struct bytes name)
{
	struct peer bearer;

	return name.size && public_name_find(call, name, &bearer) && bearer.kind == PEER_USER &&
	       bearer.id == account;
}

/* The home decides: what the square had before it is undone, the name too. */
static void follow_home(struct call *call, const struct profile_change *change)
{
	const struct peer self = {PEER_USER, change->id};
	struct home_user profile;
	const bool named = name_at_home(call, change->id, &profile);

	if (named && public_name_is_same(call, profile.username, change->username)) {
		if (!bears(call, change->id, profile.username))
			return; /* of another by now: nothing that this crash did */
	} else {
		if (bears(call, change->id, change->username))
			public_name_release(call, change->username);
		if (named && public_name_is_free(call, profile.username))
			public_name_take(call, profile.username, self);
	}
	public_face_refresh(call, change->id);
}

static void repair_changes(struct call *call)
{
	struct profile_change changes[REPAIR_NAMES_AT_ONCE];
	int64_t after = 0;
	size_t count;

	do {
		count = square_profile_changes(
			call_square(call), call->arena, after, changes, REPAIR_NAMES_AT_ONCE);
		for (size_t i = 0; i < count; i++)
			follow_home(call, &changes[i]);
		if (count)
			after = changes[count - 1].id;
	} while (count == REPAIR_NAMES_AT_ONCE);
}

void public_faces_repair(struct call *call)
{
	int64_t ids[REPAIR_NAMES_AT_ONCE];
	struct bytes after = BYTES_LITERAL(""), before;

	repair_changes(call);
	if (!square_profiles_begin(call_square(call)))
		return;
	do {
		size_t count;

		before = after;
		count = square_profiles_named(call_square(call), call->arena, PEER_USER, &after,
			ids, REPAIR_NAMES_AT_ONCE);
		for (size_t i = 0; i < count; i++)
			public_face_refresh(call, ids[i]);
	} while (!bytes_equal(before, after));
}

bool public_face_name(struct call *call, int64_t account, struct bytes *name)
{
	struct profile_row row;

	if (!square_profile_get(call_square(call), call->arena, account, &row))
		return false;
	*name = row.username;
	return true;
}

/* ---- What a viewer sees of it ---- */

static bool knows_from_home(struct call *call, int64_t viewer, int64_t account)
{
	struct db *db = call_home(call);

	return home_contact_exists(db, viewer, account) ||
	       home_contact_exists(db, account, viewer) || stranger_has_met(call, viewer, account);
}

struct sight {
	struct profile_row row;
	bool gone;	 /* for everybody */
	bool restricted; /* at least for this viewer */
};

/* False: he sees all there is. */
static bool look(struct call *call, int64_t viewer, int64_t account, struct sight *out)
{
	struct restriction restriction;

	*out = (struct sight){.gone = false};
	if (viewer == account || account == SERVICE_USER || account == SERVICE_BOT ||
		!square_profile_get(call_square(call), call->arena, account, &out->row))
		return false;
	restriction = (struct restriction){.everywhere = out->row.restricted_everywhere,
		.countries = out->row.restricted_countries};
	if (!restriction.everywhere && !restriction.countries.size && !out->row.label_text.size)
		return false;
	if (!out->row.is_bot && knows_from_home(call, viewer, account))
		return false;
	out->gone = restriction.everywhere;
	out->restricted =
		out->gone || (restriction.countries.size &&
				     channel_restricted(&restriction, user_country(call, viewer)));
	return out->restricted || out->row.label_text.size;
}

void public_face_view(struct call *call, int64_t viewer, bool saved, struct user *user)
{
	struct sight sight;

	/* Without a public name there is no face: most accounts cost nothing here. */
	if (!user->username.size || (saved && !user->is_bot) ||
		!look(call, viewer, user->id, &sight))
		return;
	user->label = sight.row.label_text;
	if (sight.restricted) {
		user->restriction_text = sight.row.restriction_text;
		user->restriction_reason = sight.row.restriction_reason;
	}
	if (sight.gone)
		user->username = (struct bytes){0};
}

bool public_face_is_gone(struct call *call, int64_t account)
{
	struct sight sight;

	return look(call, call->user, account, &sight) && sight.gone;
}

bool public_face_is_hidden(struct call *call, int64_t account)
{
	struct sight sight;

	return look(call, call->user, account, &sight) && sight.restricted;
}

int public_face_check_bot(struct call *call, int64_t to)
{
	const int64_t bot = call->is_bot ? call->user : to, other = call->is_bot ? to : call->user;
	struct sight sight;

	return look(call, other, bot, &sight) && sight.restricted
		       ? rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN")
		       : 0;
}

int public_face_check_chat(struct call *call, struct peer chat)
{
	if (chat.kind != PEER_USER || (!call->is_bot && !bot_is(call, chat.id)))
		return 0;
	return public_face_check_bot(call, chat.id);
}

int public_face_check_self(struct call *call)
{
	struct profile_row row;

	return call->is_bot &&
			       square_profile_get(
				       call_square(call), call->arena, call->user, &row) &&
			       row.restricted_everywhere
		       ? rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN")
		       : 0;
}
