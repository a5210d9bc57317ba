/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table contacts. Does not own what being a contact allows: core/accounts/users.c does. */
#include "store/home_contacts.h"

#include "store/fields.h"
#include "store/home_users.h"

enum contact_field {
	CONTACT_FIRST_NAME,
	CONTACT_LAST_NAME,
	CONTACT_PHONE,
	CONTACT_NOTE,
	CONTACT_FIELDS
};

#define COLUMNS "contact, phone_hash, sealed_name, created_at"

static struct db_value account_or_null(int64_t account)
{
	return account ? DB_INT(account) : (struct db_value){.kind = DB_KIND_NULL};
}

static struct bytes key_bytes(const uint8_t *key_hash)
{
	return bytes_of(key_hash, VAULT_LOOKUP_SIZE);
}

/* The hash says which row the value is of. */
static struct seal_place contact_place(const uint8_t *salt, int64_t owner, const uint8_t *key_hash)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "contacts",
		.owner = owner,
		.id = (int64_t)load_u64le(key_hash)};
}

static int open_name(struct db *db, const struct vault *vault, struct arena *arena,
	struct bytes sealed, struct home_contact *contact)
{
	struct bytes fields[CONTACT_FIELDS], text;
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = contact_place(salt, contact->owner, contact->key_hash);

	if (!home_salt(db, contact->owner, salt) ||
		vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, CONTACT_FIELDS) < 0)
		return -1;
	contact->first_name = fields[CONTACT_FIRST_NAME];
	contact->last_name = fields[CONTACT_LAST_NAME];
	contact->phone = fields[CONTACT_PHONE];
	contact->note = fields[CONTACT_NOTE];
	return 0;
}

/* The row that a query on COLUMNS is at. */
static void read_row(struct query *q, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_contact *out)
{
	struct bytes key = query_bytes(q, arena, 1);

	*out = (struct home_contact){
		.owner = owner, .contact = query_int(q, 0), .created_at_s = query_int(q, 3)};
	if (key.size == sizeof(out->key_hash))
		memcpy(out->key_hash, key.data, sizeof(out->key_hash));
	if (open_name(q->db, vault, arena, query_bytes(q, arena, 2), out) < 0)
		db_fail(q->db, "a contact does not open");
}

static bool take_row(struct query *q, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_contact *out)
{
	*out = (struct home_contact){.owner = owner};
	if (!query_next(q))
		return false;
	read_row(q, vault, arena, owner, out);
	query_end(q);
	return !db_failed(q->db);
}

bool home_contact_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t contact, struct home_contact *out)
{
	struct query q =
		db_query(db, "SELECT " COLUMNS " FROM contacts WHERE owner = ?1 AND contact = ?2",
			DB_INT(owner), DB_INT(contact));

	return take_row(&q, vault, arena, owner, out);
}

bool home_contact_by_key(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, const uint8_t *key_hash, struct home_contact *out)
{
	struct query q = db_query(db,
		"SELECT " COLUMNS " FROM contacts WHERE owner = ?1 AND phone_hash = ?2",
		DB_INT(owner), DB_BYTES(key_bytes(key_hash)));

	return take_row(&q, vault, arena, owner, out);
}

bool home_contact_exists(struct db *db, int64_t owner, int64_t contact)
{
	return db_get_int(db, 0, "SELECT 1 FROM contacts WHERE owner = ?1 AND contact = ?2",
		       DB_INT(owner), DB_INT(contact)) == 1;
}

void home_contact_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_contact *contact)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = contact_place(salt, contact->owner, contact->key_hash);
	struct bytes fields[CONTACT_FIELDS] = {
		[CONTACT_FIRST_NAME] = contact->first_name,
		[CONTACT_LAST_NAME] = contact->last_name,
		[CONTACT_PHONE] = contact->phone,
		[CONTACT_NOTE] = contact->note,
	};

	if (!home_salt(db, contact->owner, salt)) {
		db_fail(db, "contacts need an owner");
		return;
	}
	db_run(db,
		"INSERT INTO contacts (owner, phone_hash, contact, sealed_name, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, phone_hash) DO UPDATE SET"
		" contact = excluded.contact, sealed_name = excluded.sealed_name",
		DB_INT(contact->owner), DB_BYTES(key_bytes(contact->key_hash)),
		account_or_null(contact->contact),
		DB_BYTES(vault_seal(
			vault, &place, fields_pack(arena, fields, CONTACT_FIELDS), arena)),
		DB_INT(contact->created_at_s));
}

