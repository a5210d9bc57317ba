/* SPDX-License-Identifier: Apache-2.0 */
/* Appeals by the service bot: the link of the letter, "/start appeal_CODE", then the words. The
 * code itself is kept nowhere; that the chat waits for an answer is, until it was told. */
#include "desk/liaison/dialogue_appeal.h"

#include "base/text.h"
#include "desk/appeals/appeals.h"
#include "desk/lanes/form.h"
#include "desk/letters/letters.h"
#include "desk/sop/sop_templates.h"
#include "desk/letters/tell.h"

static const struct {
	const char *ask; /* %s: what it is about */
} words[LETTER_LANGUAGES] = {
	{"Your appeal about %s. Write in one message why the decision is wrong. /cancel ends "
	 "this."},
	{"Keberatan Anda mengenai %s. Tuliskan dalam satu pesan mengapa keputusan itu keliru. "
	 "/cancel membatalkan."},
};

static int language_at(const char *language)
{
	for (int i = 1; i < LETTER_LANGUAGES; i++)
		if (strcmp(letter_language(i), language) == 0)
			return i;
	return 0;
}

static void say_refusal(struct dialogue *d, enum appeal_refusal refusal)
{
	/* What can be put right at once is always said. */
	if (refusal == APPEAL_SHORT || refusal == APPEAL_LONG || dialogue_may_refuse(d))
		dialogue_say(d, 0,
			appeal_refusal_text(
				d->arena, &d->desk->sop, refusal, language_at(d->language)),
			NULL);
}

static char *subject_of(struct dialogue *d, int64_t case_id)
{
	struct desk_case c;

	return desk_case_get(d->db, d->arena, case_id, &c) ? tell_subject(d->arena, &c) : NULL;
}

bool appeal_begin(struct dialogue *d)
{
	static const char prefix[] = "appeal_";
	struct bytes code =
		bytes_of(d->rest.data + sizeof(prefix) - 1, d->rest.size - (sizeof(prefix) - 1));
	struct desk_appeal_code party;
	enum appeal_refusal refusal = APPEAL_UNKNOWN;
	const char *ask, *subject;
	int64_t last;

	if (!d->heard->private)
		return false; /* what it says is nobody else's */
	if (appeal_code_find(d->desk, d->db, d->arena, code, &party))
		refusal = appeal_may(d->desk, d->db, d->arena, &party, d->now_s, &last);
	if (refusal != APPEAL_TAKEN) {
		say_refusal(d, refusal);
		return true;
	}
	json_decref(d->data);
	d->data = json_pack("{s:I, s:i, s:o, s:I, s:I}", "case", (json_int_t)party.case_id,
		"decision", (int)party.decision, "party", json_bytes(party.party), "party_id",
		(json_int_t)party.party_id, "until", (json_int_t)party.until_at);
	dialogue_keep(d, "appeal_words");
	ask = words[language_at(d->language)].ask;
	subject = subject_of(d, party.case_id);
	dialogue_say(d, 0,
		arena_printf(d->arena, "%.*s%s%s", (int)(strstr(ask, "%s") - ask), ask,
			subject ? subject : "", strstr(ask, "%s") + 2),
		NULL);
	return true;
}

static struct desk_appeal_code party_of(const json_t *data)
{
	const json_t *party = json_object_get(data, "party");

	return (struct desk_appeal_code){
		.case_id = json_integer_value(json_object_get(data, "case")),
		.decision = (int32_t)json_integer_value(json_object_get(data, "decision")),
		.party = bytes_of(json_string_value(party), json_string_length(party)),
		.party_id = json_integer_value(json_object_get(data, "party_id")),
		.until_at = json_integer_value(json_object_get(data, "until"))};
}

bool appeal_words(struct dialogue *d)
{
	const struct desk_appeal_code party = party_of(d->data);
	struct desk_appeal appeal;
	enum appeal_refusal refusal;

	if (!d->heard->private || !party.party.data)
		return false;
	refusal =
		appeal_file(d->desk, d->db, d->arena, &party, 0, d->heard->text, d->now_s, &appeal);
	if (refusal == APPEAL_TAKEN) {
		const struct sop_value values[] = {
			{"appeal", arena_printf(d->arena, "%lld", (long long)appeal.id)},
			{"case", arena_printf(d->arena, "%lld", (long long)appeal.case_id)},
			{"subject", subject_of(d, appeal.case_id)},
			{"due", text_rfc3339(d->arena, appeal.due_at)}, {NULL, NULL}};

		desk_appeal_chat_put(d->db, appeal.id, d->heard->chat, bytes_from_str(d->language));
		dialogue_say(d, 0,
			sop_letter(d->arena, &d->desk->sop, "appeal_receipt", d->language, values),
			NULL);
	} else {
		say_refusal(d, refusal);
	}
	if (refusal != APPEAL_SHORT && refusal != APPEAL_LONG)
		dialogue_end(d);
	return true;
}
