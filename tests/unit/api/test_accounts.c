/* SPDX-License-Identifier: Apache-2.0 */
/* api/help.c, auth.c, account.c, contacts.c, users.c: what clients get, and that every answer can
 * be encoded in every layer and decoded again. */
#include "layered.h"

#include <stdio.h>

#include "api/encode_user.h"
#include "core/accounts/users.h"
#include "tl/read.h"
#include "tl/write.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"

static void config_names_the_dc_that_the_client_talks_to(void **state)
{
	struct fixture *f = *state;
	union tl_reply reply, back;

	for (int dc = 1; dc <= 5; dc++) {
		struct tl_config *config;

		fixture_call(f, 1)->dc = dc;
		RUN(help_getConfig, REQUEST(help_getConfig));
		layered_read(&f->arena, TL_help_getConfig, &reply, 152, &back);
		config = TL_AS(config, back.object);
		assert_int_equal(config->this_dc, dc);
		assert_int_equal(config->dc_options.count, 5);
		for (int i = 0; i < 5; i++) {
			struct tl_dcOption *option = TL_AS(dcOption, config->dc_options.at[i]);

			assert_int_equal(option->id, i + 1);
			assert_int_equal(option->port, 8443);
			assert_true(bytes_equal_str(option->ip_address, "127.0.0.1"));
		}
		assert_false(config->test_mode);
		assert_true(config->expires > config->date);
		RUN(help_getNearestDc, REQUEST(help_getNearestDc));
		assert_int_equal(TL_AS(nearestDc, reply.object)->nearest_dc, dc);
	}
}

static void what_has_not_changed_is_not_sent_again(void **state)
{
	struct fixture *f = *state;
	struct tl_help_getCountriesList *countries;
	struct tl_help_getAppConfig *app;
	union tl_reply reply;

	fixture_call(f, 1);
	countries = REQUEST(help_getCountriesList);
	RUN(help_getCountriesList, countries);
	assert_true(TL_AS(help_countriesList, reply.object)->countries.count > 200);
	countries->hash = TL_AS(help_countriesList, reply.object)->hash;
	RUN(help_getCountriesList, countries);
	assert_int_equal(reply.object->name, TL_help_countriesListNotModified);
	app = REQUEST(help_getAppConfig);
	RUN(help_getAppConfig, app);
	app->hash = TL_AS(help_appConfig, reply.object)->hash;
	assert_non_null(TL_AS(jsonObject, TL_AS(help_appConfig, reply.object)->config));
	RUN(help_getAppConfig, app);
	assert_int_equal(reply.object->name, TL_help_appConfigNotModified);
}

static void empty_answers_are_well_formed(void **state)
{
	struct fixture *f = *state;
	union tl_reply reply;
	struct tl_account_getNotifySettings *notify;
	struct tl_contacts_getTopPeers *top;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	fixture_call(f, 1);
	RUN(help_getTermsOfServiceUpdate, REQUEST(help_getTermsOfServiceUpdate));
	RUN(help_getPromoData, REQUEST(help_getPromoData));
	RUN(contacts_getBlocked, REQUEST(contacts_getBlocked));
	top = REQUEST(contacts_getTopPeers);
	top->correspondents = true;
	top->limit = 10;
	RUN(contacts_getTopPeers, top);
	RUN(contacts_getStatuses, REQUEST(contacts_getStatuses));
	assert_int_equal(reply.objects.count, 0);
	RUN(auth_dropTempAuthKeys, REQUEST(auth_dropTempAuthKeys));
	assert_true(reply.boolean);
	notify = REQUEST(account_getNotifySettings);
	notify->peer = &TL_NEW(&f->arena, inputNotifyUsers)->o;
	RUN(account_getNotifySettings, notify);
	assert_true(TL_AS(peerNotifySettings, reply.object)->show_previews);
}

