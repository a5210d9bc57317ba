/* SPDX-License-Identifier: Apache-2.0 */
/* api/invites.c, join_requests.c: what clients get of links and requests, in every layer. */
#include "../core/chats_fixture.h"
#include "layered.h"

/* Here the fixture is the world's. */
#undef SEEN
#define SEEN(method, req)                                                                          \
	assert_int_equal(layered_see(w.f, tl_invoke_##method, &(req)->o, &reply), 0)
#define NEW(method) TL_NEW(&w.f->arena, method)

static const struct tl_chatInviteExported *exported(const struct tl_object *object)
{
	const struct tl_chatInviteExported *link = TL_AS(chatInviteExported, object);

	assert_non_null(link);
	return link;
}

/* The link's text; Anna made it. */
static struct bytes make(struct world *world, int64_t chat, bool permanent, bool asks)
{
	struct world w = *world;
	struct tl_messages_exportChatInvite *req;
	union tl_reply reply;

	fixture_call(w.f, ANNA);
	req = NEW(messages_exportChatInvite);
	req->peer = layered_chat(w.f, chat);
	req->legacy_revoke_permanent = permanent;
	req->request_needed = asks;
	if (!permanent) {
		req->title = B("Friends");
		req->expire_date = (int32_t)w.f->now_s + 60;
		req->has_expire_date = true;
	}
	SEEN(messages_exportChatInvite, req);
	assert_int_equal(exported(reply.object)->permanent, permanent);
	assert_int_equal(exported(reply.object)->request_needed, asks);
	assert_int_equal(exported(reply.object)->has_expire_date, !permanent);
	return layered_keep(exported(reply.object)->link);
}

static int import(struct world *world, int who, struct bytes link)
{
	struct world w = *world;
	struct tl_messages_importChatInvite *req;
	union tl_reply reply;

	fixture_call(w.f, (uint64_t)who);
	req = NEW(messages_importChatInvite);
	req->hash = link;
	return layered_run(w.f, tl_invoke_messages_importChatInvite, &req->o, &reply);
}

static const struct tl_object *check(struct world *world, int who, struct bytes link)
{
	struct world w = *world;
	struct tl_messages_checkChatInvite *req;
	union tl_reply reply;

	fixture_call(w.f, (uint64_t)who);
	req = NEW(messages_checkChatInvite);
	req->hash = link;
	SEEN(messages_checkChatInvite, req);
	return reply.object;
}

static void a_link_is_looked_at_and_followed(void **state)
{
	struct world w = world_make(state);
	const struct bytes link = make(&w, group(&w), true, false);
	const struct tl_chatInvite *invite = TL_AS(chatInvite, check(&w, DAN, link));

	assert_non_null(invite);
	assert_true(bytes_equal_str(invite->title, "Garden"));
	assert_int_equal(invite->participants_count, 3);
	assert_int_equal(invite->participants.count, 0);
	assert_false(invite->channel);
	assert_int_equal(import(&w, DAN, link), 0);
	assert_non_null(TL_AS(chatInviteAlready, check(&w, DAN, link)));
}

static void the_permanent_link_is_seen_and_replaced(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct bytes link = make(&w, chat, true, false);
	struct tl_messages_editExportedChatInvite *edit;
	struct tl_messages_getExportedChatInvite *get;
	const struct tl_messages_exportedChatInviteReplaced *replaced;
	union tl_reply reply;

	fixture_call(w.f, ANNA);
	get = NEW(messages_getExportedChatInvite);
	get->peer = layered_chat(w.f, chat);
	get->link = link;
	SEEN(messages_getExportedChatInvite, get);
	assert_non_null(TL_AS(messages_exportedChatInvite, reply.object));
	fixture_call(w.f, ANNA);
	edit = NEW(messages_editExportedChatInvite);
	edit->peer = layered_chat(w.f, chat);
	edit->link = link;
	edit->revoked = true;
	SEEN(messages_editExportedChatInvite, edit);
	replaced = TL_AS(messages_exportedChatInviteReplaced, reply.object);
	assert_non_null(replaced);
	assert_true(exported(replaced->invite)->revoked);
	assert_false(exported(replaced->new_invite)->revoked);
}

static void an_admin_sees_his_links(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct tl_messages_getExportedChatInvites *list;
	struct tl_messages_getAdminsWithInvites *admins;
	const struct tl_messages_exportedChatInvites *links;
	union tl_reply reply;

	make(&w, chat, true, false);
	make(&w, chat, false, false);
	fixture_call(w.f, ANNA);
	list = NEW(messages_getExportedChatInvites);
	list->peer = layered_chat(w.f, chat);
	list->admin_id = &NEW(inputUserSelf)->o;
	list->limit = 10;
	SEEN(messages_getExportedChatInvites, list);
	links = TL_AS(messages_exportedChatInvites, reply.object);
	assert_int_equal(links->count, 2);
	assert_int_equal(links->users.count, 1);
	fixture_call(w.f, ANNA);
	admins = NEW(messages_getAdminsWithInvites);
	admins->peer = layered_chat(w.f, chat);
	SEEN(messages_getAdminsWithInvites, admins);
	assert_int_equal(TL_AS(messages_chatAdminsWithInvites, reply.object)->admins.count, 1);
}

static void what_is_sold_elsewhere_is_not_here(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct tl_messages_exportChatInvite *req;
	union tl_reply reply;

	fixture_call(w.f, ANNA);
	req = NEW(messages_exportChatInvite);
	req->peer = layered_chat(w.f, chat);
	req->subscription_pricing = &NEW(starsSubscriptionPricing)->o;
	assert_int_equal(
		layered_run(w.f, tl_invoke_messages_exportChatInvite, &req->o, &reply), -1);
	assert_string_equal(w.f->call.fault.text, "PRICING_CHAT_INVALID");
}

/* ---- Requests ---- */

static const struct tl_chatFull *page_of(struct world *world, int who, int64_t chat)
{
	struct world w = *world;
	struct tl_messages_getFullChat *req;
	union tl_reply reply;

	fixture_call(w.f, (uint64_t)who);
	req = NEW(messages_getFullChat);
	req->chat_id = chat;
	SEEN(messages_getFullChat, req);
	return TL_AS(chatFull, TL_AS(messages_chatFull, reply.object)->full_chat);
}

static void who_asks_is_on_the_page_for_admins(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct bytes link = make(&w, chat, false, true);
	const struct tl_chatFull *page;

	make(&w, chat, true, false);
	assert_int_equal(import(&w, DAN, link), -1);
	assert_string_equal(w.f->call.fault.text, "INVITE_REQUEST_SENT");
	page = page_of(&w, ANNA, chat);
	assert_int_equal(page->requests_pending, 1);
	assert_int_equal(page->recent_requesters.at[0], w.id[DAN]);
	assert_true(exported(page->exported_invite)->permanent);
	page = page_of(&w, BEN, chat);
	assert_null(page->exported_invite);
	assert_false(page->has_requests_pending);
}

static const struct tl_messages_chatInviteImporters *importers(
	struct world *world, int64_t chat, bool subscription_expired)
{
	struct world w = *world;
	struct tl_messages_getChatInviteImporters *req;
	union tl_reply reply;

	fixture_call(w.f, ANNA);
	req = NEW(messages_getChatInviteImporters);
	req->peer = layered_chat(w.f, chat);
	req->requested = true;
	req->subscription_expired = subscription_expired;
	req->limit = 10;
	req->offset_user = &NEW(inputUserEmpty)->o;
	SEEN(messages_getChatInviteImporters, req);
	return TL_AS(messages_chatInviteImporters, reply.object);
}

static void who_asks_is_listed_and_decided_about(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct bytes link = make(&w, chat, false, true);
	const struct tl_updatePendingJoinRequests *pending;
	const struct tl_messages_chatInviteImporters *list;
	struct tl_messages_hideChatJoinRequest *hide;
	union tl_reply reply;

	import(&w, DAN, link);
	list = importers(&w, chat, false);
	assert_int_equal(list->count, 1);
	assert_true(TL_AS(chatInviteImporter, list->importers.at[0])->requested);
	assert_int_equal(importers(&w, chat, true)->count, 0);
	fixture_call(w.f, ANNA);
	hide = NEW(messages_hideChatJoinRequest);
	hide->peer = layered_chat(w.f, chat);
	hide->user_id = layered_user(w.f, w.id[DAN]);
	SEEN(messages_hideChatJoinRequest, hide);
	pending = TL_AS(updatePendingJoinRequests, TL_AS(updates, reply.object)->updates.at[0]);
	assert_non_null(pending);
	assert_int_equal(pending->requests_pending, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		T(a_link_is_looked_at_and_followed),
		T(the_permanent_link_is_seen_and_replaced),
		T(an_admin_sees_his_links),
		T(what_is_sold_elsewhere_is_not_here),
		T(who_asks_is_on_the_page_for_admins),
		T(who_asks_is_listed_and_decided_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
