/* SPDX-License-Identifier: Apache-2.0 */
/* Among core/accounts/users.c, users_profile.c, users_seen.c and user_names.c. */
#ifndef CORE_USERS_PRIVATE_H
#define CORE_USERS_PRIVATE_H

#include "core/accounts/users.h"
#include "store/home_privacy.h"
#include "store/home_users.h"

/* What the two are to each other, as far as names, numbers and statuses depend on it. */
void user_sight(struct call *call, int64_t viewer, int64_t id, struct home_sight *out);
/* user_status_view() for who has looked. */
void user_status_view_known(struct call *call, int64_t viewer, int64_t id,
	const struct home_sight *sight, struct user_status *out);

/* Of call->user; fault USER_DEACTIVATED. */
MUST_CHECK int user_own_profile(struct call *call, struct home_user *out);
/* Names of call->user changed: his other devices and his watchers hear of it, also later. */
void user_tell_names(struct call *call);

#endif
