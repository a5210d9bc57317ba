/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bar above a private chat: what a client offers to do about the person there. A stranger's
 * first message makes it ask (report, block, add); it closes with the first answer, when he is made
 * a contact, reported or blocked, or when it is hidden.
 * https://core.telegram.org/constructor/peerSettings
 */
#ifndef CORE_PEER_SETTINGS_H
#define CORE_PEER_SETTINGS_H

#include "core/call.h"

/* How call->user's bar above the chat with the account looks. */
void peer_settings_view(struct call *call, int64_t user, struct peer_settings *out);
/* As another account's. */
void peer_settings_view_for(
	struct call *call, int64_t viewer, int64_t user, struct peer_settings *out);
/* messages.hidePeerSettingsBar. */
void peer_settings_hide(struct call *call, int64_t user);
/* messages.reportSpam and its like, for people. Says nothing of whether it counted. */
void peer_settings_report(struct call *call, int64_t user);

/* call->user has written to the account, as a stranger if stranger_check said so. */
void peer_settings_written(struct call *call, int64_t to, bool stranger);
/* call->user has made the account a contact, or dealt with it otherwise. */
void peer_settings_answered(struct call *call, int64_t user);

/* Tells all sessions of owner how his bar above the chat with peer is now: also the one that asked,
 * whose answer does not say it. */
void peer_settings_tell(struct call *call, int64_t owner, int64_t peer);
/* For core/changes.c. */
struct home_change;
bool peer_settings_change(
	struct call *call, const struct home_change *change, struct update *update);

#endif