static void login_from_the_first_code_to_the_second_device(void **state)
{
	struct fixture *f = *state;
	struct tl_auth_sendCode *send;
	struct tl_auth_signIn *in;
	struct tl_auth_signUp *up;
	struct tl_auth_sentCode *sent;
	struct tl_user *user;
	union tl_reply reply;
	char code[8], hash[64];

	fixture_call(f, 1);
	send = REQUEST(auth_sendCode);
	send->phone_number = B("+" AYU);
	RUN(auth_sendCode, send);
	sent = TL_AS(auth_sentCode, reply.object);
	assert_int_equal(sent->type->name, TL_auth_sentCodeTypeSms);
	snprintf(hash, sizeof(hash), "%.*s", (int)sent->phone_code_hash.size,
		sent->phone_code_hash.data);
	snprintf(code, sizeof(code), "%.5s",
		(const char *)fixture_effect(f, EFFECT_CODE, 0)->code.data);

	fixture_call(f, 1);
	in = REQUEST(auth_signIn);
	in->phone_number = B(AYU);
	in->phone_code_hash = B(hash);
	REFUSED(auth_signIn, in, 400, "PHONE_CODE_EMPTY");
	fixture_call(f, 1);
	in = REQUEST(auth_signIn);
	in->phone_number = B(AYU);
	in->phone_code_hash = B(hash);
	in->phone_code = B(code);
	RUN(auth_signIn, in);
	assert_int_equal(reply.object->name, TL_auth_authorizationSignUpRequired);

	fixture_call(f, 1);
	up = REQUEST(auth_signUp);
	up->phone_number = B(AYU);
	up->phone_code_hash = B(hash);
	up->first_name = B("Ayu");
	up->last_name = B("");
	RUN(auth_signUp, up);
	user = TL_AS(user, TL_AS(auth_authorization, reply.object)->user);
	assert_true(user->self);
	assert_int_equal(user->id, USER_FIRST_ID);
	assert_true(bytes_equal_str(user->phone, AYU));
	assert_null(user->last_name.data);

	fixture_call(f, 2);
	send = REQUEST(auth_sendCode);
	send->phone_number = B(AYU);
	f->env.codes_to_console = false;
	RUN(auth_sendCode, send);
	assert_int_equal(TL_AS(auth_sentCode, reply.object)->type->name, TL_auth_sentCodeTypeApp);

	fixture_call(f, 1);
	RUN(account_getAuthorizations, REQUEST(account_getAuthorizations));
	assert_int_equal(TL_AS(account_authorizations, reply.object)->authorizations.count, 1);
	fixture_call(f, 1);
	RUN(auth_logOut, REQUEST(auth_logOut));
	assert_int_equal(fixture_call(f, 1)->user, 0);
}

static void an_export_goes_to_one_dc(void **state)
{
	struct fixture *f = *state;
	struct tl_auth_exportAuthorization *export;
	struct tl_auth_importAuthorization *import;
	struct tl_auth_exportedAuthorization *exported;
	union tl_reply reply;
	struct bytes token;
	int64_t id;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	fixture_call(f, 1);
	export = REQUEST(auth_exportAuthorization);
	export->dc_id = 6;
	REFUSED(auth_exportAuthorization, export, 400, "DC_ID_INVALID");
	fixture_call(f, 1);
	export = REQUEST(auth_exportAuthorization);
	export->dc_id = 3;
	RUN(auth_exportAuthorization, export);
	exported = TL_AS(auth_exportedAuthorization, reply.object);
	token = layered_keep(exported->bytes);
	id = exported->id;
	fixture_call(f, 2);
	import = REQUEST(auth_importAuthorization);
	import->id = id;
	import->bytes = token;
	RUN(auth_importAuthorization, import);
	assert_true(TL_AS(user, TL_AS(auth_authorization, reply.object)->user)->self);
	assert_int_equal(fixture_call(f, 2)->user, id);
}

/* As clients compute it: https://core.telegram.org/api/offsets#hash-generation */
static int64_t hash_of(int64_t saved, int64_t id)
{
	uint64_t hash = (uint64_t)saved;

	hash ^= hash >> 21;
	hash ^= hash << 35;
	hash ^= hash >> 4;
	return (int64_t)(hash + (uint64_t)id);
}

