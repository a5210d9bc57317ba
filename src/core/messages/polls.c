/* SPDX-License-Identifier: Apache-2.0 */
/* Making polls, and what of one a viewer may see. Votes are in core/messages/polls_vote.c. */
#include "core/messages/polls_private.h"

#include "base/text.h"
#include "core/messages/entities.h"
#include "core/messages/poll_body.h"
#include "store/home_authors.h"
#include "store/home_channel_salts.h"
#include "store/home_chats.h"

struct home_sealer polls_home(struct call *call)
{
	return (struct home_sealer){call_home(call), call->store->vault, call->arena};
}

/* ---- Looking ---- */

bool polls_read(const struct home_sealer *home, int64_t owner, int64_t id, struct home_poll *row,
	struct poll *out)
{
	if (!home_poll_get(home, owner, id, row))
		return false;
	*out = (struct poll){.id = id, .owner = owner, .closed = row->closed};
	if (poll_body_decode(home->arena, row->body, out) < 0 ||
		poll_tally_decode(home->arena, row->tally, out) < 0) {
		db_fail(home->db, "a poll is malformed");
		return false;
	}
	/* Clients count down only where they are given both. */
	out->close_date_s = row->close_at_s;
	if (!out->close_date_s)
		out->close_period_s = 0;
	return true;
}

/*
 * Counts are for who has voted, answers of a quiz too; once it is closed, for everybody. Where they
 * are held back until then, the maker alone sees the counts. Who voted in public is no secret
 * before. What all members of a channel are told at once has the counts: of those who voted it
 * changes what they see, and the clients of the others keep it to themselves.
 */
static void hide(struct poll *poll)
{
	const bool results = poll->closed || (poll->voted && !poll->hidden);

	poll->counts_shown =
		results || (poll->is_creator && poll->hidden) || (poll->alike && !poll->hidden);
	if (!poll->counts_shown && poll->hidden)
		poll->recent_count = 0;
	if (!results)
		poll->solution = (struct bytes){0}, poll->solution_entity_count = 0;
	for (size_t i = 0; i < poll->option_count; i++) {
		struct poll_option *o = &poll->options[i];

		o->correct = o->correct && results;
		if (!poll->counts_shown)
			o->voters = 0;
	}
}

void polls_recount(struct poll *poll, uint32_t before, uint32_t after)
{
	for (size_t i = 0; i < poll->option_count; i++)
		poll->options[i].voters += (after >> i & 1) - (int32_t)(before >> i & 1);
	poll->voters += (after != 0) - (before != 0);
}

static bool is_maker(struct db *db, const struct home_poll *row, int64_t viewer)
{
	if (row->owner >= 0)
		return row->owner == viewer;
	return viewer && row->message &&
	       home_authors_get(db, -row->owner, row->message).author == viewer;
}

struct poll *polls_view(const struct home_sealer *home, int64_t viewer, int64_t owner, int64_t id)
{
	struct poll *poll = ARENA_NEW(home->arena, struct poll);
	struct home_vote vote;
	struct home_poll row;

	if (!polls_read(home, owner, id, &row, poll))
		return NULL;
	poll->is_creator = is_maker(home->db, &row, viewer);
	poll->voted = viewer && home_vote_get(home, &row, viewer, &vote);
	for (size_t i = 0; poll->voted && i < poll->option_count; i++)
		poll->options[i].chosen = vote.options & 1u << i;
	if (poll->voted && vote.unheard)
		polls_recount(poll, 0, vote.options);
	hide(poll);
	return poll;
}

struct poll *polls_view_alike(const struct home_sealer *home, int64_t owner, int64_t id)
{
	struct poll *poll = ARENA_NEW(home->arena, struct poll);
	struct home_poll row;

	if (!polls_read(home, owner, id, &row, poll))
		return NULL;
	poll->alike = true;
	hide(poll);
	return poll;
}

