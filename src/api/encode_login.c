/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://core.telegram.org/api/auth */
#include "api/encode_login.h"

#include "api/encode_user.h"
#include "core/accounts/terms.h"
#include "core/accounts/users.h"

static struct tl_object *encode_to_email(struct call *call, const struct login_sent *sent)
{
	struct tl_auth_sentCodeTypeEmailCode *type =
		TL_NEW(call->arena, auth_sentCodeTypeEmailCode);

	type->email_pattern = sent->email_pattern;
	type->length = LOGIN_CODE_DIGITS;
	if (sent->email_reset_at_s) {
		type->has_reset_pending_date = true;
		type->reset_pending_date = (int32_t)sent->email_reset_at_s;
	} else {
		type->has_reset_available_period = true;
		type->reset_available_period = sent->email_reset_period_s;
	}
	return &type->o;
}

static struct tl_object *encode_way(struct call *call, const struct login_sent *sent)
{
	struct tl_auth_sentCodeTypeApp *app;
	struct tl_auth_sentCodeTypeSms *sms;

	switch (sent->way) {
	case CODE_TO_APP:
		app = TL_NEW(call->arena, auth_sentCodeTypeApp);
		app->length = LOGIN_CODE_DIGITS;
		return &app->o;
	case CODE_TO_PHONE:
		sms = TL_NEW(call->arena, auth_sentCodeTypeSms);
		sms->length = LOGIN_CODE_DIGITS;
		return &sms->o;
	case CODE_TO_EMAIL:
		break;
	}
	return encode_to_email(call, sent);
}

struct tl_object *encode_sent_code(struct call *call, const struct login_sent *sent)
{
	struct tl_auth_sentCode *out = TL_NEW(call->arena, auth_sentCode);

	out->type = encode_way(call, sent);
	out->phone_code_hash = sent->hash;
	if (sent->next_phone) {
		out->next_type = &TL_NEW(call->arena, auth_codeTypeSms)->o;
		out->has_timeout = true;
		out->timeout = CODE_NEXT_S;
	}
	return &out->o;
}

/* call->user may still be nobody: the account sees itself. */
int encode_authorization(struct call *call, int64_t id, struct tl_object **reply)
{
	struct tl_auth_authorization *out = TL_NEW(call->arena, auth_authorization);
	struct user *user = ARENA_NEW(call->arena, struct user);

	if (user_view_for(call, id, id, user) < 0)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	out->user = encode_user(call->arena, user);
	*reply = &out->o;
	return 0;
}

int typed_code(struct call *call, struct bytes phone_code,
	const struct tl_object *email_verification, struct bytes *typed)
{
	const struct tl_emailVerificationCode *code =
		TL_AS(emailVerificationCode, email_verification);

	*typed = code ? code->code : phone_code;
	if (email_verification && !code)
		return rpc_error(call, 400, "EMAIL_TOKEN_INVALID");
	return 0;
}

struct tl_object *encode_terms(struct call *call, struct bytes first)
{
	struct tl_help_termsOfService *terms = TL_NEW(call->arena, help_termsOfService);
	struct tl_dataJSON *id = TL_NEW(call->arena, dataJSON);
	struct bytes text = call->env->terms;

	if (!text.size && !first.size)
		return NULL;
	if (first.size)
		text = bytes_from_str(arena_printf(call->arena, "%.*s%s%.*s", (int)first.size,
			(const char *)first.data, text.size ? "\n\n" : "", (int)text.size,
			(const char *)text.data));
	terms->text = text;
	terms->popup = true;
	id->data = terms_id(call);
	terms->id = &id->o;
	return &terms->o;
}
