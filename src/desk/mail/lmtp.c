/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. A mail ends at CR LF "." CR LF and nothing else: servers that also took a bare
 * line feed for a line's end could be made to see two mails where the one before them saw one.
 */
#include "desk/mail/lmtp.h"

#include <stdio.h>
#include <strings.h>

#include "base/attr.h"
#include "base/text.h"

enum data_state { AT_LINE, AT_DOT, AT_DOT_CR, IN_TEXT, AT_CR };

static void reset_mail(struct lmtp *lmtp)
{
	lmtp->has_sender = lmtp->in_data = lmtp->whole = lmtp->too_long = false;
	lmtp->recipient_count = 0;
	buf_release(&lmtp->data);
	buf_init(&lmtp->data, lmtp->size_max);
}

void lmtp_begin(struct lmtp *lmtp, struct buf *out)
{
	reset_mail(lmtp);
	lmtp->greeted = lmtp->long_line = false;
	lmtp->errors = 0;
	buf_append_str(out, "220 lontar-desk LMTP\r\n");
}

void lmtp_release(struct lmtp *lmtp)
{
	buf_release(&lmtp->data);
}

static void say(struct buf *out, const char *line)
{
	buf_append_str(out, line);
	buf_append_str(out, "\r\n");
}

static void complain(struct lmtp *lmtp, struct buf *out, const char *line)
{
	lmtp->errors++;
	say(out, line);
}

/* ---- The mail ---- */

/* Once it is too long the rest is only read. */
static void put(struct lmtp *lmtp, const uint8_t *data, size_t size)
{
	if (lmtp->too_long)
		return;
	buf_append(&lmtp->data, data, size);
	lmtp->too_long = lmtp->data.failed;
	if (lmtp->too_long)
		buf_release(&lmtp->data);
}

/* One byte of the mail; true: that was its end. */
static bool take_byte(struct lmtp *lmtp, uint8_t c)
{
	switch (lmtp->data_state) {
	case AT_LINE:
		if (c == '.') {
			lmtp->data_state = AT_DOT;
			return false;
		}
		break;
	case AT_DOT: /* it was put in front of a line that began with one */
		if (c == '\r') {
			lmtp->data_state = AT_DOT_CR;
			return false;
		}
		break;
	case AT_DOT_CR:
		if (c == '\n')
			return true;
		put(lmtp, (const uint8_t *)"\r", 1);
		break;
	case AT_CR:
		if (c == '\n') {
			put(lmtp, &c, 1);
			lmtp->data_state = AT_LINE;
			return false;
		}
		break;
	default:
		break;
	}
	put(lmtp, &c, 1);
	lmtp->data_state = c == '\r' ? AT_CR : IN_TEXT;
	return false;
}

static size_t take_data(struct lmtp *lmtp, struct bytes in)
{
	size_t at = 0;

	while (at < in.size && !lmtp->whole) {
		const uint8_t *cr = NULL;

		if (lmtp->data_state == IN_TEXT) {
			size_t size = in.size - at;

			cr = memchr(in.data + at, '\r', size);
			if (cr)
				size = (size_t)(cr - in.data) - at;
			put(lmtp, in.data + at, size);
			at += size;
			if (at == in.size)
				break;
		}
		lmtp->whole = take_byte(lmtp, in.data[at++]);
	}
	return at;
}

/* ---- Commands ---- */

/* What stands between '<' and '>' after "FROM:" or "TO:", and what follows. */
static bool read_path(struct bytes line, const char *word, char out[LMTP_ADDRESS_MAX + 1],
	struct bytes *parameters)
{
	size_t at = strlen(word), size = 0;

	if (line.size < at || strncasecmp((const char *)line.data, word, at) != 0)
		return false;
	while (at < line.size && line.data[at] == ' ')
		at++;
	if (at == line.size || line.data[at] != '<')
		return false;
	for (at++; at < line.size && line.data[at] != '>'; at++) {
		uint8_t c = line.data[at];

		if (size == LMTP_ADDRESS_MAX || c <= ' ' || c >= 0x7f || c == '<')
			return false;
		out[size++] = (char)c;
	}
	out[size] = 0;
	if (at == line.size)
		return false;
	*parameters = text_trim(bytes_of(line.data + at + 1, line.size - at - 1));
	return parameters->size == 0 || line.data[at + 1] == ' ';
}

/* Of the parameters that we offer: SIZE (RFC 1870) and BODY (RFC 6152). false: another one, or too
 * large. */
static const char *judge_parameters(struct lmtp *lmtp, struct bytes parameters)
{
	while (parameters.size > 0) {
		const uint8_t *space = memchr(parameters.data, ' ', parameters.size);
		size_t size = space ? (size_t)(space - parameters.data) : parameters.size;
		const char *word = (const char *)parameters.data;

		if (size > 5 && strncasecmp(word, "SIZE=", 5) == 0) {
			uint64_t value = 0;

			for (size_t i = 5; i < size; i++) {
				if (word[i] < '0' || word[i] > '9' || size > 20)
					return "501 5.5.4 SIZE is a number";
				value = value * 10 + (uint64_t)(word[i] - '0');
			}
			if (value > lmtp->size_max)
				return "552 5.3.4 the mail is too long";
		} else if (!(size == 9 && strncasecmp(word, "BODY=7BIT", 9) == 0) &&
			   !(size == 13 && strncasecmp(word, "BODY=8BITMIME", 13) == 0)) {
			return "555 5.5.4 such parameters are not known here";
		}
		parameters = text_trim(bytes_of(parameters.data + size, parameters.size - size));
	}
	return NULL;
}

