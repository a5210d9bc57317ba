/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: folders of the chat list, which the API calls dialog filters. */
#include "core/dialogs/folders.h"

#include "api/encode_media.h"
#include "api/handlers.h"
#include "api/peers.h"

static struct tl_objects encode_input_peers(struct call *call, const struct folder_peers *peers)
{
	struct tl_objects list = tl_objects_new(call->arena, (uint32_t)peers->count);

	for (size_t i = 0; i < peers->count; i++)
		list.at[i] = encode_input_peer(call, peers->at[i]);
	return list;
}

static struct tl_object *encode_title(struct arena *arena, const struct chat_folder *f)
{
	struct tl_textWithEntities *title = TL_NEW(arena, textWithEntities);

	title->text = f->title;
	title->entities = tl_objects_new(arena, 0);
	return &title->o;
}

static struct tl_object *encode_folder(struct call *call, const struct chat_folder *f)
{
	struct tl_dialogFilter *out = TL_NEW(call->arena, dialogFilter);

	out->contacts = f->contacts;
	out->non_contacts = f->non_contacts;
	out->groups = f->groups;
	out->broadcasts = f->broadcasts;
	out->bots = f->bots;
	out->exclude_muted = f->exclude_muted;
	out->exclude_read = f->exclude_read;
	out->exclude_archived = f->exclude_archived;
	out->title_noanimate = f->title_static;
	out->id = f->id;
	out->title = encode_title(call->arena, f);
	out->title_string = f->title;
	out->emoticon = f->emoticon;
	out->color = f->color;
	out->has_color = f->has_color;
	out->pinned_peers = encode_input_peers(call, &f->pinned);
	out->include_peers = encode_input_peers(call, &f->included);
	out->exclude_peers = encode_input_peers(call, &f->excluded);
	return &out->o;
}

/* https://core.telegram.org/method/messages.getDialogFilters: "all chats" is always among them, and
 * clients insist on it. */
int api_messages_getDialogFilters(struct call *call, const struct tl_messages_getDialogFilters *req,
	struct tl_messages_dialogFilters *reply)
{
	struct chat_folder *folders;
	size_t all_at, count = folders_list(call, &folders, &all_at), to = 0;

	reply->tags_enabled = folder_tags_get(call);
	reply->filters = tl_objects_new(call->arena, (uint32_t)count + 1);
	for (size_t i = 0; i <= count; i++) {
		if (i == all_at)
			reply->filters.at[to++] = &TL_NEW(call->arena, dialogFilterDefault)->o;
		if (i < count)
			reply->filters.at[to++] = encode_folder(call, &folders[i]);
	}
	return 0;
}

static int peers_from_input(
	struct call *call, const struct tl_objects *input, struct folder_peers *out)
{
	if (input->count > FOLDER_PEERS_MAX)
		return rpc_error(call, 400, "FILTER_INCLUDE_TOO_MUCH");
	out->at = arena_array(call->arena, input->count, sizeof(*out->at));
	for (uint32_t i = 0; i < input->count; i++) {
		if (peer_from_input(call, input->at[i], &out->at[out->count++]) < 0)
			return -1;
	}
	return 0;
}

static int folder_from_input(
	struct call *call, const struct tl_dialogFilter *in, struct chat_folder *out)
{
	const struct tl_textWithEntities *title = TL_AS(textWithEntities, in->title);

	*out = (struct chat_folder){.contacts = in->contacts,
		.non_contacts = in->non_contacts,
		.groups = in->groups,
		.broadcasts = in->broadcasts,
		.bots = in->bots,
		.exclude_muted = in->exclude_muted,
		.exclude_read = in->exclude_read,
		.exclude_archived = in->exclude_archived,
		.title_static = in->title_noanimate,
		.title = title ? title->text : in->title_string,
		.emoticon = in->emoticon,
		.has_color = in->has_color,
		.color = in->color};
	if (in->emoticon.size > FOLDER_EMOTICON_MAX)
		return rpc_error(call, 400, "FILTER_TITLE_EMPTY");
	if (peers_from_input(call, &in->pinned_peers, &out->pinned) < 0 ||
		peers_from_input(call, &in->include_peers, &out->included) < 0)
		return -1;
	return peers_from_input(call, &in->exclude_peers, &out->excluded);
}

/* https://core.telegram.org/method/messages.updateDialogFilter */
int api_messages_updateDialogFilter(
	struct call *call, const struct tl_messages_updateDialogFilter *req, bool *reply)
{
	const struct tl_dialogFilter *filter = TL_AS(dialogFilter, req->filter);
	struct chat_folder folder;

	*reply = true;
	if (!req->filter)
		return folder_delete(call, req->id);
	/* Shared folders are not served. */
	if (!filter)
		return rpc_error(call, 400, "FILTER_NOT_SUPPORTED");
	if (folder_from_input(call, filter, &folder) < 0)
		return -1;
	folder.id = req->id;
	return folder_put(call, &folder);
}

/* https://core.telegram.org/method/messages.updateDialogFiltersOrder */
int api_messages_updateDialogFiltersOrder(
	struct call *call, const struct tl_messages_updateDialogFiltersOrder *req, bool *reply)
{
	*reply = true;
	return folders_reorder(call, req->order.at, req->order.count);
}

/* https://core.telegram.org/method/messages.toggleDialogFilterTags */
int api_messages_toggleDialogFilterTags(
	struct call *call, const struct tl_messages_toggleDialogFilterTags *req, bool *reply)
{
	folder_tags_set(call, req->enabled);
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/messages.getSuggestedDialogFilters: two that fit everybody,
 * while there are none. */
int api_messages_getSuggestedDialogFilters(struct call *call,
	const struct tl_messages_getSuggestedDialogFilters *req, struct tl_objects *reply)
{
	static const struct {
		struct chat_folder folder;
		const char *title, *description;
	} suggestions[] = {
		{{.id = 2,
			 .contacts = true,
			 .non_contacts = true,
			 .groups = true,
			 .broadcasts = true,
			 .exclude_read = true},
			"Unread", "New messages from all chats."},
		{{.id = 3, .contacts = true, .non_contacts = true}, "Personal",
			"Only messages from people."},
	};
	struct chat_folder *folders;
	size_t all_at;

	*reply = tl_objects_new(call->arena, 0);
	if (folders_list(call, &folders, &all_at))
		return 0;
	*reply = tl_objects_new(call->arena, ARRAY_LEN(suggestions));
	for (size_t i = 0; i < ARRAY_LEN(suggestions); i++) {
		struct tl_dialogFilterSuggested *out = TL_NEW(call->arena, dialogFilterSuggested);
		struct chat_folder folder = suggestions[i].folder;

		folder.title = bytes_from_str(suggestions[i].title);
		out->filter = encode_folder(call, &folder);
		out->description = bytes_from_str(suggestions[i].description);
		reply->at[i] = &out->o;
	}
	return 0;
}
