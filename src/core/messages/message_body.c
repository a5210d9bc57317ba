/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version (1) | sections; a section is a tag (1), a size (4) and its content (base/pack.h). A
 * message has the sections it needs, in the order of their tags, and ends with tag 0. Tags, and the
 * numbers of kinds in them, are stored: new ones go to the end.
 */
#include "core/messages/message_body.h"

#include "base/pack.h"
#include "core/messages/entities.h"
#include "core/bots/keyboard.h"

#define BODY_VERSION 2

enum section {
	SECTION_END,
	SECTION_FLAGS = 1,
	SECTION_TEXT,
	SECTION_ENTITIES,
	SECTION_REPLY_TO,
	SECTION_REPLY,
	SECTION_FORWARD,
	SECTION_MEDIA,
	SECTION_USERS,
	SECTION_PERIOD,
	SECTION_ACTION_PERIOD,
	SECTION_SIGNATURE,
	SECTION_OTHER,
	SECTION_TOPIC = 20,
	SECTION_KEYBOARD,
};

enum {
	BODY_SILENT = 1,
	BODY_NOFORWARDS = 2,
	BODY_WAS_SCHEDULED = 4,
	BODY_INVERT_MEDIA = 8,
	BODY_NO_PREVIEW = 16,
	BODY_EDIT_HIDDEN = 32,
	BODY_MENTIONED = 64,
};

#define USERS_MAX 200 /* of an action: a group's members */

_Static_assert(ENTITY_MENTION == 0 && ENTITY_URL == 4 && ENTITY_BOLD == 7 &&
		       ENTITY_TEXT_URL == 14 && ENTITY_MENTION_NAME == 15 && ENTITY_BANK_CARD == 18,
	"the kinds of entities are stored: new ones go to the end");
_Static_assert(MEDIA_CONTACT == 1 && MEDIA_DICE == 6, "the kinds of media are stored");

/* ---- Writing ---- */

static void put_peer(struct pack *p, struct peer peer)
{
	pack_number(p, peer.kind, 1);
	pack_number(p, (uint64_t)peer.id, 8);
}

static void put_entities(struct pack *p, const struct entity *entities, size_t count)
{
	pack_number(p, count, 2);
	for (size_t i = 0; i < count; i++) {
		const struct entity *e = &entities[i];

		pack_number(p, e->kind, 1);
		pack_number(p, e->collapsed, 1);
		pack_number(p, (uint32_t)e->offset, 4);
		pack_number(p, (uint32_t)e->length, 4);
		pack_number(p, (uint64_t)e->id, 8);
		pack_bytes(p, e->argument);
	}
}

static void put_forward(struct pack *p, const struct forward *f)
{
	put_peer(p, f->from);
	pack_bytes(p, f->from_name);
	pack_number(p, (uint64_t)f->date_s, 8);
	pack_number(p, (uint32_t)f->post, 4);
	put_peer(p, f->saved_from);
	pack_number(p, (uint32_t)f->saved_from_id, 4);
	put_peer(p, f->saved_author);
	pack_bytes(p, f->saved_author_name);
	pack_number(p, (uint64_t)f->saved_date_s, 8);
	pack_number(p, f->saved_out, 1);
}

static void put_reply(struct pack *p, const struct reply *r)
{
	put_peer(p, r->peer);
	pack_bytes(p, r->quote);
	put_entities(p, r->entities, r->entity_count);
	pack_number(p, (uint32_t)r->quote_offset, 4);
	pack_number(p, r->from != NULL, 1);
	if (r->from)
		put_forward(p, r->from);
}

static void put_double(struct pack *p, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	pack_number(p, bits, 8);
}

static void put_media(struct pack *p, const struct media *m)
{
	pack_number(p, m->kind, 1);
	put_double(p, m->place.latitude);
	put_double(p, m->place.longitude);
	pack_number(p, (uint32_t)m->place.accuracy_m, 4);
	pack_number(p, (uint32_t)m->period_s, 4);
	pack_number(p, (uint32_t)m->heading, 4);
	pack_number(p, (uint32_t)m->proximity_m, 4);
	for (size_t i = 0; i < sizeof(m->texts) / sizeof(*m->texts); i++)
		pack_bytes(p, m->texts[i]);
	pack_number(p, 0, 8); /* unused */
	pack_number(p, (uint32_t)m->value, 4);
	pack_number(p, (uint64_t)m->poll, 8);
	pack_number(p, (uint64_t)m->poll_owner, 8);
}

