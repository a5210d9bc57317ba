/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar ledger …` */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>

#include "desk/cli.h"
#include "desk/ledger/ledger.h"
#include "desk/ledger/ledger_fetch.h"
#include "desk/ledger/ledger_receipt.h"
#include "desk/ledger/ledger_verify.h"

static const char verify_help[] =
	"lontar ledger verify [--key KEY] DIR|URL\n\n"
	"Checks the public record of orders: recomputes every hash from the entries, compares "
	"every\n"
	"tile and the root, and checks the signature. Names every file that was altered.\n"
	"  DIR|URL  a folder that holds `checkpoint` (a data directory's desk/ledger), or an "
	"address\n"
	"  --key    the verifier key, from `lontar ledger key` or the page /square/; without it "
	"the\n"
	"           key that lies with the ledger is taken, which proves less\n\n"
	"Example: lontar ledger verify ./data/desk/ledger\n"
	"Example: lontar ledger verify http://127.0.0.1:8444/square/ledger\n";

static const char key_help[] =
	"lontar ledger key --data DIR\n\n"
	"Prints the key by which anybody can verify this installation's ledger.\n\n"
	"Example: lontar ledger key --data ./data\n";

/* The key that lies beside the checkpoint: it shows that the ledger is consistent, not whose it is.
 */
static int key_of_source(const char *source, struct checkpoint_verifier *verifier, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, 4096);
	rc = ledger_fetch(source, "verifier", &text, err);
	if (rc == 0)
		rc = checkpoint_verifier_parse(buf_bytes(&text), verifier, err);
	if (rc == 0)
		printf("key  %.*s (from the ledger itself: compare it with one that you trust)\n",
			(int)buf_size(&text) - 1, (const char *)buf_data(&text));
	buf_release(&text);
	return rc;
}

/* A data directory, or its desk folder, may be named for short. */
static int find_source(const char *given, char out[PATH_MAX])
{
	static const char *const under[] = {"", "/ledger", "/desk/ledger"};
	struct buf file;
	int found = -1;

	if (ledger_source_is_url(given))
		return snprintf(out, PATH_MAX, "%s", given) < PATH_MAX ? 0 : -1;
	buf_init(&file, LEDGER_CHECKPOINT_MAX);
	for (size_t i = 0; found < 0 && i < ARRAY_LEN(under); i++) {
		if (snprintf(out, PATH_MAX, "%s%s", given, under[i]) < PATH_MAX)
			found = ledger_fetch(out, "checkpoint", &file, NULL);
	}
	buf_release(&file);
	if (found < 0)
		snprintf(out, PATH_MAX, "%s", given);
	return 0;
}

static int verify(int argc, char **argv)
{
	static const struct option names[] = {{"key", required_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct checkpoint_verifier verifier;
	const char *key = NULL;
	char source[PATH_MAX];
	struct err err = {0};
	int option, rc;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option != 'k') {
			fputs(verify_help, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
		key = optarg;
	}
	if (optind + 1 != argc || find_source(argv[optind], source) < 0) {
		fputs(verify_help, stderr);
		return 2;
	}
	rc = key ? checkpoint_verifier_parse(bytes_from_str(key), &verifier, &err)
		 : key_of_source(source, &verifier, &err);
	if (rc < 0)
		fprintf(stderr, "lontar ledger verify: %s\n", err.text);
	else
		rc = ledger_verify(source, &verifier, stdout);
	ledger_fetch_end();
	return rc == 0 ? 0 : 1;
}

static int print_key(int argc, char **argv)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	const char *data = NULL;
	struct err err = {0};
	struct arena arena;
	char *folder, *text;
	int option, rc;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option != 'd') {
			fputs(key_help, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
		data = optarg;
	}
	if (!data) {
		fputs(key_help, stderr);
		return 2;
	}
	arena_init(&arena);
	folder = arena_printf(&arena, "%s/desk", data);
	rc = ledger_verifier_text(folder, &arena, &text, &err);
	if (rc == 0)
		puts(text);
	else
		fprintf(stderr, "lontar ledger key: %s\n", err.text);
	arena_release(&arena);
	return rc == 0 ? 0 : 1;
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{"verify", verify, verify_help},
	{"key", print_key, key_help},
	{"proof", ledger_receipt_make, ledger_receipt_make_help},
	{"check", ledger_receipt_check, ledger_receipt_check_help},
};

int ledger_cli(int argc, char **argv)
{
	bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(asked ? stdout : stderr, "%s%s", i ? "\n" : "", commands[i].help);
	return asked ? 0 : 2;
}
