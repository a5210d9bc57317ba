/* SPDX-License-Identifier: Apache-2.0 */
#include "chats_fixture.h"

struct world world_make(void **state)
{
	static const char *const phones[] = {
		NULL, "+447911000001", "+447911000002", "+447911000003", "+447911000004"};
	static const char *const names[] = {NULL, "Anna", "Ben", "Cleo", "Dan"};
	struct world w = {.f = *state};

	for (int i = ANNA; i < PEOPLE; i++)
		w.id[i] = fixture_sign_up(w.f, (uint64_t)i, phones[i], names[i], "");
	return w;
}

struct call *by(struct world *w, int who)
{
	return fixture_call(w->f, (uint64_t)who);
}

int64_t group_of(struct world *w, int creator, const int64_t *users, size_t count)
{
	struct call *call = by(w, creator);
	struct chat_missing missing;
	struct update_set answer;

	assert_int_equal(
		fixture_end(w->f, chat_create(call, B("Garden"), users, count, &missing, &answer)),
		0);
	assert_int_equal(missing.count, 0);
	for (size_t i = 0; i < answer.update_count; i++) {
		if (answer.updates[i].kind == UPDATE_CHAT_MEMBERS)
			return answer.updates[i].peer.id;
	}
	return 0;
}

int64_t group(struct world *w)
{
	return group_of(w, ANNA, (int64_t[]){w->id[BEN], w->id[CLEO]}, 2);
}

const struct update *told(struct world *w, int64_t user, enum update_kind kind)
{
	const struct update *found = NULL;

	for (size_t i = 0; i < w->f->effects->count; i++) {
		const struct effect *effect = &w->f->effects->at[i];

		if (effect->kind != EFFECT_ACCOUNT || effect->account != user)
			continue;
		for (size_t k = 0; k < effect->set.update_count; k++) {
			if (effect->set.updates[k].kind == kind)
				found = &effect->set.updates[k];
		}
	}
	return found;
}
