/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read about an order: the line shown instead of the content, and the owner's letter
 * (DSA Article 17(3): measure and scope, facts, automation, ground, redress), in each language that
 * there is. Which of them the owner reads the messenger knows, not the desk. The letters are the
 * SOP's templates; the words that go into them are here. Pure.
 */
#ifndef DESK_LETTERS_H
#define DESK_LETTERS_H

#include "desk/sop/sop.h"
#include "desk/sop/sop_templates.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_orders.h"

/* The first is that of whom no letter is written for. */
#define LETTER_LANGUAGES 2
const char *letter_language(int at);

/* For readers: not who decided, not who complained. */
char *letter_for_readers(struct arena *arena, const struct sop *sop, const struct desk_case *c,
	enum desk_subject_kind kind, const char *action, const struct sop_category *category);
/* What the owner is told about. */
struct letter {
	const struct sop *sop;
	const struct desk_case *c;
	enum desk_subject_kind kind;
	const struct desk_statement *statement;
	const struct sop_category *category;
	int64_t leaf;		      /* of the ledger */
	int64_t strikes, strike_days; /* measures before this one, in so many days */
	const char *link;	      /* to appeal with; NULL: none */
};

/* sop_letter() that is one message: of the values named here, up to NULL, as much is left out as is
 * too long, of the first first. */
char *letter_within(struct arena *arena, const struct sop *sop, const char *id,
	const char *language, struct sop_value *values, const char *const *may_shorten);
char *letter_for_owner(struct arena *arena, int language, const struct letter *letter);
/* The redress that the letter says in its language; without the link, which is the owner's alone,
 * the statement records it. */
char *letter_redress(struct arena *arena, int language, const struct sop *sop, int64_t case_id,
	const char *link);

#endif
