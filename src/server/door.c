/* SPDX-License-Identifier: Apache-2.0 */
/* From the listener to HTTP or a link, by the first bytes. Reading them is net's: sniff.h,
 * proxy_protocol.h, tls.h. */
#include "server/door.h"

#include "base/log.h"
#include "net/proxy_protocol.h"
#include "net/sniff.h"
#include "server/admit.h"
#include "server/certificate.h"
#include "server/link.h"
#include "server/metrics.h"
#include "server/thread.h"
#include "server/veil.h"

/* The longest that must be seen whole is a ClientHello; the rest is room for what follows it. */
#define DOOR_INPUT_MAX ((size_t)64 << 10)
/* A server's first flight with a long chain. */
#define DOOR_OUTPUT_MAX ((size_t)64 << 10)

static const struct conn_ops first_bytes_ops;

/* ---- TLS ---- */

static size_t tls_begins(struct net_thread *thread, struct conn *conn, struct bytes in)
{
	struct tls *tls = thread->node->tls;

	/* No certificate: there is nothing to say. Inside TLS nobody begins it again. */
	if (!tls || conn_filter(conn) || !admit_tls(thread, conn_peer(conn))) {
		conn_close(conn);
		return in.size;
	}
	metric_add(METRIC_TLS, 1);
	conn_set_filter(conn, tls_filter_new(tls));
	return 0;
}

/* ---- First bytes ---- */

static void leave(struct net_thread *thread, struct conn *conn)
{
	conn_set_unfinished(conn, false);
	conn_set_limits(conn, &thread->node->conn_limits);
}

/* What the veil leaves is spoken openly. */
static size_t open_bytes(
	struct net_thread *thread, struct conn *conn, enum sniff family, struct bytes in)
{
	switch (family) {
	case SNIFF_MORE:
		break;
	case SNIFF_TLS:
		return tls_begins(thread, conn, in);
	case SNIFF_HTTP:
		leave(thread, conn);
		http_server_adopt(&thread->node->http, conn);
		break;
	case SNIFF_OTHER:
		leave(thread, conn);
		link_open_tcp(thread, conn, veil_secrets(thread->node->veil, conn));
		break;
	}
	return 0;
}

static size_t first_bytes(struct conn *conn, struct bytes in)
{
	struct net_thread *thread = conn_owner(conn);
	struct veil *veil = thread->node->veil;
	enum sniff family = sniff_first_bytes(in);
	struct veil_opening opening;

	switch (veil_judge(veil, conn, family, in, &opening)) {
	case VEIL_NOT:
		return open_bytes(thread, conn, family, in);
	case VEIL_MORE:
		veil_hold(veil, conn, &first_bytes_ops, thread);
		break;
	case VEIL_OURS:
		leave(thread, conn);
		conn_set_filter(conn, opening.filter);
		link_open_tcp(thread, conn, opening.secrets);
		break;
	case VEIL_STRANGER:
		veil_hand_over(veil, conn, in);
		return in.size;
	}
	return 0;
}

/* ---- PROXY ---- */

/* What connects from this very machine may stand for many: a proxy without that header. */
static void count_address(struct conn *conn)
{
	if (!address_is_localhost(conn_peer(conn)) && !conn_count_address(conn))
		conn_close(conn);
}

static size_t proxy_header(struct conn *conn, struct bytes in)
{
	struct net_thread *thread = conn_owner(conn);
	struct proxy_header header;

	switch (proxy_header_read(in, &header)) {
	case PROXY_MORE:
		return 0;
	case PROXY_READ:
		if (header.has_source) {
			conn_set_peer(conn, &header.source);
			count_address(conn);
		}
		conn_set_owner(conn, &first_bytes_ops, thread);
		return header.size;
	case PROXY_BAD:
		break;
	}
	/* It is the operator's mistake: whoever guessed would believe a client that says PROXY. */
	log_warn("proxy_header_missing", "a trusted proxy sent no PROXY header");
	conn_close(conn);
	return in.size;
}

/* ---- Life ---- */

static void door_opened(struct conn *conn);

static void door_closed(struct conn *conn, enum conn_reason reason)
{
	if (reason == CONN_UNFINISHED || reason == CONN_NO_FIRST_BYTE)
		metric_add(METRIC_DOOR_TIMEOUTS, 1);
}

const struct conn_ops door_ops = {
	.on_open = door_opened, .on_data = first_bytes, .on_close = door_closed};
static const struct conn_ops first_bytes_ops = {.on_data = first_bytes, .on_close = door_closed};
static const struct conn_ops proxy_ops = {.on_data = proxy_header, .on_close = door_closed};

static void door_opened(struct conn *conn)
{
	struct net_thread *thread = conn_owner(conn);

	conn_set_unfinished(conn, true);
	if (address_in_ranges(conn_peer(conn), &thread->node->trusted_proxies))
		conn_set_owner(conn, &proxy_ops, thread);
	else
		count_address(conn);
}

int door_open(struct node *node, struct err *err)
{
	const struct settings *settings = &node->in.settings;

	node->conn_limits = conn_limits_default;
	node->conn_limits.unit_ms = (uint32_t)settings->frame_s * 1000;
	node->conn_limits.unit_rate = (uint32_t)settings->frame_rate;
	node->door_limits = (struct conn_limits){
		.input_max = DOOR_INPUT_MAX,
		.output_max = DOOR_OUTPUT_MAX,
		.stall_ms = (uint32_t)settings->hello_s * 1000,
		.unit_ms = (uint32_t)settings->hello_s * 1000,
	};
	if (address_ranges_parse(&node->trusted_proxies, settings->trusted_proxies, err) < 0)
		return -1;
	if (node->tls_fd >= 0)
		return tls_shared_load(node->tls_fd, &node->tls, err);
	return certificate_is_configured(&node->in) ? certificate_load(&node->in, &node->tls, err)
						    : 0;
}

void door_close(struct node *node)
{
	tls_free(node->tls);
}

void door_reload(struct node *node)
{
	struct err err;
	int rc;

	if (!node->tls)
		return;
	rc = node->tls_fd >= 0 ? tls_shared_load(node->tls_fd, &node->tls, &err)
			       : certificate_load(&node->in, &node->tls, &err);
	if (rc < 0)
		log_error("certificate_kept", "the old certificate stays: %s", err.text);
	else
		log_info("certificate_taken", "new handshakes use it");
}
