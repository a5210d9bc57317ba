/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One LMTP session (RFC 2033) as bytes in and bytes out, without a socket: commands, recipients,
 * the mail itself. What becomes of a mail is its owner's matter, who answers it. Everything that
 * the other side says is bounded here.
 *
 *   LHLO --> MAIL --> RCPT... --> DATA --> (the mail) --> LMTP_MAIL, lmtp_answer() --> MAIL ...
 */
#ifndef DESK_LMTP_H
#define DESK_LMTP_H

#include "base/buf.h"

#define LMTP_LINE_MAX 1024 /* a command with its end */
#define LMTP_ADDRESS_MAX 254
#define LMTP_RECIPIENTS_MAX 8
#define LMTP_ERRORS_MAX 20 /* then the session ends */

enum lmtp_step {
	LMTP_MORE, /* all was taken that could be; more is awaited */
	LMTP_MAIL, /* a mail is whole: nothing is taken before lmtp_answer() */
	LMTP_END,  /* the session is over once its answers are sent */
};

struct lmtp {
	/* Whether mail for this address is taken here. */
	bool (*takes)(void *ctx, struct bytes address);
	void *ctx;
	size_t size_max; /* of a mail, in bytes */

	bool greeted, has_sender, in_data, whole;
	char sender[LMTP_ADDRESS_MAX + 1]; /* empty: the null sender */
	char recipients[LMTP_RECIPIENTS_MAX][LMTP_ADDRESS_MAX + 1];
	size_t recipient_count;
	struct buf data; /* the mail */
	bool too_long;	 /* it was, and is not kept */
	int data_state, errors;
	bool long_line; /* what follows up to the end of the line is dropped */
};

/* takes, ctx and size_max are set by the caller. */
void lmtp_begin(struct lmtp *lmtp, struct buf *out);
void lmtp_release(struct lmtp *lmtp);
/* Returns how many bytes of in were taken. */
size_t lmtp_feed(struct lmtp *lmtp, struct bytes in, struct buf *out, enum lmtp_step *step);
/* After LMTP_MAIL: the same answer for each recipient. status: 250, 4xx or 5xx; words: its enhanced
 * code (RFC 3463) and a text in ASCII, without line ends. */
void lmtp_answer(struct lmtp *lmtp, int status, const char *words, struct buf *out);

#endif
