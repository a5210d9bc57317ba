/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chat list of an account: private chats from its box and the channels that it is in, in one
 * order: by the date of the last message, newest first, then by its id, then by peer.
 */
#ifndef CORE_DIALOGS_H
#define CORE_DIALOGS_H

#include "core/channels.h"

#define DIALOGS_LIMIT_MAX 100

/* Where a page begins: after this line. Zeros: at the top. */
struct dialog_offset {
	int64_t date_s; /* an upper bound: nothing newer than this */
	int32_t id;
	struct peer peer;
};

enum dialog_pins { DIALOGS_ALL, DIALOGS_NOT_PINNED, DIALOGS_PINNED };

struct dialog_list {
	struct dialog *at;
	size_t count;
	int64_t total;
	bool complete; /* these are all there are */
	struct message *tops;
	size_t top_count;
	struct user *users;
	size_t user_count;
	struct channel_view *channels;
	size_t channel_count;
};

int dialogs_list(struct call *call, const struct dialog_offset *offset, enum dialog_pins pins,
	int32_t limit, struct dialog_list *out);
/* Those of the peers, also where there is no message yet; peers that the caller may not see are
 * left out. */
int dialogs_of_peers(
	struct call *call, const struct peer *peers, size_t count, struct dialog_list *out);

#endif
