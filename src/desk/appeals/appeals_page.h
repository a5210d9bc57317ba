/* SPDX-License-Identifier: Apache-2.0 */
/* Appeals by link: a page with a form that needs no script, and the same as JSON. Who has a code
 * sees what it is about and what became of the appeal. */
#ifndef DESK_APPEALS_PAGE_H
#define DESK_APPEALS_PAGE_H

#include "desk/service.h"

/* What became of an appeal, in words. language: of letters.h */
const char *appeal_outcome_words(int language, struct bytes outcome);

/* GET /square/appeal?code=…&lang=…; owner: the service. */
void appeal_page(struct http_exchange *exchange, void *owner);
/* GET /square/appeals?code=… */
void appeal_page_json(struct http_exchange *exchange, void *owner);
/* POST /square/appeals: the page's form (303 back to it), or {"code", "words"}. */
void appeal_page_post(struct http_exchange *exchange, void *owner);

#endif
