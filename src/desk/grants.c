/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What each role may do stands here and nowhere else. */
#include "desk/grants.h"

#include "base/text.h"
#include "desk/countries.h"

#define GRANT_NAME_MAX 120
#define GRANT_LANGS_MAX 80

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_AUTHORITY] = "authority",
	[ROLE_FLAGGER] = "flagger",
	[ROLE_MODERATOR] = "moderator",
	[ROLE_LEAD] = "lead",
};

enum role role_by_name(struct bytes name)
{
	enum role role = 0;

	while (role < ROLE_COUNT && !bytes_equal_str(name, role_names[role]))
		role++;
	return role;
}

bool principal_find(struct db *db, struct arena *arena, struct bytes token, struct principal *out)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(token, hash);
	if (!desk_grant_find(db, arena, bytes_of(hash, sizeof(hash)), &out->grant))
		return false;
	out->role = role_by_name(out->grant.role);
	return out->role < ROLE_COUNT;
}

bool principal_files_notices(const struct principal *who)
{
	return who->role == ROLE_AUTHORITY || who->role == ROLE_FLAGGER;
}

bool principal_sees_cases(const struct principal *who)
{
	return who->role == ROLE_MODERATOR || who->role == ROLE_LEAD;
}

/* A moderator judges the content, not who complained. */
bool principal_sees_reporters(const struct principal *who)
{
	return who->role == ROLE_LEAD;
}

bool principal_decides(const struct principal *who, const struct sop *sop)
{
	return (who->role == ROLE_MODERATOR && sop->moderator_decides) ||
	       (who->role == ROLE_LEAD && sop->lead_decides);
}

bool principal_reverses(const struct principal *who, const struct sop *sop)
{
	return (who->role == ROLE_MODERATOR && sop->moderator_reverses) ||
	       (who->role == ROLE_LEAD && sop->lead_reverses);
}

enum lane principal_lane(const struct principal *who)
{
	return who->role == ROLE_AUTHORITY ? LANE_AUTHORITY : LANE_FLAGGER;
}

/* Languages are stored as typed: small letters, commas, and region subtags after '-'. */
static bool langs_ok(struct bytes langs)
{
	for (size_t i = 0; i < langs.size; i++) {
		if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-,", langs.data[i],
			    54))
			return false;
	}
	return langs.size <= GRANT_LANGS_MAX;
}

int grant_create(struct db *db, const struct desk_grant *wanted, int64_t now_s,
	char token[TOKEN_TEXT_SIZE], int64_t *id, struct err *err)
{
	struct desk_grant grant = *wanted;
	uint8_t hash[TOKEN_HASH_SIZE];

	if (role_by_name(grant.role) == ROLE_COUNT)
		return err_set(err, 0, "the role is one of authority, flagger, moderator, lead");
	grant.name = text_trim(grant.name);
	if (grant.name.size == 0 || grant.name.size > GRANT_NAME_MAX || !text_is_utf8(grant.name))
		return err_set(err, 0, "the name has 1 to %d bytes of UTF-8", GRANT_NAME_MAX);
	if (!langs_ok(grant.langs))
		return err_set(err, 0, "languages look like id,en");
	if (grant.country.size > 0 && !country_is_iso(grant.country))
		return err_set(err, 0, "the country is a code of ISO 3166-1 like ID");
	grant.created_at = now_s;
	token_new(token);
	token_hash(bytes_from_str(token), hash);
	*id = desk_grant_insert(db, bytes_of(hash, sizeof(hash)), &grant);
	return 0;
}
