/* SPDX-License-Identifier: Apache-2.0 */
/* Two maps and the lists between them. An entry without listeners is freed at once. */
#include "server/audience.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void audience_init(struct audience *audience)
{
	map_init(&audience->accounts);
	map_init(&audience->channels);
}

void audience_release(struct audience *audience)
{
	assert(audience->accounts.size == 0 && audience->channels.size == 0);
	map_release(&audience->accounts);
	map_release(&audience->channels);
}

static void list_insert_after(struct list *before, struct list *node)
{
	node->prev = before;
	node->next = before->next;
	before->next->prev = node;
	before->next = node;
}

struct audience_account *audience_find(struct audience *audience, int64_t account)
{
	return map_get(&audience->accounts, (uint64_t)account);
}

struct audience_channel *audience_channel(struct audience *audience, int64_t channel)
{
	return map_get(&audience->channels, (uint64_t)channel);
}

struct audience_account *audience_join(
	struct audience *audience, struct audience_session *session, int64_t id)
{
	struct audience_account *account = audience_find(audience, id);

	assert(!session->account);
	if (!account) {
		account = mem_zalloc(1, sizeof(*account));
		account->id = id;
		list_init(&account->sessions);
		list_init(&account->memberships);
		list_init(&account->waiting);
		map_put(&audience->accounts, (uint64_t)id, account);
	}
	list_append(&account->sessions, &session->of_account);
	session->account = account;
	return account;
}

void audience_leave(struct audience *audience, struct audience_session *session)
{
	struct audience_account *account = session->account;

	if (!account)
		return;
	list_remove(&session->of_account);
	session->account = NULL;
	audience_collect(audience, account);
}

static void channel_collect(struct audience *audience, struct audience_channel *channel)
{
	if (!list_empty(&channel->members)) /* a walk holds it as well */
		return;
	map_remove(&audience->channels, (uint64_t)channel->id);
	free(channel);
}

static void member_free(struct audience *audience, struct audience_member *member)
{
	list_remove(&member->of_account);
	list_remove(&member->of_channel);
	channel_collect(audience, member->channel);
	free(member);
}

void audience_clear_standings(struct audience *audience, struct audience_account *account)
{
	LIST_EACH_SAFE (node, &account->memberships) {
		member_free(audience, LIST_OWNER(node, struct audience_member, of_account));
	}
}

void audience_collect(struct audience *audience, struct audience_account *account)
{
	/* While its channels are read the account stays: the answer looks for it. */
	if (!list_empty(&account->sessions) || account->state == AUDIENCE_LOADING)
		return;
	assert(list_empty(&account->waiting));
	audience_clear_standings(audience, account);
	map_remove(&audience->accounts, (uint64_t)account->id);
	free(account);
}

/* An account is in few channels, a channel has many members: look on the account's side. */
static struct audience_member *member_find(struct audience_account *account, int64_t channel)
{
	LIST_EACH (node, &account->memberships) {
		struct audience_member *member =
			LIST_OWNER(node, struct audience_member, of_account);

		if (member->channel->id == channel)
			return member;
	}
	return NULL;
}

static struct audience_channel *channel_or_new(struct audience *audience, int64_t id)
{
	struct audience_channel *channel = audience_channel(audience, id);

	if (!channel) {
		channel = mem_zalloc(1, sizeof(*channel));
		channel->id = id;
		list_init(&channel->members);
		map_put(&audience->channels, (uint64_t)id, channel);
	}
	return channel;
}

static bool role_listens(enum channel_role role)
{
	return role == ROLE_MEMBER || role == ROLE_ADMIN || role == ROLE_CREATOR;
}

void audience_set_standing(struct audience *audience, struct audience_account *account,
	int64_t channel, const struct standing *standing)
{
	struct audience_member *member = member_find(account, channel);

	if (!role_listens(standing->role)) {
		if (member)
			member_free(audience, member);
		return;
	}
	if (!member) {
		member = mem_zalloc(1, sizeof(*member));
		member->account = account;
		member->channel = channel_or_new(audience, channel);
		list_append(&account->memberships, &member->of_account);
		list_append(&member->channel->members, &member->of_channel);
	}
	member->my = *standing;
}

void audience_walk_begin(struct audience *audience, struct audience_walk *walk, int64_t channel)
{
	list_init(&walk->place);
	walk->channel = audience_channel(audience, channel);
	if (walk->channel)
		list_insert_after(&walk->channel->members, &walk->place);
}

struct audience_member *audience_walk_next(struct audience_walk *walk)
{
	struct list *next = walk->place.next;

	if (!walk->channel || next == &walk->channel->members)
		return NULL;
	list_remove(&walk->place);
	list_insert_after(next, &walk->place);
	return LIST_OWNER(next, struct audience_member, of_channel);
}

void audience_walk_end(struct audience *audience, struct audience_walk *walk)
{
	if (!walk->channel)
		return;
	list_remove(&walk->place);
	channel_collect(audience, walk->channel);
	walk->channel = NULL;
}
