/* SPDX-License-Identifier: Apache-2.0 */
/* lontar invite: who may make an account. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "core/accounts/invitations.h"
#include "server/command_call.h"
#include "server/commands.h"
#include "server/gateway.h"

#define DAY_S 86400

static const char usage[] =
	"Usage: lontar invite [--data DIR] NUMBER [--days N]\n"
	"       lontar invite [--data DIR] --word [--uses N] [--days N]\n"
	"       lontar invite [--data DIR] --list\n"
	"       lontar invite [--data DIR] --revoke NUMBER|WORD|NAME\n"
	"\n"
	"Lets somebody make an account where [login] signup is \"invited\" in DIR/lontar.ini "
	"(./data).\n"
	"\n"
	"With a NUMBER whoever has it may sign up, once. Where no gateway sends codes, a code is "
	"printed\n"
	"that you give to that person: it works once, for a week, while the number has no "
	"account.\n"
	"\n"
	"  --word      makes a word that lets in whoever knows it. A client has no field for it, "
	"so it is\n"
	"              typed as the last name when the client asks for the name, and does not "
	"become part\n"
	"              of it\n"
	"  --uses N    so many accounts by one word (1)\n"
	"  --days N    so long it holds (7)\n"
	"  --list      what holds now; numbers and words are not kept, so each has a short name\n"
	"  --revoke X  takes one back\n"
	"\n"
	"Example: lontar invite --data ./data +62 812 3456 7890\n";

struct invite_args {
	const char *data, *revoke;
	int64_t uses, days;
	bool word, list, help;
	char number[64]; /* may have been typed with spaces */
};

static int parse_args(int argc, char **argv, struct invite_args *args)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'},
		{"word", no_argument, NULL, 'w'}, {"uses", required_argument, NULL, 'u'},
		{"days", required_argument, NULL, 'y'}, {"list", no_argument, NULL, 'l'},
		{"revoke", required_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			args->data = optarg;
		else if (c == 'w')
			args->word = true;
		else if (c == 'l')
			args->list = true;
		else if (c == 'r')
			args->revoke = optarg;
		else if (c == 'h')
			args->help = true;
		else if ((c != 'u' ||
				 command_number(optarg, 1, INVITATION_USES_MAX, &args->uses)) &&
			 (c != 'y' || command_number(optarg, 1, INVITATION_DAYS_MAX, &args->days)))
			return -1;
	}
	if (command_join(args->number, sizeof(args->number), argv + optind) < 0)
		return -1;
	return args->help || args->word + args->list + (args->revoke != NULL) +
					       (args->number[0] != 0) ==
				       1
		       ? 0
		       : -1;
}

static void tell_setting(const struct command_call *c)
{
	if (strcmp(c->in.settings.signup, "invited") != 0)
		printf("It matters once [login] signup is \"invited\" in %s (it is \"%s\").\n",
			c->in.ini, c->in.settings.signup);
}

static int invite_number(struct command_call *c, const struct invite_args *args, struct err *err)
{
	struct code_phone phone;
	struct bytes code = {0};
	int64_t until_s = c->call.now_s + args->days * DAY_S;

	if (code_phone_take(&c->call, bytes_from_str(args->number), &phone) < 0)
		return err_set(err, 0, "this is no phone number with its country code");
	invitation_add_number(&c->call, &phone, args->days * DAY_S);
	if (!gateway_has_phones(&c->in.settings))
		code = code_hand_out(&c->call, &phone, true);
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("%s may sign up until %s.\n", args->number, command_date(c, until_s));
	if (code.size)
		printf("Login code, if it has no account yet: %.*s\n", (int)code.size,
			(const char *)code.data);
	tell_setting(c);
	return 0;
}

static int invite_word(struct command_call *c, const struct invite_args *args, struct err *err)
{
	struct bytes word = invitation_add_word(&c->call, args->uses, args->days * DAY_S);

	if (command_call_commit(c, err) < 0)
		return -1;
	printf("%.*s\n", (int)word.size, (const char *)word.data);
	printf("Whoever types it as the last name may sign up, %lld time%s until %s.\n",
		(long long)args->uses, args->uses == 1 ? "" : "s",
		command_date(c, c->call.now_s + args->days * DAY_S));
	tell_setting(c);
	return 0;
}

static int list(struct command_call *c)
{
	struct home_invitation *rows;
	size_t count = invitations_list(&c->call, &rows);
	char name[INVITATION_NAME_SIZE];

	for (size_t i = 0; i < count; i++) {
		invitation_name(&rows[i], name);
		printf("%s  %-6s  made %s  until %s  %lld left\n", name,
			rows[i].kind == INVITATION_NUMBER ? "number" : "word",
			command_date(c, rows[i].created_at_s),
			command_date(c, rows[i].expires_at_s), (long long)rows[i].uses_left);
	}
	if (count == 0)
		printf("Nobody is invited.\n");
	return 0;
}

static int revoke(struct command_call *c, const char *what, struct err *err)
{
	if (!invitation_revoke(&c->call, bytes_from_str(what)))
		return err_set(err, 0, "there is no such invitation");
	if (command_call_commit(c, err) < 0)
		return -1;
	printf("Taken back.\n");
	return 0;
}

int command_invite(int argc, char **argv)
{
	struct invite_args args = {.data = "./data", .uses = 1, .days = 7};
	static struct command_call c;
	struct err err = {0};
	int rc;

	if (parse_args(argc, argv, &args) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (args.help) {
		fputs(usage, stdout);
		return 0;
	}
	rc = command_call_open(&c, args.data, &err);
	if (rc == 0)
		rc = args.list	   ? list(&c)
		     : args.revoke ? revoke(&c, args.revoke, &err)
		     : args.word   ? invite_word(&c, &args, &err)
				   : invite_number(&c, &args, &err);
	command_call_close(&c);
	if (rc < 0)
		fprintf(stderr, "lontar invite: %s\n", err.text);
	return rc < 0;
}
