/* SPDX-License-Identifier: Apache-2.0 */
/* The processes: sockets, pace, counts. What is said on a connection is in junk_kinds.c. */
#include "attacks/junk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/mem.h"
#include "bench/process.h"

enum { PHASE_WAIT, PHASE_RUN, PHASE_STOP, PHASE_END };

#define STEP_MS 10
#define OPENS_PER_STEP 100 /* of one process: 10 000 a second */
#define READ_MAX 65536

struct caller {
	int fd; /* -1: not connected */
	enum junk_kind kind;
	struct junk_voice voice;
	int64_t opened_us, next_us; /* when it says the next piece, or comes back */
	bool silent;		    /* it has said all */
	uint32_t sent, size;	    /* of the piece */
	uint8_t *piece;
};

struct crew {
	struct junk_board *board;
	unsigned index, count; /* which process of how many */
	int epoll_fd;
	struct caller *callers;
	uint32_t caller_count, opens;
	uint8_t *scratch;
};

const char *junk_kind_name(enum junk_kind kind)
{
	return junk_kind_rows[kind].name;
}

uint64_t junk_draw(struct junk_voice *voice)
{
	/* xorshift64*: repeatable and fast; nothing here is secret. */
	voice->draw ^= voice->draw >> 12;
	voice->draw ^= voice->draw << 25;
	voice->draw ^= voice->draw >> 27;
	return voice->draw * 0x2545f4914f6cdd1dull;
}

/* ---- One connection ---- */

static struct junk_counts *counts_of(struct crew *crew, const struct caller *caller)
{
	return &crew->board->counts[caller->kind];
}

static void note_life(struct crew *crew, const struct caller *caller, int64_t now)
{
	struct junk_counts *counts = counts_of(crew, caller);
	int64_t ms = (now - caller->opened_us) / 1000;

	if (ms > counts->longest_ms)
		counts->longest_ms = ms;
}

static void hang_up(struct crew *crew, struct caller *caller, int64_t now)
{
	if (caller->fd < 0)
		return;
	note_life(crew, caller, now);
	close(caller->fd);
	caller->fd = -1;
	counts_of(crew, caller)->open--;
	/* Not all at the same moment: half to one and a half times as long. */
	caller->next_us = now + (int64_t)crew->board->again_ms * 500 +
			  (int64_t)(junk_draw(&caller->voice) % 1000 * crew->board->again_ms);
}

static void was_cut(struct crew *crew, struct caller *caller, int64_t now)
{
	counts_of(crew, caller)->cut++;
	hang_up(crew, caller, now);
}

/* 127.1.0.1 and so on: the address is part of the attack. */
static uint32_t source_address(const struct crew *crew, const struct caller *caller)
{
	uint32_t number = (uint32_t)(caller - crew->callers) * crew->count + crew->index;

	number %= crew->board->addresses ? crew->board->addresses : 1;
	return 0x7f010001u + number / 250 * 256 + number % 250;
}

static void call(struct crew *crew, struct caller *caller, int64_t now)
{
	struct sockaddr_in from = {.sin_family = AF_INET},
			   to = {.sin_family = AF_INET, .sin_port = htons(crew->board->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = caller};

	caller->next_us = now + crew->board->again_ms * 1000;
	from.sin_addr.s_addr = htonl(source_address(crew, caller));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* The port is chosen at connect, so that each pair of addresses has all of them. */
	if (fd >= 0)
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
		(connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS) ||
		epoll_ctl(crew->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		counts_of(crew, caller)->refused++;
		if (fd >= 0)
			close(fd);
		return;
	}
	caller->fd = fd;
	caller->opened_us = caller->next_us = now;
	caller->voice.step = caller->voice.heard = caller->sent = caller->size = 0;
	caller->silent = false;
	counts_of(crew, caller)->opened++;
	counts_of(crew, caller)->open++;
}

/* False: it was cut. */
static bool push(struct crew *crew, struct caller *caller, int64_t now)
{
	while (caller->sent < caller->size) {
		ssize_t n = send(caller->fd, caller->piece + caller->sent,
			caller->size - caller->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			was_cut(crew, caller, now);
			return false;
		}
		if (n < 0)
			return true; /* not connected yet, or full: the next step tries again */
		caller->sent += (uint32_t)n;
	}
	return true;
}

static void speak(struct crew *crew, struct caller *caller, int64_t now)
{
	const struct junk_kind_row *row = &junk_kind_rows[caller->kind];
	uint32_t every_ms = crew->board->every_ms[caller->kind];

	if (!push(crew, caller, now) || caller->sent < caller->size)
		return;
	if (caller->silent && row->leaves) {
		hang_up(crew, caller, now);
		return;
	}
	if (caller->silent || now < caller->next_us ||
		(row->waits && caller->voice.step == 1 && !caller->voice.heard))
		return;
	caller->sent = 0;
	caller->size = (uint32_t)row->say(&caller->voice, caller->piece);
	caller->silent = caller->size == 0;
	caller->voice.step++;
	caller->next_us = now + (int64_t)(every_ms ? every_ms : row->every_ms) * 1000;
	push(crew, caller, now);
}

static void listen_to(struct crew *crew, struct caller *caller, int64_t now)
{
	const struct junk_kind_row *row = &junk_kind_rows[caller->kind];
	ssize_t n = recv(caller->fd, crew->scratch, READ_MAX, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		was_cut(crew, caller, now);
		return;
	}
	counts_of(crew, caller)->bytes_in += n;
	crew->board->replies++;
	caller->voice.heard += (uint32_t)n;
	if (row->hear)
		row->hear(&caller->voice, bytes_of(crew->scratch, (size_t)n));
}

/* ---- One process ---- */

static void recruit(struct crew *crew)
{
	uint32_t at = 0;

	for (int kind = 0; kind < JUNK_KINDS; kind++)
		crew->caller_count += crew->board->wanted[kind] / crew->count +
				      (crew->index < crew->board->wanted[kind] % crew->count);
	crew->callers = mem_zalloc(crew->caller_count + 1, sizeof(*crew->callers));
	for (int kind = 0; kind < JUNK_KINDS; kind++) {
		uint32_t share = crew->board->wanted[kind] / crew->count +
				 (crew->index < crew->board->wanted[kind] % crew->count);

		for (uint32_t i = 0; i < share; i++, at++) {
			struct caller *caller = &crew->callers[at];

			caller->fd = -1;
			caller->kind = (enum junk_kind)kind;
			caller->voice.board = crew->board;
			caller->voice.draw =
				(uint64_t)(at + 1) * 0x9e3779b97f4a7c15ull + crew->index;
			caller->piece = mem_alloc(JUNK_SAY_MAX);
		}
	}
}

static void dismiss(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->caller_count; i++) {
		hang_up(crew, &crew->callers[i], now_us());
		free(crew->callers[i].piece);
	}
	free(crew->callers);
	crew->callers = NULL;
	crew->caller_count = 0;
}

