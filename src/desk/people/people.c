/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/people/people.h"

#include "base/text.h"
#include "desk/lanes/countries.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "desk/lanes/grants.h"
#include "desk/lanes/organisations.h"
#include "desk/people/shifts.h"

#define SIGN_IN_MIN 2
#define SIGN_IN_MAX 40
#define DAY_S 86400

/* ---- What was typed ---- */

static bool sign_in_ok(struct bytes name)
{
	for (size_t i = 0; i < name.size; i++) {
		if (!memchr("abcdefghijklmnopqrstuvwxyz0123456789._-", name.data[i], 39))
			return false;
	}
	return name.size >= SIGN_IN_MIN && name.size <= SIGN_IN_MAX;
}

static bool categories_ok(struct arena *arena, const struct sop *sop, struct bytes commas)
{
	struct bytes item;

	while ((item = list_next(&commas)).data) {
		if (!sop_category(sop, arena_str(arena, item)))
			return false;
	}
	return true;
}

static bool countries_ok(struct bytes commas)
{
	struct bytes item;

	while ((item = list_next(&commas)).data) {
		if (!country_is_iso(item))
			return false;
	}
	return true;
}

static int check(struct arena *arena, const struct sop *sop, const struct person_words *words,
	struct err *err)
{
	if (words->sign_in.data && !sign_in_ok(words->sign_in))
		return err_set(err, 0,
			"the sign-in name has %d to %d of a-z, 0-9, '.', '_' and '-'", SIGN_IN_MIN,
			SIGN_IN_MAX);
	if (!langs_are_right(words->langs))
		return err_set(err, 0, "languages are tags of BCP 47, like id,en-GB");
	if (!categories_ok(arena, sop, words->categories))
		return err_set(err, 0, "a category is not one of the SOP's");
	if (!countries_ok(words->countries))
		return err_set(err, 0, "countries are codes of ISO 3166-1, like ID,MY");
	if (!regions_are_right(words->regions))
		return err_set(err, 0, "regions are codes of ISO 3166, like ID,ID-JK");
	if (!shifts_are_right(words->shifts))
		return err_set(err, 0,
			"shifts look like: mon-fri 08:00-16:00 +07:00; sat "
			"22:00-06:00 +07:00");
	return 0;
}

static int64_t number_of(struct bytes text)
{
	int64_t number = 0;

	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || number > INT32_MAX)
			return 0;
		number = number * 10 + (text.data[i] - '0');
	}
	return number;
}

/* ---- Changes ---- */

static const struct bytes none = {(const uint8_t *)"", 0};

static struct bytes or_else(struct bytes typed, struct bytes otherwise)
{
	return typed.data ? typed : otherwise;
}

static void secret_new(
	struct person *p, struct arena *arena, int64_t now_s, char secret[TOKEN_TEXT_SIZE])
{
	uint8_t *hash = arena_alloc(arena, TOKEN_HASH_SIZE);

	token_new(secret);
	token_hash(bytes_from_str(secret), hash);
	p->secret_hash = bytes_of(hash, TOKEN_HASH_SIZE);
	p->secret_until = now_s + PERSON_SECRET_DAYS * DAY_S;
}

/* Who signs in as an authority or flagger is an officer of one, and nobody else is. */
static int find_organisation(struct db *db, struct arena *arena, const struct person_words *words,
	int64_t *id, struct err *err)
{
	enum role role = role_by_name(words->role);
	bool officer = role == ROLE_AUTHORITY || role == ROLE_FLAGGER;
	struct desk_grant grant;

	*id = words->of.data ? number_of(words->of) : 0;
	if (!officer && words->of.data)
		return err_set(err, 0, "only who signs in for an authority or flagger has --of");
	if (officer && !organisation_get(db, arena, role, *id, &grant))
		return err_set(err, 0, "say of which with --of NUMBER: see lontar %s list",
			role == ROLE_AUTHORITY ? "authority" : "flagger");
	return 0;
}

/* The grant's own token is thrown away: a person has sessions. */
static int add_grant(struct db *db, const struct person_words *words, int64_t now_s, int64_t *id,
	struct err *err)
{
	const struct desk_grant wanted = {.role = words->role,
		.name = or_else(words->name, none),
		.langs = or_else(words->langs, none),
		.country = or_else(words->country, none)};
	char token[TOKEN_TEXT_SIZE];
	int rc = grant_create(db, &wanted, now_s, token, id, err);

