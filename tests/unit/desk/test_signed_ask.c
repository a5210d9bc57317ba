/* SPDX-License-Identifier: Apache-2.0 */
/* Signed requests: what must be covered, when, by which key, and only once. And public keys as
 * people send them. */
#include "desk_fixture.h"

#include "base/text.h"
#include "desk/lanes/http_signature.h"
#include "desk/lanes/public_key.h"
#include "desk/lanes/signed_ask.h"
#include "store/square_desk_keys.h"

#define NOW 1800000000
#define ALL "(\"@method\" \"@authority\" \"@path\" \"content-digest\")"

static const uint8_t seed[SIGN_SEED_SIZE] = "a seed that only this test knows";
static struct http_header headers[4];
static struct sign_key *signer;
static int64_t grant;

static struct http_request request_of(struct fixture *f, const char *params)
{
	struct http_request request = {.method = HTTP_POST,
		.path = BYTES_LITERAL("/api/notices"),
		.headers = headers,
		.header_count = 4,
		.body = BYTES_LITERAL("{\"hello\": \"world\"}")};
	struct http_signature read;
	const char *why = NULL;
	uint8_t zeros[SIGN_SIZE] = {0};
	char *text;

	headers[0] = (struct http_header){BYTES_LITERAL("Host"), BYTES_LITERAL("desk.example")};
	headers[1] = (struct http_header){BYTES_LITERAL("Content-Digest"),
		BYTES_LITERAL("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")};
	headers[2].name = BYTES_LITERAL("Signature-Input");
	headers[2].value = bytes_from_str(arena_printf(&f->arena, "s=%s", params));
	headers[3].name = BYTES_LITERAL("Signature");
	for (int round = 0; round < 2; round++) {
		text = arena_printf(&f->arena,
			"s=:%s:", text_base64(&f->arena, bytes_of(zeros, sizeof(zeros))));
		headers[3].value = bytes_from_str(text);
		if (round == 0 && http_signature_read(&f->arena, &request, &read, &why) == 0)
			sign_message(signer, read.base, zeros);
	}
	return request;
}

static const char *asked(struct fixture *f, const struct http_request *request, bool writes)
{
	struct ask ask = {.desk = &f->desk, .db = f->desk.writer, .arena = &f->arena, .now_s = NOW};
	const char *why = NULL;
	int rc;

	db_begin(ask.db);
	rc = signed_ask(&ask, request, writes, &why);
	assert_int_equal(db_commit(ask.db), 0);
	assert_true((rc == 0) == (why == NULL));
	if (rc == 0) {
		assert_int_equal(ask.who.grant.id, grant);
		assert_int_equal(ask.who.role, ROLE_AUTHORITY);
	}
	return why ? why : "";
}

static const char *tried(struct fixture *f, const char *params)
{
	struct http_request request = request_of(f, params);

	return asked(f, &request, true);
}

static int setup(void **state)
{
	struct desk_grant wanted = {.role = BYTES_LITERAL("authority"),
		.name = BYTES_LITERAL("Ministry"),
		.langs = BYTES_LITERAL(""),
		.country = BYTES_LITERAL("ID")};
	char token[TOKEN_TEXT_SIZE];
	struct desk_key key;
	struct fixture *f;

	assert_int_equal(desk_fixture_setup(state), 0);
	f = *state;
	snprintf(f->desk.sop.appeal_address, sizeof(f->desk.sop.appeal_address),
		"https://desk.example");
	signer = sign_key_new(seed, NULL);
	assert_non_null(signer);
	db_begin(f->desk.writer);
	assert_int_equal(grant_create(f->desk.writer, &wanted, NOW, token, &grant, NULL), 0);
	key = (struct desk_key){.grant_id = grant,
		.public_key = bytes_of(sign_key_public(signer), SIGN_PUBLIC_SIZE),
		.created_at = NOW};
	assert_int_equal(desk_key_insert(f->desk.writer, &key), 1);
	assert_int_equal(desk_key_insert(f->desk.writer, &key), 2);
	assert_true(desk_key_end(f->desk.writer, 2, NOW));
	assert_false(desk_key_end(f->desk.writer, 2, NOW));
	assert_int_equal(db_commit(f->desk.writer), 0);
	return 0;
}

static int teardown(void **state)
{
	sign_key_free(signer);
	return desk_fixture_teardown(state);
}

