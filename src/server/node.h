/* SPDX-License-Identifier: Apache-2.0 */
/* The messenger process: what its threads share. Filled at start, read-only while the threads run.
 */
#ifndef SERVER_NODE_H
#define SERVER_NODE_H

#include <stdatomic.h>

#include "bus/bus.h"
#include "cage/starter.h"
#include "core/call.h"
#include "mtproto/handshake.h"
#include "net/http_server.h"
#include "net/listener.h"
#include "server/buckets.h"
#include "server/installation.h"
#include "server/kept.h"
#include "server/languages.h"
#include "server/presence.h"
#include "server/proxy_settings.h"
#include "server/public_addresses.h"
#include "server/temp_keys.h"
#include "server/upkeep.h"
#include "store/executor.h"

struct net_thread;
struct gateway;
struct veil;
struct geoip;
struct bot;
struct tls;

struct node {
	struct installation in;
	struct store_paths paths;
	struct keeper_client *keeper; /* the vault's */
	bool sealed;		      /* there is no vault, no store and nothing above: sealed.h */
	struct vault *vault;
	atomic_bool turned; /* the home has a newer root than the vault: this process is to end */
	struct rsa_key *rsa;
	struct handshake_keys handshake_keys;
	struct handshakes *handshakes; /* the runs under way */
	struct key_pairs *key_pairs;
	struct key_work *key_work;
	struct kept *kept; /* outlives the process */
	struct temp_keys *temp_keys;
	struct presence *presence;
	struct post_views *views;
	struct core_env env;
	struct executor *writer, *readers;
	struct bus *bus;
	struct bot *bot;
	struct gateway *gateway; /* NULL: no way out for codes is configured */
	struct starter gateway_starter;
	struct http_server http, metrics_http; /* on the messenger's port; on loopback */
	struct tls *tls;		       /* NULL: no certificate is configured */
	struct veil *veil;		       /* NULL: no secret is configured */
	struct geoip *geoip;		       /* NULL: none is configured */
	struct proxy_settings proxy;
	struct public_addresses addresses;
	struct languages languages; /* in language_texts */
	struct arena language_texts;
	int tls_fd; /* where it comes from (net/tls_shared.h), or -1: from its files */
	struct address_ranges trusted_proxies;
	struct conn_limits door_limits, conn_limits; /* until it is known what it speaks; then */
	struct listener *metrics_listener;	     /* on the first thread's loop, or NULL */
	struct net_thread *threads[NET_THREADS_MAX];
	int thread_count;
	struct buckets buckets; /* what accounts, keys and addresses may still cost */
	struct upkeep upkeep;
	uint16_t port;
	/* Set when the network threads have ended: what is still posted may finish, but nothing new
	 * begins, as the executors are gone. */
	bool stopping;
};

/* After a commit: prints codes or hands them to the gateway, notes who is online, and hands the
 * effects to every network thread. Any thread. Takes the reference. */
void node_publish(struct node *node, struct effects *effects);
/* The thread that serves an authorization key. */
struct net_thread *node_thread_of_key(struct node *node, uint64_t key_id);
/* A fresh call of nobody, for work that the server itself does. The caller sets arena and effects.
 */
struct call node_call(struct node *node, struct store *store);

#endif
