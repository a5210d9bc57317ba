/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server itself says, in the language of whom it says it to. The sentences are in lang/, a
 * file for each language, and become this enum when Lontar is built (tools/words.py). A pack
 * "server" of the installation (core/languages.h) adds a language, or says one sentence otherwise.
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/call.h"
#include "core/words_table.h"

/* What stands in the place of {name}. {name} itself, the installation's, is filled in always. */
struct word_value {
	const char *name;
	struct bytes value;
};

/* language: as words_language_… gave it. values may be NULL. In call->arena. */
struct bytes words_say(struct call *call, struct bytes language, enum word word,
	const struct word_value *values, size_t count);
/* Said by the service in the account's chat with it. -1: the box takes no message. */
MUST_CHECK int words_letter(struct call *call, int64_t account, enum word word,
	const struct word_value *values, size_t count);
/* For a call that is then refused with 406: clients show nothing of such an error, but wait for
 * this (https://core.telegram.org/api/errors#406-not-acceptable). To the call's session alone; the
 * call keeps its writes. */
void words_notice(struct call *call, enum word word);
/* A letter about the code to an address (core/accounts/outbox.h); account 0: nobody that is known.
 */
void words_email(struct call *call, int64_t account, struct bytes address, struct bytes code,
	enum word subject, enum word text);
/* Of the device that the account used last; else of the country of its number; else the
 * installation's. */
struct bytes words_language_of(struct call *call, int64_t account);
/* Of the country of a number that nobody has yet. */
struct bytes words_language_of_phone(const struct call *call, struct bytes digits);
/* The best that a reader without an account takes: the value of an Accept-Language header (RFC 9110
 * 12.5.4), absent: there is none. */
struct bytes words_language_accepted(struct call *call, struct bytes accepted);
/* Built in, or there is a pack of it. */
bool words_language_is_known(const struct core_env *env, struct bytes language);

#endif
