/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what goes from device to device. Does not own the chats: secret_chats.c does. */
#include "core/secret/secret_messages.h"

#include "core/accounts/blocks.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/peer_settings.h"
#include "core/changes.h"
#include "core/channels/reports.h"
#include "core/secret/secret_private.h"
#include "store/home_contacts_bars.h"
#include "store/home_keys.h"
#include "store/home_secret_queue.h"

/* Clients take a qts that is further behind than this for one that began anew. */
#define QTS_RESET 1000000
/* What a device claims to have heard of counts no further: its sequence must not run out. */
#define QTS_CLAIMED_MAX (1 << 30)

/* ---- Sending ---- */

int secret_open_pair(
	struct call *call, int32_t id, struct home_secret_chat *own, struct home_secret_chat *other)
{
	struct db *db = call_home(call);

	if (!secret_own(call, id, own) || own->key_id != call->key_id)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (own->state == SECRET_ENDED)
		return rpc_error(call, 400, "ENCRYPTION_DECLINED");
	if (own->state != SECRET_ACTIVE)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (!secret_other(call, own, other) || other->state != SECRET_ACTIVE ||
		home_keys_user(db, other->key_id) != other->owner)
		return rpc_error(call, 400, "ENCRYPTION_DECLINED");
	return 0;
}

static int check_data(struct call *call, const struct secret_message *message)
{
	if (!message->random_id)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (message->data.size < SECRET_DATA_MIN)
		return rpc_error(call, 400, "DATA_INVALID");
	if (message->data.size > SECRET_DATA_MAX)
		return rpc_error(call, 400, "DATA_TOO_LONG");
	return 0;
}

static int check_receiver(struct call *call, const struct home_secret_chat *other)
{
	struct home_secret_device device;
	struct home_regard regard;

	home_regard_get(call_home(call), call->user, other->owner, &regard);
	/* Here he is told: a message that is left out would break the sequence between the two
	 * devices for good. */
	if (regard.is_blocked)
		return rpc_error(call, 403, "USER_IS_BLOCKED");
	home_secret_device_get(call_home(call), other->owner, other->key_id, &device);
	if (device.qts - device.heard >= SECRET_WAITING_MAX ||
		device.waiting >= SECRET_WAITING_BYTES_MAX)
		return rpc_error_number(call, 420, "FLOOD_WAIT_", SECRET_FULL_WAIT_S);
	return 0;
}

static void pass_on(
	struct call *call, const struct home_secret_chat *other, struct secret_message *message)
{
	struct home_secret_message row = {.chat = other->id,
		.random_id = message->random_id,
		.service = message->service,
		.date_s = call->now_s,
		.data = message->data,
		.file = message->file.id};
	struct update update = {.kind = UPDATE_SECRET_MESSAGE,
		.peer = {PEER_USER, other->peer},
		.secret_message = message};

	home_secret_queue_add(call_home(call), call->store->vault, call->arena, other->owner,
		other->key_id, &row);
	message->chat = row.chat;
	message->qts = row.qts;
	message->date_s = row.date_s;
	secret_tell(call, other->owner, other->key_id, &update);
}

/* Both sides may read it; out: the sender's view. */
static int give_file(struct call *call, const struct secret_input *input,
	const struct home_secret_chat *own, const struct home_secret_chat *other,
	struct secret_message *message, struct secret_sent *out)
{
	struct home_secret_file file;

	if (secret_file_take(call, input, &file) < 0)
		return -1;
	secret_file_give(call, &file, own);
	secret_file_give(call, &file, other);
	message->file = secret_file_view(call, other->owner, file.id);
	out->file = secret_file_view(call, call->user, file.id);
	return 0;
}

static bool was_sent(struct call *call, int32_t id, int64_t random_id, struct secret_sent *out)
{
	int64_t file;

	*out = (struct secret_sent){0};
	if (!home_secret_sent(call_home(call), call->user, id, random_id, &out->date_s, &file))
		return false;
	out->file = secret_file_view(call, call->user, file);
	return true;
}

int secret_send(struct call *call, int32_t id, struct secret_message *message,
	const struct secret_input *input, struct secret_sent *out)
{
	struct db *db = call_home(call);
	struct home_secret_chat own, other;

	if (check_data(call, message) < 0 || secret_open_pair(call, id, &own, &other) < 0)
		return -1;
	if (was_sent(call, id, message->random_id, out))
		return 0;
	if (check_receiver(call, &other) < 0 ||
		(input && give_file(call, input, &own, &other, message, out) < 0))
		return -1;
	/* Who writes in it has its key, and needs the public halves no more. */
	if (own.own.data)
		home_secret_chat_forget_keys(db, call->user, id);
	pass_on(call, &other, message);
	out->date_s = call->now_s;
	home_secret_sent_add(db, call->user, id, message->random_id, call->now_s, message->file.id);
	return 0;
}