static struct tl_object *input_user(struct fixture *f, int64_t id, int64_t access_hash)
{
	struct tl_inputUser *input = TL_NEW(&f->arena, inputUser);

	input->user_id = id;
	input->access_hash = access_hash;
	return &input->o;
}

static void contacts_are_imported_listed_and_deleted(void **state)
{
	struct fixture *f = *state;
	int64_t budi, access_hash;
	struct tl_contacts_importContacts *import;
	struct tl_inputPhoneContact *item;
	struct tl_contacts_importedContacts *imported;
	struct tl_contacts_getContacts *get;
	struct tl_contacts_contacts *contacts;
	struct tl_contacts_deleteContacts *delete;
	struct tl_contacts_deleteByPhones *by_phone;
	struct bytes number = B(BUDI);
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	fixture_call(f, 1);
	import = REQUEST(contacts_importContacts);
	import->contacts = tl_objects_new(&f->arena, 1);
	item = TL_NEW(&f->arena, inputPhoneContact);
	item->client_id = 77;
	item->phone = B("+" BUDI);
	item->first_name = B("Mas");
	import->contacts.at[0] = &item->o;
	RUN(contacts_importContacts, import);
	imported = TL_AS(contacts_importedContacts, reply.object);
	assert_int_equal(imported->imported.count, 1);
	assert_int_equal(TL_AS(importedContact, imported->imported.at[0])->user_id, budi);
	assert_int_equal(TL_AS(importedContact, imported->imported.at[0])->client_id, 77);
	assert_true(TL_AS(user, imported->users.at[0])->contact);
	access_hash = TL_AS(user, imported->users.at[0])->access_hash;

	fixture_call(f, 1);
	get = REQUEST(contacts_getContacts);
	RUN(contacts_getContacts, get);
	contacts = TL_AS(contacts_contacts, reply.object);
	assert_int_equal(contacts->saved_count, 1);
	assert_int_equal(contacts->contacts.count, 1);
	get->hash = hash_of(1, budi);
	RUN(contacts_getContacts, get);
	assert_int_equal(reply.object->name, TL_contacts_contactsNotModified);

	fixture_call(f, 1);
	delete = REQUEST(contacts_deleteContacts);
	delete->id = tl_objects_new(&f->arena, 1);
	delete->id.at[0] = input_user(f, budi, access_hash);
	RUN(contacts_deleteContacts, delete);
	assert_false(TL_AS(user, TL_AS(updates, reply.object)->users.at[0])->contact);

	fixture_call(f, 1);
	import = REQUEST(contacts_importContacts);
	import->contacts = tl_objects_new(&f->arena, 1);
	import->contacts.at[0] = &TL_NEW(&f->arena, inputPhoneContact)->o;
	RUN(contacts_importContacts, import); /* no number: nothing to import, nothing refused */
	assert_int_equal(TL_AS(contacts_importedContacts, reply.object)->imported.count, 0);
	by_phone = REQUEST(contacts_deleteByPhones);
	by_phone->phones.count = 1;
	by_phone->phones.at = &number;
	RUN(contacts_deleteByPhones, by_phone);
	assert_true(reply.boolean);
}

