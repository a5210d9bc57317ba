/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The keeper splits; here are files only. */
#include "server/vault_split.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "keeper/files.h"
#include "server/vault_files.h"
#include "store/home_roots.h"

static int path_in(const char *dir, const char *name, char out[PATH_MAX], struct err *err)
{
	return keeper_file(dir, name, out, PATH_MAX, err);
}

struct keeper_client *split_keeper(const struct installation *in, struct err *err)
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

/* share-1-ani.txt, for ani.key.pub or ani.pub. */
static int write_share(const struct split_wish *wish, const struct keeper_was_split *split, int at,
	struct err *err)
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

static int read_custodians(
	const struct split_wish *wish, struct keeper_split *split, struct err *err)
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

int split_ask(const struct split_wish *wish, const struct installation *in,
	struct keeper_client *client, bool turn, struct err *err)
{
	struct keeper_request request = {.op = KEEPER_SPLIT,
		.split = {.threshold = (uint8_t)wish->threshold,
			.count = (uint8_t)wish->shares,
			.turn = turn}};
	struct keeper_answer answer;

	if (read_custodians(wish, &request.split, err) < 0 ||
		home_roots_load(in->home_db, &request.split.chain, err) < 0 ||
		keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	if (answer.status == KEEPER_SEALED)
		return err_set(err, EPERM, "the vault is sealed: custodians must open it first");
	if (answer.status != KEEPER_OK)
		return err_set(err, EPERM, "%s",
			turn ? "the keeper makes no new root now: its log says why (data of "
			       "older roots that still wait to be sealed anew, or a key that is "
			       "none)"
			     : "the root is the custodians' already, or a key is no key");
	if (write_set(in->dir, &answer.split.set, err) < 0)
		return -1;
	printf("%s is split. Give each custodian the file for them:\n",
		turn ? "A new root" : "The root");
	for (int i = 0; i < wish->shares; i++)
		if (write_share(wish, &answer.split, i, err) < 0)
			return -1;
	return 0;
}

int split_set_check(
	const struct installation *in, const struct keeper_hello *hello, struct err *err)
{
	uint8_t id[SHARE_SET_ID_SIZE];
	char pending[PATH_MAX];
	struct share_set set;

	if (path_in(in->dir, KEEPER_PENDING_FILE, pending, err) < 0 ||
		share_set_read(pending, &set, err) < 0)
		return -1;
	share_set_id(&set, id);
	if (memcmp(id, hello->set_id, sizeof(id)) != 0)
		return err_set(err, EINVAL, "%s is not the set that was rehearsed", pending);
	return 0;
}

int split_set_in_force(
	const struct installation *in, const struct keeper_hello *hello, struct err *err)
{
	char pending[PATH_MAX];

	if (split_set_check(in, hello, err) < 0 ||
		path_in(in->dir, KEEPER_PENDING_FILE, pending, err) < 0)
		return -1;
	if (rename(pending, in->vault_set) < 0 || keyfile_sync_folder(in->vault_set) < 0)
		return err_errno(err, "can't put %s in its place", pending);
	return 0;
}

int split_rehearsed(const struct keeper_hello *hello, struct err *err)
{
	return hello->rehearsed ? 0
				: err_set(err, EAGAIN,
					  "first the rehearsal: %d custodians bring their shares, "
					  "%d are there",
					  hello->threshold, keeper_hello_have(hello));
}

bool split_wish_take(struct split_wish *wish, int option, const char *value)
{
	switch (option) {
	case 's':
		wish->shares = (int)strtol(value, NULL, 10);
		return true;
	case 't':
		wish->threshold = (int)strtol(value, NULL, 10);
		return true;
	case 'o':
		wish->out = value;
		return true;
	default:
		break;
	}
	if (option != 'c' || wish->custodian_count == SHAMIR_SHARES_MAX)
		return false;
	wish->custodians[wish->custodian_count++] = value;
	return true;
}

bool split_wish_is_empty(const struct split_wish *wish)
{
	return !wish->shares && !wish->threshold && !wish->custodian_count;
}

bool split_wish_is_sound(const struct split_wish *wish)
{
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
