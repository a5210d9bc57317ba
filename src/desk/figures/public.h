/* SPDX-License-Identifier: Apache-2.0 */
/* What anybody may read from the desk: the pages, the counts, the ledger's files. */
#ifndef DESK_PUBLIC_H
#define DESK_PUBLIC_H

#include "desk/service.h"

/* Answers the exchange, also when nothing has this path. */
void public_dispatch(struct service *service, struct http_exchange *exchange);

/* With the headers of a public page; kept for two seconds. */
void public_respond(struct http_exchange *exchange, const char *type, const char *text);
/* What goes with every public answer. cache: of Cache-Control. */
void public_headers(struct http_exchange *exchange, const char *type, const char *cache);

/* A file's path inside the ledger's folder, as it may be asked for. */
bool public_ledger_path_ok(struct bytes path);

#endif
