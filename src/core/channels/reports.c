/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. What the desk makes of a report is src/desk/lanes/reports.c. */
#include "core/channels/reports.h"

#include "base/log.h"
#include "base/text.h"
#include "core/channels/channel_load.h"
#include "core/chats/chat_load.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/public_face.h"
#include "core/posts/posts_private.h"
#include "core/accounts/strangers.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "store/home_contacts_bars.h"
#include "store/home_receipts.h"

#define TOLD_PER_CALL 50
#define PURGED_PER_CALL 1000

/* ---- What it is about ---- */

struct subject {
	struct channel_context channel; /* of a channel */
	bool in_square;
	/* Then, as it stands in the square: */
	int64_t number; /* below zero: an account (store/square_profiles.h) */
	struct bytes name;
};

static int posts_exist(
	struct call *call, const struct channel_context *context, const struct report *report)
{
	struct post_row row;

	if (!report->count && channel_is_guest(context))
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	for (size_t i = 0; i < report->count; i++)
		if (!post_rows_find(&context->place, call->arena, report->ids[i], &row) ||
			!post_is_shown(call, context, &row))
			return rpc_error(call, 400, "MSG_ID_INVALID");
	return 0;
}

/* A public profile as such. What somebody wrote in private, and that he wrote at all, is the
 * home's, whatever name he bears. */
static void find_profile(struct call *call, const struct report *report, struct subject *out)
{
	out->number = -report->peer.id;
	out->in_square = !report->count && !report->of_chat &&
			 public_face_name(call, report->peer.id, &out->name);
}

