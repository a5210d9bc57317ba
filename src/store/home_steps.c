/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema of the home database, step by step. A step never changes once released; new ones go to the
 * end. DB_BLOB becomes the engine's binary type. Columns named sealed_* hold what vault_seal made
 * (crypto/seal.h): nothing personal stands in clear. Columns named *_hash are keyed hashes from
 * vault_lookup.
 */
#include "store/home_steps.h"

const struct db_step home_steps[] = {
	/* Numbers handed out without holes: owner 0 is the installation ("user", "channel"). */
	{1, "CREATE TABLE counters (owner bigint NOT NULL, name text NOT NULL, value bigint NOT "
	    "NULL,"
	    " PRIMARY KEY (owner, name))"},

	/* Accounts. Deleting the salt shreds everything sealed for the account. */
	{2, "CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, salt DB_BLOB, phone_hash DB_BLOB,"
	    " sealed_profile DB_BLOB, created_at bigint NOT NULL, deleted_at bigint)"},
	{3, "CREATE UNIQUE INDEX users_phone ON users (phone_hash)"},

	/* Permanent authorization keys: key material sealed under owner 0. user_id NULL: nobody
	   logged in. */
	{4, "CREATE TABLE auth_keys (id bigint NOT NULL PRIMARY KEY, sealed_key DB_BLOB NOT NULL, "
	    "aux_hash bigint"
	    " NOT NULL, user_id bigint, layer integer NOT NULL, dc integer NOT NULL, sealed_device "
	    "DB_BLOB,"
	    " created_at bigint NOT NULL, active_at bigint NOT NULL, login_at bigint)"},
	{5, "CREATE INDEX auth_keys_user ON auth_keys (user_id, id)"},

	/* A login code waiting to be typed; phone and code sealed under owner 0. */
	{6, "CREATE TABLE login_codes (hash text NOT NULL PRIMARY KEY, phone_hash DB_BLOB NOT NULL,"
	    " sealed_code DB_BLOB NOT NULL, tries integer NOT NULL, state integer NOT NULL,"
	    " created_at bigint NOT NULL, expires_at bigint NOT NULL)"},
	{7, "CREATE INDEX login_codes_phone ON login_codes (phone_hash, created_at)"},

	/* Contacts of owner: sealed_name holds the owner's own names and number for the contact.
	 * phone_hash lets a later sign-up find who knows the number; contact is NULL until then. */
	{8, "CREATE TABLE contacts (owner bigint NOT NULL, phone_hash DB_BLOB NOT NULL, contact "
	    "bigint,"
	    " sealed_name DB_BLOB NOT NULL, created_at bigint NOT NULL, PRIMARY KEY (owner, "
	    "phone_hash))"},
	{9, "CREATE INDEX contacts_contact ON contacts (owner, contact)"},

	/* A box: the account's own sequence. */
	{10, "CREATE TABLE boxes (owner bigint NOT NULL PRIMARY KEY, pts integer NOT NULL, last_id "
	     "integer NOT"
	     " NULL, qts integer NOT NULL)"},
	{11, "CREATE TABLE messages (owner bigint NOT NULL, id integer NOT NULL, peer_kind integer "
	     "NOT NULL,"
	     " peer bigint NOT NULL, author bigint NOT NULL, is_out integer NOT NULL, date bigint "
	     "NOT NULL,"
	     " edit_date bigint NOT NULL, action integer NOT NULL, sealed_body DB_BLOB NOT NULL,"
	     " random_id bigint, twin bigint NOT NULL, pts integer NOT NULL, PRIMARY KEY (owner, "
	     "id))"},
	{12, "CREATE INDEX messages_peer ON messages (owner, peer_kind, peer, id)"},
	/* random_id of the sender makes a repeated send the same send. */
	{13, "CREATE UNIQUE INDEX messages_random ON messages (owner, random_id) WHERE random_id "
	     "IS NOT NULL"},
	/* Both copies of a private message carry the same twin number: edit and delete find the
	   other by it. */
	{14, "CREATE INDEX messages_twin ON messages (owner, twin)"},
	{15, "CREATE TABLE events (owner bigint NOT NULL, pts integer NOT NULL, pts_count integer "
	     "NOT NULL, kind"
	     " integer NOT NULL, peer_kind integer NOT NULL, peer bigint NOT NULL, message integer "
	     "NOT NULL,"
	     " ids DB_BLOB, date bigint NOT NULL, PRIMARY KEY (owner, pts))"},
	{16, "CREATE TABLE dialogs (owner bigint NOT NULL, peer_kind integer NOT NULL, peer bigint "
	     "NOT NULL,"
	     " top_id integer NOT NULL, top_date bigint NOT NULL, read_inbox integer NOT NULL, "
	     "read_outbox integer"
	     " NOT NULL, unread integer NOT NULL, message_count integer NOT NULL, pinned integer "
	     "NOT NULL, PRIMARY KEY (owner, peer_kind, peer))"},
	{17, "CREATE INDEX dialogs_order ON dialogs (owner, pinned, top_date)"},

	/* Channels that have no public name live here; the same three tables stand in the square,
	 * with the same columns where one SQL text serves both (store/channel_rows.c). Here
	 * posts.body is sealed (owner = channel id) and posts.text stays empty. A restriction stays
	 * in force when a channel goes private. */
	{18, "CREATE TABLE channels (id bigint NOT NULL PRIMARY KEY, salt DB_BLOB NOT NULL, "
	     "sealed_profile DB_BLOB NOT NULL, broadcast integer NOT NULL, date bigint NOT NULL, "
	     "pts integer NOT NULL, top_id integer NOT NULL, post_count bigint NOT NULL, "
	     "restricted_everywhere integer NOT NULL, restricted_countries text, "
	     "restriction_text text, restriction_reason text)"},
	{19, "CREATE TABLE posts (channel bigint NOT NULL, id integer NOT NULL, date bigint NOT "
	     "NULL, edit_date bigint NOT NULL, action integer NOT NULL, body DB_BLOB NOT NULL, "
	     "text text NOT NULL, views bigint NOT NULL, random_id bigint, hidden_by bigint, "
	     "PRIMARY KEY (channel, id))"},
	{20, "CREATE UNIQUE INDEX posts_random ON posts (channel, random_id) WHERE random_id IS "
	     "NOT NULL"},
	{21, "CREATE TABLE channel_events (channel bigint NOT NULL, pts integer NOT NULL, "
	     "pts_count integer NOT NULL,"
	     " kind integer NOT NULL, post integer NOT NULL, ids DB_BLOB, date bigint NOT NULL, "
	     "PRIMARY KEY (channel,"
	     " pts))"},

	/* Who is in which channel is nobody's business: home data for public channels too. Two
	   directions. */
	{22, "CREATE TABLE memberships (user_id bigint NOT NULL, channel bigint NOT NULL, role "
	     "integer NOT NULL,"
	     " joined_at bigint NOT NULL, read_inbox integer NOT NULL, viewed integer NOT NULL, "
	     "PRIMARY KEY (user_id, channel))"},
	{23, "CREATE TABLE members (channel bigint NOT NULL, user_id bigint NOT NULL, role integer "
	     "NOT NULL,"
	     " joined_at bigint NOT NULL, PRIMARY KEY (channel, user_id))"},
	{24, "CREATE TABLE member_counts (channel bigint NOT NULL PRIMARY KEY, members bigint NOT "
	     "NULL)"},
	/* Who wrote a post of a supergroup, wherever its posts are; a broadcast channel's have no
	 * author. */
	{25, "CREATE TABLE post_authors (channel bigint NOT NULL, post integer NOT NULL, author "
	     "bigint NOT NULL, PRIMARY KEY (channel, post))"},
	/* Letters to owners about executed orders: a missing row is a letter lost in a crash. */
	{26, "CREATE TABLE letters (order_id bigint NOT NULL PRIMARY KEY, owner bigint NOT NULL, "
	     "sent_at bigint NOT NULL)"},

	/* More of accounts: finding who saved a number, and what is thrown away by age. */
	{40, "CREATE INDEX contacts_phone ON contacts (phone_hash, owner)"},
	{41, "CREATE INDEX login_codes_age ON login_codes (created_at)"},
	/* A login on its way to another key: hash of a token that is used once. */
	{42, "CREATE TABLE login_exports (token_hash DB_BLOB NOT NULL PRIMARY KEY, user_id bigint "
	     "NOT NULL,"
	     " expires_at bigint NOT NULL)"},
	{43, "CREATE INDEX login_exports_age ON login_exports (expires_at)"},
	/* What an owner may do so often in a period: used so much since then. */
	{44, "CREATE TABLE budgets (owner bigint NOT NULL, name text NOT NULL, since bigint NOT "
	     "NULL,"
	     " used bigint NOT NULL, PRIMARY KEY (owner, name))"},
	{45, "CREATE INDEX budgets_age ON budgets (owner, since)"},

	/* More of memberships. role > 2: more than a member, few among millions. */
	{46, "CREATE INDEX members_admins ON members (channel, user_id) WHERE role > 2"},
	/* When it was read last and what was left, for devices that were away: a membership is no
	 * event of the box. */
	{47, "ALTER TABLE memberships ADD COLUMN read_at bigint NOT NULL DEFAULT 0"},
	{48, "CREATE TABLE departures (user_id bigint NOT NULL, channel bigint NOT NULL, broadcast "
	     "integer NOT NULL, left_at bigint NOT NULL, PRIMARY KEY (user_id, channel))"},
	{49, "CREATE INDEX departures_time ON departures (user_id, left_at)"},
	/* Public names given up of late, held back for who had them. */
	{50, "CREATE TABLE released_names (name_hash DB_BLOB NOT NULL PRIMARY KEY, owner bigint "
	     "NOT "
	     "NULL, released_at bigint NOT NULL)"},
	{51, "CREATE INDEX released_names_age ON released_names (released_at)"},

	/* Calls that must not run twice, with what they were answered; random ids of messages that
	 * were deleted soon after they were sent. */
	{52, "CREATE TABLE calls (auth_key bigint NOT NULL, session bigint NOT NULL, msg_id bigint "
	     "NOT NULL, code integer NOT NULL, sealed_answer DB_BLOB, PRIMARY KEY (auth_key, "
	     "session, msg_id))"},
	{53, "CREATE TABLE spent_sends (owner bigint NOT NULL, random_id bigint NOT NULL, sent_at "
	     "bigint NOT NULL, PRIMARY KEY (owner, random_id))"},
	{54, "CREATE INDEX spent_sends_age ON spent_sends (sent_at)"},
	/* Anybody can make a key: those that nobody logged in on, the longest unused first. */
	{55, "CREATE INDEX auth_keys_idle ON auth_keys (active_at, id) WHERE user_id IS NULL"},
	{0, NULL},
};