static void on_mail(struct lmtp *lmtp, struct bytes rest, struct buf *out)
{
	struct bytes parameters;
	const char *wrong;

	if (!lmtp->greeted || lmtp->has_sender) {
		complain(lmtp, out,
			lmtp->greeted ? "503 5.5.1 one mail at a time" : "503 5.5.1 LHLO first");
		return;
	}
	if (!read_path(rest, "FROM:", lmtp->sender, &parameters)) {
		complain(lmtp, out, "501 5.1.7 MAIL FROM:<address>");
		return;
	}
	wrong = judge_parameters(lmtp, parameters);
	if (wrong) {
		complain(lmtp, out, wrong);
		return;
	}
	lmtp->has_sender = true;
	say(out, "250 2.1.0 go on");
}

static void on_recipient(struct lmtp *lmtp, struct bytes rest, struct buf *out)
{
	char address[LMTP_ADDRESS_MAX + 1];
	struct bytes parameters;

	if (!lmtp->has_sender) {
		complain(lmtp, out, "503 5.5.1 MAIL first");
	} else if (!read_path(rest, "TO:", address, &parameters) || parameters.size > 0) {
		complain(lmtp, out, "501 5.1.3 RCPT TO:<address>");
	} else if (!lmtp->takes(lmtp->ctx, bytes_from_str(address))) {
		complain(lmtp, out, "550 5.1.1 nobody here has this address");
	} else if (lmtp->recipient_count == LMTP_RECIPIENTS_MAX) {
		complain(lmtp, out, "452 4.5.3 too many recipients");
	} else {
		memcpy(lmtp->recipients[lmtp->recipient_count++], address, sizeof(address));
		say(out, "250 2.1.5 go on");
	}
}

static void on_data(struct lmtp *lmtp, struct buf *out)
{
	if (lmtp->recipient_count == 0) {
		complain(lmtp, out, "503 5.5.1 nobody is to get it");
		return;
	}
	lmtp->in_data = true;
	lmtp->data_state = AT_LINE;
	say(out, "354 go on, and end with a dot on a line of its own");
}

static bool is_verb(struct bytes line, const char *verb, struct bytes *rest)
{
	size_t size = strlen(verb);

	if (line.size < size || strncasecmp((const char *)line.data, verb, size) != 0 ||
		(line.size > size && line.data[size] != ' '))
		return false;
	*rest = text_trim(bytes_of(line.data + size, line.size - size));
	return true;
}

/* true: the session is over. */
static bool take_command(struct lmtp *lmtp, struct bytes line, struct buf *out)
{
	struct bytes rest = {NULL, 0};

	if (is_verb(line, "LHLO", &rest)) {
		reset_mail(lmtp);
		lmtp->greeted = true;
		buf_printf(out,
			"250-lontar-desk\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
			"250-ENHANCEDSTATUSCODES\r\n250 SIZE %zu\r\n",
			lmtp->size_max);
	} else if (is_verb(line, "MAIL", &rest)) {
		on_mail(lmtp, rest, out);
	} else if (is_verb(line, "RCPT", &rest)) {
		on_recipient(lmtp, rest, out);
	} else if (is_verb(line, "DATA", &rest)) {
		on_data(lmtp, out);
	} else if (is_verb(line, "RSET", &rest)) {
		reset_mail(lmtp);
		say(out, "250 2.0.0 forgotten");
	} else if (is_verb(line, "NOOP", &rest)) {
		say(out, "250 2.0.0 here");
	} else if (is_verb(line, "VRFY", &rest)) {
		say(out, "252 2.5.2 try it");
	} else if (is_verb(line, "QUIT", &rest)) {
		say(out, "221 2.0.0 bye");
		return true;
	} else {
		complain(lmtp, out, "500 5.5.1 LMTP is spoken here");
	}
	if (lmtp->errors <= LMTP_ERRORS_MAX)
		return false;
	say(out, "421 4.7.0 too many errors");
	return true;
}

/* One line, if it is whole; 0: it is not. */
static size_t take_line(struct lmtp *lmtp, struct bytes in, struct buf *out, enum lmtp_step *step)
{
	const uint8_t *end = memchr(in.data, '\n', in.size);
	size_t size = end ? (size_t)(end - in.data) + 1 : in.size;

	if (!end && size < LMTP_LINE_MAX && !lmtp->long_line)
		return 0;
	if (lmtp->long_line || size > LMTP_LINE_MAX || !end) {
		if (!lmtp->long_line)
			complain(lmtp, out, "500 5.5.2 the line is too long");
		lmtp->long_line = !end;
	} else if (take_command(lmtp, text_trim(bytes_of(in.data, size)), out)) {
		*step = LMTP_END;
	}
	return size;
}

size_t lmtp_feed(struct lmtp *lmtp, struct bytes in, struct buf *out, enum lmtp_step *step)
{
	size_t at = 0;

	*step = LMTP_MORE;
	while (at < in.size && *step == LMTP_MORE) {
		struct bytes rest = bytes_of(in.data + at, in.size - at);
		size_t taken;

		if (lmtp->whole)
			taken = 0; /* it is still to be answered */
		else
			taken = lmtp->in_data ? take_data(lmtp, rest)
					      : take_line(lmtp, rest, out, step);
		at += taken;
		if (lmtp->whole)
			*step = LMTP_MAIL;
		else if (taken == 0)
			break;
	}
	return at;
}

void lmtp_answer(struct lmtp *lmtp, int status, const char *words, struct buf *out)
{
	size_t count = lmtp->recipient_count;

	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%d %s\r\n", status, words);
	reset_mail(lmtp);
}
