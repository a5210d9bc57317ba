/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/people/shifts.h"

#include <strings.h>

#include "base/attr.h"
#include "base/text.h"
#include "desk/lanes/countries.h"

#define DAY_MIN 1440
#define WEEK_MIN (7 * DAY_MIN)
#define THURSDAY 3 /* was 1 January 1970, from Monday = 0 */
#define SUBTAG_MAX 8
#define SUBTAGS_MAX 6
#define LIST_MAX 200

static const char days[7][4] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct shift {
	int first, last; /* days; last before first wraps around the week */
	int from, to;	 /* minutes of the day, to after from */
	int zone;	 /* minutes east */
};

/* ---- Reading ---- */

static bool take(struct bytes *rest, char c)
{
	if (rest->size == 0 || rest->data[0] != (uint8_t)c)
		return false;
	rest->data++;
	rest->size--;
	return true;
}

static void skip_spaces(struct bytes *rest)
{
	while (take(rest, ' '))
		;
}

static int take_day(struct bytes *rest)
{
	for (int day = 0; day < 7 && rest->size >= 3; day++) {
		if (memcmp(rest->data, days[day], 3) == 0) {
			rest->data += 3;
			rest->size -= 3;
			return day;
		}
	}
	return -1;
}

/* "08:00" in minutes; -1. */
static int take_time(struct bytes *rest, int hours_max)
{
	const uint8_t *c = rest->data;
	int hours, minutes;

	if (rest->size < 5 || c[2] != ':')
		return -1;
	for (int i = 0; i < 5; i++) {
		if (i != 2 && (c[i] < '0' || c[i] > '9'))
			return -1;
	}
	hours = (c[0] - '0') * 10 + c[1] - '0';
	minutes = (c[3] - '0') * 10 + c[4] - '0';
	rest->data += 5;
	rest->size -= 5;
	return minutes > 59 || hours * 60 + minutes > hours_max * 60 ? -1 : hours * 60 + minutes;
}

static bool take_zone(struct bytes *rest, int *zone)
{
	bool west = rest->size && rest->data[0] == '-';

	*zone = 0;
	if (rest->size == 0 || rest->data[0] == ';')
		return true; /* UTC */
	if (!take(rest, west ? '-' : '+'))
		return false;
	*zone = take_time(rest, 14);
	if (*zone < 0)
		return false;
	*zone = west ? -*zone : *zone;
	return true;
}

static bool take_shift(struct bytes *rest, struct shift *out)
{
	skip_spaces(rest);
	out->first = out->last = take_day(rest);
	if (out->first < 0)
		return false;
	if (take(rest, '-') && (out->last = take_day(rest)) < 0)
		return false;
	if (!take(rest, ' '))
		return false;
	skip_spaces(rest);
	out->from = take_time(rest, 24);
	if (out->from < 0 || out->from == DAY_MIN || !take(rest, '-'))
		return false;
	out->to = take_time(rest, 24);
	if (out->to < 0 || out->to == out->from)
		return false;
	if (out->to < out->from)
		out->to += DAY_MIN;
	skip_spaces(rest);
	if (!take_zone(rest, &out->zone))
		return false;
	skip_spaces(rest);
	return rest->size == 0 || take(rest, ';');
}

bool shifts_are_right(struct bytes text)
{
	struct shift shift;
	int count = 0;

	if (text.size > SHIFTS_TEXT_MAX)
		return false;
	for (; text.size; count++) {
		if (count == SHIFTS_MAX || !take_shift(&text, &shift))
			return false;
	}
	return true;
}

/* ---- Duty ---- */

static bool covers(const struct shift *shift, int64_t unix_s)
{
	int64_t minute = unix_s / 60 + THURSDAY * DAY_MIN + shift->zone;
	int now = (int)(((minute % WEEK_MIN) + WEEK_MIN) % WEEK_MIN);
	int count = (shift->last - shift->first + 7) % 7 + 1;

	for (int i = 0; i < count; i++) {
		int begin = (shift->first + i) % 7 * DAY_MIN + shift->from;
		int since = (now - begin + WEEK_MIN) % WEEK_MIN;

		if (since < shift->to - shift->from)
			return true;
	}
	return false;
}

bool shifts_on_duty(struct bytes text, int64_t unix_s)
{
	struct shift shift;

	if (text.size == 0)
		return true;
	while (text.size && take_shift(&text, &shift)) {
		if (covers(&shift, unix_s))
			return true;
	}
	return false;
}

/* ---- Lists ---- */

struct bytes list_next(struct bytes *rest)
{
	struct bytes item = *rest;
	const uint8_t *comma = rest->size ? memchr(rest->data, ',', rest->size) : NULL;

	if (!rest->data || rest->size == 0)
		return bytes_of(NULL, 0);
	if (comma)
		item.size = (size_t)(comma - rest->data);
	rest->data += item.size + (comma ? 1 : 0);
	rest->size -= item.size + (comma ? 1 : 0);
	return item;
}

bool list_has(struct bytes commas, struct bytes item)
{
	struct bytes one;

	while ((one = list_next(&commas)).data) {
		if (one.size == item.size &&
			strncasecmp((const char *)one.data, (const char *)item.data, one.size) == 0)
			return true;
	}
	return false;
}

static bool is_alpha(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(uint8_t c)
{
	return is_alpha(c) || (c >= '0' && c <= '9');
}

/* RFC 5646 section 2.1: a language of 2 to 8 letters, then subtags of 1 to 8 letters and digits. */
static bool is_tag(struct bytes tag)
{
	size_t length = 0;
	int subtags = 0;

	for (size_t i = 0; i < tag.size; i++) {
		if (tag.data[i] == '-') {
			if (length < (subtags ? 1 : 2) || ++subtags == SUBTAGS_MAX)
				return false;
			length = 0;
		} else if (++length > SUBTAG_MAX ||
			   !(subtags ? is_alnum(tag.data[i]) : is_alpha(tag.data[i]))) {
			return false;
		}
	}
	return length >= (subtags ? 1 : 2);
}

static bool is_region(struct bytes region)
{
	if (region.size > 2 && (region.size < 4 || region.size > 6 || region.data[2] != '-'))
		return false;
	for (size_t i = 3; i < region.size; i++) {
		if (!is_alnum(region.data[i]))
			return false;
	}
	return region.size >= 2 && country_is_iso(bytes_of(region.data, 2));
}

static bool each_is(struct bytes commas, bool (*is)(struct bytes))
{
	struct bytes item;

	if (commas.size > LIST_MAX || (commas.size && commas.data[commas.size - 1] == ','))
		return false;
	while ((item = list_next(&commas)).data) {
		if (!is(item))
			return false;
	}
	return true;
}

bool langs_are_right(struct bytes commas)
{
	return each_is(commas, is_tag);
}

bool regions_are_right(struct bytes commas)
{
	return each_is(commas, is_region);
}
