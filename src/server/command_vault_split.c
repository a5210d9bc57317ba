/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault split: from a key file to custodians. What is the same for a new root is in
 * vault_split.h. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "server/commands.h"
#include "server/vault_files.h"
#include "server/vault_split.h"

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
	const char *dir;
	struct split_wish split;
	bool finish;
};

static int split(const struct wish *wish, const struct installation *in,
	struct keeper_client *client, struct err *err)
{
	if (split_ask(&wish->split, in, client, false, err) < 0)
		return -1;
	printf("\nNow the rehearsal: %d of them bring their shares (lontar vault unseal). Then:\n"
	       "  lontar vault split --data %s --finish\n"
	       "Until then nothing has changed: %s opens the installation.\n",
		wish->split.threshold, in->dir, in->root_key);
	return 0;
}

/* ---- Finishing ---- */

/* What is to be destroyed must be what the set in force makes. */
static int check_root(const struct installation *in, struct err *err)
{
	uint8_t root[ROOT_SIZE];
	struct share_set set;
	bool fits;

	if (access(in->root_key, F_OK) < 0)
		return 0;
	if (share_set_read(in->vault_set, &set, err) < 0 ||
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

static int finish(const struct installation *in, struct keeper_client *client, struct err *err)
{
	struct keeper_answer answer;
	struct keeper_hello hello;

	if (keeper_client_hello(client, &hello, err) < 0)
		return -1;
	/* Cut off after the set was in force: only the file is left to be destroyed. */
	if (hello.state == KEEPER_STATE_REHEARSAL) {
		if (hello.turns)
			return err_set(err, EINVAL,
				"that is a new root: lontar vault rekey --data %s --finish",
				in->dir);
		if (split_rehearsed(&hello, err) < 0 || split_set_in_force(in, &hello, err) < 0 ||
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
	client = split_keeper(&in, err);
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
	return wish->finish ? split_wish_is_empty(&wish->split) : split_wish_is_sound(&wish->split);
}

int vault_split(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"shares", required_argument, NULL, 's'},
		{"threshold", required_argument, NULL, 't'},
		{"custodian", required_argument, NULL, 'c'}, {"out", required_argument, NULL, 'o'},
		{"finish", no_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct wish wish = {.split = {.out = "."}};
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			wish.dir = optarg;
		else if (c == 'f')
			wish.finish = true;
		else if (!split_wish_take(&wish.split, c, optarg)) {
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
