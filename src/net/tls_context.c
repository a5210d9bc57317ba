/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all TLS connections share: the certificate, what is offered to clients, and the keys of
 * session tickets, which are made anew every few hours so that none of them opens old traffic.
 */
#include "net/tls_context.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

/* A ticket is good for as long as its key is the current one or the one before. */
#define TICKET_KEY_LIFE_S (6 * 3600)
#define TICKET_KEYS 2
#define CHAIN_MAX 8
#define PEM_MAX ((size_t)1 << 20)

/* Forward secret and authenticated, all of them; the suites of TLS 1.3 are so by themselves. */
#define TLS12_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS "X25519:P-256:P-384"

struct ticket_key {
	unsigned char name[16];
	unsigned char cipher[32];
	unsigned char mac[32];
	int64_t made_at_s; /* 0: none */
};

struct tls {
	pthread_mutex_t lock;
	SSL_CTX *context; /* replaced as a whole; each connection holds a reference */
	struct ticket_key tickets[TICKET_KEYS]; /* the current one first */
};

int tls_error(struct err *err, const char *what)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_reason_error_string(code);

	ERR_clear_error();
	return err_set(err, 0, "%s: %s", what, reason ? reason : "unusable");
}

/* ---- Session tickets ---- */

static int64_t now_s(void)
{
	return clock_monotonic_us(&clock_system) / 1000000 + 1;
}

static bool ticket_key_make(struct ticket_key *key)
{
	key->made_at_s = now_s();
	return RAND_bytes(key->name, sizeof(key->name)) == 1 &&
	       RAND_priv_bytes(key->cipher, sizeof(key->cipher)) == 1 &&
	       RAND_priv_bytes(key->mac, sizeof(key->mac)) == 1;
}

/* A copy of the current key; false if there is no randomness. */
static bool ticket_key_now(struct tls *tls, struct ticket_key *out)
{
	struct ticket_key *keys = tls->tickets;
	bool ok = true;

	pthread_mutex_lock(&tls->lock);
	if (!keys[0].made_at_s || now_s() - keys[0].made_at_s >= TICKET_KEY_LIFE_S) {
		OPENSSL_cleanse(&keys[1], sizeof(keys[1]));
		/* One that nobody used for two lives is of no use to anybody. */
		if (now_s() - keys[0].made_at_s < 2 * TICKET_KEY_LIFE_S)
			keys[1] = keys[0];
		ok = ticket_key_make(&keys[0]);
	}
	*out = keys[0];
	pthread_mutex_unlock(&tls->lock);
	return ok;
}

/* 1: the current one, 2: the one before, 0: no such key. */
static int ticket_key_named(struct tls *tls, const unsigned char *name, struct ticket_key *out)
{
	int found = 0;

	if (!ticket_key_now(tls, out)) /* also retires what is too old */
		return 0;
	pthread_mutex_lock(&tls->lock);
	for (int i = 0; i < TICKET_KEYS && !found; i++) {
		if (tls->tickets[i].made_at_s &&
			memcmp(tls->tickets[i].name, name, sizeof(out->name)) == 0) {
			*out = tls->tickets[i];
			found = i + 1;
		}
	}
	pthread_mutex_unlock(&tls->lock);
	return found;
}

static bool ticket_prepare(struct ticket_key *key, unsigned char *iv, EVP_CIPHER_CTX *cipher,
	EVP_MAC_CTX *mac, int encrypt)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof(key->mac)),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end()};

	return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv, encrypt) == 1 &&
	       EVP_MAC_CTX_set_params(mac, params) == 1;
}

/* As SSL_CTX_set_tlsext_ticket_key_evp_cb() asks: below 0 fails the handshake, 0 does without a
 * ticket, 2 uses it and gives a new one. */
