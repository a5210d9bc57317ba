/* SPDX-License-Identifier: Apache-2.0 */
#include "core/accounts/support.h"

#include "core/accounts/phone.h"
#include "core/accounts/users.h"
#include "store/home_users.h"

bool support_find(struct call *call, struct user *out)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes digits;
	int64_t id;

	if (!call->env->support ||
		phone_normalise(call->arena, bytes_from_str(call->env->support), &digits) < 0)
		return false;
	phone_lookup(call->store->vault, digits, hash);
	id = home_user_by_phone(call_home(call), hash);
	if (!id || user_view(call, id, out) < 0)
		return false;
	out->phone = digits;
	return true;
}
