/* SPDX-License-Identifier: Apache-2.0 */
/* Places of lines in the chat list. */
#include "core/dialogs/dialog_places.h"

#include <stdlib.h>

#include "core/chats/chats.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/folders.h"
#include "core/dialogs/notify.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users.h"
#include "store/home_members.h"

/* The row that holds a place, of either kind. */
struct line_place {
	struct peer peer;
	struct home_box box;
	struct home_dialog dialog;
	struct membership_row membership;
};

static int32_t *pin_of(struct line_place *p)
{
	return p->peer.kind == PEER_CHANNEL ? &p->membership.pinned : &p->dialog.pinned;
}

static int32_t *folder_of(struct line_place *p)
{
	return p->peer.kind == PEER_CHANNEL ? &p->membership.folder : &p->dialog.folder;
}

static bool *mark_of(struct line_place *p)
{
	return p->peer.kind == PEER_CHANNEL ? &p->membership.unread_mark : &p->dialog.unread_mark;
}

static int place_open(struct call *call, struct peer peer, struct line_place *out)
{
	*out = (struct line_place){.peer = peer};
	if (!box_open(call, call->user, &out->box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	if (peer.kind == PEER_CHANNEL) {
		if (!home_members_find(call_home(call), call->user, peer.id, &out->membership) ||
			out->membership.role < ROLE_MEMBER || out->membership.role > ROLE_CREATOR)
			return rpc_error(call, 400, "CHANNEL_PRIVATE");
		return 0;
	}
	if (peer.kind == PEER_CHAT && chat_known(call, peer.id) < 0)
		return -1;
	if (peer.kind == PEER_USER && !user_exists(call, peer.id) &&
		!box_dialog(&out->box, peer, &out->dialog))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	box_dialog(&out->box, peer, &out->dialog);
	return 0;
}

/* No line: nothing stands in the chat. Channels begin with their own making. */
static bool is_blank(const struct line_place *p)
{
	return p->peer.kind != PEER_CHANNEL && !p->dialog.top_id;
}

static void place_put(struct line_place *p)
{
	if (p->peer.kind == PEER_CHANNEL)
		home_members_set_place(p->box.db, &p->membership);
	else
		home_dialog_put(&p->box, &p->dialog);
}

/* ---- Pins ---- */

struct pin {
	struct peer peer;
	int32_t order;
};

static int pin_order(const void *a, const void *b)
{
	const struct pin *x = a, *y = b;

	return (x->order < y->order) - (x->order > y->order);
}

static size_t pins_list(struct call *call, int32_t folder, struct pin **out)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	struct home_dialog *dialogs = NULL;
	size_t count = 0, pinned = 0, memberships;
	struct home_box box;

	if (box_open(call, call->user, &box))
		home_dialogs_pinned(
			&box, folder, DIALOGS_PINNED_ARCHIVE_MAX + 1, &dialogs, &pinned);
	memberships =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	*out = arena_array(call->arena, pinned + memberships, sizeof(**out));
	for (size_t i = 0; i < pinned; i++)
		(*out)[count++] = (struct pin){
			{(enum peer_kind)dialogs[i].peer_kind, dialogs[i].peer}, dialogs[i].pinned};
	for (size_t i = 0; i < memberships; i++) {
		if (rows[i].pinned && rows[i].folder == folder)
			(*out)[count++] =
				(struct pin){{PEER_CHANNEL, rows[i].channel}, rows[i].pinned};
	}
	if (count)
		qsort(*out, count, sizeof(**out), pin_order);
	return count;
}

void dialogs_pins(struct call *call, int32_t folder, struct peer **peers, size_t *count)
{
	struct pin *pins;

	*count = pins_list(call, folder, &pins);
	*peers = arena_array(call->arena, *count, sizeof(**peers));
	for (size_t i = 0; i < *count; i++)
		(*peers)[i] = pins[i].peer;
}

bool dialog_pins_change(struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_DIALOG_PINS, .folder = (int32_t)change->item};
	dialogs_pins(call, update->folder, &update->peers, &update->peer_count);
	return true;
}

