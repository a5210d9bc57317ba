/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the audit that is about appeals and second looks: by somebody who had no part in the
 * decision, once; appeals also in time. */
#include "desk/cases/audit_appeals.h"

#include <inttypes.h>

#include "base/map.h"
#include "desk/appeals/appeals.h"

struct filed {
	int64_t case_id, due;
	int32_t decision;
	bool answered;
};

struct look {
	int64_t case_id, person;
	bool done;
};

struct walk {
	struct db *db;
	FILE *report;
	int64_t now_s;
	struct arena kept, scratch;
	struct map filed; /* by the appeal's number */
	struct map looks; /* by the review's */
	int64_t count, reviews, late, waiting_late;
	int faults;
};

static void fault(struct walk *w, const struct desk_event *e, const char *what)
{
	fprintf(w->report, "BAD  event %d of case %" PRId64 ": %s\n", (int)e->seq, e->case_id,
		what);
	w->faults++;
}

static int64_t int_of(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static void on_appealed(struct walk *w, const struct desk_event *e, const json_t *data)
{
	struct filed *f = arena_alloc(&w->kept, sizeof(*f));

	*f = (struct filed){.case_id = e->case_id,
		.due = int_of(data, "due"),
		.decision = (int32_t)int_of(data, "decision")};
	w->count++;
	w->waiting_late += f->due < w->now_s;
	map_put(&w->filed, (uint64_t)int_of(data, "appeal"), f);
}

static void on_answered(struct walk *w, const struct desk_event *e, const json_t *data)
{
	struct filed *f = map_get(&w->filed, (uint64_t)int_of(data, "appeal"));

	if (!f || f->case_id != e->case_id || f->answered) {
		fault(w, e, "answers an appeal that there is not");
		return;
	}
	f->answered = true;
	w->waiting_late -= f->due < w->now_s;
	w->late += e->at > f->due;
	if (appeal_is_of(w->db, &w->scratch, e->case_id, f->decision, e->actor))
		fault(w, e, "an appeal was answered by who had a part in the decision");
}

static void on_review_claimed(struct walk *w, const struct desk_event *e, const json_t *data)
{
	struct look *l = arena_alloc(&w->kept, sizeof(*l));

	*l = (struct look){.case_id = e->case_id, .person = e->actor};
	map_put(&w->looks, (uint64_t)int_of(data, "review"), l);
	if (appeal_is_of(
		    w->db, &w->scratch, e->case_id, (int32_t)int_of(data, "decision"), e->actor))
		fault(w, e, "a decision was looked at again by who had a part in it");
}

static void on_reviewed(struct walk *w, const struct desk_event *e, const json_t *data)
{
	struct look *l = map_get(&w->looks, (uint64_t)int_of(data, "review"));

	if (!l || l->case_id != e->case_id || l->person != e->actor || l->done) {
		fault(w, e, "answers a second look that there is not");
		return;
	}
	l->done = true;
	w->reviews++;
}

/* What was done without a claim because an appeal was answered: that there is one. */
static void on_other(struct walk *w, const struct desk_event *e, const json_t *data)
{
	const int64_t id = int_of(data, "appeal");
	const struct filed *f = id ? map_get(&w->filed, (uint64_t)id) : NULL;

	if (id && (!f || f->case_id != e->case_id || f->answered))
		fault(w, e, "names an appeal that there is not");
}

static void look_at(struct walk *w, const struct desk_event *e)
{
	json_t *data = json_loadb((const char *)e->data.data, e->data.size, 0, NULL);

	if (bytes_equal_str(e->kind, "appealed"))
		on_appealed(w, e, data);
	else if (bytes_equal_str(e->kind, "appeal_decided"))
		on_answered(w, e, data);
	else if (bytes_equal_str(e->kind, "review_claimed"))
		on_review_claimed(w, e, data);
	else if (bytes_equal_str(e->kind, "reviewed"))
		on_reviewed(w, e, data);
	else
		on_other(w, e, data);
	json_decref(data);
}

int audit_appeals(struct db *db, FILE *report, int64_t now_s)
{
	struct walk w = {.db = db, .report = report, .now_s = now_s};
	struct desk_event e = {0};

	arena_init(&w.kept);
	arena_init(&w.scratch);
	map_init(&w.filed);
	map_init(&w.looks);
	while (desk_event_next(db, &w.scratch, e.case_id, e.seq, &e)) {
		look_at(&w, &e);
		arena_reset(&w.scratch);
	}
	fprintf(report,
		"%" PRId64 " appeals: by whom they were answered; %" PRId64 " late, %" PRId64
		" wait and are overdue\n"
		"%" PRId64 " second looks: by whom\n",
		w.count, w.late, w.waiting_late, w.reviews);
	map_release(&w.filed);
	map_release(&w.looks);
	arena_release(&w.scratch);
	arena_release(&w.kept);
	return w.faults;
}
