/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/reports.h: what the desk gets of a report and what it doesn't, and what the
 * reporter hears.
 */
#include "channels_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/messages/box.h"
#include "core/channels/reports.h"
#include "store/home_contacts_bars.h"

static void offer(struct fixture *f)
{
	const struct square_report_category rows[] = {
		{B("terrorism"), B("Terrorist content"), B("UU 5/2018 | Directive")},
		{B("other"), B("Other"), B("")},
	};
	const struct square_report_category indonesian = {B("other"), B("Lainnya"), B("")};

	for (int i = 0; i < 2; i++)
		square_report_category_insert(store_square(&f->store), i, "", &rows[i]);
	square_report_category_insert(store_square(&f->store), 1, "id", &indonesian);
	assert_int_equal(store_commit(&f->store), 0);
}

static int64_t public_channel(struct fixture *f, bool broadcast)
{
	int64_t id = channels_make(f, "Public", broadcast);

	channels_name(f, id, "public_one");
	return id;
}

static struct report about(int64_t channel, const int32_t *ids, size_t count)
{
	return (struct report){.peer = {PEER_CHANNEL, channel},
		.ids = ids,
		.count = count,
		.category = B("other"),
		.words = B("it lies")};
}

static void filed(struct fixture *f, uint64_t key, const struct report *report)
{
	assert_int_equal(fixture_end(f, report_file(fixture_call(f, key), report)), 0);
}

static int64_t rows(struct fixture *f)
{
	int64_t count = db_get_int(store_square(&f->store), -1, "SELECT count(*) FROM reports");

	assert_int_equal(store_commit(&f->store), 0);
	return count;
}

/* Letters of the service that begin with the text. */
static int letters(struct fixture *f, uint64_t key, const char *begin)
{
	struct box_difference d;
	int count = 0;

	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, key), BOX_PTS_FIRST, 0, 0, &d)), 0);
	for (size_t i = 0; i < d.new_messages; i++) {
		struct bytes text = d.set.updates[i].message->text;

		count += text.size >= strlen(begin) && memcmp(text.data, begin, strlen(begin)) == 0;
	}
	return count;
}

/* As upkeep does it. */
static void tell(struct fixture *f)
{
	struct call *call = fixture_call(f, 99);

	assert_false(reports_tell(call));
	assert_int_equal(fixture_end(f, 0), 0);
}

static void outcome(struct fixture *f, int64_t id, const char *what, int64_t at_s)
{
	const struct square_report row = {.id = id,
		.outcome = B(what),
		.outcome_at_s = at_s,
		.contact = B("the operator"),
		.appeal_days = 183};

	square_reports_decide(store_square(&f->store), &row);
	assert_int_equal(store_commit(&f->store), 0);
}

static void the_desk_gets_no_reporter(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	int64_t id = public_channel(f, true);
	int32_t post = channels_post(f, OWNER_KEY, id, "a post");
	struct report report = about(id, &post, 1);
	struct square_report row;
	char number[24], *dump;

	offer(f);
	filed(f, GERMAN_KEY, &report);
	assert_true(square_report_find(store_square(&f->store), &f->arena, 1, &row));
	assert_int_equal(store_commit(&f->store), 0);
	assert_int_equal(row.post, post);
	assert_true(bytes_equal(row.name, B("public_one")) && bytes_equal(row.words, B("it lies")));
	assert_int_equal(
		letters(f, GERMAN_KEY, "We received your report about @public_one/2. "), 1);
	dump = channels_dump(f->square);
	snprintf(number, sizeof(number), "%lld", (long long)people.german);
	assert_false(channels_dump_has(dump, number));
	free(dump);
	/* Who waits for the outcome is not asked to repeat himself; another one counts. */
	filed(f, GERMAN_KEY, &report);
	assert_int_equal(rows(f), 1);
	filed(f, INDONESIAN_KEY, &report);
	assert_int_equal(rows(f), 2);
	assert_int_equal(letters(f, INDONESIAN_KEY, "Laporan Anda tentang @public_one/2 "), 1);
	report.count = 0;
	filed(f, GERMAN_KEY, &report);
	assert_int_equal(rows(f), 3);
}

