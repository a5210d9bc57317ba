/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what is sealed, and the walk over it. */
#include "store/home_sealed.h"

#include <string.h>

#include "base/map.h"
#include "store/home_roots.h"
#include "store/home_settings.h"

/* Columns of each row: the value, its owner's salt, the owner, four that make the id, the key. */
enum { AT_SEALED, AT_SALT, AT_OWNER, AT_ID, AT_ID_2, AT_ID_3, AT_KEY };

/* ---- Ids of places: as the files that own the tables make them ---- */

static int64_t id_number(const struct query *q, struct arena *arena)
{
	return query_int(q, AT_ID);
}

static int64_t id_hash(const struct query *q, struct arena *arena)
{
	struct bytes hash = query_bytes(q, arena, AT_ID);

	return hash.size >= 8 ? (int64_t)load_u64le(hash.data) : 0;
}

static int64_t id_call(const struct query *q, struct arena *arena)
{
	return (int64_t)map_mix(
		map_mix((uint64_t)query_int(q, AT_ID), (uint64_t)query_int(q, AT_ID_2)),
		(uint64_t)query_int(q, AT_ID_3));
}

static int64_t id_vote(const struct query *q, struct arena *arena)
{
	return query_int(q, AT_ID) ^ query_int(q, AT_ID_2);
}

/* The place's name depends on it, too: home_setting_place. */
static int64_t id_setting(const struct query *q, struct arena *arena)
{
	return query_int(q, AT_ID_3);
}

/* ---- SQL ---- */

#define SALT_USER(id) "(SELECT salt FROM users WHERE users.id = " id ")"
#define SALT_CHAT(id) "(SELECT salt FROM chats WHERE chats.id = " id ")"
#define SALT_CHANNEL(id) "(SELECT salt FROM channels WHERE channels.id = " id ")"
#define SALT_ANY(id)                                                                               \
	"CASE WHEN " id " < 0 THEN (SELECT salt FROM channel_salts WHERE channel = -" id           \
	") ELSE " SALT_USER(id) " END"
#define INSTALLATION "0"
#define SALT_INSTALLATION SALT_USER(INSTALLATION)

#define ID(a) a ", 0, 0"
#define ID3(a, b, c) a ", " b ", " c

/* keys_: the columns of the key; marks, match, after: what that many of them need. */
#define ROW(table_, column_, place_, kinds, salt_, owner_, id_, make, keys_, marks, match, after)  \
	{.table = table_,                                                                          \
		.column = column_,                                                                 \
		.place = place_,                                                                   \
		.keys = kinds,                                                                     \
		.id = make,                                                                        \
		.next = "SELECT t." column_ ", " salt_ ", " owner_ ", " id_ ", " keys_             \
			" FROM " table_ " t WHERE (" keys_ ") > (" marks ") ORDER BY " keys_       \
			" LIMIT " after,                                                           \
		.update = "UPDATE " table_ " SET " column_ " = " after " WHERE " match}
#define ROW1(t, c, p, kinds, salt, owner, id, make, k1)                                            \
	ROW(t, c, p, kinds, salt, owner, id, make, k1, "?1", k1 " = ?1", "?2")
#define ROW2(t, c, p, kinds, salt, owner, id, make, k1, k2)                                        \
	ROW(t, c, p, kinds, salt, owner, id, make, k1 ", " k2, "?1, ?2",                           \
		k1 " = ?1 AND " k2 " = ?2", "?3")
#define ROW3(t, c, p, kinds, salt, owner, id, make, k1, k2, k3)                                    \
	ROW(t, c, p, kinds, salt, owner, id, make, k1 ", " k2 ", " k3, "?1, ?2, ?3",               \
		k1 " = ?1 AND " k2 " = ?2 AND " k3 " = ?3", "?4")
#define ROW4(t, c, p, kinds, salt, owner, id, make, k1, k2, k3, k4)                                \
	ROW(t, c, p, kinds, salt, owner, id, make, k1 ", " k2 ", " k3 ", " k4, "?1, ?2, ?3, ?4",   \
		k1 " = ?1 AND " k2 " = ?2 AND " k3 " = ?3 AND " k4 " = ?4", "?5")

