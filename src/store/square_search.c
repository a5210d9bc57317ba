/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FTS5 on SQLite. Tables posts_words and channels_words hold nothing but words that are made ready;
 * the row of a post is numbered so that those of one channel lie together in the order of their
 * ids: (channel - CHANNELS_FROM) * 2^31 + post. Over all channels the newest are found by two words
 * more, which no text has: the day of the post, and the span of days that it is in.
 */
#include "store/square_search.h"

#include "base/buf.h"
#include "store/search_words.h"

#define CHANNELS_FROM ((int64_t)1000000000) /* core/channels/channels.c numbers them from here */
#define CHANNELS_MAX ((int64_t)1 << 32)
#define TEXT_MAX ((size_t)1 << 20)
#define TIDY_PAGES 1000 /* some megabytes */
#define DAY_S 86400
#define DAY_WORD "\xc2\xa7" /* a section sign begins no word */
#define PREFIX_LEAST 2	    /* bytes: what begins with one letter is too much to look through */

static int64_t row_of(int64_t channel, int64_t post)
{
	const int64_t number = channel - CHANNELS_FROM;

	return number > 0 && number < CHANNELS_MAX ? number << 31 | post : 0;
}

/* ---- Writing ---- */

static void add_words(struct buf *out, const struct search_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct search_word *word = &words->at[i];

		buf_append_bytes(out, word->word);
		buf_append(out, " ", 1);
		for (size_t k = 0; k < SEARCH_STEMS; k++) {
			if (!word->stems[k].size)
				continue;
			buf_append_bytes(out, word->stems[k]);
			buf_append(out, " ", 1);
		}
	}
}

static void add_tags(struct db *db, const struct search_words *words, int64_t channel, int32_t post,
	int64_t date_s)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->at[i].tag)
			db_run(db,
				"INSERT INTO post_tags (tag, date, channel, post) VALUES (?1, ?2, "
				"?3,"
				" ?4) ON CONFLICT (tag, date, channel, post) DO NOTHING",
				DB_TEXT(words->at[i].word), DB_INT(date_s), DB_INT(channel),
				DB_INT(post));
}

void square_search_add(struct db *db, struct arena *arena, int64_t channel, int32_t post,
	int64_t date_s, struct bytes text)
{
	const struct search_words words = search_words_of(arena, text, SEARCH_WORDS_MAX);
	const int64_t row = row_of(channel, post);
	struct buf line;

	if (!words.count || !row)
		return;
	buf_init(&line, TEXT_MAX);
	add_words(&line, &words);
	buf_printf(&line, DAY_WORD "d%lld " DAY_WORD "s%lld", (long long)(date_s / DAY_S),
		(long long)(date_s / DAY_S / SEARCH_SPAN_DAYS));
	db_run(db, "INSERT INTO posts_words (rowid, words) VALUES (?1, ?2)", DB_INT(row),
		DB_TEXT(buf_bytes(&line)));
	buf_release(&line);
	add_tags(db, &words, channel, post, date_s);
}

void square_search_drop(struct db *db, int64_t channel, int32_t post)
{
	db_run(db, "DELETE FROM posts_words WHERE rowid = ?1", DB_INT(row_of(channel, post)));
	db_run(db, "DELETE FROM post_tags WHERE channel = ?1 AND post = ?2", DB_INT(channel),
		DB_INT(post));
}

void square_search_drop_between(struct db *db, int64_t channel, int32_t above, int32_t upto)
{
	db_run(db, "DELETE FROM posts_words WHERE rowid > ?1 AND rowid <= ?2",
		DB_INT(row_of(channel, above)), DB_INT(row_of(channel, upto)));
	db_run(db, "DELETE FROM post_tags WHERE channel = ?1 AND post > ?2 AND post <= ?3",
		DB_INT(channel), DB_INT(above), DB_INT(upto));
}

void square_search_set_channel(struct db *db, const struct channel_row *row)
{
	const struct bytes parts[] = {row->title, row->username, row->about};
	struct arena arena;
	struct buf line;

	arena_init(&arena);
	buf_init(&line, TEXT_MAX);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct search_words words =
			search_words_of(&arena, parts[i], SEARCH_WORDS_MAX);

		add_words(&line, &words);
	}
	square_search_drop_channel(db, row->id);
	db_run(db, "INSERT INTO channels_words (rowid, words) VALUES (?1, ?2)", DB_INT(row->id),
		DB_TEXT(buf_bytes(&line)));
	buf_release(&line);
	arena_release(&arena);
}

void square_search_drop_channel(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM channels_words WHERE rowid = ?1", DB_INT(channel));
}

void square_search_tidy(struct db *db)
{
	/* Below zero: all lists, oldest ones too; so many pages. */
	db_run(db, "INSERT INTO posts_words (posts_words, rank) VALUES ('merge', ?1)",
		DB_INT(-TIDY_PAGES));
	db_run(db, "INSERT INTO channels_words (channels_words, rank) VALUES ('merge', ?1)",
		DB_INT(-TIDY_PAGES));
}

