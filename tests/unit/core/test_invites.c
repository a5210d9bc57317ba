/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/invite_links.h, core/channels/invite_joins.h: links of groups and channels, and who
 * comes by them. */
#include "chats_fixture.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_load.h"
#include "core/channels/channels.h"
#include "core/channels/invite_joins.h"
#include "core/channels/invite_links.h"
#include "store/home_members.h"

#define LINK_TEXT_SIZE 64

static struct peer channel_of(struct world *w, int who, bool broadcast)
{
	const struct channel_draft draft = {
		.title = B("Harbour"), .about = B("Ships"), .broadcast = broadcast};
	struct update_set answer;

	assert_int_equal(fixture_end(w->f, channel_create(by(w, who), &draft, &answer)), 0);
	return (struct peer){PEER_CHANNEL, answer.channels[0].channel->id};
}

static struct peer chat_of(struct world *w)
{
	return (struct peer){PEER_CHAT, group(w)};
}

/* Its text outlives the call. */
static struct home_invite_link make(struct world *w, int who, struct peer peer,
	const struct invite_wish *wish, char text[LINK_TEXT_SIZE])
{
	struct call *call = by(w, who);
	struct home_invite_link link;
	struct bytes written;

	assert_int_equal(invite_link_make(call, peer, wish, &link), 0);
	written = invite_link_text(call->arena, &link);
	assert_true(written.size < LINK_TEXT_SIZE);
	memcpy(text, written.data, written.size);
	text[written.size] = 0;
	fixture_end(w->f, 0);
	return link;
}

static void join_as(struct world *w, int who, const char *text)
{
	struct update_set answer;

	assert_int_equal(fixture_end(w->f, invite_join(by(w, who), B(text), &answer)), 0);
}

static void cannot_join(struct world *w, int who, const char *text, const char *error)
{
	struct update_set answer;

	fixture_refused(w->f, invite_join(by(w, who), B(text), &answer), 400, error);
}

static struct home_invite_link get(struct world *w, int who, struct peer peer, const char *text)
{
	struct home_invite_link link;

	assert_int_equal(fixture_end(w->f, invite_link_get(by(w, who), peer, B(text), &link)), 0);
	return link;
}

static const struct invite_wish plain, lasting = {.permanent = true};

static void who_has_a_link_sees_the_name_and_no_people(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct invite_preview preview;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &lasting, text);
	assert_int_equal(fixture_end(w.f, invite_check(by(&w, BEN), B(text), &preview)), 0);
	assert_false(preview.member);
	assert_true(bytes_equal_str(preview.title, "Harbour"));
	assert_true(bytes_equal_str(preview.about, "Ships"));
	assert_int_equal(preview.members, 1);
	assert_int_equal(fixture_end(w.f, invite_check(by(&w, ANNA), B(text), &preview)), 0);
	assert_true(preview.member);
	fixture_refused(w.f, invite_check(by(&w, BEN), B(""), &preview), 400, "INVITE_HASH_EMPTY");
	fixture_refused(
		w.f, invite_check(by(&w, BEN), B("short"), &preview), 400, "INVITE_HASH_INVALID");
	fixture_refused(w.f, invite_check(by(&w, BEN), B("AAAAAAAAAAAAAAAAAAAAAA"), &preview), 400,
		"INVITE_HASH_EXPIRED");
}

static void guesses_are_counted(void **state)
{
	struct world w = world_make(state);
	struct invite_preview preview;

	for (int i = 0; i < INVITE_LOOKUPS_PER_DAY; i++)
		fixture_refused(w.f,
			invite_check(by(&w, BEN), B("AAAAAAAAAAAAAAAAAAAAAA"), &preview), 400,
			"INVITE_HASH_EXPIRED");
	fixture_refused(w.f, invite_check(by(&w, BEN), B("AAAAAAAAAAAAAAAAAAAAAA"), &preview), 420,
		"FLOOD_WAIT_86400");
}

