/* SPDX-License-Identifier: Apache-2.0 */
/* For the files of src/bot: the table of methods and what a method looks like. */
#ifndef BOT_METHODS_H
#define BOT_METHODS_H

#include "bot/params.h"
#include "core/call.h"

enum bot_wait {
	BOT_AT_ONCE,
	BOT_POLL, /* an empty result waits for something to tell, as long as `timeout` says */
};

struct bot_method {
	const char *name; /* compared without case, as the Bot API does */
	enum bot_wait wait;
	/* On the write executor. *result is a new reference for "result"; -1 after rpc_error.
	 * call->user is SERVICE_BOT. */
	int (*run)(struct call *call, struct params *params, json_t **result);
};

/* NULL: there is no such method. */
const struct bot_method *bot_method_find(struct bytes name);
/* How long a call of a BOT_POLL method may wait, in ms. */
int64_t bot_poll_ms(struct params *params);

#define M(method, wait) int bot_##method(struct call *call, struct params *params, json_t **result);
#include "bot/methods.def"
#undef M

#endif
