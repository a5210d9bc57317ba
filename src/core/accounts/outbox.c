/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what an e-mail address may look like and how letters become effects. Does not own sending
 * them: server/gateway.c does. */
#include "core/accounts/outbox.h"

#include <string.h>

#include "core/words.h"

bool outbox_has_phone(const struct call *call)
{
	return call->env->codes_to_console || call->env->sends_to_phones;
}

bool outbox_has_email(const struct call *call)
{
	return call->env->codes_to_console || call->env->sends_email;
}

void outbox_phone(struct call *call, struct bytes phone, struct bytes code)
{
	const struct word_value values[] = {{"code", code}};
	struct effect *effect;

	if (!outbox_has_phone(call))
		return;
	effect = effects_append(call->effects, EFFECT_CODE);
	effect->text = arena_bytes(&call->effects->arena, phone);
	effect->code = arena_bytes(&call->effects->arena, code);
	effect->body = arena_bytes(&call->effects->arena,
		words_say(call, words_language_of_phone(call, phone), WORD_CODE_PHONE, values, 1));
}

void outbox_email(struct call *call, struct bytes address, struct bytes code, const char *subject,
	struct bytes text)
{
	struct arena *arena = &call->effects->arena;
	struct effect *effect;

	if (!outbox_has_email(call))
		return;
	effect = effects_append(call->effects, EFFECT_EMAIL);
	effect->text = arena_bytes(arena, address);
	effect->code = arena_bytes(arena, code);
	effect->subject = arena_bytes(arena, bytes_from_str(subject));
	effect->body = arena_bytes(arena, text);
}

/* atext of RFC 5322 3.2.3, and the dot. */
static bool is_local_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~.", c));
}

static bool is_domain_char(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.';
}

/* No dot at an end, and no two in a row. */
static bool dots_are_right(struct bytes text)
{
	if (text.size == 0 || text.data[0] == '.' || text.data[text.size - 1] == '.')
		return false;
	for (size_t i = 1; i < text.size; i++) {
		if (text.data[i] == '.' && text.data[i - 1] == '.')
			return false;
	}
	return true;
}

/* The two sides of the last '@'. */
static bool split(struct bytes address, struct bytes *local, struct bytes *domain)
{
	const uint8_t *at = address.size ? memrchr(address.data, '@', address.size) : NULL;

	if (!at)
		return false;
	*local = bytes_of(address.data, (size_t)(at - address.data));
	*domain = bytes_of(at + 1, address.size - local->size - 1);
	return true;
}

bool outbox_address_is_valid(struct bytes address)
{
	struct bytes local, domain;

	if (address.size > OUTBOX_EMAIL_MAX || !split(address, &local, &domain) ||
		!dots_are_right(local) || !dots_are_right(domain) ||
		!memchr(domain.data, '.', domain.size) || local.data[0] == '-' ||
		domain.data[0] == '-')
		return false;
	for (size_t i = 0; i < local.size; i++) {
		if (!is_local_char(local.data[i]))
			return false;
	}
	for (size_t i = 0; i < domain.size; i++) {
		if (!is_domain_char(domain.data[i]))
			return false;
	}
	return true;
}

/* The first and the last character of a part show; no length does. */
static void put_masked(struct arena *arena, char **out, struct bytes part)
{
	if (part.size < 3)
		*out = arena_printf(arena, "%s%c***", *out, part.size ? part.data[0] : '*');
	else
		*out = arena_printf(
			arena, "%s%c***%c", *out, part.data[0], part.data[part.size - 1]);
}

struct bytes outbox_address_pattern(struct arena *arena, struct bytes address)
{
	struct bytes local, domain;
	char *out = arena_printf(arena, "%s", "");

	if (!split(address, &local, &domain))
		return BYTES_LITERAL("***");
	put_masked(arena, &out, local);
	out = arena_printf(arena, "%s@", out);
	put_masked(arena, &out, domain);
	return bytes_from_str(out);
}
