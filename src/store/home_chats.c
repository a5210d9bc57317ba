/* SPDX-License-Identifier: Apache-2.0 */
/* The tables chats, chat_members and user_chats. Does not own who may do what: core/chats/chats.c
 * does.
 */
#include "store/home_chats.h"

#include "store/fields.h"
#include "store/home_invite_links.h"
#include "store/home_users.h"

static struct bytes profile_seal(
	const struct vault *vault, struct arena *arena, const struct home_chat *chat)
{
	const struct bytes fields[] = {chat->title, chat->about};
	const struct seal_place place = {
		.owner_salt = chat->salt, .table = "chats", .owner = chat->id};

	return vault_seal(vault, &place, fields_pack(arena, fields, ARRAY_LEN(fields)), arena);
}

static int profile_open(
	const struct vault *vault, struct arena *arena, struct bytes sealed, struct home_chat *chat)
{
	const struct seal_place place = {
		.owner_salt = chat->salt, .table = "chats", .owner = chat->id};
	struct bytes fields[2], packed;

	if (vault_open(vault, &place, sealed, arena, &packed) < 0 ||
		fields_unpack(packed, fields, ARRAY_LEN(fields)) < 0)
		return -1;
	chat->title = fields[0];
	chat->about = fields[1];
	return 0;
}

bool home_chat_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct home_chat *out)
{
	struct query q = db_query(db,
		"SELECT salt, sealed_profile, creator, date, version, members, banned_rights,"
		" noforwards, deactivated, migrated_to FROM chats WHERE id = ?1",
		DB_INT(id));
	struct bytes salt, sealed;

	*out = (struct home_chat){.id = id};
	if (!query_next(&q))
		return false;
	salt = query_bytes(&q, arena, 0);
	sealed = query_bytes(&q, arena, 1);
	out->creator = query_int(&q, 2);
	out->date_s = query_int(&q, 3);
	out->version = (int32_t)query_int(&q, 4);
	out->members = (int32_t)query_int(&q, 5);
	out->banned_rights = (uint32_t)query_int(&q, 6);
	out->noforwards = query_int(&q, 7) != 0;
	out->deactivated = query_int(&q, 8) != 0;
	out->migrated_to = query_int(&q, 9);
	query_end(&q);
	if (salt.size != VAULT_SALT_SIZE) {
		db_fail(db, "a group's salt has the wrong size");
		return false;
	}
	memcpy(out->salt, salt.data, VAULT_SALT_SIZE);
	if (profile_open(vault, arena, sealed, out) < 0)
		db_fail(db, "a sealed group does not open");
	return !db_failed(db);
}

void home_chat_insert(
	struct db *db, const struct vault *vault, struct arena *arena, struct home_chat *chat)
{
	vault_salt_new(chat->salt);
	db_run(db,
		"INSERT INTO chats (id, salt, sealed_profile, creator, date, version, members,"
		" banned_rights, noforwards, deactivated, migrated_to)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
		DB_INT(chat->id), DB_BYTES(bytes_of(chat->salt, VAULT_SALT_SIZE)),
		DB_BYTES(profile_seal(vault, arena, chat)), DB_INT(chat->creator),
		DB_INT(chat->date_s), DB_INT(chat->version), DB_INT(chat->members),
		DB_INT(chat->banned_rights), DB_INT(chat->noforwards), DB_INT(chat->deactivated),
		DB_INT(chat->migrated_to));
}

void home_chat_update(
	struct db *db, const struct vault *vault, struct arena *arena, const struct home_chat *chat)
{
	db_run(db,
		"UPDATE chats SET sealed_profile = ?2, creator = ?3, version = ?4, members = ?5,"
		" banned_rights = ?6, noforwards = ?7, deactivated = ?8, migrated_to = ?9"
		" WHERE id = ?1",
		DB_INT(chat->id), DB_BYTES(profile_seal(vault, arena, chat)), DB_INT(chat->creator),
		DB_INT(chat->version), DB_INT(chat->members), DB_INT(chat->banned_rights),
		DB_INT(chat->noforwards), DB_INT(chat->deactivated), DB_INT(chat->migrated_to));
}

void home_chat_delete(struct db *db, int64_t id)
{
	db_run(db, "DELETE FROM chat_members WHERE chat = ?1", DB_INT(id));
	db_run(db, "DELETE FROM chat_reactions WHERE chat = ?1", DB_INT(id));
	/* 2 is PEER_CHAT: the number is the group's, not an account's. */
	db_run(db, "DELETE FROM history_ttls WHERE owner = ?1 AND peer_kind = 2", DB_INT(id));
	home_invites_delete_all(db, (struct home_place){2, id});
	db_run(db, "DELETE FROM chats WHERE id = ?1", DB_INT(id));
}

static struct home_chat_member member_read(const struct query *q)
{
	return (struct home_chat_member){
		.user = query_int(q, 0),
		.role = (int)query_int(q, 1),
		.inviter = query_int(q, 2),
		.joined_at_s = query_int(q, 3),
	};
}

bool home_chat_member_get(struct db *db, int64_t chat, int64_t user, struct home_chat_member *out)
{
	struct query q = db_query(db,
		"SELECT user_id, role, inviter, joined_at FROM chat_members"
		" WHERE chat = ?1 AND user_id = ?2",
		DB_INT(chat), DB_INT(user));
	const bool found = query_next(&q);

	*out = found ? member_read(&q) : (struct home_chat_member){.user = user};
	query_end(&q);
	return found;
}

