/* SPDX-License-Identifier: Apache-2.0 */
/* api/polls.c, encode_poll.c, reactions: asked, answered and read by clients of each served
 * generation of layers, on either side. Who may do what is in tests/unit/core. */
#include "pair.h"

#define QUESTION "Tea or coffee?"
#define SOLUTION "It grows here."
#define THUMB "\xF0\x9F\x91\x8D"

/* The other one, as the account of the key must present them. */
static struct tl_object *other(struct fixture *f, uint64_t key)
{
	return key == ANNA ? pair_peer(f, anna, budi) : pair_peer(f, budi, anna);
}

static const struct tl_message *newest(struct fixture *f, uint64_t key, int layer)
{
	struct tl_messages_getHistory *query = TL_NEW(&scratch, messages_getHistory);
	const struct tl_messages_messagesSlice *slice;
	const struct tl_messages_messages *all;
	const struct tl_message *message;
	union tl_reply reply;

	query->peer = other(f, key);
	query->limit = 1;
	reply = pair_ask(f, key, layer, &query->o);
	all = TL_AS(messages_messages, reply.object);
	slice = TL_AS(messages_messagesSlice, reply.object);
	assert_true(all || slice);
	message = TL_AS(message, all ? all->messages.at[0] : slice->messages.at[0]);
	assert_non_null(message);
	return message;
}

/* ---- Polls ---- */

/* Before layer 179 texts had no formatting, and before 227 what is right was named, not counted:
 * the encoder takes what the layer has. */
static struct tl_object *text_of(const char *text)
{
	struct tl_textWithEntities *with = TL_NEW(&scratch, textWithEntities);

	with->text = B(text);
	with->entities = tl_objects_new(&scratch, 0);
	return &with->o;
}

static struct tl_object *answer_of(const char *text, const char *option)
{
	struct tl_pollAnswer *answer = TL_NEW(&scratch, pollAnswer);

	answer->text = text_of(text);
	answer->text_string = B(text);
	answer->option = B(option);
	return &answer->o;
}

static struct tl_object *quiz(void)
{
	static struct bytes right;
	static int32_t right_place = 1;
	struct tl_inputMediaPoll *media = TL_NEW(&scratch, inputMediaPoll);
	struct tl_poll *poll = TL_NEW(&scratch, poll);

	poll->quiz = poll->public_voters = true;
	poll->question = text_of(QUESTION);
	poll->question_string = B(QUESTION);
	poll->answers = tl_objects_new(&scratch, 2);
	poll->answers.at[0] = answer_of("Coffee", "0");
	poll->answers.at[1] = answer_of("Tea", "1");
	right = B("1");
	media->poll = &poll->o;
	media->correct_answers = (struct tl_ints){.count = 1, .at = &right_place};
	media->correct_answers_Vector_bytes = (struct tl_strings){.count = 1, .at = &right};
	media->solution = B(SOLUTION);
	media->solution_entities = tl_objects_new(&scratch, 0);
	return &media->o;
}

static void ask_quiz(struct fixture *f, int layer)
{
	static int64_t random_id = 100;
	struct tl_messages_sendMedia *send = TL_NEW(&scratch, messages_sendMedia);

	send->peer = other(f, ANNA);
	send->media = quiz();
	send->random_id = ++random_id;
	assert_non_null(TL_AS(updates, pair_ask(f, ANNA, layer, &send->o).object));
}

static bool says(const struct tl_object *with, struct bytes string, int layer, const char *text)
{
	const struct tl_textWithEntities *t = TL_AS(textWithEntities, with);

	return bytes_equal_str(layer < 179 ? string : t->text, text);
}

static void question_stands(const struct tl_poll *poll, int layer)
{
	const struct tl_pollAnswer *second = TL_AS(pollAnswer, poll->answers.at[1]);

	assert_true(poll->quiz && poll->public_voters);
	assert_false(poll->closed || poll->multiple_choice);
	assert_true(says(poll->question, poll->question_string, layer, QUESTION));
	assert_int_equal(poll->answers.count, 2);
	assert_true(says(second->text, second->text_string, layer, "Tea"));
	assert_true(bytes_equal_str(second->option, "1"));
}

static void nothing_is_given_away(const struct tl_object *object)
{
	const struct tl_pollResults *results = TL_AS(pollResults, object);

	for (uint32_t i = 0; i < results->results.count; i++) {
		const struct tl_pollAnswerVoters *voters =
			TL_AS(pollAnswerVoters, results->results.at[i]);

		assert_false(voters->correct || voters->chosen || voters->voters);
	}
	assert_null(results->solution.data);
}

/* budi has chosen the second, which is right. */
static void results_stand(const struct tl_object *object, int layer)
{
	const struct tl_pollResults *results = TL_AS(pollResults, object);
	const struct tl_pollAnswerVoters *first, *second;

	assert_int_equal(results->total_voters, 1);
	assert_int_equal(results->results.count, 2);
	first = TL_AS(pollAnswerVoters, results->results.at[0]);
	second = TL_AS(pollAnswerVoters, results->results.at[1]);
	assert_false(first->correct || first->chosen || first->voters);
	assert_true(second->correct && second->chosen);
	assert_int_equal(second->voters, 1);
	assert_true(bytes_equal_str(results->solution, SOLUTION));
	if (layer < 167) {
		assert_int_equal(results->recent_voters_Vector_long.count, 1);
		assert_int_equal(results->recent_voters_Vector_long.at[0], budi);
		return;
	}
	assert_int_equal(results->recent_voters.count, 1);
	assert_int_equal(TL_AS(peerUser, results->recent_voters.at[0])->user_id, budi);
}

