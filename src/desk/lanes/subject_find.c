/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/subject_find.h"

static enum subject_found find_comment(struct db *db, struct arena *arena,
	const struct subject *wanted, struct desk_subject *out, int32_t *post)
{
	struct desk_discussion where;

	if (!desk_discussion_of(db, out->channel, wanted->post, &where))
		return SUBJECT_NOWHERE;
	if (!desk_subject_get(db, arena, where.group, out))
		return SUBJECT_AT_HOME;
	*post = wanted->comment;
	return desk_comment_exists(db, &where, wanted->comment) ? SUBJECT_FOUND : SUBJECT_NOWHERE;
}

enum subject_found subject_find(struct db *db, struct arena *arena, const struct subject *wanted,
	struct desk_subject *out, int32_t *post)
{
	struct desk_post row;

	*post = wanted->post;
	if (!desk_subject_by_name(db, arena, wanted->name, out) ||
		(wanted->post && !desk_post_get(db, arena, out->channel, wanted->post, &row)))
		return SUBJECT_NOWHERE;
	return wanted->comment ? find_comment(db, arena, wanted, out, post) : SUBJECT_FOUND;
}
