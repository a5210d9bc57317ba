/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts as TL objects: the newest form, which the generated encoder maps down to the session's
 * layer. What of a profile the viewer may see was settled before (core/users.h). No store. */
#ifndef API_ENCODE_USER_H
#define API_ENCODE_USER_H

#include "core/model.h"
#include "base/arena.h"

struct tl_object;

/* `user`. Strings point into *user. */
struct tl_object *encode_user(struct arena *arena, const struct user *user);
/* UserStatus of somebody online until then (unix s, in the past: last seen then; 0: not told). */
struct tl_object *encode_user_status(struct arena *arena, int64_t online_until_s);

#endif