/* Who is out of the group keeps the question and the own vote. */
static void withhold(struct poll *poll)
{
	poll->counts_shown = false;
	poll->voters = 0;
	poll->recent_count = 0;
	poll->solution = (struct bytes){0}, poll->solution_entity_count = 0;
	for (size_t i = 0; i < poll->option_count; i++) {
		poll->options[i].correct = false;
		poll->options[i].voters = 0;
	}
}

struct media *poll_media_for(const struct home_box *box, struct peer in, struct media *media)
{
	struct home_chat_member member;
	struct home_sealer home = {box->db, box->vault, box->arena};
	struct media *copy;

	if (!media || media->kind != MEDIA_POLL)
		return media;
	copy = ARENA_NEW(box->arena, struct media);
	*copy = *media;
	copy->poll_view = polls_view(&home, box->owner, media->poll_owner, media->poll);
	if (copy->poll_view && in.kind == PEER_CHAT &&
		!home_chat_member_get(box->db, in.id, box->owner, &member))
		withhold(copy->poll_view);
	return copy;
}

/* For the changes of an account: the owner of a poll as a peer. */
struct peer polls_owner_peer(int64_t owner)
{
	return owner < 0 ? (struct peer){PEER_CHANNEL, -owner} : (struct peer){PEER_USER, owner};
}

bool poll_change(struct call *call, const struct home_change *change, struct update *update)
{
	const bool of_channel = change->peer_kind == PEER_CHANNEL;
	struct home_sealer home = polls_home(call);
	struct channel_view view;

	*update = (struct update){.kind = UPDATE_POLL,
		.poll = polls_view(&home, call->user, of_channel ? -change->peer : change->peer,
			change->item)};
	if (update->poll && of_channel && channel_view(call, change->peer, &view) < 0) {
		call->fault = (struct fault){0};
		withhold(update->poll);
	}
	return update->poll != NULL;
}

/* ---- Making ---- */

static int refuse(struct call *call, const char *text)
{
	call->fault = (struct fault){0};
	return rpc_error(call, 400, text);
}

static size_t keep_custom_emoji(struct entity *entities, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (entities[i].kind == ENTITY_CUSTOM_EMOJI)
			entities[kept++] = entities[i];
	}
	return kept;
}

static int accept_text(struct call *call, struct bytes *text, struct entity **entities,
	size_t *count, size_t units_max, const char *fault)
{
	struct message draft = {.text = *text, .entities = *entities, .entity_count = *count};

	if (entities_accept(call, &draft) < 0 || text_utf16_length(draft.text) > units_max)
		return refuse(call, fault);
	*text = draft.text;
	*entities = draft.entities;
	*count = draft.entity_count;
	return 0;
}

static int accept_option(struct call *call, const struct poll *poll, size_t index)
{
	struct poll_option *o = &poll->options[index];

	if (!o->option.size || o->option.size > POLL_OPTION_SIZE_MAX)
		return rpc_error(call, 400, "POLL_OPTION_INVALID");
	for (size_t i = 0; i < index; i++) {
		if (bytes_equal(poll->options[i].option, o->option))
			return rpc_error(call, 400, "POLL_OPTION_DUPLICATE");
	}
	if (accept_text(call, &o->text, &o->entities, &o->entity_count, POLL_ANSWER_MAX,
		    "POLL_ANSWER_INVALID") < 0)
		return -1;
	o->entity_count = keep_custom_emoji(o->entities, o->entity_count);
	o->voters = 0;
	return 0;
}

static int accept_quiz(struct call *call, struct poll *poll)
{
	size_t correct = 0;

	for (size_t i = 0; i < poll->option_count; i++)
		correct += poll->options[i].correct;
	if (!poll->quiz)
		return correct || poll->solution.size ? rpc_error(call, 400, "MEDIA_INVALID") : 0;
	if (poll->multiple)
		return rpc_error(call, 400, "QUIZ_MULTIPLE_INVALID");
	if (!correct)
		return rpc_error(call, 400, "QUIZ_CORRECT_ANSWERS_EMPTY");
	if (correct > 1)
		return rpc_error(call, 400, "QUIZ_CORRECT_ANSWERS_TOO_MUCH");
	if (!poll->solution.size)
		return 0;
	return accept_text(call, &poll->solution, &poll->solution_entities,
		&poll->solution_entity_count, POLL_SOLUTION_MAX, "MEDIA_INVALID");
}

