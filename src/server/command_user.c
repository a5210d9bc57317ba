/* SPDX-License-Identifier: Apache-2.0 */
/* lontar user: accounts without a telephone, bots, and what little an operator may do with
 * accounts. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "core/accounts/account_hand_out.h"
#include "core/bots/bots.h"
#include "server/command_call.h"
#include "server/commands.h"
#include "store/home_affairs.h"
#include "store/home_users.h"

#define LIST_PAGE 500
#define SUBJECT_WORDS_MAX 16 /* of a number that was typed with spaces */

static const char usage[] =
	"Usage: lontar user add [--data DIR] [--name NAME]\n"
	"       lontar user code [--data DIR] NUMBER\n"
	"       lontar user bot [--data DIR] [--name NAME] [--new-token | --revoke] USERNAME\n"
	"       lontar user list [--data DIR]\n"
	"       lontar user remove [--data DIR] ID\n"
	"\n"
	"Accounts of the installation in DIR (./data). It may be running.\n"
	"\n"
	"  add     makes an account with a number that no telephone has (+888 …), and prints the "
	"number and\n"
	"          the code for its first login. Whoever gets them types both into any client, and "
	"should\n"
	"          then set a password (two-step verification)\n"
	"  code    another code: before the first login, or for an account with a password, which "
	"is asked\n"
	"          for after the code. For others only their own devices let somebody in\n"
	"  bot     makes a bot's account with this public name, which ends in \"bot\", and prints "
	"its token.\n"
	"          The token is kept nowhere and is all that logs the bot in. --new-token makes "
	"another for a\n"
	"          bot that there is, --revoke leaves it without one; either way what was logged "
	"in "
	"by the\n"
	"          old one is logged out, within a minute of running\n"
	"  list    ids, and since when; numbers, names and whatever else is personal stay sealed\n"
	"  remove  deletes an account, within a minute of running. It can't be undone\n"
	"\n"
	"Examples: lontar user add --data ./data --name Ayu\n"
	"          lontar user bot --data ./data --name Weather weather_bot\n";

struct user_args {
	const char *data, *name;
	bool new_token, revoke;
	int subject_words;
	char subject[64]; /* number, id or public name */
};

static int run_add(struct command_call *c, const struct user_args *args, struct err *err)
{
	const char *name = args->name ? args->name : "Newcomer";
	struct code_phone phone;
	struct bytes code;

	if (account_add(&c->call, bytes_from_str(name), &phone, &code) < 0)
		return err_set(err, 0, "a name has 1 to 64 characters");
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("number +%.*s\ncode %.*s\n", (int)phone.digits.size, (const char *)phone.digits.data,
		(int)code.size, (const char *)code.data);
	printf("The code works once, until %s.\n",
		command_date(c, c->call.now_s + CODE_STANDING_LIFE_S));
	return 0;
}

static int run_code(struct command_call *c, const struct user_args *args, struct err *err)
{
	struct code_phone phone;
	struct bytes code;

	if (code_phone_take(&c->call, bytes_from_str(args->subject), &phone) < 0)
		return err_set(err, 0, "this is no phone number");
	switch (account_code(&c->call, &phone, &code)) {
	case HAND_OUT_NOBODY:
		return err_set(err, 0, "no account has this number");
	case HAND_OUT_NO_PASSWORD:
		return err_set(err, 0,
			"this account is in use and has no password: only a device that is logged "
			"in can let another in");
	case HAND_OUT_DONE:
		break;
	}
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("code %.*s\nIt works once, until %s.\n", (int)code.size, (const char *)code.data,
		command_date(c, c->call.now_s + CODE_STANDING_LIFE_S));
	return 0;
}

/* ---- Bots ---- */

static void print_token(char token[BOT_TOKEN_SIZE])
{
	printf("token %s\nIt is not shown again.\n", token);
	bytes_wipe(token, BOT_TOKEN_SIZE);
}

static int make_bot(
	struct command_call *c, struct bytes name, const struct user_args *args, struct err *err)
{
	char token[BOT_TOKEN_SIZE] = "";
	int64_t id;

	if (bot_add(&c->call, name, args->name ? bytes_from_str(args->name) : name, &id, token) <
		0) {
		if (strcmp(c->call.fault.text, "USERNAME_OCCUPIED") == 0)
			return err_set(err, 0, "this name is not free");
		if (strcmp(c->call.fault.text, "USERNAME_INVALID") == 0)
			return err_set(err, 0,
				"a bot's public name has 5 to 32 letters, digits and underscores, "
				"and ends in \"bot\"");
		return err_set(err, 0, "a name has 1 to 64 characters");
	}
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("id %lld\n", (long long)id);
	print_token(token);
	return 0;
}

