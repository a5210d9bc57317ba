/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what an account says of itself: names, bio, birthday. Its public name is
 * core/accounts/user_names.c. */
#include "base/text.h"
#include "core/changes.h"
#include "core/accounts/privacy.h"
#include "core/accounts/public_face.h"
#include "core/accounts/users_private.h"

#define YEARS_BACK_MAX 150
#define YEAR_S 31556952 /* on average */
#define BIRTHDAY_SIZE 4 /* stored: day, month, year */

bool user_text_fits(struct bytes text, size_t characters_max)
{
	size_t characters = 0;

	if (!text_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < 0x20 || text.data[i] == 0x7f)
			return false;
		characters += (text.data[i] & 0xc0) != 0x80;
	}
	return characters <= characters_max;
}

int user_check_names(struct call *call, struct bytes *first_name, struct bytes *last_name)
{
	*first_name = text_trim(*first_name);
	*last_name = text_trim(*last_name);
	if (first_name->size == 0 || !user_text_fits(*first_name, NAME_CHARACTERS_MAX))
		return rpc_error(call, 400, "FIRSTNAME_INVALID");
	if (!user_text_fits(*last_name, NAME_CHARACTERS_MAX))
		return rpc_error(call, 400, "LASTNAME_INVALID");
	return 0;
}

int user_own_profile(struct call *call, struct home_user *out)
{
	if (!home_user_get(call_home(call), call->store->vault, call->arena, call->user, out) ||
		out->deleted_at_s)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	return 0;
}

void user_tell_names(struct call *call)
{
	const struct peer self = {PEER_USER, call->user};
	struct update update = {.kind = UPDATE_USER_NAME, .peer = self};
	int64_t *watchers;
	size_t count = user_watchers(call, &watchers);

	change_tell(call, call->user, call->session_id, CHANGE_USER, self, 0, &update);
	for (size_t i = 0; i < count; i++)
		change_tell(call, watchers[i], 0, CHANGE_USER, self, 0, &update);
}

/* What stands on his page alone: others look at it anew when they open it. */
static void tell_own_devices(struct call *call)
{
	const struct peer self = {PEER_USER, call->user};
	struct update update = {.kind = UPDATE_USER, .peer = self};

	change_tell(call, call->user, call->session_id, CHANGE_USER_PAGE, self, 0, &update);
}

/* Line breaks are allowed in a bio: clients show it in several lines. */
static bool about_fits(struct call *call, struct bytes about)
{
	char *flat = arena_str(call->arena, about);

	for (size_t i = 0; i < about.size; i++) {
		if (flat[i] == '\n')
			flat[i] = ' ';
	}
	return user_text_fits(bytes_of(flat, about.size), ABOUT_CHARACTERS_MAX);
}

int user_update_profile(
	struct call *call, struct bytes first_name, struct bytes last_name, struct bytes about)
{
	struct home_user profile;

	if (user_own_profile(call, &profile) < 0)
		return -1;
	if (first_name.data)
		profile.first_name = first_name;
	if (last_name.data)
		profile.last_name = last_name;
	if (about.data)
		profile.about = text_trim(about);
	if (user_check_names(call, &profile.first_name, &profile.last_name) < 0)
		return -1;
	if (!about_fits(call, profile.about))
		return rpc_error(call, 400, "ABOUT_TOO_LONG");
	home_user_set_profile(call_home(call), call->store->vault, call->arena, &profile);
	if (profile.username.size)
		public_face_refresh(call, call->user);
	if (first_name.data || last_name.data)
		user_tell_names(call);
	if (about.data)
		tell_own_devices(call);
	return 0;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_day(const struct call *call, struct birthday b)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const int this_year = 1970 + (int)(call->now_s / YEAR_S);

	if (b.month < 1 || b.month > 12 || b.day < 1 || b.day > days[b.month - 1])
		return false;
	if (b.year == 0)
		return true;
	if (b.year > this_year || b.year < this_year - YEARS_BACK_MAX)
		return false;
	return b.month != 2 || b.day < 29 || is_leap(b.year);
}

int user_update_birthday(struct call *call, struct birthday birthday)
{
	struct home_user profile;
	uint8_t stored[BIRTHDAY_SIZE] = {birthday.day, birthday.month,
		(uint8_t)(birthday.year & 0xff), (uint8_t)(birthday.year >> 8)};

	if (birthday.day && !is_day(call, birthday))
		return rpc_error(call, 400, "BIRTHDAY_INVALID");
	if (user_own_profile(call, &profile) < 0)
		return -1;
	profile.birthday = birthday.day ? bytes_of(stored, sizeof(stored)) : (struct bytes){0};
	home_user_set_profile(call_home(call), call->store->vault, call->arena, &profile);
	tell_own_devices(call);
	return 0;
}

void user_card(struct call *call, int64_t id, struct user_card *out)
{
	struct home_user profile;

	*out = (struct user_card){0};
	if (id == SERVICE_USER ||
		!home_user_get(call_home(call), call->store->vault, call->arena, id, &profile) ||
		profile.deleted_at_s)
		return;
	if (profile.about.size && !public_face_is_hidden(call, id) &&
		privacy_allows(call, id, PRIVACY_ABOUT, call->user))
		out->about = profile.about;
	if (profile.birthday.size == BIRTHDAY_SIZE &&
		privacy_allows(call, id, PRIVACY_BIRTHDAY, call->user))
		out->birthday = (struct birthday){profile.birthday.data[0],
			profile.birthday.data[1],
			(uint16_t)(profile.birthday.data[2] | profile.birthday.data[3] << 8)};
}
