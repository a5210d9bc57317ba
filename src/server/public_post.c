/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The card of one post. Whom it names is named here only as far as the world may know: channels
 * that are public, and people who have a public name.
 */
#include "server/public_parts.h"
#include "server/public_text.h"

#define ANSWERED_EXCERPT 160 /* bytes */

static enum word media_word(const struct media *media)
{
	const struct poll *poll = media->poll_view;

	switch (media->kind) {
	case MEDIA_CONTACT:
		return WORD_PAGE_CONTACT;
	case MEDIA_PLACE:
	case MEDIA_LIVE_PLACE:
	case MEDIA_VENUE:
		return WORD_PAGE_PLACE;
	case MEDIA_POLL:
		return poll && poll->quiz	      ? WORD_PAGE_QUIZ
		       : poll && !poll->public_voters ? WORD_PAGE_POLL_ANONYMOUS
						      : WORD_PAGE_POLL;
	default:
		return WORD_PAGE_MEDIA;
	}
}

void public_summary(
	const struct public_page *page, const struct message *post, size_t limit, struct buf *out)
{
	if (post->text.size)
		public_text_excerpt(post->text, post->entities, post->entity_count, limit, out);
	else if (post->media && post->media->poll_view)
		public_text_excerpt(post->media->poll_view->question, NULL, 0, limit, out);
	else if (post->media && post->media->kind != MEDIA_NONE)
		public_word(page, media_word(post->media), out);
}

/* ---- Where it comes from ---- */

static const struct channel *other_channel(const struct public_page *page, int64_t id)
{
	if (id == page->channel->id)
		return page->channel;
	for (size_t i = 0; i < page->other_count; i++)
		if (page->others[i].channel->id == id && !page->others[i].restricted)
			return page->others[i].channel;
	return NULL;
}

static const struct user *named_user(const struct public_page *page, int64_t id)
{
	for (size_t i = 0; i < page->user_count; i++)
		if (page->users[i].id == id && page->users[i].username.size)
			return &page->users[i];
	return NULL;
}

static void put_user(const struct user *user, struct buf *out)
{
	buf_append_str(out, "<a href=\"tg://resolve?domain=");
	public_text_escape(user->username, out);
	buf_append_str(out, "\" dir=\"auto\">");
	public_text_escape(user->first_name, out);
	if (user->last_name.size) {
		buf_append_str(out, " ");
		public_text_escape(user->last_name, out);
	}
	buf_append_str(out, "</a>");
}

static void put_channel(const struct channel *channel, int32_t post, struct buf *out)
{
	buf_append_str(out, "<a href=\"/s/");
	public_text_escape(channel->username, out);
	if (post > 0)
		buf_printf(out, "/%d", post);
	buf_append_str(out, "\" dir=\"auto\">");
	public_text_escape(channel->title, out);
	buf_append_str(out, "</a>");
}

static void put_forward(
	const struct public_page *page, const struct forward *forward, struct buf *out)
{
	const struct channel *channel =
		forward->from.kind == PEER_CHANNEL ? other_channel(page, forward->from.id) : NULL;
	const struct user *user =
		forward->from.kind == PEER_USER ? named_user(page, forward->from.id) : NULL;
	const bool known = user || (channel && channel->username.size);

	buf_append_str(out, "<div class=\"from\">");
	public_word(page,
		known || forward->from_name.size ? WORD_PAGE_FORWARDED : WORD_PAGE_FORWARDED_HIDDEN,
		out);
	buf_append_str(out, " ");
	if (user) {
		put_user(user, out);
	} else if (known) {
		put_channel(channel, forward->post, out);
	} else if (forward->from_name.size) {
		buf_append_str(out, "<b dir=\"auto\">");
		public_text_escape(forward->from_name, out);
		buf_append_str(out, "</b>");
	}
	buf_append_str(out, "</div>");
}

/* An answer to a post of the channel that is still there. */
static void put_answered(
	const struct public_page *page, const struct message *post, struct buf *out)
{
	const struct message *to = NULL;

	for (size_t i = 0; i < page->answered_count && !to; i++)
		if (page->answered[i].id == post->reply_to)
			to = &page->answered[i];
	if (!to || to->action != ACTION_NONE ||
		(post->reply && post->reply->peer.kind != PEER_NONE))
		return;
	buf_append_str(out, "<a class=\"answer\" href=\"");
	public_path(page, to->id, out);
	buf_append_str(out, "\"><b>");
	public_word(page, WORD_PAGE_ANSWER, out);
	buf_append_str(out, "</b><span dir=\"auto\">");
	if (post->reply && post->reply->quote.size)
		public_text_excerpt(post->reply->quote, post->reply->entities,
			post->reply->entity_count, ANSWERED_EXCERPT, out);
	else
		public_summary(page, to, ANSWERED_EXCERPT, out);
	buf_append_str(out, "</span></a>");
}

/* ---- What it carries ---- */

static void put_option(const struct poll *poll, const struct poll_option *option, struct buf *out)
{
	buf_printf(out, "<li><span dir=\"auto\"%s>",
		poll->counts_shown && option->correct ? " class=\"right\"" : "");
	public_text_escape(option->text, out);
	buf_append_str(out, "</span>");
	if (poll->counts_shown && poll->voters > 0)
		buf_printf(out, "<span>%d%%</span><meter max=\"%d\" value=\"%d\"></meter>",
			(int)((int64_t)option->voters * 100 / poll->voters), poll->voters,
			option->voters);
	buf_append_str(out, "</li>");
}

