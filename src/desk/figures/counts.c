/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/figures/counts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "store/square_desk_orders.h"

#define DAY_S 86400

static void day_of(int64_t unix_s, char out[11])
{
	struct arena arena;

	arena_init(&arena);
	snprintf(out, 11, "%.10s", text_rfc3339(&arena, unix_s));
	arena_release(&arena);
}

/* Arrays in an arena double: what is left behind goes with it. */
static void *grown(struct arena *arena, void *old, size_t count, size_t *capacity, size_t size)
{
	void *out;

	if (count < *capacity)
		return old;
	*capacity = *capacity ? *capacity * 2 : 16;
	out = arena_array(arena, *capacity, size);
	if (count)
		memcpy(out, old, count * size);
	return out;
}

static struct counts_row *row_for(struct counts *counts, struct query *q, const char *day)
{
	struct bytes category = query_bytes(q, &counts->arena, 1);
	struct bytes lane = query_bytes(q, &counts->arena, 2);
	struct counts_row wanted = {.notices = 0};

	snprintf(wanted.day, sizeof(wanted.day), "%s", day);
	snprintf(wanted.category, sizeof(wanted.category), "%.*s", (int)category.size,
		(const char *)category.data);
	snprintf(wanted.lane, sizeof(wanted.lane), "%.*s", (int)lane.size, (const char *)lane.data);
	for (size_t i = 0; i < counts->row_count; i++) {
		struct counts_row *row = &counts->rows[i];

		if (strcmp(row->day, wanted.day) == 0 && strcmp(row->lane, wanted.lane) == 0 &&
			strcmp(row->category, wanted.category) == 0)
			return row;
	}
	counts->rows = grown(&counts->arena, counts->rows, counts->row_count, &counts->row_capacity,
		sizeof(*counts->rows));
	counts->rows[counts->row_count] = wanted;
	return &counts->rows[counts->row_count++];
}

static struct counts_row *row_at(struct counts *counts, struct query *q, int64_t at_s)
{
	char day[11];

	day_of(at_s, day);
	return row_for(counts, q, day);
}

static void add_seconds(struct counts *counts, struct counts_row *row, int64_t seconds)
{
	row->seconds = grown(&counts->arena, row->seconds, row->acted, &row->acted_capacity,
		sizeof(*row->seconds));
	row->seconds[row->acted++] = seconds;
}

/* The same facts as those of the metrics: there is one truth. */
static void add_fact(struct counts *counts, struct query *q)
{
	static const struct {
		const char *what;
		size_t at;
	} columns[] = {{"notices", offsetof(struct counts_row, notices)},
		{"removed", offsetof(struct counts_row, removed)},
		{"restricted", offsetof(struct counts_row, restricted)},
		{"labelled", offsetof(struct counts_row, labelled)},
		{"frozen", offsetof(struct counts_row, frozen)},
		{"warned", offsetof(struct counts_row, warned)},
		{"dismissed", offsetof(struct counts_row, dismissed)}};
	struct bytes day = query_bytes(q, &counts->arena, 0);
	struct bytes what = query_bytes(q, &counts->arena, 3);
	struct counts_row *row = row_for(counts, q, arena_str(&counts->arena, day));
	int64_t n = query_int(q, 5);

	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (bytes_equal_str(what, columns[i].what))
			*(int64_t *)(void *)((char *)row + columns[i].at) += n;
	for (; bytes_equal_str(what, "act") && n > 0; n--)
		add_seconds(counts, row, query_int(q, 4));
}

static void read_refusals(struct counts *counts, struct db *db)
{
	struct query q = desk_count_refusals(db, counts->days[0]);

	while (query_next(&q)) {
		counts->refusals = grown(&counts->arena, counts->refusals, counts->refusal_count,
			&counts->refusal_capacity, sizeof(*counts->refusals));
		counts->refusals[counts->refusal_count++] = (struct counts_refusal){
			.day = query_bytes(&q, &counts->arena, 0),
			.lane = query_bytes(&q, &counts->arena, 1),
			.reason = query_bytes(&q, &counts->arena, 2),
			.count = query_int(&q, 3),
		};
	}
	query_end(&q);
}

