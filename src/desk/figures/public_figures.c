/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/figures/public_figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "desk/figures/figures.h"
#include "desk/figures/figures_page.h"
#include "desk/figures/public.h"
#include "desk/figures/yearly.h"

#define KEPT_MAX 16
#define KEPT_MS 2000
#define CREDIT_MAX_MS 2000 /* of counting, gained while nobody asks */
#define SHARE 10	   /* of the time, one part in so many */

struct kept {
	char *key, *body;
	int64_t at_ms;
};

struct kept_answers {
	struct kept answers[KEPT_MAX];
	size_t next;
	int64_t credit_us, credit_at_us;
};

struct kept_answers *kept_answers_new(void)
{
	struct kept_answers *kept = MEM_NEW(struct kept_answers);

	kept->credit_us = CREDIT_MAX_MS * 1000;
	return kept;
}

static void forget(struct kept *answer)
{
	free(answer->key);
	free(answer->body);
	*answer = (struct kept){0};
}

void kept_answers_free(struct kept_answers *kept)
{
	for (size_t i = 0; kept && i < KEPT_MAX; i++)
		forget(&kept->answers[i]);
	free(kept);
}

static const char *find(const struct kept_answers *kept, const char *key, int64_t now_ms)
{
	for (size_t i = 0; i < KEPT_MAX; i++) {
		const struct kept *answer = &kept->answers[i];

		if (answer->key && strcmp(answer->key, key) == 0 &&
			now_ms - answer->at_ms < KEPT_MS)
			return answer->body;
	}
	return NULL;
}

static const char *keep(struct kept_answers *kept, const char *key, char *body, int64_t now_ms)
{
	struct kept *answer = &kept->answers[kept->next++ % KEPT_MAX];

	forget(answer);
	*answer = (struct kept){mem_strdup(key), body, now_ms};
	return body;
}

/* Is there time left to count? */
static bool may_count(struct kept_answers *kept, int64_t now_us)
{
	kept->credit_us += (now_us - kept->credit_at_us) / SHARE;
	if (kept->credit_us > CREDIT_MAX_MS * 1000)
		kept->credit_us = CREDIT_MAX_MS * 1000;
	kept->credit_at_us = now_us;
	return kept->credit_us > 0;
}

struct counting {
	struct service *service;
	struct http_exchange *exchange;
	const char *type;
	char *(*make)(struct counting *c); /* in a transaction of the reader; allocated */
	struct desk_metrics_query query;
	const char *language;
	enum yearly_kind report;
	enum yearly_format format;
	int year;
};

static void count_for(struct counting *c, const char *key)
{
	struct kept_answers *kept = c->service->kept;
	struct desk *desk = c->service->desk;
	int64_t start_us = clock_monotonic_us(desk->clock);
	const char *body = find(kept, key, start_us / 1000);

	if (!body && !may_count(kept, start_us)) {
		http_response_error(&c->exchange->response, 503);
		http_response_header(&c->exchange->response, "Retry-After", "2");
		http_respond(c->exchange);
		return;
	}
	if (!body) {
		db_begin(desk->reader);
		body = keep(kept, key, c->make(c), start_us / 1000);
		db_rollback(desk->reader);
		kept->credit_us -= clock_monotonic_us(desk->clock) - start_us;
	}
	public_respond(c->exchange, c->type, body);
}

static char *make_json(struct counting *c)
{
	struct figures figures;
	char *text;

	figures_read(&figures, c->service->desk->reader, &c->query);
	text = figures_json(&figures, c->service->desk->reader);
	figures_release(&figures);
	return text;
}

static char *make_csv(struct counting *c)
{
	struct figures figures;
	char *text;

	figures_read(&figures, c->service->desk->reader, &c->query);
	text = figures_csv(&figures, c->service->desk->reader);
	figures_release(&figures);
	return text;
}

static void answer_query(struct counting *c, const char *kind)
{
	struct http_exchange *exchange = c->exchange;
	struct bytes query = exchange->request.query;
	struct err err = {0};

	if (figures_query(&exchange->arena, query, clock_unix_s(c->service->desk->clock), &c->query,
		    &err) < 0) {
		exchange->response.status = 400;
		public_respond(exchange, "application/json",
			arena_printf(&exchange->arena, "{\"error\":\"%s\"}\n", err.text));
		return;
	}
	count_for(c, arena_printf(&exchange->arena, "%s?%s to %s", kind,
			     query.data ? arena_str(&exchange->arena, query) : "", c->query.to));
}

void public_metrics_json(struct http_exchange *exchange, void *owner)
{
	struct counting c = {.service = owner,
		.exchange = exchange,
		.type = "application/json",
		.make = make_json};

	answer_query(&c, "json");
}

void public_metrics_csv(struct http_exchange *exchange, void *owner)
{
	struct counting c = {.service = owner,
		.exchange = exchange,
		.type = "text/csv; charset=utf-8",
		.make = make_csv};

	answer_query(&c, "csv");
}

static char *make_page(struct counting *c)
{
	struct desk *desk = c->service->desk;

	return figures_page(desk->reader, &desk->sop, c->language, clock_unix_s(desk->clock));
}

void public_metrics_page(struct http_exchange *exchange, void *owner)
{
	struct counting c = {.service = owner,
		.exchange = exchange,
		.type = "text/html; charset=utf-8",
		.make = make_page};
	struct bytes language = http_param(&exchange->request, "lang");

	c.language = figures_page_language(language);
	if (c.language)
		count_for(&c, c.language);
	else
		http_respond_error(exchange, 404);
}

static char *make_report(struct counting *c)
{
	struct desk *desk = c->service->desk;

	return yearly_text(desk->reader, &desk->sop, c->report, c->year, c->format);
}

/* /square/reports/2026/dsa.json */
void public_report(struct http_exchange *exchange, void *owner)
{
	static const char *const types[YEARLY_FORMATS] = {[YEARLY_JSON] = "application/json",
		[YEARLY_CSV] = "text/csv; charset=utf-8",
		[YEARLY_HTML] = "text/html; charset=utf-8"};
	struct counting c = {.service = owner, .exchange = exchange, .make = make_report};
	char *year = arena_str(&exchange->arena, http_param(&exchange->request, "year"));
	char *name = arena_str(&exchange->arena, http_param(&exchange->request, "file"));
	char *dot = strchr(name, '.');

	if (dot)
		*dot = 0;
	c.report = yearly_kind_by_name(name);
	c.format = dot ? yearly_format_by_name(dot + 1) : YEARLY_FORMATS;
	c.year = yearly_year(year, clock_unix_s(c.service->desk->clock));
	if (c.report == YEARLY_KINDS || c.format == YEARLY_FORMATS || !c.year) {
		http_respond_error(exchange, 404);
		return;
	}
	c.type = types[c.format];
	count_for(&c, arena_printf(&exchange->arena, "report %s %s.%s", year, name, dot + 1));
}
