/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody wrote into a mail, as a form, as an answer, and as the marks of a letter: whatever
 * is made of it is valid, and not longer than it was. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/embedded.h"
#include "desk/mail/mail_form.h"
#include "desk/mail/mail_letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static const struct sop *shipped(void)
{
	static struct sop sop;
	static bool read;

	if (!read)
		require(sop_parse(sop_default_text, &sop, NULL) == 0);
	read = true;
	return &sop;
}

static void read_form(struct arena *arena, struct bytes text)
{
	struct mail_form form;
	struct notice_input input;
	struct form gate;
	char *dump;

	mail_form_read(text, shipped(), arena, &form);
	require(json_object_size(form.body) <= (size_t)form.labels);
	dump = json_dumps(form.body, JSON_COMPACT);
	require(dump != NULL);
	if (form_open(&gate, arena, bytes_from_str(dump)))
		notice_read(&gate, shipped(), &(struct notice_sender){true, true}, &input);
	form_release(&gate);
	free(dump);
	json_decref(form.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mail_settings settings = {.address = "desk@example.org"};
	struct bytes text = bytes_of(data, size);
	struct arena arena;

	/* lontar-mail gives nothing else (mail/protocol.h). */
	if (size == 0 || size > 65536 || !text_is_utf8(text))
		return 0;
	arena_init(&arena);
	read_form(&arena, text);
	require(mail_answer_text(&arena, text).size <= size + 1);
	require(mail_notice_of(&settings, text, text, text) >= 0);
	arena_release(&arena);
	return 0;
}
