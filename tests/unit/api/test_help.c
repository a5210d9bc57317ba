/* SPDX-License-Identifier: Apache-2.0 */
/* api/help*.c and api/langpack.c: what an installation says of itself, and the packs that its
 * operator put there. */
#include "layered.h"

#include "core/chats/chats.h"
#include "core/languages.h"
#include "core/messages/media.h"
#include "core/messages/reactions.h"
#include "core/messages/read_dates.h"
#include "core/accounts/top_peers.h"

#define AYU "6281200000001"
#define HELP "447700900009"

static const struct tl_object *setting(const struct tl_help_appConfig *config, const char *key)
{
	const struct tl_jsonObject *all = TL_AS(jsonObject, config->config);

	for (uint32_t i = 0; i < all->value.count; i++) {
		struct tl_jsonObjectValue *entry = TL_AS(jsonObjectValue, all->value.at[i]);

		if (bytes_equal_str(entry->key, key))
			return entry->value;
	}
	return NULL;
}

static void limits_are_numbers_and_lists_are_lists(void **state)
{
	struct fixture *f = *state;
	struct tl_help_appConfig *config;
	union tl_reply reply;

	fixture_call(f, 1);
	RUN(help_getAppConfig, REQUEST(help_getAppConfig));
	config = TL_AS(help_appConfig, reply.object);
	assert_true(config->hash != 0);
	assert_true(TL_AS(jsonNumber, setting(config, "about_length_limit_default"))->value == 70);
	assert_true(TL_AS(jsonNumber, setting(config, "about_length_limit_premium"))->value == 70);
	assert_true(TL_AS(jsonBool, setting(config, "premium_purchase_blocked"))->value);
	assert_true(TL_AS(jsonBool, setting(config, "dialog_filters_enabled"))->value);
	assert_int_equal(TL_AS(jsonArray, setting(config, "autologin_domains"))->value.count, 0);
	assert_null(setting(config, "nothing"));
}

/* Each number that core/ checks, where clients read it. */
static void limits_are_those_that_the_rules_check(void **state)
{
	static const struct {
		const char *key;
		int value;
	} rows[] = {
		{"reactions_user_max_default", REACTIONS_PER_PERSON},
		{"pm_read_date_expire_period", READ_DATES_KEEP_S},
		{"chat_read_mark_expire_period", READ_DATES_KEEP_S},
		{"chat_read_mark_size_threshold", READ_DATES_GROUP_MAX},
	};
	struct fixture *f = *state;
	struct tl_help_appConfig *app;
	struct tl_config *config;
	union tl_reply reply;

	fixture_call(f, 1);
	RUN(help_getAppConfig, REQUEST(help_getAppConfig));
	app = TL_AS(help_appConfig, reply.object);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(TL_AS(jsonNumber, setting(app, rows[i].key))->value == rows[i].value);
	fixture_call(f, 1);
	RUN(help_getConfig, REQUEST(help_getConfig));
	config = TL_AS(config, reply.object);
	assert_int_equal(config->rating_e_decay, TOP_PEERS_DECAY_S);
	assert_int_equal(config->chat_size_max, CHAT_USERS_MAX);
	assert_int_equal(config->megagroup_size_max, INT32_MAX); /* joining refuses nobody for it */
	/* as invite links and exported ones begin */
	assert_true(bytes_equal(config->me_url_prefix, BYTES_LITERAL("https://t.me/")));
}

static void dice_that_clients_offer_are_thrown(void **state)
{
	struct fixture *f = *state;
	const struct tl_jsonArray *offered;
	union tl_reply reply;

	fixture_call(f, 1);
	RUN(help_getAppConfig, REQUEST(help_getAppConfig));
	offered =
		TL_AS(jsonArray, setting(TL_AS(help_appConfig, reply.object), "emojies_send_dice"));
	assert_int_equal(offered->value.count, 6);
	for (uint32_t i = 0; i < offered->value.count; i++) {
		struct media die = {.kind = MEDIA_DICE};

		die.texts[0] = TL_AS(jsonString, offered->value.at[i])->value;
		assert_int_equal(media_accept(&f->call, &die), 0);
		assert_true(die.value > 0);
	}
}

static void who_helps_is_named_by_the_operator(void **state)
{
	struct fixture *f = *state;
	struct tl_help_support *support;
	int64_t helper;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	fixture_call(f, 1);
	REFUSED(help_getSupport, REQUEST(help_getSupport), 400, "USER_INVALID");
	f->env.support = "+44 7700 900009";
	fixture_call(f, 1);
	REFUSED(help_getSupport, REQUEST(help_getSupport), 400, "USER_INVALID"); /* not there yet */
	helper = fixture_sign_up(f, 2, HELP, "Help", "");
	fixture_call(f, 1);
	RUN(help_getSupport, REQUEST(help_getSupport));
	support = TL_AS(help_support, reply.object);
	assert_true(bytes_equal_str(support->phone_number, HELP));
	assert_true(TL_AS(user, support->user)->id == helper);
}

