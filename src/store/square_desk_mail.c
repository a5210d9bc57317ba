/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_mail.h"

bool desk_mail_take(struct db *db, struct bytes hash, int64_t now_s)
{
	return db_run(db,
		       "INSERT INTO mails_taken (hash, at) VALUES (?1, ?2) ON CONFLICT (hash) DO "
		       "NOTHING",
		       DB_BYTES(hash), DB_INT(now_s)) == 1;
}

void desk_notice_mail_insert(struct db *db, const struct desk_notice_mail *mail)
{
	db_run(db,
		"INSERT INTO notice_mails (notice, at, address, address_hash, message_id, language)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (notice) DO NOTHING",
		DB_INT(mail->notice), DB_INT(mail->at), DB_BYTES(mail->address),
		DB_BYTES(mail->address_hash), DB_TEXT(mail->message_id), DB_TEXT(mail->language));
}

bool desk_notice_mail_get(
	struct db *db, struct arena *arena, int64_t notice, struct desk_notice_mail *out)
{
	struct query q = db_query(db,
		"SELECT notice, at, address, address_hash, message_id, language, told FROM "
		"notice_mails"
		" WHERE notice = ?1",
		DB_INT(notice));

	if (!query_next(&q))
		return false;
	out->notice = query_int(&q, 0);
	out->at = query_int(&q, 1);
	out->address = query_bytes(&q, arena, 2);
	out->address_hash = query_bytes(&q, arena, 3);
	out->message_id = query_bytes(&q, arena, 4);
	out->language = query_bytes(&q, arena, 5);
	out->told = query_bytes(&q, arena, 6);
	query_end(&q);
	return true;
}

int64_t desk_notice_mail_next(struct db *db, int64_t case_id, int64_t after)
{
	return db_get_int(db, 0,
		"SELECT n.id FROM notices n JOIN notice_mails m ON m.notice = n.id WHERE n.case_id "
		"= ?1 AND n.id > ?2 ORDER BY n.id LIMIT 1",
		DB_INT(case_id), DB_INT(after));
}

bool desk_notice_mail_told(struct db *db, int64_t notice, struct bytes told)
{
	return db_run(db,
		       "UPDATE notice_mails SET told = ?2 WHERE notice = ?1 AND (told IS NULL OR "
		       "told <> ?2)",
		       DB_INT(notice), DB_BYTES(told)) == 1;
}

bool desk_mail_tell(struct db *db, struct bytes address_hash, int64_t after_s, int64_t now_s)
{
	return db_run(db,
		       "INSERT INTO mails_told (address_hash, at) VALUES (?1, ?2) ON CONFLICT "
		       "(address_hash) DO UPDATE SET at = excluded.at WHERE mails_told.at < ?3",
		       DB_BYTES(address_hash), DB_INT(now_s), DB_INT(after_s)) == 1;
}

int64_t desk_mail_count(struct db *db, struct bytes address_hash, int64_t day)
{
	db_run(db,
		"INSERT INTO mails_counted (address_hash, day, notices) VALUES (?1, ?2, 1)"
		" ON CONFLICT (address_hash, day) DO UPDATE SET notices = mails_counted.notices + "
		"1",
		DB_BYTES(address_hash), DB_INT(day));
	return db_get_int(db, 0,
		"SELECT notices FROM mails_counted WHERE address_hash = ?1 AND day = ?2",
		DB_BYTES(address_hash), DB_INT(day));
}

void desk_mail_drop(struct db *db, int64_t before_s)
{
	db_run(db, "DELETE FROM mails_counted WHERE day < ?1", DB_INT(before_s / 86400));
	db_run(db, "DELETE FROM mails_taken WHERE at < ?1", DB_INT(before_s));
	db_run(db, "DELETE FROM mails_told WHERE at < ?1", DB_INT(before_s));
}
