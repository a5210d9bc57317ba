/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Steps of fleet_each(): the fleet knows its square while it opens. */
#include "bench/square.h"

#include <stdlib.h>

#include "base/mem.h"

static struct square *opening;

static struct tl_inputChannel *channel_of(const struct account *account)
{
	return &opening->channels[account->index];
}

static void name_channel(const struct account *account, int64_t id, int64_t access_hash)
{
	*channel_of(account) = (struct tl_inputChannel){
		.o.name = TL_inputChannel, .channel_id = id, .access_hash = access_hash};
}

static void on_joined(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;

	if (fleet_answered(peer, answer, "channels.joinChannel"))
		fleet_step_done(account->fleet);
}

static bool take_found(struct peer *peer, const struct peer_answer *answer)
{
	const struct tl_contacts_resolvedPeer *resolved;
	const struct tl_channel *found;

	if (!fleet_answered(peer, answer, "contacts.resolveUsername"))
		return false;
	resolved = TL_AS(contacts_resolvedPeer, answer->reply.object);
	found = resolved && resolved->chats.count ? TL_AS(channel, resolved->chats.at[0]) : NULL;
	if (!found) {
		peers_fail(peer->peers, "contacts.resolveUsername found no channel");
		return false;
	}
	name_channel(peer->owner, found->id, found->access_hash);
	return true;
}

static void on_found(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct tl_channels_joinChannel query = {.o.name = TL_channels_joinChannel};

	if (!take_found(peer, answer))
		return;
	query.channel = &channel_of(peer->owner)->o;
	peer_call(peer, &query.o, on_joined, 0);
}

static void find(struct account *account,
	void (*on_answer)(struct peer *, const struct peer_answer *, uint32_t))
{
	struct tl_contacts_resolveUsername query = {
		.o.name = TL_contacts_resolveUsername, .username = bytes_from_str(SQUARE_NAME)};

	peer_call(&account->peer, &query.o, on_answer, 0);
}

static void find_and_join(struct account *account)
{
	find(account, on_found);
}

static void on_own_found(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;

	if (take_found(peer, answer))
		fleet_step_done(account->fleet);
}

static void find_own(struct account *account)
{
	find(account, on_own_found);
}

static void on_named(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;

	if (fleet_answered(peer, answer, "channels.updateUsername"))
		fleet_step_done(account->fleet);
}

static void on_created(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct tl_channels_updateUsername query = {
		.o.name = TL_channels_updateUsername, .username = bytes_from_str(SQUARE_NAME)};
	const struct tl_updates *updates;
	const struct tl_channel *channel;

	if (!fleet_answered(peer, answer, "channels.createChannel"))
		return;
	updates = TL_AS(updates, answer->reply.object);
	channel = updates && updates->chats.count ? TL_AS(channel, updates->chats.at[0]) : NULL;
	if (!channel) {
		peers_fail(peer->peers, "channels.createChannel gave no channel");
		return;
	}
	name_channel(peer->owner, channel->id, channel->access_hash);
	query.channel = &channel_of(peer->owner)->o;
	peer_call(peer, &query.o, on_named, 0);
}

static void create(struct account *account)
{
	struct tl_channels_createChannel query = {.o.name = TL_channels_createChannel,
		.broadcast = true,
		.title = BYTES_LITERAL("Bench"),
		.about = BYTES_LITERAL("")};

	peer_call(&account->peer, &query.o, on_created, 0);
}

int square_open(struct square *square, struct fleet *fleet, const struct bench_options *options,
	struct err *err)
{
	uint32_t parallel = (uint32_t)options->connections;

	*square = (struct square){
		.fleet = fleet, .channels = mem_zalloc(fleet->count, sizeof(*square->channels))};
	opening = square;
	if (fleet_log_in(fleet, 1, 1, err) < 0 ||
		fleet_each(fleet, 0, fleet->count, 1, options->data ? find_own : create, err) < 0 ||
		fleet_log_in(fleet, fleet->count, parallel, err) < 0)
		return -1;
	return fleet_each(fleet, 1, 1, parallel, find_and_join, err);
}

void square_release(struct square *square)
{
	free(square->channels);
	square->channels = NULL;
}

struct tl_inputPeerChannel square_peer_of(
	const struct square *square, const struct account *account)
{
	const struct tl_inputChannel *channel = &square->channels[account->index];

	return (struct tl_inputPeerChannel){.o.name = TL_inputPeerChannel,
		.channel_id = channel->channel_id,
		.access_hash = channel->access_hash};
}

struct tl_inputPeerChannel square_peer(const struct square *square)
{
	return square_peer_of(square, &square->fleet->accounts[0]);
}
