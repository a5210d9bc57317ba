/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A graph is one row of a table. */
#include "api/stats_graph.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/handlers.h"
#include "base/buf.h"
#include "core/words.h"

#define LINES_MAX 2
#define DAY_MS ((int64_t)86400000)
#define JSON_MAX 16384
#define TOKEN_MAX 80
#define TOKEN_KIND 0x6771 /* apart from the kinds of peers */

struct line {
	size_t offset; /* of an int64_t in struct home_day, or struct home_post_day */
	enum word name;
	const char *color;
};

struct graph {
	const char *type;
	size_t count;
	struct line lines[LINES_MAX];
};

#define DAY(field) offsetof(struct home_day, field)
#define POST(field) offsetof(struct home_post_day, field)
#define BLUE "BLUE#3896e8"
#define GREEN "GREEN#3cc23f"
#define RED "RED#e05356"
static const struct graph graphs[GRAPH_KINDS] = {
	[GRAPH_GROWTH] = {"line", 1, {{DAY(members), WORD_STATS_MEMBERS, BLUE}}},
	[GRAPH_MEMBERS] = {"line", 2,
		{{DAY(joins), WORD_STATS_JOINED, GREEN}, {DAY(leaves), WORD_STATS_LEFT, RED}}},
	[GRAPH_INTERACTIONS] = {"line", 2,
		{{DAY(views), WORD_STATS_VIEWS, BLUE}, {DAY(forwards), WORD_STATS_SHARES, GREEN}}},
	[GRAPH_MESSAGES] = {"bar", 1, {{DAY(posts), WORD_STATS_POSTS, BLUE}}},
	[GRAPH_ACTIONS] = {"line", 1, {{DAY(people), WORD_STATS_PEOPLE, GREEN}}},
};
static const struct graph post_graph = {"line", 2,
	{{POST(views), WORD_STATS_VIEWS, BLUE}, {POST(forwards), WORD_STATS_SHARES, GREEN}}};
static const struct graph poll_graph = {"line", 1, {{POST(votes), WORD_STATS_VOTES, BLUE}}};

/* Equal rows with a day in each. */
struct rows {
	const char *base;
	size_t size, day_offset, count;
};

static int64_t number(const struct rows *rows, size_t row, size_t offset)
{
	int64_t value;

	memcpy(&value, rows->base + row * rows->size + offset, sizeof(value));
	return value;
}

/* Names in the packs of an installation may hold anything. */
static void put_text(struct buf *out, struct bytes text)
{
	buf_append_u8(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < ' ' || text.data[i] == '"' || text.data[i] == '\\')
			buf_printf(out, "\\u%04x", text.data[i]);
		else
			buf_append_u8(out, text.data[i]);
	}
	buf_append_u8(out, '"');
}

static void put_column(
	struct buf *out, const struct rows *rows, const char *name, size_t offset, int64_t times)
{
	buf_printf(out, "[\"%s\"", name);
	for (size_t i = 0; i < rows->count; i++)
		buf_printf(out, ",%" PRId64, number(rows, i, offset) * times);
	buf_append_str(out, "]");
}

static void put_lines(struct call *call, struct buf *out, const struct graph *graph)
{
	struct bytes language = words_language_of(call, call->user);

	buf_append_str(out, "],\"types\":{\"x\":\"x\"");
	for (size_t i = 0; i < graph->count; i++)
		buf_printf(out, ",\"y%zu\":\"%s\"", i, graph->type);
	buf_append_str(out, "},\"names\":{");
	for (size_t i = 0; i < graph->count; i++) {
		buf_printf(out, "%s\"y%zu\":", i ? "," : "", i);
		put_text(out, words_say(call, language, graph->lines[i].name, NULL, 0));
	}
	buf_append_str(out, "},\"colors\":{");
	for (size_t i = 0; i < graph->count; i++)
		buf_printf(out, "%s\"y%zu\":\"%s\"", i ? "," : "", i, graph->lines[i].color);
}

