/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Structured fields (RFC 8941) as far as signatures use them. */
#include "desk/lanes/http_signature.h"

#include <strings.h>

#include "base/text.h"
#include "crypto/hash.h"

#define INPUT_MAX 2048
#define LABEL_MAX 32

struct reading {
	struct arena *arena;
	const struct http_request *request;
	struct http_signature *out;
	struct bytes rest;
	const char **why;
};

static int refuse(const char **why, const char *text)
{
	*why = text;
	return -1;
}

bool http_signature_is_there(const struct http_request *request)
{
	return http_header(request, "Signature-Input").data ||
	       http_header(request, "Signature").data;
}

/* ---- Structured fields ---- */

static bool take(struct bytes *rest, const char *word)
{
	size_t size = strlen(word);

	if (rest->size < size || memcmp(rest->data, word, size) != 0)
		return false;
	rest->data += size;
	rest->size -= size;
	return true;
}

/* Up to the first byte that is none of these; may be empty. */
static struct bytes take_while(struct bytes *rest, const char *allowed)
{
	struct bytes taken = {rest->data, 0};

	while (rest->size > 0 && rest->data[0] && strchr(allowed, rest->data[0])) {
		rest->data++;
		rest->size--;
		taken.size++;
	}
	return taken;
}

static struct bytes take_key(struct bytes *rest)
{
	return take_while(rest, "abcdefghijklmnopqrstuvwxyz0123456789_-.*");
}

/* A quoted text without escapes: names of components and keys have none. Absent: none is here. */
static struct bytes take_string(struct bytes *rest)
{
	struct bytes text = {rest->data + 1, 0};

	if (!take(rest, "\""))
		return bytes_of(NULL, 0);
	while (rest->size > 0 && rest->data[0] >= ' ' && rest->data[0] < 0x7f &&
		rest->data[0] != '"' && rest->data[0] != '\\') {
		rest->data++;
		rest->size--;
		text.size++;
	}
	return take(rest, "\"") ? text : bytes_of(NULL, 0);
}

static bool take_time(struct bytes *rest, int64_t *out)
{
	struct bytes digits = take_while(rest, "0123456789");

	*out = 0;
	if (digits.size == 0 || digits.size > 11)
		return false;
	for (size_t i = 0; i < digits.size; i++)
		*out = *out * 10 + (digits.data[i] - '0');
	return *out > 0;
}

/* "label=": the same in both headers. */
static bool take_label(struct bytes *rest, struct bytes *label)
{
	*label = take_key(rest);
	return label->size > 0 && label->size <= LABEL_MAX && take(rest, "=");
}

/* ---- Signature-Input ---- */

static int take_components(struct reading *r)
{
	struct http_signature *out = r->out;

	if (!take(&r->rest, "("))
		return refuse(r->why, "Signature-Input has no list of components");
	while (!take(&r->rest, ")")) {
		struct bytes name;

		if (out->component_count > 0 && !take(&r->rest, " "))
			return refuse(r->why, "components have one space between them");
		name = take_string(&r->rest);
		if (!name.size || name.size > HTTP_SIGNATURE_NAME_MAX)
			return refuse(r->why, "a component's name can't be read");
		if (out->component_count == HTTP_SIGNATURE_COMPONENTS_MAX)
			return refuse(r->why, "too many components");
		if (http_signature_covers(out, arena_str(r->arena, name)))
			return refuse(r->why, "a component is named twice");
		out->components[out->component_count++] = name;
	}
	return 0;
}

static bool take_text(struct bytes *rest, struct bytes *out)
{
	if (out->data)
		return false;
	*out = take_string(rest);
	return out->size > 0 && out->size <= HTTP_SIGNATURE_NAME_MAX;
}

static int take_parameter(struct reading *r)
{
	struct bytes name = take_key(&r->rest), alg = {NULL, 0};
	struct http_signature *out = r->out;
	bool fine = take(&r->rest, "=");

	if (fine && bytes_equal_str(name, "created"))
		fine = !out->created && take_time(&r->rest, &out->created);
	else if (fine && bytes_equal_str(name, "expires"))
		fine = !out->expires && take_time(&r->rest, &out->expires);
	else if (fine && bytes_equal_str(name, "keyid"))
		fine = take_text(&r->rest, &out->key_id);
	else if (fine && bytes_equal_str(name, "nonce"))
		fine = take_text(&r->rest, &out->nonce);
	else if (fine && bytes_equal_str(name, "alg"))
		fine = take_text(&r->rest, &alg) && bytes_equal_str(alg, "ed25519");
	else
		fine = false;
	return fine ? 0
		    : refuse(r->why, "a parameter of the signature is unknown, doubled or "
				     "malformed; the algorithm is ed25519");
}

/* ---- The base: section 2.5 ---- */

static void put_query(struct reading *r, struct buf *base)
{
	buf_append_str(base, "?");
	if (r->request->query.data)
		buf_append_bytes(base, r->request->query);
}

