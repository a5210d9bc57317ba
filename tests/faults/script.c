/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "faults/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channels_fixture.h"
#include "core/channels/move.h"
#include "core/files/uploads.h"
#include "core/posts/orders.h"
#include "core/channels/reports.h"
#include "core/messages/box.h"
#include "core/secret/secret_messages.h"
#include "crypto/dh.h"
#include "faults/chance.h"
#include "faults/memory.h"
#include "store/home_files.h"
#include "store/square_desk_cases.h"
#include "store/square_orders.h"

#define CHANNELS_MAX 4
#define SECRET_CHAT 77
#define UPLOADS 3
#define PART_SIZE 5120 /* more than a page */
#define NOBODYS_KEY 99 /* for what the messenger does by itself */

static struct {
	struct db *desk; /* its own connection, as it is its own process */
	struct fixture *f;
	uint64_t drawn; /* the number of the next step */
	int64_t now_s;
	int64_t group, channels[CHANNELS_MAX];
	size_t channel_count;
	struct { /* the last of each, for what comes later */
		uint64_t key;
		struct peer peer;
		int32_t id;
	} sent[SCRIPT_STEPS + 8], posted[SCRIPT_STEPS + 8];
	size_t sent_count, posted_count;
} w;

/* ---- Time ---- */

static int64_t script_now_us(void *ctx)
{
	return w.f->now_s * 1000000;
}

static const struct clock script_clock = {
	.realtime_us = script_now_us, .monotonic_us = script_now_us};

/* ---- The world ---- */

static void open_secret_chat(struct fixture *f)
{
	uint8_t half[DH_SIZE];
	struct secret_chat chat;

	memset(half, 0x55, sizeof(half));
	assert_int_equal(fixture_end(f, secret_request(fixture_call(f, ANNA), budi, SECRET_CHAT,
						bytes_of(half, DH_SIZE), &chat)),
		0);
	assert_int_equal(fixture_end(f, secret_accept(fixture_call(f, BUDI), SECRET_CHAT,
						bytes_of(half, DH_SIZE), 9, &chat)),
		0);
}

void script_world(struct fixture *f)
{
	const struct square_report_category category = {
		.name = B("other"), .title = B("Other"), .laws = B("")};
	const int64_t group = messages_group(f);

	fixture_call(f, NOBODYS_KEY); /* makes it */
	w.f = f;
	w.group = group;
	w.now_s = f->now_s;
	w.channels[0] = channels_make(f, "Quiet", true);
	w.channels[1] = channels_make_public(f, "loud_one", false);
	channels_join(f, GERMAN_KEY, w.channels[1]);
	for (int i = 0; i < 7; i++) {
		channels_post(f, OWNER_KEY, w.channels[0], "old");
		channels_post(f, OWNER_KEY, w.channels[1], "old");
	}
	open_secret_chat(f);
	square_report_category_insert(store_square(&f->store), 0, "", &category);
	assert_int_equal(store_commit(&f->store), 0);
}

void script_open(struct fixture *f)
{
	struct err err;

	f->env.clock = &script_clock;
	f->env.files_account_max = f->env.files_max = PART_SIZE * 8;
	chance_install();
	if (store_open(&f->store, &f->paths, f->vault, DB_WRITE, &err) < 0 ||
		db_open(f->square, DB_WRITE, &w.desk, &err) < 0)
		fail_msg("%s", err.text);
}

void script_close(struct fixture *f)
{
	db_close(w.desk);
	w.desk = NULL;
	store_close(&f->store);
}

void script_begin(struct fixture *f, uint64_t seed)
{
	chance_begin(seed);
	w.drawn = 1000;
	w.channel_count = 2;
	w.sent_count = w.posted_count = 0;
	f->now_s = w.now_s + 100;
}

