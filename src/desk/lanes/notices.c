/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/notices.h"

#include "base/log.h"
#include "base/text.h"
#include "desk/cases/case_language.h"
#include "desk/quality/accuracy.h"
#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/cases/holds.h"
#include "desk/quality/quality.h"
#include "net/http.h"
#include "store/square_desk_forms.h"
#include "store/square_desk_orders.h"

#define NOTICES_LIST_MAX 100
#define NOTICES_LOOK_MAX 5000 /* for those that are asked for, in one answer */
#define SEALED "notice_form"
#define NUMBER_DIGITS_MAX 18

/* Priority: the lane decides, then harm, then how many complain and how many read. */
#define PRIORITY_PER_LANE 1000
#define PRIORITY_PER_HARM 5
#define PRIORITY_PER_NOTICE 5
#define PRIORITY_NOTICES_MAX 20
#define PRIORITY_PER_DOUBLING 5 /* of the subscribers */

static int64_t priority_of(
	enum lane lane, const struct sop_category *category, int32_t notices, int64_t members)
{
	int64_t doublings = 0;

	if (notices > PRIORITY_NOTICES_MAX)
		notices = PRIORITY_NOTICES_MAX;
	for (; members > 1; members /= 2)
		doublings++;
	return lane * PRIORITY_PER_LANE + category->harm * PRIORITY_PER_HARM +
	       notices * PRIORITY_PER_NOTICE + doublings * PRIORITY_PER_DOUBLING;
}

static void open_case(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	const struct notice_new *notice, struct desk_case *c)
{
	int64_t previous = c->id;
	uint8_t salt[DESK_SALT_SIZE];

	random_fill(desk->random, salt, sizeof(salt));
	*c = (struct desk_case){.id = db_counter_add(db, 0, "case", 1)};
	case_append(db, arena, c, "opened", 0, now_s,
		json_pack("{s:I, s:i, s:o, s:s, s:I}", "channel", (json_int_t)notice->channel,
			"post", (int)notice->post, "name", json_bytes(notice->name), "salt",
			text_hex(arena, bytes_of(salt, sizeof(salt))), "previous",
			(json_int_t)previous));
	case_note_language(db, arena, now_s, c);
}

/* What the case's clock, lane and order of work become with one more notice: never slower. */
static json_t *counting_event(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	bool fresh, const struct notice_new *notice, const struct desk_case *c)
{
	enum lane lane = notice->lane, old_lane = lane_by_name(arena_str(arena, c->lane));
	const struct sop_category *category = notice->category;
	const struct sop_category *old = sop_category(&desk->sop, arena_str(arena, c->category));
	const struct sop_clock *targets = sop_clock(category, lane, notice->urgent);
	int64_t due = now_s + targets->decide_s, clock = now_s, priority, standing;
	json_t *data;

	if (!fresh) {
		clock = c->clock_at;
		if (c->due_at < due)
			due = c->due_at;
		if (old_lane < LANE_COUNT && old_lane > lane)
			lane = old_lane;
		if (old && (old_lane > notice->lane ||
				   (old_lane == notice->lane && old->harm >= category->harm)))
			category = old;
	}
	standing = accuracy_priority(db, arena, &desk->sop, notice->reporter, notice->rule, now_s);
	priority = priority_of(lane, category, c->notices + 1, notice->members) + standing;
	if (!fresh && c->priority > priority)
		priority = c->priority;
	data = json_pack("{s:s, s:s, s:I, s:I, s:I}", "category", category->name, "lane",
		lane_name(lane), "clock", (json_int_t)clock, "due", (json_int_t)due, "priority",
		(json_int_t)priority);
	if (standing)
		json_object_set_new(data, "standing", json_integer(standing));
	clock_note_notice(data, &desk->sop, targets, now_s);
	json_object_set_new(data, "members", json_integer(notice->members));
	return data;
}

