/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what an operator may hand out. */
#include "core/accounts/account_hand_out.h"

#include "core/accounts/login.h"
#include "core/accounts/password.h"
#include "core/accounts/phone.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "store/home_keys.h"
#include "store/home_users.h"

static void draw_number(struct call *call, struct code_phone *phone)
{
	struct bytes digits =
		code_digits(call, PHONE_ANONYMOUS_DIGITS - (int)(sizeof(PHONE_ANONYMOUS_CODE) - 1));

	phone->digits = bytes_from_str(arena_printf(call->arena, "%s%.*s", PHONE_ANONYMOUS_CODE,
		(int)digits.size, (const char *)digits.data));
	phone_lookup(call->store->vault, phone->digits, phone->hash);
}

int account_add(struct call *call, struct bytes name, struct code_phone *phone, struct bytes *code)
{
	struct login_newcomer newcomer = {.first_name = name, .last_name = BYTES_LITERAL("")};
	int64_t user;

	do
		draw_number(call, phone);
	while (home_user_by_phone(call_home(call), phone->hash));
	if (user_check_names(call, &newcomer.first_name, &newcomer.last_name) < 0 ||
		login_create_account(call, phone, &newcomer, &user) < 0)
		return -1;
	*code = code_hand_out(call, phone, false);
	return 0;
}

static void tell(struct call *call, int64_t user)
{
	if (words_letter(call, user, WORD_HANDED_CODE, NULL, 0) < 0)
		call->fault = (struct fault){0};
}

enum hand_out account_code(struct call *call, const struct code_phone *phone, struct bytes *code)
{
	struct db *db = call_home(call);
	int64_t user = home_user_by_phone(db, phone->hash);
	bool is_new;

	if (!user)
		return HAND_OUT_NOBODY;
	is_new = home_standing_waits(db, phone->hash) && home_keys_count(db, user) == 0;
	if (!is_new && !password_is_set(call, user))
		return HAND_OUT_NO_PASSWORD;
	*code = code_hand_out(call, phone, false);
	if (!is_new)
		tell(call, user);
	return HAND_OUT_DONE;
}
