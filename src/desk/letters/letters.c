/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A language is one row of words here, and the SOP's templates in it. */
#include "desk/letters/letters.h"

#include <string.h>

#include "base/text.h"
#include "desk/letters/message_size.h"
#include "desk/sop/sop_templates.h"

#define COUNTRIES_IN_LETTER 30
#define VALUES_MAX 20 /* and the end */
#define KINDS 3	      /* enum desk_subject_kind */

struct words {
	const char *language;
	const char *yours[KINDS]; /* before the name */
	const char *post;	  /* between the post's number and the name */
	const char *remove, *restrict_, *many, *many_end, *label, *freeze;
	const char *authority, *flagger, *sensor, *user;
	const char *detected;
	const char *strikes[KINDS];	       /* before how many */
	const char *strike_days, *strikes_end; /* around in how many days */
	const char *kinds[KINDS], *a_post;     /* for readers */
};

static const struct words rows[LETTER_LANGUAGES] = {
	{
		.language = "en",
		.yours = {"Your channel @", "Your public profile @", "Your bot @"},
		.post = " of your channel @",
		.remove = "was removed for everybody",
		.restrict_ = "was hidden from readers whose number is of: ",
		.many = "was hidden from readers whose number is of one of ",
		.many_end = " countries; the ledger lists them",
		.label = "is shown behind a warning",
		.freeze = "takes no new posts; what is there can be read",
		.authority = "a notice of a public authority",
		.flagger = "a notice of a trusted flagger",
		.sensor = "an automatic detection in public posts",
		.user = "a reader's report",
		.detected = "It was found automatically; a person looked at it and decided.",
		.strikes = {"Measures of this kind about this channel before this one: ",
			"Measures of this kind about this profile before this one: ",
			"Measures of this kind about this bot before this one: "},
		.strike_days = ", in the last ",
		.strikes_end = " days.",
		.kinds = {"channel", "profile", "bot"},
		.a_post = "post",
	},
	{
		.language = "id",
		.yours = {"Kanal Anda @", "Profil publik Anda @", "Bot Anda @"},
		.post = " di kanal Anda @",
		.remove = "telah dihapus untuk semua orang",
		.restrict_ = "disembunyikan dari pembaca yang nomornya berasal dari: ",
		.many = "disembunyikan dari pembaca yang nomornya berasal dari salah satu dari ",
		.many_end = " negara; daftarnya ada di buku besar publik",
		.label = "ditampilkan di balik sebuah peringatan",
		.freeze = "tidak menerima kiriman baru; yang sudah ada tetap dapat dibaca",
		.authority = "pemberitahuan dari otoritas publik",
		.flagger = "pemberitahuan dari pelapor tepercaya",
		.sensor = "deteksi otomatis pada kiriman publik",
		.user = "laporan seorang pembaca",
		.detected = "Ini ditemukan secara otomatis; seseorang memeriksanya dan memutuskan.",
		.strikes = {"Tindakan sejenis terhadap kanal ini sebelumnya: ",
			"Tindakan sejenis terhadap profil ini sebelumnya: ",
			"Tindakan sejenis terhadap bot ini sebelumnya: "},
		.strike_days = ", dalam ",
		.strikes_end = " hari terakhir.",
		.kinds = {"Kanal", "Profil", "Bot"},
		.a_post = "Kiriman",
	},
};

const char *letter_language(int at)
{
	return rows[at].language;
}

static char *number(struct arena *arena, int64_t value)
{
	return arena_printf(arena, "%lld", (long long)value);
}

char *letter_for_readers(struct arena *arena, const struct sop *sop, const struct desk_case *c,
	enum desk_subject_kind kind, const char *action, const struct sop_category *category)
{
	const struct words *w = &rows[0];
	const struct sop_value values[] = {{"subject", c->post ? w->a_post : w->kinds[kind]},
		{"category", category->title}, {"case", number(arena, c->id)}, {NULL, NULL}};
	const char *id = "readers_restricted";

	if (strcmp(action, "restore") == 0)
		id = "readers_restored";
	else if (strcmp(action, "remove") == 0)
		id = "readers_removed";
	else if (strcmp(action, "label") == 0)
		id = "readers_labelled";
	return sop_letter(arena, sop, id, w->language, values);
}

char *letter_redress(
	struct arena *arena, int language, const struct sop *sop, int64_t case_id, const char *link)
{
	const struct sop_value values[] = {{"days", number(arena, sop->appeal_days)},
		{"contact", sop->appeal_contact}, {"case", number(arena, case_id)}, {"link", link},
		{NULL, NULL}};

	return sop_letter(arena, sop, "redress", rows[language].language, values);
}

