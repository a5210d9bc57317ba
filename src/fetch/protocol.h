/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lontar-fetch is asked and answers: messages (cage/frame.h) on its standard input and output.
 * Answers carry the request's id, and their order is not promised, so that one process can come to
 * have several requests under way; today it takes one after the other.
 *
 *   request  u64 id, u8 method, u8 redirects_max, u32 timeout_ms, u32 body_max,
 *            string url, string headers ("Name: value\n" each), string body
 *   answer   u64 id, u8 result, u16 status, string reason, string content_type, string body
 *
 * What may be reached is not in the request: it is set when the process is started
 * (fetch/client.h), so that nobody who only gets to write requests can widen it.
 */
#ifndef FETCH_PROTOCOL_H
#define FETCH_PROTOCOL_H

#include "base/buf.h"
#include "base/err.h"

#define FETCH_URL_MAX 2048
#define FETCH_HEADERS_MAX 4096
#define FETCH_BODY_MAX ((size_t)16 << 20) /* either way */
#define FETCH_TIMEOUT_MAX_MS 60000
#define FETCH_REDIRECTS_MAX 5
#define FETCH_REASON_MAX 239
#define FETCH_MESSAGE_MAX (FETCH_BODY_MAX + 16384)

/*
 * MAIL sends a letter: url is smtps://host:port (TLS from the start), smtp://host:port (STARTTLS,
 * without which nothing is sent) or smtp+plain://host:port (no TLS: for addresses that the settings
 * name alone). headers: lines "From: address", "To: address", and "User: name" and "Password:
 * word" where the server wants a login. body: the letter of RFC 5322, lines ended by CR LF. The
 * status is SMTP's.
 *
 * MAILBOX works on one folder by IMAP: url is imaps://host:port, imap://host:port (STARTTLS) or
 * imap+plain://host:port. headers: "User: name", "Password: word", "Folder: name", and "Do: " with
 *   list             the answer's body: UIDs of mails that are not deleted, the oldest first, each
 *                    followed by a space; FETCH_UIDS_MAX at most
 *   read UID         the answer's body: the mail
 *   remove UID       deletes it
 *   move UID FOLDER  puts it into another folder, which is made where there is none
 * The status is a fetch_mailbox_status.
 */
enum fetch_method { FETCH_GET, FETCH_POST, FETCH_MAIL, FETCH_MAILBOX };

enum fetch_mailbox_status {
	FETCH_MAILBOX_DONE = 1,
	FETCH_MAILBOX_GONE,   /* there is no such mail (any more) */
	FETCH_MAILBOX_NO,     /* the server refused it */
	FETCH_MAILBOX_CLOSED, /* it refused the login, or the folder */
};

enum fetch_result {
	FETCH_OK,	   /* there is an answer, of whatever status */
	FETCH_BAD_REQUEST, /* the request breaks a bound or isn't one */
	FETCH_REFUSED,	   /* an address, port or scheme that may not be reached */
	FETCH_UNREACHABLE, /* no such name, no connection, no valid certificate, not HTTP */
	FETCH_TIMEOUT,
	FETCH_TOO_LARGE, /* more than body_max */
};

/* Views into what the caller holds. */
struct fetch_request {
	uint64_t id;
	enum fetch_method method;
	/* GET only; a redirect is checked like an address that was asked for. The headers are for
	 * the first address alone: they may hold a secret. */
	unsigned redirects_max;
	uint32_t timeout_ms, body_max; /* over all redirects; both above 0 */
	struct bytes url, headers, body;
};

struct fetch_answer {
	uint64_t id;
	enum fetch_result result;
	unsigned status; /* of HTTP or SMTP, or of a mailbox; 0 unless FETCH_OK */
	char reason[FETCH_REASON_MAX +
		    1];			 /* for operators, never with the address; empty when OK */
	struct bytes content_type, body; /* views into the message */
};

/* Of letters, digits and "/._- ": nothing in it ends a string of IMAP or is taken out of an
 * address.
 */
#define FETCH_FOLDER_MAX 100
bool fetch_is_folder(const char *name);

/* Pure: how many UIDs an answer to "list" begins with, none of them 0, max at most. */
#define FETCH_UIDS_MAX 100
size_t fetch_uids_parse(struct bytes body, uint32_t *out, size_t max);

void fetch_request_append(struct buf *out, const struct fetch_request *request);
/* -1 unless it is exactly a request within the bounds above. The id is set whenever it could be
 * read. */
MUST_CHECK int fetch_request_parse(struct bytes message, struct fetch_request *out);
void fetch_answer_append(struct buf *out, const struct fetch_answer *answer);
MUST_CHECK int fetch_answer_parse(struct bytes message, struct fetch_answer *out);

#endif
