/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of the desk, one after the other: apply, finish, tell the owner. */
#include "core/posts/orders.h"

#include "base/log.h"
#include "core/messages/box.h"
#include "core/accounts/public_face.h"
#include "core/channels/channel_load.h"
#include "core/posts/measures.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "store/square_orders.h"

#define REPAIR_ORDERS_MAX 10000 /* newest ones that repair looks at: a crash loses one batch */

/* ---- Channels ---- */

static void measure_channel(struct call *call, struct channel_context *context)
{
	struct channel_row *row = &context->row;
	struct measures m;

	measures_read(call, row->id, 0, &m);
	row->restricted_everywhere = m.restriction.everywhere;
	row->restricted_countries = m.restriction.countries;
	row->restriction_text = m.restriction.text;
	row->restriction_reason = m.restriction.reason;
	row->label_text = m.restriction.label;
	row->frozen_until_s = m.frozen_until_s;
	channel_rows_restrict(&context->place, row);
	channel_refresh(call, context);
	channel_tell_changed(call, context);
}

/* Clients that showed the restriction's text in place of the newest post learn what it says. */
static void channel_heal(struct call *call, struct channel_context *context)
{
	const struct post_bounds all = {0};
	struct post_rows top;
	struct update update;

	post_rows_older(&context->place, call->arena, &all, INT32_MAX, 0, 1, &top);
	if (top.count == 0 || top.at[0].action != ACTION_NONE)
		return;
	post_tell_edited(call, context, top.at[0].id, &update);
}

/* ---- Posts ---- */

/* An edit, not a deletion: clients that forgot a post never ask for it again, and a restored one
 * would stay lost for them. */
static void measure_post(struct call *call, struct channel_context *context, int32_t id)
{
	struct update update;
	struct post_row row;
	struct measures m;

	if (!post_rows_find(&context->place, call->arena, id, &row))
		return; /* deleted since */
	measures_read(call, context->row.id, id, &m);
	if (m.hidden_by)
		post_rows_hide(&context->place, id, m.hidden_by);
	else if (row.hidden_by)
		post_rows_show(&context->place, call->arena, id, call->now_s);
	if (m.labelled_by != row.labelled_by)
		post_rows_label(&context->place, id, m.labelled_by);
	(void)post_tell_edited(call, context, id, &update);
}

/* ---- Actions, and what each may be about ---- */

enum about { ABOUT_CHANNEL = 1 << 0, ABOUT_POST = 1 << 1, ABOUT_ACCOUNT = 1 << 2 };

struct action {
	const char *name;
	unsigned about; /* enum about */
	bool measures;	/* changes what is shown; else it is a letter and nothing else */
};

static const struct action actions[] = {
	{"remove", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, true},
	{"restrict", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, true},
	{"label", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, true},
	{"freeze", ABOUT_CHANNEL, true},
	{"warn", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, false},
	{"ask", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, false},
	{"restore", ABOUT_CHANNEL | ABOUT_POST | ABOUT_ACCOUNT, true},
};

static const struct action *action_of(const struct order_row *order)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (bytes_equal_str(order->action, actions[i].name))
			return &actions[i];
	return NULL;
}

static bool lifts(const struct order_row *order)
{
	return bytes_equal_str(order->action, "restore");
}

/* ---- What an order is about ---- */

struct target {
	const struct order_row *order;
	const struct target_kind *kind;
	struct channel_context channel; /* of channels and posts */
};

struct target_kind {
	enum about about;
	/* ORDER_DONE, or why nothing can be done about it. What went private since is out of the
	 * desk's reach, but may be restored; so may what a case about a post did to the channel
	 * when the post is gone. */
	const char *(*find)(struct call *call, struct target *target);
	/* Everything about it anew, from the orders that hold now. */
	void (*measure)(struct call *call, struct target *target);
	int64_t (*owner)(struct call *call, const struct order_row *order); /* 0: nobody */
};

static const char *find_channel(struct call *call, struct target *target)
{
	if (!channel_load(call, target->order->channel, &target->channel))
		return "no such channel";
	return lifts(target->order) || target->channel.row.in_square ? ORDER_DONE : "not public";
}

static const char *find_post(struct call *call, struct target *target)
{
	const char *outcome = find_channel(call, target);
	struct post_row row;

	if (strcmp(outcome, ORDER_DONE) == 0 && !lifts(target->order) &&
		!post_rows_find(&target->channel.place, call->arena, target->order->post, &row))
		return "no such post";
	return outcome;
}

