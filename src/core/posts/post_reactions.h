/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reactions to posts. How often each was used stands with the post, so that reading it costs no
 * scan; who used which is home data (store/home_post_reactions.h). In a broadcast channel nobody is
 * told who did. https://core.telegram.org/api/reactions
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise; what
 * they answer is in core/messages/reactions.h, which calls them for channels.
 */
#ifndef CORE_POST_REACTIONS_H
#define CORE_POST_REACTIONS_H

#include "core/channels/channel_load.h"
#include "core/posts/posts.h"
#include "core/messages/reactions.h"
#include "store/home_post_reactions.h"

/* Fills tally and reactions of a post that was read from its row. */
void post_reactions_show(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *post);

/* As everybody may be told. */
struct reaction_tally *post_reactions_alike(
	struct arena *arena, const struct reaction_tally *tally);

/* Faults MESSAGE_ID_INVALID, MESSAGE_NOT_MODIFIED, REACTION_INVALID, REACTIONS_TOO_MANY,
 * CHAT_WRITE_FORBIDDEN, USER_BANNED_IN_CHANNEL, ANONYMOUS_REACTIONS_DISABLED. */
int post_reaction_send(struct call *call, int64_t channel, int32_t id,
	const struct reaction_request *request, struct update_set *answer);
int post_reactions_get(struct call *call, int64_t channel, const int32_t *ids, size_t count,
	struct update_set *answer);
/* Faults MSG_ID_INVALID, OFFSET_INVALID, BROADCAST_FORBIDDEN. */
int post_reactions_list(struct call *call, int64_t channel, int32_t id, struct bytes emoji,
	struct bytes offset, int32_t limit, struct reaction_page *out);
int post_reaction_report(struct call *call, int64_t channel, int32_t id, struct peer by);
bool post_reactions_change(
	struct call *call, const struct home_change *change, struct update *update);

/* ---- Taken by admins: post_reactions_taken.c ---- */

/* One that there is; all are told as if he had taken it back. */
void post_reaction_take_back(struct call *call, const struct channel_context *context,
	struct post_row *row, const struct post_reaction_row *theirs);

#define REACTIONS_TAKEN_AT_ONCE 100

/* In a group, with ADMIN_DELETE: who reacted in a channel its admins are not told. Faults
 * PEER_ID_INVALID, MSG_ID_INVALID, MESSAGE_NOT_MODIFIED (he did not react). */
int post_reaction_take(
	struct call *call, int64_t channel, int32_t id, int64_t user, struct update_set *answer);
/* All of his; of very many upkeep takes the rest. */
int post_reactions_take_all(struct call *call, int64_t channel, int64_t user);
/* Upkeep. true: there are more. */
bool post_reactions_take_due(struct call *call);

/* ---- What the author has not seen ---- */

/* thread: as thread_scope. */
int post_reactions_waiting(struct call *call, int64_t channel, int32_t thread,
	const struct post_range *range, struct post_list *out);
/* All of them are seen; *left: more than one call takes. */
int post_reactions_read(
	struct call *call, int64_t channel, int32_t thread, int32_t *pts, int32_t *left);
/* For lists of chats and topics; counted up to a limit. bound: as in struct post_bounds. */
int32_t post_reactions_unread(struct call *call, int64_t channel, int32_t bound);

#endif
