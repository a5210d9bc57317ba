/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what in a channel: the creator all, an admin what he was given, a member what the
 * group's default and his own limits leave. https://core.telegram.org/api/rights
 */
#ifndef CORE_CHANNEL_RIGHTS_H
#define CORE_CHANNEL_RIGHTS_H

#include "core/channels/channel_load.h"
#include "core/chats/chats.h"

/* All that the creator may: but ANONYMOUS, which he chooses. */
#define ADMIN_ALL                                                                                  \
	(ADMIN_CHANGE_INFO | ADMIN_POST | ADMIN_EDIT | ADMIN_DELETE | ADMIN_BAN | ADMIN_INVITE |   \
		ADMIN_PIN | ADMIN_ADD_ADMINS | ADMIN_CALL | ADMIN_OTHER | ADMIN_TOPICS |           \
		ADMIN_RANKS)

/* Pure. What the viewer may as an admin: enum admin_right. */
uint32_t channel_admin_rights(const struct channel_view *view);
bool channel_admin_may(const struct channel_view *view, enum admin_right right);
/* Pure. What the viewer, who is no admin, may not: enum chat_right. Of an admin: nothing. */
uint32_t channel_limits(const struct channel_view *view);

/* Loaded, open, and the viewer has the right, else CHAT_ADMIN_REQUIRED. */
int channel_need_admin(
	struct call *call, int64_t id, enum admin_right right, struct channel_context *out);
/* The same for what the group may leave to its members (CHANGE_INFO, INVITE, PIN, TOPICS): an admin
 * with `admin`, or a member, admin or not, without the limit. */
int channel_need_either(struct call *call, int64_t id, enum admin_right admin,
	enum chat_right limit, struct channel_context *out);
/* Nobody posts, edits or opens topics in a channel that an order froze: CHAT_WRITE_FORBIDDEN. */
MUST_CHECK int channel_need_thawed(struct call *call, const struct channel_context *context);
/* Whether the viewer may put this into it (several may be or'ed): enum chat_right. Faults
 * CHAT_WRITE_FORBIDDEN, CHAT_GUEST_SEND_FORBIDDEN, CHAT_SEND_PLAIN_FORBIDDEN and its like,
 * USER_BANNED_IN_CHANNEL. */
MUST_CHECK int channel_may_send(
	struct call *call, const struct channel_context *context, uint32_t rights);

/* Slow mode: 420 SLOWMODE_WAIT_X, or the viewer writes now. */
MUST_CHECK int channel_slow_down(struct call *call, const struct channel_context *context);
/* When it lets him write again; 0: now. */
int64_t channel_next_send(struct call *call, const struct channel_view *view);
/* An admin who is anonymous writes in the group's name, signed with his rank. */
void channel_sign(struct call *call, const struct channel_context *context, struct message *draft);

#endif
