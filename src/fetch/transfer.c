/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. Redirects are followed here and not by libcurl, so that each is a request of its
 * own: parsed, limited and checked like the first. Addresses are checked when the socket is opened
 * (the name has been resolved, and is not resolved again) and once more before a request goes out
 * over a connection that was kept.
 */
#include "fetch/transfer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fetch/own_address.h"
#include "fetch/transfer_parts.h"

#define HEAD_MAX 65536
#define USER_AGENT "Lontar"

int transfer_global_init(struct err *err)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	return rc == CURLE_OK
		       ? 0
		       : err_set(err, 0, "libcurl can't be started: %s", curl_easy_strerror(rc));
}

/* ---- What libcurl calls ---- */

static bool is_allowed(struct transfer *t, const struct sockaddr *address, socklen_t size)
{
	enum address_class class = address_classify(address, size);
	uint16_t port = address_port(address);
	bool named = t->from_inside && own_address_is(t->policy->named, address, size);
	bool port_fits = t->mail ? policy_allows_mail_port(t->policy, port)
				 : policy_allows_port(t->policy, port);

	if (!named &&
		(t->plain || !port_fits || !policy_allows(t->policy, class, t->from_inside))) {
		t->refused = true;
		return false;
	}
	t->reached_inside = class != ADDRESS_PUBLIC;
	return true;
}

static curl_socket_t on_open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	if (purpose != CURLSOCKTYPE_IPCXN || !is_allowed(ctx, &address->addr, address->addrlen))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A kept connection was opened under another hop's rules. */
static int on_before_request(void *ctx, char *remote, char *local, int remote_port, int local_port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)remote_port)};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)remote_port)};
	bool allowed;

	if (inet_pton(AF_INET, remote, &v4.sin_addr) == 1)
		allowed = is_allowed(ctx, (struct sockaddr *)&v4, sizeof(v4));
	else if (inet_pton(AF_INET6, remote, &v6.sin6_addr) == 1)
		allowed = is_allowed(ctx, (struct sockaddr *)&v6, sizeof(v6));
	else
		allowed = false;
	return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t on_body(char *data, size_t one, size_t size, void *ctx)
{
	struct transfer *t = ctx;

	buf_append(&t->body, data, one * size);
	t->too_large = t->too_large || t->body.failed;
	return t->too_large ? 0 : one * size;
}

static size_t on_head(char *data, size_t one, size_t size, void *ctx)
{
	struct transfer *t = ctx;

	t->head_size += one * size;
	t->too_large = t->too_large || t->head_size > t->head_max;
	return t->too_large ? 0 : one * size;
}

/* ---- One hop ---- */

