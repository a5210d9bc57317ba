/* SPDX-License-Identifier: Apache-2.0 */
/* Members of channels as TL. https://core.telegram.org/type/ChannelParticipant */
#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_rights.h"
#include "api/peers.h"
#include "core/channels/channel_rights.h"
#include "tl/schema.h"

static struct tl_object *encode_creator(struct arena *arena, const struct channel_member *member)
{
	struct tl_channelParticipantCreator *creator = TL_NEW(arena, channelParticipantCreator);

	creator->user_id = member->user;
	creator->admin_rights = encode_admin_rights(
		arena, ADMIN_ALL | (member->standing.admin_rights & ADMIN_ANONYMOUS));
	creator->rank = member->rank;
	return &creator->o;
}

static struct tl_object *encode_admin(
	struct arena *arena, const struct channel_member *member, int64_t viewer)
{
	struct tl_channelParticipantAdmin *admin = TL_NEW(arena, channelParticipantAdmin);

	admin->can_edit = member->can_edit;
	admin->self = member->user == viewer;
	admin->user_id = member->user;
	if (admin->self) {
		admin->inviter_id = member->inviter ? member->inviter : member->user;
		admin->has_inviter_id = true;
	}
	admin->promoted_by = member->by_user;
	admin->date = (int32_t)member->changed_at_s;
	admin->admin_rights =
		encode_admin_rights(arena, member->standing.admin_rights | ADMIN_OTHER);
	admin->rank = member->rank;
	return &admin->o;
}

static struct tl_object *encode_limited(struct arena *arena, const struct channel_member *member)
{
	struct tl_channelParticipantBanned *banned = TL_NEW(arena, channelParticipantBanned);

	banned->left = member->standing.role != ROLE_MEMBER;
	banned->peer = encode_peer(arena, channel_member_peer(member->user));
	banned->kicked_by = member->by_user;
	banned->date = (int32_t)member->changed_at_s;
	banned->banned_rights = encode_banned_rights(
		arena, member->standing.banned_rights, member->standing.until_s);
	banned->rank = member->rank;
	return &banned->o;
}

static struct tl_object *encode_self(struct arena *arena, const struct channel_member *member)
{
	struct tl_channelParticipantSelf *self = TL_NEW(arena, channelParticipantSelf);

	self->via_request = member->by_request;
	self->user_id = member->user;
	self->inviter_id = member->inviter ? member->inviter : member->user;
	self->date = (int32_t)member->joined_at_s;
	self->rank = member->rank;
	return &self->o;
}

static struct tl_object *encode_other(struct arena *arena, const struct channel_member *member)
{
	struct tl_channelParticipant *other = TL_NEW(arena, channelParticipant);

	other->user_id = member->user;
	other->date = (int32_t)member->joined_at_s;
	other->rank = member->rank;
	return &other->o;
}

struct tl_object *encode_channel_member(
	struct arena *arena, const struct channel_member *member, int64_t viewer)
{
	struct tl_channelParticipantLeft *left;

	if (member->standing.role == ROLE_CREATOR)
		return encode_creator(arena, member);
	if (member->standing.role == ROLE_ADMIN)
		return encode_admin(arena, member, viewer);
	if (member->standing.banned_rights)
		return encode_limited(arena, member);
	if (member->standing.role == ROLE_MEMBER)
		return member->user == viewer ? encode_self(arena, member)
					      : encode_other(arena, member);
	left = TL_NEW(arena, channelParticipantLeft);
	left->peer = encode_peer(arena, channel_member_peer(member->user));
	return &left->o;
}
