/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's reader of what lontar-mail answers, which may have been taken over: what it takes is
 * within its bounds, and says the same when it is written again. */
#include <stdint.h>
#include <stdlib.h>

#include "mail/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mail mail;
	struct buf again;

	if (mail_answer_parse(bytes_of(data, size), &mail) < 0)
		return 0;
	require(mail.result != MAIL_OK || mail_address_is_plain(mail.from));
	require(mail.text.size <= MAIL_TEXT_MAX && mail.file_count <= MAIL_FILES_MAX);
	buf_init(&again, MAIL_ANSWER_MAX);
	mail_answer_append(&again, &mail);
	require(bytes_equal(buf_bytes(&again), bytes_of(data, size)));
	buf_release(&again);
	return 0;
}
