/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in a channel, and in what standing, as far as the viewer may know. */
#include "core/bots/bot_ears.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/contacts.h"
#include "core/messages/find.h"
#include "core/channels/join_requests.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"

#define MEMBERS_PER_CALL_MAX 200
#define ADMINS_MAX (CHANNEL_ADMINS_MAX + 1) /* with the creator */
#define MEMBERS_OFFSET_MAX 10000	    /* clients page no further; bounds the rows skipped */
#define CONTACTS_LOOKED_MAX 1000

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* Who is subscribed to a broadcast channel is its admins' business alone; members of a group see
 * each other, unless they are hidden. */
static bool may_see(const struct channel_view *view)
{
	if (channel_is_admin(view))
		return true;
	return !view->channel->broadcast && channel_is_member(view) &&
	       !(view->channel->settings.flags & CHANNEL_MEMBERS_HIDDEN);
}

static bool may_list(const struct channel_view *view, enum channel_member_filter filter)
{
	switch (filter) {
	case MEMBERS_OUT:
	case MEMBERS_LIMITED:
		return channel_is_admin(view);
	case MEMBERS_ADMINS:
	case MEMBERS_BOTS:
		return may_see(view) || (!view->channel->broadcast && channel_is_member(view));
	default:
		return may_see(view);
	}
}

/* Whoever is anonymous is a member like others to those who are no admins; only those know who
 * named whom. */
static void member_show(struct call *call, const struct channel_context *context,
	const struct membership_row *row, struct channel_member *out)
{
	struct home_join join;

	channel_member_from_row(call, row, out);
	out->can_edit = channel_may_edit(context, call->user, out) && row->user != call->user;
	out->by_request =
		row->user == call->user &&
		home_join_find(call_home(call), call->arena,
			(struct home_place){PEER_CHANNEL, row->channel}, row->user, &join) &&
		join.approved_by;
	if (!channel_is_admin(&context->view) && row->user != call->user &&
		out->standing.admin_rights & ADMIN_ANONYMOUS) {
		out->standing = (struct standing){.role = ROLE_MEMBER};
		out->rank = (struct bytes){0};
	}
}

/* ---- Rows of each list ---- */

/* offset and limit hold for the rows that are taken. */
struct page {
	struct call *call;
	const struct channel_context *context;
	const struct channel_member_query *query;
	struct find find;
	int32_t skip, limit;
	struct channel_members *out;
};

static bool is_named_so(struct page *page, int64_t user)
{
	struct channel_context sender;
	struct user seen;
	const char *names;

	if (page->find.count == 0)
		return true;
	if (user < 0)
		return channel_load(page->call, -user, &sender) &&
		       find_in(page->call->arena, sender.row.title, &page->find);
	if (user_view(page->call, user, &seen) < 0)
		return false;
	names = arena_printf(page->call->arena, "%.*s %.*s %.*s", (int)seen.first_name.size,
		(const char *)seen.first_name.data, (int)seen.last_name.size,
		(const char *)seen.last_name.data, (int)seen.username.size,
		(const char *)seen.username.data);
	return find_in(page->call->arena, bytes_from_str(names), &page->find);
}

static void page_take(struct page *page, const struct membership_row *row)
{
	struct channel_members *out = page->out;

	if (!is_named_so(page, row->user))
		return;
	if (page->query->filter == MEMBERS_MENTIONS && row->user == page->call->user)
		return;
	out->total++;
	if (page->skip-- > 0 || out->count >= (size_t)page->limit)
		return;
	member_show(page->call, page->context, row, &out->at[out->count]);
	if (page->query->filter == MEMBERS_ADMINS &&
		out->at[out->count].standing.role == ROLE_MEMBER) {
		out->total--; /* anonymous */
		return;
	}
	out->count++;
}