bool home_contact_delete(struct db *db, int64_t owner, int64_t contact)
{
	return db_run(db, "DELETE FROM contacts WHERE owner = ?1 AND contact = ?2", DB_INT(owner),
		       DB_INT(contact)) > 0;
}

bool home_contact_delete_key(struct db *db, int64_t owner, const uint8_t *key_hash)
{
	return db_run(db, "DELETE FROM contacts WHERE owner = ?1 AND phone_hash = ?2",
		       DB_INT(owner), DB_BYTES(key_bytes(key_hash))) > 0;
}

int64_t home_contacts_delete_unknown(struct db *db, int64_t owner)
{
	return db_run(
		db, "DELETE FROM contacts WHERE owner = ?1 AND contact IS NULL", DB_INT(owner));
}

int64_t home_contacts_count(struct db *db, int64_t owner)
{
	return db_get_int(db, 0, "SELECT count(*) FROM contacts WHERE owner = ?1", DB_INT(owner));
}

size_t home_contacts_saved(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, size_t max, struct home_contact **out)
{
	const size_t room = (size_t)home_contacts_count(db, owner);
	struct query q = db_query(db,
		"SELECT " COLUMNS " FROM contacts WHERE owner = ?1 ORDER BY contact, phone_hash"
		" LIMIT ?2",
		DB_INT(owner), DB_INT(max));
	size_t count = 0;

	*out = arena_array(arena, room, sizeof(**out));
	while (count < room && query_next(&q))
		read_row(&q, vault, arena, owner, &(*out)[count++]);
	query_end(&q);
	return count;
}

/* The first column of each row as an array; the query is bounded by max. */
static size_t take_ids(struct query *q, struct arena *arena, size_t max, int64_t **out)
{
	size_t count = 0, room = 0;

	*out = NULL;
	while (query_next(q)) {
		if (count == max) {
			query_end(q);
			break;
		}
		if (count == room) {
			int64_t *more;

			room = room ? room * 2 : 16;
			more = arena_array(arena, room, sizeof(*more));
			if (count)
				memcpy(more, *out, count * sizeof(*more));
			*out = more;
		}
		(*out)[count++] = query_int(q, 0);
	}
	return count;
}

size_t home_contacts_accounts(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out)
{
	struct query q = db_query(db,
		"SELECT contact FROM contacts WHERE owner = ?1 AND contact IS NOT NULL"
		" ORDER BY contact LIMIT ?2",
		DB_INT(owner), DB_INT(max));

	return take_ids(&q, arena, max, out);
}

size_t home_contacts_mutual(
	struct db *db, struct arena *arena, int64_t owner, size_t max, int64_t **out)
{
	struct query q = db_query(db,
		"SELECT mine.contact FROM contacts mine JOIN contacts theirs ON"
		" theirs.owner = mine.contact AND theirs.contact = mine.owner"
		" WHERE mine.owner = ?1 AND mine.contact IS NOT NULL ORDER BY mine.contact LIMIT "
		"?2",
		DB_INT(owner), DB_INT(max));

	return take_ids(&q, arena, max, out);
}

size_t home_contacts_owners(
	struct db *db, struct arena *arena, const uint8_t *key_hash, size_t max, int64_t **out)
{
	struct query q = db_query(db,
		"SELECT owner FROM contacts WHERE phone_hash = ?1 ORDER BY owner LIMIT ?2",
		DB_BYTES(key_bytes(key_hash)), DB_INT(max));

	return take_ids(&q, arena, max, out);
}

void home_contact_link(struct db *db, int64_t owner, const uint8_t *key_hash, int64_t account)
{
	db_run(db, "UPDATE contacts SET contact = ?3 WHERE owner = ?1 AND phone_hash = ?2",
		DB_INT(owner), DB_BYTES(key_bytes(key_hash)), account_or_null(account));
}

void home_contacts_unlink(struct db *db, const uint8_t *key_hash)
{
	db_run(db, "UPDATE contacts SET contact = NULL WHERE phone_hash = ?1",
		DB_BYTES(key_bytes(key_hash)));
}

void home_contacts_delete_all(struct db *db, int64_t owner)
{
	db_run(db, "DELETE FROM contacts WHERE owner = ?1", DB_INT(owner));
}
