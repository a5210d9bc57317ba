/* SPDX-License-Identifier: Apache-2.0 */
/* The table chat_settings. */
#include "store/home_settings.h"

#include "store/home_users.h"

#define COLUMNS "kind, peer_kind, peer, position, sealed_value, changed_at"

#define TOPIC_TABLE(name) name, name, name, name

/* A value is bound to its kind and its peer: accounts, groups and channels have numbers of their
 * own, so the kind of the peer goes into the table's name. */
struct seal_place home_setting_place(
	const uint8_t *salt, int64_t owner, const struct home_setting *setting)
{
	static const char *const tables[][4] = {
		[HOME_SETTING_DRAFT] = {"draft", "draft.user", "draft.chat", "draft.channel"},
		[HOME_SETTING_NOTIFY] = {"notify", "notify.user", "notify.chat", "notify.channel"},
		[HOME_SETTING_FOLDER] = {"folder", "folder.user", "folder.chat", "folder.channel"},
		[HOME_SETTING_SAVED_PIN] = {"saved", "saved.user", "saved.chat", "saved.channel"},
		[HOME_SETTING_FOLDER_TAGS] = {"tags", "tags.user", "tags.chat", "tags.channel"},
		[HOME_SETTING_SEND_AS] = {"as", "as.user", "as.chat", "as.channel"},
		[HOME_SETTING_TOPIC_DRAFT] = {TOPIC_TABLE("draft.topic")},
		[HOME_SETTING_TOPIC_NOTIFY] = {TOPIC_TABLE("notify.topic")},
		[HOME_SETTING_VIEW_AS_MESSAGES] = {TOPIC_TABLE("forum.view")},
	};
	int64_t id = setting->peer;

	if (setting->kind >= HOME_SETTING_TOPIC_DRAFT)
		id ^= (int64_t)setting->peer_kind << 32;
	return (struct seal_place){.owner_salt = salt,
		.table = tables[setting->kind][setting->peer_kind & 3],
		.owner = owner,
		.id = id};
}

static void setting_read(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *salt, int64_t owner, const struct query *q, struct home_setting *out)
{
	struct seal_place place;

	*out = (struct home_setting){
		.kind = (enum home_setting_kind)query_int(q, 0),
		.peer_kind = (int32_t)query_int(q, 1),
		.peer = query_int(q, 2),
		.position = (int32_t)query_int(q, 3),
		.changed_at_s = query_int(q, 5),
	};
	place = home_setting_place(salt, owner, out);
	if (vault_open(vault, &place, query_bytes(q, arena, 4), arena, &out->value) < 0)
		db_fail(db, "a setting of a chat does not open");
}

bool home_setting_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_setting *setting)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct query q;
	bool found;

	if (!home_salt(db, owner, salt))
		return false;
	q = db_query(db,
		"SELECT " COLUMNS " FROM chat_settings WHERE owner = ?1 AND kind = ?2 AND "
		"peer_kind = ?3 AND peer = ?4",
		DB_INT(owner), DB_INT(setting->kind), DB_INT(setting->peer_kind),
		DB_INT(setting->peer));
	found = query_next(&q);
	if (found)
		setting_read(db, vault, arena, salt, owner, &q, setting);
	query_end(&q);
	return found && !db_failed(db);
}

void home_setting_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	const struct home_setting *s)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;

	if (!home_salt(db, owner, salt))
		return;
	place = home_setting_place(salt, owner, s);
	db_run(db,
		"INSERT INTO chat_settings (owner, " COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
		" ON CONFLICT (owner, kind, peer_kind, peer) DO UPDATE SET position = ?5,"
		" sealed_value = ?6, changed_at = ?7",
		DB_INT(owner), DB_INT(s->kind), DB_INT(s->peer_kind), DB_INT(s->peer),
		DB_INT(s->position), DB_BYTES(vault_seal(vault, &place, s->value, arena)),
		DB_INT(s->changed_at_s));
}

bool home_setting_delete(struct db *db, int64_t owner, const struct home_setting *s)
{
	return db_run(db,
		       "DELETE FROM chat_settings WHERE owner = ?1 AND kind = ?2 AND peer_kind = ?3"
		       " AND peer = ?4",
		       DB_INT(owner), DB_INT(s->kind), DB_INT(s->peer_kind), DB_INT(s->peer)) > 0;
}

void home_setting_set_position(struct db *db, int64_t owner, const struct home_setting *s)
{
	db_run(db,
		"UPDATE chat_settings SET position = ?5 WHERE owner = ?1 AND kind = ?2 AND "
		"peer_kind = ?3 AND peer = ?4",
		DB_INT(owner), DB_INT(s->kind), DB_INT(s->peer_kind), DB_INT(s->peer),
		DB_INT(s->position));
}

size_t home_settings_list(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_setting_kind kind, size_t limit, struct home_setting **out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	size_t count = 0;
	struct query q;

	*out = NULL;
	if (!home_salt(db, owner, salt))
		return 0;
	*out = arena_array(arena, limit, sizeof(**out));
	q = db_query(db,
		"SELECT " COLUMNS " FROM chat_settings WHERE owner = ?1 AND kind = ?2"
		" ORDER BY position DESC, peer_kind, peer LIMIT ?3",
		DB_INT(owner), DB_INT(kind), DB_INT(limit));
	while (count < limit && query_next(&q))
		setting_read(db, vault, arena, salt, owner, &q, &(*out)[count++]);
	query_end(&q);
	return db_failed(db) ? 0 : count;
}

int64_t home_settings_count(struct db *db, int64_t owner, enum home_setting_kind kind)
{
	return db_get_int(db, 0,
		"SELECT COUNT(*) FROM chat_settings WHERE owner = ?1 AND kind = ?2", DB_INT(owner),
		DB_INT(kind));
}
