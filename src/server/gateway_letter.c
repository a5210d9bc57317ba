/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the two forms of a letter. Does not own when it is sent: gateway.c does. */
#include "server/gateway_letter.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/text.h"
#include "crypto/hash.h"

#define REQUEST_TIMEOUT_MS 15000
#define ANSWER_MAX 16384
#define BASE64_LINE 76 /* RFC 2045 6.8 */

static bool copy(char *out, size_t size, struct bytes from)
{
	if (from.size >= size || (from.size && memchr(from.data, 0, from.size)))
		return false;
	if (from.size)
		memcpy(out, from.data, from.size);
	out[from.size] = 0;
	return true;
}

int letter_fill(struct letter *letter, const struct effect *effect, int64_t now_s)
{
	uint8_t id[16];

	memset(letter, 0, sizeof(*letter));
	letter->kind = effect->kind;
	letter->made_s = now_s;
	random_fill(&random_system, id, sizeof(id));
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(letter->id + 2 * i, 3, "%02x", id[i]);
	return copy(letter->to, sizeof(letter->to), effect->text) &&
			       copy(letter->code, sizeof(letter->code), effect->code) &&
			       copy(letter->subject, sizeof(letter->subject), effect->subject) &&
			       copy(letter->text, sizeof(letter->text), effect->body)
		       ? 0
		       : -1;
}

/* ---- The webhook ---- */

/* The receiver makes the same of the body and the secret that both know, and compares. */
static void put_signature(struct buf *headers, const char *secret, struct bytes body)
{
	uint8_t mac[HASH_SHA256_SIZE];

	hash_hmac_sha256(bytes_from_str(secret), body, mac);
	buf_append_str(headers, "X-Lontar-Signature: sha256=");
	for (size_t i = 0; i < sizeof(mac); i++)
		buf_printf(headers, "%02x", mac[i]);
	buf_append_str(headers, "\n");
}

static void put_json(struct buf *body, const struct letter *letter)
{
	char phone[sizeof(letter->to) + 1];
	json_t *object;
	char *dump;

	snprintf(phone, sizeof(phone), "+%s", letter->to);
	object = json_pack("{s:s, s:s, s:s, s:s, s:I}", "id", letter->id, "phone", phone, "code",
		letter->code, "text", letter->text, "at", (json_int_t)letter->made_s);
	dump = object ? json_dumps(object, JSON_COMPACT) : NULL;
	if (!dump) /* out of memory: gateway_check refuses names that are no UTF-8 */
		abort();
	buf_append_str(body, dump);
	bytes_wipe(dump, strlen(dump));
	free(dump);
	json_decref(object);
}

/* ---- SMTP ---- */

static void put_date(struct buf *body, int64_t at_s)
{
	char text[64];
	time_t at = at_s;
	struct tm parts;

	gmtime_r(&at, &parts);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &parts);
	buf_printf(body, "Date: %s\r\n", text);
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "localhost";
}

/* Whatever the text has in it, its lines are short and plain. */
static void put_base64(struct buf *body, const char *text)
{
	struct arena arena;
	const char *at;

	arena_init(&arena);
	for (at = text_base64(&arena, bytes_from_str(text)); *at;) {
		size_t size = strnlen(at, BASE64_LINE);

		buf_printf(body, "%.*s\r\n", (int)size, at);
		at += size;
	}
	arena_release(&arena);
}

/* https://www.rfc-editor.org/rfc/rfc5322; Auto-Submitted (RFC 3834) keeps holiday answers away. */
static void put_letter(
	struct buf *body, const struct letter *letter, const struct settings *settings)
{
	buf_printf(body, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n", settings->smtp_from,
		letter->to, letter->subject);
	put_date(body, letter->made_s);
	buf_printf(body, "Message-ID: <%s@%s>\r\n", letter->id, domain_of(settings->smtp_from));
	buf_append_str(body, "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
			     "Content-Type: text/plain; charset=utf-8\r\n"
			     "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(body, letter->text);
}

static void put_envelope(
	struct buf *headers, const struct letter *letter, const struct settings *settings)
{
	buf_printf(headers, "From: <%s>\nTo: <%s>\n", settings->smtp_from, letter->to);
	if (*settings->smtp_user)
		buf_printf(headers, "User: %s\nPassword: %s\n", settings->smtp_user,
			settings->smtp_password);
}

void letter_request(const struct letter *letter, const struct settings *settings,
	struct buf *headers, struct buf *body, struct fetch_request *request)
{
	*request = (struct fetch_request){
		.method = letter->kind == EFFECT_EMAIL ? FETCH_MAIL : FETCH_POST,
		.timeout_ms = REQUEST_TIMEOUT_MS,
		.body_max = ANSWER_MAX,
	};
	if (letter->kind == EFFECT_EMAIL) {
		put_letter(body, letter, settings);
		put_envelope(headers, letter, settings);
		request->url = bytes_from_str(settings->smtp);
	} else {
		put_json(body, letter);
		buf_append_str(headers, "Content-Type: application/json\n");
		put_signature(headers, settings->webhook_secret, buf_bytes(body));
		request->url = bytes_from_str(settings->webhook);
	}
	request->headers = buf_bytes(headers);
	request->body = buf_bytes(body);
}