static void several_posts_have_neighbouring_numbers(void **state)
{
	struct fixture *f = *state;
	int32_t ids[2];
	struct report report;
	int64_t id;

	channels_people(f);
	id = public_channel(f, false);
	offer(f);
	ids[0] = channels_post(f, OWNER_KEY, id, "one");
	ids[1] = channels_post(f, OWNER_KEY, id, "two");
	report = about(id, ids, 2);
	filed(f, GERMAN_KEY, &report);
	assert_int_equal(rows(f), 2);
	assert_int_equal(letters(f, GERMAN_KEY,
				 "We received your reports about @public_one. Their numbers are "
				 "1 to 2."),
		1);
}

static void the_outcome_is_told_once(void **state)
{
	struct fixture *f = *state;
	struct report report;
	int64_t id;

	channels_people(f);
	id = public_channel(f, true);
	offer(f);
	report = about(id, NULL, 0);
	filed(f, GERMAN_KEY, &report);
	tell(f);
	assert_int_equal(letters(f, GERMAN_KEY, "Report 1 about @public_one: "), 0);
	outcome(f, 1, "remove", f->now_s + 5);
	for (int i = 0; i < 3; i++)
		tell(f);
	assert_int_equal(letters(f, GERMAN_KEY, "Report 1 about @public_one: it was removed."), 1);
	assert_int_equal(letters(f, INDONESIAN_KEY, "Report"), 0);
	/* A reversal is another outcome; and a new report about it is one again. */
	outcome(f, 1, "reverse", f->now_s + 6);
	for (int i = 0; i < 3; i++)
		tell(f);
	assert_int_equal(letters(f, GERMAN_KEY, "Report 1 about @public_one: "), 2);
	filed(f, GERMAN_KEY, &report);
	assert_int_equal(rows(f), 2);
	outcome(f, 2, "dismiss", f->now_s + 7);
	tell(f);
	assert_int_equal(
		letters(f, GERMAN_KEY, "Report 2 about @public_one: a person looked at it"), 1);
	outcome(f, 2, "restrict", f->now_s + 8);
	tell(f);
	outcome(f, 2, "gone", f->now_s + 9);
	tell(f);
	assert_int_equal(letters(f, GERMAN_KEY, "Report 2 about @public_one: "), 3);
}

static void what_is_not_so_is_refused(void **state)
{
	struct fixture *f = *state;
	int32_t post = 500;
	struct report report;
	uint8_t words[REPORT_WORDS_MAX + 1];
	int64_t id, hidden;

	channels_people(f);
	id = public_channel(f, true);
	hidden = channels_make(f, "Hidden", true);
	report = about(id, NULL, 0);
	/* Before the desk ever ran. */
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "OPTION_INVALID");
	offer(f);
	report.category = B("nothing");
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "OPTION_INVALID");
	report.category = B("terrorism");
	report.law = B("Dir");
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "OPTION_INVALID");
	report.law = B("Directive");
	filed(f, GERMAN_KEY, &report);
	report = about(id, &post, 1);
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "MSG_ID_INVALID");
	report = about(hidden, NULL, 0);
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "CHANNEL_PRIVATE");
	report.peer = user_peer(f->call.user);
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "PEER_ID_INVALID");
	report = about(id, &post, REPORT_POSTS_MAX + 1);
	fixture_refused(f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "LIMIT_INVALID");
	report = about(id, NULL, 0);
	memset(words, 'a', sizeof(words));
	report.words = bytes_of(words, sizeof(words));
	fixture_refused(
		f, report_file(fixture_call(f, INDONESIAN_KEY), &report), 400, "MESSAGE_TOO_LONG");
}

