/* SPDX-License-Identifier: Apache-2.0 */
/* What an older layer gets instead of what it does not know; results whose type changed. */
#include "unit.h"

static union tl_reply round_trip(
	struct arena *arena, enum tl_name method, const union tl_reply *reply, int layer)
{
	struct buf buf = {0};
	struct tl_reader reader;
	union tl_reply back;

	tl_write_result(&buf, method, reply, layer);
	assert_false(buf.failed);
	tl_reader_init(&reader, arena_bytes(arena, buf_bytes(&buf)), 65536);
	assert_int_equal(tl_read_result(&reader, arena, method, layer, &back), 0);
	assert_int_equal(tl_reader_finish(&reader), 0);
	buf_release(&buf);
	return back;
}

static struct tl_object *recode(struct arena *arena, const struct tl_object *object, int layer)
{
	struct buf buf = {0};
	struct tl_reader reader;
	struct tl_object *back;

	tl_write_object(&buf, object, layer);
	assert_false(buf.failed);
	tl_reader_init(&reader, arena_bytes(arena, buf_bytes(&buf)), 65536);
	back = tl_read_object(&reader, arena, TL_TYPE_ANY);
	assert_int_equal(tl_reader_finish(&reader), 0);
	buf_release(&buf);
	return back;
}

static void unknown_updates_are_left_out_of_vectors(void **state)
{
	struct arena arena;
	struct tl_updates *updates, *back;

	arena_init(&arena);
	updates = TL_NEW(&arena, updates);
	updates->updates = tl_objects_new(&arena, 2);
	updates->updates.at[0] = &TL_NEW(&arena, updateNewAuthorization)->o; /* since 167 */
	updates->updates.at[1] = &TL_NEW(&arena, updateMessageID)->o;
	back = TL_AS(updates, recode(&arena, &updates->o, 152));
	assert_int_equal(back->updates.count, 1);
	assert_non_null(TL_AS(updateMessageID, back->updates.at[0]));
	back = TL_AS(updates, recode(&arena, &updates->o, 228));
	assert_int_equal(back->updates.count, 2);
	arena_release(&arena);
}

static void an_update_of_an_unknown_privacy_key_is_left_out(void **state)
{
	struct arena arena;
	struct tl_updates *updates, *back;
	struct tl_updatePrivacy *about, *phone;

	arena_init(&arena);
	about = TL_NEW(&arena, updatePrivacy);
	about->key = &TL_NEW(&arena, privacyKeyAbout)->o; /* since 167 */
	phone = TL_NEW(&arena, updatePrivacy);
	phone->key = &TL_NEW(&arena, privacyKeyPhoneNumber)->o;
	updates = TL_NEW(&arena, updates);
	updates->updates = tl_objects_new(&arena, 2);
	updates->updates.at[0] = &about->o;
	updates->updates.at[1] = &phone->o;
	back = TL_AS(updates, recode(&arena, &updates->o, 158));
	assert_int_equal(back->updates.count, 1);
	phone = TL_AS(updatePrivacy, back->updates.at[0]);
	assert_non_null(TL_AS(privacyKeyPhoneNumber, phone->key));
	back = TL_AS(updates, recode(&arena, &updates->o, 167));
	assert_int_equal(back->updates.count, 2);
	assert_non_null(TL_AS(updateConfig, recode(&arena, &about->o, 158)));
	arena_release(&arena);
}

static void an_unknown_required_value_becomes_the_default(void **state)
{
	struct arena arena;
	struct tl_updateShort *update, *back;
	struct tl_updateUserTyping *typing;

	arena_init(&arena);
	update = TL_NEW(&arena, updateShort);
	update->update = &TL_NEW(&arena, updateNewAuthorization)->o;
	back = TL_AS(updateShort, recode(&arena, &update->o, 152));
	assert_non_null(TL_AS(updateConfig, back->update));

	typing = TL_NEW(&arena, updateUserTyping);
	typing->user_id = 5;
	typing->action = &TL_NEW(&arena, sendMessageTextDraftAction)->o; /* since 216 */
	typing = TL_AS(updateUserTyping, recode(&arena, &typing->o, 214));
	assert_true(typing->user_id == 5);
	assert_non_null(TL_AS(sendMessageCancelAction, typing->action));
	arena_release(&arena);
}

static void an_unknown_optional_value_is_left_out(void **state)
{
	struct arena arena;
	struct tl_message *message, *back;

	arena_init(&arena);
	message = TL_NEW(&arena, message);
	message->peer_id = peer_user(&arena, 1);
	message->reply_to = &TL_NEW(&arena, messageReplyStoryHeader)->o; /* since 167 */
	back = TL_AS(message, recode(&arena, &message->o, 158));
	assert_null(back->reply_to);
	back = TL_AS(message, recode(&arena, &message->o, 198));
	assert_non_null(TL_AS(messageReplyStoryHeader, back->reply_to));
	arena_release(&arena);
}

static void what_is_required_and_absent_is_made_up(void **state)
{
	struct arena arena;
	struct tl_messageService *service;

	arena_init(&arena);
	service = TL_AS(messageService, recode(&arena, &TL_NEW(&arena, messageService)->o, 228));
	assert_non_null(TL_AS(messageActionEmpty, service->action));
	assert_non_null(TL_AS(peerUser, service->peer_id));
	arena_release(&arena);
}

static void a_top_level_value_that_the_layer_lacks_becomes_the_default(void **state)
{
	struct arena arena;

	arena_init(&arena);
	assert_false(tl_name_in_layer(TL_updateNewAuthorization, 158));
	assert_true(tl_name_in_layer(TL_updateNewAuthorization, 167));
	assert_non_null(TL_AS(
		updateConfig, recode(&arena, &TL_NEW(&arena, updateNewAuthorization)->o, 158)));
	arena_release(&arena);
}