void script_resume(struct fixture *f, const struct script *script, size_t at)
{
	w.channel_count = 2;
	for (size_t i = 0; i < at; i++)
		if (script->steps[i].kind == STEP_CREATE && w.channel_count < CHANNELS_MAX)
			w.channels[w.channel_count++] = script->steps[i].peer.id;
	f->now_s = script->steps[at < script->count ? at : script->count - 1].now_s;
}

void script_repair(struct fixture *f)
{
	struct call *call = fixture_call(f, NOBODYS_KEY);

	assert_int_equal(move_repair(call), 0);
	assert_int_equal(orders_repair(call), 0);
	assert_int_equal(fixture_end(f, 0), 0);
}

/* ---- Doing ---- */

/* Who calls is the test's matter. */
static struct call *as(struct fixture *f, uint64_t key)
{
	struct call *call;

	memory_hold(true);
	call = fixture_call(f, key);
	memory_hold(false);
	return call;
}

static enum step_end ended(struct fixture *f, int result)
{
	if (store_failed(&f->store)) {
		store_rollback(&f->store);
		return STEP_LOST;
	}
	if (result < 0 && !f->call.keep_writes) {
		store_rollback(&f->store);
		return STEP_REFUSED;
	}
	if (store_commit(&f->store) < 0)
		return STEP_LOST;
	return result < 0 ? STEP_REFUSED : STEP_KEPT;
}

static void remember(const struct step *step, bool post, int32_t id)
{
	if (post && w.posted_count < ARRAY_LEN(w.posted)) {
		w.posted[w.posted_count].key = step->key;
		w.posted[w.posted_count].peer = step->peer;
		w.posted[w.posted_count++].id = id;
	} else if (!post && w.sent_count < ARRAY_LEN(w.sent)) {
		w.sent[w.sent_count].key = step->key;
		w.sent[w.sent_count].peer = step->peer;
		w.sent[w.sent_count++].id = id;
	}
}

static enum step_end send(struct fixture *f, const struct step *step)
{
	struct message draft = {.text = B(step->text), .random_id = step->number};
	struct call *call = as(f, step->key);
	struct update_set answer;
	const bool post = step->kind == STEP_POST;
	enum step_end end;

	end = ended(f, post ? channel_post_send(call, step->peer.id, &draft, &answer)
			    : message_send(call, step->peer, &draft, &answer));
	if (end == STEP_KEPT)
		remember(step, post, post ? draft.id : answer.updates[1].message->id);
	return end;
}

static enum step_end edit(struct fixture *f, const struct step *step)
{
	struct message draft = {.id = step->id, .text = B(step->text)};
	struct call *call = as(f, step->key);
	struct update_set answer;

	return ended(f, step->kind == STEP_POST_EDIT
				? channel_post_edit(call, step->peer.id, &draft, NULL, &answer)
				: message_edit(call, step->peer, &draft, &answer));
}

static enum step_end delete(struct fixture *f, const struct step *step) {
	struct call *call = as(f, step->key); int32_t pts, count;

	return ended(
		f, step->kind == STEP_POST_DELETE
			   ? channel_posts_delete(call, step->peer.id, &step->id, 1, &pts, &count)
			   : messages_delete(call, &step->id, 1, true, &pts, &count));
}

static enum step_end read_chat(struct fixture *f, const struct step *step)
{
	int32_t pts, count;

	return ended(f, messages_read(as(f, step->key), step->peer, step->id, &pts, &count));
}

static enum step_end create(struct fixture *f, const struct step *step)
{
	const struct channel_draft draft = {
		.title = B(step->text), .about = B("about it"), .broadcast = step->number & 1};
	struct update_set answer;
	enum step_end end = ended(f, channel_create(as(f, step->key), &draft, &answer));

	if (end == STEP_KEPT && w.channel_count < CHANNELS_MAX)
		w.channels[w.channel_count++] = answer.channels[0].channel->id;
	return end;
}

static enum step_end move(struct fixture *f, const struct step *step)
{
	struct call *call = as(f, step->key);
	bool more = false;

