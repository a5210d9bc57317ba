/* SPDX-License-Identifier: Apache-2.0 */
/* A standard operating procedure as a file: what is read is within its bounds, and its letters can
 * be filled in. */
#include <stdint.h>
#include <stdlib.h>

#include "desk/sop/sop_templates.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look_at(struct arena *arena, const struct sop *sop)
{
	static const struct sop_value values[] = {{"case", "{case}"}, {NULL, NULL}};
	const char *id;

	require(sop->category_count > 0 && sop->category_count <= SOP_CATEGORIES_MAX);
	for (int i = 0; i < sop->category_count; i++) {
		const struct sop_category *c = &sop->categories[i];

		require(*c->title && c->evidence_days > 0 && c->harm >= 0 && c->harm <= 100);
		for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
			const struct sop_clock *clock = sop_clock(c, lane, true);

			require(clock->acknowledge_s > 0 && clock->notify_s > 0 &&
				clock->acknowledge_s <= clock->decide_s);
		}
	}
	for (int n = 0; (id = sop_template_id(n)); n++)
		require(sop_letter(arena, sop, id, "id", values) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sop sop;
	struct buf problems;
	struct err err = {0};
	struct arena arena;
	char *text;

	arena_init(&arena);
	buf_init(&problems, BUF_MAX_DEFAULT);
	text = arena_str(&arena, bytes_of(data, size));
	if (sop_check(text, &sop, &problems, &err) == 0)
		look_at(&arena, &sop);
	else
		require(err.text[0] && buf_size(&problems) > 0);
	buf_release(&problems);
	arena_release(&arena);
	return 0;
}
