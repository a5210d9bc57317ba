/* SPDX-License-Identifier: Apache-2.0 */
/* TLS as a filter, against libssl's own client: what is agreed on, what is refused, certificates
 * that change, sessions that are taken up again. Bytes go from hand to hand, no sockets. */
#include "cmocka_env.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "net/tls_shared.h"

/* ---- Certificates ---- */

struct pem {
	char text[8192];
};

static void pem_append(struct pem *pem, BIO *bio)
{
	size_t at = strlen(pem->text);
	int size = BIO_read(bio, pem->text + at, (int)(sizeof(pem->text) - at - 1));

	assert_true(size > 0);
	pem->text[at + (size_t)size] = 0;
	BIO_free(bio);
}

/* A self-signed certificate for the name, and its key, one after the other. */
static struct pem make_pem(const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	X509_NAME *subject = X509_get_subject_name(certificate);
	struct pem pem = {{0}};

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME_add_entry_by_txt(
		subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_X509(bio, certificate), 1);
	assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
	pem_append(&pem, bio);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return pem;
}

static struct tls *tls_of(const struct pem *pem)
{
	struct err err;
	struct bytes text = bytes_from_str(pem->text);
	struct tls *tls = tls_new(text, text, &err);

	if (!tls)
		fail_msg("%s", err.text);
	return tls;
}

/* ---- A client, hand in hand with the filter ---- */

struct pair {
	struct conn_filter *server;
	SSL *client;
	SSL_CTX *context;
	BIO *to_client, *from_client;
	struct buf plain; /* what the server read */
	enum conn_filtered state;
	size_t step; /* bytes handed to the server at once; 0: all */
};

static void pair_open(struct pair *pair, struct tls *tls, int version, SSL_SESSION *session)
{
	*pair = (struct pair){.server = tls_filter_new(tls)};
	pair->context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_security_level(pair->context, 0);
	SSL_CTX_set_min_proto_version(pair->context, version);
	SSL_CTX_set_max_proto_version(pair->context, version);
	pair->client = SSL_new(pair->context);
	if (session)
		SSL_set_session(pair->client, session);
	pair->to_client = BIO_new(BIO_s_mem());
	pair->from_client = BIO_new(BIO_s_mem());
	SSL_set_bio(pair->client, pair->to_client, pair->from_client);
	SSL_set_connect_state(pair->client);
}

static void pair_close(struct pair *pair)
{
	pair->server->ops->free(pair->server);
	/* Or libssl holds a session whose connection broke off for spoilt. */
	SSL_set_shutdown(pair->client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(pair->client);
	SSL_CTX_free(pair->context);
	buf_release(&pair->plain);
	ERR_clear_error();
}

static void give_server(struct pair *pair, const uint8_t *data, size_t size)
{
	size_t step = pair->step ? pair->step : size;

	for (size_t at = 0; at < size && pair->state == CONN_FILTERED; at += step) {
		struct buf reply = {0};
		size_t part = size - at < step ? size - at : step;

		pair->state = pair->server->ops->in(
			pair->server, bytes_of(data + at, part), &pair->plain, &reply);
		BIO_write(pair->to_client, buf_data(&reply), (int)buf_size(&reply));
		buf_release(&reply);
	}
}

static void carry(struct pair *pair)
{
	uint8_t data[65536];
	int size;

	while ((size = BIO_read(pair->from_client, data, sizeof(data))) > 0)
		give_server(pair, data, (size_t)size);
}

/* True: both sides are through. */
static bool shake(struct pair *pair)
{
	for (int i = 0; i < 4; i++) {
		if (SSL_do_handshake(pair->client) == 1 && i > 0) {
			carry(pair);
			return pair->state == CONN_FILTERED;
		}
		carry(pair);
	}
	return false;
}

static void assert_talks(struct pair *pair)
{
	struct buf wire = {0};
	char answer[64];

	assert_int_equal(SSL_write(pair->client, "question", 8), 8);
	carry(pair);
	assert_int_equal(buf_size(&pair->plain), 8);
	assert_memory_equal(buf_data(&pair->plain), "question", 8);
	buf_clear(&pair->plain);
	assert_int_equal(
		pair->server->ops->out(pair->server, BYTES_LITERAL("the answer"), &wire), 0);
	BIO_write(pair->to_client, buf_data(&wire), (int)buf_size(&wire));
	assert_int_equal(SSL_read(pair->client, answer, sizeof(answer)), 10);
	assert_memory_equal(answer, "the answer", 10);
	buf_release(&wire);
}

static void assert_name(struct pair *pair, const char *name)
{
	X509 *certificate = SSL_get1_peer_certificate(pair->client);

	assert_int_equal(X509_check_host(certificate, name, 0, 0, NULL), 1);
	X509_free(certificate);
}

/* ---- Cases ---- */

static void both_versions_talk_in_any_pieces(void **state)
{
	static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	static const size_t pieces[] = {0, 1, 7};
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);

	for (size_t i = 0; i < 6; i++) {
		struct pair pair;

		pair_open(&pair, tls, versions[i % 2], NULL);
		pair.step = pieces[i / 2];
		assert_true(shake(&pair));
		assert_talks(&pair);
		assert_name(&pair, "one.example");
		pair_close(&pair);
	}
	tls_free(tls);
}

