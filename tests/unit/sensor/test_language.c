/* SPDX-License-Identifier: Apache-2.0 */
/* sensor/language.h: languages that are plain, and texts of which nothing can be said. */
#include "../unit.h"

#include <stdlib.h>

#include "sensor/language.h"

static const struct {
	const char *tag, *text;
} known[] = {
	{"id", "Pemerintah mengatakan bahwa saluran tersebut telah diblokir karena menyebarkan "
	       "konten terorisme kepada masyarakat."},
	{"jv", "Aku ora ngerti apa sing kudu dak lakoni saiki amarga kabeh wong wis padha lunga "
	       "menyang pasar."},
	{"en", "The government said that the channel had been blocked because it spread terrorist "
	       "content to the public."},
	{"ar", "قالت الحكومة إن القناة قد تم حجبها بسبب نشر محتوى إرهابي للجمهور"},
	{"ru", "Правительство заявило, что канал был заблокирован за распространение "
	       "террористического контента."},
	{"he", "הממשלה אמרה כי הערוץ נחסם משום שהפיץ תוכן טרור לציבור הרחב במדינה"},
	{"de", "Die Regierung sagte, der Kanal sei gesperrt worden, weil er terroristische Inhalte "
	       "verbreitet habe."},
};

static void says_which(void **state)
{
	char tag[LANGUAGE_TAG_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		assert_true(language_detect(bytes_from_str(known[i].text), tag));
		assert_string_equal(tag, known[i].tag);
	}
}

static void says_nothing_of_little(void **state)
{
	static const char *const texts[] = {
		"", "ok thx", "12345 67890", "\xff\xfe\xfd", "!!! :-)", "kabar \xc3"};
	char tag[LANGUAGE_TAG_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_false(language_detect(bytes_from_str(texts[i]), tag));
		assert_string_equal(tag, "");
	}
	assert_false(language_detect(bytes_of(NULL, 0), tag));
}

/* A long text is cut between characters, wherever the bound falls. */
static void long_texts_are_cut(void **state)
{
	char tag[LANGUAGE_TAG_SIZE];
	size_t size = 3 * LANGUAGE_LOOK_MAX, one = strlen(known[4].text);
	char *text = malloc(size);

	for (size_t shift = 0; shift < 4; shift++) {
		size_t at = shift;

		memset(text, ' ', size);
		for (; at + one < size; at += one)
			memcpy(text + at, known[4].text, one);
		assert_true(language_detect(bytes_of(text, at), tag));
		assert_string_equal(tag, "ru");
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_which),
		cmocka_unit_test(says_nothing_of_little),
		cmocka_unit_test(long_texts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
