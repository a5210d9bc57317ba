/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_appeals.h"

void desk_appeal_code_insert(struct db *db, struct bytes hash, const struct desk_appeal_code *code)
{
	db_run(db,
		"INSERT INTO appeal_codes (hash, case_id, decision, party, party_id, until_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		DB_BYTES(hash), DB_INT(code->case_id), DB_INT(code->decision), DB_TEXT(code->party),
		DB_INT(code->party_id), DB_INT(code->until_at));
}

bool desk_appeal_code_find(
	struct db *db, struct arena *arena, struct bytes hash, struct desk_appeal_code *out)
{
	struct query q = db_query(db,
		"SELECT case_id, decision, party, party_id, until_at FROM appeal_codes"
		" WHERE hash = ?1",
		DB_BYTES(hash));

	if (!query_next(&q))
		return false;
	*out = (struct desk_appeal_code){.case_id = query_int(&q, 0),
		.decision = (int32_t)query_int(&q, 1),
		.party = query_bytes(&q, arena, 2),
		.party_id = query_int(&q, 3),
		.until_at = query_int(&q, 4)};
	query_end(&q);
	return true;
}

void desk_appeal_codes_delete(struct db *db, int64_t case_id)
{
	db_run(db, "DELETE FROM appeal_codes WHERE case_id = ?1", DB_INT(case_id));
}

void desk_appeal_chat_put(struct db *db, int64_t appeal, int64_t chat, struct bytes language)
{
	db_run(db, "INSERT INTO appeal_chats (appeal, chat, language) VALUES (?1, ?2, ?3)",
		DB_INT(appeal), DB_INT(chat), DB_TEXT(language));
}

bool desk_appeal_chat_take(
	struct db *db, struct arena *arena, int64_t appeal, int64_t *chat, struct bytes *language)
{
	struct query q = db_query(
		db, "SELECT chat, language FROM appeal_chats WHERE appeal = ?1", DB_INT(appeal));

	if (!query_next(&q))
		return false;
	*chat = query_int(&q, 0);
	*language = query_bytes(&q, arena, 1);
	query_end(&q);
	db_run(db, "DELETE FROM appeal_chats WHERE appeal = ?1", DB_INT(appeal));
	return true;
}

/* ---- Appeals ---- */

#define COLUMNS                                                                                    \
	"id, case_id, event, decision, party, party_id, created_at, acknowledge_due, due_at, "     \
	"acknowledged_at, claimed_by, claimed_until, decided_at, decided_by, answer, outcome, "    \
	"reason"

bool desk_appeal_get(struct db *db, struct arena *arena, int64_t id, struct desk_appeal *out)
{
	struct query q = db_query(db, "SELECT " COLUMNS " FROM appeals WHERE id = ?1", DB_INT(id));

	if (!query_next(&q))
		return false;
	*out = (struct desk_appeal){
		.id = query_int(&q, 0),
		.case_id = query_int(&q, 1),
		.event = (int32_t)query_int(&q, 2),
		.decision = (int32_t)query_int(&q, 3),
		.party = query_bytes(&q, arena, 4),
		.party_id = query_int(&q, 5),
		.created_at = query_int(&q, 6),
		.acknowledge_due = query_int(&q, 7),
		.due_at = query_int(&q, 8),
		.acknowledged_at = query_int(&q, 9),
		.claimed_by = query_int(&q, 10),
		.claimed_until = query_int(&q, 11),
		.decided_at = query_int(&q, 12),
		.decided_by = query_int(&q, 13),
		.answer = (int32_t)query_int(&q, 14),
		.outcome = query_bytes(&q, arena, 15),
		.reason = query_bytes(&q, arena, 16),
	};
	query_end(&q);
	return true;
}