	if (step->kind == STEP_MOVE) {
		move_step(call);
		return ended(f, 0);
	}
	return ended(f, move_sweep(call, &more));
}

static enum step_end report(struct fixture *f, const struct step *step)
{
	const struct report what = {.peer = step->peer,
		.ids = &step->id,
		.count = step->id ? 1 : 0,
		.category = B("other"),
		.words = B(step->text)};

	return ended(f, report_file(as(f, step->key), &what));
}

static enum step_end execute(struct fixture *f, const struct step *step)
{
	struct executed_orders done;

	return ended(f, orders_execute(as(f, NOBODYS_KEY), &done));
}

static enum step_end file(struct fixture *f, const struct step *step)
{
	struct call *call = as(f, ANNA);
	struct secret_input input = {.id = step->id % UPLOADS, .parts = 1 + step->id % 2};
	struct secret_message message = {.random_id = step->number};
	struct secret_sent sent;
	uint8_t bytes[PART_SIZE];

	memset(bytes, (int)(step->number & 0xff), sizeof(bytes));
	message.data = bytes_of(bytes, 64);
	if (step->kind == STEP_PART)
		return ended(f, upload_part(call, input.id, input.parts - 1,
					bytes_of(bytes, sizeof(bytes))));
	if (step->kind == STEP_FILE)
		return ended(f, secret_send(call, SECRET_CHAT, &message, &input, &sent));
	uploads_give_up(call);
	home_files_purge(call_home(call));
	return ended(f, 0);
}

static enum step_end desk_commit(void)
{
	return db_commit(w.desk) == 0 ? STEP_KEPT : STEP_LOST;
}

static enum step_end order(const struct step *step)
{
	db_begin(w.desk);
	db_run(w.desk,
		"INSERT INTO orders (id, case_id, channel, post, action, text, reason, letter,"
		" created_at) VALUES (?1, ?1, ?2, ?3, ?4, 'Not shown.', 'fraud', 'Why.', 1)"
		" ON CONFLICT (id) DO NOTHING",
		DB_INT(step->number), DB_INT(step->peer.id), DB_INT(step->id), DB_STR(step->text));
	return desk_commit();
}

/* A notice and the event that it is, as the desk writes them: one transaction. */
static enum step_end desk_case(struct fixture *f, const struct step *step)
{
	const struct desk_case row = {.id = step->number,
		.channel = step->peer.id,
		.name = B("loud_one"),
		.salt = B("salt"),
		.state = B("open"),
		.category = B("other"),
		.lane = B("reader"),
		.action = B(""),
		.countries = B(""),
		.clock_at = f->now_s,
		.notices = 1,
		.head_seq = 1,
		.head_hash = B("hash")};
	const struct desk_notice notice = {.id = step->number,
		.case_id = step->number,
		.lane = B("reader"),
		.subject = B("loud_one"),
		.category = B("other"),
		.law = B(""),
		.reasons = B(step->text),
		.created_at = f->now_s};
	const struct desk_event event = {.case_id = step->number,
		.seq = 1,
		.at = f->now_s,
		.kind = B("notice"),
		.data = B("{}"),
		.hash = B("hash")};
	struct arena arena;
	struct desk_notice known;

	arena_init(&arena);
	db_begin(w.desk);
	if (!desk_notice_get(w.desk, &arena, step->number, &known)) {
		desk_case_put(w.desk, &row);
		desk_notice_insert(w.desk, &notice);
		desk_event_insert(w.desk, &event);
	}
	arena_release(&arena);
	return desk_commit();
}

enum step_end step_run(struct fixture *f, const struct step *step)
{
	struct update_set answer;