/* Of an account, in a table whose key is the account. */
#define OWN(t, c, p)                                                                               \
	ROW1(t, c, p, "i", SALT_USER("owner"), "owner", ID("owner"), id_number, "owner")
/* Of an account, with a number beside. */
#define OWN2(t, c, p, b)                                                                           \
	ROW2(t, c, p, "ii", SALT_USER("owner"), "owner", ID(b), id_number, "owner", b)
/* Of a channel's post or the like. */
#define OF_CHANNEL(t, c, p)                                                                        \
	ROW2(t, c, p, "ii", SALT_CHANNEL("t.channel"), "channel", ID("t.id"), id_number,           \
		"channel", "id")

const struct sealed_column home_sealed[] = {
	ROW1("users", "sealed_profile", "users", "i", "salt", "id", ID("id"), id_number, "id"),
	ROW1("chats", "sealed_profile", "chats", "i", "salt", "id", ID("0"), id_number, "id"),
	ROW1("channels", "sealed_profile", "channels", "i", "salt", "id", ID("0"), id_number, "id"),
	ROW1("auth_keys", "sealed_key", "auth_keys.key", "i", SALT_INSTALLATION, INSTALLATION,
		ID("id"), id_number, "id"),
	ROW1("auth_keys", "sealed_device", "auth_keys.device", "i", SALT_INSTALLATION, INSTALLATION,
		ID("id"), id_number, "id"),
	OWN("affairs", "sealed_private", "affairs"),
	OWN("last_seen", "sealed_seen", "last_seen"),
	OWN("passwords", "sealed_password", "passwords"),
	OWN("passwords", "sealed_email", "passwords.email"),
	OWN("reaction_settings", "sealed_settings", "reaction_settings"),
	OWN2("password_codes", "sealed_code", "password_codes", "kind"),
	OWN2("password_challenges", "sealed_numbers", "password_challenges", "srp_id"),
	OWN2("privacy_rules", "sealed_rules", "privacy_rules", "privacy_key"),
	OWN2("bot_updates", "sealed_data", "bot_updates", "id"),
	ROW2("contacts", "sealed_name", "contacts", "ib", SALT_USER("owner"), "owner",
		ID("phone_hash"), id_hash, "owner", "phone_hash"),
	ROW4("chat_settings", "sealed_value", NULL, "iiii", SALT_USER("owner"), "owner",
		ID3("kind", "peer_kind", "peer"), id_setting, "owner", "kind", "peer_kind", "peer"),
	ROW2("user_chats", "sealed_title", "user_chats", "ii", SALT_USER("user_id"), "user_id",
		ID("chat"), id_number, "user_id", "chat"),
	ROW1("chat_reactions", "sealed_rules", "chat_reactions", "i", SALT_CHAT("chat"), "chat",
		ID("chat"), id_number, "chat"),
	ROW2("polls", "sealed_poll", "polls", "ii", SALT_ANY("owner"), "owner", ID("id"), id_number,
		"owner", "id"),
	ROW2("polls", "sealed_tally", "polls.tally", "ii", SALT_ANY("owner"), "owner", ID("id"),
		id_number, "owner", "id"),
	ROW3("poll_votes", "sealed_options", "poll_votes", "iii", SALT_ANY("owner"), "owner",
		ID3("poll", "voter", "0"), id_vote, "owner", "poll", "voter"),
	ROW2("scheduled", "sealed_body", "scheduled", "ii", SALT_ANY("owner"), "owner", ID("id"),
		id_number, "owner", "id"),
	ROW1("invite_links", "sealed_text", "invite_links", "b", SALT_USER("t.admin"), "admin",
		ID("hash"), id_hash, "hash"),
	ROW1("login_codes", "sealed_code", "login_codes", "t", SALT_INSTALLATION, INSTALLATION,
		ID("phone_hash"), id_hash, "hash"),
	ROW1("standing_codes", "sealed_code", "standing_codes", "b", SALT_INSTALLATION,
		INSTALLATION, ID("phone_hash"), id_hash, "phone_hash"),
	ROW1("email_codes", "sealed_code", "email_codes", "b", SALT_INSTALLATION, INSTALLATION,
		ID("subject"), id_hash, "subject"),
	ROW3("calls", "sealed_answer", "calls", "iii", SALT_INSTALLATION, INSTALLATION,
		ID3("auth_key", "session", "msg_id"), id_call, "auth_key", "session", "msg_id"),
	ROW2("members", "sealed_rank", "members", "ii", SALT_USER("t.user_id"), "user_id",
		ID("channel"), id_number, "channel", "user_id"),
	ROW2("admin_log", "sealed_entry", "admin_log", "ii", SALT_USER("t.actor"), "actor",
		ID("id"), id_number, "channel", "id"),
	ROW2("post_authors", "sealed_people", "post_authors", "ii", SALT_USER("t.author"),
		"channel", ID("post"), id_number, "channel", "post"),
	OF_CHANNEL("topics", "title", "topics"),
	OF_CHANNEL("posts", "body", "posts"),
	OF_CHANNEL("posts", "reactions", "posts.reactions"),
	OWN2("secret_chats", "sealed_keys", "secret_chats", "id"),
	ROW3("secret_queue", "sealed_data", "secret_queue", "iii", SALT_USER("owner"), "owner",
		ID("random_id"), id_number, "owner", "key_id", "qts"),
	OWN2("files", "sealed_key", "files", "id"),
	OWN2("messages", "sealed_body", "messages", "id"),
	OWN2("messages", "sealed_reactions", "messages.reactions", "id"),
};

