/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the words of a notice's subject, in the square: a channel, a profile, a bot, a
 * post; a comment is a post of the group where the channel's posts are discussed, if that group is
 * public too.
 */
#ifndef DESK_SUBJECT_FIND_H
#define DESK_SUBJECT_FIND_H

#include "desk/cases/subject.h"
#include "store/square_desk_cases.h"

enum subject_found {
	SUBJECT_FOUND,
	SUBJECT_NOWHERE,
	SUBJECT_AT_HOME, /* a comment in a group that is private */
};

/* *post: 0: the whole of *out. */
enum subject_found subject_find(struct db *db, struct arena *arena, const struct subject *wanted,
	struct desk_subject *out, int32_t *post);

#endif