static void a_day_holds_so_many_reports(void **state)
{
	struct fixture *f = *state;
	struct report report;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Group", false);
	channels_join(f, OWNER_KEY, id);
	report = about(id, NULL, 0);
	for (int i = 0; i < REPORTS_PER_DAY; i++)
		filed(f, OWNER_KEY, &report);
	fixture_refused(
		f, report_file(fixture_call(f, OWNER_KEY), &report), 420, "FLOOD_WAIT_86400");
}

/* The home's reports reach nobody. */
static void in_the_home_it_counts_against_the_author(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	int64_t id = channels_make(f, "Group", false);
	int64_t public_id = public_channel(f, false);
	struct report report;
	int32_t post;

	offer(f);
	/* Brought in by its owner's hand would need contacts: it is public for a moment. */
	channels_join(f, GERMAN_KEY, public_id);
	channels_join(f, INDONESIAN_KEY, public_id);
	post = channels_post(f, GERMAN_KEY, public_id, "buy this");
	channels_name(f, public_id, "");
	report = about(public_id, &post, 1);
	filed(f, INDONESIAN_KEY, &report);
	assert_int_equal(home_reports_count(store_home(&f->store), people.german, 0), 1);
	assert_int_equal(home_reports_count(store_home(&f->store), people.owner, 0), 0);
	report.count = 0;
	filed(f, INDONESIAN_KEY, &report);
	assert_int_equal(home_reports_count(store_home(&f->store), people.owner, 0), 1);
	assert_int_equal(rows(f), 0);
	assert_int_equal(letters(f, INDONESIAN_KEY, "Laporan"), 0);
	report = about(id, NULL, 0);
	fixture_refused(
		f, report_file(fixture_call(f, GERMAN_KEY), &report), 400, "CHANNEL_PRIVATE");
}

static void an_admin_reports_what_a_member_sent(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	int64_t id = public_channel(f, false);
	struct report report;
	int32_t post;

	offer(f);
	channels_join(f, GERMAN_KEY, id);
	post = channels_post(f, GERMAN_KEY, id, "buy this");
	report = about(id, &post, 1);
	assert_int_equal(fixture_end(f, report_check_sender(fixture_call(f, OWNER_KEY), &report,
						user_peer(people.german))),
		0);
	fixture_refused(f,
		report_check_sender(fixture_call(f, GERMAN_KEY), &report, user_peer(people.german)),
		400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(f,
		report_check_sender(
			fixture_call(f, OWNER_KEY), &report, user_peer(people.indonesian)),
		400, "USER_ID_INVALID");
	report.count = 0;
	fixture_refused(f,
		report_check_sender(fixture_call(f, OWNER_KEY), &report, user_peer(people.german)),
		400, "MSG_ID_INVALID");
}

static void old_receipts_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct report report;
	int64_t id;

	channels_people(f);
	id = public_channel(f, true);
	offer(f);
	report = about(id, NULL, 0);
	filed(f, GERMAN_KEY, &report);
	f->now_s += (int64_t)401 * 86400;
	assert_false(reports_purge(fixture_call(f, 99)));
	assert_int_equal(fixture_end(f, 0), 0);
	outcome(f, 1, "remove", f->now_s);
	tell(f);
	assert_int_equal(letters(f, GERMAN_KEY, "Report 1"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)
		TEST(the_desk_gets_no_reporter),
		TEST(several_posts_have_neighbouring_numbers),
		TEST(the_outcome_is_told_once),
		TEST(what_is_not_so_is_refused),
		TEST(a_day_holds_so_many_reports),
		TEST(in_the_home_it_counts_against_the_author),
		TEST(an_admin_reports_what_a_member_sent),
		TEST(old_receipts_are_forgotten),
	};

	return cmocka_run_group_tests_name("core/reports", tests, NULL, NULL);
}
