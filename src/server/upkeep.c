/* SPDX-License-Identifier: Apache-2.0 */
/* The table of such work. Each piece is bounded, says whether more is left, and is then called
 * again at the next beat. */
#include "server/upkeep.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "bot/bot.h"
#include "core/accounts/account_end.h"
#include "core/accounts/network_budget.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_standing.h"
#include "core/bots/bot_updates.h"
#include "core/files/uploads.h"
#include "core/messages/box.h"
#include "core/channels/channel_end.h"
#include "core/channels/channel_heirs.h"
#include "core/posts/post_reactions.h"
#include "core/channels/channel_stats.h"
#include "core/messages/history_ttl.h"
#include "core/channels/move.h"
#include "core/posts/orders.h"
#include "core/messages/polls.h"
#include "core/posts/post_views.h"
#include "core/posts/posts.h"
#include "core/posts/posts_search.h"
#include "core/messages/read_dates.h"
#include "core/channels/reports.h"
#include "core/messages/scheduled.h"
#include "core/accounts/sessions.h"
#include "core/channels/similar.h"
#include "core/secret/secret_files.h"
#include "core/accounts/users.h"
#include "server/id_floor.h"
#include "server/metrics.h"
#include "server/node.h"
#include "server/thread.h"
#include "store/home_affairs.h"
#include "store/home_budgets.h"
#include "store/home_files.h"
#include "store/home_keys.h"
#include "store/home_login_tokens.h"
#include "store/home_post_reactions.h"
#include "store/home_roots.h"
#include "store/home_users.h"

/* Of one job: some ten milliseconds of the write executor. */
#define KEYS_MAX 2000
#define CALL_SESSIONS_MAX 1000
#define CALL_ROWS_MAX 4000
#define SPENT_ROWS_MAX 4000
#define LOGIN_ROWS_MAX 1000
#define PRESENCE_MAX 500
#define REMAINS_MAX 2000
#define RESEAL_ROWS 50
#define RESEAL_SLICES 40
/* How long what was deleted may lie on, at most, while nobody reads from the log for long. */
#define EMPTY_LOGS_EVERY_S 10
/* Anybody can make a key; one that nobody logged in on is kept for so long after its last use. */
#define KEY_IDLE_S (7 * 86400)

struct upkeep_job {
	struct executor_job job;
	struct node *node;
	struct arena arena;
	struct effects *effects;
	int64_t looked_s; /* at the clock, which was not in doubt */
	uint32_t due;	  /* bit of each row of works */
	uint32_t more;
	uint32_t resealed; /* 0, or the epoch that all is sealed under once this is on disk */
};

/* True: more is left. */
typedef bool upkeep_work(struct call *call, struct upkeep_job *job);

static bool write_id_second(struct call *call, struct upkeep_job *job)
{
	id_second_write(call, job->node);
	return false;
}

static bool purge_calls(struct call *call, struct upkeep_job *job)
{
	return !home_calls_purge(call_home(call), call->now_s - HOME_CALLS_KEEP_S,
		&job->node->upkeep.calls_cursor, CALL_SESSIONS_MAX, CALL_ROWS_MAX);
}

static bool purge_spent(struct call *call, struct upkeep_job *job)
{
	home_spent_purge(call_home(call), call->now_s - HOME_CALLS_KEEP_S, SPENT_ROWS_MAX);
	return false;
}

static bool purge_keys(struct call *call, struct upkeep_job *job)
{
	uint64_t *ids = arena_array(call->arena, KEYS_MAX, sizeof(*ids));
	size_t count = home_keys_purge(call_home(call), call->now_s - KEY_IDLE_S,
		job->node->in.settings.idle_keys_max, ids, KEYS_MAX);

	for (size_t i = 0; i < count; i++)
		effects_append(call->effects, EFFECT_KEY_GONE)->key_id = ids[i];
	return count == KEYS_MAX;
}

static bool end_unused_logins(struct call *call, struct upkeep_job *job)
{
	return sessions_end_unused(call);
}

static bool sweep_moves(struct call *call, struct upkeep_job *job)
{
	/* A failure is the store's, and fails the job. */
	bool more = false;

	if (move_sweep(call, &more) < 0)
		db_fail(call_home(call), "the sweep of moved channels was refused");
	return more;
}

static bool find_similar(struct call *call, struct upkeep_job *job)
{
	return similar_step(call);
}

static bool index_again(struct call *call, struct upkeep_job *job)
{
	return posts_reindex(call);
}

static bool step_moves(struct call *call, struct upkeep_job *job)
{
	return move_step(call);
}

static bool purge_login(struct call *call, struct upkeep_job *job)
{
	home_login_tokens_purge(call_home(call), call->now_s, LOGIN_ROWS_MAX);
	home_budgets_purge(
		call_home(call), HOME_INSTALLATION, call->now_s - NETWORK_BUDGET_PERIOD_S);
	home_email_codes_purge(call_home(call), call->now_s, LOGIN_ROWS_MAX);
	return false;
}

static bool end_accounts(struct call *call, struct upkeep_job *job)
{
	return accounts_end_due(call);
}

