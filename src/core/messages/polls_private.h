/* SPDX-License-Identifier: Apache-2.0 */
/* What polls.c and polls_vote.c share. */
#ifndef CORE_POLLS_PRIVATE_H
#define CORE_POLLS_PRIVATE_H

#include "core/channels/channel_load.h"
#include "core/messages/polls.h"
#include "store/home_polls.h"

/* A poll, and the message by which the caller came to it. */
struct poll_at {
	struct peer in;
	int32_t id;
	bool forwarded;
	struct home_poll row;
	struct poll poll; /* as its maker's server knows it */
	/* In a chat: */
	struct home_box box;
	struct home_message message;
	/* In a channel: */
	struct channel_context channel;
	struct post_row post;
};

struct home_sealer polls_home(struct call *call);
/* Row and poll as its maker's server knows them, nothing hidden, nothing chosen. False: it is gone.
 */
bool polls_read(const struct home_sealer *home, int64_t owner, int64_t id, struct home_poll *row,
	struct poll *out);
/* One voter's options were before and are after. */
void polls_recount(struct poll *poll, uint32_t before, uint32_t after);
/* As the viewer may see it; NULL: it is gone. */
struct poll *polls_view(const struct home_sealer *home, int64_t viewer, int64_t owner, int64_t id);
/* As everybody may be told; NULL: it is gone. */
struct poll *polls_view_alike(const struct home_sealer *home, int64_t owner, int64_t id);
/* As which the changes of an account name the owner of a poll. */
struct peer polls_owner_peer(int64_t owner);

/* ---- polls_posts.c ---- */

/* The post at->id of the channel at->in, for who may see it: fills channel and post. */
MUST_CHECK int poll_post_find(struct call *call, struct poll_at *at, struct message *out);
/* The caller has voted. answer: UPDATE_POLL. */
void poll_post_tell(struct call *call, struct poll_at *at, struct update_set *answer);
MUST_CHECK int poll_post_close(struct call *call, struct poll_at *at, struct update_set *answer);
/* Its time has come: it is closed, and those who have the channel are told. */
void poll_post_ended(struct call *call, const struct home_poll *poll);

#endif
