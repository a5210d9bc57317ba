/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What looks like TLS 1.3 and is obfuscated MTProto (links whose secret begins with "ee"): telling
 * such a ClientHello from a real one, answering it, and the records afterwards. Pure functions over
 * bytes; nothing is encrypted here, that is the transport's inside.
 *
 *   client  ClientHello: its random is HMAC-SHA256 under the secret of the whole record with the
 *           random zeroed; the last 4 bytes of it are XORed with the Unix time, little-endian
 *   server  ServerHello, ChangeCipherSpec, one record of application data (as a real one would hold
 *           the certificate): the random is HMAC-SHA256 of the client's random and all of that
 *   both    a ChangeCipherSpec (client), then application data records with the obfuscated stream
 *
 * Whatever is not such a hello must be treated as the real site treats it (T7).
 */
#ifndef MTPROTO_FAKE_TLS_H
#define MTPROTO_FAKE_TLS_H

#include "base/buf.h"
#include "base/random.h"
#include "mtproto/transport.h"

#define FAKE_TLS_RANDOM_AT 11 /* record header, message header, version */
#define FAKE_TLS_DIGEST_SIZE 32
/* A client's clock may differ from ours by so much, either way. Clients that were connected before
 * know our time; the others have the time of their device. */
#define FAKE_TLS_SKEW_S 600
/* The hello of today's clients has 517 to 2100 bytes; the largest record has 16 KiB. */
#define FAKE_TLS_HELLO_MAX 4096

/* Of a hello that was made with a secret. */
struct fake_tls_hello {
	const struct transport_secret *secret;
	uint8_t random[FAKE_TLS_DIGEST_SIZE]; /* as sent: unique, what replays are told by */
	uint8_t session_id[32];
	uint8_t session_id_size;
	uint16_t cipher; /* the first of its TLS 1.3 suites */
	int64_t time_s;	 /* when it says that it was made */
};

/* record: one whole record, header included. false: not made with any of the secrets, not within
 * FAKE_TLS_SKEW_S of now, or not TLS 1.3. Takes the same time whichever secret fits. */
bool fake_tls_hello_read(struct bytes record, const struct transport_secrets *secrets,
	int64_t now_s, struct fake_tls_hello *out);
/* Appends the answer. flight: size of the record that stands for the certificate, which a site has
 * the same each time but for the length of a signature; a few bytes are added at random. */
void fake_tls_answer(const struct fake_tls_hello *hello, size_t flight, const struct random *random,
	struct buf *out);

/* The records after the hellos, in one direction; zeroed at first. Holds no buffer. */
struct fake_tls_reader {
	uint8_t head[5], have;
	uint16_t left; /* of the record that is being read */
	uint8_t changes;
};

enum fake_tls_result {
	FAKE_TLS_READ,
	FAKE_TLS_ENDED, /* an alert: nothing follows */
	FAKE_TLS_BAD,
};

/* Takes all of wire; appends what the application data records hold. */
enum fake_tls_result fake_tls_read(
	struct fake_tls_reader *reader, struct bytes wire, struct buf *plain);
void fake_tls_write(struct bytes plain, struct buf *wire);

#endif
