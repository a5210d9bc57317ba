/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema of the home database, step by step. A step never changes once released; new ones go to the
 * end. DB_BLOB becomes the engine's binary type. Columns named sealed_* hold what vault_seal made
 * (crypto/seal.h): nothing personal stands in clear. Columns named *_hash are keyed hashes from
 * vault_lookup; those of tokens of 256 random bits may be plain ones (crypto/token.h).
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

	/* What changed of an account outside of its box's sequence, and when last: devices that
	   were away hear of it by time, with the state as it is then. */
	{60, "CREATE TABLE changes (owner bigint NOT NULL, kind integer NOT NULL, peer_kind "
	     "integer "
	     "NOT NULL, peer bigint NOT NULL, item bigint NOT NULL, changed_at bigint NOT NULL, "
	     "PRIMARY KEY (owner, kind, peer_kind, peer, item))"},
	{61, "CREATE INDEX changes_time ON changes (owner, changed_at)"},
	/* More of messages: what is pinned, what waits for the owner's eyes (bits of enum
	   message_attention), which kinds of content it has for filters, which part of Saved
	   Messages it belongs to, when it destroys itself, and who reacted. */
	{62, "ALTER TABLE messages ADD COLUMN pinned integer NOT NULL DEFAULT 0"},
	{63, "ALTER TABLE messages ADD COLUMN attention integer NOT NULL DEFAULT 0"},
	{64, "ALTER TABLE messages ADD COLUMN content integer NOT NULL DEFAULT 0"},
	{65, "ALTER TABLE messages ADD COLUMN saved_kind integer NOT NULL DEFAULT 0"},
	{66, "ALTER TABLE messages ADD COLUMN saved_peer bigint NOT NULL DEFAULT 0"},
	{67, "ALTER TABLE messages ADD COLUMN expires_at bigint"},
	{68, "ALTER TABLE messages ADD COLUMN sealed_reactions DB_BLOB"},
	{69, "CREATE INDEX messages_expiry ON messages (expires_at, owner, id) WHERE expires_at IS "
	     "NOT NULL"},

	/* More of codes: what one is for, and the account that asked (0: nobody is logged in). A
	 * standing code was handed out by the operator and works once for a number. */
	{70, "ALTER TABLE login_codes ADD COLUMN purpose integer NOT NULL DEFAULT 0"},
	{71, "ALTER TABLE login_codes ADD COLUMN account bigint NOT NULL DEFAULT 0"},
	{72, "CREATE TABLE standing_codes (phone_hash DB_BLOB NOT NULL PRIMARY KEY, sealed_code "
	     "DB_BLOB NOT NULL, expires_at bigint NOT NULL)"},
	/* A key that shows a QR code: one token at a time; account: who accepted it. */
	{73, "CREATE TABLE login_tokens (auth_key bigint NOT NULL PRIMARY KEY, token_hash DB_BLOB "
	     "NOT NULL, except_ids DB_BLOB, account bigint NOT NULL, expires_at bigint NOT NULL)"},
	{74, "CREATE UNIQUE INDEX login_tokens_hash ON login_tokens (token_hash)"},
	/* Who may sign up: a number, or whoever knows a word. */
	{75, "CREATE TABLE invitations (hash DB_BLOB NOT NULL PRIMARY KEY, kind integer NOT NULL, "
	     "uses_left bigint NOT NULL, created_at bigint NOT NULL, expires_at bigint NOT NULL)"},
	/* How an account is kept: for how many days unseen, when it is to be deleted (0: not),
	 * which terms it accepted, by which e-mail address it logs in. */
	{76, "CREATE TABLE affairs (owner bigint NOT NULL PRIMARY KEY, ttl_days integer NOT NULL, "
	     "seen_at bigint NOT NULL, delete_at bigint NOT NULL, email_reset_at bigint NOT NULL, "
	     "terms_hash DB_BLOB, sealed_private DB_BLOB)"},
	{77, "CREATE INDEX affairs_delete ON affairs (delete_at) WHERE delete_at > 0"},
	/* Codes on their way to an e-mail address, by what they are for. */
	{78, "CREATE TABLE email_codes (subject DB_BLOB NOT NULL PRIMARY KEY, sealed_code DB_BLOB "
	     "NOT NULL, tries integer NOT NULL, sent integer NOT NULL, expires_at bigint NOT "
	     "NULL)"},
	{79, "CREATE TABLE bot_tokens (owner bigint NOT NULL PRIMARY KEY, token_hash DB_BLOB NOT "
	     "NULL)"},

	/* Two-step verification. sealed_password NULL: removed, the version still rises. Codes go
	 * to e-mail addresses; a challenge (SRP's B) is answered on the key that asked for it. */
	{80, "CREATE TABLE passwords (owner bigint NOT NULL PRIMARY KEY, sealed_password DB_BLOB, "
	     "sealed_email DB_BLOB, version bigint NOT NULL, changed_at bigint NOT NULL, reset_at "
	     "bigint NOT NULL, reset_retry_at bigint NOT NULL)"},
	{81, "CREATE TABLE password_codes (owner bigint NOT NULL, kind integer NOT NULL, "
	     "sealed_code DB_BLOB NOT NULL, tries integer NOT NULL, expires_at bigint NOT NULL, "
	     "PRIMARY KEY (owner, kind))"},
	{82, "CREATE TABLE password_challenges (owner bigint NOT NULL, srp_id bigint NOT NULL, "
	     "key_id bigint NOT NULL, sealed_numbers DB_BLOB NOT NULL, version bigint NOT NULL, "
	     "uses integer NOT NULL, last_use DB_BLOB, expires_at bigint NOT NULL, PRIMARY KEY "
	     "(owner, srp_id))"},
	{83, "CREATE TABLE logout_tokens (owner bigint NOT NULL, token_hash DB_BLOB NOT NULL, "
	     "expires_at bigint NOT NULL, PRIMARY KEY (owner, token_hash))"},
	/* Logins. pending_user: whose password the key waits for. confirm_at: until then nobody has
	 * confirmed the login; 0: confirmed. ttl_days: of the account, the same on all its keys. */
	{84, "ALTER TABLE auth_keys ADD COLUMN pending_user bigint"},
	{85, "ALTER TABLE auth_keys ADD COLUMN refuses integer NOT NULL DEFAULT 0"},
	{86, "ALTER TABLE auth_keys ADD COLUMN confirm_at bigint NOT NULL DEFAULT 0"},
	{87, "ALTER TABLE auth_keys ADD COLUMN ttl_days integer NOT NULL DEFAULT 0"},
	{88, "CREATE INDEX auth_keys_pending ON auth_keys (pending_user) WHERE pending_user IS NOT "
	     "NULL"},
	{89, "CREATE INDEX auth_keys_ttl ON auth_keys (ttl_days, active_at) WHERE user_id IS NOT "
	     "NULL"},

	/* Whom an account lets see what: the encoded rules of each key
	 * (core/accounts/privacy_rules.h); whom it has blocked; its switches for all chats; when it
	 * was last here. */
	{90, "CREATE TABLE privacy_rules (owner bigint NOT NULL, privacy_key integer NOT NULL, "
	     "sealed_rules DB_BLOB NOT NULL, PRIMARY KEY (owner, privacy_key))"},
	{91, "CREATE TABLE blocks (owner bigint NOT NULL, other bigint NOT NULL, blocked_at bigint "
	     "NOT NULL, PRIMARY KEY (owner, other))"},
	{92, "CREATE INDEX blocks_order ON blocks (owner, blocked_at)"},
	{93, "CREATE TABLE close_friends (owner bigint NOT NULL, friend bigint NOT NULL, PRIMARY "
	     "KEY (owner, friend))"},
	{94, "CREATE TABLE privacy_switches (owner bigint NOT NULL PRIMARY KEY, switches bigint "
	     "NOT NULL)"},
	{95, "CREATE TABLE last_seen (owner bigint NOT NULL PRIMARY KEY, sealed_seen DB_BLOB NOT "
	     "NULL)"},

	/* Contacts: the bar above a chat with a stranger, who reported whom, and whom an account
	 * writes to most. score: core/accounts/top_peers.h. */
	{100, "CREATE TABLE peer_bars (owner bigint NOT NULL, peer bigint NOT NULL, state integer "
	      "NOT NULL, made_at bigint NOT NULL, PRIMARY KEY (owner, peer))"},
	{101, "CREATE TABLE spam_reports (owner bigint NOT NULL, reporter bigint NOT NULL, "
	      "reported_at bigint NOT NULL, PRIMARY KEY (owner, reporter))"},
	{102, "CREATE TABLE top_peers (owner bigint NOT NULL, category integer NOT NULL, peer_kind "
	      "integer NOT NULL, peer bigint NOT NULL, score bigint NOT NULL, PRIMARY KEY (owner, "
	      "category, peer_kind, peer))"},
	{103, "CREATE INDEX top_peers_order ON top_peers (owner, category, score)"},
	{104, "CREATE TABLE top_peers_off (owner bigint NOT NULL PRIMARY KEY)"},
	/* Basic groups. Deleting the salt shreds the group's title and description. */
	{110, "CREATE TABLE chats (id bigint NOT NULL PRIMARY KEY, salt DB_BLOB NOT NULL, "
	      "sealed_profile DB_BLOB NOT NULL, creator bigint NOT NULL, date bigint NOT NULL, "
	      "version integer NOT NULL, members integer NOT NULL, banned_rights bigint NOT NULL, "
	      "noforwards integer NOT NULL, deactivated integer NOT NULL, migrated_to bigint NOT "
	      "NULL)"},
	{111, "CREATE TABLE chat_members (chat bigint NOT NULL, user_id bigint NOT NULL, role "
	      "integer NOT NULL, inviter bigint NOT NULL, joined_at bigint NOT NULL, PRIMARY KEY "
	      "(chat, user_id))"},
	/* Also of groups that the account is out of: their titles as it knew them, sealed for it.
	 */
	{112, "CREATE TABLE user_chats (user_id bigint NOT NULL, chat bigint NOT NULL, state "
	      "integer NOT NULL, sealed_title DB_BLOB, since bigint NOT NULL, PRIMARY KEY "
	      "(user_id, chat))"},
	{120, "CREATE INDEX messages_pinned ON messages (owner, peer_kind, peer, id) WHERE pinned "
	      "<> "
	      "0"},
	{121, "CREATE INDEX messages_attention ON messages (owner, peer_kind, peer, id) WHERE "
	      "attention <> 0"},
	{122, "CREATE INDEX messages_saved ON messages (owner, saved_kind, saved_peer, id) WHERE "
	      "saved_kind <> 0"},
	{123, "CREATE INDEX messages_content ON messages (owner, peer_kind, peer, id) WHERE "
	      "content <> 0"},
	/* After what time messages of a chat destroy themselves (peer_kind 0: of chats that the
	 * owner begins); when an owner read how far, for a week. */
	{124, "CREATE TABLE history_ttls (owner bigint NOT NULL, peer_kind integer NOT NULL, peer "
	      "bigint NOT NULL, period integer NOT NULL, PRIMARY KEY (owner, peer_kind, peer))"},
	{125, "CREATE TABLE read_dates (owner bigint NOT NULL, peer_kind integer NOT NULL, peer "
	      "bigint NOT NULL, max_id integer NOT NULL, read_at bigint NOT NULL, PRIMARY KEY "
	      "(owner, peer_kind, peer, max_id))"},
	{126, "CREATE INDEX read_dates_age ON read_dates (read_at)"},
	/* Polls: what is asked, how it stands, who chose what, all sealed for who made the poll.
	   The message is the maker's own; close_at: while it runs. */
	{130, "CREATE TABLE polls (owner bigint NOT NULL, id bigint NOT NULL, sealed_poll DB_BLOB "
	      "NOT NULL, sealed_tally DB_BLOB NOT NULL, closed integer NOT NULL, close_at bigint, "
	      "peer_kind integer NOT NULL, peer bigint NOT NULL, message integer NOT NULL, PRIMARY "
	      "KEY (owner, id))"},
	{131, "CREATE INDEX polls_close ON polls (close_at, owner, id) WHERE close_at IS NOT NULL "
	      "AND closed = 0"},
	{132, "CREATE TABLE poll_votes (owner bigint NOT NULL, poll bigint NOT NULL, voter bigint "
	      "NOT NULL, sealed_options DB_BLOB NOT NULL, voted_at bigint NOT NULL, PRIMARY KEY "
	      "(owner, poll, voter))"},
	{133, "CREATE INDEX poll_votes_order ON poll_votes (owner, poll, voted_at, voter)"},
	/* What an account likes to react with; what a group allows, sealed for the group. */
	{134, "CREATE TABLE reaction_settings (owner bigint NOT NULL PRIMARY KEY, sealed_settings "
	      "DB_BLOB NOT NULL)"},
	{135, "CREATE TABLE chat_reactions (chat bigint NOT NULL PRIMARY KEY, sealed_rules DB_BLOB "
	      "NOT NULL)"},
	/* Messages to be sent later, with ids of their own; send_at 2147483646: when the other is
	   here. */
	{136, "CREATE TABLE scheduled (owner bigint NOT NULL, id integer NOT NULL, peer_kind "
	      "integer NOT NULL, peer bigint NOT NULL, send_at bigint NOT NULL, random_id bigint, "
	      "sealed_body DB_BLOB NOT NULL, PRIMARY KEY (owner, id))"},
	{137, "CREATE INDEX scheduled_due ON scheduled (send_at, owner, id)"},
	{138, "CREATE INDEX scheduled_peer ON scheduled (owner, peer_kind, peer, send_at, id)"},
	{139, "CREATE UNIQUE INDEX scheduled_random ON scheduled (owner, random_id) WHERE "
	      "random_id "
	      "IS NOT NULL"},
	/* Where a line of the chat list stands: in which folder, pinned (the higher first), marked.
	 */
	{140, "ALTER TABLE dialogs ADD COLUMN folder integer NOT NULL DEFAULT 0"},
	{141, "ALTER TABLE dialogs ADD COLUMN unread_mark integer NOT NULL DEFAULT 0"},
	{142, "CREATE INDEX dialogs_place ON dialogs (owner, folder, pinned, top_date)"},
	{143, "DROP INDEX dialogs_order"},
	{144, "ALTER TABLE memberships ADD COLUMN folder integer NOT NULL DEFAULT 0"},
	{145, "ALTER TABLE memberships ADD COLUMN pinned integer NOT NULL DEFAULT 0"},
	{146, "ALTER TABLE memberships ADD COLUMN unread_mark integer NOT NULL DEFAULT 0"},
	/* Of an account and one chat, or a kind of chats (peer_kind 0), or a folder: what it set
	   there, sealed. kind: enum home_setting. */
	{147, "CREATE TABLE chat_settings (owner bigint NOT NULL, kind integer NOT NULL, peer_kind "
	      "integer NOT NULL, peer bigint NOT NULL, position integer NOT NULL, sealed_value "
	      "DB_BLOB, changed_at bigint NOT NULL, PRIMARY KEY (owner, kind, peer_kind, peer))"},
	/* What is looked for by more than its key, so that no query walks over a whole table. */
	{180, "CREATE INDEX email_codes_age ON email_codes (expires_at)"},
	{181, "CREATE INDEX invitations_kind ON invitations (kind, expires_at)"},
	{182, "CREATE INDEX login_exports_user ON login_exports (user_id)"},
	{183, "CREATE INDEX login_tokens_age ON login_tokens (expires_at)"},
	/* The lines of a chat list in their order, with what is counted and summed up over them. */
	{184, "CREATE INDEX dialogs_line ON dialogs (owner, folder, pinned, top_date, top_id, "
	      "unread)"},
	{185, "DROP INDEX dialogs_place"},

	/* Where a member stands: in the account's row, which each of its calls reads, and in the
	 * channel's. by_user named or restricted it last. sealed_rank is under the account's salt.
	 */
	{200, "ALTER TABLE memberships ADD COLUMN admin_rights bigint NOT NULL DEFAULT 0"},
	{201, "ALTER TABLE memberships ADD COLUMN banned_rights bigint NOT NULL DEFAULT 0"},
	{202, "ALTER TABLE memberships ADD COLUMN until_at bigint NOT NULL DEFAULT 0"},
	{203, "ALTER TABLE members ADD COLUMN admin_rights bigint NOT NULL DEFAULT 0"},
	{204, "ALTER TABLE members ADD COLUMN banned_rights bigint NOT NULL DEFAULT 0"},
	{205, "ALTER TABLE members ADD COLUMN until_at bigint NOT NULL DEFAULT 0"},
	{206, "ALTER TABLE members ADD COLUMN inviter bigint NOT NULL DEFAULT 0"},
	{207, "ALTER TABLE members ADD COLUMN by_user bigint NOT NULL DEFAULT 0"},
	{208, "ALTER TABLE members ADD COLUMN changed_at bigint NOT NULL DEFAULT 0"},
	{209, "ALTER TABLE members ADD COLUMN sealed_rank DB_BLOB"},
	{210, "CREATE INDEX members_leaders ON members (channel, user_id) WHERE role > 2 AND role "
	      "< 5"},
	{211, "DROP INDEX members_admins"},
	{212, "CREATE INDEX members_kicked ON members (channel, user_id) WHERE role = 5"},
	{213, "CREATE INDEX members_restricted ON members (channel, user_id) WHERE role < 5 AND "
	      "banned_rights <> 0"},
	/* core/channels/channel_settings.h */
	{214, "ALTER TABLE channels ADD COLUMN settings DB_BLOB"},
	/* thread: the post whose thread it is in, 0: none. */
	{215, "ALTER TABLE posts ADD COLUMN pinned integer NOT NULL DEFAULT 0"},
	{216, "ALTER TABLE posts ADD COLUMN forwards bigint NOT NULL DEFAULT 0"},
	{217, "ALTER TABLE posts ADD COLUMN thread integer NOT NULL DEFAULT 0"},
	{218, "CREATE INDEX posts_thread ON posts (channel, thread, id) WHERE thread <> 0"},
	{219, "CREATE INDEX posts_pinned ON posts (channel, id) WHERE pinned <> 0"},
	/* The channel in whose name a post stands; 0: the author's own, or the channel's it is in.
	 */
	{220, "ALTER TABLE post_authors ADD COLUMN shown bigint NOT NULL DEFAULT 0"},

	{229, "CREATE INDEX post_authors_author ON post_authors (channel, author, post)"},
	/* What admins did, and who came and went, for 48 hours. filter: of which of the kinds that
	 * a client asks for; sealed for the actor. */
	{230, "CREATE TABLE admin_log (channel bigint NOT NULL, id bigint NOT NULL, actor bigint "
	      "NOT NULL, at bigint NOT NULL, event integer NOT NULL, filter integer NOT NULL, "
	      "sealed_entry DB_BLOB NOT NULL, PRIMARY KEY (channel, id))"},
	{231, "CREATE INDEX admin_log_filter ON admin_log (channel, filter, id)"},
	{232, "CREATE INDEX admin_log_age ON admin_log (at)"},
	{233, "CREATE INDEX admin_log_actor ON admin_log (actor)"},
	/* Who is restricted, also while he is out (role 6); numbers that are shown; what ends. */
	{234, "DROP INDEX members_restricted"},
	{235, "CREATE INDEX members_limited ON members (channel, user_id) WHERE role <> 5 AND "
	      "banned_rights <> 0"},
	{236, "ALTER TABLE member_counts ADD COLUMN kicked bigint NOT NULL DEFAULT 0"},
	{237, "ALTER TABLE member_counts ADD COLUMN limited bigint NOT NULL DEFAULT 0"},
	{238, "CREATE INDEX members_until ON members (until_at) WHERE until_at > 0"},
	/* Of groups in slow mode: when the account last wrote. */
	{239, "ALTER TABLE memberships ADD COLUMN sent_at bigint NOT NULL DEFAULT 0"},

	{241, "ALTER TABLE posts ADD COLUMN expires_at bigint"},
	{242, "CREATE INDEX posts_expiry ON posts (expires_at, channel, id) WHERE expires_at IS "
	      "NOT "
	      "NULL"},
	/* Deleted, with more to it than one call takes away. */
	{243, "CREATE TABLE doomed_channels (channel bigint NOT NULL PRIMARY KEY, broadcast "
	      "integer "
	      "NOT NULL)"},
	/* core/channels/invite_links.h. hash: of a link's secret; sealed_text: the secret and the
	 * title, under the salt of the account that made it. */
	{250, "CREATE TABLE invite_links (hash DB_BLOB NOT NULL PRIMARY KEY, peer_kind integer NOT "
	      "NULL, peer bigint NOT NULL, admin bigint NOT NULL, sealed_text DB_BLOB NOT NULL, "
	      "made_at bigint NOT NULL, until_at bigint NOT NULL, use_limit integer NOT NULL, uses "
	      "integer NOT NULL, requested integer NOT NULL, asks integer NOT NULL, permanent "
	      "integer NOT NULL, revoked integer NOT NULL)"},
	{251, "CREATE INDEX invite_links_list ON invite_links (peer_kind, peer, admin, revoked, "
	      "made_at, hash)"},
	{252, "CREATE INDEX invite_links_admin ON invite_links (admin)"},
	/* Who came by a link, or asked to (waits): hash is the link's, NULL where it asked in a
	 * public channel. */
	{253, "CREATE TABLE joins (peer_kind integer NOT NULL, peer bigint NOT NULL, user_id "
	      "bigint "
	      "NOT NULL, hash DB_BLOB, waits integer NOT NULL, date bigint NOT NULL, approved_by "
	      "bigint NOT NULL, PRIMARY KEY (peer_kind, peer, user_id))"},
	{254, "CREATE INDEX joins_link ON joins (peer_kind, peer, hash, waits, date, user_id)"},
	{255, "CREATE INDEX joins_waiting ON joins (peer_kind, peer, date, user_id) WHERE waits = "
	      "1"},
	{256, "CREATE INDEX joins_user ON joins (user_id, waits)"},
	{257, "CREATE TABLE join_counts (peer_kind integer NOT NULL, peer bigint NOT NULL, waiting "
	      "bigint NOT NULL, PRIMARY KEY (peer_kind, peer))"},

	/* Whom a post of the square names by number (core/posts/post_people.h), under its author's
	 * salt.
	 */
	{260, "ALTER TABLE post_authors ADD COLUMN sealed_people DB_BLOB"},
	/* Bits of enum message_content. */
	{261, "ALTER TABLE posts ADD COLUMN content integer NOT NULL DEFAULT 0"},
	{262, "CREATE INDEX posts_content ON posts (channel, id) WHERE content <> 0"},
	/* Posts up to this one are gone for the account. */
	{263, "ALTER TABLE memberships ADD COLUMN available_min integer NOT NULL DEFAULT 0"},
	/* Where a member of a supergroup was named or answered; mentions: how many it has not
	 * looked at. */
	{264, "ALTER TABLE memberships ADD COLUMN mentions integer NOT NULL DEFAULT 0"},
	{265, "CREATE TABLE post_mentions (user_id bigint NOT NULL, channel bigint NOT NULL, post "
	      "integer NOT NULL, thread integer NOT NULL, unread integer NOT NULL, PRIMARY KEY "
	      "(user_id, channel, post))"},
	{266, "CREATE INDEX post_mentions_unread ON post_mentions (user_id, channel, post) WHERE "
	      "unread <> 0"},
	{267, "CREATE INDEX post_mentions_post ON post_mentions (channel, post)"},
	/* How far a supergroup was read by whoever read the most, and by anybody else. */
	{268, "CREATE TABLE channel_reads (channel bigint NOT NULL PRIMARY KEY, reader bigint NOT "
	      "NULL, max_id integer NOT NULL, other_id integer NOT NULL)"},
	/* Which of the 64 posts below `viewed` the account was counted for. */
	{269, "ALTER TABLE memberships ADD COLUMN viewed_bits bigint NOT NULL DEFAULT 0"},
	/* Threads. replies and replies_top are of the post that a thread is about; discussion: of a
	 * channel's post its copy in the linked group, of that copy the post. thread 0: in none. */
	{270, "ALTER TABLE posts ADD COLUMN replies integer NOT NULL DEFAULT 0"},
	{271, "ALTER TABLE posts ADD COLUMN replies_top integer NOT NULL DEFAULT 0"},
	{272, "ALTER TABLE posts ADD COLUMN discussion bigint NOT NULL DEFAULT 0"},
	{273, "ALTER TABLE posts ADD COLUMN discussion_post integer NOT NULL DEFAULT 0"},
	{274, "DROP INDEX posts_thread"},
	{275, "CREATE INDEX posts_of_thread ON posts (channel, thread, id)"},
	/* Topics of a forum; title is sealed under the channel's salt in the home. pinned: the
	 * highest stands first. */
	{276, "CREATE TABLE topics (channel bigint NOT NULL, id integer NOT NULL, title DB_BLOB "
	      "NOT "
	      "NULL, color integer NOT NULL, emoji bigint NOT NULL, closed integer NOT NULL, "
	      "hidden integer NOT NULL, pinned integer NOT NULL, top_id integer NOT NULL, date "
	      "bigint NOT NULL, PRIMARY KEY (channel, id))"},
	{277, "CREATE INDEX topics_order ON topics (channel, pinned, top_id)"},
	/* Who answered last in a thread (a channel counts below zero), how far others than the
	 * author have read it, and how far each account has. */
	{278, "CREATE TABLE threads (channel bigint NOT NULL, thread integer NOT NULL, recent_1 "
	      "bigint NOT NULL, recent_2 bigint NOT NULL, recent_3 bigint NOT NULL, read_max "
	      "integer NOT NULL, PRIMARY KEY (channel, thread))"},
	{279, "CREATE TABLE thread_reads (user_id bigint NOT NULL, channel bigint NOT NULL, thread "
	      "integer NOT NULL, read_id integer NOT NULL, PRIMARY KEY (user_id, channel, "
	      "thread))"},
	/* How often each reaction was used on the post. */
	{280, "ALTER TABLE posts ADD COLUMN reactions DB_BLOB"},
	/* kind: the place in the list of reactions (core/messages/reaction_kinds.c). */
	{281, "CREATE TABLE post_reactions (channel bigint NOT NULL, post integer NOT NULL, "
	      "user_id "
	      "bigint NOT NULL, kind integer NOT NULL, big integer NOT NULL, reacted_at bigint NOT "
	      "NULL, PRIMARY KEY (channel, post, user_id))"},
	{282, "CREATE INDEX post_reactions_order ON post_reactions (channel, post, reacted_at, "
	      "user_id)"},
	{283, "CREATE INDEX post_reactions_kind ON post_reactions (channel, post, kind, "
	      "reacted_at, "
	      "user_id)"},
	{284, "CREATE INDEX post_reactions_user ON post_reactions (user_id)"},
	/* Posts of the owner that somebody reacted to since he looked. */
	{285, "CREATE TABLE unread_reactions (owner bigint NOT NULL, channel bigint NOT NULL, post "
	      "integer NOT NULL, thread integer NOT NULL, since bigint NOT NULL, PRIMARY KEY "
	      "(owner, channel, post))"},
	{286, "CREATE INDEX unread_reactions_post ON unread_reactions (channel, post)"},
	{287, "CREATE INDEX thread_reads_channel ON thread_reads (channel)"},
	/* Posts (0: the channel with all of them) that are gone, and whose reactions and votes are
	 * still to be deleted, piece by piece. */
	{288, "CREATE TABLE channel_remains (channel bigint NOT NULL, post integer NOT NULL, "
	      "PRIMARY KEY (channel, post))"},
	/* Of channels that have polls: what these are sealed under, wherever the channel lives. */
	{289, "CREATE TABLE channel_salts (channel bigint NOT NULL PRIMARY KEY, salt DB_BLOB NOT "
	      "NULL)"},
	/* While a channel moves: rest_above < id <= rest_upto are posts still in the square.
	 * away_at: it went public then, and what is still here goes. */
	{290, "ALTER TABLE channels ADD COLUMN rest_above integer NOT NULL DEFAULT 0"},
	{291, "ALTER TABLE channels ADD COLUMN rest_upto integer NOT NULL DEFAULT 0"},
	{292, "ALTER TABLE channels ADD COLUMN away_at bigint NOT NULL DEFAULT 0"},
	{293, "CREATE INDEX channels_moving ON channels (id) WHERE rest_upto > 0"},
	{294, "CREATE INDEX channels_away ON channels (id) WHERE away_at <> 0"},
	/* Who made which report; both hashes are keyed. */
	{310, "CREATE TABLE report_receipts (report_hash DB_BLOB NOT NULL PRIMARY KEY, owner "
	      "bigint NOT NULL, subject_hash DB_BLOB NOT NULL, created_at bigint NOT NULL, "
	      "told_at bigint NOT NULL)"},
	{311, "CREATE INDEX report_receipts_owner ON report_receipts (owner, subject_hash)"},
	{312, "CREATE INDEX report_receipts_age ON report_receipts (created_at)"},
	/* Statistics: what was counted on a day (of 86400 seconds since 1970), in a channel, of a
	 * person in a group, of a post; and where posts stand as forwards. */
	{320, "CREATE TABLE channel_days (channel bigint NOT NULL, day integer NOT NULL, members "
	      "bigint NOT NULL, joins bigint NOT NULL, leaves bigint NOT NULL, posts bigint NOT "
	      "NULL, views bigint NOT NULL, forwards bigint NOT NULL, reactions bigint NOT NULL, "
	      "people integer NOT NULL, PRIMARY KEY (channel, day))"},
	{321, "CREATE TABLE channel_day_people (channel bigint NOT NULL, day integer NOT NULL, "
	      "user_id bigint NOT NULL, messages bigint NOT NULL, chars bigint NOT NULL, deleted "
	      "bigint NOT NULL, banned bigint NOT NULL, invited bigint NOT NULL, PRIMARY KEY "
	      "(channel, day, user_id))"},
	{322, "CREATE TABLE post_days (channel bigint NOT NULL, post integer NOT NULL, day integer "
	      "NOT NULL, views bigint NOT NULL, forwards bigint NOT NULL, PRIMARY KEY (channel, "
	      "post, day))"},
	{323, "CREATE TABLE channel_forwards (channel bigint NOT NULL, post integer NOT NULL, "
	      "at_channel bigint NOT NULL, at_post integer NOT NULL, PRIMARY KEY (channel, post, "
	      "at_channel, at_post))"},
	{324, "CREATE INDEX channel_days_age ON channel_days (day)"},
	{325, "CREATE INDEX channel_day_people_age ON channel_day_people (day)"},
	{326, "CREATE INDEX post_days_age ON post_days (day)"},
	{327, "CREATE INDEX channel_day_people_user ON channel_day_people (user_id)"},
	{328, "CREATE INDEX channel_forwards_at ON channel_forwards (at_channel)"},
	/* What was written in the name of a channel. */
	{400, "CREATE INDEX post_authors_shown ON post_authors (channel, shown, post) WHERE shown "
	      "<> 0"},
	/* For the account's devices that were away. */
	{401, "ALTER TABLE memberships ADD COLUMN changed_at bigint NOT NULL DEFAULT 0"},
	/* Also those of one in a channel; and whose reactions an admin takes out of one, piece by
	   piece. */
	{402, "CREATE INDEX post_reactions_of ON post_reactions (user_id, channel, post)"},
	{403, "DROP INDEX post_reactions_user"},
	{404, "CREATE TABLE reactions_taken (channel bigint NOT NULL, user_id bigint NOT NULL, "
	      "PRIMARY KEY (user_id, channel))"},
	/* What posts gained that are still in the square, which their channel has left. */
	{410, "CREATE TABLE post_counts (channel bigint NOT NULL, post integer NOT NULL, views "
	      "bigint NOT NULL, forwards bigint NOT NULL, replies integer NOT NULL, replies_top "
	      "integer NOT NULL, PRIMARY KEY (channel, post))"},
	{411, "CREATE INDEX polls_place ON polls (owner, message)"},
	/* Of a channel's queue (owner below zero): who wrote it, and in whose name (a channel
	 * below zero; 0: nobody was named). */
	{412, "ALTER TABLE scheduled ADD COLUMN author bigint NOT NULL DEFAULT 0"},
	{413, "ALTER TABLE scheduled ADD COLUMN send_as bigint NOT NULL DEFAULT 0"},
	{414, "UPDATE scheduled SET author = owner"},
	{415, "CREATE INDEX scheduled_author ON scheduled (author)"},
	{490, "ALTER TABLE channel_day_people ADD COLUMN kicked bigint NOT NULL DEFAULT 0"},
	/* What orders amount to beside the restriction: a warning, no new posts until then. */
	{510, "ALTER TABLE channels ADD COLUMN label_text text"},
	{511, "ALTER TABLE channels ADD COLUMN frozen_until bigint NOT NULL DEFAULT 0"},
	{512, "ALTER TABLE posts ADD COLUMN labelled_by bigint"},
	/* Votes in the poll of a channel's post, as of the day when each was given. */
	{513, "ALTER TABLE post_days ADD COLUMN votes bigint NOT NULL DEFAULT 0"},
	/* What a bot has not heard yet (owner: the bot), and the presses of buttons that it has not
	 * answered yet. */
	{530, "CREATE TABLE bot_updates (owner bigint NOT NULL, id bigint NOT NULL, kind integer "
	      "NOT NULL, peer_kind integer NOT NULL, peer bigint NOT NULL, message integer NOT "
	      "NULL, actor bigint NOT NULL, query bigint NOT NULL, sealed_data DB_BLOB, created_at "
	      "bigint NOT NULL, PRIMARY KEY (owner, id))"},
	{531, "CREATE TABLE bot_queries (owner bigint NOT NULL, id bigint NOT NULL, created_at "
	      "bigint NOT NULL, PRIMARY KEY (owner, id))"},
	{532, "CREATE INDEX bot_updates_age ON bot_updates (created_at)"},
	{533, "CREATE INDEX bot_queries_age ON bot_queries (created_at)"},
	{534, "CREATE INDEX bot_updates_actor ON bot_updates (actor)"},
	/* Channels whose owner has left; 0: that account has ended. */
	{640, "CREATE TABLE channel_heirs (channel bigint NOT NULL, departed bigint NOT NULL, heir "
	      "bigint NOT NULL, due_at bigint NOT NULL, PRIMARY KEY (channel))"},
	{641, "CREATE INDEX channel_heirs_due ON channel_heirs (due_at)"},
	{642, "CREATE INDEX channel_heirs_departed ON channel_heirs (departed)"},
	{643, "CREATE INDEX channel_heirs_heir ON channel_heirs (heir)"},
	{650, "CREATE TABLE bot_commands (owner bigint NOT NULL, place integer NOT NULL, language "
	      "text NOT NULL, position integer NOT NULL, name text NOT NULL, about text NOT NULL, "
	      "PRIMARY KEY (owner, place, language, position))"},
	{651, "ALTER TABLE bot_tokens ADD COLUMN version integer NOT NULL DEFAULT 1"},
#include "store/home_steps_later.def"
	{0, NULL},
};