static const char *measure(
	struct arena *arena, const struct words *w, const struct desk_statement *s)
{
	if (bytes_equal_str(s->action, "remove"))
		return w->remove;
	if (bytes_equal_str(s->action, "label"))
		return w->label;
	if (bytes_equal_str(s->action, "freeze"))
		return w->freeze;
	if (s->countries.size > COUNTRIES_IN_LETTER * 3)
		return arena_printf(
			arena, "%s%zu%s", w->many, (s->countries.size + 1) / 3, w->many_end);
	return arena_printf(arena, "%s%s", w->restrict_, arena_str(arena, s->countries));
}

static const char *origin(const struct words *w, struct bytes lane)
{
	if (bytes_equal_str(lane, "authority"))
		return w->authority;
	if (bytes_equal_str(lane, "flagger"))
		return w->flagger;
	return bytes_equal_str(lane, "sensor") ? w->sensor : w->user;
}

/* A freeze is of the channel, also where the case is about a post. */
static char *subject(struct arena *arena, const struct words *w, const struct letter *letter)
{
	const char *name = arena_str(arena, letter->c->name);
	const struct desk_statement *s = letter->statement;

	if (!s->post)
		return arena_printf(arena, "%s%s", w->yours[letter->kind], name);
	return arena_printf(arena, "%s %d%s%s", strcmp(w->language, "en") == 0 ? "Post" : w->a_post,
		s->post, w->post, name);
}

static const char *strikes(struct arena *arena, const struct words *w, const struct letter *letter)
{
	if (!letter->strikes)
		return NULL;
	return arena_printf(arena, "%s%lld%s%lld%s", w->strikes[letter->kind],
		(long long)letter->strikes, w->strike_days, (long long)letter->strike_days,
		w->strikes_end);
}

/* ---- Letters are one message: who gets one can't turn pages ---- */

static size_t excess(const char *text)
{
	size_t units = text_utf16_length(bytes_from_str(text));

	return units > MESSAGE_UNITS_MAX ? units - MESSAGE_UNITS_MAX : 0;
}

static struct sop_value *value_of(struct sop_value *values, const char *name)
{
	while (values->name && strcmp(values->name, name) != 0)
		values++;
	return values->name && values->text ? values : NULL;
}

char *letter_within(struct arena *arena, const struct sop *sop, const char *id,
	const char *language, struct sop_value *values, const char *const *may_shorten)
{
	char *text = sop_letter(arena, sop, id, language, values);
	struct sop_value *value;
	size_t units;

	for (; *may_shorten && excess(text); may_shorten++) {
		value = value_of(values, *may_shorten);
		if (!value)
			continue;
		units = text_utf16_length(bytes_from_str(value->text));
		value->text = message_shorten(
			arena, value->text, units > excess(text) ? units - excess(text) : 0);
		text = sop_letter(arena, sop, id, language, values);
	}
	/* A template of the operator's that is too long alone. */
	return message_shorten(arena, text, MESSAGE_UNITS_MAX);
}

char *letter_for_owner(struct arena *arena, int language, const struct letter *letter)
{
	const struct words *w = &rows[language];
	const struct desk_case *c = letter->c;
	const struct desk_statement *s = letter->statement;
	const struct sop_category *category = letter->category;
	const bool restores = bytes_equal_str(s->action, "restore");
	const bool by_terms = bytes_equal_str(s->basis, "terms");
	struct sop_value values[VALUES_MAX] = {
		{"strikes", strikes(arena, w, letter)}, /* these two first: see below */
		{"redress", letter_redress(arena, language, letter->sop, c->id, letter->link)},
		{"subject", subject(arena, w, letter)},
		{"measure", measure(arena, w, s)},
		{"until", s->ends_at ? text_rfc3339(arena, s->ends_at) : NULL},
		{"case", number(arena, c->id)},
		{"decided", text_rfc3339(arena, s->created_at)},
		{"category", sop_title(category, w->language)},
		{"law", s->law.size ? arena_printf(arena, " (%s)", arena_str(arena, s->law))
				    : NULL},
		{"terms", by_terms ? category->terms : NULL},
		{"origin", origin(w, s->lane)},
		{"facts", arena_str(arena, s->facts)},
		{"ground", arena_str(arena, s->ground)},
		{"detection", s->automated_detection ? w->detected : NULL},
		{"leaf", number(arena, letter->leaf)},
		{"key", text_hex(arena, c->salt)},
	};
	static const char *const may_shorten[] = {"facts", "ground", NULL};
	const char *id = restores ? "restored" : "statement";

	if (bytes_equal_str(s->action, "warn"))
		id = "warning";
	if (!excess(sop_letter(arena, letter->sop, id, w->language, values)))
		return sop_letter(arena, letter->sop, id, w->language, values);
	/* What can best be done without. Of the links the first suffices. */
	values[0].text = NULL;
	if (letter->link && excess(sop_letter(arena, letter->sop, id, w->language, values)))
		values[1].text = letter_redress(arena, language, letter->sop, c->id,
			arena_printf(arena, "%.*s", (int)strcspn(letter->link, ","), letter->link));
	return letter_within(arena, letter->sop, id, w->language, values, may_shorten);
}
