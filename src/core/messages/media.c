/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of what messages carry, dice, and moving of live places. */
#include "core/messages/media.h"

#include <math.h>

#include "base/text.h"
#include "core/accounts/phone.h"
#include "core/messages/polls.h"
#include "store/home_contacts.h"
#include "store/home_users.h"

/* Highest value by emoji, with and without the sign that asks for a picture (U+FE0F). */
static const struct {
	const char *emoji;
	uint64_t values;
} dice[] = {
	{"\xf0\x9f\x8e\xb2", 6},	 /* die */
	{"\xf0\x9f\x8e\xaf", 6},	 /* darts */
	{"\xf0\x9f\x8f\x80", 5},	 /* basketball */
	{"\xe2\x9a\xbd", 5},		 /* football */
	{"\xe2\x9a\xbd\xef\xb8\x8f", 5}, /* football */
	{"\xf0\x9f\x8e\xb3", 6},	 /* bowling */
	{"\xf0\x9f\x8e\xb0", 64},	 /* slot machine */
};

static int throw_dice(struct call *call, struct media *media)
{
	for (size_t i = 0; i < ARRAY_LEN(dice); i++) {
		if (!bytes_equal_str(media->texts[0], dice[i].emoji))
			continue;
		media->value = 1 + (int32_t)random_below(call->env->random, dice[i].values);
		return 0;
	}
	return rpc_error(call, 400, "EMOTICON_INVALID");
}

static bool place_fits(const struct place *place)
{
	return isfinite(place->latitude) && isfinite(place->longitude) &&
	       fabs(place->latitude) <= 90 && fabs(place->longitude) <= 180 &&
	       place->accuracy_m >= 0 && place->accuracy_m <= ACCURACY_MAX_M;
}

static bool period_fits(int32_t period_s)
{
	return (period_s >= LIVE_PERIOD_MIN_S && period_s <= LIVE_PERIOD_MAX_S) ||
	       period_s == LIVE_PERIOD_FOREVER;
}

static bool live_fits(const struct media *m)
{
	return period_fits(m->period_s) && m->heading >= 0 && m->heading <= 360 &&
	       m->proximity_m >= 0 && m->proximity_m <= PROXIMITY_MAX_M;
}

static bool texts_fit(const struct media *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->texts); i++) {
		bool card = m->kind == MEDIA_CONTACT && i == 3;

		if (m->texts[i].size > (card ? CONTACT_CARD_MAX : MEDIA_TEXT_MAX) ||
			!text_is_utf8(m->texts[i]))
			return false;
	}
	return true;
}

static bool fits(const struct media *m)
{
	if (!texts_fit(m))
		return false;
	switch (m->kind) {
	case MEDIA_CONTACT:
		return m->texts[0].size && (m->texts[1].size || m->texts[2].size);
	case MEDIA_PLACE:
		return place_fits(&m->place);
	case MEDIA_LIVE_PLACE:
		return place_fits(&m->place) && live_fits(m);
	case MEDIA_VENUE:
		return place_fits(&m->place) && m->texts[0].size;
	case MEDIA_DICE:
		return true;
	default:
		return false;
	}
}

int media_accept(struct call *call, struct media *media)
{
	if (!fits(media))
		return rpc_error(call, 400, "MEDIA_INVALID");
	return media->kind == MEDIA_DICE ? throw_dice(call, media) : 0;
}

static int64_t known_by_number(const struct home_box *box, struct bytes written)
{
	uint8_t key[VAULT_LOOKUP_SIZE];
	struct home_contact contact;
	struct bytes digits;

	if (phone_normalise(box->arena, written, &digits) < 0)
		return 0;
	phone_lookup(box->vault, digits, key);
	if (home_contact_by_key(box->db, box->vault, box->arena, box->owner, key, &contact))
		return contact.contact;
	return home_user_by_phone(box->db, key) == box->owner ? box->owner : 0;
}

struct media *media_for(const struct home_box *box, struct peer in, struct media *media)
{
	struct media *copy;

	if (!media || media->kind != MEDIA_CONTACT)
		return poll_media_for(box, in, media);
	copy = ARENA_NEW(box->arena, struct media);
	*copy = *media;
	copy->user = known_by_number(box, media->texts[0]);
	return copy;
}

bool media_is_live(const struct media *media, int64_t sent_s, int64_t now_s)
{
	return media && media->kind == MEDIA_LIVE_PLACE &&
	       (media->period_s == LIVE_PERIOD_FOREVER || now_s < sent_s + media->period_s);
}

int media_move(
	struct call *call, const struct media_move *move, int64_t sent_s, struct media **media)
{
	struct media *moved;

	if (!*media || (*media)->kind != MEDIA_LIVE_PLACE)
		return rpc_error(call, 400, "MEDIA_PREV_INVALID");
	if (!media_is_live(*media, sent_s, call->now_s))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	moved = ARENA_NEW(call->arena, struct media);
	*moved = **media;
	*media = moved;
	if (move->place)
		moved->place = *move->place;
	moved->heading = move->heading;
	moved->proximity_m = move->proximity_m;
	if (move->period_s)
		moved->period_s = move->period_s;
	if (!fits(moved) || !(move->place || move->stopped))
		return rpc_error(call, 400, "MEDIA_INVALID");
	/* Over is what has lasted as long as it was to last. */
	if (move->stopped)
		moved->period_s = call->now_s > sent_s ? (int32_t)(call->now_s - sent_s) : 1;
	return 0;
}
