/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports (core/channels/reports.h) as clients make them: a menu that comes from here, step by
 * step.
 *
 * - nothing: the categories of the desk's SOP; about the home: what is unwanted
 * - c CATEGORY: which law, where the SOP names some
 * - l CATEGORY \n LAW: in good faith?
 * - f CATEGORY \n LAW: words of one's own, which clients send with the last step
 * - w CATEGORY \n LAW: reported
 * - h KIND: reported, about the home
 *
 * The option of each step holds all that was chosen before: nothing is kept here in between, and
 * each is checked anew. https://core.telegram.org/api/report
 */
#include "api/encode_channel.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/reports.h"
#include "core/words.h"

#define REPORT_LAYER 189 /* from here on the menu of a report comes from the server */
#define OPTION_MAX 512

/* ---- Options ---- */

struct choice {
	char step; /* 0: none yet */
	struct bytes category, law;
};

static int choice_read(struct call *call, struct bytes option, struct choice *out)
{
	const uint8_t *end;

	*out = (struct choice){.step = 0};
	if (!option.size)
		return 0;
	if (option.size < 2 || option.size > OPTION_MAX || !memchr("clfwh", option.data[0], 5))
		return rpc_error(call, 400, "OPTION_INVALID");
	out->step = (char)option.data[0];
	out->category = bytes_of(option.data + 1, option.size - 1);
	end = memchr(out->category.data, '\n', out->category.size);
	if (end) {
		out->category.size = (size_t)(end - out->category.data);
		out->law = bytes_of(end + 1, (size_t)(option.data + option.size - end - 1));
	}
	return 0;
}

static struct bytes choice_write(struct arena *arena, const struct choice *choice)
{
	return bytes_from_str(arena_printf(arena, "%c%.*s\n%.*s", choice->step,
		(int)choice->category.size, (const char *)choice->category.data,
		(int)choice->law.size, choice->law.data ? (const char *)choice->law.data : ""));
}

/* ---- Menus ---- */

static struct bytes say(struct call *call, enum word word)
{
	return words_say(call, words_language_of(call, call->user), word, NULL, 0);
}

static struct tl_reportResultChooseOption *menu_new(struct call *call, enum word title, size_t room)
{
	struct tl_reportResultChooseOption *menu = TL_NEW(call->arena, reportResultChooseOption);

	menu->title = say(call, title);
	menu->options = tl_objects_new(call->arena, (uint32_t)room);
	menu->options.count = 0;
	return menu;
}

static void menu_add(struct call *call, struct tl_reportResultChooseOption *menu, struct bytes text,
	const struct choice *choice)
{
	struct tl_messageReportOption *option = TL_NEW(call->arena, messageReportOption);

	option->text = text;
	option->option = choice_write(call->arena, choice);
	menu->options.at[menu->options.count++] = &option->o;
}

static struct tl_object *home_menu(struct call *call)
{
	struct tl_reportResultChooseOption *menu = menu_new(call, WORD_REPORT_HOME, 2);

	menu_add(call, menu, say(call, WORD_REPORT_HOME_SPAM),
		&(struct choice){'h', BYTES_LITERAL("spam"), {NULL, 0}});
	menu_add(call, menu, say(call, WORD_REPORT_HOME_ABUSE),
		&(struct choice){'h', BYTES_LITERAL("abuse"), {NULL, 0}});
	return &menu->o;
}

static struct tl_object *category_menu(
	struct call *call, const struct square_report_category *rows, size_t count)
{
	struct tl_reportResultChooseOption *menu = menu_new(call, WORD_REPORT_WHAT, count);

	for (size_t i = 0; i < count; i++)
		menu_add(call, menu, rows[i].title, &(struct choice){'c', rows[i].name, {NULL, 0}});
	return &menu->o;
}

static struct tl_object *law_menu(struct call *call, const struct square_report_category *row)
{
	struct tl_reportResultChooseOption *menu;
	struct bytes laws = row->laws, law;
	size_t count = 1;

	while (report_law_next(&laws, &law))
		count++;
	menu = menu_new(call, WORD_REPORT_LAW, count);
	laws = row->laws;
	while (report_law_next(&laws, &law))
		menu_add(call, menu, law, &(struct choice){'l', row->name, law});
	menu_add(call, menu, say(call, WORD_REPORT_NO_LAW),
		&(struct choice){'l', row->name, {NULL, 0}});
	return &menu->o;
}

static struct tl_object *faith_menu(struct call *call, const struct choice *choice)
{
	struct tl_reportResultChooseOption *menu = menu_new(call, WORD_REPORT_FAITH, 1);

	menu_add(call, menu, say(call, WORD_REPORT_FAITH_YES),
		&(struct choice){'f', choice->category, choice->law});
	return &menu->o;
}

static struct tl_object *ask_words(struct call *call, const struct choice *choice)
{
	struct tl_reportResultAddComment *ask = TL_NEW(call->arena, reportResultAddComment);

	ask->optional = true;
	ask->option =
		choice_write(call->arena, &(struct choice){'w', choice->category, choice->law});
	return &ask->o;
}

/* ---- Steps ---- */

