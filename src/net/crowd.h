/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gives way when a loop has too many connections, or holds too much of what they began to say.
 * Private to net; conn.h and loop.h have what owners see of it.
 *
 * A stranger is an accepted connection for which nobody has vouched. When there is no room for a
 * newcomer, the stranger that has been here longest goes: who has business here is known within a
 * few round trips, who only wants to take up room is not. Those vouched for never go.
 *
 * Unfinished input (a frame, a body) is counted, for strangers and for the others apart. When a
 * kind holds its fill, those that would hold more are not read from until others have finished; TCP
 * holds their peers back, nothing is lost. The one that began first may always go on, so that all
 * get on in the end; one that is allowed to and hardly does is cut while others wait.
 */
#ifndef NET_CROWD_H
#define NET_CROWD_H

#include "net/loop.h"
#include "net/tally.h"

struct conn;

enum crowd_kind { CROWD_STRANGERS, CROWD_KNOWN, CROWD_KINDS };

struct crowd_holders {
	struct list conns; /* that hold more than the free share, in order of beginning */
	size_t bytes, waiting;
};

struct crowd {
	struct list strangers; /* the oldest first */
	size_t stranger_count;
	struct loop_room room;
	struct crowd_holders holders[CROWD_KINDS];
	struct tally tally;
	struct timer sweep; /* runs while somebody waits */
	struct loop *loop;
};

/* What a connection has of it. */
struct crowd_member {
	struct list of_strangers, of_holders;
	uint32_t kept;	    /* bytes that the owner keeps of unfinished input */
	uint32_t held;	    /* those, and what is unread */
	uint32_t held_then; /* at the last sweep */
	bool stranger, waits, counted;
};

void crowd_init(struct crowd *crowd, struct loop *loop);
void crowd_release(struct crowd *crowd);
void crowd_member_init(struct crowd_member *member);
/* The connection came to its loop; it leaves. */
void crowd_join(struct conn *conn);
void crowd_leave(struct conn *conn);
/* It is ending: its place counts as free from now on. */
void crowd_forget_stranger(struct conn *conn);
/* It was accepted just now. */
void crowd_add_stranger(struct conn *conn);
/* Is there room for a newcomer? Makes some if strangers are many. */
bool crowd_admit(struct crowd *crowd, size_t conn_count, size_t conns_max);
/* Descriptors have run out. False: there is no stranger to send away. */
bool crowd_make_room(struct crowd *crowd);

/* What is unread or kept has changed. */
void crowd_count(struct conn *conn);
/* How much may be read now; 0: wait (the connection is taken off until there is room). */
size_t crowd_may_read(struct conn *conn);

#endif
