/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public figures over HTTP. Whoever asks makes the desk's one thread count, so answers are kept
 * for a moment, and all counting together takes a tenth of its time at most: beyond that, 503.
 */
#ifndef DESK_PUBLIC_FIGURES_H
#define DESK_PUBLIC_FIGURES_H

#include "net/http.h"

struct kept_answers; /* of one service */
struct kept_answers *kept_answers_new(void);
void kept_answers_free(struct kept_answers *kept);

/* Handlers of routes; owner is the service. */
void public_metrics_json(struct http_exchange *exchange, void *owner);
void public_metrics_csv(struct http_exchange *exchange, void *owner);
void public_metrics_page(struct http_exchange *exchange, void *owner); /* :lang */
void public_report(struct http_exchange *exchange, void *owner);       /* :year, :file */

#endif
