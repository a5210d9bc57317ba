/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public page: paths and queries that strangers ask for, and what is written of texts, titles
 * and entities that strangers wrote. However they look, the page has no element and no attribute
 * that it did not make itself, closes what it opens in the order of nesting, and links nowhere but
 * to the schemes it knows.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "server/public_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTITIES 6
#define DEPTH 64

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void link_check(const char *target)
{
	static const char *const known[] = {
		"/s/", "http://", "https://", "tg://", "mailto:", "tel:", "geo:"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strncasecmp(target, known[i], strlen(known[i])) == 0)
			return;
	abort();
}

/* The elements from `at` to the end nest. */
static void nesting_check(const char *at)
{
	const char *open[DEPTH];
	size_t depth = 0;

	for (; (at = strchr(at, '<')); at++) {
		const char *end = strchr(at, '>'), *href;

		require(end && !begins(at, "<script") &&
			!memchr(at + 1, '<', (size_t)(end - at - 1)));
		href = strstr(at, "href=\"");
		if (href && href < end)
			link_check(href + 6);
		if (begins(at, "<!") || begins(at, "<?") || begins(at, "<meta") ||
			begins(at, "<link"))
			continue;
		if (at[1] == '/') {
			size_t length = (size_t)(end - at - 2);

			require(depth > 0);
			depth--;
			require(strncmp(open[depth], at + 2, length) == 0 &&
				(open[depth][length] == '>' || open[depth][length] == ' '));
		} else {
			require(depth < DEPTH);
			open[depth++] = at + 1;
		}
	}
	require(depth == 0);
}

static void request_check(struct bytes in)
{
	const uint8_t *slash = memchr(in.data, '/', in.size);
	const uint8_t *mark = memchr(in.data, '?', in.size);
	const size_t path = mark ? (size_t)(mark - in.data) : in.size;
	struct bytes name = bytes_of(in.data, path), what = {0}, query = {0};
	struct public_request request;

	if (mark)
		query = bytes_of(mark + 1, in.size - path - 1);
	if (slash && (size_t)(slash - in.data) < path) {
		name.size = (size_t)(slash - in.data);
		what = bytes_of(slash + 1, path - name.size - 1);
	}
	if (public_request_read(name, what, query, &request) < 0)
		return;
	require(request.before >= 0 && request.post >= 0);
	require(request.what != PUBLIC_POST || request.post > 0);
	for (size_t i = 0; i < request.name.size; i++)
		require(strchr("<>\"'&/?", request.name.data[i]) == NULL);
}

static void page_check(struct bytes in)
{
	struct entity entities[ENTITIES] = {0};
	struct arena arena;
	const struct core_env env = {.name = "Lontar"};
	struct call call = {.arena = &arena, .env = &env};
	struct forward forward = {.from = {PEER_CHANNEL, 3}, .post = 2};
	struct reply reply = {.entities = entities, .entity_count = ENTITIES};
	struct poll_option option = {.voters = 1, .correct = true};
	struct poll poll = {
		.options = &option, .option_count = 1, .counts_shown = true, .voters = 2};
	struct media media = {.poll_view = &poll};
	struct message posts[2] = {
		{.id = 7, .date_s = 1700000000, .views = 3, .forward = &forward, .media = &media},
		{.id = 3}};
	struct message *post = &posts[0];
	struct channel channel = {
		.username = BYTES_LITERAL("somebody"), .broadcast = true, .date_s = 1600000000};
	struct public_page page = {.call = &call,
		.language = BYTES_LITERAL("en"),
		.channel = &channel,
		.posts = posts,
		.count = 1,
		.answered = &posts[1],
		.answered_count = 1,
		.older = 7,
		.newer = 9,
		.site = in};
	struct bytes text;
	struct buf out;

	if (in.size < 4 * ENTITIES)
		return;
	for (size_t i = 0; i < ENTITIES; i++)
		entities[i] = (struct entity){.kind = in.data[4 * i] % ENTITY_KIND_COUNT,
			.offset = (int8_t)in.data[4 * i + 1],
			.length = (int8_t)in.data[4 * i + 2],
			.argument = bytes_of(in.data + 4 * ENTITIES, in.size - 4 * ENTITIES)};
	text = bytes_of(in.data + 4 * ENTITIES, in.size - 4 * ENTITIES);
	channel.title = channel.restriction.text = post->text = post->signature = text;
	posts[1].text = forward.from_name = reply.quote = poll.question = option.text = text;
	/* What channels say of themselves was accepted as UTF-8. */
	channel.about = text_is_utf8(text) ? text : (struct bytes){0};
	for (size_t i = 0; i < ARRAY_LEN(media.texts); i++)
		media.texts[i] = text;
	media.kind = (enum media_kind)(in.data[7] % MEDIA_KIND_COUNT);
	post->entities = posts[1].entities = entities;
	post->entity_count = posts[1].entity_count = ENTITIES;
	post->reply_to = posts[1].id;
	post->reply = in.data[3] & 4 ? &reply : NULL;
	arena_init(&arena);
	page.request.what = in.data[3] & 1 ? PUBLIC_POST : PUBLIC_CHANNEL;
	page.request.post = 7;
	page.restricted = in.data[3] & 2;
	buf_init(&out, PUBLIC_PAGE_MAX);
	public_page_write(&page, &out);
	require(text_is_utf8(buf_bytes(&out)));
	buf_append(&out, "", 1);
	nesting_check((const char *)buf_data(&out) + strlen("<!doctype html>"));
	buf_clear(&out);
	public_feed_write(&page, &out);
	buf_append(&out, "", 1);
	/* Elements of the feed that end in themselves are links alone. */
	require(!strstr((const char *)buf_data(&out), "<script"));
	buf_release(&out);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & 1)
		request_check(bytes_of(data + 1, size - 1));
	else
		page_check(bytes_of(data + 1, size - 1));
	return 0;
}
