/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table invite_links. */
#include "store/home_invite_links.h"

#include "store/fields.h"
#include "store/home_users.h"

#define LINK                                                                                       \
	"hash, peer_kind, peer, admin, sealed_text, made_at, until_at, use_limit, uses, "          \
	"requested,"                                                                               \
	" asks, permanent, revoked"

static struct bytes hash_bytes(const uint8_t *hash)
{
	return bytes_of(hash, VAULT_LOOKUP_SIZE);
}

/* Where it hangs is not part of it: a group takes its links along when it becomes a channel. */
static struct seal_place place_of(const struct home_invite_link *link, const uint8_t *salt)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "invite_links",
		.owner = link->admin,
		.id = (int64_t)load_u64le(link->hash)};
}

static struct bytes text_seal(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_invite_link *link)
{
	const struct bytes fields[] = {link->secret, link->title};
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = place_of(link, salt);

	if (!home_salt(db, link->admin, salt))
		return (struct bytes){0};
	return vault_seal(vault, &place, fields_pack(arena, fields, ARRAY_LEN(fields)), arena);
}

static void text_open(struct db *db, const struct vault *vault, struct arena *arena,
	struct bytes sealed, struct home_invite_link *link)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = place_of(link, salt);
	struct bytes fields[2], packed;

	if (!home_salt(db, link->admin, salt) ||
		vault_open(vault, &place, sealed, arena, &packed) < 0 ||
		fields_unpack(packed, fields, ARRAY_LEN(fields)) < 0) {
		db_fail(db, "a sealed invite link does not open");
		return;
	}
	link->secret = fields[0];
	link->title = fields[1];
}

/* The sealed text, still closed: another query may not run within this one's rows. */
static struct bytes link_read(
	const struct query *q, struct arena *arena, struct home_invite_link *out)
{
	const struct bytes hash = query_bytes(q, arena, 0);

	*out = (struct home_invite_link){
		.place = {(int32_t)query_int(q, 1), query_int(q, 2)},
		.admin = query_int(q, 3),
		.made_at_s = query_int(q, 5),
		.until_s = query_int(q, 6),
		.limit = (int32_t)query_int(q, 7),
		.uses = (int32_t)query_int(q, 8),
		.requested = (int32_t)query_int(q, 9),
		.asks = query_int(q, 10) != 0,
		.permanent = query_int(q, 11) != 0,
		.revoked = query_int(q, 12) != 0,
	};
	if (hash.size == sizeof(out->hash))
		memcpy(out->hash, hash.data, sizeof(out->hash));
	return query_bytes(q, arena, 4);
}

static bool link_take(struct query q, const struct vault *vault, struct arena *arena,
	struct home_invite_link *out)
{
	struct db *db = q.db;
	struct bytes sealed;

	if (!query_next(&q))
		return false;
	sealed = link_read(&q, arena, out);
	query_end(&q);
	text_open(db, vault, arena, sealed, out);
	return !db_failed(db);
}

bool home_invite_link_find(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *hash, struct home_invite_link *out)
{
	return link_take(db_query(db, "SELECT " LINK " FROM invite_links WHERE hash = ?1",
				 DB_BYTES(hash_bytes(hash))),
		vault, arena, out);
}

bool home_invite_link_permanent(struct db *db, const struct vault *vault, struct arena *arena,
	struct home_place place, int64_t admin, struct home_invite_link *out)
{
	return link_take(
		db_query(db,
			"SELECT " LINK " FROM invite_links WHERE peer_kind = ?1 AND peer = ?2"
			" AND admin = ?3 AND permanent = 1 AND revoked = 0",
			DB_INT(place.kind), DB_INT(place.id), DB_INT(admin)),
		vault, arena, out);
}

void home_invite_link_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_invite_link *link)
{
	db_run(db,
		"INSERT INTO invite_links (" LINK
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?9, ?10, ?11)",
		DB_BYTES(hash_bytes(link->hash)), DB_INT(link->place.kind), DB_INT(link->place.id),
		DB_INT(link->admin), DB_BYTES(text_seal(db, vault, arena, link)),
		DB_INT(link->made_at_s), DB_INT(link->until_s), DB_INT(link->limit),
		DB_INT(link->asks), DB_INT(link->permanent), DB_INT(link->revoked));
}

void home_invite_link_update(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_invite_link *link)
{
	db_run(db,
		"UPDATE invite_links SET sealed_text = ?2, until_at = ?3, use_limit = ?4, asks = "
		"?5,"
		" permanent = ?6, revoked = ?7 WHERE hash = ?1",
		DB_BYTES(hash_bytes(link->hash)), DB_BYTES(text_seal(db, vault, arena, link)),
		DB_INT(link->until_s), DB_INT(link->limit), DB_INT(link->asks),
		DB_INT(link->permanent), DB_INT(link->revoked));
}

void home_invite_link_count(struct db *db, const uint8_t *hash, int32_t uses, int32_t requested)
{
	db_run(db,
		"UPDATE invite_links SET uses = uses + ?2, requested = requested + ?3"
		" WHERE hash = ?1",
		DB_BYTES(hash_bytes(hash)), DB_INT(uses), DB_INT(requested));
}