const size_t home_sealed_count = ARRAY_LEN(home_sealed);

/* ---- The walk ---- */

static bool read_key(const struct query *q, struct arena *arena, const struct sealed_column *column,
	struct db_value *key)
{
	for (int i = 0; column->keys[i]; i++) {
		struct db_value *part = &key[i + 1];

		if (column->keys[i] == 'i')
			*part = DB_INT(query_int(q, AT_KEY + i));
		else if (column->keys[i] == 'b')
			*part = DB_BYTES(query_bytes(q, arena, AT_KEY + i));
		else
			*part = DB_TEXT(query_bytes(q, arena, AT_KEY + i));
		if (part->bytes.size > sizeof(((struct sealed_walk *)0)->held[0]))
			return false;
	}
	return true;
}

static void hold_key(struct sealed_walk *walk, const char *kinds, const struct db_value *key)
{
	for (size_t i = 0; kinds[i]; i++) {
		walk->at[i + 1] = key[i + 1];
		if (kinds[i] == 'i')
			continue;
		memcpy(walk->held[i], key[i + 1].bytes.data, key[i + 1].bytes.size);
		walk->at[i + 1].bytes.data = walk->held[i];
	}
}

/* Before every key that there is. */
static void begin_at_first(struct sealed_walk *walk, const char *kinds)
{
	const struct bytes empty = BYTES_LITERAL("");

	for (size_t i = 0; kinds[i]; i++)
		walk->at[i + 1] = kinds[i] == 'i'   ? DB_INT(INT64_MIN)
				  : kinds[i] == 'b' ? DB_BYTES(empty)
						    : DB_TEXT(empty);
	walk->begun = true;
}

static void read_place(const struct query *q, struct arena *arena, struct sealed_value *value)
{
	struct bytes salt = query_bytes(q, arena, AT_SALT);

	value->has_salt = salt.size == sizeof(value->salt);
	if (value->has_salt)
		memcpy(value->salt, salt.data, sizeof(value->salt));
	value->place = (struct seal_place){.owner_salt = value->salt,
		.table = value->column->place,
		.owner = query_int(q, AT_OWNER),
		.id = value->column->id(q, arena)};
	if (!value->place.table) {
		const struct home_setting setting = {
			.kind = (enum home_setting_kind)query_int(q, AT_ID),
			.peer_kind = (int32_t)query_int(q, AT_ID_2),
			.peer = query_int(q, AT_ID_3)};

		value->place = home_setting_place(value->salt, value->place.owner, &setting);
	}
}

