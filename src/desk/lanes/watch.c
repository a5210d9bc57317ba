/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk/cases/files.h"
#include "desk/lanes/notices.h"
#include "store/square_arrivals.h"

#define RULES_FILE_MAX ((size_t)4 << 20)
#define CHANGES_PER_LOOK 500
#define ARRIVALS_PER_LOOK 200 /* earlier posts of a channel that became public */
/* Event times have seconds, and a transaction may commit a moment after it took its time. */
#define OVERLAP_S 3
#define DAY_S 86400
static const char mark[] = "sensor_text";

static int check_categories(const struct watch *watch, const struct sop *sop, struct err *err)
{
	struct arena arena;
	int rc = 0;

	arena_init(&arena);
	for (size_t i = 0; rc == 0 && i < watch->rules.count; i++) {
		const struct text_rule *rule = &watch->rules.rules[i];

		if (!sop_category(sop, arena_str(&arena, rule->category)))
			rc = err_set(err, 0, "sensor.txt, line %d: the SOP has no such category",
				rule->line);
	}
	arena_release(&arena);
	return rc;
}

int watch_open(struct watch *watch, const struct desk *desk, struct err *err)
{
	struct err why = {0};
	char path[PATH_MAX];
	struct buf file;
	int rc = 0;

	*watch = (struct watch){.pause_until_s = 0};
	arena_init(&watch->arena);
	buf_init(&file, RULES_FILE_MAX);
	snprintf(path, sizeof(path), "%s/sensor.txt", desk->folder);
	if (file_read(path, &file, &why) == 0) {
		rc = text_rules_parse(&watch->rules, &watch->arena, buf_bytes(&file), err);
		if (rc == 0)
			rc = check_categories(watch, &desk->sop, err);
	} else if (why.code != ENOENT) {
		rc = err_set(err, why.code, "%s", why.text);
	}
	buf_release(&file);
	if (rc == 0)
		log_info("sensor_ready", "%zu phrases", watch->rules.count);
	return rc;
}

void watch_close(struct watch *watch)
{
	arena_release(&watch->arena);
}

/* The same as long as category and phrase are, wherever they stand; says nothing of the phrase. */
static struct bytes rule_name(struct arena *arena, const struct text_rule *rule)
{
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256(rule->phrase, hash);
	return bytes_from_str(arena_printf(arena, "text:%s:%s", arena_str(arena, rule->category),
		text_hex(arena, bytes_of(hash, 6))));
}

/* Did a rule match, and is this news? Then a notice. */
static int look_at_post(const struct watch *watch, struct desk *desk, struct arena *arena,
	int64_t channel, int32_t id)
{
	struct db *db = desk->writer;
	const struct text_rule *rule;
	struct desk_subject subject;
	struct notice_new notice;
	struct desk_post post;
	struct desk_case c;

	if (!desk_post_get(db, arena, channel, id, &post) ||
		!desk_subject_get(db, arena, channel, &subject))
		return 0;
	rule = text_rules_match(&watch->rules, arena, post.text);
	if (!rule)
		return 0;
	notice = (struct notice_new){
		.lane = LANE_SENSOR,
		.door = DOOR_SENSOR,
		.category = sop_category(&desk->sop, arena_str(arena, rule->category)),
		.subject_text = bytes_from_str(arena_printf(arena, "@%.*s/%d",
			(int)subject.username.size, (const char *)subject.username.data, id)),
		.rule = rule_name(arena, rule),
		.law = BYTES_LITERAL(""),
		.reasons = bytes_from_str(arena_printf(arena,
			"The post holds the phrase of line %d of the sensor's list.", rule->line)),
		.channel = channel,
		.post = id,
		.name = subject.username,
		.members = subject.members,
	};
	if (desk_notice_known(db, lane_name(LANE_SENSOR), notice.subject_text, notice.reasons))
		return 0;
	notice_fold(desk, db, arena, clock_unix_s(desk->clock), &notice, &c);
	return 1;
}

/* At most CHANGES_PER_LOOK at a time; the next look goes on where this one ended. */
static int look_at_changes(
	const struct watch *watch, struct desk *desk, struct arena *arena, int room)
{
	struct db *db = desk->writer;
	int64_t since = desk_mark_get(db, mark), now_s = clock_unix_s(desk->clock), last = since;
	struct query q = desk_post_changes(db, since, CHANGES_PER_LOOK);
	int filed = 0, seen = 0;

	while (filed < room && query_next(&q)) {
		seen++;
		last = query_int(&q, 2);
		filed += look_at_post(
			watch, desk, arena, query_int(&q, 0), (int32_t)query_int(&q, 1));
	}
	query_end(&q);
	/* What is left when the day's notices are filed waits for tomorrow. */
	if (filed < room && seen < CHANGES_PER_LOOK)
		last = now_s - OVERLAP_S;
	else if (filed < room && last == since)
		last++; /* more changes in one second than one look takes: go on */
	if (last > since)
		desk_mark_set(db, mark, last);
	return filed;
}

/* What was written while its channel was private, from the newest down, as far as it has come. */
static int look_at_arrivals(
	const struct watch *watch, struct desk *desk, struct arena *arena, int room)
{
	struct db *db = desk->writer;
	struct square_arrival arrival;
	int32_t ids[ARRIVALS_PER_LOOK];
	size_t count, looked = 0;
	int filed = 0;

	if (room <= 0 || !square_arrival_next(db, &arrival))
		return 0;
	count = square_arrival_posts(db, &arrival, ids, ARRIVALS_PER_LOOK);
	while (looked < count && filed < room) {
		arrival.below = ids[looked++];
		filed += look_at_post(watch, desk, arena, arrival.channel, arrival.below);
	}
	if (looked == count && count < ARRIVALS_PER_LOOK)
		arrival.below = arrival.upto + 1;
	square_arrival_set(db, &arrival);
	return filed;
}

int watch_look(struct watch *watch, struct desk *desk)
{
	int64_t now_s = clock_unix_s(desk->clock);
	struct db *db = desk->writer;
	struct arena arena;
	int64_t per_day = sop_breaker(&desk->sop, WATCH_RULE);
	int filed, room;

	if (watch->rules.count == 0 || !clock_is_due(now_s, watch->pause_until_s, DAY_S))
		return 0;
	arena_init(&arena);
	db_begin(db);
	room = (int)(per_day -
		     desk_notices_count(db, lane_name(LANE_SENSOR), now_s - now_s % DAY_S));
	if (room < 0) /* the SOP has become stricter today */
		room = 0;
	filed = look_at_changes(watch, desk, &arena, room);
	filed += look_at_arrivals(watch, desk, &arena, room - filed);
	if (filed >= room) {
		watch->pause_until_s = now_s - now_s % DAY_S + DAY_S;
		log_warn("sensor_paused", "%lld notices today: looking again tomorrow",
			(long long)per_day);
	}
	if (db_commit(db) < 0)
		filed = 0;
	arena_release(&arena);
	return filed;
}
