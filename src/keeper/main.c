/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `lontar-keeper` program: reads what lies in the data directory, shuts itself in, and serves
 * whoever of the same user comes to its socket.
 */
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/keyfile.h"
#include "keeper/files.h"
#include "keeper/keeper.h"
#include "keeper/walls.h"

#define PEERS_MAX 32
#define PATH_SIZE 512

static const char help[] =
	"Usage: lontar-keeper --data DIR [--fd N | --ready-fd N]\n"
	"\n"
	"Holds the root of an installation's private side, which nothing else ever sees. The "
	"other\n"
	"programs ask it for the keys of single owners over DIR/keeper.sock; `lontar serve` starts "
	"it.\n"
	"It reaches neither files nor the network once it runs.\n"
	"\n"
	"  --fd N        serve this one socket, and end with it\n"
	"  --ready-fd N  write a line here when it serves\n"
	"  --peer USER   this user may ask too, but not split; he is in the socket's group\n"
	"\n"
	"Example: lontar vault status --data ./data (asks it how things are)\n";

struct options {
	const char *data;
	int fd, ready_fd;
};

static long peer_uid = -1; /* besides our own and root; -1: nobody */

/* ---- Start ---- */

static int read_set(
	const char *dir, const char *name, struct share_set *set, bool *there, struct err *err)
{
	uint8_t content[KEYFILE_MAX];
	char path[PATH_SIZE];
	size_t size;

	*there = false;
	if (keeper_file(dir, name, path, sizeof(path), err) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (keyfile_read(path, false, content, &size, err) < 0)
		return -1;
	if (size == sizeof(*set))
		memcpy(set, content, sizeof(*set));
	if (size != sizeof(*set) || !share_set_is_sound(set))
		return err_set(err, EINVAL, "%s is damaged", path);
	*there = true;
	return 0;
}

static int read_root(const char *dir, uint8_t root[ROOT_SIZE], bool *there, struct err *err)
{
	char path[PATH_SIZE];

	*there = false;
	if (keeper_file(dir, KEEPER_ROOT_FILE, path, sizeof(path), err) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	*there = true;
	return keyfile_read_hex(path, root, ROOT_SIZE, err);
}

static struct sign_key *read_identity(const char *dir, struct err *err)
{
	char path[PATH_SIZE];

	if (keeper_file(dir, KEEPER_IDENTITY_FILE, path, sizeof(path), err) < 0)
		return NULL;
	return sign_key_load(path, err);
}

static struct keeper *keeper_open(const char *dir, struct err *err)
{
	struct keeper_start start = {.now_s = clock_unix_s(&clock_system)};
	struct share_set set, pending;
	bool has_root, has_set, has_pending;
	uint8_t root[ROOT_SIZE];
	struct keeper *keeper = NULL;

	if (read_set(dir, KEEPER_SET_FILE, &set, &has_set, err) < 0 ||
		read_set(dir, KEEPER_PENDING_FILE, &pending, &has_pending, err) < 0)
		return NULL;
	if (read_root(dir, root, &has_root, err) == 0)
		start.identity = read_identity(dir, err);
	if (start.identity) {
		start.root = has_root ? root : NULL;
		start.set = has_set ? &set : NULL;
		start.pending = has_pending ? &pending : NULL;
		keeper = keeper_new(&start, err);
	}
	bytes_wipe(root, sizeof(root));
	return keeper;
}

static int listen_at(const char *dir, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (keeper_file(dir, KEEPER_SOCKET, address.sun_path, sizeof(address.sun_path), err) < 0)
		return -1;
	unlink(address.sun_path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(fd, PEERS_MAX) < 0)
		return err_errno(err, "can't listen at %s", address.sun_path);
	return fd;
}

/* ---- Serving ---- */

/* -1: the peer is gone, or sent what is no request. */
static int serve_one(struct keeper *keeper, struct keeper_peer *peer, int fd)
{
	struct keeper_request request;
	struct keeper_answer answer;
	ssize_t size = recv(fd, &request, sizeof(request), 0);
	int result = -1;

	if (size >= (ssize_t)sizeof(request.op) &&
		(size_t)size == keeper_request_size(request.op)) {
		keeper_serve(keeper, peer, &request, &answer);
		size = (ssize_t)keeper_answer_size(request.op);
		result = send(fd, &answer, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT) == size ? 0
											      : -1;
		bytes_wipe(&answer, sizeof(answer));
	}
	bytes_wipe(&request, sizeof(request));
	return result;
}

/* The file's mode keeps others out already; the kernel's word on who it is does not hang on it. */
static bool is_of_us(int fd, struct keeper_peer *peer)
{
	struct ucred from;
	socklen_t size = sizeof(from);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &from, &size) < 0)
		return false;
	peer->may_split = from.uid == keeper_uid() || from.uid == 0;
	return peer->may_split || (long)from.uid == peer_uid;
}