static void a_link_leads_into_a_channel(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct channel_member member;
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &lasting, text);
	assert_int_equal(fixture_end(w.f, invite_join(by(&w, BEN), B(text), &answer)), 0);
	assert_int_equal(answer.update_count, 3);
	assert_int_equal(answer.updates[1].kind, UPDATE_CHANNEL_READ_INBOX);
	assert_int_equal(answer.updates[2].kind, UPDATE_NEW_POST);
	assert_int_equal(answer.updates[2].message->action, ACTION_JOINED_BY_LINK);
	assert_int_equal(answer.updates[2].message->from.id, w.id[BEN]);
	assert_int_equal(answer.updates[2].message->user_count, 1);
	assert_int_equal(answer.updates[2].message->users[0], w.id[ANNA]);
	assert_int_equal(
		fixture_end(w.f, channel_member(by(&w, BEN), peer.id, w.id[BEN], &member)), 0);
	assert_int_equal(member.standing.role, ROLE_MEMBER);
	assert_int_equal(get(&w, ANNA, peer, text).uses, 1);
	cannot_join(&w, BEN, text, "USER_ALREADY_PARTICIPANT");
}

/* Subscribers of a broadcast channel are told to nobody. */
static void a_broadcast_channel_says_nothing_of_who_came(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, true);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &lasting, text);
	assert_int_equal(fixture_end(w.f, invite_join(by(&w, BEN), B(text), &answer)), 0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(answer.updates[0].kind, UPDATE_CHANNEL);
}

static void nor_does_a_group_that_hides_its_members(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct channel_context context;
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &lasting, text);
	assert_true(channel_load(by(&w, ANNA), peer.id, &context));
	context.shared->settings.flags |= CHANNEL_MEMBERS_HIDDEN;
	channel_store(&w.f->call, &context);
	fixture_end(w.f, 0);
	assert_int_equal(fixture_end(w.f, invite_join(by(&w, BEN), B(text), &answer)), 0);
	assert_int_equal(answer.update_count, 1);
}

static void a_group_hears_whose_link_it_was(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = chat_of(&w);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];
	const struct message *word;

	make(&w, ANNA, peer, &lasting, text);
	assert_int_equal(fixture_end(w.f, invite_join(by(&w, DAN), B(text), &answer)), 0);
	assert_int_equal(answer.updates[0].kind, UPDATE_CHAT_MEMBERS);
	word = answer.updates[answer.update_count - 1].message;
	assert_int_equal(word->action, ACTION_JOINED_BY_LINK);
	assert_int_equal(word->from.id, w.id[DAN]);
	assert_int_equal(word->users[0], w.id[ANNA]);
	assert_non_null(told(&w, w.id[BEN], UPDATE_CHAT_MEMBER_ADD));
	assert_non_null(told(&w, w.id[BEN], UPDATE_NEW_MESSAGE));
	assert_int_equal(chat_role_of(by(&w, DAN), peer.id, w.id[DAN]), CHAT_MEMBER);
	cannot_join(&w, DAN, text, "USER_ALREADY_PARTICIPANT");
}

static void who_left_comes_back_and_who_was_removed_does_not(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = chat_of(&w);
	struct invite_preview preview;
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &lasting, text);
	fixture_end(w.f, chat_remove(by(&w, BEN), peer.id, w.id[BEN], false, &answer));
	fixture_end(w.f, chat_remove(by(&w, ANNA), peer.id, w.id[CLEO], false, &answer));
	join_as(&w, BEN, text);
	cannot_join(&w, CLEO, text, "INVITE_HASH_EXPIRED");
	fixture_refused(
		w.f, invite_check(by(&w, CLEO), B(text), &preview), 400, "INVITE_HASH_EXPIRED");
}

/* ---- What ends a link ---- */

