/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "desk/mail/lmtp_server.h"
#include "desk/mail/mail_in.h"
#include "desk/mail/mail_out.h"
#include "desk/mail/mail_reader.h"
#include "desk/mail/mailbox.h"

struct mail_desk {
	struct mail_settings settings;
	struct starter starter;
	int fd; /* listening; -1: no mail comes in, or the server has it */
	struct desk *desk;
	struct mail_reader *reader;
	struct lmtp_server *server;
	struct mail_out out;
	struct mailbox mailbox; /* where mails are fetched from instead */
};

/* ---- Before the wall ---- */

/* "127.0.0.1:2424", "[::1]:2424" or "/path". */
static int listen_at(const char *where, struct err *err)
{
	char host[CONFIG_TEXT_MAX];
	const char *colon = strrchr(where, ':');
	char *end = NULL;
	long number = colon ? strtol(colon + 1, &end, 10) : 0;
	struct address address;
	uint16_t port = (uint16_t)number;
	int fd;

	if (*where == '/')
		return listener_bind_path(where, err);
	if (!colon || end == colon + 1 || *end || number < 0 || number > 65535)
		return err_set(err, 0, "mail.ini: lmtp is address:port, or the path of a socket");
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	if (host[0] == '[' && colon > where && colon[-1] == ']') {
		memmove(host, host + 1, strlen(host));
		host[strlen(host) - 1] = 0;
	}
	if (address_parse(&address, host, port, err) < 0)
		return -1;
	/* Whoever can hand mail over can say by whom it is. */
	if (!address_is_loopback(&address))
		return err_set(err, 0, "mail.ini: lmtp is on loopback or a socket's path only");
	if (listener_check_free(host, port, err) < 0)
		return -1;
	fd = listener_bind(host, &port, err);
	if (fd >= 0)
		log_info("mail_port", "port %u", port);
	return fd;
}

int mail_prepare(const char *data_dir, int starter_fd, struct mail_desk **out, struct err *err)
{
	static const struct starter_program programs[] = {{MAIL_PROGRAM, NULL}};
	struct mail_desk *mail = MEM_NEW(struct mail_desk);
	struct helper probe;
	char path[PATH_MAX];

	*out = mail;
	mail->fd = -1;
	mail->starter.fd = starter_fd;
	if (snprintf(path, sizeof(path), "%s/desk/mail.ini", data_dir) >= (int)sizeof(path))
		return err_set(err, 0, "a path is too long");
	if (mail_settings_init(path, err) < 0 || mail_settings_load(path, &mail->settings, err) < 0)
		return -1;
	if (!*mail->settings.lmtp && !*mail->settings.imap) {
		starter_end(&mail->starter);
		return 0;
	}
	/* That there is no such program is better known now than with the first mail. */
	if ((starter_fd < 0 &&
		    starter_begin(&mail->starter, NULL, programs, ARRAY_LEN(programs), err) < 0) ||
		starter_ask(&mail->starter, 0, &probe, err) < 0)
		return -1;
	helper_stop(&probe);
	if (!*mail->settings.lmtp)
		return 0;
	mail->fd = listen_at(mail->settings.lmtp, err);
	return mail->fd < 0 ? -1 : 0;
}

/* ---- Mails that come in ---- */

static bool takes(void *ctx, struct bytes address)
{
	struct mail_desk *mail = ctx;
	struct bytes plus;

	return mail_is_ours(&mail->settings, address, &plus);
}

struct incoming {
	struct mail_desk *mail;
	struct lmtp_delivery *delivery;
	char plus[LMTP_ADDRESS_MAX + 1]; /* of the first recipient that has one */
};

static void answer(struct incoming *incoming, struct mail_verdict verdict)
{
	mail_in_note(verdict);
	lmtp_deliver_answer(incoming->delivery, verdict.status, verdict.words);
	mail_out_look(&incoming->mail->out); /* what it is answered */
	free(incoming);
}

static void on_read(void *ctx, const struct mail *mail)
{
	struct incoming *incoming = ctx;
	struct mail_desk *desk = incoming->mail;

	if (!mail)
		answer(incoming, (struct mail_verdict){451, "4.3.0 it can't be read now"});
	else
		answer(incoming, mail_in_take(desk->desk, &desk->settings,
					 *incoming->plus ? bytes_from_str(incoming->plus)
							 : bytes_of(NULL, 0),
					 mail));
}

static void on_mail(void *ctx, struct lmtp_delivery *delivery, const struct lmtp *lmtp)
{
	struct mail_desk *mail = ctx;
	struct incoming *incoming = MEM_NEW(struct incoming);

	incoming->mail = mail;
	incoming->delivery = delivery;
	for (size_t i = 0; i < lmtp->recipient_count && !*incoming->plus; i++) {
		struct bytes plus;

		if (mail_is_ours(&mail->settings, bytes_from_str(lmtp->recipients[i]), &plus) &&
			plus.data)
			snprintf(incoming->plus, sizeof(incoming->plus), "%.*s", (int)plus.size,
				(const char *)plus.data);
	}
	if (!*lmtp->sender)
		answer(incoming, mail_in_bounced(mail->desk, bytes_from_str(incoming->plus)));
	else
		mail_reader_take(mail->reader, buf_bytes(&lmtp->data), on_read, incoming);
}

/* ---- Running ---- */

int mail_start(struct mail_desk *mail, struct desk *desk, struct errands *errands,
	struct loop *loop, struct err *err)
{
	struct lmtp_config config = {.fd = mail->fd,
		.size_max = MAIL_BYTES_MAX,
		.takes = takes,
		.deliver = on_mail,
		.ctx = mail};
	const struct mail_server server = {
		bytes_from_str(mail->settings.authserv_id), (unsigned)mail->settings.received};

	mail->desk = desk;
	mail->out =
		(struct mail_out){.desk = desk, .settings = &mail->settings, .errands = errands};
	if (*mail->settings.smtp && !errands)
		log_error("mail_stays",
			"no lontar-fetch: mails wait in the outbox, and in a mailbox");
	if (mail->starter.fd < 0)
		return 0;
	mail->reader = mail_reader_start(&mail->starter, &server, loop, err);
	if (!mail->reader)
		return -1;
	if (*mail->settings.imap && errands) {
		mail->mailbox = (struct mailbox){.desk = desk,
			.settings = &mail->settings,
			.errands = errands,
			.reader = mail->reader,
			.out = &mail->out,
			.loop = loop};
		mailbox_begin(&mail->mailbox);
	}
	if (*mail->settings.imap)
		return 0;
	mail->fd = -1;
	return lmtp_server_open(loop, &config, &mail->server, err);
}

void mail_tick(struct mail_desk *mail)
{
	mail_out_look(&mail->out);
}

void mail_stop(struct mail_desk *mail)
{
	if (!mail)
		return;
	mail->out.errands = NULL; /* nothing more goes out */
	if (mail->mailbox.desk)
		mailbox_end(&mail->mailbox);
	mail_reader_stop(mail->reader);
	mailbox_release(&mail->mailbox);
	lmtp_server_close(mail->server);
	if (mail->fd >= 0)
		close(mail->fd);
	starter_end(&mail->starter);
	bytes_wipe(&mail->settings, sizeof(mail->settings));
	free(mail);
}
