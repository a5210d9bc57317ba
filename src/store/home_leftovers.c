/* SPDX-License-Identifier: Apache-2.0 */
/* Owns no table: a list of those whose rows belong to one account alone. */
#include "store/home_leftovers.h"

#include "store/home_files.h"
#include "store/home_heirs.h"
#include "store/home_joins.h"
#include "store/home_post_reactions.h"
#include "store/home_secret_files.h"

/* One statement per table, as the engine prepares each once. */
void home_leftovers_drop(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM login_exports WHERE user_id = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM budgets WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM changes WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM affairs WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM bot_tokens WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM bot_commands WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM bot_updates WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM bot_updates WHERE actor = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM bot_queries WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM passwords WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM password_codes WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM password_challenges WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM logout_tokens WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM privacy_rules WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM blocks WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM close_friends WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM privacy_switches WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM last_seen WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM scheduled WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM scheduled WHERE author = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM reaction_settings WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM unread_reactions WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM reactions_taken WHERE user_id = ?1", DB_INT(owner));
	home_heirs_forget(db, owner);
	db_run(db, "DELETE FROM thread_reads WHERE user_id = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM polls WHERE owner = ?1", DB_INT(owner));
	/* Of a group the number is the owner: only its kind says so. */
	db_run(db, "DELETE FROM history_ttls WHERE owner = ?1 AND peer_kind <> 2", DB_INT(owner));
	db_run(db, "DELETE FROM read_dates WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM chat_settings WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM counters WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM contacts WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM peer_bars WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM spam_reports WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM channel_day_people WHERE user_id = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM report_receipts WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM top_peers WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM top_peers_off WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM admin_log WHERE actor = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM secret_chats WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM secret_devices WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM secret_queue WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM secret_sent WHERE owner = ?1", DB_INT(owner));
	home_secret_files_drop(db, owner);
	home_files_end(db, owner);
	home_joins_drop_account(db, owner);
	db_run(db, "DELETE FROM post_mentions WHERE user_id = ?1", DB_INT(owner));
	/* Groups that it left, or was removed from: of the others it is out already. */
	db_run(db, "DELETE FROM user_chats WHERE user_id = ?1", DB_INT(owner));
}

bool home_leftovers_purge(struct db *db, int64_t owner, int64_t rows)
{
	if (db_run(db,
		    "DELETE FROM messages WHERE owner = ?1 AND id IN (SELECT id FROM messages"
		    " WHERE owner = ?1 ORDER BY id LIMIT ?2)",
		    DB_INT(owner), DB_INT(rows)) > 0)
		return true;
	if (db_run(db,
		    "DELETE FROM events WHERE owner = ?1 AND pts IN (SELECT pts FROM events"
		    " WHERE owner = ?1 ORDER BY pts LIMIT ?2)",
		    DB_INT(owner), DB_INT(rows)) > 0)
		return true;
	if (db_run(db,
		    "DELETE FROM spent_sends WHERE owner = ?1 AND random_id IN (SELECT random_id"
		    " FROM spent_sends WHERE owner = ?1 LIMIT ?2)",
		    DB_INT(owner), DB_INT(rows)) > 0)
		return true;
	if (db_run(db,
		    "DELETE FROM poll_votes WHERE owner = ?1 AND (poll, voter) IN (SELECT poll, "
		    "voter"
		    " FROM poll_votes WHERE owner = ?1 LIMIT ?2)",
		    DB_INT(owner), DB_INT(rows)) > 0)
		return true;
	if (home_reactions_purge_user(db, owner, rows))
		return true;
	if (home_files_purge_of(db, owner))
		return true;
	db_run(db, "DELETE FROM dialogs WHERE owner = ?1", DB_INT(owner));
	db_run(db, "DELETE FROM boxes WHERE owner = ?1", DB_INT(owner));
	return false;
}