static void each_fault_has_its_reason(void **state)
{
	static const struct {
		const char *params, *why;
	} rows[] = {
		{ALL ";created=1800000000;keyid=\"key-1\";nonce=\"a\"", ""},
		{ALL ";created=1800000000;keyid=\"key-1\";nonce=\"a\"", "used before"},
		{ALL ";created=1800000001;keyid=\"key-1\";nonce=\"a\"", "used before"},
		{ALL ";created=1799999700;keyid=\"key-1\";nonce=\"b\"", ""},
		{ALL ";created=1799999699;keyid=\"key-1\";nonce=\"c\"", "older"},
		{ALL ";created=1800000300;keyid=\"key-1\";nonce=\"d\"", ""},
		{ALL ";created=1800000301;keyid=\"key-1\";nonce=\"e\"", "future"},
		{ALL ";created=1799999990;expires=1799999999;keyid=\"key-1\";nonce=\"f\"",
			"expired"},
		{ALL ";created=1799999990;expires=1800000000;keyid=\"key-1\";nonce=\"f\"", ""},
		{ALL ";keyid=\"key-1\";nonce=\"g\"", "created"},
		{ALL ";created=1800000000;nonce=\"g\"", "no key"},
		{ALL ";created=1800000000;keyid=\"key-3\";nonce=\"g\"", "no key"},
		{ALL ";created=1800000000;keyid=\"key-01\";nonce=\"g\"", "no key"},
		{ALL ";created=1800000000;keyid=\"key-2\";nonce=\"g\"", "ended"},
		{ALL ";created=1800000000;keyid=\"key-1\"", "nonce"},
		{"(\"@authority\" \"@path\" \"content-digest\");created=1800000000;keyid=\"key-1\"",
			"must cover @method"},
		{"(\"@method\" \"@path\" \"content-digest\");created=1800000000;keyid=\"key-1\"",
			"must cover @method"},
		{"(\"@method\" \"@authority\" \"content-digest\");created=1800000000;keyid=\"key-"
		 "1\"",
			"must cover @method"},
		{"(\"@method\" \"@authority\" \"@path\");created=1800000000;keyid=\"key-1\"",
			"must cover content-digest"},
		{"no list", "components"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *why = tried(f, rows[i].params);

		if (!strstr(why, rows[i].why) || (*why == 0) != (*rows[i].why == 0))
			fail_msg("row %zu: %s", i, why);
	}
}

static void what_was_changed_underway_is_refused(void **state)
{
	static const char good[] = ALL ";created=1800000000;keyid=\"key-1\";nonce=\"z\"";
	struct fixture *f = *state;
	struct http_request request = request_of(f, good);

	request.path = BYTES_LITERAL("/api/other");
	assert_non_null(strstr(asked(f, &request, true), "does not fit the request"));
	request = request_of(f, good);
	request.body = BYTES_LITERAL("{\"hello\": \"World\"}");
	assert_non_null(strstr(asked(f, &request, true), "content-digest"));
	request = request_of(f, good);
	request.query = BYTES_LITERAL("a=b");
	assert_non_null(strstr(asked(f, &request, true), "@query"));
	/* None of these has used the nonce up. */
	request = request_of(f, good);
	assert_string_equal(asked(f, &request, false), "");
	assert_string_equal(asked(f, &request, false), "");
	assert_string_equal(asked(f, &request, true), "");
}

static void a_revoked_grant_takes_its_keys_along(void **state)
{
	struct fixture *f = *state;

	db_begin(f->desk.writer);
	assert_true(desk_grant_revoke(f->desk.writer, grant, NOW));
	assert_int_equal(db_commit(f->desk.writer), 0);
	assert_non_null(
		strstr(tried(f, ALL ";created=1800000000;keyid=\"key-1\";nonce=\"a\""), "revoked"));
}

static void nonces_are_kept_as_long_as_they_matter(void **state)
{
	struct fixture *f = *state;
	struct db *db = f->desk.writer;

	db_begin(db);
	assert_true(desk_nonce_use(db, 1, BYTES_LITERAL("n"), NOW, NOW + 300));
	assert_true(desk_nonce_use(db, 2, BYTES_LITERAL("n"), NOW, NOW + 300));
	assert_false(desk_nonce_use(db, 1, BYTES_LITERAL("n"), NOW + 300, NOW + 300));
	assert_true(desk_nonce_use(db, 1, BYTES_LITERAL("n"), NOW + 301, NOW + 600));
	assert_int_equal(db_get_int(db, 0, "SELECT count(*) FROM desk_nonces"), 1);
	db_rollback(db);
}

static void keys_in_pem_and_base64(void **state)
{
	static const char b64[] = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
	static const char *const good[] = {"JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n",
		"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/"
		"oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\r\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+\r\n"
		"vFgrIy29clF9CC/oPPsw3c5D0bs=\r\n-----END PUBLIC KEY-----"};
	static const char *const bad[] = {"", "JrQL", "-----BEGIN PUBLIC KEY-----",
		"-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
		"-----BEGIN PRIVATE KEY-----\nMCow\n-----END PRIVATE KEY-----",
		/* X25519 */
		"MCowBQYDK2VuAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="};
	uint8_t key[SIGN_PUBLIC_SIZE];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(public_key_read(&arena, bytes_from_str(good[i]), key, NULL), 0);
		assert_string_equal(text_base64(&arena, bytes_of(key, sizeof(key))), b64);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {0};

		assert_int_equal(public_key_read(&arena, bytes_from_str(bad[i]), key, &err), -1);
		assert_true(err.text[0]);
	}
	assert_int_equal(public_key_number(BYTES_LITERAL("key-12")), 12);
	assert_int_equal(public_key_number(BYTES_LITERAL("key-")), 0);
	assert_int_equal(public_key_number(BYTES_LITERAL("key-1x")), 0);
	assert_int_equal(public_key_number(BYTES_LITERAL("key-1234567890")), 0);
	arena_release(&arena);
}

#define ON_A_DESK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_DESK(each_fault_has_its_reason),
		ON_A_DESK(what_was_changed_underway_is_refused),
		ON_A_DESK(a_revoked_grant_takes_its_keys_along),
		ON_A_DESK(nonces_are_kept_as_long_as_they_matter),
		cmocka_unit_test(keys_in_pem_and_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
