/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault split: from a key file to custodians. The keeper splits; here are files only. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "keeper/client.h"
#include "keeper/files.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/vault_files.h"
#include "store/home_roots.h"

static const char usage[] =
	"Usage: lontar vault split --data DIR --shares N --threshold K --custodian FILE.pub ... "
	"[--out DIR]\n"
	"       lontar vault split --data DIR --finish\n"
	"\n"
	"Shares the root key among N custodians, so that any K of them open the installation and\n"
	"fewer learn nothing. Name a custodian's public key for each share (lontar vault "
	"custodian\n"
	"new). The server runs meanwhile. Writes a file for each custodian into --out (here).\n"
	"\n"
	"Nothing is lost yet: root.key stays until the custodians have shown, by `lontar vault\n"
	"unseal` against the running server, that K shares open it, and you say --finish. Then\n"
	"root.key is overwritten and removed, and each start needs K custodians. Destroy copies "
	"of\n"
	"it, too. docs/vault.md is the guide.\n"
	"\n"
	"Example: lontar vault split --data ./data --shares 3 --threshold 2 --custodian ani.pub "
	"--custodian budi.pub --custodian citra.pub\n";

struct wish {
	const char *dir, *out;
	const char *custodians[SHAMIR_SHARES_MAX];
	int shares, threshold, custodian_count;
	bool finish;
};

static int path_in(const char *dir, const char *name, char out[PATH_MAX], struct err *err)
{
	return keeper_file(dir, name, out, PATH_MAX, err);
}

static struct keeper_client *running_keeper(const struct installation *in, struct err *err)
{
	char path[PATH_MAX];
	struct keeper_client *client;

	if (path_in(in->dir, KEEPER_SOCKET, path, err) < 0)
		return NULL;
	client = keeper_client_connect(path, NULL);
	if (!client)
		err_set(err, ENOENT, "the server must run: lontar serve --data %s", in->dir);
	return client;
}

/* ---- Splitting ---- */

/* share-1-ani.txt, for ani.key.pub or ani.pub. */
static int write_share(
	const struct wish *wish, const struct keeper_was_split *split, int at, struct err *err)
{
	const char *slash = strrchr(wish->custodians[at], '/');
	const char *name = slash ? slash + 1 : wish->custodians[at];
	struct share_file file = {.set = split->set, .x = (uint8_t)(at + 1)};
	char path[PATH_MAX];
	int size = (int)strcspn(name, ".");

	memcpy(file.sealed, split->sealed[at], sizeof(file.sealed));
	if ((size_t)snprintf(path, sizeof(path), "%s/share-%d-%.*s.txt", wish->out, at + 1, size,
		    name) >= sizeof(path))
		return err_set(err, ENAMETOOLONG, "--out is too long");
	if (share_file_write(path, &file, wish->custodians[at], err) < 0)
		return -1;
	printf("  %s  for %s\n", path, wish->custodians[at]);
	return 0;
}

static int write_set(const char *dir, const struct share_set *set, struct err *err)
{
	char path[PATH_MAX];

	if (path_in(dir, KEEPER_PENDING_FILE, path, err) < 0)
		return -1;
	if (unlink(path) < 0 && errno != ENOENT)
		return err_errno(err, "can't replace %s", path);
	/* Public: the keeper reads it, whoever wrote it. */
	return keyfile_create(path, 0644, bytes_of(set, sizeof(*set)), err);
}

static int read_custodians(const struct wish *wish, struct keeper_split *split, struct err *err)
{
	for (int i = 0; i < wish->shares; i++) {
		if (custodian_public_read(wish->custodians[i], split->custodians[i], err) < 0)
			return -1;
		for (int j = 0; j < i; j++)
			if (memcmp(split->custodians[i], split->custodians[j], PARCEL_KEY_SIZE) ==
				0)
				return err_set(err, EINVAL, "%s and %s are the same custodian",
					wish->custodians[i], wish->custodians[j]);
	}
	return 0;
}

static int split(const struct wish *wish, const struct installation *in,
	struct keeper_client *client, struct err *err)
{
	struct keeper_request request = {.op = KEEPER_SPLIT,
		.split = {.threshold = (uint8_t)wish->threshold, .count = (uint8_t)wish->shares}};
	struct keeper_answer answer;

