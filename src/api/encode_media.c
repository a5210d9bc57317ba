/* SPDX-License-Identifier: Apache-2.0 */
/* Media, headers and reactions. https://core.telegram.org/constructor/message */
#include "api/encode_media.h"

#include "api/encode_poll.h"
#include "api/peers.h"
#include "tl/schema.h"

/* ---- Media ---- */

static struct tl_object *encode_place(struct arena *arena, const struct place *place)
{
	struct tl_geoPoint *point = TL_NEW(arena, geoPoint);

	point->lat = place->latitude;
	point->long_ = place->longitude;
	point->accuracy_radius = place->accuracy_m;
	point->has_accuracy_radius = place->accuracy_m != 0;
	return &point->o;
}

static struct tl_object *encode_contact(struct arena *arena, const struct media *m)
{
	struct tl_messageMediaContact *contact = TL_NEW(arena, messageMediaContact);

	contact->phone_number = m->texts[0];
	contact->first_name = m->texts[1];
	contact->last_name = m->texts[2];
	contact->vcard = m->texts[3];
	contact->user_id = m->user;
	return &contact->o;
}

static struct tl_object *encode_live_place(struct arena *arena, const struct media *m)
{
	struct tl_messageMediaGeoLive *live = TL_NEW(arena, messageMediaGeoLive);

	live->geo = encode_place(arena, &m->place);
	live->period = m->period_s;
	live->heading = m->heading;
	live->has_heading = m->heading != 0;
	live->proximity_notification_radius = m->proximity_m;
	live->has_proximity_notification_radius = m->proximity_m != 0;
	return &live->o;
}

static struct tl_object *encode_venue(struct arena *arena, const struct media *m)
{
	struct tl_messageMediaVenue *venue = TL_NEW(arena, messageMediaVenue);

	venue->geo = encode_place(arena, &m->place);
	venue->title = m->texts[0];
	venue->address = m->texts[1];
	venue->provider = m->texts[2];
	venue->venue_id = m->texts[3];
	venue->venue_type = m->texts[4];
	return &venue->o;
}

static struct tl_object *encode_dice(struct arena *arena, const struct media *m)
{
	struct tl_messageMediaDice *dice = TL_NEW(arena, messageMediaDice);

	dice->emoticon = m->texts[0];
	dice->value = m->value;
	return &dice->o;
}

struct tl_object *encode_media(struct arena *arena, const struct media *media)
{
	struct tl_messageMediaGeo *geo;

	switch (media ? media->kind : MEDIA_NONE) {
	case MEDIA_CONTACT:
		return encode_contact(arena, media);
	case MEDIA_PLACE:
		geo = TL_NEW(arena, messageMediaGeo);
		geo->geo = encode_place(arena, &media->place);
		return &geo->o;
	case MEDIA_LIVE_PLACE:
		return encode_live_place(arena, media);
	case MEDIA_VENUE:
		return encode_venue(arena, media);
	case MEDIA_DICE:
		return encode_dice(arena, media);
	case MEDIA_POLL:
		return encode_media_poll(arena, media->poll_view);
	default:
		return NULL;
	}
}

/* ---- Headers ---- */

static struct tl_object *peer_or_none(struct arena *arena, struct peer peer)
{
	return peer.kind == PEER_NONE ? NULL : encode_peer(arena, peer);
}

struct tl_object *encode_forward(struct arena *arena, const struct forward *forward)
{
	struct tl_messageFwdHeader *header;

	if (!forward)
		return NULL;
	header = TL_NEW(arena, messageFwdHeader);
	header->from_id = peer_or_none(arena, forward->from);
	header->from_name = forward->from_name;
	header->date = (int32_t)forward->date_s;
	header->channel_post = forward->post;
	header->has_channel_post = forward->post != 0;
	header->saved_from_peer = peer_or_none(arena, forward->saved_from);
	header->saved_from_msg_id = forward->saved_from_id;
	header->has_saved_from_msg_id = forward->saved_from.kind != PEER_NONE;
	header->saved_from_id = peer_or_none(arena, forward->saved_author);
	header->saved_from_name = forward->saved_author_name;
	header->saved_date = (int32_t)forward->saved_date_s;
	header->has_saved_date = forward->saved_date_s != 0;
	header->saved_out = forward->saved_out;
	return &header->o;
}

struct tl_object *encode_reply_header(struct arena *arena, const struct message *message)
{
	const struct reply *reply = message->reply;
	const bool in_thread = message->peer.kind == PEER_CHANNEL && message->thread != message->id;
	const int32_t thread = in_thread ? message->thread : 0;
	struct tl_messageReplyHeader *header;

