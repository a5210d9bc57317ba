/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table contacts. Does not own what being a contact allows: core/users.c does. */
#include "store/home_contacts.h"

#include "store/fields.h"
#include "store/home_users.h"

enum contact_field { CONTACT_FIRST_NAME, CONTACT_LAST_NAME, CONTACT_PHONE, CONTACT_FIELDS };

#define COLUMNS "contact, phone_hash, sealed_name, created_at"

static struct bytes phone_bytes(const uint8_t *phone_hash)
{
	return bytes_of(phone_hash, VAULT_LOOKUP_SIZE);
}

/* The row's key is the number: its hash says which row the value is of. */
static struct seal_place contact_place(
	const uint8_t *salt, int64_t owner, const uint8_t *phone_hash)
{
	return (struct seal_place){.owner_salt = salt,
		.table = "contacts",
		.owner = owner,
		.id = (int64_t)load_u64le(phone_hash)};
}

static int open_name(struct db *db, const struct vault *vault, struct arena *arena,
	struct bytes sealed, struct home_contact *contact)
{
	struct bytes fields[CONTACT_FIELDS], text;
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = contact_place(salt, contact->owner, contact->phone_hash);

	if (!home_salt(db, contact->owner, salt) ||
		vault_open(vault, &place, sealed, arena, &text) < 0 ||
		fields_unpack(text, fields, CONTACT_FIELDS) < 0)
		return -1;
	contact->first_name = fields[CONTACT_FIRST_NAME];
	contact->last_name = fields[CONTACT_LAST_NAME];
	contact->phone = fields[CONTACT_PHONE];
	return 0;
}

/* Reads the one row of a query on COLUMNS. */
static bool take_row(struct query *q, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_contact *out)
{
	struct bytes phone;

	*out = (struct home_contact){.owner = owner};
	if (!query_next(q))
		return false;
	out->contact = query_int(q, 0);
	phone = query_bytes(q, arena, 1);
	if (phone.size == sizeof(out->phone_hash))
		memcpy(out->phone_hash, phone.data, sizeof(out->phone_hash));
	out->created_at_s = query_int(q, 3);
	if (open_name(q->db, vault, arena, query_bytes(q, arena, 2), out) < 0)
		db_fail(q->db, "a contact does not open");
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

bool home_contact_exists(struct db *db, int64_t owner, int64_t contact)
{
	return db_get_int(db, 0, "SELECT 1 FROM contacts WHERE owner = ?1 AND contact = ?2",
		       DB_INT(owner), DB_INT(contact)) == 1;
}

void home_contact_put(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_contact *contact)
{
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place = contact_place(salt, contact->owner, contact->phone_hash);
	struct bytes fields[CONTACT_FIELDS] = {
		[CONTACT_FIRST_NAME] = contact->first_name,
		[CONTACT_LAST_NAME] = contact->last_name,
		[CONTACT_PHONE] = contact->phone,
	};

	if (!home_salt(db, contact->owner, salt)) {
		db_fail(db, "contacts need an owner");
		return;
	}
	db_run(db,
		"INSERT INTO contacts (owner, phone_hash, contact, sealed_name, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner, phone_hash) DO UPDATE SET"
		" contact = excluded.contact, sealed_name = excluded.sealed_name",
		DB_INT(contact->owner), DB_BYTES(phone_bytes(contact->phone_hash)),
		contact->contact ? DB_INT(contact->contact)
				 : (struct db_value){.kind = DB_KIND_NULL},
		DB_BYTES(vault_seal(
			vault, &place, fields_pack(arena, fields, CONTACT_FIELDS), arena)),
		DB_INT(contact->created_at_s));
}

bool home_contact_delete(struct db *db, int64_t owner, int64_t contact)
{
	return db_run(db, "DELETE FROM contacts WHERE owner = ?1 AND contact = ?2", DB_INT(owner),
		       DB_INT(contact)) > 0;
}

bool home_contact_delete_phone(struct db *db, int64_t owner, const uint8_t *phone_hash)
{
	return db_run(db, "DELETE FROM contacts WHERE owner = ?1 AND phone_hash = ?2",
		       DB_INT(owner), DB_BYTES(phone_bytes(phone_hash))) > 0;
}

int64_t home_contacts_count(struct db *db, int64_t owner)
{
	return db_get_int(db, 0, "SELECT count(*) FROM contacts WHERE owner = ?1", DB_INT(owner));
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

size_t home_contacts_link(struct db *db, struct arena *arena, const uint8_t *phone_hash,
	int64_t account, size_t max, int64_t **owners)
{
	struct query q;

	db_run(db, "UPDATE contacts SET contact = ?2 WHERE phone_hash = ?1",
		DB_BYTES(phone_bytes(phone_hash)), DB_INT(account));
	q = db_query(db, "SELECT owner FROM contacts WHERE phone_hash = ?1 ORDER BY owner LIMIT ?2",
		DB_BYTES(phone_bytes(phone_hash)), DB_INT(max));
	return take_ids(&q, arena, max, owners);
}