	if (read_custodians(wish, &request.split, err) < 0 ||
		home_roots_load(in->home_db, &request.split.chain, err) < 0 ||
		keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	if (answer.status != KEEPER_OK)
		return err_set(err, EPERM,
			answer.status == KEEPER_SEALED
				? "the vault is sealed: custodians must open it first"
				: "the root is the custodians' already, or a key is no key");
	if (write_set(in->dir, &answer.split.set, err) < 0)
		return -1;
	puts("The root is split. Give each custodian the file for them:");
	for (int i = 0; i < wish->shares; i++)
		if (write_share(wish, &answer.split, i, err) < 0)
			return -1;
	printf("\nNow the rehearsal: %d of them bring their shares (lontar vault unseal). Then:\n"
	       "  lontar vault split --data %s --finish\n"
	       "Until then nothing has changed: %s opens the installation.\n",
		wish->threshold, in->dir, in->root_key);
	return 0;
}

/* ---- Finishing ---- */

static int read_set(const char *path, struct share_set *set, struct err *err)
{
	uint8_t content[KEYFILE_MAX];
	size_t size;

	if (keyfile_read(path, false, content, &size, err) < 0)
		return -1;
	if (size == sizeof(*set))
		memcpy(set, content, sizeof(*set));
	return size == sizeof(*set) && share_set_is_sound(set)
		       ? 0
		       : err_set(err, EINVAL, "%s is damaged", path);
}

/* What is to be destroyed must be what the set in force makes. */
static int check_root(const struct installation *in, struct err *err)
{
	uint8_t root[ROOT_SIZE];
	struct share_set set;
	bool fits;

	if (access(in->root_key, F_OK) < 0)
		return 0;
	if (read_set(in->vault_set, &set, err) < 0 ||
		keyfile_read_hex(in->root_key, root, sizeof(root), err) < 0)
		return -1;
	fits = share_set_is_of(&set, root);
	bytes_wipe(root, sizeof(root));
	return fits ? 0
		    : err_set(err, EINVAL,
			      "%s is another root than the one that was split: it stays",
			      in->root_key);
}

/* As far as a file system lets anybody: copies that it or the disk made are out of reach. First it
 * is no file any more: no server starts with half of one. */
static int destroy(const char *path, struct err *err)
{
	static const uint8_t nothing[2 * ROOT_SIZE + 1];
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : err_errno(err, "can't open %s", path);
	if (unlink(path) < 0 || keyfile_sync_folder(path) < 0 ||
		pwrite(fd, nothing, sizeof(nothing), 0) != (ssize_t)sizeof(nothing) ||
		fsync(fd) < 0)
		result = err_errno(err, "can't destroy %s", path);
	close(fd);
	return result;
}

/* The set that was rehearsed, and no other. */
static int set_in_force(
	const struct installation *in, const struct keeper_hello *hello, struct err *err)
{
	uint8_t id[SHARE_SET_ID_SIZE];
	char pending[PATH_MAX];
	struct share_set set;

	if (path_in(in->dir, KEEPER_PENDING_FILE, pending, err) < 0 ||
		read_set(pending, &set, err) < 0)
		return -1;
	share_set_id(&set, id);
	if (memcmp(id, hello->set_id, sizeof(id)) != 0)
		return err_set(err, EINVAL, "%s is not the set that was rehearsed", pending);
	if (rename(pending, in->vault_set) < 0 || keyfile_sync_folder(in->vault_set) < 0)
		return err_errno(err, "can't put %s in its place", pending);
	return 0;
}

static int finish(const struct installation *in, struct keeper_client *client, struct err *err)
{
	struct keeper_answer answer;
	struct keeper_hello hello;

	if (keeper_client_hello(client, &hello, err) < 0)
		return -1;
	/* Cut off after the set was in force: only the file is left to be destroyed. */
	if (hello.state == KEEPER_STATE_REHEARSAL) {
		if (!hello.rehearsed)
			return err_set(err, EAGAIN,
				"first the rehearsal: %d custodians bring their shares, %d are "
				"there",
				hello.threshold, keeper_hello_have(&hello));
		if (set_in_force(in, &hello, err) < 0 ||
			keeper_client_ask(client, &(struct keeper_request){.op = KEEPER_FINISH},
				&answer, err) < 0)
			return -1;
		if (answer.status != KEEPER_OK)
			return err_set(err, EAGAIN,
				"the keeper was started again meanwhile: say --finish once more");
	} else if (hello.state != KEEPER_STATE_OPEN) {
		return err_set(err, EINVAL, "there is no split to finish");
	}
	if (check_root(in, err) < 0 || destroy(in->root_key, err) < 0)
		return -1;
	printf("%s is gone. From the next start on %d of %d custodians open the installation.\n"
	       "Destroy every copy of root.key that you made: each opens everything alone.\n",
		in->root_key, hello.threshold, hello.count);
	return 0;
}

static int run(const struct wish *wish, struct err *err)
{
	struct installation in = {0};
	struct keeper_client *client;
	int result;

	if (installation_open(&in, wish->dir, err) < 0)
		return -1;
	client = running_keeper(&in, err);
	if (!client)
		return -1;
	result = wish->finish ? finish(&in, client, err) : split(wish, &in, client, err);
	keeper_client_free(client);
	return result;
}

static bool wish_is_sound(const struct wish *wish)
{
	if (!wish->dir)
		return false;
	if (wish->finish)
		return !wish->shares && !wish->threshold && !wish->custodian_count;
	if (wish->threshold < 2 || wish->threshold > wish->shares ||
		wish->shares > SHAMIR_SHARES_MAX) {
		fprintf(stderr, "2 <= threshold <= shares <= %d\n\n", SHAMIR_SHARES_MAX);
		return false;
	}
	if (wish->custodian_count != wish->shares) {
		fprintf(stderr, "%d shares need %d --custodian, not %d\n\n", wish->shares,
			wish->shares, wish->custodian_count);
		return false;
	}
	return true;
}

int vault_split(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"shares", required_argument, NULL, 's'},
		{"threshold", required_argument, NULL, 't'},
		{"custodian", required_argument, NULL, 'c'}, {"out", required_argument, NULL, 'o'},
		{"finish", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct wish wish = {.out = "."};
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			wish.dir = optarg;
		else if (c == 's')
			wish.shares = (int)strtol(optarg, NULL, 10);
		else if (c == 't')
			wish.threshold = (int)strtol(optarg, NULL, 10);
		else if (c == 'c' && wish.custodian_count < SHAMIR_SHARES_MAX)
			wish.custodians[wish.custodian_count++] = optarg;
		else if (c == 'o')
			wish.out = optarg;
		else if (c == 'f')
			wish.finish = true;
		else {
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (!wish_is_sound(&wish) || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (run(&wish, &err) == 0)
		return 0;
	fprintf(stderr, "lontar vault split: %s\n", err.text);
	return 1;
}
