/* SPDX-License-Identifier: Apache-2.0 */
/* The `lontar-desk` program: builds the wall around itself, then serves. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "desk/cli.h"
#include "desk/mail/mail.h"
#include "desk/sandbox.h"
#include "desk/service.h"
#include "net/listener.h"
#include "net/tls_shared.h"

static const char help[] =
	"lontar-desk --data DIR --port N --messenger-port M [--listen ADDRESS] [--ready-fd FD]\n"
	"            [--fetch INSIDE] [--fetch-fd FD] [--mail-fd FD]\n\n"
	"The moderation desk and the public pages. `lontar serve` starts it; by hand it is for\n"
	"development. It opens DIR/square/square.db and DIR/desk only, and does not start if it\n"
	"can read the home database.\n"
	"  --port            to listen on; 0 lets the system choose\n"
	"  --messenger-port  where the messenger takes orders on loopback; 0: orders wait\n"
	"  --proxy-header    the messenger takes 127.0.0.1 for a load balancer\n"
	"  --listen          numeric address to listen on; default 127.0.0.1\n"
	"  --ready-fd        a line port=N goes to this descriptor when it serves\n"
	"  --tls-fd          the certificate, in a file in memory: TLS is spoken beside HTTP, and\n"
	"                    SIGHUP reads it again\n"
	"  --fetch           starts a lontar-fetch for what goes out: to public addresses, and to\n"
	"                    these of your own network (127.0.0.1:2525,…), or \"\"\n"
	"  --fetch-fd, --mail-fd  what starts lontar-fetch and lontar-mail, as users of their own\n"
	"  --log-level       debug, info (the default), warn or error\n\n"
	"lontar-desk desk …, authority …, flagger …, sop … and ledger … are the same as with "
	"lontar.\n\n"
	"Example: lontar-desk --data ./data --port 8444 --messenger-port 8443\n";

struct arguments {
	const char *data, *listen, *fetch; /* fetch NULL: nothing goes out */
	int port, messenger_port, ready_fd, tls_fd, fetch_fd, mail_fd;
	bool proxy_header;
};

static struct loop *running;
static struct tls *certificate; /* NULL: none */
static int certificate_fd;
static atomic_flag hang_up_posted = ATOMIC_FLAG_INIT;

static void on_stop(int number)
{
	(void)number;
	loop_stop(running);
}

/* In the loop, not in the signal's handler. */
static void read_certificate(struct loop_task *task)
{
	struct err err;

	(void)task;
	atomic_flag_clear(&hang_up_posted);
	if (tls_shared_load(certificate_fd, &certificate, &err) < 0)
		log_error("certificate_kept", "the old certificate stays: %s", err.text);
	else
		log_info("certificate_taken", "new handshakes use it");
}

static void on_hang_up(int number)
{
	static struct loop_task task = {.run = read_certificate};

	(void)number;
	if (!atomic_flag_test_and_set(&hang_up_posted))
		loop_post(running, &task);
}

static int number_of(const char *text, int max)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	return errno || end == text || *end || value < 0 || value > max ? -1 : (int)value;
}

static int read_arguments(int argc, char **argv, struct arguments *out)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"port", required_argument, NULL, 'p'},
		{"messenger-port", required_argument, NULL, 'm'},
		{"listen", required_argument, NULL, 'l'},
		{"ready-fd", required_argument, NULL, 'r'},
		{"proxy-header", no_argument, NULL, 'x'}, {"tls-fd", required_argument, NULL, 't'},
		{"log-level", required_argument, NULL, 'v'},
		{"fetch", required_argument, NULL, 'f'}, {"fetch-fd", required_argument, NULL, 'F'},
		{"mail-fd", required_argument, NULL, 'M'}, {"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}};
	int option;

	*out = (struct arguments){.listen = "127.0.0.1",
		.port = -1,
		.ready_fd = -1,
		.tls_fd = -1,
		.fetch_fd = -1,
		.mail_fd = -1};
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'd')
			out->data = optarg;
		else if (option == 'l')
			out->listen = optarg;
		else if (option == 'p')
			out->port = number_of(optarg, 65535);
		else if (option == 'm')
			out->messenger_port = number_of(optarg, 65535);
		else if (option == 'r')
			out->ready_fd = number_of(optarg, INT_MAX);
		else if (option == 'x')
			out->proxy_header = true;
		else if (option == 'f')
			out->fetch = optarg;
		else if (option == 't')
			out->tls_fd = number_of(optarg, INT_MAX);
		else if (option == 'F')
			out->fetch_fd = number_of(optarg, INT_MAX);
		else if (option == 'M')
			out->mail_fd = number_of(optarg, INT_MAX);
		else if (option != 'v' || !log_set_level_by_name(optarg))
			return option == 'h' ? 1 : -1;
	}
	return out->data && out->port >= 0 && out->messenger_port >= 0 && optind == argc ? 0 : -1;
}

static int build_wall(const struct arguments *args, struct err *err)
{
	char square[PATH_MAX], desk[PATH_MAX];
	struct sandbox sandbox = {.square_folder = square,
		.desk_folder = desk,
		.listen_port = (uint16_t)args->port,
		.messenger_port = (uint16_t)args->messenger_port};
	bool walled;

	if (snprintf(square, sizeof(square), "%s/square", args->data) >= (int)sizeof(square) ||
		snprintf(desk, sizeof(desk), "%s/desk", args->data) >= (int)sizeof(desk))
		return err_set(err, ENAMETOOLONG, "the data directory's path is too long");
	if (sandbox_enter(&sandbox, &walled, err) < 0)
		return -1;
	return sandbox_check_wall(args->data, walled, err);
}

