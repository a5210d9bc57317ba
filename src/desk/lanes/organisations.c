/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/organisations.h"

#include <errno.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/text.h"
#include "crypto/totp.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "desk/lanes/public_key.h"
#include "desk/people/shifts.h"
#include "store/square_desk_competences.h"
#include "store/square_desk_keys.h"
#include "store/square_desk_people.h"

#define OFFICER_NAME_MAX 120
#define USERNAME_MIN 4
#define USERNAME_MAX 32
#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3 */
#define CODE_BYTES 10	/* 16 characters: to be copied by hand if need be */
#define CODE_TEXT_MAX 64
#define HOUR_S 3600

struct edit {
	struct db *db;
	struct arena *arena;
	const struct sop *sop;
	int64_t id, now_s;
	int64_t *key_ids;
};

bool organisation_get(
	struct db *db, struct arena *arena, enum role role, int64_t id, struct desk_grant *out)
{
	struct person person;

	return desk_grant_get(db, arena, id, out) && !out->revoked_at &&
	       role_by_name(out->role) == role && !person_get(db, arena, id, &person);
}

static int find(struct db *db, struct arena *arena, enum role role, int64_t id,
	struct desk_grant *out, struct err *err)
{
	const char *what = role == ROLE_AUTHORITY ? "authority" : "flagger";

	if (organisation_get(db, arena, role, id, out))
		return 0;
	return err_set(err, 0, "there is no %s %lld in force; see lontar %s list", what,
		(long long)id, what);
}

/* ---- One word each ---- */

static int64_t number_of(struct arena *arena, struct bytes text)
{
	char *copy = arena_str(arena, text), *end;
	long long value;

	errno = 0;
	value = strtoll(copy, &end, 10);
	return errno || end == copy || *end ? 0 : value;
}

static bool is_username(struct bytes text)
{
	if (text.size < USERNAME_MIN || text.size > USERNAME_MAX)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return true;
}

/* "Siti Rahayu=@siti" or "Siti Rahayu=123456": the last '=' counts. */
static int add_officer(struct edit *e, int at, struct bytes text, struct err *err)
{
	struct desk_officer officer = {
		.grant_id = e->id, .username = BYTES_LITERAL(""), .created_at = e->now_s};
	size_t split = text.size;
	struct bytes who;

	(void)at;
	while (split > 0 && text.data[split - 1] != '=')
		split--;
	if (split > 0) {
		officer.name = text_trim(bytes_of(text.data, split - 1));
		who = text_trim(bytes_of(text.data + split, text.size - split));
		if (who.size > 0 && who.data[0] == '@')
			officer.username = bytes_from_str(
				text_lower(e->arena, bytes_of(who.data + 1, who.size - 1)));
		else
			officer.user_id = number_of(e->arena, who);
	}
	if (officer.name.size == 0 || officer.name.size > OFFICER_NAME_MAX ||
		!text_is_utf8(officer.name) ||
		(officer.user_id <= 0 && !is_username(officer.username)))
		return err_set(err, 0,
			"an officer is NAME=@username or NAME=NUMBER of the account, like \"Siti "
			"Rahayu=@siti\"");
	desk_officer_insert(e->db, &officer);
	return 0;
}

static int end_officer(struct edit *e, int at, struct bytes text, struct err *err)
{
	(void)at;
	if (desk_officer_end(e->db, e->id, number_of(e->arena, text), e->now_s))
		return 0;
	return err_set(err, 0, "there is no officer %s; see show", arena_str(e->arena, text));
}

bool organisation_address_ok(struct bytes text)
{
	const uint8_t *sign = text.size ? memchr(text.data, '@', text.size) : NULL;
	struct bytes domain;

	if (!sign || sign == text.data || text.size > ADDRESS_MAX)
		return false;
	domain = bytes_of(sign + 1, (size_t)(text.data + text.size - sign - 1));
	if (domain.size < 3 || !memchr(domain.data, '.', domain.size) ||
		memchr(domain.data, '@', domain.size) || domain.data[0] == '.' ||
		domain.data[domain.size - 1] == '.')
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] >= 0x7f ||
			strchr("<>()[]\\,;:\"", text.data[i]))
			return false;
	return true;
}

static int add_address(struct edit *e, int at, struct bytes text, struct err *err)
{
	struct bytes address = bytes_from_str(text_lower(e->arena, text_trim(text)));

	(void)at;
	if (!organisation_address_ok(address))
		return err_set(err, 0, "\"%s\" is no e-mail address like name@ministry.example",
			arena_str(e->arena, text));
	if (!desk_address_add(e->db, e->id, address))
		return err_set(err, 0, "%s is an authority's or flagger's already",
			arena_str(e->arena, address));
	return 0;
}

