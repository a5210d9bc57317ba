/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/letters.h"

#include "base/text.h"

/* A letter is one message of at most 4096 characters: every part of it is bounded. */
#define COUNTRIES_IN_LETTER 30
#define TEXT(b) (int)(b).size, (const char *)(b).data

static const char *subject_word(const struct desk_case *c)
{
	return c->post ? "post" : "channel";
}

char *letter_for_readers(struct arena *arena, const struct desk_case *c, const char *action,
	const struct sop_category *category)
{
	if (strcmp(action, "restore") == 0)
		return arena_printf(arena, "This %s is available again (case %lld).",
			subject_word(c), (long long)c->id);
	return arena_printf(arena, "This %s %s: %s (case %lld).", subject_word(c),
		strcmp(action, "remove") == 0 ? "was removed" : "is not available in your country",
		category->title, (long long)c->id);
}

char *letter_redress(struct arena *arena, const struct sop *sop, int64_t case_id)
{
	return arena_printf(arena,
		"You may appeal within %lld days, free of charge: write to %s and name case %lld. "
		"Somebody other than who decided will look at it. You may also go to an "
		"out-of-court "
		"dispute settlement body or to a court.",
		(long long)sop->appeal_days, sop->appeal_contact, (long long)case_id);
}

static char *subject_name(struct arena *arena, const struct desk_case *c)
{
	if (c->post)
		return arena_printf(arena, "Post %d of your channel @%.*s", c->post, TEXT(c->name));
	return arena_printf(arena, "Your channel @%.*s", TEXT(c->name));
}

static char *measure(struct arena *arena, const struct desk_statement *s)
{
	if (bytes_equal_str(s->action, "remove"))
		return arena_printf(arena, "was removed for everybody");
	if (s->countries.size > COUNTRIES_IN_LETTER * 3)
		return arena_printf(arena,
			"was hidden from readers whose number is of one of %zu countries; the "
			"ledger "
			"lists them",
			(s->countries.size + 1) / 3);
	if (bytes_equal_str(s->action, "restrict"))
		return arena_printf(arena, "was hidden from readers whose number is of: %.*s",
			TEXT(s->countries));
	return arena_printf(arena, "was restored: it can be read everywhere again");
}

static const char *origin_of(const struct desk_statement *s)
{
	if (bytes_equal_str(s->lane, "authority"))
		return "a notice of a public authority";
	if (bytes_equal_str(s->lane, "flagger"))
		return "a notice of a trusted flagger";
	if (bytes_equal_str(s->lane, "sensor"))
		return "an automatic detection in public posts";
	return "a reader's report";
}

char *letter_for_owner(struct arena *arena, const struct desk_case *c,
	const struct desk_statement *s, const struct sop_category *category, int64_t leaf)
{
	const char *law = s->law.size ? arena_printf(arena, " (%.*s)", TEXT(s->law)) : "";
	char *head = arena_printf(arena, "%s %s.\n\nCase %lld, decided on %s by a person.",
		subject_name(arena, c), measure(arena, s), (long long)c->id,
		text_rfc3339(arena, s->created_at));
	char *facts =
		arena_printf(arena, "Facts: %.*s\n\nGround: %.*s", TEXT(s->facts), TEXT(s->ground));
	char *record = arena_printf(arena,
		"This decision is entry %lld of the public ledger. With this key anybody can check "
		"that the entry is about this subject: %s",
		(long long)leaf, text_hex(arena, c->salt));

	if (bytes_equal_str(s->action, "restore"))
		return arena_printf(arena, "%s\n\n%s\n\n%s", head, facts, record);
	return arena_printf(arena, "%s\n\nReason: %s%s, after %s.\n\n%s\n\n%.*s\n\n%s", head,
		category->title, law, origin_of(s), facts, TEXT(s->redress), record);
}
