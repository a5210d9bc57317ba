/* SPDX-License-Identifier: Apache-2.0 */
/* Forwarding: each message is sent anew, with what it was and where it came from. */
#include "core/messages/sources.h"

#include "core/channels/roster.h"

/* What Saved Messages remember: the chat it stood in, and who had brought it there. */
static void remember_place(struct call *call, const struct message *original, struct forward *f)
{
	f->saved_from = original->peer;
	f->saved_from_id = original->id;
	f->saved_out = original->out;
	if (original->forward) {
		f->saved_date_s = original->date_s;
		f->saved_author = original->from;
	}
}

/* Under which chat it is filed there; what was saved before stays where it was. */
static struct peer filed_under(const struct message *original)
{
	return original->saved ? original->saved_peer : original->peer;
}

/* A copy doesn't move with who is at the place, nor says whose number the forwarder knows. */
static struct media *carried(struct call *call, const struct media *media)
{
	struct media *copy;

	if (!media || (media->kind != MEDIA_LIVE_PLACE && media->kind != MEDIA_CONTACT))
		return (struct media *)media;
	copy = ARENA_NEW(call->arena, struct media);
	*copy = *media;
	copy->user = 0;
	if (media->kind == MEDIA_LIVE_PLACE)
		*copy = (struct media){.kind = MEDIA_PLACE, .place = media->place};
	return copy;
}

static void fill_draft(struct call *call, const struct forwarding *f,
	const struct message *original, struct message *draft)
{
	const bool to_saved = f->to.kind == PEER_USER && f->to.id == call->user;

	*draft = (struct message){.from = f->as,
		.text = original->text,
		.entities = original->entities,
		.entity_count = original->entity_count,
		.media = carried(call, original->media),
		.invert_media = original->invert_media,
		.date_s = f->send_at_s,
		.no_preview = original->no_preview,
		.silent = f->silent,
		.noforwards = f->noforwards};
	if (f->drop_captions && draft->media) {
		draft->text = BYTES_LITERAL("");
		draft->entity_count = 0;
	}
	if (f->drop_author)
		return;
	draft->forward = source_origin(call, original, to_saved);
	if (!to_saved)
		return;
	remember_place(call, original, draft->forward);
	draft->saved_peer = filed_under(original);
}

static int check(struct call *call, const struct forwarding *f)
{
	if (!f->count)
		return rpc_error(call, 400, "MESSAGE_IDS_EMPTY");
	if (f->count > FORWARDS_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	for (size_t i = 0; i < f->count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (f->random_ids[i] == f->random_ids[k])
				return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
		}
	}
	return 0;
}

static int64_t random_id_of(const struct forwarding *f, int32_t id, bool *used)
{
	for (size_t i = 0; i < f->count; i++) {
		if (f->ids[i] == id && !used[i]) {
			used[i] = true;
			return f->random_ids[i];
		}
	}
	return 0;
}

/* Where the first author's post is counted, whoever it came by. */
static void count_forward(struct call *call, const struct forward *origin)
{
	if (origin && origin->from.kind == PEER_CHANNEL && origin->post)
		channel_post_forwarded(call, origin->from.id, origin->post);
}

int messages_forward(struct call *call, const struct forwarding *f, struct update_set *answer)
{
	struct message_list originals;
	struct update_set one;
	bool used[FORWARDS_MAX] = {0};

	*answer = (struct update_set){0};
	if (check(call, f) < 0 || source_messages(call, f->from, f->ids, f->count, &originals) < 0)
		return -1;
	for (size_t i = 0; i < originals.count; i++) {
		const struct message *original = &originals.at[i];
		struct message *draft = ARENA_NEW(call->arena, struct message);

		if (original->action != ACTION_NONE)
			continue;
		if (source_may_leave(call, original) < 0)
			return -1;
		fill_draft(call, f, original, draft);
		draft->random_id = random_id_of(f, original->id, used);
		if (message_send(call, f->to, draft, &one) < 0)
			return -1;
		count_forward(call, draft->forward);
		update_set_append(call, answer, &one);
	}
	if (!answer->update_count)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	roster_complete(call, call->user, answer);
	return 0;
}
