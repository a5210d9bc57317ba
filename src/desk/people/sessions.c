/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/people/sessions.h"

#include <strings.h>

#include "base/text.h"
#include "desk/desk_log.h"
#include "desk/lanes/form.h"
#include "net/http.h"

/* __Host-: browsers take it only with Secure, for the whole site and for no other host. */
#define COOKIE "__Host-lontar-desk"
#define COOKIE_FLAGS "; Path=/; Secure; HttpOnly; SameSite=Strict"
#define SEEN_EVERY_S 30 /* how exactly idleness is kept */

struct found {
	struct bytes token;
	bool by_cookie;
};

/* The scheme is compared without case, RFC 9110 section 11.1. */
static struct bytes bearer(const struct http_request *request)
{
	static const char scheme[] = "Bearer ";
	struct bytes value = http_header(request, "Authorization");

	if (!value.data || value.size < sizeof(scheme) ||
		strncasecmp((const char *)value.data, scheme, sizeof(scheme) - 1) != 0)
		return bytes_of(NULL, 0);
	return bytes_of(value.data + sizeof(scheme) - 1, value.size - (sizeof(scheme) - 1));
}

/* RFC 6265 section 4.2.1. */
static struct bytes cookie(const struct http_request *request)
{
	static const char name[] = COOKIE "=";
	struct bytes rest = http_header(request, "Cookie");

	while (rest.data && rest.size) {
		const uint8_t *end = memchr(rest.data, ';', rest.size);
		struct bytes one = bytes_of(rest.data, end ? (size_t)(end - rest.data) : rest.size);

		rest = bytes_of(
			one.data + one.size + (end ? 1 : 0), rest.size - one.size - (end ? 1 : 0));
		one = text_trim(one);
		if (one.size >= sizeof(name) && memcmp(one.data, name, sizeof(name) - 1) == 0)
			return bytes_of(one.data + sizeof(name) - 1, one.size - (sizeof(name) - 1));
	}
	return bytes_of(NULL, 0);
}

static bool in_force(const struct sop *sop, const struct desk_session *s, int64_t now_s)
{
	return s->seen_at + sop->session_idle_s > now_s && s->created_at + sop->session_s > now_s;
}

/* An officer is in office as long as the organisation is, and orders for its country. */
static bool follow_organisation(struct ask *ask, int64_t acts_for)
{
	struct desk_grant grant;

	if (!acts_for)
		return true;
	if (!desk_grant_get(ask->db, ask->arena, acts_for, &grant) || grant.revoked_at)
		return false;
	ask->who.acts_for = acts_for;
	ask->who.grant.country = grant.country;
	return true;
}

static bool person_of(struct ask *ask, struct bytes token)
{
	const struct sop *sop = &ask->desk->sop;
	struct principal *who = &ask->who;
	uint8_t *hash = arena_alloc(ask->arena, TOKEN_HASH_SIZE);
	struct bytes key = bytes_of(hash, TOKEN_HASH_SIZE);
	struct desk_session session;
	struct person p;

	token_hash(token, hash);
	*who = (struct principal){.person = true};
	if (!desk_session_get(ask->db, ask->arena, key, &session) ||
		!in_force(sop, &session, ask->now_s) ||
		!person_get(ask->db, ask->arena, session.person, &p) ||
		!desk_grant_get(ask->db, ask->arena, session.person, &who->grant) ||
		who->grant.revoked_at)
		return false;
	who->session = key; /* not before: what is refused is not in use, see session_seen() */
	who->role = role_by_name(who->grant.role);
	who->enrolling = sop->second_factor && !p.totp.data;
	who->categories = p.categories;
	who->countries = p.countries;
	return who->role < ROLE_COUNT && follow_organisation(ask, p.acts_for);
}

/* A page of another site can make a browser send a cookie, but neither add a header to it nor hide
 * where it comes from. */