int64_t notice_fold(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	const struct notice_new *notice, struct desk_case *c)
{
	bool there = desk_case_of(db, arena, notice->channel, notice->post, c), reopens = false;
	bool removed = false;
	int64_t id = db_counter_add(db, 0, "notice", 1);
	json_t *data;

	if (!there)
		*c = (struct desk_case){0};
	else if (case_is_waiting(c)) /* it may be what was missing */
		clock_resume(db, arena, c, notice->reporter, now_s, "noticed", bytes_of(NULL, 0));
	if (there && !case_is_open(c)) {
		removed = c->in_force && bytes_equal_str(c->action, "remove");
		reopens = c->in_force && !removed;
	}
	if (!there || (!case_is_open(c) && !reopens && !removed))
		open_case(desk, db, arena, now_s, notice, c);
	desk_notice_insert(db, &(struct desk_notice){
				       .id = id,
				       .case_id = c->id,
				       .reporter = notice->reporter,
				       .lane = bytes_from_str(lane_name(notice->lane)),
				       .subject = notice->subject_text,
				       .category = bytes_from_str(notice->category->name),
				       .law = notice->law,
				       .reasons = notice->reasons,
				       .created_at = now_s,
			       });
	if (notice->fields.data)
		desk_notice_form_put(db, id,
			&(struct desk_notice_form){
				.form = bytes_from_str(notice_form_name(notice->form)),
				.countries = notice->countries,
				.fields = keybox_seal(
					desk->people, SEALED, id, notice->fields, arena)});
	data = removed ? json_object()
		       : counting_event(
				 desk, db, arena, now_s, reopens || c->lane.size == 0, notice, c);
	json_object_set_new(data, "notice", json_integer(id));
	if (notice->rule.size)
		json_object_set_new(data, "rule", json_bytes(notice->rule));
	json_object_set_new(data, "reopens", json_boolean(reopens));
	if (notice->officer)
		json_object_set_new(data, "officer", json_integer(notice->officer));
	json_object_set_new(data, "from", json_string(lane_name(notice->lane)));
	json_object_set_new(data, "door", json_string(door_name(notice->door)));
	json_object_set_new(data, "about", json_string(notice->category->name));
	if (notice->country.size)
		json_object_set_new(data, "country", json_bytes(notice->country));
	case_append(db, arena, c, "noticed", notice->reporter, now_s, data);
	return id;
}

/* ---- What its sender sees ---- */

bool ask_notice(
	struct ask *ask, struct desk_notice *notice, struct desk_case *c, struct reply *reply)
{
	if (desk_notice_get(ask->db, ask->arena, ask->id, notice) &&
		desk_case_get(ask->db, ask->arena, notice->case_id, c) &&
		(notice->reporter == principal_sender(&ask->who) ||
			(ask_may(ask, ACT_NOTICE_SEE_ANY) && ask_may_about(ask, c->category) &&
				!quality_hides(ask, c->id))))
		return true;
	reply_error(reply, 404, "no such notice of yours");
	return false;
}

json_t *notice_form_fields(
	struct desk *desk, struct arena *arena, int64_t notice, const struct desk_notice_form *form)
{
	json_t *fields = NULL;
	struct bytes text;

	if (keybox_open(desk->people, SEALED, notice, form->fields, arena, &text) < 0)
		log_error("notice_form_lost", "of notice %lld: another people.key",
			(long long)notice);
	else
		fields = json_loadb((const char *)text.data, text.size, 0, NULL);
	return fields ? fields : json_object();
}

/* Who judges the content does not see in the form either who complained. */
static void leave_out_sender(json_t *fields)
{
	const struct notice_field *field;

	for (size_t i = 0; (field = notice_field_at(i)); i++)
		if (notice_field_is_about_sender(field))
			json_object_del(fields, field->name);
}

