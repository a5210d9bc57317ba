/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the peers of an answer. Linear search is right for what a page holds. */
#include "core/channels/roster.h"

#include "core/chats/chats.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users.h"

void roster_init(struct roster *roster, struct arena *arena)
{
	*roster = (struct roster){.arena = arena};
}

static void ids_add(struct arena *arena, int64_t **ids, size_t *count, int64_t id)
{
	for (size_t i = 0; i < *count; i++) {
		if ((*ids)[i] == id)
			return;
	}
	if (*count == ROSTER_MAX)
		return;
	/* Full at 0, 16, 32, 64 …: room for twice as many. */
	if (*count == 0 || (*count >= 16 && (*count & (*count - 1)) == 0)) {
		int64_t *more = arena_array(arena, *count ? *count * 2 : 16, sizeof(*more));

		if (*count)
			memcpy(more, *ids, *count * sizeof(*more));
		*ids = more;
	}
	(*ids)[(*count)++] = id;
}

void roster_add(struct roster *roster, struct peer peer)
{
	if (peer.kind == PEER_USER)
		ids_add(roster->arena, &roster->users, &roster->user_count, peer.id);
	else if (peer.kind == PEER_CHANNEL)
		ids_add(roster->arena, &roster->channels, &roster->channel_count, peer.id);
	else if (peer.kind == PEER_CHAT)
		ids_add(roster->arena, &roster->chats, &roster->chat_count, peer.id);
}

static void add_forward(struct roster *roster, const struct forward *forward)
{
	roster_add(roster, forward->from);
	roster_add(roster, forward->saved_from);
	roster_add(roster, forward->saved_author);
}

static void add_replies(struct roster *roster, const struct post_replies *replies)
{
	for (size_t i = 0; i < sizeof(replies->recent) / sizeof(*replies->recent); i++)
		roster_add(roster, replies->recent[i]);
	if (replies->comments)
		roster_add(roster, (struct peer){PEER_CHANNEL, replies->channel});
}

static void add_poll(struct roster *roster, const struct poll *poll)
{
	for (size_t i = 0; poll && i < poll->recent_count; i++)
		roster_add(roster, (struct peer){PEER_USER, poll->recent[i]});
}

void roster_add_message(struct roster *roster, const struct message *message)
{
	roster_add(roster, message->peer);
	roster_add(roster, message->from);
	roster_add(roster, message->saved_peer);
	roster_add(roster, message->other);
	if (message->forward)
		add_forward(roster, message->forward);
	if (message->reply) {
		roster_add(roster, message->reply->peer);
		if (message->reply->from)
			add_forward(roster, message->reply->from);
	}
	for (size_t i = 0; i < message->user_count; i++)
		roster_add(roster, (struct peer){PEER_USER, message->users[i]});
	for (size_t i = 0; i < message->reaction_count; i++)
		roster_add(roster, message->reactions[i].by);
	if (message->replies)
		add_replies(roster, message->replies);
	if (message->media)
		add_poll(roster, message->media->poll_view);
	if (message->media && message->media->user)
		roster_add(roster, (struct peer){PEER_USER, message->media->user});
	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_MENTION_NAME)
			roster_add(roster, (struct peer){PEER_USER, message->entities[i].id});
	}
}

void roster_add_updates(struct roster *roster, const struct update *updates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		roster_add(roster, updates[i].peer);
		roster_add(roster, updates[i].by);
		for (size_t k = 0; k < updates[i].peer_count; k++)
			roster_add(roster, updates[i].peers[k]);
		for (size_t k = 0; k < updates[i].member_count; k++) {
			roster_add(roster, (struct peer){PEER_USER, updates[i].members[k].user});
			roster_add(roster, (struct peer){PEER_USER, updates[i].members[k].inviter});
		}
		add_poll(roster, updates[i].poll);
		if (updates[i].message)
			roster_add_message(roster, updates[i].message);
		if (updates[i].rules.data)
			privacy_add_named(roster, &updates[i]);
	}
}

void roster_users(struct call *call, int64_t viewer, const struct roster *roster,
	struct user **users, size_t *count)
{
	*users = arena_array(call->arena, roster->user_count, sizeof(**users));
	*count = 0;
	for (size_t i = 0; i < roster->user_count; i++) {
		if (user_view_for(call, viewer, roster->users[i], &(*users)[*count]) == 0)
			(*count)++;
	}
}

/* What the viewer may not see (any more) is named all the same: clients drop a message that names a
 * channel which they were never told of. */
static void unseen_channel(struct call *call, int64_t id, struct channel_view *out)
{
	struct channel *channel = ARENA_NEW(call->arena, struct channel);

	*channel = (struct channel){.id = id, .title = BYTES_LITERAL(""), .broadcast = true};
	*out = (struct channel_view){.channel = channel, .my.role = ROLE_BANNED};
}

void roster_channels(struct call *call, const struct roster *roster, struct channel_view **channels,
	size_t *count)
{
	*channels = arena_array(call->arena, roster->channel_count, sizeof(**channels));
	for (size_t i = 0; i < roster->channel_count; i++) {
		if (!channel_find(call, roster->channels[i], &(*channels)[i]))
			unseen_channel(call, roster->channels[i], &(*channels)[i]);
	}
	*count = roster->channel_count;
}

void roster_other_channels(struct call *call, const struct roster *roster, int64_t self,
	struct channel_view **channels, size_t *count)
{
	size_t kept = 0;

	roster_channels(call, roster, channels, count);
	for (size_t i = 0; i < *count; i++) {
		if ((*channels)[i].channel->id != self)
			(*channels)[kept++] = (*channels)[i];
	}
	*count = kept;
}

void roster_chats(struct call *call, int64_t viewer, const struct roster *roster,
	struct chat_view **chats, size_t *count)
{
	*chats = arena_array(call->arena, roster->chat_count, sizeof(**chats));
	*count = 0;
	for (size_t i = 0; i < roster->chat_count; i++) {
		if (chat_view_for(call, viewer, roster->chats[i], &(*chats)[*count]))
			(*count)++;
	}
}

void roster_view(struct call *call, const struct roster *roster, struct update_set *set)
{
	roster_users(call, call->user, roster, &set->users, &set->user_count);
	roster_chats(call, call->user, roster, &set->chats, &set->chat_count);
	roster_channels(call, roster, &set->channels, &set->channel_count);
}

void roster_complete(struct call *call, int64_t viewer, struct update_set *set)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	roster_add_updates(&roster, set->updates, set->update_count);
	roster_users(call, viewer, &roster, &set->users, &set->user_count);
	roster_chats(call, viewer, &roster, &set->chats, &set->chat_count);
	if (roster.channel_count) {
		const int64_t caller = call->user;

		call->user = viewer; /* channels are seen with the caller's eyes */
		roster_channels(call, &roster, &set->channels, &set->channel_count);
		call->user = caller;
	}
	set->date_s = call->now_s;
}

void update_set_append(struct call *call, struct update_set *all, const struct update_set *more)
{
	const size_t count = all->update_count + more->update_count;
	struct update *updates = arena_array(call->arena, count, sizeof(*updates));

	if (all->update_count)
		memcpy(updates, all->updates, all->update_count * sizeof(*updates));
	if (more->update_count)
		memcpy(updates + all->update_count, more->updates,
			more->update_count * sizeof(*updates));
	all->updates = updates;
	all->update_count = count;
}

void roster_join(struct call *call, const struct update_set *before, struct update_set *answer)
{
	struct update_set both = *before;

	update_set_append(call, &both, answer);
	*answer = both;
	roster_complete(call, call->user, answer);
}
