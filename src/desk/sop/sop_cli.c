/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar sop …` */
#include <stdio.h>
#include <string.h>

#include "desk/cli.h"
#include "desk/embedded.h"
#include "desk/sop/sop.h"

static const char help[] =
	"lontar sop check FILE\n\n"
	"Reads a standard operating procedure, as DIR/desk/sop.ini, and says what is wrong in it,\n"
	"with the numbers of the lines. The desk does not start with a wrong one. Also says which\n"
	"categories this version ships that the file lacks.\n\n"
	"lontar sop default\n\n"
	"Prints the one that is shipped, with an explanation of every setting.\n\n"
	"Example: lontar sop check ./data/desk/sop.ini\n";

static void print_summary(const char *path, const struct sop *sop)
{
	static struct sop shipped; /* too large for a stack */
	const char *names[SOP_CATEGORIES_MAX];
	int missing;

	printf("%s is in order: %d categories, %d reasons to pause, %d steps of escalation, %d "
	       "templates.\n",
		path, sop->category_count, sop->pause_count, sop->step_count, sop->template_count);
	if (sop_parse(sop_default_text, &shipped, NULL) < 0)
		return;
	missing = sop_missing(sop, &shipped, names);
	for (int i = 0; i < missing; i++)
		printf("It has no category %s, which this version ships.\n", names[i]);
}

static int check(const char *path)
{
	static struct sop sop;
	struct buf text, problems;
	struct err err = {0};
	int rc;

	buf_init(&text, SOP_FILE_MAX);
	buf_init(&problems, BUF_MAX_DEFAULT);
	rc = sop_file(path, &text, &err);
	if (rc < 0) {
		fprintf(stderr, "lontar sop: %s\n", err.text);
	} else {
		rc = sop_check((const char *)buf_data(&text), &sop, &problems, &err);
		if (rc < 0)
			fprintf(stderr, "%.*s", (int)buf_size(&problems),
				(const char *)buf_data(&problems));
		else
			print_summary(path, &sop);
	}
	buf_release(&text);
	buf_release(&problems);
	return rc < 0 ? 1 : 0;
}

int sop_cli(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(help, stdout);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "check") == 0 && strcmp(argv[2], "--help") != 0)
		return check(argv[2]);
	if (argc == 2 && strcmp(argv[1], "default") == 0) {
		fputs(sop_default_text, stdout);
		return 0;
	}
	fputs(help, argc == 3 && strcmp(argv[2], "--help") == 0 ? stdout : stderr);
	return argc == 3 && strcmp(argv[2], "--help") == 0 ? 0 : 2;
}
