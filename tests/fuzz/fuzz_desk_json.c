/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers send to the desk: JSON bodies, subjects, paths of the ledger, checkpoints of other
 * people's logs, public keys, and the posts that the sensor reads. The first byte chooses which.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/ledger/checkpoint.h"
#include "desk/cases/decisions.h"
#include "desk/embedded.h"
#include "desk/lanes/notices.h"
#include "desk/figures/public.h"
#include "desk/lanes/public_key.h"
#include "sensor/text_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_notice(struct arena *arena, const struct notice_sender *sender, struct bytes in)
{
	static struct sop sop;
	struct notice_input input;
	struct form form;

	if (!sop.category_count)
		require(sop_parse(sop_default_text, &sop, NULL) == 0);
	if (form_open(&form, arena, in)) {
		json_t *problems;

		notice_read(&form, &sop, sender, &input);
		if (form_ok(&form)) {
			require(input.category && input.law.size > 0 &&
				input.law.size <= NOTICE_LAW_MAX && text_is_utf8(input.law) &&
				notice_law_is_publishable(input.law) && input.reasons.size > 0);
			require(!notice_form_orders(input.form) || sender->authority);
			require(input.kind != SUBJECT_UNCLEAR && input.fields.size >= 2);
		}
		problems = form_problems(&form);
		require(problems != NULL);
		json_decref(problems);
	}
	form_release(&form);
}

static void read_decision(struct arena *arena, struct bytes in, bool reversal)
{
	struct decision_input input;
	struct form form;

	if (form_open(&form, arena, in)) {
		(reversal ? reversal_read : decision_read)(&form, &input);
		if (form_ok(&form)) {
			require(input.facts.size > 0 && input.facts.size <= DECISION_FACTS_MAX);
			require(input.countries.size % 3 == 2 || input.countries.size == 0);
			require(reversal || bytes_equal_str(input.action, "restrict") ==
						    (input.countries.size > 0));
			require(input.until_s >= 0);
			require(reversal || input.measure->until != UNTIL_MUST ||
				input.until_s > 0);
		}
	}
	form_release(&form);
}

static void read_subject(struct bytes in)
{
	struct subject subject;

	if (subject_parse(in, &subject) == SUBJECT_PUBLIC)
		require(subject.name[0] >= 'a' && subject.name[0] <= 'z' && subject.post >= 0);
}

static void read_path(struct bytes in)
{
	/* What may be asked for never leaves the folder. */
	if (public_ledger_path_ok(in))
		require(!memmem(in.data, in.size, "..", 2) && in.data[0] != '/');
}

static void read_checkpoint(struct bytes in)
{
	struct checkpoint_verifier verifier = {.origin = "lontar-ledger/test"};
	struct checkpoint checkpoint;

	if (checkpoint_verifier_parse(in, &verifier, NULL) == 0)
		require(checkpoint_origin_ok(verifier.origin));
	memcpy(verifier.origin, "lontar-ledger/test", 19);
	require(checkpoint_open(in, &verifier, &checkpoint, NULL) < 0); /* nobody can sign */
}

static void read_post(struct arena *arena, struct bytes in)
{
	struct text_rules rules;
	struct bytes once = text_normalise(arena, in);

	if (once.data) /* the normal form of a normal form is itself */
		require(bytes_equal(text_normalise(arena, once), once));
	if (text_rules_parse(&rules, arena, in, NULL) == 0)
		text_rules_match(&rules, arena, in);
}

/* What was read is the same key when it is written plainly. */
static void read_key(struct arena *arena, struct bytes in)
{
	uint8_t key[SIGN_PUBLIC_SIZE], again[SIGN_PUBLIC_SIZE];

	require(public_key_number(in) >= 0);
	if (public_key_read(arena, in, key, NULL) < 0)
		return;
	require(public_key_read(arena,
			bytes_from_str(text_base64(arena, bytes_of(key, sizeof(key)))), again,
			NULL) == 0);
	require(memcmp(key, again, sizeof(key)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data + 1, size - 1);
	struct arena arena;

	if (size == 0)
		return 0;
	arena_init(&arena);
	switch (data[0] % 8) {
	case 0:
		read_notice(&arena, &(struct notice_sender){.known = true, .authority = true}, in);
		read_notice(&arena, &(struct notice_sender){.known = false}, in);
		break;
	case 1:
		read_decision(&arena, in, false);
		break;
	case 2:
		read_subject(in);
		break;
	case 3:
		read_path(in);
		break;
	case 4:
		read_checkpoint(in);
		break;
	case 5:
		read_post(&arena, in);
		break;
	case 6:
		read_decision(&arena, in, true);
		break;
	case 7:
		read_key(&arena, in);
		break;
	}
	arena_release(&arena);
	return 0;
}
