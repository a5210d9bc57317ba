/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lontar-mail is asked and answers, in one message each way (cage/frame.h). A process answers
 * one request and ends: a mail that takes it over sees no other mail.
 *
 *   request  string authserv_id, u8 received, then the mail
 *   answer   u8 result, string reason, u8 flags, u64 date, string from, string message_id,
 *            string in_reply_to, string subject, string text,
 *            u16 recipients, each: string address
 *            u16 results, each: u8 method, u8 pass, string domain
 *            u16 files, each: string name, u32 size, 32 bytes SHA-256
 */
#ifndef MAIL_PROTOCOL_H
#define MAIL_PROTOCOL_H

#include "base/arena.h"
#include "base/buf.h"

/* Bounds of what is read at all; a mail beyond one is refused, never cut. */
#define MAIL_BYTES_MAX ((size_t)4 << 20)
#define MAIL_HEAD_MAX ((size_t)128 << 10)
#define MAIL_HEADERS_MAX 400
#define MAIL_FIELD_MAX 16384 /* a field of the head: their readers go deep */
#define MAIL_PARTS_MAX 100
#define MAIL_DEPTH_MAX 12
#define MAIL_SECONDS_MAX 5
#define MAIL_MEMORY_MAX ((size_t)256 << 20) /* address space of lontar-mail */

/* Of what is told of it. */
#define MAIL_TEXT_MAX 65536
#define MAIL_SUBJECT_MAX 500
#define MAIL_ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3, without the angle brackets */
#define MAIL_ID_MAX 500
#define MAIL_NAME_MAX 200
#define MAIL_FILES_MAX MAIL_PARTS_MAX
#define MAIL_RECIPIENTS_MAX 16 /* more are not told */
#define MAIL_RESULTS_MAX 32
#define MAIL_RECEIVED_MAX 10
#define MAIL_REASON_MAX 200
#define MAIL_HASH_SIZE 32

#define MAIL_REQUEST_MAX (MAIL_BYTES_MAX + 512)
#define MAIL_ANSWER_MAX ((size_t)256 << 10)

enum mail_result {
	MAIL_OK,
	MAIL_BROKEN,   /* no mail, or one that can't be read */
	MAIL_TOO_MUCH, /* beyond a bound above */
};

enum mail_flag {
	MAIL_AUTOMATIC = 1, /* by a program (RFC 3834): it is not to be answered */
	MAIL_FROM_HTML = 2, /* there was no plain text */
	MAIL_RETURNED = 4,  /* of the null sender (RFC 5321 4.5.5), as Return-Path says */
};

/* What the operator's own mail server puts on top of a mail. */
struct mail_server {
	struct bytes authserv_id; /* names its Authentication-Results */
	unsigned received; /* so many Received fields; below the next one all is the mail's */
};

/* What that server found (RFC 8601). */
enum mail_method { MAIL_DKIM, MAIL_SPF, MAIL_DMARC, MAIL_METHODS };

struct mail_auth {
	enum mail_method method;
	bool pass;
	struct bytes domain; /* lower case: header.d, smtp.mailfrom or header.from */
};

struct mail_file {
	struct bytes name; /* empty: it has none */
	uint32_t size;
	const uint8_t *hash; /* SHA-256 of what it decodes to */
};

/* Texts are UTF-8 without control characters (text: but line feeds and tabs). */
struct mail {
	enum mail_result result;
	struct bytes reason; /* for its sender; empty when all is well */
	unsigned flags;
	int64_t date_s;			      /* 0: none */
	struct bytes from;		      /* addresses are lower case in their domain */
	struct bytes to[MAIL_RECIPIENTS_MAX]; /* where it arrived, then whom it names */
	size_t to_count;
	struct bytes message_id, in_reply_to; /* without angle brackets; may be empty */
	struct bytes subject, text;
	struct mail_auth results[MAIL_RESULTS_MAX];
	size_t result_count;
	struct mail_file files[MAIL_FILES_MAX];
	size_t file_count;
};

void mail_answer_append(struct buf *out, const struct mail *mail);
/* -1 unless it is exactly an answer within all bounds: who wrote it may have been taken over. *out
 * points into the answer. */
MUST_CHECK int mail_answer_parse(struct bytes answer, struct mail *out);

/* "local@domain" of RFC 5321 without quotes and without address literals: printable ASCII, no
 * spaces, one '@'. */
bool mail_address_is_plain(struct bytes address);

#endif