static uint64_t flags_of(const struct message *m)
{
	return (m->silent ? BODY_SILENT : 0) | (m->noforwards ? BODY_NOFORWARDS : 0) |
	       (m->was_scheduled ? BODY_WAS_SCHEDULED : 0) |
	       (m->invert_media ? BODY_INVERT_MEDIA : 0) | (m->no_preview ? BODY_NO_PREVIEW : 0) |
	       (m->edit_hidden ? BODY_EDIT_HIDDEN : 0) | (m->mentioned ? BODY_MENTIONED : 0);
}

static void put_section(struct pack *body, enum section tag, const struct pack *content)
{
	pack_number(body, tag, 1);
	pack_bytes(body, pack_done(content));
}

#define SECTION(tag, write)                                                                        \
	do {                                                                                       \
		struct pack content = pack_new(arena), *p = &content;                              \
                                                                                                   \
		write;                                                                             \
		put_section(&body, tag, p);                                                        \
	} while (0)

static void put_topic(struct pack *p, const struct topic_change *t)
{
	pack_number(p, (t->has_title ? 1 : 0) | (t->has_emoji ? 2 : 0), 1);
	pack_number(p, t->closed, 1);
	pack_number(p, t->hidden, 1);
	pack_number(p, (uint32_t)t->color, 4);
	pack_number(p, (uint64_t)t->emoji, 8);
}

static void put_users(struct pack *p, const struct message *message)
{
	for (size_t i = 0; i < message->user_count; i++)
		pack_number(p, (uint64_t)message->users[i], 8);
}

struct bytes message_body_encode(struct arena *arena, const struct message *message)
{
	struct pack body = pack_new(arena);

	pack_number(&body, BODY_VERSION, 1);
	if (flags_of(message))
		SECTION(SECTION_FLAGS, pack_number(p, flags_of(message), 4));
	if (message->text.size)
		SECTION(SECTION_TEXT, pack_bytes(p, message->text));
	if (message->entity_count)
		SECTION(SECTION_ENTITIES,
			put_entities(p, message->entities, message->entity_count));
	if (message->reply_to)
		SECTION(SECTION_REPLY_TO, pack_number(p, (uint32_t)message->reply_to, 4));
	if (message->reply)
		SECTION(SECTION_REPLY, put_reply(p, message->reply));
	if (message->forward)
		SECTION(SECTION_FORWARD, put_forward(p, message->forward));
	if (message->media)
		SECTION(SECTION_MEDIA, put_media(p, message->media));
	if (message->user_count)
		SECTION(SECTION_USERS, put_users(p, message));
	if (message->period_s)
		SECTION(SECTION_PERIOD, pack_number(p, (uint32_t)message->period_s, 4));
	if (message->action_period_s)
		SECTION(SECTION_ACTION_PERIOD,
			pack_number(p, (uint32_t)message->action_period_s, 4));
	if (message->signature.size)
		SECTION(SECTION_SIGNATURE, pack_bytes(p, message->signature));
	if (message->other.kind != PEER_NONE)
		SECTION(SECTION_OTHER, put_peer(p, message->other));
	if (message->topic_change)
		SECTION(SECTION_TOPIC, put_topic(p, message->topic_change));
	if (message->keyboard)
		SECTION(SECTION_KEYBOARD, keyboard_pack(p, message->keyboard));
	pack_number(&body, SECTION_END, 1);
	return pack_done(&body);
}

/* ---- Reading ---- */

static struct peer take_peer(struct unpack *u)
{
	uint64_t kind = unpack_number(u, 1);
	struct peer peer = {(enum peer_kind)kind, (int64_t)unpack_number(u, 8)};

	if (kind > PEER_CHANNEL)
		u->failed = true;
	return u->failed ? (struct peer){0} : peer;
}

static struct bytes take_text(struct unpack *u, struct arena *arena)
{
	return arena_bytes(arena, unpack_bytes(u));
}

