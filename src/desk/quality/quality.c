/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/quality/quality.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "desk/appeals/appeals.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/lanes/form.h"
#include "desk/cases/measures.h"
#include "store/square_desk_reviews.h"

#define DAY_S 86400
#define WINDOW_DAYS 365 /* of the figures */
#define LOOK_MAX 20000
#define PEOPLE_MAX 1000
#define NOTE_MAX 1000

/* ---- Pure ---- */

bool quality_kappa(const int64_t *counts, size_t k, double *agreement, double *kappa)
{
	double n = 0, same = 0, chance = 0;

	*agreement = *kappa = 0;
	for (size_t i = 0; i < k * k; i++)
		n += (double)counts[i];
	if (n <= 0)
		return false;
	for (size_t i = 0; i < k; i++) {
		double row = 0, column = 0;

		for (size_t j = 0; j < k; j++) {
			row += (double)counts[i * k + j];
			column += (double)counts[j * k + i];
		}
		same += (double)counts[i * k + i];
		chance += row * column;
	}
	*agreement = same / n;
	chance /= n * n;
	if (chance >= 1)
		return false;
	*kappa = (*agreement - chance) / (1 - chance);
	return true;
}

bool quality_samples(const struct desk *desk, int64_t case_id, int32_t decision, int64_t percent)
{
	uint8_t number[12], hash[KEYBOX_HASH_SIZE];

	store_u64le(number, (uint64_t)case_id);
	store_u32le(number + 8, (uint32_t)decision);
	keybox_hash(desk->people, "review", bytes_of(number, sizeof(number)), hash);
	return load_u32le(hash) % 100 < (uint64_t)percent;
}

/* ---- The projection ---- */

static int64_t int_of(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	const json_t *action = json_object_get(data, "action");
	struct desk_ruling first;
	struct desk_review r;

	(void)after;
	if (bytes_equal_str(e->kind, "review_claimed") &&
		desk_ruling_get(db, arena, e->case_id, (int32_t)int_of(data, "decision"), &first)) {
		desk_review_put(db, &(struct desk_review){.id = int_of(data, "review"),
					    .case_id = e->case_id,
					    .decision = first.seq,
					    .reviewer = e->actor,
					    .claimed_until = int_of(data, "until"),
					    .category = first.category,
					    .person = first.person,
					    .first = first.action,
					    .second = BYTES_LITERAL("")});
	} else if (bytes_equal_str(e->kind, "reviewed") &&
		   desk_review_get(db, arena, int_of(data, "review"), &r)) {
		r.at = e->at;
		r.second = bytes_of(json_string_value(action), json_string_length(action));
		desk_review_put(db, &r);
	}
}

const struct projection reviews_projection = {desk_review_delete_all, apply};

bool quality_hides(struct ask *ask, int64_t case_id)
{
	return desk_review_hides(ask->db, case_id, ask->who.grant.id, ask->now_s);
}

/* ---- Reviews ---- */

/* What there was to see, and nothing of what was made of it. */
static json_t *without_decision(struct ask *ask, const struct desk_case *c, int64_t review)
{
	static const char *const shown[] = {
		"subject", "category", "lane", "language", "country", "notice_list", "evidence"};
	json_t *all = case_to_work_on(ask, c), *out = json_object();

	json_object_set_new(out, "review", json_integer(review));
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (json_object_get(all, shown[i]))
			json_object_set(out, shown[i], json_object_get(all, shown[i]));
	json_decref(all);
	return out;
}

static int64_t percent_of(struct ask *ask, struct bytes category)
{
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *c = sop_category(sop, arena_str(ask->arena, category));

	return c ? c->review_percent : sop->review_percent;
}

static bool may_review(struct ask *ask, int64_t case_id, int32_t decision, struct desk_case *c)
{
	struct desk_ruling r;

	return desk_ruling_get(ask->db, ask->arena, case_id, decision, &r) &&
	       desk_case_get(ask->db, ask->arena, case_id, c) && !case_is_open(c) &&
	       ask_may_about(ask, c->category) && ask_may_about(ask, r.category) &&
	       ask_may_decide(ask, r.category) &&
	       quality_samples(ask->desk, case_id, decision, percent_of(ask, r.category)) &&
	       !desk_review_was_offered(ask->db, case_id, decision, ask->who.grant.id) &&
	       !appeal_is_of(ask->db, ask->arena, case_id, decision, ask->who.grant.id);
}

