/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of people: a token that is shown once and stored as a hash, ended by idleness, by age
 * ([people] of the SOP), by its person or by who may end others'. Browsers keep it in a cookie that
 * no script reads and that no other site's page sends; programs send it as a bearer token.
 */
#ifndef DESK_SESSIONS_H
#define DESK_SESSIONS_H

#include "desk/desk.h"

/* Who asks, by Authorization or else by the cookie: a token's grant or a person's session in force.
 * The refusal says what to do instead. */
MUST_CHECK bool asker_find(
	struct ask *ask, const struct http_request *request, struct reply *refusal);
/* Would another site's page be able to send this to a browser's desk? False for what only reads. */
bool session_is_foreign(const struct http_request *request);
/* Does the request bring a token or a session, good or bad? */
bool asker_has_token(const struct http_request *request);
/* After a request: notes that the session is in use, and whether from a second address. In
 * transactions of its own. */
void session_seen(struct desk *desk, struct arena *arena, const struct principal *who,
	const struct http_request *request);

/* A new one; its token goes into the reply, as a cookie or as "session". Inside a writing
 * transaction. */
void session_open(struct ask *ask, int64_t person, bool as_cookie, struct reply *reply);
/* The cookie that takes the cookie away. */
const char *session_cookie_gone(void);

#endif
