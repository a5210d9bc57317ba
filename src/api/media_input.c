/* SPDX-License-Identifier: Apache-2.0 */
/* From InputMedia to what a message carries. */
#include "api/media_input.h"

#include "api/polls.h"
#include "tl/schema.h"

/* False: inputGeoPointEmpty. */
static bool place_from_input(const struct tl_object *input, struct place *out)
{
	const struct tl_inputGeoPoint *point = TL_AS(inputGeoPoint, input);

	*out = (struct place){0};
	if (!point)
		return false;
	out->latitude = point->lat;
	out->longitude = point->long_;
	out->accuracy_m = point->accuracy_radius;
	return true;
}

static bool contact_from_input(const struct tl_object *input, struct media *out)
{
	const struct tl_inputMediaContact *contact = TL_AS(inputMediaContact, input);

	if (!contact)
		return false;
	*out = (struct media){.kind = MEDIA_CONTACT,
		.texts = {contact->phone_number, contact->first_name, contact->last_name,
			contact->vcard}};
	return true;
}

/* Without a place none of them means anything. */
static bool somewhere_from_input(const struct tl_object *input, struct media *out)
{
	const struct tl_inputMediaGeoPoint *point = TL_AS(inputMediaGeoPoint, input);
	const struct tl_inputMediaGeoLive *live = TL_AS(inputMediaGeoLive, input);
	const struct tl_inputMediaVenue *venue = TL_AS(inputMediaVenue, input);

	*out = (struct media){.kind = MEDIA_PLACE};
	if (point)
		return place_from_input(point->geo_point, &out->place);
	if (live) {
		out->kind = MEDIA_LIVE_PLACE;
		out->period_s = live->period;
		out->heading = live->heading;
		out->proximity_m = live->proximity_notification_radius;
		return !live->stopped && place_from_input(live->geo_point, &out->place);
	}
	if (!venue)
		return false;
	*out = (struct media){.kind = MEDIA_VENUE,
		.texts = {venue->title, venue->address, venue->provider, venue->venue_id,
			venue->venue_type}};
	return place_from_input(venue->geo_point, &out->place);
}

static bool dice_from_input(const struct tl_object *input, struct media *out)
{
	const struct tl_inputMediaDice *thrown = TL_AS(inputMediaDice, input);

	if (!thrown)
		return false;
	*out = (struct media){.kind = MEDIA_DICE, .texts = {thrown->emoticon}};
	return true;
}

int media_from_input(struct call *call, const struct tl_object *input, struct message *draft)
{
	const struct tl_inputMediaWebPage *page = TL_AS(inputMediaWebPage, input);
	const struct tl_inputMediaPoll *poll = TL_AS(inputMediaPoll, input);
	struct media *media = ARENA_NEW(call->arena, struct media);

	if (!input || TL_AS(inputMediaEmpty, input))
		return rpc_error(call, 400, "MEDIA_EMPTY");
	/* Links have no previews: the text goes out as it is, where the client can bear that. */
	if (page)
		return page->optional ? 0 : rpc_error(call, 400, "WEBPAGE_NOT_FOUND");
	if (poll) {
		/* Checked when it is made, as it is only for a message that is new. */
		draft->media = media;
		return poll_from_input(call, poll, media);
	}
	if (!contact_from_input(input, media) && !somewhere_from_input(input, media) &&
		!dice_from_input(input, media))
		return rpc_error(call, 400, "MEDIA_INVALID");
	draft->media = media;
	return media_accept(call, media);
}

bool media_move_from_input(
	struct arena *arena, const struct tl_object *input, struct media_move *out)
{
	const struct tl_inputMediaGeoLive *live = TL_AS(inputMediaGeoLive, input);
	struct place *place = ARENA_NEW(arena, struct place);

	if (!live)
		return false;
	*out = (struct media_move){.stopped = live->stopped,
		.period_s = live->period,
		.heading = live->heading,
		.proximity_m = live->proximity_notification_radius};
	if (place_from_input(live->geo_point, place))
		out->place = place;
	return true;
}
