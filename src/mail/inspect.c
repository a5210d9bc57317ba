/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. A mail is read whole or refused: nothing is cut, because what is missing at the
 * end of a notice may be what matters. The first reason to refuse it stays.
 */
#include "mail/inspect.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <strings.h>

#include "base/text.h"
#include "mail/auth_results.h"
#include "mail/charsets.h"
#include "mail/html.h"

struct inspection {
	struct arena *arena;
	struct mail *mail;
	const struct mail_server *server;
	struct buf plain, html;
	int parts;
};

static void refuse(struct inspection *in, enum mail_result result, const char *reason)
{
	if (in->mail->result == MAIL_OK) {
		in->mail->result = result;
		in->mail->reason = bytes_from_str(reason);
	}
}

static bool refused(const struct inspection *in)
{
	return in->mail->result != MAIL_OK;
}

/* ---- Texts ---- */

/* One line: white space and control characters become one space. */
static struct bytes clean_line(
	struct inspection *in, const char *text, size_t max, const char *what)
{
	struct bytes from = text_trim(bytes_from_str(text));
	char *out = arena_alloc(in->arena, from.size + 1);
	size_t size = 0;

	if (!text_is_utf8(from))
		refuse(in, MAIL_BROKEN, arena_printf(in->arena, "its %s is not readable", what));
	for (size_t i = 0; i < from.size; i++) {
		uint8_t c = from.data[i];

		if (c > ' ' && c != 0x7f)
			out[size++] = (char)c;
		else if (size > 0 && out[size - 1] != ' ')
			out[size++] = ' ';
	}
	if (size > max)
		refuse(in, MAIL_TOO_MUCH, arena_printf(in->arena, "its %s is too long", what));
	return bytes_of(out, size);
}

/* Lines end in a line feed, other control characters go. */
static struct bytes clean_text(struct inspection *in, struct bytes from)
{
	char *out = arena_alloc(in->arena, from.size + 1);
	size_t size = 0;

	for (size_t i = 0; i < from.size; i++) {
		uint8_t c = from.data[i];

		if (c == '\r' && (i + 1 == from.size || from.data[i + 1] != '\n'))
			c = '\n';
		if ((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t')
			out[size++] = (char)c;
	}
	return text_trim(bytes_of(out, size));
}

/* Its domain in lower case; absent unless it is plain. */
static struct bytes clean_address(struct inspection *in, const char *text)
{
	struct bytes none = {NULL, 0};
	char *copy = text ? arena_str(in->arena, bytes_from_str(text)) : NULL;
	char *at = copy ? strrchr(copy, '@') : NULL;

	for (; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return copy && mail_address_is_plain(bytes_from_str(copy)) ? bytes_from_str(copy) : none;
}

/* ---- Parts ---- */

/* What a part decodes to; decoding makes nothing larger than it was. */
static GByteArray *decode(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *out;

	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	out = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	g_byte_array_ref(out);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_object_unref(stream);
	return out;
}

static void take_file(struct inspection *in, const char *name, const GByteArray *content)
{
	struct mail_file *file = &in->mail->files[in->mail->file_count];
	uint8_t *hash = arena_alloc(in->arena, MAIL_HASH_SIZE);
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = MAIL_HASH_SIZE;

	g_checksum_update(sum, content->data, content->len);
	g_checksum_get_digest(sum, hash, &size);
	g_checksum_free(sum);
	file->name = clean_line(in, name, MAIL_NAME_MAX, "attachment's name");
	file->size = content->len;
	file->hash = hash;
	in->mail->file_count++;
}

static void take_text(struct inspection *in, GMimePart *part, const char *subtype)
{
	const char *charset =
		g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
	struct buf *to = strcasecmp(subtype, "html") == 0 ? &in->html : &in->plain;
	GByteArray *content = decode(part);

	if (buf_size(to) > 0)
		buf_append_u8(to, '\n');
	if (charset_to_utf8(charset, bytes_of(content->data, content->len), to) < 0)
		refuse(in, MAIL_BROKEN, "it is written in an encoding that is not known here");
	if (to->failed)
		refuse(in, MAIL_TOO_MUCH, "its text is too long");
	g_byte_array_unref(content);
}

static void take_leaf(struct inspection *in, GMimePart *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	const char *name = g_mime_part_get_filename(part);
	GByteArray *content;

	if (g_mime_content_type_is_type(type, "text", "*") && !name &&
		!g_mime_part_is_attachment(part) && subtype &&
		(strcasecmp(subtype, "plain") == 0 || strcasecmp(subtype, "html") == 0)) {
		take_text(in, part, subtype);
		return;
	}
	content = decode(part);
	take_file(in, name, content);
	g_byte_array_unref(content);
}

/* A mail within the mail is a file like any other; what is in it is not this mail's. */
static void take_inner_mail(struct inspection *in, GMimeObject *object)
{
	GMimeStream *stream = g_mime_stream_mem_new();

	g_mime_object_write_to_stream(object, NULL, stream);
	take_file(in, "", g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream)));
	g_object_unref(stream);
}

static void take_part(struct inspection *in, GMimeObject *object, int depth)
{
	if (depth > MAIL_DEPTH_MAX)
		refuse(in, MAIL_TOO_MUCH, "its parts lie too deep in one another");
	else if (++in->parts > MAIL_PARTS_MAX)
		refuse(in, MAIL_TOO_MUCH, "it has too many parts");
	if (refused(in))
		return;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);
		int count = g_mime_multipart_get_count(multipart);

