/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Table strikes, a projection of the events. */
#include "desk/cases/strikes.h"

#include <string.h>

#include "desk/cases/measures.h"

#define DAY_S 86400

static void clear(struct db *db)
{
	db_run(db, "DELETE FROM strikes");
}

static void drop(struct db *db, int64_t case_id)
{
	db_run(db, "DELETE FROM strikes WHERE case_id = ?1", DB_INT(case_id));
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *event, const json_t *data)
{
	const struct measure *measure = measure_by_name(after->action);
	const char *outcome = json_string_value(json_object_get(data, "outcome"));
	const char *strike = json_string_value(json_object_get(data, "strike"));
	const bool kept = strike && strcmp(strike, "keep") == 0;

	(void)arena;
	if ((bytes_equal_str(event->kind, "reversed") && !kept) ||
		(bytes_equal_str(event->kind, "executed") && outcome &&
			strcmp(outcome, "done") != 0 &&
			json_integer_value(json_object_get(data, "order")) == after->order_id))
		drop(db, event->case_id);
	if (!bytes_equal_str(event->kind, "decided"))
		return;
	drop(db, event->case_id); /* a later decision of the case stands for the earlier one */
	if (measure && measure->orders)
		db_run(db,
			"INSERT INTO strikes (case_id, channel, category, action, at) VALUES (?1, "
			"?2, ?3, ?4, ?5)",
			DB_INT(event->case_id), DB_INT(after->channel), DB_TEXT(after->category),
			DB_TEXT(after->action), DB_INT(event->at));
}

const struct projection strikes_projection = {clear, apply};

/* "warn, freeze, remove": the count-th of them, or the last. */
static json_t *ladder_step(const char *ladder, int64_t count)
{
	size_t size = strcspn(ladder, ", ");

	while (count-- > 0 && ladder[size]) {
		ladder += size;
		ladder += strspn(ladder, ", ");
		size = strcspn(ladder, ", ");
	}
	return json_stringn(ladder, size);
}

struct strikes strikes_now(
	struct db *db, const struct sop *sop, const struct desk_case *c, int64_t now_s)
{
	struct strikes out = {.days = sop->strike_days, .ladder = sop->strike_ladder};

	for (int i = 0; i < sop->category_count; i++) {
		const struct sop_category *category = &sop->categories[i];

		if (!bytes_equal_str(c->category, category->name))
			continue;
		if (category->strike_days)
			out.days = category->strike_days;
		if (*category->strike_ladder)
			out.ladder = category->strike_ladder;
	}
	out.count = db_get_int(db, 0,
		"SELECT count(*) FROM strikes WHERE channel = ?1 AND category = ?2 AND at > ?3"
		" AND case_id <> ?4",
		DB_INT(c->channel), DB_TEXT(c->category), DB_INT(now_s - out.days * DAY_S),
		DB_INT(c->id));
	return out;
}

json_t *strikes_json(struct db *db, const struct sop *sop, const struct desk_case *c, int64_t now_s)
{
	const struct strikes now = strikes_now(db, sop, c, now_s);

	return json_pack("{s:s%, s:I, s:I, s:o}", "category", (const char *)c->category.data,
		c->category.size, "count", (json_int_t)now.count, "days", (json_int_t)now.days,
		"next", ladder_step(now.ladder, now.count));
}