static int run_bot(struct command_call *c, const struct user_args *args, struct err *err)
{
	struct bytes name = bytes_from_str(args->subject + (args->subject[0] == '@'));
	char token[BOT_TOKEN_SIZE] = "";
	int64_t bot;

	if (args->new_token + args->revoke + (args->name != NULL) > 1)
		return err_set(err, 0, "give one of --name, --new-token and --revoke");
	if (!args->new_token && !args->revoke)
		return make_bot(c, name, args, err);
	bot = bot_by_name(&c->call, name);
	if (!bot)
		return err_set(err, 0, "no bot has this name");
	if (args->revoke)
		bot_revoke_token(&c->call, bot);
	else
		bot_renew_token(&c->call, bot, token);
	if (command_call_commit(c, err) < 0)
		return -1;
	if (args->revoke)
		printf("It has no token any more.\n");
	else
		print_token(token);
	return 0;
}

static int run_list(struct command_call *c, const struct user_args *args, struct err *err)
{
	struct home_unseen *rows = arena_array(&c->arena, LIST_PAGE, sizeof(*rows));
	int64_t after = HOME_INSTALLATION, total = 0;
	size_t count;

	do {
		count = home_unseen_after(call_home(&c->call), after, rows, LIST_PAGE);
		for (size_t i = 0; i < count; i++) {
			printf("%lld  since %s  %s\n", (long long)rows[i].owner,
				command_date(c, rows[i].created_at_s),
				rows[i].key_active_at_s ? "logged in" : "logged in nowhere");
			after = rows[i].owner;
		}
		total += (int64_t)count;
	} while (count == LIST_PAGE);
	printf("%lld account%s\n", (long long)total, total == 1 ? "" : "s");
	return 0;
}

static int run_remove(struct command_call *c, const struct user_args *args, struct err *err)
{
	int64_t id;

	if (command_number(args->subject, 1, INT64_MAX, &id) < 0 ||
		!home_user_exists(call_home(&c->call), id))
		return err_set(err, 0, "there is no account with this id");
	home_affairs_set_delete_at(call_home(&c->call), id, c->call.now_s);
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("It ends within a minute of running.\n");
	return 0;
}

static const struct {
	const char *name;
	int subject_words; /* at most so many, and one at least; 0: it takes none */
	int (*run)(struct command_call *c, const struct user_args *args, struct err *err);
} rows[] = {
	{"add", 0, run_add},
	{"code", SUBJECT_WORDS_MAX, run_code},
	{"bot", 1, run_bot},
	{"list", 0, run_list},
	{"remove", 1, run_remove},
};

static bool options_fit(size_t row, const struct user_args *args)
{
	bool is_bot = rows[row].run == run_bot;

	return (!args->name || is_bot || rows[row].run == run_add) &&
	       ((!args->new_token && !args->revoke) || is_bot);
}

static int parse_args(int argc, char **argv, struct user_args *args)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"name", required_argument, NULL, 'n'}, {"new-token", no_argument, NULL, 't'},
		{"revoke", no_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			args->data = optarg;
		else if (c == 'n')
			args->name = optarg;
		else if (c == 't')
			args->new_token = true;
		else if (c == 'r')
			args->revoke = true;
		else
			return c == 'h' ? 1 : -1;
	}
	args->subject_words = argc - optind;
	return command_join(args->subject, sizeof(args->subject), argv + optind);
}

static int run(size_t row, const struct user_args *args)
{
	static struct command_call c;
	struct err err = {0};
	int rc = command_call_open(&c, args->data, &err);

	if (rc == 0)
		rc = rows[row].run(&c, args, &err);
	command_call_close(&c);
	if (rc < 0)
		fprintf(stderr, "lontar user: %s\n", err.text);
	return rc < 0;
}

int command_user(int argc, char **argv)
{
	struct user_args args = {.data = "./data"};
	int rc = argc < 2 ? -1 : parse_args(argc - 1, argv + 1, &args);

	if (rc > 0 || (argc == 2 && strcmp(argv[1], "--help") == 0)) {
		fputs(usage, stdout);
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(rows); i++) {
		if (strcmp(argv[1], rows[i].name) == 0 &&
			args.subject_words <= rows[i].subject_words &&
			(rows[i].subject_words == 0) == (args.subject_words == 0) &&
			options_fit(i, &args))
			return run(i, &args);
	}
	fputs(usage, stderr);
	return 2;
}
