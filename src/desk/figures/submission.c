/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://transparency.dsa.ec.europa.eu/page/api-documentation */
#include "desk/figures/submission.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/config.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/figures/statements.h"

#define TIMEOUT_MS 30000
#define ANSWER_MAX ((uint32_t)1 << 20)
#define PAUSE_FIRST_MS 2000
#define PAUSE_LONGEST_MS (3600 * 1000)

struct submission_settings {
	char url[CONFIG_TEXT_MAX], token[CONFIG_TEXT_MAX];
};

static const struct config_row rows[] = {
	{"database", "url", CONFIG_TEXT, offsetof(struct submission_settings, url),
		"https://transparency.dsa.ec.europa.eu/api/v1/statements", 0, 0,
		"Where statements of reasons are sent, several at once."},
	{"database", "token", CONFIG_TEXT, offsetof(struct submission_settings, token), "", 0, 0,
		"The token of your platform; empty: nothing is sent."},
	{0},
};

struct submission {
	struct desk *desk;
	struct errands *errands;
	struct submission_settings settings;
	bool busy, failing;
	int64_t ids[SUBMISSION_MAX]; /* under way, in the order of the request */
	size_t count;
	int64_t not_before_ms, pause_ms;
};

/* ---- Settings ---- */

/* Whoever has the token speaks for the platform. */
static int check_mode(const char *path, bool *there, struct err *err)
{
	struct stat st;

	*there = stat(path, &st) == 0;
	if (!*there)
		return errno == ENOENT ? 0 : err_errno(err, "can't look at %s", path);
	if (st.st_mode & 077)
		return err_set(err, 0, "%s can be read by others: chmod 600", path);
	return 0;
}

int submission_open(
	struct desk *desk, struct errands *errands, struct submission **out, struct err *err)
{
	struct submission *s = MEM_NEW(struct submission);
	char path[PATH_MAX];
	bool there;

	*out = NULL;
	s->desk = desk;
	s->errands = errands;
	s->pause_ms = PAUSE_FIRST_MS;
	if (snprintf(path, sizeof(path), "%s/dsa.ini", desk->folder) >= (int)sizeof(path)) {
		err_set(err, ENAMETOOLONG, "a path is too long");
		goto fail;
	}
	if (check_mode(path, &there, err) < 0)
		goto fail;
	if (there && (config_defaults(rows, &s->settings, err) < 0 ||
			     config_load(rows, path, &s->settings, err) < 0))
		goto fail;
	if (!*s->settings.token) {
		submission_close(s);
		return 0;
	}
	if (!errands)
		log_error("no_submission", "nothing goes out: no statement is sent");
	*out = s;
	return 0;
fail:
	submission_close(s);
	return -1;
}

void submission_close(struct submission *s)
{
	if (s)
		bytes_wipe(&s->settings, sizeof(s->settings));
	free(s);
}

/* ---- What came of it ---- */

static int64_t now_ms(const struct submission *s)
{
	return clock_monotonic_us(s->desk->clock) / 1000;
}

static void fails(struct submission *s, const char *why)
{
	if (!s->failing)
		log_warn("submission_failing", "statements wait: %s", why);
	s->failing = true;
	s->not_before_ms = now_ms(s) + s->pause_ms;
	s->pause_ms = s->pause_ms * 2 < PAUSE_LONGEST_MS ? s->pause_ms * 2 : PAUSE_LONGEST_MS;
}

static bool is_ours(
	const struct submission *s, struct arena *arena, int64_t id, const json_t *puids)
{
	const char *own = statement_puid(s->desk, arena, id);
	json_t *puid;
	size_t at;

	json_array_foreach(
		puids, at, puid) if (json_is_string(puid) &&
				     strcmp(json_string_value(puid), own) == 0) return true;
	return false;
}

/* 422 says which of them it has already, or what is wrong with which. Those are settled, the others
 * are sent again. Returns how many. */
static size_t settle_some(struct submission *s, struct arena *arena, struct bytes body)
{
	json_t *answer = json_loadb((const char *)body.data, body.size, 0, NULL);
	json_t *errors = json_object_get(answer, "errors");
	json_t *there = json_object_get(errors, "existing_puids");
	size_t settled = 0;

	for (size_t i = 0; i < s->count; i++) {
		char name[32];

		snprintf(name, sizeof(name), "statement_%zu", i);
		if (is_ours(s, arena, s->ids[i], there)) {
			desk_statement_submitted(s->desk->writer, s->ids[i], DESK_SUBMITTED);
			settled++;
		} else if (json_object_get(errors, name)) {
			log_error(
				"statement_refused", "the one of order %lld", (long long)s->ids[i]);
			desk_statement_submitted(
				s->desk->writer, s->ids[i], DESK_SUBMISSION_REFUSED);
			settled++;
		}
	}
	json_decref(answer);
	return settled;
}

