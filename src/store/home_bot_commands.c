/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table bot_commands. */
#include "store/home_bot_commands.h"

void home_bot_commands_set(struct db *db, int64_t bot, int place, struct bytes language,
	const struct home_bot_command *commands, size_t count)
{
	db_run(db, "DELETE FROM bot_commands WHERE owner = ?1 AND place = ?2 AND language = ?3",
		DB_INT(bot), DB_INT(place), DB_TEXT(language));
	for (size_t i = 0; i < count; i++)
		db_run(db,
			"INSERT INTO bot_commands (owner, place, language, position, name, about)"
			" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			DB_INT(bot), DB_INT(place), DB_TEXT(language), DB_INT(i),
			DB_TEXT(commands[i].name), DB_TEXT(commands[i].about));
	db_run(db, "UPDATE bot_tokens SET version = version + 1 WHERE owner = ?1", DB_INT(bot));
}

size_t home_bot_commands_list(struct db *db, struct arena *arena, int64_t bot, int place,
	struct bytes language, size_t limit, struct home_bot_command **out)
{
	struct query q = db_query(db,
		"SELECT name, about FROM bot_commands WHERE owner = ?1 AND place = ?2"
		" AND language = ?3 ORDER BY position LIMIT ?4",
		DB_INT(bot), DB_INT(place), DB_TEXT(language), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q)) {
		(*out)[count].name = query_bytes(&q, arena, 0);
		(*out)[count++].about = query_bytes(&q, arena, 1);
	}
	query_end(&q);
	return count;
}
