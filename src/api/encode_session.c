/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode_session.h"

#include "core/accounts/apps.h"

/* Where a device is, nobody keeps: address, country and region stay empty. Nor is any app official
 * here. https://core.telegram.org/constructor/authorization */
void encode_session(const struct session *session, struct tl_authorization *out)
{
	const struct home_login *login = &session->login;

	out->hash = session->hash;
	out->current = session->hash == 0;
	out->password_pending = session->password_pending;
	out->unconfirmed = session->unconfirmed;
	out->encrypted_requests_disabled = login->refuses & REFUSES_SECRET_CHATS;
	out->call_requests_disabled = login->refuses & REFUSES_CALLS;
	out->device_model = login->device.model;
	out->platform = app_platform(&login->device);
	out->system_version = login->device.system_version;
	out->api_id = login->device.api_id;
	out->app_name = bytes_from_str(app_name(login->device.api_id));
	out->app_version = login->device.app_version;
	out->date_created = (int32_t)login->login_at_s;
	out->date_active = (int32_t)(login->active_at_s > login->login_at_s ? login->active_at_s
									    : login->login_at_s);
}

struct password_answer decode_password_answer(const struct tl_object *input)
{
	const struct tl_inputCheckPasswordSRP *srp = TL_AS(inputCheckPasswordSRP, input);

	if (!srp)
		return (struct password_answer){0};
	return (struct password_answer){
		.given = true, .srp_id = srp->srp_id, .a = srp->A, .m1 = srp->M1};
}
