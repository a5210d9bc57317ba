/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix of rights: everybody who can stand before a public group, and each right of an admin
 * alone, times what can be done to it. Every cell is tried, and undone. */
#include "channels_fixture.h"

#include "core/channels/admin_log.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_toggles.h"

static struct update_set answer;
static int64_t group, other;

/* ---- What is done ---- */

static int edit_title(struct call *call)
{
	return channel_edit_title(call, group, B("Another"), &answer);
}

static int edit_about(struct call *call)
{
	return channel_edit_about(call, group, B("another"));
}

static int hide_history(struct call *call)
{
	return channel_toggle(call, group, CHANNEL_HISTORY_HIDDEN, true, &answer);
}

static int fight_spam(struct call *call)
{
	return channel_toggle(call, group, CHANNEL_ANTISPAM, true, &answer);
}

static int slow_down(struct call *call)
{
	return channel_set_slowmode(call, group, 30, &answer);
}

static int default_rights(struct call *call)
{
	return channel_edit_default_rights(call, group, CHAT_SEND, &answer);
}

static int ban_other(struct call *call)
{
	return channel_edit_banned(call, group, other, CHAT_SEE, 0, &answer);
}

static int name_other(struct call *call)
{
	return channel_edit_admin(call, group, other, ADMIN_OTHER, (struct bytes){0}, &answer);
}

static int rank_other(struct call *call)
{
	return channel_edit_rank(call, group, other, B("rank"), &answer);
}

static int give_away(struct call *call)
{
	return channel_edit_creator(call, group, other, &(struct password_answer){0}, &answer);
}

static int delete_posts(struct call *call)
{
	int32_t pts, count, left;

	return channel_delete_posts_of(call, group, other, &pts, &count, &left);
}

static int read_log(struct call *call)
{
	struct admin_log_page page;

	return admin_log_read(call, group, &(struct admin_log_query){.limit = 1}, &page);
}

static int list_members(struct call *call)
{
	struct channel_members members;

	return channel_members(call, group, &(struct channel_member_query){.limit = 5}, &members);
}

static int list_banned(struct call *call)
{
	struct channel_members members;

	return channel_members(call, group,
		&(struct channel_member_query){.filter = MEMBERS_OUT, .limit = 5}, &members);
}

static int invite(struct call *call)
{
	int64_t missing[1];
	size_t count;

	return channel_invite(call, group, &other, 1, missing, &count, &answer);
}

static int post(struct call *call)
{
	struct message draft = {.text = B("said"), .random_id = 4711};

	return channel_post_send(call, group, &draft, &answer);
}

static int read_history(struct call *call)
{
	struct post_list list;

	return channel_history(call, group, &(struct post_range){.limit = 1}, &list);
}

static int join(struct call *call)
{
	return channel_join(call, group, &answer);
}

static int leave(struct call *call)
{
	return channel_leave(call, group, &answer);
}

static int rename_public(struct call *call)
{
	return channel_username_set(call, group, B("another_one"));
}

static int delete_channel(struct call *call)
{
	return channel_delete(call, group, &answer);
}

/* ---- Who does it ---- */

enum {
	STRANGER = 1,
	BANNED = 2,
	RESTRICTED = 4,
	MEMBER = 8,
	CREATOR = 16,
	ANY_ADMIN = 32,
};

#define IN (RESTRICTED | MEMBER | CREATOR | ANY_ADMIN)

static const struct {
	const char *name;
	int (*run)(struct call *call);
	uint32_t right; /* that suffices, alone */
	unsigned who;	/* and who needs none */
} deeds[] = {
	{"title", edit_title, ADMIN_CHANGE_INFO, CREATOR},
	{"about", edit_about, ADMIN_CHANGE_INFO, CREATOR},
	{"hide history", hide_history, ADMIN_CHANGE_INFO, CREATOR},
	{"anti-spam", fight_spam, ADMIN_DELETE, CREATOR},
	{"slow mode", slow_down, ADMIN_BAN, CREATOR},
	{"default rights", default_rights, ADMIN_BAN, CREATOR},
	{"ban", ban_other, ADMIN_BAN, CREATOR},
	{"name an admin", name_other, ADMIN_ADD_ADMINS, CREATOR},
	{"rank", rank_other, ADMIN_RANKS, CREATOR},
	{"give away", give_away, 0, CREATOR},
	{"delete posts of one", delete_posts, ADMIN_DELETE, CREATOR},
	{"log", read_log, 0, CREATOR | ANY_ADMIN},
	{"members", list_members, 0, IN},
	{"banned ones", list_banned, 0, CREATOR | ANY_ADMIN},
	{"invite", invite, ADMIN_INVITE, CREATOR},
	{"post", post, 0, MEMBER | CREATOR | ANY_ADMIN},
	{"history", read_history, 0, IN | STRANGER},
	{"join", join, 0, IN | STRANGER},
	{"leave", leave, 0, IN},
	{"public name", rename_public, 0, CREATOR},
	{"delete", delete_channel, 0, CREATOR},
};

static const struct {
	const char *name;
	unsigned who;
	struct standing standing;
} people[] = {
	{"stranger", STRANGER, {.role = ROLE_NONE}},
	{"away", STRANGER, {.role = ROLE_AWAY, .banned_rights = CHAT_SEND}},
	{"banned", BANNED, {.role = ROLE_BANNED, .banned_rights = CHAT_SEE}},
	{"restricted", RESTRICTED, {.role = ROLE_MEMBER, .banned_rights = CHAT_SEND}},
	{"member", MEMBER, {.role = ROLE_MEMBER}},
	{"creator", CREATOR, {.role = ROLE_CREATOR}},
	{"info", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_CHANGE_INFO}},
	{"delete", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_DELETE}},
	{"ban", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_BAN}},
	{"invite", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_INVITE}},
	{"pin", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_PIN}},
	{"admins", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_ADD_ADMINS}},
	{"anonymous", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_ANONYMOUS}},
	{"calls", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_CALL}},
	{"other", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_OTHER}},
	{"topics", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_TOPICS}},
	{"ranks", ANY_ADMIN, {.role = ROLE_ADMIN, .admin_rights = ADMIN_RANKS}},
};