	bytes_wipe(token, sizeof(token));
	return rc;
}

int person_add(struct db *db, struct arena *arena, const struct sop *sop,
	const struct person_words *words, int64_t now_s, char secret[TOKEN_TEXT_SIZE], int64_t *id,
	struct err *err)
{
	struct person p = {.sign_in = words->sign_in,
		.categories = or_else(words->categories, none),
		.countries = or_else(words->countries, none),
		.regions = or_else(words->regions, none),
		.shifts = or_else(words->shifts, none)};
	struct person other;

	if (!words->sign_in.data)
		return err_set(err, 0, "a person needs a name to sign in with");
	if (check(arena, sop, words, err) < 0)
		return -1;
	if (person_by_sign_in(db, arena, words->sign_in, &other))
		return err_set(err, 0, "somebody has or had this sign-in name");
	if (find_organisation(db, arena, words, &p.acts_for, err) < 0 ||
		add_grant(db, words, now_s, &p.id, err) < 0)
		return -1;
	secret_new(&p, arena, now_s, secret);
	person_insert(db, &p);
	desk_log_append(db, arena, now_s, 0, "added", p.id,
		json_pack("{s:o, s:o, s:o}", "role", json_bytes(words->role), "categories",
			json_list(p.categories), "countries", json_list(p.countries)));
	*id = p.id;
	return 0;
}

static int find(struct db *db, struct arena *arena, int64_t id, struct person *p,
	struct desk_grant *grant, struct err *err)
{
	if (!person_get(db, arena, id, p) || !desk_grant_get(db, arena, id, grant) ||
		grant->revoked_at)
		return err_set(err, 0, "there is no such person at the desk");
	return 0;
}

int person_set(struct db *db, struct arena *arena, const struct sop *sop, int64_t id,
	const struct person_words *words, int64_t now_s, struct err *err)
{
	struct desk_grant grant;
	struct person p;

	if (find(db, arena, id, &p, &grant, err) < 0 || check(arena, sop, words, err) < 0)
		return -1;
	if (words->role.data || words->sign_in.data || words->of.data)
		return err_set(err, 0,
			"role, sign-in name and --of are for good: end the person and "
			"add them again");
	grant.name = or_else(words->name, grant.name);
	grant.langs = or_else(words->langs, grant.langs);
	grant.country = or_else(words->country, grant.country);
	if (grant_check(&grant, err) < 0)
		return -1;
	p.categories = or_else(words->categories, p.categories);
	p.countries = or_else(words->countries, p.countries);
	p.regions = or_else(words->regions, p.regions);
	p.shifts = or_else(words->shifts, p.shifts);
	person_grant_update(db, id, grant.name, grant.langs, grant.country);
	person_update(db, &p);
	desk_log_append(db, arena, now_s, 0, "changed", id,
		json_pack("{s:o, s:o, s:o, s:o, s:o}", "languages", json_list(grant.langs),
			"categories", json_list(p.categories), "countries", json_list(p.countries),
			"regions", json_list(p.regions), "shifts", json_bytes(p.shifts)));
	return 0;
}

/* Nothing that they had lets them in any more. *p is to be updated. */
static int shut_out(
	struct db *db, struct arena *arena, int64_t id, struct person *p, struct err *err)
{
	const struct bytes absent = {NULL, 0};
	struct desk_grant grant;

	if (find(db, arena, id, p, &grant, err) < 0)
		return -1;
	p->secret_hash = p->password = p->totp = p->totp_new = p->recovery = absent;
	desk_sessions_end(db, id, absent);
	return 0;
}

int person_renew(struct db *db, struct arena *arena, int64_t id, int64_t now_s,
	char secret[TOKEN_TEXT_SIZE], struct err *err)
{
	struct person p;

	if (shut_out(db, arena, id, &p, err) < 0)
		return -1;
	secret_new(&p, arena, now_s, secret);
	person_update(db, &p);
	desk_log_append(db, arena, now_s, 0, "secret", id, NULL);
	return 0;
}

int person_end(struct db *db, struct arena *arena, int64_t id, int64_t now_s, struct err *err)
{
	struct person p;

	if (shut_out(db, arena, id, &p, err) < 0)
		return -1;
	person_update(db, &p);
	if (!desk_grant_revoke(db, id, now_s))
		return err_set(err, 0, "there is no such person at the desk");
	desk_log_append(db, arena, now_s, 0, "ended", id, NULL);
	return 0;
}