static void list_admins(struct page *page)
{
	struct membership_row *rows = arena_array(page->call->arena, ADMINS_MAX, sizeof(*rows));
	const size_t count = home_members_admins(call_home(page->call), page->call->arena,
		page->context->row.id, ROLE_ADMIN, ROLE_CREATOR, rows, ADMINS_MAX);

	for (size_t i = 0; i < count; i++)
		page_take(page, &rows[i]);
}

static void take_member(struct page *page, int64_t user)
{
	struct membership_row row;

	if (home_members_find_in(
		    call_home(page->call), page->call->arena, page->context->row.id, user, &row) &&
		row.role >= ROLE_MEMBER && row.role <= ROLE_CREATOR)
		page_take(page, &row);
}

static void list_contacts(struct page *page)
{
	int64_t *contacts;
	size_t count;

	contacts_list(page->call, &contacts, &count);
	for (size_t i = 0; i < count && i < CONTACTS_LOOKED_MAX; i++)
		take_member(page, contacts[i]);
}

static void list_bots(struct page *page)
{
	int64_t bots[BOTS_PER_GROUP_MAX];
	const size_t count = bots_in_channel(page->call, page->context->row.id, bots);

	for (size_t i = 0; i < count; i++)
		take_member(page, bots[i]);
}

static void list_public_names(struct page *page)
{
	int64_t users[PUBLIC_NAMES_FOUND_MAX];
	const size_t count = public_names_search(
		page->call, page->query->words, PEER_USER, users, PUBLIC_NAMES_FOUND_MAX);

	for (size_t i = 0; i < count; i++)
		take_member(page, users[i]);
}

/* As they lie: the page is the store's. */
static void list_page(struct page *page, enum members_kind kind, int64_t total)
{
	const int32_t offset = page->skip;
	struct membership_row *rows =
		arena_array(page->call->arena, (size_t)page->limit, sizeof(*rows));
	const size_t count = home_members_of_channel(call_home(page->call), page->call->arena,
		page->context->row.id, kind, offset, rows, (size_t)page->limit);

	page->skip = 0;
	for (size_t i = 0; i < count; i++)
		page_take(page, &rows[i]);
	page->out->total = total;
}

static void list_named(struct page *page, enum members_kind kind)
{
	struct membership_row *rows =
		arena_array(page->call->arena, MEMBERS_SEARCHED_MAX, sizeof(*rows));
	const size_t count = home_members_of_channel(call_home(page->call), page->call->arena,
		page->context->row.id, kind, 0, rows, MEMBERS_SEARCHED_MAX);

	for (size_t i = 0; i < count; i++)
		page_take(page, &rows[i]);
	/* Of a large group the first are not all: the viewer's friends are found too, and who has a
	 * public name. */
	if (count < MEMBERS_SEARCHED_MAX || kind != MEMBERS_IN || page->out->total > 0)
		return;
	list_contacts(page);
	if (page->out->total == 0)
		list_public_names(page);
}

static void list_kind(struct page *page, enum members_kind kind)
{
	int64_t kicked, limited, total = page->context->shared->members;

	if (page->find.count > 0) {
		list_named(page, kind);
		return;
	}
	home_members_kind_counts(call_home(page->call), page->context->row.id, &kicked, &limited);
	list_page(page, kind,
		kind == MEMBERS_KICKED	     ? kicked
		: kind == MEMBERS_RESTRICTED ? limited
					     : total);
}

