/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/people/sign_in.h"

#include "base/text.h"
#include "crypto/password.h"
#include "crypto/totp.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "desk/people/sessions.h"

#define NAME_MAX_TYPED 100
#define CODE_MAX 40
#define SECRET_MAX 100
/* Twenty wrong passwords in a quarter of an hour are nobody's bad day; at that rate a code of six
 * digits lasts for years, and the password is needed first. */
#define FAILED_MAX 20
#define WINDOW_S 900
/* A check takes some 30 ms of the one thread that serves the desk. */
#define CHECKS_PER_S 8
#define CHECKS_BURST 16

/* One try, from the form to the verdict. */
struct attempt {
	struct bytes name, password, code, secret;
	bool as_cookie;
	uint8_t about_name[KEYBOX_HASH_SIZE], about_address[KEYBOX_HASH_SIZE];
	struct person p; /* id 0: nobody at the desk has this name */
	/* What signing in changes about the person. */
	char hash[PASSWORD_TEXT_SIZE];
	int64_t step;
	struct bytes recovery;
	const char *with, *why;
};

/* ---- Limits ---- */

static struct bytes about(const uint8_t key[KEYBOX_HASH_SIZE])
{
	return bytes_of(key, KEYBOX_HASH_SIZE);
}

static bool may_check(struct desk *desk)
{
	int64_t now_ms = clock_monotonic_us(desk->clock) / 1000;
	int64_t each_ms = 1000 / CHECKS_PER_S, floor_ms = now_ms - each_ms * CHECKS_BURST;

	if (desk->checks_ms < floor_ms)
		desk->checks_ms = floor_ms;
	if (desk->checks_ms + each_ms > now_ms)
		return false;
	desk->checks_ms += each_ms;
	return true;
}

static void refuse_many(struct reply *reply)
{
	reply_error(reply, 429, "too many tries; wait a quarter of an hour");
	reply->retry_s = WINDOW_S;
}

/* Of all tries together: the next second has room again. */
static void refuse_now(struct reply *reply)
{
	reply_error(reply, 429, "too many sign in at this moment; try again");
	reply->retry_s = 1;
}

static void name_key(struct ask *ask, struct bytes name, uint8_t out[KEYBOX_HASH_SIZE])
{
	keybox_hash(ask->desk->people, "desk sign-in", name, out);
}

static bool is_shut(struct db *db, const struct attempt *a, int64_t now_s)
{
	int64_t since = now_s - WINDOW_S;

	return desk_tries_failed(db, about(a->about_name), since) >= FAILED_MAX ||
	       desk_tries_failed(db, about(a->about_address), since) >= FAILED_MAX;
}

/* The log has each refusal of somebody who exists, and one entry for each address that is shut: no
 * stranger can fill it. */
static void note_failure(struct ask *ask, const struct attempt *a)
{
	struct db *db = ask->desk->writer;
	int64_t since = ask->now_s - WINDOW_S;

	desk_tries_prune(db, since);
	desk_tries_add(db, about(a->about_name), ask->now_s, since);
	desk_tries_add(db, about(a->about_address), ask->now_s, since);
	if (a->p.id)
		desk_log_append(db, ask->arena, ask->now_s, 0, "refused", a->p.id,
			json_pack("{s:s}", "why", a->why));
	else if (desk_tries_failed(db, about(a->about_address), since) == FAILED_MAX)
		desk_log_append(db, ask->arena, ask->now_s, 0, "refused", 0,
			json_pack("{s:s}", "why", "many"));
}

/* ---- Verdicts ---- */

struct bytes sign_in_seal(struct ask *ask, const struct person *p, struct bytes secret)
{
	return keybox_seal(ask->desk->people, "totp", p->id, secret, ask->arena);
}

bool sign_in_open(
	struct ask *ask, const struct person *p, struct bytes sealed, struct bytes *secret)
{
	return keybox_open(ask->desk->people, "totp", p->id, sealed, ask->arena, secret) == 0 &&
	       secret->size == TOTP_SECRET_SIZE;
}

void sign_in_recovery_hash(struct bytes typed, uint8_t out[TOKEN_HASH_SIZE])
{
	uint8_t plain[CODE_MAX];
	size_t size = 0;

	for (size_t i = 0; i < typed.size && size < sizeof(plain); i++) {
		uint8_t c = typed.data[i];

		if (c != '-' && c != ' ')
			plain[size++] = c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
	}
	token_hash(bytes_of(plain, size), out);
	bytes_wipe(plain, sizeof(plain));
}