static int subject_find(struct call *call, const struct report *report, struct subject *out)
{
	struct chat_context chat;

	*out = (struct subject){.in_square = false};
	if (report->count > REPORT_POSTS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (report->peer.kind == PEER_CHAT)
		return chat_need(call, report->peer.id, &chat);
	if (report->peer.kind == PEER_CHANNEL) {
		if (channel_need_card(call, report->peer.id, &out->channel) < 0)
			return -1;
		out->in_square = out->channel.row.in_square;
		out->number = out->channel.row.id;
		out->name = out->channel.row.username;
		return posts_exist(call, &out->channel, report);
	}
	if (report->peer.kind != PEER_USER || report->peer.id == call->user ||
		report->peer.id == SERVICE_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	find_profile(call, report, out);
	return 0;
}

int report_check(struct call *call, const struct report *report, bool *in_square)
{
	struct subject subject;

	if (subject_find(call, report, &subject) < 0)
		return -1;
	*in_square = subject.in_square;
	return 0;
}

int report_check_sender(struct call *call, const struct report *report, struct peer who)
{
	struct subject subject;

	if (subject_find(call, report, &subject) < 0)
		return -1;
	if (!channel_is_admin(&subject.channel.view))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	for (size_t i = 0; i < report->count; i++) {
		const struct post_author author =
			home_authors_get(call_home(call), report->peer.id, report->ids[i]);
		const bool by_channel = author.shown != 0;

		if (by_channel != (who.kind == PEER_CHANNEL) ||
			who.id != (by_channel ? author.shown : author.author))
			return rpc_error(call, 400, "USER_ID_INVALID");
	}
	return report->count ? 0 : rpc_error(call, 400, "MSG_ID_INVALID");
}

/* ---- In the home: it counts ---- */

static void count_against(struct call *call, int64_t account)
{
	if (account && account != call->user && account != SERVICE_USER)
		(void)home_report_put(call_home(call), account, call->user, call->now_s);
}

static void count_channel(
	struct call *call, const struct report *report, const struct channel_context *context)
{
	struct membership_row creator;

	if (!context->row.broadcast && report->count) {
		for (size_t i = 0; i < report->count; i++)
			count_against(call,
				home_authors_get(call_home(call), context->row.id, report->ids[i])
					.author);
	} else if (home_members_admins(call_home(call), call->arena, context->row.id, ROLE_CREATOR,
			   ROLE_CREATOR, &creator, 1)) {
		count_against(call, creator.user);
	}
}

static int count_chat(struct call *call, const struct report *report)
{
	struct message_list list;
	struct chat_context chat;

	if (chat_need(call, report->peer.id, &chat) < 0)
		return -1;
	if (!report->count) {
		count_against(call, chat.row.creator);
		return 0;
	}
	if (messages_get(call, report->ids, report->count, &list) < 0)
		return -1;
	for (size_t i = 0; i < list.count; i++)
		if (list.at[i].peer.kind == PEER_CHAT && list.at[i].peer.id == report->peer.id &&
			list.at[i].from.kind == PEER_USER)
			count_against(call, list.at[i].from.id);
	return 0;
}

static int count_report(
	struct call *call, const struct report *report, const struct subject *subject)
{
	if (account_budget_take(call, "reports", REPORTS_PER_DAY) < 0)
		return -1;
	if (report->peer.kind == PEER_CHAT)
		return count_chat(call, report);
	if (report->peer.kind == PEER_CHANNEL)
		count_channel(call, report, &subject->channel);
	else
		peer_settings_report(call, report->peer.id);
	return 0;
}

/* ---- In the square: the desk gets it ---- */

bool report_law_next(struct bytes *laws, struct bytes *law)
{
	while (laws->size) {
		size_t size = 0;

		while (size < laws->size && laws->data[size] != '|')
			size++;
		*law = text_trim(bytes_of(laws->data, size));
		size += size < laws->size;
		*laws = bytes_of(laws->data + size, laws->size - size);
		if (law->size)
			return true;
	}
	return false;
}

size_t report_categories(struct call *call, struct square_report_category *out)
{
	return square_report_categories(
		call_square(call), call->arena, words_language_of(call, call->user), out);
}

static bool law_is_offered(const struct square_report_category *category, struct bytes wanted)
{
	struct bytes laws = category->laws, law;

	while (report_law_next(&laws, &law))
		if (bytes_equal(law, wanted))
			return true;
	return wanted.size == 0;
}

static int content_check(struct call *call, const struct report *report)
{
	struct square_report_category *rows =
		arena_array(call->arena, SQUARE_REPORT_CATEGORIES_MAX, sizeof(*rows));
	const size_t count = report_categories(call, rows);
	size_t i = 0;

	while (i < count && !bytes_equal(rows[i].name, report->category))
		i++;
	if (i == count || !law_is_offered(&rows[i], report->law))
		return rpc_error(call, 400, "OPTION_INVALID");
	if (!text_is_utf8(report->words) || text_utf16_length(report->words) > REPORT_WORDS_MAX)
		return rpc_error(call, 400, "MESSAGE_TOO_LONG");
	return 0;
}

struct filed {
	int64_t first, last;
	int32_t post; /* of the first */
};

static char *subject_text(struct arena *arena, struct bytes name, int32_t post)
{
	return post ? arena_printf(arena, "@%.*s/%d", (int)name.size, (const char *)name.data, post)
		    : arena_printf(arena, "@%.*s", (int)name.size, (const char *)name.data);
}

/* One subject: unless the caller waits for the outcome of a report about it already. */
static int file_one(struct call *call, const struct report *report, const struct subject *subject,
	int32_t post, struct filed *filed)
{
	const struct bytes none = BYTES_LITERAL("");
	const struct bytes about = bytes_from_str(
		arena_printf(call->arena, "%lld/%d", (long long)subject->number, post));
	struct square_report row = {.channel = subject->number,
		.post = post,
		.name = subject->name,
		.category = report->category,
		.law = report->law.data ? report->law : none,
		.words = report->words.data ? report->words : none,
		.created_at_s = call->now_s};

	if (home_receipt_waits(call_home(call), call->store->vault, call->user, about))
		return 0;
	if (account_budget_take(call, "reports", REPORTS_PER_DAY) < 0)
		return -1;
	square_report_insert(call_square(call), &row);
	home_receipt_insert(
		call_home(call), call->store->vault, call->user, row.id, about, call->now_s);
	if (!filed->first)
		*filed = (struct filed){.first = row.id, .post = post};
	filed->last = row.id;
	return 0;
}

static int send_receipt(struct call *call, const struct subject *subject, const struct filed *filed)
{
	const bool several = filed->last != filed->first;
	const struct word_value values[] = {
		{"subject", bytes_from_str(subject_text(
				    call->arena, subject->name, several ? 0 : filed->post))},
		{"number",
			bytes_from_str(arena_printf(call->arena, "%lld", (long long)filed->first))},
		{"last", bytes_from_str(arena_printf(call->arena, "%lld", (long long)filed->last))},
	};

	return words_letter(call, call->user,
		several ? WORD_REPORTS_RECEIVED : WORD_REPORT_RECEIVED, values, 3);
}

int report_file(struct call *call, const struct report *report)
{
	struct filed filed = {.first = 0};
	struct subject subject;

	if (subject_find(call, report, &subject) < 0)
		return -1;
	if (!subject.in_square)
		return count_report(call, report, &subject);
	if (content_check(call, report) < 0)
		return -1;
	if (!report->count && file_one(call, report, &subject, 0, &filed) < 0)
		return -1;
	for (size_t i = 0; i < report->count; i++)
		if (file_one(call, report, &subject, report->ids[i], &filed) < 0)
			return -1;
	return filed.first ? send_receipt(call, &subject, &filed) : 0;
}

/* ---- The outcome ---- */

static enum word outcome_word(struct bytes outcome)
{
	if (bytes_equal_str(outcome, "remove"))
		return WORD_REPORT_REMOVED;
	if (bytes_equal_str(outcome, "restrict"))
		return WORD_REPORT_RESTRICTED;
	if (bytes_equal_str(outcome, "label") || bytes_equal_str(outcome, "freeze") ||
		bytes_equal_str(outcome, "warn"))
		return WORD_REPORT_MEASURED;
	if (bytes_equal_str(outcome, "reverse"))
		return WORD_REPORT_REVERSED;
	if (bytes_equal_str(outcome, "gone"))
		return WORD_REPORT_GONE;
	return WORD_REPORT_DISMISSED;
}

static void tell(struct call *call, const struct square_report *report, int64_t owner)
{
	const struct word_value values[] = {
		{"subject", bytes_from_str(subject_text(call->arena, report->name, report->post))},
		{"number",
			bytes_from_str(arena_printf(call->arena, "%lld", (long long)report->id))},
		{"contact", report->contact},
		{"days", bytes_from_str(arena_printf(
				 call->arena, "%lld", (long long)report->appeal_days))},
	};

	if (words_letter(call, owner, outcome_word(report->outcome), values, 4) < 0) {
		log_error("letter_refused", "report %lld: the reporter's box took no letter",
			(long long)report->id);
		call->fault = (struct fault){0};
	}
}

/* First the home notes that he was told, then, another time, the square: in the order in which both
 * commit, a crash could else lose the letter. */
bool reports_tell(struct call *call)
{
	struct square_report *rows = arena_array(call->arena, TOLD_PER_CALL, sizeof(*rows));
	const size_t count =
		square_reports_untold(call_square(call), call->arena, rows, TOLD_PER_CALL);

	for (size_t i = 0; i < count; i++) {
		int64_t told_at_s, owner = home_receipt_owner(call_home(call), call->store->vault,
					   rows[i].id, &told_at_s);

		if (!owner || told_at_s >= rows[i].outcome_at_s) {
			square_report_told(call_square(call), rows[i].id, rows[i].outcome_at_s);
			continue;
		}
		tell(call, &rows[i], owner);
		home_receipt_told(
			call_home(call), call->store->vault, rows[i].id, rows[i].outcome_at_s);
	}
	return count == TOLD_PER_CALL;
}

bool reports_purge(struct call *call)
{
	return home_receipts_purge(call_home(call), call->now_s, PURGED_PER_CALL);
}
