/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phrases that make a public post worth a human look. Pure functions: text in, matches out. Text
 * and phrases are compared in a normal form (NFKC, case folded, look-alike letters of other scripts
 * and zero-width characters made plain), so that small disguises don't help.
 */
#ifndef SENSOR_TEXT_RULES_H
#define SENSOR_TEXT_RULES_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define TEXT_RULES_MAX 10000
#define TEXT_RULE_PHRASE_MAX 200 /* bytes, as written in the file */

struct text_rule {
	struct bytes category;
	struct bytes phrase; /* in normal form */
	int line;	     /* in the file */
};

struct text_rules {
	struct text_rule *rules;
	size_t count;
};

/* The normal form, words separated by single spaces; absent if text is not UTF-8. In the arena. */
struct bytes text_normalise(struct arena *arena, struct bytes text);

/* file: lines of "category<TAB>phrase"; empty lines and lines that begin with '#' are skipped.
 * Everything lives in the arena. */
MUST_CHECK int text_rules_parse(
	struct text_rules *rules, struct arena *arena, struct bytes file, struct err *err);
/* The first rule whose phrase stands in the text as whole words; NULL: none. */
const struct text_rule *text_rules_match(
	const struct text_rules *rules, struct arena *arena, struct bytes text);

#endif