/* One who gave up the name since has no face; what was ordered about it is lifted all the same. */
static const char *find_account(struct call *call, struct target *target)
{
	struct bytes name;

	if (target->order->post)
		return "no such post"; /* there are none of an account */
	return lifts(target->order) || public_face_name(call, -target->order->channel, &name)
		       ? ORDER_DONE
		       : "not public";
}

static void measure_whole_channel(struct call *call, struct target *target)
{
	measure_channel(call, &target->channel);
	if (lifts(target->order))
		channel_heal(call, &target->channel);
}

static void measure_one_post(struct call *call, struct target *target)
{
	measure_post(call, &target->channel, target->order->post);
	if (lifts(target->order) && square_orders_lifted_channel(call_square(call), target->order))
		measure_channel(call, &target->channel);
}

static void measure_account(struct call *call, struct target *target)
{
	(void)public_face_measure(call, -target->order->channel);
}

static int64_t channel_owner(struct call *call, const struct order_row *order)
{
	struct membership_row row;

	if (home_members_admins(call_home(call), call->arena, order->channel, ROLE_CREATOR,
		    ROLE_CREATOR, &row, 1) == 0)
		return 0;
	return user_exists(call, row.user) ? row.user : 0;
}

/* A bot's letter goes to the bot: who runs it reads it there. */
static int64_t account_itself(struct call *call, const struct order_row *order)
{
	return user_exists(call, -order->channel) ? -order->channel : 0;
}

static const struct target_kind target_kinds[] = {
	{ABOUT_CHANNEL, find_channel, measure_whole_channel, channel_owner},
	{ABOUT_POST, find_post, measure_one_post, channel_owner},
	{ABOUT_ACCOUNT, find_account, measure_account, account_itself},
};

/* Accounts are below zero: store/square_profiles.h. */
static const struct target_kind *kind_of(const struct order_row *order)
{
	const enum about about = order->channel < 0 ? ABOUT_ACCOUNT
				 : order->post	    ? ABOUT_POST
						    : ABOUT_CHANNEL;
	const struct target_kind *kind = target_kinds;

	while (kind->about != about)
		kind++;
	return kind;
}

/* ---- Orders ---- */

/* ORDER_DONE, or why it can't be done. */
static const char *order_check(
	struct call *call, const struct order_row *order, struct target *target)
{
	const struct action *action = action_of(order);
	const char *outcome;

	*target = (struct target){.order = order, .kind = kind_of(order)};
	if (!action)
		return "unknown action";
	outcome = target->kind->find(call, target);
	if (strcmp(outcome, ORDER_DONE) != 0)
		return outcome;
	if (bytes_equal_str(order->action, "restrict") && !countries_are_valid(order->countries))
		return "malformed list of countries";
	if (!(action->about & target->kind->about))
		return "not about such a thing";
	if (bytes_equal_str(order->action, "freeze") && !order->ends_at_s)
		return "without an end";
	return ORDER_DONE;
}

static void order_measure(struct call *call, struct target *target)
{
	if (action_of(target->order)->measures)
		target->kind->measure(call, target);
}

/* The row is written also when nobody is there to get the letter: it was dealt with. */
static void letter_send(struct call *call, const struct order_row *order)
{
	int64_t owner = kind_of(order)->owner(call, order);
	struct bytes letter = order->letter;

	if (home_letters_has(call_home(call), order->id))
		return;
	if (owner)
		(void)square_orders_letter(call_square(call), call->arena, order->id,
			words_language_of(call, owner), &letter);
	if (owner && letter.size > 0 && box_service_message(call, owner, letter) < 0) {
		log_error("letter_refused", "order %lld: the owner's box took no letter",
			(long long)order->id);
		call->fault = (struct fault){0};
		owner = 0;
	}
	home_letters_insert(call_home(call), order->id, owner, call->now_s);
}

static void order_execute(
	struct call *call, const struct order_row *order, struct executed_order *out)
{
	struct target target;
	const char *outcome = order_check(call, order, &target);

	out->id = order->id;
	out->executed_at_ms = clock_realtime_us(call->env->clock) / 1000;
	out->outcome = bytes_from_str(outcome);
	square_orders_finish(call_square(call), order->id, out->executed_at_ms, outcome);
	if (strcmp(outcome, ORDER_DONE) != 0)
		return;
	if (lifts(order))
		square_orders_lift(call_square(call), order, out->executed_at_ms);
	order_measure(call, &target);
	letter_send(call, order);
}

/* An order that can't be carried out (a row that doesn't read) must not hold up those behind it:
 * what it did is undone and its outcome says so. false: the store itself fails, nothing can be
 * kept. */
