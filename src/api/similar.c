/* SPDX-License-Identifier: Apache-2.0 */
/* channels.getChannelRecommendations. */
#include "core/channels/similar.h"

#include "api/encode_channel.h"
#include "api/handlers.h"
#include "api/peers.h"

/* https://core.telegram.org/method/channels.getChannelRecommendations */
int api_channels_getChannelRecommendations(struct call *call,
	const struct tl_channels_getChannelRecommendations *req, struct tl_object **reply)
{
	struct tl_messages_chats *chats = TL_NEW(call->arena, messages_chats);
	struct channel_views views;
	int64_t id = 0;

	if (req->channel && channel_from_input(call, req->channel, &id) < 0)
		return -1;
	if (similar_get(call, id, &views) < 0)
		return -1;
	chats->chats = tl_objects_new(call->arena, (uint32_t)views.count);
	for (size_t i = 0; i < views.count; i++)
		chats->chats.at[i] = encode_channel(call->arena, &views.at[i]);
	*reply = &chats->o;
	return 0;
}
