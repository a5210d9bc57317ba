/* SPDX-License-Identifier: Apache-2.0 */
/* The `lontar-mail` program: one request on standard input, one answer on standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/frame.h"
#include "cage/starter.h"
#include "mail/client.h"
#include "mail/inspect.h"
#include "mail/walls.h"

static const char help[] =
	"lontar-mail\n"
	"lontar-mail --starter-fd N\n\n"
	"Reads one mail from standard input and writes what it says to standard output, in the "
	"form\n"
	"that src/mail/protocol.h describes. lontar-desk starts it; it can reach neither files nor "
	"the\n"
	"network. With --starter-fd it starts others like itself for the desk, one for each "
	"mail.\n\n"
	"Example: lontar-desk --data ./data …, with DIR/desk/mail.ini (docs/operating.md)\n";

static int answer_one(struct err *err)
{
	struct frame_reader in = {0};
	struct buf request, answer;
	struct mail_server server;
	struct arena arena;
	struct mail mail;
	int rc;

	arena_init(&arena);
	buf_init(&request, MAIL_REQUEST_MAX);
	buf_init(&answer, MAIL_ANSWER_MAX);
	rc = frame_receive(STDIN_FILENO, &request, err);
	in.rest = buf_bytes(&request);
	server.authserv_id = frame_string(&in);
	server.received = frame_u8(&in);
	if (rc > 0 && !in.failed && in.rest.size > 0) {
		mail_inspect(in.rest, &server, &arena, &mail);
		mail_answer_append(&answer, &mail);
		rc = answer.failed ? err_set(err, 0, "the answer is too long")
				   : frame_send(STDOUT_FILENO, buf_bytes(&answer), err);
	} else if (rc > 0) {
		rc = err_set(err, 0, "there is no request");
	}
	buf_release(&answer);
	buf_release(&request);
	arena_release(&arena);
	return rc;
}

int main(int argc, char **argv)
{
	const struct starter_program programs[] = {{MAIL_PROGRAM, NULL}};
	struct err err = {0};
	int rc;

	if (argc == 3 && strcmp(argv[1], "--starter-fd") == 0 && *argv[2] >= '0' && *argv[2] <= '9')
		starter_serve((int)strtol(argv[2], NULL, 10), NULL, programs, ARRAY_LEN(programs));
	if (argc > 1) {
		bool wants_help = strcmp(argv[1], "--help") == 0;

		fputs(help, wants_help ? stdout : stderr);
		return wants_help ? 0 : 2;
	}
	rc = mail_walls_enter(&err);
	if (rc == 0)
		rc = answer_one(&err);
	if (rc < 0)
		log_error("mail_failed", "%s", err.text);
	/* The cage lets nothing through that runs at an orderly exit. */
	_exit(rc < 0 ? 1 : 0);
}