		for (int i = 0; i < count && !refused(in); i++)
			take_part(in, g_mime_multipart_get_part(multipart, i), depth + 1);
	} else if (GMIME_IS_PART(object)) {
		take_leaf(in, GMIME_PART(object));
	} else {
		take_inner_mail(in, object);
	}
}

static void take_body(struct inspection *in, GMimeMessage *message)
{
	GMimeObject *body = g_mime_message_get_mime_part(message);
	struct buf reduced;

	if (body)
		take_part(in, body, 0);
	if (refused(in))
		return;
	if (text_trim(buf_bytes(&in->plain)).size > 0 || buf_size(&in->html) == 0) {
		in->mail->text = clean_text(in, buf_bytes(&in->plain));
	} else {
		buf_init(&reduced, MAIL_BYTES_MAX);
		html_to_text(buf_bytes(&in->html), &reduced);
		in->mail->text = clean_text(in, buf_bytes(&reduced));
		in->mail->flags |= MAIL_FROM_HTML;
		buf_release(&reduced);
	}
	if (in->mail->text.size > MAIL_TEXT_MAX)
		refuse(in, MAIL_TOO_MUCH, "its text is too long");
}

/* ---- The head ---- */

static const char *first_mailbox(InternetAddressList *list)
{
	InternetAddress *address = list && internet_address_list_length(list) > 0
					   ? internet_address_list_get_address(list, 0)
					   : NULL;

	return address && INTERNET_ADDRESS_IS_MAILBOX(address)
		       ? internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(address))
		       : NULL;
}

static int count_fields(GMimeHeaderList *headers, const char *name)
{
	int count = 0;

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++)
		count += strcasecmp(g_mime_header_get_name(
					    g_mime_header_list_get_header_at(headers, i)),
				 name) == 0;
	return count;
}

/* Who wrote it must be one address, said once: what is checked is then what people see. */
static void take_addresses(struct inspection *in, GMimeMessage *message, GMimeHeaderList *headers)
{
	InternetAddressList *from = g_mime_message_get_from(message);

	if (count_fields(headers, "From") != 1 || internet_address_list_length(from) != 1)
		refuse(in, MAIL_BROKEN,
			"it does not say in one From line by which one address it is");
	in->mail->from = clean_address(in, first_mailbox(from));
	if (!in->mail->from.data)
		refuse(in, MAIL_BROKEN, "its From is no plain address");
}

/* RFC 8601, 5: fields by the own server, on top of what the mail brought along. */
static void take_results(struct inspection *in, GMimeHeaderList *headers)
{
	unsigned received = 0;
	unsigned seen = 0;

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *name = g_mime_header_get_name(header);

		if (strcasecmp(name, "Received") == 0 && ++received > in->server->received)
			return;
		if (strcasecmp(name, "Authentication-Results") == 0)
			auth_results_read(bytes_from_str(g_mime_header_get_raw_value(header)),
				in->server->authserv_id, in->arena, in->mail, &seen);
	}
}

static void take_recipients_of(struct inspection *in, const char *value)
{
	InternetAddressList *list = value ? internet_address_list_parse(NULL, value) : NULL;
	struct mail *mail = in->mail;

	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);
		struct bytes to = {NULL, 0};

		if (INTERNET_ADDRESS_IS_MAILBOX(address))
			to = clean_address(in, internet_address_mailbox_get_idn_addr(
						       INTERNET_ADDRESS_MAILBOX(address)));
		if (to.data && mail->to_count < MAIL_RECIPIENTS_MAX)
			mail->to[mail->to_count++] = to;
	}
	if (list)
		g_object_unref(list);
}