/* ---- Finding ---- */

/* "word" OR "stem" …: words have neither quotes nor marks that the engine reads. */
static void query_word(struct buf *out, const struct search_word *word, bool last)
{
	buf_append(out, "(\"", 2);
	buf_append_bytes(out, word->word);
	buf_append(out, "\"", 1);
	if (last && word->word.size >= PREFIX_LEAST)
		buf_append(out, "*", 1);
	for (size_t k = 0; k < SEARCH_STEMS; k++) {
		if (!word->stems[k].size)
			continue;
		buf_append(out, " OR \"", 5);
		buf_append_bytes(out, word->stems[k]);
		buf_append(out, "\"", 1);
	}
	buf_append(out, ")", 1);
}

struct bytes square_search_query(struct arena *arena, struct bytes text)
{
	const struct search_words words = search_words_of(arena, text, SEARCH_QUERY_WORDS_MAX);
	struct bytes query = {0};
	struct buf line;

	if (!words.count)
		return query;
	buf_init(&line, TEXT_MAX);
	for (size_t i = 0; i < words.count; i++) {
		if (i > 0)
			buf_append(&line, " AND ", 5);
		query_word(&line, &words.at[i], i + 1 == words.count);
	}
	query = arena_bytes(arena, buf_bytes(&line));
	buf_release(&line);
	return query;
}

size_t square_search_posts(struct db *db, struct bytes query, int64_t channel, int64_t above,
	int64_t below, int32_t *ids, size_t limit)
{
	size_t count = 0;
	struct query q;

	if (!query.size || !row_of(channel, 0))
		return 0;
	if (below > INT32_MAX)
		below = INT32_MAX;
	q = db_query(db,
		"SELECT rowid FROM posts_words WHERE posts_words MATCH ?1 AND rowid > ?2"
		" AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4",
		DB_TEXT(query), DB_INT(row_of(channel, above)), DB_INT(row_of(channel, below)),
		DB_INT(limit));
	while (count < limit && query_next(&q))
		ids[count++] = (int32_t)(query_int(&q, 0) & INT32_MAX);
	query_end(&q);
	return count;
}

/* letter: that of the word of time. */
static size_t posts_of_time(struct db *db, struct arena *arena, struct bytes query, char letter,
	int64_t number, struct tagged_post *out, size_t limit)
{
	const char *match = arena_printf(arena, "%.*s AND \"" DAY_WORD "%c%lld\"", (int)query.size,
		(const char *)query.data, letter, (long long)number);
	size_t count = 0;
	struct query q;

	if (!query.size)
		return 0;
	q = db_query(db,
		"SELECT rowid FROM posts_words WHERE posts_words MATCH ?1 ORDER BY rowid DESC"
		" LIMIT ?2",
		DB_STR(match), DB_INT((int64_t)limit));
	while (count < limit && query_next(&q)) {
		const int64_t row = query_int(&q, 0);

		out[count++] = (struct tagged_post){
			.channel = (row >> 31) + CHANNELS_FROM, .post = (int32_t)(row & INT32_MAX)};
	}
	query_end(&q);
	return count;
}

size_t square_search_day(struct db *db, struct arena *arena, struct bytes query, int64_t day,
	struct tagged_post *out, size_t limit)
{
	return posts_of_time(db, arena, query, 'd', day, out, limit);
}

bool square_search_has(struct db *db, struct arena *arena, struct bytes query, int64_t span)
{
	struct tagged_post any;

	return posts_of_time(db, arena, query, 's', span, &any, 1) > 0;
}

size_t square_search_channels(struct db *db, struct bytes query, int64_t *ids, size_t limit)
{
	size_t count = 0;
	struct query q;

	if (!query.size)
		return 0;
	q = db_query(db, "SELECT rowid FROM channels_words WHERE channels_words MATCH ?1 LIMIT ?2",
		DB_TEXT(query), DB_INT(limit));
	while (count < limit && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

size_t square_search_tag(struct db *db, struct arena *arena, struct bytes tag,
	const struct tagged_post *after, struct tagged_post *out, size_t limit)
{
	const struct bytes marked =
		bytes_from_str(arena_printf(arena, "#%.*s", (int)tag.size, (const char *)tag.data));
	const struct search_words words = search_words_of(arena, marked, 1);
	size_t count = 0;
	struct query q;

	if (words.count != 1 || !words.at[0].tag)
		return 0;
	q = db_query(db,
		"SELECT date, channel, post FROM post_tags WHERE tag = ?1 AND (date, channel, post)"
		" < (?2, ?3, ?4) ORDER BY date DESC, channel DESC, post DESC LIMIT ?5",
		DB_TEXT(words.at[0].word), DB_INT(after->date_s), DB_INT(after->channel),
		DB_INT(after->post), DB_INT(limit));
	while (count < limit && query_next(&q))
		out[count++] = (struct tagged_post){.date_s = query_int(&q, 0),
			.channel = query_int(&q, 1),
			.post = (int32_t)query_int(&q, 2)};
	query_end(&q);
	return count;
}
