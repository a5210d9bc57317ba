/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public names: one namespace for everything that has one, compared in lower case and shown as it
 * was typed. A channel with a name is public and lives in the square.
 */
#include "base/text.h"
#include "core/channel_load.h"
#include "core/network_budget.h"
#include "core/move.h"
#include "store/home_names.h"
#include "store/square_channels.h"

#define USERNAME_LEAST 5
#define USERNAME_MOST 32
#define SEARCH_LIMIT_MAX 50

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool username_is_valid(struct bytes name)
{
	if (name.size < USERNAME_LEAST || name.size > USERNAME_MOST || !is_letter(name.data[0]))
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!is_letter(name.data[i]) && !(name.data[i] >= '0' && name.data[i] <= '9') &&
			name.data[i] != '_')
			return false;
	return true;
}

static struct bytes lower(struct call *call, struct bytes name)
{
	return bytes_from_str(text_lower(call->arena, name));
}

/* Followers and links still point to a name that was just given up: for a while only who had it may
 * have it again, so that nobody steps into another's place. */
#define NAME_HELD_S (7 * 86400)

static void name_hash(struct call *call, struct bytes name, uint8_t hash[VAULT_LOOKUP_SIZE])
{
	vault_lookup(call->store->vault, "username", lower(call, name), hash);
}

static bool name_is_free(struct call *call, struct bytes name)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	int64_t before;

	if (square_names_taken(call_square(call), lower(call, name)))
		return false;
	name_hash(call, name, hash);
	before = home_names_released_by(call_home(call), hash, call->now_s - NAME_HELD_S);
	return before == 0 || before == call->user;
}

void channel_name_release(struct call *call, struct bytes name)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];

	square_names_delete(call_square(call), lower(call, name));
	if (call->user == 0)
		return; /* a repair: it was given up before */
	name_hash(call, name, hash);
	home_names_release(
		call_home(call), hash, call->user, call->now_s, call->now_s - NAME_HELD_S);
}

/* How many public channels the viewer has made. */
static size_t names_held(struct call *call)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	size_t held = 0;

	for (size_t i = 0; i < count; i++)
		held += rows[i].role == ROLE_CREATOR &&
			square_channels_has(call_square(call), rows[i].channel) &&
			!square_channels_leaving(call_square(call), rows[i].channel);
	return held;
}

int channel_username_check(struct call *call, struct bytes name, bool *is_free)
{
	if (!username_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	*is_free = name_is_free(call, name);
	return 0;
}

/* From one name to another, or to another case of the same. */
static int username_change(struct call *call, struct channel_context *context, struct bytes name)
{
	struct db *square = call_square(call);
	const struct bytes old_name = lower(call, context->row.username);
	const struct bytes new_name = lower(call, name);

	if (!bytes_equal(old_name, new_name)) {
		if (!name_is_free(call, name))
			return rpc_error(call, 400, "USERNAME_OCCUPIED");
		channel_name_release(call, old_name);
		square_names_insert(square, new_name, PEER_CHANNEL, context->row.id);
	}
	context->row.username = name;
	square_channels_update(square, &context->row);
	channel_refresh(call, context);
	return 0;
}

static int username_first(struct call *call, struct channel_context *context, struct bytes name)
{
	if (names_held(call) >= CHANNEL_NAMES_MAX)
		return rpc_error(call, 400, "CHANNELS_ADMIN_PUBLIC_TOO_MUCH");
	if (!name_is_free(call, name))
		return rpc_error(call, 400, "USERNAME_OCCUPIED");
	context->row.username = name;
	return move_to_square(call, context);
}

int channel_username_set(struct call *call, int64_t id, struct bytes name)
{
	struct channel_context context;
	int result;

	if (name.size > 0 && !username_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	if (channel_need_creator(call, id, &context) < 0)
		return -1;
	if (bytes_equal(name, context.row.username))
		return rpc_error(call, 400, "USERNAME_NOT_MODIFIED");
	if (name.size == 0)
		result = move_to_home(call, &context);
	else if (context.row.in_square)
		result = username_change(call, &context, name);
	else
		result = username_first(call, &context, name);
	if (result == 0)
		channel_tell_changed(call, &context);
	return result;
}

int channel_lookup_take(struct call *call)
{
	if (account_budget_take(call, "names", CHANNEL_LOOKUPS_PER_DAY) < 0)
		return -1;
	call->keep_writes = true; /* a miss costs as much as a hit */
	return 0;
}

bool channel_by_username(struct call *call, struct bytes name, struct channel_view *out)
{
	int64_t id;

	if (!username_is_valid(name))
		return false;
	id = square_names_find(call_square(call), lower(call, name), PEER_CHANNEL);
	return id != 0 && channel_find(call, id, out);
}

int channel_search(struct call *call, struct bytes prefix, int32_t limit, struct channel_views *out)
{
	int64_t ids[SEARCH_LIMIT_MAX];
	size_t count;

	if (limit < 1 || limit > SEARCH_LIMIT_MAX)
		limit = SEARCH_LIMIT_MAX;
	if (prefix.size > 0 && prefix.data[0] == '@')
		prefix = bytes_of(prefix.data + 1, prefix.size - 1);
	*out = (struct channel_views){
		.at = arena_array(call->arena, (size_t)limit, sizeof(*out->at))};
	if (prefix.size == 0 || prefix.size > USERNAME_MOST)
		return 0;
	count = square_names_prefix(
		call_square(call), lower(call, prefix), PEER_CHANNEL, ids, (size_t)limit);
	for (size_t i = 0; i < count; i++)
		if (channel_find(call, ids[i], &out->at[out->count]) &&
			!out->at[out->count].restricted)
			out->count++;
	return 0;
}
