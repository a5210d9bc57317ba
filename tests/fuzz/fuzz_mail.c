/* SPDX-License-Identifier: Apache-2.0 */
/* All that lontar-mail does with a mail, without its cage; whatever comes out must be an answer
 * that the other side takes. */
#include <stdint.h>
#include <stdlib.h>

#include "mail/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

/* GLib keeps what it makes once, and a fuzzer that takes that for a leak looks at nothing else.
 * tests/unit/mail looks for real ones. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mail_server server = {BYTES_LITERAL("mx.example.org"), 1};
	static bool begun;
	struct arena arena;
	struct mail mail, parsed;
	struct buf answer;

	if (size == 0)
		return 0;
	if (!begun)
		require(mail_inspect_begin(NULL) == 0);
	begun = true;
	arena_init(&arena);
	buf_init(&answer, MAIL_ANSWER_MAX);
	mail_inspect(bytes_of(data, size), &server, &arena, &mail);
	mail_answer_append(&answer, &mail);
	require(!answer.failed);
	require(mail_answer_parse(buf_bytes(&answer), &parsed) == 0);
	require(parsed.result == mail.result && parsed.file_count == mail.file_count);
	buf_release(&answer);
	arena_release(&arena);
	return 0;
}
