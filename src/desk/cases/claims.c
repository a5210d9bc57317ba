/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/claims.h"

#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/clocks.h"
#include "desk/lanes/form.h"
#include "desk/cases/load.h"
#include "desk/cases/work.h"
#include "store/square_desk_people.h"

#define EVIDENCE_POSTS_MAX 20 /* of a whole channel: the newest */
#define HAND_WORDS_MAX 1000

/* ---- Who can take a case ---- */

bool claimer_find(struct db *db, struct arena *arena, int64_t id, struct principal *out)
{
	struct person p;

	*out = (struct principal){.person = false};
	if (!desk_grant_get(db, arena, id, &out->grant) || out->grant.revoked_at)
		return false;
	out->role = role_by_name(out->grant.role);
	if (person_get(db, arena, id, &p)) {
		out->person = true;
		out->categories = p.categories;
		out->countries = p.countries;
	}
	return out->role < ROLE_COUNT;
}

static bool may_decide(struct ask *ask, const struct principal *who, struct bytes category)
{
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *c = sop_category(sop, arena_str(ask->arena, category));

	if (!desk_may(who, ACT_CLAIM, sop) || !desk_may_about(who, category))
		return false;
	return !c || (who->role == ROLE_LEAD ? c->lead_decides : c->moderator_decides);
}

/* Two people must agree, and a lead where they did not: each time another person. */
static const char *second_refusal(
	struct ask *ask, const struct principal *who, const struct desk_work *w)
{
	int64_t id = who->grant.id;

	if (w->second == SECOND_APPROVES && w->proposed_by == id)
		return "somebody else has to agree to what you proposed";
	if (w->second == SECOND_LEAD && !desk_may(who, ACT_TIE, &ask->desk->sop))
		return "two people did not agree: a lead decides";
	if (w->second == SECOND_LEAD && (w->proposed_by == id || w->opposed_by == id))
		return "a lead who is neither of the two decides";
	return NULL;
}

struct refusal claim_refusal(struct ask *ask, const struct principal *who,
	const struct desk_case *c, const struct desk_work *w)
{
	const struct sop *sop = &ask->desk->sop;
	const char *why;
	struct load load;

	if (!case_is_open(c))
		return (struct refusal){409, "the case is decided"};
	if (!may_decide(ask, who, c->category))
		return (struct refusal){403, "the SOP lets others decide cases of this category"};
	why = second_refusal(ask, who, w);
	if (why)
		return (struct refusal){409, why};
	if (case_is_claimed(c, ask->now_s) && c->claimed_by == who->grant.id)
		return (struct refusal){0, NULL};
	load = load_of(ask->db, ask->arena, sop, who->grant.id, ask->now_s);
	why = load_refusal(sop, &load, load_is_disturbing(sop, ask->arena, c->category));
	return (struct refusal){why ? 409 : 0, why};
}

bool claim_is_mine(struct ask *ask, struct reply *reply, const struct desk_case *c)
{
	if (!case_is_open(c)) {
		reply_error(reply, 409, "the case is decided");
		return false;
	}
	if (case_is_claimed(c, ask->now_s) && c->claimed_by == ask->who.grant.id)
		return true;
	reply_error(reply, 409,
		case_is_claimed(c, ask->now_s) ? "somebody else has claimed the case"
					       : "claim the case first");
	if (case_is_claimed(c, ask->now_s))
		case_add_claim(ask, reply->body, c);
	return false;
}

/* ---- Evidence: what the claimer sees, kept as it was ---- */

struct freezing {
	struct ask *ask;
	const struct desk_case *c;
	int32_t seq, item;
	uint8_t hash[HASH_SHA256_SIZE]; /* chained over the items */
};