static void a_limited_link_is_used_up(void **state)
{
	const struct invite_wish once = {.says_limit = true, .limit = 1};
	const struct invite_wish twice = {.says_limit = true, .limit = 2};
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct home_invite_link link, next;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &once, text);
	join_as(&w, BEN, text);
	cannot_join(&w, CLEO, text, "INVITE_HASH_EXPIRED");
	fixture_end(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &twice, &link, &next));
	assert_int_equal(link.limit, 2);
	join_as(&w, CLEO, text);
	cannot_join(&w, DAN, text, "INVITE_HASH_EXPIRED");
}

static void a_link_holds_until_its_time(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	const struct invite_wish hour = {.says_until = true, .until_s = w.f->now_s + 3600};
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &hour, text);
	join_as(&w, BEN, text);
	w.f->now_s += 3600;
	cannot_join(&w, CLEO, text, "INVITE_HASH_EXPIRED");
}

static void a_revoked_link_is_none(void **state)
{
	const struct invite_wish revoke = {.revoke = true};
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct home_invite_link link, next;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, peer, &plain, text);
	fixture_refused(w.f, invite_link_delete(by(&w, ANNA), peer, B(text)), 400,
		"INVITE_REVOKED_MISSING");
	assert_int_equal(fixture_end(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &revoke,
						  &link, &next)),
		0);
	assert_true(link.revoked);
	assert_int_equal(next.admin, 0);
	cannot_join(&w, BEN, text, "INVITE_HASH_EXPIRED");
	fixture_refused(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &revoke, &link, &next),
		400, "INVITE_HASH_EXPIRED");
	assert_int_equal(fixture_end(w.f, invite_link_delete(by(&w, ANNA), peer, B(text))), 0);
	fixture_refused(w.f, invite_link_get(by(&w, ANNA), peer, B(text), &link), 400,
		"INVITE_HASH_EXPIRED");
}

static void the_permanent_link_is_replaced(void **state)
{
	const struct invite_wish revoke = {.revoke = true};
	const struct invite_wish limit = {.says_limit = true, .limit = 3};
	const struct invite_wish both = {.permanent = true, .says_limit = true, .limit = 3};
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct home_invite_link link, next;
	char first[LINK_TEXT_SIZE], second[LINK_TEXT_SIZE];
	struct bytes third;

	make(&w, ANNA, peer, &lasting, first);
	make(&w, ANNA, peer, &lasting, second);
	cannot_join(&w, BEN, first, "INVITE_HASH_EXPIRED");
	assert_true(get(&w, ANNA, peer, first).revoked);
	fixture_refused(w.f, invite_link_make(by(&w, ANNA), peer, &both, &link), 400,
		"CHAT_INVITE_PERMANENT");
	fixture_refused(w.f, invite_link_edit(by(&w, ANNA), peer, B(second), &limit, &link, &next),
		400, "CHAT_INVITE_PERMANENT");
	assert_int_equal(invite_link_edit(by(&w, ANNA), peer, B(second), &revoke, &link, &next), 0);
	third = invite_link_text(w.f->call.arena, &next);
	assert_false(bytes_equal_str(third, second));
	fixture_end(w.f, 0);
	assert_true(link.revoked);
	assert_true(next.permanent);
	cannot_join(&w, BEN, second, "INVITE_HASH_EXPIRED");
	assert_true(invite_link_own(by(&w, ANNA), peer, &link));
	assert_memory_equal(link.hash, next.hash, sizeof(link.hash));
	fixture_end(w.f, 0);
}

static void a_wish_that_cannot_be(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	const struct {
		struct invite_wish wish;
		const char *error;
	} cases[] = {
		{{.says_until = true, .until_s = w.f->now_s}, "EXPIRE_DATE_INVALID"},
		{{.says_limit = true, .limit = -1}, "USAGE_LIMIT_INVALID"},
		{{.says_limit = true, .limit = INVITE_USES_MAX + 1}, "USAGE_LIMIT_INVALID"},
		{{.says_limit = true, .limit = 1, .says_asks = true, .asks = true},
			"USAGE_LIMIT_INVALID"},
		{{.says_title = true, .title = B("123456789012345678901234567890123")},
			"TITLE_INVALID"},
	};
	struct home_invite_link link;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		fixture_refused(w.f, invite_link_make(by(&w, ANNA), peer, &cases[i].wish, &link),
			400, cases[i].error);
	fixture_refused(w.f, invite_link_make(by(&w, ANNA), user_peer(w.id[BEN]), &plain, &link),
		400, "PEER_ID_INVALID");
}

