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
	{0, NULL},
};
