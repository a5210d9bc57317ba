/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/grants.h"

#include "base/text.h"
#include "desk/lanes/countries.h"
#include "desk/people/shifts.h"

#define GRANT_NAME_MAX 120

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_AUTHORITY] = "authority",
	[ROLE_FLAGGER] = "flagger",
	[ROLE_MODERATOR] = "moderator",
	[ROLE_LEAD] = "lead",
	[ROLE_ANALYST] = "analyst",
	[ROLE_LIAISON] = "liaison",
	[ROLE_AUDITOR] = "auditor",
	[ROLE_ADMIN] = "admin",
};

enum role role_by_name(struct bytes name)
{
	enum role role = 0;

	while (role < ROLE_COUNT && !bytes_equal_str(name, role_names[role]))
		role++;
	return role;
}

const char *role_name(enum role role)
{
	return role_names[role];
}

bool principal_find(struct db *db, struct arena *arena, struct bytes token, struct principal *out)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	*out = (struct principal){.person = false};
	token_hash(token, hash);
	if (!desk_grant_find(db, arena, bytes_of(hash, sizeof(hash)), &out->grant))
		return false;
	out->role = role_by_name(out->grant.role);
	return out->role < ROLE_COUNT;
}

const char *door_name(enum door door)
{
	static const char *const names[DOOR_COUNT] = {"http", "in_app", "mail", "chat", "sensor"};

	return names[door];
}

int64_t principal_sender(const struct principal *who)
{
	return who->acts_for ? who->acts_for : who->grant.id;
}

enum lane principal_lane(const struct principal *who)
{
	if (who->grant.id == 0)
		return LANE_USER;
	return who->role == ROLE_AUTHORITY ? LANE_AUTHORITY : LANE_FLAGGER;
}

int grant_check(const struct desk_grant *grant, struct err *err)
{
	struct bytes name = text_trim(grant->name);

	if (name.size == 0 || name.size > GRANT_NAME_MAX || !text_is_utf8(name))
		return err_set(err, 0, "the name has 1 to %d bytes of UTF-8", GRANT_NAME_MAX);
	if (!langs_are_right(grant->langs))
		return err_set(err, 0, "languages are tags of BCP 47, like id,en-GB");
	if (grant->country.size > 0 && !country_is_iso(grant->country))
		return err_set(err, 0, "the country is a code of ISO 3166-1 like ID");
	return 0;
}

int grant_create(struct db *db, const struct desk_grant *wanted, int64_t now_s,
	char token[TOKEN_TEXT_SIZE], int64_t *id, struct err *err)
{
	struct desk_grant grant = *wanted;
	uint8_t hash[TOKEN_HASH_SIZE];

	if (role_by_name(grant.role) == ROLE_COUNT)
		return err_set(err, 0,
			"the role is one of authority, flagger, moderator, lead, "
			"analyst, liaison, auditor, admin");
	if (grant_check(&grant, err) < 0)
		return -1;
	grant.name = text_trim(grant.name);
	grant.created_at = now_s;
	token_new(token);
	token_hash(bytes_from_str(token), hash);
	*id = desk_grant_insert(db, bytes_of(hash, sizeof(hash)), &grant);
	return 0;
}
