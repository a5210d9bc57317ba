/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: what an account has begun to write, per chat, on all its devices. Sealed. All functions
 * act for call->user. https://core.telegram.org/api/drafts */
#ifndef CORE_DRAFTS_H
#define CORE_DRAFTS_H

#include "core/changes.h"

#define DRAFTS_MAX 1000 /* of one account: the oldest makes room */

/* draft: thread (0, or of a channel the thread or topic that it is for), text, entities, reply_to,
 * reply, no_preview, invert_media. Empty: the draft is gone. Faults those of entities_accept,
 * QUOTE_TEXT_INVALID, MSG_ID_INVALID. */
MUST_CHECK int draft_save(struct call *call, struct peer peer, const struct message *draft);
/* A message was sent from it, or it has nowhere to stand: except_session knows (0: none does).
 * Tells nobody when there was none. */
void draft_clear(struct call *call, uint64_t except_session, struct peer peer, int32_t topic);
/* All of them go. */
void drafts_clear(struct call *call);
/* NULL: none. */
struct message *draft_get(struct call *call, struct peer peer, int32_t topic);
/* UPDATE_DRAFT each. */
void drafts_all(struct call *call, struct update_set *out);

bool draft_change(struct call *call, const struct home_change *change, struct update *update);

#endif
