/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under which users the programs run. Started by root on a machine that has the users
 * lontar-keeper, lontar, lontar-desk, lontar-fetch and lontar-mail and the group lontar-square
 * (packaging/sysusers.d), the supervisor gives each child its own, and the data folder to whom it
 * belongs:
 *
 *   DIR                lontar-keeper, 0711: it makes its socket there
 *   root.key, keeper.key, vault.set   lontar-keeper 0600
 *   lontar.ini         root:lontar 0640
 *   server.key, home/  lontar             server.pub.pem     root 0644
 *   square/            lontar:lontar-square 2770, its files 0660
 *   desk/              lontar-desk:lontar 0710, its files lontar-desk 0600;
 *                      service.token lontar-desk:lontar 0640: both sides of the line read it
 *
 * The desk and the messenger may not become anybody else: what starts their helpers is made for
 * them (server/programs.h). Otherwise all run as who started it, which is said in one line.
 */
#ifndef SERVER_USERS_H
#define SERVER_USERS_H

#include <sys/types.h>

#include "server/installation.h"

enum user_of { USER_KEEPER, USER_MESSENGER, USER_DESK, USER_FETCH, USER_MAIL, USERS };

struct users {
	bool apart;
	const char *missing; /* why they are not apart, for root */
	struct {
		uid_t uid;
		gid_t gid;
	} of[USERS];
	gid_t square;
};

void users_find(struct users *users);
void users_tell(const struct users *users); /* logs it if they stay together */
/* Gives the data folder to them. Nothing when not apart. */
MUST_CHECK int users_own(const struct users *users, const struct installation *in, struct err *err);
/* In a child, before it executes its program. Nothing when not apart. */
MUST_CHECK int users_become(const struct users *users, enum user_of who);

#endif
