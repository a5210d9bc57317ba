/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FETCH_MAILBOX: a folder of a mailbox by IMAP4rev1 (RFC 3501), with what every server has. libcurl
 * keeps the connection, so a round over some mails is one login. What it makes of answers that are
 * no mail are lines; a server's line of more than 16 KiB it cuts, so UIDs are asked for one by one
 * (UID FETCH) instead of in one line (UID SEARCH).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fetch/transfer_parts.h"

#define LINES_MAX ((size_t)4 << 20) /* of a list: of some ten thousand mails */
#define HEAD_MAX ((size_t)64 << 10)

/* ---- A list ---- */

static const char *find(const char *line, const char *word)
{
	size_t size = strlen(word);

	for (; *line; line++)
		if (strncasecmp(line, word, size) == 0)
			return line;
	return NULL;
}

/* "* 12 FETCH (UID 7 FLAGS (\Seen))", in any order. 0: it is something else. */
static uint32_t uid_of(const char *line)
{
	const char *items = find(line, " FETCH (");
	const char *at = items ? find(items, "UID ") : NULL;
	unsigned long long uid;

	if (line[0] != '*' || !at || (at[-1] != ' ' && at[-1] != '(') || find(items, "\\Deleted") ||
		at[4] < '1' || at[4] > '9')
		return 0;
	uid = strtoull(at + 4, NULL, 10);
	return uid <= UINT32_MAX ? (uint32_t)uid : 0;
}

void mailbox_read_list(struct bytes lines, struct buf *out)
{
	char line[256];

	for (int count = 0; lines.size > 0 && count < FETCH_UIDS_MAX;) {
		const uint8_t *end = memchr(lines.data, '\n', lines.size);
		size_t size = end ? (size_t)(end - lines.data) : lines.size;
		uint32_t uid = 0;

		/* What is longer has more than was asked for. */
		if (size < sizeof(line)) {
			memcpy(line, lines.data, size);
			line[size] = 0;
			uid = uid_of(line);
		}
		if (uid) {
			buf_printf(out, "%u ", uid);
			count++;
		}
		size += end ? 1 : 0;
		lines = bytes_of(lines.data + size, lines.size - size);
	}
}

/* ---- Asking ---- */

struct mailbox {
	struct transfer *t;
	CURLU *url;
	const struct fetch_request *request;
	struct fetch_answer *answer;
	char folder[FETCH_FOLDER_MAX + 1];
};

/* A status if the server said something; else *answer has the result. */
static enum fetch_mailbox_status judge(struct mailbox *m, CURLcode rc)
{
	switch (rc) {
	case CURLE_OK:
		return FETCH_MAILBOX_DONE;
	case CURLE_REMOTE_FILE_NOT_FOUND:
		return FETCH_MAILBOX_GONE;
	case CURLE_QUOTE_ERROR:
		return FETCH_MAILBOX_NO;
	case CURLE_LOGIN_DENIED:
		return FETCH_MAILBOX_CLOSED;
	default:
		transfer_fail_mail(m->t, rc, m->answer);
		return 0;
	}
}

/* The folder as an address has it. */
static void append_folder(struct buf *path, const char *folder)
{
	for (; *folder; folder++)
		if (*folder == ' ')
			buf_append_str(path, "%20");
		else
			buf_append_u8(path, (uint8_t)*folder);
}

/* A connection that was kept, and that the server gave up in between. */
static bool was_stale(CURL *curl, CURLcode rc)
{
	long connects = 1;

	if (rc != CURLE_RECV_ERROR && rc != CURLE_SEND_ERROR && rc != CURLE_GOT_NOTHING)
		return false;
	return curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK && !connects;
}

static CURLcode ask(struct mailbox *m, const char *command, bool fresh)
{
	struct transfer *t = m->t;

	transfer_begin(t, m->request);
	t->head_max = HEAD_MAX;
	if (command) { /* its lines come as head and as body */
		t->body.max = LINES_MAX;
		t->head_max += LINES_MAX;
		curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, command);
	}
	transfer_set_mail(t, m->url, m->request);
	curl_easy_setopt(t->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
	return curl_easy_perform(t->curl);
}

