/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how many strangers an account may write to. Does not own the bar that they see:
 * core/accounts/peer_settings.c does. */
#include "core/accounts/strangers.h"

#include "core/bots/bots.h"
#include "core/messages/box.h"
#include "core/accounts/network_budget.h"
#include "store/home_budgets.h"
#include "store/home_contacts.h"
#include "store/home_contacts_bars.h"

/* A conversation stays begun when its messages are deleted: whoever was let in once doesn't count
 * again. */
bool stranger_has_met(struct call *call, int64_t owner, int64_t who)
{
	struct db *db = call_home(call);
	struct home_dialog dialog;
	struct home_box box;

	if (home_bar_get(db, owner, who) != HOME_BAR_NONE ||
		home_bar_get(db, who, owner) != HOME_BAR_NONE)
		return true;
	return box_open(call, owner, &box) &&
	       box_dialog(&box, (struct peer){PEER_USER, who}, &dialog) && dialog.top_id > 0;
}

bool stranger_is(struct call *call, int64_t owner, int64_t who)
{
	struct db *db = call_home(call);

	return owner != who && owner != SERVICE_USER && who != SERVICE_USER &&
	       !bot_is(call, owner) && !home_contact_exists(db, owner, who) &&
	       !stranger_has_met(call, owner, who) &&
	       (!home_share_group(db, owner, who) || bot_is(call, who));
}

static int64_t allowed_per_day(struct call *call)
{
	int64_t reports = home_reports_count(
		call_home(call), call->user, call->now_s - (int64_t)STRANGERS_REPORT_DAYS * 86400);

	if (reports >= STRANGERS_REPORTS_SILENCE)
		return 0;
	return STRANGERS_PER_DAY / (1 + reports);
}

int stranger_check(struct call *call, int64_t to, bool *stranger)
{
	*stranger = stranger_is(call, to, call->user);
	if (call->is_bot && bot_is(call, to))
		return rpc_error(call, 400, "USER_IS_BOT");
	if (call->is_bot && *stranger)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (!*stranger)
		return 0;
	if (!home_budget_take(call_home(call), call->user, "strangers", 1, allowed_per_day(call),
		    ACCOUNT_BUDGET_PERIOD_S, call->now_s, NULL))
		return rpc_error(call, 400, "PEER_FLOOD");
	return 0;
}

void stranger_report(struct call *call, int64_t who)
{
	if (home_bar_get(call_home(call), call->user, who) != HOME_BAR_NONE)
		(void)home_report_put(call_home(call), who, call->user, call->now_s);
}
