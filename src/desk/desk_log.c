/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/desk_log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "desk/desk.h"
#include "desk/lanes/form.h"
#include "net/http.h"

#define LOG_PAGE 500

static const uint8_t no_hash[HASH_SHA256_SIZE];

/* Previous hash | "seq at actor person kind" | NUL | data. */
static void deed_hash(struct arena *arena, struct bytes previous, const struct desk_deed *deed,
	uint8_t out[HASH_SHA256_SIZE])
{
	char *head = arena_printf(arena, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s",
		deed->seq, deed->at, deed->actor, deed->person, arena_str(arena, deed->kind));

	hash_sha256_parts(
		(struct bytes[]){previous, bytes_of(head, strlen(head) + 1), deed->data}, 3, out);
}

void desk_log_append(struct db *db, struct arena *arena, int64_t now_s, int64_t actor,
	const char *kind, int64_t person, json_t *data)
{
	struct desk_deed last = {.hash = bytes_of(no_hash, sizeof(no_hash))}, deed;
	char *text = data ? json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	uint8_t hash[HASH_SHA256_SIZE];

	(void)desk_deed_last(db, arena, &last);
	deed = (struct desk_deed){.seq = last.seq + 1,
		.at = now_s,
		.actor = actor,
		.person = person,
		.kind = bytes_from_str(kind),
		.data = bytes_from_str(text ? text : "{}")};
	deed_hash(arena, last.hash, &deed, hash);
	deed.hash = bytes_of(hash, sizeof(hash));
	desk_deed_insert(db, &deed);
	free(text);
	json_decref(data);
}

int64_t desk_log_verify(struct db *db, int64_t *bad)
{
	uint8_t previous[HASH_SHA256_SIZE] = {0}, hash[HASH_SHA256_SIZE];
	struct desk_deed deed = {.seq = 0};
	struct arena arena;
	int64_t count = 0;

	*bad = 0;
	arena_init(&arena);
	while (desk_deed_next(db, &arena, deed.seq, &deed)) {
		deed_hash(&arena, bytes_of(previous, sizeof(previous)), &deed, hash);
		if (!*bad && (deed.seq != count + 1 ||
				     !bytes_equal(deed.hash, bytes_of(hash, sizeof(hash)))))
			*bad = deed.seq;
		if (deed.hash.size == sizeof(previous))
			memcpy(previous, deed.hash.data, sizeof(previous));
		count++;
		arena_reset(&arena);
	}
	arena_release(&arena);
	return count;
}

/* GET /api/log?after=N */
void desk_log_show(struct ask *ask, struct reply *reply)
{
	struct bytes after = http_form_value(ask->arena, ask->query, "after");
	struct desk_deed deed = {.seq = 0};
	json_t *list = json_array();

	if (after.data && after.size <= 18)
		deed.seq = strtoll(arena_str(ask->arena, after), NULL, 10);
	while (json_array_size(list) < LOG_PAGE &&
		desk_deed_next(ask->db, ask->arena, deed.seq, &deed))
		json_array_append_new(list,
			json_pack("{s:I, s:o, s:I, s:o, s:I, s:o, s:s}", "entry",
				(json_int_t)deed.seq, "at", json_time(ask->arena, deed.at), "by",
				(json_int_t)deed.actor, "kind", json_bytes(deed.kind), "person",
				(json_int_t)deed.person, "data",
				json_loadb((const char *)deed.data.data, deed.data.size, 0, NULL),
				"hash", text_hex(ask->arena, deed.hash)));
	reply->body = json_pack("{s:o}", "log", list);
}