	if (!message->reply_to && !reply && !thread)
		return NULL;
	header = TL_NEW(arena, messageReplyHeader);
	/* What answers nothing in its topic answers what opened that. */
	header->forum_topic = thread && message->topic;
	header->reply_to_msg_id = message->reply_to || reply ? message->reply_to : thread;
	header->has_reply_to_msg_id = header->reply_to_msg_id != 0;
	header->reply_to_top_id = thread;
	header->has_reply_to_top_id = thread && header->reply_to_msg_id != thread;
	if (!reply)
		return &header->o;
	header->reply_to_peer_id = peer_or_none(arena, reply->peer);
	header->reply_from = encode_forward(arena, reply->from);
	if (reply->quote.size) {
		header->quote = true;
		header->quote_text = reply->quote;
		header->quote_entities =
			encode_entities(arena, reply->entities, reply->entity_count);
		header->quote_offset = reply->quote_offset;
		header->has_quote_offset = true;
	}
	return &header->o;
}

/* ---- Reactions ---- */

#define RECENT_MAX 3 /* named with the counts */

static struct tl_object *encode_emoji(struct arena *arena, struct bytes emoji)
{
	struct tl_reactionEmoji *reaction = TL_NEW(arena, reactionEmoji);

	reaction->emoticon = emoji;
	return &reaction->o;
}

static bool is_mine(const struct message *message, const struct reaction *r)
{
	return r->by.kind == PEER_USER && r->by.id == message->viewer;
}

/* One count per emoji, in the order of their first use. */
static struct tl_objects encode_counts(struct arena *arena, const struct message *m)
{
	struct tl_objects counts = tl_objects_new(arena, (uint32_t)m->reaction_count);
	int32_t chosen = 0;

	counts.count = 0;
	for (size_t i = m->reaction_count; i-- > 0;) {
		const struct reaction *r = &m->reactions[i];
		struct tl_reactionCount *count = NULL;

		for (uint32_t k = 0; k < counts.count && !count; k++) {
			struct tl_reactionCount *at = TL_AS(reactionCount, counts.at[k]);

			if (bytes_equal(TL_AS(reactionEmoji, at->reaction)->emoticon, r->emoji))
				count = at;
		}
		if (!count) {
			count = TL_NEW(arena, reactionCount);
			count->reaction = encode_emoji(arena, r->emoji);
			counts.at[counts.count++] = &count->o;
		}
		count->count++;
		if (is_mine(m, r)) {
			count->chosen_order = chosen++;
			count->has_chosen_order = true;
		}
	}
	return counts;
}

struct tl_object *encode_reaction_of(struct arena *arena, const struct reaction *r, int64_t viewer)
{
	struct tl_messagePeerReaction *by = TL_NEW(arena, messagePeerReaction);

	by->big = r->big;
	by->unread = r->unread;
	by->my = r->by.kind == PEER_USER && r->by.id == viewer;
	by->peer_id = encode_peer(arena, r->by);
	by->date = (int32_t)r->date_s;
	by->reaction = encode_emoji(arena, r->emoji);
	return &by->o;
}

static struct tl_objects encode_recent(struct arena *arena, const struct message *m, int64_t viewer)
{
	size_t count = m->reaction_count < RECENT_MAX ? m->reaction_count : RECENT_MAX;
	struct tl_objects recent = tl_objects_new(arena, (uint32_t)count);

	for (size_t i = 0; i < count; i++) {
		struct reaction r = m->reactions[i];

		r.unread = r.unread && m->attention & ATTENTION_REACTION;
		recent.at[i] = encode_reaction_of(arena, &r, viewer);
	}
	return recent;
}

static struct tl_object *encode_tally(struct arena *arena, const struct message *message)
{
	const struct reaction_tally *tally = message->tally;
	struct tl_messageReactions *reactions = TL_NEW(arena, messageReactions);

	reactions->min = tally->viewer == 0;
	reactions->can_see_list = tally->listed;
	reactions->results = tl_objects_new(arena, (uint32_t)tally->count);
	for (size_t i = 0; i < tally->count; i++) {
		struct tl_reactionCount *count = TL_NEW(arena, reactionCount);

		count->reaction = encode_emoji(arena, tally->at[i].emoji);
		count->count = tally->at[i].count;
		count->has_chosen_order = tally->at[i].mine;
		reactions->results.at[i] = &count->o;
	}
	if (message->reaction_count)
		reactions->recent_reactions = encode_recent(arena, message, tally->viewer);
	return &reactions->o;
}

struct tl_object *encode_reactions(struct arena *arena, const struct message *message)
{
	struct tl_messageReactions *reactions;

	if (message->tally)
		return encode_tally(arena, message);
	reactions = TL_NEW(arena, messageReactions);

	/* In a private chat both may see who reacted; in a group the members do. */
	reactions->can_see_list = true;
	reactions->results = encode_counts(arena, message);
	if (message->reaction_count)
		reactions->recent_reactions = encode_recent(arena, message, message->viewer);
	return &reactions->o;
}
