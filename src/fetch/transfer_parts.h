/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a transfer share: transfer.c (addresses, HTTP), letter.c (SMTP), mailbox.c
 * (IMAP). For these alone. */
#ifndef FETCH_TRANSFER_PARTS_H
#define FETCH_TRANSFER_PARTS_H

#include <curl/curl.h>

#include "fetch/transfer.h"

#define CONTENT_TYPE_MAX 256

struct transfer {
	const struct fetch_policy *policy;
	CURL *curl;
	struct buf body;
	size_t head_size, head_max;
	char content_type[CONTENT_TYPE_MAX];
	/* Of the hop under way. */
	bool mail, plain;    /* SMTP or IMAP; without TLS */
	bool first;	     /* nothing redirected here */
	bool from_inside;    /* the first, or sent here by a server on the inside */
	bool reached_inside; /* the last address that was checked: the one that answers */
	bool refused, too_large;
};

/* Forgets the last request but its connection, and sets what holds for every one. */
void transfer_begin(struct transfer *t, const struct fetch_request *request);
void transfer_fail(struct fetch_answer *answer, enum fetch_result result, const char *reason);
/* What became of a request of mail: the result with its reason. */
void transfer_fail_mail(const struct transfer *t, CURLcode rc, struct fetch_answer *answer);
/* The value of a line "Name: value", as a string; false: there is no such line. */
bool transfer_header(struct bytes headers, const char *name, char *out, size_t size);
/* Lines "User: " and "Password: ", where they are; TLS unless the address says otherwise. */
void transfer_set_mail(struct transfer *t, CURLU *url, const struct fetch_request *request);

/* FETCH_MAIL and FETCH_MAILBOX of protocol.h. */
void letter_run(struct transfer *t, CURLU *url, const struct fetch_request *request,
	struct fetch_answer *answer);
void mailbox_run(struct transfer *t, CURLU *url, const struct fetch_request *request,
	struct fetch_answer *answer);

/* Pure: the UIDs in untagged answers to UID FETCH, of mails that are not deleted, in their order,
 * each followed by a space; FETCH_UIDS_MAX at most. Lines that are none of these say nothing. */
void mailbox_read_list(struct bytes lines, struct buf *out);

#endif
