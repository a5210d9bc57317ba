/* SPDX-License-Identifier: Apache-2.0 */
/* Roles at the desk and the grants that give them: a machine's token is shown once and stored as a
 * hash; people have a grant without one, and sign in (people.h). What a role may do is rights.h. */
#ifndef DESK_GRANTS_H
#define DESK_GRANTS_H

#include "crypto/token.h"
#include "desk/sop/sop.h"
#include "store/square_desk_grants.h"

enum role {
	ROLE_AUTHORITY,
	ROLE_FLAGGER,
	ROLE_MODERATOR,
	ROLE_LEAD,
	ROLE_ANALYST,
	ROLE_LIAISON,
	ROLE_AUDITOR, /* reads, and changes nothing */
	ROLE_ADMIN,   /* of people; sees no case */
	ROLE_COUNT
};

enum role role_by_name(struct bytes name); /* ROLE_COUNT: none */
const char *role_name(enum role role);

/* By which way a notice came: apart from the lane, which says who sent it. */
enum door { DOOR_HTTP, DOOR_IN_APP, DOOR_MAIL, DOOR_CHAT, DOOR_SENSOR, DOOR_COUNT };
const char *door_name(enum door door);

/* Who is asking. */
struct principal {
	struct desk_grant grant;
	enum role role;
	/* Of a person; of a token all of it is empty. */
	bool person;
	int64_t acts_for;		    /* an authority or flagger; 0: itself */
	bool enrolling;			    /* has yet to confirm a second factor */
	struct bytes categories, countries; /* "a,b"; empty: no limit */
	struct bytes session;		    /* hash of its token */
};

/* false: no such token, or revoked. Inside a transaction. */
bool principal_find(struct db *db, struct arena *arena, struct bytes token, struct principal *out);

/* Without a grant: somebody whom the desk does not know, who writes by mail. */
/* Whose a notice is that it sends: of an officer the authority or flagger. */
int64_t principal_sender(const struct principal *who);
enum lane principal_lane(const struct principal *who);

/* Name, languages and country as an operator typed them. */
MUST_CHECK int grant_check(const struct desk_grant *grant, struct err *err);
/* Checks what an operator typed. langs: "id,en" or empty; country: ISO 3166-1 or empty. */
MUST_CHECK int grant_create(struct db *db, const struct desk_grant *wanted, int64_t now_s,
	char token[TOKEN_TEXT_SIZE], int64_t *id, struct err *err);

#endif