/* As who has not voted sees it: results once it is closed. */
static void put_poll(const struct public_page *page, const struct media *media, struct buf *out)
{
	const struct poll *poll = media->poll_view;

	buf_append_str(out, "<section class=\"poll\"><h2 dir=\"auto\">");
	public_text_escape(poll->question, out);
	buf_append_str(out, "</h2><div class=\"soft\">");
	public_word(page, poll->closed ? WORD_PAGE_POLL_CLOSED : media_word(media), out);
	buf_append_str(out, "</div><ul>");
	for (size_t i = 0; i < poll->option_count; i++)
		put_option(poll, &poll->options[i], out);
	buf_append_str(out, "</ul><div class=\"soft\">");
	public_counted(page, WORD_PAGE_VOTE, WORD_PAGE_VOTES, poll->voters, out);
	buf_append_str(out, "</div></section>");
}

static void put_place(const struct public_page *page, const struct media *media, struct buf *out)
{
	buf_printf(out, "<p><a href=\"geo:%.6f,%.6f\" dir=\"auto\">", media->place.latitude,
		media->place.longitude);
	if (media->kind == MEDIA_VENUE)
		public_text_escape(media->texts[0], out);
	else
		public_word(page, WORD_PAGE_PLACE, out);
	buf_append_str(out, "</a>");
	if (media->kind == MEDIA_VENUE && media->texts[1].size) {
		buf_append_str(out, " <span class=\"soft\" dir=\"auto\">");
		public_text_escape(media->texts[1], out);
		buf_append_str(out, "</span>");
	}
	buf_append_str(out, "</p>");
}

static void put_media(const struct public_page *page, const struct message *post, struct buf *out)
{
	const struct media *media = post->media;

	if (media->kind == MEDIA_POLL && media->poll_view) {
		put_poll(page, media, out);
	} else if (media->kind == MEDIA_PLACE || media->kind == MEDIA_LIVE_PLACE ||
		   media->kind == MEDIA_VENUE) {
		put_place(page, media, out);
	} else if (media->kind == MEDIA_DICE) {
		buf_append_str(out, "<p><span class=\"big\">");
		public_text_escape(media->texts[0], out);
		buf_printf(out, "</span> %d</p>", media->value);
	} else {
		/* A number or a file is for those who open it in their client. */
		buf_append_str(out, "<p class=\"soft\">");
		public_word(page, media_word(media), out);
		buf_append_str(out, ": <a href=\"");
		public_app_link(page, post->id, out);
		buf_append_str(out, "\">");
		public_word(page, WORD_PAGE_OPEN, out);
		buf_append_str(out, "</a></p>");
	}
}

void public_post_content(
	const struct public_page *page, const struct message *post, struct buf *out)
{
	if (post->text.size) {
		buf_append_str(out, "<div class=\"text\" dir=\"auto\">");
		public_text_html(post->text, post->entities, post->entity_count, out);
		buf_append_str(out, "</div>");
	}
	if (post->media && post->media->kind != MEDIA_NONE)
		put_media(page, post, out);
}

/* ---- What others did with it ---- */

static void put_tally(const struct reaction_tally *tally, struct buf *out)
{
	buf_append_str(out, "<ul class=\"tally\">");
	for (size_t i = 0; i < tally->count; i++) {
		buf_append_str(out, "<li>");
		public_text_escape(tally->at[i].emoji, out);
		buf_printf(out, " %d</li>", tally->at[i].count);
	}
	buf_append_str(out, "</ul>");
}

static void put_footer(const struct public_page *page, const struct message *post, struct buf *out)
{
	const struct post_replies *replies = post->replies;

	buf_append_str(out, "<footer class=\"soft\">");
	if (replies && replies->comments && replies->count > 0) {
		buf_append_str(out, "<a href=\"");
		public_app_link(page, post->id, out);
		buf_append_str(out, "\">");
		public_counted(page, WORD_PAGE_COMMENT, WORD_PAGE_COMMENTS, replies->count, out);
		buf_append_str(out, "</a>");
	}
	buf_append_str(out, "<span>");
	public_counted(page, WORD_PAGE_VIEW, WORD_PAGE_VIEWS, post->views, out);
	buf_append_str(out, "</span>");
	if (post->forwards > 0) {
		buf_append_str(out, "<span>");
		public_counted(page, WORD_PAGE_FORWARD, WORD_PAGE_FORWARDS, post->forwards, out);
		buf_append_str(out, "</span>");
	}
	if (post->signature.size) {
		buf_append_str(out, "<span dir=\"auto\">");
		public_text_escape(post->signature, out);
		buf_append_str(out, "</span>");
	}
	if (post->edit_date_s && !post->edit_hidden) {
		buf_append_str(out, "<span>");
		public_word(page, WORD_PAGE_EDITED, out);
		buf_append_str(out, "</span>");
	}
	buf_append_str(out, "<a href=\"");
	public_path(page, post->id, out);
	buf_append_str(out, "\">");
	public_time(page, post->date_s, out);
	buf_append_str(out, "</a></footer>");
}

void public_post_write(const struct public_page *page, const struct message *post, struct buf *out)
{
	buf_printf(out, "<article id=\"p%d\">", post->id);
	if (post->forward)
		put_forward(page, post->forward, out);
	if (post->reply_to)
		put_answered(page, post, out);
	public_post_content(page, post, out);
	if (post->tally && post->tally->count)
		put_tally(post->tally, out);
	put_footer(page, post, out);
	buf_append_str(out, "</article>\n");
}
