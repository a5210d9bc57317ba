/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of the desk, one after the other: apply, finish, tell the owner. */
#include "core/orders.h"

#include "base/log.h"
#include "core/box.h"
#include "core/channel_load.h"
#include "core/users.h"
#include "store/square_orders.h"

#define REPAIR_ORDERS_MAX 10000 /* newest ones that repair looks at: a crash loses one batch */

/* ---- Channels ---- */

/* "DE,ID": upper-case letters, two by two. */
static bool countries_are_valid(struct bytes countries)
{
	if (countries.size % 3 != 2)
		return false;
	for (size_t i = 0; i < countries.size; i++) {
		const uint8_t c = countries.data[i];

		if (i % 3 == 2 ? c != ',' : c < 'A' || c > 'Z')
			return false;
	}
	return true;
}

static bool countries_have(struct bytes countries, const uint8_t *code)
{
	for (size_t i = 0; i + 2 <= countries.size; i += 3)
		if (memcmp(countries.data + i, code, 2) == 0)
			return true;
	return false;
}

static struct bytes countries_add(struct arena *arena, struct bytes old, struct bytes added)
{
	struct bytes all = arena_bytes(arena, old);

	for (size_t i = 0; i + 2 <= added.size; i += 3) {
		if (countries_have(all, added.data + i))
			continue;
		all = bytes_from_str(arena_printf(arena, "%.*s%s%.2s", (int)all.size,
			all.size ? (const char *)all.data : "", all.size ? "," : "",
			(const char *)added.data + i));
	}
	return all;
}

static const char *apply_to_channel(
	struct call *call, const struct order_row *order, struct channel_context *context)
{
	const struct bytes none = {NULL, 0};
	struct channel_row *row = &context->row;

	if (bytes_equal_str(order->action, "restore")) {
		row->restricted_everywhere = false;
		row->restricted_countries = none;
		row->restriction_text = none;
		row->restriction_reason = none;
	} else {
		if (bytes_equal_str(order->action, "remove"))
			row->restricted_everywhere = true;
		else if (countries_are_valid(order->countries))
			row->restricted_countries = countries_add(
				call->arena, row->restricted_countries, order->countries);
		else
			return "malformed list of countries";
		row->restriction_text = order->text;
		row->restriction_reason = order->reason;
	}
	channel_rows_restrict(&context->place, row);
	channel_refresh(call, context);
	channel_tell_changed(call, context);
	return ORDER_DONE;
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
static const char *apply_to_post(
	struct call *call, const struct order_row *order, struct channel_context *context)
{
	struct post_row row;

	if (bytes_equal_str(order->action, "restrict"))
		return "a post cannot be restricted by country";
	if (!post_rows_find(&context->place, call->arena, order->post, &row))
		return "no such post";
	if (bytes_equal_str(order->action, "remove"))
		post_rows_hide(&context->place, order->post, order->id);
	else if (row.hidden_by)
		post_rows_show(&context->place, order->post, call->now_s);
	return ORDER_DONE;
}

/* ---- Orders ---- */

static bool action_is_known(struct bytes action)
{
	return bytes_equal_str(action, "remove") || bytes_equal_str(action, "restrict") ||
	       bytes_equal_str(action, "restore");
}

/* The outcome. What went private since is out of the desk's reach, but may be restored. */
static const char *order_apply(
	struct call *call, const struct order_row *order, struct channel_context *context)
{
	if (!action_is_known(order->action))
		return "unknown action";
	if (!channel_load(call, order->channel, context))
		return "no such channel";
	if (!context->row.in_square && !bytes_equal_str(order->action, "restore"))
		return "not public";
	return order->post ? apply_to_post(call, order, context)
			   : apply_to_channel(call, order, context);
}

static int64_t channel_owner(struct call *call, int64_t channel)
{
	struct membership_row row;

	if (home_members_admins(call_home(call), channel, ROLE_CREATOR, ROLE_CREATOR, &row, 1) == 0)
		return 0;
	return user_exists(call, row.user) ? row.user : 0;
}

/* The row is written also when nobody is there to get the letter: it was dealt with. */
static void letter_send(struct call *call, const struct order_row *order)
{
	int64_t owner = channel_owner(call, order->channel);

	if (home_letters_has(call_home(call), order->id))
		return;
	if (owner && order->letter.size > 0 &&
		box_service_message(call, owner, order->letter) < 0) {
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
	struct channel_context context;
	struct update update;
	const char *outcome = order_apply(call, order, &context);

	out->id = order->id;
	out->executed_at_ms = clock_realtime_us(call->env->clock) / 1000;
	out->outcome = bytes_from_str(outcome);
	square_orders_finish(call_square(call), order->id, out->executed_at_ms, outcome);
	if (strcmp(outcome, ORDER_DONE) != 0)
		return;
	/* After the order is finished: its text and its time go into what is told. */
	if (order->post)
		post_tell_edited(call, &context, order->post, &update);
	else if (bytes_equal_str(order->action, "restore"))
		channel_heal(call, &context);
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
			letter_send(call, &rows[i]);
		}
		seen += count;
	} while (count == ORDERS_PER_CALL_MAX && seen < REPAIR_ORDERS_MAX);
	return 0;
}
