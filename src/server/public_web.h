/* SPDX-License-Identifier: Apache-2.0 */
/* GET /s/NAME, /s/NAME/12, /s/NAME/feed: public channels for readers without an account, answered
 * by a read of the databases. docs/operating.md, "Public pages". */
#ifndef SERVER_PUBLIC_WEB_H
#define SERVER_PUBLIC_WEB_H

#include "server/node.h"

/* Routes "/s/:name" and "/s/:name/:what"; owner is the node. */
void public_web_get(struct http_exchange *exchange, void *owner);

#endif
