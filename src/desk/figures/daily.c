/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. That a day was posted is written with what is posted. */
#include "desk/figures/daily.h"

#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "desk/figures/figures.h"
#include "desk/letters/outbox.h"
#include "desk/figures/pages.h"
#include "desk/sop/sop_templates.h"
#include "store/square_desk_cases.h"

#define DAY_S 86400
#define MARK "daily_counts" /* the last day that was posted, since 1970 */
#define LOOK_EVERY_S 30
#define LOOK_AGAIN_S 3600	       /* when the channel is not there */
#define BOT_CHANNEL_BASE 1000000000000 /* of chat ids in the Bot API */

static char *number(struct arena *arena, int64_t value)
{
	return arena_printf(arena, "%lld", (long long)value);
}

static char *duration(struct arena *arena, int64_t seconds)
{
	struct buf out;
	char *text;

	if (seconds < 0)
		return NULL;
	buf_init(&out, 0);
	page_duration(&out, seconds);
	text = arena_str(arena, buf_bytes(&out));
	buf_release(&out);
	return text;
}

static char *text_of(struct desk *desk, struct arena *arena, int64_t day)
{
	struct desk_metrics_query query = {.span = 0};
	static const struct figures_row nothing = {.times[METRIC_TIME_ACT].median_s = -1};
	const struct sop *sop = &desk->sop;
	const struct figures_row *r;
	struct figures f;
	char *text;

	snprintf(query.from, sizeof(query.from), "%.10s", text_rfc3339(arena, day * DAY_S));
	memcpy(query.to, query.from, sizeof(query.to));
	figures_read(&f, desk->writer, &query);
	r = f.row_count ? &f.rows[0] : &nothing;
	text = sop_letter(arena, sop, "daily", sop->daily_language,
		(struct sop_value[]){{"day", query.from},
			{"notices", number(arena, r->counts[METRIC_NOTICES])},
			{"measures", number(arena, figures_measures(r) + r->counts[METRIC_WARNED])},
			{"removed", number(arena, r->counts[METRIC_REMOVED])},
			{"restricted", number(arena, r->counts[METRIC_RESTRICTED])},
			{"labelled", number(arena, r->counts[METRIC_LABELLED])},
			{"frozen", number(arena, r->counts[METRIC_FROZEN])},
			{"warned", number(arena, r->counts[METRIC_WARNED])},
			{"dismissed", number(arena, r->counts[METRIC_DISMISSED])},
			{"reversed", number(arena, r->counts[METRIC_REVERSED])},
			{"appeals", number(arena, r->counts[METRIC_APPEALS_OWNER] +
							  r->counts[METRIC_APPEALS_REPORTER])},
			{"median", duration(arena, r->times[METRIC_TIME_ACT].median_s)},
			{"address", *sop->appeal_address
					    ? arena_printf(arena, "%s/square/", sop->appeal_address)
					    : NULL},
			{NULL, NULL}});
	figures_release(&f);
	return text;
}

/* false: the channel is not there. */
static bool post(struct desk *desk, struct arena *arena, int64_t now_s, int64_t day)
{
	const char *name = desk->sop.daily_channel + (*desk->sop.daily_channel == '@');
	struct desk_subject subject;

	if (!desk_subject_by_name(
		    desk->writer, arena, text_lower(arena, bytes_from_str(name)), &subject) ||
		subject.kind != DESK_CHANNEL)
		return false;
	outbox_put(desk->writer, now_s,
		&(struct outbox_item){.way = OUTBOX_BOT,
			.chat = -BOT_CHANNEL_BASE - subject.channel,
			.text = bytes_from_str(text_of(desk, arena, day))});
	desk_mark_set(desk->writer, MARK, day);
	return true;
}

static int64_t last_posted(struct db *db)
{
	int64_t day;

	db_begin(db);
	day = desk_mark_get(db, MARK);
	db_rollback(db);
	return day;
}

void desk_daily_tick(struct desk *desk)
{
	int64_t now_s = clock_unix_s(desk->clock), yesterday = now_s / DAY_S - 1, day;
	struct arena arena;
	bool there = true;

	if (!*desk->sop.daily_channel || !clock_is_due(now_s, desk->daily_at_s, LOOK_AGAIN_S))
		return;
	desk->daily_at_s = now_s + LOOK_EVERY_S;
	day = last_posted(desk->reader);
	if (day >= yesterday)
		return;
	/* The first time yesterday alone. */
	if (day == 0)
		day = yesterday - 1;
	else if (day < yesterday - DAILY_BACK_MAX)
		day = yesterday - DAILY_BACK_MAX;
	arena_init(&arena);
	db_begin(desk->writer);
	while (there && ++day <= yesterday)
		there = post(desk, &arena, now_s, day);
	if (db_commit(desk->writer) < 0 || !there) {
		log_warn("daily_waits", "the counts of the day can't be posted: %s",
			there ? "the database failed" : "[daily] names no public channel");
		desk->daily_at_s = now_s + LOOK_AGAIN_S;
	}
	arena_release(&arena);
}