static int ticket_callback(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
	EVP_MAC_CTX *mac, int encrypt)
{
	struct tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	struct ticket_key key;
	int result;

	if (encrypt) {
		result = ticket_key_now(tls, &key) &&
					 RAND_bytes(iv,
						 EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1
				 ? 1
				 : -1;
		if (result == 1)
			memcpy(name, key.name, sizeof(key.name));
	} else {
		result = ticket_key_named(tls, name, &key);
	}
	if (result > 0 && !ticket_prepare(&key, iv, cipher, mac, encrypt))
		result = -1;
	OPENSSL_cleanse(&key, sizeof(key));
	return result;
}

/* ---- Certificate and policy ---- */

static int no_password(char *out, int size, int writing, void *user)
{
	return -1;
}

static BIO *text_open(struct bytes text)
{
	return text.size && text.size <= PEM_MAX ? BIO_new_mem_buf(text.data, (int)text.size)
						 : NULL;
}

static int use_chain(SSL_CTX *context, struct bytes text, struct err *err)
{
	BIO *bio = text_open(text);
	int count = 0, rc = 0;
	X509 *certificate;

	/* Ends at the first block that is none: the end of the text, for which no error stays. */
	while (bio && rc == 0 && count <= CHAIN_MAX &&
		(certificate = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL) {
		bool used = count++ == 0 ? SSL_CTX_use_certificate(context, certificate) == 1
					 : SSL_CTX_add1_chain_cert(context, certificate) == 1;

		if (!used)
			rc = tls_error(err, "the certificate");
		X509_free(certificate);
	}
	BIO_free(bio);
	if (rc == 0 && count == 0)
		return tls_error(err, "no certificate in PEM form");
	if (rc == 0 && count > CHAIN_MAX)
		return err_set(err, 0, "more than %d certificates in the chain", CHAIN_MAX);
	ERR_clear_error();
	return rc;
}

static int use_key(SSL_CTX *context, struct bytes text, struct err *err)
{
	BIO *bio = text_open(text);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
	int rc = 0;

	if (!key)
		rc = tls_error(err, "no usable private key in PEM form");
	else if (SSL_CTX_use_PrivateKey(context, key) != 1 ||
		 SSL_CTX_check_private_key(context) != 1)
		rc = tls_error(err, "the private key is not the certificate's");
	EVP_PKEY_free(key);
	BIO_free(bio);
	return rc;
}

/* Browsers offer h2 as well, we choose; a client that can do nothing but other protocols is told.
 */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_size,
	const unsigned char *in, unsigned int in_size, void *user)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	if (SSL_select_next_proto(&chosen, out_size, ours, sizeof(ours) - 1, in, in_size) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static bool set_policy(SSL_CTX *context, struct tls *tls)
{
	static const unsigned char id[] = "lontar";

	SSL_CTX_set_app_data(context, tls);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					     SSL_OP_CIPHER_SERVER_PREFERENCE |
					     SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	/* Tickets carry the sessions: nothing is kept here. */
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(context, TICKET_KEY_LIFE_S);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticket_callback);
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, TLS12_CIPHERS) == 1 &&
	       SSL_CTX_set1_groups_list(context, GROUPS) == 1 &&
	       SSL_CTX_set_session_id_context(context, id, sizeof(id) - 1) == 1;
}

static SSL_CTX *context_new(
	struct tls *tls, struct bytes certificate, struct bytes key, struct err *err)
{
	SSL_CTX *context;

	ERR_clear_error();
	context = SSL_CTX_new(TLS_server_method());
	if (!context || !set_policy(context, tls))
		tls_error(err, "libssl");
	else if (use_chain(context, certificate, err) == 0 && use_key(context, key, err) == 0)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

struct tls *tls_new(struct bytes certificate, struct bytes key, struct err *err)
{
	struct tls *tls = MEM_NEW(struct tls);

	pthread_mutex_init(&tls->lock, NULL);
	tls->context = context_new(tls, certificate, key, err);
	if (tls->context)
		return tls;
	tls_free(tls);
	return NULL;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->context);
	pthread_mutex_destroy(&tls->lock);
	OPENSSL_cleanse(tls, sizeof(*tls));
	free(tls);
}

int tls_replace(struct tls *tls, struct bytes certificate, struct bytes key, struct err *err)
{
	SSL_CTX *old, *fresh = context_new(tls, certificate, key, err);

	if (!fresh)
		return -1;
	pthread_mutex_lock(&tls->lock);
	old = tls->context;
	tls->context = fresh;
	pthread_mutex_unlock(&tls->lock);
	SSL_CTX_free(old);
	return 0;
}

/* Of the caller, to be given back with SSL_CTX_free(). */
static SSL_CTX *context_now(struct tls *tls)
{
	SSL_CTX *context;

	pthread_mutex_lock(&tls->lock);
	context = tls->context;
	SSL_CTX_up_ref(context);
	pthread_mutex_unlock(&tls->lock);
	return context;
}

int64_t tls_valid_for_s(struct tls *tls)
{
	SSL_CTX *context = context_now(tls);
	int days = 0, seconds = 0;

	if (ASN1_TIME_diff(&days, &seconds, NULL,
		    X509_get0_notAfter(SSL_CTX_get0_certificate(context))) != 1)
		days = seconds = -1;
	SSL_CTX_free(context);
	return (int64_t)days * 86400 + seconds;
}

bool tls_has_name(struct tls *tls, struct bytes name)
{
	SSL_CTX *context = context_now(tls);
	X509 *certificate = SSL_CTX_get0_certificate(context);
	bool fits = name.size &&
		    X509_check_host(certificate, (const char *)name.data, name.size, 0, NULL) == 1;

	SSL_CTX_free(context);
	return fits;
}

SSL *tls_connection_new(struct tls *tls)
{
	SSL_CTX *context = context_now(tls);
	SSL *ssl = SSL_new(context);

	SSL_CTX_free(context);
	if (!ssl)
		abort(); /* as everywhere when memory ends */
	SSL_set_accept_state(ssl);
	return ssl;
}
