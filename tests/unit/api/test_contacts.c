/* SPDX-License-Identifier: Apache-2.0 */
/* api/contacts.c, contacts_find.c, contacts_top.c, peer_settings.c: contacts, finding people and
 * the bar above a chat, as clients ask for them in every layer. The rules are in tests/unit/core.
 */
#include "layered.h"

#include <string.h>

#include "core/dialogs/dialog_places.h"
#include "core/messages/messages.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"
#define NOBODY "6281200000009"

struct pair {
	int64_t ayu, budi; /* on keys 1 and 2 */
};

static struct pair pair_make(struct fixture *f)
{
	struct pair pair;

	pair.ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	pair.budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	return pair;
}

static void import(struct fixture *f, const char *phone, const char *name)
{
	struct tl_contacts_importContacts *req;
	struct tl_inputPhoneContact *item;
	union tl_reply reply;

	fixture_call(f, 1);
	req = REQUEST(contacts_importContacts);
	item = REQUEST(inputPhoneContact);
	item->client_id = 7;
	item->phone = B(phone);
	item->first_name = B(name);
	item->last_name = B("");
	req->contacts = tl_objects_new(&f->arena, 1);
	req->contacts.at[0] = &item->o;
	RUN(contacts_importContacts, req);
}

static struct tl_object *dialog_with(struct fixture *f, int64_t id)
{
	struct tl_inputUser *user = TL_AS(inputUser, layered_user(f, id));
	struct tl_inputPeerUser *peer = REQUEST(inputPeerUser);

	peer->user_id = user->user_id;
	peer->access_hash = user->access_hash;
	return &peer->o;
}

static struct tl_object *note_of(struct fixture *f, const char *text)
{
	struct tl_textWithEntities *note = REQUEST(textWithEntities);

	note->text = B(text);
	note->entities = tl_objects_new(&f->arena, 0);
	return &note->o;
}

static struct tl_object *only_user(const struct tl_object *updates)
{
	const struct tl_updates *all = TL_AS(updates, updates);

	assert_non_null(all);
	assert_int_equal(all->users.count, 1);
	return all->users.at[0];
}

static void somebody_met_is_added_by_id_with_a_note(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_contacts_addContact *add;
	struct tl_contacts_updateContactNote *change;
	struct tl_users_getFullUser *get;
	const struct tl_userFull *full;
	const struct tl_user *user;
	union tl_reply reply;

	fixture_call(f, 1);
	add = REQUEST(contacts_addContact);
	add->id = &REQUEST(inputUserSelf)->o;
	add->first_name = B("Me");
	REFUSED(contacts_addContact, add, 400, "CONTACT_ID_INVALID");
	fixture_call(f, 1);
	add = REQUEST(contacts_addContact);
	add->id = layered_user(f, pair.budi);
	add->first_name = B("");
	REFUSED(contacts_addContact, add, 400, "CONTACT_NAME_EMPTY");
	fixture_call(f, 1);
	add = REQUEST(contacts_addContact);
	add->id = layered_user(f, pair.budi);
	add->first_name = B("Neighbour");
	add->note = note_of(f, "has the key");
	RUN(contacts_addContact, add);
	user = TL_AS(user, only_user(reply.object));
	assert_true(user->contact);
	assert_true(bytes_equal_str(user->first_name, "Neighbour"));
	assert_null(user->phone.data);

	fixture_call(f, 1);
	change = REQUEST(contacts_updateContactNote);
	change->id = layered_user(f, pair.budi);
	change->note = note_of(f, "gave it back");
	RUN(contacts_updateContactNote, change);
	fixture_call(f, 1);
	get = REQUEST(users_getFullUser);
	get->id = layered_user(f, pair.budi);
	RUN(users_getFullUser, get);
	full = TL_AS(userFull, TL_AS(users_userFull, reply.object)->full_user);
	assert_true(bytes_equal_str(TL_AS(textWithEntities, full->note)->text, "gave it back"));
	fixture_call(f, 2);
	change = REQUEST(contacts_updateContactNote);
	change->id = layered_user(f, pair.ayu);
	change->note = note_of(f, "a stranger");
	REFUSED(contacts_updateContactNote, change, 400, "CONTACT_MISSING");
}