static const struct tl_messageMediaPoll *poll_of(const struct tl_message *message)
{
	const struct tl_messageMediaPoll *media = TL_AS(messageMediaPoll, message->media);

	assert_non_null(media);
	return media;
}

static void a_quiz_is_asked_and_answered(struct fixture *f, int asks, int answers)
{
	struct tl_messages_sendVote *vote = TL_NEW(&scratch, messages_sendVote);
	const struct tl_messageMediaPoll *media;
	const struct tl_updateMessagePoll *update;
	const struct tl_message *message;
	const struct tl_updates *updates;
	struct bytes chosen = B("1");

	ask_quiz(f, asks);
	message = newest(f, BUDI, answers);
	media = poll_of(message);
	question_stands(TL_AS(poll, media->poll), answers);
	nothing_is_given_away(media->results);
	vote->peer = other(f, BUDI);
	vote->msg_id = message->id;
	vote->options = (struct tl_strings){.count = 1, .at = &chosen};
	updates = TL_AS(updates, pair_ask(f, BUDI, answers, &vote->o).object);
	update = TL_AS(updateMessagePoll, updates->updates.at[0]);
	assert_int_equal(update->poll_id, TL_AS(poll, media->poll)->id);
	results_stand(update->results, answers);
	media = poll_of(newest(f, BUDI, answers));
	question_stands(TL_AS(poll, media->poll), answers);
	results_stand(media->results, answers);
}

static void a_poll_goes_between_all_layers(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYERS; i++) {
		a_quiz_is_asked_and_answered(f, layers[i], layers[i]);
		a_quiz_is_asked_and_answered(f, layers[i], layers[LAYERS - 1]);
		a_quiz_is_asked_and_answered(f, layers[LAYERS - 1], layers[i]);
		arena_reset(&scratch);
	}
}

/* ---- Reactions ---- */

/* The date came with layer 158, whose one's own is with 167. */
static void thumb_stands(const struct tl_object *object, int layer, bool own)
{
	const struct tl_messageReactions *reactions = TL_AS(messageReactions, object);
	const struct tl_messagePeerReaction *recent;
	const struct tl_reactionCount *count;

	assert_non_null(reactions);
	assert_true(reactions->can_see_list);
	assert_int_equal(reactions->results.count, 1);
	count = TL_AS(reactionCount, reactions->results.at[0]);
	assert_int_equal(count->count, 1);
	assert_int_equal(count->has_chosen_order, own);
	assert_true(bytes_equal_str(TL_AS(reactionEmoji, count->reaction)->emoticon, THUMB));
	assert_int_equal(reactions->recent_reactions.count, 1);
	recent = TL_AS(messagePeerReaction, reactions->recent_reactions.at[0]);
	assert_int_equal(TL_AS(peerUser, recent->peer_id)->user_id, budi);
	assert_int_equal(recent->date != 0, layer >= 158);
	assert_int_equal(recent->my, own && layer >= 167);
}

static int32_t write_to_budi(struct fixture *f)
{
	static int64_t random_id = 500;
	struct tl_messages_sendMessage *send = TL_NEW(&scratch, messages_sendMessage);

	send->peer = other(f, ANNA);
	send->message = B("hello");
	send->random_id = ++random_id;
	pair_ask(f, ANNA, 227, &send->o);
	return newest(f, BUDI, 227)->id;
}

static void a_reaction_is_set_shown_and_taken_back(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_sendReaction *react = TL_NEW(&scratch, messages_sendReaction);
		struct tl_reactionEmoji *emoji = TL_NEW(&scratch, reactionEmoji);
		const struct tl_updateMessageReactions *update;
		const struct tl_updates *updates;

		react->peer = other(f, BUDI);
		react->msg_id = write_to_budi(f);
		react->reaction = tl_objects_new(&scratch, 1);
		react->reaction.at[0] = &emoji->o;
		emoji->emoticon = B(THUMB);
		updates = TL_AS(updates, pair_ask(f, BUDI, layers[i], &react->o).object);
		update = TL_AS(updateMessageReactions, updates->updates.at[0]);
		assert_int_equal(update->msg_id, react->msg_id);
		thumb_stands(update->reactions, layers[i], true);
		thumb_stands(newest(f, BUDI, layers[i])->reactions, layers[i], true);
		thumb_stands(newest(f, ANNA, layers[i])->reactions, layers[i], false);
		react->reaction = tl_objects_new(&scratch, 0);
		pair_ask(f, BUDI, layers[i], &react->o);
		assert_null(newest(f, ANNA, layers[i])->reactions);
		arena_reset(&scratch);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_setup, pair_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_poll_goes_between_all_layers),
		TEST(a_reaction_is_set_shown_and_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
