/* SPDX-License-Identifier: Apache-2.0 */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "store/home_chats.h"

int64_t anna, budi, citra;

int messages_setup(void **state)
{
	fixture_setup(state);
	anna = fixture_sign_up(*state, ANNA, "628110001", "Anna", "Aulia");
	budi = fixture_sign_up(*state, BUDI, "628110002", "Budi", "");
	citra = fixture_sign_up(*state, CITRA, "628110003", "Citra", "");
	return 0;
}

int64_t messages_group(struct fixture *f)
{
	struct db *db = call_home(fixture_call(f, ANNA));
	struct home_chat chat = {.id = 77,
		.title = B("Tea"),
		.about = B(""),
		.creator = anna,
		.date_s = f->now_s,
		.version = 1,
		.members = 3};
	const int64_t members[] = {anna, budi, citra};

	home_chat_insert(db, f->vault, &f->arena, &chat);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct home_chat_member member = {.user = members[i],
			.role = members[i] == anna ? 3 : 1,
			.inviter = anna,
			.joined_at_s = f->now_s};

		home_chat_member_insert(db, chat.id, &member);
	}
	fixture_end(f, 0);
	return chat.id;
}

struct message *messages_send_draft(
	struct fixture *f, uint64_t key, struct peer to, struct message *draft)
{
	static int64_t random_id = 5000;
	struct update_set answer;
	struct call *call = fixture_call(f, key);

	draft->random_id = ++random_id;
	assert_int_equal(fixture_end(f, message_send(call, to, draft, &answer)), 0);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_MESSAGE);
	return answer.updates[1].message;
}

int32_t messages_say(struct fixture *f, uint64_t key, struct peer to, const char *text)
{
	struct message draft = {.text = B(text)};

	return messages_send_draft(f, key, to, &draft)->id;
}

const struct update *messages_told(struct fixture *f, int64_t account)
{
	const struct update *found = NULL;

	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		/* The bar above a chat with a stranger comes beside. */
		if (effect->kind != EFFECT_ACCOUNT || effect->account != account ||
			effect->set.updates[0].kind == UPDATE_PEER_SETTINGS)
			continue;
		assert_null(found);
		found = effect->set.updates;
	}
	assert_non_null(found);
	return found;
}

const struct update *messages_update(struct fixture *f, int64_t account, enum update_kind kind)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->kind == EFFECT_ACCOUNT && effect->account == account &&
			effect->set.updates[0].kind == kind)
			return effect->set.updates;
	}
	return NULL;
}

const struct update *messages_missed(struct fixture *f, uint64_t key, enum update_kind kind)
{
	struct call *call = fixture_call(f, key);
	struct box_difference out;
	struct box_state state;

	assert_int_equal(box_state(call, &state), 0);
	assert_int_equal(fixture_end(f, box_difference(call, state.pts, 0, f->now_s, &out)), 0);
	for (size_t i = 0; i < out.set.update_count; i++) {
		if (out.set.updates[i].kind == kind)
			return &out.set.updates[i];
	}
	return NULL;
}

struct message *messages_newest(struct fixture *f, uint64_t key, struct peer in)
{
	const struct post_range range = {.limit = 1};
	struct message_list list;

	assert_int_equal(
		fixture_end(f, messages_history(fixture_call(f, key), in, &range, &list)), 0);
	assert_int_equal(list.count, 1);
	return &list.at[0];
}

struct message *messages_one(struct fixture *f, uint64_t key, int32_t id)
{
	struct message_list list;

	assert_int_equal(fixture_end(f, messages_get(fixture_call(f, key), &id, 1, &list)), 0);
	return list.count ? &list.at[0] : NULL;
}

int32_t messages_pts(struct fixture *f, uint64_t key)
{
	struct box_state state;

	assert_int_equal(fixture_end(f, box_state(fixture_call(f, key), &state)), 0);
	return state.pts;
}
