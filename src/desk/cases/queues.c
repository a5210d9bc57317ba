/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of cases, page by page along an index, and the queues that they are in. */
#include <stdlib.h>

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/lanes/form.h"
#include "desk/people/shifts.h"
#include "desk/quality/quality.h"
#include "desk/cases/work.h"
#include "net/http.h"

#define PAGE_MAX 200
/* Rows that one page looks at: a page may be short, and still not the last. */
#define LOOK_MAX 5000

enum order { BY_PRIORITY, BY_DUE, NEWEST };

struct filter {
	enum work_queue queue;
	enum order order;
	bool escalated; /* of those at work only these */
	struct bytes lane, category, language, country, needs;
	int64_t due_before, due_after;
	bool mine, unclaimed, overdue, opinion;
	int limit;
	struct desk_work after;
};

/* ---- The question ---- */

static struct bytes value_of(struct ask *ask, const char *name)
{
	return http_form_value(ask->arena, ask->query, name);
}

static bool flag_of(struct ask *ask, const char *name)
{
	struct bytes value = value_of(ask, name);

	return value.data &&
	       (bytes_equal_str(value, "1") || bytes_equal_str(value, "true") || !value.size);
}

/* Digits up to a '.' or the end, taken off. */
static bool take_number(struct bytes *rest, int64_t *out)
{
	size_t i = 0;

	*out = 0;
	for (; i < rest->size && rest->data[i] != '.'; i++) {
		if (i == 18 || rest->data[i] < '0' || rest->data[i] > '9')
			return false;
		*out = *out * 10 + (rest->data[i] - '0');
	}
	if (i == 0)
		return false;
	i += i < rest->size;
	rest->data += i;
	rest->size -= i;
	return true;
}

/* "PRIORITY.DUE.CASE" of the last row that was looked at. */
static bool read_cursor(struct bytes text, struct desk_work *out)
{
	return take_number(&text, &out->priority) && take_number(&text, &out->due_at) &&
	       take_number(&text, &out->case_id) && text.size == 0;
}

static const char *read_state(struct ask *ask, struct filter *f)
{
	static const struct {
		const char *state;
		enum work_queue queue;
	} rows[] = {
		{"open", QUEUE_WORK},
		{"escalated", QUEUE_WORK},
		{"waiting", QUEUE_WAITING},
		{"decided", QUEUE_DECIDED},
		{"appealed", QUEUE_APPEALED},
		{"closed", QUEUE_CLOSED},
	};
	struct bytes state = value_of(ask, "state");

	f->order = BY_PRIORITY;
	if (!state.data)
		return NULL;
	if (bytes_equal_str(state, "all")) {
		f->order = NEWEST;
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!bytes_equal_str(state, rows[i].state))
			continue;
		f->queue = rows[i].queue;
		f->escalated = i == 1;
		return NULL;
	}
	return "state is open, waiting, escalated, decided, appealed, closed or all";
}

static const char *read_times(struct ask *ask, struct filter *f)
{
	struct bytes before = value_of(ask, "due_before"), after = value_of(ask, "due_after");

	f->due_before = before.data ? time_of_text(ask->arena, before) : INT64_MAX;
	f->due_after = after.data ? time_of_text(ask->arena, after) : 1;
	return f->due_before && f->due_after
		       ? NULL
		       : "due_before and due_after are times like 2026-12-01T00:00:00Z";
}

static const char *read_page(struct ask *ask, struct filter *f)
{
	struct bytes order = value_of(ask, "order"), cursor = value_of(ask, "after");
	struct bytes limit = value_of(ask, "limit");
	int64_t number = PAGE_MAX;

	if (order.data && bytes_equal_str(order, "due") && f->order == BY_PRIORITY)
		f->order = BY_DUE;
	else if (order.data && !bytes_equal_str(order, "priority"))
		return "order is priority or due, and there is none for state=all";
	f->after = (struct desk_work){.priority = INT64_MAX};
	if (cursor.data && !read_cursor(cursor, &f->after))
		return "after is the next of the page before";
	if (limit.data &&
		(!take_number(&limit, &number) || limit.size || number < 1 || number > PAGE_MAX))
		return "limit is 1 to 200";
	f->limit = (int)number;
	return NULL;
}

static const char *read_filter(struct ask *ask, struct filter *f)
{
	const char *wrong;

	*f = (struct filter){
		.queue = QUEUE_WORK,
		.lane = value_of(ask, "lane"),
		.category = value_of(ask, "category"),
		.language = value_of(ask, "language"),
		.country = value_of(ask, "country"),
		.needs = value_of(ask, "needs"),
		.mine = flag_of(ask, "mine"),
		.unclaimed = flag_of(ask, "unclaimed"),
		.overdue = flag_of(ask, "overdue"),
		.opinion = flag_of(ask, "opinion"),
	};
	if (f->needs.data && !bytes_equal_str(f->needs, "approval") &&
		!bytes_equal_str(f->needs, "lead"))
		return "needs is approval or lead";
	wrong = read_state(ask, f);
	if (!wrong)
		wrong = read_times(ask, f);
	return wrong ? wrong : read_page(ask, f);
}

