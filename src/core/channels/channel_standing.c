/* SPDX-License-Identifier: Apache-2.0 */
#include "core/channels/channel_standing.h"

#include "base/text.h"
#include "core/channels/admin_log.h"
#include "core/accounts/blocks.h"
#include "core/bots/bot_ears.h"
#include "core/channels/channel_heirs.h"
#include "core/bots/bots.h"
#include "core/posts/posts.h"
#include "core/channels/channel_rights.h"
#include "core/accounts/privacy.h"
#include "core/accounts/sessions.h"
#include "core/accounts/users.h"
#include "store/home_authors.h"
#include "store/home_users.h"

#define DUE_MAX 500 /* of one piece of upkeep */
/* Of older clients that know the media as one right. */
#define ALL_FILES                                                                                  \
	(CHAT_SEND_PHOTOS | CHAT_SEND_VIDEOS | CHAT_SEND_ROUND_VIDEOS | CHAT_SEND_AUDIOS |         \
		CHAT_SEND_VOICES | CHAT_SEND_FILES)

/* ---- Rows and ranks ---- */

static struct seal_place rank_place(const uint8_t *salt, int64_t user, int64_t channel)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "members", .owner = user, .id = channel};
}

static struct bytes rank_seal(struct call *call, int64_t user, int64_t channel, struct bytes rank)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = rank_place(salt, user, channel);

	if (rank.size == 0)
		return (struct bytes){0};
	if (!home_salt(call_home(call), user, salt)) {
		db_fail(call_home(call), "a rank needs an account");
		return (struct bytes){0};
	}
	return vault_seal(call->store->vault, &place, rank, call->arena);
}

void channel_member_from_row(
	struct call *call, const struct membership_row *row, struct channel_member *out)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = rank_place(salt, row->user, row->channel);

	*out = (struct channel_member){
		.user = row->user,
		.standing = channel_standing(call, row),
		.joined_at_s = row->joined_at_s,
		.inviter = row->inviter,
		.by_user = row->by_user,
		.changed_at_s = row->changed_at_s,
	};
	if (row->sealed_rank.data && home_salt(call_home(call), row->user, salt) &&
		vault_open(call->store->vault, &place, row->sealed_rank, call->arena, &out->rank) <
			0)
		db_fail(call_home(call), "a rank does not open");
}

bool channel_may_edit(
	const struct channel_context *context, int64_t viewer, const struct channel_member *member)
{
	if (context->view.my.role == ROLE_CREATOR)
		return true;
	return member->standing.role == ROLE_ADMIN && member->by_user == viewer &&
	       channel_admin_may(&context->view, ADMIN_ADD_ADMINS);
}

/* U+1F000 on, the older symbols, and what makes others into pictures. Three and four bytes of valid
 * UTF-8 are enough to tell. */
static bool has_emoji(struct bytes text)
{
	for (size_t i = 0; i + 2 < text.size; i++) {
		const uint8_t *at = text.data + i;

		if (at[0] == 0xf0 && at[1] == 0x9f)
			return true;
		if (at[0] == 0xe2 && at[1] >= 0x98 && at[1] <= 0x9e)
			return true;
		if (at[0] == 0xef && at[1] == 0xb8 && at[2] == 0x8f)
			return true;
	}
	return false;
}

static int rank_check(struct call *call, struct bytes *rank)
{
	if (!text_is_utf8(*rank))
		return rpc_error(call, 400, "ADMIN_RANK_INVALID");
	*rank = text_trim(*rank);
	if (has_emoji(*rank))
		return rpc_error(call, 400, "ADMIN_RANK_EMOJI_NOT_ALLOWED");
	if (!user_text_fits(*rank, CHANNEL_RANK_MAX))
		return rpc_error(call, 400, "ADMIN_RANK_INVALID");
	return 0;
}

/* ---- Somebody and the channel ---- */

/* Whoever is changed, as himself: what he is told is made for him. */
struct target {
	struct call as_user;
	struct channel_context context;
	struct membership_row row; /* of the channel; role 0: there is none */
	struct channel_member before, after;
};

