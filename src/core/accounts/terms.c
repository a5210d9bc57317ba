/* SPDX-License-Identifier: Apache-2.0 */
/* Owns who accepted which terms. */
#include "core/accounts/terms.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "store/home_affairs.h"

static struct bytes hash_of(struct call *call)
{
	uint8_t *hash = arena_alloc(call->arena, HASH_SHA256_SIZE);

	hash_sha256(call->env->terms, hash);
	return bytes_of(hash, HASH_SHA256_SIZE);
}

struct bytes terms_id(struct call *call)
{
	return bytes_from_str(arena_printf(
		call->arena, "{\"terms\":\"%s\"}", text_hex(call->arena, hash_of(call))));
}

static void load(struct call *call, int64_t user, struct home_affairs *affairs)
{
	home_affairs_get(call_home(call), call->store->vault, call->arena, user, affairs);
}

bool terms_are_due(struct call *call)
{
	struct home_affairs affairs;

	if (!call->env->terms.size || !call->user)
		return false;
	load(call, call->user, &affairs);
	return !bytes_equal(affairs.terms_hash, hash_of(call));
}

void terms_accept(struct call *call, int64_t user)
{
	struct home_affairs affairs;

	if (!call->env->terms.size || !user)
		return;
	load(call, user, &affairs);
	affairs.terms_hash = hash_of(call);
	home_affairs_put(call_home(call), call->store->vault, call->arena, &affairs);
}
