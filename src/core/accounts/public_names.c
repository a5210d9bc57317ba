/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of names, which are free, and how long one is held back. Does not own who bears
 * one: core/channels/channel_names.c and core/accounts/user_names.c do. */
#include "core/accounts/public_names.h"

#include "base/text.h"
#include "store/home_names.h"
#include "store/square_channels.h"

/* Followers and links still point to a name that was just given up: for a while only who had it may
 * have it again, so that nobody steps into another's place. */
#define NAME_HELD_S (7 * 86400)

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool public_name_is_valid(struct bytes name)
{
	if (name.size < PUBLIC_NAME_LEAST || name.size > PUBLIC_NAME_MOST ||
		!is_letter(name.data[0]) || name.data[name.size - 1] == '_')
		return false;
	for (size_t i = 0; i < name.size; i++) {
		const uint8_t c = name.data[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_')
			return false;
		if (c == '_' && name.data[i - 1] == '_') /* i > 0: the first is a letter */
			return false;
	}
	return true;
}

/* Words that people take for the installation itself, and first parts of links that clients
 * understand otherwise. */
static bool is_reserved(struct call *call, struct bytes lower)
{
	static const char *const words[] = {"abuse", "addemoji", "addlist", "addstickers",
		"addtheme", "admin", "administrator", "boost", "channel", "confirmphone", "contact",
		"giftcode", "invoice", "joinchat", "login", "lontar", "message", "moderator",
		"moderation", "official", "privacy", "proxy", "resolve", "root", "security",
		"service", "setlanguage", "settings", "share", "socks", "staff", "stickers",
		"support", "system", "telegram", "username", "webmaster"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (bytes_equal_str(lower, words[i]))
			return true;
	}
	return bytes_equal_str(lower, text_lower(call->arena, bytes_from_str(call->env->name)));
}

static struct bytes lower_of(struct call *call, struct bytes name)
{
	return bytes_from_str(text_lower(call->arena, name));
}

bool public_name_is_same(struct call *call, struct bytes a, struct bytes b)
{
	return bytes_equal(lower_of(call, a), lower_of(call, b));
}

static void hash_of(struct call *call, struct bytes lower, uint8_t hash[VAULT_LOOKUP_SIZE])
{
	vault_lookup(call->store->vault, "username", lower, hash);
}

bool public_name_is_free(struct call *call, struct bytes name)
{
	const struct bytes lower = lower_of(call, name);
	uint8_t hash[VAULT_LOOKUP_SIZE];
	int64_t before;

	if (is_reserved(call, lower) || square_names_taken(call_square(call), lower))
		return false;
	hash_of(call, lower, hash);
	before = home_names_released_by(call_home(call), hash, call->now_s - NAME_HELD_S);
	return before == 0 || before == call->user;
}

void public_name_take(struct call *call, struct bytes name, struct peer peer)
{
	square_names_insert(call_square(call), lower_of(call, name), peer.kind, peer.id);
}

void public_name_release(struct call *call, struct bytes name)
{
	const struct bytes lower = lower_of(call, name);
	uint8_t hash[VAULT_LOOKUP_SIZE];

	square_names_delete(call_square(call), lower);
	if (call->user == 0)
		return; /* a repair: it was given up before */
	hash_of(call, lower, hash);
	home_names_release(
		call_home(call), hash, call->user, call->now_s, call->now_s - NAME_HELD_S);
}

bool public_name_find(struct call *call, struct bytes name, struct peer *out)
{
	static const enum peer_kind kinds[] = {PEER_CHANNEL, PEER_USER};
	struct bytes lower;

	*out = (struct peer){0};
	if (!public_name_is_valid(name))
		return false;
	lower = lower_of(call, name);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && out->id == 0; i++)
		*out = (struct peer){
			kinds[i], square_names_find(call_square(call), lower, kinds[i])};
	return out->id != 0;
}

size_t public_names_search(
	struct call *call, struct bytes prefix, enum peer_kind kind, int64_t *ids, int32_t limit)
{
	if (limit < 1 || limit > PUBLIC_NAMES_FOUND_MAX)
		limit = PUBLIC_NAMES_FOUND_MAX;
	if (prefix.size > 0 && prefix.data[0] == '@')
		prefix = bytes_of(prefix.data + 1, prefix.size - 1);
	if (prefix.size == 0 || prefix.size > PUBLIC_NAME_MOST)
		return 0;
	return square_names_prefix(
		call_square(call), lower_of(call, prefix), kind, ids, (size_t)limit);
}