static int target_load(struct call *call, int64_t id, int64_t user, struct target *out)
{
	*out = (struct target){.as_user = *call};
	if (user == SERVICE_USER)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (!user_exists(call, user))
		return rpc_error(call, 400, "INPUT_USER_DEACTIVATED");
	if (bot_is(call, user) && !bot_joins_groups(user))
		return rpc_error(call, 400, "BOT_GROUPS_BLOCKED");
	out->as_user.user = user;
	/* His own call has its answer. */
	if (user != call->user)
		out->as_user.session_id = 0;
	if (!channel_load(&out->as_user, id, &out->context))
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	if (!home_members_find_in(call_home(call), call->arena, id, user, &out->row))
		out->row = (struct membership_row){.user = user, .channel = id};
	channel_member_from_row(call, &out->row, &out->before);
	if (out->before.standing.role == ROLE_NONE)
		out->before.standing.role = ROLE_LEFT;
	return 0;
}

static bool is_in(const struct standing *standing)
{
	return standing->role >= ROLE_MEMBER && standing->role <= ROLE_CREATOR;
}

/* The row that `standing` needs, by the one who makes it so. Limits without CHAT_SEE of one who is
 * out wait for him. */
static void target_store(struct call *call, struct target *target, const struct standing *standing,
	struct bytes rank)
{
	const bool was_in = is_in(&target->before.standing), now_in = is_in(standing);
	const bool had_row = target->row.role != ROLE_NONE;
	struct membership_row *row = &target->row;

	row->role = standing->role == ROLE_LEFT ? standing->banned_rights ? ROLE_AWAY : ROLE_NONE
						: standing->role;
	row->admin_rights = standing->admin_rights;
	row->banned_rights = standing->banned_rights;
	row->until_s = standing->until_s;
	row->by_user = call->user;
	row->changed_at_s = call->now_s;
	row->sealed_rank = rank_seal(call, row->user, row->channel, rank);
	if (now_in && !was_in)
		channel_member_enter(&target->as_user, &target->context, call->user);
	if (had_row && !now_in && (was_in || row->role == ROLE_NONE))
		home_members_delete(call_home(call), row->user, row->channel);
	if (row->role != ROLE_NONE && !now_in && (was_in || !had_row))
		home_members_insert(call_home(call), row);
	if (row->role != ROLE_NONE)
		home_members_set_standing(call_home(call), row);
	home_members_find(call_home(call), row->user, row->channel, &target->context.membership);
	channel_member_moved(&target->as_user, &target->context, was_in && !now_in ? -1 : 0);
	channel_member_from_row(call, row, &target->after);
	if (row->role == ROLE_NONE)
		target->after.standing.role = ROLE_LEFT;
	bot_note_standing(call, row->user, (struct peer){PEER_CHANNEL, row->channel},
		target->before.standing.role, target->after.standing.role);
}

static int answer_said(struct call *call, int64_t id, enum message_action action, int64_t user,
	struct update_set *answer)
{
	struct channel_context context;

	if (!channel_load(call, id, &context))
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	channel_answer_members(call, &context, action, &user, 1, answer);
	return 0;
}

static int answer_with(struct call *call, int64_t id, struct update_set *answer)
{
	return answer_said(call, id, ACTION_NONE, 0, answer);
}

/* And a group is told who came or went by it. */
static int answer_moved(struct call *call, const struct target *target, struct update_set *answer)
{
	const bool was_in = is_in(&target->before.standing),
		   now_in = is_in(&target->after.standing);
	const enum message_action action = now_in == was_in ? ACTION_NONE
					   : now_in	    ? ACTION_CHAT_ADD
							    : ACTION_CHAT_REMOVE;

	return answer_said(call, target->row.channel, action, target->row.user, answer);
}

static void log_members(struct call *call, const struct channel_context *context,
	enum admin_event event, const struct target *target)
{
	admin_log(call, context,
		&(struct admin_entry){
			.event = event, .members = {&target->before, &target->after}});
}

/* ---- Admins ---- */

/* What there is to be given in a channel of this kind. */
static uint32_t rights_of_kind(bool broadcast)
{
	const uint32_t all = ADMIN_ALL | ADMIN_ANONYMOUS;

	return broadcast ? all & ~(uint32_t)(ADMIN_ANONYMOUS | ADMIN_TOPICS | ADMIN_RANKS)
			 : all & ~(uint32_t)(ADMIN_POST | ADMIN_EDIT);
}