/* command: what IMAP has; NULL: the mail of this UID. Each may be said twice. */
static enum fetch_mailbox_status run(struct mailbox *m, const char *command, const char *uid)
{
	struct buf path;
	CURLUcode path_rc;
	CURLcode rc;

	buf_init(&path, 0);
	buf_append_str(&path, "/");
	append_folder(&path, m->folder);
	if (!command)
		buf_printf(&path, "/;UID=%s", uid);
	buf_append_u8(&path, 0);
	path_rc = curl_url_set(m->url, CURLUPART_PATH, (const char *)buf_data(&path), 0);
	buf_release(&path);
	if (path_rc != CURLUE_OK) {
		transfer_fail(m->answer, FETCH_BAD_REQUEST, "there can be no such folder");
		return 0;
	}
	rc = ask(m, command, false);
	if (was_stale(m->t->curl, rc))
		rc = ask(m, command, true);
	return judge(m, rc);
}

static enum fetch_mailbox_status list(struct mailbox *m)
{
	/* Over a kept connection a server tells of new mail behind an answer, not in it. */
	enum fetch_mailbox_status status = run(m, "NOOP", "");
	struct buf uids;

	buf_init(&uids, 0);
	if (status == FETCH_MAILBOX_DONE)
		status = run(m, "UID FETCH 1:* (UID FLAGS)", "");
	if (status == FETCH_MAILBOX_DONE)
		mailbox_read_list(buf_bytes(&m->t->body), &uids);
	buf_clear(&m->t->body);
	buf_append_bytes(&m->t->body, buf_bytes(&uids));
	buf_release(&uids);
	return status;
}

static enum fetch_mailbox_status remove_mail(struct mailbox *m, const char *uid)
{
	char command[64];
	enum fetch_mailbox_status status;

	snprintf(command, sizeof(command), "UID STORE %s +FLAGS.SILENT (\\Deleted)", uid);
	status = run(m, command, "");
	if (status == FETCH_MAILBOX_DONE)
		status = run(m, "EXPUNGE", "");
	buf_clear(&m->t->body); /* the server's lines */
	return status;
}

static enum fetch_mailbox_status move_mail(struct mailbox *m, const char *uid, const char *to)
{
	char copy[FETCH_FOLDER_MAX + 64], create[FETCH_FOLDER_MAX + 64];
	enum fetch_mailbox_status status;

	snprintf(copy, sizeof(copy), "UID COPY %s \"%s\"", uid, to);
	snprintf(create, sizeof(create), "CREATE \"%s\"", to);
	status = run(m, copy, "");
	if (status == FETCH_MAILBOX_NO && run(m, create, "") == FETCH_MAILBOX_DONE)
		status = run(m, copy, "");
	return status == FETCH_MAILBOX_DONE ? remove_mail(m, uid) : status;
}

void mailbox_run(struct transfer *t, CURLU *url, const struct fetch_request *request,
	struct fetch_answer *answer)
{
	struct mailbox m = {t, url, request, answer, {0}};
	char folder[FETCH_HEADERS_MAX + 1] = {0}, what[FETCH_HEADERS_MAX + 1] = {0};
	char verb[8] = {0}, uid[12] = {0};
	int rest = 0;
	unsigned status = 0;

	transfer_header(request->headers, "Folder: ", folder, sizeof(folder));
	transfer_header(request->headers, "Do: ", what, sizeof(what));
	sscanf(what, "%7[a-z] %11[0-9]%n", verb, uid, &rest);
	if (!fetch_is_folder(folder)) {
		transfer_fail(answer, FETCH_BAD_REQUEST, "there can be no such folder");
		return;
	}
	memcpy(m.folder, folder, strlen(folder) + 1);
	if (strcmp(what, "list") == 0)
		status = list(&m);
	else if (strcmp(verb, "read") == 0 && *uid && !what[rest])
		status = run(&m, NULL, uid);
	else if (strcmp(verb, "remove") == 0 && *uid && !what[rest])
		status = remove_mail(&m, uid);
	else if (strcmp(verb, "move") == 0 && *uid && what[rest] == ' ' &&
		 fetch_is_folder(what + rest + 1))
		status = move_mail(&m, uid, what + rest + 1);
	else
		transfer_fail(answer, FETCH_BAD_REQUEST, "nothing of that kind is done");
	answer->status = status;
}
