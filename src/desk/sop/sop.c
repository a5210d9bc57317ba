/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What can be asked of an SOP that was read; sop_read.c reads it. */
#include "desk/sop/sop.h"

#include <string.h>

#include "base/text.h"
#include "desk/cases/files.h"

static const char *const lane_names[LANE_COUNT] = {
	[LANE_SENSOR] = "sensor",
	[LANE_USER] = "user",
	[LANE_FLAGGER] = "flagger",
	[LANE_AUTHORITY] = "authority",
};

const char *lane_name(enum lane lane)
{
	return lane_names[lane];
}

enum lane lane_by_name(const char *name)
{
	enum lane lane = 0;

	while (lane < LANE_COUNT && strcmp(lane_names[lane], name) != 0)
		lane++;
	return lane;
}

const struct sop_category *sop_category(const struct sop *sop, const char *name)
{
	for (int i = 0; i < sop->category_count; i++) {
		if (strcmp(sop->categories[i].name, name) == 0)
			return &sop->categories[i];
	}
	return NULL;
}

int sop_missing(
	const struct sop *sop, const struct sop *other, const char *names[SOP_CATEGORIES_MAX])
{
	int count = 0;

	for (int i = 0; i < other->category_count; i++)
		if (!sop_category(sop, other->categories[i].name))
			names[count++] = other->categories[i].name;
	return count;
}

const struct sop_category *sop_category_at(const struct sop *sop, int position)
{
	return position < sop->category_count ? &sop->categories[position] : NULL;
}

const struct sop_clock *sop_clock(const struct sop_category *category, enum lane lane, bool urgent)
{
	return &category->clocks[lane][urgent || category->urgent ? URGENT : ORDINARY];
}

const char *sop_title(const struct sop_category *category, const char *language)
{
	size_t size = strcspn(language, "-");

	for (int i = 0; i < category->title_count; i++) {
		const struct sop_title *title = &category->titles[i];

		if (strcmp(title->language, language) == 0 ||
			(strlen(title->language) == size &&
				memcmp(title->language, language, size) == 0))
			return title->text;
	}
	return category->title;
}

const char *sop_ground(const struct sop_category *category, const char *country)
{
	for (int i = 0; i < category->ground_count; i++) {
		if (strcmp(category->grounds[i].country, country) == 0)
			return category->grounds[i].text;
	}
	return NULL;
}

const char *const sop_reach_names[REACH_COUNT] = {"own", "union", "everywhere"};
const char *const sop_obstacle_names[OBSTACLE_COUNT] = {"information", "errors", "impossible"};

bool sop_two_people(const struct sop *sop, const struct sop_category *category, int64_t members)
{
	return category->two_people ||
	       (sop->two_people_members && members >= sop->two_people_members);
}

const struct sop_pause *sop_pause(const struct sop *sop, const char *name)
{
	for (int i = 0; i < sop->pause_count; i++) {
		if (strcmp(sop->pauses[i].name, name) == 0)
			return &sop->pauses[i];
	}
	return NULL;
}

int64_t sop_breaker(const struct sop *sop, const char *rule)
{
	for (int i = 0; i < sop->breaker_count; i++) {
		if (strcmp(sop->breakers[i].rule, rule) == 0)
			return sop->breakers[i].per_day;
	}
	return sop->breaker_per_day;
}

int sop_file(const char *path, struct buf *out, struct err *err)
{
	if (file_read(path, out, err) < 0)
		return -1;
	if (buf_size(out) > 0 &&
		(!text_is_utf8(buf_bytes(out)) || memchr(buf_data(out), 0, buf_size(out))))
		return err_set(err, 0, "%s is no text in UTF-8", path);
	buf_append_u8(out, 0);
	return out->failed ? err_set(err, 0, "%s is larger than it may be", path) : 0;
}
