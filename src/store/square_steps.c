/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema of the square database, step by step. A step never changes once released; new ones go to
 * the end. Everything here is public or the desk's: no account's number, name or membership, no
 * author of a post.
 */
#include "store/square_steps.h"

const struct db_step square_steps[] = {
	{1, "CREATE TABLE counters (owner bigint NOT NULL, name text NOT NULL, value bigint NOT "
	    "NULL,"
	    " PRIMARY KEY (owner, name))"},

	/* Public names, lower case. peer_kind as enum peer_kind. */
	{2, "CREATE TABLE usernames (name text NOT NULL PRIMARY KEY, peer_kind integer NOT NULL, "
	    "peer bigint NOT"
	    " NULL)"},
	/* members is a copy of the home's count. The restriction_* columns are what the last orders
	 * amount to; the messenger writes them when it executes an order. leaving_at is set when
	 * the channel has gone private and this copy is about to be deleted: it is public no
	 * more. */
	{3, "CREATE TABLE channels (id bigint NOT NULL PRIMARY KEY, title text NOT NULL, about "
	    "text NOT NULL,"
	    " username text NOT NULL, broadcast integer NOT NULL, date bigint NOT NULL, pts "
	    "integer NOT NULL, top_id"
	    " integer NOT NULL, members bigint NOT NULL, restricted_everywhere integer NOT NULL,"
	    " restricted_countries text, restriction_text text, restriction_reason text,"
	    " post_count bigint NOT NULL DEFAULT 0, leaving_at bigint)"},
	{4, "CREATE TABLE posts (channel bigint NOT NULL, id integer NOT NULL, date bigint NOT "
	    "NULL, edit_date bigint"
	    " NOT NULL, action integer NOT NULL, body DB_BLOB NOT NULL, text text NOT NULL, views "
	    "bigint NOT NULL,"
	    " random_id bigint, hidden_by bigint, PRIMARY KEY (channel, id))"},
	{5, "CREATE UNIQUE INDEX posts_random ON posts (channel, random_id) WHERE random_id IS NOT "
	    "NULL"},
	{6, "CREATE TABLE channel_events (channel bigint NOT NULL, pts integer NOT NULL, pts_count "
	    "integer NOT NULL,"
	    " kind integer NOT NULL, post integer NOT NULL, ids DB_BLOB, date bigint NOT NULL, "
	    "PRIMARY KEY (channel,"
	    " pts))"},

	/*
	 * Orders: written by the desk, executed by the messenger, which sets executed_at and
	 * outcome ('done' or a reason why not). post 0: the whole channel. action: remove,
	 * restrict, restore. countries: "DE,ID" for restrict. text is what readers see instead;
	 * letter is the statement of reasons for the owner.
	 */
	{7, "CREATE TABLE orders (id bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, channel "
	    "bigint NOT NULL,"
	    " post integer NOT NULL, action text NOT NULL, countries text, text text NOT NULL, "
	    "reason text NOT NULL,"
	    " letter text NOT NULL, created_at bigint NOT NULL, executed_at bigint, outcome text)"},
	{8, "CREATE INDEX orders_open ON orders (id) WHERE executed_at IS NULL"},
	/*
	 * The desk, from 100 on (square_desk_*.h). case_events and ledger only grow; cases is what
	 * the events amount to and can be made again from them. Grants hold a hash of their token.
	 */
	{100, "CREATE TABLE desk_grants (id bigint NOT NULL PRIMARY KEY, token_hash DB_BLOB NOT "
	      "NULL, "
	      "role text NOT NULL, name text NOT NULL, langs text NOT NULL, country text NOT NULL, "
	      "created_at bigint NOT NULL, revoked_at bigint)"},
	{101, "CREATE UNIQUE INDEX desk_grants_token ON desk_grants (token_hash)"},
	{102, "CREATE TABLE cases (id bigint NOT NULL PRIMARY KEY, channel bigint NOT NULL, post "
	      "integer NOT NULL, name text NOT NULL, salt DB_BLOB NOT NULL, previous bigint NOT "
	      "NULL, "
	      "state text NOT NULL, category text NOT NULL, lane text NOT NULL, clock_at bigint "
	      "NOT "
	      "NULL, due_at bigint NOT NULL, priority bigint NOT NULL, notices integer NOT NULL, "
	      "claimed_by bigint NOT NULL, claimed_until bigint NOT NULL, action text NOT NULL, "
	      "countries text NOT NULL, decided_by bigint NOT NULL, decided_at bigint NOT NULL, "
	      "order_id bigint NOT NULL, in_force integer NOT NULL, met integer NOT NULL, head_seq "
	      "integer NOT NULL, head_hash DB_BLOB NOT NULL)"},
	{103, "CREATE INDEX cases_subject ON cases (channel, post)"},
	{104, "CREATE INDEX cases_open ON cases (priority, due_at) WHERE state = 'open'"},
	{105, "CREATE TABLE case_events (case_id bigint NOT NULL, seq integer NOT NULL, at bigint "
	      "NOT "
	      "NULL, actor bigint NOT NULL, kind text NOT NULL, data text NOT NULL, hash DB_BLOB "
	      "NOT "
	      "NULL, PRIMARY KEY (case_id, seq))"},
	/* lane as in the SOP; reporter 0: a sensor. */
	{106, "CREATE TABLE notices (id bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, "
	      "reporter "
	      "bigint NOT NULL, lane text NOT NULL, subject text NOT NULL, category text NOT NULL, "
	      "law "
	      "text NOT NULL, reasons text NOT NULL, created_at bigint NOT NULL)"},
	{107, "CREATE INDEX notices_case ON notices (case_id, id)"},
	/* What the moderator saw, frozen at claim number seq (the event's). */
	{108, "CREATE TABLE evidence (case_id bigint NOT NULL, seq integer NOT NULL, item integer "
	      "NOT "
	      "NULL, taken_at bigint NOT NULL, content text NOT NULL, PRIMARY KEY (case_id, seq, "
	      "item))"},
	/* One per order; executed_at is the desk's note that it saw the order executed. */
	{109, "CREATE TABLE statements (order_id bigint NOT NULL PRIMARY KEY, case_id bigint NOT "
	      "NULL, "
	      "action text NOT NULL, countries text NOT NULL, category text NOT NULL, lane text "
	      "NOT "
	      "NULL, law text NOT NULL, facts text NOT NULL, ground text NOT NULL, redress text "
	      "NOT "
	      "NULL, automated_detection integer NOT NULL, automated_decision integer NOT NULL, "
	      "notice_at bigint NOT NULL, created_at bigint NOT NULL, executed_at bigint, "
	      "executed_ms "
	      "bigint, outcome text)"},
	{110, "CREATE INDEX statements_unsettled ON statements (order_id) WHERE executed_at IS "
	      "NULL"},
	{111, "CREATE TABLE ledger (leaf bigint NOT NULL PRIMARY KEY, order_id bigint NOT NULL, "
	      "entry "
	      "DB_BLOB NOT NULL, created_at bigint NOT NULL)"},
	{112, "CREATE TABLE desk_refusals (day text NOT NULL, lane text NOT NULL, reason text NOT "
	      "NULL, "
	      "count bigint NOT NULL, PRIMARY KEY (day, lane, reason))"},
	{113, "CREATE TABLE desk_marks (name text NOT NULL PRIMARY KEY, value bigint NOT NULL)"},
	{114, "CREATE INDEX channel_events_date ON channel_events (date)"},
	{115, "CREATE INDEX notices_day ON notices (created_at)"},

	/* The few channels on their way home, among all that are public. */
	{116, "CREATE INDEX channels_leaving ON channels (id) WHERE leaving_at IS NOT NULL"},

	/* What the desk asks again and again: it must not walk over all that ever was. */
	{117, "CREATE INDEX notices_same ON notices (lane, subject)"},
	{118, "CREATE INDEX cases_state ON cases (state, priority DESC, due_at, id)"},
	{119, "CREATE INDEX cases_decided ON cases (decided_at)"},
	{120, "CREATE INDEX cases_met ON cases (state, met)"},
	{121, "CREATE INDEX statements_day ON statements (created_at)"},

	/* As in the home. */
	{200, "ALTER TABLE channels ADD COLUMN settings DB_BLOB"},
	{201, "ALTER TABLE posts ADD COLUMN pinned integer NOT NULL DEFAULT 0"},
	{202, "ALTER TABLE posts ADD COLUMN forwards bigint NOT NULL DEFAULT 0"},
	{203, "ALTER TABLE posts ADD COLUMN thread integer NOT NULL DEFAULT 0"},
	{204, "CREATE INDEX posts_thread ON posts (channel, thread, id) WHERE thread <> 0"},
	{205, "CREATE INDEX posts_pinned ON posts (channel, id) WHERE pinned <> 0"},
	{241, "ALTER TABLE posts ADD COLUMN expires_at bigint"},
	{242, "CREATE INDEX posts_expiry ON posts (expires_at, channel, id) WHERE expires_at IS "
	      "NOT "
	      "NULL"},
	{260, "ALTER TABLE posts ADD COLUMN content integer NOT NULL DEFAULT 0"},
	{261, "CREATE INDEX posts_content ON posts (channel, id) WHERE content <> 0"},
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
	/* How often each reaction was used on the post. */
	{280, "ALTER TABLE posts ADD COLUMN reactions DB_BLOB"},

	/* While a channel moves: rest_above < id <= rest_upto are posts still in the home. */
	{290, "ALTER TABLE channels ADD COLUMN rest_above integer NOT NULL DEFAULT 0"},
	{291, "ALTER TABLE channels ADD COLUMN rest_upto integer NOT NULL DEFAULT 0"},
	{292, "CREATE INDEX channels_moving ON channels (id) WHERE rest_upto > 0"},

	/* square_search.h: words alone, made in C. */
	{300, "CREATE VIRTUAL TABLE posts_words USING fts5(words, tokenize = 'ascii', detail = "
	      "'none', "
	      "columnsize = 0, prefix = '2 3')"},
	{301, "CREATE VIRTUAL TABLE channels_words USING fts5(words, tokenize = 'ascii', detail = "
	      "'none', columnsize = 0, prefix = '2 3')"},
	{302, "CREATE TABLE post_tags (tag text NOT NULL, date bigint NOT NULL, channel bigint NOT "
	      "NULL, post integer NOT NULL, PRIMARY KEY (tag, date, channel, post))"},
	{303, "CREATE INDEX post_tags_post ON post_tags (channel, post)"},
	/* square_similar.h. similar_at: when its list was made. */
	{304, "CREATE TABLE similar_channels (channel bigint NOT NULL, position integer NOT NULL, "
	      "other bigint NOT NULL, PRIMARY KEY (channel, position))"},
	{305, "CREATE INDEX similar_other ON similar_channels (other)"},
	{306, "ALTER TABLE channels ADD COLUMN similar_at bigint NOT NULL DEFAULT 0"},
	{307, "CREATE INDEX channels_similar ON channels (broadcast, similar_at)"},
	/* Reports of readers (square_reports.h), without who made them; the desk takes them in
	 * (taken_at, case_id 0: refused) and writes what became of them; told_at: of the outcome
	 * that the reporter knows. */
	{310, "CREATE TABLE reports (id bigint NOT NULL PRIMARY KEY, channel bigint NOT NULL, post "
	      "integer NOT NULL, name text NOT NULL, category text NOT NULL, law text NOT NULL, "
	      "words text NOT NULL, created_at bigint NOT NULL, taken_at bigint NOT NULL, case_id "
	      "bigint NOT NULL, outcome text, outcome_at bigint NOT NULL, told_at bigint NOT NULL, "
	      "contact text, appeal_days bigint NOT NULL)"},
	{311, "CREATE INDEX reports_new ON reports (id) WHERE taken_at = 0"},
	{312, "CREATE INDEX reports_case ON reports (case_id)"},
	{313, "CREATE INDEX reports_untold ON reports (outcome_at, id) WHERE outcome_at > "
	      "told_at"},
	{314, "CREATE TABLE report_categories (position integer NOT NULL, language text NOT NULL, "
	      "name text NOT NULL, title text NOT NULL, laws text, PRIMARY KEY (position, "
	      "language))"},
	/* square_arrivals.h */
	{430, "CREATE TABLE arrivals (channel bigint NOT NULL PRIMARY KEY, below integer NOT "
	      "NULL)"},
	/* square_reindex.h: posts that were indexed without their days. */
	{440, "CREATE TABLE reindexed (channel bigint NOT NULL PRIMARY KEY, below integer NOT "
	      "NULL)"},
	{441, "INSERT INTO reindexed (channel, below) SELECT id, top_id + 1 FROM channels"},
	/* square_sops.h */
	{500, "CREATE TABLE sops (version bigint NOT NULL PRIMARY KEY, hash text NOT NULL, content "
	      "text NOT NULL, defaults text NOT NULL, since bigint NOT NULL)"},
	{501, "CREATE UNIQUE INDEX sops_hash ON sops (hash)"},
	/* square_desk_clocks.h */
	{502, "CREATE TABLE case_clocks (case_id bigint NOT NULL PRIMARY KEY, sop bigint NOT NULL, "
	      "acknowledge_due bigint NOT NULL, acknowledged_at bigint NOT NULL, notify_s bigint "
	      "NOT NULL, notify_due bigint NOT NULL, notified_at bigint NOT NULL, paused_at bigint "
	      "NOT NULL, paused_until bigint NOT NULL, reason text NOT NULL, question text NOT "
	      "NULL, paused_s bigint NOT NULL, step bigint NOT NULL, evidence integer NOT NULL)"},
	{503, "CREATE INDEX case_clocks_paused ON case_clocks (paused_until) WHERE paused_until > "
	      "0"},
	{504, "CREATE INDEX case_clocks_evidence ON case_clocks (case_id) WHERE evidence <> 0"},
	/* Measures (square_orders.h). ends_at: when an order ends by itself (seconds); ended_at
	 * (ms): when it ceased to hold, ended_by: the order that lifted it, 0: by itself. Also what
	 * is left of those that were lifted before there were such columns. */
	{510, "ALTER TABLE orders ADD COLUMN ends_at bigint"},
	{511, "ALTER TABLE orders ADD COLUMN ended_at bigint"},
	{512, "ALTER TABLE orders ADD COLUMN ended_by bigint"},
	{513, "UPDATE orders SET ended_at = executed_at, ended_by = (SELECT min(r.id) FROM orders "
	      "r WHERE r.channel = orders.channel AND r.post = orders.post AND r.action = "
	      "'restore' AND r.outcome = 'done' AND r.id > orders.id) WHERE EXISTS (SELECT 1 FROM "
	      "orders r WHERE r.channel = orders.channel AND r.post = orders.post AND r.action = "
	      "'restore' AND r.outcome = 'done' AND r.id > orders.id)"},
	{514, "CREATE INDEX orders_holding ON orders (channel, post, id) WHERE ended_at IS NULL"},
	{515, "CREATE INDEX orders_ending ON orders (ends_at) WHERE ends_at IS NOT NULL AND "
	      "ended_at IS NULL"},
	/* The letter in other languages than orders.letter. */
	{516, "CREATE TABLE order_letters (order_id bigint NOT NULL, language text NOT NULL, "
	      "letter text NOT NULL, PRIMARY KEY (order_id, language))"},
	/* As in the home. */
	{517, "ALTER TABLE channels ADD COLUMN label_text text"},
	{518, "ALTER TABLE channels ADD COLUMN frozen_until bigint NOT NULL DEFAULT 0"},
	{519, "ALTER TABLE posts ADD COLUMN labelled_by bigint"},
	/*
	 * People of the desk (square_desk_people.h): each has a row of desk_grants with the same
	 * number, whose token nobody has. Secrets are hashed or sealed. desk_log only grows and is
	 * chained as case_events are.
	 */
	{520, "CREATE TABLE people (id bigint NOT NULL PRIMARY KEY, sign_in text NOT NULL, "
	      "categories text NOT NULL, countries text NOT NULL, regions text NOT NULL, shifts "
	      "text "
	      "NOT NULL, secret_hash DB_BLOB, secret_until bigint NOT NULL, password text, "
	      "totp DB_BLOB, totp_new DB_BLOB, totp_step bigint NOT NULL, "
	      "recovery DB_BLOB)"},
	{521, "CREATE UNIQUE INDEX people_sign_in ON people (sign_in)"},
	{522, "CREATE TABLE desk_sessions (token_hash DB_BLOB NOT NULL PRIMARY KEY, person bigint "
	      "NOT NULL, created_at bigint NOT NULL, seen_at bigint NOT NULL, address DB_BLOB NOT "
	      "NULL, moved integer NOT NULL)"},
	{523, "CREATE INDEX desk_sessions_person ON desk_sessions (person)"},
	{524, "CREATE TABLE desk_tries (about DB_BLOB NOT NULL PRIMARY KEY, failed integer NOT "
	      "NULL, "
	      "since bigint NOT NULL)"},
	{525, "CREATE TABLE desk_log (seq bigint NOT NULL PRIMARY KEY, at bigint NOT NULL, actor "
	      "bigint NOT NULL, kind text NOT NULL, person bigint NOT NULL, data text NOT NULL, "
	      "hash "
	      "DB_BLOB NOT NULL)"},
	{526, "CREATE INDEX desk_tries_since ON desk_tries (since)"},
	{527, "CREATE INDEX desk_sessions_seen ON desk_sessions (seen_at)"},
	{528, "CREATE INDEX desk_sessions_created ON desk_sessions (created_at)"},
	{529, "CREATE INDEX ledger_order ON ledger (order_id)"},
	/* The authority or flagger whose officer it is; 0: none's. */
	{530, "ALTER TABLE people ADD COLUMN acts_for bigint NOT NULL DEFAULT 0"},
	/* square_desk_outbox.h */
	{535, "CREATE TABLE desk_outbox (id bigint NOT NULL PRIMARY KEY, request bigint NOT NULL, "
	      "way text NOT NULL, address text NOT NULL, subject text NOT NULL, body text NOT "
	      "NULL, extra text NOT NULL, edits bigint NOT NULL, answers bigint NOT NULL, case_id "
	      "bigint NOT NULL, created_at bigint NOT NULL, next_at bigint NOT NULL, tries bigint "
	      "NOT NULL, settled_at bigint NOT NULL, outcome text NOT NULL, result bigint NOT "
	      "NULL)"},
	{536, "CREATE INDEX desk_outbox_line ON desk_outbox (way, address, id) WHERE settled_at = "
	      "0"},
	{537, "CREATE INDEX desk_outbox_due ON desk_outbox (way, next_at, id) WHERE settled_at = "
	      "0"},
	{538, "CREATE INDEX desk_outbox_settled ON desk_outbox (settled_at) WHERE settled_at > "
	      "0"},
	/* square_desk_metrics.h: a projection of the events. */
	{540, "CREATE TABLE metrics (case_id bigint NOT NULL, seq integer NOT NULL, what text NOT "
	      "NULL, day text NOT NULL, lane text NOT NULL, category text NOT NULL, country text "
	      "NOT NULL, language text NOT NULL, seconds bigint NOT NULL, PRIMARY KEY (case_id, "
	      "seq, what))"},
	{541, "CREATE INDEX metrics_day ON metrics (day)"},
	{542, "CREATE TABLE metric_cases (case_id bigint NOT NULL PRIMARY KEY, country text NOT "
	      "NULL, language text NOT NULL, clock_at bigint NOT NULL, acknowledged bigint NOT "
	      "NULL, order_id bigint NOT NULL, ordered_at bigint NOT NULL, order_action text NOT "
	      "NULL, judged bigint NOT NULL)"},
	{543, "CREATE TABLE metric_appeals (appeal bigint NOT NULL PRIMARY KEY, at bigint NOT "
	      "NULL)"},
	/* enum desk_submission */
	{544, "ALTER TABLE statements ADD COLUMN submitted integer NOT NULL DEFAULT 0"},
	{545, "CREATE INDEX statements_unsubmitted ON statements (order_id) WHERE submitted = 0"},
	/* square_desk_keys.h: whose requests are signed. ends_at 0: no end is set. */
	{550, "CREATE TABLE desk_keys (id bigint NOT NULL PRIMARY KEY, grant_id bigint NOT NULL, "
	      "public_key DB_BLOB NOT NULL, created_at bigint NOT NULL, ends_at bigint NOT NULL)"},
	{551, "CREATE TABLE desk_nonces (key_id bigint NOT NULL, nonce text NOT NULL, ends_at "
	      "bigint NOT NULL, PRIMARY KEY (key_id, nonce))"},
	{552, "CREATE INDEX desk_nonces_end ON desk_nonces (ends_at)"},
	{553, "CREATE TABLE desk_competences (grant_id bigint NOT NULL, category text NOT NULL, "
	      "PRIMARY KEY (grant_id, category))"},
	/* square_desk_contacts.h: how authorities and flaggers reach the desk. user_id 0: not known
	 * yet; ended_at 0: in force. */
	{554, "CREATE TABLE desk_officers (id bigint NOT NULL PRIMARY KEY, grant_id bigint NOT "
	      "NULL, name text NOT NULL, username text NOT NULL, user_id bigint NOT NULL, "
	      "created_at bigint NOT NULL, ended_at bigint NOT NULL)"},
	{555, "CREATE TABLE desk_addresses (address text NOT NULL PRIMARY KEY, grant_id bigint NOT "
	      "NULL)"},
	{556, "CREATE TABLE desk_chats (chat bigint NOT NULL PRIMARY KEY, grant_id bigint NOT "
	      "NULL, created_at bigint NOT NULL)"},
	{557, "CREATE TABLE desk_chat_codes (grant_id bigint NOT NULL PRIMARY KEY, code_hash "
	      "DB_BLOB NOT NULL, ends_at bigint NOT NULL)"},
	/* square_desk_forms.h. fields is sealed; case_holds is a projection of the events. */
	{558, "CREATE TABLE notice_forms (notice bigint NOT NULL PRIMARY KEY, form text NOT NULL, "
	      "countries text NOT NULL, fields DB_BLOB NOT NULL)"},
	{559, "CREATE TABLE case_holds (case_id bigint NOT NULL PRIMARY KEY, until_at bigint NOT "
	      "NULL)"},
	/* square_desk_work.h: case_work has a row for each case, each list of it an index. */
	{560, "CREATE TABLE case_work (case_id bigint NOT NULL PRIMARY KEY, queue integer NOT "
	      "NULL, state text NOT NULL, priority bigint NOT NULL, clock_at bigint NOT NULL, "
	      "due_at bigint NOT NULL, lane text NOT NULL, category text NOT NULL, language text "
	      "NOT NULL, country text NOT NULL, members bigint NOT NULL, notices bigint NOT NULL, "
	      "reporter bigint NOT NULL, claimed_by bigint NOT NULL, claimed_until bigint NOT "
	      "NULL, taken_at bigint NOT NULL, snoozed_until bigint NOT NULL, asked_by bigint NOT "
	      "NULL, second integer NOT NULL, blind integer NOT NULL, proposed_by bigint NOT NULL, "
	      "opposed_by bigint NOT NULL, proposal_seq bigint NOT NULL, language_by bigint NOT "
	      "NULL)"},
	{561, "CREATE INDEX case_work_priority ON case_work (queue, priority DESC, due_at, "
	      "case_id)"},
	{562, "CREATE INDEX case_work_due ON case_work (queue, due_at, case_id)"},
	{563, "CREATE INDEX case_work_held ON case_work (claimed_by, case_id) WHERE claimed_by <> "
	      "0"},
	{564, "CREATE INDEX case_work_category ON case_work (queue, category, due_at, case_id)"},
	{565, "CREATE INDEX case_work_language_due ON case_work (queue, category, language, "
	      "due_at, case_id)"},
	{566, "CREATE INDEX case_work_language ON case_work (queue, category, language, priority "
	      "DESC, due_at, case_id)"},
	{567, "CREATE INDEX case_work_queues ON case_work (queue, lane, category, language, "
	      "due_at, claimed_until)"},
	{568, "CREATE TABLE work_deeds (person bigint NOT NULL, at bigint NOT NULL, case_id bigint "
	      "NOT NULL, seq integer NOT NULL, kind text NOT NULL, category text NOT NULL, took_s "
	      "bigint NOT NULL, PRIMARY KEY (person, at, case_id, seq))"},
	/* square_desk_appeals.h: hashes of codes; appeals and decisions as projections of the
	 * events. */
	{570, "CREATE TABLE appeal_codes (hash DB_BLOB NOT NULL PRIMARY KEY, case_id bigint NOT "
	      "NULL, decision integer NOT NULL, party text NOT NULL, party_id bigint NOT NULL, "
	      "until_at bigint NOT NULL)"},
	{571, "CREATE INDEX appeal_codes_case ON appeal_codes (case_id)"},
	{572, "CREATE TABLE appeals (id bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, "
	      "event "
	      "integer NOT NULL, decision integer NOT NULL, party text NOT NULL, party_id bigint "
	      "NOT NULL, created_at bigint NOT NULL, acknowledge_due bigint NOT NULL, due_at "
	      "bigint "
	      "NOT NULL, acknowledged_at bigint NOT NULL, claimed_by bigint NOT NULL, "
	      "claimed_until "
	      "bigint NOT NULL, decided_at bigint NOT NULL, decided_by bigint NOT NULL, answer "
	      "integer NOT NULL, outcome text NOT NULL, reason text NOT NULL)"},
	{573, "CREATE INDEX appeals_case ON appeals (case_id, decision)"},
	{574, "CREATE INDEX appeals_open ON appeals (due_at, id) WHERE decided_at = 0"},
	{575, "CREATE TABLE rulings (case_id bigint NOT NULL, seq integer NOT NULL, at bigint NOT "
	      "NULL, person bigint NOT NULL, category text NOT NULL, action text NOT NULL, "
	      "order_id "
	      "bigint NOT NULL, overturned_at bigint NOT NULL, overturned text NOT NULL, PRIMARY "
	      "KEY (case_id, seq))"},
	{576, "CREATE INDEX rulings_at ON rulings (at)"},
	/* square_desk_verdicts.h */
	{577, "CREATE TABLE verdicts (notice bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, "
	      "reporter bigint NOT NULL, rule text NOT NULL, at bigint NOT NULL, settled_at bigint "
	      "NOT NULL, outcome text NOT NULL, quality text NOT NULL)"},
	{578, "CREATE INDEX verdicts_reporter ON verdicts (reporter, rule, settled_at)"},
	{579, "CREATE INDEX verdicts_case ON verdicts (case_id)"},
	/*
	 * square_desk_mail.h. mails_taken: what is sent again is known by its hash. notice_mails:
	 * who sent a notice by mail, sealed; address_hash is keyed. mails_told: who was told that
	 * he is not known here.
	 */
	{580, "CREATE TABLE mails_taken (hash DB_BLOB NOT NULL PRIMARY KEY, at bigint NOT NULL)"},
	{581, "CREATE INDEX mails_taken_at ON mails_taken (at)"},
	{582, "CREATE TABLE notice_mails (notice bigint NOT NULL PRIMARY KEY, at bigint NOT NULL, "
	      "address DB_BLOB NOT NULL, address_hash DB_BLOB NOT NULL, message_id text NOT NULL, "
	      "language text NOT NULL)"},
	{583, "CREATE TABLE mails_told (address_hash DB_BLOB NOT NULL PRIMARY KEY, at bigint NOT "
	      "NULL)"},
	{584, "CREATE INDEX mails_told_at ON mails_told (at)"},
	/* Hash of the last letter's text. */
	{585, "ALTER TABLE notice_mails ADD COLUMN told DB_BLOB"},
	/* Of statements: when the measure ends by itself, and the desk's note that it did; law or
	 * terms; the date of the content. strikes is a projection of the events. */
	{590, "ALTER TABLE statements ADD COLUMN ends_at bigint NOT NULL DEFAULT 0"},
	{591, "ALTER TABLE statements ADD COLUMN ended_at bigint NOT NULL DEFAULT 0"},
	{592, "ALTER TABLE statements ADD COLUMN basis text NOT NULL DEFAULT ''"},
	{593, "ALTER TABLE statements ADD COLUMN content_at bigint NOT NULL DEFAULT 0"},
	{594, "ALTER TABLE statements ADD COLUMN post integer NOT NULL DEFAULT 0"},
	{595, "CREATE INDEX statements_ending ON statements (order_id) WHERE ends_at > 0 AND "
	      "ended_at = 0"},
	{596, "CREATE TABLE strikes (case_id bigint NOT NULL PRIMARY KEY, channel bigint NOT NULL, "
	      "category text NOT NULL, action text NOT NULL, at bigint NOT NULL)"},
	{597, "CREATE INDEX strikes_channel ON strikes (channel, category, at)"},
	{598, "CREATE INDEX orders_case ON orders (case_id)"},
	{599, "CREATE INDEX notices_reporter ON notices (reporter, id)"},
	{600, "CREATE INDEX verdicts_rule ON verdicts (rule, at) WHERE reporter = 0 AND rule <> "
	      "''"},
	{601, "CREATE INDEX desk_log_person ON desk_log (person, seq)"},
	/* square_desk_reviews.h */
	{602, "CREATE TABLE reviews (id bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, "
	      "decision "
	      "integer NOT NULL, reviewer bigint NOT NULL, claimed_until bigint NOT NULL, at "
	      "bigint "
	      "NOT NULL, category text NOT NULL, person bigint NOT NULL, first text NOT NULL, "
	      "second "
	      "text NOT NULL)"},
	{603, "CREATE INDEX reviews_case ON reviews (case_id, decision)"},
	{604, "CREATE INDEX reviews_open ON reviews (reviewer) WHERE at = 0"},
	{605, "CREATE INDEX reviews_person ON reviews (person, at)"},
	{606, "CREATE INDEX rulings_person ON rulings (person, at)"},
	{607, "CREATE TABLE appeal_chats (appeal bigint NOT NULL PRIMARY KEY, chat bigint NOT "
	      "NULL, "
	      "language text NOT NULL)"},
	/* square_desk_liaison.h */
	{610, "CREATE TABLE desk_untold (id bigint NOT NULL PRIMARY KEY, case_id bigint NOT NULL, "
	      "seq integer NOT NULL)"},
	{611, "CREATE TABLE notice_chats (notice bigint NOT NULL PRIMARY KEY, chat bigint NOT "
	      "NULL, language text NOT NULL)"},
	{612, "CREATE INDEX notice_chats_chat ON notice_chats (chat)"},
	{613, "CREATE TABLE desk_dialogues (chat bigint NOT NULL, person bigint NOT NULL, step "
	      "text NOT NULL, data text NOT NULL, at bigint NOT NULL, PRIMARY KEY (chat, "
	      "person))"},
	{614, "CREATE INDEX desk_dialogues_at ON desk_dialogues (at)"},
	{615, "CREATE INDEX desk_outbox_result ON desk_outbox (address, result) WHERE result > "
	      "0"},
	/* square_desk_repeats.h */
	{620, "CREATE TABLE desk_repeats (id bigint NOT NULL PRIMARY KEY, grant_id bigint NOT "
	      "NULL, key_hash DB_BLOB NOT NULL, request_hash DB_BLOB NOT NULL, status integer NOT "
	      "NULL, order_id bigint NOT NULL, created_at bigint NOT NULL, sealed_answer DB_BLOB "
	      "NOT NULL)"},
	{621, "CREATE UNIQUE INDEX desk_repeats_key ON desk_repeats (grant_id, key_hash)"},
	{622, "CREATE INDEX desk_repeats_created ON desk_repeats (created_at)"},
	{623, "CREATE INDEX desk_officers_user ON desk_officers (user_id)"},
	{624, "CREATE INDEX desk_officers_name ON desk_officers (username)"},
	{625, "CREATE UNIQUE INDEX desk_chat_codes_hash ON desk_chat_codes (code_hash)"},
	{626, "CREATE INDEX reviews_at ON reviews (at)"},
	/* square_desk_bulk.h */
	{630, "CREATE TABLE bulks (id bigint NOT NULL PRIMARY KEY, person bigint NOT NULL, "
	      "created_at bigint NOT NULL, state integer NOT NULL, token_hash DB_BLOB NOT NULL, "
	      "decision text NOT NULL, started_at bigint NOT NULL, undo_by bigint NOT NULL, undo "
	      "text NOT NULL)"},
	{631, "CREATE INDEX bulks_state ON bulks (state, id)"},
	{632, "CREATE TABLE bulk_cases (bulk_id bigint NOT NULL, case_id bigint NOT NULL, head_seq "
	      "integer NOT NULL, step integer NOT NULL, order_id bigint NOT NULL, why text NOT "
	      "NULL, PRIMARY KEY (bulk_id, case_id))"},
	/* square_profiles.h */
	{700, "CREATE TABLE profiles (id bigint NOT NULL PRIMARY KEY, username text NOT NULL, "
	      "title text NOT NULL, about text NOT NULL, bot integer NOT NULL, since bigint NOT "
	      "NULL, restricted_everywhere integer NOT NULL, restricted_countries text, "
	      "restriction_text text, restriction_reason text, label_text text)"},
	/* By which door a notice came (src/desk/lanes/grants.h); empty: it was not noted then. */
	{701, "ALTER TABLE metrics ADD COLUMN door text NOT NULL DEFAULT ''"},
	/* square_desk_outbox.h: to whom something was said is kept no longer than it must be. */
	{710, "UPDATE desk_outbox SET address = '' WHERE settled_at > 0 AND (way <> 'bot' OR "
	      "result = 0)"},
	/* square_desk_mail.h */
	{711, "CREATE TABLE mails_counted (address_hash DB_BLOB NOT NULL, day bigint NOT NULL, "
	      "notices bigint NOT NULL, PRIMARY KEY (address_hash, day))"},
	{712, "CREATE INDEX mails_counted_day ON mails_counted (day)"},
	/* square_profiles.h: faces that changed of late, until the home is known to have it too. */
	{730, "CREATE TABLE profiles_changed (id bigint NOT NULL PRIMARY KEY, username text NOT "
	      "NULL, changed_at bigint NOT NULL)"},
	{731, "CREATE INDEX profiles_changed_at ON profiles_changed (changed_at)"},
	{732, "CREATE INDEX desk_log_kind ON desk_log (kind, at)"},
	{0, NULL},
};
