/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/signed_ask.h"

#include <string.h>

#include "base/text.h"
#include "desk/lanes/http_signature.h"
#include "desk/lanes/public_key.h"
#include "store/square_desk_keys.h"

static const char *uncovered(
	const struct http_signature *signature, const struct http_request *request)
{
	if (!http_signature_covers(signature, "@method") ||
		!http_signature_covers(signature, "@authority") ||
		!http_signature_covers(signature, "@path"))
		return "the signature must cover @method, @authority and @path";
	if (request->query.data && !http_signature_covers(signature, "@query"))
		return "the signature must cover @query: the address has one";
	if (request->body.size > 0 && !http_signature_covers(signature, "content-digest"))
		return "the signature must cover content-digest: the request has a body";
	return NULL;
}

/* ---- For whom ---- */

#define TLS "https://"
#define PLAIN "http://"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Host and port as clients write them into Host: without the port that the address stands for. */
static struct bytes plain_host(const char *text, bool is_tls)
{
	const char *port = is_tls ? ":443" : ":80";
	size_t size = strcspn(text, "/"), port_size = strlen(port);

	if (size >= port_size && memcmp(text + size - port_size, port, port_size) == 0)
		size -= port_size;
	return bytes_of(text, size);
}

static bool is_this_machine(const char *host)
{
	static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const size_t size = strlen(names[i]);

		if (begins(host, names[i]) && (host[size] == '\0' || host[size] == ':'))
			return true;
	}
	return false;
}

/* Whoever runs another server, and is sent signed requests there, must not be able to send them
 * here. */
static const char *not_for_us(struct ask *ask, const struct http_request *request)
{
	const char *host = text_lower(ask->arena, http_header(request, "Host"));
	const char *own = text_lower(ask->arena, bytes_from_str(ask->desk->sop.appeal_address));
	const bool is_tls = begins(own, TLS);

	if (!*own)
		return is_this_machine(host)
			       ? NULL
			       : "this desk knows no address of its own (address of [appeal] in "
				 "the SOP): it takes what is signed for localhost alone";
	own += is_tls ? strlen(TLS) : begins(own, PLAIN) ? strlen(PLAIN) : 0;
	return bytes_equal(plain_host(own, is_tls), plain_host(host, is_tls))
		       ? NULL
		       : "the signature is for another @authority than this desk's address";
}

static const char *untimely(const struct http_signature *signature, int64_t now_s)
{
	if (!signature->created)
		return "the signature must say when it was created";
	if (signature->created < now_s - SIGNED_ASK_AGE_MAX_S)
		return "the signature is older than 300 seconds";
	if (signature->created > now_s + SIGNED_ASK_AGE_MAX_S)
		return "the signature was created in the future: see to your clock";
	if (signature->expires && signature->expires < now_s)
		return "the signature has expired";
	return NULL;
}

static const char *unknown_key(
	struct ask *ask, const struct http_signature *signature, struct desk_key *key)
{
	int64_t number = public_key_number(signature->key_id);

	if (!number || !desk_key_get(ask->db, ask->arena, number, key) ||
		key->public_key.size != SIGN_PUBLIC_SIZE)
		return "there is no key of this keyid";
	if (key->ends_at && key->ends_at <= ask->now_s)
		return "this key has ended";
	if (!desk_grant_get(ask->db, ask->arena, key->grant_id, &ask->who.grant) ||
		ask->who.grant.revoked_at)
		return "the grant of this key was revoked";
	ask->who.role = role_by_name(ask->who.grant.role);
	return ask->who.role < ROLE_COUNT ? NULL : "the grant of this key has no role";
}

static const char *repeated(
	struct ask *ask, const struct http_signature *signature, const struct desk_key *key)
{
	if (!signature->nonce.data)
		return "the signature must have a nonce: this request changes something";
	/* Once the time has run out untimely() refuses it: no need to remember it longer. */
	if (!desk_nonce_use(ask->db, key->id, signature->nonce, ask->now_s,
		    signature->created + SIGNED_ASK_AGE_MAX_S))
		return "this nonce was used before";
	return NULL;
}

int signed_ask(struct ask *ask, const struct http_request *request, bool writes, const char **why)
{
	struct http_signature signature;
	struct desk_key key;

	if (http_signature_read(ask->arena, request, &signature, why) < 0)
		return -1;
	*why = uncovered(&signature, request);
	if (!*why)
		*why = not_for_us(ask, request);
	if (!*why)
		*why = untimely(&signature, ask->now_s);
	if (!*why)
		*why = unknown_key(ask, &signature, &key);
	if (!*why && !sign_verify(key.public_key.data, signature.base, signature.signature))
		*why = "the signature does not fit the request and the key";
	if (!*why && request->body.size > 0 && !http_digest_fits(ask->arena, request))
		*why = "content-digest does not fit the body; it is sha-256=:BASE64:";
	/* Last: only who holds the key may use up its nonces. */
	if (!*why && writes)
		*why = repeated(ask, &signature, &key);
	return *why ? -1 : 0;
}
