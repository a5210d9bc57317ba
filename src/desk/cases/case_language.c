/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/case_language.h"

#include "base/buf.h"
#include "desk/cases/case_state.h"
#include "sensor/language.h"

#define POSTS 10 /* of a channel: the newest say in which language it is */
#define WORDS_MAX 262144

/* Of the post; of a channel what it says of itself and its newest posts. */
static struct bytes words_of(struct db *db, struct arena *arena, const struct desk_case *c)
{
	struct desk_subject subject;
	struct desk_post post;
	struct bytes out;
	struct buf words;
	struct query q;

	if (c->post)
		return desk_post_get(db, arena, c->channel, c->post, &post) ? post.text
									    : bytes_of(NULL, 0);
	buf_init(&words, WORDS_MAX);
	if (desk_subject_get(db, arena, c->channel, &subject)) {
		buf_append_bytes(&words, subject.title);
		buf_append_str(&words, "\n");
		buf_append_bytes(&words, subject.about);
	}
	q = desk_post_newest(db, c->channel, POSTS);
	while (query_next(&q)) {
		buf_append_str(&words, "\n");
		buf_append_bytes(&words, query_bytes(&q, arena, 3));
	}
	query_end(&q);
	out = arena_bytes(arena, buf_bytes(&words));
	buf_release(&words);
	return out;
}

void case_note_language(struct db *db, struct arena *arena, int64_t now_s, struct desk_case *c)
{
	char tag[LANGUAGE_TAG_SIZE];

	if (language_detect(words_of(db, arena, c), tag))
		case_append(db, arena, c, "language", 0, now_s,
			json_pack("{s:s, s:b}", "language", tag, "reliable", 1));
}
