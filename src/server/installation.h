/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data directory of an installation:
 *
 *   DIR/lontar.ini        settings
 *   DIR/root.key          root of the vault (0600): opens everything personal; keep a copy
 * elsewhere DIR/server.key        RSA key of the handshake (0600) DIR/server.pub.pem    its public
 * half, which clients must know DIR/home/home.db      private side; the desk can't reach this
 * folder DIR/square/square.db  public side DIR/desk/             the desk's own: ledger key and
 * files, service.token, SOP
 */
#ifndef SERVER_INSTALLATION_H
#define SERVER_INSTALLATION_H

#include "base/err.h"
#include "server/settings.h"

#define PATH_LEN 512

struct installation {
	char dir[PATH_LEN];
	char ini[PATH_LEN], root_key[PATH_LEN], server_key[PATH_LEN], server_pub[PATH_LEN];
	char lock[PATH_LEN];
	char home_dir[PATH_LEN], home_db[PATH_LEN];
	char square_dir[PATH_LEN], square_db[PATH_LEN];
	char desk_dir[PATH_LEN], service_token[PATH_LEN];
	struct settings settings; /* after installation_open */
};

/* Fills in the paths; touches nothing. */
MUST_CHECK int installation_at(struct installation *in, const char *dir, struct err *err);
bool installation_exists(const struct installation *in);
/* Makes what is missing, keeps what is there, migrates both databases. */
MUST_CHECK int installation_init(struct installation *in, struct err *err);
/* Holds the directory for this process until it ends: two messengers on one store would be wrong.
 * Does not keep commands like `lontar desk grant` out. DIR is made if need be. */
MUST_CHECK int installation_lock(const struct installation *in, struct err *err);
/* Paths and settings of one that exists. */
MUST_CHECK int installation_open(struct installation *in, const char *dir, struct err *err);

#endif