bool home_invite_links_set_asks(struct db *db, struct home_place place, bool asks)
{
	return db_run(db,
		       "UPDATE invite_links SET asks = ?3, use_limit = use_limit * (1 - ?3)"
		       " WHERE peer_kind = ?1 AND peer = ?2 AND revoked = 0 AND asks <> ?3",
		       DB_INT(place.kind), DB_INT(place.id), DB_INT(asks)) > 0;
}

void home_invite_link_delete(struct db *db, const uint8_t *hash)
{
	db_run(db, "DELETE FROM invite_links WHERE hash = ?1", DB_BYTES(hash_bytes(hash)));
}

size_t home_invite_links(struct db *db, const struct vault *vault, struct arena *arena,
	struct home_place place, int64_t admin, bool revoked, const struct home_invite_mark *mark,
	size_t limit, struct home_invite_link **out)
{
	const int64_t before_s = mark->made_at_s ? mark->made_at_s : INT64_MAX;
	struct bytes *sealed = arena_array(arena, limit, sizeof(*sealed));
	struct query q = db_query(db,
		"SELECT " LINK " FROM invite_links WHERE peer_kind = ?1 AND peer = ?2"
		" AND admin = ?3 AND revoked = ?4 AND (made_at < ?5 OR (made_at = ?5 AND"
		" hash < ?6)) ORDER BY made_at DESC, hash DESC LIMIT ?7",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(admin), DB_INT(revoked),
		DB_INT(before_s), DB_BYTES(hash_bytes(mark->hash)), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q)) {
		sealed[count] = link_read(&q, arena, &(*out)[count]);
		count++;
	}
	query_end(&q);
	for (size_t i = 0; i < count; i++)
		text_open(db, vault, arena, sealed[i], &(*out)[i]);
	return count;
}

int64_t home_invite_links_count(struct db *db, struct home_place place, int64_t admin, bool revoked)
{
	return db_get_int(db, 0,
		"SELECT count(*) FROM invite_links WHERE peer_kind = ?1 AND peer = ?2"
		" AND admin = ?3 AND revoked = ?4",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(admin), DB_INT(revoked));
}

void home_invite_links_trim(struct db *db, struct home_place place, int64_t admin, int64_t keep)
{
	db_run(db,
		"DELETE FROM invite_links WHERE peer_kind = ?1 AND peer = ?2 AND admin = ?3"
		" AND revoked = 1 AND hash NOT IN (SELECT hash FROM invite_links"
		" WHERE peer_kind = ?1 AND peer = ?2 AND admin = ?3 AND revoked = 1"
		" ORDER BY made_at DESC, hash DESC LIMIT ?4)",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(admin), DB_INT(keep));
}

size_t home_invite_admins(struct db *db, struct arena *arena, struct home_place place, size_t limit,
	struct home_invite_admin **out)
{
	struct query q = db_query(db,
		"SELECT admin, sum(1 - revoked), sum(revoked) FROM invite_links"
		" WHERE peer_kind = ?1 AND peer = ?2 GROUP BY admin ORDER BY admin LIMIT ?3",
		DB_INT(place.kind), DB_INT(place.id), DB_INT(limit));
	size_t count = 0;

	*out = arena_array(arena, limit, sizeof(**out));
	while (count < limit && query_next(&q))
		(*out)[count++] = (struct home_invite_admin){
			query_int(&q, 0), (int32_t)query_int(&q, 1), (int32_t)query_int(&q, 2)};
	query_end(&q);
	return count;
}

void home_invites_delete_all(struct db *db, struct home_place place)
{
	db_run(db, "DELETE FROM invite_links WHERE peer_kind = ?1 AND peer = ?2",
		DB_INT(place.kind), DB_INT(place.id));
	db_run(db, "DELETE FROM joins WHERE peer_kind = ?1 AND peer = ?2", DB_INT(place.kind),
		DB_INT(place.id));
	db_run(db, "DELETE FROM join_counts WHERE peer_kind = ?1 AND peer = ?2", DB_INT(place.kind),
		DB_INT(place.id));
}

void home_invites_move(struct db *db, struct home_place from, struct home_place to)
{
	db_run(db,
		"UPDATE invite_links SET peer_kind = ?3, peer = ?4"
		" WHERE peer_kind = ?1 AND peer = ?2",
		DB_INT(from.kind), DB_INT(from.id), DB_INT(to.kind), DB_INT(to.id));
	db_run(db, "UPDATE joins SET peer_kind = ?3, peer = ?4 WHERE peer_kind = ?1 AND peer = ?2",
		DB_INT(from.kind), DB_INT(from.id), DB_INT(to.kind), DB_INT(to.id));
	db_run(db,
		"UPDATE join_counts SET peer_kind = ?3, peer = ?4"
		" WHERE peer_kind = ?1 AND peer = ?2",
		DB_INT(from.kind), DB_INT(from.id), DB_INT(to.kind), DB_INT(to.id));
}
