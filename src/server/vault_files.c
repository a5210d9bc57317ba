/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/vault_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "custody/armor.h"

#define KIND_PUBLIC "lontar-custodian-1"
#define KIND_SECRET "lontar-custodian-key-1"
#define KIND_SHARE "lontar-share-1"
#define COMMENT_MAX 600

_Static_assert(sizeof(struct share_file) ==
		       sizeof(struct share_set) + 1 + sizeof(struct share) + PARCEL_OVERHEAD,
	"no gaps: it is written as it is");

/* ---- Passphrases ---- */

static int read_line(FILE *in, char out[PASSPHRASE_MAX], struct err *err)
{
	size_t size;

	if (!fgets(out, PASSPHRASE_MAX, in))
		return err_set(err, EINVAL, "there is no passphrase");
	size = strcspn(out, "\r\n");
	if (!out[size] && size == PASSPHRASE_MAX - 1)
		return err_set(err, EINVAL, "the passphrase is too long");
	out[size] = 0;
	return 0;
}

static int ask_terminal(const char *question, char out[PASSPHRASE_MAX], struct err *err)
{
	struct termios shown, hidden;
	int result;

	fputs(question, stderr);
	fflush(stderr);
	if (tcgetattr(STDIN_FILENO, &shown) < 0)
		return err_errno(err, "no terminal");
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	result = read_line(stdin, out, err);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputc('\n', stderr);
	return result;
}

static int ask_twice(struct passphrase *out, struct err *err)
{
	char again[PASSPHRASE_MAX];
	int result = -1;

	if (ask_terminal("New passphrase: ", out->text, err) == 0 &&
		ask_terminal("The same again: ", again, err) == 0)
		result = strcmp(out->text, again) == 0
				 ? 0
				 : err_set(err, EINVAL, "the two are not the same");
	bytes_wipe(again, sizeof(again));
	return result;
}

static int from_file(struct passphrase *out, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	int result;

	if (!file)
		return err_errno(err, "can't read %s", path);
	result = read_line(file, out->text, err);
	fclose(file);
	return result;
}

int passphrase_read(struct passphrase *out, const char *file, bool is_new, struct err *err)
{
	int result;

	if (file)
		result = from_file(out, file, err);
	else if (!isatty(STDIN_FILENO))
		result = read_line(stdin, out->text, err);
	else if (is_new)
		result = ask_twice(out, err);
	else
		result = ask_terminal("Passphrase: ", out->text, err);
	if (result == 0 && is_new && strlen(out->text) < PASSPHRASE_LEAST)
		result = err_set(err, EINVAL, "a passphrase has %d characters or more: some words",
			PASSPHRASE_LEAST);
	return result;
}

/* ---- Files ---- */

int custodian_files_write(const char *path, const struct parcel_keys *keys,
	const struct passphrase *phrase, struct err *err)
{
	uint8_t locked[PARCEL_LOCKED_SIZE];
	char public_path[PATH_MAX];

	if ((size_t)snprintf(public_path, sizeof(public_path), "%s.pub", path) >=
		sizeof(public_path))
		return err_set(err, ENAMETOOLONG, "%s is too long", path);
	if (access(path, F_OK) == 0 || access(public_path, F_OK) == 0)
		return err_set(err, EEXIST, "%s or %s is there already", path, public_path);
	if (parcel_lock(bytes_from_str(phrase->text), keys->secret_key, locked, err) < 0 ||
		armor_write(path, true,
			"# The secret key of a custodian of a Lontar installation, locked with a\n"
			"# passphrase. Keep it to yourself.\n",
			KIND_SECRET, bytes_of(locked, sizeof(locked)), err) < 0)
		return -1;
	return armor_write(public_path, false,
		"# The public key of a custodian. Give it to the operator.\n", KIND_PUBLIC,
		bytes_of(keys->public_key, sizeof(keys->public_key)), err);
}

int custodian_public_read(const char *path, uint8_t public_key[PARCEL_KEY_SIZE], struct err *err)
{
	return armor_read(path, false, KIND_PUBLIC, public_key, PARCEL_KEY_SIZE, err);
}

int custodian_secret_read(
	const char *path, const struct passphrase *phrase, struct parcel_keys *out, struct err *err)
{
	uint8_t locked[PARCEL_LOCKED_SIZE], secret[PARCEL_KEY_SIZE];

	if (armor_read(path, true, KIND_SECRET, locked, sizeof(locked), err) < 0 ||
		parcel_unlock(bytes_from_str(phrase->text), locked, secret, err) < 0)
		return -1;
	parcel_keys_of(secret, out);
	bytes_wipe(secret, sizeof(secret));
	return 0;
}

int share_file_write(
	const char *path, const struct share_file *file, const char *custodian, struct err *err)
{
	char comment[COMMENT_MAX];

	snprintf(comment, sizeof(comment),
		"# Share %d of %d of a Lontar installation, for %s. Any %d of them open it.\n"
		"# Only the custodian's key opens this file. Keep it; it is needed whenever the\n"
		"# server starts: lontar vault unseal --help\n",
		file->x, file->set.count, custodian, file->set.threshold);
	return armor_write(path, false, comment, KIND_SHARE, bytes_of(file, sizeof(*file)), err);
}

int share_file_read(const char *path, struct share_file *out, struct err *err)
{
	if (armor_read(path, false, KIND_SHARE, (uint8_t *)out, sizeof(*out), err) < 0)
		return -1;
	if (!share_set_is_sound(&out->set) || out->x < 1 || out->x > out->set.count)
		return err_set(err, EINVAL, "%s is damaged", path);
	return 0;
}

int share_set_read(const char *path, struct share_set *set, struct err *err)
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
