/* SPDX-License-Identifier: Apache-2.0 */
/* The tables polls and poll_votes. */
#include "store/home_polls.h"

#include "store/home_channel_salts.h"
#include "store/home_users.h"

#define TALLY_TABLE "polls.tally"
#define VOTE_UNHEARD (1u << 31) /* beside the bits of the options */

/* A vote belongs to its poll as much as to its voter. */
static struct seal_place vote_place(
	const uint8_t *salt, const struct home_poll *poll, int64_t voter)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "poll_votes",
		.owner = poll->owner,
		.id = (int64_t)((uint64_t)poll->id ^ (uint64_t)voter)};
}

static bool salt_find(struct db *db, int64_t owner, uint8_t salt[VAULT_SALT_SIZE])
{
	return owner < 0 ? home_channel_salt(db, -owner, salt) : home_salt(db, owner, salt);
}

/* ---- Polls ---- */

bool home_poll_get(const struct home_sealer *home, int64_t owner, int64_t id, struct home_poll *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = {.owner_salt = salt, .table = "polls", .owner = owner, .id = id};
	struct query q;

	if (!salt_find(home->db, owner, salt))
		return false;
	q = db_query(home->db,
		"SELECT sealed_poll, sealed_tally, closed, close_at, peer_kind, peer, message"
		" FROM polls WHERE owner = ?1 AND id = ?2",
		DB_INT(owner), DB_INT(id));
	if (!query_next(&q))
		return false;
	*out = (struct home_poll){.owner = owner,
		.id = id,
		.closed = query_int(&q, 2) != 0,
		.close_at_s = query_int(&q, 3),
		.peer_kind = (int32_t)query_int(&q, 4),
		.peer = query_int(&q, 5),
		.message = (int32_t)query_int(&q, 6)};
	if (vault_open(home->vault, &place, query_bytes(&q, home->arena, 0), home->arena,
		    &out->body) < 0)
		db_fail(home->db, "a poll does not open");
	place.table = TALLY_TABLE;
	if (vault_open(home->vault, &place, query_bytes(&q, home->arena, 1), home->arena,
		    &out->tally) < 0)
		db_fail(home->db, "the tally of a poll does not open");
	query_end(&q);
	return !db_failed(home->db);
}

/* Of somebody who exists: the caller is it, or has just read its poll. */
static void salt_of(struct db *db, int64_t owner, uint8_t salt[VAULT_SALT_SIZE])
{
	if (!salt_find(db, owner, salt))
		db_fail(db, "a poll of an account that is gone");
}

static struct bytes seal(const struct home_sealer *home, const struct home_poll *poll,
	const char *table, struct bytes text)
{
	uint8_t salt[VAULT_SALT_SIZE] = {0};
	struct seal_place place = {
		.owner_salt = salt, .table = table, .owner = poll->owner, .id = poll->id};

	salt_of(home->db, poll->owner, salt);
	return vault_seal(home->vault, &place, text, home->arena);
}

void home_poll_insert(const struct home_sealer *home, const struct home_poll *poll)
{
	db_run(home->db,
		"INSERT INTO polls (owner, id, sealed_poll, sealed_tally, closed, close_at,"
		" peer_kind, peer, message) VALUES (?1, ?2, ?3, ?4, 0, NULL, 0, 0, 0)",
		DB_INT(poll->owner), DB_INT(poll->id),
		DB_BYTES(seal(home, poll, "polls", poll->body)),
		DB_BYTES(seal(home, poll, TALLY_TABLE, poll->tally)));
}

void home_poll_set_tally(const struct home_sealer *home, const struct home_poll *poll)
{
	db_run(home->db, "UPDATE polls SET sealed_tally = ?3 WHERE owner = ?1 AND id = ?2",
		DB_INT(poll->owner), DB_INT(poll->id),
		DB_BYTES(seal(home, poll, TALLY_TABLE, poll->tally)));
}

void home_poll_set_place(struct db *db, const struct home_poll *poll)
{
	struct db_value close_at = poll->close_at_s ? DB_INT(poll->close_at_s)
						    : (struct db_value){.kind = DB_KIND_NULL};

	db_run(db,
		"UPDATE polls SET close_at = ?3, peer_kind = ?4, peer = ?5, message = ?6"
		" WHERE owner = ?1 AND id = ?2",
		DB_INT(poll->owner), DB_INT(poll->id), close_at, DB_INT(poll->peer_kind),
		DB_INT(poll->peer), DB_INT(poll->message));
}

void home_poll_set_closed(struct db *db, int64_t owner, int64_t id)
{
	db_run(db, "UPDATE polls SET closed = 1 WHERE owner = ?1 AND id = ?2", DB_INT(owner),
		DB_INT(id));
}

int64_t home_poll_placed(struct db *db, int64_t owner, int32_t message)
{
	return db_get_int(db, 0, "SELECT id FROM polls WHERE owner = ?1 AND message = ?2",
		DB_INT(owner), DB_INT(message));
}

