/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "core/posts/measures.h"

#include "core/channels/channels.h"
#include "core/accounts/users.h"
#include "store/square_orders.h"

bool countries_are_valid(struct bytes countries)
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

static void hide(struct measures *m, const struct order_row *order)
{
	m->restriction.text = order->text;
	m->restriction.reason = order->reason;
	m->hidden_by = order->id;
	m->hidden_at_s = order->executed_at_ms / 1000;
}

static void add(struct arena *arena, struct measures *m, const struct order_row *order)
{
	if (bytes_equal_str(order->action, "remove")) {
		m->restriction.everywhere = true;
		hide(m, order);
	} else if (bytes_equal_str(order->action, "restrict")) {
		m->restriction.countries =
			countries_add(arena, m->restriction.countries, order->countries);
		hide(m, order);
	} else if (bytes_equal_str(order->action, "label")) {
		m->restriction.label = order->text;
		m->labelled_by = order->id;
	} else if (bytes_equal_str(order->action, "freeze")) {
		if (order->ends_at_s > m->frozen_until_s)
			m->frozen_until_s = order->ends_at_s;
	}
}

void measures_read(struct call *call, int64_t channel, int32_t post, struct measures *out)
{
	struct query q = square_orders_holding(call_square(call), channel, post);
	struct order_row order;

	*out = (struct measures){0};
	while (square_orders_next(&q, call->arena, &order))
		add(call->arena, out, &order);
	query_end(&q);
}

bool measures_by_country(const struct measures *measures)
{
	return !measures->restriction.everywhere && measures->restriction.countries.size > 0;
}

bool measures_hide(struct call *call, const struct measures *measures)
{
	if (!measures_by_country(measures) || call->user == 0)
		return true;
	return channel_restricted(&measures->restriction, user_country(call, call->user));
}
