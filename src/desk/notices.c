/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/notices.h"

#include <stdlib.h>
#include <strings.h>

#include "base/text.h"
#include "desk/case_state.h"

/* Priority: the lane decides, then harm, then how many complain and how many read. */
#define PRIORITY_PER_LANE 1000
#define PRIORITY_PER_HARM 5
#define PRIORITY_PER_NOTICE 5
#define PRIORITY_NOTICES_MAX 20
#define PRIORITY_PER_DOUBLING 5 /* of the subscribers */

#define LAW_DIGITS_MAX 7 /* in a row: "5/2018" is a law, 0812345678 is somebody's phone */

bool notice_law_is_publishable(struct bytes law)
{
	size_t digits = 0;

	for (size_t i = 0; i < law.size; i++) {
		uint8_t c = law.data[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		if (c == '@' || c == '\n' || digits > LAW_DIGITS_MAX ||
			(i + 3 <= law.size && memcmp(law.data + i, "://", 3) == 0) ||
			(i + 5 <= law.size &&
				strncasecmp((const char *)law.data + i, "t.me/", 5) == 0))
			return false;
	}
	return true;
}

void notice_read(struct form *form, const struct sop *sop, struct notice_input *out)
{
	struct bytes category;

	*out = (struct notice_input){.kind = SUBJECT_UNCLEAR};
	out->subject_text = form_text(form, "subject", SUBJECT_TEXT_MAX);
	if (out->subject_text.data)
		out->kind = subject_parse(out->subject_text, &out->subject);
	category = form_text(form, "category", SOP_NAME_MAX - 1);
	if (category.data)
		out->category = sop_category(sop, arena_str(form->arena, category));
	if (category.data && !out->category)
		form_invalid(form, "category", "is none of the SOP's: see GET /api/sop");
	out->law = form_text(form, "law", NOTICE_LAW_MAX);
	if (out->law.data && !notice_law_is_publishable(out->law))
		form_invalid(form, "law",
			"is published: name the law and its article, no person, number or link");
	out->reasons = form_text(form, "reasons", NOTICE_REASONS_MAX);
	form_must_be_true(form, "good_faith");
}

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
}

/* What the case's clock, lane and order of work become with one more notice: never slower. */
static json_t *counting_event(struct desk *desk, struct arena *arena, int64_t now_s, bool fresh,
	const struct notice_new *notice, const struct desk_case *c)
{
	enum lane lane = notice->lane, old_lane = lane_by_name(arena_str(arena, c->lane));
	const struct sop_category *category = notice->category;
	const struct sop_category *old = sop_category(&desk->sop, arena_str(arena, c->category));
	int64_t due = now_s + category->clock_s[lane], clock = now_s;

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
	return json_pack("{s:s, s:s, s:I, s:I, s:I}", "category", category->name, "lane",
		lane_name(lane), "clock", (json_int_t)clock, "due", (json_int_t)due, "priority",
		(json_int_t)priority_of(lane, category, c->notices + 1, notice->members));
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
	data = removed ? json_object()
		       : counting_event(
				 desk, arena, now_s, reopens || c->lane.size == 0, notice, c);
	json_object_set_new(data, "notice", json_integer(id));
	json_object_set_new(data, "reopens", json_boolean(reopens));
	case_append(db, arena, c, "noticed", notice->reporter, now_s, data);
	return id;
}

/* A refusal is counted in public, by lane and reason, and leaves no other trace. */
static void refuse(struct ask *ask, struct reply *reply, const char *reason, json_t *body)
{
	char *day = text_rfc3339(ask->arena, ask->now_s);

	day[10] = 0;
	desk_refusal_count(ask->db, day, lane_name(principal_lane(&ask->who)), reason);
	reply->status = 422;
	reply->body = body;
}

static void refuse_subject(
	struct ask *ask, struct reply *reply, const char *reason, const char *text)
{
	refuse(ask, reply, reason, json_pack("{s:s, s:[s]}", "error", text, "missing", "subject"));
}

/* Finds the subject in the square; false: refused. */
static bool find_subject(struct ask *ask, struct reply *reply, const struct notice_input *input,
	struct notice_new *notice)
{
	struct desk_subject subject;
	struct desk_post post;
	bool other;

	if (input->kind == SUBJECT_PRIVATE) {
		refuse_subject(ask, reply, "private",
			"the subject is not public: the desk handles what has a public name, "
			"nothing "
			"else");
		return false;
	}
	if (!desk_subject_by_name(ask->db, ask->arena, input->subject.name, &subject, &other)) {
		refuse_subject(ask, reply, "unknown",
			other ? "the subject is no channel or public group"
			      : "nothing public has this name");
		return false;
	}
	if (input->subject.post &&
		!desk_post_get(ask->db, ask->arena, subject.channel, input->subject.post, &post)) {
		refuse_subject(ask, reply, "unknown", "the channel has no such post");
		return false;
	}
	notice->channel = subject.channel;
	notice->post = input->subject.post;
	notice->name = subject.username;
	notice->members = subject.members;
	return true;
}

static void accept(struct ask *ask, struct reply *reply, const struct notice_input *input)
{
	struct notice_new notice = {
		.reporter = ask->who.grant.id,
		.lane = principal_lane(&ask->who),
		.category = input->category,
		.subject_text = input->subject_text,
		.law = input->law,
		.reasons = input->reasons,
	};
	struct desk_case c;
	int64_t id;

	if (!find_subject(ask, reply, input, &notice))
		return;
	id = notice_fold(ask->desk, ask->db, ask->arena, ask->now_s, &notice, &c);
	reply->status = 201;
	reply->body = json_pack("{s:I, s:I, s:o, s:o}", "notice", (json_int_t)id, "case",
		(json_int_t)c.id, "due", json_time(ask->arena, c.due_at), "state",
		json_bytes(c.state));
}

void desk_notice_file(struct ask *ask, struct reply *reply)
{
	struct notice_input input;
	struct form form;

	if (!form_open(&form, ask->arena, ask->body)) {
		reply_error(reply, 400, "the body is no JSON object");
		form_release(&form);
		return;
	}
	notice_read(&form, &ask->desk->sop, &input);
	if (input.subject_text.data && input.kind == SUBJECT_UNCLEAR)
		form_invalid(&form, "subject",
			"is no \"@name\", \"@name/12\" or link to a public channel or post");
	/* What is private is refused as such, whatever else is missing. */
	if (form_ok(&form) || input.kind == SUBJECT_PRIVATE)
		accept(ask, reply, &input);
	else
		refuse(ask, reply, "incomplete", form_problems(&form));
	form_release(&form);
}

/* DSA Article 16(5): who sent a notice learns what became of it. */
void desk_notice_show(struct ask *ask, struct reply *reply)
{
	struct desk_notice notice;
	struct desk_case c;

	if (!desk_notice_get(ask->db, ask->arena, ask->id, &notice) ||
		(notice.reporter != ask->who.grant.id && !principal_sees_cases(&ask->who)) ||
		!desk_case_get(ask->db, ask->arena, notice.case_id, &c)) {
		reply_error(reply, 404, "no such notice of yours");
		return;
	}
	reply->body = json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "notice",
		(json_int_t)notice.id, "case", (json_int_t)c.id, "subject",
		json_bytes(notice.subject), "received", json_time(ask->arena, notice.created_at),
		"due", json_time(ask->arena, c.due_at), "state", json_bytes(c.state), "action",
		c.action.size ? json_bytes(c.action) : json_null());
}