/* The rows of one page are taken first: what is seen may be written to while it is walked over. */
static size_t take_page(struct sealed_walk *walk, struct db *db, size_t rows, struct arena *arena,
	struct sealed_value *page)
{
	const struct sealed_column *column = &home_sealed[walk->column];
	const size_t keys = strlen(column->keys);
	struct db_value values[SEALED_KEYS_MAX + 2];
	struct query q;
	size_t count = 0;

	if (!walk->begun)
		begin_at_first(walk, column->keys);
	memcpy(values, walk->at, sizeof(walk->at));
	values[keys + 1] = DB_INT(rows);
	q = db_query_values(db, column->next, values, keys + 1);
	while (count < rows && query_next(&q)) {
		struct sealed_value *value = &page[count++];

		value->column = column;
		value->sealed = query_bytes(&q, arena, AT_SEALED);
		read_place(&q, arena, value);
		if (!read_key(&q, arena, column, value->key))
			db_fail(db, "a key of a sealed row is too long");
	}
	query_end(&q);
	return count;
}

static void walk_page(
	struct sealed_walk *walk, struct db *db, size_t rows, sealed_see_fn *see, void *ctx)
{
	struct sealed_value *page;
	struct arena arena;
	size_t count;

	arena_init(&arena);
	page = arena_array(&arena, rows, sizeof(*page));
	count = take_page(walk, db, rows, &arena, page);
	for (size_t i = 0; i < count && !db_failed(db); i++) {
		if (page[i].sealed.size)
			see(ctx, db, &page[i]);
	}
	if (count == rows) {
		hold_key(walk, page[0].column->keys, page[count - 1].key);
	} else {
		walk->column++;
		walk->begun = false;
	}
	arena_release(&arena);
}

bool home_sealed_walk(
	struct sealed_walk *walk, struct db *db, size_t rows, sealed_see_fn *see, void *ctx)
{
	if (walk->column < home_sealed_count && !db_failed(db))
		walk_page(walk, db, rows, see, ctx);
	return walk->column < home_sealed_count && !db_failed(db);
}

/* ---- Sealing anew ---- */

struct resealing {
	struct home_resealing *work;
	const struct vault *vault;
};

static void reseal(void *ctx, struct db *db, const struct sealed_value *value)
{
	const struct resealing *r = ctx;
	const size_t keys = strlen(value->column->keys);
	struct db_value values[SEALED_KEYS_MAX + 2];
	struct arena arena;
	struct bytes text;

	r->work->seen++;
	if (!value->has_salt || vault_value_epoch(value->sealed) == vault_epoch(r->vault))
		return;
	arena_init(&arena);
	if (vault_open(r->vault, &value->place, value->sealed, &arena, &text) < 0) {
		r->work->damaged++;
	} else {
		memcpy(values, value->key, sizeof(value->key));
		values[keys + 1] = DB_BYTES(vault_seal(r->vault, &value->place, text, &arena));
		bytes_wipe((void *)text.data, text.size);
		db_run_values(db, value->column->update, values, keys + 1);
		r->work->resealed++;
	}
	arena_release(&arena);
}

bool home_reseal(struct home_resealing *work, struct db *db, const struct vault *vault, size_t rows)
{
	struct resealing r = {work, vault};

	if (work->done || home_sealed_walk(&work->walk, db, rows, reseal, &r))
		return !work->done;
	if (db_failed(db) || work->damaged)
		return false;
	if (work->resealed == 0) {
		home_roots_end_older(db, vault_epoch(vault));
		work->done = true;
		return false;
	}
	*work = (struct home_resealing){.resealed_before = work->resealed_before + work->resealed};
	return true;
}
