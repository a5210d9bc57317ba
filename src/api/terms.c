/* SPDX-License-Identifier: Apache-2.0 */
/* help.*: terms of service. https://core.telegram.org/api/auth#terms-of-service */
#include "api/encode_login.h"
#include "api/handlers.h"
#include "core/accounts/terms.h"

/* Clients ask again by themselves then, and with each start. */
#define ASK_AGAIN_S 3600

int api_help_getTermsOfServiceUpdate(struct call *call,
	const struct tl_help_getTermsOfServiceUpdate *req, struct tl_object **reply)
{
	struct tl_help_termsOfServiceUpdateEmpty *none;
	struct tl_help_termsOfServiceUpdate *update;

	if (!terms_are_due(call)) {
		none = TL_NEW(call->arena, help_termsOfServiceUpdateEmpty);
		none->expires = (int32_t)(call->now_s + ASK_AGAIN_S);
		*reply = &none->o;
		return 0;
	}
	update = TL_NEW(call->arena, help_termsOfServiceUpdate);
	update->expires = (int32_t)(call->now_s + ASK_AGAIN_S);
	update->terms_of_service = encode_terms(call, (struct bytes){0});
	*reply = &update->o;
	return 0;
}

int api_help_acceptTermsOfService(
	struct call *call, const struct tl_help_acceptTermsOfService *req, bool *reply)
{
	const struct tl_dataJSON *id = TL_AS(dataJSON, req->id);

	/* Of another text than today's: the client will be asked again. */
	if (!id || !bytes_equal(id->data, terms_id(call)))
		return rpc_error(call, 400, "DATA_JSON_INVALID");
	terms_accept(call, call->user);
	*reply = true;
	return 0;
}