/* A mailbox knows no envelope: where a mail arrived, its own server writes into these. */
static void take_recipients(struct inspection *in, GMimeHeaderList *headers)
{
	static const char *const names[] = {"Delivered-To", "X-Original-To", "To", "Cc"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		for (int at = 0; at < g_mime_header_list_get_count(headers); at++) {
			GMimeHeader *header = g_mime_header_list_get_header_at(headers, at);

			if (strcasecmp(g_mime_header_get_name(header), names[i]) == 0)
				take_recipients_of(in, g_mime_header_get_value(header));
		}
}

static bool is_returned(GMimeMessage *message)
{
	const char *path = g_mime_object_get_header(GMIME_OBJECT(message), "Return-Path");

	return path && bytes_equal_str(text_trim(bytes_from_str(path)), "<>");
}

static bool is_automatic(GMimeMessage *message)
{
	GMimeObject *object = GMIME_OBJECT(message);
	const char *said = g_mime_object_get_header(object, "Auto-Submitted");
	const char *precedence = g_mime_object_get_header(object, "Precedence");

	return (said && strncasecmp(said, "no", 2) != 0) ||
	       g_mime_object_get_header(object, "List-Id") ||
	       (precedence && (strcasecmp(precedence, "bulk") == 0 ||
				      strcasecmp(precedence, "list") == 0 ||
				      strcasecmp(precedence, "junk") == 0));
}

static void take_head(struct inspection *in, GMimeMessage *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
	const char *reply = g_mime_object_get_header(GMIME_OBJECT(message), "In-Reply-To");
	GMimeReferences *replies = g_mime_references_parse(NULL, reply ? reply : "");
	GDateTime *date = g_mime_message_get_date(message);

	take_addresses(in, message, headers);
	take_results(in, headers);
	in->mail->message_id =
		clean_line(in, g_mime_message_get_message_id(message), MAIL_ID_MAX, "Message-ID");
	if (g_mime_references_length(replies) > 0)
		in->mail->in_reply_to = clean_line(in, g_mime_references_get_message_id(replies, 0),
			MAIL_ID_MAX, "In-Reply-To");
	in->mail->subject =
		clean_line(in, g_mime_message_get_subject(message), MAIL_SUBJECT_MAX, "subject");
	if (date && g_date_time_to_unix(date) > 0)
		in->mail->date_s = g_date_time_to_unix(date);
	take_recipients(in, headers);
	if (is_automatic(message))
		in->mail->flags |= MAIL_AUTOMATIC;
	if (is_returned(message))
		in->mail->flags |= MAIL_RETURNED;
	g_mime_references_free(replies);
}

/* ---- All ---- */

/* Before the library builds anything of it. */
static bool head_is_bounded(struct bytes file)
{
	size_t lines = 0, at = 0, field = 0;

	while (at < file.size && at <= MAIL_HEAD_MAX) {
		const uint8_t *end = memchr(file.data + at, '\n', file.size - at);
		size_t size = end ? (size_t)(end - file.data) - at : file.size - at;

		if (size == 0 || (size == 1 && file.data[at] == '\r'))
			return true;
		if (file.data[at] != ' ' && file.data[at] != '\t') {
			field = 0;
			lines++;
		}
		field += size;
		if (lines > MAIL_HEADERS_MAX || field > MAIL_FIELD_MAX)
			return false;
		at += size + 1;
	}
	return at <= MAIL_HEAD_MAX;
}

int mail_inspect_begin(struct err *err)
{
	g_mime_init();
	return charsets_begin(err);
}

static GMimeMessage *parse(struct bytes file)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)file.data, file.size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message;

	g_mime_parser_set_persist_stream(parser, FALSE);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

void mail_inspect(
	struct bytes file, const struct mail_server *server, struct arena *arena, struct mail *out)
{
	struct inspection in = {.arena = arena, .mail = out, .server = server};
	GMimeMessage *message = NULL;

	*out = (struct mail){0};
	buf_init(&in.plain, 2 * MAIL_BYTES_MAX);
	buf_init(&in.html, 2 * MAIL_BYTES_MAX);
	if (file.size > MAIL_BYTES_MAX)
		refuse(&in, MAIL_TOO_MUCH, "it is too long");
	else if (!head_is_bounded(file))
		refuse(&in, MAIL_TOO_MUCH, "its head is too long");
	else if (memchr(file.data, 0, file.size))
		refuse(&in, MAIL_BROKEN, "it holds bytes that no mail may hold");
	if (!refused(&in)) {
		message = parse(file);
		if (!message)
			refuse(&in, MAIL_BROKEN, "it is no mail");
	}
	if (message) {
		take_head(&in, message);
		take_body(&in, message);
		g_object_unref(message);
	}
	buf_release(&in.plain);
	buf_release(&in.html);
	if (refused(&in))
		*out = (struct mail){.result = out->result, .reason = out->reason};
}
