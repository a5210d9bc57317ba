/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of private channels. */
#include "store/home_channels.h"

#include "store/fields.h"

static struct seal_place profile_place(const uint8_t *salt, int64_t id)
{
	return (struct seal_place){.owner_salt = salt, .table = "channels", .owner = id, .id = 0};
}

static struct bytes profile_seal(const struct vault *vault, const uint8_t *salt,
	const struct channel_row *row, struct arena *arena)
{
	const struct bytes fields[] = {row->title, row->about};
	const struct seal_place at = profile_place(salt, row->id);

	return vault_seal(vault, &at, fields_pack(arena, fields, ARRAY_LEN(fields)), arena);
}

static void profile_open(struct db *db, const struct vault *vault, const uint8_t *salt,
	struct bytes sealed, struct arena *arena, struct channel_row *row)
{
	const struct seal_place at = profile_place(salt, row->id);
	struct bytes fields[2], packed;

	if (vault_open(vault, &at, sealed, arena, &packed) < 0 ||
		fields_unpack(packed, fields, ARRAY_LEN(fields)) < 0) {
		db_fail(db, "a sealed channel does not open");
		return;
	}
	row->title = fields[0];
	row->about = fields[1];
}

bool home_channels_find(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_row *row, uint8_t salt[VAULT_SALT_SIZE])
{
	struct query q = db_query(db,
		"SELECT salt, sealed_profile, broadcast, date, pts, top_id, post_count,"
		" restricted_everywhere, restricted_countries, restriction_text, restriction_reason"
		" FROM channels WHERE id = ?1",
		DB_INT(id));
	struct bytes stored, sealed;

	if (!query_next(&q))
		return false;
	stored = query_bytes(&q, arena, 0);
	sealed = query_bytes(&q, arena, 1);
	*row = (struct channel_row){
		.id = id,
		.broadcast = query_int(&q, 2) != 0,
		.date_s = query_int(&q, 3),
		.pts = (int32_t)query_int(&q, 4),
		.top_id = (int32_t)query_int(&q, 5),
		.post_count = query_int(&q, 6),
		.restricted_everywhere = query_int(&q, 7) != 0,
		.restricted_countries = query_bytes(&q, arena, 8),
		.restriction_text = query_bytes(&q, arena, 9),
		.restriction_reason = query_bytes(&q, arena, 10),
	};
	query_end(&q);
	if (stored.size != VAULT_SALT_SIZE) {
		db_fail(db, "a channel's salt has the wrong size");
		return false;
	}
	memcpy(salt, stored.data, VAULT_SALT_SIZE);
	profile_open(db, vault, salt, sealed, arena, row);
	return true;
}

bool home_channels_has(struct db *db, int64_t id)
{
	return db_get_int(db, 0, "SELECT 1 FROM channels WHERE id = ?1", DB_INT(id)) != 0;
}

void home_channels_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct channel_row *row, struct channel_place *place)
{
	*place = (struct channel_place){.db = db, .channel = row->id, .vault = vault};
	vault_salt_new(place->salt);
	db_run(db,
		"INSERT INTO channels (id, salt, sealed_profile, broadcast, date, pts, top_id,"
		" post_count, restricted_everywhere, restricted_countries, restriction_text,"
		" restriction_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
		DB_INT(row->id), DB_BYTES(bytes_of(place->salt, VAULT_SALT_SIZE)),
		DB_BYTES(profile_seal(vault, place->salt, row, arena)), DB_INT(row->broadcast),
		DB_INT(row->date_s), DB_INT(row->pts), DB_INT(row->top_id), DB_INT(row->post_count),
		DB_INT(row->restricted_everywhere), DB_TEXT(row->restricted_countries),
		DB_TEXT(row->restriction_text), DB_TEXT(row->restriction_reason));
}

void home_channels_update(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row)
{
	db_run(place->db, "UPDATE channels SET sealed_profile = ?2 WHERE id = ?1",
		DB_INT(place->channel),
		DB_BYTES(profile_seal(place->vault, place->salt, row, arena)));
}

void home_channels_delete(struct db *db, int64_t id)
{
	const struct channel_place place = {.db = db, .channel = id};

	channel_rows_clear(&place);
	db_run(db, "DELETE FROM channels WHERE id = ?1", DB_INT(id));
}