static void take_peer(struct pollfd fds[1 + PEERS_MAX], struct keeper_peer peers[1 + PEERS_MAX])
{
	int fd = accept4(STDIN_FILENO, NULL, NULL, SOCK_CLOEXEC);
	struct keeper_peer peer;

	if (fd < 0)
		return;
	for (int i = 1; is_of_us(fd, &peer) && i <= PEERS_MAX; i++) {
		if (fds[i].fd < 0) {
			fds[i].fd = fd;
			peers[i] = peer;
			return;
		}
	}
	log_warn("keeper_peer_refused", "of another user, or too many at once");
	close(fd);
}

/* Listening at standard input. */
static void serve_all(struct keeper *keeper)
{
	struct keeper_peer peers[1 + PEERS_MAX] = {0};
	struct pollfd fds[1 + PEERS_MAX];

	for (int i = 0; i <= PEERS_MAX; i++)
		fds[i] = (struct pollfd){.fd = i ? -1 : STDIN_FILENO, .events = POLLIN};
	for (;;) {
		if (poll(fds, 1 + PEERS_MAX, -1) < 0) {
			if (errno == EINTR) /* what is in fds is of the last time */
				continue;
			return;
		}
		for (int i = 1; i <= PEERS_MAX; i++) {
			if (fds[i].fd >= 0 && fds[i].revents &&
				serve_one(keeper, &peers[i], fds[i].fd) < 0) {
				close(fds[i].fd);
				fds[i].fd = -1;
			}
		}
		if (fds[0].revents)
			take_peer(fds, peers);
	}
}

static int run(const struct options *options, struct err *err)
{
	struct keeper_peer alone = {.may_split = false}; /* a split outlives the one who asks */
	struct keeper *keeper;
	int fd = options->fd;

	if (keeper_walls_raise(err) < 0)
		return -1;
	keeper = keeper_open(options->data, err);
	if (!keeper)
		return -1;
	if (fd < 0)
		fd = listen_at(options->data, err);
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		return -1;
	keeper_uid(); /* remembered: later there is nobody to ask */
	if (options->ready_fd >= 0 && write(options->ready_fd, "port=1\n", 7) != 7)
		return err_errno(err, "nobody listens");
	if (keeper_walls_close(err) < 0)
		return -1;
	if (options->fd < 0)
		serve_all(keeper);
	else
		while (serve_one(keeper, &alone, STDIN_FILENO) == 0)
			continue;
	keeper_free(keeper);
	return 0;
}

/* A number or a name; -1: there is no such user. */
static long uid_of(const char *text)
{
	const struct passwd *user;
	char *end;
	long number = strtol(text, &end, 10);

	if (*text && !*end)
		return number;
	user = getpwnam(text);
	return user ? (long)user->pw_uid : -1;
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"fd", required_argument, NULL, 'f'}, {"ready-fd", required_argument, NULL, 'r'},
		{"peer", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'}, {0}};
	struct options options = {.fd = -1, .ready_fd = -1};
	struct err err = {0};
	bool peer_given = false;
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'd')
			options.data = optarg;
		else if (c == 'f')
			options.fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'r')
			options.ready_fd = (int)strtol(optarg, NULL, 10);
		else if (c == 'p')
			peer_uid = uid_of(optarg), peer_given = true;
		else {
			fputs(help, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (!options.data || optind != argc) {
		fputs(help, stderr);
		return 2;
	}
	if (peer_given && peer_uid < 0) {
		fputs("lontar-keeper: there is no such --peer\n", stderr);
		return 2;
	}
	umask(peer_uid < 0 ? 077 : 007);
	/* Ctrl-C is for whoever started us: others need the keeper to their end. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (run(&options, &err) < 0) {
		log_error("keeper_failed", "%s", err.text);
		_exit(1);
	}
	/* The cage lets nothing through that runs at an orderly exit. */
	_exit(0);
}
