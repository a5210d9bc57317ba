/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_replies.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk/mail/mail_form.h"

#define TEXT_MAX ((size_t)128 << 10)

static bool indonesian(const struct mail_reply *reply)
{
	return bytes_equal_str(reply->to.language, MAIL_LANGUAGE_ID);
}

static const char *either(const struct mail_reply *reply, const char *en, const char *id)
{
	return indonesian(reply) ? id : en;
}

static void send(const struct mail_reply *reply, int64_t notice, int64_t case_id,
	const char *subject, struct buf *text)
{
	buf_append_u8(text, 0);
	notice_mail_tell(reply->db, reply->arena, notice, case_id, &reply->to, subject,
		text->failed ? "" : (const char *)buf_data(text), reply->now_s);
	buf_release(text);
}

/* What is not kept, its sender is told. */
static void put_files(const struct mail_reply *reply, struct buf *text)
{
	if (reply->mail->file_count == 0)
		return;
	buf_printf(text, "\n%s\n",
		either(reply, "Attachments are not kept. These were with your mail:",
			"Lampiran tidak disimpan. Ini yang ada di surel Anda:"));
	for (size_t i = 0; i < reply->mail->file_count; i++) {
		const struct mail_file *file = &reply->mail->files[i];

		buf_printf(text, "  %.*s  %u B  SHA-256 %s\n", (int)file->name.size,
			(const char *)file->name.data, file->size,
			text_hex(reply->arena, bytes_of(file->hash, MAIL_HASH_SIZE)));
	}
}

void mail_reply_receipt(const struct mail_reply *reply, int64_t notice)
{
	struct buf files;

	buf_init(&files, TEXT_MAX);
	put_files(reply, &files);
	buf_append_u8(&files, 0);
	notice_mail_answer(reply->desk, reply->db, reply->arena, notice,
		files.failed ? "" : (const char *)buf_data(&files), reply->now_s);
	buf_release(&files);
}

static void put_problems(const struct mail_reply *reply, struct buf *text, const json_t *gate)
{
	const json_t *missing = json_object_get(gate, "missing");
	const json_t *invalid = json_object_get(gate, "invalid"), *item;
	const char *error = json_string_value(json_object_get(gate, "error"));
	size_t at;

	if (error)
		buf_printf(text, "\n  %s\n", error);
	if (json_array_size(missing) > 0)
		buf_printf(text, "\n%s\n", either(reply, "Missing:", "Yang belum ada:"));
	json_array_foreach(missing, at, item)
	{
		buf_printf(text, "  - %s\n",
			mail_form_title(json_string_value(item), indonesian(reply)));
	}
	if (json_array_size(invalid) > 0)
		buf_printf(text, "\n%s\n", either(reply, "Wrong:", "Yang salah:"));
	json_array_foreach(invalid, at, item)
	{
		buf_printf(text, "  - %s: %s\n",
			mail_form_title(json_string_value(json_object_get(item, "field")),
				indonesian(reply)),
			json_string_value(json_object_get(item, "reason")));
	}
}

static void put_form(const struct mail_reply *reply, struct buf *text, const char *name)
{
	enum notice_form form = name ? notice_form_by_name(bytes_from_str(name)) : FORM_ART16;

	buf_printf(text, "\n%s\n\n",
		either(reply, "To try again, fill this in and send it as a new mail:",
			"Untuk mencoba lagi, isi ini dan kirim sebagai surel baru:"));
	mail_form_write(text, &reply->desk->sop, form == FORM_COUNT ? FORM_ART16 : form,
		reply->stranger, indonesian(reply));
}

void mail_reply_refused(const struct mail_reply *reply, const json_t *gate, const char *form)
{
	/* Of an order: the answer that its law wants (Annex III). */
	const char *letter =
		json_string_value(json_object_get(json_object_get(gate, "answer"), "text"));
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_printf(&text, "%s\n",
		letter ? letter
		       : either(reply, "Your notice was not taken.",
				 "Laporan Anda tidak dapat diterima."));
	put_problems(reply, &text, gate);
	put_form(reply, &text, form);
	send(reply, 0, 0, either(reply, "Not taken: your notice", "Tidak diterima: laporan Anda"),
		&text);
}

void mail_reply_no_form(const struct mail_reply *reply)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_append_str(&text,
		either(reply,
			"Your mail was not taken: there is no form in it, and it answers no "
			"question.\n",
			"Surel Anda tidak diterima: tidak ada formulir di dalamnya, dan bukan "
			"jawaban atas pertanyaan.\n"));
	put_form(reply, &text, NULL);
	send(reply, 0, 0, either(reply, "Not taken: your mail", "Tidak diterima: surel Anda"),
		&text);
}

void mail_reply_unknown(const struct mail_reply *reply)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_append_str(&text,
		either(reply,
			"Your mail was not taken: this address takes notices of authorities and "
			"trusted flaggers\nwhose addresses the operator has entered, and yours is "
			"none "
			"of them.\n\nIn the messenger everybody can report a channel or a post by "
			"its "
			"menu.\n",
			"Surel Anda tidak diterima: alamat ini menerima laporan dari otoritas dan "
			"pelapor tepercaya\nyang alamatnya telah didaftarkan operator, dan alamat "
			"Anda "
			"belum terdaftar.\n\nDi aplikasi, siapa pun dapat melaporkan kanal atau "
			"kiriman "
			"lewat menunya.\n"));
	send(reply, 0, 0, either(reply, "Not taken: your mail", "Tidak diterima: surel Anda"),
		&text);
}

void mail_reply_enough(const struct mail_reply *reply)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_append_str(&text,
		either(reply,
			"Thank you. Your notice was not taken: more have come by mail today than "
			"can be looked at.\nPlease send it again tomorrow.\n\nIn the messenger "
			"everybody can report a channel or a post by its menu, at any time.\n",
			"Terima kasih. Laporan Anda tidak diterima: hari ini lebih banyak laporan "
			"masuk lewat surel\ndaripada yang dapat diperiksa. Silakan kirim lagi "
			"besok.\n\nDi aplikasi, siapa pun dapat melaporkan kanal atau kiriman "
			"lewat menunya, kapan saja.\n"));
	send(reply, 0, 0, either(reply, "Not taken: your notice", "Tidak diterima: laporan Anda"),
		&text);
}

void mail_reply_answered(const struct mail_reply *reply, int64_t notice, const char *error)
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	buf_printf(&text, "%s (%s %lld)\n",
		error ? either(reply, "Your answer was not taken.", "Jawaban Anda tidak diterima.")
		      : either(reply, "Your answer was taken; the case goes on.",
				"Jawaban Anda diterima; kasus dilanjutkan."),
		either(reply, "notice", "laporan"), (long long)notice);
	if (error)
		buf_printf(&text, "\n  %s\n", error);
	put_files(reply, &text);
	send(reply, notice, 0,
		error ? either(reply, "Not taken: your answer", "Tidak diterima: jawaban Anda")
		      : either(reply, "Your answer was taken", "Jawaban Anda diterima"),
		&text);
}
