/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to transport_*.c: the obfuscation of a connection. Both sides take their AES-CTR keys
 * from the client's 64 random bytes; the other direction uses the same bytes in reverse order. With
 * a secret each key is SHA-256 over those 32 bytes and the secret (T4).
 *
 *   0 random 8 | key 32 | iv 16 | 56 tag 4 | dc 2 | random 2 64     bytes 56.. are sent encrypted
 */
#ifndef MTPROTO_TRANSPORT_CRYPT_H
#define MTPROTO_TRANSPORT_CRYPT_H

#include "mtproto/transport.h"

#define OBFUSCATION_HEADER TRANSPORT_OBFUSCATION_SIZE

/* header: as it came; on return its last 8 bytes are decrypted. secret: TRANSPORT_SECRET_SIZE
 * bytes, or NULL. */
struct transport_crypt *transport_crypt_new_server(
	uint8_t header[OBFUSCATION_HEADER], const uint8_t *secret);
/* Makes a header with this tag and dc; on return header is what goes on the wire. */
struct transport_crypt *transport_crypt_new_client(uint32_t tag, int16_t dc, const uint8_t *secret,
	const struct random *random, uint8_t header[OBFUSCATION_HEADER]);
void transport_crypt_free(struct transport_crypt *crypt); /* NULL is fine */

void transport_crypt_in(
	struct transport_crypt *crypt, const uint8_t *from, uint8_t *to, size_t size);
void transport_crypt_out(struct transport_crypt *crypt, uint8_t *data, size_t size);

/* TRANSPORT_UNDETECTED for a word that is no tag. */
enum transport_kind transport_kind_of_tag(uint32_t word);
uint32_t transport_tag_of_kind(enum transport_kind kind);

#endif
