/* SPDX-License-Identifier: Apache-2.0 */
/* An owner answers the desk's question in the chat with the service bot: by the code alone, once.
 */
#include "desk_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "desk/appeals/appeal_codes.h"
#include "desk/cases/case_state.h"
#include "desk/cases/contacts.h"
#include "desk/lanes/notices.h"
#include "desk/letters/outbox.h"

#define NOW 1000000
#define DAY_S 86400
#define OWNER 99

/* A case about which the owner was asked. Returns the code of the letter. */
static const char *asked(struct fixture *f, struct desk_case *c)
{
	struct notice_new notice = {
		.reporter = 5,
		.lane = LANE_FLAGGER,
		.category = sop_category(&f->desk.sop, "spam"),
		.subject_text = BYTES_LITERAL("@kabar"),
		.law = BYTES_LITERAL("law"),
		.reasons = BYTES_LITERAL("reasons"),
		.channel = 7,
		.name = BYTES_LITERAL("kabar"),
	};
	struct db *db = f->desk.writer;
	struct desk_appeal_code code = {.party = BYTES_LITERAL("asked"), .until_at = NOW + DAY_S};
	const char *text;

	db_begin(db);
	notice_fold(&f->desk, db, &f->arena, NOW, &notice, c);
	case_append(db, &f->arena, c, "owner_asked", 9, NOW,
		json_pack("{s:s, s:i}", "question", "Whose words?", "order", 1));
	code.case_id = c->id;
	code.decision = c->head_seq;
	text = appeal_code_new(&f->desk, db, &f->arena, &code);
	assert_int_equal(db_commit(db), 0);
	return text;
}

/* What the bot says to this, or NULL. */
static const char *says(struct fixture *f, const char *text, bool private, int64_t now_s)
{
	struct heard heard = {.kind = HEARD_TEXT,
		.update = 1,
		.chat = OWNER,
		.person = OWNER,
		.private = private,
		.username = BYTES_LITERAL(""),
		.language = BYTES_LITERAL("en"),
		.text = bytes_from_str(text)};
	struct db *db = f->desk.writer;
	struct desk_outgoing row;
	const char *said = NULL;

	db_begin(db);
	dialogue_hear(&f->desk, db, &f->arena, now_s, NULL, &heard);
	while (outbox_next(db, &f->arena, OUTBOX_BOT, now_s, &row)) {
		said = arena_str(&f->arena, row.body);
		outbox_sent(db, &row, now_s, 1);
	}
	assert_int_equal(db_commit(db), 0);
	return said;
}

static bool answered(struct fixture *f, const struct desk_case *c, int32_t seq, const char *text)
{
	struct desk_event e = {.case_id = c->id};
	bool found;

	db_begin(f->desk.writer);
	found = desk_event_next(f->desk.writer, &f->arena, c->id, seq - 1, &e) &&
		e.case_id == c->id && bytes_equal_str(e.kind, "owner_answered") &&
		strstr(arena_str(&f->arena, e.data), text) != NULL && e.actor == 0;
	db_rollback(f->desk.writer);
	return found;
}

static void who_has_the_code_answers_once(void **state)
{
	struct fixture *f = *state;
	struct desk_case c;
	const char *start = arena_printf(&f->arena, "/start answer_%s", asked(f, &c)), *said;
	char *long_text = malloc(CONTACT_ANSWER_MAX + 2);

	said = says(f, start, true, NOW);
	assert_non_null(said);
	assert_non_null(strstr(said, "Whose words?"));
	memset(long_text, 'x', CONTACT_ANSWER_MAX + 1);
	long_text[CONTACT_ANSWER_MAX + 1] = 0;
	assert_non_null(strstr(says(f, long_text, true, NOW), "too long"));
	free(long_text);
	assert_non_null(strstr(says(f, "A court's.", true, NOW), "has arrived"));
	assert_true(answered(f, &c, c.head_seq + 1, "A court's."));
	assert_non_null(strstr(says(f, start, true, NOW), "has arrived")); /* not asked again */
	(void)says(f, "And mine.", true, NOW);
	assert_false(answered(f, &c, c.head_seq + 2, "And mine."));
}

static void nobody_else_does(void **state)
{
	struct fixture *f = *state;
	struct desk_case c;
	const char *start = arena_printf(&f->arena, "/start answer_%s", asked(f, &c));
	char *wrong = arena_printf(&f->arena, "%s", start);

	assert_null(says(f, start, false, NOW)); /* in a group */
	wrong[strlen(wrong) - 2] ^= 1;
	assert_non_null(strstr(says(f, wrong, true, NOW), "Nothing is asked"));
	assert_non_null(strstr(says(f, "/start answer_", true, NOW), "Nothing is asked"));
	assert_non_null(strstr(says(f, start, true, NOW + 2 * DAY_S), "Nothing is asked"));
	(void)says(f, "Mine.", true, NOW);
	assert_false(answered(f, &c, c.head_seq + 1, "Mine."));
}

static void what_is_begun_is_dropped(void **state)
{
	struct fixture *f = *state;
	struct desk_case c;
	const char *start = arena_printf(&f->arena, "/start answer_%s", asked(f, &c));

	(void)says(f, start, true, NOW);
	(void)says(f, "/cancel", true, NOW);
	(void)says(f, "Mine.", true, NOW);
	assert_false(answered(f, &c, c.head_seq + 1, "Mine."));
	(void)says(f, start, true, NOW);
	(void)says(f, "Mine.", true, NOW + DIALOGUE_KEPT_S + 1);
	assert_false(answered(f, &c, c.head_seq + 1, "Mine."));
}

#define T(name) cmocka_unit_test_setup_teardown(name, desk_fixture_setup, desk_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(who_has_the_code_answers_once),
		T(nobody_else_does),
		T(what_is_begun_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
