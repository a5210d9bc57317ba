/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the tables secret_devices and secret_queue. */
#include "store/home_secret_queue.h"

#include "store/home_users.h"

void home_secret_device_get(
	struct db *db, int64_t owner, uint64_t key_id, struct home_secret_device *out)
{
	struct query q = db_query(db,
		"SELECT qts, heard, waiting FROM secret_devices WHERE owner = ?1 AND key_id = ?2",
		DB_INT(owner), DB_INT(key_id));

	*out = (struct home_secret_device){
		.qts = HOME_SECRET_QTS_FIRST, .heard = HOME_SECRET_QTS_FIRST};
	if (query_next(&q))
		*out = (struct home_secret_device){
			.qts = (int32_t)query_int(&q, 0),
			.heard = (int32_t)query_int(&q, 1),
			.waiting = query_int(&q, 2),
		};
	query_end(&q);
}

void home_secret_device_catch_up(struct db *db, int64_t owner, uint64_t key_id, int32_t qts)
{
	struct home_secret_device device;

	home_secret_device_get(db, owner, key_id, &device);
	if (device.qts >= qts)
		return;
	db_run(db, "DELETE FROM secret_queue WHERE owner = ?1 AND key_id = ?2", DB_INT(owner),
		DB_INT(key_id));
	db_run(db,
		"INSERT INTO secret_devices (owner, key_id, qts, heard, waiting)"
		" VALUES (?1, ?2, ?3, ?3, 0)"
		" ON CONFLICT (owner, key_id) DO UPDATE SET qts = ?3, heard = ?3, waiting = 0",
		DB_INT(owner), DB_INT(key_id), DB_INT(qts));
}

void home_secret_device_drop(struct db *db, int64_t owner, uint64_t key_id)
{
	db_run(db, "DELETE FROM secret_queue WHERE owner = ?1 AND key_id = ?2", DB_INT(owner),
		DB_INT(key_id));
	db_run(db, "DELETE FROM secret_devices WHERE owner = ?1 AND key_id = ?2", DB_INT(owner),
		DB_INT(key_id));
}

static int32_t next_qts(struct db *db, int64_t owner, uint64_t key_id, size_t size)
{
	struct query q = db_query(db,
		"INSERT INTO secret_devices (owner, key_id, qts, heard, waiting)"
		" VALUES (?1, ?2, ?4 + 1, ?4, ?3) ON CONFLICT (owner, key_id) DO UPDATE"
		" SET qts = secret_devices.qts + 1, waiting = secret_devices.waiting + ?3"
		" RETURNING qts",
		DB_INT(owner), DB_INT(key_id), DB_INT(size), DB_INT(HOME_SECRET_QTS_FIRST));
	const int32_t qts = query_next(&q) ? (int32_t)query_int(&q, 0) : 0;

	query_end(&q);
	return qts;
}

void home_secret_queue_add(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, uint64_t key_id, struct home_secret_message *message)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = {.owner_salt = salt,
		.table = "secret_queue",
		.owner = owner,
		.id = message->random_id};

	if (!home_salt(db, owner, salt)) {
		db_fail(db, "a message of a secret chat needs its receiver");
		return;
	}
	message->qts = next_qts(db, owner, key_id, message->data.size);
	db_run(db,
		"INSERT INTO secret_queue (owner, key_id, qts, chat, random_id, service, date, "
		"size,"
		" sealed_data, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		DB_INT(owner), DB_INT(key_id), DB_INT(message->qts), DB_INT(message->chat),
		DB_INT(message->random_id), DB_INT(message->service), DB_INT(message->date_s),
		DB_INT(message->data.size),
		DB_BYTES(vault_seal(vault, &place, message->data, arena)), DB_INT(message->file));
}

static void open_message(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const uint8_t *salt, struct home_secret_message *message)
{
	const struct seal_place place = {.owner_salt = salt,
		.table = "secret_queue",
		.owner = owner,
		.id = message->random_id};

	if (vault_open(vault, &place, message->data, arena, &message->data) < 0)
		db_fail(db, "a message of a secret chat does not open");
}