/* ---- Lists ---- */

static void links_are_listed_in_pages(void **state)
{
	const struct invite_wish named = {.says_title = true, .title = B(" For friends ")};
	struct world w = world_make(state);
	const struct peer peer = chat_of(&w);
	char texts[3][LINK_TEXT_SIZE];
	struct invite_links links;
	int64_t second_s = 0;

	/* Who looks has the permanent one from then on, and no other for looking again. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(w.f, invite_links_of(by(&w, ANNA), peer, w.id[ANNA],
							  false, 0, B(""), 2, &links)),
			0);
		assert_int_equal(links.count, 1);
		assert_true(links.at[0].permanent);
	}
	for (int i = 0; i < 3; i++) {
		w.f->now_s++;
		second_s = i == 1 ? w.f->now_s : second_s;
		make(&w, ANNA, peer, i == 2 ? &named : &plain, texts[i]);
	}
	assert_int_equal(fixture_end(w.f, invite_links_of(by(&w, ANNA), peer, w.id[ANNA], false, 0,
						  (struct bytes){0}, 2, &links)),
		0);
	assert_int_equal(links.count, 2);
	assert_int_equal(links.total, 4);
	assert_true(bytes_equal_str(links.at[0].title, "For friends"));
	assert_int_equal(links.at[1].made_at_s, second_s);
	assert_int_equal(fixture_end(w.f, invite_links_of(by(&w, ANNA), peer, w.id[ANNA], false,
						  second_s, B(texts[1]), 2, &links)),
		0);
	assert_int_equal(links.count, 2);
	fixture_refused(w.f,
		invite_links_of(by(&w, ANNA), peer, w.id[ANNA], false, second_s, B("?"), 2, &links),
		400, "INVITE_HASH_EXPIRED");
}

/* Anna made the group, Ben is an admin, Cleo a member, Dan a stranger. */
static void an_admin_has_his_own_links_and_the_creator_all(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = chat_of(&w);
	struct home_invite_link link;
	struct home_invite_admin *admins;
	struct invite_links links;
	char of_anna[LINK_TEXT_SIZE], of_ben[LINK_TEXT_SIZE];
	size_t count;

	fixture_refused(w.f, invite_link_make(by(&w, CLEO), peer, &plain, &link), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(
		w.f, invite_link_make(by(&w, DAN), peer, &plain, &link), 400, "CHAT_ID_INVALID");
	fixture_end(w.f, chat_edit_admin(by(&w, ANNA), peer.id, w.id[BEN], true));
	make(&w, ANNA, peer, &plain, of_anna);
	fixture_refused(w.f,
		invite_links_of(by(&w, ANNA), peer, w.id[CLEO], false, 0, B(""), 9, &links), 400,
		"ADMIN_ID_INVALID");
	/* An admin who has none is one all the same. */
	assert_int_equal(fixture_end(w.f, invite_links_of(by(&w, ANNA), peer, w.id[BEN], false, 0,
						  B(""), 9, &links)),
		0);
	assert_int_equal(links.count, 0);
	make(&w, BEN, peer, &plain, of_ben);
	assert_int_equal(get(&w, ANNA, peer, of_ben).admin, w.id[BEN]);
	fixture_refused(w.f, invite_link_get(by(&w, BEN), peer, B(of_anna), &link), 400,
		"INVITE_HASH_EXPIRED");
	fixture_refused(w.f,
		invite_links_of(by(&w, BEN), peer, w.id[ANNA], false, 0, B(""), 9, &links), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(
		w.f, invite_admins(by(&w, BEN), peer, &admins, &count), 400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(w.f, invite_admins(by(&w, ANNA), peer, &admins, &count)), 0);
	assert_int_equal(count, 2);
	assert_int_equal(admins[0].links, 1);
}

/* In a channel it takes the right to invite. */
static void an_admin_of_a_channel_needs_the_right(void **state)
{
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct membership_row row;
	struct home_invite_link link;
	char text[LINK_TEXT_SIZE];
	struct call *call;

	make(&w, ANNA, peer, &lasting, text);
	join_as(&w, BEN, text);
	call = by(&w, ANNA);
	assert_true(home_members_find(call_home(call), w.id[BEN], peer.id, &row));
	row.role = ROLE_ADMIN;
	row.admin_rights = ADMIN_PIN;
	home_members_set_standing(call_home(call), &row);
	fixture_end(w.f, 0);
	fixture_refused(w.f, invite_link_make(by(&w, BEN), peer, &plain, &link), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(
		w.f, invite_link_make(by(&w, DAN), peer, &plain, &link), 400, "CHANNEL_PRIVATE");
	call = by(&w, ANNA);
	row.role = ROLE_BANNED;
	row.banned_rights = CHAT_SEE;
	home_members_set_standing(call_home(call), &row);
	fixture_end(w.f, 0);
	cannot_join(&w, BEN, text, "INVITE_HASH_EXPIRED");
}

static void links_are_bounded(void **state)
{
	const struct invite_wish revoke = {.revoke = true};
	struct world w = world_make(state);
	const struct peer peer = chat_of(&w);
	struct home_invite_link link, next;
	struct invite_links links;
	char text[LINK_TEXT_SIZE];

	for (int i = 0; i < INVITE_LINKS_MAX; i++)
		make(&w, ANNA, peer, &plain, text);
	fixture_refused(
		w.f, invite_link_make(by(&w, ANNA), peer, &plain, &link), 400, "INVITES_TOO_MUCH");
	fixture_end(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &revoke, &link, &next));
	w.f->now_s++;
	for (int i = 0; i < INVITE_LINKS_PER_DAY - INVITE_LINKS_MAX; i++)
		make(&w, ANNA, peer, &lasting, text);
	fixture_refused(
		w.f, invite_link_make(by(&w, ANNA), peer, &plain, &link), 420, "FLOOD_WAIT_86399");
	/* Of those that were replaced and the one that was revoked, one is too many. */
	fixture_end(
		w.f, invite_links_of(by(&w, ANNA), peer, w.id[ANNA], true, 0, B(""), 100, &links));
	assert_int_equal(links.total, INVITE_LINKS_REVOKED_MAX);
	fixture_end(w.f, invite_links_delete_revoked(by(&w, ANNA), peer, w.id[ANNA]));
	fixture_end(
		w.f, invite_links_of(by(&w, ANNA), peer, w.id[ANNA], true, 0, B(""), 100, &links));
	assert_int_equal(links.total, 0);
}

/* Other admins read who came by which link, and can't come in by what they read. */
static void recent_actions_have_the_beginning_of_a_link(void **state)
{
	const struct invite_wish limit = {.says_limit = true, .limit = 5};
	const struct invite_wish revoke = {.revoke = true};
	static const enum admin_event events[] = {
		EVENT_LINK_DELETE, EVENT_LINK_REVOKE, EVENT_JOIN_BY_LINK, EVENT_LINK_EDIT};
	struct world w = world_make(state);
	const struct peer peer = channel_of(&w, ANNA, false);
	struct admin_log_query query = {.limit = 10};
	struct home_invite_link link, next;
	struct admin_log_page page;
	char text[LINK_TEXT_SIZE];
	struct bytes shown;

	make(&w, ANNA, peer, &plain, text);
	fixture_end(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &limit, &link, &next));
	join_as(&w, BEN, text);
	fixture_end(w.f, invite_link_edit(by(&w, ANNA), peer, B(text), &revoke, &link, &next));
	fixture_end(w.f, invite_link_delete(by(&w, ANNA), peer, B(text)));
	assert_int_equal(fixture_end(w.f, admin_log_read(by(&w, ANNA), peer.id, &query, &page)), 0);
	assert_int_equal(page.count, ARRAY_LEN(events));
	for (size_t i = 0; i < page.count; i++) {
		assert_int_equal(page.at[i].entry.event, events[i]);
		assert_int_equal(page.at[i].actor, i == 2 ? w.id[BEN] : w.id[ANNA]);
		shown = page.at[i].entry.texts[i != 0];
		assert_int_equal(shown.size, strlen("https://t.me/+123456..."));
		assert_memory_equal(shown.data, text, shown.size - 3);
	}
}

/* ---- What is kept, and how long ---- */

static void a_secret_is_on_disk_as_nobody_can_read_it(void **state)
{
	const struct invite_wish named = {.says_title = true, .title = B("Smugglers")};
	struct world w = world_make(state);
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, chat_of(&w), &named, text);
	assert_false(fixture_files_contain(w.f, strchr(text, '+') + 1, 22));
	assert_false(fixture_files_contain(w.f, "Smugglers", 9));
}

static void a_group_takes_its_links_along(void **state)
{
	struct world w = world_make(state);
	const struct peer chat = chat_of(&w);
	struct invite_preview preview;
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, chat, &lasting, text);
	assert_int_equal(fixture_end(w.f, chat_migrate(by(&w, ANNA), chat.id, &answer)), 0);
	assert_int_equal(fixture_end(w.f, invite_check(by(&w, DAN), B(text), &preview)), 0);
	assert_int_equal(preview.peer.kind, PEER_CHANNEL);
	join_as(&w, DAN, text);
}

