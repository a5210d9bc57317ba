/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/holds.h"

#include "desk/cases/case_state.h"
#include "desk/lanes/form.h"
#include "store/square_desk_clocks.h"
#include "store/square_desk_forms.h"

#define DAY_S 86400

static void clear(struct db *db)
{
	desk_hold_delete_all(db);
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	(void)arena;
	(void)after;
	if (bytes_equal_str(e->kind, "held"))
		desk_hold_put(db, e->case_id, json_integer_value(json_object_get(data, "until")));
}

const struct projection hold_projection = {clear, apply};

int64_t hold_of_event(const struct desk_event *event)
{
	json_t *data;
	int64_t until;

	if (!bytes_equal_str(event->kind, "held"))
		return 0;
	data = json_loadb((const char *)event->data.data, event->data.size, 0, NULL);
	until = json_integer_value(json_object_get(data, "until"));
	json_decref(data);
	return until;
}

void hold_describe(struct ask *ask, int64_t case_id, json_t *body)
{
	int64_t until = desk_hold_until(ask->db, case_id);

	if (until > ask->now_s)
		json_object_set_new(body, "held_until", json_time(ask->arena, until));
}

struct hold_input {
	int64_t days;
	struct bytes reasons;
};

static void read_hold(struct form *form, struct hold_input *out)
{
	const json_t *days = json_object_get(form->root, "days");

	out->days = HOLD_DAYS;
	if (days && !json_is_null(days)) {
		out->days = json_integer_value(days);
		if (!json_is_integer(days) || out->days < 1 || out->days > HOLD_DAYS_MAX)
			form_invalid(form, "days", "is a number from 1 to 366; ask again for more");
	}
	out->reasons = form_text(form, "reasons", HOLD_REASONS_MAX);
}

/* Is there evidence, or will there be? */
static bool has_evidence(struct ask *ask, const struct desk_case *c)
{
	struct desk_clock clock;

	return case_is_open(c) ||
	       (desk_clock_get(ask->db, ask->arena, c->id, &clock) && clock.evidence);
}

static void hold(struct ask *ask, struct reply *reply, const struct hold_input *input)
{
	int64_t until = ask->now_s + input->days * DAY_S, held;
	struct desk_notice notice;
	struct desk_case c;

	if (!ask_notice(ask, &notice, &c, reply))
		return;
	if (!has_evidence(ask, &c)) {
		reply_error(reply, 409, "there is no evidence of this case any more");
		return;
	}
	held = desk_hold_until(ask->db, c.id);
	if (held > until)
		until = held; /* never shorter: others may have asked for it */
	case_append(ask->db, ask->arena, &c, "held", ask->who.grant.id, ask->now_s,
		json_pack("{s:I, s:I, s:o}", "notice", (json_int_t)notice.id, "until",
			(json_int_t)until, "reasons", json_bytes(input->reasons)));
	reply->body = json_pack("{s:I, s:I, s:o}", "notice", (json_int_t)notice.id, "case",
		(json_int_t)c.id, "held_until", json_time(ask->arena, until));
}

void desk_notice_hold(struct ask *ask, struct reply *reply)
{
	struct hold_input input;
	struct form form;

	if (!ask_form(ask, &form, reply))
		return;
	read_hold(&form, &input);
	if (ask_form_end(&form, reply))
		hold(ask, reply, &input);
}
