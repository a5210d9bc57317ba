/* SPDX-License-Identifier: Apache-2.0 */
/* core/words.h: in which language the server speaks to whom, and with which sentences. */
#include "accounts_fixture.h"

#include "core/languages.h"
#include "core/words.h"
#include "store/home_keys.h"

#define BUDI "6281200000002"
#define EMMA "447700900002"

static void is_said(struct fixture *f, const char *language, const char *wanted)
{
	const struct word_value code = {"code", B("{name}")};
	struct bytes said = words_say(&f->call, B(language), WORD_CODE, &code, 1);

	assert_true(said.size > strlen(wanted));
	assert_memory_equal(said.data, wanted, strlen(wanted));
}

static void device_says(struct fixture *f, uint64_t key, const char *language)
{
	const struct home_device device = {1, B("phone"), B("1"), B("1"), B(language)};

	fixture_call(f, key);
	home_keys_set_device(
		call_home(&f->call), f->call.store->vault, f->call.arena, key, &device);
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_call(f, key);
}

static void language_is(struct fixture *f, int64_t account, const char *wanted)
{
	assert_true(bytes_equal_str(words_language_of(&f->call, account), wanted));
}

static void places_are_filled_once(void **state)
{
	struct fixture *f = *state;

	fixture_call(f, 1);
	is_said(f, "en", "Login code: {name}. Give");
	is_said(f, "id", "Kode masuk: {name}. Jangan");
	is_said(f, "xx", "Login code: ");
}

static void the_device_comes_before_the_number(void **state)
{
	struct fixture *f = *state;
	int64_t budi = fixture_sign_up(f, 1, BUDI, "Budi", "");
	int64_t emma = fixture_sign_up(f, 2, EMMA, "Emma", "");

	fixture_call(f, 1);
	language_is(f, budi, "id");
	language_is(f, emma, "en");
	language_is(f, 12345, "en"); /* nobody */
	device_says(f, 1, "EN-us");
	language_is(f, budi, "en");
	device_says(f, 1, "xx");
	language_is(f, budi, "id");
	assert_true(bytes_equal_str(words_language_of_phone(&f->call, B(BUDI)), "id"));
}

static void accepted_is(struct fixture *f, const char *header, const char *wanted)
{
	assert_true(bytes_equal_str(words_language_accepted(&f->call, B(header)), wanted));
}

static void a_reader_gets_the_language_he_likes_best(void **state)
{
	struct fixture *f = *state;

	fixture_call(f, 1);
	accepted_is(f, "", "en");
	accepted_is(f, "id", "id");
	accepted_is(f, "ID-id", "id");
	accepted_is(f, "fr, id;q=0.5 , en;q=0.4", "id");
	accepted_is(f, "en;q=0.4, id;q=0.55", "id");
	accepted_is(f, "id;q=0, en;q=0.001", "en");
	accepted_is(f, "id;q=1.5, en;q=0.9", "id");
	accepted_is(f, "id;q=x, id;level=1, id;q=0.5555, fr", "en");
	accepted_is(f, ",,;,;q=1,id", "id");
	f->env.language = "id";
	accepted_is(f, "fr", "id");
	accepted_is(f, "en;q=0.5, *", "id");
	language_is(f, fixture_sign_up(f, 2, EMMA, "Emma", ""), "id");
}

static void a_pack_of_the_installation_adds_a_language(void **state)
{
	struct fixture *f = *state;
	struct language_string text = {
		.key = B("code"), .forms = {[FORM_OTHER] = B("Kode: {code}!")}};
	struct language_pack pack = {
		.client = B("server"), .code = B("ms"), .strings = &text, .count = 1};
	const struct languages languages = {&pack, 1};

	f->env.languages = &languages;
	fixture_sign_up(f, 1, EMMA, "Emma", "");
	device_says(f, 1, "ms");
	language_is(f, f->call.user, "ms");
	is_said(f, "ms", "Kode: {name}");
	/* What it lacks is said in English. */
	assert_memory_equal(words_say(&f->call, B("ms"), WORD_INVITE, NULL, 0).data, "I am on ", 8);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(places_are_filled_once),
		TEST(the_device_comes_before_the_number),
		TEST(a_reader_gets_the_language_he_likes_best),
		TEST(a_pack_of_the_installation_adds_a_language),
	};

	return cmocka_run_group_tests_name("core/words", tests, NULL, NULL);
}