size_t home_chat_members(struct db *db, struct arena *arena, int64_t chat, size_t limit,
	struct home_chat_member **out)
{
	struct query q = db_query(db,
		"SELECT user_id, role, inviter, joined_at FROM chat_members"
		" WHERE chat = ?1 ORDER BY user_id LIMIT ?2",
		DB_INT(chat), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = member_read(&q);
	query_end(&q);
	return count;
}

void home_chat_member_insert(struct db *db, int64_t chat, const struct home_chat_member *member)
{
	db_run(db,
		"INSERT INTO chat_members (chat, user_id, role, inviter, joined_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		DB_INT(chat), DB_INT(member->user), DB_INT(member->role), DB_INT(member->inviter),
		DB_INT(member->joined_at_s));
	db_run(db,
		"INSERT INTO user_chats (user_id, chat, state, sealed_title, since)"
		" VALUES (?1, ?2, ?3, NULL, ?4) ON CONFLICT (user_id, chat) DO UPDATE SET"
		" state = excluded.state, sealed_title = NULL, since = excluded.since",
		DB_INT(member->user), DB_INT(chat), DB_INT(USER_CHAT_IN),
		DB_INT(member->joined_at_s));
}

void home_chat_member_set_role(struct db *db, int64_t chat, int64_t user, int role)
{
	db_run(db, "UPDATE chat_members SET role = ?3 WHERE chat = ?1 AND user_id = ?2",
		DB_INT(chat), DB_INT(user), DB_INT(role));
}

void home_chat_member_delete(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t user, const struct home_user_chat *kept)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = {
		.owner_salt = salt, .table = "user_chats", .owner = user, .id = kept->chat};
	struct bytes sealed = {0};

	if (home_salt(db, user, salt))
		sealed = vault_seal(vault, &place, kept->title, arena);
	db_run(db, "DELETE FROM chat_members WHERE chat = ?1 AND user_id = ?2", DB_INT(kept->chat),
		DB_INT(user));
	db_run(db,
		"UPDATE user_chats SET state = ?3, sealed_title = ?4, since = ?5"
		" WHERE user_id = ?1 AND chat = ?2",
		DB_INT(user), DB_INT(kept->chat), DB_INT(kept->state), DB_BYTES(sealed),
		DB_INT(kept->since_s));
	db_run(db,
		"DELETE FROM joins WHERE peer_kind = 2 AND peer = ?1 AND user_id = ?2"
		" AND waits = 0",
		DB_INT(kept->chat), DB_INT(user));
}

bool home_user_chat_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t user,
	int64_t chat, struct home_user_chat *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = {
		.owner_salt = salt, .table = "user_chats", .owner = user, .id = chat};
	struct query q = db_query(db,
		"SELECT state, sealed_title, since FROM user_chats"
		" WHERE user_id = ?1 AND chat = ?2",
		DB_INT(user), DB_INT(chat));
	struct bytes sealed;

	*out = (struct home_user_chat){.chat = chat};
	if (!query_next(&q))
		return false;
	out->state = (enum user_chat_state)query_int(&q, 0);
	sealed = query_bytes(&q, arena, 1);
	out->since_s = query_int(&q, 2);
	query_end(&q);
	if (sealed.data && home_salt(db, user, salt) &&
		vault_open(vault, &place, sealed, arena, &out->title) < 0)
		db_fail(db, "the title of a group left does not open");
	return !db_failed(db);
}

enum user_chat_state home_user_chat_state(struct db *db, int64_t user, int64_t chat)
{
	return (enum user_chat_state)db_get_int(db, USER_CHAT_NONE,
		"SELECT state FROM user_chats WHERE user_id = ?1 AND chat = ?2", DB_INT(user),
		DB_INT(chat));
}

int64_t home_user_chats_count(struct db *db, int64_t user)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM user_chats WHERE user_id = ?1 AND state = ?2", DB_INT(user),
		DB_INT(USER_CHAT_IN));
}

static size_t take_ids(struct query q, struct arena *arena, size_t limit, int64_t **out)
{
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

size_t home_user_chats(struct db *db, struct arena *arena, int64_t user, int64_t before,
	size_t limit, int64_t **out)
{
	return take_ids(db_query(db,
				"SELECT chat FROM user_chats WHERE user_id = ?1 AND chat < ?2"
				" AND state = ?3 ORDER BY chat DESC LIMIT ?4",
				DB_INT(user), DB_INT(before ? before : INT64_MAX),
				DB_INT(USER_CHAT_IN), DB_INT(limit)),
		arena, limit, out);
}

size_t home_user_chats_common(struct db *db, struct arena *arena, const int64_t users[2],
	int64_t before, size_t limit, int64_t **out)
{
	return take_ids(
		db_query(db,
			"SELECT mine.chat FROM user_chats mine JOIN user_chats theirs ON"
			" theirs.user_id = ?2 AND theirs.chat = mine.chat AND"
			" theirs.state = mine.state WHERE mine.user_id = ?1 AND"
			" mine.chat < ?3 AND mine.state = ?4"
			" ORDER BY mine.chat DESC LIMIT ?5",
			DB_INT(users[0]), DB_INT(users[1]), DB_INT(before ? before : INT64_MAX),
			DB_INT(USER_CHAT_IN), DB_INT(limit)),
		arena, limit, out);
}

int64_t home_user_chats_common_count(struct db *db, int64_t user, int64_t other)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM user_chats mine JOIN user_chats theirs ON"
		" theirs.user_id = ?2 AND theirs.chat = mine.chat AND theirs.state = mine.state"
		" WHERE mine.user_id = ?1 AND mine.state = ?3",
		DB_INT(user), DB_INT(other), DB_INT(USER_CHAT_IN));
}
