/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/appeals/appeal_codes.h"

#include "base/text.h"
#include "store/square_reports.h"

#define DAY_S 86400
/* Bounds a transaction. Who comes after these reads whom to write to. */
#define READERS_MAX 2000

static void code_hash(const struct desk *desk, struct bytes code, uint8_t out[KEYBOX_HASH_SIZE])
{
	keybox_hash(desk->people, "appeal", code, out);
}

char *appeal_code_new(
	struct desk *desk, struct db *db, struct arena *arena, const struct desk_appeal_code *whose)
{
	uint8_t drawn[APPEAL_CODE_BYTES], hash[KEYBOX_HASH_SIZE];
	char *code;

	random_fill(desk->random, drawn, sizeof(drawn));
	code = text_base64url(arena, bytes_of(drawn, sizeof(drawn)));
	code_hash(desk, bytes_from_str(code), hash);
	desk_appeal_code_insert(db, bytes_of(hash, sizeof(hash)), whose);
	return code;
}

bool appeal_code_find(struct desk *desk, struct db *db, struct arena *arena, struct bytes code,
	struct desk_appeal_code *out)
{
	uint8_t hash[KEYBOX_HASH_SIZE];

	if (code.size == 0 || code.size > APPEAL_CODE_MAX)
		return false;
	code_hash(desk, code, hash);
	return desk_appeal_code_find(db, arena, bytes_of(hash, sizeof(hash)), out);
}

static char *link_to(struct arena *arena, const struct sop *sop, const char *what, const char *code)
{
	char *bot = arena_printf(arena, "tg://resolve?domain=lontar_bot&start=%s_%s", what, code);

	if (!*sop->appeal_address)
		return bot;
	return arena_printf(
		arena, "%s, %s/square/%s?code=%s", bot, sop->appeal_address, what, code);
}

char *appeal_link(struct arena *arena, const struct sop *sop, const char *code)
{
	return link_to(arena, sop, "appeal", code);
}

char *answer_link(struct arena *arena, const struct sop *sop, const char *code)
{
	return link_to(arena, sop, "answer", code);
}

static bool is_inaction(const struct desk_ruling *r)
{
	return bytes_equal_str(r->action, "dismiss") || bytes_equal_str(r->action, "reverse");
}

void appeal_codes_for_readers(
	struct desk *desk, struct db *db, const struct desk_case *c, int64_t now_s)
{
	struct desk_appeal_code whose = {.case_id = c->id,
		.party = BYTES_LITERAL("reader"),
		.until_at = now_s + desk->sop.reporters_days * DAY_S};
	struct desk_ruling newest = {.seq = 0};
	struct arena arena;
	int64_t id = 0;

	if (!desk->people || !desk->sop.reporters_appeal)
		return;
	arena_init(&arena);
	if (!desk_ruling_last(db, &arena, c->id, false, &newest) || !is_inaction(&newest)) {
		arena_release(&arena);
		return;
	}
	whose.decision = newest.seq;
	arena_reset(&arena);
	for (int count = 0; count < READERS_MAX && (id = square_report_of_case(db, c->id, id));
		count++) {
		char *link;

		whose.party_id = id;
		link = appeal_link(&arena, &desk->sop, appeal_code_new(desk, db, &arena, &whose));
		square_report_contact(db, id,
			bytes_from_str(
				arena_printf(&arena, "%s, %s", desk->sop.appeal_contact, link)),
			desk->sop.reporters_days);
		arena_reset(&arena);
	}
	arena_release(&arena);
}
