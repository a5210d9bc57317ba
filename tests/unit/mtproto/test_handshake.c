/* SPDX-License-Identifier: Apache-2.0 */
/* Key creation: every form that clients use, repeats, refusals, and a store that answers late or
 * badly. */
#include "world.h"

#include "mtproto/wire.h"

static struct world world;

static int set_up(void **state)
{
	(void)state;
	world_init(&world);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_release(&world);
	return 0;
}

/* A client over TCP makes a key with these options, or fails to. */
static void open_and_shake(
	struct link *link, enum transport_kind kind, const struct handshake_client_options *options)
{
	link_open(link, &world, kind, false, TRANSPORT_TCP);
	link_handshake(link, options);
}

/* K2, K4, K6, K9, K11: in each form the client finds what it checks: nonces, factors, a
 * fingerprint, the prime, its own g_a; the first salt is taken, and both ends kept the same 128
 * bytes. */
static void every_form_makes_a_key(void **state)
{
	(void)state;
	for (unsigned form = 0; form < 16; form++) {
		struct handshake_client_options options = {NULL,
			form & 1 ? HANDSHAKE_RSA_LEGACY : HANDSHAKE_RSA_PAD, form & 2, form & 4, 4,
			form & 8 ? 86400 : 0};
		struct link link;
		struct auth_key *key;
		uint64_t id;

		open_and_shake(&link, TRANSPORT_INTERMEDIATE, &options);
		assert_logged(&link, "ready");
		key = world_key(&world, link.client.key.id);
		assert_non_null(key);
		assert_memory_equal(key->secret, link.client.key.secret, AUTH_KEY_SECRET);
		assert_int_equal(key->aux_hash, link.client.key.aux_hash);
		assert_int_equal(auth_key_is_temp(key), form & 8 ? 1 : 0);
		assert_int_equal(key->dc, form & 4 ? 4 : 0);
		id = link_call(&link, QUERY_ECHO, form);
		link_pump(&link);
		assert_logged(&link, "result %llx %08x 8", (unsigned long long)id, QUERY_ECHO);
		assert_int_equal(
			link_log_count(&link, "bad"), 0); /* the first salt is taken (K9) */
		assert_int_equal(mtproto_conn_dc(&link.conn), form & 4 ? 4 : 2);
		link_release(&link);
	}
}

static void every_transport_split_at_every_byte(void **state)
{
	static const struct {
		enum transport_kind kind;
		bool obfuscated;
		enum transport_stream stream;
	} kinds[] = {{TRANSPORT_ABRIDGED, false, TRANSPORT_TCP},
		{TRANSPORT_PADDED, false, TRANSPORT_TCP}, {TRANSPORT_FULL, false, TRANSPORT_TCP},
		{TRANSPORT_ABRIDGED, true, TRANSPORT_TCP},
		{TRANSPORT_INTERMEDIATE, true, TRANSPORT_WEBSOCKET},
		{TRANSPORT_PADDED, true, TRANSPORT_TCP}};
	struct handshake_client_options options = {.multi = true, .name_dc = true, .dc = 2};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct link link;
		uint64_t id;

		link_open(&link, &world, kinds[k].kind, kinds[k].obfuscated, kinds[k].stream);
		link.step = 1;
		link_handshake(&link, &options);
		assert_logged(&link, "ready");
		id = link_call(&link, QUERY_ECHO, 1);
		link_pump(&link);
		assert_logged(&link, "result %llx", (unsigned long long)id);
		link_release(&link);
	}
}

/* The three queries of a run, captured so that they can be bent; the run itself is left unfinished.
 */
struct run {
	struct handshake_client client;
	struct buf query, answer;
	struct handshake_job *job; /* made a key */
};

static enum handshake_result ask(struct run *run, struct bytes query)
{
	enum handshake_result result;
	struct handshake_job *job = NULL;

	buf_clear(&run->answer);
	result = handshakes_take(world.handshakes, query, &run->answer, &job);
	if (result != HANDSHAKE_WORK)
		return result;
	result = handshake_job_run(job, &run->answer);
	if (result == HANDSHAKE_KEY)
		run->job = job;
	else
		handshake_job_free(job);
	return result;
}

