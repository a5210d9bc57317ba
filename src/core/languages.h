/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Language packs: texts by key, for a kind of client ("android", "tdesktop", …) and a language, as
 * Telegram's translation platform exports them in `.strings` files, which an operator drops into
 * the installation. Those for "server" are for what the server itself says (core/words.h).
 * https://core.telegram.org/api/translations
 *
 *	"key" = "value";		escapes: \n \t \r \" \\ \' \uXXXX; comments as in C
 *	"key#one" = "value";		a form of a plural (also key_one, or key_1 as iOS has it)
 *	"@name" = "Indonesian";		about the pack: @name, @native_name, @plural_code, @base,
 *@rtl
 *
 * Read once, when the server starts; read-only afterwards.
 */
#ifndef CORE_LANGUAGES_H
#define CORE_LANGUAGES_H

#include "base/arena.h"
#include "base/err.h"

#define LANGUAGE_FILE_MAX ((size_t)4 << 20) /* bytes; the largest exports have one */
#define LANGUAGE_STRINGS_MAX 50000
#define LANGUAGE_KEY_MAX 256	/* bytes */
#define LANGUAGE_VALUE_MAX 8192 /* bytes */

enum language_form { FORM_OTHER, FORM_ZERO, FORM_ONE, FORM_TWO, FORM_FEW, FORM_MANY, FORM_COUNT };

struct language_string {
	struct bytes key;
	bool plural;			/* else the only form is FORM_OTHER */
	struct bytes forms[FORM_COUNT]; /* absent: the language has none, or it is FORM_OTHER's */
};

struct language_pack {
	struct bytes client, code; /* folder and file name */
	struct bytes name, native_name, plural_code;
	struct bytes base; /* of another pack that it adds to; absent: none */
	bool rtl;
	int32_t version;		 /* grows when the file changes */
	struct language_string *strings; /* sorted by key */
	size_t count;
};

struct languages {
	struct language_pack *packs;
	size_t count;
};

/* Fills all but client, code and version; texts live in the arena. -1: err says what is wrong. */
MUST_CHECK int language_file_parse(
	struct arena *arena, struct bytes text, struct language_pack *out, struct err *err);

/* NULL: there is none. languages may be NULL. */
const struct language_pack *language_pack_find(
	const struct languages *languages, struct bytes client, struct bytes code);
const struct language_string *language_string_find(
	const struct language_pack *pack, struct bytes key);

#endif
