/* SPDX-License-Identifier: Apache-2.0 */
/* server/public_page.h: what stands on a public page, and what does not. */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "core/messages/polls.h"
#include "server/public_page.h"
#include "server/public_text.h"

#define B(text) BYTES_LITERAL(text)

struct fixture {
	struct arena arena;
	struct core_env env;
	struct call call;
	struct channel channel;
	struct message post;
	struct public_page page;
	struct buf out;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	arena_init(&f->arena);
	f->env.name = "Lontar";
	f->call = (struct call){.arena = &f->arena, .env = &f->env};
	f->channel = (struct channel){.id = 9,
		.username = B("harbour"),
		.title = B("Harbour <1>"),
		.about = B("see @weather_office"),
		.broadcast = true,
		.members = 1234,
		.restriction.text = B("Not here: \"law\" 5")};
	f->post = (struct message){.id = 12,
		.date_s = 1795000000,
		.views = 1,
		.forwards = 34567,
		.text = B("quoted\nsecret")};
	f->page = (struct public_page){.call = &f->call,
		.language = B("en"),
		.request = {.name = f->channel.username},
		.site = B("Lontar"),
		.channel = &f->channel,
		.posts = &f->post,
		.count = 1};
	buf_init(&f->out, PUBLIC_PAGE_MAX);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	buf_release(&f->out);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static const char *written(struct fixture *f)
{
	buf_clear(&f->out);
	if (f->page.request.what == PUBLIC_FEED)
		public_feed_write(&f->page, &f->out);
	else
		public_page_write(&f->page, &f->out);
	buf_append(&f->out, "", 1);
	return (const char *)buf_data(&f->out);
}

static void has(struct fixture *f, const char *part)
{
	if (!strstr(written(f), part))
		fail_msg("%s is not in\n%s", part, written(f));
}

static void lacks(struct fixture *f, const char *part)
{
	if (strstr(written(f), part))
		fail_msg("%s is in\n%s", part, written(f));
}

static void html_is(
	struct bytes text, const struct entity *entities, size_t count, const char *html)
{
	struct buf out;