static struct tl_object *graph_error(struct call *call, enum word why)
{
	struct tl_statsGraphError *error = TL_NEW(call->arena, statsGraphError);

	error->error = words_say(call, words_language_of(call, call->user), why, NULL, 0);
	return &error->o;
}

static struct tl_object *draw(struct call *call, const struct graph *graph, const struct rows *rows)
{
	struct tl_statsGraph *drawn = TL_NEW(call->arena, statsGraph);
	struct tl_dataJSON *json = TL_NEW(call->arena, dataJSON);
	struct buf out;

	if (!rows->count)
		return graph_error(call, WORD_STATS_SOON);
	buf_init(&out, JSON_MAX);
	buf_append_str(&out, "{\"columns\":[");
	put_column(&out, rows, "x", rows->day_offset, DAY_MS);
	for (size_t i = 0; i < graph->count; i++) {
		char name[4] = {'y', (char)('0' + i)};

		buf_append_str(&out, ",");
		put_column(&out, rows, name, graph->lines[i].offset, 1);
	}
	put_lines(call, &out, graph);
	buf_printf(&out,
		"},\"hidden\":[],\"subchart\":{\"show\":true,\"defaultZoom\":[%" PRId64 ",%" PRId64
		"]}}",
		number(rows, 0, rows->day_offset) * DAY_MS,
		number(rows, rows->count - 1, rows->day_offset) * DAY_MS);
	json->data = arena_bytes(call->arena, buf_bytes(&out));
	buf_release(&out);
	drawn->json = &json->o;
	return &drawn->o;
}

struct tl_object *graph_of_channel(
	struct call *call, enum stats_graph kind, const struct channel_stats *stats)
{
	const struct rows rows = {
		(const char *)stats->days, sizeof(stats->days[0]), DAY(day), stats->count};

	return draw(call, &graphs[kind], &rows);
}

static struct rows post_rows(const struct post_stats *stats)
{
	return (struct rows){
		(const char *)stats->days, sizeof(stats->days[0]), POST(day), stats->count};
}

struct tl_object *graph_of_post(struct call *call, const struct post_stats *stats)
{
	const struct rows rows = post_rows(stats);

	return draw(call, &post_graph, &rows);
}

struct tl_object *graph_of_poll(struct call *call, const struct post_stats *stats)
{
	const struct rows rows = post_rows(stats);

	return draw(call, &poll_graph, &rows);
}

struct tl_object *graph_none(struct call *call)
{
	return graph_error(call, WORD_STATS_NONE);
}

/* ---- Tokens: kind, channel, and a keyed hash that only the account's own bear ---- */

static int64_t token_hash(struct call *call, enum stats_graph kind, int64_t channel)
{
	return vault_access_hash(
		call->store->vault, call->user, TOKEN_KIND + (uint32_t)kind, channel);
}

struct tl_object *graph_later(struct call *call, enum stats_graph kind, int64_t channel)
{
	struct tl_statsGraphAsync *later = TL_NEW(call->arena, statsGraphAsync);

	later->token = bytes_from_str(arena_printf(call->arena, "%d.%" PRId64 ".%" PRId64,
		(int)kind, channel, token_hash(call, kind, channel)));
	return &later->o;
}

bool graph_token_read(
	struct call *call, struct bytes token, enum stats_graph *kind, int64_t *channel)
{
	char text[TOKEN_MAX];
	int64_t hash;
	int number;

	if (token.size >= sizeof(text))
		return false;
	memcpy(text, token.data, token.size);
	text[token.size] = 0;
	if (sscanf(text, "%d.%" SCNd64 ".%" SCNd64, &number, channel, &hash) != 3 || number < 0 ||
		number >= GRAPH_KINDS)
		return false;
	*kind = (enum stats_graph)number;
	return hash == token_hash(call, *kind, *channel);
}
