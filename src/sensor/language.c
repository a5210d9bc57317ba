/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. CLD2's interface is C++, but the two functions used here take and return plain
 * numbers and pointers: they are called by their names in the binary, which the C++ ABI of Linux
 * fixes, so that the build needs no second language. If the library had them no longer, linking
 * would fail; docs/decisions.md.
 */
#include "sensor/language.h"

#include <string.h>

#include "base/text.h"

/* Language CLD2::DetectLanguage(const char *buffer, int length, bool plain, bool *reliable) */
extern int cld2_detect_language(const char *buffer, int length, bool plain, bool *reliable) __asm__(
	"_ZN4CLD214DetectLanguageEPKcibPb");
/* const char *CLD2::LanguageCode(Language) */
extern const char *cld2_language_code(int language) __asm__("_ZN4CLD212LanguageCodeENS_8LanguageE");

/* Codes that were in use before BCP 47, and what stands for none. */
static const struct {
	const char *code, *tag;
} renamed[] = {
	{"iw", "he"},
	{"in", "id"},
	{"jw", "jv"},
	{"mo", "ro"},
	{"un", ""},
	{"xxx", ""},
};

/* Not through a character: what is cut off is looked at by nobody. */
static size_t whole_characters(struct bytes text)
{
	size_t size = text.size < LANGUAGE_LOOK_MAX ? text.size : LANGUAGE_LOOK_MAX;

	while (size < text.size && size > 0 && (text.data[size] & 0xC0) == 0x80)
		size--;
	return size;
}

bool language_detect(struct bytes text, char out[LANGUAGE_TAG_SIZE])
{
	bool reliable = false;
	const char *code;
	int language;

	memset(out, 0, LANGUAGE_TAG_SIZE);
	text.size = whole_characters(text);
	if (text.size == 0 || !text_is_utf8(text))
		return false;
	language = cld2_detect_language((const char *)text.data, (int)text.size, true, &reliable);
	if (!reliable)
		return false;
	code = cld2_language_code(language);
	for (size_t i = 0; i < ARRAY_LEN(renamed); i++)
		if (strcmp(code, renamed[i].code) == 0)
			code = renamed[i].tag;
	if (strlen(code) >= LANGUAGE_TAG_SIZE)
		return false;
	memcpy(out, code, strlen(code));
	return *out != 0;
}