static int may_bring_in(struct call *call, const struct channel_context *context, int64_t user)
{
	struct call as_user = *call;
	struct user seen;

	if (!channel_admin_may(&context->view, ADMIN_INVITE))
		return rpc_error(call, 403, "CHAT_ADMIN_INVITE_REQUIRED");
	if (block_has(call, call->user, user) ||
		!privacy_allows(call, user, PRIVACY_INVITE, call->user))
		return rpc_error(call, 403, "USER_PRIVACY_RESTRICTED");
	if (user_view(call, user, &seen) < 0 || (!seen.is_mutual && !bot_joins_groups(user)))
		return rpc_error(call, 400, "USER_NOT_MUTUAL_CONTACT");
	as_user.user = user;
	if (!channel_member_has_room(&as_user))
		return rpc_error(call, 400, "USER_CHANNELS_TOO_MUCH");
	return 0;
}

/* Who has just been named has not thought of others yet; whoever stole an account has. */
static bool is_fresh_admin(struct call *call, const struct channel_context *context)
{
	struct membership_row own;

	return context->view.my.role == ROLE_ADMIN &&
	       home_members_find_in(
		       call_home(call), call->arena, context->row.id, call->user, &own) &&
	       own.changed_at_s + ADMIN_FRESH_S > call->now_s;
}

/* The creator says of himself only whether he is seen; an admin of himself only that he is none any
 * more. */
static int may_name(struct call *call, const struct channel_context *context,
	const struct target *target, uint32_t *rights)
{
	const struct standing *before = &target->before.standing;
	const bool self = target->row.user == call->user;

	if ((before->role == ROLE_CREATOR && !self) ||
		channel_awaits_owner(call, context->row.id, target->row.user))
		return rpc_error(call, 400, "USER_CREATOR");
	if (self && (before->role == ROLE_CREATOR || (before->role == ROLE_ADMIN && !*rights)))
		return 0;
	if (self || !channel_admin_may(&context->view, ADMIN_ADD_ADMINS))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (before->role == ROLE_ADMIN && !channel_may_edit(context, call->user, &target->before))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (is_fresh_admin(call, context))
		return rpc_error(call, 400, "FRESH_CHANGE_ADMINS_FORBIDDEN");
	*rights &= rights_of_kind(context->row.broadcast);
	if (context->view.my.role != ROLE_CREATOR &&
		*rights & ~(channel_admin_rights(&context->view)))
		return rpc_error(call, 403, "RIGHT_FORBIDDEN");
	if (before->role == ROLE_BANNED)
		return rpc_error(call, 400, "USER_BLOCKED");
	if (*rights && !is_in(before))
		return may_bring_in(call, context, target->row.user);
	return 0;
}

static bool has_room_for_admin(struct call *call, int64_t id)
{
	struct membership_row *rows = arena_array(call->arena, CHANNEL_ADMINS_MAX, sizeof(*rows));

	return home_members_admins(call_home(call), call->arena, id, ROLE_ADMIN, ROLE_ADMIN, rows,
		       CHANNEL_ADMINS_MAX) < CHANNEL_ADMINS_MAX;
}

static struct standing standing_named(const struct target *target, uint32_t rights)
{
	const struct standing *before = &target->before.standing;

	if (before->role == ROLE_CREATOR)
		return (struct standing){
			.role = ROLE_CREATOR, .admin_rights = rights & ADMIN_ANONYMOUS};
	if (rights)
		return (struct standing){.role = ROLE_ADMIN, .admin_rights = rights};
	/* A bot is in a channel as an admin or not at all. */
	if (before->role == ROLE_ADMIN)
		return (struct standing){
			.role = target->context.row.broadcast && bot_joins_groups(target->row.user)
					? ROLE_LEFT
					: ROLE_MEMBER};
	return *before;
}

int channel_edit_admin(struct call *call, int64_t id, int64_t user, uint32_t rights,
	struct bytes rank, struct update_set *answer)
{
	const bool rank_given = rank.data != NULL;
	struct channel_context context;
	struct standing standing;
	struct target target;

	if (channel_need_admin(call, id, ADMIN_OTHER, &context) < 0 ||
		rank_check(call, &rank) < 0 || target_load(call, id, user, &target) < 0 ||
		may_name(call, &context, &target, &rights) < 0)
		return -1;
	standing = standing_named(&target, rights);
	if (standing.role == ROLE_ADMIN && target.before.standing.role != ROLE_ADMIN &&
		!has_room_for_admin(call, id))
		return rpc_error(call, 400, "ADMINS_TOO_MUCH");
	if ((!is_in(&standing) && !is_in(&target.before.standing)) ||
		(standing.role == ROLE_MEMBER && target.before.standing.role == ROLE_MEMBER))
		return answer_with(call, id, answer); /* no admin, and none before */
	if (standing.role != ROLE_ADMIN && standing.role != ROLE_CREATOR)
		rank = (struct bytes){0};
	else if (!rank_given)
		rank = target.before.rank;
	target_store(call, &target, &standing, rank);
	log_members(call, &context, EVENT_ADMIN, &target);
	return answer_moved(call, &target, answer);
}