static int report_now(struct call *call, const struct report *report, struct tl_object **reply)
{
	*reply = &TL_NEW(call->arena, reportResultReported)->o; /* true in older layers */
	return report_file(call, report);
}

static const struct square_report_category *category_named(
	const struct square_report_category *rows, size_t count, struct bytes name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_equal(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static int step_in_square(struct call *call, struct report *report, const struct choice *choice,
	struct tl_object **reply)
{
	struct square_report_category *rows =
		arena_array(call->arena, SQUARE_REPORT_CATEGORIES_MAX, sizeof(*rows));
	const size_t count = report_categories(call, rows);
	const struct square_report_category *row = category_named(rows, count, choice->category);
	struct bytes laws, law;

	/* The desk offers its categories when it first starts. */
	if (!count)
		return rpc_error(call, 500, "REPORTS_UNAVAILABLE");
	if (!choice->step) {
		*reply = category_menu(call, rows, count);
		return 0;
	}
	if (!row || choice->step == 'h')
		return rpc_error(call, 400, "OPTION_INVALID");
	report->category = choice->category;
	report->law = choice->law;
	laws = row->laws;
	if (choice->step == 'w')
		return report_now(call, report, reply);
	if (choice->step == 'f')
		*reply = ask_words(call, choice);
	else if (choice->step == 'c' && report_law_next(&laws, &law))
		*reply = law_menu(call, row);
	else
		*reply = faith_menu(call, choice);
	return 0;
}

static int step_at_home(struct call *call, const struct report *report, const struct choice *choice,
	struct tl_object **reply)
{
	if (!choice->step) {
		*reply = home_menu(call);
		return 0;
	}
	if (choice->step != 'h')
		return rpc_error(call, 400, "OPTION_INVALID");
	return report_now(call, report, reply);
}

/* ---- Reasons, of methods and layers that have no menu ---- */

static const struct {
	enum tl_name reason;
	const char *category; /* of the SOP that Lontar comes with */
} reasons[] = {
	{TL_inputReportReasonSpam, "spam"},
	{TL_inputReportReasonViolence, "incitement"},
	{TL_inputReportReasonPornography, "pornography"},
	{TL_inputReportReasonChildAbuse, "child_abuse"},
	{TL_inputReportReasonCopyright, "copyright"},
	{TL_inputReportReasonFake, "fraud"},
	{TL_inputReportReasonIllegalDrugs, "drugs"},
	{TL_inputReportReasonPersonalDetails, "privacy"},
};

/* What the SOP has no such category for counts as its last, the most general one. */
static int report_reason(struct call *call, struct report *report, enum tl_name reason)
{
	struct square_report_category *rows =
		arena_array(call->arena, SQUARE_REPORT_CATEGORIES_MAX, sizeof(*rows));
	const size_t count = report_categories(call, rows);
	const struct square_report_category *row = NULL;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].reason == reason)
			row = category_named(rows, count, bytes_from_str(reasons[i].category));
	if (!row && count)
		row = &rows[count - 1];
	if (row)
		report->category = row->name;
	return report_file(call, report);
}

/* https://core.telegram.org/method/messages.report */
int api_messages_report(
	struct call *call, const struct tl_messages_report *req, struct tl_object **reply)
{
	struct report report = {.ids = req->id.at, .count = req->id.count, .words = req->message};
	struct choice choice;
	bool in_square;

	if (peer_from_input(call, req->peer, &report.peer) < 0)
		return -1;
	if (call->layer < REPORT_LAYER) {
		*reply = &TL_NEW(call->arena, reportResultReported)->o;
		return report_reason(call, &report, req->reason->name);
	}
	if (choice_read(call, req->option, &choice) < 0 ||
		report_check(call, &report, &in_square) < 0)
		return -1;
	return in_square ? step_in_square(call, &report, &choice, reply)
			 : step_at_home(call, &report, &choice, reply);
}

/* https://core.telegram.org/method/messages.reportSpam */
int api_messages_reportSpam(
	struct call *call, const struct tl_messages_reportSpam *req, bool *reply)
{
	struct report report = {.of_chat = true};

	*reply = true;
	if (peer_from_input(call, req->peer, &report.peer) < 0)
		return -1;
	return report_reason(call, &report, TL_inputReportReasonSpam);
}

/* https://core.telegram.org/method/account.reportPeer */
int api_account_reportPeer(struct call *call, const struct tl_account_reportPeer *req, bool *reply)
{
	struct report report = {.words = req->message};

	*reply = true;
	if (peer_from_input(call, req->peer, &report.peer) < 0)
		return -1;
	return report_reason(call, &report, req->reason->name);
}

/* https://core.telegram.org/method/channels.reportSpam: an admin about posts of one member. */
int api_channels_reportSpam(
	struct call *call, const struct tl_channels_reportSpam *req, bool *reply)
{
	struct report report = {
		.peer.kind = PEER_CHANNEL, .ids = req->id.at, .count = req->id.count};
	struct peer who;

	*reply = true;
	if (channel_from_input(call, req->channel, &report.peer.id) < 0 ||
		peer_from_input(call, req->participant, &who) < 0 ||
		report_check_sender(call, &report, who) < 0)
		return -1;
	return report_reason(call, &report, TL_inputReportReasonSpam);
}