static void people_are_named_by_hashes_made_for_the_caller(void **state)
{
	struct fixture *f = *state;
	int64_t budi;
	struct tl_users_getFullUser *full;
	struct tl_users_getUsers *get;
	struct tl_users_userFull *found;
	struct user view;
	union tl_reply reply;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	assert_int_equal(user_view(fixture_call(f, 1), budi, &view), 0);
	fixture_call(f, 1);
	full = REQUEST(users_getFullUser);
	full->id = input_user(f, budi, view.access_hash + 1);
	REFUSED(users_getFullUser, full, 400, "USER_ID_INVALID");
	fixture_call(f, 1);
	full = REQUEST(users_getFullUser);
	full->id = input_user(f, budi, view.access_hash);
	RUN(users_getFullUser, full);
	found = TL_AS(users_userFull, reply.object);
	assert_int_equal(TL_AS(userFull, found->full_user)->id, budi);
	assert_true(TL_AS(peerSettings, TL_AS(userFull, found->full_user)->settings)->add_contact);
	assert_null(TL_AS(user, found->users.at[0])->phone.data);
	fixture_call(f, 1);
	get = REQUEST(users_getUsers);
	get->id = tl_objects_new(&f->arena, 3);
	get->id.at[0] = &TL_NEW(&f->arena, inputUserSelf)->o;
	get->id.at[1] = input_user(f, budi, 5);
	get->id.at[2] = input_user(f, budi, view.access_hash);
	RUN(users_getUsers, get);
	assert_int_equal(reply.objects.count, 3);
	assert_true(TL_AS(user, reply.objects.at[0])->self);
	assert_int_equal(TL_AS(userEmpty, reply.objects.at[1])->id, budi);
	assert_int_equal(TL_AS(user, reply.objects.at[2])->id, budi);
}

static void a_user_looks_the_same_in_every_layer(void **state)
{
	struct fixture *f = *state;
	const struct user user = {.id = 1000007,
		.access_hash = -5,
		.first_name = B("Ayu"),
		.last_name = B(""),
		.phone = B(AYU),
		.is_contact = true,
		.is_mutual = true,
		.username = B("ayu_sari"),
		.status = {.online_until_s = 1000}};

	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_reader reader;
		struct tl_user *back;
		struct buf buf;

		buf_init(&buf, 0);
		tl_write_object(&buf, encode_user(&f->arena, &user), layers[i]);
		assert_false(buf.failed);
		tl_reader_init(&reader, buf_bytes(&buf), 65536);
		back = TL_AS(user, tl_read_object(&reader, &f->arena, TL_TYPE_User));
		assert_int_equal(tl_reader_finish(&reader), 0);
		assert_int_equal(back->id, 1000007);
		assert_int_equal(back->access_hash, -5);
		assert_true(back->contact && back->mutual_contact && !back->self);
		assert_true(bytes_equal_str(back->first_name, "Ayu"));
		assert_true(bytes_equal_str(back->phone, AYU));
		assert_true(bytes_equal_str(back->username, "ayu_sari"));
		assert_int_equal(TL_AS(userStatusOffline, back->status)->was_online, 1000);
		buf_release(&buf);
	}
}

static void a_status_is_told_as_exactly_as_it_may_be(void **state)
{
	static const struct {
		struct user_status status;
		enum tl_name name;
	} cases[] = {
		{{SEEN_EXACTLY, INT32_MAX, false}, TL_userStatusOnline},
		{{SEEN_EXACTLY, 1000, false}, TL_userStatusOffline},
		{{SEEN_RECENTLY, 0, true}, TL_userStatusRecently},
		{{SEEN_IN_WEEK, 0, true}, TL_userStatusLastWeek},
		{{SEEN_IN_MONTH, 0, true}, TL_userStatusLastMonth},
		{{SEEN_LONG_AGO, 0, false}, TL_userStatusEmpty},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tl_object *status = encode_user_status(&f->arena, &cases[i].status);

		assert_int_equal(status->name, cases[i].name);
		if (cases[i].status.seen == SEEN_IN_WEEK)
			assert_true(TL_AS(userStatusLastWeek, status)->by_me);
	}
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(config_names_the_dc_that_the_client_talks_to),
		CASE(what_has_not_changed_is_not_sent_again),
		CASE(empty_answers_are_well_formed),
		CASE(login_from_the_first_code_to_the_second_device),
		CASE(an_export_goes_to_one_dc),
		CASE(contacts_are_imported_listed_and_deleted),
		CASE(people_are_named_by_hashes_made_for_the_caller),
		CASE(a_user_looks_the_same_in_every_layer),
		CASE(a_status_is_told_as_exactly_as_it_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
