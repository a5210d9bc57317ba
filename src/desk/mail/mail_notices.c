/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_notices.h"

#include "base/log.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "desk/mail/mail_letter.h"
#include "desk/lanes/notice_answers.h"
#include "desk/letters/outbox.h"
#include "store/square_desk_mail.h"

static const char purpose[] = "notice_mail";

void notice_mail_hash(const struct desk *desk, struct arena *arena, struct bytes address,
	uint8_t out[KEYBOX_HASH_SIZE])
{
	keybox_hash(desk->people, purpose, bytes_from_str(text_lower(arena, address)), out);
}

void notice_mail_keep(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	const struct notice_mail *mail, int64_t now_s)
{
	uint8_t hash[KEYBOX_HASH_SIZE];
	struct desk_notice_mail row = {
		.notice = notice,
		.at = now_s,
		.address = keybox_seal(desk->people, purpose, notice, mail->address, arena),
		.address_hash = bytes_of(hash, sizeof(hash)),
		.message_id = mail->message_id.data ? mail->message_id : BYTES_LITERAL(""),
		.language = mail->language,
	};

	notice_mail_hash(desk, arena, mail->address, hash);
	desk_notice_mail_insert(db, &row);
}

bool notice_mail_get(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	struct notice_mail *out)
{
	struct desk_notice_mail row;

	if (!desk_notice_mail_get(db, arena, notice, &row))
		return false;
	if (keybox_open(desk->people, purpose, notice, row.address, arena, &out->address) < 0) {
		log_error("mail_address_lost", "of notice %lld: another people.key",
			(long long)notice);
		return false;
	}
	out->message_id = row.message_id;
	out->language = row.language;
	return true;
}

void notice_mail_tell(struct db *db, struct arena *arena, int64_t notice, int64_t case_id,
	const struct notice_mail *mail, const char *subject, const char *text, int64_t now_s)
{
	struct outbox_item item = {.way = OUTBOX_MAIL,
		.case_id = case_id,
		.to = mail->address,
		.text = bytes_from_str(text),
		.subject = bytes_from_str(subject)};

	if (notice)
		item.subject = bytes_from_str(
			arena_printf(arena, "%s " MAIL_TOKEN, subject, (long long)notice));
	if (mail->message_id.size > 0)
		item.headers = bytes_from_str(
			arena_printf(arena, "In-Reply-To: <%.*s>\nReferences: <%.*s>\n",
				(int)mail->message_id.size, (const char *)mail->message_id.data,
				(int)mail->message_id.size, (const char *)mail->message_id.data));
	outbox_put(db, now_s, &item);
}

/* ---- The desk's answer ---- */

static const struct {
	const char *answer, *en, *id;
} subjects[] = {
	{"receipt", "Received: case", "Diterima: kasus"},
	{"effect", "Carried out: case", "Dilaksanakan: kasus"},
	{"obstacle", "Question: case", "Pertanyaan: kasus"},
	{"no_effect", "Decided: case", "Diputuskan: kasus"},
};

static char *subject_of(struct arena *arena, const json_t *answer, bool indonesian)
{
	const char *name = json_string_value(json_object_get(answer, "answer"));
	const char *words = indonesian ? "Kasus" : "Case";

	for (size_t i = 0; name && i < ARRAY_LEN(subjects); i++)
		if (strcmp(name, subjects[i].answer) == 0)
			words = indonesian ? subjects[i].id : subjects[i].en;
	return arena_printf(arena, "%s %lld", words,
		(long long)json_integer_value(json_object_get(answer, "case")));
}

/* A question waits ("since"): it is answered where it is asked. */
static const char *how_to_answer(const json_t *answer, bool indonesian)
{
	if (!json_object_get(answer, "since"))
		return "";
	return indonesian ? "\n\nUntuk menjawab, balas surel ini.\n"
			  : "\n\nTo answer, reply to this mail.\n";
}

void notice_mail_answer(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	const char *more, int64_t now_s)
{
	uint8_t hash[HASH_SHA256_SIZE];
	struct notice_mail mail;
	json_t *answer;
	const char *text;
	bool indonesian;

	if (!notice_mail_get(desk, db, arena, notice, &mail))
		return;
	indonesian = bytes_equal_str(mail.language, MAIL_LANGUAGE_ID);
	answer = notice_answer(desk, db, arena, notice, arena_str(arena, mail.language));
	text = json_string_value(json_object_get(answer, "text"));
	hash_sha256(bytes_from_str(text ? text : ""), hash);
	if (text && desk_notice_mail_told(db, notice, bytes_of(hash, sizeof(hash))))
		notice_mail_tell(db, arena, notice,
			json_integer_value(json_object_get(answer, "case")), &mail,
			subject_of(arena, answer, indonesian),
			arena_printf(
				arena, "%s%s%s", text, how_to_answer(answer, indonesian), more),
			now_s);
	json_decref(answer);
}

void notice_mail_answer_all(
	struct desk *desk, struct db *db, struct arena *arena, int64_t case_id, int64_t now_s)
{
	int64_t notice = 0;

	while ((notice = desk_notice_mail_next(db, case_id, notice)))
		notice_mail_answer(desk, db, arena, notice, "", now_s);
}