static int by_key(const void *a, const void *b)
{
	const struct counts_row *x = a, *y = b;
	int order = strcmp(x->day, y->day);

	if (order == 0)
		order = strcmp(x->category, y->category);
	return order ? order : strcmp(x->lane, y->lane);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void sort_seconds(struct counts_row *row)
{
	if (row->acted)
		qsort(row->seconds, row->acted, sizeof(*row->seconds), by_value);
}

void counts_read(struct counts *counts, struct db *db, int64_t now_s)
{
	int64_t today = now_s - now_s % DAY_S, since = today - (COUNTS_DAYS - 1) * DAY_S;
	struct query q;

	memset(counts, 0, sizeof(*counts));
	arena_init(&counts->arena);
	for (int i = 0; i < COUNTS_DAYS; i++)
		day_of(since + (int64_t)i * DAY_S, counts->days[i]);
	q = desk_count_facts(db, counts->days[0]);
	while (query_next(&q))
		add_fact(counts, &q);
	query_end(&q);
	q = desk_count_restored(db, since);
	while (query_next(&q))
		row_at(counts, &q, query_int(&q, 0))->restored++;
	query_end(&q);
	q = desk_count_judged(db, counts->days[0]);
	while (query_next(&q)) {
		if (query_int(&q, 0))
			counts->in_time = query_int(&q, 1);
		else
			counts->late = query_int(&q, 1);
	}
	query_end(&q);
	read_refusals(counts, db);
	if (counts->row_count)
		qsort(counts->rows, counts->row_count, sizeof(*counts->rows), by_key);
	for (size_t i = 0; i < counts->row_count; i++)
		sort_seconds(&counts->rows[i]);
}

void counts_release(struct counts *counts)
{
	arena_release(&counts->arena);
}

int64_t counts_percentile(const int64_t *sorted, size_t count, int percent)
{
	size_t rank = (count * (size_t)percent + 99) / 100; /* nearest rank */

	return count ? sorted[rank ? rank - 1 : 0] : -1;
}

struct counts_row counts_sum(
	struct counts *counts, const char *day, const char *category, const char *lane)
{
	struct counts_row sum = {.notices = 0};

	for (size_t i = 0; i < counts->row_count; i++) {
		const struct counts_row *row = &counts->rows[i];

		if ((day && strcmp(day, row->day) != 0) ||
			(category && strcmp(category, row->category) != 0) ||
			(lane && strcmp(lane, row->lane) != 0))
			continue;
		sum.notices += row->notices;
		sum.removed += row->removed;
		sum.restricted += row->restricted;
		sum.labelled += row->labelled;
		sum.frozen += row->frozen;
		sum.warned += row->warned;
		sum.restored += row->restored;
		sum.dismissed += row->dismissed;
		for (size_t j = 0; j < row->acted; j++)
			add_seconds(counts, &sum, row->seconds[j]);
	}
	sort_seconds(&sum);
	return sum;
}

static const char *number_or_empty(struct arena *arena, int64_t value)
{
	return value < 0 ? "" : arena_printf(arena, "%lld", (long long)value);
}

char *counts_csv(struct counts *counts)
{
	struct buf out;
	char *text;

	buf_init(&out, 0);
	buf_append_str(&out,
		"day,category,lane,notices,removed,restricted,restored,dismissed,refused,"
		"refusal_reason,median_s,p90_s,labelled,frozen,warned\r\n");
	for (size_t i = 0; i < counts->row_count; i++) {
		const struct counts_row *r = &counts->rows[i];

		buf_printf(&out, "%s,%s,%s,%lld,%lld,%lld,%lld,%lld,0,,%s,%s,%lld,%lld,%lld\r\n",
			r->day, r->category, r->lane, (long long)r->notices, (long long)r->removed,
			(long long)r->restricted, (long long)r->restored, (long long)r->dismissed,
			number_or_empty(
				&counts->arena, counts_percentile(r->seconds, r->acted, 50)),
			number_or_empty(
				&counts->arena, counts_percentile(r->seconds, r->acted, 90)),
			(long long)r->labelled, (long long)r->frozen, (long long)r->warned);
	}
	for (size_t i = 0; i < counts->refusal_count; i++) {
		const struct counts_refusal *r = &counts->refusals[i];

		buf_printf(&out, "%.*s,,%.*s,0,0,0,0,0,%lld,%.*s,,,0,0,0\r\n", (int)r->day.size,
			(const char *)r->day.data, (int)r->lane.size, (const char *)r->lane.data,
			(long long)r->count, (int)r->reason.size, (const char *)r->reason.data);
	}
	text = arena_str(&counts->arena, buf_bytes(&out));
	buf_release(&out);
	return text;
}

static json_t *number_or_null(int64_t value)
{
	return value < 0 ? json_null() : json_integer(value);
}

static json_t *row_json(const struct counts_row *r)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "day",
		r->day, "category", r->category, "lane", r->lane, "notices", (json_int_t)r->notices,
		"removed", (json_int_t)r->removed, "restricted", (json_int_t)r->restricted,
		"restored", (json_int_t)r->restored, "dismissed", (json_int_t)r->dismissed,
		"labelled", (json_int_t)r->labelled, "frozen", (json_int_t)r->frozen, "warned",
		(json_int_t)r->warned, "median_s",
		number_or_null(counts_percentile(r->seconds, r->acted, 50)), "p90_s",
		number_or_null(counts_percentile(r->seconds, r->acted, 90)));
}

char *counts_json(struct counts *counts)
{
	json_t *rows = json_array(), *refusals = json_array(), *all;
	char *dumped, *text;

	for (size_t i = 0; i < counts->row_count; i++)
		json_array_append_new(rows, row_json(&counts->rows[i]));
	for (size_t i = 0; i < counts->refusal_count; i++) {
		const struct counts_refusal *r = &counts->refusals[i];

		json_array_append_new(refusals,
			json_pack("{s:s%, s:s%, s:s%, s:I}", "day", r->day.data, r->day.size,
				"lane", r->lane.data, r->lane.size, "reason", r->reason.data,
				r->reason.size, "count", (json_int_t)r->count));
	}
	all = json_pack("{s:s, s:s, s:I, s:I, s:o, s:o}", "from", counts->days[0], "to",
		counts->days[COUNTS_DAYS - 1], "in_time", (json_int_t)counts->in_time, "late",
		(json_int_t)counts->late, "rows", rows, "refusals", refusals);
	dumped = json_dumps(all, JSON_COMPACT);
	text = arena_str(&counts->arena, bytes_from_str(dumped));
	free(dumped);
	json_decref(all);
	return text;
}
