/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version (1) | user (8) | item (4) | two of: number (8), text, post, member. A post or member is
 * bytes of its own, absent where there is none. Sealed in the home, whatever the channel is.
 */
#include "base/pack.h"
#include "core/channels/admin_log.h"
#include "core/messages/message_body.h"

#define ENTRY_VERSION 1

static struct bytes post_pack(struct arena *arena, const struct message *post)
{
	struct pack p = pack_new(arena);

	if (!post)
		return (struct bytes){0};
	pack_number(&p, (uint32_t)post->id, 4);
	pack_number(&p, (uint64_t)post->date_s, 8);
	pack_number(&p, (uint64_t)post->edit_date_s, 8);
	pack_number(&p, post->action, 2);
	pack_number(&p, post->from.kind, 1);
	pack_number(&p, (uint64_t)post->from.id, 8);
	pack_number(&p, (uint64_t)post->author, 8);
	pack_number(&p, (uint64_t)post->views, 8);
	pack_number(&p, (uint64_t)post->forwards, 8);
	pack_number(&p, (uint32_t)post->thread, 4);
	pack_number(&p, post->pinned, 1);
	pack_bytes(&p, message_body_encode(arena, post));
	return pack_done(&p);
}

static struct bytes member_pack(struct arena *arena, const struct channel_member *member)
{
	struct pack p = pack_new(arena);

	if (!member)
		return (struct bytes){0};
	pack_number(&p, (uint64_t)member->user, 8);
	pack_number(&p, member->standing.role, 1);
	pack_number(&p, member->standing.admin_rights, 4);
	pack_number(&p, member->standing.banned_rights, 4);
	pack_number(&p, (uint64_t)member->standing.until_s, 8);
	pack_number(&p, (uint64_t)member->joined_at_s, 8);
	pack_number(&p, (uint64_t)member->inviter, 8);
	pack_number(&p, (uint64_t)member->by_user, 8);
	pack_number(&p, (uint64_t)member->changed_at_s, 8);
	pack_bytes(&p, member->rank);
	return pack_done(&p);
}

struct bytes admin_entry_encode(struct arena *arena, const struct admin_entry *entry)
{
	struct pack p = pack_new(arena);

	pack_number(&p, ENTRY_VERSION, 1);
	pack_number(&p, (uint64_t)entry->user, 8);
	pack_number(&p, (uint32_t)entry->item, 4);
	for (int i = 0; i < 2; i++) {
		pack_number(&p, (uint64_t)entry->numbers[i], 8);
		pack_bytes(&p, entry->texts[i]);
		pack_bytes(&p, post_pack(arena, entry->posts[i]));
		pack_bytes(&p, member_pack(arena, entry->members[i]));
	}
	return pack_done(&p);
}

static int post_unpack(
	struct arena *arena, struct bytes packed, int64_t channel, const struct message **out)
{
	struct unpack u = unpack_of(packed);
	struct message *post;
	struct bytes body;

	*out = NULL;
	if (!packed.data)
		return 0;
	post = ARENA_NEW(arena, struct message);
	post->id = (int32_t)unpack_number(&u, 4);
	post->peer = (struct peer){PEER_CHANNEL, channel};
	post->date_s = (int64_t)unpack_number(&u, 8);
	post->edit_date_s = (int64_t)unpack_number(&u, 8);
	post->action = (enum message_action)unpack_number(&u, 2);
	post->from.kind = (enum peer_kind)unpack_number(&u, 1);
	post->from.id = (int64_t)unpack_number(&u, 8);
	post->author = (int64_t)unpack_number(&u, 8);
	post->views = (int64_t)unpack_number(&u, 8);
	post->forwards = (int64_t)unpack_number(&u, 8);
	post->thread = (int32_t)unpack_number(&u, 4);
	post->pinned = unpack_number(&u, 1) != 0;
	body = unpack_bytes(&u);
	if (!unpack_complete(&u) || post->from.kind > PEER_CHANNEL)
		return -1;
	*out = post;
	return message_body_decode(arena, body, post);
}

static int member_unpack(
	struct arena *arena, struct bytes packed, const struct channel_member **out)
{
	struct unpack u = unpack_of(packed);
	struct channel_member *member;

	*out = NULL;
	if (!packed.data)
		return 0;
	member = ARENA_NEW(arena, struct channel_member);
	member->user = (int64_t)unpack_number(&u, 8);
	member->standing.role = (enum channel_role)unpack_number(&u, 1);
	member->standing.admin_rights = (uint32_t)unpack_number(&u, 4);
	member->standing.banned_rights = (uint32_t)unpack_number(&u, 4);
	member->standing.until_s = (int64_t)unpack_number(&u, 8);
	member->joined_at_s = (int64_t)unpack_number(&u, 8);
	member->inviter = (int64_t)unpack_number(&u, 8);
	member->by_user = (int64_t)unpack_number(&u, 8);
	member->changed_at_s = (int64_t)unpack_number(&u, 8);
	member->rank = arena_bytes(arena, unpack_bytes(&u));
	*out = member;
	return unpack_complete(&u) && member->standing.role <= ROLE_AWAY ? 0 : -1;
}

int admin_entry_decode(
	struct arena *arena, struct bytes stored, int64_t channel, struct admin_entry *out)
{
	struct unpack u = unpack_of(stored);

	if (unpack_number(&u, 1) != ENTRY_VERSION)
		return -1;
	out->user = (int64_t)unpack_number(&u, 8);
	out->item = (int32_t)unpack_number(&u, 4);
	for (int i = 0; i < 2; i++) {
		out->numbers[i] = (int64_t)unpack_number(&u, 8);
		out->texts[i] = arena_bytes(arena, unpack_bytes(&u));
		if (post_unpack(arena, unpack_bytes(&u), channel, &out->posts[i]) < 0 ||
			member_unpack(arena, unpack_bytes(&u), &out->members[i]) < 0)
			return -1;
	}
	return unpack_complete(&u) ? 0 : -1;
}
