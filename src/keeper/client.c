/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "keeper/client.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "keeper/files.h"
#include "keeper/owner_keys.h"

struct keeper_client {
	int fd;
	pid_t own;		 /* a keeper of this client alone; 0: it serves others too */
	pthread_mutex_t lock;	 /* one question at a time */
	struct owner_keys *keys; /* once there is a vault */
	struct root_chain chain; /* likewise: what a keeper that was started again is told */
	char path[PATH_MAX];	 /* "": it can't be asked anew */
	bool yields;
};

#define RETURN_TRIES 50
#define RETURN_PAUSE_US 100000

static struct keeper_client *client_of(int fd, pid_t own, struct err *err)
{
	struct keeper_client *client = calloc(1, sizeof(*client));

	if (!client) {
		err_set(err, ENOMEM, "out of memory");
		close(fd);
		return NULL;
	}
	client->fd = fd;
	client->own = own;
	pthread_mutex_init(&client->lock, NULL);
	return client;
}

static int connect_to(const char *path, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >=
		sizeof(address.sun_path))
		return err_set(err, ENAMETOOLONG, "%s is too long for a socket", path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	err_errno(err, "no keeper answers at %s", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

struct keeper_client *keeper_client_connect(const char *path, struct err *err)
{
	struct keeper_client *client;
	int fd = connect_to(path, err);

	client = fd < 0 ? NULL : client_of(fd, 0, err);
	if (client)
		snprintf(client->path, sizeof(client->path), "%s", path);
	return client;
}

/* Beside this program, as all of ours. */
static int keeper_program(char out[PATH_MAX], struct err *err)
{
	static const char name[] = "/lontar-keeper";
	ssize_t size = readlink("/proc/self/exe", out, PATH_MAX - sizeof(name));
	char *slash;

	if (size < 0)
		return err_errno(err, "can't find the folder of the programs");
	out[size] = 0;
	slash = strrchr(out, '/');
	if (!slash)
		return err_set(err, 0, "can't find the folder of the programs");
	memcpy(slash, name, sizeof(name));
	return 0;
}

static int spawn_keeper(const char *dir, int fd, pid_t *pid, struct err *err)
{
	char program[PATH_MAX], number[] = "3";
	char *const args[] = {program, (char[]){"--data"}, (char *)(uintptr_t)dir, (char[]){"--fd"},
		number, NULL};
	char *const no_environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int rc;

	if (keeper_program(program, err) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	/* Onto itself it would keep its mark to be closed. */
	rc = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, 3);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(&actions, 4);
	if (rc == 0)
		rc = posix_spawn(pid, program, &actions, NULL, args, no_environment);
	posix_spawn_file_actions_destroy(&actions);
	return rc == 0 ? 0 : err_set(err, rc, "can't start %s: %s", program, strerror(rc));
}

struct keeper_client *keeper_client_open(const char *dir, struct err *err)
{
	char path[PATH_MAX];
	struct keeper_client *client;
	int pair[2];
	pid_t pid;

	if (keeper_file(dir, KEEPER_SOCKET, path, sizeof(path), err) < 0)
		return NULL;
	client = keeper_client_connect(path, NULL);
	if (client)
		return client;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		err_errno(err, "no pair for a keeper");
		return NULL;
	}
	if (spawn_keeper(dir, pair[1], &pid, err) < 0) {
		close(pair[0]);
		close(pair[1]);
		return NULL;
	}
	close(pair[1]);
	return client_of(pair[0], pid, err);
}

void keeper_client_free(struct keeper_client *client)
{
	if (!client)
		return;
	close(client->fd);
	if (client->own)
		waitpid(client->own, NULL, 0);
	owner_keys_free(client->keys);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

static int exchange(int fd, const struct keeper_request *request, struct keeper_answer *answer)
{
	size_t size = keeper_request_size(request->op);
	ssize_t got;

	if (send(fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
		return -1;
	do {
		got = recv(fd, answer, sizeof(*answer), 0);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)keeper_answer_size(request->op) ? 0 : -1;
}

/* A keeper that ended is started again; with a key file it is then as it was. */
static int come_back(struct keeper_client *client)
{
	struct keeper_request request = {.op = KEEPER_UNLOCK, .chain = client->chain};
	struct keeper_answer answer;
	int fd = -1, result = -1;

	/* Behind walls, whose way to a keeper was this connection. */
	if (client->yields)
		return -1;
	for (int i = 0; i < RETURN_TRIES && fd < 0 && client->path[0]; i++) {
		fd = connect_to(client->path, NULL);
		if (fd < 0 && errno == EPERM) /* behind walls by now */
			return -1;
		if (fd < 0)
			usleep(RETURN_PAUSE_US);
	}
	if (fd < 0)
		return -1;
	close(client->fd);
	client->fd = fd;
	/* Who has no vault yet asks for it himself. */
	if (!client->keys)
		return 0;
	if (exchange(fd, &request, &answer) == 0 && answer.status == KEEPER_OK)
		result = 0;
	bytes_wipe(&answer.unlocked, sizeof(answer.unlocked));
	return result;
}

int keeper_client_ask(struct keeper_client *client, const struct keeper_request *request,
	struct keeper_answer *answer, struct err *err)
{
	int result;

	pthread_mutex_lock(&client->lock);
	result = exchange(client->fd, request, answer);
	if (result < 0 && come_back(client) == 0)
		result = exchange(client->fd, request, answer);
	pthread_mutex_unlock(&client->lock);
	return result == 0 ? 0 : err_set(err, EPIPE, "the keeper does not answer");
}

int keeper_client_hello(struct keeper_client *client, struct keeper_hello *out, struct err *err)
{
	const struct keeper_request request = {.op = KEEPER_HELLO};
	struct keeper_answer answer;

	if (keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	*out = answer.hello;
	return 0;
}

int keeper_client_yield(struct keeper_client *client, struct err *err)
{
	const struct keeper_request request = {.op = KEEPER_YIELD};
	struct keeper_answer answer;

	if (keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	client->yields = true;
	return 0;
}

/* ---- A vault whose keys come from the keeper ---- */

static int owner_key(void *ctx, uint32_t epoch, const uint8_t salt[VAULT_SALT_SIZE], int64_t owner,
	uint8_t out[VAULT_KEY_SIZE])
{
	struct keeper_client *client = ctx;
	struct keeper_request request = {.op = KEEPER_OWNER_KEY};
	struct keeper_answer answer;
	struct err err;
	int result = -1;

	if (owner_keys_find(client->keys, epoch, owner, salt, out))
		return 0;
	request.owner.epoch = epoch;
	request.owner.owner = owner;
	memcpy(request.owner.salt, salt, VAULT_SALT_SIZE);
	if (keeper_client_ask(client, &request, &answer, &err) < 0) {
		log_error("keeper_gone", "%s: ending", err.text);
		/* Nothing opens any more. What is not committed was not acknowledged. */
		_exit(VAULT_EXIT_GONE);
	}
	if (answer.status == KEEPER_OK) {
		memcpy(out, answer.owner_key, VAULT_KEY_SIZE);
		owner_keys_put(client->keys, epoch, owner, salt, out);
		result = 0;
	}
	bytes_wipe(&answer, sizeof(answer.status) + sizeof(answer.owner_key));
	return result;
}

static void source_free(void *ctx)
{
	keeper_client_free(ctx);
}

static int unlock(struct keeper_client *client, const struct root_chain *chain,
	struct vault_source *source, struct err *err)
{
	struct keeper_request request = {.op = KEEPER_UNLOCK, .chain = *chain};
	struct keeper_answer answer;

	if (keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	if (answer.status == KEEPER_SEALED)
		return err_set(err, EAGAIN,
			"the vault is sealed: custodians must open it (lontar vault status)");
	if (answer.status != KEEPER_OK)
		return err_set(err, EINVAL,
			"the root is not that of these data (of epoch %u): wrong root.key?",
			chain->epoch);
	client->chain = *chain;
	source->epoch = answer.unlocked.epoch;
	source->kept = answer.unlocked.kept;
	bytes_wipe(&answer.unlocked, sizeof(answer.unlocked));
	return 0;
}

struct vault *keeper_client_vault(
	struct keeper_client *client, const struct root_chain *chain, struct err *err)
{
	struct vault_source source = {.owner_key = owner_key, .free = source_free, .ctx = client};
	struct vault *vault = NULL;

	client->keys = owner_keys_new(err);
	if (!client->keys || unlock(client, chain, &source, err) < 0)
		keeper_client_free(client);
	else
		vault = vault_of_source(&source, err);
	bytes_wipe(&source.kept, sizeof(source.kept));
	return vault;
}
