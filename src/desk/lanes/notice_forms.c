/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/notice_forms.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "desk/desk.h"
#include "desk/lanes/organisations.h"

#define LAW_DIGITS_MAX 7 /* in a row: "5/2018" is a law, 0812345678 is somebody's phone */
#define CHOICES_MAX 16
#define STRANGE_MAX 16 /* so many unknown fields are named */

#define NOT NEED_NOT
#define MAY NEED_MAY
#define OF_STRANGER NEED_STRANGER
#define MUST NEED_MUST

/* clang-format off */
static const struct notice_field fields[] = {
	/*                                                        art16  art9  tco */
	{"subject",        FIELD_SUBJECT,   SUBJECT_TEXT_MAX,   {MUST,  MUST, MUST}, NULL,
		{"Exact location", "Lokasi persis"},
		{"A public channel, group, profile or bot, or one post: @name, @name/12, or a "
			 "link to it. One notice is about one.",
		 "Kanal, grup, profil atau bot publik, atau satu kiriman: @nama, @nama/12, atau "
			 "tautannya. "
			 "Satu laporan untuk satu hal."}},
	{"location",       FIELD_TEXT,      1000,               {MAY,   MAY,  MAY},  NULL,
		{"What else helps to find it", "Hal lain yang membantu menemukannya"},
		{"For example the minute of a video, or which of several pictures.",
		 "Misalnya menit dalam video, atau gambar yang mana."}},
	{"category",       FIELD_CATEGORY,  SOP_NAME_MAX - 1,   {MUST,  MUST, MUST}, NULL,
		{"Category", "Kategori"},
		{"One of the SOP's. A removal order is about terrorist content.",
		 "Salah satu dari SOP. Perintah penghapusan hanya untuk konten terorisme."}},
	{"law",            FIELD_LAW,       NOTICE_LAW_MAX,     {MUST,  MUST, MUST}, NULL,
		{"Legal basis", "Dasar hukum"},
		{"The law and its article. It is published: no person, number or link.",
		 "Undang-undang dan pasalnya. Ini diumumkan: tanpa orang, nomor, atau tautan."}},
	{"reasons",        FIELD_TEXT,      NOTICE_REASONS_MAX, {MUST,  MUST, MUST}, NULL,
		{"Why it is illegal", "Mengapa melanggar hukum"},
		{"What is there, and how it breaks that law. Moderators read it, nobody else.",
		 "Apa isinya, dan bagaimana itu melanggar hukum tersebut. Hanya moderator yang "
			 "membacanya."}},
	{"good_faith",     FIELD_TRUE,      0,                  {MUST,  NOT,  NOT},  NULL,
		{"In good faith", "Dengan itikad baik"},
		{"You believe in good faith that the notice is accurate and complete.",
		 "Anda yakin dengan itikad baik bahwa laporan ini benar dan lengkap."}},
	{"urgent",         FIELD_SWITCH,    0,                  {MAY,   MAY,  MAY},  NULL,
		{"Urgent", "Mendesak"},
		{"The SOP's clock for urgent notices.", "Tenggat SOP untuk laporan mendesak."}},
	{"name",           FIELD_TEXT,      200,                {OF_STRANGER, NOT, NOT}, NULL,
		{"Your name", "Nama Anda"},
		{"Of the person or organisation; not needed about the sexual abuse of children.",
		 "Nama orang atau organisasi; tidak diperlukan untuk kekerasan seksual terhadap "
			 "anak."}},
	{"mail",           FIELD_MAIL,      254,                {OF_STRANGER, NOT, NOT}, NULL,
		{"Your e-mail address", "Alamat surel Anda"},
		{"Where the answer goes; not needed about the sexual abuse of children.",
		 "Ke mana jawaban dikirim; tidak diperlukan untuk kekerasan seksual terhadap "
			 "anak."}},
	{"grounds",        FIELD_CHOICES,   0,                  {NOT,   NOT,  MUST},
		"incites|solicits_offence|solicits_group|instructs|threatens",
		{"The material", "Materi tersebut"},
		{"Annex I, section B: incites to terrorist offences, solicits to commit one, "
			 "solicits to take part in a group, instructs in weapons or methods, "
			 "threatens with an offence.",
		 "Lampiran I, bagian B: menghasut tindak pidana terorisme, mengajak "
			 "melakukannya, mengajak ikut kelompok, mengajarkan senjata atau cara, "
			 "mengancam."}},
	{"authority",      FIELD_TEXT,      200,                {NOT,   MUST, MUST}, NULL,
		{"Issuing authority", "Otoritas yang menerbitkan"},
		{"The court or office that issued the order.", "Pengadilan atau lembaga yang "
			 "menerbitkan perintah."}},
	{"authority_kind", FIELD_CHOICE,    0,                  {NOT,   MAY,  MUST},
		"court|law_enforcement|other",
		{"Kind of authority", "Jenis otoritas"},
		{"Annex I, section E: a judge or court, law enforcement, or another competent "
			 "authority.",
		 "Lampiran I, bagian E: hakim atau pengadilan, penegak hukum, atau otoritas lain "
			 "yang berwenang."}},
	{"official",       FIELD_TEXT,      200,                {NOT,   MAY,  MUST}, NULL,
		{"Who signs", "Penanda tangan"},
		{"Name and post of who issued or certifies it.", "Nama dan jabatan yang "
			 "menerbitkan atau mengesahkan."}},
	{"reference",      FIELD_TEXT,      120,                {NOT,   MUST, MUST}, NULL,
		{"Reference number", "Nomor rujukan"},
		{"Of the order: answers carry it.", "Nomor perintah: dimuat dalam setiap "
			 "jawaban."}},
	{"issued",         FIELD_TIME,      0,                  {NOT,   MAY,  MUST}, NULL,
		{"Issued", "Diterbitkan"},
		{"Date and time of the order, in UTC.", "Tanggal dan waktu perintah, dalam UTC."}},
	{"countries",      FIELD_COUNTRIES, 0,                  {NOT,   MUST, NOT},  NULL,
		{"Territorial scope", "Cakupan wilayah"},
		{"Where the order holds. A removal order holds in all Member States of the Union.",
		 "Di mana perintah berlaku. Perintah penghapusan berlaku di semua negara anggota "
			 "Uni Eropa."}},
	{"language",       FIELD_CHOICE,    0,                  {NOT,   MUST, MUST}, "en|id",
		{"Language", "Bahasa"},
		{"Of the order or of the translation that comes with it: one of those that this "
			 "desk reads.",
		 "Bahasa perintah atau terjemahannya: salah satu yang dibaca meja ini."}},
	{"redress",        FIELD_TEXT,      2000,               {NOT,   MUST, MUST}, NULL,
		{"Redress", "Upaya hukum"},
		{"How this server and the owner can challenge the order: where, and until when.",
		 "Bagaimana server ini dan pemilik dapat menggugat: di mana, dan sampai kapan."}},
	{"contact",        FIELD_MAIL,      254,                {NOT,   MUST, MUST}, NULL,
		{"Contact", "Kontak"},
		{"Who is to be told what effect the order had.", "Siapa yang diberi tahu akibat "
			 "dari perintah ini."}},
	{"telephone",      FIELD_TEXT,      40,                 {NOT,   MAY,  MAY},  NULL,
		{"Telephone", "Telepon"}, {"Of the authority.", "Nomor otoritas."}},
	{"address",        FIELD_TEXT,      300,                {NOT,   MAY,  MAY},  NULL,
		{"Address", "Alamat"}, {"Of the authority.", "Alamat otoritas."}},
	{"copy_to",        FIELD_TEXT,      200,                {NOT,   NOT,  MAY},  NULL,
		{"Copy sent to", "Salinan dikirim ke"},
		{"Annex I, section D: the competent authority of the State where this server is "
			 "established.",
		 "Lampiran I, bagian D: otoritas negara tempat server ini berkedudukan."}},
};
/* clang-format on */

