/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts as TL objects: the newest form, which the generated encoder maps down to the session's
 * layer. What of a profile the viewer may see was settled before (core/accounts/users.h). No store.
 */
#ifndef API_ENCODE_USER_H
#define API_ENCODE_USER_H

#include "core/model.h"
#include "base/arena.h"

struct tl_object;
struct tl_objects;

/* `user`. Strings point into *user. */
struct tl_object *encode_user(struct arena *arena, const struct user *user);
/* Vector<Username>: the one, or none. */
struct tl_objects encode_usernames(struct arena *arena, struct bytes username);
struct tl_object *encode_user_status(struct arena *arena, const struct user_status *status);

#endif
