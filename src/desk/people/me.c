/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody sees of and does about their own account, and leads and admins about people's
 * sessions. How passwords and codes are checked is sign_in.c. */
#include "base/text.h"
#include "crypto/password.h"
#include "crypto/totp.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "desk/people/sessions.h"
#include "desk/people/shifts.h"
#include "desk/people/sign_in.h"

#define RECOVERY_SIZE 10 /* bytes: 80 bits, 16 characters */

/* ---- Who ---- */

static void add_person(struct ask *ask, json_t *body, const struct person *p)
{
	json_object_set_new(body, "sign_in", json_bytes(p->sign_in));
	json_object_set_new(body, "categories", json_list(p->categories));
	json_object_set_new(body, "countries", json_list(p->countries));
	json_object_set_new(body, "regions", json_list(p->regions));
	json_object_set_new(body, "shifts", json_bytes(p->shifts));
	json_object_set_new(body, "on_duty", json_boolean(shifts_on_duty(p->shifts, ask->now_s)));
	if (p->acts_for)
		json_object_set_new(body, "acts_for", json_integer(p->acts_for));
	json_object_set_new(body, "second_factor", json_boolean(p->totp.data != NULL));
}

static json_t *grant_json(const struct desk_grant *grant)
{
	return json_pack("{s:I, s:o, s:o, s:o}", "person", (json_int_t)grant->id, "name",
		json_bytes(grant->name), "role", json_bytes(grant->role), "languages",
		json_list(grant->langs));
}

void desk_me_show(struct ask *ask, struct reply *reply)
{
	json_t *may = json_array();
	struct person p;

	reply->body = grant_json(&ask->who.grant);
	json_object_set_new(reply->body, "token", json_boolean(!ask->who.person));
	if (ask->who.person && person_get(ask->db, ask->arena, ask->who.grant.id, &p)) {
		add_person(ask, reply->body, &p);
		json_object_set_new(reply->body, "must_enrol", json_boolean(ask->who.enrolling));
		json_object_set_new(reply->body, "recovery_codes",
			json_integer((json_int_t)(p.recovery.size / TOKEN_HASH_SIZE)));
	}
	for (enum desk_action action = 0; action < ACT_COUNT; action++) {
		if (ask_may(ask, action))
			json_array_append_new(may, json_string(desk_action_name(action)));
	}
	json_object_set_new(reply->body, "may", may);
}

/* Those who are here, with whether they are on duty. */
void desk_people_list(struct ask *ask, struct reply *reply)
{
	struct desk_grant grant = {.id = 0};
	json_t *list = json_array();
	struct person p;

	while (desk_grant_next(ask->db, ask->arena, grant.id, &grant)) {
		json_t *item;

		if (grant.revoked_at || !person_get(ask->db, ask->arena, grant.id, &p))
			continue;
		item = grant_json(&grant);
		add_person(ask, item, &p);
		json_array_append_new(list, item);
	}
	reply->body = json_pack("{s:o}", "people", list);
}

/* ---- Sessions ---- */

void desk_sign_out(struct ask *ask, struct reply *reply)
{
	if (!ask->who.person) {
		reply_error(reply, 409, "a token has no session; the operator revokes it");
		return;
	}
	desk_session_end(ask->db, ask->who.session);
	desk_log_append(ask->db, ask->arena, ask->now_s, ask->who.grant.id, "signed_out",
		ask->who.grant.id, NULL);
	reply->cookie = session_cookie_gone();
	reply->body = json_pack("{s:b}", "signed_out", 1);
}

void desk_person_sign_out(struct ask *ask, struct reply *reply)
{
	struct person p;
	int64_t count;

	if (!person_get(ask->db, ask->arena, ask->id, &p)) {
		reply_error(reply, 404, "no such person");
		return;
	}
	count = desk_sessions_end(ask->db, p.id, bytes_of(NULL, 0));
	desk_log_append(ask->db, ask->arena, ask->now_s, ask->who.grant.id, "sessions_ended", p.id,
		json_pack("{s:I}", "count", (json_int_t)count));
	reply->body = json_pack("{s:I}", "ended", (json_int_t)count);
}

/* ---- How one signs in ---- */

static bool find_me(struct ask *ask, struct db *db, struct person *p, struct reply *reply)
{
	if (ask->who.person && person_get(db, ask->arena, ask->who.grant.id, p))
		return true;
	reply_error(reply, 409, "this is a token's; people sign in");
	return false;
}

/* The body's fields: of both names the first is an old password or a code, the second a new
 * password (NULL: none is asked for). */
static bool read_fields(struct ask *ask, const char *name, struct bytes *value,
	const char *new_name, struct bytes *new_value, struct reply *reply)
{
	struct form form;

	if (!ask_form(ask, &form, reply))
		return false;
	*value = form_text(&form, name, PASSWORD_MAX);
	if (new_name)
		*new_value = sign_in_new_password(&form, new_name);
	return ask_form_end(&form, reply);
}