static const struct {
	const char *name, *law;
	const char *title[2];
	bool orders;
} forms[FORM_COUNT] = {
	[FORM_ART16] = {"art16", "Regulation (EU) 2022/2065 Article 16", {"Notice", "Laporan"},
		false},
	[FORM_ART9] = {"art9", "Regulation (EU) 2022/2065 Article 9",
		{"Order against illegal content", "Perintah terhadap konten ilegal"}, true},
	[FORM_TCO] = {"tco", "Regulation (EU) 2021/784 Article 3, Annex I",
		{"Removal order for terrorist content", "Perintah penghapusan konten terorisme"},
		true},
};

static const char *const kind_names[FIELD_KINDS] = {"text", "subject", "category", "law", "mail",
	"time", "true", "switch", "choice", "choices", "countries"};

const struct notice_field *notice_field_at(size_t position)
{
	return position < ARRAY_LEN(fields) ? &fields[position] : NULL;
}

bool notice_field_is_about_sender(const struct notice_field *field)
{
	static const char *const names[] = {"name", "mail", "authority", "official", "reference",
		"contact", "telephone", "address", "copy_to"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], field->name) == 0)
			return true;
	return false;
}

const char *notice_form_name(enum notice_form form)
{
	return forms[form].name;
}

enum notice_form notice_form_by_name(struct bytes name)
{
	enum notice_form form = 0;

