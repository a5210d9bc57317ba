/* SPDX-License-Identifier: Apache-2.0 */
/* The tables reaction_settings and chat_reactions. */
#include "store/home_reactions.h"

static struct seal_place settings_place(int64_t owner, const uint8_t *salt)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "reaction_settings", .owner = owner, .id = owner};
}

static struct seal_place chat_place(int64_t chat, const uint8_t *salt)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "chat_reactions", .owner = chat, .id = chat};
}

/* The only column of the only row. */
static struct bytes open_only(struct query q, const struct vault *vault, struct arena *arena,
	const struct seal_place *place)
{
	struct bytes out = {0};

	if (query_next(&q) && vault_open(vault, place, query_bytes(&q, arena, 0), arena, &out) < 0)
		db_fail(q.db, "settings of reactions do not open");
	query_end(&q);
	return out;
}

struct bytes home_reaction_settings_get(struct db *db, const struct vault *vault,
	struct arena *arena, int64_t owner, const uint8_t *salt)
{
	struct seal_place place = settings_place(owner, salt);

	return open_only(
		db_query(db, "SELECT sealed_settings FROM reaction_settings WHERE owner = ?1",
			DB_INT(owner)),
		vault, arena, &place);
}

void home_reaction_settings_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const uint8_t *salt, struct bytes settings)
{
	struct seal_place place = settings_place(owner, salt);

	db_run(db,
		"INSERT INTO reaction_settings (owner, sealed_settings) VALUES (?1, ?2)"
		" ON CONFLICT (owner) DO UPDATE SET sealed_settings = ?2",
		DB_INT(owner), DB_BYTES(vault_seal(vault, &place, settings, arena)));
}

struct bytes home_chat_reactions_get(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t chat, const uint8_t *salt)
{
	struct seal_place place = chat_place(chat, salt);

	return open_only(db_query(db, "SELECT sealed_rules FROM chat_reactions WHERE chat = ?1",
				 DB_INT(chat)),
		vault, arena, &place);
}

void home_chat_reactions_put(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t chat, const uint8_t *salt, struct bytes rules)
{
	struct seal_place place = chat_place(chat, salt);

	db_run(db,
		"INSERT INTO chat_reactions (chat, sealed_rules) VALUES (?1, ?2)"
		" ON CONFLICT (chat) DO UPDATE SET sealed_rules = ?2",
		DB_INT(chat), DB_BYTES(vault_seal(vault, &place, rules, arena)));
}