	buf_init(&out, 4096);
	public_text_html(text, entities, count, &out);
	buf_append(&out, "", 1);
	assert_string_equal((const char *)buf_data(&out), html);
	buf_release(&out);
}

static void what_is_nested_stays_whole(void **state)
{
	const struct entity inside[] = {{.kind = ENTITY_BLOCKQUOTE, .offset = 0, .length = 9},
		{.kind = ENTITY_BOLD, .offset = 2, .length = 3}};
	const struct entity same[] = {{.kind = ENTITY_BOLD, .offset = 0, .length = 2},
		{.kind = ENTITY_BLOCKQUOTE, .offset = 0, .length = 4}};
	const struct entity across[] = {{.kind = ENTITY_BOLD, .offset = 0, .length = 3},
		{.kind = ENTITY_ITALIC, .offset = 2, .length = 3}};

	html_is(B("a bold qu\nz"), inside, 2, "<span class=\"quote\">a <b>bol</b>d qu</span>z");
	html_is(B("abcd"), same, 2, "<span class=\"quote\"><b>ab</b>cd</span>");
	html_is(B("abcdef"), across, 2, "<b>ab<i>c</i></b><i>de</i>f");
}

static void a_spoiler_is_in_no_summary(void **state)
{
	struct fixture *f = *state;
	struct entity spoiler = {.kind = ENTITY_SPOILER, .offset = 7, .length = 6};

	f->post.entities = &spoiler;
	f->post.entity_count = 1;
	f->page.request.what = PUBLIC_POST;
	f->page.request.post = 12;
	has(f, "og:description\" content=\"quoted\n\xe2\x80\xa6\"");
	has(f, "<span class=\"spoiler\" tabindex=\"0\">secret</span>");
	f->post.text = B("secret");
	spoiler.offset = 0;
	f->page.request.what = PUBLIC_FEED;
	has(f, "<title>\xe2\x80\xa6</title>");
}

static void numbers_and_days_are_in_the_readers_words(void **state)
{
	struct fixture *f = *state;

	has(f, "1.2K subscribers");
	has(f, "1 view<");
	has(f, "34.5K forwards");
	has(f, "<time datetime=\"2026-11-18T11:06:40Z\">18 November 2026, 11:06 UTC</time>");
	has(f, "Harbour &lt;1&gt;");
	has(f, "href=\"/s/weather_office\">@weather_office</a>");
	f->page.language = B("id");
	f->post.date_s = 1767225600;
	f->channel.members = 2000000;
	has(f, "<html lang=\"id\">");
	has(f, "2M pelanggan");
	has(f, ">1 Januari 2026, 00:00 UTC</time>");
	has(f, "dilihat 1 kali");
}

static void a_poll_shows_its_results_when_it_is_closed(void **state)
{
	struct fixture *f = *state;
	struct poll_option options[] = {{.text = B("North"), .voters = 1},
		{.text = B("<South>"), .voters = 2, .correct = true}};
	struct poll poll = {.question = B("Which quay?"),
		.options = options,
		.option_count = 2,
		.voters = 3,
		.quiz = true};
	struct media media = {.kind = MEDIA_POLL, .poll_view = &poll};

	f->post.media = &media;
	f->post.text = (struct bytes){0};
	f->page.request.what = PUBLIC_FEED;
	has(f, "<title>Which quay?</title>");
	f->page.request.what = PUBLIC_CHANNEL;
	has(f, "<h2 dir=\"auto\">Which quay?</h2><div class=\"soft\">Quiz</div>");
	has(f, "&lt;South&gt;");
	has(f, "3 votes");
	lacks(f, "<meter");
	lacks(f, "right");
	poll.closed = poll.counts_shown = true;
	has(f, "Final results");
	has(f, "class=\"right\">&lt;South&gt;</span><span>66%</span><meter max=\"3\" value=\"2\">");
	media.poll_view = NULL; /* its maker is gone */
	has(f, "Poll: <a href=\"tg://resolve?domain=harbour&amp;post=12\">");
}

static void who_has_no_public_name_is_not_named(void **state)
{
	struct fixture *f = *state;
	struct user user = {.id = 5, .first_name = B("Ayu"), .username = B("ayu_sea")};
	struct channel other = {.id = 6, .title = B("Tides")};
	struct channel_view view = {.channel = &other};
	struct forward forward = {.from = {PEER_USER, 5}};

	f->page.users = &user;
	f->page.user_count = 1;
	f->page.others = &view;
	f->page.other_count = 1;
	f->post.forward = &forward;
	has(f, "Forwarded from <a href=\"tg://resolve?domain=ayu_sea\" dir=\"auto\">Ayu</a>");
	user.username = (struct bytes){0};
	lacks(f, "Ayu");
	has(f, "<div class=\"from\">Forwarded </div>");
	forward = (struct forward){.from = {PEER_CHANNEL, 6}, .post = 3};
	lacks(f, "Tides");
	other.username = B("tide_table");
	has(f, "<a href=\"/s/tide_table/3\" dir=\"auto\">Tides</a>");
	view.restricted = true;
	lacks(f, "Tides");
}

static void what_is_restricted_shows_the_text_alone(void **state)
{
	struct fixture *f = *state;

	f->page.restricted = true;
	f->page.count = 0;
	has(f, "<div class=\"text\" dir=\"auto\">Not here: &quot;law&quot; 5</div>");
	has(f, "noindex");
	lacks(f, "weather_office");
	lacks(f, "feed");
}

static void what_is_missing_is_said_to_all_alike(void **state)
{
	static const char *const words[] = {"Nothing to read here", "Tidak ada yang bisa dibaca"};
	struct fixture *f = *state;

	for (int i = 0; i < 2; i++) {
		f->page = (struct public_page){.call = &f->call, .language = i ? B("id") : B("en")};
		buf_clear(&f->out);
		public_missing_write(&f->page, &f->out);
		buf_append(&f->out, "", 1);
		assert_non_null(strstr((const char *)buf_data(&f->out), words[i]));
		assert_non_null(strstr((const char *)buf_data(&f->out), "noindex"));
		assert_non_null(strstr((const char *)buf_data(&f->out), "/s/style.css"));
	}
}

static void paths_and_turns_are_numbers(void **state)
{
	static const struct {
		const char *query;
		int32_t before, after;
	} cases[] = {{"before=5", 5, 0}, {"after=7", 0, 7}, {"before=x", 0, 0}, {"before=05", 0, 0},
		{"after=", 0, 0}, {"utm=1", 0, 0}, {"before=1234567890", 0, 0}};
	struct public_request request;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(public_request_read(B("harbour"), (struct bytes){0},
					 bytes_from_str(cases[i].query), &request),
			0);
		assert_int_equal(request.before, cases[i].before);
		assert_int_equal(request.after, cases[i].after);
	}
	assert_int_equal(public_request_read(B("harbour"), B("12"), B(""), &request), 0);
	assert_int_equal(request.post, 12);
	assert_int_equal(public_request_read(B("harbour"), B("0"), B(""), &request), -1);
	assert_int_equal(public_request_read(B("x"), B("1"), B(""), &request), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_nested_stays_whole),
		TEST(a_spoiler_is_in_no_summary),
		TEST(numbers_and_days_are_in_the_readers_words),
		TEST(a_poll_shows_its_results_when_it_is_closed),
		TEST(who_has_no_public_name_is_not_named),
		TEST(what_is_restricted_shows_the_text_alone),
		TEST(what_is_missing_is_said_to_all_alike),
		cmocka_unit_test(paths_and_turns_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
