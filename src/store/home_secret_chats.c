/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables secret_chats and secret_sent. Messages on their way are home_secret_queue.c. */
#include "store/home_secret_chats.h"

#include "store/fields.h"
#include "store/home_users.h"

#define KEY_FIELDS 3

static bool place_of(struct db *db, int64_t owner, int32_t id, uint8_t salt[VAULT_SALT_SIZE],
	struct seal_place *out)
{
	*out = (struct seal_place){
		.owner_salt = salt, .table = "secret_chats", .owner = owner, .id = id};
	return home_salt(db, owner, salt);
}

static struct bytes seal_keys(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_secret_chat *chat)
{
	uint8_t salt[VAULT_SALT_SIZE], fingerprint[8];
	struct bytes fields[KEY_FIELDS] = {chat->theirs, chat->own, bytes_of(fingerprint, 8)};
	struct seal_place place;

	store_u64le(fingerprint, (uint64_t)chat->fingerprint);
	if (!place_of(db, chat->owner, chat->id, salt, &place)) {
		db_fail(db, "a secret chat needs its owner");
		return (struct bytes){0};
	}
	return vault_seal(vault, &place, fields_pack(arena, fields, KEY_FIELDS), arena);
}

static void open_keys(struct db *db, const struct vault *vault, struct arena *arena,
	struct bytes sealed, struct home_secret_chat *chat)
{
	struct bytes packed, fields[KEY_FIELDS];
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;

	if (!sealed.data)
		return;
	if (!place_of(db, chat->owner, chat->id, salt, &place) ||
		vault_open(vault, &place, sealed, arena, &packed) < 0 ||
		fields_unpack(packed, fields, KEY_FIELDS) < 0 || fields[2].size != 8) {
		db_fail(db, "the keys of a secret chat do not open");
		return;
	}
	chat->theirs = fields[0];
	chat->own = fields[1];
	chat->fingerprint = (int64_t)load_u64le(fields[2].data);
}

#define COLUMNS                                                                                    \
	"id, peer, peer_chat, state, begun, key_id, created_at, ended_at, history_deleted,"        \
	" read_to, read_at"

static struct home_secret_chat row_of(const struct query *q, int64_t owner)
{
	return (struct home_secret_chat){
		.owner = owner,
		.id = (int32_t)query_int(q, 0),
		.peer = query_int(q, 1),
		.peer_chat = (int32_t)query_int(q, 2),
		.state = (enum home_secret_state)query_int(q, 3),
		.begun = query_int(q, 4) != 0,
		.key_id = (uint64_t)query_int(q, 5),
		.created_at_s = query_int(q, 6),
		.ended_at_s = query_int(q, 7),
		.history_deleted = query_int(q, 8) != 0,
		.read_to = (int32_t)query_int(q, 9),
		.read_at_s = query_int(q, 10),
	};
}

bool home_secret_chat_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int32_t id, struct home_secret_chat *out)
{
	struct query q = db_query(db,
		"SELECT " COLUMNS ", sealed_keys FROM secret_chats WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id));
	struct bytes sealed = {0};
	const bool found = query_next(&q);

	*out = (struct home_secret_chat){0};
	if (found) {
		*out = row_of(&q, owner);
		sealed = query_bytes(&q, arena, 11);
	}
	query_end(&q);
	open_keys(db, vault, arena, sealed, out);
	return found;
}

bool home_secret_chat_exists(struct db *db, int64_t owner, int32_t id)
{
	return db_get_int(db, 0, "SELECT 1 FROM secret_chats WHERE owner = ?1 AND id = ?2",
		       DB_INT(owner), DB_INT(id)) != 0;
}

void home_secret_chat_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_secret_chat *chat)
{
	db_run(db,
		"INSERT INTO secret_chats (owner, id, peer, peer_chat, state, begun, key_id,"
		" sealed_keys, created_at, ended_at, history_deleted, read_to, read_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0)",
		DB_INT(chat->owner), DB_INT(chat->id), DB_INT(chat->peer), DB_INT(chat->peer_chat),
		DB_INT(chat->state), DB_INT(chat->begun), DB_INT(chat->key_id),
		DB_BYTES(seal_keys(db, vault, arena, chat)), DB_INT(chat->created_at_s));
}

bool home_secret_chat_accept(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_secret_chat *chat)
{
	return db_run(db,
		       "UPDATE secret_chats SET state = ?3, key_id = ?4, sealed_keys = ?5"
		       " WHERE owner = ?1 AND id = ?2 AND state < ?3",
		       DB_INT(chat->owner), DB_INT(chat->id), DB_INT(SECRET_ACTIVE),
		       DB_INT(chat->key_id), DB_BYTES(seal_keys(db, vault, arena, chat))) == 1;
}