	while (form < FORM_COUNT && !bytes_equal_str(name, forms[form].name))
		form++;
	return form;
}

bool notice_form_orders(enum notice_form form)
{
	return form < FORM_COUNT && forms[form].orders;
}

bool notice_form_takes(enum notice_form form, const struct sop_category *category)
{
	return form != FORM_TCO || strstr(category->dsa_keywords, "KEYWORD_TERRORIST_CONTENT");
}

const char *notice_form_title(enum notice_form form, bool indonesian)
{
	return forms[form].title[indonesian];
}

bool notice_law_is_publishable(struct bytes law)
{
	size_t digits = 0;

	for (size_t i = 0; i < law.size; i++) {
		uint8_t c = law.data[i];

		digits = c >= '0' && c <= '9' ? digits + 1 : 0;
		if (c == '@' || c == '\n' || digits > LAW_DIGITS_MAX ||
			(i + 3 <= law.size && memcmp(law.data + i, "://", 3) == 0) ||
			(i + 5 <= law.size &&
				strncasecmp((const char *)law.data + i, "t.me/", 5) == 0))
			return false;
	}
	return true;
}

/* ---- Reading ---- */

struct reading {
	struct form *form;
	const struct sop *sop;
	const struct notice_sender *sender;
	struct notice_input *out;
	json_t *others; /* fields that have no place of their own in *out */
};

static json_t *value_of(const struct reading *r, const struct notice_field *field)
{
	return json_object_get(r->form->root, field->name);
}

static bool is_given(const json_t *value)
{
	return value && !json_is_null(value);
}

static bool is_choice(const struct notice_field *field, const json_t *value)
{
	struct bytes rest = bytes_from_str(field->choices);
	struct bytes text = bytes_of(json_string_value(value), json_string_length(value));

	while (json_is_string(value) && rest.size > 0) {
		const uint8_t *bar = memchr(rest.data, '|', rest.size);
		size_t size = bar ? (size_t)(bar - rest.data) : rest.size;

		if (bytes_equal(bytes_of(rest.data, size), text))
			return true;
		rest = bytes_of(rest.data + size + (bar ? 1 : 0), rest.size - size - (bar ? 1 : 0));
	}
	return false;
}

static void keep(struct reading *r, const struct notice_field *field, json_t *value)
{
	json_object_set_new(r->others, field->name, value);
}

static void read_choices(struct reading *r, const struct notice_field *field)
{
	json_t *list = value_of(r, field), *item;
	size_t at;

	if (field->kind == FIELD_CHOICE) {
		if (is_choice(field, list))
			keep(r, field, json_incref(list));
		else
			form_invalid(r->form, field->name, "is none of the choices");
		return;
	}
	if (json_is_array(list) && json_array_size(list) == 0) {
		form_missing(r->form, field->name);
		return;
	}
	if (!json_is_array(list) || json_array_size(list) > CHOICES_MAX) {
		form_invalid(r->form, field->name, "must be a list of choices");
		return;
	}
	json_array_foreach(list, at, item)
	{
		if (!is_choice(field, item)) {
			form_invalid(
				r->form, field->name, "has something that is none of the choices");
			return;
		}
	}
	keep(r, field, json_incref(list));
}

