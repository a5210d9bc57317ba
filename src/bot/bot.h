/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Bot API for the service bot: HTTP and JSON, on loopback, for the desk. Methods are rows of a
 * table (methods.def); each is a plain function over a call, as handlers of the other front end
 * are. https://core.telegram.org/bots/api#making-requests
 */
#ifndef BOT_BOT_H
#define BOT_BOT_H

#include "core/call.h"
#include "net/http.h"

struct bot;
struct executor;

/* What the bot needs of the running messenger. All of it outlives the bot. */
struct bot_host {
	const struct core_env *env;
	struct executor *writer;
	/* Hands on the effects of a committed call and takes the reference. On the writer's thread:
	 * must be short. */
	void (*deliver)(void *ctx, struct effects *effects);
	void *ctx;
};

/* token_path: a file of mode 0600 with "1000000:<43 characters of base64url>" and perhaps a line
 * end. Only a hash of it is kept. */
MUST_CHECK int bot_new(
	const char *token_path, const struct bot_host *host, struct bot **out, struct err *err);
/* There is something to tell the bot: who waits for it looks again. Any thread; NULL is fine, and
 * so it is for the next two. */
void bot_wake(struct bot *bot);
/* Once a second: who has waited long enough is answered. */
void bot_beat(struct bot *bot);
/* Nobody waits any more. */
void bot_stop(struct bot *bot);
/* No request is under way any more. NULL is fine. */
void bot_free(struct bot *bot);

/* Answers GET or POST /bot<token>/<method>. Any thread; takes over the exchange and answers it now
 * or after the commit. Requests that do not come from loopback see nothing but 404. */
void bot_handle(struct bot *bot, struct http_exchange *exchange);

#endif
