/* SPDX-License-Identifier: Apache-2.0 */
/* The feed: RFC 4287. */
#include "base/text.h"
#include "server/public_parts.h"
#include "server/public_text.h"

#define TITLE_MAX 120 /* bytes */

/* The first line. */
static struct bytes headline(struct bytes text)
{
	const uint8_t *end = text.size ? memchr(text.data, '\n', text.size) : NULL;

	return end ? bytes_of(text.data, (size_t)(end - text.data)) : text;
}

static void put_entry(const struct public_page *page, const struct message *post, struct buf *out)
{
	struct arena *arena = page->call->arena;
	struct message line;
	struct buf content;

	buf_append_str(out, "<entry><id>");
	public_app_link(page, post->id, out);
	buf_printf(out, "</id><published>%s</published><updated>%s</updated><link href=\"",
		text_rfc3339(arena, post->date_s),
		text_rfc3339(arena, post->edit_date_s ? post->edit_date_s : post->date_s));
	public_path(page, post->id, out);
	buf_append_str(out, "\"/><title>");
	line = *post;
	line.text = headline(post->text);
	public_summary(page, &line, TITLE_MAX, out);
	buf_append_str(out, "</title><content type=\"html\">");
	/* Markup within markup: escaped once more. */
	buf_init(&content, PUBLIC_PAGE_MAX);
	public_post_content(page, post, &content);
	public_text_escape(buf_bytes(&content), out);
	buf_release(&content);
	buf_append_str(out, "</content>");
	if (post->signature.size) {
		buf_append_str(out, "<author><name>");
		public_text_escape(post->signature, out);
		buf_append_str(out, "</name></author>");
	}
	buf_append_str(out, "</entry>\n");
}

void public_feed_write(const struct public_page *page, struct buf *out)
{
	buf_append_str(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			    "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>");
	public_text_escape(page->channel->title, out);
	buf_append_str(out, "</title>");
	if (page->channel->about.size) {
		buf_append_str(out, "<subtitle>");
		public_text_escape(page->channel->about, out);
		buf_append_str(out, "</subtitle>");
	}
	buf_append_str(out, "<id>");
	public_app_link(page, 0, out);
	buf_printf(out, "</id><updated>%s</updated><link href=\"",
		text_rfc3339(page->call->arena, page->updated_s));
	public_path(page, 0, out);
	buf_append_str(out, "\"/><link rel=\"self\" href=\"");
	public_path(page, 0, out);
	buf_append_str(out, "/feed\"/><author><name>");
	public_text_escape(page->channel->title, out);
	buf_append_str(out, "</name></author>\n");
	for (size_t i = 0; i < page->count; i++)
		put_entry(page, &page->posts[i], out);
	buf_append_str(out, "</feed>\n");
}