static void read_category(struct reading *r, const struct notice_field *field)
{
	struct bytes name = form_text(r->form, field->name, field->max);

	if (!name.data)
		return;
	r->out->category = sop_category(r->sop, arena_str(r->form->arena, name));
	if (!r->out->category)
		form_invalid(r->form, field->name, "is none of the SOP's: see GET /api/sop");
	else if (!notice_form_takes(r->out->form, r->out->category))
		form_invalid(
			r->form, field->name, "is not terrorist content: send an order (art9)");
}

/* What is kept word for word, or with others. */
static void read_text(struct reading *r, const struct notice_field *field)
{
	struct bytes text = form_text(r->form, field->name, field->max);
	struct notice_input *out = r->out;

	if (!text.data)
		return;
	if (field->kind == FIELD_SUBJECT) {
		out->subject_text = text;
		out->kind = subject_parse(text, &out->subject);
		if (out->kind == SUBJECT_UNCLEAR)
			form_invalid(r->form, field->name,
				"is no \"@name\", \"@name/12\" or link to a public channel or "
				"post");
	} else if (field->kind == FIELD_LAW) {
		out->law = text;
		if (!notice_law_is_publishable(text))
			form_invalid(r->form, field->name,
				"is published: name the law and its article, no person, number or "
				"link");
	} else if (field->kind == FIELD_MAIL && !organisation_address_ok(text)) {
		form_invalid(r->form, field->name, "is no e-mail address");
	} else if (strcmp(field->name, "reasons") == 0) {
		out->reasons = text;
	} else {
		keep(r, field, json_bytes(text));
	}
}

static void read_switch(struct reading *r, const struct notice_field *field)
{
	const json_t *value = value_of(r, field);

	r->out->urgent = json_is_true(value);
	if (!json_is_boolean(value))
		form_invalid(r->form, field->name, "is true or false");
}

static void read_countries(struct reading *r, const struct notice_field *field)
{
	if (json_is_array(value_of(r, field)) && json_array_size(value_of(r, field)) == 0)
		form_missing(r->form, field->name);
	else
		r->out->countries = form_countries(r->form, field->name);
}

static void read_time(struct reading *r, const struct notice_field *field)
{
	int64_t at = form_time(r->form, field->name);

	if (at)
		keep(r, field, json_time(r->form->arena, at));
}

static void read_field(struct reading *r, const struct notice_field *field)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_SUBJECT:
	case FIELD_LAW:
	case FIELD_MAIL:
		read_text(r, field);
		break;
	case FIELD_CATEGORY:
		read_category(r, field);
		break;
	case FIELD_TIME:
		read_time(r, field);
		break;
	case FIELD_TRUE:
		form_must_be_true(r->form, field->name);
		break;
	case FIELD_SWITCH:
		read_switch(r, field);
		break;
	case FIELD_CHOICE:
	case FIELD_CHOICES:
		read_choices(r, field);
		break;
	case FIELD_COUNTRIES:
		read_countries(r, field);
		break;
	case FIELD_KINDS:
		break;
	}
}

/* Article 16(2)(c): who reports the abuse of children need not say who they are. */
static bool must_say_who(const struct reading *r)
{
	json_t *category = json_object_get(r->form->root, "category");
	const struct sop_category *c =
		json_is_string(category) ? sop_category(r->sop, json_string_value(category)) : NULL;

	return !r->sender->known && !(c && strstr(c->dsa_keywords, "KEYWORD_CHILD_SEXUAL_ABUSE"));
}

static void read_form_name(struct reading *r)
{
	json_t *value = json_object_get(r->form->root, "form");
	enum notice_form form = FORM_ART16;

	if (is_given(value))
		form = json_is_string(value)
			       ? notice_form_by_name(bytes_from_str(json_string_value(value)))
			       : FORM_COUNT;
	if (form == FORM_COUNT)
		form_invalid(r->form, "form", "is none of those of GET /api/forms");
	else if (forms[form].orders && !r->sender->authority)
		form_invalid(r->form, "form", "only an authority orders; send a notice (art16)");
	r->out->form = form == FORM_COUNT ? FORM_ART16 : form;
}

