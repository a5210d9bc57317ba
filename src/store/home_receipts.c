/* SPDX-License-Identifier: Apache-2.0 */
/* The table report_receipts. */
#include "store/home_receipts.h"

#include <stdio.h>

#define NUMBER_TEXT 24

/* The number's hash in out; DB_BYTES of it binds. */
static struct bytes number_hash(
	const struct vault *vault, int64_t report, uint8_t out[VAULT_LOOKUP_SIZE])
{
	char text[NUMBER_TEXT];

	snprintf(text, sizeof(text), "%lld", (long long)report);
	vault_lookup(vault, "report", bytes_from_str(text), out);
	return bytes_of(out, VAULT_LOOKUP_SIZE);
}

/* A square that was brought back from an older copy gives numbers out again. */
void home_receipt_insert(struct db *db, const struct vault *vault, int64_t owner, int64_t report,
	struct bytes subject, int64_t now_s)
{
	uint8_t number[VAULT_LOOKUP_SIZE], about[VAULT_LOOKUP_SIZE];

	vault_lookup(vault, "report subject", subject, about);
	db_run(db,
		"INSERT INTO report_receipts (report_hash, owner, subject_hash, created_at, "
		"told_at)"
		" VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT (report_hash) DO UPDATE SET owner = "
		"excluded.owner, subject_hash = excluded.subject_hash, created_at = "
		"excluded.created_at, told_at = 0",
		DB_BYTES(number_hash(vault, report, number)), DB_INT(owner),
		DB_BYTES(bytes_of(about, sizeof(about))), DB_INT(now_s));
}

bool home_receipt_waits(
	struct db *db, const struct vault *vault, int64_t owner, struct bytes subject)
{
	uint8_t about[VAULT_LOOKUP_SIZE];

	vault_lookup(vault, "report subject", subject, about);
	return db_get_int(db, 0,
		       "SELECT 1 FROM report_receipts WHERE owner = ?1 AND subject_hash = ?2 AND "
		       "told_at = 0 LIMIT 1",
		       DB_INT(owner), DB_BYTES(bytes_of(about, sizeof(about)))) == 1;
}

int64_t home_receipt_owner(
	struct db *db, const struct vault *vault, int64_t report, int64_t *told_at_s)
{
	uint8_t number[VAULT_LOOKUP_SIZE];
	struct query q =
		db_query(db, "SELECT owner, told_at FROM report_receipts WHERE report_hash = ?1",
			DB_BYTES(number_hash(vault, report, number)));
	int64_t owner = 0;

	*told_at_s = 0;
	if (query_next(&q)) {
		owner = query_int(&q, 0);
		*told_at_s = query_int(&q, 1);
	}
	query_end(&q);
	return owner;
}

void home_receipt_told(
	struct db *db, const struct vault *vault, int64_t report, int64_t outcome_at_s)
{
	uint8_t number[VAULT_LOOKUP_SIZE];

	db_run(db, "UPDATE report_receipts SET told_at = ?2 WHERE report_hash = ?1",
		DB_BYTES(number_hash(vault, report, number)), DB_INT(outcome_at_s));
}

bool home_receipts_purge(struct db *db, int64_t now_s, int64_t rows)
{
	return db_run(db,
		       "DELETE FROM report_receipts WHERE report_hash IN (SELECT report_hash FROM "
		       "report_receipts WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
		       DB_INT(now_s - HOME_RECEIPTS_KEPT_S), DB_INT(rows)) == rows;
}