size_t home_secret_queue_after(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, uint64_t key_id, int32_t qts, size_t limit, size_t bytes_max,
	struct home_secret_message **out, bool *more)
{
	struct query q = db_query(db,
		"SELECT qts, chat, random_id, service, date, sealed_data, size, file FROM "
		"secret_queue"
		" WHERE owner = ?1 AND key_id = ?2 AND qts > ?3 ORDER BY qts LIMIT ?4",
		DB_INT(owner), DB_INT(key_id), DB_INT(qts), DB_INT(limit + 1));
	uint8_t salt[VAULT_SALT_SIZE];
	size_t count = 0, bytes = 0;

	*more = false;
	*out = arena_array(arena, limit + 1, sizeof(**out));
	while (query_next(&q)) {
		bytes += (size_t)query_int(&q, 6);
		if (count == limit || (count && bytes > bytes_max)) {
			*more = true;
			break;
		}
		(*out)[count++] = (struct home_secret_message){
			.qts = (int32_t)query_int(&q, 0),
			.chat = (int32_t)query_int(&q, 1),
			.random_id = query_int(&q, 2),
			.service = query_int(&q, 3) != 0,
			.date_s = query_int(&q, 4),
			.data = query_bytes(&q, arena, 5),
			.file = query_int(&q, 7),
		};
	}
	query_end(&q);
	if (count && !home_salt(db, owner, salt))
		db_fail(db, "messages of secret chats without their receiver");
	for (size_t i = 0; i < count && !db_failed(db); i++)
		open_message(db, vault, arena, owner, salt, &(*out)[i]);
	if (db_failed(db)) {
		*more = false;
		return 0;
	}
	return count;
}

size_t home_secret_queue_heard(struct db *db, struct arena *arena, int64_t owner, uint64_t key_id,
	int32_t qts, size_t rows, int64_t **random_ids)
{
	struct query q = db_query(db,
		"SELECT qts, random_id, size FROM secret_queue"
		" WHERE owner = ?1 AND key_id = ?2 AND qts <= ?3 ORDER BY qts LIMIT ?4",
		DB_INT(owner), DB_INT(key_id), DB_INT(qts), DB_INT(rows));
	int64_t bytes = 0;
	size_t count = 0;
	int32_t last = 0;

	*random_ids = arena_array(arena, rows, sizeof(**random_ids));
	while (count < rows && query_next(&q)) {
		last = (int32_t)query_int(&q, 0);
		(*random_ids)[count++] = query_int(&q, 1);
		bytes += query_int(&q, 2);
	}
	query_end(&q);
	if (count)
		db_run(db,
			"DELETE FROM secret_queue WHERE owner = ?1 AND key_id = ?2 AND qts <= ?3",
			DB_INT(owner), DB_INT(key_id), DB_INT(last));
	db_run(db,
		"UPDATE secret_devices SET heard = ?3, waiting = waiting - ?4"
		" WHERE owner = ?1 AND key_id = ?2 AND heard < ?3 AND qts >= ?3",
		DB_INT(owner), DB_INT(key_id), DB_INT(count == rows ? last : qts), DB_INT(bytes));
	return count;
}

void home_secret_queue_drop_chat(struct db *db, int64_t owner, uint64_t key_id, int32_t chat)
{
	const int64_t bytes = db_get_int(db, 0,
		"SELECT coalesce(sum(size), 0) FROM secret_queue"
		" WHERE owner = ?1 AND key_id = ?2 AND chat = ?3",
		DB_INT(owner), DB_INT(key_id), DB_INT(chat));

	if (!bytes)
		return;
	db_run(db, "DELETE FROM secret_queue WHERE owner = ?1 AND key_id = ?2 AND chat = ?3",
		DB_INT(owner), DB_INT(key_id), DB_INT(chat));
	db_run(db,
		"UPDATE secret_devices SET waiting = waiting - ?3 WHERE owner = ?1 AND key_id = ?2",
		DB_INT(owner), DB_INT(key_id), DB_INT(bytes));
}
