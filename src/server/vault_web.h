/* SPDX-License-Identifier: Apache-2.0 */
/* Custodians on the messenger's port: their bytes go to the keeper and back as they are. */
#ifndef SERVER_VAULT_WEB_H
#define SERVER_VAULT_WEB_H

#include "net/http_server.h"

/* GET /vault?challenge=HEX: the keeper's signed hello. owner: struct node. */
void vault_web_hello(struct http_exchange *exchange, void *owner);
/* POST /vault/share: a sealed letter; its answer. 409: the keeper could not read it. */
void vault_web_share(struct http_exchange *exchange, void *owner);

#endif