static void a_number_is_shared_with_a_contact(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_contacts_acceptContact *share;
	struct tl_users_getUsers *get;
	union tl_reply reply;

	fixture_call(f, 1);
	share = REQUEST(contacts_acceptContact);
	share->id = layered_user(f, pair.budi);
	REFUSED(contacts_acceptContact, share, 400, "CONTACT_REQ_MISSING");
	import(f, BUDI, "B");
	fixture_call(f, 1);
	share = REQUEST(contacts_acceptContact);
	share->id = layered_user(f, pair.budi);
	RUN(contacts_acceptContact, share);
	assert_int_equal(TL_AS(user, only_user(reply.object))->id, pair.budi);
	fixture_call(f, 2);
	get = REQUEST(users_getUsers);
	get->id = tl_objects_new(&f->arena, 1);
	get->id.at[0] = layered_user(f, pair.ayu);
	RUN(users_getUsers, get);
	assert_true(bytes_equal_str(TL_AS(user, reply.objects.at[0])->phone, AYU));
}

static void what_was_saved_is_listed_and_forgotten(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_contacts_getContactIDs *ids;
	struct tl_contacts_editCloseFriends *close;
	union tl_reply reply;

	import(f, BUDI, "B");
	import(f, NOBODY, "N");
	fixture_call(f, 1);
	RUN(contacts_getSaved, REQUEST(contacts_getSaved));
	assert_int_equal(reply.objects.count, 2);
	fixture_call(f, 1);
	ids = REQUEST(contacts_getContactIDs);
	RUN(contacts_getContactIDs, ids);
	assert_int_equal(reply.ints.count, 2);
	assert_int_equal(reply.ints.at[0], (int32_t)pair.budi);
	assert_int_equal(reply.ints.at[1], 0); /* has no account */
	fixture_call(f, 1);
	RUN(contacts_getStatuses, REQUEST(contacts_getStatuses));
	assert_int_equal(reply.objects.count, 1);
	assert_int_equal(TL_AS(contactStatus, reply.objects.at[0])->user_id, pair.budi);
	fixture_call(f, 1);
	close = REQUEST(contacts_editCloseFriends);
	close->id.count = 1;
	close->id.at = &pair.budi;
	RUN(contacts_editCloseFriends, close);
	fixture_call(f, 1);
	RUN(contacts_resetSaved, REQUEST(contacts_resetSaved));
	fixture_call(f, 1);
	RUN(contacts_getSaved, REQUEST(contacts_getSaved));
	assert_int_equal(reply.objects.count, 1);
}

static void people_are_found_by_number_and_by_name(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_contacts_resolvePhone *by_phone;
	struct tl_contacts_importContactToken *by_token;
	struct tl_contacts_search *search;
	const struct tl_contacts_found *found;
	const char *url;
	union tl_reply reply;

	fixture_call(f, 1);
	by_phone = REQUEST(contacts_resolvePhone);
	by_phone->phone = B(NOBODY);
	REFUSED(contacts_resolvePhone, by_phone, 400, "PHONE_NOT_OCCUPIED");
	fixture_call(f, 1);
	by_phone = REQUEST(contacts_resolvePhone);
	by_phone->phone = B(BUDI);
	RUN(contacts_resolvePhone, by_phone);
	assert_int_equal(TL_AS(peerUser, TL_AS(contacts_resolvedPeer, reply.object)->peer)->user_id,
		pair.budi);
	import(f, BUDI, "Baker");
	fixture_call(f, 1);
	search = REQUEST(contacts_search);
	search->q = B("bak");
	search->limit = 10;
	RUN(contacts_search, search);
	found = TL_AS(contacts_found, reply.object);
	assert_int_equal(found->my_results.count, 1);
	assert_int_equal(TL_AS(peerUser, found->my_results.at[0])->user_id, pair.budi);
	fixture_call(f, 2);
	RUN(contacts_exportContactToken, REQUEST(contacts_exportContactToken));
	url = (const char *)layered_keep(TL_AS(exportedContactToken, reply.object)->url).data;
	fixture_call(f, 1);
	by_token = REQUEST(contacts_importContactToken);
	by_token->token = B(strrchr(url, '/') + 1);
	RUN(contacts_importContactToken, by_token);
	assert_int_equal(TL_AS(user, reply.object)->id, pair.budi);
}

static void write_to(struct fixture *f, uint64_t key_id, int64_t to)
{
	struct message draft = {.text = BYTES_LITERAL("hello"), .random_id = 5};
	struct update_set answer;

	assert_int_equal(fixture_end(f, message_send(fixture_call(f, key_id), user_peer(to), &draft,
						&answer)),
		0);
}

