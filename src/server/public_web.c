/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks is nobody: what core shows to a stranger is what is shown here, and of groups, whose
 * messages have authors, only what they are. A name that nobody has, one of a private channel and
 * one that is no name are answered alike. Nothing is kept: a channel that goes private is gone from
 * here with the commit that says so, and caches ask each time (ETag).
 */
#include "server/public_web.h"

#include <stdio.h>

#include "base/text.h"
#include "core/channels/channels.h"
#include "core/effects.h"
#include "core/posts/posts.h"
#include "crypto/hash.h"
#include "server/admit.h"
#include "server/embedded.h"
#include "server/geoip.h"
#include "server/public_page.h"
#include "server/thread.h"

#define POLICY                                                                                     \
	"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"               \
	" frame-ancestors 'none'"
#define TAG_SIZE 12
#define LANGUAGE_CODE_MAX 40

struct page_job {
	struct executor_job job;
	struct http_exchange *exchange;
	struct node *node;
	bool known; /* that there can be such a page */
	struct public_request request;
	struct bytes accepts; /* languages, as the browser says */
	char language[LANGUAGE_CODE_MAX];
	struct buf body;
	int status;
};

/* ---- On a reader ---- */

/* What the posts answer, to be shown above them. A post that is gone is passed over. */
static void answered_read(struct call *call, struct public_page *page, const struct post_list *list)
{
	int32_t *ids = arena_array(call->arena, list->count, sizeof(*ids));
	struct post_list answered = {0};
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->posts[i].reply_to)
			ids[count++] = list->posts[i].reply_to;
	if (count && channel_posts_get(call, page->channel->id, ids, count, &answered) < 0)
		return;
	page->answered = answered.posts;
	page->answered_count = answered.count;
}

/* One more is read to each side, to know whether there is a page to turn to. */
static struct post_range range_of(const struct public_request *request, int32_t shown)
{
	struct post_range range = {.limit = shown + 2, .add_offset = -1};

	if (request->after) {
		range.offset_id = request->after + 1;
		range.add_offset = -(shown + 1);
	} else {
		range.offset_id = request->post ? request->post + 1 : request->before;
	}
	return range;
}

/* Those of the list that are asked for, `shown` at most, and where it goes on. What the service
 * says (made, renamed, pinned) is no post. */
static void page_cut(struct call *call, struct public_page *page, const struct post_list *list,
	const struct post_range *range, size_t shown)
{
	const bool upwards = page->request.after > 0;
	const int32_t from = range->offset_id ? range->offset_id : INT32_MAX;
	size_t start = 0, end = list->count;
	struct message *posts;

	while (start < end && !upwards && list->posts[start].id >= from)
		start++;
	while (end > start && upwards && list->posts[end - 1].id < from)
		end--;
	if (end - start > shown && upwards)
		start = end - shown;
	else if (end - start > shown)
		end = start + shown;
	if (start == end)
		return;
	if (start > 0)
		page->newer = list->posts[start].id;
	/* The first of all says only that the channel was made. */
	if (end < list->count && list->posts[end].action != ACTION_CHANNEL_CREATE)
		page->older = list->posts[end - 1].id;
	posts = arena_array(call->arena, end - start, sizeof(*posts));
	for (size_t i = start; i < end; i++)
		if (list->posts[i].action == ACTION_NONE)
			posts[page->count++] = list->posts[i];
	page->posts = posts;
}

static bool posts_read(struct call *call, struct public_page *page)
{
	const struct public_request *request = &page->request;
	const bool one = request->what == PUBLIC_POST;
	const size_t shown = one ? 1 : PUBLIC_PAGE_POSTS;
	const struct post_range range = range_of(request, (int32_t)shown);
	struct post_list list;

	if (channel_history(call, page->channel->id, &range, &list) < 0)
		return false;
	page_cut(call, page, &list, &range, shown);
	page->users = list.users;
	page->user_count = list.user_count;
	page->others = list.others;
	page->other_count = list.other_count;
	answered_read(call, page, &list);
	return !one || (page->count == 1 && page->posts[0].id == request->post);
}

/* The status. */
static int page_read(struct call *call, struct page_job *job, struct public_page *page)
{
	struct channel_view view;
	char country[3];

	if (!job->known || !channel_by_username(call, page->request.name, &view) ||
		!view.channel->in_square)
		return 404;
	page->channel = view.channel;
	/* Everywhere, or where the reader is as far as that is known: who has no account has no
	 * number. */
	geoip_country(job->node->geoip, &job->exchange->request.peer, country);
	page->restricted = channel_restricted(&view.channel->restriction, country);
	page->updated_s = view.channel->date_s;
	if (page->request.what != PUBLIC_CHANNEL && !view.channel->broadcast)
		return 404;
	if (!page->restricted && view.channel->broadcast && !posts_read(call, page))
		return 404;
	for (size_t i = 0; i < page->count; i++) {
		const struct message *post = &page->posts[i];
		const int64_t at = post->edit_date_s ? post->edit_date_s : post->date_s;

		page->updated_s = at > page->updated_s ? at : page->updated_s;
	}
	return page->restricted ? 451 : 200;
}

