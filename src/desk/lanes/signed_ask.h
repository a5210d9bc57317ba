/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that are signed instead of carrying a token: what a signature must cover, how old it may
 * be, and that nobody repeats one. How it is read is http_signature.h; which keys there are,
 * store/square_desk_keys.h.
 */
#ifndef DESK_SIGNED_ASK_H
#define DESK_SIGNED_ASK_H

#include "desk/desk.h"
#include "net/http.h"

#define SIGNED_ASK_AGE_MAX_S 300 /* also how far the sender's clock may be ahead */

/* Fills ask->who with the grant of the key. writes: a nonce is needed, and noted. -1: refused, *why
 * for the sender. Inside the ask's transaction. */
MUST_CHECK int signed_ask(
	struct ask *ask, const struct http_request *request, bool writes, const char **why);

#endif
