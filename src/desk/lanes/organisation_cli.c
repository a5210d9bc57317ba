/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar authority …` and `lontar flagger …`: the same commands about two roles. A command is one
 * row, and so is an option. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "desk/cli.h"
#include "desk/cases/files.h"
#include "desk/lanes/organisations.h"
#include "desk/lanes/public_key.h"
#include "store/square_desk_competences.h"
#include "store/square_desk_keys.h"

struct asked {
	enum role role;
	const char *role_name, *data;
	struct organisation_words words;
	int64_t id; /* of show, edit, end */
	bool new_token, new_code;
};

struct run {
	const struct asked *asked;
	struct db *db;
	struct arena arena;
	struct sop *sop;
	int64_t now_s, id;
	char token[TOKEN_TEXT_SIZE];
	char *code;
	int64_t key_ids[ORGANISATION_WORDS_MAX];
};

/* ---- Commands ---- */

static int make_code(struct run *r, struct err *err)
{
	return !r->asked->new_code ? 0
				   : organisation_code(r->db, &r->arena, r->asked->role, r->id,
					     r->now_s, &r->code, err);
}

static int run_add(struct run *r, struct err *err)
{
	if (organisation_add(r->db, &r->arena, r->sop, r->asked->role, &r->asked->words, r->now_s,
		    r->token, &r->id, r->key_ids, err) < 0)
		return -1;
	return make_code(r, err);
}

static int run_edit(struct run *r, struct err *err)
{
	const struct asked *asked = r->asked;

	if (organisation_edit(r->db, &r->arena, r->sop, asked->role, asked->id, &asked->words,
		    r->now_s, r->key_ids, err) < 0)
		return -1;
	r->id = asked->id;
	if (asked->new_token && organisation_token(r->db, &r->arena, asked->role, r->id, r->now_s,
					r->token, err) < 0)
		return -1;
	return make_code(r, err);
}

static int run_end(struct run *r, struct err *err)
{
	return organisation_end(r->db, &r->arena, r->asked->role, r->asked->id, r->now_s, err);
}

static const char *competence_text(struct run *r, int64_t id)
{
	struct query q = desk_competence_list(r->db, id);
	const char *text = NULL;

	while (query_next(&q)) {
		const char *name = arena_str(&r->arena, query_bytes(&q, &r->arena, 0));

		text = text ? arena_printf(&r->arena, "%s,%s", text, name) : name;
	}
	query_end(&q);
	return text ? text : "any";
}

static int run_list(struct run *r, struct err *err)
{
	struct desk_grant g = {.id = 0};

	(void)err;
	printf("id\tname\tcountry\tlanguages\tcompetence\tsince\n");
	while (desk_grant_next(r->db, &r->arena, g.id, &g)) {
		struct desk_grant in_force;

		if (!organisation_get(r->db, &r->arena, r->asked->role, g.id, &in_force))
			continue;
		printf("%lld\t%s\t%s\t%s\t%s\t%s\n", (long long)g.id, arena_str(&r->arena, g.name),
			arena_str(&r->arena, g.country), arena_str(&r->arena, g.langs),
			competence_text(r, g.id), text_rfc3339(&r->arena, g.created_at));
	}
	return 0;
}

static void show_contacts(struct run *r, int64_t id)
{
	struct desk_officer officer = {.id = 0};
	struct bytes address = BYTES_LITERAL("");
	int64_t chat = INT64_MIN;

	while (desk_officer_next(r->db, &r->arena, id, officer.id, &officer)) {
		printf("officer %lld\t%s", (long long)officer.id,
			arena_str(&r->arena, officer.name));
		if (officer.username.size > 0)
			printf("\t@%s", arena_str(&r->arena, officer.username));
		if (officer.user_id)
			printf("\taccount %lld", (long long)officer.user_id);
		putchar('\n');
	}
	while (desk_address_next(r->db, &r->arena, id, address, &address))
		printf("mail\t%s\n", arena_str(&r->arena, address));
	while (desk_chat_next(r->db, id, chat, &chat))
		printf("chat\t%lld\n", (long long)chat);
}

static void show_keys(struct run *r, int64_t id)
{
	struct desk_key key = {.id = 0};

	while (desk_key_next(r->db, &r->arena, key.id, &key)) {
		if (key.grant_id != id)
			continue;
		printf("key-%lld\t%s\tsince %s%s%s\n", (long long)key.id,
			text_base64(&r->arena, key.public_key),
			text_rfc3339(&r->arena, key.created_at), key.ends_at ? "\tended " : "",
			key.ends_at ? text_rfc3339(&r->arena, key.ends_at) : "");
	}
}

static int run_show(struct run *r, struct err *err)
{
	struct desk_grant g;

	if (!organisation_get(r->db, &r->arena, r->asked->role, r->asked->id, &g))
		return err_set(err, 0, "there is no %s %lld in force; see lontar %s list",
			r->asked->role_name, (long long)r->asked->id, r->asked->role_name);
	printf("%s %lld\t%s\ncountry\t%s\nlanguages\t%s\ncompetence\t%s\nsince\t%s\n",
		r->asked->role_name, (long long)g.id, arena_str(&r->arena, g.name),
		arena_str(&r->arena, g.country), arena_str(&r->arena, g.langs),
		competence_text(r, g.id), text_rfc3339(&r->arena, g.created_at));
	show_contacts(r, g.id);
	show_keys(r, g.id);
	return 0;
}

#define EXAMPLE(command) "\nExample: lontar %1$s " command "\n"
#define GIVEN_HELP                                                                                 \
	"  --name NAME          who it is: leads see it; nothing published names it\n"             \
	"  --country ID         ISO 3166-1: what an authority orders holds for this country\n"     \
	"  --lang id,en         the language that the desk writes to it in; the first counts\n"    \
	"  --competence A,B     categories of the SOP that its notices may be about; any: all\n"   \
	"  --officer NAME=@WHO  somebody who writes for it in its liaison chat, by public name\n"  \
	"                       or NAME=NUMBER of the account; may be given several times\n"       \
	"  --mail ADDRESS       exactly this address sends its notices; several times\n"           \
	"  --key FILE           Ed25519 public key (PEM or base64) that it signs requests with;\n" \
	"                       several times. Prints the key's name, which is their keyid\n"      \
	"  --liaison-code       prints what an officer sends, within 48 hours and once, to a\n"    \
	"                       private group with the service bot: that is its liaison chat\n"

static const struct organisation_command {
	const char *name;
	int (*run)(struct run *r, struct err *err);
	bool numbered;
	const char *help; /* %1$s is the role */
} commands[] = {
	{"add", run_add, false,
		"lontar %1$s add --data DIR --name NAME …\n\n"
		"Adds one and prints its token, once; only a hash of it is kept.\n" GIVEN_HELP
			EXAMPLE("add --data ./data --name \"Ministry\" --country ID --competence "
				"terrorism --officer \"Siti=@siti_r\" --mail desk@ministry.example "
				"--liaison-code")},
	{"list", run_list, false,
		"lontar %1$s list --data DIR\n\nLists those in force.\n" EXAMPLE(
			"list --data ./data")},
	{"show", run_show, true,
		"lontar %1$s show --data DIR NUMBER\n\n"
		"Shows one with its officers, addresses, chats and keys.\n" EXAMPLE(
			"show --data ./data 1")},
	{"edit", run_edit, true,
		"lontar %1$s edit --data DIR NUMBER …\n\n"
		"Changes what is given, at once.\n" GIVEN_HELP
		"  --new-token          prints a new token; the one before is refused\n"
		"  --end-officer N, --end-mail ADDRESS, --end-key key-N, --end-chat NUMBER\n"
		"                       takes these away; show names them\n" EXAMPLE(
			"edit --data ./data 1 --key ministry.pem --end-key key-3")},
	{"end", run_end, true,
		"lontar %1$s end --data DIR NUMBER\n\n"
		"Ends it: token, keys, addresses and chats are refused from now on. What it "
		"sent stays.\n" EXAMPLE("end --data ./data 1")},
};

static void print_help(FILE *out, const char *text, const char *role)
{
	const char *at;

	while ((at = strstr(text, "%1$s"))) {
		fprintf(out, "%.*s%s", (int)(at - text), text, role);
		text = at + 4;
	}
	fputs(text, out);
}

/* ---- Options ---- */

enum given {
	NAME = 1,
	COUNTRY,
	LANG,
	COMPETENCE,
	OFFICER,
	MAIL,
	KEY,
	CODE,
	TOKEN,
	END_OFFICER,
	END_MAIL,
	END_KEY,
	END_CHAT,
	DATA,
	HELP
};

static const struct option options[] = {{"name", required_argument, NULL, NAME},
	{"country", required_argument, NULL, COUNTRY}, {"lang", required_argument, NULL, LANG},
	{"competence", required_argument, NULL, COMPETENCE},
	{"officer", required_argument, NULL, OFFICER}, {"mail", required_argument, NULL, MAIL},
	{"key", required_argument, NULL, KEY}, {"liaison-code", no_argument, NULL, CODE},
	{"new-token", no_argument, NULL, TOKEN},
	{"end-officer", required_argument, NULL, END_OFFICER},
	{"end-mail", required_argument, NULL, END_MAIL},
	{"end-key", required_argument, NULL, END_KEY},
	{"end-chat", required_argument, NULL, END_CHAT}, {"data", required_argument, NULL, DATA},
	{"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0}};

static bool take(struct asked *out, int option)
{
	struct organisation_words *w = &out->words;
	struct bytes *word = option == NAME	    ? &w->name
			     : option == COUNTRY    ? &w->country
			     : option == LANG	    ? &w->langs
			     : option == COMPETENCE ? &w->competence
						    : NULL;
	struct word_list *list = option == OFFICER	 ? &w->officers
				 : option == MAIL	 ? &w->addresses
				 : option == KEY	 ? &w->keys
				 : option == END_OFFICER ? &w->end_officers
				 : option == END_MAIL	 ? &w->end_addresses
				 : option == END_KEY	 ? &w->end_keys
				 : option == END_CHAT	 ? &w->end_chats
							 : NULL;

	if (word)
		*word = bytes_from_str(optarg);
	else if (list && list->count < ORGANISATION_WORDS_MAX)
		list->items[list->count++] = bytes_from_str(optarg);
	else if (option == CODE)
		out->new_code = true;
	else if (option == TOKEN)
		out->new_token = true;
	else if (option == DATA)
		out->data = optarg;
	else
		return false;
	return true;
}

static int64_t number_of(const char *text)
{
	char *end = NULL;
	long long value = text ? strtoll(text, &end, 10) : 0;

	return !text || end == text || *end || value <= 0 ? 0 : value;
}

/* 0; 1: help was asked for; -1: wrong usage. */
static int read_arguments(
	const struct organisation_command *command, int argc, char **argv, struct asked *out)
{
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take(out, option))
			return option == HELP ? 1 : -1;
	if (!out->data || argc - optind != (command->numbered ? 1 : 0))
		return -1;
	out->id = command->numbered ? number_of(argv[optind]) : 0;
	return command->numbered && !out->id ? -1 : 0;
}

/* ---- Running ---- */

/* Files of keys become their text. */
static int read_keys(struct run *r, struct organisation_words *words, struct err *err)
{
	for (int i = 0; i < words->keys.count; i++) {
		struct bytes *item = &words->keys.items[i];
		struct buf text;
		int rc;

		buf_init(&text, PUBLIC_KEY_TEXT_MAX);
		rc = file_read((const char *)item->data, &text, err);
		*item = arena_bytes(&r->arena, buf_bytes(&text));
		buf_release(&text);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int read_sop(struct run *r, struct err *err)
{
	struct buf text;
	int rc;

	r->sop = calloc(1, sizeof(*r->sop)); /* larger than a stack should carry */
	if (!r->sop)
		return err_set(err, 0, "no memory");
	buf_init(&text, SOP_FILE_MAX);
	rc = sop_file(arena_printf(&r->arena, "%s/desk/sop.ini", r->asked->data), &text, err);
	if (rc == 0)
		rc = sop_parse((const char *)buf_data(&text), r->sop, err);
	buf_release(&text);
	return rc;
}

/* The token first, alone on its line: scripts read it from there. */
static void print_made(struct run *r)
{
	if (r->token[0]) {
		printf("%s\n", r->token);
		fprintf(stderr, "%s %lld: keep the token, it is not shown again\n",
			r->asked->role_name, (long long)r->id);
	}
	for (int i = 0; i < r->asked->words.keys.count; i++)
		printf("key-%lld\n", (long long)r->key_ids[i]);
	if (r->code) {
		printf("/bind %s\n", r->code);
		fprintf(stderr,
			"for an officer of %s %lld to send to a private group with the "
			"service bot, once, within %d hours\n",
			r->asked->role_name, (long long)r->id, ORGANISATION_CODE_HOURS);
	}
}

static int run_command(const struct organisation_command *command, struct asked *asked)
{
	struct run r = {.asked = asked, .now_s = clock_unix_s(&clock_system)};
	struct err err = {0};
	int rc;

	arena_init(&r.arena);
	rc = desk_cli_open(asked->data, &r.db, &err);
	if (rc == 0)
		rc = read_sop(&r, &err);
	if (rc == 0)
		rc = read_keys(&r, &asked->words, &err);
	if (rc == 0) {
		db_begin(r.db);
		rc = command->run(&r, &err);
		if (rc < 0)
			db_rollback(r.db);
		else if (db_commit(r.db) < 0)
			rc = err_set(&err, 0, "the database could not be written");
	}
	if (rc == 0)
		print_made(&r);
	else
		fprintf(stderr, "lontar %s %s: %s\n", asked->role_name, command->name, err.text);
	bytes_wipe(r.token, sizeof(r.token));
	arena_release(&r.arena);
	db_close(r.db);
	free(r.sop);
	return rc < 0 ? 1 : 0;
}

static int organisation_cli(enum role role, const char *role_name, int argc, char **argv)
{
	bool help = argc > 1 && strcmp(argv[1], "--help") == 0;

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++) {
		struct asked asked = {.role = role, .role_name = role_name};
		int how;

		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		how = read_arguments(&commands[i], argc - 1, argv + 1, &asked);
		if (how == 0)
			return run_command(&commands[i], &asked);
		print_help(how > 0 ? stdout : stderr, commands[i].help, role_name);
		return how > 0 ? 0 : 2;
	}
	print_help(help ? stdout : stderr,
		"lontar %1$s COMMAND --data DIR …\n\nWho sends notices as %1$s: its country, "
		"competence, officers, addresses, keys and\nliaison chat.\n\n  add, list, show, "
		"edit, end; each says more with --help.\n" EXAMPLE("list --data ./data"),
		role_name);
	return help ? 0 : 2;
}

int authority_cli(int argc, char **argv)
{
	return organisation_cli(ROLE_AUTHORITY, "authority", argc, argv);
}

int flagger_cli(int argc, char **argv)
{
	return organisation_cli(ROLE_FLAGGER, "flagger", argc, argv);
}