/* A recovery code counts once: what is left goes to a->recovery. */
static bool recovery_fits(struct ask *ask, struct attempt *a)
{
	uint8_t hash[TOKEN_HASH_SIZE];
	size_t count = a->p.recovery.size / TOKEN_HASH_SIZE;

	sign_in_recovery_hash(a->code, hash);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *one = a->p.recovery.data + i * TOKEN_HASH_SIZE;
		uint8_t *left;

		if (!bytes_equal_secret(one, hash, sizeof(hash)))
			continue;
		left = arena_alloc(ask->arena, a->p.recovery.size);
		memcpy(left, a->p.recovery.data, i * TOKEN_HASH_SIZE);
		memcpy(left + i * TOKEN_HASH_SIZE, one + TOKEN_HASH_SIZE,
			(count - i - 1) * TOKEN_HASH_SIZE);
		a->recovery = bytes_of(left, (count - 1) * TOKEN_HASH_SIZE);
		return true;
	}
	return false;
}

static bool code_fits(struct ask *ask, struct attempt *a)
{
	struct bytes secret;

	if (!a->p.totp.data)
		return true;
	a->why = "code";
	if (!a->code.data)
		return false;
	if (a->code.size != 6) {
		a->with = "recovery";
		return recovery_fits(ask, a);
	}
	a->with = "code";
	if (!sign_in_open(ask, &a->p, a->p.totp, &secret))
		return false;
	a->step = totp_step_of(secret, a->code, ask->now_s, a->p.totp_step);
	return a->step != 0;
}

/* Nobody's name costs what somebody's does. */
static bool password_fits(struct ask *ask, struct attempt *a)
{
	bool known = a->p.id && a->p.password.data;
	bool fits = password_matches(
		a->password, known ? a->p.password : bytes_from_str(ask->desk->decoy));

	a->why = a->with = "password";
	return known && fits && code_fits(ask, a);
}

/* The first sign-in: the secret that the operator handed over, and the password from now on. */
static bool secret_fits(struct ask *ask, struct attempt *a)
{
	bool hashed = password_hash(a->password, a->hash, NULL) == 0;

	a->why = a->with = "secret";
	return hashed && a->p.id && a->p.secret_hash.size == TOKEN_HASH_SIZE &&
	       a->p.secret_until > ask->now_s && token_matches(a->secret, a->p.secret_hash.data);
}

/* ---- The route ---- */

struct bytes sign_in_new_password(struct form *form, const char *name)
{
	struct bytes password = form_text(form, name, PASSWORD_MAX);

	if (password.data && text_utf16_length(password) < PASSWORD_MIN)
		form_invalid(form, name, "has at least 12 characters");
	return password;
}

static struct bytes optional(struct form *form, const char *name, size_t max)
{
	json_t *value = json_object_get(form->root, name);

	return value && !json_is_null(value) ? form_text(form, name, max) : bytes_of(NULL, 0);
}

static bool read_attempt(struct ask *ask, struct attempt *a, struct reply *reply)
{
	struct form form;

	if (!ask_form(ask, &form, reply))
		return false;
	a->name = form_text(&form, "sign_in", NAME_MAX_TYPED);
	a->secret = optional(&form, "secret", SECRET_MAX);
	a->code = optional(&form, "code", CODE_MAX);
	a->password = a->secret.data ? sign_in_new_password(&form, "password")
				     : form_text(&form, "password", PASSWORD_MAX);
	a->as_cookie = json_is_true(json_object_get(form.root, "cookie"));
	return ask_form_end(&form, reply);
}

static bool load(struct ask *ask, struct db *db, struct attempt *a)
{
	struct desk_grant grant;

	if (!person_by_sign_in(db, ask->arena, a->name, &a->p) ||
		!desk_grant_get(db, ask->arena, a->p.id, &grant) || grant.revoked_at) {
		a->p = (struct person){.id = 0};
		return false;
	}
	return true;
}