	f->now_s = step->now_s;
	chance_restart((uint64_t)step->number);
	switch (step->kind) {
	case STEP_SEND:
	case STEP_POST:
		return send(f, step);
	case STEP_EDIT:
	case STEP_POST_EDIT:
		return edit(f, step);
	case STEP_DELETE:
	case STEP_POST_DELETE:
		return delete (f, step);
	case STEP_READ:
		return read_chat(f, step);
	case STEP_CREATE:
		return create(f, step);
	case STEP_JOIN:
		return ended(f, channel_join(as(f, step->key), step->peer.id, &answer));
	case STEP_NAME:
		return ended(
			f, channel_username_set(as(f, step->key), step->peer.id, B(step->text)));
	case STEP_MOVE:
	case STEP_SWEEP:
		return move(f, step);
	case STEP_REPORT:
		return report(f, step);
	case STEP_ORDER:
		return order(step);
	case STEP_EXECUTE:
		return execute(f, step);
	case STEP_CASE:
		return desk_case(f, step);
	case STEP_PART:
	case STEP_FILE:
	case STEP_FORGET:
		return file(f, step);
	case STEP_KINDS:
		break;
	}
	fail_msg("no such step");
	return STEP_LOST;
}

const char *step_name(const struct step *step)
{
	static const char *const names[] = {"send", "edit", "delete", "read", "create", "join",
		"post", "edit of a post", "deletion of a post", "name", "move", "sweep", "report",
		"order", "execution", "case", "part of a file", "file", "unsent files"};

	return names[step->kind];
}

/* ---- Drawing ---- */

static const enum step_kind weights[] = {STEP_SEND, STEP_SEND, STEP_SEND, STEP_SEND, STEP_EDIT,
	STEP_DELETE, STEP_READ, STEP_CREATE, STEP_JOIN, STEP_POST, STEP_POST, STEP_POST,
	STEP_POST_EDIT, STEP_POST_DELETE, STEP_NAME, STEP_NAME, STEP_MOVE, STEP_MOVE, STEP_SWEEP,
	STEP_REPORT, STEP_ORDER, STEP_EXECUTE, STEP_CASE, STEP_PART, STEP_PART, STEP_PART,
	STEP_FILE, STEP_FILE, STEP_FORGET};

static void draw_chat(struct step *step)
{
	const int64_t people[] = {anna, budi, citra};
	const size_t to = chance_below(4);

	step->key = (uint64_t)ANNA + chance_below(3);
	step->peer = to == 3 ? chat_peer(w.group) : user_peer(people[to]);
}

static void draw_sent(struct step *step, bool post)
{
	const size_t count = post ? w.posted_count : w.sent_count, at = chance_below(count);

	step->key = post ? w.posted[at].key : w.sent[at].key;
	step->peer = post ? w.posted[at].peer : w.sent[at].peer;
	step->id = post ? w.posted[at].id : w.sent[at].id;
}

static void draw_name(struct step *step)
{
	const size_t which = chance_below(w.channel_count);

	step->key = OWNER_KEY;
	step->peer.id = w.channels[which];
	if (chance_below(5) < 3)
		snprintf(step->text, sizeof(step->text), "name_%zu_%d", which, (int)w.drawn);
	else
		step->text[0] = 0;
}

static void step_fill(struct step *step)
{
	static const char *const actions[] = {"remove", "restore", "warn", "label", "freeze"};

	switch (step->kind) {
	case STEP_SEND:
	case STEP_READ:
		draw_chat(step);
		step->id = 1 + (int32_t)chance_below(12);
		break;
	case STEP_EDIT:
	case STEP_DELETE:
		draw_sent(step, false);
		break;
	case STEP_POST_EDIT:
	case STEP_POST_DELETE:
		draw_sent(step, true);
		break;
	case STEP_NAME:
		draw_name(step);
		break;
	case STEP_JOIN:
	case STEP_REPORT:
		step->key = (uint64_t)GERMAN_KEY + chance_below(2);
		step->id = step->kind == STEP_REPORT && chance_below(2)
				   ? 2 + (int32_t)chance_below(6)
				   : 0;
		break;
	case STEP_ORDER:
		/* Ids that do not collide: an order is about one thing. */
		step->id = chance_below(2) ? 2 + (int32_t)chance_below(6) : 0;
		snprintf(step->text, sizeof(step->text), "%s",
			actions[chance_below(step->id ? 2 : 5)]);
		break;
	case STEP_PART:
	case STEP_FILE:
		step->id = (int32_t)chance_below(UPLOADS * 2);
		break;
	default:
		break;
	}
}

