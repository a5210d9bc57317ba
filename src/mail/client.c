/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "mail/client.h"

#include <errno.h>

#include "cage/frame.h"

/* The program ends itself after MAIL_SECONDS_MAX of the processor's time: who waits longer waits
 * for other programs, and that is no fault of the mail. */
#define PATIENCE_MS 20000

static int refuse(struct mail *out, enum mail_result result, const char *reason)
{
	*out = (struct mail){.result = result, .reason = bytes_from_str(reason)};
	return 0;
}

static int exchange(struct starter *starter, uint8_t which, const struct mail_server *server,
	struct bytes file, struct buf *answer, struct err *err)
{
	struct helper helper;
	struct buf request;
	int rc;

	if (starter_ask(starter, which, &helper, err) < 0)
		return -1;
	buf_init(&request, MAIL_REQUEST_MAX);
	frame_append_string(&request, server->authserv_id);
	buf_append_u8(&request, (uint8_t)server->received);
	buf_append_bytes(&request, file);
	rc = request.failed
		     ? err_set(err, EINVAL, "the request is too long")
		     : helper_exchange(&helper, buf_bytes(&request), PATIENCE_MS, answer, err);
	buf_release(&request);
	helper_stop(&helper);
	return rc;
}

/* Nobody tells how a starter's process ended. If it reads a mail of ours, it was the other one. */
static bool can_read(struct starter *starter, uint8_t which, struct buf *answer)
{
	const struct mail_server nobody = {.authserv_id = BYTES_LITERAL("")};
	struct mail mail;

	return exchange(starter, which, &nobody,
		       BYTES_LITERAL("From: <desk@example.org>\r\n\r\nIs anybody there?\r\n"),
		       answer, NULL) == 0 &&
	       mail_answer_parse(buf_bytes(answer), &mail) == 0 && mail.result == MAIL_OK;
}

int mail_ask(struct starter *starter, uint8_t which, const struct mail_server *server,
	struct bytes file, struct buf *answer, struct mail *out, struct err *err)
{
	struct err reason = {0};

	*out = (struct mail){0};
	if (file.size == 0)
		return refuse(out, MAIL_BROKEN, "it is empty");
	if (file.size > MAIL_BYTES_MAX)
		return refuse(out, MAIL_TOO_MUCH, "it is too long");
	if (exchange(starter, which, server, file, answer, &reason) < 0) {
		if (reason.code == ETIMEDOUT || !can_read(starter, which, answer))
			return err_set(err, reason.code, "%s", reason.text);
		return refuse(out, MAIL_TOO_MUCH, "reading it takes too much");
	}
	return mail_answer_parse(buf_bytes(answer), out) == 0
		       ? 0
		       : refuse(out, MAIL_BROKEN, "it can't be read");
}
