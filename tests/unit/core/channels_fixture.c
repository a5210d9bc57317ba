/* SPDX-License-Identifier: Apache-2.0 */
#include "channels_fixture.h"

#include <sqlite3.h>
#include <stdio.h>

#include "core/channels/channel_load.h"

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

int64_t channels_make_public(struct fixture *f, const char *username, bool broadcast)
{
	const int64_t id = channels_make(f, "Channel", broadcast);

	channels_name(f, id, username);
	return id;
}

void channels_set_flags(struct fixture *f, int64_t channel, uint32_t flags, int64_t linked)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct channel_context context;

	assert_true(channel_load(call, channel, &context));
	context.shared->settings.flags = flags;
	context.shared->settings.linked = linked;
	channel_store(call, &context);
	assert_int_equal(fixture_end(f, 0), 0);
}

void channels_join(struct fixture *f, uint64_t key, int64_t channel)
{
	struct call *call = fixture_call(f, key);
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_join(call, channel, &answer)), 0);
}

int32_t channels_post(struct fixture *f, uint64_t key, int64_t channel, const char *text)
{
	const int32_t id = channels_answer(f, key, channel, 0, 0, text);

	assert_int_not_equal(id, 0);
	return id;
}

int32_t channels_answer(struct fixture *f, uint64_t key, int64_t channel, int32_t reply_to,
	int32_t thread, const char *text)
{
	struct call *call = fixture_call(f, key);
	struct message draft = {.text = B(text),
		.reply_to = reply_to,
		.thread = thread,
		.random_id = (int64_t)random_u64(&random_system)};
	struct update_set answer;

	if (fixture_end(f, channel_post_send(call, channel, &draft, &answer)) < 0)
		return 0;
	return draft.id;
}

struct message channels_post_of(struct fixture *f, uint64_t key, int64_t channel, int32_t id)
{
	struct call *call = fixture_call(f, key);
	struct post_list list;

	assert_int_equal(fixture_end(f, channel_posts_get(call, channel, &id, 1, &list)), 0);
	assert_int_equal(list.count, 1);
	return list.posts[0];
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

int channels_search(struct fixture *f, uint64_t key, int64_t channel, const char *text,
	int32_t limit, struct post_list *out)
{
	const struct message_query query = {.in = {PEER_CHANNEL, channel}, .text = B(text)};
	const struct post_range range = {.limit = limit};

	return channel_posts_search(fixture_call(f, key), &query, &range, out);
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
