/* SPDX-License-Identifier: Apache-2.0 */
/* Whether [codes] makes sense, and what it serves. Delivering is gateway.c. */
#include <string.h>

#include "base/text.h"
#include "core/accounts/outbox.h"
#include "server/gateway.h"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool gateway_has_phones(const struct settings *settings)
{
	return *settings->webhook != 0;
}

bool gateway_has_email(const struct settings *settings)
{
	return *settings->smtp != 0;
}

bool gateway_is_used(const struct settings *settings)
{
	return gateway_has_phones(settings) || gateway_has_email(settings);
}

int gateway_check(const struct settings *settings, struct err *err)
{
	if (*settings->webhook && !begins(settings->webhook, "https://") &&
		!begins(settings->webhook, "http://"))
		return err_set(err, 0, "[codes] webhook begins with https:// or http://");
	if (*settings->webhook && !text_is_utf8(bytes_from_str(settings->name)))
		return err_set(err, 0, "[server] name is to be UTF-8");
	if (*settings->webhook && !*settings->webhook_secret)
		return err_set(err, 0,
			"[codes] webhook needs a webhook_secret, by which its receiver knows us");
	if (*settings->smtp && !begins(settings->smtp, "smtps://") &&
		!begins(settings->smtp, "smtp://") && !begins(settings->smtp, "smtp+plain://"))
		return err_set(
			err, 0, "[codes] smtp begins with smtps://, smtp:// or smtp+plain://");
	if (*settings->smtp && !outbox_address_is_valid(bytes_from_str(settings->smtp_from)))
		return err_set(err, 0, "[codes] smtp needs an smtp_from, a plain e-mail address");
	if (!*settings->smtp_user != !*settings->smtp_password)
		return err_set(err, 0, "[codes] smtp_user and smtp_password belong together");
	return 0;
}
