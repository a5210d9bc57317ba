/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/users.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <grp.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "keeper/files.h"

#define SQUARE_GROUP "lontar-square"

static const char *const names[USERS] = {
	"lontar-keeper", "lontar", "lontar-desk", "lontar-fetch", "lontar-mail"};

static bool find(struct users *users, const char **missing)
{
	const struct group *square = getgrnam(SQUARE_GROUP);

	for (int i = 0; i < USERS; i++) {
		const struct passwd *user = getpwnam(names[i]);

		*missing = names[i];
		if (!user || user->pw_uid == 0)
			return false;
		users->of[i].uid = user->pw_uid;
		users->of[i].gid = user->pw_gid;
	}
	*missing = SQUARE_GROUP;
	if (!square)
		return false;
	users->square = square->gr_gid;
	return true;
}

void users_find(struct users *users)
{
	*users = (struct users){0};
	users->apart = geteuid() == 0 && find(users, &users->missing);
}

void users_tell(const struct users *users)
{
	if (geteuid() != 0)
		log_info("one_user", "not started by root: all programs run as user %u",
			(unsigned)geteuid());
	else if (!users->apart)
		log_warn("one_user",
			"%s is not among users and groups: all programs run as root, kept apart by "
			"their walls alone",
			users->missing);
}

/* ---- The data folder ---- */

struct owner {
	uid_t uid;
	gid_t gid;
	mode_t folder, file;
};

/* Where the data are. Below it users could put links while root goes through: no path of theirs is
 * followed, and what is given away is what was opened. */
struct place {
	int fd;
	size_t prefix; /* of a path, up to its name below the place */
};

static int open_below(const struct place *place, const char *path)
{
	const struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	const char *name = strlen(path) > place->prefix ? path + place->prefix : ".";

	return (int)syscall(SYS_openat2, place->fd, name, &how, sizeof(how));
}

static int give(int fd, const char *path, const struct owner *owner, struct err *err)
{
	struct stat there;

	if (fstat(fd, &there) < 0)
		return err_errno(err, "can't look at %s", path);
	if (!S_ISDIR(there.st_mode) && (!S_ISREG(there.st_mode) || there.st_nlink > 1)) {
		log_warn("not_given", "%s has another name too, or is no file: it is left as it is",
			path);
		return 0;
	}
	if (fchown(fd, owner->uid, owner->gid) < 0)
		return err_errno(err, "can't give %s to its program's user", path);
	/* After the owner, who takes away the group's bit. */
	if (fchmod(fd, S_ISDIR(there.st_mode) ? owner->folder : owner->file) < 0)
		return err_errno(err, "can't set who may use %s", path);
	return 0;
}

/* What is a link is left alone: it leads elsewhere. So is what is not there. */
static int own(
	const struct place *place, const char *path, const struct owner *owner, struct err *err)
{
	int fd = open_below(place, path), rc;

	if (fd < 0)
		return errno == ENOENT || errno == ELOOP
			       ? 0
			       : err_errno(err, "can't open %s to give it to its user", path);
	rc = give(fd, path, owner, err);
	close(fd);
	return rc;
}

static int own_below(
	const struct place *place, char *folder, const struct owner *owner, struct err *err)
{
	char *const roots[] = {folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int rc = 0;

	if (!walk)
		return err_errno(err, "can't go through %s", folder);
	for (FTSENT *at = fts_read(walk); rc == 0 && at; at = fts_read(walk)) {
		if (at->fts_info == FTS_D || at->fts_info == FTS_F)
			rc = own(place, at->fts_path, owner, err);
		else if (at->fts_info == FTS_DNR || at->fts_info == FTS_ERR)
			rc = err_set(err, at->fts_errno, "can't go through %s", at->fts_path);
	}
	fts_close(walk);
	return rc;
}

static int own_one(const struct place *place, const char *path, uid_t uid, gid_t gid, mode_t mode,
	struct err *err)
{
	return own(place, path, &(struct owner){uid, gid, mode, mode}, err);
}

static int own_all(const struct users *users, const struct installation *in,
	const struct place *place, struct err *err)
{
	const uid_t messenger = users->of[USER_MESSENGER].uid, desk = users->of[USER_DESK].uid;
	const uid_t keeper = users->of[USER_KEEPER].uid;
	const gid_t group = users->of[USER_MESSENGER].gid;
	char pending[OPERATOR_PATH_MAX];
	const char *const of_keeper[] = {in->root_key, in->keeper_key, in->vault_set, pending};
	const struct owner home = {messenger, group, 0700, 0600},
			   square = {messenger, users->square, 02770, 0660},
			   of_desk = {desk, group, 0700, 0600};
	struct installation at = *in; /* whose paths the walk may hold on to */

	installation_file(in, KEEPER_PENDING_FILE, pending);
	if (own_below(place, at.home_dir, &home, err) < 0 ||
		own_below(place, at.square_dir, &square, err) < 0 ||
		own_below(place, at.desk_dir, &of_desk, err) < 0)
		return -1;
	if (own_one(place, in->desk_dir, desk, group, 0710, err) < 0 ||
		own_one(place, in->service_token, desk, group, 0640, err) < 0 ||
		own_one(place, in->server_key, messenger, group, 0600, err) < 0 ||
		own_one(place, in->server_pub, 0, 0, 0644, err) < 0 ||
		own_one(place, in->ini, 0, group, 0640, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(of_keeper); i++)
		if (own_one(place, of_keeper[i], keeper, group, 0600, err) < 0)
			return -1;
	return own_one(place, in->dir, keeper, 0, 0711, err);
}

int users_own(const struct users *users, const struct installation *in, struct err *err)
{
	struct place place = {.prefix = strlen(in->dir) + 1};
	int rc;

	if (!users->apart)
		return 0;
	place.fd = open(in->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place.fd < 0)
		return err_errno(err, "can't open %s", in->dir);
	rc = own_all(users, in, &place, err);
	close(place.fd);
	return rc;
}

/* The keeper's socket is for the messenger: it gets that one's group. */
int users_become(const struct users *users, enum user_of who)
{
	const uid_t uid = users->of[who].uid;
	const gid_t gid = users->of[who == USER_KEEPER ? USER_MESSENGER : who].gid;
	const bool shares = who == USER_MESSENGER || who == USER_DESK;

	if (!users->apart)
		return 0;
	if (setgroups(shares ? 1 : 0, &users->square) < 0 || setresgid(gid, gid, gid) < 0 ||
		setresuid(uid, uid, uid) < 0)
		return -1;
	return 0;
}