/* Decoded paths equal those on the wire only as long as nothing in them needs an escape. */
static int put_path(struct reading *r, struct buf *base)
{
	struct bytes rest = r->request->path, plain;

	plain = take_while(&rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789-._~/");
	if (rest.size > 0)
		return refuse(r->why, "the path of a signed request has no escapes");
	buf_append_bytes(base, plain);
	return 0;
}

/* All headers of the name, section 2.1. */
static int put_header(struct reading *r, struct bytes name, struct buf *base)
{
	bool any = false;

	for (size_t i = 0; i < r->request->header_count; i++) {
		const struct http_header *header = &r->request->headers[i];

		if (header->name.size != name.size ||
			strncasecmp((const char *)header->name.data, (const char *)name.data,
				name.size) != 0)
			continue;
		if (any)
			buf_append_str(base, ", ");
		buf_append_bytes(base, text_trim(header->value));
		any = true;
	}
	return any ? 0 : refuse(r->why, "a header that the signature covers is not there");
}

static int put_component(struct reading *r, struct bytes name, struct buf *base)
{
	struct bytes host = http_header(r->request, "Host");

	if (name.data[0] != '@')
		return put_header(r, name, base);
	if (bytes_equal_str(name, "@path"))
		return put_path(r, base);
	if (bytes_equal_str(name, "@method"))
		buf_append_str(base, http_method_name(r->request->method));
	else if (bytes_equal_str(name, "@authority") && host.data)
		buf_append_str(base, text_lower(r->arena, host));
	else if (bytes_equal_str(name, "@query"))
		put_query(r, base);
	else
		return refuse(r->why, "a derived component is none of @method, @authority, @path, "
				      "@query");
	return 0;
}

static int make_base(struct reading *r, struct bytes params)
{
	struct buf base;
	int rc = 0;

	buf_init(&base, (size_t)64 << 10);
	for (size_t i = 0; rc == 0 && i < r->out->component_count; i++) {
		struct bytes name = r->out->components[i];

		buf_append_str(&base, "\"");
		buf_append_bytes(&base, name);
		buf_append_str(&base, "\": ");
		rc = put_component(r, name, &base);
		buf_append_str(&base, "\n");
	}
	buf_append_str(&base, "\"@signature-params\": ");
	buf_append_bytes(&base, params);
	if (rc == 0 && base.failed)
		rc = refuse(r->why, "what is signed is too long");
	r->out->base = arena_bytes(r->arena, buf_bytes(&base));
	buf_release(&base);
	return rc;
}

/* ---- Both headers ---- */

/* label=:base64: */
static int read_signature(struct reading *r, struct bytes wanted)
{
	struct bytes rest = http_header(r->request, "Signature"), label, text, raw;

	if (!take_label(&rest, &label) || !bytes_equal(label, wanted) || !take(&rest, ":"))
		return refuse(r->why, "the Signature header has not the label of Signature-Input");
	text = take_while(
		&rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
	if (!take(&rest, ":") || rest.size > 0 || text.size > 2 * SIGN_SIZE ||
		text_unbase64(r->arena, text, &raw) < 0 || raw.size != SIGN_SIZE)
		return refuse(r->why, "the signature is 64 bytes in base64, one in a request");
	memcpy(r->out->signature, raw.data, SIGN_SIZE);
	return 0;
}

int http_signature_read(struct arena *arena, const struct http_request *request,
	struct http_signature *out, const char **why)
{
	struct reading r = {.arena = arena, .request = request, .out = out, .why = why};
	struct bytes label, params;

	*out = (struct http_signature){.key_id = {NULL, 0}};
	r.rest = http_header(request, "Signature-Input");
	if (!r.rest.data || r.rest.size > INPUT_MAX || !take_label(&r.rest, &label))
		return refuse(why, "Signature-Input and Signature belong together");
	params = r.rest;
	if (take_components(&r) < 0)
		return -1;
	while (take(&r.rest, ";")) {
		if (take_parameter(&r) < 0)
			return -1;
	}
	if (r.rest.size > 0)
		return refuse(why, "there is more than one signature, or it can't be read");
	if (make_base(&r, params) < 0)
		return -1;
	return read_signature(&r, label);
}

bool http_signature_covers(const struct http_signature *signature, const char *component)
{
	for (size_t i = 0; i < signature->component_count; i++) {
		if (bytes_equal_str(signature->components[i], component))
			return true;
	}
	return false;
}

bool http_digest_fits(struct arena *arena, const struct http_request *request)
{
	struct bytes rest = http_header(request, "Content-Digest"), text, raw;
	uint8_t digest[HASH_SHA256_SIZE];

	if (!rest.data || !take(&rest, "sha-256=:"))
		return false;
	text = take_while(
		&rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
	if (!take(&rest, ":") || rest.size > 0 || text.size > 2 * HASH_SHA256_SIZE ||
		text_unbase64(arena, text, &raw) < 0)
		return false;
	hash_sha256(request->body, digest);
	return bytes_equal(raw, bytes_of(digest, sizeof(digest)));
}