bool session_is_foreign(const struct http_request *request)
{
	struct bytes site = http_header(request, "Sec-Fetch-Site");

	if (request->method == HTTP_GET || request->method == HTTP_HEAD)
		return false;
	return !http_header(request, "X-Lontar-Desk").data ||
	       (site.data && !bytes_equal_str(site, "same-origin") &&
		       !bytes_equal_str(site, "none"));
}

bool asker_has_token(const struct http_request *request)
{
	return bearer(request).data || cookie(request).data;
}

bool asker_find(struct ask *ask, const struct http_request *request, struct reply *refusal)
{
	struct bytes token = bearer(request), kept = cookie(request);

	if (token.data && principal_find(ask->db, ask->arena, token, &ask->who))
		return true;
	if (!token.data && kept.data && session_is_foreign(request)) {
		reply_error(refusal, 403, "with a cookie, a change needs the header X-Lontar-Desk");
		return false;
	}
	if (!token.data)
		token = kept;
	if (token.data && person_of(ask, token))
		return true;
	reply_error(refusal, 401, "sign in, or send a valid token: Authorization: Bearer TOKEN");
	return false;
}

/* ---- In use ---- */

void desk_address_hash(
	const struct desk *desk, const struct http_request *request, uint8_t out[KEYBOX_HASH_SIZE])
{
	uint64_t id = address_id(&request->peer);

	keybox_hash(desk->people, "desk address", bytes_of(&id, sizeof(id)), out);
}

void session_seen(struct desk *desk, struct arena *arena, const struct principal *who,
	const struct http_request *request)
{
	int64_t now_s = clock_unix_s(desk->clock);
	uint8_t address[KEYBOX_HASH_SIZE];
	struct desk_session s;
	bool there, elsewhere;

	if (!who->session.data)
		return;
	desk_address_hash(desk, request, address);
	db_begin(desk->reader);
	there = desk_session_get(desk->reader, arena, who->session, &s);
	db_rollback(desk->reader);
	elsewhere = there && !bytes_equal(s.address, bytes_of(address, sizeof(address)));
	if (!there || (s.seen_at + SEEN_EVERY_S > now_s && (!elsewhere || s.moved)))
		return;
	db_begin(desk->writer);
	desk_session_touch(desk->writer, who->session, now_s, s.moved || elsewhere);
	if (elsewhere && !s.moved)
		desk_log_append(desk->writer, arena, now_s, who->grant.id, "second_address",
			who->grant.id, NULL);
	if (db_commit(desk->writer) < 0)
		return; /* only idleness is less exact; the next request tries again */
}

void session_open(struct ask *ask, int64_t person, bool as_cookie, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	struct desk_session session = {
		.person = person, .created_at = ask->now_s, .seen_at = ask->now_s};
	uint8_t address[KEYBOX_HASH_SIZE], hash[TOKEN_HASH_SIZE];
	char token[TOKEN_TEXT_SIZE];

	desk_address_hash(ask->desk, ask->request, address);
	session.address = bytes_of(address, sizeof(address));
	if (desk_session_elsewhere(
		    ask->db, person, session.address, ask->now_s - sop->session_idle_s))
		desk_log_append(
			ask->db, ask->arena, ask->now_s, person, "second_address", person, NULL);
	desk_sessions_prune(ask->db, ask->now_s - sop->session_idle_s, ask->now_s - sop->session_s);
	token_new(token);
	token_hash(bytes_from_str(token), hash);
	desk_session_insert(ask->db, bytes_of(hash, sizeof(hash)), &session);
	reply->status = 201;
	reply->body = json_pack("{s:I, s:o, s:I}", "person", (json_int_t)person, "until",
		json_time(ask->arena, ask->now_s + sop->session_s), "idle_s",
		(json_int_t)sop->session_idle_s);
	if (as_cookie)
		reply->cookie = arena_printf(ask->arena, COOKIE "=%s" COOKIE_FLAGS, token);
	else
		json_object_set_new(reply->body, "session", json_string(token));
	bytes_wipe(token, sizeof(token));
}

const char *session_cookie_gone(void)
{
	return COOKIE "=" COOKIE_FLAGS "; Max-Age=0";
}