static bool find_next(struct ask *ask, struct desk_case *c, int32_t *decision)
{
	struct query q = desk_rulings_unreviewed(
		ask->db, ask->now_s - ask->desk->sop.review_days * DAY_S, ask->now_s, LOOK_MAX);

	while (query_next(&q)) {
		*decision = (int32_t)query_int(&q, 1);
		if (may_review(ask, query_int(&q, 0), *decision, c)) {
			query_end(&q);
			return true;
		}
	}
	return false;
}

void desk_review_next(struct ask *ask, struct reply *reply)
{
	int64_t id = desk_review_open(ask->db, ask->who.grant.id, ask->now_s);
	struct desk_review open;
	struct desk_case c;
	int32_t decision;

	if (id && desk_review_get(ask->db, ask->arena, id, &open) &&
		desk_case_get(ask->db, ask->arena, open.case_id, &c) &&
		ask_may_about(ask, c.category)) {
		reply->body = without_decision(ask, &c, id);
		return;
	}
	if (!find_next(ask, &c, &decision)) {
		reply_error(reply, 404, "nothing waits for a second look of yours");
		return;
	}
	id = db_counter_add(ask->db, 0, "review", 1);
	case_append(ask->db, ask->arena, &c, "review_claimed", ask->who.grant.id, ask->now_s,
		json_pack("{s:I, s:i, s:I}", "review", (json_int_t)id, "decision", (int)decision,
			"until", (json_int_t)(ask->now_s + ask->desk->sop.lease_s)));
	reply->body = without_decision(ask, &c, id);
}

void desk_review_answer(struct ask *ask, struct reply *reply)
{
	struct bytes action, note = {NULL, 0};
	struct desk_review r;
	struct desk_case c;
	struct form form;
	json_t *data;

	if (!ask_form(ask, &form, reply))
		return;
	action = form_text(&form, "action", 16);
	if (action.data && !measure_by_name(action))
		form_invalid(&form, "action", measure_names);
	if (json_object_get(form.root, "note"))
		note = form_text(&form, "note", NOTE_MAX);
	if (!ask_form_end(&form, reply))
		return;
	if (!desk_review_get(ask->db, ask->arena, ask->id, &r) ||
		!desk_case_get(ask->db, ask->arena, r.case_id, &c) ||
		r.reviewer != ask->who.grant.id || !ask_may_about(ask, c.category)) {
		reply_error(reply, 404, "no such review of yours");
		return;
	}
	if (r.at || r.claimed_until <= ask->now_s) {
		reply_error(reply, 409, "it is done, or its time is over");
		return;
	}
	data = json_pack("{s:I, s:i, s:o}", "review", (json_int_t)r.id, "decision", (int)r.decision,
		"action", json_bytes(action));
	if (note.data)
		json_object_set_new(data, "note", json_bytes(note));
	case_append(ask->db, ask->arena, &c, "reviewed", ask->who.grant.id, ask->now_s, data);
	reply->body = json_pack("{s:I, s:I, s:o, s:o, s:b}", "review", (json_int_t)r.id, "case",
		(json_int_t)c.id, "action", json_bytes(action), "first", json_bytes(r.first),
		"agree", bytes_equal(action, r.first));
}

/* ---- Figures ---- */

static const char *const actions[] = {"remove", "restrict", "label", "freeze", "warn", "dismiss"};
_Static_assert(ARRAY_LEN(actions) <= QUALITY_ACTIONS_MAX, "room for each");

static size_t action_at(struct bytes name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(actions) && !bytes_equal_str(name, actions[i]))
		i++;
	return i;
}

struct tally {
	struct bytes category;
	int64_t counts[ARRAY_LEN(actions) * ARRAY_LEN(actions)], reviews;
};

static void put_category(json_t *list, const struct tally *t)
{
	double agreement, kappa;
	const bool defined = quality_kappa(t->counts, ARRAY_LEN(actions), &agreement, &kappa);

	if (t->reviews)
		json_array_append_new(
			list, json_pack("{s:o, s:I, s:f, s:o}", "category", json_bytes(t->category),
				      "reviews", (json_int_t)t->reviews, "agreement", agreement,
				      "kappa", defined ? json_real(kappa) : json_null()));
}

/* By category, in alphabetical order, as the rows come. Here and below: of those that who asks is
 * competent for. */