static void an_invitation_is_in_the_account_s_language(void **state)
{
	struct fixture *f = *state;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	fixture_call(f, 1);
	RUN(help_getInviteText, REQUEST(help_getInviteText));
	assert_memory_equal(TL_AS(help_inviteText, reply.object)->message.data, "Saya ada di ", 12);
}

static struct arena pack_texts;
static struct language_pack pack;
static const struct languages languages = {&pack, 1};

static void give_pack(struct fixture *f)
{
	static const char text[] = "\"@name\" = \"Indonesian\"; \"a\" = \"A\";"
				   "\"n#one\" = \"1\"; \"n#other\" = \"N\";";

	pack = (struct language_pack){.client = B("tdesktop"), .code = B("id"), .version = 7};
	assert_int_equal(language_file_parse(&pack_texts, B(text), &pack, NULL), 0);
	f->env.languages = &languages;
}

static void packs_are_for_a_kind_of_client(void **state)
{
	struct fixture *f = *state;
	struct tl_langpack_getLanguages list = {.o = {TL_langpack_getLanguages}};
	struct tl_langpack_getLanguage one = {.o = {TL_langpack_getLanguage}};
	union tl_reply reply;

	list.lang_pack = B("tdesktop");
	fixture_call(f, 1);
	RUN(langpack_getLanguages, &list);
	assert_int_equal(reply.objects.count, 0);
	give_pack(f);
	fixture_call(f, 1);
	RUN(langpack_getLanguages, &list);
	assert_int_equal(reply.objects.count, 1);
	assert_int_equal(TL_AS(langPackLanguage, reply.objects.at[0])->strings_count, 2);
	list.lang_pack = B("ios");
	RUN(langpack_getLanguages, &list);
	assert_int_equal(reply.objects.count, 0);
	list.lang_pack = B("nothing");
	REFUSED(langpack_getLanguages, &list, 400, "LANG_PACK_INVALID");
	fixture_call(f, 1);
	one.lang_pack = B("tdesktop");
	one.lang_code = B("de");
	REFUSED(langpack_getLanguage, &one, 400, "LANG_CODE_NOT_SUPPORTED");
	fixture_call(f, 1);
	one.lang_code = B("id");
	RUN(langpack_getLanguage, &one);
	assert_true(bytes_equal_str(TL_AS(langPackLanguage, reply.object)->name, "Indonesian"));
}

static void who_has_the_version_gets_nothing_more(void **state)
{
	struct fixture *f = *state;
	struct tl_langpack_getDifference request = {.o = {TL_langpack_getDifference}};
	struct tl_langPackDifference *difference;
	union tl_reply reply;

	give_pack(f);
	fixture_call(f, 1);
	request.lang_pack = B("tdesktop");
	request.lang_code = B("id");
	request.from_version = 7;
	RUN(langpack_getDifference, &request);
	difference = TL_AS(langPackDifference, reply.object);
	assert_int_equal(difference->version, 7);
	assert_int_equal(difference->strings.count, 0);
	request.from_version = 6;
	RUN(langpack_getDifference, &request);
	difference = TL_AS(langPackDifference, reply.object);
	assert_int_equal(difference->from_version, 6);
	assert_int_equal(difference->strings.count, 2);
	assert_true(bytes_equal_str(
		TL_AS(langPackStringPluralized, difference->strings.at[1])->one_value, "1"));
}

static void a_string_that_is_not_there_is_said_to_be_gone(void **state)
{
	struct fixture *f = *state;
	struct tl_langpack_getStrings request = {.o = {TL_langpack_getStrings}};
	struct bytes keys[] = {B("x"), B("a")};
	union tl_reply reply;

	give_pack(f);
	fixture_call(f, 1);
	request.lang_pack = B("tdesktop");
	request.lang_code = B("id");
	request.keys = (struct tl_strings){2, keys};
	RUN(langpack_getStrings, &request);
	assert_non_null(TL_AS(langPackStringDeleted, reply.objects.at[0]));
	assert_true(bytes_equal_str(TL_AS(langPackString, reply.objects.at[1])->value, "A"));
}

static int teardown(void **state)
{
	arena_release(&pack_texts);
	arena_init(&pack_texts);
	return fixture_teardown(state);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(limits_are_numbers_and_lists_are_lists),
		TEST(limits_are_those_that_the_rules_check),
		TEST(dice_that_clients_offer_are_thrown),
		TEST(who_helps_is_named_by_the_operator),
		TEST(an_invitation_is_in_the_account_s_language),
		TEST(packs_are_for_a_kind_of_client),
		TEST(who_has_the_version_gets_nothing_more),
		TEST(a_string_that_is_not_there_is_said_to_be_gone),
	};

	arena_init(&pack_texts);
	return cmocka_run_group_tests_name("api/help", tests, NULL, NULL);
}
