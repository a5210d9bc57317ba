/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_liaison.h"

#include <stdio.h>

void desk_notice_chat_insert(struct db *db, int64_t notice, int64_t chat, struct bytes language)
{
	db_run(db, "INSERT INTO notice_chats (notice, chat, language) VALUES (?1, ?2, ?3)",
		DB_INT(notice), DB_INT(chat), DB_TEXT(language));
}

bool desk_notice_chat_get(
	struct db *db, struct arena *arena, int64_t notice, int64_t *chat, struct bytes *language)
{
	struct query q = db_query(
		db, "SELECT chat, language FROM notice_chats WHERE notice = ?1", DB_INT(notice));

	if (!query_next(&q))
		return false;
	*chat = query_int(&q, 0);
	*language = query_bytes(&q, arena, 1);
	query_end(&q);
	return true;
}

void desk_liaison_move(struct db *db, int64_t chat, int64_t to)
{
	db_run(db, "UPDATE notice_chats SET chat = ?2 WHERE chat = ?1", DB_INT(chat), DB_INT(to));
	db_run(db, "DELETE FROM desk_dialogues WHERE chat = ?1", DB_INT(chat));
}

void desk_dialogue_put(struct db *db, const struct desk_dialogue *row)
{
	db_run(db,
		"INSERT INTO desk_dialogues (chat, person, step, data, at) VALUES (?1, ?2, ?3, ?4,"
		" ?5) ON CONFLICT (chat, person) DO UPDATE SET step = ?3, data = ?4, at = ?5",
		DB_INT(row->chat), DB_INT(row->person), DB_TEXT(row->step), DB_TEXT(row->data),
		DB_INT(row->at));
}

bool desk_dialogue_get(
	struct db *db, struct arena *arena, int64_t chat, int64_t person, struct desk_dialogue *out)
{
	struct query q = db_query(db,
		"SELECT step, data, at FROM desk_dialogues WHERE chat = ?1 AND person = ?2",
		DB_INT(chat), DB_INT(person));

	if (!query_next(&q))
		return false;
	*out = (struct desk_dialogue){chat, person, query_bytes(&q, arena, 0),
		query_bytes(&q, arena, 1), query_int(&q, 2)};
	query_end(&q);
	return true;
}

bool desk_dialogue_delete(struct db *db, int64_t chat, int64_t person)
{
	return db_run(db, "DELETE FROM desk_dialogues WHERE chat = ?1 AND person = ?2",
		       DB_INT(chat), DB_INT(person)) == 1;
}

void desk_dialogues_drop(struct db *db, int64_t before_s)
{
	db_run(db, "DELETE FROM desk_dialogues WHERE at < ?1", DB_INT(before_s));
}

void desk_untold_add(struct db *db, int64_t case_id, int32_t seq)
{
	db_run(db, "INSERT INTO desk_untold (id, case_id, seq) VALUES (?1, ?2, ?3)",
		DB_INT(db_counter_add(db, 0, "desk_untold", 1)), DB_INT(case_id), DB_INT(seq));
}

bool desk_untold_next(struct db *db, int64_t *id, int64_t *case_id, int32_t *seq)
{
	struct query q =
		db_query(db, "SELECT id, case_id, seq FROM desk_untold ORDER BY id LIMIT 1");

	if (!query_next(&q))
		return false;
	*id = query_int(&q, 0);
	*case_id = query_int(&q, 1);
	*seq = (int32_t)query_int(&q, 2);
	query_end(&q);
	return true;
}

void desk_untold_delete(struct db *db, int64_t id)
{
	db_run(db, "DELETE FROM desk_untold WHERE id = ?1", DB_INT(id));
}

int64_t desk_case_of_message(struct db *db, int64_t chat, int64_t message)
{
	char address[24];

	snprintf(address, sizeof(address), "%lld", (long long)chat);
	return db_get_int(db, 0,
		"SELECT case_id FROM desk_outbox WHERE address = ?1 AND result = ?2 AND result > 0"
		" AND way = 'bot' ORDER BY id DESC LIMIT 1",
		DB_STR(address), DB_INT(message));
}

int desk_cases_of_reporter(struct db *db, int64_t reporter, int64_t *ids, int max)
{
	struct query q = db_query(db,
		"SELECT DISTINCT c.id, c.due_at FROM notices n JOIN cases c ON c.id = n.case_id"
		" WHERE n.reporter = ?1 AND c.state IN ('open', 'escalated', 'waiting')"
		" ORDER BY c.due_at, c.id LIMIT ?2",
		DB_INT(reporter), DB_INT(max));
	int count = 0;

	while (count < max && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

int64_t desk_notice_of_reporter(struct db *db, int64_t case_id, int64_t reporter)
{
	return db_get_int(db, 0,
		"SELECT id FROM notices WHERE case_id = ?1 AND reporter = ?2 ORDER BY id DESC"
		" LIMIT 1",
		DB_INT(case_id), DB_INT(reporter));
}
