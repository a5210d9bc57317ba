/* SPDX-License-Identifier: Apache-2.0 */
/* Making, changing and listing invite links. The secret of a link is 128 bits of chance: whoever
 * has it was given it. */
#include "core/channels/invite_links.h"

#include "base/text.h"
#include "core/channels/channel_rights.h"
#include "core/channels/invites_private.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/users.h"

#define SECRET_SIZE 16
#define SECRET_TEXT 22 /* characters of it as base64url */
#define SECRET_SHOWN 6 /* of these to other admins: too few to come in by */

/* ---- Who may ---- */

int invite_host_need(struct call *call, struct peer peer, struct invite_host *out)
{
	*out = (struct invite_host){.peer = peer, .place = invite_place(peer)};
	switch (peer.kind) {
	case PEER_CHAT:
		return chat_need_admin(call, peer.id, CHAT_ADMIN, &out->chat);
	case PEER_CHANNEL:
		return channel_need_admin(call, peer.id, ADMIN_INVITE, &out->channel);
	default:
		return rpc_error(call, 400, "PEER_ID_INVALID");
	}
}

bool invite_host_is_creator(const struct invite_host *host)
{
	return host->peer.kind == PEER_CHAT ? host->chat.role == CHAT_CREATOR
					    : host->channel.view.my.role == ROLE_CREATOR;
}

bool invite_host_load(struct call *call, struct peer peer, struct invite_host *out)
{
	*out = (struct invite_host){.peer = peer, .place = invite_place(peer)};
	if (peer.kind == PEER_CHANNEL)
		return channel_load(call, peer.id, &out->channel);
	out->chat.role = chat_role_of(call, peer.id, call->user);
	return home_chat_get(
		       call_home(call), call->store->vault, call->arena, peer.id, &out->chat.row) &&
	       !out->chat.row.deactivated;
}

bool invite_host_has(struct call *call, const struct invite_host *host, int64_t user)
{
	struct membership_row row;

	if (host->peer.kind == PEER_CHAT)
		return chat_role_of(call, host->peer.id, user) != CHAT_OUT;
	return home_members_find(call_home(call), user, host->peer.id, &row) &&
	       row.role >= ROLE_MEMBER && row.role <= ROLE_CREATOR;
}

/* ---- The text ---- */

void invite_log(struct call *call, const struct channel_context *context, enum admin_event event,
	const struct home_invite_link *link, int64_t approved_by)
{
	struct admin_entry entry = {.event = event, .user = approved_by};
	struct bytes text;

	if (link) {
		text = invite_link_text(call->arena, link);
		text = bytes_from_str(arena_printf(call->arena, "%.*s...",
			(int)(text.size - SECRET_TEXT + SECRET_SHOWN), (const char *)text.data));
		entry.numbers[0] = link->admin;
		entry.numbers[1] = link->made_at_s;
		entry.texts[0] = event == EVENT_LINK_EDIT || event == EVENT_LINK_DELETE
					 ? text
					 : (struct bytes){0};
		entry.texts[1] = event == EVENT_LINK_DELETE ? (struct bytes){0} : text;
	}
	admin_log(call, context, &entry);
}

static void host_log(struct call *call, const struct invite_host *host, enum admin_event event,
	const struct home_invite_link *link)
{
	if (host->peer.kind == PEER_CHANNEL)
		invite_log(call, &host->channel, event, link, 0);
}

struct bytes invite_link_text(struct arena *arena, const struct home_invite_link *link)
{
	return bytes_from_str(
		arena_printf(arena, "https://t.me/+%s", text_base64url(arena, link->secret)));
}

/* None of these characters is one of base64url. */
static bool ends_address(uint8_t c)
{
	return c == '/' || c == '+' || c == '=' || c == ' ';
}

bool invite_link_hash(struct call *call, struct bytes text, uint8_t *hash)
{
	struct bytes secret;
	size_t at = text.size;

	while (at > 0 && !ends_address(text.data[at - 1]))
		at--;
	text = bytes_of(text.data + at, text.size - at);
	if (text.size != SECRET_TEXT || text_unbase64(call->arena, text, &secret) < 0 ||
		secret.size != SECRET_SIZE)
		return false;
	vault_lookup(call->store->vault, "invite_link", secret, hash);
	return true;
}

int invite_link_need(struct call *call, const struct invite_host *host, struct bytes text,
	struct home_invite_link *out)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];

	if (!invite_link_hash(call, text, hash) ||
		!home_invite_link_find(
			call_home(call), call->store->vault, call->arena, hash, out) ||
		out->place.kind != host->place.kind || out->place.id != host->place.id ||
		(out->admin != call->user && !invite_host_is_creator(host)))
		return rpc_error(call, 400, "INVITE_HASH_EXPIRED");
	return 0;
}

