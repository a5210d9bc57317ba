/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people read about an order: the line shown instead of the content, and the owner's letter
 * (DSA Article 17(3): measure and scope, facts, automation, ground, redress). Pure.
 */
#ifndef DESK_LETTERS_H
#define DESK_LETTERS_H

#include "desk/sop.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_orders.h"

/* For readers: not who decided, not who complained. */
char *letter_for_readers(struct arena *arena, const struct desk_case *c, const char *action,
	const struct sop_category *category);
char *letter_for_owner(struct arena *arena, const struct desk_case *c,
	const struct desk_statement *statement, const struct sop_category *category, int64_t leaf);
/* The redress that the statement records and the letter repeats. */
char *letter_redress(struct arena *arena, const struct sop *sop, int64_t case_id);

#endif
