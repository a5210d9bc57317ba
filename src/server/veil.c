/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging first bytes, fake TLS as a connection's filter, and holding connections that have said
 * too little. What fake TLS is made of is in mtproto/fake_tls.h.
 */
#include "server/veil.h"

#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "fetch/hand_over.h"
#include "mtproto/fake_tls_seen.h"
#include "net/client_hello.h"
#include "net/tls.h"
#include "server/metrics.h"
#include "server/node.h"

/* A hello comes in two packets at most; a site's own patience begins when it has the connection. */
#define HOLD_MS 2000
/* The record that stands for a certificate: what sites have, from one short chain to two. */
#define FLIGHT_MIN 2100
#define FLIGHT_RANGE 2500

struct veil {
	struct node *node;
	const struct proxy_settings *settings;
	int relay_fd;
	size_t flight;
	struct fake_tls_seen *seen;
	/* Inside fake TLS any of them; afterwards exactly the one that the hello was made with. */
	struct transport_secret inside[PROXY_SECRETS_MAX];
	struct transport_secrets inside_all, inside_one[PROXY_SECRETS_MAX];
	/* Without it those not marked ee; beside clients without a secret, or only. */
	struct transport_secret open[PROXY_SECRETS_MAX];
	struct transport_secrets open_too, open_only;
};

/* ---- Life ---- */

/* Sites send the same certificate to everybody, so its size must not change with each connection,
 * nor be the same for all who run Lontar. */
static size_t flight_of(const struct proxy_settings *settings)
{
	uint8_t digest[HASH_SHA256_SIZE];

	hash_hmac_sha256(bytes_of(settings->secrets[0].bytes, TRANSPORT_SECRET_SIZE),
		bytes_from_str(settings->site), digest);
	return FLIGHT_MIN + load_u32le(digest) % FLIGHT_RANGE;
}

static void sort_secrets(struct veil *veil)
{
	const struct proxy_settings *settings = veil->settings;
	size_t open = 0;

	for (size_t i = 0; i < settings->count; i++) {
		veil->inside[i] = settings->secrets[i];
		veil->inside[i].padded = true;
		veil->inside_one[i] = (struct transport_secrets){&veil->inside[i], 1, true};
		if (!settings->tls_only[i])
			veil->open[open++] = settings->secrets[i];
	}
	veil->inside_all = (struct transport_secrets){veil->inside, settings->count, true};
	veil->open_too = (struct transport_secrets){veil->open, open, false};
	veil->open_only = (struct transport_secrets){veil->open, open, true};
}

struct veil *veil_new(struct node *node, const struct proxy_settings *settings, int relay_fd)
{
	struct veil *veil;
	size_t size;
	void *memory;

	if (settings->count == 0)
		return NULL;
	veil = MEM_NEW(struct veil);
	veil->node = node;
	veil->settings = settings;
	veil->relay_fd = relay_fd;
	veil->flight = flight_of(settings);
	memory = kept_area(node->kept, KEPT_HELLOS, &size);
	veil->seen = fake_tls_seen_new(memory, size);
	sort_secrets(veil);
	if (settings->site[0] && relay_fd < 0)
		log_warn("no_relay", "strangers are closed, not passed on to the masked site");
	return veil;
}

void veil_free(struct veil *veil)
{
	if (!veil)
		return;
	fake_tls_seen_free(veil->seen);
	bytes_wipe(veil, sizeof(*veil));
	free(veil);
}

/* ---- Fake TLS as a filter ---- */

struct fake_tls_filter {
	struct conn_filter filter;
	struct fake_tls_hello hello;
	size_t skip, flight; /* bytes of the client's hello; size of our certificate */
	struct fake_tls_reader reader;
};

static enum conn_filtered filter_in(
	struct conn_filter *filter, struct bytes wire, struct buf *plain, struct buf *reply)
{
	struct fake_tls_filter *f = LIST_OWNER(filter, struct fake_tls_filter, filter);

	if (f->skip > 0) { /* all of it was there when it was judged, so all of it comes now */
		wire = bytes_of(wire.data + f->skip, wire.size - f->skip);
		f->skip = 0;
		fake_tls_answer(&f->hello, f->flight, &random_system, reply);
	}
	switch (fake_tls_read(&f->reader, wire, plain)) {
	case FAKE_TLS_READ:
		return CONN_FILTERED;
	case FAKE_TLS_ENDED:
		return CONN_FILTER_ENDED;
	case FAKE_TLS_BAD:
		break;
	}
	return CONN_FILTER_BROKEN;
}

static int filter_out(struct conn_filter *filter, struct bytes plain, struct buf *wire)
{
	fake_tls_write(plain, wire);
	return 0;
}

static void filter_free(struct conn_filter *filter)
{
	free(LIST_OWNER(filter, struct fake_tls_filter, filter));
}

static const struct conn_filter_ops filter_ops = {
	.in = filter_in, .out = filter_out, .free = filter_free};

static void open_filter(const struct veil *veil, const struct fake_tls_hello *hello, size_t size,
	struct veil_opening *out)
{
	struct fake_tls_filter *f = MEM_NEW(struct fake_tls_filter);

	f->filter.ops = &filter_ops;
	f->hello = *hello;
	f->skip = size;
	f->flight = veil->flight;
	out->filter = &f->filter;
	out->secrets = &veil->inside_one[hello->secret - veil->inside];
	metric_add(METRIC_VEILED, 1);
}

/* ---- Judging ---- */