static void fields_of_another_type_are_kept_apart(void **state)
{
	struct arena arena;
	struct tl_dialogFilter *filter, *back;
	struct tl_textWithEntities *title;

	arena_init(&arena);
	filter = TL_NEW(&arena, dialogFilter);
	title = TL_NEW(&arena, textWithEntities);
	title->text = BYTES_LITERAL("new");
	filter->title = &title->o;
	filter->title_string = BYTES_LITERAL("old");
	back = TL_AS(dialogFilter, recode(&arena, &filter->o, 152));
	assert_true(bytes_equal_str(back->title_string, "old"));
	assert_null(back->title);
	back = TL_AS(dialogFilter, recode(&arena, &filter->o, 227));
	assert_true(bytes_equal_str(TL_AS(textWithEntities, back->title)->text, "new"));
	arena_release(&arena);
}

static void join_results_are_plain_updates_before_227(void **state)
{
	struct arena arena;
	union tl_reply reply;
	struct tl_updates *updates;

	arena_init(&arena);
	tl_reply_init(&reply, TL_channels_joinChannel, &arena);
	updates = TL_NEW(&arena, updates);
	updates->date = 99;
	TL_AS(messages_chatInviteJoinResultOk, reply.object)->updates = &updates->o;
	for (int layer = 152; layer <= 221; layer += 23) {
		union tl_reply old = round_trip(&arena, TL_channels_joinChannel, &reply, layer);

		assert_int_equal(TL_AS(updates, old.object)->date, 99);
	}
	assert_non_null(TL_AS(messages_chatInviteJoinResultOk,
		round_trip(&arena, TL_channels_joinChannel, &reply, 227).object));
	arena_release(&arena);
}

static void dialog_filters_are_a_vector_in_old_layers(void **state)
{
	struct arena arena;
	union tl_reply reply, old;
	struct tl_messages_dialogFilters *filters;

	arena_init(&arena);
	tl_reply_init(&reply, TL_messages_getDialogFilters, &arena);
	filters = TL_AS(messages_dialogFilters, reply.object);
	filters->filters = tl_objects_new(&arena, 1);
	filters->filters.at[0] = &TL_NEW(&arena, dialogFilterDefault)->o;
	old = round_trip(&arena, TL_messages_getDialogFilters, &reply, 152);
	assert_int_equal(old.objects.count, 1);
	assert_non_null(TL_AS(dialogFilterDefault, old.objects.at[0]));
	arena_release(&arena);
}

static void reports_and_app_config_answer_in_the_old_type(void **state)
{
	struct arena arena;
	union tl_reply reply = {0};
	struct tl_help_appConfig *config;

	arena_init(&arena);
	reply.object = &TL_NEW(&arena, reportResultChooseOption)->o;
	assert_true(round_trip(&arena, TL_messages_report, &reply, 152).boolean);
	assert_non_null(TL_AS(reportResultChooseOption,
		round_trip(&arena, TL_messages_report, &reply, 198).object));

	config = TL_NEW(&arena, help_appConfig);
	config->config = &TL_NEW(&arena, jsonObject)->o;
	reply.object = &config->o;
	assert_non_null(
		TL_AS(jsonObject, round_trip(&arena, TL_help_getAppConfig, &reply, 152).object));
	assert_non_null(TL_AS(
		help_appConfig, round_trip(&arena, TL_help_getAppConfig, &reply, 158).object));
	reply.object = &TL_NEW(&arena, help_appConfigNotModified)->o;
	assert_non_null(
		TL_AS(jsonNull, round_trip(&arena, TL_help_getAppConfig, &reply, 152).object));
	arena_release(&arena);
}

static void the_method_table_says_what_is_answered(void **state)
{
	const struct tl_method_info *info = tl_method_info(TL_messages_readHistory);

	assert_string_equal(info->text, "messages.readHistory");
	assert_int_equal(info->name, TL_messages_readHistory);
	assert_int_equal(info->result, TL_RESULT_STRUCT);
	assert_int_equal(info->reply, TL_messages_affectedMessages);
	assert_int_equal(info->request_size, sizeof(struct tl_messages_readHistory));
	assert_int_equal(info->reply_size, sizeof(struct tl_messages_affectedMessages));
	assert_int_equal(tl_method_info(TL_invokeWithLayer)->result, TL_RESULT_GENERIC);
	assert_int_equal(tl_method_info(TL_account_updateStatus)->result, TL_RESULT_BOOL);
	assert_int_equal(tl_method_info(TL_users_getUsers)->result, TL_RESULT_OBJECTS);
	assert_int_equal(tl_method_info(TL_messages_getDialogs)->result, TL_RESULT_OBJECT);
	assert_null(tl_method_info(TL_message));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_updates_are_left_out_of_vectors),
		cmocka_unit_test(an_update_of_an_unknown_privacy_key_is_left_out),
		cmocka_unit_test(an_unknown_required_value_becomes_the_default),
		cmocka_unit_test(an_unknown_optional_value_is_left_out),
		cmocka_unit_test(what_is_required_and_absent_is_made_up),
		cmocka_unit_test(a_top_level_value_that_the_layer_lacks_becomes_the_default),
		cmocka_unit_test(fields_of_another_type_are_kept_apart),
		cmocka_unit_test(join_results_are_plain_updates_before_227),
		cmocka_unit_test(dialog_filters_are_a_vector_in_old_layers),
		cmocka_unit_test(reports_and_app_config_answer_in_the_old_type),
		cmocka_unit_test(the_method_table_says_what_is_answered),
	};

	return cmocka_run_group_tests_name("tl/layers", tests, NULL, no_arena_leaked);
}
