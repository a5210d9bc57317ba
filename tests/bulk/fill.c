/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes an installation with many accounts and many private messages, as if they had been sent over
 * three years: the rows are what a send writes, through the same functions, sealed, with their
 * events and chat lists. What a send asks and tells besides is left out, so that millions are made
 * in minutes. Numbers of the accounts are those that the load generator logs in with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/process.h"
#include "bench/words.h"
#include "bulk/fill.h"
#include "base/mem.h"
#include "core/messages/box.h"
#include "core/accounts/login.h"
#include "server/command_call.h"
#include "store/home_affairs.h"

#define SPAN_S ((int64_t)3 * 365 * 86400)
#define BURST 50  /* messages of two people in a row */
#define FRIENDS 6 /* each writes to so many after it in the row, and to so many before it */
/* Messages per commit. Random ids fall all over their indexes: each commit writes most of these. */
#define BATCH_MIN 1000000
#define TEXT_MAX 200

/* The load generator logs in many times a second, from one address. */
static const char settings[] = "[server]\ncalls_per_s = 0\nconnections_max = 20000\n"
			       "[metrics]\nport = 0\n[log]\nlevel = warn\n";

struct fill {
	struct command_call c;
	struct words words;
	int64_t *users;
	uint32_t accounts;
	int64_t messages, done; /* each is a row in two boxes */
	int64_t begin_us, told_us;
};

int fill_make_folder(const char *dir, struct err *err)
{
	struct installation in = {0};
	char path[300];
	FILE *file;

	if (mkdir(dir, 0700) < 0)
		return err_errno(err, "can't make the folder %s", dir);
	snprintf(path, sizeof(path), "%s/lontar.ini", dir);
	file = fopen(path, "wxe");
	if (!file)
		return err_errno(err, "can't write %s", path);
	fputs(settings, file);
	if (fclose(file) != 0)
		return err_errno(err, "can't write %s", path);
	return installation_at(&in, dir, err) < 0 ? -1 : installation_init(&in, err);
}

int fill_commit(struct command_call *c, struct err *err)
{
	effects_reset(c->call.effects);
	arena_reset(&c->arena);
	return command_call_commit(c, err);
}

int fill_account(struct command_call *c, uint32_t number, int64_t *user, struct err *err)
{
	struct code_phone phone;
	char digits[16], name[32];
	struct login_newcomer newcomer = {.last_name = BYTES_LITERAL("")};

	snprintf(digits, sizeof(digits), "999%08u", number);
	snprintf(name, sizeof(name), "Bench %u", number);
	newcomer.first_name = bytes_from_str(name);
	if (code_phone_take(&c->call, bytes_from_str(digits), &phone) < 0 ||
		login_create_account(&c->call, &phone, &newcomer, user) < 0)
		return err_set(err, 0, "account %u: %s", number, c->call.fault.text);
	return 0;
}

/* So that the indexes of random ids stay in memory between commits. */
static void widen_cache(struct call *call)
{
	db_run(call_home(call), "PRAGMA cache_size=-4000000");
}

static int make_accounts(struct fill *fill, struct err *err)
{
	struct call *call = &fill->c.call;
	const int64_t now_s = call->now_s;

	widen_cache(call);
	call->now_s = now_s - SPAN_S;
	for (uint32_t i = 0; i < fill->accounts; i++) {
		if (fill_account(&fill->c, i, &fill->users[i], err) < 0)
			return -1;
		/* Who was not seen for that long would be ended before the load generator comes. */
		home_affairs_set_seen(call_home(call), fill->users[i], now_s);
	}
	call->now_s = now_s;
	return fill_commit(&fill->c, err);
}

static void put(struct fill *fill, struct home_box *from, struct home_box *to, int64_t date_s)
{
	struct call *call = &fill->c.call;
	char text[TEXT_MAX];
	struct message own = {.peer = {PEER_USER, to->owner},
		.from = {PEER_USER, from->owner},
		.out = true,
		.date_s = date_s,
		.text = words_make(
			&fill->words, (uint32_t)(from->owner & 0xffff), (uint32_t)fill->done, text),
		.random_id = (int64_t)(words_draw(&fill->words) | 1)};
	struct message copy = own;
	const int64_t twin = (int64_t)(words_draw(&fill->words) >> 1 | 1);
	struct update update;

	copy.peer = own.from;
	copy.out = false;
	copy.random_id = 0;
	home_box_advance(from, 1, 1);
	home_box_advance(to, 1, 1);
	(void)box_deliver_dated(call, from, &own, twin, &update);
	(void)box_deliver_dated(call, to, &copy, twin, &update);
	fill->done++;
}

