/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. An operator's command uses it, never the running server. */
#include "desk/ledger/ledger_fetch.h"

#include <errno.h>
#include <stdio.h>

#include "desk/cases/files.h"
#include "fetch/client.h"

#define FETCH_TIMEOUT_MS 20000

/* One per process: a ledger is many small files of one server, and connections are kept. */
static struct fetcher *fetcher;

bool ledger_source_is_url(const char *source)
{
	return strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0;
}

static int fetch_url(const char *url, struct buf *out, struct err *err)
{
	/* The address was typed in by whoever runs the command: it may well be of this machine. */
	static const struct fetch_policy as_asked = {
		.loopback = true, .private_networks = true, .any_port = true};
	struct fetch_request request = {.method = FETCH_GET,
		.redirects_max = 3,
		.timeout_ms = FETCH_TIMEOUT_MS,
		.body_max = (uint32_t)(out->max && out->max < FETCH_BODY_MAX ? out->max
									     : FETCH_BODY_MAX),
		.url = bytes_from_str(url)};
	struct fetch_answer answer;

	if (!fetcher)
		fetcher = fetcher_start(NULL, &as_asked, err);
	if (!fetcher)
		return -1;
	if (fetcher_ask(fetcher, &request, &answer, err) < 0) {
		ledger_fetch_end();
		return -1;
	}
	if (answer.result != FETCH_OK)
		return err_set(err, EIO, "can't get %s: %s", url, answer.reason);
	if (answer.status == 404)
		return err_set(err, ENOENT, "%s is not there", url);
	if (answer.status != 200)
		return err_set(err, EIO, "%s answers %u", url, answer.status);
	buf_append_bytes(out, answer.body);
	return out->failed ? err_set(err, EFBIG, "%s is too long", url) : 0;
}

void ledger_fetch_end(void)
{
	fetcher_stop(fetcher);
	fetcher = NULL;
}

int ledger_fetch(const char *source, const char *path, struct buf *out, struct err *err)
{
	char full[FETCH_URL_MAX + 1];
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
