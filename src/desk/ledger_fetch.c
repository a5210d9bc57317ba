/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. An operator's command uses it, never the running server. */
#include "desk/ledger_fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>

#include "desk/files.h"

#define FETCH_URL_MAX 2048
#define FETCH_TIMEOUT_MS 20000L
#define FETCH_REDIRECTS_MAX 3L

bool ledger_source_is_url(const char *source)
{
	return strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0;
}

static size_t on_data(char *data, size_t one, size_t size, void *ctx)
{
	struct buf *out = ctx;

	buf_append(out, data, one * size);
	return out->failed ? 0 : one * size;
}

static int fetch_url(const char *url, struct buf *out, struct err *err)
{
	CURL *curl = curl_easy_init();
	long status = 0;
	CURLcode rc;

	if (!curl)
		return err_set(err, ENOMEM, "libcurl can't be started");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, FETCH_REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, FETCH_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (rc != CURLE_OK)
		return err_set(err, EIO, "can't get %s: %s", url, curl_easy_strerror(rc));
	if (status == 404)
		return err_set(err, ENOENT, "%s is not there", url);
	return status == 200 ? 0 : err_set(err, EIO, "%s answers %ld", url, status);
}

int ledger_fetch(const char *source, const char *path, struct buf *out, struct err *err)
{
	char full[FETCH_URL_MAX];
	size_t source_size = strlen(source);
	int size;

	while (source_size > 1 && source[source_size - 1] == '/')
		source_size--;
	size = snprintf(full, sizeof(full), "%.*s/%s", (int)source_size, source, path);
	if (size < 1 || (size_t)size >= sizeof(full))
		return err_set(err, ENAMETOOLONG, "the address is too long");
	buf_clear(out);
	out->failed = false;
	return ledger_source_is_url(source) ? fetch_url(full, out, err) : file_read(full, out, err);
}
