/* SPDX-License-Identifier: Apache-2.0 */
/* Private to link*.c: what a link is made of. */
#ifndef SERVER_LINK_PRIVATE_H
#define SERVER_LINK_PRIVATE_H

#include "server/link.h"

struct link_websocket;
struct link_http;

struct link {
	struct conn *conn; /* NULL once closed, and over HTTP */
	struct net_thread *thread;
	struct net_thread *move_to; /* where its key is served, when not here */
	struct address peer;
	struct mtproto_conn mtproto;
	struct link_websocket *websocket; /* NULL: not inside one */
	struct link_http *http;		  /* NULL: not an exchange */
	int references;			  /* the connection, and jobs that come back to it */
};

/* link.c */
struct link *link_new(struct net_thread *thread, const struct address *peer);
void link_let_go(struct link *link);
/* Somebody can still hear what it says. */
bool link_is_open(const struct link *link);
/* After packets were taken: leave for another thread, or see that answers go out. */
void link_settle(struct link *link);

/* link_http.c */
bool link_http_is_open(const struct link_http *http);
/* Answers with the packet that was made, or with the status of an error. */
void link_http_output(struct link *link);
/* Answers with a status, if nothing was answered yet. */
void link_http_close(struct link *link);
void link_http_free(struct link_http *http);
/* After packets were taken: is there anything to wait for? */
void link_http_settle(struct link *link);

#endif
