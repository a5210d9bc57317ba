/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "mail/protocol.h"

#include "base/text.h"
#include "cage/frame.h"

void mail_answer_append(struct buf *out, const struct mail *mail)
{
	buf_append_u8(out, (uint8_t)mail->result);
	frame_append_string(out, mail->reason);
	buf_append_u8(out, (uint8_t)mail->flags);
	buf_append_u64le(out, (uint64_t)mail->date_s);
	frame_append_string(out, mail->from);
	frame_append_string(out, mail->message_id);
	frame_append_string(out, mail->in_reply_to);
	frame_append_string(out, mail->subject);
	frame_append_string(out, mail->text);
	frame_append_u16(out, (uint16_t)mail->to_count);
	for (size_t i = 0; i < mail->to_count; i++)
		frame_append_string(out, mail->to[i]);
	frame_append_u16(out, (uint16_t)mail->result_count);
	for (size_t i = 0; i < mail->result_count; i++) {
		buf_append_u8(out, (uint8_t)mail->results[i].method);
		buf_append_u8(out, mail->results[i].pass);
		frame_append_string(out, mail->results[i].domain);
	}
	frame_append_u16(out, (uint16_t)mail->file_count);
	for (size_t i = 0; i < mail->file_count; i++) {
		frame_append_string(out, mail->files[i].name);
		buf_append_u32le(out, mail->files[i].size);
		buf_append(out, mail->files[i].hash, MAIL_HASH_SIZE);
	}
}

static bool is_domain_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static bool is_domain(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!is_domain_byte(text.data[i]))
			return false;
	return text.size > 0 && text.size <= MAIL_ADDRESS_MAX && text.data[0] != '.' &&
	       text.data[text.size - 1] != '.';
}

bool mail_address_is_plain(struct bytes address)
{
	static const char local_marks[] = "!#$%&'*+-/=?^_`{|}~.";
	const uint8_t *at = address.size ? memchr(address.data, '@', address.size) : NULL;
	size_t local = at ? (size_t)(at - address.data) : 0;

	if (local == 0 || local > 64 || address.size > MAIL_ADDRESS_MAX)
		return false;
	for (size_t i = 0; i < local; i++) {
		uint8_t c = address.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
			(c == 0 || !strchr(local_marks, c)))
			return false;
	}
	return is_domain(bytes_of(at + 1, address.size - local - 1));
}

static bool is_clean(struct bytes text, size_t max, bool lines)
{
	if (text.size > max || !text_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c < ' ' && !(lines && (c == '\n' || c == '\t'))) || c == 0x7f)
			return false;
	}
	return true;
}

static bool read_recipients(struct frame_reader *in, struct mail *out)
{
	uint16_t count = frame_u16(in);

	if (count > MAIL_RECIPIENTS_MAX)
		return false;
	for (size_t i = 0; i < count && !in->failed; i++) {
		out->to[i] = frame_string(in);
		if (!in->failed && !mail_address_is_plain(out->to[i]))
			return false;
	}
	out->to_count = count;
	return !in->failed;
}

static bool read_results(struct frame_reader *in, struct mail *out)
{
	uint16_t count = frame_u16(in);

	if (count > MAIL_RESULTS_MAX)
		return false;
	for (size_t i = 0; i < count && !in->failed; i++) {
		struct mail_auth *result = &out->results[i];
		uint8_t method = frame_u8(in), pass = frame_u8(in);

		if (method >= MAIL_METHODS || pass > 1)
			return false;
		result->method = method;
		result->pass = pass != 0;
		result->domain = frame_string(in);
		if (!in->failed && !is_domain(result->domain))
			return false;
	}
	out->result_count = count;
	return !in->failed;
}

static bool read_files(struct frame_reader *in, struct mail *out)
{
	uint16_t count = frame_u16(in);

	if (count > MAIL_FILES_MAX)
		return false;
	for (size_t i = 0; i < count && !in->failed; i++) {
		out->files[i].name = frame_string(in);
		out->files[i].size = frame_u32(in);
		out->files[i].hash = frame_raw(in, MAIL_HASH_SIZE).data;
		if (!in->failed && (!is_clean(out->files[i].name, MAIL_NAME_MAX, false) ||
					   out->files[i].size > MAIL_BYTES_MAX))
			return false;
	}
	out->file_count = count;
	return !in->failed;
}

/* What a refusal says of the mail is nothing but why. */
static bool is_whole(const struct mail *mail)
{
	if (mail->result != MAIL_OK)
		return mail->reason.size > 0 && mail->from.size == 0 && mail->text.size == 0 &&
		       mail->to_count == 0;
	return mail->reason.size == 0 && mail_address_is_plain(mail->from);
}

int mail_answer_parse(struct bytes answer, struct mail *out)
{
	struct frame_reader in = {.rest = answer};
	uint8_t result;

	*out = (struct mail){0};
	result = frame_u8(&in);
	out->reason = frame_string(&in);
	out->flags = frame_u8(&in);
	out->date_s = (int64_t)frame_u64(&in);
	out->from = frame_string(&in);
	out->message_id = frame_string(&in);
	out->in_reply_to = frame_string(&in);
	out->subject = frame_string(&in);
	out->text = frame_string(&in);
	if (in.failed || result > MAIL_TOO_MUCH || !read_recipients(&in, out) ||
		!read_results(&in, out) || !read_files(&in, out) || !frame_complete(&in))
		return -1;
	out->result = result;
	if (!is_clean(out->reason, MAIL_REASON_MAX, false) ||
		!is_clean(out->message_id, MAIL_ID_MAX, false) ||
		!is_clean(out->in_reply_to, MAIL_ID_MAX, false) ||
		!is_clean(out->subject, MAIL_SUBJECT_MAX, false) ||
		!is_clean(out->text, MAIL_TEXT_MAX, true) || out->date_s < 0)
		return -1;
	return is_whole(out) ? 0 : -1;
}