int channel_edit_rank(
	struct call *call, int64_t id, int64_t user, struct bytes rank, struct update_set *answer)
{
	struct channel_context context;
	struct membership_row row;
	struct target target;
	bool may;

	if (rank_check(call, &rank) < 0 || channel_need_open(call, id, &context) < 0 ||
		target_load(call, id, user, &target) < 0)
		return -1;
	if (!is_in(&target.before.standing) || context.row.broadcast)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (user == call->user)
		may = channel_is_member(&context.view) &&
		      !(channel_limits(&context.view) & CHAT_EDIT_RANK);
	else
		may = channel_admin_may(&context.view, ADMIN_RANKS) &&
		      (target.before.standing.role == ROLE_MEMBER ||
			      channel_may_edit(&context, call->user, &target.before));
	if (!may)
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	row = target.row;
	row.sealed_rank = rank_seal(call, user, id, rank);
	home_members_set_standing(call_home(call), &row);
	admin_log(call, &context,
		&(struct admin_entry){
			.event = EVENT_RANK, .user = user, .texts = {target.before.rank, rank}});
	return answer_with(call, id, answer);
}

/* ---- Bans ---- */

static int may_ban(struct call *call, const struct channel_context *context,
	const struct channel_member *before)
{
	if (before->user == call->user)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (before->standing.role == ROLE_CREATOR ||
		channel_awaits_owner(call, context->row.id, before->user) ||
		(before->standing.role == ROLE_ADMIN &&
			!channel_may_edit(context, call->user, before)))
		return rpc_error(call, 400, "USER_ADMIN_INVALID");
	return 0;
}

static uint32_t limits_whole(uint32_t banned, bool broadcast)
{
	if (banned & CHAT_SEE || broadcast)
		return banned & CHAT_SEE;
	if (banned & CHAT_SEND_MEDIA)
		banned |= ALL_FILES;
	return banned;
}

static struct standing standing_limited(
	const struct standing *before, uint32_t banned, int64_t until_s)
{
	return (struct standing){
		.role = banned & CHAT_SEE ? ROLE_BANNED
			: is_in(before)	  ? ROLE_MEMBER
					  : ROLE_LEFT,
		.banned_rights = banned,
		.until_s = banned ? until_s : 0,
	};
}

int channel_edit_banned(struct call *call, int64_t id, int64_t user, uint32_t banned,
	int64_t until_s, struct update_set *answer)
{
	struct channel_context context;
	const struct standing *before;
	struct standing standing;
	struct target target;

	if (user < 0)
		return channel_ban_sender(call, id, -user, banned, answer);
	if (channel_need_admin(call, id, ADMIN_BAN, &context) < 0 ||
		target_load(call, id, user, &target) < 0 ||
		may_ban(call, &context, &target.before) < 0)
		return -1;
	if (until_s < call->now_s + BAN_LEAST_S || until_s > call->now_s + BAN_MOST_S)
		until_s = 0;
	before = &target.before.standing;
	standing = standing_limited(before, limits_whole(banned, context.row.broadcast), until_s);
	if (standing.role == before->role && standing.banned_rights == before->banned_rights &&
		standing.until_s == before->until_s)
		return answer_with(call, id, answer);
	target_store(call, &target, &standing,
		standing.role == ROLE_MEMBER && before->role == ROLE_MEMBER ? target.before.rank
									    : (struct bytes){0});
	log_members(call, &context, EVENT_BAN, &target);
	return answer_moved(call, &target, answer);
}

int channel_edit_default_rights(
	struct call *call, int64_t id, uint32_t banned, struct update_set *answer)
{
	struct channel_context context;
	uint32_t before;

	if (channel_need_admin(call, id, ADMIN_BAN, &context) < 0)
		return -1;
	/* What a group gave up to be of any size it does not get back. */
	if (banned & CHAT_SEE || context.row.broadcast ||
		context.shared->settings.flags & CHANNEL_GIGAGROUP)
		return rpc_error(call, 400, "BANNED_RIGHTS_INVALID");
	before = context.shared->settings.banned_rights;
	if (banned == before)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.shared->settings.banned_rights = banned;
	channel_store(call, &context);
	return answer_with(call, id, answer);
}

