/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/figures/public.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "desk/appeals/appeals_page.h"
#include "desk/cases/contacts.h"
#include "desk/embedded.h"
#include "desk/cases/files.h"
#include "desk/ledger/ledger_proof.h"
#include "desk/figures/pages.h"
#include "desk/figures/public_figures.h"

/* Who reloads the page does not make the database count again. */
#define COUNTS_MAX_AGE_MS 2000

void public_headers(struct http_exchange *exchange, const char *type, const char *cache)
{
	struct http_response *response = &exchange->response;

	http_response_header(response, "Content-Type", type);
	http_response_header(response, "Cache-Control", cache);
	http_response_header(response, "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
		"frame-ancestors 'none'");
	http_response_header(response, "X-Content-Type-Options", "nosniff");
	http_response_header(response, "Referrer-Policy", "no-referrer");
}

void public_respond(struct http_exchange *exchange, const char *type, const char *text)
{
	public_headers(exchange, type, "max-age=2");
	buf_append_str(&exchange->response.body, text);
	http_respond(exchange);
}

static void keep(char **at, const char *text)
{
	free(*at);
	*at = mem_strdup(text);
}

static void count_again(struct service *service)
{
	struct desk *desk = service->desk;
	int64_t now_ms = clock_monotonic_us(desk->clock) / 1000;
	struct counts counts;

	if (service->page && now_ms - service->counted_at_ms < COUNTS_MAX_AGE_MS)
		return;
	db_begin(desk->reader);
	counts_read(&counts, desk->reader, clock_unix_s(desk->clock));
	db_rollback(desk->reader);
	keep(&service->page, page_square(&counts, &desk->sop, service->verifier));
	keep(&service->json, counts_json(&counts));
	keep(&service->csv, counts_csv(&counts));
	service->counted_at_ms = now_ms;
	counts_release(&counts);
}

static void on_index(struct http_exchange *exchange, void *owner)
{
	public_respond(exchange, "text/html; charset=utf-8", page_index);
}

static void on_style(struct http_exchange *exchange, void *owner)
{
	public_respond(exchange, "text/css; charset=utf-8", page_style);
}

static void on_openapi(struct http_exchange *exchange, void *owner)
{
	public_respond(exchange, "application/json", openapi_text);
}

static void on_square(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;

	count_again(service);
	public_respond(exchange, "text/html; charset=utf-8", service->page);
}

static void on_square_bare(struct http_exchange *exchange, void *owner)
{
	exchange->response.status = 301;
	http_response_header(&exchange->response, "Location", "/square/");
	http_respond(exchange);
}

static void on_json(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;

	count_again(service);
	public_respond(exchange, "application/json", service->json);
}

static void on_csv(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;

	count_again(service);
	public_respond(exchange, "text/csv; charset=utf-8", service->csv);
}

bool public_ledger_path_ok(struct bytes path)
{
	if (path.size == 0 || path.size >= MERKLE_PATH_MAX)
		return false;
	if (bytes_equal_str(path, "checkpoint") || bytes_equal_str(path, "verifier"))
		return true;
	if (path.size < 5 || memcmp(path.data, "tile/", 5) != 0)
		return false;
	for (size_t i = 0; i < path.size; i++) {
		uint8_t c = path.data[i], before = i ? path.data[i - 1] : '/';
		bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');

		/* No empty name, none that begins with a dot; ".p/" is the only dot there is. */
		if (!word && (before == '/' || (c != '/' && c != '.')))
			return false;
		if (before == '.' && i > 0 && c != 'p')
			return false;
	}
	return path.data[path.size - 1] != '/' && path.data[path.size - 1] != '.';
}

static void on_ledger(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;
	struct bytes rest = http_param(&exchange->request, "rest");
	char path[PATH_MAX];
	struct buf file;
	int size = snprintf(path, sizeof(path), "%s/%.*s", service->desk->ledger.folder,
		(int)rest.size, rest.data ? (const char *)rest.data : "");
	bool tile = rest.size > 5 && memcmp(rest.data, "tile/", 5) == 0;

	if (!public_ledger_path_ok(rest) || size < 0 || (size_t)size >= sizeof(path)) {
		http_respond_error(exchange, 404);
		return;
	}
	buf_init(&file, LEDGER_BUNDLE_MAX);
	if (file_read(path, &file, NULL) < 0) {
		http_respond_error(exchange, 404);
	} else {
		/* A tile never changes; the checkpoint does with every order. */
		public_headers(exchange,
			tile ? "application/octet-stream" : "text/plain; charset=utf-8",
			tile ? "public, max-age=604800, immutable" : "no-cache");
		buf_append_bytes(&exchange->response.body, buf_bytes(&file));
		http_respond(exchange);
	}
	buf_release(&file);
}

/* Made for whoever asks: it names the checkpoint of now. */
static void on_receipt(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;
	struct bytes number = http_param(&exchange->request, "leaf");
	struct err err = {0};
	uint64_t leaf;
	char *text;

	if (checkpoint_number(number, &leaf) < 0 ||
		ledger_proof_make(ledger_read_folder, service->desk->ledger.folder,
			&exchange->arena, leaf, &text, &err) < 0) {
		http_respond_error(exchange, err.code && err.code != ENOENT ? 500 : 404);
		return;
	}
	public_headers(exchange, "text/plain; charset=utf-8", "no-cache");
	buf_append_str(&exchange->response.body, text);
	http_respond(exchange);
}

static const struct http_route rows[] = {
	{HTTP_GET, "/", on_index},
	{HTTP_GET, "/square", on_square_bare},
	{HTTP_GET, "/square/", on_square},
	{HTTP_GET, "/square/style.css", on_style},
	{HTTP_GET, "/square/openapi.json", on_openapi},
	{HTTP_GET, "/square/counts.json", on_json},
	{HTTP_GET, "/square/counts.csv", on_csv},
	{HTTP_GET, "/square/metrics.json", public_metrics_json},
	{HTTP_GET, "/square/metrics.csv", public_metrics_csv},
	{HTTP_GET, "/square/metrics/:lang", public_metrics_page},
	{HTTP_GET, "/square/reports/:year/:file", public_report},
	{HTTP_GET, "/square/answer", contact_page},
	{HTTP_POST, "/square/answer", contact_page_post},
	{HTTP_GET, "/square/appeal", appeal_page},
	{HTTP_GET, "/square/appeals", appeal_page_json},
	{HTTP_POST, "/square/appeals", appeal_page_post},
	{HTTP_GET, "/square/ledger/proof/:leaf", on_receipt},
	{HTTP_GET, "/square/ledger/*rest", on_ledger},
};

void public_dispatch(struct service *service, struct http_exchange *exchange)
{
	http_route_dispatch(rows, ARRAY_LEN(rows), exchange, service);
}
