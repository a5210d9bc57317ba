/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data directory of an installation:
 *
 *   DIR/lontar.ini        settings
 *   DIR/root.key          root of the vault (0600): opens everything personal; or
 *   DIR/vault.set         in its place, when the root is shared among custodians
 *   DIR/keeper.key        by which custodians know the keeper (0600)
 *   DIR/server.key        RSA key of the handshake (0600)
 *   DIR/server.pub.pem    its public half, which clients must know
 *   DIR/home/home.db      private side; the desk can't reach this folder
 *   DIR/square/square.db  public side
 *   DIR/desk/             the desk's own: ledger key and files, service.token, SOP
 */
#ifndef SERVER_INSTALLATION_H
#define SERVER_INSTALLATION_H

#include "base/err.h"
#include "crypto/seal.h"
#include "server/settings.h"

struct keeper_client;

#define PATH_LEN 512
#define TERMS_SIZE_MAX 16384

struct installation {
	char dir[PATH_LEN];
	char ini[PATH_LEN], root_key[PATH_LEN], server_key[PATH_LEN], server_pub[PATH_LEN];
	char vault_set[PATH_LEN], keeper_key[PATH_LEN], lock[PATH_LEN];
	char home_dir[PATH_LEN], home_db[PATH_LEN];
	char square_dir[PATH_LEN], square_db[PATH_LEN];
	char desk_dir[PATH_LEN], service_token[PATH_LEN];
	/* After installation_open: */
	struct settings settings;
	char terms[TERMS_SIZE_MAX + 1]; /* the text that [login] terms names; "": none */
};

/* Fills in the paths; touches nothing. */
MUST_CHECK int installation_at(struct installation *in, const char *dir, struct err *err);
bool installation_exists(const struct installation *in);
/* Makes what is missing, keeps what is there, migrates both databases. */
MUST_CHECK int installation_init(struct installation *in, struct err *err);
/* Where a file is that a setting names: in the directory, or where its whole path says. */
#define OPERATOR_PATH_MAX (PATH_LEN + CONFIG_TEXT_MAX)
void installation_file(
	const struct installation *in, const char *name, char path[OPERATOR_PATH_MAX]);
/* Holds the directory for this process until it ends: two messengers on one store would be wrong.
 * Does not keep commands like `lontar desk grant` out. DIR is made if need be. */
MUST_CHECK int installation_lock(const struct installation *in, struct err *err);
/* Holds the home alone likewise, whoever started this process: a messenger without a supervisor
 * holds nothing else. */
MUST_CHECK int installation_hold_home(const struct installation *in, struct err *err);
/* Paths and settings of one that exists. */
MUST_CHECK int installation_open(struct installation *in, const char *dir, struct err *err);
/* The vault of the home, whose schema is up to date; its keys come from the keeper. NULL with *err;
 * err->code is EAGAIN when custodians must open it first. Free with vault_free. */
MUST_CHECK struct vault *installation_vault(const struct installation *in, struct err *err);
/* Likewise, from a keeper that is there already; the client goes with the vault, also when this
 * fails. */
MUST_CHECK struct vault *installation_vault_of(
	const struct installation *in, struct keeper_client *client, struct err *err);
/* Ends a change of the root that was cut off. Before a keeper is started; the schema is up to date.
 */
MUST_CHECK int installation_settle(const struct installation *in, struct err *err);

#endif