static void take_events(struct crew *crew)
{
	struct epoll_event events[512];
	int n = epoll_wait(crew->epoll_fd, events, ARRAY_LEN(events), STEP_MS);

	for (int i = 0; i < n; i++) {
		struct caller *caller = events[i].data.ptr;

		if (caller->fd >= 0)
			listen_to(crew, caller, now_us());
	}
}

static void step(struct crew *crew)
{
	int64_t now = now_us();
	uint32_t opens = 0;

	for (uint32_t i = 0; i < crew->caller_count; i++) {
		struct caller *caller = &crew->callers[i];

		if (caller->fd >= 0) {
			speak(crew, caller, now);
		} else if (now >= caller->next_us && opens < OPENS_PER_STEP) {
			opens++;
			call(crew, caller, now);
		}
		if (caller->fd >= 0)
			note_life(crew, caller, now);
	}
	take_events(crew);
}

static _Noreturn void crew_main(struct crew *crew)
{
	/* Attackers bring their own processors: ours should not be missed by those attacked. */
	setpriority(PRIO_PROCESS, 0, 19);
	crew->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	crew->scratch = mem_alloc(READ_MAX);
	if (crew->epoll_fd < 0)
		_exit(1);
	while (crew->board->phase != PHASE_END) {
		if (crew->board->phase != PHASE_RUN) {
			dismiss(crew);
			usleep(STEP_MS * 1000);
			continue;
		}
		if (!crew->callers)
			recruit(crew);
		step(crew);
	}
	_exit(0);
}

/* ---- The side of the attack ---- */

int junk_open(struct junk *junk, unsigned processes, struct err *err)
{
	pid_t parent = getpid();

	memset(junk, 0, sizeof(*junk));
	junk->board = mmap(NULL, sizeof(*junk->board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (junk->board == MAP_FAILED) {
		junk->board = NULL;
		return err_errno(err, "can't share memory");
	}
	for (unsigned i = 0; i < processes; i++) {
		struct crew crew = {.board = junk->board, .index = i, .count = processes};
		pid_t pid = fork();

		if (pid < 0)
			return err_errno(err, "can't fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			setpgid(0, 0); /* Ctrl-C is for the attack, which ends us */
			if (getppid() == parent)
				crew_main(&crew);
			_exit(1);
		}
		junk->processes[junk->process_count++] = pid;
	}
	return 0;
}

void junk_start(struct junk *junk)
{
	junk->board->phase = PHASE_RUN;
}

void junk_stop(struct junk *junk)
{
	junk->board->phase = PHASE_STOP;
	for (int i = 0; i < 1000 && junk_open_now(junk) > 0; i++)
		usleep(STEP_MS * 1000);
}

void junk_close(struct junk *junk)
{
	if (!junk->board)
		return;
	junk->board->phase = PHASE_END;
	for (unsigned i = 0; i < junk->process_count; i++) {
		kill(junk->processes[i], SIGKILL);
		waitpid(junk->processes[i], NULL, 0);
	}
	munmap(junk->board, sizeof(*junk->board));
	junk->board = NULL;
}

int64_t junk_open_now(const struct junk *junk)
{
	int64_t open = 0;

	for (int kind = 0; kind < JUNK_KINDS; kind++)
		open += junk->board->counts[kind].open;
	return open;
}
