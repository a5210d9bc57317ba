/* SPDX-License-Identifier: Apache-2.0 */
/* Invite links as TL. What is made is the newest form. https://core.telegram.org/api/invites */
#ifndef API_ENCODE_INVITE_H
#define API_ENCODE_INVITE_H

#include "core/channels/invite_links.h"

struct roster;
struct tl_object;

/* `chatInviteExported`. */
struct tl_object *encode_invite_link(struct arena *arena, const struct home_invite_link *link);

/* What the page of a group or channel has for who may invite there. */
struct invite_glance {
	struct tl_object *link; /* NULL: none */
	int32_t waiting;
	int64_t *recent;
	size_t recent_count;
};

/* roster: gets who waits lately, to be named in the answer. */
struct invite_glance encode_invite_glance(
	struct call *call, struct peer peer, struct roster *roster);

#endif
