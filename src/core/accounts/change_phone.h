/* SPDX-License-Identifier: Apache-2.0 */
/* An account moves to another number: https://core.telegram.org/method/account.changePhone. Whether
 * the number has an account already, only who holds it learns. */
#ifndef CORE_CHANGE_PHONE_H
#define CORE_CHANGE_PHONE_H

#include "core/accounts/codes.h"

/* account.sendChangePhoneCode. Faults PHONE_NUMBER_INVALID (also an anonymous one, and where no
 * code can be sent), PHONE_NUMBER_OCCUPIED (the caller's own), FRESH_CHANGE_PHONE_FORBIDDEN,
 * FLOOD_WAIT_X. */
MUST_CHECK int change_phone_send(struct call *call, struct bytes phone, struct login_sent *out);
/* account.changePhone. Faults those of a code, and PHONE_NUMBER_OCCUPIED. */
MUST_CHECK int change_phone(
	struct call *call, struct bytes phone, struct bytes hash, struct bytes typed);

#endif
