/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, and the page around the posts. A post is in public_post.c, the feed in public_feed.c.
 */
#include "server/public_page.h"

#include "base/text.h"
#include "core/messages/entities.h"
#include "core/accounts/public_names.h"
#include "server/public_parts.h"
#include "server/public_text.h"

#define DESCRIPTION_MAX 300 /* bytes */
#define TITLE_EXCERPT_MAX 60
#define SIGN_COLOURS 7

/* ---- Requests ---- */

/* A positive number of at most nine digits, nothing else. */
static int32_t number_of(struct bytes text)
{
	int32_t value = 0;

	if (text.size < 1 || text.size > 9 || text.data[0] == '0')
		return 0;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return 0;
		value = value * 10 + (text.data[i] - '0');
	}
	return value;
}

/* What stands behind the name at the beginning. */
static int32_t number_after(struct bytes query, const char *name)
{
	const size_t size = strlen(name);

	if (query.size <= size || memcmp(query.data, name, size) != 0)
		return 0;
	return number_of(bytes_of(query.data + size, query.size - size));
}

int public_request_read(
	struct bytes name, struct bytes what, struct bytes query, struct public_request *out)
{
	*out = (struct public_request){.name = name};
	if (!public_name_is_valid(name))
		return -1;
	if (!what.data) {
		/* Other values are those of people who count visits: the page is the same. */
		out->before = number_after(query, "before=");
		out->after = number_after(query, "after=");
		return 0;
	}
	if (bytes_equal_str(what, "feed")) {
		out->what = PUBLIC_FEED;
		return 0;
	}
	out->what = PUBLIC_POST;
	out->post = number_of(what);
	return out->post ? 0 : -1;
}

/* ---- The head ---- */

static bool is_post(const struct public_page *page)
{
	return page->request.what == PUBLIC_POST && page->count == 1;
}

static void put_description(const struct public_page *page, struct buf *out)
{
	const struct channel *channel = page->channel;
	const struct message *post = is_post(page) ? &page->posts[0] : NULL;

	if (page->restricted)
		public_text_excerpt(channel->restriction.text, NULL, 0, DESCRIPTION_MAX, out);
	else if (post)
		public_summary(page, post, DESCRIPTION_MAX, out);
	else
		public_text_excerpt(channel->about, NULL, 0, DESCRIPTION_MAX, out);
}

/* What those read who show links: https://ogp.me */
static void put_open_graph(const struct public_page *page, struct buf *out)
{
	const int32_t post = page->request.post;

	buf_append_str(out, "<meta property=\"og:title\" content=\"");
	public_text_escape(page->channel->title, out);
	buf_append_str(out, "\">\n<meta property=\"og:site_name\" content=\"");
	public_text_escape(page->site, out);
	buf_append_str(out, "\">\n<meta property=\"og:description\" content=\"");
	put_description(page, out);
	buf_append_str(out, "\">\n<meta name=\"description\" content=\"");
	put_description(page, out);
	buf_printf(out, "\">\n<meta property=\"og:type\" content=\"%s\">\n",
		is_post(page) ? "article" : "profile");
	if (is_post(page))
		buf_printf(out, "<meta property=\"article:published_time\" content=\"%s\">\n",
			text_rfc3339(page->call->arena, page->posts[0].date_s));
	buf_append_str(out, "<meta name=\"twitter:card\" content=\"summary\">\n");
	for (int i = 0; i < 2; i++) {
		buf_printf(out, "<meta property=\"al:%s:url\" content=\"", i ? "android" : "ios");
		public_app_link(page, post, out);
		buf_append_str(out, "\">\n");
	}
}