static void save(struct ask *ask, struct db *db, const struct person *p, const char *kind)
{
	person_update(db, p);
	desk_sessions_end(db, p->id, ask->who.session);
	desk_log_append(db, ask->arena, ask->now_s, p->id, kind, p->id, NULL);
}

static void end_writing(struct db *db, struct reply *reply)
{
	if (db_commit(db) == 0)
		return;
	json_decref(reply->body);
	reply_error(reply, 500, "the desk's database failed; nothing was changed");
}

/* Still as when the password was checked: the operator's commands are other programs. *p is the row
 * of now. */
static bool is_unchanged(struct ask *ask, struct db *writer, struct person *p, struct reply *reply)
{
	const struct bytes password = p->password;
	struct desk_grant grant;

	if (person_get(writer, ask->arena, p->id, p) && bytes_equal(p->password, password) &&
		desk_grant_get(writer, ask->arena, p->id, &grant) && !grant.revoked_at)
		return true;
	reply_error(reply, 409, "your account was changed meanwhile; sign in again");
	return false;
}

/* The row reads: a password takes longer to check than the square's lock may be held. */
void desk_me_password(struct ask *ask, struct reply *reply)
{
	struct db *writer = ask->desk->writer;
	struct bytes old = {0}, wanted = {0};
	char hash[PASSWORD_TEXT_SIZE];
	struct person p;

	if (!read_fields(ask, "password", &old, "new_password", &wanted, reply) ||
		!find_me(ask, ask->db, &p, reply) || !sign_in_password_again(ask, &p, old, reply))
		return;
	if (password_hash(wanted, hash, NULL) < 0) {
		reply_error(reply, 500, "no memory to hash a password");
		return;
	}
	db_begin(writer);
	if (is_unchanged(ask, writer, &p, reply)) {
		p.password = bytes_from_str(hash);
		save(ask, writer, &p, "password");
		reply->body = json_pack("{s:b}", "changed", 1);
	}
	end_writing(writer, reply);
}

/* A new secret for an authenticator; the old one holds until the new is confirmed. */
void desk_me_totp(struct ask *ask, struct reply *reply)
{
	struct db *writer = ask->desk->writer;
	uint8_t secret[TOTP_SECRET_SIZE];
	struct bytes old = {0};
	struct person p;
	char *text;

	if (!read_fields(ask, "password", &old, NULL, NULL, reply) ||
		!find_me(ask, ask->db, &p, reply) || !sign_in_password_again(ask, &p, old, reply))
		return;
	random_fill(&random_system, secret, sizeof(secret));
	text = totp_base32(ask->arena, bytes_of(secret, sizeof(secret)));
	db_begin(writer);
	if (is_unchanged(ask, writer, &p, reply)) {
		p.totp_new = sign_in_seal(ask, &p, bytes_of(secret, sizeof(secret)));
		person_update(writer, &p);
		reply->body = json_pack("{s:s, s:s}", "secret", text, "url",
			arena_printf(ask->arena, "otpauth://totp/Lontar:%s?secret=%s&issuer=Lontar",
				arena_str(ask->arena, p.sign_in), text));
	}
	end_writing(writer, reply);
	bytes_wipe(secret, sizeof(secret));
}

static json_t *recovery_new(struct ask *ask, struct person *p)
{
	uint8_t *hashes = arena_alloc(ask->arena, RECOVERY_CODES * TOKEN_HASH_SIZE);
	json_t *list = json_array();

	for (int i = 0; i < RECOVERY_CODES; i++) {
		uint8_t random[RECOVERY_SIZE];
		char spelled[20] = ""; /* in fours, with '-' between */
		const char *c;

		random_fill(&random_system, random, sizeof(random));
		c = totp_base32(ask->arena, bytes_of(random, sizeof(random)));
		sign_in_recovery_hash(bytes_from_str(c), hashes + i * TOKEN_HASH_SIZE);
		for (int at = 0; at < 19; at++)
			spelled[at] = at % 5 == 4 ? '-' : c[at - at / 5];
		json_array_append_new(list, json_string(spelled));
	}
	p->recovery = bytes_of(hashes, RECOVERY_CODES * TOKEN_HASH_SIZE);
	return list;
}

void desk_me_totp_confirm(struct ask *ask, struct reply *reply)
{
	struct bytes code = {0}, secret;
	struct person p;
	int64_t step;

	if (!read_fields(ask, "code", &code, NULL, NULL, reply) ||
		!find_me(ask, ask->db, &p, reply))
		return;
	if (!p.totp_new.data || !sign_in_open(ask, &p, p.totp_new, &secret)) {
		reply_error(reply, 409, "ask for a secret first: POST /api/me/totp");
		return;
	}
	step = sign_in_new_code(ask, &p, secret, code, reply);
	if (!step)
		return;
	p.totp = p.totp_new;
	p.totp_new = bytes_of(NULL, 0);
	p.totp_step = step;
	reply->body = json_pack("{s:o}", "recovery_codes", recovery_new(ask, &p));
	save(ask, ask->db, &p, "second_factor");
}