/* What is pinned in the folder now, to all sessions of owner but one and to those that are away. */
static void tell_pins(struct call *call, int64_t owner, uint64_t except_session, int32_t folder)
{
	struct home_change change = {.item = folder};
	struct call of = *call;
	struct update update;

	of.user = owner;
	dialog_pins_change(&of, &change, &update);
	change_tell(
		call, owner, except_session, CHANGE_DIALOG_PINS, (struct peer){0}, folder, &update);
}

/* The one that is pinned now or no more, alone: a client that hears of the whole folder may ask for
 * it again, and take a late answer for the truth after what it has changed itself meanwhile. Who is
 * away is told of the folder. */
static void tell_pin(struct call *call, struct line_place *place, bool pinned)
{
	struct update update = {.kind = UPDATE_DIALOG_PIN,
		.peer = place->peer,
		.folder = *folder_of(place),
		.pinned = pinned};

	change_tell(call, call->user, call->session_id, CHANGE_DIALOG_PINS, (struct peer){0},
		update.folder, &update);
}

int dialog_pin(struct call *call, struct peer peer, bool pinned)
{
	struct line_place place;
	struct pin *pins;
	size_t count, most;

	if (place_open(call, peer, &place) < 0)
		return -1;
	if (pinned == (*pin_of(&place) != 0))
		return 0;
	if (pinned && is_blank(&place))
		return rpc_error(call, 400, "PEER_HISTORY_EMPTY");
	count = pins_list(call, *folder_of(&place), &pins);
	most = *folder_of(&place) == FOLDER_ARCHIVE ? DIALOGS_PINNED_ARCHIVE_MAX
						    : DIALOGS_PINNED_MAX;
	if (pinned && count >= most)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	*pin_of(&place) = pinned ? (count ? pins[0].order : 0) + 1 : 0;
	place_put(&place);
	tell_pin(call, &place, pinned);
	return 0;
}

static bool is_among(const struct peer *peers, size_t count, struct peer peer)
{
	for (size_t i = 0; i < count; i++) {
		if (peers[i].kind == peer.kind && peers[i].id == peer.id)
			return true;
	}
	return false;
}

int dialogs_reorder(
	struct call *call, int32_t folder, const struct peer *peers, size_t count, bool force)
{
	const size_t most =
		folder == FOLDER_ARCHIVE ? DIALOGS_PINNED_ARCHIVE_MAX : DIALOGS_PINNED_MAX;
	struct line_place place;
	struct pin *pins;
	size_t before = pins_list(call, folder, &pins), kept = 0;

	for (size_t i = 0; i < before; i++)
		kept += !is_among(peers, count, pins[i].peer);
	if (count + (force ? 0 : kept) > most)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	/* Those that are not named go, or move below. */
	for (size_t i = before; i-- > 0;) {
		if (is_among(peers, count, pins[i].peer))
			continue;
		if (place_open(call, pins[i].peer, &place) < 0)
			return -1;
		*pin_of(&place) = force ? 0 : (int32_t)(before - i);
		place_put(&place);
	}
	for (size_t i = 0; i < count; i++) {
		if (place_open(call, peers[i], &place) < 0)
			return -1;
		if (*folder_of(&place) != folder || is_blank(&place))
			continue;
		*pin_of(&place) = (int32_t)(before + count - i);
		place_put(&place);
	}
	tell_pins(call, call->user, call->session_id, folder);
	return 0;
}

/* ---- Marks ---- */

bool dialog_mark_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct peer peer = {(enum peer_kind)change->peer_kind, change->peer};
	struct line_place place;

	if (place_open(call, peer, &place) < 0) {
		call->fault = (struct fault){0};
		return false;
	}
	*update = (struct update){
		.kind = UPDATE_UNREAD_MARK, .peer = peer, .marked = *mark_of(&place)};
	return true;
}

int dialog_mark_unread(struct call *call, struct peer peer, bool marked)
{
	struct update update = {.kind = UPDATE_UNREAD_MARK, .peer = peer, .marked = marked};
	struct line_place place;

	if (place_open(call, peer, &place) < 0)
		return -1;
	if (*mark_of(&place) == marked)
		return 0;
	*mark_of(&place) = marked;
	place_put(&place);
	change_tell(call, call->user, call->session_id, CHANGE_UNREAD_MARK, peer, 0, &update);
	return 0;
}