static void say_ready(const struct arguments *args, uint16_t port)
{
	char line[32];
	int size = snprintf(line, sizeof(line), "port=%u\n", port);

	if (args->ready_fd >= 0) {
		if (write(args->ready_fd, line, (size_t)size) != size)
			log_warn("ready_not_told", "nobody reads the ready descriptor");
		close(args->ready_fd);
	}
	log_info("desk_ready", "port %u", port);
}

static int serve(const struct arguments *args, struct desk *desk, struct errands *errands,
	struct mail_desk *mail, struct loop *loop, struct err *err)
{
	struct listener_config config = {.host = args->listen,
		.port = (uint16_t)args->port,
		.conns_max = 4096,
		.ops = &http_accept_ops};
	struct listener *listener = NULL;
	struct service service;
	struct watch watch;
	const struct courier_target messenger = {
		(uint16_t)args->messenger_port, args->proxy_header};
	char token[PATH_MAX];
	int rc;

	service_init(&service, desk, loop);
	service.server.tls = certificate;
	service.watch = &watch;
	service.errands = errands;
	service.mail = mail;
	config.owner = &service.server;
	rc = witnesses_open(desk, errands, &service.witnesses, err);
	if (rc == 0)
		rc = submission_open(desk, errands, &service.submission, err);
	if (rc == 0 && errands)
		rc = errands_start(errands, loop, err);
	if (rc == 0)
		rc = mail_start(mail, desk, errands, loop, err);
	if (rc == 0)
		rc = watch_open(&watch, desk, err);
	snprintf(token, sizeof(token), "%s/service.token", desk->folder);
	if (rc == 0 && args->messenger_port)
		rc = courier_start(
			token, &messenger, loop, service_settle, &service, &service.courier, err);
	service.speaker.courier = service.courier;
	service.hearing.courier = service.courier;
	if (rc == 0 && args->port)
		rc = listener_check_free(args->listen, (uint16_t)args->port, err);
	if (rc == 0) {
		listener = listener_open(loop, &config, err);
		rc = listener ? 0 : -1;
	}
	if (rc == 0) {
		say_ready(args, listener_port(listener));
		loop_run(loop);
		log_info("desk_stopping", "on request");
	}
	courier_stop(service.courier);
	listener_close(listener);
	service_release(&service);
	errands_stop(errands);
	witnesses_close(service.witnesses);
	submission_close(service.submission);
	watch_close(&watch);
	return rc;
}

static int run(const struct arguments *args)
{
	const int keep[] = {args->ready_fd, args->tls_fd, args->fetch_fd, args->mail_fd};
	struct errands *errands = NULL;
	struct mail_desk *mail = NULL;
	struct desk desk = {0};
	struct err err = {0};
	int rc = -1;

	/* Nothing that a parent left open by mistake comes along, also not to lontar-fetch. */
	sandbox_close_others(keep, ARRAY_LEN(keep));
	if (args->fetch) {
		errands = errands_new(args->fetch, args->fetch_fd, &err);
		if (!errands)
			log_error("no_fetch", "nothing goes out: %s", err.text);
	}
	if (desk_init(args->data, &err) < 0 ||
		mail_prepare(args->data, args->mail_fd, &mail, &err) < 0 ||
		build_wall(args, &err) < 0 ||
		desk_open(&desk, args->data, &clock_system, &random_system, &err) < 0)
		goto out;
	running = loop_new(&err);
	if (!running)
		goto out;
	signal(SIGPIPE, SIG_IGN);
	if (args->tls_fd >= 0 && tls_shared_load(args->tls_fd, &certificate, &err) < 0)
		goto out;
	certificate_fd = args->tls_fd;
	signal(SIGHUP, certificate ? on_hang_up : SIG_IGN);
	signal(SIGTERM, on_stop);
	signal(SIGINT, on_stop);
	rc = serve(args, &desk, errands, mail, running, &err);
out:
	/* A second signal must not reach for the loop that goes now. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	if (rc < 0) {
		log_error("desk_failed", "%s", err.text);
		fprintf(stderr, "lontar-desk: %s\n", err.text);
	}
	mail_stop(mail);
	errands_free(errands);
	loop_free(running);
	tls_free(certificate);
	desk_close(&desk);
	return rc < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct arguments args;
	int how;

	umask(077);
	json_set_alloc_funcs(mem_alloc, free); /* it would answer NULL, which nobody looks for */
	if (argc > 1 && strcmp(argv[1], "desk") == 0)
		return desk_cli(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "authority") == 0)
		return authority_cli(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "flagger") == 0)
		return flagger_cli(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "sop") == 0)
		return sop_cli(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "ledger") == 0)
		return ledger_cli(argc - 1, argv + 1);
	how = read_arguments(argc, argv, &args);
	if (how != 0) {
		fputs(help, how > 0 ? stdout : stderr);
		return how > 0 ? 0 : 2;
	}
	return run(&args);
}