static void page_make(struct call *call, struct page_job *job)
{
	struct public_page page = {.call = call,
		.language = words_language_accepted(call, job->accepts),
		.request = job->request,
		.site = bytes_from_str(call->env->name)};

	job->status = page_read(call, job, &page);
	if (job->status == 404)
		public_missing_write(&page, &job->body);
	else if (page.request.what == PUBLIC_FEED)
		public_feed_write(&page, &job->body);
	else
		public_page_write(&page, &job->body);
	snprintf(job->language, sizeof(job->language), "%.*s", (int)page.language.size,
		(const char *)page.language.data);
}

static int page_run(struct executor_job *base, struct store *store)
{
	struct page_job *job = LIST_OWNER(base, struct page_job, job);
	struct call call = node_call(job->node, store);
	struct arena arena;

	arena_init(&arena);
	buf_clear(&job->body);
	call.arena = &arena;
	call.effects = effects_new(); /* reading tells nobody */
	page_make(&call, job);
	effects_release(call.effects);
	arena_release(&arena);
	return 0;
}

/* ---- The answer ---- */

static const char *content_type(const struct page_job *job)
{
	return job->request.what == PUBLIC_FEED && job->status != 404
		       ? "application/atom+xml; charset=utf-8"
		       : "text/html; charset=utf-8";
}

static const char *tag_of(struct http_exchange *exchange, struct bytes body)
{
	uint8_t hash[32];

	hash_sha256(body, hash);
	return arena_printf(
		&exchange->arena, "\"%s\"", text_hex(&exchange->arena, bytes_of(hash, TAG_SIZE)));
}

static void page_answer(struct page_job *job)
{
	struct http_exchange *exchange = job->exchange;
	struct http_response *response = &exchange->response;
	const char *tag = tag_of(exchange, buf_bytes(&job->body));

	response->status = job->status;
	http_response_header(response, "Content-Security-Policy", POLICY);
	http_response_header(response, "X-Content-Type-Options", "nosniff");
	http_response_header(response, "Referrer-Policy", "no-referrer");
	http_response_header(response, "Cache-Control", "no-cache");
	http_response_header(response, "Vary", "Accept-Language");
	http_response_header(response, "ETag", tag);
	if (job->status == 200 && http_header_has(&exchange->request, "If-None-Match", tag)) {
		response->status = 304;
	} else {
		http_response_header(response, "Content-Type", content_type(job));
		http_response_header(response, "Content-Language",
			arena_printf(&exchange->arena, "%s", job->language));
		buf_append_bytes(&response->body, buf_bytes(&job->body));
	}
	buf_release(&job->body);
	http_respond(exchange);
}

static void page_finish(struct executor_job *base, bool ok)
{
	struct page_job *job = LIST_OWNER(base, struct page_job, job);

	if (ok) {
		page_answer(job);
		return;
	}
	buf_release(&job->body);
	http_respond_error(job->exchange, 503);
}

/* ---- The request ---- */

static void style_get(struct http_exchange *exchange)
{
	http_response_header(&exchange->response, "Content-Type", "text/css; charset=utf-8");
	http_response_header(&exchange->response, "Cache-Control", "public, max-age=3600");
	exchange->response.body_const = bytes_from_str(public_page_style);
	http_respond(exchange);
}

/* As calls of strangers: one page is one of those. */
static bool is_let_in(struct node *node, struct http_exchange *exchange)
{
	const int64_t wait_us = admit_page(node, &exchange->request.peer);

	if (!wait_us)
		return true;
	http_response_error(&exchange->response, 429);
	http_response_header(&exchange->response, "Retry-After",
		arena_printf(&exchange->arena, "%lld", (long long)(wait_us / 1000000 + 1)));
	http_respond(exchange);
	return false;
}

void public_web_get(struct http_exchange *exchange, void *owner)
{
	struct node *node = owner;
	const struct bytes name = http_param(&exchange->request, "name");
	const struct bytes what = http_param(&exchange->request, "what");
	struct page_job *job;

	if (bytes_equal_str(name, "style.css") && !what.data) {
		style_get(exchange);
		return;
	}
	if (!is_let_in(node, exchange))
		return;
	job = ARENA_NEW(&exchange->arena, struct page_job);
	if (node->stopping) {
		http_respond_error(exchange, 503);
		return;
	}
	job->known = public_request_read(name, what, exchange->request.query, &job->request) == 0;
	buf_init(&job->body, PUBLIC_PAGE_MAX);
	job->job.run = page_run;
	job->job.finish = page_finish;
	job->exchange = exchange;
	job->accepts = http_header(&exchange->request, "Accept-Language");
	job->node = node;
	executor_submit(node->readers, &job->job);
}