static void freeze(struct freezing *f, json_t *item)
{
	char *text = json_dumps(item, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t chained[HASH_SHA256_SIZE];

	hash_sha256_parts(
		(struct bytes[]){bytes_of(f->hash, sizeof(f->hash)), bytes_from_str(text)}, 2,
		chained);
	memcpy(f->hash, chained, sizeof(chained));
	desk_evidence_insert(
		f->ask->db, f->c->id, f->seq, f->item++, f->ask->now_s, bytes_from_str(text));
	free(text);
	json_decref(item);
}

static void freeze_post(
	struct freezing *f, int64_t id, int64_t date, int64_t edit_date, struct bytes text)
{
	struct arena *arena = f->ask->arena;

	freeze(f, json_pack("{s:s, s:I, s:o, s:o, s:o}", "kind", "post", "post", (json_int_t)id,
			  "date", json_time(arena, date), "edited",
			  edit_date ? json_time(arena, edit_date) : json_null(), "text",
			  json_bytes(text)));
}

static void freeze_subject(struct freezing *f)
{
	static const char *const kinds[] = {"channel", "profile", "bot"};
	struct ask *ask = f->ask;
	struct desk_subject subject;
	struct desk_post post;

	if (desk_subject_get(ask->db, ask->arena, f->c->channel, &subject))
		freeze(f, json_pack("{s:s, s:o, s:o, s:o, s:I}", "kind", kinds[subject.kind],
				  "name", json_bytes(subject.username), "title",
				  json_bytes(subject.title), "about", json_bytes(subject.about),
				  "members", (json_int_t)subject.members));
	if (f->c->post) {
		if (desk_post_get(ask->db, ask->arena, f->c->channel, f->c->post, &post))
			freeze_post(f, post.id, post.date, post.edit_date, post.text);
	} else {
		struct query q = desk_post_newest(ask->db, f->c->channel, EVIDENCE_POSTS_MAX);

		while (query_next(&q))
			freeze_post(f, query_int(&q, 0), query_int(&q, 1), query_int(&q, 2),
				query_bytes(&q, ask->arena, 3));
		query_end(&q);
	}
}

/* ---- Taking and giving back ---- */

void claim_take(struct ask *ask, struct desk_case *c, json_t *more)
{
	struct freezing freezing = {.ask = ask, .c = c};
	json_t *data = more ? more : json_object();

	if (case_is_waiting(c))
		clock_resume(ask->db, ask->arena, c, ask->who.grant.id, ask->now_s, "claimed",
			bytes_of(NULL, 0));
	freezing.seq = c->head_seq + 1;
	freeze_subject(&freezing);
	json_object_set_new(data, "until", json_integer(ask->now_s + ask->desk->sop.lease_s));
	json_object_set_new(data, "evidence",
		json_string(text_hex(ask->arena, bytes_of(freezing.hash, sizeof(freezing.hash)))));
	case_append(ask->db, ask->arena, c, "claimed", ask->who.grant.id, ask->now_s, data);
}

void desk_case_claim(struct ask *ask, struct reply *reply)
{
	struct refusal refusal;
	struct desk_work w;
	struct desk_case c;

	if (!case_find(ask, reply, &c))
		return;
	if (case_is_open(&c) && case_is_claimed(&c, ask->now_s) &&
		ask_may_decide(ask, c.category)) {
		reply_error(reply, 409, "the case is claimed");
		case_add_claim(ask, reply->body, &c);
		return;
	}
	w = work_of(ask->db, ask->arena, c.id);
	refusal = claim_refusal(ask, &ask->who, &c, &w);
	if (refusal.why) {
		reply_error(reply, refusal.status, refusal.why);
		return;
	}
	claim_take(ask, &c, NULL);
	reply->body = case_to_work_on(ask, &c);
}

void desk_case_release(struct ask *ask, struct reply *reply)
{
	struct desk_case c;

	if (!case_find(ask, reply, &c))
		return;
	if (!case_is_open(&c) || !case_is_claimed(&c, ask->now_s)) {
		reply_error(reply, 409, "nobody has claimed the case");
		return;
	}
	if (c.claimed_by != ask->who.grant.id && !ask_may(ask, ACT_RELEASE_OTHERS)) {
		reply_error(reply, 403, "only who claimed it, or a lead, can release it");
		return;
	}
	case_append(
		ask->db, ask->arena, &c, "released", ask->who.grant.id, ask->now_s, json_object());
	reply->body = case_summary(ask, &c, NULL);
}

/* As long as somebody works on it: from now, not from the end of the lease. */
void desk_case_renew(struct ask *ask, struct reply *reply)
{
	struct desk_case c;

	if (!case_find(ask, reply, &c) || !claim_is_mine(ask, reply, &c))
		return;
	case_append(ask->db, ask->arena, &c, "renewed", ask->who.grant.id, ask->now_s,
		json_pack("{s:I}", "until", (json_int_t)(ask->now_s + ask->desk->sop.lease_s)));
	reply->body = case_summary(ask, &c, NULL);
}

/* ---- To a named person ---- */

static void hand(
	struct ask *ask, struct reply *reply, struct desk_case *c, int64_t to, struct bytes words)
{
	struct desk_work w = work_of(ask->db, ask->arena, c->id);
	struct refusal refusal;
	struct principal taker;
	json_t *data;

	if (!claimer_find(ask->db, ask->arena, to, &taker)) {
		reply_error(reply, 404, "there is no such person at the desk");
		return;
	}
	if (to == c->claimed_by && case_is_claimed(c, ask->now_s)) {
		reply_error(reply, 409, "that person holds it already");
		return;
	}
	refusal = claim_refusal(ask, &taker, c, &w);
	if (refusal.why) {
		reply_error(reply, 409,
			arena_printf(ask->arena, "that person can't take it: %s", refusal.why));
		return;
	}
	data = json_pack("{s:I, s:I}", "to", (json_int_t)to, "until",
		(json_int_t)(ask->now_s + ask->desk->sop.lease_s));
	if (words.data)
		json_object_set_new(data, "words", json_bytes(words));
	case_append(ask->db, ask->arena, c, "handed", ask->who.grant.id, ask->now_s, data);
	reply->body = case_summary(ask, c, NULL);
}

void desk_case_hand(struct ask *ask, struct reply *reply)
{
	struct bytes words = {NULL, 0};
	struct desk_case c;
	struct form form;
	int64_t to;

	if (!case_find(ask, reply, &c) || !ask_form(ask, &form, reply))
		return;
	to = form_int(&form, "person", 1, INT64_MAX);
	if (json_object_get(form.root, "words"))
		words = form_text(&form, "words", HAND_WORDS_MAX);
	if (!ask_form_end(&form, reply))
		return;
	if (!case_is_open(&c) || !case_is_claimed(&c, ask->now_s))
		reply_error(reply, 409, "claim the case first");
	else if (c.claimed_by != ask->who.grant.id && !ask_may(ask, ACT_RELEASE_OTHERS))
		reply_error(reply, 403, "only who claimed it, or a lead, can hand it over");
	else
		hand(ask, reply, &c, to, words);
}

/* ---- Later ---- */

/* The clock runs on: it is put off to before the due time, never past it. */
void desk_case_snooze(struct ask *ask, struct reply *reply)
{
	struct desk_case c;
	struct form form;
	int64_t until;

	if (!case_find(ask, reply, &c) || !ask_form(ask, &form, reply))
		return;
	until = form_time(&form, "until");
	if (!until)
		form_missing(&form, "until");
	if (!ask_form_end(&form, reply) || !claim_is_mine(ask, reply, &c))
		return;
	if (until <= ask->now_s || until >= c.due_at) {
		reply_error(reply, 409,
			"a case is put off to a time before it is due; its clock runs on");
		return;
	}
	case_append(ask->db, ask->arena, &c, "snoozed", ask->who.grant.id, ask->now_s,
		json_pack("{s:I}", "until", (json_int_t)until));
	reply->body = case_summary(ask, &c, NULL);
}
