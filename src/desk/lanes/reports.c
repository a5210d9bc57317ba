/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What the messenger wrote is checked again: a row is no more than a row. */
#include "desk/lanes/reports.h"

#include "base/log.h"
#include "base/text.h"
#include "desk/appeals/appeal_codes.h"
#include "desk/cases/case_state.h"
#include "desk/lanes/notices.h"
#include "store/square_desk_orders.h"
#include "store/square_reports.h"

_Static_assert(SOP_CATEGORIES_MAX <= SQUARE_REPORT_CATEGORIES_MAX, "readers may choose any");

static void offer_category(struct db *db, int position, const struct sop_category *c)
{
	struct square_report_category row = {.name = bytes_from_str(c->name),
		.title = bytes_from_str(c->title),
		.laws = bytes_from_str(c->laws)};

	square_report_category_insert(db, position, "", &row);
	for (const struct sop_title *t = c->titles; t < c->titles + c->title_count; t++) {
		row.title = bytes_from_str(t->text);
		square_report_category_insert(db, position, t->language, &row);
	}
}

int desk_reports_offer(struct desk *desk, struct err *err)
{
	const struct sop_category *category;
	struct db *db = desk->writer;

	db_begin(db);
	square_report_categories_clear(db);
	for (int i = 0; (category = sop_category_at(&desk->sop, i)); i++)
		offer_category(db, i, category);
	if (db_commit(db) < 0)
		return err_set(err, 0, "the SOP's categories can't be offered to readers");
	return 0;
}

static void tell(struct desk *desk, struct db *db, struct square_report *outcome, int64_t now_s)
{
	outcome->outcome_at_s = now_s;
	outcome->contact = bytes_from_str(desk->sop.appeal_contact);
	outcome->appeal_days = desk->sop.appeal_days;
	square_reports_decide(db, outcome);
}

void desk_reports_decided(
	struct desk *desk, struct db *db, const struct desk_case *c, int64_t now_s)
{
	struct square_report outcome = {.case_id = c->id, .outcome = c->action};

	tell(desk, db, &outcome, now_s);
	appeal_codes_for_readers(desk, db, c, now_s);
}

/* What went private or was deleted since is nobody's business here any more. */
static void refuse(struct desk *desk, struct db *db, struct arena *arena,
	const struct square_report *report, int64_t now_s)
{
	struct square_report outcome = {.id = report->id, .outcome = BYTES_LITERAL("gone")};
	char *day = text_rfc3339(arena, now_s);

	day[10] = 0;
	desk_refusal_count(db, day, lane_name(LANE_USER), "unknown");
	square_report_take(db, report->id, 0, now_s);
	tell(desk, db, &outcome, now_s);
}

/* A category that the SOP had when the reader chose counts as its last, the most general one. */
static const struct sop_category *category_of(
	const struct sop *sop, struct arena *arena, struct bytes name)
{
	const struct sop_category *category = sop_category(sop, arena_str(arena, name));

	return category ? category : &sop->categories[sop->category_count - 1];
}

static struct bytes bounded(struct bytes text, size_t max)
{
	return text.data && text.size <= max && text_is_utf8(text) ? text : BYTES_LITERAL("");
}

/* By its name as well: that is the first that a channel on its way home loses. */
static bool subject_is_public(
	struct db *db, struct arena *arena, int64_t channel, struct desk_subject *out)
{
	struct desk_subject named;

	return desk_subject_get(db, arena, channel, out) &&
	       desk_subject_by_name(db, arena, text_lower(arena, out->username), &named) &&
	       named.channel == channel;
}

static void take_one(struct desk *desk, struct db *db, struct arena *arena,
	const struct square_report *report, int64_t now_s)
{
	struct desk_subject subject;
	struct notice_new notice;
	struct desk_post post;
	struct desk_case c;
	char *name;

	if (!subject_is_public(db, arena, report->channel, &subject) ||
		(report->post && !desk_post_get(db, arena, report->channel, report->post, &post))) {
		refuse(desk, db, arena, report, now_s);
		return;
	}
	name = arena_str(arena, subject.username);
	notice = (struct notice_new){
		.lane = LANE_USER,
		.door = DOOR_IN_APP,
		.category = category_of(&desk->sop, arena, report->category),
		.subject_text = bytes_from_str(
			report->post ? arena_printf(arena, "@%s/%d", name, report->post)
				     : arena_printf(arena, "@%s", name)),
		.law = bounded(report->law, NOTICE_LAW_MAX),
		.reasons = bounded(report->words, NOTICE_REASONS_MAX),
		.channel = report->channel,
		.post = report->post,
		.name = subject.username,
		.members = subject.members,
	};
	if (!notice_law_is_publishable(notice.law))
		notice.law = BYTES_LITERAL("");
	notice_fold(desk, db, arena, now_s, &notice, &c);
	square_report_take(db, report->id, c.id, now_s);
	if (!case_is_open(&c)) { /* and stays so: it is removed already */
		struct square_report outcome = {.id = report->id, .outcome = c.action};

		tell(desk, db, &outcome, now_s);
	}
}

static bool any_waiting(struct desk *desk)
{
	bool any;

	db_begin(desk->reader);
	any = square_reports_waiting(desk->reader);
	db_rollback(desk->reader);
	return any;
}

int desk_reports_take(struct desk *desk)
{
	int64_t now_s = clock_unix_s(desk->clock);
	struct db *db = desk->writer;
	struct square_report report;
	struct arena arena;
	int count = 0;

	/* Looking costs no write lock; most of the time there is nothing. */
	if (!any_waiting(desk))
		return 0;
	arena_init(&arena);
	db_begin(db);
	while (count < REPORTS_PER_LOOK && square_report_next(db, &arena, &report)) {
		take_one(desk, db, &arena, &report, now_s);
		arena_reset(&arena);
		count++;
	}
	if (db_commit(db) < 0) {
		log_error("reports_wait", "reports can't be taken in");
		count = 0;
	}
	arena_release(&arena);
	return count;
}