static int end_address(struct edit *e, int at, struct bytes text, struct err *err)
{
	(void)at;
	if (desk_address_end(e->db, e->id, bytes_from_str(text_lower(e->arena, text_trim(text)))))
		return 0;
	return err_set(err, 0, "it has no address %s; see show", arena_str(e->arena, text));
}

static int add_key(struct edit *e, int at, struct bytes text, struct err *err)
{
	uint8_t raw[SIGN_PUBLIC_SIZE];

	if (public_key_read(e->arena, text, raw, err) < 0)
		return -1;
	e->key_ids[at] = desk_key_insert(e->db, &(struct desk_key){.grant_id = e->id,
							.public_key = bytes_of(raw, sizeof(raw)),
							.created_at = e->now_s});
	return 0;
}

static int end_key(struct edit *e, int at, struct bytes text, struct err *err)
{
	int64_t number = public_key_number(text);
	struct desk_key key;

	(void)at;
	if (number && desk_key_get(e->db, e->arena, number, &key) && key.grant_id == e->id &&
		desk_key_end(e->db, number, e->now_s))
		return 0;
	return err_set(err, 0, "it has no %s in force; keys are named like key-3: see show",
		arena_str(e->arena, text));
}

static int end_chat(struct edit *e, int at, struct bytes text, struct err *err)
{
	(void)at;
	if (desk_chat_end(e->db, e->id, number_of(e->arena, text)))
		return 0;
	return err_set(err, 0, "it has no liaison chat %s; see show", arena_str(e->arena, text));
}

static const char *category_names(struct edit *e)
{
	const struct sop_category *c = sop_category_at(e->sop, 0);
	const char *names = c->name;

	for (int i = 1; (c = sop_category_at(e->sop, i)); i++)
		names = arena_printf(e->arena, "%s, %s", names, c->name);
	return names;
}

static int set_competence(struct edit *e, struct bytes text, struct err *err)
{
	struct bytes name;

	desk_competence_clear(e->db, e->id);
	if (bytes_equal_str(text_trim(text), "any"))
		return 0;
	do {
		name = text_trim(list_next(&text));
		if (!name.size || !sop_category(e->sop, arena_str(e->arena, name)))
			return err_set(err, 0, "\"%s\" is no category of the SOP; it has: %s",
				arena_str(e->arena, name), category_names(e));
		desk_competence_add(e->db, e->id, name);
	} while (text.size > 0);
	return 0;
}

/* ---- All of them ---- */

static int each(struct edit *e, const struct word_list *list,
	int (*run)(struct edit *e, int at, struct bytes text, struct err *err), struct err *err)
{
	for (int i = 0; i < list->count; i++)
		if (run(e, i, list->items[i], err) < 0)
			return -1;
	return 0;
}

/* What was given, by kind: names and addresses are not the log's. */
static json_t *deed(const char *role, const struct organisation_words *words)
{
	const struct {
		const char *name;
		bool given;
	} rows[] = {{"name", words->name.data}, {"country", words->country.data},
		{"languages", words->langs.data}, {"competence", words->competence.data},
		{"officers", words->officers.count || words->end_officers.count},
		{"addresses", words->addresses.count || words->end_addresses.count},
		{"keys", words->keys.count || words->end_keys.count},
		{"chats", words->end_chats.count}};
	json_t *given = json_array();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].given)
			json_array_append_new(given, json_string(rows[i].name));
	return json_pack("{s:s, s:o}", "role", role, "given", given);
}

static int apply(struct edit *e, const struct organisation_words *words, struct err *err)
{
	if (words->competence.data && set_competence(e, words->competence, err) < 0)
		return -1;
	if (each(e, &words->end_officers, end_officer, err) < 0 ||
		each(e, &words->end_addresses, end_address, err) < 0 ||
		each(e, &words->end_keys, end_key, err) < 0 ||
		each(e, &words->end_chats, end_chat, err) < 0 ||
		each(e, &words->officers, add_officer, err) < 0 ||
		each(e, &words->addresses, add_address, err) < 0)
		return -1;
	return each(e, &words->keys, add_key, err);
}

static const char *role_word(enum role role)
{
	return role == ROLE_AUTHORITY ? "authority" : "flagger";
}