void notice_add_form(struct ask *ask, json_t *body, const struct desk_notice *notice)
{
	struct desk_notice_form form;
	json_t *fields;

	if (!desk_notice_form_get(ask->db, ask->arena, notice->id, &form))
		return;
	fields = notice_form_fields(ask->desk, ask->arena, notice->id, &form);
	if (notice->reporter != principal_sender(&ask->who) && !ask_may(ask, ACT_REPORTERS_SEE))
		leave_out_sender(fields);
	json_object_set_new(body, "form", json_bytes(form.form));
	json_object_set_new(body, "countries", json_list(form.countries));
	json_object_set_new(body, "fields", fields);
}

/* The address of the receipt that anybody can check (docs/ledger.md). */
static json_t *proof_of(struct ask *ask, const struct desk_case *c)
{
	int64_t leaf = c->order_id ? desk_ledger_leaf(ask->db, c->order_id) : -1;

	return leaf < 0 ? json_null()
			: json_string(arena_printf(
				  ask->arena, "/square/ledger/proof/%lld", (long long)leaf));
}

static json_t *notice_json(
	struct ask *ask, const struct desk_notice *notice, const struct desk_case *c)
{
	json_t *body = json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "notice",
		(json_int_t)notice->id, "case", (json_int_t)c->id, "subject",
		json_bytes(notice->subject), "category", json_bytes(notice->category), "received",
		json_time(ask->arena, notice->created_at), "due", json_time(ask->arena, c->due_at),
		"state", json_bytes(c->state), "action",
		c->action.size ? json_bytes(c->action) : json_null());

	json_object_set_new(body, "proof", proof_of(ask, c));
	json_object_set_new(body, "answer",
		json_string(arena_printf(
			ask->arena, "/api/notices/%lld/answer", (long long)notice->id)));
	return body;
}

/* DSA Article 16(5): who sent a notice learns what became of it. */
void desk_notice_show(struct ask *ask, struct reply *reply)
{
	struct desk_notice notice;
	struct desk_case c;

	if (!ask_notice(ask, &notice, &c, reply))
		return;
	reply->body = notice_json(ask, &notice, &c);
	notice_add_form(ask, reply->body, &notice);
	clock_describe(ask, &c, reply->body, false);
	hold_describe(ask, c.id, reply->body);
}

static const char *wanted(struct ask *ask, const char *name)
{
	struct bytes value = http_form_value(ask->arena, ask->query, name);

	return value.data ? arena_str(ask->arena, value) : NULL;
}

/* "123"; 0: no number. */
static int64_t wanted_number(struct ask *ask, const char *name)
{
	struct bytes value = http_form_value(ask->arena, ask->query, name);
	int64_t number = 0;

	for (size_t i = 0; i < value.size && i < NUMBER_DIGITS_MAX; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return 0;
		number = number * 10 + (value.data[i] - '0');
	}
	return value.size > NUMBER_DIGITS_MAX ? 0 : number;
}

void desk_notices_list(struct ask *ask, struct reply *reply)
{
	const struct desk_notice_filter filter = {.reporter = principal_sender(&ask->who),
		.before = wanted_number(ask, "before"),
		.state = wanted(ask, "state"),
		.category = wanted(ask, "category"),
		.form = wanted(ask, "form")};
	json_t *list = json_array();
	int64_t floor = desk_notice_own_floor(ask->db, &filter, NOTICES_LOOK_MAX), next = floor;
	struct query q = desk_notice_own(ask->db, &filter, floor, NOTICES_LIST_MAX);

	while (query_next(&q)) {
		struct desk_notice notice;
		struct desk_case c;

		if (desk_notice_get(ask->db, ask->arena, query_int(&q, 0), &notice) &&
			desk_case_get(ask->db, ask->arena, notice.case_id, &c))
			json_array_append_new(list, notice_json(ask, &notice, &c));
		if (json_array_size(list) == NOTICES_LIST_MAX)
			next = notice.id;
	}
	query_end(&q);
	reply->body = json_pack(
		"{s:o, s:o}", "notices", list, "next", next ? json_integer(next) : json_null());
}