/* Nothing that was looked at has changed meanwhile: the operator's commands are other programs. */
static bool is_same(struct ask *ask, const struct attempt *a)
{
	struct attempt now = {.name = a->name};

	return load(ask, ask->db, &now) && now.p.id == a->p.id &&
	       bytes_equal(now.p.password, a->p.password) &&
	       bytes_equal(now.p.secret_hash, a->p.secret_hash) &&
	       bytes_equal(now.p.totp, a->p.totp) && now.p.totp_step == a->p.totp_step &&
	       bytes_equal(now.p.recovery, a->p.recovery);
}

static void take_in(struct ask *ask, struct attempt *a, struct reply *reply)
{
	if (a->hash[0]) {
		a->p.password = bytes_from_str(a->hash);
		a->p.secret_hash = bytes_of(NULL, 0);
		desk_log_append(
			ask->db, ask->arena, ask->now_s, a->p.id, "password", a->p.id, NULL);
	}
	if (a->step)
		a->p.totp_step = a->step;
	if (a->recovery.data)
		a->p.recovery = a->recovery;
	person_update(ask->db, &a->p);
	desk_tries_forget(ask->db, about(a->about_name));
	session_open(ask, a->p.id, a->as_cookie, reply);
	desk_log_append(ask->db, ask->arena, ask->now_s, a->p.id, "signed_in", a->p.id,
		json_pack("{s:s}", "with", a->with));
}

static void refuse(struct ask *ask, const struct attempt *a, struct reply *reply)
{
	note_failure(ask, a);
	reply_error(reply, 401, "the name, the password or the code is wrong");
}

void desk_sign_in(struct ask *ask, struct reply *reply)
{
	struct attempt a = {.why = "password"};
	bool shut, fits;

	if (!read_attempt(ask, &a, reply))
		return;
	/* A page of somebody else's must not sign a browser in. */
	if (a.as_cookie && session_is_foreign(ask->request)) {
		reply_error(reply, 403, "with a cookie, a change needs the header X-Lontar-Desk");
		return;
	}
	name_key(ask, a.name, a.about_name);
	desk_address_hash(ask->desk, ask->request, a.about_address);
	db_begin(ask->desk->reader);
	shut = is_shut(ask->desk->reader, &a, ask->now_s);
	load(ask, ask->desk->reader, &a);
	db_rollback(ask->desk->reader);
	if (shut) {
		refuse_many(reply);
		return;
	}
	if (!may_check(ask->desk)) {
		refuse_now(reply);
		return;
	}
	fits = a.secret.data ? secret_fits(ask, &a) : password_fits(ask, &a);

	ask->db = ask->desk->writer;
	db_begin(ask->db);
	if (fits && is_same(ask, &a))
		take_in(ask, &a, reply);
	else
		refuse(ask, &a, reply);
	if (db_commit(ask->db) < 0) {
		json_decref(reply->body);
		*reply = (struct reply){.status = 500};
		reply_error(reply, 500, "the desk's database failed; nothing was changed");
	}
}

/* Somebody who is in tries like somebody who is not. */
static bool is_shut_again(struct ask *ask, struct attempt *a, struct reply *reply)
{
	name_key(ask, a->p.sign_in, a->about_name);
	desk_address_hash(ask->desk, ask->request, a->about_address);
	if (!is_shut(ask->db, a, ask->now_s))
		return false;
	refuse_many(reply);
	return true;
}

int64_t sign_in_new_code(struct ask *ask, const struct person *p, struct bytes secret,
	struct bytes code, struct reply *reply)
{
	struct attempt a = {.p = *p, .why = "code"};
	int64_t step;

	if (is_shut_again(ask, &a, reply))
		return 0;
	step = totp_step_of(secret, code, ask->now_s, 0);
	if (step)
		return step;
	note_failure(ask, &a);
	reply_error(reply, 403, "the code is wrong; is the clock of your device right?");
	return 0;
}

bool sign_in_password_again(
	struct ask *ask, const struct person *p, struct bytes password, struct reply *reply)
{
	struct attempt a = {.p = *p, .why = "password"};

	if (is_shut_again(ask, &a, reply))
		return false;
	if (!may_check(ask->desk)) {
		refuse_now(reply);
		return false;
	}
	if (p->password.data && password_matches(password, p->password))
		return true;
	db_begin(ask->desk->writer);
	note_failure(ask, &a);
	if (db_commit(ask->desk->writer) < 0)
		reply_error(reply, 500, "the desk's database failed");
	else
		reply_error(reply, 403, "the password is wrong");
	return false;
}