static bool look_at_accounts(struct call *call, struct upkeep_job *job)
{
	return accounts_look(call, &job->node->upkeep.accounts_cursor);
}

static bool end_channels(struct call *call, struct upkeep_job *job)
{
	return channels_end_some(call);
}

static bool forget_files(struct call *call)
{
	const bool more = uploads_give_up(call);

	return secret_files_purge(call) || more;
}

static bool prune_boxes(struct call *call, struct upkeep_job *job)
{
	bool more = boxes_prune(call, &job->node->upkeep.boxes_cursor);

	more = secret_chats_purge(call) || more;
	return forget_files(call) || more;
}

static bool send_scheduled(struct call *call, struct upkeep_job *job)
{
	return scheduled_send_due(call);
}

static bool send_to_who_came(struct call *call, struct upkeep_job *job)
{
	return scheduled_send_online(call, &job->node->upkeep.scheduled_cursor);
}

static bool expire_messages(struct call *call, struct upkeep_job *job)
{
	const bool more = messages_expire(call);

	return posts_expire(call) || more;
}

static bool forget_read_dates(struct call *call, struct upkeep_job *job)
{
	return read_dates_purge(call);
}

static bool end_orders(struct call *call, struct upkeep_job *job)
{
	orders_end_due(call);
	return false;
}

static bool prune_admin_log(struct call *call, struct upkeep_job *job)
{
	return admin_log_prune(call);
}

static bool lift_limits(struct call *call, struct upkeep_job *job)
{
	return channel_standings_prune(call);
}

static bool pass_channels_on(struct call *call, struct upkeep_job *job)
{
	return channels_pass_on(call);
}

static bool close_polls(struct call *call, struct upkeep_job *job)
{
	return polls_close_due(call);
}

static bool tell_reporters(struct call *call, struct upkeep_job *job)
{
	return reports_tell(call);
}

static bool forget_reporters(struct call *call, struct upkeep_job *job)
{
	return reports_purge(call);
}

static bool forget_days(struct call *call, struct upkeep_job *job)
{
	return stats_purge(call);
}

static bool forget_bot_updates(struct call *call, struct upkeep_job *job)
{
	return bot_updates_purge(call);
}

static bool purge_remains(struct call *call, struct upkeep_job *job)
{
	bool more = post_reactions_take_due(call);

	more = home_files_purge(call_home(call)) || more;
	metric_set(METRIC_FILES_BYTES, home_files_bytes(call_home(call)));
	return home_remains_purge(call_home(call), REMAINS_MAX) || more;
}

static bool write_seen(struct call *call, struct upkeep_job *job)
{
	struct presence_seen *seen = arena_array(call->arena, PRESENCE_MAX, sizeof(*seen));
	size_t count = presence_take(job->node->presence, seen, PRESENCE_MAX);

	for (size_t i = 0; i < count; i++)
		user_note_seen(call, seen[i].user,
			seen[i].until_s < call->now_s ? seen[i].until_s : call->now_s);
	return count == PRESENCE_MAX;
}

/* A new root: this messenger seals under the one before, which is right until the next begins. */
static void begin_anew(struct node *node, uint32_t epoch)
{
	if (atomic_exchange(&node->turned, true))
		return;
	log_info("root_turned", "the home has a new root, of epoch %u: starting again", epoch);
}

/* What lontar vault rekey --later left to do, or did not come to. */
static bool reseal(struct call *call, struct upkeep_job *job)
{
	struct home_resealing *work = &job->node->upkeep.resealing;
	struct root_chain chain;
	bool more = true;

	home_roots_read(call_home(call), &chain);
	if (chain.epoch != vault_epoch(call->store->vault)) {
		begin_anew(job->node, chain.epoch);
		return false;
	}
	if (chain.count == 0 || (work->damaged && work->walk.column == home_sealed_count))
		return false;
	/* A slice is of one column: most columns are short. */
	for (int i = 0; i < RESEAL_SLICES && more; i++)
		more = home_reseal(work, call_home(call), call->store->vault, RESEAL_ROWS);
	if (work->done)
		job->resealed = chain.epoch;
	else if (work->damaged && !more)
		log_error("reseal_damaged",
			"%lld values do not open; the older root is kept for them: lontar check",
			(long long)work->damaged);
	return more;
}

/* What was deleted must not lie on in the logs. */
static bool empty_logs(struct call *call, struct upkeep_job *job)
{
	executor_empty_logs(job->node->writer);
	return false;
}

static bool write_views(struct call *call, struct upkeep_job *job)
{
	return post_views_flush(call, job->node->views);
}

/* BY_AGE: ends for good what is older than something, and waits while the clock is in doubt. */
enum when { EVER, BY_AGE };

