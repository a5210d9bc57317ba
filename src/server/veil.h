/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The veil: for where the protocol is blocked, connections that are told by a secret from all
 * others (section [proxy] of lontar.ini), in fake TLS or obfuscated alone. Whoever does not know a
 * secret is a stranger and sees the masked site, to which a process outside passes him on
 * (fetch/relay.h). Asked by the door; one for all threads.
 */
#ifndef SERVER_VEIL_H
#define SERVER_VEIL_H

#include "net/conn.h"
#include "net/sniff.h"
#include "server/proxy_settings.h"

struct node;
struct veil;

/* relay_fd: where strangers are handed over (fetch/hand_over.h), kept open; -1: nowhere. node with
 * its clock, its kept memory and its certificate must outlive it. NULL when no secret is
 * configured, which veil_judge and veil_secrets take. */
struct veil *veil_new(struct node *node, const struct proxy_settings *settings, int relay_fd);
void veil_free(struct veil *veil);

enum veil_verdict {
	VEIL_NOT,      /* not its matter: go on as if there were none */
	VEIL_MORE,     /* too little to tell */
	VEIL_OURS,     /* fake TLS with a secret: *opening says how to go on */
	VEIL_STRANGER, /* to be given to veil_hand_over */
};

struct veil_opening {
	struct conn_filter *filter;		 /* to be set, with all bytes unread */
	const struct transport_secrets *secrets; /* the one that must be used inside */
};

/* in: the first bytes of a connection, of this family. Once per connection other than MORE: a hello
 * is good for one. */
enum veil_verdict veil_judge(struct veil *veil, const struct conn *conn, enum sniff family,
	struct bytes in, struct veil_opening *opening);
/* After MORE: waits in the owner's stead for as much as a judgement needs, gives the connection
 * back then, or hands it over when it takes too long. Does nothing where strangers are closed. */
void veil_hold(struct veil *veil, struct conn *conn, const struct conn_ops *ops, void *owner);
/* The masked site has it from here, if there is one; the connection is closed here in any case. */
void veil_hand_over(struct veil *veil, struct conn *conn, struct bytes in);
/* For connections that are obfuscated without fake TLS; NULL: without secrets as well. */
const struct transport_secrets *veil_secrets(struct veil *veil, const struct conn *conn);

#endif
