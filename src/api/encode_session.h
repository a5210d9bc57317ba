/* SPDX-License-Identifier: Apache-2.0 */
/* A line of the list of sessions, and how somebody answers for his password. */
#ifndef API_ENCODE_SESSION_H
#define API_ENCODE_SESSION_H

#include "core/accounts/password.h"
#include "core/accounts/sessions.h"
#include "tl/schema.h"

void encode_session(const struct session *session, struct tl_authorization *out);
/* InputCheckPasswordSRP. A view. */
struct password_answer decode_password_answer(const struct tl_object *input);

#endif
