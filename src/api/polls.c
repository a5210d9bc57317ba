/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: polls and votes. https://core.telegram.org/api/poll */
#include "api/polls.h"

#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/messages/polls.h"
#include "core/channels/roster.h"

/* ---- From clients ---- */

static int text_from(struct call *call, const struct tl_object *with, struct bytes string,
	struct bytes *text, struct entity **entities, size_t *count)
{
	const struct tl_textWithEntities *t = TL_AS(textWithEntities, with);
	struct message draft = {.text = t ? t->text : string};

	if (entities_from_input(call, t ? &t->entities : NULL, &draft) < 0)
		return -1;
	*text = draft.text;
	*entities = draft.entities;
	*count = draft.entity_count;
	return 0;
}

/* Since layer 227 the server names the options. */
static struct bytes option_name(struct arena *arena, uint32_t index)
{
	uint8_t name = (uint8_t)('0' + index);

	return arena_bytes(arena, bytes_of(&name, 1));
}

static int option_from(
	struct call *call, const struct tl_object *input, uint32_t index, struct poll_option *out)
{
	const struct tl_pollAnswer *named = TL_AS(pollAnswer, input);
	const struct tl_inputPollAnswer *unnamed = TL_AS(inputPollAnswer, input);

	*out = (struct poll_option){0};
	if (unnamed && !unnamed->media) {
		out->option = option_name(call->arena, index);
		return text_from(call, unnamed->text, (struct bytes){0}, &out->text, &out->entities,
			&out->entity_count);
	}
	if (!named || named->media)
		return rpc_error(call, 400, "MEDIA_INVALID");
	out->option = named->option;
	return text_from(call, named->text, named->text_string, &out->text, &out->entities,
		&out->entity_count);
}

static int options_from(struct call *call, const struct tl_poll *input, struct poll *poll)
{
	if (input->answers.count > POLL_OPTIONS_MAX)
		return rpc_error(call, 400, "POLL_ANSWERS_INVALID");
	poll->option_count = input->answers.count;
	poll->options = arena_array(call->arena, poll->option_count, sizeof(*poll->options));
	for (uint32_t i = 0; i < input->answers.count; i++) {
		if (option_from(call, input->answers.at[i], i, &poll->options[i]) < 0)
			return -1;
	}
	return 0;
}

/* By place, and before layer 227 by name. */
static int correct_from(struct call *call, const struct tl_inputMediaPoll *input, struct poll *poll)
{
	const struct tl_strings *names = &input->correct_answers_Vector_bytes;

	for (uint32_t i = 0; i < input->correct_answers.count; i++) {
		int32_t at = input->correct_answers.at[i];

		if (at < 0 || (size_t)at >= poll->option_count)
			return rpc_error(call, 400, "QUIZ_CORRECT_ANSWER_INVALID");
		poll->options[at].correct = true;
	}
	for (uint32_t i = 0; i < names->count; i++) {
		size_t k = 0;

		while (k < poll->option_count &&
			!bytes_equal(poll->options[k].option, names->at[i]))
			k++;
		if (k == poll->option_count)
			return rpc_error(call, 400, "QUIZ_CORRECT_ANSWER_INVALID");
		poll->options[k].correct = true;
	}
	return 0;
}

static int solution_from(
	struct call *call, const struct tl_inputMediaPoll *input, struct poll *poll)
{
	struct message draft = {.text = input->solution};

	if (entities_from_input(call, &input->solution_entities, &draft) < 0)
		return -1;
	poll->solution = draft.text;
	poll->solution_entities = draft.entities;
	poll->solution_entity_count = draft.entity_count;
	return 0;
}

int poll_from_input(struct call *call, const struct tl_inputMediaPoll *input, struct media *out)
{
	const struct tl_poll *asked = TL_AS(poll, input->poll);
	struct poll *poll = ARENA_NEW(call->arena, struct poll);

	*out = (struct media){.kind = MEDIA_POLL, .poll_view = poll};
	/* What would change the meaning and is not served is refused, never ignored. */
	if (!asked || asked->open_answers || asked->subscribers_only || asked->countries_iso2.at ||
		input->attached_media || input->solution_media)
		return rpc_error(call, 400, "MEDIA_INVALID");
	poll->closed = asked->closed;
	poll->public_voters = asked->public_voters;
	poll->multiple = asked->multiple_choice;
	poll->quiz = asked->quiz;
	poll->final = asked->revoting_disabled;
	poll->shuffled = asked->shuffle_answers;
	poll->hidden = asked->hide_results_until_close;
	poll->close_period_s = asked->has_close_period ? asked->close_period : 0;
	poll->close_date_s = asked->has_close_date ? asked->close_date : 0;
	if (text_from(call, asked->question, asked->question_string, &poll->question,
		    &poll->entities, &poll->entity_count) < 0 ||
		options_from(call, asked, poll) < 0 || correct_from(call, input, poll) < 0)
		return -1;
	return solution_from(call, input, poll);
}