static void store(struct run *run, enum handshake_verdict verdict, struct buf *answer)
{
	handshake_job_stored(run->job, verdict, answer);
	handshake_job_free(run->job);
	run->job = NULL;
}

static void run_begin(struct run *run, unsigned steps)
{
	struct handshake_client_options options = {
		.server_key = world.rsa, .name_dc = true, .dc = 1};

	memset(run, 0, sizeof(*run));
	handshake_client_start(&run->client, &options, &world.random, &run->query);
	for (unsigned i = 0; i < steps; i++) {
		assert_int_equal(ask(run, buf_bytes(&run->query)), HANDSHAKE_ANSWER);
		buf_clear(&run->query);
		assert_int_equal(
			handshake_client_take(&run->client, buf_bytes(&run->answer), &run->query),
			HANDSHAKE_CLIENT_SEND);
	}
	buf_clear(&run->answer);
}

static void run_end(struct run *run)
{
	handshake_job_free(run->job);
	buf_release(&run->query);
	buf_release(&run->answer);
}

static void make_rsa(void)
{
	struct handshake_client_options options = {.multi = true};
	struct link link;

	if (world.rsa)
		return;
	open_and_shake(&link, TRANSPORT_FULL, &options);
	link_release(&link);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	make_rsa();
	for (unsigned step = 0; step < 3; step++) {
		struct run run;
		size_t size;

		run_begin(&run, step);
		size = buf_size(&run.query);
		run_end(&run);
		/* All short ones; of the long ones every 16th, as each costs an RSA operation. */
		for (size_t cut = 0; cut < size; cut += cut < 48 || cut + 8 > size ? 4 : 16) {
			struct bytes query;

			run_begin(&run, step);
			query = bytes_of(buf_data(&run.query), cut);
			assert_int_equal(ask(&run, query), HANDSHAKE_REFUSE);
			assert_int_equal(buf_size(&run.answer), 0);
			run_end(&run);
		}
	}
}

/* K3: after a refusal the right query is refused too. */
static void a_refused_run_stays_refused(void **state)
{
	(void)state;
	make_rsa();
	for (unsigned step = 1; step < 3; step++) {
		struct run run;
		struct buf bent = {0};

		run_begin(&run, step);
		buf_append_bytes(&bent, buf_bytes(&run.query));
		buf_data(&bent)[buf_size(&bent) - 9] ^= 1;
		assert_int_equal(ask(&run, buf_bytes(&bent)), HANDSHAKE_REFUSE);
		assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_REFUSE);
		buf_release(&bent);
		run_end(&run);
	}
}

static void expect_bent_refused(unsigned step, const size_t *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct run run;

		run_begin(&run, step);
		buf_data(&run.query)[fields[i]] ^= 1;
		assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_REFUSE);
		run_end(&run);
	}
}

/* K3, K5, K7: one byte wrong anywhere. */
static void every_bent_field_is_refused(void **state)
{
	static const size_t fields_of_dh[] = {4, 20, 37, 45, 52, 64, 300};
	static const size_t fields_of_client[] = {4, 20, 40, 60, 200, 300};

	(void)state;
	make_rsa();
	expect_bent_refused(1, fields_of_dh, ARRAY_LEN(fields_of_dh));
	expect_bent_refused(2, fields_of_client, ARRAY_LEN(fields_of_client));
}

/* K10 */
static void a_repeat_gets_the_stored_bytes(void **state)
{
	struct run run;
	struct buf first = {0};
	int32_t expires_in;

	(void)state;
	make_rsa();
	for (unsigned step = 0; step < 2; step++) {
		run_begin(&run, step);
		assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_ANSWER);
		buf_clear(&first);
		buf_append_bytes(&first, buf_bytes(&run.answer));
		assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_ANSWER);
		assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&run.answer)));
		/* What TDLib puts behind a query differs each time; the query is the same. */
		buf_append_u64le(&run.query, random_u64(&world.random));
		assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_ANSWER);
		assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&run.answer)));
		run_end(&run);
	}
	run_begin(&run, 2);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_KEY);
	assert_non_null(handshake_job_key(run.job, &expires_in));
	assert_int_equal(expires_in, 0);
	buf_clear(&first);
	store(&run, HANDSHAKE_VERDICT_OK, &first);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_ANSWER);
	assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&run.answer)));
	/* Not the same bytes: no second key from this run. */
	buf_data(&run.query)[50] ^= 1;
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_REFUSE);
	buf_release(&first);
	run_end(&run);
}