static void put_links(const struct public_page *page, struct buf *out)
{
	const struct public_request *request = &page->request;

	if (!request->before && !request->after) {
		buf_append_str(out, "<link rel=\"canonical\" href=\"");
		public_path(page, request->post, out);
		buf_append_str(out, "\">\n");
	}
	if (page->restricted) {
		buf_append_str(out, "<meta name=\"robots\" content=\"noindex\">\n");
	} else if (page->channel->broadcast) {
		buf_append_str(
			out, "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"");
		public_path(page, 0, out);
		buf_append_str(out, "/feed\">\n");
	}
}

static void put_start(const struct public_page *page, struct buf *out)
{
	buf_append_str(out, "<!doctype html>\n<html lang=\"");
	public_text_escape(page->language, out);
	buf_append_str(out,
		"\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<link rel=\"stylesheet\" href=\"/s/style.css\">\n<title>");
}

static void put_head(const struct public_page *page, struct buf *out)
{
	put_start(page, out);
	public_text_escape(page->channel->title, out);
	if (is_post(page)) {
		buf_append_str(out, ": ");
		public_summary(page, &page->posts[0], TITLE_EXCERPT_MAX, out);
	}
	buf_append_str(out, "</title>\n");
	put_links(page, out);
	put_open_graph(page, out);
	buf_append_str(out, "</head><body>\n");
}

/* ---- The body ---- */

/* In the place of a picture. */
static void put_sign(const struct public_page *page, struct buf *out)
{
	const struct bytes title = page->channel->title;
	size_t size = title.size > 0;

	while (size < title.size && (title.data[size] & 0xc0) == 0x80)
		size++;
	buf_printf(out, "<span class=\"sign c%d\" aria-hidden=\"true\">",
		(int)((uint64_t)page->channel->id % SIGN_COLOURS));
	public_text_escape(bytes_of(title.data, size), out);
	buf_append_str(out, "</span>");
}

static void put_header(const struct public_page *page, struct buf *out)
{
	const struct channel *channel = page->channel;
	struct entity found[ENTITIES_MAX];
	size_t count = 0;

	buf_append_str(out, "<header><div class=\"who\">");
	put_sign(page, out);
	buf_append_str(out, "<div><h1 dir=\"auto\">");
	public_text_escape(channel->title, out);
	buf_append_str(out, "</h1><div class=\"soft\"><a href=\"");
	public_path(page, 0, out);
	buf_append_str(out, "\">@");
	buf_append_bytes(out, channel->username);
	buf_append_str(out, "</a> &middot; ");
	public_counted(page, channel->broadcast ? WORD_PAGE_SUBSCRIBER : WORD_PAGE_MEMBER,
		channel->broadcast ? WORD_PAGE_SUBSCRIBERS : WORD_PAGE_MEMBERS, channel->members,
		out);
	buf_append_str(out, "</div></div></div>");
	if (!page->restricted && channel->about.size) {
		entities_find(channel->about, found, &count);
		buf_append_str(out, "<p class=\"text\" dir=\"auto\">");
		public_text_html(channel->about, found, count, out);
		buf_append_str(out, "</p>");
	}
	buf_append_str(out, "<a class=\"open\" href=\"");
	public_app_link(page, page->request.post, out);
	buf_append_str(out, "\">");
	public_word(page, WORD_PAGE_OPEN, out);
	buf_append_str(out, "</a></header>\n");
}

static void put_turn(const struct public_page *page, const char *name, const char *rel, int32_t id,
	enum word word, struct buf *out)
{
	if (!id) {
		buf_append_str(out, "<span></span>");
		return;
	}
	buf_printf(out, "<a rel=\"%s\" href=\"", rel);
	public_path(page, 0, out);
	buf_printf(out, "?%s=%d\">", name, id);
	public_word(page, word, out);
	buf_append_str(out, "</a>");
}

static void put_turns(const struct public_page *page, struct buf *out)
{
	if (!page->older && !page->newer)
		return;
	buf_append_str(out, "<nav>");
	put_turn(page, "before", "next", page->older, WORD_PAGE_OLDER, out);
	put_turn(page, "after", "prev", page->newer, WORD_PAGE_NEWER, out);
	buf_append_str(out, "</nav>\n");
}

/* Where there is nothing to read, it is said why. */
static void put_nothing(const struct public_page *page, struct buf *out)
{
	buf_append_str(out, "<div class=\"none\"><div class=\"text\" dir=\"auto\">");
	if (page->restricted)
		public_text_escape(page->channel->restriction.text, out);
	else
		public_word(
			page, page->channel->broadcast ? WORD_PAGE_EMPTY : WORD_PAGE_GROUP, out);
	buf_append_str(out, "</div></div>\n");
}

void public_page_write(const struct public_page *page, struct buf *out)
{
	put_head(page, out);
	put_header(page, out);
	buf_append_str(out, "<main>\n");
	if (page->newer && page->request.what == PUBLIC_CHANNEL)
		put_turns(page, out);
	if (page->restricted || !page->count)
		put_nothing(page, out);
	for (size_t i = 0; i < page->count; i++)
		public_post_write(page, &page->posts[i], out);
	put_turns(page, out);
	buf_append_str(out, "</main></body></html>\n");
}

void public_missing_write(const struct public_page *page, struct buf *out)
{
	put_start(page, out);
	public_word(page, WORD_PAGE_MISSING, out);
	buf_append_str(out, "</title>\n<meta name=\"robots\" content=\"noindex\">\n"
			    "</head><body>\n<main><div class=\"none\"><h1>");
	public_word(page, WORD_PAGE_MISSING, out);
	buf_append_str(out, "</h1><p>");
	public_word(page, WORD_PAGE_MISSING_WHY, out);
	buf_append_str(out, "</p></div></main></body></html>\n");
}
