/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 9421: the example of its appendix B.2.6 verifies; what is not as it must be is refused. */
#include "../unit.h"

#include "base/text.h"
#include "desk/lanes/http_signature.h"

#define EXAMPLE_INPUT                                                                              \
	"sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "                 \
	"\"content-length\");created=1618884473;keyid=\"test-key-ed25519\""
#define EXAMPLE_SIGNATURE                                                                          \
	"sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5W" \
	"PpBKRCw==:"
#define EXAMPLE_KEY "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="

static struct http_header headers[8];

static struct http_request example(void)
{
	static const char *const pairs[][2] = {
		{"Host", "example.com"},
		{"Date", "Tue, 20 Apr 2021 02:07:55 GMT"},
		{"Content-Type", "application/json"},
		{"Content-Digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"},
		{"Content-Length", "18"},
		{"Signature-Input", EXAMPLE_INPUT},
		{"Signature", EXAMPLE_SIGNATURE},
	};

	for (size_t i = 0; i < 7; i++)
		headers[i] = (struct http_header){
			bytes_from_str(pairs[i][0]), bytes_from_str(pairs[i][1])};
	return (struct http_request){.method = HTTP_POST,
		.path = BYTES_LITERAL("/foo"),
		.query = BYTES_LITERAL("param=Value&Pet=dog"),
		.headers = headers,
		.header_count = 7,
		.body = BYTES_LITERAL("{\"hello\": \"world\"}")};
}

static int read_input(struct arena *arena, const char *input, struct http_signature *out)
{
	struct http_request request = example();
	const char *why = NULL;
	int rc;

	headers[5].value = bytes_from_str(input);
	rc = http_signature_read(arena, &request, out, &why);
	assert_true(rc == 0 || why);
	return rc;
}

static bool verifies(struct arena *arena, const struct http_signature *signature)
{
	struct bytes key;

	assert_int_equal(text_unbase64(arena, bytes_from_str(EXAMPLE_KEY), &key), 0);
	return sign_verify(key.data, signature->base, signature->signature);
}

static void the_example_of_the_rfc(void **state)
{
	struct http_request request = example();
	struct http_signature signature;
	const char *why = NULL;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(http_signature_is_there(&request));
	assert_int_equal(http_signature_read(&arena, &request, &signature, &why), 0);
	assert_true(bytes_equal_str(signature.key_id, "test-key-ed25519"));
	assert_int_equal(signature.created, 1618884473);
	assert_null(signature.nonce.data);
	assert_true(http_signature_covers(&signature, "@path"));
	assert_false(http_signature_covers(&signature, "@query"));
	assert_true(verifies(&arena, &signature));
	assert_true(http_digest_fits(&arena, &request));

	request.method = HTTP_PUT;
	assert_int_equal(http_signature_read(&arena, &request, &signature, &why), 0);
	assert_false(verifies(&arena, &signature));
	arena_release(&arena);
}

static void what_is_covered_is_signed(void **state)
{
	static const char base[] = "\"@query\": ?param=Value&Pet=dog\n"
				   "\"x-twice\": one, two\n"
				   "\"@signature-params\": (\"@query\" \"x-twice\");nonce=\"n1\"";
	struct http_request request = example();
	struct http_signature signature;
	const char *why = NULL;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	headers[1] = (struct http_header){BYTES_LITERAL("X-Twice"), BYTES_LITERAL(" one ")};
	headers[2] = (struct http_header){BYTES_LITERAL("x-TWICE"), BYTES_LITERAL("two")};
	headers[5].value = BYTES_LITERAL("sig-b26=(\"@query\" \"x-twice\");nonce=\"n1\"");
	assert_int_equal(http_signature_read(&arena, &request, &signature, &why), 0);
	assert_true(bytes_equal_str(signature.base, base));
	arena_release(&arena);
}

static void all_else_is_refused(void **state)
{
	static const char *const inputs[] = {"", "sig-b26", "sig-b26=", "sig-b26=(", "sig-b26=()x",
		"other=(\"@method\")", "sig-b26=(\"@method\" \"@method\")",
		"sig-b26=(\"@method\"  \"@path\")", "sig-b26=(\"@nothing\")",
		"sig-b26=(\"x-absent\")", "sig-b26=(\"@method\";req)", "sig-b26=(\"a\\\"b\")",
		"sig-b26=(\"@method\");created=0", "sig-b26=(\"@method\");created=-1",
		"sig-b26=(\"@method\");created=999999999999",
		"sig-b26=(\"@method\");created=5;created=5",
		"sig-b26=(\"@method\");alg=\"hmac-sha256\"", "sig-b26=(\"@method\");keyid=\"\"",
		"sig-b26=(\"@method\");keyid=\"a\";keyid=\"b\"",
		"sig-b26=(\"@method\"), second=(\"@path\")", "sig-b26=(\"@method\");tag=\"x\"",
		"SIG=(\"@method\")"};
	struct http_signature signature;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		if (read_input(&arena, inputs[i], &signature) == 0)
			fail_msg("taken: %s", inputs[i]);
	}
	assert_int_equal(read_input(&arena, "sig-b26=()", &signature), 0);
	arena_release(&arena);
}

static void signatures_and_digests_that_are_none(void **state)
{
	static const char *const signatures[] = {"", "sig-b26=", "sig-b26=:", "sig-b26=::",
		"sig-b26=:AAAA:", "other=:wqcA:", EXAMPLE_SIGNATURE ",",
		EXAMPLE_SIGNATURE ", b=:AA=:"};
	static const char *const digests[] = {"", "sha-256=", "sha-256=::", "sha-512=:AAAA:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPA=:",
		"sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=: "};
	struct http_request request = example();
	struct http_signature signature;
	const char *why = NULL;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		headers[6].value = bytes_from_str(signatures[i]);
		assert_int_equal(http_signature_read(&arena, &request, &signature, &why), -1);
	}
	for (size_t i = 0; i < ARRAY_LEN(digests); i++) {
		headers[3].value = bytes_from_str(digests[i]);
		assert_false(http_digest_fits(&arena, &request));
	}
	request.path = BYTES_LITERAL("/a b");
	headers[6].value = bytes_from_str(EXAMPLE_SIGNATURE);
	assert_int_equal(http_signature_read(&arena, &request, &signature, &why), -1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_rfc),
		cmocka_unit_test(what_is_covered_is_signed),
		cmocka_unit_test(all_else_is_refused),
		cmocka_unit_test(signatures_and_digests_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