/* K8 */
static void a_taken_id_is_tried_again(void **state)
{
	struct run run;
	int32_t expires_in;
	uint64_t first, second;

	(void)state;
	make_rsa();
	run_begin(&run, 2);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_KEY);
	first = handshake_job_key(run.job, &expires_in)->id;
	store(&run, HANDSHAKE_VERDICT_RETRY, &run.answer);
	buf_clear(&run.query);
	assert_int_equal(handshake_client_take(&run.client, buf_bytes(&run.answer), &run.query),
		HANDSHAKE_CLIENT_SEND);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_KEY);
	second = handshake_job_key(run.job, &expires_in)->id;
	assert_true(first != second);
	store(&run, HANDSHAKE_VERDICT_OK, &run.answer);
	assert_int_equal(handshake_client_take(&run.client, buf_bytes(&run.answer), &run.query),
		HANDSHAKE_CLIENT_DONE);
	assert_true(run.client.key.id == second);
	run_end(&run);
}

static void a_data_centre_that_is_not_ours(void **state)
{
	static const int32_t dcs[] = {0, 6, -6, 10000, 10006, INT32_MIN, INT32_MAX};
	static const int32_t ours[] = {1, 5, -2, 10002, -10003};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dcs) + ARRAY_LEN(ours); i++) {
		bool good = i >= ARRAY_LEN(dcs);
		struct handshake_client_options options = {
			.name_dc = true, .dc = good ? ours[i - ARRAY_LEN(dcs)] : dcs[i]};
		struct link link;

		open_and_shake(&link, TRANSPORT_ABRIDGED, &options);
		if (good)
			assert_logged(&link, "ready");
		else
			assert_logged(&link, "failed -444");
		link_release(&link);
	}
}

static void a_temporary_key_lives_within_bounds(void **state)
{
	struct handshake_client_options options = {.name_dc = true, .dc = 1};
	struct link link;

	(void)state;
	options.expires_in = HANDSHAKE_EXPIRES_IN_MAX + 1;
	open_and_shake(&link, TRANSPORT_ABRIDGED, &options);
	assert_logged(&link, "failed -404");
	link_release(&link);
	options.expires_in = 60;
	open_and_shake(&link, TRANSPORT_ABRIDGED, &options);
	assert_logged(&link, "ready");
	world_advance(&world, 61);
	link_call(&link, QUERY_ECHO, 1);
	link_pump(&link);
	assert_logged(&link, "failed -404");
	assert_true(link.closed);
	link_release(&link);
}

/* K8: nothing is said before the key is stored. */
static void dh_gen_ok_waits_for_the_store(void **state)
{
	struct handshake_client_options options = {.multi = true};
	struct link link;

	(void)state;
	world.store_later = true;
	link_open(&link, &world, TRANSPORT_INTERMEDIATE, true, TRANSPORT_TCP);
	link_handshake(&link, &options);
	assert_false(link_logged(&link, "ready"));
	assert_true(link.conn.plain_wait);
	mtproto_conn_key_stored(&link.conn, MTPROTO_STORED);
	link_pump(&link);
	assert_logged(&link, "ready");
	link_release(&link);
	world.store_later = false;
}

static void a_failing_store_closes(void **state)
{
	struct handshake_client_options options = {.multi = true};
	struct link link;

	(void)state;
	world.store_status = MTPROTO_STORE_FAILED;
	open_and_shake(&link, TRANSPORT_INTERMEDIATE, &options);
	assert_true(link.closed);
	assert_int_equal(link_log_count(&link, "failed"), 0); /* no -404 for a fault of ours */
	link_release(&link);
	world.store_status = MTPROTO_STORED;
}