/* This machine's own programs (the desk, what stands in front) speak plainly. */
static bool only_for(const struct veil *veil, const struct conn *conn)
{
	return veil->settings->only && !address_is_loopback(conn_peer(conn));
}

static bool masks(const struct veil *veil)
{
	return veil->settings->site[0] != 0;
}

static bool needs_more(const struct veil *veil, const struct conn *conn, struct bytes in)
{
	struct client_hello hello;

	switch (sniff_first_bytes(in)) {
	case SNIFF_TLS:
		return masks(veil) && in.size < FAKE_TLS_HELLO_MAX &&
		       client_hello_read(in, &hello) == CLIENT_HELLO_MORE;
	case SNIFF_MORE:
		return only_for(veil, conn) || (masks(veil) && in.size && in.data[0] == 0x16);
	case SNIFF_HTTP:
		return false;
	case SNIFF_OTHER:
		break;
	}
	return only_for(veil, conn) && in.size < TRANSPORT_OBFUSCATION_SIZE;
}

static bool asks_for_site(const struct veil *veil, const struct client_hello *hello)
{
	return hello->server_name.size == strlen(veil->settings->site) &&
	       strncasecmp((const char *)hello->server_name.data, veil->settings->site,
		       hello->server_name.size) == 0;
}

/* A name that the certificate of our own has is not for the masked site. */
static bool asks_for_us(const struct veil *veil, const struct client_hello *hello)
{
	return !veil->settings->only && veil->node->tls && hello->server_name.size > 0 &&
	       tls_has_name(veil->node->tls, hello->server_name);
}

static enum veil_verdict judge_tls(struct veil *veil, struct bytes in, struct veil_opening *opening)
{
	struct fake_tls_hello ours;
	struct client_hello hello;

	if (!masks(veil))
		return veil->settings->only ? VEIL_STRANGER : VEIL_NOT;
	if (client_hello_read(in, &hello) != CLIENT_HELLO_READ)
		return VEIL_STRANGER;
	if (asks_for_site(veil, &hello) &&
		fake_tls_hello_read(hello.record, &veil->inside_all,
			clock_unix_s(veil->node->env.clock), &ours) &&
		fake_tls_seen_first(veil->seen, &ours)) {
		open_filter(veil, &ours, hello.record.size, opening);
		return VEIL_OURS;
	}
	return asks_for_us(veil, &hello) ? VEIL_NOT : VEIL_STRANGER;
}

enum veil_verdict veil_judge(struct veil *veil, const struct conn *conn, enum sniff family,
	struct bytes in, struct veil_opening *opening)
{
	if (!veil || conn_filter(conn))
		return VEIL_NOT;
	if (needs_more(veil, conn, in))
		return VEIL_MORE;
	if (family == SNIFF_TLS)
		return judge_tls(veil, in, opening);
	if (!only_for(veil, conn))
		return VEIL_NOT;
	if (family == SNIFF_OTHER && transport_knows_header(&veil->open_only, in.data))
		return VEIL_NOT;
	return VEIL_STRANGER;
}

const struct transport_secrets *veil_secrets(struct veil *veil, const struct conn *conn)
{
	if (!veil)
		return NULL;
	return only_for(veil, conn) ? &veil->open_only : &veil->open_too;
}

/* ---- Strangers ---- */

void veil_hand_over(struct veil *veil, struct conn *conn, struct bytes in)
{
	struct err err;

	metric_add(METRIC_STRANGERS, 1);
	if (masks(veil) && veil->relay_fd >= 0 &&
		hand_over_send(veil->relay_fd, conn_socket(conn), conn_peer(conn)->ip, in, &err) <
			0)
		log_debug("stranger_lost", "%s", err.text); /* strangers must not fill the log */
	conn_close(conn);
}

struct hold {
	struct veil *veil;
	struct conn *conn;
	struct timer late;
	bool is_late;
	const struct conn_ops *ops; /* the owner to give it back to */
	void *owner;
};

static void hold_free(struct hold *hold)
{
	timer_stop(&hold->late);
	free(hold);
}

static size_t hold_data(struct conn *conn, struct bytes in)
{
	struct hold *hold = conn_owner(conn);

	if (hold->is_late) {
		veil_hand_over(hold->veil, conn, in);
		return in.size;
	}
	if (needs_more(hold->veil, conn, in))
		return 0;
	conn_set_owner(conn, hold->ops, hold->owner);
	hold_free(hold);
	return 0;
}

static void hold_close(struct conn *conn, enum conn_reason reason)
{
	struct hold *hold = conn_owner(conn);
	const struct conn_ops *ops = hold->ops;

	conn_set_owner(conn, ops, hold->owner);
	hold_free(hold);
	ops->on_close(conn, reason);
}

static const struct conn_ops hold_ops = {.on_data = hold_data, .on_close = hold_close};

/* What came is unread: it is delivered once more. */
static void hold_late(struct timer *timer)
{
	struct hold *hold = LIST_OWNER(timer, struct hold, late);

	hold->is_late = true;
	conn_pause(hold->conn);
	conn_resume(hold->conn);
}

void veil_hold(struct veil *veil, struct conn *conn, const struct conn_ops *ops, void *owner)
{
	struct hold *hold;

	if (!masks(veil))
		return;
	hold = MEM_NEW(struct hold);
	hold->veil = veil;
	hold->conn = conn;
	hold->ops = ops;
	hold->owner = owner;
	timer_init(&hold->late, hold_late);
	loop_timer_start(conn_loop(conn), &hold->late, HOLD_MS);
	conn_set_owner(conn, &hold_ops, hold);
}
