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
	 * amount to; the messenger writes them when it executes an order. */
	{3, "CREATE TABLE channels (id bigint NOT NULL PRIMARY KEY, title text NOT NULL, about "
	    "text NOT NULL,"
	    " username text NOT NULL, broadcast integer NOT NULL, date bigint NOT NULL, pts "
	    "integer NOT NULL, top_id"
	    " integer NOT NULL, members bigint NOT NULL, restricted_everywhere integer NOT NULL,"
	    " restricted_countries text, restriction_text text, restriction_reason text)"},
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
	{8, "CREATE INDEX orders_open ON orders (created_at) WHERE executed_at IS NULL"},
	{0, NULL},
};