void home_secret_chat_forget_keys(struct db *db, int64_t owner, int32_t id)
{
	db_run(db, "UPDATE secret_chats SET sealed_keys = NULL WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id));
}

void home_secret_chat_read(struct db *db, int64_t owner, int32_t id, int32_t read_to, int64_t now_s)
{
	db_run(db,
		"UPDATE secret_chats SET read_to = ?3, read_at = ?4"
		" WHERE owner = ?1 AND id = ?2 AND read_to < ?3",
		DB_INT(owner), DB_INT(id), DB_INT(read_to), DB_INT(now_s));
}

void home_secret_chat_end(
	struct db *db, int64_t owner, int32_t id, bool history_deleted, int64_t now_s)
{
	db_run(db,
		"UPDATE secret_chats SET state = ?3, sealed_keys = NULL, ended_at = ?4,"
		" history_deleted = ?5 WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id), DB_INT(SECRET_ENDED), DB_INT(now_s),
		DB_INT(history_deleted));
	db_run(db, "DELETE FROM secret_sent WHERE owner = ?1 AND chat = ?2", DB_INT(owner),
		DB_INT(id));
}

void home_secret_chat_delete(struct db *db, int64_t owner, int32_t id)
{
	db_run(db, "DELETE FROM secret_chats WHERE owner = ?1 AND id = ?2", DB_INT(owner),
		DB_INT(id));
	db_run(db, "DELETE FROM secret_sent WHERE owner = ?1 AND chat = ?2", DB_INT(owner),
		DB_INT(id));
}

void home_secret_chats_drop(struct db *db, int64_t owner, uint64_t key_id)
{
	db_run(db,
		"DELETE FROM secret_sent WHERE owner = ?1 AND chat IN"
		" (SELECT id FROM secret_chats WHERE owner = ?1 AND key_id = ?2)",
		DB_INT(owner), DB_INT(key_id));
	db_run(db, "DELETE FROM secret_chats WHERE owner = ?1 AND key_id = ?2", DB_INT(owner),
		DB_INT(key_id));
}

size_t home_secret_chats_of(struct db *db, struct arena *arena, int64_t owner, uint64_t key_id,
	struct home_secret_chat **out)
{
	struct query q = db_query(db,
		"SELECT " COLUMNS
		" FROM secret_chats WHERE owner = ?1 AND key_id = ?2 AND state < ?3"
		" ORDER BY id LIMIT ?4",
		DB_INT(owner), DB_INT(key_id), DB_INT(SECRET_ENDED), DB_INT(HOME_SECRET_CHATS_MAX));
	size_t count = 0;

	*out = arena_array(arena, HOME_SECRET_CHATS_MAX, sizeof(**out));
	while (count < HOME_SECRET_CHATS_MAX && query_next(&q))
		(*out)[count++] = row_of(&q, owner);
	query_end(&q);
	return count;
}

int64_t home_secret_chats_count(struct db *db, int64_t owner)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM secret_chats WHERE owner = ?1 AND state < ?2", DB_INT(owner),
		DB_INT(SECRET_ENDED));
}

int64_t home_secret_chats_with(struct db *db, int64_t owner, int64_t peer)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM secret_chats WHERE owner = ?1 AND peer = ?2 AND state < ?3",
		DB_INT(owner), DB_INT(peer), DB_INT(SECRET_ENDED));
}

bool home_secret_chats_purge(struct db *db, int64_t before_s, int64_t rows)
{
	return db_run(db,
		       "DELETE FROM secret_chats WHERE (owner, id) IN (SELECT owner, id"
		       " FROM secret_chats WHERE ended_at <> 0 AND ended_at < ?1"
		       " ORDER BY ended_at LIMIT ?2)",
		       DB_INT(before_s), DB_INT(rows)) == rows;
}

/* ---- What was sent ---- */

bool home_secret_sent(
	struct db *db, int64_t owner, int32_t id, int64_t random_id, int64_t *date_s, int64_t *file)
{
	struct query q = db_query(db,
		"SELECT date, file FROM secret_sent"
		" WHERE owner = ?1 AND chat = ?2 AND random_id = ?3",
		DB_INT(owner), DB_INT(id), DB_INT(random_id));
	const bool found = query_next(&q);

	if (found) {
		*date_s = query_int(&q, 0);
		*file = query_int(&q, 1);
	}
	query_end(&q);
	return found;
}

void home_secret_sent_add(
	struct db *db, int64_t owner, int32_t id, int64_t random_id, int64_t now_s, int64_t file)
{
	db_run(db,
		"INSERT INTO secret_sent (owner, chat, random_id, date, file)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		DB_INT(owner), DB_INT(id), DB_INT(random_id), DB_INT(now_s), DB_INT(file));
}

bool home_secret_sent_purge(struct db *db, int64_t before_s, int64_t rows)
{
	return db_run(db,
		       "DELETE FROM secret_sent WHERE (owner, chat, random_id) IN (SELECT owner,"
		       " chat, random_id FROM secret_sent WHERE date < ?1 ORDER BY date LIMIT ?2)",
		       DB_INT(before_s), DB_INT(rows)) == rows;
}