static json_t *categories(struct ask *ask, int64_t since_s)
{
	struct query q = desk_reviews_count(ask->db, since_s);
	struct tally t = {.reviews = 0};
	json_t *list = json_array();

	while (query_next(&q)) {
		struct bytes category = query_bytes(&q, ask->arena, 0);
		size_t first = action_at(query_bytes(&q, ask->arena, 1));
		size_t second = action_at(query_bytes(&q, ask->arena, 2));
		int64_t n = query_int(&q, 3);

		if (!ask_may_about(ask, category))
			continue;
		if (!bytes_equal(category, t.category)) {
			put_category(list, &t);
			t = (struct tally){.category = category};
		}
		if (first < ARRAY_LEN(actions) && second < ARRAY_LEN(actions)) {
			t.counts[first * ARRAY_LEN(actions) + second] += n;
			t.reviews += n;
		}
	}
	put_category(list, &t);
	return list;
}

struct record {
	int64_t person, decisions, mistakes, otherwise, reviewed, agreed;
};

static bool is_mistake(struct bytes why)
{
	static const char *const mistakes[] = {"mistaken_facts", "wrong_ground", "too_harsh"};

	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
		if (bytes_equal_str(why, mistakes[i]))
			return true;
	return false;
}

/* Both queries come by person: the record of the next one follows that of the last. */
static struct record *record_of(struct record *list, size_t *count, int64_t person)
{
	if (*count && list[*count - 1].person == person)
		return &list[*count - 1];
	if (*count == PEOPLE_MAX)
		return NULL;
	list[*count] = (struct record){.person = person};
	return &list[(*count)++];
}

static size_t count_decisions(struct ask *ask, int64_t since_s, struct record *list)
{
	struct query q = desk_rulings_count(ask->db, since_s);
	size_t count = 0;

	while (query_next(&q)) {
		struct bytes why = query_bytes(&q, ask->arena, 2);
		int64_t n = query_int(&q, 3);
		struct record *r;

		if (!ask_may_about(ask, query_bytes(&q, ask->arena, 1)))
			continue;
		r = record_of(list, &count, query_int(&q, 0));
		if (!r)
			continue;
		r->decisions += n;
		r->mistakes += is_mistake(why) ? n : 0;
		r->otherwise += is_mistake(why) || bytes_equal_str(why, "-") ? 0 : n;
	}
	query_end(&q);
	return count;
}

static void count_reviews(struct ask *ask, int64_t since_s, struct record *list, size_t count)
{
	struct query q = desk_reviews_by_person(ask->db, since_s);
	size_t at = 0;

	while (query_next(&q)) {
		int64_t person = query_int(&q, 0), n = query_int(&q, 4);

		while (at < count && list[at].person < person)
			at++;
		if (at == count || list[at].person != person ||
			!ask_may_about(ask, query_bytes(&q, ask->arena, 1)))
			continue;
		list[at].reviewed += n;
		if (bytes_equal(query_bytes(&q, ask->arena, 2), query_bytes(&q, ask->arena, 3)))
			list[at].agreed += n;
	}
	query_end(&q);
}

static json_t *people(struct ask *ask, int64_t since_s)
{
	struct record *list = arena_array(ask->arena, PEOPLE_MAX, sizeof(*list));
	size_t count = count_decisions(ask, since_s, list);
	json_t *out = json_array();

	count_reviews(ask, since_s, list, count);
	for (size_t i = 0; i < count; i++) {
		const struct record *r = &list[i];

		json_array_append_new(
			out, json_pack("{s:I, s:o, s:I, s:I, s:I, s:f, s:I, s:I}", "person",
				     (json_int_t)r->person, "name",
				     json_bytes(case_grant_name(ask, r->person)), "decisions",
				     (json_int_t)r->decisions, "mistakes", (json_int_t)r->mistakes,
				     "overturned_otherwise", (json_int_t)r->otherwise, "error_rate",
				     (double)r->mistakes / (double)r->decisions, "reviewed",
				     (json_int_t)r->reviewed, "agreed", (json_int_t)r->agreed));
	}
	return out;
}

void desk_quality_show(struct ask *ask, struct reply *reply)
{
	const int64_t since_s = ask->now_s - (int64_t)WINDOW_DAYS * DAY_S;

	reply->body = json_pack("{s:i, s:o, s:o}", "days", WINDOW_DAYS, "categories",
		categories(ask, since_s), "people", people(ask, since_s));
}