void home_poll_delete(struct db *db, int64_t owner, int64_t id)
{
	db_run(db, "DELETE FROM poll_votes WHERE owner = ?1 AND poll = ?2", DB_INT(owner),
		DB_INT(id));
	db_run(db, "DELETE FROM polls WHERE owner = ?1 AND id = ?2", DB_INT(owner), DB_INT(id));
}

void home_poll_unplace(struct db *db, int64_t owner, int32_t message)
{
	db_run(db, "UPDATE polls SET message = 0 WHERE owner = ?1 AND message = ?2", DB_INT(owner),
		DB_INT(message));
}

size_t home_polls_due(
	const struct home_sealer *home, int64_t now_s, size_t limit, struct home_poll **out)
{
	struct query q = db_query(home->db,
		"SELECT owner, id, close_at, peer_kind, peer, message FROM polls"
		" WHERE close_at IS NOT NULL AND closed = 0 AND close_at <= ?1"
		" ORDER BY close_at LIMIT ?2",
		DB_INT(now_s), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(home->arena, limit, sizeof(**out));
	while (count < limit && query_next(&q)) {
		(*out)[count++] = (struct home_poll){.owner = query_int(&q, 0),
			.id = query_int(&q, 1),
			.close_at_s = query_int(&q, 2),
			.peer_kind = (int32_t)query_int(&q, 3),
			.peer = query_int(&q, 4),
			.message = (int32_t)query_int(&q, 5)};
	}
	query_end(&q);
	return count;
}

/* ---- Votes ---- */

static void vote_read(const struct home_sealer *home, const struct home_poll *poll,
	const uint8_t *salt, const struct query *q, struct home_vote *out)
{
	struct seal_place place;
	struct bytes options = {0};

	*out = (struct home_vote){.voter = query_int(q, 0), .voted_at_s = query_int(q, 2)};
	place = vote_place(salt, poll, out->voter);
	if (vault_open(home->vault, &place, query_bytes(q, home->arena, 1), home->arena, &options) <
			0 ||
		options.size != 4)
		db_fail(home->db, "a vote does not open");
	else
		out->options = load_u32le(options.data);
	out->unheard = out->options & VOTE_UNHEARD;
	out->options &= ~VOTE_UNHEARD;
}

bool home_vote_get(const struct home_sealer *home, const struct home_poll *poll, int64_t voter,
	struct home_vote *out)
{
	uint8_t salt[VAULT_SALT_SIZE] = {0};
	struct query q;
	bool found;

	salt_of(home->db, poll->owner, salt);
	q = db_query(home->db,
		"SELECT voter, sealed_options, voted_at FROM poll_votes"
		" WHERE owner = ?1 AND poll = ?2 AND voter = ?3",
		DB_INT(poll->owner), DB_INT(poll->id), DB_INT(voter));
	found = query_next(&q);
	if (found)
		vote_read(home, poll, salt, &q, out);
	query_end(&q);
	return found;
}

void home_vote_put(
	const struct home_sealer *home, const struct home_poll *poll, const struct home_vote *vote)
{
	uint8_t salt[VAULT_SALT_SIZE] = {0}, options[4];
	struct seal_place place = vote_place(salt, poll, vote->voter);

	salt_of(home->db, poll->owner, salt);
	store_u32le(options, vote->options | (vote->unheard ? VOTE_UNHEARD : 0));
	db_run(home->db,
		"INSERT INTO poll_votes (owner, poll, voter, sealed_options, voted_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, poll, voter)"
		" DO UPDATE SET sealed_options = ?4, voted_at = ?5",
		DB_INT(poll->owner), DB_INT(poll->id), DB_INT(vote->voter),
		DB_BYTES(vault_seal(
			home->vault, &place, bytes_of(options, sizeof(options)), home->arena)),
		DB_INT(vote->voted_at_s));
}

void home_vote_delete(struct db *db, const struct home_poll *poll, int64_t voter)
{
	db_run(db, "DELETE FROM poll_votes WHERE owner = ?1 AND poll = ?2 AND voter = ?3",
		DB_INT(poll->owner), DB_INT(poll->id), DB_INT(voter));
}

size_t home_votes_page(const struct home_sealer *home, const struct home_poll *poll,
	const struct home_vote *after, size_t limit, struct home_vote **out)
{
	uint8_t salt[VAULT_SALT_SIZE] = {0};
	size_t count = 0;
	struct query q;

	salt_of(home->db, poll->owner, salt);
	q = db_query(home->db,
		"SELECT voter, sealed_options, voted_at FROM poll_votes"
		" WHERE owner = ?1 AND poll = ?2 AND (voted_at < ?3 OR (voted_at = ?3 AND voter <"
		" ?4)) ORDER BY voted_at DESC, voter DESC LIMIT ?5",
		DB_INT(poll->owner), DB_INT(poll->id), DB_INT(after->voted_at_s),
		DB_INT(after->voter), DB_INT(limit));
	*out = arena_array(home->arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		vote_read(home, poll, salt, &q, &(*out)[count++]);
	query_end(&q);
	return db_failed(home->db) ? 0 : count;
}
