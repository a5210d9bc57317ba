/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "desk/cases/files.h"
#include "fetch/client.h"
#include "mail/client.h"

#define AT(field) offsetof(struct mail_settings, field)

static const struct config_row rows[] = {
	{"mail", "address", CONFIG_TEXT, AT(address), "", 0, 0,
		"The desk's own address: notices come to it, letters come from it, and what comes "
		"to "
		"local+anything@domain is for it too."},
	{"in", "lmtp", CONFIG_TEXT, AT(lmtp), "", 0, 0,
		"Where your mail server hands mails over by LMTP: 127.0.0.1:2424, or the path of a "
		"socket, which other users of this machine can't reach; empty: no mail comes in."},
	{"in", "imap", CONFIG_TEXT, AT(imap), "", 0, 0,
		"Instead of lmtp: a mailbox that mails are taken out of: imaps://host:port, "
		"imap://host:port (STARTTLS) or, for an address that [codes] inside of lontar.ini "
		"names, imap+plain://host:port."},
	{"in", "imap_user", CONFIG_TEXT, AT(imap_user), "", 0, 0, "Login there."},
	{"in", "imap_password", CONFIG_TEXT, AT(imap_password), "", 0, 0, "Its password."},
	{"in", "imap_folder", CONFIG_TEXT, AT(imap_folder), "INBOX", 0, 0,
		"All mails in this folder are the desk's: what is taken is deleted there."},
	{"in", "imap_refused", CONFIG_TEXT, AT(imap_refused), "Refused", 0, 0,
		"Where it puts mails that it does not take. Nobody is told of these: look into "
		"it."},
	{"in", "imap_every", CONFIG_INT, AT(imap_every), "60", 1, 86400,
		"Seconds between two looks."},
	{"in", "received", CONFIG_INT, AT(received), "1", 1, MAIL_RECEIVED_MAX,
		"How many Received fields your mail server puts on top of a mail by itself: "
		"Authentication-Results below the next one came with the mail and count for "
		"nothing."},
	{"in", "authserv_id", CONFIG_TEXT, AT(authserv_id), "", 0, 0,
		"Name under which your mail server writes Authentication-Results; it must remove "
		"such "
		"fields with this name from what it receives."},
	{"in", "from_anybody", CONFIG_BOOL, AT(from_anybody), "no", 0, 0,
		"Take notices of people whom the desk does not know (DSA Article 16) by mail too."},
	{"in", "strangers_each", CONFIG_INT, AT(strangers_each), "10", 1, 100000,
		"How many notices a day one such address may send, right or wrong; a person "
		"writes few."},
	{"in", "strangers_all", CONFIG_INT, AT(strangers_all), "500", 1, 1000000,
		"And all of them together: as many as the desk can look at. Who is over it is told "
		"once."},
	{"out", "smtp", CONFIG_TEXT, AT(smtp), "", 0, 0,
		"Your mail server: smtps://host:port, smtp://host:port (STARTTLS) or, for an "
		"address "
		"that [codes] inside of lontar.ini names, smtp+plain://host:port; empty: none goes "
		"out."},
	{"out", "user", CONFIG_TEXT, AT(smtp_user), "", 0, 0, "Login there; empty: none."},
	{"out", "password", CONFIG_TEXT, AT(smtp_password), "", 0, 0, "Its password."},
	{0},
};

int mail_settings_init(const char *path, struct err *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file;
	int rc;

	if (access(path, F_OK) == 0)
		return 0;
	file = open_memstream(&text, &size);
	if (!file)
		return err_errno(err, "can't make %s", path);
	config_write_template(rows, file);
	fclose(file);
	rc = file_write(path, 0600, bytes_of(text, size), err);
	free(text);
	return rc;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool comes_in(const struct mail_settings *s)
{
	return *s->lmtp || *s->imap;
}

static int check_imap(const struct mail_settings *s, const char *path, struct err *err)
{
	if (!*s->imap)
		return 0;
	if (*s->lmtp)
		return err_set(err, 0, "%s: lmtp and imap are not for the same desk", path);
	if (!begins(s->imap, "imaps://") && !begins(s->imap, "imap://") &&
		!begins(s->imap, "imap+plain://"))
		return err_set(
			err, 0, "%s: imap begins with imaps://, imap:// or imap+plain://", path);
	if (!*s->imap_user || !*s->imap_password)
		return err_set(err, 0, "%s: imap needs imap_user and imap_password", path);
	if (!fetch_is_folder(s->imap_folder) || !fetch_is_folder(s->imap_refused))
		return err_set(err, 0,
			"%s: imap_folder and imap_refused are of letters, digits and /._-", path);
	if (strcmp(s->imap_folder, s->imap_refused) == 0)
		return err_set(err, 0, "%s: imap_refused is to be another folder", path);
	return 0;
}

static int check(const struct mail_settings *s, const char *path, struct err *err)
{
	if ((comes_in(s) || *s->smtp) && !mail_address_is_plain(bytes_from_str(s->address)))
		return err_set(err, 0, "%s: [mail] address is to be a plain address", path);
	if (strchr(s->address, '+'))
		return err_set(err, 0, "%s: [mail] address has no '+': it divides", path);
	if (comes_in(s) && !*s->authserv_id)
		return err_set(err, 0, "%s: lmtp and imap need an authserv_id", path);
	if (comes_in(s) && !*s->smtp)
		return err_set(err, 0, "%s: lmtp and imap need smtp: who mails is answered", path);
	if (*s->smtp && !begins(s->smtp, "smtps://") && !begins(s->smtp, "smtp://") &&
		!begins(s->smtp, "smtp+plain://"))
		return err_set(
			err, 0, "%s: smtp begins with smtps://, smtp:// or smtp+plain://", path);
	if (!*s->smtp_user != !*s->smtp_password)
		return err_set(err, 0, "%s: user and password belong together", path);
	return check_imap(s, path, err);
}

int mail_settings_load(const char *path, struct mail_settings *out, struct err *err)
{
	if (config_defaults(rows, out, err) < 0 || config_load(rows, path, out, err) < 0)
		return -1;
	return check(out, path, err);
}

bool mail_is_ours(const struct mail_settings *settings, struct bytes address, struct bytes *token)
{
	const char *at = strchr(settings->address, '@');
	size_t local = at ? (size_t)(at - settings->address) : 0, domain = at ? strlen(at) : 0;
	const char *text = (const char *)address.data;

	*token = bytes_of(NULL, 0);
	if (local == 0 || address.size < local + domain ||
		strncasecmp(text, settings->address, local) != 0 ||
		strncasecmp(text + address.size - domain, at, domain) != 0)
		return false;
	if (address.size == local + domain)
		return true;
	*token = bytes_of(text + local + 1, address.size - local - domain - 1);
	return text[local] == '+';
}
