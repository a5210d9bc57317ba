/* SPDX-License-Identifier: Apache-2.0 */
#include "core/words.h"

#include "base/buf.h"
#include "base/text.h"
#include "core/messages/box.h"
#include "core/accounts/country.h"
#include "core/languages.h"
#include "core/accounts/outbox.h"
#include "core/accounts/users.h"
#include "store/home_keys.h"

#define SERVER_PACKS BYTES_LITERAL("server")
#define SENTENCE_MAX 4096
#define ACCEPTED_MAX 16 /* languages of one reader that are looked at */

/* Countries whose people read another of the built-in languages than English. */
static const struct {
	const char *country, *language;
} countries[] = {{"ID", "id"}};

static const struct word_language *built_in(struct bytes language)
{
	for (size_t i = 0; i < WORDS_LANGUAGES; i++) {
		if (bytes_equal_str(language, word_languages[i].code))
			return &word_languages[i];
	}
	return NULL;
}

bool words_language_is_known(const struct core_env *env, struct bytes language)
{
	return built_in(language) || language_pack_find(env->languages, SERVER_PACKS, language);
}

/* "pt-BR" -> "pt" when there is no "pt-br"; absent: nothing of that language. */
static struct bytes known_language(struct call *call, struct bytes wanted)
{
	struct bytes language = bytes_from_str(text_lower(call->arena, wanted));
	size_t main = 0;

	if (words_language_is_known(call->env, language))
		return language;
	while (main < language.size && language.data[main] != '-' && language.data[main] != '_')
		main++;
	language.size = main;
	return words_language_is_known(call->env, language) ? language : (struct bytes){0};
}

static struct bytes own_language(const struct call *call)
{
	return bytes_from_str(call->env->language ? call->env->language : word_languages[0].code);
}

static struct bytes language_of_country(const struct call *call, const char *country)
{
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
		if (strcmp(country, countries[i].country) == 0)
			return bytes_from_str(countries[i].language);
	}
	return own_language(call);
}

struct bytes words_language_of(struct call *call, int64_t account)
{
	struct home_login *logins;
	size_t count = account ? home_keys_of_user(call_home(call), call->store->vault, call->arena,
					 account, &logins)
			       : 0;
	struct bytes language = {0};
	int64_t used_at_s = -1;

	for (size_t i = 0; i < count; i++) {
		struct bytes said = known_language(call, logins[i].device.language);

		if (!said.size || logins[i].active_at_s <= used_at_s)
			continue;
		language = said;
		used_at_s = logins[i].active_at_s;
	}
	return language.size ? language : language_of_country(call, user_country(call, account));
}

struct bytes words_language_of_phone(const struct call *call, struct bytes digits)
{
	return language_of_country(call, country_code_of_phone(digits));
}

/* "0.8" as thousandths (RFC 9110 12.4.2); 0: it is no weight, or says "never". */
static int weight_of(struct bytes text)
{
	int weight = 0;

	if (text.size < 1 || text.size > 5 || text.data[0] > '1' || text.data[0] < '0' ||
		(text.size > 1 && text.data[1] != '.'))
		return 0;
	for (size_t i = 0; i < 5; i++) {
		uint8_t c = i < text.size ? text.data[i] : '0';

		if (i == 1)
			continue;
		if (c < '0' || c > '9')
			return 0;
		weight = weight * 10 + (c - '0');
	}
	return weight > 1000 ? 1000 : weight;
}

/* Takes the text up to `end`, or all of it, off the front. */
static struct bytes take_until(struct bytes *left, uint8_t end)
{
	const uint8_t *at = left->size ? memchr(left->data, end, left->size) : NULL;
	const size_t size = at ? (size_t)(at - left->data) : left->size;
	const struct bytes taken = bytes_of(left->data, size);

	*left = at ? bytes_of(at + 1, left->size - size - 1) : (struct bytes){0};
	return text_trim(taken);
}

struct bytes words_language_accepted(struct call *call, struct bytes accepted)
{
	struct bytes best = own_language(call);
	int best_weight = 0;

	for (size_t i = 0; i < ACCEPTED_MAX && accepted.size; i++) {
		struct bytes range = take_until(&accepted, ',');
		const struct bytes tag = take_until(&range, ';');
		const struct bytes known =
			bytes_equal_str(tag, "*") ? own_language(call) : known_language(call, tag);
		int weight = 1000;

		if (range.size > 2)
			weight = (range.data[0] | 0x20) == 'q' && range.data[1] == '='
					 ? weight_of(bytes_of(range.data + 2, range.size - 2))
					 : 0;
		if (known.size && weight > best_weight) {
			best = known;
			best_weight = weight;
		}
	}
	return best;
}

/* The sentence with its places still empty. */
static struct bytes sentence(const struct call *call, struct bytes language, enum word word)
{
	const struct language_pack *pack =
		language_pack_find(call->env->languages, SERVER_PACKS, language);
	const struct language_string *own =
		pack ? language_string_find(pack, bytes_from_str(word_keys[word])) : NULL;
	const struct word_language *table = built_in(language);

	if (own && !own->plural)
		return own->forms[FORM_OTHER];
	return bytes_from_str((table ? table : &word_languages[0])->text[word]);
}

static struct bytes value_of(
	const struct call *call, struct bytes place, const struct word_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal_str(place, values[i].name))
			return values[i].value;
	}
	if (bytes_equal_str(place, "name"))
		return bytes_from_str(call->env->name);
	return (struct bytes){0};
}

struct bytes words_say(struct call *call, struct bytes language, enum word word,
	const struct word_value *values, size_t count)
{
	struct bytes left = sentence(call, language, word), out;
	struct buf text;

	buf_init(&text, SENTENCE_MAX);
	while (left.size) {
		const uint8_t *end = left.data[0] == '{' ? memchr(left.data, '}', left.size) : NULL;
		size_t size = end ? (size_t)(end - left.data) + 1 : 1;
		struct bytes value = {0};

		if (end)
			value = value_of(call, bytes_of(left.data + 1, size - 2), values, count);
		buf_append_bytes(&text, value.data ? value : bytes_of(left.data, size));
		left.data += size;
		left.size -= size;
	}
	out = arena_bytes(call->arena, buf_bytes(&text));
	buf_release(&text);
	return out;
}

int words_letter(struct call *call, int64_t account, enum word word,
	const struct word_value *values, size_t count)
{
	struct bytes language = words_language_of(call, account);

	return box_service_message(call, account, words_say(call, language, word, values, count));
}

void words_notice(struct call *call, enum word word)
{
	struct update update = {.kind = UPDATE_NOTICE,
		.notice = words_say(call, words_language_of(call, call->user), word, NULL, 0)};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = call->user;
	effect->only_session = call->session_id;
	effect->set = effects_copy_set(call->effects, &set);
	call->keep_writes = true;
}

void words_email(struct call *call, int64_t account, struct bytes address, struct bytes code,
	enum word subject, enum word text)
{
	const struct word_value values[] = {{"code", code}};
	struct bytes language = words_language_of(call, account);
	struct bytes head = words_say(call, language, subject, NULL, 0);

	outbox_email(call, address, code, arena_str(call->arena, head),
		words_say(call, language, text, values, 1));
}