/* Nothing of the environment or the home folder: no proxy, no .netrc, no cookies. */
static void set_rules(struct transfer *t)
{
	CURL *curl = t->curl;

	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(
		curl, CURLOPT_PROTOCOLS_STR, t->mail ? "smtp,smtps,imap,imaps" : "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, USER_AGENT);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_before_request);
	curl_easy_setopt(curl, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
}

static struct curl_slist *list_headers(struct bytes headers)
{
	/* Without it libcurl asks "100-continue" first and waits a second for who never answers. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	while (headers.size > 0) {
		const uint8_t *end = memchr(headers.data, '\n', headers.size);
		size_t size = end ? (size_t)(end - headers.data) : headers.size;
		char line[FETCH_HEADERS_MAX + 1];

		memcpy(line, headers.data, size);
		line[size] = 0;
		if (size > 0)
			list = curl_slist_append(list, line);
		size += end ? 1 : 0;
		headers = bytes_of(headers.data + size, headers.size - size);
	}
	return list;
}

static enum fetch_result result_of(const struct transfer *t, CURLcode rc)
{
	/* Of several addresses one may have been refused and another have answered. */
	if (rc == CURLE_OK)
		return FETCH_OK;
	if (t->refused)
		return FETCH_REFUSED;
	if (t->too_large || rc == CURLE_FILESIZE_EXCEEDED)
		return FETCH_TOO_LARGE;
	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_UNSUPPORTED_PROTOCOL:
		return FETCH_REFUSED;
	default:
		return FETCH_UNREACHABLE;
	}
}

void transfer_fail(struct fetch_answer *answer, enum fetch_result result, const char *reason)
{
	answer->result = result;
	snprintf(answer->reason, sizeof(answer->reason), "%s", reason);
}

static void run_hop(struct transfer *t, CURLU *url, const struct fetch_request *request,
	int64_t left_ms, struct fetch_answer *answer)
{
	struct curl_slist *headers = list_headers(t->first ? request->headers : bytes_of(NULL, 0));
	enum fetch_result result;
	CURLcode rc;

	transfer_begin(t, request);
	curl_easy_setopt(t->curl, CURLOPT_CURLU, url);
	curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
	curl_easy_setopt(t->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->body_max);
	curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
	if (request->method == FETCH_POST) {
		curl_easy_setopt(t->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(
			t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
		/* libcurl reads from standard input when there is none at all. */
		curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS,
			request->body.size ? (const char *)request->body.data : "");
	}
	rc = curl_easy_perform(t->curl);
	result = result_of(t, rc);
	if (result == FETCH_REFUSED)
		transfer_fail(answer, result, "this address may not be reached");
	else if (result == FETCH_TOO_LARGE)
		transfer_fail(answer, result, "the answer is too long");
	else if (result != FETCH_OK)
		transfer_fail(answer, result, curl_easy_strerror(rc));
	curl_slist_free_all(headers);
}

/* ---- Mail ---- */

bool transfer_header(struct bytes headers, const char *name, char *out, size_t size)
{
	size_t name_size = strlen(name);

	while (headers.size > 0) {
		const uint8_t *end = memchr(headers.data, '\n', headers.size);
		size_t line = end ? (size_t)(end - headers.data) : headers.size;

		if (line > name_size && memcmp(headers.data, name, name_size) == 0) {
			snprintf(out, size, "%.*s", (int)(line - name_size),
				(const char *)headers.data + name_size);
			return true;
		}
		line += end ? 1 : 0;
		headers = bytes_of(headers.data + line, headers.size - line);
	}
	return false;
}

void transfer_begin(struct transfer *t, const struct fetch_request *request)
{
	t->refused = t->too_large = t->reached_inside = false;
	t->head_size = 0;
	t->head_max = HEAD_MAX;
	buf_clear(&t->body);
	t->body.max = request->body_max;
	curl_easy_reset(t->curl);
	set_rules(t);
}

void transfer_set_mail(struct transfer *t, CURLU *url, const struct fetch_request *request)
{
	char value[FETCH_HEADERS_MAX + 1];

	t->from_inside = true;
	curl_easy_setopt(t->curl, CURLOPT_CURLU, url);
	curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(
		t->curl, CURLOPT_USE_SSL, t->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (transfer_header(request->headers, "User: ", value, sizeof(value)))
		curl_easy_setopt(t->curl, CURLOPT_USERNAME, value);
	if (transfer_header(request->headers, "Password: ", value, sizeof(value)))
		curl_easy_setopt(t->curl, CURLOPT_PASSWORD, value);
	bytes_wipe(value, sizeof(value));
}

void transfer_fail_mail(const struct transfer *t, CURLcode rc, struct fetch_answer *answer)
{
	enum fetch_result result = result_of(t, rc);

	transfer_fail(answer, result,
		result == FETCH_REFUSED	    ? "this address may not be reached"
		: result == FETCH_TOO_LARGE ? "the answer is too long"
					    : curl_easy_strerror(rc));
}

/* ---- A request: one hop, or several ---- */

static bool is_https(CURLU *url)
{
	char *scheme = NULL;
	bool https = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		     strcmp(scheme, "https") == 0;

	curl_free(scheme);
	return https;
}

/* Sets *url to where the answer sends on; false when that is nowhere we go. */
static bool follow(struct transfer *t, CURLU *url, struct fetch_answer *answer)
{
	bool was_https = is_https(url);
	char *to = NULL;

	/* libcurl has made it absolute. */
	if (curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &to) != CURLE_OK || !to ||
		strlen(to) > FETCH_URL_MAX ||
		curl_url_set(url, CURLUPART_URL, to, CURLU_DISALLOW_USER) != CURLUE_OK) {
		transfer_fail(answer, FETCH_REFUSED, "it redirects to no valid address");
		return false;
	}
	if (was_https && !is_https(url)) {
		transfer_fail(
			answer, FETCH_REFUSED, "it redirects from https to an address without");
		return false;
	}
	t->from_inside = t->reached_inside;
	t->first = false;
	return true;
}

static bool wants_redirect(struct transfer *t, const struct fetch_request *request, unsigned status)
{
	char *to = NULL;

	return request->method == FETCH_GET && request->redirects_max > 0 && status >= 300 &&
	       status < 400 && status != 304 &&
	       curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &to) == CURLE_OK && to;
}

static void run_hops(struct transfer *t, CURLU *url, const struct fetch_request *request,
	struct fetch_answer *answer)
{
	int64_t end_ms = clock_monotonic_us(&clock_system) / 1000 + (int64_t)request->timeout_ms;

	t->first = t->from_inside = true;
	for (unsigned hops = 0;; hops++) {
		int64_t left_ms = end_ms - clock_monotonic_us(&clock_system) / 1000;
		long status = 0;

		if (left_ms <= 0) {
			transfer_fail(answer, FETCH_TIMEOUT, "it took too long");
			return;
		}
		run_hop(t, url, request, left_ms, answer);
		if (answer->result != FETCH_OK)
			return;
		curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
		answer->status = (unsigned)status;
		if (!wants_redirect(t, request, answer->status))
			return;
		if (hops == request->redirects_max) {
			transfer_fail(answer, FETCH_REFUSED, "it redirects too often");
			return;
		}
		if (!follow(t, url, answer))
			return;
	}
}

static void describe(struct transfer *t, struct fetch_answer *answer)
{
	char *type = NULL;

	if (answer->result != FETCH_OK) {
		answer->status = 0;
		return;
	}
	if (curl_easy_getinfo(t->curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type) {
		snprintf(t->content_type, sizeof(t->content_type), "%s", type);
		answer->content_type = bytes_from_str(t->content_type);
	}
	answer->body = buf_bytes(&t->body);
}

/* "smtp+plain://" is SMTP without TLS, and so is "imap+plain://". Only we read that in it. */
#define PLAIN "+plain"

/* Whether its scheme is one of the method's. */
static bool fits(const struct fetch_request *request, const char *url)
{
	const char *scheme = request->method == FETCH_MAILBOX ? "imap" : "smtp";

	return (request->method != FETCH_MAIL && request->method != FETCH_MAILBOX) ||
	       strncmp(url, scheme, strlen(scheme)) == 0;
}

/* The address without what only we read in it. */
static void take_url(
	struct transfer *t, const struct fetch_request *request, char out[FETCH_URL_MAX + 1])
{
	char *mark;

	snprintf(out, FETCH_URL_MAX + 1, "%.*s", (int)request->url.size,
		(const char *)request->url.data);
	t->mail = request->method == FETCH_MAIL || request->method == FETCH_MAILBOX;
	mark = t->mail ? strstr(out, PLAIN "://") : NULL;
	t->plain = mark && mark - out == 4; /* behind "smtp", "imap" */
	if (t->plain)
		memmove(mark, mark + strlen(PLAIN), strlen(mark + strlen(PLAIN)) + 1);
}

void transfer_run(
	struct transfer *transfer, const struct fetch_request *request, struct fetch_answer *answer)
{
	CURLU *url = curl_url();
	char text[FETCH_URL_MAX + 1];

	*answer = (struct fetch_answer){.id = request->id};
	take_url(transfer, request, text);
	if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK)
		transfer_fail(answer, FETCH_BAD_REQUEST, "this is no address that can be asked");
	else if (!fits(request, text))
		transfer_fail(answer, FETCH_REFUSED, "this address may not be reached");
	else if (request->method == FETCH_MAIL)
		letter_run(transfer, url, request, answer);
	else if (request->method == FETCH_MAILBOX)
		mailbox_run(transfer, url, request, answer);
	else
		run_hops(transfer, url, request, answer);
	describe(transfer, answer);
	/* The handle must not keep what is freed here or belongs to the caller. */
	curl_easy_reset(transfer->curl);
	curl_url_cleanup(url);
}

struct transfer *transfer_new(const struct fetch_policy *policy)
{
	struct transfer *transfer = MEM_NEW(struct transfer);

	transfer->policy = policy;
	transfer->curl = curl_easy_init();
	buf_init(&transfer->body, FETCH_BODY_MAX);
	if (transfer->curl)
		return transfer;
	transfer_free(transfer);
	return NULL;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	if (transfer->curl)
		curl_easy_cleanup(transfer->curl);
	buf_release(&transfer->body);
	free(transfer);
}
