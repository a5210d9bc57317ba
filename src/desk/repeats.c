/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The header field is that of the IETF's draft httpapi-idempotency-key-header; its
 * quotes may be left out. */
#include "desk/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "net/http.h"
#include "store/square_desk_repeats.h"

#define KEY_MAX 100
#define KEPT_S 86400
#define PURPOSE "repeated answer"

bool repeat_key(struct ask *ask, struct bytes *key, struct reply *reply)
{
	*key = http_header(ask->request, "idempotency-key");
	if (!key->data)
		return true;
	if (key->size >= 2 && key->data[0] == '"' && key->data[key->size - 1] == '"')
		*key = bytes_of(key->data + 1, key->size - 2);
	for (size_t i = 0; i < key->size && key->size <= KEY_MAX; i++)
		if (key->data[i] <= ' ' || key->data[i] > '~' || key->data[i] == '"')
			key->size = 0;
	if (key->size > 0 && key->size <= KEY_MAX)
		return true;
	reply_error(reply, 400, "Idempotency-Key is 1 to 100 letters, digits and signs");
	return false;
}

/* What was asked, so that a key is not taken for another request. */
static void hash_request(const struct ask *ask, uint8_t out[HASH_SHA256_SIZE])
{
	const struct http_request *request = ask->request;
	uint8_t method = (uint8_t)request->method, path[HASH_SHA256_SIZE], query[HASH_SHA256_SIZE];
	const struct bytes parts[] = {bytes_of(&method, 1), bytes_of(path, sizeof(path)),
		bytes_of(query, sizeof(query)), request->body};

	hash_sha256(request->path, path);
	hash_sha256(request->query, query);
	hash_sha256_parts(parts, ARRAY_LEN(parts), out);
}

bool repeat_find(struct ask *ask, struct bytes key, struct reply *reply)
{
	uint8_t about[HASH_SHA256_SIZE], asked[HASH_SHA256_SIZE];
	struct bytes sealed, text;
	struct desk_repeat before;

	if (key.size == 0)
		return false;
	hash_sha256(key, about);
	desk_repeats_drop(ask->db, ask->now_s - KEPT_S);
	if (!desk_repeat_find(ask->db, ask->arena, ask->who.grant.id,
		    bytes_of(about, sizeof(about)), &before, &sealed))
		return false;
	hash_request(ask, asked);
	if (!bytes_equal(before.request_hash, bytes_of(asked, sizeof(asked)))) {
		reply_error(reply, 422, "this Idempotency-Key was used for another request");
		return true;
	}
	if (keybox_open(ask->desk->people, PURPOSE, before.id, sealed, ask->arena, &text) == 0)
		reply->body = json_loadb((const char *)text.data, text.size, 0, NULL);
	reply->status = before.status;
	reply->order_id = before.order_id;
	if (!reply->body)
		reply_error(reply, 500, "the answer of the first time can't be read any more");
	return true;
}

/* What was done, and what is counted as refused. Any other refusal changed nothing and may be over
 * by the next time: somebody else holds the claim, there are too many. */
static bool is_final(int status)
{
	return status < 400 || status == 422;
}

void repeat_keep(struct ask *ask, struct bytes key, const struct reply *reply)
{
	uint8_t about[HASH_SHA256_SIZE], asked[HASH_SHA256_SIZE];
	struct desk_repeat row = {.grant_id = ask->who.grant.id,
		.key_hash = bytes_of(about, sizeof(about)),
		.request_hash = bytes_of(asked, sizeof(asked)),
		.status = reply->status,
		.order_id = reply->order_id,
		.created_at = ask->now_s};
	char *text;

	if (key.size == 0 || !reply->body || !is_final(reply->status))
		return;
	hash_sha256(key, about);
	hash_request(ask, asked);
	text = json_dumps(reply->body, JSON_COMPACT);
	row.id = desk_repeat_insert(ask->db, &row);
	desk_repeat_answer(ask->db, row.id,
		keybox_seal(ask->desk->people, PURPOSE, row.id, bytes_of(text, strlen(text)),
			ask->arena));
	free(text);
}