/* What tells of a missing right; whatever else is refused was let that far. */
static bool is_refusal(const char *text)
{
	static const char *const refusals[] = {"CHAT_ADMIN_REQUIRED", "CHANNEL_PRIVATE",
		"USER_NOT_PARTICIPANT", "USER_BANNED_IN_CHANNEL", "CHAT_WRITE_FORBIDDEN"};

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (strcmp(text, refusals[i]) == 0)
			return true;
	return false;
}

static void stand(struct call *call, const struct standing *standing)
{
	const struct membership_row row = {.user = call->user,
		.channel = group,
		.role = (int)standing->role,
		.admin_rights = standing->admin_rights,
		.banned_rights = standing->banned_rights,
		.joined_at_s = call->now_s};

	if (standing->role == ROLE_NONE)
		return;
	home_members_insert(call_home(call), &row);
	home_members_set_standing(call_home(call), &row);
}

static void every_cell_is_as_it_says(void **state)
{
	struct fixture *f = *state;
	int wrong = 0;

	other = channels_people(f).indonesian;
	group = channels_make(f, "Group", false);
	channels_name(f, group, "group_one");
	channels_join(f, INDONESIAN_KEY, group);
	assert_int_equal(
		fixture_end(f, channel_edit_default_rights(fixture_call(f, OWNER_KEY), group,
				       CHAT_CHANGE_INFO | CHAT_INVITE | CHAT_PIN, &answer)) == 0 ||
			strcmp(f->call.fault.text, "CHAT_NOT_MODIFIED") == 0,
		1);
	for (size_t d = 0; d < ARRAY_LEN(deeds); d++)
		for (size_t p = 0; p < ARRAY_LEN(people); p++) {
			const bool may = deeds[d].who & people[p].who ||
					 deeds[d].right & people[p].standing.admin_rights;
			struct call *call = fixture_call(f, GERMAN_KEY);
			bool could;

			stand(call, &people[p].standing);
			could = deeds[d].run(call) == 0 || !is_refusal(call->fault.text);
			if (could != may) {
				print_message("%s by %s: %s\n", deeds[d].name, people[p].name,
					could ? "let" : call->fault.text);
				wrong++;
			}
			assert_false(store_failed(&f->store));
			store_rollback(&f->store);
		}
	assert_int_equal(wrong, 0);
}

/* Of these, each is a right that a group may leave to its members. */
static void admins_may_what_everybody_may(void **state)
{
	static int (*const left_to_all[])(struct call *) = {edit_title, edit_about, invite};
	const struct standing admin = {.role = ROLE_ADMIN, .admin_rights = ADMIN_OTHER};
	struct fixture *f = *state;

	other = channels_people(f).indonesian;
	group = channels_make(f, "Group", false);
	assert_int_equal(fixture_end(f, channel_edit_default_rights(
						fixture_call(f, OWNER_KEY), group, 0, &answer)),
		0);
	for (size_t i = 0; i < ARRAY_LEN(left_to_all); i++) {
		struct call *call = fixture_call(f, GERMAN_KEY);

		stand(call, &admin);
		assert_int_equal(left_to_all[i](call), 0);
		store_rollback(&f->store);
	}
}

static void who_may_not_write_changes_nothing_he_wrote(void **state)
{
	const struct standing muted = {.role = ROLE_MEMBER, .banned_rights = CHAT_SEND};
	struct message draft = {.text = B("changed")};
	struct fixture *f = *state;
	struct call *call;

	channels_people(f);
	group = channels_make(f, "Group", false);
	channels_name(f, group, "group_one");
	channels_join(f, GERMAN_KEY, group);
	draft.id = channels_post(f, GERMAN_KEY, group, "said");
	call = fixture_call(f, GERMAN_KEY);
	home_members_set_standing(call_home(call), &(struct membership_row){.user = call->user,
							   .channel = group,
							   .role = (int)muted.role,
							   .banned_rights = muted.banned_rights});
	fixture_refused(f, channel_post_edit(call, group, &draft, NULL, &answer), 400,
		"USER_BANNED_IN_CHANNEL");
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_leave(call, group, &answer)), 0);
	fixture_refused(f,
		channel_post_edit(fixture_call(f, GERMAN_KEY), group, &draft, NULL, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
}

/* https://core.telegram.org/constructor/chatAdminRights: edit_messages edits, delete_messages
 * deletes. */
static void the_right_to_edit_deletes_nothing(void **state)
{
	const struct standing editor = {.role = ROLE_ADMIN, .admin_rights = ADMIN_EDIT};
	struct message draft = {.text = B("changed")};
	struct fixture *f = *state;
	int32_t pts, count;
	struct call *call;

	channels_people(f);
	group = channels_make(f, "Channel", true);
	draft.id = channels_post(f, OWNER_KEY, group, "said");
	call = fixture_call(f, GERMAN_KEY);
	stand(call, &editor);
	assert_int_equal(channel_post_edit(call, group, &draft, NULL, &answer), 0);
	fixture_refused(f, channel_posts_delete(call, group, &draft.id, 1, &pts, &count), 403,
		"MESSAGE_DELETE_FORBIDDEN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			admins_may_what_everybody_may, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(who_may_not_write_changes_nothing_he_wrote,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			the_right_to_edit_deletes_nothing, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			every_cell_is_as_it_says, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