/* K12: beyond what may be open at once the oldest is given up, for good. */
static void the_oldest_of_too_many_is_given_up(void **state)
{
	struct run runs[WORLD_HANDSHAKES_MAX + 1];

	(void)state;
	make_rsa();
	handshakes_sweep(world.handshakes);
	for (size_t i = 0; i < ARRAY_LEN(runs); i++)
		run_begin(&runs[i], 2);
	assert_int_equal(handshakes_open(world.handshakes), WORLD_HANDSHAKES_MAX);
	assert_int_equal(ask(&runs[0], buf_bytes(&runs[0].query)), HANDSHAKE_REFUSE);
	assert_int_equal(ask(&runs[1], buf_bytes(&runs[1].query)), HANDSHAKE_KEY);
	for (size_t i = 0; i < ARRAY_LEN(runs); i++)
		run_end(&runs[i]);
}

/* What comes of the run's query, whose work is not done yet; *job is NULL if there is none. */
static enum handshake_result take(struct run *run, struct handshake_job **job)
{
	*job = NULL;
	return handshakes_take(world.handshakes, buf_bytes(&run->query), &run->answer, job);
}

/* K10, K12: the connection goes while its step is worked on. What was computed is there for a
 * repeat; a step that was not begun is as if it had not been asked. */
static void work_outlives_its_connection(void **state)
{
	struct handshake_job *job, *again;
	struct run run;

	(void)state;
	make_rsa();
	run_begin(&run, 1);
	assert_int_equal(take(&run, &job), HANDSHAKE_WORK);
	/* The same while it waits; then another, which ends the run. */
	assert_int_equal(take(&run, &again), HANDSHAKE_NOTHING);
	handshake_job_free(job);
	assert_int_equal(take(&run, &job), HANDSHAKE_WORK);
	assert_int_equal(handshake_job_run(job, &run.answer), HANDSHAKE_ANSWER);
	handshake_job_free(job);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_ANSWER);
	run_end(&run);
}

/* K3: a run that is ended while it is worked on is not answered. */
static void a_run_that_was_ended_has_no_answer(void **state)
{
	struct handshake_job *job, *other;
	struct run run;

	(void)state;
	make_rsa();
	run_begin(&run, 1);
	assert_int_equal(take(&run, &job), HANDSHAKE_WORK);
	buf_data(&run.query)[100] ^= 1;
	assert_int_equal(take(&run, &other), HANDSHAKE_REFUSE);
	assert_int_equal(handshake_job_run(job, &run.answer), HANDSHAKE_REFUSE);
	assert_int_equal(buf_size(&run.answer), 0);
	handshake_job_free(job);
	run_end(&run);
}

/* K8: whoever goes before it hears of its key has none; the run is over. */
static void a_key_that_nobody_heard_of(void **state)
{
	struct run run;

	(void)state;
	make_rsa();
	run_begin(&run, 2);
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_KEY);
	handshake_job_free(run.job);
	run.job = NULL;
	assert_int_equal(ask(&run, buf_bytes(&run.query)), HANDSHAKE_REFUSE);
	run_end(&run);
}

/* K12 */
static void handshakes_over_the_budget_get_429(void **state)
{
	struct handshake_client_options options = {.multi = true};
	struct link link;

	(void)state;
	world.refuse_handshakes = true;
	open_and_shake(&link, TRANSPORT_INTERMEDIATE, &options);
	assert_logged(&link, "failed -429");
	assert_true(link.closed);
	link_release(&link);
	world.refuse_handshakes = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_makes_a_key),
		cmocka_unit_test(every_transport_split_at_every_byte),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_refused_run_stays_refused),
		cmocka_unit_test(every_bent_field_is_refused),
		cmocka_unit_test(a_repeat_gets_the_stored_bytes),
		cmocka_unit_test(a_taken_id_is_tried_again),
		cmocka_unit_test(a_data_centre_that_is_not_ours),
		cmocka_unit_test(a_temporary_key_lives_within_bounds),
		cmocka_unit_test(dh_gen_ok_waits_for_the_store),
		cmocka_unit_test(a_failing_store_closes),
		cmocka_unit_test(the_oldest_of_too_many_is_given_up),
		cmocka_unit_test(work_outlives_its_connection),
		cmocka_unit_test(a_run_that_was_ended_has_no_answer),
		cmocka_unit_test(a_key_that_nobody_heard_of),
		cmocka_unit_test(handshakes_over_the_budget_get_429),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