/* ---- The answer ---- */

static bool wanted(struct bytes filter, struct bytes value)
{
	return !filter.data || bytes_equal(filter, value);
}

static bool needs(const struct filter *f, const struct desk_work *w)
{
	return !f->needs.data ||
	       w->second == (bytes_equal_str(f->needs, "lead") ? SECOND_LEAD : SECOND_APPROVES);
}

static bool fits(struct ask *ask, const struct filter *f, const struct desk_work *w)
{
	bool claimed = w->claimed_by && w->claimed_until > ask->now_s;

	return ask_may_about(ask, w->category) && wanted(f->lane, w->lane) &&
	       wanted(f->category, w->category) && wanted(f->language, w->language) &&
	       wanted(f->country, w->country) && needs(f, w) &&
	       (!f->escalated || bytes_equal_str(w->state, "escalated")) &&
	       w->due_at < f->due_before && w->due_at >= f->due_after &&
	       (!f->mine || (claimed && w->claimed_by == ask->who.grant.id)) &&
	       (!f->unclaimed || !claimed) && (!f->overdue || w->due_at < ask->now_s) &&
	       (!f->opinion || w->asked_by);
}

static struct query open_list(struct ask *ask, const struct filter *f)
{
	switch (f->order) {
	case NEWEST:
		return desk_work_newest(ask->db, &f->after, LOOK_MAX);
	case BY_DUE:
		return desk_work_by_due(ask->db, f->queue, &f->after, LOOK_MAX);
	case BY_PRIORITY:
		break;
	}
	return desk_work_by_priority(ask->db, f->queue, &f->after, LOOK_MAX);
}

void desk_cases_list(struct ask *ask, struct reply *reply)
{
	json_t *list, *next = json_null();
	struct desk_work w;
	struct filter f;
	const char *wrong = read_filter(ask, &f);
	struct desk_case c;
	struct query q;
	int looked = 0;

	if (wrong) {
		reply_error(reply, 400, wrong);
		return;
	}
	list = json_array();
	q = open_list(ask, &f);
	while (desk_work_next(&q, ask->arena, &w)) {
		if (fits(ask, &f, &w) && !quality_hides(ask, w.case_id) &&
			desk_case_get(ask->db, ask->arena, w.case_id, &c))
			json_array_append_new(list, case_summary(ask, &c, &w));
		if (++looked < LOOK_MAX && json_array_size(list) < (size_t)f.limit)
			continue;
		next = json_string(arena_printf(ask->arena, "%lld.%lld.%lld", (long long)w.priority,
			(long long)w.due_at, (long long)w.case_id));
		break;
	}
	query_end(&q);
	reply->body = json_pack("{s:o, s:o}", "cases", list, "next", next);
}

static int64_t waiting(struct ask *ask)
{
	struct query q = desk_work_waiting(ask->db);
	int64_t count = 0;

	while (query_next(&q))
		if (ask_may_about(ask, query_bytes(&q, ask->arena, 0)))
			count += query_int(&q, 1);
	query_end(&q);
	return count;
}

/* What is at work, by queue: only of what who asks may work on. */
void desk_queues_list(struct ask *ask, struct reply *reply)
{
	struct query q = desk_work_queues(ask->db, ask->now_s);
	json_t *list = json_array();
	int64_t total = 0;

	while (query_next(&q)) {
		struct bytes category = query_bytes(&q, ask->arena, 1);
		struct bytes language = query_bytes(&q, ask->arena, 2);

		if (!ask_may_about(ask, category))
			continue;
		total += query_int(&q, 3);
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:I, s:I, s:I, s:o}", "lane",
				      json_bytes(query_bytes(&q, ask->arena, 0)), "category",
				      json_bytes(category), "language",
				      language.size ? json_bytes(language) : json_null(), "cases",
				      (json_int_t)query_int(&q, 3), "unclaimed",
				      (json_int_t)query_int(&q, 4), "overdue",
				      (json_int_t)query_int(&q, 5), "oldest_due",
				      json_time(ask->arena, query_int(&q, 6))));
	}
	query_end(&q);
	reply->body = json_pack("{s:o, s:I, s:I}", "queues", list, "cases", (json_int_t)total,
		"waiting", (json_int_t)waiting(ask));
}