static int64_t rows_of(struct world *w, const char *what)
{
	struct db *home = call_home(by(w, ANNA));
	const int64_t count = strcmp(what, "links") == 0
				      ? db_get_int(home, -1, "SELECT count(*) FROM invite_links")
				      : db_get_int(home, -1, "SELECT count(*) FROM joins");

	fixture_end(w->f, 0);
	return count;
}

static void what_hangs_on_a_channel_goes_with_it(void **state)
{
	struct world w = world_make(state);
	const struct peer channel = channel_of(&w, ANNA, false), chat = chat_of(&w);
	struct update_set answer;
	char text[LINK_TEXT_SIZE];

	make(&w, ANNA, channel, &lasting, text);
	join_as(&w, BEN, text);
	make(&w, ANNA, chat, &lasting, text);
	join_as(&w, DAN, text);
	assert_int_equal(rows_of(&w, "joins"), 2);
	fixture_end(w.f, chat_remove(by(&w, DAN), chat.id, w.id[DAN], false, &answer));
	assert_int_equal(rows_of(&w, "joins"), 1);
	fixture_end(w.f, channel_delete(by(&w, ANNA), channel.id, &answer));
	assert_int_equal(rows_of(&w, "joins"), 0);
	assert_int_equal(rows_of(&w, "links"), 1);
	fixture_end(w.f, chat_delete(by(&w, ANNA), chat.id));
	assert_int_equal(rows_of(&w, "links"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		T(who_has_a_link_sees_the_name_and_no_people),
		T(guesses_are_counted),
		T(a_link_leads_into_a_channel),
		T(a_broadcast_channel_says_nothing_of_who_came),
		T(nor_does_a_group_that_hides_its_members),
		T(a_group_hears_whose_link_it_was),
		T(who_left_comes_back_and_who_was_removed_does_not),
		T(a_limited_link_is_used_up),
		T(a_link_holds_until_its_time),
		T(a_revoked_link_is_none),
		T(the_permanent_link_is_replaced),
		T(a_wish_that_cannot_be),
		T(links_are_listed_in_pages),
		T(an_admin_has_his_own_links_and_the_creator_all),
		T(an_admin_of_a_channel_needs_the_right),
		T(links_are_bounded),
		T(recent_actions_have_the_beginning_of_a_link),
		T(a_secret_is_on_disk_as_nobody_can_read_it),
		T(a_group_takes_its_links_along),
		T(what_hangs_on_a_channel_goes_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