/* Two people write to each other for a while. */
static int burst(struct fill *fill, struct err *err)
{
	struct call *call = &fill->c.call;
	uint32_t a = (uint32_t)(words_draw(&fill->words) % fill->accounts);
	uint32_t friends = fill->accounts > FRIENDS ? FRIENDS : fill->accounts - 1;
	uint32_t b = (a + 1 + (uint32_t)(words_draw(&fill->words) % friends)) % fill->accounts;
	const int64_t begin_s = call->now_s - SPAN_S;
	struct home_box one, other;

	if (!box_open(call, fill->users[a], &one) || !box_open(call, fill->users[b], &other))
		return err_set(err, 0, "an account is gone");
	for (int i = 0; i < BURST && fill->done < fill->messages; i++) {
		const int64_t date_s =
			begin_s + (int64_t)((double)fill->done / (double)fill->messages * SPAN_S);
		const bool back = words_draw(&fill->words) & 1;

		put(fill, back ? &other : &one, back ? &one : &other, date_s);
	}
	return 0;
}

static void tell(struct fill *fill)
{
	const int64_t now = now_us();

	if (now - fill->told_us < 5000000 && fill->done < fill->messages)
		return;
	fill->told_us = now;
	fprintf(stderr, "%" PRId64 " of %" PRId64 " messages, %.0f rows/s\n", fill->done,
		fill->messages, 2e6 * (double)fill->done / (double)(now - fill->begin_us));
}

static int make_messages(struct fill *fill, struct err *err)
{
	int64_t kept = 0;

	fill->begin_us = fill->told_us = now_us();
	while (fill->done < fill->messages) {
		if (burst(fill, err) < 0)
			return -1;
		arena_reset(&fill->c.arena);
		tell(fill);
		if (fill->done - kept < BATCH_MIN && fill->done < fill->messages)
			continue;
		kept = fill->done;
		if (fill_commit(&fill->c, err) < 0)
			return -1;
	}
	return 0;
}

static void tell_size(const struct fill *fill)
{
	const double rows = 2 * (double)fill->done;
	struct stat file;

	if (stat(fill->c.in.home_db, &file) == 0)
		printf("%u accounts, %.0f rows of messages, home.db %.1f MiB: %.0f bytes a row\n",
			fill->accounts, rows, (double)file.st_size / 1048576,
			(double)file.st_size / rows);
}

static int run(const char *dir, struct fill *fill, struct err *err)
{
	int result = -1;

	if (fill_make_folder(dir, err) < 0)
		return -1;
	if (command_call_open(&fill->c, dir, err) == 0 && make_accounts(fill, err) == 0 &&
		make_messages(fill, err) == 0)
		result = 0;
	command_call_close(&fill->c);
	if (result == 0)
		tell_size(fill);
	return result;
}

static int make_messages_of_all(const char *dir, int64_t accounts, int64_t rows, struct err *err)
{
	struct fill fill = {
		.accounts = (uint32_t)accounts,
		.messages = accounts * rows / 2,
		.users = mem_zalloc((size_t)accounts, sizeof(*fill.users)),
	};
	int result;

	words_init(&fill.words, 1, TEXT_MAX);
	result = run(dir, &fill, err);
	free(fill.users);
	return result;
}

static const char usage[] =
	"Usage: lontar-fill DIR ACCOUNTS MESSAGES\n"
	"       lontar-fill --subscribers COUNT DIR\n\n"
	"Makes an installation in the new folder DIR: with so many accounts, and so many private\n"
	"messages in the box of each; or with one public channel and so many subscribers.\n"
	"lontar-bench store --data DIR, and fanout --data DIR, measure a server on it.\n";

int main(int argc, char **argv)
{
	struct err err = {0};
	int64_t accounts, rows;
	int result;

	if (argc == 4 && strcmp(argv[1], "--subscribers") == 0 &&
		command_number(argv[2], 0, 100000000, &rows) == 0) {
		result = fill_subscribers(argv[3], rows, &err);
	} else if (argc == 4 && command_number(argv[2], 2, 100000, &accounts) == 0 &&
		   command_number(argv[3], 1, INT32_MAX, &rows) == 0) {
		result = make_messages_of_all(argv[1], accounts, rows, &err);
	} else {
		fputs(usage, stderr);
		return 2;
	}
	if (result < 0)
		fprintf(stderr, "lontar-fill: %s\n", err.text);
	return result < 0;
}
