/* SPDX-License-Identifier: Apache-2.0 */
/* Roles at the desk and the grants that give them: a token is shown once and stored as a hash. */
#ifndef DESK_GRANTS_H
#define DESK_GRANTS_H

#include "crypto/token.h"
#include "desk/sop.h"
#include "store/square_desk_grants.h"

enum role { ROLE_AUTHORITY, ROLE_FLAGGER, ROLE_MODERATOR, ROLE_LEAD, ROLE_COUNT };

enum role role_by_name(struct bytes name); /* ROLE_COUNT: none */

/* Who is asking. */
struct principal {
	struct desk_grant grant;
	enum role role;
};

/* false: no such token, or revoked. Inside a transaction. */
bool principal_find(struct db *db, struct arena *arena, struct bytes token, struct principal *out);

bool principal_files_notices(const struct principal *who);
bool principal_sees_cases(const struct principal *who);
bool principal_sees_reporters(const struct principal *who);
bool principal_decides(const struct principal *who, const struct sop *sop);
bool principal_reverses(const struct principal *who, const struct sop *sop);
enum lane principal_lane(const struct principal *who);

/* Checks what an operator typed. langs: "id,en" or empty; country: ISO 3166-1 or empty. */
MUST_CHECK int grant_create(struct db *db, const struct desk_grant *wanted, int64_t now_s,
	char token[TOKEN_TEXT_SIZE], int64_t *id, struct err *err);

#endif