static const struct {
	int every_s;
	enum when when;
	upkeep_work *run;
} works[] = {
	{ID_SECOND_EVERY_S, EVER, write_id_second},
	{5, EVER, purge_calls},
	{5, EVER, purge_spent},
	{60, BY_AGE, purge_keys},
	{60, EVER, sweep_moves},
	{60, EVER, purge_login},
	{60, BY_AGE, end_accounts},
	{3600, BY_AGE, look_at_accounts},
	{60, EVER, write_seen},
	{3600, BY_AGE, prune_boxes},
	{5, EVER, end_channels},
	{60, BY_AGE, end_unused_logins},
	{1, BY_AGE, expire_messages},
	{600, BY_AGE, forget_read_dates},
	{600, BY_AGE, prune_admin_log},
	{60, EVER, lift_limits},
	{60, BY_AGE, pass_channels_on},
	{1, EVER, close_polls},
	{1, EVER, end_orders},
	{5, EVER, purge_remains},
	{POST_VIEWS_EVERY_S, EVER, write_views},
	{1, EVER, send_scheduled},
	{1, EVER, send_to_who_came},
	{1, EVER, step_moves},
	{60, EVER, find_similar},
	{2, EVER, tell_reporters},
	{3600, BY_AGE, forget_reporters},
	{3600, BY_AGE, forget_days},
	{5, EVER, index_again},
	{60, BY_AGE, forget_bot_updates},
	{1, EVER, reseal},
	{EMPTY_LOGS_EVERY_S, EVER, empty_logs},
};

#define WRITE_ID_SECOND 1u /* the first row */

_Static_assert(ARRAY_LEN(works) <= UPKEEP_WORKS_MAX, "a bit for each piece of work");

static int upkeep_run(struct executor_job *base, struct store *store)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);
	struct call call = node_call(job->node, store);

	call.arena = &job->arena;
	call.effects = job->effects;
	job->more = 0;
	for (size_t i = 0; i < ARRAY_LEN(works); i++) {
		/* The clock may have jumped since somebody looked at it. */
		if (works[i].when == BY_AGE && call.now_s - job->looked_s > CLOCK_STEP_MAX_S)
			continue;
		if (job->due & 1u << i && works[i].run(&call, job))
			job->more |= 1u << i;
	}
	return 0;
}

static void upkeep_free(struct upkeep_job *job)
{
	effects_release(job->effects);
	arena_release(&job->arena);
	free(job);
}

static void upkeep_finish(struct executor_job *base, bool ok)
{
	struct upkeep_job *job = LIST_OWNER(base, struct upkeep_job, job);

	atomic_fetch_or(&job->node->upkeep.busy, job->more);
	if (!ok)
		job->node->upkeep.resealing =
			(struct home_resealing){0}; /* some of it was undone */
	if (ok && job->resealed)
		log_info("resealed", "%lld values are sealed under the root of epoch %u",
			(long long)job->node->upkeep.resealing.resealed_before, job->resealed);
	if (ok) {
		node_publish(job->node, job->effects);
		job->effects = NULL;
	}
	upkeep_free(job);
}

static struct upkeep_job *job_new(struct upkeep *upkeep, uint32_t due, int64_t looked_s)
{
	struct upkeep_job *job = MEM_NEW(struct upkeep_job);

	arena_init(&job->arena);
	job->effects = effects_new();
	job->job.run = upkeep_run;
	job->job.finish = upkeep_finish;
	job->node = upkeep->node;
	job->looked_s = looked_s;
	job->due = due;
	return job;
}

static void upkeep_due(struct timer *timer)
{
	struct upkeep *upkeep = LIST_OWNER(timer, struct upkeep, timer);
	const struct clock *clock = upkeep->node->env.clock;
	int64_t now_us = clock_monotonic_us(clock), of_day_us = clock_realtime_us(clock);
	bool doubted = clock_doubt_look(&upkeep->doubt, of_day_us, now_us);
	uint32_t due = atomic_exchange(&upkeep->busy, 0);

	for (size_t i = 0; i < ARRAY_LEN(works); i++) {
		if (doubted && works[i].when == BY_AGE)
			due &= ~(1u << i);
		if (now_us < upkeep->due_us[i] || (doubted && works[i].when == BY_AGE))
			continue;
		due |= 1u << i;
		upkeep->due_us[i] = now_us + works[i].every_s * (int64_t)1000000;
	}
	if (due)
		executor_submit(
			upkeep->node->writer, &job_new(upkeep, due, of_day_us / 1000000)->job);
	bot_beat(upkeep->node->bot);
	loop_timer_start(upkeep->loop, timer, UPKEEP_BEAT_S * 1000);
}

void upkeep_start(struct upkeep *upkeep, struct node *node, struct loop *loop)
{
	*upkeep = (struct upkeep){.node = node, .loop = loop, .calls_cursor = HOME_CALLS_FIRST};
	timer_init(&upkeep->timer, upkeep_due);
	loop_timer_start(loop, &upkeep->timer, UPKEEP_BEAT_S * 1000);
}

void upkeep_stop(struct upkeep *upkeep)
{
	struct upkeep_job *job;

	if (!upkeep->loop)
		return;
	timer_stop(&upkeep->timer);
	job = job_new(upkeep, WRITE_ID_SECOND, 0);
	executor_submit(upkeep->node->writer, &job->job);
}
