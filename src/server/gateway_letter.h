/* SPDX-License-Identifier: Apache-2.0 */
/* One letter as the request that carries it: JSON with a signature for the webhook, RFC 5322 for
 * SMTP. Pure functions. */
#ifndef SERVER_GATEWAY_LETTER_H
#define SERVER_GATEWAY_LETTER_H

#include "core/effects.h"
#include "fetch/protocol.h"
#include "server/settings.h"

#define LETTER_TEXT_MAX 4096

struct letter {
	enum effect_kind kind; /* CODE or EMAIL */
	char id[33];	       /* the same at every try: who gets it twice can tell */
	char to[256];	       /* digits, or an e-mail address */
	char code[16];
	char subject[128];
	char text[LETTER_TEXT_MAX];
	int64_t made_s;
};

/* -1: it does not fit. */
MUST_CHECK int letter_fill(struct letter *letter, const struct effect *effect, int64_t now_s);
/* headers and body must be empty; *request views them and the settings. */
void letter_request(const struct letter *letter, const struct settings *settings,
	struct buf *headers, struct buf *body, struct fetch_request *request);

#endif