/* ---- Making ---- */

static int wish_check(struct call *call, struct invite_wish *wish)
{
	if (wish->says_until && wish->until_s != 0 && wish->until_s <= call->now_s)
		return rpc_error(call, 400, "EXPIRE_DATE_INVALID");
	if (wish->says_limit && (wish->limit < 0 || wish->limit > INVITE_USES_MAX))
		return rpc_error(call, 400, "USAGE_LIMIT_INVALID");
	if (!wish->says_title)
		return 0;
	if (!user_text_fits(wish->title, INVITE_TITLE_MAX))
		return rpc_error(call, 400, "TITLE_INVALID");
	wish->title = text_trim(wish->title);
	return 0;
}

static int wish_apply(
	struct call *call, const struct invite_wish *wish, struct home_invite_link *link)
{
	if (wish->says_until)
		link->until_s = wish->until_s;
	if (wish->says_limit)
		link->limit = wish->limit;
	if (wish->says_title)
		link->title = wish->title;
	if (wish->says_asks)
		link->asks = wish->asks;
	return link->asks && link->limit ? rpc_error(call, 400, "USAGE_LIMIT_INVALID") : 0;
}

static void link_draw(struct call *call, struct home_invite_link *link)
{
	uint8_t *secret = arena_alloc(call->arena, SECRET_SIZE);

	random_fill(call->env->random, secret, SECRET_SIZE);
	link->secret = bytes_of(secret, SECRET_SIZE);
	vault_lookup(call->store->vault, "invite_link", link->secret, link->hash);
	link->made_at_s = call->now_s;
	home_invite_link_insert(call_home(call), call->store->vault, call->arena, link);
}

static void link_revoke(
	struct call *call, const struct invite_host *host, struct home_invite_link *link)
{
	link->revoked = true;
	home_invite_link_update(call_home(call), call->store->vault, call->arena, link);
	home_invite_links_trim(call_home(call), link->place, link->admin, INVITE_LINKS_REVOKED_MAX);
	host_log(call, host, EVENT_LINK_REVOKE, link);
}

/* The permanent link of an account, in the place of the one it has. */
static void permanent_draw(struct call *call, const struct invite_host *host, int64_t admin,
	struct home_invite_link *out)
{
	struct home_invite_link old;

	if (home_invite_link_permanent(
		    call_home(call), call->store->vault, call->arena, host->place, admin, &old))
		link_revoke(call, host, &old);
	*out = (struct home_invite_link){.place = host->place, .admin = admin, .permanent = true};
	link_draw(call, out);
}

int invite_link_make(struct call *call, struct peer peer, const struct invite_wish *wanted,
	struct home_invite_link *out)
{
	struct invite_wish wish = *wanted;
	struct invite_host host;

	if (invite_host_need(call, peer, &host) < 0 || wish_check(call, &wish) < 0)
		return -1;
	if (wish.permanent && (wish.until_s || wish.limit || wish.title.size || wish.asks))
		return rpc_error(call, 400, "CHAT_INVITE_PERMANENT");
	if (account_budget_take(call, "invite_links", INVITE_LINKS_PER_DAY) < 0)
		return -1;
	if (wish.permanent) {
		permanent_draw(call, &host, call->user, out);
		return 0;
	}
	*out = (struct home_invite_link){.place = host.place, .admin = call->user};
	if (wish_apply(call, &wish, out) < 0)
		return -1;
	if (home_invite_links_count(call_home(call), host.place, call->user, false) >=
		INVITE_LINKS_MAX)
		return rpc_error(call, 400, "INVITES_TOO_MUCH");
	link_draw(call, out);
	return 0;
}

/* ---- Changing ---- */

int invite_link_get(
	struct call *call, struct peer peer, struct bytes text, struct home_invite_link *out)
{
	struct invite_host host;

	return invite_host_need(call, peer, &host) < 0 ? -1
						       : invite_link_need(call, &host, text, out);
}

static int edit_permanent(struct call *call, const struct invite_host *host,
	const struct invite_wish *wish, struct home_invite_link *link,
	struct home_invite_link *next)
{
	if (!wish->revoke)
		return rpc_error(call, 400, "CHAT_INVITE_PERMANENT");
	permanent_draw(call, host, link->admin, next);
	link->revoked = true;
	return 0;
}

int invite_link_edit(struct call *call, struct peer peer, struct bytes text,
	const struct invite_wish *wanted, struct home_invite_link *out,
	struct home_invite_link *next)
{
	struct invite_wish wish = *wanted;
	struct invite_host host;