static void old_versions_are_refused_with_an_alert(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct pair pair;

	pair_open(&pair, tls, TLS1_1_VERSION, NULL);
	assert_false(shake(&pair));
	assert_int_equal(pair.state, CONN_FILTER_BROKEN);
	assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
	pair_close(&pair);
	tls_free(tls);
}

static void ciphers_without_forward_secrecy_are_refused(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct pair pair;

	pair_open(&pair, tls, TLS1_2_VERSION, NULL);
	SSL_set_cipher_list(pair.client, "AES128-SHA:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA");
	assert_false(shake(&pair));
	assert_int_equal(pair.state, CONN_FILTER_BROKEN);
	pair_close(&pair);
	tls_free(tls);
}

static void the_protocol_is_http_1_1(void **state)
{
	static const unsigned char many[] = "\x02h2\x08http/1.1", h2[] = "\x02h2";
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	const unsigned char *chosen;
	unsigned size;
	struct pair pair;

	pair_open(&pair, tls, TLS1_3_VERSION, NULL);
	SSL_set_alpn_protos(pair.client, many, sizeof(many) - 1);
	assert_true(shake(&pair));
	SSL_get0_alpn_selected(pair.client, &chosen, &size);
	assert_int_equal(size, 8);
	assert_memory_equal(chosen, "http/1.1", 8);
	pair_close(&pair);

	pair_open(&pair, tls, TLS1_3_VERSION, NULL);
	SSL_set_alpn_protos(pair.client, h2, sizeof(h2) - 1);
	assert_false(shake(&pair));
	assert_int_equal(pair.state, CONN_FILTER_BROKEN);
	pair_close(&pair);
	tls_free(tls);
}

static void a_session_is_taken_up_again_also_after_a_change(void **state)
{
	static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	struct pem pem = make_pem("one.example"), other = make_pem("two.example");
	struct bytes text = bytes_from_str(other.text);

	for (int i = 0; i < 2; i++) {
		struct tls *tls = tls_of(&pem);
		SSL_SESSION *session;
		struct pair pair;

		pair_open(&pair, tls, versions[i], NULL);
		assert_true(shake(&pair));
		assert_talks(&pair);
		assert_int_equal(SSL_session_reused(pair.client), 0);
		session = SSL_get1_session(pair.client);
		pair_close(&pair);

		assert_int_equal(tls_replace(tls, text, text, NULL), 0);
		pair_open(&pair, tls, versions[i], session);
		assert_true(shake(&pair));
		assert_int_equal(SSL_session_reused(pair.client), 1);
		assert_talks(&pair);
		pair_close(&pair);
		SSL_SESSION_free(session);
		tls_free(tls);
	}
}

static void a_new_certificate_is_for_newcomers(void **state)
{
	struct pem one = make_pem("one.example"), two = make_pem("two.example");
	struct bytes text = bytes_from_str(two.text);
	struct tls *tls = tls_of(&one);
	struct pair inside, newcomer;

	assert_true(tls_has_name(tls, BYTES_LITERAL("ONE.example")));
	pair_open(&inside, tls, TLS1_3_VERSION, NULL);
	assert_true(shake(&inside));
	assert_int_equal(tls_replace(tls, text, text, NULL), 0);
	assert_false(tls_has_name(tls, BYTES_LITERAL("one.example")));
	assert_true(tls_has_name(tls, BYTES_LITERAL("two.example")));
	pair_open(&newcomer, tls, TLS1_3_VERSION, NULL);
	assert_true(shake(&newcomer));
	assert_name(&newcomer, "two.example");
	assert_name(&inside, "one.example");
	assert_talks(&inside);
	assert_true(tls_valid_for_s(tls) > 3500 && tls_valid_for_s(tls) <= 3600);
	pair_close(&inside);
	pair_close(&newcomer);
	tls_free(tls);
}

static void what_is_broken_keeps_the_old_one(void **state)
{
	struct pem one = make_pem("one.example"), two = make_pem("two.example");
	struct bytes ours = bytes_from_str(one.text), others = bytes_from_str(two.text);
	struct bytes half = bytes_of(one.text, 100), junk = BYTES_LITERAL("junk");
	struct tls *tls = tls_of(&one);
	struct err err;
	struct pair pair;

	assert_int_equal(tls_replace(tls, ours, others, &err), -1); /* not its key */
	assert_non_null(strstr(err.text, "not the certificate's"));
	assert_int_equal(tls_replace(tls, half, ours, &err), -1);
	assert_int_equal(tls_replace(tls, junk, ours, &err), -1);
	assert_int_equal(tls_replace(tls, ours, junk, &err), -1);
	assert_int_equal(tls_replace(tls, bytes_of(NULL, 0), ours, &err), -1);
	assert_null(tls_new(junk, junk, &err));
	pair_open(&pair, tls, TLS1_3_VERSION, NULL);
	assert_true(shake(&pair));
	assert_name(&pair, "one.example");
	pair_close(&pair);
	tls_free(tls);
}

