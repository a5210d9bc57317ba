/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a notice is about, as people write it: "@name", "@name/12", or a link to either on any host,
 * or one to a comment on a post (…/name/12?comment=34).
 * Pure: whether the name exists is asked later.
 */
#ifndef DESK_SUBJECT_H
#define DESK_SUBJECT_H

#include "base/bytes.h"

#define SUBJECT_NAME_MAX 32
#define SUBJECT_TEXT_MAX 512

enum subject_kind {
	SUBJECT_PUBLIC,	 /* a public name, perhaps with a post */
	SUBJECT_PRIVATE, /* an invite link, a private channel's link, a phone number: of the home */
	SUBJECT_UNCLEAR,
};

struct subject {
	char name[SUBJECT_NAME_MAX + 1]; /* lower case */
	int32_t post;			 /* 0: the whole channel */
	int32_t comment; /* on the post: its number in the group where they are; 0: the post itself
			  */
};

enum subject_kind subject_parse(struct bytes text, struct subject *out);

#endif
