/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP of the messenger: the Bot API, the WebSocket of browsers, a page that says what this is; and
 * on a loopback port of its own /metrics and /healthz. */
#ifndef SERVER_WEB_H
#define SERVER_WEB_H

#include "server/node.h"

/* Before the threads: prepares node->http and the bot. */
MUST_CHECK int web_open(struct node *node, struct err *err);
/* On the first thread's loop. A taken port is logged, not fatal: the messenger matters more. */
void web_listen_metrics(struct node *node);
void web_close(struct node *node);

#endif
