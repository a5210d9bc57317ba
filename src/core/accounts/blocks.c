/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the block list. Does not own what a block forbids: whoever sends, shows or invites asks
 * block_has. */
#include "core/accounts/blocks.h"

#include "core/bots/bot_updates.h"
#include "core/changes.h"
#include "core/accounts/users.h"

bool block_has(struct call *call, int64_t owner, int64_t other)
{
	return owner != other && home_block_has(call_home(call), owner, other);
}

static void tell(struct call *call, int64_t other, bool blocked)
{
	const struct peer peer = {PEER_USER, other};
	struct update update = {.kind = UPDATE_BLOCKED, .peer = peer, .blocked = blocked};

	change_tell(call, call->user, call->session_id, CHANGE_BLOCKED, peer, 0, &update);
}

int block_set(struct call *call, int64_t other, bool blocked)
{
	struct db *db = call_home(call);

	if (other == call->user || other == SERVICE_USER)
		return rpc_error(call, 400, "CONTACT_ID_INVALID");
	if (block_has(call, call->user, other) == blocked)
		return 0;
	if (blocked && !user_exists(call, other))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (blocked && home_blocks_count(db, call->user) >= BLOCKS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (blocked ? home_block_put(db, call->user, other, call->now_s)
		    : home_block_delete(db, call->user, other)) {
		tell(call, other, blocked);
		bot_note_standing(call, other, (struct peer){PEER_USER, call->user},
			blocked ? ROLE_MEMBER : ROLE_BANNED, blocked ? ROLE_BANNED : ROLE_MEMBER);
	}
	return 0;
}

static bool is_among(int64_t id, const int64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

int blocks_replace(struct call *call, const int64_t *others, size_t count, int32_t within)
{
	struct home_block *before;
	size_t had;

	if (count > BLOCKS_PER_PAGE_MAX || within < 0 || within > BLOCKS_PER_PAGE_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	had = home_blocks_list(
		call_home(call), call->arena, call->user, 0, (size_t)within, &before);
	for (size_t i = 0; i < had; i++) {
		if (!is_among(before[i].other, others, count) &&
			block_set(call, before[i].other, false) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (block_set(call, others[i], true) < 0)
			return -1;
	}
	return 0;
}

size_t blocks_list(
	struct call *call, int32_t offset, int32_t limit, struct home_block **out, int64_t *total)
{
	if (limit < 1 || limit > BLOCKS_PER_PAGE_MAX)
		limit = BLOCKS_PER_PAGE_MAX;
	if (offset < 0 || offset > BLOCKS_MAX)
		offset = offset < 0 ? 0 : BLOCKS_MAX;
	*total = home_blocks_count(call_home(call), call->user);
	return home_blocks_list(
		call_home(call), call->arena, call->user, offset, (size_t)limit, out);
}

bool block_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_BLOCKED,
		.peer = {PEER_USER, change->peer},
		.blocked = block_has(call, call->user, change->peer)};
	return true;
}
