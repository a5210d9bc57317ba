/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP Message Signatures, RFC 9421, as a verifier of requests: what one says that it covers, and
 * the bytes that were signed. Ed25519 alone. Pure: which key has the name, whether the time fits
 * and whether the nonce was seen before, is asked elsewhere. Headers are hostile
 * input.
 *
 * Taken are the plain forms that every signer writes: one signature in a request, components
 * without parameters, lists with single spaces. All else is refused rather than guessed at.
 */
#ifndef DESK_HTTP_SIGNATURE_H
#define DESK_HTTP_SIGNATURE_H

#include "crypto/sign.h"
#include "net/http.h"

#define HTTP_SIGNATURE_COMPONENTS_MAX 16
#define HTTP_SIGNATURE_NAME_MAX 64 /* of a key or a nonce */

struct http_signature {
	struct bytes key_id, nonce; /* absent when there is none */
	int64_t created, expires;   /* 0: none */
	struct bytes components[HTTP_SIGNATURE_COMPONENTS_MAX];
	size_t component_count;
	struct bytes base; /* what was signed */
	uint8_t signature[SIGN_SIZE];
};

/* Is the request signed at all? Whoever sends one of the headers must send both, and well. */
bool http_signature_is_there(const struct http_request *request);
/* Views into the request and the arena. *why: for the sender, when it is refused. */
MUST_CHECK int http_signature_read(struct arena *arena, const struct http_request *request,
	struct http_signature *out, const char **why);
bool http_signature_covers(const struct http_signature *signature, const char *component);

/* Content-Digest (RFC 9530): is there a sha-256 of the body, and is it right? */
bool http_digest_fits(struct arena *arena, const struct http_request *request);

#endif