enum step_end script_draw(struct fixture *f, struct script *script)
{
	struct step *step = &script->steps[script->count];
	enum step_end end;

	assert_true(script->count < SCRIPT_STEPS);
	*step = (struct step){.kind = weights[chance_below(ARRAY_LEN(weights))], .key = OWNER_KEY};
	if ((step->kind == STEP_EDIT || step->kind == STEP_DELETE) && !w.sent_count)
		step->kind = STEP_SEND;
	if ((step->kind == STEP_POST_EDIT || step->kind == STEP_POST_DELETE) && !w.posted_count)
		step->kind = STEP_POST;
	step->peer = (struct peer){PEER_CHANNEL, w.channels[chance_below(w.channel_count)]};
	step->number = (int64_t)++w.drawn;
	step->now_s = f->now_s + (step->kind == STEP_SWEEP	     ? MOVE_GRACE_S + 1
					 : step->kind == STEP_FORGET ? UPLOADS_KEPT_S + 1
								     : 1);
	snprintf(step->text, sizeof(step->text), "words %d", (int)w.drawn);
	step_fill(step);
	end = step_run(f, step);
	if (step->kind == STEP_CREATE)
		step->peer.id = w.channels[w.channel_count - 1];
	script->count++;
	return end;
}

/* ---- Looking ---- */

static void view_messages(FILE *out, struct fixture *f, uint64_t key, struct peer in)
{
	const struct post_range range = {.limit = 100};
	struct message_list list;

	fprintf(out, "chat %d:%d/%lld\n", (int)key, in.kind, (long long)in.id);
	if (messages_history(fixture_call(f, key), in, &range, &list) < 0)
		list.count = 0;
	for (size_t i = 0; i < list.count; i++) {
		fprintf(out, " #%d by %lld: %.*s\n", list.at[i].id, (long long)list.at[i].from.id,
			(int)list.at[i].text.size, list.at[i].text.data);
	}
	store_rollback(&f->store);
}

static void view_channel(FILE *out, struct fixture *f, int64_t channel, bool whole)
{
	const struct post_range range = {.limit = 100};
	struct post_list list;

	fprintf(out, "channel %lld", (long long)channel);
	if (channel_history(fixture_call(f, OWNER_KEY), channel, &range, &list) < 0)
		fprintf(out, " %s\n", f->call.fault.text), list.count = 0;
	else
		fprintf(out, " total %lld pts %d %s\n", (long long)list.total, whole ? list.pts : 0,
			list.view.channel->in_square ? "square" : "home");
	for (size_t i = 0; i < list.count; i++)
		fprintf(out, " #%d by %lld: %.*s\n", list.posts[i].id,
			(long long)list.posts[i].from.id, (int)list.posts[i].text.size,
			list.posts[i].text.data);
	store_rollback(&f->store);
}

char *script_view(struct fixture *f, bool whole)
{
	const int64_t people[] = {anna, budi, citra};
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (uint64_t key = ANNA; whole && key <= CITRA; key++) {
		struct box_state state;

		for (size_t i = 0; i < ARRAY_LEN(people); i++)
			view_messages(out, f, key, user_peer(people[i]));
		view_messages(out, f, key, chat_peer(w.group));
		assert_int_equal(box_state(fixture_call(f, key), &state), 0);
		store_rollback(&f->store);
		fprintf(out, "pts %d\n", state.pts);
	}
	for (size_t i = 0; i < w.channel_count; i++)
		view_channel(out, f, w.channels[i], whole);
	fclose(out);
	return text;
}