int channel_delete_posts_of(struct call *call, int64_t id, int64_t user, int32_t *pts,
	int32_t *pts_count, int32_t *left)
{
	int32_t posts[POSTS_PER_CALL_MAX + 1];
	struct channel_context context;
	size_t count;

	if (channel_need_admin(call, id, ADMIN_DELETE, &context) < 0)
		return -1;
	if (context.row.broadcast)
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (user == -id) /* who is anonymous is one of several */
		return rpc_error(call, 400, "PARTICIPANT_ID_INVALID");
	count = user < 0 ? home_authors_shown(
				   call_home(call), id, -user, posts, POSTS_PER_CALL_MAX + 1)
			 : home_authors_posts(call_home(call), id, user, 0, INT32_MAX, posts,
				   POSTS_PER_CALL_MAX + 1);
	/* The first of all stays. */
	if (count > 0 && posts[count - 1] == 1)
		count--;
	*left = count > POSTS_PER_CALL_MAX;
	return channel_posts_delete(
		call, id, posts, *left ? POSTS_PER_CALL_MAX : count, pts, pts_count);
}

bool channel_standings_prune(struct call *call)
{
	struct membership_row *rows = arena_array(call->arena, DUE_MAX, sizeof(*rows));
	const size_t count = home_members_due(call_home(call), call->now_s, rows, DUE_MAX);

	for (size_t i = 0; i < count; i++) {
		struct membership_row row;

		if (rows[i].role >= ROLE_BANNED) {
			home_members_delete(call_home(call), rows[i].user, rows[i].channel);
			continue;
		}
		if (!home_members_find_in(
			    call_home(call), call->arena, rows[i].channel, rows[i].user, &row))
			continue;
		row.banned_rights = 0;
		row.until_s = 0;
		row.changed_at_s = call->now_s;
		home_members_set_standing(call_home(call), &row);
	}
	return count == DUE_MAX;
}

/* ---- The creator ---- */

/* A stolen session, or a password that a thief has just set, gives nothing away. */
int channel_creator_prove(struct call *call, const struct password_answer *given)
{
	struct home_password password;
	struct home_login own;
	int64_t ready_s;

	home_password_get(call_home(call), call->store->vault, call->arena, call->user, &password);
	ready_s = password.changed_at_s + PASSWORD_AGE_MIN_S;
	home_password_wipe(&password);
	if (!password.is_set)
		return rpc_error(call, 400, "PASSWORD_MISSING");
	if (ready_s > call->now_s)
		return rpc_error_number(call, 400, "PASSWORD_TOO_FRESH_", ready_s - call->now_s);
	if (session_is_fresh(call, &own))
		return rpc_error_number(call, 400, "SESSION_TOO_FRESH_",
			own.login_at_s + SESSION_FRESH_S - call->now_s);
	return password_verify(call, call->user, given);
}

int channel_edit_creator(struct call *call, int64_t id, int64_t user,
	const struct password_answer *answer_given, struct update_set *answer)
{
	const struct standing all = {.role = ROLE_CREATOR};
	const struct standing rest = {.role = ROLE_ADMIN, .admin_rights = ADMIN_ALL};
	struct channel_context context;
	struct target heir, giver;

	if (channel_need_creator(call, id, &context) < 0 ||
		channel_creator_prove(call, answer_given) < 0 ||
		target_load(call, id, user, &heir) < 0)
		return -1;
	if (user == call->user || bot_is(call, user) || heir.before.standing.role != ROLE_ADMIN)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (context.row.in_square && channel_names_full(&heir.as_user))
		return rpc_error(call, 400, "CHANNELS_ADMIN_PUBLIC_TOO_MUCH");
	if (target_load(call, id, call->user, &giver) < 0)
		return -1;
	/* Named by the next creator, who may take it all from him. */
	target_store(&heir.as_user, &giver, &rest, giver.before.rank);
	target_store(call, &heir, &all, heir.before.rank);
	log_members(call, &context, EVENT_ADMIN, &heir);
	return answer_with(call, id, answer);
}

int channel_owner_set(struct call *call, int64_t id, int64_t user)
{
	const struct standing all = {.role = ROLE_CREATOR};
	struct target heir;

	if (target_load(call, id, user, &heir) < 0 || !is_in(&heir.before.standing))
		return -1;
	target_store(call, &heir, &all, heir.before.rank);
	log_members(call, &heir.context, EVENT_ADMIN, &heir);
	return 0;
}