int channel_members(struct call *call, int64_t id, const struct channel_member_query *query,
	struct channel_members *out)
{
	struct channel_context context;
	struct page page = {
		.call = call,
		.context = &context,
		.query = query,
		.find = find_words(call->arena, query->words),
		.skip = clamp(query->offset, 0, MEMBERS_OFFSET_MAX),
		.limit = clamp(query->limit, 0, MEMBERS_PER_CALL_MAX),
		.out = out,
	};

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (!may_list(&context.view, query->filter))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	*out = (struct channel_members){
		.at = arena_array(call->arena, (size_t)page.limit + 1, sizeof(*out->at))};
	switch (query->filter) {
	case MEMBERS_ADMINS:
		list_admins(&page);
		break;
	case MEMBERS_CONTACTS:
		list_contacts(&page);
		break;
	case MEMBERS_BOTS:
		list_bots(&page);
		break;
	case MEMBERS_OUT:
		list_kind(&page, MEMBERS_KICKED);
		break;
	case MEMBERS_LIMITED:
		list_kind(&page, MEMBERS_RESTRICTED);
		break;
	case MEMBERS_ALL:
	case MEMBERS_MENTIONS:
		list_kind(&page, MEMBERS_IN);
	}
	return 0;
}

/* ---- One of them ---- */

int channel_member(struct call *call, int64_t id, int64_t user, struct channel_member *out)
{
	struct channel_context context;
	struct membership_row row;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (user != call->user && !may_see(&context.view))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (!home_members_find_in(call_home(call), call->arena, id, user, &row))
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	member_show(call, &context, &row, out);
	if (out->standing.role < ROLE_MEMBER || out->standing.role > ROLE_CREATOR)
		if (!channel_is_admin(&context.view) || !out->standing.banned_rights)
			return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	return 0;
}

void channel_counts(struct call *call, const struct channel_view *view, struct channel_counts *out)
{
	struct membership_row rows[ADMINS_MAX];

	*out = (struct channel_counts){
		.members_shown = may_see(view), .next_send_s = channel_next_send(call, view)};
	if (!channel_is_admin(view))
		return;
	out->admins = (int64_t)home_members_admins(call_home(call), call->arena, view->channel->id,
		ROLE_ADMIN, ROLE_CREATOR, rows, ADMINS_MAX);
	home_members_kind_counts(call_home(call), view->channel->id, &out->kicked, &out->limited);
}

/* ---- Who is here ---- */

/* Memory says of most that they are not. */
static bool is_here(struct call *call, int64_t user)
{
	return (!call->env->online_until || user_online_until(call, user) > call->now_s) &&
	       user_shows_here(call, user);
}

static size_t count_here(struct call *call, const int64_t *users, size_t count)
{
	size_t here = 0;

	for (size_t i = 0; i < count; i++)
		here += is_here(call, users[i]);
	return here;
}

#define STRIPES 8 /* old and new accounts */

/* Some from each part of all numbers of accounts that are in it. */
static size_t take_sample(struct call *call, int64_t channel, int64_t *users)
{
	const size_t each = ONLINES_LOOKED_MAX / STRIPES;
	int64_t least, greatest, stripe;
	size_t count = 0;

	if (!home_members_ends(call_home(call), channel, &least, &greatest))
		return 0;
	stripe = (greatest - least) / STRIPES + 1;
	for (int i = 0; i < STRIPES; i++)
		count += home_members_between(call_home(call), channel, least + i * stripe,
			least + (i + 1) * stripe - 1, users + count, each);
	return count;
}

int channel_onlines(struct call *call, int64_t id, int32_t *out)
{
	struct channel_context context;
	int64_t *users, members;
	size_t count, here;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	members = context.shared->members;
	users = arena_array(call->arena, ONLINES_LOOKED_MAX, sizeof(*users));
	if (members > ONLINES_LOOKED_MAX) {
		count = take_sample(call, id, users);
		here = count_here(call, users, count);
		*out = count ? (int32_t)(members * (int64_t)here / (int64_t)count) : 0;
		return 0;
	}
	/* The count would tell of somebody known whether he is in it. */
	if (!may_see(&context.view)) {
		*out = channel_is_member(&context.view) && is_here(call, call->user);
		return 0;
	}
	count = home_members_between(call_home(call), id, 1, INT64_MAX, users, ONLINES_LOOKED_MAX);
	*out = (int32_t)count_here(call, users, count);
	return 0;
}
