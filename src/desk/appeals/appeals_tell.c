/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/appeals/appeals_tell.h"

#include <string.h>

#include "desk/appeals/appeals_page.h"
#include "desk/letters/letters.h"
#include "desk/letters/outbox.h"
#include "desk/sop/sop_templates.h"
#include "desk/letters/tell.h"
#include "store/square_desk_contacts.h"
#include "store/square_desk_orders.h"

struct outcome {
	struct arena *arena;
	const struct sop *sop;
	const struct desk_case *c;
	int64_t appeal;
	struct bytes outcome, facts, ground;
};

static char *letter(const struct outcome *o, int language)
{
	struct arena *arena = o->arena;
	static const char *const may_shorten[] = {"facts", "ground", NULL};
	struct sop_value values[] = {{"appeal", arena_printf(arena, "%lld", (long long)o->appeal)},
		{"case", arena_printf(arena, "%lld", (long long)o->c->id)},
		{"subject", tell_subject(arena, o->c)},
		{"outcome", appeal_outcome_words(language, o->outcome)},
		{"facts", arena_str(arena, o->facts)}, {"ground", arena_str(arena, o->ground)},
		{NULL, NULL}};

	return letter_within(
		arena, o->sop, "appeal_outcome", letter_language(language), values, may_shorten);
}

/* An order that does nothing but carry a letter. */
void appeal_letter_to_owner(struct ask *ask, const struct desk_case *c, const struct desk_appeal *a,
	struct bytes facts, struct bytes ground)
{
	const struct outcome o = {.arena = ask->arena,
		.sop = &ask->desk->sop,
		.c = c,
		.appeal = a->id,
		.outcome = BYTES_LITERAL("uphold"),
		.facts = facts,
		.ground = ground};
	const int64_t order = desk_order_new_id(ask->db);

	desk_order_insert(
		ask->db, &(struct desk_order){
				 .id = order,
				 .case_id = c->id,
				 .channel = c->channel,
				 .action = BYTES_LITERAL("ask"),
				 .text = BYTES_LITERAL(""),
				 .reason = c->category,
				 .letter = bytes_from_str(letter(&o, 0)),
				 .created_at_ms = clock_realtime_us(ask->desk->clock) / 1000,
			 });
	for (int i = 1; i < LETTER_LANGUAGES; i++)
		desk_order_letter_insert(
			ask->db, order, letter_language(i), bytes_from_str(letter(&o, i)));
}

static int language_at(struct bytes languages)
{
	for (int i = 1; i < LETTER_LANGUAGES; i++)
		if (languages.size >= 2 && memcmp(languages.data, letter_language(i), 2) == 0)
			return i;
	return 0;
}

static void tell_sender(struct db *db, const struct outcome *o, int64_t grant_id, int64_t now_s)
{
	struct outbox_item item = {.way = OUTBOX_BOT, .case_id = o->c->id};
	struct bytes address = BYTES_LITERAL("");
	int64_t chat = INT64_MIN;
	struct desk_grant grant;

	if (!desk_grant_get(db, o->arena, grant_id, &grant))
		return;
	item.text = bytes_from_str(letter(o, language_at(grant.langs)));
	while (desk_chat_next(db, grant_id, chat, &chat)) {
		item.chat = chat;
		(void)outbox_put(db, now_s, &item);
	}
	item = (struct outbox_item){.way = OUTBOX_MAIL,
		.case_id = o->c->id,
		.text = item.text,
		.subject = bytes_from_str(
			arena_printf(o->arena, "Appeal %lld", (long long)o->appeal))};
	while (desk_address_next(db, o->arena, grant_id, address, &address)) {
		item.to = address;
		(void)outbox_put(db, now_s, &item);
	}
}

static struct bytes text_of(const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);

	return json_is_string(value) ? bytes_of(json_string_value(value), json_string_length(value))
				     : BYTES_LITERAL("");
}

void appeal_tell(struct desk *desk, struct db *db, struct arena *arena, const struct desk_case *c,
	const json_t *data, int64_t now_s)
{
	const struct outcome o = {.arena = arena,
		.sop = &desk->sop,
		.c = c,
		.appeal = json_integer_value(json_object_get(data, "appeal")),
		.outcome = text_of(data, "outcome"),
		.facts = text_of(data, "facts"),
		.ground = text_of(data, "ground")};
	struct bytes language;
	struct desk_appeal a;
	int64_t chat;

	if (!desk_appeal_get(db, arena, o.appeal, &a))
		return;
	if (bytes_equal_str(a.party, "sender"))
		tell_sender(db, &o, a.party_id, now_s);
	if (desk_appeal_chat_take(db, arena, o.appeal, &chat, &language))
		(void)outbox_put(db, now_s,
			&(struct outbox_item){.way = OUTBOX_BOT, /* nothing is kept of it */
				.chat = chat,
				.text = bytes_from_str(letter(&o, language_at(language)))});
}
