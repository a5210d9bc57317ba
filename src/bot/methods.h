/* SPDX-License-Identifier: Apache-2.0 */
/* For the files of src/bot: the table of methods and what a method looks like. */
#ifndef BOT_METHODS_H
#define BOT_METHODS_H

#include <jansson.h>

#include "core/call.h"
#include "net/http.h"

enum bot_tx {
	BOT_TX_NONE,  /* needs no store: answered on the network thread */
	BOT_TX_WRITE, /* the write executor */
};

struct bot_method {
	const char *name; /* compared without case, as the Bot API does */
	enum bot_tx tx;
	/* *result is a new reference for "result"; -1 after rpc_error. call->user is SERVICE_USER.
	 */
	int (*run)(struct call *call, const struct http_request *request, json_t **result);
};

/* NULL: there is no such method. */
const struct bot_method *bot_method_find(struct bytes name);

#endif
