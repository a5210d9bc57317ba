/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of whatever logs in or sends a code. */
#ifndef API_ENCODE_LOGIN_H
#define API_ENCODE_LOGIN_H

#include "core/accounts/codes.h"
#include "tl/schema.h"

/* auth.sentCode */
struct tl_object *encode_sent_code(struct call *call, const struct login_sent *sent);
/* auth.authorization of an account that sees itself; *reply is set. */
MUST_CHECK int encode_authorization(struct call *call, int64_t user, struct tl_object **reply);
/* What was typed for a code, by whichever of the fields it came. Absent and a fault: by an account
 * elsewhere (Google, Apple), which nobody here can check. */
MUST_CHECK int typed_code(struct call *call, struct bytes phone_code,
	const struct tl_object *email_verification, struct bytes *typed);
/* help.termsOfService of this installation; NULL: it has none. first: what stands before it;
 * absent: nothing. */
struct tl_object *encode_terms(struct call *call, struct bytes first);

#endif