static bool order_try(struct call *call, const struct order_row *order, struct executed_order *out)
{
	size_t effects = call->effects->count;
	bool failed;

	store_savepoint(call->store);
	order_execute(call, order, out);
	failed = store_failed(call->store);
	store_savepoint_end(call->store, !failed);
	if (!failed)
		return true;
	call->effects->count = effects;
	if (store_failed(call->store))
		return false;
	log_error("order_failed", "order %lld could not be carried out", (long long)order->id);
	out->outcome = bytes_from_str("a fault of the server");
	square_orders_finish(
		call_square(call), order->id, out->executed_at_ms, "a fault of the server");
	return !store_failed(call->store);
}

int orders_execute(struct call *call, struct executed_orders *out)
{
	struct order_row *rows = arena_array(call->arena, ORDERS_PER_CALL_MAX, sizeof(*rows));

	out->count = square_orders_open(call_square(call), call->arena, rows, ORDERS_PER_CALL_MAX);
	out->more = out->count == ORDERS_PER_CALL_MAX;
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++) {
		if (!order_try(call, &rows[i], &out->at[i]))
			return -1;
	}
	return 0;
}

/* ---- Ends ---- */

static void order_end(struct call *call, const struct order_row *order)
{
	struct target target = {.order = order, .kind = kind_of(order)};

	square_orders_end(call_square(call), order->id, clock_realtime_us(call->env->clock) / 1000);
	if (target.kind->about != ABOUT_ACCOUNT &&
		!channel_load(call, order->channel, &target.channel))
		return;
	order_measure(call, &target);
	if (target.kind->about == ABOUT_CHANNEL && bytes_equal_str(order->action, "restrict"))
		channel_heal(call, &target.channel);
}

/* One that can't be ended holds on, and is tried again: it must not hold up the others. */
static bool order_end_try(struct call *call, const struct order_row *order)
{
	size_t effects = call->effects->count;
	bool failed;

	store_savepoint(call->store);
	order_end(call, order);
	failed = store_failed(call->store);
	store_savepoint_end(call->store, !failed);
	if (!failed)
		return true;
	call->effects->count = effects;
	log_error("order_not_ended", "order %lld could not be ended", (long long)order->id);
	return !store_failed(call->store);
}

void orders_end_due(struct call *call)
{
	struct order_row *rows = arena_array(call->arena, ORDERS_PER_CALL_MAX, sizeof(*rows));
	const size_t count = square_orders_due(
		call_square(call), call->arena, call->now_s, rows, ORDERS_PER_CALL_MAX);

	for (size_t i = 0; i < count; i++)
		if (!order_end_try(call, &rows[i]))
			return;
}

static bool is_as_measured(const struct channel_row *row, const struct measures *m)
{
	return row->restricted_everywhere == m->restriction.everywhere &&
	       bytes_equal(row->restricted_countries, m->restriction.countries) &&
	       bytes_equal(row->restriction_text, m->restriction.text) &&
	       bytes_equal(row->restriction_reason, m->restriction.reason) &&
	       bytes_equal(row->label_text, m->restriction.label) &&
	       row->frozen_until_s == m->frozen_until_s;
}

/* A channel that went back to the home, or a post that has not gone to the square yet, is changed
 * by the home's commit: the order's own may be there without it. */
static void order_heal(struct call *call, const struct order_row *order)
{
	struct target target = {.order = order, .kind = kind_of(order)};
	struct channel_context *context = &target.channel;
	struct post_row post;
	struct measures m;

	if (target.kind->about == ABOUT_ACCOUNT || !channel_load(call, order->channel, context) ||
		(context->row.in_square && !context->place.rest))
		return;
	measures_read(call, order->channel, order->post, &m);
	if (order->post ? !post_rows_find(&context->place, call->arena, order->post, &post) ||
				  (post.hidden_by == m.hidden_by &&
					  post.labelled_by == m.labelled_by)
			: is_as_measured(&context->row, &m))
		return;
	target.kind->measure(call, &target);
}

int orders_repair(struct call *call)
{
	struct order_row *rows = arena_array(call->arena, ORDERS_PER_CALL_MAX, sizeof(*rows));
	int64_t below = INT64_MAX;
	size_t count, seen = 0;

	do {
		count = square_orders_done(
			call_square(call), call->arena, below, rows, ORDERS_PER_CALL_MAX);
		for (size_t i = 0; i < count; i++) {
			below = rows[i].id;
			order_heal(call, &rows[i]);
			letter_send(call, &rows[i]);
		}
		seen += count;
	} while (count == ORDERS_PER_CALL_MAX && seen < REPAIR_ORDERS_MAX);
	return 0;
}