int secret_report(struct call *call, int32_t id)
{
	struct home_secret_chat own;

	if (!secret_own(call, id, &own) || (own.key_id && own.key_id != call->key_id))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (account_budget_take(call, "reports", REPORTS_PER_DAY) < 0)
		return -1;
	peer_settings_report(call, own.peer);
	return 0;
}

/* ---- Marks ---- */

static struct update read_update(const struct home_secret_chat *row)
{
	return (struct update){.kind = UPDATE_SECRET_READ,
		.peer = {PEER_USER, row->peer},
		.max_id = row->id,
		.count = row->read_to,
		.date_s = row->read_at_s};
}

int secret_read(struct call *call, int32_t id, int32_t max_date_s)
{
	struct home_secret_chat own, other;
	struct update update;

	if (secret_open_pair(call, id, &own, &other) < 0)
		return -1;
	if (max_date_s < 0)
		return rpc_error(call, 400, "MAX_DATE_INVALID");
	if (max_date_s <= other.read_to)
		return 0;
	home_secret_chat_read(call_home(call), other.owner, other.id, max_date_s, call->now_s);
	other.read_to = max_date_s;
	other.read_at_s = call->now_s;
	change_note(call, other.owner, CHANGE_SECRET_READ, (struct peer){PEER_USER, other.peer},
		other.id);
	update = read_update(&other);
	secret_tell(call, other.owner, other.key_id, &update);
	return 0;
}

bool secret_read_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct home_secret_chat row;

	if (!secret_own(call, (int32_t)change->item, &row) || row.key_id != call->key_id ||
		row.state != SECRET_ACTIVE || !row.read_at_s)
		return false;
	*update = read_update(&row);
	return true;
}

int secret_typing(struct call *call, int32_t id)
{
	struct home_secret_chat own, other;
	struct update update;

	if (secret_open_pair(call, id, &own, &other) < 0)
		return -1;
	if (block_has(call, other.owner, call->user))
		return 0; /* as in other chats: he is not told that he is blocked */
	update = (struct update){
		.kind = UPDATE_SECRET_TYPING, .peer = {PEER_USER, other.peer}, .max_id = other.id};
	secret_tell(call, other.owner, other.key_id, &update);
	return 0;
}

/* ---- Receiving ---- */

int32_t secret_qts(struct call *call)
{
	struct home_secret_device device;

	home_secret_device_get(call_home(call), call->user, call->key_id, &device);
	return device.qts;
}

int secret_received(struct call *call, int32_t qts, int64_t **random_ids, size_t *count)
{
	if (qts < 0 || qts > secret_qts(call))
		return rpc_error(call, 400, "MAX_QTS_INVALID");
	*count = home_secret_queue_heard(call_home(call), call->arena, call->user, call->key_id,
		qts, SECRET_HEARD_PER_CALL, random_ids);
	return 0;
}

void secret_heard(struct call *call, int64_t owner, uint64_t key_id, int32_t qts)
{
	int64_t *random_ids;

	(void)home_secret_queue_heard(call_home(call), call->arena, owner, key_id, qts,
		SECRET_HEARD_PER_CALL, &random_ids);
	if (home_keys_user(call_home(call), key_id) == owner)
		home_secret_device_catch_up(call_home(call), owner, key_id, qts);
}

/* What the device has is deleted after the answer: this call only reads. */
static void note_heard(struct call *call, int32_t qts)
{
	struct effect *effect = effects_append(call->effects, EFFECT_SECRET_HEARD);

	effect->account = call->user;
	effect->key_id = call->key_id;
	effect->qts = qts;
}

static struct secret_message message_of(struct call *call, const struct home_secret_message *row)
{
	return (struct secret_message){
		.qts = row->qts,
		.chat = row->chat,
		.random_id = row->random_id,
		.service = row->service,
		.date_s = row->date_s,
		.data = row->data,
		.file = secret_file_view(call, call->user, row->file),
	};
}

void secret_difference(struct call *call, int32_t qts, int32_t limit, struct secret_difference *out)
{
	struct home_secret_device device;
	struct home_secret_message *rows;

	home_secret_device_get(call_home(call), call->user, call->key_id, &device);
	*out = (struct secret_difference){.qts = device.qts};
	if (qts > device.qts && qts - device.qts <= QTS_RESET && qts <= QTS_CLAIMED_MAX) {
		note_heard(call, qts);
		out->qts = qts;
		return;
	}
	if (qts > device.heard && qts <= device.qts)
		note_heard(call, qts);
	if (limit <= 0 || qts >= device.qts)
		return;
	if (limit > SECRET_PER_DIFFERENCE)
		limit = SECRET_PER_DIFFERENCE;
	out->count = home_secret_queue_after(call_home(call), call->store->vault, call->arena,
		call->user, call->key_id, qts, (size_t)limit, SECRET_DIFFERENCE_BYTES, &rows,
		&out->slice);
	out->messages = arena_array(call->arena, out->count, sizeof(*out->messages));
	for (size_t i = 0; i < out->count; i++)
		out->messages[i] = message_of(call, &rows[i]);
	if (out->slice)
		out->qts = rows[out->count - 1].qts;
}
