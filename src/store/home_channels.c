/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of private channels. */
#include "store/home_channels.h"

#include "store/fields.h"
#include "store/home_counts.h"
#include "store/take.h"

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

static bool salt_take(struct db *db, struct bytes stored, uint8_t salt[VAULT_SALT_SIZE])
{
	if (stored.size != VAULT_SALT_SIZE) {
		db_fail(db, "a channel's salt has the wrong size");
		return false;
	}
	memcpy(salt, stored.data, VAULT_SALT_SIZE);
	return true;
}

void home_channels_place(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_place *place)
{
	struct query q = db_query(db, "SELECT salt FROM channels WHERE id = ?1", DB_INT(id));
	struct bytes stored = {NULL, 0};

	*place = (struct channel_place){.db = db, .channel = id, .vault = vault};
	if (query_next(&q))
		stored = query_bytes(&q, arena, 0);
	query_end(&q);
	salt_take(db, stored, place->salt);
}

bool home_channels_find(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_row *row, uint8_t salt[VAULT_SALT_SIZE])
{
	struct query q = db_query(db,
		"SELECT salt, sealed_profile, broadcast, date, pts, top_id, post_count,"
		" restricted_everywhere, restricted_countries, restriction_text, "
		"restriction_reason,"
		" settings, rest_above, rest_upto, label_text, frozen_until FROM channels WHERE id "
		"= ?1",
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
		.settings = query_bytes(&q, arena, 11),
		.rest_above = (int32_t)query_int(&q, 12),
		.rest_upto = (int32_t)query_int(&q, 13),
		.label_text = query_bytes(&q, arena, 14),
		.frozen_until_s = query_int(&q, 15),
	};
	query_end(&q);
	if (!salt_take(db, stored, salt))
		return false;
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
		" restriction_reason, settings, rest_above, rest_upto, label_text,"
		" frozen_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
		" ?14, ?15, ?16, ?17)",
		DB_INT(row->id), DB_BYTES(bytes_of(place->salt, VAULT_SALT_SIZE)),
		DB_BYTES(profile_seal(vault, place->salt, row, arena)), DB_INT(row->broadcast),
		DB_INT(row->date_s), DB_INT(row->pts), DB_INT(row->top_id), DB_INT(row->post_count),
		DB_INT(row->restricted_everywhere), DB_TEXT(row->restricted_countries),
		DB_TEXT(row->restriction_text), DB_TEXT(row->restriction_reason),
		DB_BYTES(row->settings), DB_INT(row->rest_above), DB_INT(row->rest_upto),
		DB_TEXT(row->label_text), DB_INT(row->frozen_until_s));
}

void home_channels_set_away(struct db *db, int64_t id, int64_t now_s)
{
	db_run(db, "UPDATE channels SET away_at = ?2 WHERE id = ?1", DB_INT(id), DB_INT(now_s));
}

int64_t home_channels_away(struct db *db, int64_t id)
{
	return db_get_int(db, 0, "SELECT away_at FROM channels WHERE id = ?1", DB_INT(id));
}

size_t home_channels_list_away(struct db *db, int64_t after, int64_t *ids, size_t limit)
{
	return take_ids(db_query(db,
				"SELECT id FROM channels WHERE id > ?1 AND away_at <> 0 ORDER BY "
				"id LIMIT ?2",
				DB_INT(after), DB_INT(limit)),
		ids, limit);
}

void home_channels_return(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row)
{
	db_run(place->db, "DELETE FROM channel_events WHERE channel = ?1", DB_INT(place->channel));
	db_run(place->db,
		"UPDATE channels SET sealed_profile = ?2, pts = ?3, top_id = ?4, post_count = ?5,"
		" restricted_everywhere = ?6, restricted_countries = ?7, restriction_text = ?8,"
		" restriction_reason = ?9, settings = ?10, rest_above = ?11, rest_upto = ?12,"
		" label_text = ?13, frozen_until = ?14, away_at = 0 WHERE id = ?1",
		DB_INT(place->channel),
		DB_BYTES(profile_seal(place->vault, place->salt, row, arena)), DB_INT(row->pts),
		DB_INT(row->top_id), DB_INT(row->post_count), DB_INT(row->restricted_everywhere),
		DB_TEXT(row->restricted_countries), DB_TEXT(row->restriction_text),
		DB_TEXT(row->restriction_reason), DB_BYTES(row->settings), DB_INT(row->rest_above),
		DB_INT(row->rest_upto), DB_TEXT(row->label_text), DB_INT(row->frozen_until_s));
}

void home_channels_update(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row)
{
	db_run(place->db, "UPDATE channels SET sealed_profile = ?2, settings = ?3 WHERE id = ?1",
		DB_INT(place->channel),
		DB_BYTES(profile_seal(place->vault, place->salt, row, arena)),
		DB_BYTES(row->settings));
}

void home_channels_delete(struct db *db, int64_t id)
{
	const struct channel_place place = {.db = db, .channel = id};

	channel_rows_clear(&place);
	home_counts_delete(&place, 0, INT32_MAX);
	db_run(db, "DELETE FROM channels WHERE id = ?1", DB_INT(id));
}