/* What a form does not have is not passed over: an order may rest on it. */
static void refuse_strange_fields(struct reading *r)
{
	const char *name;
	json_t *value;
	int told = 0;

	json_object_foreach(r->form->root, name, value)
	{
		size_t at = 0;

		while (at < ARRAY_LEN(fields) && (fields[at].need[r->out->form] == NEED_NOT ||
							 strcmp(fields[at].name, name) != 0))
			at++;
		if (at == ARRAY_LEN(fields) && strcmp(name, "form") != 0 && told++ < STRANGE_MAX)
			form_invalid(r->form, name, "is no field of this form");
	}
}

void notice_read(struct form *form, const struct sop *sop, const struct notice_sender *sender,
	struct notice_input *out)
{
	struct reading r = {form, sop, sender, out, json_object()};
	char *text;

	*out = (struct notice_input){.kind = SUBJECT_UNCLEAR, .countries = BYTES_LITERAL("")};
	read_form_name(&r);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct notice_field *field = &fields[i];
		enum field_need need = field->need[out->form];
		bool must = need == NEED_MUST || (need == NEED_STRANGER && must_say_who(&r));

		if (is_given(value_of(&r, field)) ? need != NEED_NOT
						  : must && field->kind == FIELD_TRUE)
			read_field(&r, field);
		else if (must)
			form_missing(form, field->name);
	}
	refuse_strange_fields(&r);
	text = json_dumps(r.others, JSON_COMPACT | JSON_SORT_KEYS);
	out->fields = arena_bytes(form->arena, bytes_from_str(text));
	free(text);
	json_decref(r.others);
}

const char *notice_field_fault(struct arena *arena, const struct sop *sop, enum notice_form form,
	const struct notice_field *field, json_t *value)
{
	const struct notice_sender sender = {.known = true, .authority = true};
	struct notice_input out = {.form = form};
	struct form alone = {.arena = arena,
		.root = json_pack("{s:O}", field->name, value),
		.missing = json_array(),
		.invalid = json_array()};
	struct reading r = {&alone, sop, &sender, &out, json_object()};
	const char *reason, *fault = NULL;

	read_field(&r, field);
	reason = json_string_value(json_object_get(json_array_get(alone.invalid, 0), "reason"));
	if (reason)
		fault = arena_str(arena, bytes_from_str(reason));
	else if (json_array_size(alone.missing) > 0)
		fault = "is missing";
	json_decref(r.others);
	form_release(&alone);
	return fault;
}

/* ---- GET /api/forms ---- */

static json_t *both(const char *const words[2])
{
	return json_pack("{s:s, s:s}", "en", words[0], "id", words[1]);
}

static json_t *choices_of(const char *choices)
{
	json_t *list = json_array();

	while (choices && *choices) {
		size_t size = strcspn(choices, "|");

		json_array_append_new(list, json_stringn(choices, size));
		choices += size + (choices[size] == '|');
	}
	return list;
}

static json_t *field_json(const struct notice_field *field, enum field_need need)
{
	json_t *out = json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", field->name, "kind",
		kind_names[field->kind], "required",
		need == NEED_MUST	? "yes"
		: need == NEED_STRANGER ? "if_unknown"
					: "no",
		"title", both(field->title), "explained", both(field->explained));

	if (field->max)
		json_object_set_new(out, "max", json_integer(field->max));
	if (field->choices)
		json_object_set_new(out, "choices", choices_of(field->choices));
	return out;
}

void desk_forms_show(struct ask *ask, struct reply *reply)
{
	json_t *list = json_array();

	(void)ask;
	for (enum notice_form form = 0; form < FORM_COUNT; form++) {
		json_t *rows = json_array();

		for (size_t i = 0; i < ARRAY_LEN(fields); i++)
			if (fields[i].need[form] != NEED_NOT)
				json_array_append_new(
					rows, field_json(&fields[i], fields[i].need[form]));
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:b, s:o}", "form", forms[form].name,
				      "law", forms[form].law, "title", both(forms[form].title),
				      "orders", (int)forms[form].orders, "fields", rows));
	}
	reply->body = json_pack("{s:o}", "forms", list);
}
