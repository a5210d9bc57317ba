/* SPDX-License-Identifier: Apache-2.0 */
/* FETCH_MAIL: one letter by SMTP. */
#include <string.h>

#include "fetch/transfer_parts.h"

/* For libcurl, which takes the letter piece by piece. */
static size_t on_read(char *out, size_t one, size_t size, void *ctx)
{
	struct bytes *rest = ctx;
	size_t n = rest->size < one * size ? rest->size : one * size;

	if (n > 0)
		memcpy(out, rest->data, n);
	*rest = bytes_of(rest->data + n, rest->size - n);
	return n;
}

/* A refusal of the server has a status too: for ever (5xx) or for now (4xx). */
static void judge(struct transfer *t, CURLcode rc, struct fetch_answer *answer)
{
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (rc == CURLE_OK || (status >= 400 && status < 600 && !t->refused))
		answer->status = (unsigned)status;
	else
		transfer_fail_mail(t, rc, answer);
}

void letter_run(struct transfer *t, CURLU *url, const struct fetch_request *request,
	struct fetch_answer *answer)
{
	char from[FETCH_HEADERS_MAX + 1], to[FETCH_HEADERS_MAX + 1];
	struct bytes rest = request->body;
	struct curl_slist *recipients;

	if (!transfer_header(request->headers, "From: ", from, sizeof(from)) ||
		!transfer_header(request->headers, "To: ", to, sizeof(to))) {
		transfer_fail(answer, FETCH_BAD_REQUEST, "a letter needs From and To");
		return;
	}
	transfer_begin(t, request);
	transfer_set_mail(t, url, request);
	recipients = curl_slist_append(NULL, to);
	curl_easy_setopt(t->curl, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(t->curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t->curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(t->curl, CURLOPT_READDATA, &rest);
	judge(t, curl_easy_perform(t->curl), answer);
	curl_slist_free_all(recipients);
}