static size_t take_entities(struct unpack *u, struct arena *arena, struct entity **out)
{
	uint64_t count = unpack_number(u, 2);

	if (count > ENTITIES_MAX)
		u->failed = true;
	if (u->failed)
		return 0;
	*out = arena_array(arena, count, sizeof(**out));
	for (uint64_t i = 0; i < count; i++) {
		struct entity *e = &(*out)[i];
		uint64_t kind = unpack_number(u, 1);

		if (kind >= ENTITY_KIND_COUNT)
			u->failed = true;
		e->kind = u->failed ? ENTITY_BOLD : (enum entity_kind)kind;
		e->collapsed = unpack_number(u, 1) != 0;
		e->offset = (int32_t)unpack_number(u, 4);
		e->length = (int32_t)unpack_number(u, 4);
		e->id = (int64_t)unpack_number(u, 8);
		e->argument = take_text(u, arena);
	}
	return u->failed ? 0 : count;
}

static struct forward *take_forward(struct unpack *u, struct arena *arena)
{
	struct forward *f = ARENA_NEW(arena, struct forward);

	f->from = take_peer(u);
	f->from_name = take_text(u, arena);
	f->date_s = (int64_t)unpack_number(u, 8);
	f->post = (int32_t)unpack_number(u, 4);
	f->saved_from = take_peer(u);
	f->saved_from_id = (int32_t)unpack_number(u, 4);
	f->saved_author = take_peer(u);
	f->saved_author_name = take_text(u, arena);
	f->saved_date_s = (int64_t)unpack_number(u, 8);
	f->saved_out = unpack_number(u, 1) != 0;
	return f;
}

static struct reply *take_reply(struct unpack *u, struct arena *arena)
{
	struct reply *r = ARENA_NEW(arena, struct reply);

	r->peer = take_peer(u);
	r->quote = take_text(u, arena);
	r->entity_count = take_entities(u, arena, &r->entities);
	r->quote_offset = (int32_t)unpack_number(u, 4);
	if (unpack_number(u, 1))
		r->from = take_forward(u, arena);
	return r;
}

