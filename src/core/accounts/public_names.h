/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public names: one namespace for people, channels and groups, compared in lower case and shown as
 * they were typed. Who may have one and what it does to its bearer is core/channels/channels.h and
 * core/accounts/users.h.
 */
#ifndef CORE_PUBLIC_NAMES_H
#define CORE_PUBLIC_NAMES_H

#include "core/call.h"

#define PUBLIC_NAME_LEAST 5
#define PUBLIC_NAME_MOST 32
#define PUBLIC_NAMES_FOUND_MAX 50 /* by one search */

/* PUBLIC_NAME_LEAST to _MOST of [A-Za-z0-9_]: first a letter, no underscore at the end and no two
 * in a row. */
bool public_name_is_valid(struct bytes name);
/* The same name, maybe in other letter case. */
bool public_name_is_same(struct call *call, struct bytes a, struct bytes b);
/* Nobody has it, nobody but call->user gave it up of late, and it is not kept for the installation.
 */
bool public_name_is_free(struct call *call, struct bytes name);
/* peer bears it from now on; it must be free. */
void public_name_take(struct call *call, struct bytes name, struct peer peer);
/* It is given up by call->user, and held back for him for a while. */
void public_name_release(struct call *call, struct bytes name);
/* Whoever bears it; false: nobody, or it is no name. */
bool public_name_find(struct call *call, struct bytes name, struct peer *out);
/* Bearers of a kind whose names begin with prefix (with or without @), at most limit, in the order
 * of names. ids has room for PUBLIC_NAMES_FOUND_MAX. */
size_t public_names_search(
	struct call *call, struct bytes prefix, enum peer_kind kind, int64_t *ids, int32_t limit);

#endif