void desk_appeal_put(struct db *db, const struct desk_appeal *row)
{
	db_run(db, "DELETE FROM appeals WHERE id = ?1", DB_INT(row->id));
	db_run(db,
		"INSERT INTO appeals (" COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
		" ?17)",
		DB_INT(row->id), DB_INT(row->case_id), DB_INT(row->event), DB_INT(row->decision),
		DB_TEXT(row->party), DB_INT(row->party_id), DB_INT(row->created_at),
		DB_INT(row->acknowledge_due), DB_INT(row->due_at), DB_INT(row->acknowledged_at),
		DB_INT(row->claimed_by), DB_INT(row->claimed_until), DB_INT(row->decided_at),
		DB_INT(row->decided_by), DB_INT(row->answer), DB_TEXT(row->outcome),
		DB_TEXT(row->reason));
}

void desk_appeal_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM appeals");
}

struct query desk_appeal_list(struct db *db, bool decided, int limit)
{
	if (decided)
		return db_query(db,
			"SELECT id FROM appeals WHERE decided_at > 0 ORDER BY id DESC LIMIT ?1",
			DB_INT(limit));
	return db_query(db,
		"SELECT id FROM appeals WHERE decided_at = 0 ORDER BY due_at, id LIMIT ?1",
		DB_INT(limit));
}

int64_t desk_appeals_of(
	struct db *db, const struct desk_appeal_code *party, int64_t *open, int64_t *last)
{
	struct query q = db_query(db,
		"SELECT id, decided_at FROM appeals WHERE case_id = ?1 AND decision = ?2 AND"
		" party = ?3 AND party_id = ?4 ORDER BY id",
		DB_INT(party->case_id), DB_INT(party->decision), DB_TEXT(party->party),
		DB_INT(party->party_id));
	int64_t count = 0;

	*open = *last = 0;
	while (query_next(&q)) {
		*last = query_int(&q, 0);
		if (!query_int(&q, 1))
			*open = *last;
		count++;
	}
	return count;
}

int64_t desk_appeals_open(struct db *db, int64_t case_id, int64_t but)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM appeals WHERE case_id = ?1 AND decided_at = 0 AND id <> ?2",
		DB_INT(case_id), DB_INT(but));
}

/* ---- Rulings ---- */

#define RULING "case_id, seq, at, person, category, action, order_id, overturned_at, overturned"

void desk_ruling_put(struct db *db, const struct desk_ruling *row)
{
	db_run(db, "DELETE FROM rulings WHERE case_id = ?1 AND seq = ?2", DB_INT(row->case_id),
		DB_INT(row->seq));
	db_run(db, "INSERT INTO rulings (" RULING ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		DB_INT(row->case_id), DB_INT(row->seq), DB_INT(row->at), DB_INT(row->person),
		DB_TEXT(row->category), DB_TEXT(row->action), DB_INT(row->order_id),
		DB_INT(row->overturned_at), DB_TEXT(row->overturned));
}

void desk_ruling_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM rulings");
}

static bool read_ruling(struct query *q, struct arena *arena, struct desk_ruling *out)
{
	if (!query_next(q))
		return false;
	*out = (struct desk_ruling){.case_id = query_int(q, 0),
		.seq = (int32_t)query_int(q, 1),
		.at = query_int(q, 2),
		.person = query_int(q, 3),
		.category = query_bytes(q, arena, 4),
		.action = query_bytes(q, arena, 5),
		.order_id = query_int(q, 6),
		.overturned_at = query_int(q, 7),
		.overturned = query_bytes(q, arena, 8)};
	query_end(q);
	return true;
}

bool desk_ruling_get(
	struct db *db, struct arena *arena, int64_t case_id, int32_t seq, struct desk_ruling *out)
{
	struct query q =
		db_query(db, "SELECT " RULING " FROM rulings WHERE case_id = ?1 AND seq = ?2",
			DB_INT(case_id), DB_INT(seq));

	return read_ruling(&q, arena, out);
}

bool desk_ruling_last(struct db *db, struct arena *arena, int64_t case_id, bool of_measures,
	struct desk_ruling *out)
{
	struct query q = db_query(db,
		"SELECT " RULING " FROM rulings WHERE case_id = ?1 AND (?2 = 0 OR action <>"
		" 'reverse') ORDER BY seq DESC LIMIT 1",
		DB_INT(case_id), DB_INT(of_measures));

	return read_ruling(&q, arena, out);
}
