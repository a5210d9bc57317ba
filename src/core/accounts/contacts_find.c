/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one account: by number, by public name, by link. Search is
 * core/accounts/contacts_search.c. */
#include "core/accounts/contacts_find.h"

#include <time.h>

#include "base/text.h"
#include "core/channels/channels.h"
#include "core/accounts/contacts.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/phone.h"
#include "core/accounts/public_face.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"

int contacts_resolve_phone(struct call *call, struct bytes phone, int64_t *user)
{
	uint8_t key[VAULT_LOOKUP_SIZE];
	struct bytes digits;

	*user = 0;
	if (phone_normalise(call->arena, phone, &digits) < 0)
		return rpc_error(call, 400, "PHONE_NOT_OCCUPIED");
	if (account_budget_take(call, "lookups", CONTACTS_LOOKUPS_PER_DAY) < 0)
		return -1;
	contact_key_of_phone(call, digits, key);
	*user = contact_account(call, key);
	if (*user == 0) {
		call->keep_writes = true; /* a miss costs as much as a hit */
		return rpc_error(call, 400, "PHONE_NOT_OCCUPIED");
	}
	return 0;
}

int contacts_resolve_name(struct call *call, struct bytes name, struct peer *out)
{
	struct channel_view view;

	if (!public_name_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	if (channel_lookup_take(call) < 0)
		return -1;
	if (!public_name_find(call, name, out) ||
		(out->kind == PEER_USER &&
			(!user_exists(call, out->id) || public_face_is_gone(call, out->id))) ||
		(out->kind == PEER_CHANNEL && !channel_find(call, out->id, &view)))
		return rpc_error(call, 400, "USERNAME_NOT_OCCUPIED");
	return 0;
}

/* Whether the day comes at now_s or a day off. */
static bool is_near(const struct birthday *birthday, int64_t now_s)
{
	for (int off = -1; off <= 1; off++) {
		time_t at = (time_t)(now_s + off * 86400);
		struct tm day;

		if (gmtime_r(&at, &day) && day.tm_mday == birthday->day &&
			day.tm_mon + 1 == birthday->month)
			return true;
	}
	return false;
}

void contacts_birthdays(struct call *call, struct contact_birthday **out, size_t *count)
{
	struct user_card card;
	int64_t *ids;
	size_t all;

	contacts_list(call, &ids, &all);
	*out = arena_array(call->arena, all, sizeof(**out));
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		user_card(call, ids[i], &card);
		if (card.birthday.day && is_near(&card.birthday, call->now_s))
			(*out)[(*count)++] = (struct contact_birthday){ids[i], card.birthday};
	}
}

/* user (8) | expiry (4) | keyed hash of both (16), base64url */
#define TOKEN_SAYS 12
#define TOKEN_HASH 16
#define TOKEN_SIZE (TOKEN_SAYS + TOKEN_HASH)

static void token_hash(struct call *call, const uint8_t *says, uint8_t out[VAULT_LOOKUP_SIZE])
{
	vault_lookup(call->store->vault, "contact_token", bytes_of(says, TOKEN_SAYS), out);
}

struct bytes contact_token_make(struct call *call, int64_t *expires_s)
{
	uint8_t token[TOKEN_SIZE], hash[VAULT_LOOKUP_SIZE];

	*expires_s = call->now_s + CONTACT_TOKEN_LIFE_S;
	store_u64le(token, (uint64_t)call->user);
	store_u32le(token + 8, (uint32_t)*expires_s);
	token_hash(call, token, hash);
	memcpy(token + TOKEN_SAYS, hash, TOKEN_HASH);
	return bytes_from_str(text_base64url(call->arena, bytes_of(token, sizeof(token))));
}

int contact_token_open(struct call *call, struct bytes token, int64_t *user)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes raw;

	if (text_unbase64(call->arena, token, &raw) == 0 && raw.size == TOKEN_SIZE) {
		token_hash(call, raw.data, hash);
		*user = (int64_t)load_u64le(raw.data);
		if (bytes_equal_secret(hash, raw.data + TOKEN_SAYS, TOKEN_HASH) &&
			(int64_t)load_u32le(raw.data + 8) > call->now_s && user_exists(call, *user))
			return 0;
	}
	*user = 0;
	return rpc_error(call, 400, "IMPORT_TOKEN_INVALID");
}
