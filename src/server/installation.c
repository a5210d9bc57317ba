/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening a data directory. */
#include "server/installation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "crypto/dh.h"
#include "crypto/keyfile.h"
#include "crypto/rsa.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "crypto/token.h"
#include "desk/desk.h"
#include "keeper/client.h"
#include "keeper/files.h"
#include "server/geoip.h"
#include "server/rekey.h"
#include "store/home_roots.h"
#include "store/store.h"

static int path_join(char out[PATH_LEN], const char *dir, const char *name, struct err *err)
{
	int size = snprintf(out, PATH_LEN, "%s/%s", dir, name);

	if (size < 0 || size >= PATH_LEN)
		return err_set(err, ENAMETOOLONG, "the path of the data directory is too long");
	return 0;
}

int installation_at(struct installation *in, const char *dir, struct err *err)
{
	const struct {
		char *out;
		const char *name;
	} parts[] = {
		{in->ini, "lontar.ini"},
		{in->root_key, KEEPER_ROOT_FILE},
		{in->vault_set, KEEPER_SET_FILE},
		{in->keeper_key, KEEPER_IDENTITY_FILE},
		{in->server_key, "server.key"},
		{in->server_pub, "server.pub.pem"},
		{in->lock, "serve.lock"},
		{in->home_dir, "home"},
		{in->home_db, "home/home.db"},
		{in->square_dir, "square"},
		{in->square_db, "square/square.db"},
		{in->desk_dir, "desk"},
		{in->service_token, "desk/service.token"},
	};

	if (strlen(dir) >= PATH_LEN)
		return err_set(err, ENAMETOOLONG, "the path of the data directory is too long");
	snprintf(in->dir, sizeof(in->dir), "%s", dir);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (path_join(parts[i].out, dir, parts[i].name, err) < 0)
			return -1;
	}
	return 0;
}

bool installation_exists(const struct installation *in)
{
	return access(in->root_key, F_OK) == 0 || access(in->vault_set, F_OK) == 0;
}

static int make_dir(const char *path, struct err *err)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "can't make the folder %s", path);
	return 0;
}

static int make_server_key(const struct installation *in, struct err *err)
{
	struct rsa_key *key;
	int result = -1;

	if (access(in->server_key, F_OK) == 0) {
		key = rsa_key_load(in->server_key, err);
	} else {
		/* Takes as long as making the key, and what it looks at never changes: once. */
		if (dh_group_test(err) < 0)
			return -1;
		key = rsa_key_generate(err);
		if (key && rsa_key_write(key, in->server_key, err) < 0)
			goto out;
	}
	if (!key)
		return -1;
	if (access(in->server_pub, F_OK) < 0 && rsa_key_write_public(key, in->server_pub, err) < 0)
		goto out;
	result = 0;
out:
	rsa_key_free(key);
	return result;
}
#define SERVICE_BOT_TEXT "1000000:" /* the number of core/bots/service_bot.h */

/* Before the service bot was an account, its token began with another number. */
static bool is_of_service_bot(const char *path)
{
	char begin[sizeof(SERVICE_BOT_TEXT)] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	if (!fgets(begin, sizeof(begin), file))
		begin[0] = 0;
	fclose(file);
	return strcmp(begin, SERVICE_BOT_TEXT) == 0;
}

/* The desk's one line to the messenger is the service bot's token; both read this file. */
static int make_service_token(const struct installation *in, struct err *err)
{
	char token[TOKEN_TEXT_SIZE], text[TOKEN_TEXT_SIZE + 16];
	int result;

	if (access(in->service_token, F_OK) == 0) {
		if (is_of_service_bot(in->service_token))
			return 0;
		if (unlink(in->service_token) < 0)
			return err_errno(err, "can't replace %s", in->service_token);
	}
	token_new(token);
	snprintf(text, sizeof(text), SERVICE_BOT_TEXT "%s", token);
	result = keyfile_create(in->service_token, 0600, bytes_from_str(text), err);
	bytes_wipe(token, sizeof(token));
	bytes_wipe(text, sizeof(text));
	return result;
}

static int make_ini(const struct installation *in, struct err *err)
{
	FILE *file;

	if (access(in->ini, F_OK) == 0)
		return 0;
	file = fopen(in->ini, "wxe");
	if (!file)
		return err_errno(err, "can't write %s", in->ini);
	config_write_template(settings_rows, file);
	if (fclose(file) != 0)
		return err_errno(err, "can't write %s", in->ini);
	return 0;
}

void installation_file(
	const struct installation *in, const char *name, char path[OPERATOR_PATH_MAX])
{
	if (*name == '/')
		snprintf(path, OPERATOR_PATH_MAX, "%s", name);
	else
		snprintf(path, OPERATOR_PATH_MAX, "%s/%s", in->dir, name);
}