int organisation_add(struct db *db, struct arena *arena, const struct sop *sop, enum role role,
	const struct organisation_words *words, int64_t now_s, char token[TOKEN_TEXT_SIZE],
	int64_t *id, int64_t *key_ids, struct err *err)
{
	const struct desk_grant wanted = {.role = bytes_from_str(role_word(role)),
		.name = words->name.data ? words->name : BYTES_LITERAL(""),
		.langs = words->langs.data ? words->langs : BYTES_LITERAL(""),
		.country = words->country.data ? words->country : BYTES_LITERAL("")};
	struct edit e = {db, arena, sop, 0, now_s, key_ids};

	if (role == ROLE_AUTHORITY && wanted.country.size == 0)
		return err_set(err, 0,
			"an authority has a country (--country ID): it orders for that one");
	if (grant_create(db, &wanted, now_s, token, &e.id, err) < 0 || apply(&e, words, err) < 0)
		return -1;
	*id = e.id;
	desk_log_append(db, arena, now_s, 0, "added", e.id, deed(role_word(role), words));
	return 0;
}

int organisation_edit(struct db *db, struct arena *arena, const struct sop *sop, enum role role,
	int64_t id, const struct organisation_words *words, int64_t now_s, int64_t *key_ids,
	struct err *err)
{
	struct edit e = {db, arena, sop, id, now_s, key_ids};
	struct desk_grant grant;

	if (find(db, arena, role, id, &grant, err) < 0)
		return -1;
	if (words->name.data)
		grant.name = text_trim(words->name);
	if (words->country.data)
		grant.country = words->country;
	if (words->langs.data)
		grant.langs = words->langs;
	if (role == ROLE_AUTHORITY && grant.country.size == 0)
		return err_set(err, 0, "an authority has a country");
	if (grant_check(&grant, err) < 0 || apply(&e, words, err) < 0)
		return -1;
	person_grant_update(db, id, grant.name, grant.langs, grant.country);
	desk_log_append(db, arena, now_s, 0, "changed", id, deed(role_word(role), words));
	return 0;
}

int organisation_end(struct db *db, struct arena *arena, enum role role, int64_t id, int64_t now_s,
	struct err *err)
{
	struct desk_grant grant;

	if (find(db, arena, role, id, &grant, err) < 0)
		return -1;
	if (!desk_grant_revoke(db, id, now_s))
		return err_set(err, 0, "it has ended already");
	desk_log_append(db, arena, now_s, 0, "ended", id, NULL);
	return 0;
}

int organisation_token(struct db *db, struct arena *arena, enum role role, int64_t id,
	int64_t now_s, char token[TOKEN_TEXT_SIZE], struct err *err)
{
	uint8_t hash[TOKEN_HASH_SIZE];
	struct desk_grant grant;

	if (find(db, arena, role, id, &grant, err) < 0)
		return -1;
	token_new(token);
	token_hash(bytes_from_str(token), hash);
	desk_grant_token_set(db, id, bytes_of(hash, sizeof(hash)));
	desk_log_append(db, arena, now_s, 0, "secret", id, NULL);
	return 0;
}

/* ---- The liaison chat ---- */

int organisation_code(struct db *db, struct arena *arena, enum role role, int64_t id, int64_t now_s,
	char **code, struct err *err)
{
	uint8_t raw[CODE_BYTES], hash[TOKEN_HASH_SIZE];
	struct desk_grant grant;

	if (find(db, arena, role, id, &grant, err) < 0)
		return -1;
	random_fill(&random_system, raw, sizeof(raw));
	*code = totp_base32(arena, bytes_of(raw, sizeof(raw)));
	token_hash(bytes_from_str(*code), hash);
	desk_chat_code_put(
		db, id, bytes_of(hash, sizeof(hash)), now_s + ORGANISATION_CODE_HOURS * HOUR_S);
	desk_log_append(db, arena, now_s, 0, "changed", id,
		json_pack("{s:s, s:[s]}", "role", role_word(role), "given", "chats"));
	return 0;
}

bool organisation_bind(struct db *db, struct arena *arena, struct bytes code, int64_t chat,
	int64_t now_s, struct desk_grant *out)
{
	char typed[CODE_TEXT_MAX];
	uint8_t hash[TOKEN_HASH_SIZE];
	size_t size = 0;
	int64_t id;

	for (size_t i = 0; i < code.size && size < sizeof(typed); i++) {
		uint8_t c = code.data[i];

		if (c != '-' && c != ' ')
			typed[size++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	token_hash(bytes_of(typed, size), hash);
	id = desk_chat_code_take(db, bytes_of(hash, sizeof(hash)), now_s);
	if (!id || !desk_grant_get(db, arena, id, out))
		return false;
	desk_chat_bind(db, chat, id, now_s);
	return true;
}
