/* SPDX-License-Identifier: Apache-2.0 */
/* What people write as the subject of a notice. */
#include "../unit.h"

#include "desk/lanes/countries.h"
#include "desk/lanes/notices.h"
#include "desk/figures/public.h"
#include "desk/cases/subject.h"

static void subjects(void **state)
{
	static const struct {
		const char *text;
		enum subject_kind kind;
		const char *name;
		int32_t post;
	} rows[] = {
		{"@Kabar", SUBJECT_PUBLIC, "kabar", 0},
		{"@kabar/12", SUBJECT_PUBLIC, "kabar", 12},
		{"https://t.me/kabar", SUBJECT_PUBLIC, "kabar", 0},
		{"https://t.me/kabar/", SUBJECT_PUBLIC, "kabar", 0},
		{"HTTP://any.host:8443/kabar/7?single#x", SUBJECT_PUBLIC, "kabar", 7},
		{"t.me/s/kabar/7", SUBJECT_PUBLIC, "kabar", 7},
		{"tg://resolve?domain=kabar&post=7", SUBJECT_PUBLIC, "kabar", 7},
		{"tg://resolve?post=7&domain=kabar", SUBJECT_PUBLIC, "kabar", 7},
		{"https://t.me/c/123/4", SUBJECT_PRIVATE, NULL, 0},
		{"https://t.me/+AbC", SUBJECT_PRIVATE, NULL, 0},
		{"https://t.me/joinchat/x", SUBJECT_PRIVATE, NULL, 0},
		{"https://t.me/JoinChat/x", SUBJECT_PRIVATE, NULL, 0},
		{"+62 (812) 345-678", SUBJECT_PRIVATE, NULL, 0},
		{"081234567", SUBJECT_PRIVATE, NULL, 0},
		{"@6281234567", SUBJECT_PRIVATE, NULL, 0},
		{"tg://join?invite=x", SUBJECT_PRIVATE, NULL, 0},
		{"tg://resolve?phone=62812", SUBJECT_PRIVATE, NULL, 0},
		{"tg://user?id=1", SUBJECT_PRIVATE, NULL, 0},
		{"@kabar/0", SUBJECT_UNCLEAR, NULL, 0},
		{"@kabar/12/13", SUBJECT_UNCLEAR, NULL, 0},
		{"@kabar/9999999999", SUBJECT_UNCLEAR, NULL, 0},
		{"@ka bar", SUBJECT_UNCLEAR, NULL, 0},
		{"@1kabar", SUBJECT_UNCLEAR, NULL, 0},
		{"kabar", SUBJECT_UNCLEAR, NULL, 0},
		{"https://t.me/kabar/1/2/3/4/5", SUBJECT_UNCLEAR, NULL, 0},
		{"", SUBJECT_UNCLEAR, NULL, 0},
		{"@", SUBJECT_UNCLEAR, NULL, 0},
		{"https:///", SUBJECT_UNCLEAR, NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct subject subject;
		enum subject_kind kind = subject_parse(bytes_from_str(rows[i].text), &subject);

		if (kind != rows[i].kind)
			print_error("%s\n", rows[i].text);
		assert_int_equal(kind, rows[i].kind);
		if (kind != SUBJECT_PUBLIC)
			continue;
		assert_string_equal(subject.name, rows[i].name);
		assert_int_equal(subject.post, rows[i].post);
	}
}

static void comments(void **state)
{
	static const struct {
		const char *text;
		enum subject_kind kind;
		int32_t comment;
	} rows[] = {
		{"https://t.me/kabar/7?comment=34", SUBJECT_PUBLIC, 34},
		{"t.me/s/kabar/7?single&comment=34#x", SUBJECT_PUBLIC, 34},
		{"tg://resolve?domain=kabar&post=7&comment=34", SUBJECT_PUBLIC, 34},
		{"https://t.me/kabar?comment=34", SUBJECT_PUBLIC, 0},
		{"https://t.me/kabar/7?comment=", SUBJECT_UNCLEAR, 0},
		{"https://t.me/kabar/7?comment=0", SUBJECT_UNCLEAR, 0},
		{"https://t.me/kabar/7?comment=3x", SUBJECT_UNCLEAR, 0},
		{"tg://resolve?domain=kabar&comment=34", SUBJECT_UNCLEAR, 0},
		{"https://t.me/c/123/4?comment=34", SUBJECT_PRIVATE, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct subject subject;

		assert_int_equal(
			subject_parse(bytes_from_str(rows[i].text), &subject), rows[i].kind);
		if (rows[i].kind == SUBJECT_PUBLIC)
			assert_int_equal(subject.comment, rows[i].comment);
	}
}

static void laws(void **state)
{
	assert_true(notice_law_is_publishable(BYTES_LITERAL("UU No. 5/2018 Pasal 14")));
	assert_true(notice_law_is_publishable(BYTES_LITERAL("Regulation (EU) 2021/784 Art. 3")));
	assert_false(notice_law_is_publishable(BYTES_LITERAL("ask @somebody")));
	assert_false(notice_law_is_publishable(BYTES_LITERAL("see https://x")));
	assert_false(notice_law_is_publishable(BYTES_LITERAL("see T.me/x")));
	assert_false(notice_law_is_publishable(BYTES_LITERAL("phone 081234567")));
	assert_false(notice_law_is_publishable(BYTES_LITERAL("two\nlines")));
}

static void ledger_paths(void **state)
{
	static const char *const good[] = {
		"checkpoint", "verifier", "tile/0/000", "tile/entries/x001/234.p/17"};
	static const char *const bad[] = {"", "tile", "tile/", "tile//0", "tile/../x", "tile/.x",
		"/tile/0/000", "tile/0/000.new", "ledger.key", "tile/0/000/", "tile/0/000.",
		"tile/0/%2e", "tile/0/\\", "checkpoint.new"};

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(public_ledger_path_ok(bytes_from_str(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(public_ledger_path_ok(bytes_from_str(bad[i])));
}

static void countries(void **state)
{
	assert_true(country_is_iso(BYTES_LITERAL("ID")));
	assert_true(country_is_iso(BYTES_LITERAL("ZW")));
	assert_false(country_is_iso(BYTES_LITERAL("id")));
	assert_false(country_is_iso(BYTES_LITERAL("XX")));
	assert_false(country_is_iso(BYTES_LITERAL("D ")));
	assert_false(country_is_iso(BYTES_LITERAL("IDN")));
	assert_false(country_is_iso(BYTES_LITERAL("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subjects),
		cmocka_unit_test(comments),
		cmocka_unit_test(laws),
		cmocka_unit_test(ledger_paths),
		cmocka_unit_test(countries),
	};

	return cmocka_run_group_tests_name("desk/subject", tests, NULL, no_arena_leaked);
}
