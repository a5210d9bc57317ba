/* SPDX-License-Identifier: Apache-2.0 */
/* help.*: who is behind the installation, and what it has to say. Its configuration is in
 * help_config.c and help_app.c, countries in help_countries.c. */
#include "api/encode_user.h"
#include "api/handlers.h"
#include "core/call.h"
#include "core/accounts/support.h"
#include "core/words.h"

#define EMPTY_ANSWER_LIFE_S 86400 /* until when a client need not ask again */

int api_help_getPromoData(
	struct call *call, const struct tl_help_getPromoData *req, struct tl_object **reply)
{
	struct tl_help_promoDataEmpty *none = TL_NEW(call->arena, help_promoDataEmpty);

	none->expires = (int32_t)call->now_s + EMPTY_ANSWER_LIFE_S;
	*reply = &none->o;
	return 0;
}

/* https://core.telegram.org/method/help.getSupport: the account that the operator named. */
int api_help_getSupport(
	struct call *call, const struct tl_help_getSupport *req, struct tl_help_support *reply)
{
	struct user user;

	if (!support_find(call, &user))
		return rpc_error(call, 400, "USER_INVALID");
	reply->phone_number = user.phone.data ? user.phone : BYTES_LITERAL("");
	reply->user = encode_user(call->arena, &user);
	return 0;
}

/* https://core.telegram.org/method/help.getInviteText */
int api_help_getInviteText(struct call *call, const struct tl_help_getInviteText *req,
	struct tl_help_inviteText *reply)
{
	struct bytes language = words_language_of(call, call->user);

	reply->message = words_say(call, language, WORD_INVITE, NULL, 0);
	return 0;
}

/* Identity documents are kept for nobody, so no country has a language for its form. */
int api_help_getPassportConfig(
	struct call *call, const struct tl_help_getPassportConfig *req, struct tl_object **reply)
{
	struct tl_help_passportConfig *out = TL_NEW(call->arena, help_passportConfig);
	struct tl_dataJSON *none = TL_NEW(call->arena, dataJSON);

	none->data = BYTES_LITERAL("{}");
	out->countries_langs = &none->o;
	*reply = &out->o;
	return 0;
}
