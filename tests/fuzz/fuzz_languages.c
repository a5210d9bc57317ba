/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of language packs, which come from elsewhere. What is accepted is sorted, has each key once
 * and within its bound, is UTF-8, and is found again; a plural has a form besides the last.
 */
#include <stdlib.h>

#include "base/text.h"
#include "core/languages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_string(const struct language_pack *pack, const struct language_string *string)
{
	size_t forms = 0;

	require(string->key.size > 0 && string->key.size <= LANGUAGE_KEY_MAX);
	require(string->forms[FORM_OTHER].data != NULL);
	for (int form = 0; form < FORM_COUNT; form++) {
		require(string->forms[form].size <= LANGUAGE_VALUE_MAX);
		forms += string->forms[form].data != NULL;
	}
	require(string->plural == (forms > 1));
	require(language_string_find(pack, string->key) == string);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct language_pack pack = {.code = BYTES_LITERAL("pt-br")};
	struct arena arena;
	struct err err = {0};

	arena_init(&arena);
	if (language_file_parse(&arena, bytes_of(data, size), &pack, &err) == 0) {
		require(pack.count <= LANGUAGE_STRINGS_MAX && pack.count <= size / 7);
		for (size_t i = 0; i < pack.count; i++)
			check_string(&pack, &pack.strings[i]);
	} else {
		require(err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
