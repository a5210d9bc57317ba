/* SPDX-License-Identifier: Apache-2.0 */
#include "channels_fixture.h"

#include <sqlite3.h>
#include <stdio.h>

struct people channels_people(struct fixture *f)
{
	return (struct people){
		.owner = fixture_sign_up(f, OWNER_KEY, "6281100000001", "Oma", ""),
		.german = fixture_sign_up(f, GERMAN_KEY, "4915100000002", "Gerd", ""),
		.indonesian = fixture_sign_up(f, INDONESIAN_KEY, "6281100000003", "Indah", ""),
	};
}

int64_t channels_make(struct fixture *f, const char *title, bool broadcast)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	const struct channel_draft draft = {
		.title = B(title), .about = B("about it"), .broadcast = broadcast};
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_create(call, &draft, &answer)), 0);
	return answer.channels[0].channel->id;
}

void channels_name(struct fixture *f, int64_t channel, const char *username)
{
	struct call *call = fixture_call(f, OWNER_KEY);

	assert_int_equal(fixture_end(f, channel_username_set(call, channel, B(username))), 0);
}

void channels_join(struct fixture *f, uint64_t key, int64_t channel)
{
	struct call *call = fixture_call(f, key);
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_join(call, channel, &answer)), 0);
}

int32_t channels_post(struct fixture *f, uint64_t key, int64_t channel, const char *text)
{
	struct call *call = fixture_call(f, key);
	struct message draft = {.text = B(text), .random_id = (int64_t)random_u64(&random_system)};
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_post_send(call, channel, &draft, &answer)), 0);
	return draft.id;
}

struct channel_view channels_view(struct fixture *f, uint64_t key, int64_t channel)
{
	struct call *call = fixture_call(f, key);
	struct channel_view view = {0};

	assert_true(channel_find(call, channel, &view));
	assert_int_equal(fixture_end(f, 0), 0);
	return view;
}

const char *channels_read(struct fixture *f, uint64_t key, int64_t channel, int32_t post)
{
	struct call *call = fixture_call(f, key);
	struct post_list list;

	if (fixture_end(f, channel_posts_get(call, channel, &post, 1, &list)) < 0)
		return NULL;
	return list.count ? arena_str(&f->arena, list.posts[0].text) : NULL;
}

static void dump_table(sqlite3 *db, const char *table, FILE *out)
{
	sqlite3_stmt *statement;
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT * FROM %s", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		fprintf(out, "%s", table);
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const void *data = sqlite3_column_blob(statement, i);
			const int size = sqlite3_column_bytes(statement, i);

			fputc('|', out);
			fwrite(data ? data : "", 1, (size_t)size, out);
		}
		fputs("|\n", out);
	}
	sqlite3_finalize(statement);
}

char *channels_dump(const char *path)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type='table'",
				 -1, &statement, NULL),
		SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW)
		dump_table(db, (const char *)sqlite3_column_text(statement, 0), out);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	/* Bodies of posts hold zero bytes: the dump is to be searched as one text. */
	fflush(out);
	for (size_t i = 0; i < size; i++)
		if (text[i] == 0)
			text[i] = ' ';
	fclose(out);
	return text;
}

bool channels_dump_has(const char *dump, const char *value)
{
	char field[256];

	snprintf(field, sizeof(field), "|%s|", value);
	return strstr(dump, field) != NULL;
}
