/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Custodians open a backup. A keeper of this command's own waits for their shares; it ends with the
 * command. What custodians say to it comes over a socket of the same form as a keeper's and is
 * passed on as it is, as the messenger does: hellos and shares, nothing else.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "keeper/client.h"
#include "keeper/files.h"
#include "server/backup.h"
#include "server/backup_archive.h"
#include "server/backup_files.h"

#define PEER_WAIT_S 10 /* who says nothing makes room for the next */

static int put_file(const char *dir, const char *name, struct bytes content, struct err *err)
{
	char path[BACKUP_PATH_MAX];

	if (backup_path(path, dir, name, err) < 0)
		return -1;
	return keyfile_create(path, 0600, content, err);
}

static void remove_file(const char *dir, const char *name)
{
	char path[BACKUP_PATH_MAX];

	if (backup_path(path, dir, name, NULL) == 0)
		unlink(path);
}

static int listen_at(const char *dir, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const mode_t before = umask(077);
	int fd;

	if (keeper_file(dir, KEEPER_SOCKET, address.sun_path, sizeof(address.sun_path), err) < 0) {
		umask(before);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(fd, 4) < 0) {
		err_errno(err, "can't listen at %s", address.sun_path);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	umask(before);
	return fd;
}

/* -1: the peer is gone, or asks for what is not for custodians. */
static int pass_one(struct keeper_client *keeper, int fd)
{
	struct keeper_request request;
	struct keeper_answer answer;
	const ssize_t size = recv(fd, &request, sizeof(request), 0);

	if (size < (ssize_t)sizeof(request.op) ||
		(request.op != KEEPER_HELLO && request.op != KEEPER_SHARE) ||
		(size_t)size != keeper_request_size(request.op) ||
		keeper_client_ask(keeper, &request, &answer, NULL) < 0)
		return -1;
	return send(fd, &answer, keeper_answer_size(request.op), MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static void tell(const char *dir, const struct keeper_hello *hello, backup_told_fn *told)
{
	char text[2 * PATH_LEN], process[PARCEL_FINGERPRINT_SIZE];

	parcel_fingerprint(bytes_of(hello->session, sizeof(hello->session)), process);
	snprintf(text, sizeof(text),
		"waiting for custodians: %d of %d shares are there (lontar vault unseal --socket"
		" %s/" KEEPER_SOCKET " --expect %s)",
		keeper_hello_have(hello), hello->threshold, dir, process);
	told(text, -1);
}

static int wait_open(struct keeper_client *keeper, int listener, const char *dir,
	backup_told_fn *told, struct err *err)
{
	const struct timeval patience = {.tv_sec = PEER_WAIT_S};
	struct keeper_hello hello;
	int had = -1, fd;

	for (;;) {
		if (keeper_client_hello(keeper, &hello, err) < 0)
			return -1;
		if (hello.state != KEEPER_STATE_SEALED)
			return 0;
		if (had != keeper_hello_have(&hello))
			tell(dir, &hello, told);
		had = keeper_hello_have(&hello);
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return err_errno(err, "can't hear custodians");
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		while (pass_one(keeper, fd) == 0)
			continue;
		close(fd);
	}
}

static struct vault *open_with(
	const struct backup_head *head, const char *dir, backup_told_fn *told, struct err *err)
{
	struct keeper_client *keeper = keeper_client_open(dir, err);
	struct root_chain chain;
	int listener = keeper ? listen_at(dir, err) : -1;

	if (listener < 0 || wait_open(keeper, listener, dir, told, err) < 0) {
		keeper_client_free(keeper);
		keeper = NULL;
	}
	if (listener >= 0)
		close(listener);
	backup_head_chain(head, &chain);
	return keeper ? keeper_client_vault(keeper, &chain, err) : NULL;
}

struct vault *backup_custodians(
	const struct backup_head *head, const char *dir, backup_told_fn *told, struct err *err)
{
	const struct bytes identity = bytes_of(head->keeper, load_u32le(head->keeper_size));
	struct vault *vault = NULL;

	if (put_file(dir, KEEPER_IDENTITY_FILE, identity, err) == 0 &&
		put_file(dir, KEEPER_SET_FILE, bytes_of(head->set, sizeof(head->set)), err) == 0)
		vault = open_with(head, dir, told, err);
	remove_file(dir, KEEPER_IDENTITY_FILE);
	remove_file(dir, KEEPER_SET_FILE);
	remove_file(dir, KEEPER_SOCKET);
	return vault;
}
