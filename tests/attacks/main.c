/* SPDX-License-Identifier: Apache-2.0 */
/* lontar-attack: one attack of the table, or all of them one after the other, each on a server of
 * its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attacks/attack.h"

static const struct attack attacks[] = {
	{"junk", "thousands of connections of every bad kind beside clients that work",
		attack_junk},
	{"slow", "one byte at a time in every stage of a connection", attack_slow},
	{"handshakes", "the costly step of a handshake, far beyond what the machine can do",
		attack_handshakes},
	{"flood", "more connections than the server takes, or has descriptors for", attack_flood},
	{"victim", "garbage under the auth_key_ids of those who talk", attack_victim},
	{"limits", "the documented maxima and what lies beyond them, on every transport",
		attack_limits},
	{"deaf", "sessions that stop reading while much is written to them", attack_deaf},
	{"bombs", "gzip bombs, nestings and false counts", attack_bombs},
};

static int print_help(void)
{
	printf("Usage: lontar-attack ATTACK|all [OPTIONS]\n\nAttacks a server of its own on this "
	       "machine and checks that clients notice nothing.\n\n");
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++)
		printf("  %-12s %s\n", attacks[i].name, attacks[i].summary);
	printf("\nOptions:\n"
	       "  --full         the whole size instead of that of every test run\n"
	       "  --sessions N   clients that work\n"
	       "  --junk N       connections of the attack\n"
	       "  --seconds N    how long\n"
	       "  --serve FILE   the lontar to start (the one beside me)\n"
	       "  --scratch DIR  where its temporary data lies ($TMPDIR or /tmp)\n"
	       "\nExample: lontar-attack junk --full --seconds 60\n");
	return 0;
}

static int64_t number(const char *text)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	return *text && !*end && value > 0 && value <= 100000 ? value : -1;
}

/* False: the command line is wrong. */
static bool parse(int argc, char **argv, struct attack_options *options)
{
	for (int i = 0; i < argc; i++) {
		const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
		int64_t *into = NULL;

		if (strcmp(name, "--full") == 0) {
			options->full = true;
			continue;
		}
		i++;
		if (strcmp(name, "--serve") == 0)
			options->bench.serve = value;
		else if (strcmp(name, "--scratch") == 0)
			options->bench.scratch = value;
		else if (strcmp(name, "--sessions") == 0)
			into = &options->sessions;
		else if (strcmp(name, "--junk") == 0)
			into = &options->junk;
		else if (strcmp(name, "--seconds") == 0)
			into = &options->seconds;
		else
			return false;
		if (into)
			*into = number(value);
		if (into && *into < 0)
			return false;
	}
	return true;
}

static void run(const struct attack *attack, const struct attack_options *options)
{
	struct err err = {0};

	note("%s: %s", attack->name, attack->summary);
	if (attack->run(options, &err) < 0)
		check(false, "%s could be carried out: %s", attack->name, err.text);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";
	struct attack_options options = {0};
	bool known = strcmp(name, "all") == 0;

	if (strcmp(name, "--help") == 0)
		return print_help();
	if (!parse(argc - 2, argv + 2, &options)) {
		fprintf(stderr, "lontar-attack: unknown or incomplete option; see --help\n");
		return 2;
	}
	bench_prepare();
	for (size_t i = 0; i < ARRAY_LEN(attacks) && !bench_interrupted; i++) {
		if (strcmp(name, "all") != 0 && strcmp(name, attacks[i].name) != 0)
			continue;
		known = true;
		run(&attacks[i], &options);
	}
	if (!known)
		fprintf(stderr, "There is no attack '%s'; see --help.\n", name);
	return !known ? 2 : checks_failed() > 0;
}
