/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that outlives the messenger process but not the installation's run: the supervisor makes
 * it as a file in memory and hands it to every messenger that it starts, and never maps it itself.
 * What a messenger wrote is there for the next one, also after kill -9 at any instant; after a
 * reboot it is gone.
 *
 *   header | id floors, a cache line per network thread | temporary keys | rate buckets | hellos
 *
 * It begins zeroed, and is zeroed when another layout wrote it. Whoever owns an area must bear any
 * word of it half way through a change: data first, then one word that says it is valid, stored
 * with release order. Not in core files, wiped by nobody else, locked in memory as far as allowed.
 */
#ifndef SERVER_KEPT_H
#define SERVER_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* Raise it when the layout of any area changes: what is kept is then forgotten. */
#define KEPT_LAYOUT 1

enum kept_kind {
	KEPT_TEMP_KEYS, /* temp_keys.c */
	KEPT_BUCKETS,	/* rate limits */
	KEPT_HELLOS,	/* mtproto/fake_tls_seen.c */
	KEPT_KINDS
};

struct kept;

/* The supervisor's part: a sealed descriptor of the right size, closed on exec. -1 with *err. */
MUST_CHECK int kept_make(struct err *err);

/* Takes fd over (it is closed). -1, or one that does not fit (log): memory of this process alone.
 */
struct kept *kept_open(int fd);
void kept_close(struct kept *kept); /* NULL is fine */

/* The last msg_id that network thread number `thread` (from 0) issued; 0: none yet. Starts at the
 * greatest of all threads, as the number of threads may have changed. */
uint64_t *kept_id_floor(struct kept *kept, int thread);
/* Aligned to a page. */
void *kept_area(struct kept *kept, enum kept_kind kind, size_t *size);

#endif