/* Here, so that `lontar serve` says what is wrong instead of starting a messenger that can't. */
static int read_terms(struct installation *in, struct err *err)
{
	const char *name = in->settings.terms;
	char path[OPERATOR_PATH_MAX];
	size_t size;
	FILE *file;

	in->terms[0] = 0;
	if (!*name)
		return 0;
	installation_file(in, name, path);
	file = fopen(path, "re");
	if (!file)
		return err_errno(err, "can't read [login] terms: %s", path);
	size = fread(in->terms, 1, sizeof(in->terms), file);
	fclose(file);
	if (size == sizeof(in->terms))
		return err_set(err, 0, "%s is longer than %d bytes", path, TERMS_SIZE_MAX);
	in->terms[size] = 0;
	if (!text_is_utf8(bytes_of(in->terms, size)) || strlen(in->terms) != size)
		return err_set(err, 0, "%s is no text in UTF-8", path);
	return 0;
}

static int check_geoip(const struct installation *in, struct err *err)
{
	char path[OPERATOR_PATH_MAX];
	struct geoip *geoip;

	if (!in->settings.geoip[0])
		return 0;
	installation_file(in, in->settings.geoip, path);
	geoip = geoip_open(path, err);
	geoip_free(geoip);
	return geoip ? 0 : -1;
}

static int read_settings(struct installation *in, struct err *err)
{
	if (settings_load(in->ini, &in->settings, err) < 0 || read_terms(in, err) < 0)
		return -1;
	return check_geoip(in, err);
}

/* A new root would open nothing of what is there, and hide that the old one is missing. */
static int check_no_root_is_missing(const struct installation *in, struct err *err)
{
	struct db *db;
	int64_t users;

	if (db_open(in->home_db, DB_READ, &db, err) < 0)
		return -1;
	db_begin(db);
	users = db_get_int(db, 0, "SELECT count(*) FROM (SELECT id FROM users LIMIT 1) u");
	db_rollback(db);
	db_close(db);
	if (users)
		return err_set(err, 0,
			"%s is missing, and there is a home that it sealed: put it back",
			in->root_key);
	return 0;
}

int installation_init(struct installation *in, struct err *err)
{
	const struct store_paths paths = {in->home_db, in->square_db};

	if (make_dir(in->dir, err) < 0 || make_dir(in->home_dir, err) < 0 ||
		desk_init(in->dir, err) < 0)
		return -1;
	if (make_ini(in, err) < 0 || make_server_key(in, err) < 0 ||
		make_service_token(in, err) < 0)
		return -1;
	if (access(in->keeper_key, F_OK) < 0 && sign_key_create(in->keeper_key, err) < 0)
		return -1;
	if (store_migrate(&paths, err) < 0)
		return -1;
	/* Last: its presence says that the installation is whole. */
	if (!installation_exists(in) &&
		(check_no_root_is_missing(in, err) < 0 || vault_root_create(in->root_key, err) < 0))
		return -1;
	return read_settings(in, err);
}

int installation_lock(const struct installation *in, struct err *err)
{
	int fd;

	if (make_dir(in->dir, err) < 0)
		return -1;
	/* Never closed: the kernel gives it back when the process ends, however it ends. */
	fd = open(in->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "can't open %s", in->lock);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	err_set(err, errno, "another lontar serve runs on %s", in->dir);
	close(fd);
	return -1;
}

int installation_hold_home(const struct installation *in, struct err *err)
{
	/* The folder itself: no file that the first to come would own. Never closed, as above. */
	int fd = open(in->home_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "can't open %s", in->home_dir);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	err_set(err, errno, "another messenger runs on %s", in->dir);
	close(fd);
	return -1;
}

int installation_open(struct installation *in, const char *dir, struct err *err)
{
	if (installation_at(in, dir, err) < 0)
		return -1;
	if (!installation_exists(in))
		return err_set(err, ENOENT,
			"there is no installation in %s; make one with: lontar init --data %s", dir,
			dir);
	return read_settings(in, err);
}

int installation_settle(const struct installation *in, struct err *err)
{
	struct root_chain chain;

	if (home_roots_load(in->home_db, &chain, err) < 0)
		return -1;
	return rekey_settle_file(in, &chain, err);
}

struct vault *installation_vault_of(
	const struct installation *in, struct keeper_client *client, struct err *err)
{
	struct root_chain chain;

	if (home_roots_load(in->home_db, &chain, err) == 0)
		return keeper_client_vault(client, &chain, err);
	keeper_client_free(client);
	return NULL;
}

struct vault *installation_vault(const struct installation *in, struct err *err)
{
	struct keeper_client *client;

	/* Before a keeper reads the file. */
	if (installation_settle(in, err) < 0)
		return NULL;
	client = keeper_client_open(in->dir, err);
	return client ? installation_vault_of(in, client, err) : NULL;
}