static double take_double(struct unpack *u)
{
	uint64_t bits = unpack_number(u, 8);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static struct media *take_media(struct unpack *u, struct arena *arena)
{
	struct media *m = ARENA_NEW(arena, struct media);
	uint64_t kind = unpack_number(u, 1);

	if (kind >= MEDIA_KIND_COUNT)
		u->failed = true;
	m->kind = u->failed ? MEDIA_NONE : (enum media_kind)kind;
	m->place.latitude = take_double(u);
	m->place.longitude = take_double(u);
	m->place.accuracy_m = (int32_t)unpack_number(u, 4);
	m->period_s = (int32_t)unpack_number(u, 4);
	m->heading = (int32_t)unpack_number(u, 4);
	m->proximity_m = (int32_t)unpack_number(u, 4);
	for (size_t i = 0; i < sizeof(m->texts) / sizeof(*m->texts); i++)
		m->texts[i] = take_text(u, arena);
	(void)unpack_number(u, 8);
	m->value = (int32_t)unpack_number(u, 4);
	m->poll = (int64_t)unpack_number(u, 8);
	m->poll_owner = (int64_t)unpack_number(u, 8);
	return m;
}

static void take_flags(struct unpack *u, struct message *m)
{
	uint64_t flags = unpack_number(u, 4);

	m->silent = flags & BODY_SILENT;
	m->noforwards = flags & BODY_NOFORWARDS;
	m->was_scheduled = flags & BODY_WAS_SCHEDULED;
	m->invert_media = flags & BODY_INVERT_MEDIA;
	m->no_preview = flags & BODY_NO_PREVIEW;
	m->edit_hidden = flags & BODY_EDIT_HIDDEN;
	m->mentioned = flags & BODY_MENTIONED;
}

static void take_users(struct unpack *u, struct arena *arena, struct message *m)
{
	size_t count = u->left / 8;

	if (count > USERS_MAX)
		u->failed = true;
	if (u->failed)
		return;
	m->user_count = count;
	m->users = arena_array(arena, count, sizeof(*m->users));
	for (size_t i = 0; i < count; i++)
		m->users[i] = (int64_t)unpack_number(u, 8);
}

static enum topic_switch take_switch(struct unpack *u)
{
	const uint64_t value = unpack_number(u, 1);

	if (value > TOPIC_ON)
		u->failed = true;
	return u->failed ? TOPIC_STAYS : (enum topic_switch)value;
}

static struct topic_change *take_topic(struct unpack *u, struct arena *arena)
{
	struct topic_change *t = ARENA_NEW(arena, struct topic_change);
	const uint64_t flags = unpack_number(u, 1);

	t->has_title = flags & 1;
	t->has_emoji = flags & 2;
	t->closed = take_switch(u);
	t->hidden = take_switch(u);
	t->color = (int32_t)unpack_number(u, 4);
	t->emoji = (int64_t)unpack_number(u, 8);
	return t;
}

/* False: a section that is not known. */
static bool take_section(struct arena *arena, uint64_t tag, struct unpack *u, struct message *m)
{
	switch (tag) {
	case SECTION_FLAGS:
		take_flags(u, m);
		return true;
	case SECTION_TEXT:
		m->text = take_text(u, arena);
		return true;
	case SECTION_ENTITIES:
		m->entity_count = take_entities(u, arena, &m->entities);
		return true;
	case SECTION_REPLY_TO:
		m->reply_to = (int32_t)unpack_number(u, 4);
		return true;
	case SECTION_REPLY:
		m->reply = take_reply(u, arena);
		return true;
	case SECTION_FORWARD:
		m->forward = take_forward(u, arena);
		return true;
	case SECTION_MEDIA:
		m->media = take_media(u, arena);
		return true;
	case SECTION_USERS:
		take_users(u, arena, m);
		return true;
	case SECTION_PERIOD:
		m->period_s = (int32_t)unpack_number(u, 4);
		return true;
	case SECTION_ACTION_PERIOD:
		m->action_period_s = (int32_t)unpack_number(u, 4);
		return true;
	case SECTION_SIGNATURE:
		m->signature = take_text(u, arena);
		return true;
	case SECTION_TOPIC:
		m->topic_change = take_topic(u, arena);
		return true;
	case SECTION_KEYBOARD:
		m->keyboard = keyboard_unpack(u, arena);
		return true;
	case SECTION_OTHER:
		m->other = take_peer(u);
		return true;
	default:
		return false;
	}
}

static void clear(struct message *m)
{
	struct unpack none = {0};

	take_flags(&none, m);
	m->text = BYTES_LITERAL("");
	m->entity_count = m->user_count = 0;
	m->reply_to = m->period_s = m->action_period_s = 0;
	m->reply = NULL;
	m->forward = NULL;
	m->media = NULL;
	m->keyboard = NULL;
	m->topic_change = NULL;
	m->signature = (struct bytes){NULL, 0};
	m->other = (struct peer){0};
}

int message_body_decode(struct arena *arena, struct bytes body, struct message *message)
{
	struct unpack u = unpack_of(body);
	uint64_t before = 0;

	if (unpack_number(&u, 1) != BODY_VERSION)
		return -1;
	clear(message);
	for (;;) {
		uint64_t tag = unpack_number(&u, 1);
		struct unpack content;

		if (tag == SECTION_END)
			return unpack_complete(&u) ? 0 : -1;
		content = unpack_of(unpack_bytes(&u));
		if (u.failed || tag <= before || !take_section(arena, tag, &content, message) ||
			!unpack_complete(&content))
			return -1;
		before = tag;
	}
}

/* ---- Reactions ---- */

struct bytes message_reactions_encode(struct arena *arena, const struct message *message)
{
	struct pack p = pack_new(arena);

	if (!message->reaction_count)
		return (struct bytes){0};
	pack_number(&p, message->reaction_count, 2);
	for (size_t i = 0; i < message->reaction_count; i++) {
		const struct reaction *r = &message->reactions[i];

		put_peer(&p, r->by);
		pack_bytes(&p, r->emoji);
		pack_number(&p, (uint64_t)r->date_s, 8);
		pack_number(&p, (r->big ? 1 : 0) | (r->unread ? 2 : 0), 1);
	}
	return pack_done(&p);
}

int message_reactions_decode(struct arena *arena, struct bytes stored, struct message *message)
{
	struct unpack u = unpack_of(stored);
	uint64_t count, flags;

	message->reaction_count = 0;
	if (!stored.data)
		return 0;
	count = unpack_number(&u, 2);
	if (count > REACTIONS_STORED_MAX)
		return -1;
	message->reactions = arena_array(arena, count, sizeof(*message->reactions));
	for (uint64_t i = 0; i < count && !u.failed; i++) {
		struct reaction *r = &message->reactions[i];

		r->by = take_peer(&u);
		r->emoji = take_text(&u, arena);
		r->date_s = (int64_t)unpack_number(&u, 8);
		flags = unpack_number(&u, 1);
		r->big = flags & 1;
		r->unread = flags & 2;
	}
	if (!unpack_complete(&u))
		return -1;
	message->reaction_count = count;
	return 0;
}
