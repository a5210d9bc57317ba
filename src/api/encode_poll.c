/* SPDX-License-Identifier: Apache-2.0 */
/* struct poll as TL. What the viewer may see was decided in core. */
#include "api/encode_poll.h"

#include "api/encode_media.h"
#include "api/peers.h"
#include "tl/schema.h"

static struct tl_object *encode_text(
	struct arena *arena, struct bytes text, const struct entity *entities, size_t count)
{
	struct tl_textWithEntities *t = TL_NEW(arena, textWithEntities);

	t->text = text;
	t->entities = encode_entities(arena, entities, count);
	if (!t->entities.at)
		t->entities = tl_objects_new(arena, 0);
	return &t->o;
}

/* question_string, text_string: before layer 179 there was no formatting. */
static struct tl_object *encode_answer(struct arena *arena, const struct poll_option *option)
{
	struct tl_pollAnswer *answer = TL_NEW(arena, pollAnswer);

	answer->text = encode_text(arena, option->text, option->entities, option->entity_count);
	answer->text_string = option->text;
	answer->option = option->option;
	return &answer->o;
}

static struct tl_object *encode_poll(struct arena *arena, const struct poll *poll)
{
	struct tl_poll *p = TL_NEW(arena, poll);

	p->id = poll->id;
	p->closed = poll->closed;
	p->public_voters = poll->public_voters;
	p->multiple_choice = poll->multiple;
	p->quiz = poll->quiz;
	p->revoting_disabled = poll->final;
	p->shuffle_answers = poll->shuffled;
	p->hide_results_until_close = poll->hidden;
	p->creator = poll->is_creator;
	p->question = encode_text(arena, poll->question, poll->entities, poll->entity_count);
	p->question_string = poll->question;
	p->answers = tl_objects_new(arena, (uint32_t)poll->option_count);
	for (size_t i = 0; i < poll->option_count; i++)
		p->answers.at[i] = encode_answer(arena, &poll->options[i]);
	p->close_period = poll->close_period_s;
	p->has_close_period = poll->close_period_s != 0;
	p->close_date = (int32_t)poll->close_date_s;
	p->has_close_date = poll->close_date_s != 0;
	/* Of what can change of it. */
	p->hash = poll->closed ? ~poll->id : poll->id;
	return &p->o;
}

static void encode_recent(struct arena *arena, const struct poll *poll, struct tl_pollResults *r)
{
	if (!poll->recent_count)
		return;
	r->recent_voters = tl_objects_new(arena, (uint32_t)poll->recent_count);
	r->recent_voters_Vector_long =
		(struct tl_longs){.count = (uint32_t)poll->recent_count, .at = poll->recent};
	for (size_t i = 0; i < poll->recent_count; i++)
		r->recent_voters.at[i] =
			encode_peer(arena, (struct peer){PEER_USER, poll->recent[i]});
}

/* The list of options is always there, also with nothing to show: a client learns from it that
 * another device took the vote back. */
static struct tl_object *encode_results(struct arena *arena, const struct poll *poll)
{
	struct tl_pollResults *r = TL_NEW(arena, pollResults);

	r->min = poll->alike;
	r->can_view_stats = poll->stats_shown;
	r->results = tl_objects_new(arena, (uint32_t)poll->option_count);
	for (size_t i = 0; i < poll->option_count; i++) {
		const struct poll_option *option = &poll->options[i];
		struct tl_pollAnswerVoters *voters = TL_NEW(arena, pollAnswerVoters);

		voters->chosen = option->chosen;
		voters->correct = option->correct;
		voters->option = option->option;
		voters->voters = option->voters;
		voters->has_voters = poll->counts_shown;
		if (poll->counts_shown)
			voters->recent_voters = tl_objects_new(arena, 0);
		r->results.at[i] = &voters->o;
	}
	r->total_voters = poll->voters;
	r->has_total_voters = true;
	encode_recent(arena, poll, r);
	if (poll->solution.size) {
		r->solution = poll->solution;
		r->solution_entities = encode_entities(
			arena, poll->solution_entities, poll->solution_entity_count);
		if (!r->solution_entities.at)
			r->solution_entities = tl_objects_new(arena, 0);
	}
	return &r->o;
}

struct tl_object *encode_media_poll(struct arena *arena, const struct poll *poll)
{
	struct tl_messageMediaPoll *media;

	if (!poll)
		return &TL_NEW(arena, messageMediaUnsupported)->o;
	media = TL_NEW(arena, messageMediaPoll);
	media->poll = encode_poll(arena, poll);
	media->results = encode_results(arena, poll);
	return &media->o;
}

struct tl_object *encode_poll_update(struct arena *arena, const struct update *u)
{
	struct tl_updateMessagePoll *update;

	if (!u->poll)
		return NULL;
	update = TL_NEW(arena, updateMessagePoll);
	if (u->peer.kind != PEER_NONE) {
		update->peer = encode_peer(arena, u->peer);
		update->msg_id = u->max_id;
		update->has_msg_id = true;
		update->top_msg_id = u->thread;
		update->has_top_msg_id = u->thread != 0;
	}
	update->poll_id = u->poll->id;
	update->poll = encode_poll(arena, u->poll);
	update->results = encode_results(arena, u->poll);
	return &update->o;
}