static void settle(struct submission *s, const struct fetch_answer *answer)
{
	struct arena arena;
	size_t settled = 0;

	arena_init(&arena);
	db_begin(s->desk->writer);
	if (answer->status == 201)
		for (; settled < s->count; settled++)
			desk_statement_submitted(s->desk->writer, s->ids[settled], DESK_SUBMITTED);
	else if (answer->status == 422)
		settled = settle_some(s, &arena, answer->body);
	if (db_commit(s->desk->writer) < 0) {
		fails(s, "the desk's database failed");
	} else if (settled == 0) {
		fails(s, answer->status == 401 || answer->status == 403 ? "the token is refused"
									: "it refuses them");
	} else {
		s->failing = false;
		s->pause_ms = PAUSE_FIRST_MS;
	}
	arena_release(&arena);
}

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
	struct submission *s = ctx;

	s->busy = false;
	if (!answer || answer->result != FETCH_OK)
		fails(s, answer ? answer->reason : "nothing goes out");
	else
		settle(s, answer);
	submission_tick(s);
}

/* ---- Sending ---- */

/* Fills s->ids with what goes out now. What is not the database's concern is noted as such. */
static json_t *collect(struct submission *s, struct arena *arena)
{
	struct ask ask = {.desk = s->desk, .db = s->desk->writer, .arena = arena};
	int64_t ids[SUBMISSION_MAX];
	size_t found = desk_statements_unsubmitted(ask.db, ids, SUBMISSION_MAX);
	json_t *list = json_array();

	s->count = 0;
	for (size_t i = 0; i < found; i++) {
		struct desk_statement statement;
		json_t *item = desk_statement_get(ask.db, arena, ids[i], &statement)
				       ? statement_dsa(&ask, &statement)
				       : NULL;

		/* Orders of authorities have their own law (DSA Article 9). */
		if (item && json_array_size(json_object_get(item, "territorial_scope")) > 0 &&
			!desk_statement_was_ordered(ask.db, &statement)) {
			s->ids[s->count++] = ids[i];
			json_array_append_new(list, item);
			continue;
		}
		json_decref(item);
		desk_statement_submitted(ask.db, ids[i], DESK_SUBMISSION_NEEDLESS);
	}
	return list;
}

static bool any_waiting(struct submission *s)
{
	int64_t id;
	bool any;

	db_begin(s->desk->reader);
	any = desk_statements_unsubmitted(s->desk->reader, &id, 1) > 0;
	db_rollback(s->desk->reader);
	return any;
}

static void send_all(struct submission *s, json_t *list)
{
	json_t *all = json_pack("{s:O}", "statements", list);
	char *text = json_dumps(all, JSON_COMPACT);
	struct fetch_request request = {.method = FETCH_POST,
		.timeout_ms = TIMEOUT_MS,
		.body_max = ANSWER_MAX,
		.url = bytes_from_str(s->settings.url),
		.body = bytes_from_str(text)};
	struct buf headers;

	buf_init(&headers, FETCH_HEADERS_MAX);
	buf_printf(&headers,
		"Authorization: Bearer %s\nContent-Type: application/json\n"
		"Accept: application/json\n",
		s->settings.token);
	request.headers = buf_bytes(&headers);
	s->busy = errands_ask(s->errands, &request, on_answer, s);
	bytes_wipe(buf_data(&headers), buf_size(&headers));
	buf_release(&headers);
	free(text);
	json_decref(all);
}

void submission_tick(struct submission *s)
{
	struct arena arena;
	json_t *list;

	if (!s || !s->errands || s->busy || now_ms(s) < s->not_before_ms || !any_waiting(s))
		return;
	arena_init(&arena);
	db_begin(s->desk->writer);
	list = collect(s, &arena);
	if (db_commit(s->desk->writer) < 0)
		fails(s, "the desk's database failed");
	else if (s->count > 0)
		send_all(s, list);
	json_decref(list);
	arena_release(&arena);
}
