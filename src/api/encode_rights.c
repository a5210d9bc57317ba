/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode_rights.h"

#include "core/chats/chats.h"
#include "tl/schema.h"

/* Clients take the largest date for "for ever". */
#define FOREVER INT32_MAX

/* Each right as a flag of chatBannedRights. */
#define BANNED_RIGHTS(R)                                                                           \
	R(CHAT_SEE, view_messages)                                                                 \
	R(CHAT_SEND, send_messages)                                                                \
	R(CHAT_SEND_MEDIA, send_media)                                                             \
	R(CHAT_SEND_STICKERS, send_stickers)                                                       \
	R(CHAT_SEND_GIFS, send_gifs)                                                               \
	R(CHAT_SEND_GAMES, send_games)                                                             \
	R(CHAT_SEND_INLINE, send_inline)                                                           \
	R(CHAT_EMBED_LINKS, embed_links)                                                           \
	R(CHAT_SEND_POLLS, send_polls)                                                             \
	R(CHAT_CHANGE_INFO, change_info)                                                           \
	R(CHAT_INVITE, invite_users)                                                               \
	R(CHAT_PIN, pin_messages)                                                                  \
	R(CHAT_MANAGE_TOPICS, manage_topics)                                                       \
	R(CHAT_SEND_PHOTOS, send_photos)                                                           \
	R(CHAT_SEND_VIDEOS, send_videos)                                                           \
	R(CHAT_SEND_ROUND_VIDEOS, send_roundvideos)                                                \
	R(CHAT_SEND_AUDIOS, send_audios)                                                           \
	R(CHAT_SEND_VOICES, send_voices)                                                           \
	R(CHAT_SEND_FILES, send_docs)                                                              \
	R(CHAT_SEND_PLAIN, send_plain)                                                             \
	R(CHAT_EDIT_RANK, edit_rank)                                                               \
	R(CHAT_REACT, send_reactions)

/* Each as a flag of chatAdminRights. */
#define ADMIN_RIGHTS(R)                                                                            \
	R(ADMIN_CHANGE_INFO, change_info)                                                          \
	R(ADMIN_POST, post_messages)                                                               \
	R(ADMIN_EDIT, edit_messages)                                                               \
	R(ADMIN_DELETE, delete_messages)                                                           \
	R(ADMIN_BAN, ban_users)                                                                    \
	R(ADMIN_INVITE, invite_users)                                                              \
	R(ADMIN_PIN, pin_messages)                                                                 \
	R(ADMIN_ADD_ADMINS, add_admins)                                                            \
	R(ADMIN_ANONYMOUS, anonymous)                                                              \
	R(ADMIN_CALL, manage_call)                                                                 \
	R(ADMIN_OTHER, other)                                                                      \
	R(ADMIN_TOPICS, manage_topics)                                                             \
	R(ADMIN_RANKS, manage_ranks)

#define ENCODE(right, field) rights->field = (given & (right)) != 0;
#define DECODE(right, field) given |= rights->field ? (uint32_t)(right) : 0;

struct tl_object *encode_banned_rights(struct arena *arena, uint32_t given, int64_t until_s)
{
	struct tl_chatBannedRights *rights = TL_NEW(arena, chatBannedRights);

	BANNED_RIGHTS(ENCODE)
	rights->until_date = until_s > 0 && until_s < FOREVER ? (int32_t)until_s : FOREVER;
	return &rights->o;
}

uint32_t banned_rights_from_input(const struct tl_object *banned_rights, int64_t *until_s)
{
	const struct tl_chatBannedRights *rights = TL_AS(chatBannedRights, banned_rights);
	uint32_t given = 0;

	if (until_s)
		*until_s = rights && rights->until_date > 0 && rights->until_date < FOREVER
				   ? rights->until_date
				   : 0;
	if (!rights)
		return 0;
	BANNED_RIGHTS(DECODE)
	return given;
}

struct tl_object *encode_admin_rights(struct arena *arena, uint32_t given)
{
	struct tl_chatAdminRights *rights = TL_NEW(arena, chatAdminRights);

	ADMIN_RIGHTS(ENCODE)
	return &rights->o;
}

uint32_t admin_rights_from_input(const struct tl_object *admin_rights)
{
	const struct tl_chatAdminRights *rights = TL_AS(chatAdminRights, admin_rights);
	uint32_t given = 0;

	if (!rights)
		return 0;
	ADMIN_RIGHTS(DECODE)
	return given;
}