static void goes_through_a_file_in_memory(void **state)
{
	struct pem one = make_pem("one.example"), two = make_pem("two.example");
	struct bytes text = bytes_from_str(two.text);
	struct tls *tls = NULL;
	struct err err;
	int fd = tls_shared_make(&err);

	assert_true(fd >= 0);
	assert_int_equal(tls_shared_load(fd, &tls, &err), -1); /* nothing in it yet */
	assert_null(tls);
	assert_int_equal(tls_shared_write(fd, bytes_from_str(one.text), &err), 0);
	assert_int_equal(tls_shared_load(fd, &tls, &err), 0);
	assert_true(tls_has_name(tls, BYTES_LITERAL("one.example")));
	assert_int_equal(tls_shared_write(fd, bytes_of(text.data, text.size / 2), &err), 0);
	assert_int_equal(tls_shared_load(fd, &tls, &err), -1);
	assert_true(tls_has_name(tls, BYTES_LITERAL("one.example")));
	assert_int_equal(tls_shared_write(fd, text, &err), 0);
	assert_int_equal(tls_shared_load(fd, &tls, &err), 0);
	assert_true(tls_has_name(tls, BYTES_LITERAL("two.example")));
	close(fd);
	tls_free(tls);
}

static void nothing_is_said_before_the_handshake(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct conn_filter *filter = tls_filter_new(tls);
	struct buf wire = {0};

	assert_int_equal(filter->ops->out(filter, BYTES_LITERAL("early"), &wire), -1);
	filter->ops->goodbye(filter, &wire);
	assert_int_equal(buf_size(&wire), 0);
	filter->ops->free(filter);
	tls_free(tls);
}

static void both_ends_say_goodbye(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct buf wire = {0};
	struct pair pair;
	char none[1];

	pair_open(&pair, tls, TLS1_3_VERSION, NULL);
	assert_true(shake(&pair));
	pair.server->ops->goodbye(pair.server, &wire);
	BIO_write(pair.to_client, buf_data(&wire), (int)buf_size(&wire));
	assert_int_equal(SSL_read(pair.client, none, 1), 0);
	assert_int_equal(SSL_get_shutdown(pair.client), SSL_RECEIVED_SHUTDOWN);
	SSL_shutdown(pair.client);
	carry(&pair);
	assert_int_equal(pair.state, CONN_FILTER_ENDED);
	buf_release(&wire);
	pair_close(&pair);
	tls_free(tls);
}

static void renegotiation_is_refused(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct pair pair;
	char none[1];

	pair_open(&pair, tls, TLS1_2_VERSION, NULL);
	assert_true(shake(&pair));
	SSL_renegotiate(pair.client);
	SSL_do_handshake(pair.client);
	carry(&pair);
	assert_true(SSL_read(pair.client, none, 1) <= 0);
	assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
	pair_close(&pair);
	tls_free(tls);
}

/* Every byte of a client's first flight changed: an alert or silence, never a crash. */
static void damaged_hellos(void **state)
{
	struct pem pem = make_pem("one.example");
	struct tls *tls = tls_of(&pem);
	struct pair pair;
	uint8_t hello[4096];
	int size;

	pair_open(&pair, tls, TLS1_3_VERSION, NULL);
	SSL_do_handshake(pair.client);
	size = BIO_read(pair.from_client, hello, sizeof(hello));
	pair_close(&pair);
	for (int i = 0; i < size; i++) {
		struct conn_filter *filter = tls_filter_new(tls);
		struct buf plain = {0}, reply = {0};

		hello[i] ^= 0x5a;
		filter->ops->in(filter, bytes_of(hello, (size_t)size), &plain, &reply);
		assert_int_equal(buf_size(&plain), 0);
		hello[i] ^= 0x5a;
		buf_release(&plain);
		buf_release(&reply);
		filter->ops->free(filter);
	}
	tls_free(tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_versions_talk_in_any_pieces),
		cmocka_unit_test(old_versions_are_refused_with_an_alert),
		cmocka_unit_test(ciphers_without_forward_secrecy_are_refused),
		cmocka_unit_test(the_protocol_is_http_1_1),
		cmocka_unit_test(a_session_is_taken_up_again_also_after_a_change),
		cmocka_unit_test(a_new_certificate_is_for_newcomers),
		cmocka_unit_test(what_is_broken_keeps_the_old_one),
		cmocka_unit_test(goes_through_a_file_in_memory),
		cmocka_unit_test(nothing_is_said_before_the_handshake),
		cmocka_unit_test(both_ends_say_goodbye),
		cmocka_unit_test(renegotiation_is_refused),
		cmocka_unit_test(damaged_hellos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