/* A period begins when the message is sent, a date stands. */
static int accept_close(struct call *call, struct poll *poll)
{
	int64_t period = poll->close_period_s;

	if (poll->close_date_s)
		period = poll->close_date_s - call->now_s;
	if ((period || poll->close_date_s) &&
		(period < POLL_PERIOD_MIN_S || period > POLL_PERIOD_MAX_S))
		return rpc_error(call, 400, "MEDIA_INVALID");
	poll->close_period_s = (int32_t)period;
	return 0;
}

static int accept(struct call *call, struct poll *poll)
{
	if (accept_text(call, &poll->question, &poll->entities, &poll->entity_count,
		    POLL_QUESTION_MAX, "POLL_QUESTION_INVALID") < 0)
		return -1;
	poll->entity_count = keep_custom_emoji(poll->entities, poll->entity_count);
	if (poll->option_count < POLL_OPTIONS_MIN || poll->option_count > POLL_OPTIONS_MAX)
		return rpc_error(call, 400, "POLL_ANSWERS_INVALID");
	for (size_t i = 0; i < poll->option_count; i++) {
		if (accept_option(call, poll, i) < 0)
			return -1;
	}
	return accept_quiz(call, poll) < 0 ? -1 : accept_close(call, poll);
}

int poll_create(struct call *call, int64_t owner, struct media *media)
{
	struct home_sealer home = polls_home(call);
	struct poll *poll = media->poll_view;
	struct home_poll row;

	if (media->kind != MEDIA_POLL || !poll || poll->closed)
		return rpc_error(call, 400, "MEDIA_INVALID");
	if (accept(call, poll) < 0)
		return -1;
	poll->recent_count = 0;
	poll->voters = 0;
	if (owner < 0)
		home_channel_salt_need(home.db, -owner);
	row = (struct home_poll){.owner = owner,
		.id = (int64_t)(random_u64(call->env->random) >> 1 | 1),
		.body = poll_body_encode(call->arena, poll),
		.tally = poll_tally_encode(call->arena, poll)};
	home_poll_insert(&home, &row);
	media->poll = row.id;
	media->poll_owner = row.owner;
	media->poll_view = polls_view(&home, call->user, row.owner, row.id);
	return 0;
}

static bool is_own(const struct call *call, const struct message *message)
{
	const int64_t owner = message->peer.kind == PEER_CHANNEL ? -message->peer.id : call->user;

	return message->media && message->media->kind == MEDIA_POLL && message->media->poll &&
	       message->media->poll_owner == owner && !message->forward;
}

void poll_place(struct call *call, const struct message *message, int32_t id)
{
	struct home_sealer home = polls_home(call);
	struct home_poll row;
	struct poll poll = {0};

	if (!is_own(call, message) ||
		!home_poll_get(&home, message->media->poll_owner, message->media->poll, &row) ||
		row.message)
		return;
	if (poll_body_decode(call->arena, row.body, &poll) < 0) {
		db_fail(home.db, "a poll is malformed");
		return;
	}
	row.close_at_s = poll.close_date_s;
	if (!row.close_at_s && poll.close_period_s)
		row.close_at_s = call->now_s + poll.close_period_s;
	row.peer_kind = message->peer.kind;
	row.peer = message->peer.id;
	row.message = id;
	home_poll_set_place(home.db, &row);
}

void poll_discard(struct call *call, const struct message *message)
{
	struct home_sealer home = polls_home(call);
	struct home_poll row;

	if (is_own(call, message) &&
		home_poll_get(&home, message->media->poll_owner, message->media->poll, &row) &&
		!row.message)
		home_poll_delete(home.db, row.owner, row.id);
}
