/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hellos of fake TLS that were answered already. Who copies one off the wire and sends it again
 * must get what a stranger gets. The time in a hello does not bound for how long: it is not under
 * the digest, so whoever sends one again can move it. Hence the last ones are remembered, however
 * old. Only hellos that were made with a secret come in here: strangers can't push others out. One
 * for all threads.
 */
#ifndef MTPROTO_FAKE_TLS_SEEN_H
#define MTPROTO_FAKE_TLS_SEEN_H

#include "mtproto/fake_tls.h"

struct fake_tls_seen;

/* Works on the caller's memory, zeroed at first, which may outlive the process: whatever it holds
 * is borne. 8 bytes a hello; size is at least 4 KiB. */
struct fake_tls_seen *fake_tls_seen_new(void *memory, size_t size);
void fake_tls_seen_free(struct fake_tls_seen *seen); /* NULL is fine */
/* True once per hello. Thread-safe. */
bool fake_tls_seen_first(struct fake_tls_seen *seen, const struct fake_tls_hello *hello);

#endif