	*next = (struct home_invite_link){0};
	if (invite_host_need(call, peer, &host) < 0 ||
		invite_link_need(call, &host, text, out) < 0 || wish_check(call, &wish) < 0)
		return -1;
	if (out->revoked)
		return rpc_error(call, 400, "INVITE_HASH_EXPIRED");
	if (out->permanent)
		return edit_permanent(call, &host, &wish, out, next);
	if (wish.revoke) {
		link_revoke(call, &host, out);
		return 0;
	}
	if (wish_apply(call, &wish, out) < 0)
		return -1;
	home_invite_link_update(call_home(call), call->store->vault, call->arena, out);
	host_log(call, &host, EVENT_LINK_EDIT, out);
	return 0;
}

int invite_link_delete(struct call *call, struct peer peer, struct bytes text)
{
	struct home_invite_link link;
	struct invite_host host;

	if (invite_host_need(call, peer, &host) < 0 ||
		invite_link_need(call, &host, text, &link) < 0)
		return -1;
	if (!link.revoked)
		return rpc_error(call, 400, "INVITE_REVOKED_MISSING");
	home_invite_link_delete(call_home(call), link.hash);
	host_log(call, &host, EVENT_LINK_DELETE, &link);
	return 0;
}

/* ---- Listing ---- */

static bool is_admin(struct call *call, const struct invite_host *host, int64_t user)
{
	struct membership_row row;

	if (host->peer.kind == PEER_CHAT)
		return chat_role_of(call, host->peer.id, user) >= CHAT_ADMIN;
	return home_members_find(call_home(call), user, host->peer.id, &row) &&
	       (row.role == ROLE_ADMIN || row.role == ROLE_CREATOR);
}

/* Whose links the viewer may list: the own ones, and as the creator those of all admins, and of all
 * who have any. */
static int need_admin(struct call *call, const struct invite_host *host, int64_t admin)
{
	if (admin == call->user)
		return 0;
	if (!invite_host_is_creator(host))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (!is_admin(call, host, admin) &&
		home_invite_links_count(call_home(call), host->place, admin, false) == 0 &&
		home_invite_links_count(call_home(call), host->place, admin, true) == 0)
		return rpc_error(call, 400, "ADMIN_ID_INVALID");
	return 0;
}

int invite_links_delete_revoked(struct call *call, struct peer peer, int64_t admin)
{
	struct invite_host host;

	if (invite_host_need(call, peer, &host) < 0 || need_admin(call, &host, admin) < 0)
		return -1;
	home_invite_links_trim(call_home(call), host.place, admin, 0);
	return 0;
}

/* Whoever looks at the own links has one: Telegram Desktop shows an empty place and makes none. */
static void ensure_permanent(struct call *call, const struct invite_host *host)
{
	struct home_invite_link link;

	if (!home_invite_link_permanent(call_home(call), call->store->vault, call->arena,
		    host->place, call->user, &link))
		permanent_draw(call, host, call->user, &link);
}

int invite_links_of(struct call *call, struct peer peer, int64_t admin, bool revoked,
	int64_t offset_s, struct bytes offset_link, int32_t limit, struct invite_links *out)
{
	struct home_invite_mark mark = {.made_at_s = offset_s};
	struct db *home = call_home(call);
	struct invite_host host;

	if (invite_host_need(call, peer, &host) < 0 || need_admin(call, &host, admin) < 0)
		return -1;
	if (offset_s && !invite_link_hash(call, offset_link, mark.hash))
		return rpc_error(call, 400, "INVITE_HASH_EXPIRED");
	if (admin == call->user && !revoked)
		ensure_permanent(call, &host);
	if (limit < 0 || limit > INVITE_LINKS_PAGE_MAX)
		limit = INVITE_LINKS_PAGE_MAX;
	out->count = home_invite_links(home, call->store->vault, call->arena, host.place, admin,
		revoked, &mark, (size_t)limit, &out->at);
	out->total = home_invite_links_count(home, host.place, admin, revoked);
	return 0;
}

int invite_admins(
	struct call *call, struct peer peer, struct home_invite_admin **out, size_t *count)
{
	struct invite_host host;

	if (invite_host_need(call, peer, &host) < 0)
		return -1;
	if (!invite_host_is_creator(&host))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	*count = home_invite_admins(
		call_home(call), call->arena, host.place, INVITE_ADMINS_MAX, out);
	return 0;
}

bool invite_link_own(struct call *call, struct peer peer, struct home_invite_link *out)
{
	return home_invite_link_permanent(call_home(call), call->store->vault, call->arena,
		invite_place(peer), call->user, out);
}
