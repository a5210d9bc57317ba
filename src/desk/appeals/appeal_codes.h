/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes to appeal with. The desk does not know who owns a channel or who reported: a letter about a
 * decision carries a random code, the desk keeps its keyed hash, and who has the code may appeal.
 */
#ifndef DESK_APPEAL_CODES_H
#define DESK_APPEAL_CODES_H

#include "desk/desk.h"
#include "store/square_desk_appeals.h"
#include "store/square_desk_cases.h"

#define APPEAL_CODE_MAX 32   /* characters, a bound; base64url */
#define APPEAL_CODE_BYTES 16 /* so much of it is random */

/* A new code of who it is; in the transaction of the decision. */
char *appeal_code_new(struct desk *desk, struct db *db, struct arena *arena,
	const struct desk_appeal_code *whose);
/* false: nobody was given this code. */
bool appeal_code_find(struct desk *desk, struct db *db, struct arena *arena, struct bytes code,
	struct desk_appeal_code *out);
/* What a letter says of it: the service bot's link, and the page's if the SOP has an address. */
char *appeal_link(struct arena *arena, const struct sop *sop, const char *code);
/* The same of a question to the owner (contacts.h). */
char *answer_link(struct arena *arena, const struct sop *sop, const char *code);

/* Gives each reader who reported the case a code, when nothing was (or is no longer) done: in the
 * transaction of the decision, after the readers' outcome was written. */
void appeal_codes_for_readers(
	struct desk *desk, struct db *db, const struct desk_case *c, int64_t now_s);

#endif