void dialog_emptied(struct call *call, int64_t owner, struct peer peer)
{
	struct update unmarked = {.kind = UPDATE_UNREAD_MARK, .peer = peer};
	struct call of = *call;
	struct line_place place;
	bool pinned, marked;

	of.user = owner;
	if (place_open(&of, peer, &place) < 0)
		return;
	pinned = *pin_of(&place) != 0;
	marked = *mark_of(&place);
	if (!pinned && !marked)
		return;
	*pin_of(&place) = 0;
	*mark_of(&place) = false;
	place_put(&place);
	if (marked)
		change_tell(call, owner, 0, CHANGE_UNREAD_MARK, peer, 0, &unmarked);
	if (pinned)
		tell_pins(call, owner, 0, *folder_of(&place));
}

void dialogs_marked(struct call *call, struct peer **peers, size_t *count)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	size_t memberships =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	struct home_dialog *dialogs = NULL;
	size_t marked = 0;
	struct home_box box;

	if (box_open(call, call->user, &box))
		home_dialogs_marked(&box, DIALOGS_MARKED_MAX, &dialogs, &marked);
	*peers = arena_array(call->arena, marked + memberships, sizeof(**peers));
	*count = 0;
	for (size_t i = 0; i < marked; i++)
		(*peers)[(*count)++] =
			(struct peer){(enum peer_kind)dialogs[i].peer_kind, dialogs[i].peer};
	for (size_t i = 0; i < memberships; i++) {
		if (rows[i].unread_mark)
			(*peers)[(*count)++] = (struct peer){PEER_CHANNEL, rows[i].channel};
	}
}

/* ---- Archive ---- */

int dialogs_move(struct call *call, const struct peer *peers, const int32_t *folders, size_t count,
	struct update_set *answer)
{
	struct line_place place;
	int32_t left, pin;

	*answer = (struct update_set){
		.updates = arena_array(call->arena, count, sizeof(*answer->updates)),
		.date_s = call->now_s};
	for (size_t i = 0; i < count; i++) {
		if (folders[i] != FOLDER_LIST && folders[i] != FOLDER_ARCHIVE)
			return rpc_error(call, 400, "FOLDER_ID_INVALID");
		if (place_open(call, peers[i], &place) < 0)
			return -1;
		if (*folder_of(&place) == folders[i])
			continue;
		left = *folder_of(&place);
		pin = *pin_of(&place);
		*folder_of(&place) = folders[i];
		*pin_of(&place) = 0;
		place_put(&place);
		box_tell_folder(call, &place.box, call->session_id, peers[i], folders[i],
			&answer->updates[answer->update_count++]);
		if (pin)
			tell_pins(call, call->user, call->session_id, left);
	}
	return 0;
}

/* Its owner's switches hold it in the archive, muted or not. */
static bool is_kept(struct call *call, int64_t owner, struct peer peer)
{
	if (privacy_switch(call, owner, SWITCH_KEEP_UNMUTED))
		return true;
	return privacy_switch(call, owner, SWITCH_KEEP_FOLDERS) && folder_names(call, owner, peer);
}

enum box_move dialog_move_for(
	struct call *call, int64_t owner, int64_t from, bool begun, struct home_dialog *dialog)
{
	struct peer peer = {(enum peer_kind)dialog->peer_kind, dialog->peer};
	bool pinned;

	if (begun && privacy_archives_strangers(call, owner, from)) {
		dialog->folder = FOLDER_ARCHIVE;
		return LINE_GOES_AWAY;
	}
	if (dialog->folder != FOLDER_ARCHIVE || notify_is_muted(call, owner, peer) ||
		is_kept(call, owner, peer))
		return LINE_STAYS;
	pinned = dialog->pinned != 0;
	dialog->folder = FOLDER_LIST;
	dialog->pinned = 0;
	return pinned ? LINE_COMES_BACK_UNPINNED : LINE_COMES_BACK;
}

void dialog_moved(struct call *call, struct home_box *box, struct peer peer, enum box_move move)
{
	struct update update;

	if (move == LINE_STAYS)
		return;
	box_tell_folder(
		call, box, 0, peer, move == LINE_GOES_AWAY ? FOLDER_ARCHIVE : FOLDER_LIST, &update);
	if (move == LINE_COMES_BACK_UNPINNED)
		tell_pins(call, box->owner, 0, FOLDER_ARCHIVE);
	if (move == LINE_GOES_AWAY)
		notify_mute(call, box->owner, peer);
}