static void whom_one_writes_to_comes_first(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_contacts_resetTopPeerRating *reset;
	struct tl_contacts_toggleTopPeers *toggle;
	struct tl_contacts_getTopPeers *get;
	const struct tl_contacts_topPeers *top;
	union tl_reply reply;

	write_to(f, 1, pair.budi);
	fixture_call(f, 1);
	get = REQUEST(contacts_getTopPeers);
	get->correspondents = true;
	get->limit = 10;
	RUN(contacts_getTopPeers, get);
	top = TL_AS(contacts_topPeers, reply.object);
	assert_int_equal(top->categories.count, 1);
	assert_int_equal(TL_AS(topPeerCategoryPeers, top->categories.at[0])->peers.count, 1);
	fixture_call(f, 1);
	reset = REQUEST(contacts_resetTopPeerRating);
	reset->category = &REQUEST(topPeerCategoryCorrespondents)->o;
	reset->peer = dialog_with(f, pair.budi);
	RUN(contacts_resetTopPeerRating, reset);
	fixture_call(f, 1);
	toggle = REQUEST(contacts_toggleTopPeers);
	RUN(contacts_toggleTopPeers, toggle);
	fixture_call(f, 1);
	get = REQUEST(contacts_getTopPeers);
	get->correspondents = true;
	get->limit = 10;
	RUN(contacts_getTopPeers, get);
	assert_non_null(TL_AS(contacts_topPeersDisabled, reply.object));
}

static void a_stranger_has_a_bar_until_it_is_hidden(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct tl_messages_getPeerSettings *get;
	struct tl_messages_hidePeerSettingsBar *hide;
	struct tl_messages_reportSpam *report;
	const struct tl_peerSettings *settings;
	union tl_reply reply;

	write_to(f, 2, pair.ayu);
	fixture_call(f, 1);
	get = REQUEST(messages_getPeerSettings);
	get->peer = dialog_with(f, pair.budi);
	RUN(messages_getPeerSettings, get);
	settings = TL_AS(peerSettings, TL_AS(messages_peerSettings, reply.object)->settings);
	assert_true(settings->add_contact && settings->block_contact && settings->report_spam);
	fixture_call(f, 1);
	report = REQUEST(messages_reportSpam);
	report->peer = dialog_with(f, pair.budi);
	RUN(messages_reportSpam, report);
	fixture_call(f, 1);
	hide = REQUEST(messages_hidePeerSettingsBar);
	hide->peer = dialog_with(f, pair.budi);
	RUN(messages_hidePeerSettingsBar, hide);
	fixture_call(f, 1);
	get = REQUEST(messages_getPeerSettings);
	get->peer = dialog_with(f, pair.budi);
	RUN(messages_getPeerSettings, get);
	settings = TL_AS(peerSettings, TL_AS(messages_peerSettings, reply.object)->settings);
	assert_false(settings->add_contact || settings->block_contact || settings->report_spam);
}

static void a_profile_says_what_the_own_chat_has(void **state)
{
	struct fixture *f = *state;
	struct pair pair = pair_make(f);
	struct message later = {.text = BYTES_LITERAL("later"), .random_id = 6};
	const struct peer budi = user_peer(pair.budi);
	const int32_t archive = 1;
	struct tl_users_getFullUser *get;
	const struct tl_userFull *full;
	struct update_set answer;
	union tl_reply reply;

	write_to(f, 1, pair.budi);
	later.date_s = f->now_s + 3600;
	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, 1), budi, &later, &answer)), 0);
	assert_int_equal(
		fixture_end(f, dialogs_move(fixture_call(f, 1), &budi, &archive, 1, &answer)), 0);
	fixture_call(f, 1);
	get = REQUEST(users_getFullUser);
	get->id = layered_user(f, pair.budi);
	RUN(users_getFullUser, get);
	full = TL_AS(userFull, TL_AS(users_userFull, reply.object)->full_user);
	assert_true(full->has_scheduled);
	assert_int_equal(full->folder_id, 1);
	assert_false(full->has_pinned_msg_id);
	/* The other's own chat has nothing of this. */
	fixture_call(f, 2);
	get = REQUEST(users_getFullUser);
	get->id = layered_user(f, pair.ayu);
	RUN(users_getFullUser, get);
	full = TL_AS(userFull, TL_AS(users_userFull, reply.object)->full_user);
	assert_false(full->has_scheduled || full->has_folder_id);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(somebody_met_is_added_by_id_with_a_note),
		TEST(a_number_is_shared_with_a_contact),
		TEST(what_was_saved_is_listed_and_forgotten),
		TEST(people_are_found_by_number_and_by_name),
		TEST(whom_one_writes_to_comes_first),
		TEST(a_stranger_has_a_bar_until_it_is_hidden),
		TEST(a_profile_says_what_the_own_chat_has),
	};

	return cmocka_run_group_tests_name("api/contacts", tests, NULL, NULL);
}
