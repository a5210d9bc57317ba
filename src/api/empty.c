/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that hold nothing, but must name what was asked about, or say more than zeroes do. All
 * others are rows of methods_empty.def. */
#include "api/handlers.h"
#include "api/peers.h"
#include "core/call.h"

#define PEERS_MAX 200 /* in one call: more than clients ask for at once */

/* Words that stand for an emoji. Version 1 of a list that stays empty: TDLib takes 0 for a broken
 * answer. https://core.telegram.org/method/messages.getEmojiKeywords */
static int no_keywords(struct bytes language, struct tl_emojiKeywordsDifference *reply)
{
	reply->lang_code = language;
	reply->version = 1;
	return 0;
}

int api_messages_getEmojiKeywords(struct call *call, const struct tl_messages_getEmojiKeywords *req,
	struct tl_emojiKeywordsDifference *reply)
{
	return no_keywords(req->lang_code, reply);
}

int api_messages_getEmojiKeywordsDifference(struct call *call,
	const struct tl_messages_getEmojiKeywordsDifference *req,
	struct tl_emojiKeywordsDifference *reply)
{
	reply->from_version = req->from_version;
	return no_keywords(req->lang_code, reply);
}

/* https://core.telegram.org/method/stories.getPeerStories */
int api_stories_getPeerStories(struct call *call, const struct tl_stories_getPeerStories *req,
	struct tl_stories_peerStories *reply)
{
	struct tl_peerStories *stories = TL_NEW(call->arena, peerStories);
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	stories->peer = encode_peer(call->arena, peer);
	reply->stories = &stories->o;
	return 0;
}

/* One answer for each peer: clients match them by place. */
int api_stories_getPeerMaxIDs(
	struct call *call, const struct tl_stories_getPeerMaxIDs *req, struct tl_objects *reply)
{
	if (req->id.count > PEERS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	*reply = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++)
		reply->at[i] = &TL_NEW(call->arena, recentStory)->o;
	return 0;
}

/* Settings of the old call library, of which none is set. */
int api_phone_getCallConfig(
	struct call *call, const struct tl_phone_getCallConfig *req, struct tl_dataJSON *reply)
{
	reply->data = BYTES_LITERAL("{}");
	return 0;
}

static struct tl_object *download_settings(struct arena *arena, int64_t file_size_max)
{
	struct tl_autoDownloadSettings *out = TL_NEW(arena, autoDownloadSettings);

	out->audio_preload_next = true;
	out->photo_size_max = 1 << 20;
	out->video_size_max = out->file_size_max = file_size_max;
	out->video_upload_maxbitrate = 100; /* percent of the client's own choice */
	out->small_queue_active_operations_max = 5;
	out->large_queue_active_operations_max = 2;
	return &out->o;
}

/* The three grades that clients let their user choose from, by what the network costs.
 * https://core.telegram.org/method/account.getAutoDownloadSettings */
int api_account_getAutoDownloadSettings(struct call *call,
	const struct tl_account_getAutoDownloadSettings *req,
	struct tl_account_autoDownloadSettings *reply)
{
	reply->low = download_settings(call->arena, 0);
	reply->medium = download_settings(call->arena, 1 << 20);
	reply->high = download_settings(call->arena, 10 << 20);
	return 0;
}
