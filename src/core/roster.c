/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the peers of an answer. Linear search is right for what a page holds. */
#include "core/roster.h"

#include "core/users.h"

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
}

void roster_add_message(struct roster *roster, const struct message *message)
{
	roster_add(roster, message->peer);
	roster_add(roster, message->from);
	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_MENTION_NAME)
			roster_add(roster, (struct peer){PEER_USER, message->entities[i].id});
	}
}

void roster_add_updates(struct roster *roster, const struct update *updates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		roster_add(roster, updates[i].peer);
		if (updates[i].message)
			roster_add_message(roster, updates[i].message);
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

void roster_channels(struct call *call, const struct roster *roster, struct channel_view **channels,
	size_t *count)
{
	*channels = arena_array(call->arena, roster->channel_count, sizeof(**channels));
	*count = 0;
	for (size_t i = 0; i < roster->channel_count; i++) {
		if (channel_find(call, roster->channels[i], &(*channels)[*count]))
			(*count)++;
	}
}

void roster_complete(struct call *call, int64_t viewer, struct update_set *set)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	roster_add_updates(&roster, set->updates, set->update_count);
	roster_users(call, viewer, &roster, &set->users, &set->user_count);
	if (viewer == call->user)
		roster_channels(call, &roster, &set->channels, &set->channel_count);
	set->date_s = call->now_s;
}