/* ---- Methods ---- */

/* https://core.telegram.org/method/messages.sendVote */
int api_messages_sendVote(
	struct call *call, const struct tl_messages_sendVote *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		poll_vote(call, peer, req->msg_id, req->options.at, req->options.count, &answer) <
			0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getPollResults */
int api_messages_getPollResults(
	struct call *call, const struct tl_messages_getPollResults *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		poll_results(call, peer, req->msg_id, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

static struct tl_object *encode_vote(
	struct arena *arena, const struct poll_voter *voter, bool of_option)
{
	struct tl_object *peer = encode_peer(arena, (struct peer){PEER_USER, voter->user});
	struct tl_messagePeerVoteInputOption *same;
	struct tl_messagePeerVoteMultiple *several;
	struct tl_messagePeerVote *one;

	if (of_option) {
		same = TL_NEW(arena, messagePeerVoteInputOption);
		same->peer = peer;
		same->date = (int32_t)voter->date_s;
		return &same->o;
	}
	if (voter->option_count != 1) {
		several = TL_NEW(arena, messagePeerVoteMultiple);
		several->peer = peer;
		several->options = (struct tl_strings){
			.count = (uint32_t)voter->option_count, .at = voter->options};
		several->date = (int32_t)voter->date_s;
		return &several->o;
	}
	one = TL_NEW(arena, messagePeerVote);
	one->peer = peer;
	one->option = voter->options[0];
	one->date = (int32_t)voter->date_s;
	return &one->o;
}

/* Before layer 167. */
static struct tl_object *encode_user_vote(
	struct arena *arena, const struct poll_voter *voter, bool of_option)
{
	struct tl_messageUserVoteInputOption *same;
	struct tl_messageUserVoteMultiple *several;
	struct tl_messageUserVote *one;

	if (of_option) {
		same = TL_NEW(arena, messageUserVoteInputOption);
		same->user_id = voter->user;
		same->date = (int32_t)voter->date_s;
		return &same->o;
	}
	if (voter->option_count != 1) {
		several = TL_NEW(arena, messageUserVoteMultiple);
		several->user_id = voter->user;
		several->options = (struct tl_strings){
			.count = (uint32_t)voter->option_count, .at = voter->options};
		several->date = (int32_t)voter->date_s;
		return &several->o;
	}
	one = TL_NEW(arena, messageUserVote);
	one->user_id = voter->user;
	one->option = voter->options[0];
	one->date = (int32_t)voter->date_s;
	return &one->o;
}

/* https://core.telegram.org/method/messages.getPollVotes */
int api_messages_getPollVotes(struct call *call, const struct tl_messages_getPollVotes *req,
	struct tl_messages_votesList *reply)
{
	const bool of_option = req->option.data != NULL;
	struct update_set seen = {0};
	struct poll_voters voters;
	struct roster roster;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		poll_voters(call, peer, req->id, req->option, req->offset, req->limit, &voters) < 0)
		return -1;
	roster_init(&roster, call->arena);
	reply->count = (int32_t)voters.total;
	reply->votes = tl_objects_new(call->arena, (uint32_t)voters.count);
	reply->votes_MessageUserVote = tl_objects_new(call->arena, (uint32_t)voters.count);
	for (size_t i = 0; i < voters.count; i++) {
		roster_add(&roster, (struct peer){PEER_USER, voters.at[i].user});
		reply->votes.at[i] = encode_vote(call->arena, &voters.at[i], of_option);
		reply->votes_MessageUserVote.at[i] =
			encode_user_vote(call->arena, &voters.at[i], of_option);
	}
	roster_view(call, &roster, &seen);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	reply->chats = tl_objects_new(call->arena, 0);
	reply->next_offset = voters.next;
	return 0;
}
