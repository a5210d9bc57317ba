/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of channels share, on top of the accounts fixture: an owner in Indonesia, readers
 * in Germany and Indonesia, a channel, and the database as it stands on disk. */
#ifndef TESTS_CORE_CHANNELS_FIXTURE_H
#define TESTS_CORE_CHANNELS_FIXTURE_H

#include "accounts_fixture.h"
#include "core/messages/messages_search.h"
#include "core/posts/posts.h"

#define OWNER_KEY 11
#define GERMAN_KEY 12
#define INDONESIAN_KEY 13

struct people {
	int64_t owner, german, indonesian;
};

struct people channels_people(struct fixture *f);
int64_t channels_make(struct fixture *f, const char *title, bool broadcast);
void channels_name(struct fixture *f, int64_t channel, const char *username);
int64_t channels_make_public(struct fixture *f, const char *username, bool broadcast);
/* Flags and the channel it is tied to, past all rules. */
void channels_set_flags(struct fixture *f, int64_t channel, uint32_t flags, int64_t linked);
void channels_join(struct fixture *f, uint64_t key, int64_t channel);
/* The id of the new post. */
int32_t channels_post(struct fixture *f, uint64_t key, int64_t channel, const char *text);
/* The id of the new post, which answers one or stands in a thread; 0: it is refused. */
int32_t channels_answer(struct fixture *f, uint64_t key, int64_t channel, int32_t reply_to,
	int32_t thread, const char *text);
/* As the key's account sees it, in the fixture's arena. */
struct message channels_post_of(struct fixture *f, uint64_t key, int64_t channel, int32_t id);
struct channel_view channels_view(struct fixture *f, uint64_t key, int64_t channel);
/* Text of the post as the key's account sees it, in the fixture's arena; NULL: it is refused or not
 * there. */
const char *channels_read(struct fixture *f, uint64_t key, int64_t channel, int32_t post);
/* What channel_posts_search returns. */
int channels_search(struct fixture *f, uint64_t key, int64_t channel, const char *text,
	int32_t limit, struct post_list *out);
/* All values of all tables of a database, as committed, one "table|value|value…" line per row. Free
 * it. */
char *channels_dump(const char *path);
/* Whether the dump has the value as a whole field. */
bool channels_dump_has(const char *dump, const char *value);

#endif
