/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS connection as a filter. libssl reads and writes through a BIO of ours that points at the
 * bytes of the call under way, so that nothing is copied twice and an idle connection holds no
 * buffers. Certificates and policy are in tls_context.c.
 */
#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/tls_context.h"

/* The largest record's content: what one SSL_read gives at most. */
#define RECORD_SIZE 16384

struct tls_filter {
	struct conn_filter filter;
	SSL *ssl;
	struct bytes wire; /* unread, during a call */
	struct buf *reply; /* where output goes, during a call */
};

/* ---- The BIO ---- */

static int bio_read(BIO *bio, char *out, int size)
{
	struct tls_filter *tls = BIO_get_data(bio);
	size_t taken = (size_t)size < tls->wire.size ? (size_t)size : tls->wire.size;

	BIO_clear_retry_flags(bio);
	if (!taken) {
		BIO_set_retry_read(bio);
		return -1;
	}
	memcpy(out, tls->wire.data, taken);
	tls->wire = bytes_of(tls->wire.data + taken, tls->wire.size - taken);
	return (int)taken;
}

static int bio_write(BIO *bio, const char *data, int size)
{
	struct tls_filter *tls = BIO_get_data(bio);

	buf_append(tls->reply, data, (size_t)size);
	return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *bio_method;

static void make_bio_method(void)
{
	bio_method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "lontar");
	if (!bio_method || !BIO_meth_set_read(bio_method, bio_read) ||
		!BIO_meth_set_write(bio_method, bio_write) ||
		!BIO_meth_set_ctrl(bio_method, bio_control))
		abort();
}

static BIO *bio_new(struct tls_filter *tls)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	BIO *bio;

	pthread_once(&once, make_bio_method);
	bio = BIO_new(bio_method);
	if (!bio)
		abort();
	BIO_set_data(bio, tls);
	BIO_set_init(bio, 1);
	return bio;
}

/* ---- The filter ---- */

static struct tls_filter *begin(struct conn_filter *filter, struct bytes wire, struct buf *reply)
{
	struct tls_filter *tls = LIST_OWNER(filter, struct tls_filter, filter);

	tls->wire = wire;
	tls->reply = reply;
	ERR_clear_error(); /* or another connection's error would be taken for this one's */
	return tls;
}

/* After a call that wants no more for now, or has failed. */
static enum conn_filtered judge(struct tls_filter *tls, int result)
{
	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return CONN_FILTERED;
	case SSL_ERROR_ZERO_RETURN:
		return CONN_FILTER_ENDED;
	default:
		ERR_clear_error();
		return CONN_FILTER_BROKEN;
	}
}

static enum conn_filtered tls_in(
	struct conn_filter *filter, struct bytes wire, struct buf *plain, struct buf *reply)
{
	struct tls_filter *tls = begin(filter, wire, reply);
	int result = 1;

	if (!SSL_is_init_finished(tls->ssl))
		result = SSL_do_handshake(tls->ssl);
	while (result > 0) {
		size_t before = buf_size(plain);
		uint8_t *out = buf_extend(plain, RECORD_SIZE);

		if (!out) /* more than the owner takes: the connection sees that it failed */
			return CONN_FILTERED;
		result = SSL_read(tls->ssl, out, RECORD_SIZE);
		buf_truncate(plain, before + (result > 0 ? (size_t)result : 0));
	}
	return judge(tls, result);
}

static int tls_out(struct conn_filter *filter, struct bytes plain, struct buf *wire)
{
	struct tls_filter *tls = begin(filter, bytes_of(NULL, 0), wire);

	if (!SSL_is_init_finished(tls->ssl))
		return -1;
	return SSL_write(tls->ssl, plain.data, (int)plain.size) == (int)plain.size ? 0 : -1;
}

static void tls_goodbye(struct conn_filter *filter, struct buf *wire)
{
	struct tls_filter *tls = begin(filter, bytes_of(NULL, 0), wire);

	if (SSL_is_init_finished(tls->ssl))
		SSL_shutdown(tls->ssl);
}

static void tls_filter_free(struct conn_filter *filter)
{
	struct tls_filter *tls = LIST_OWNER(filter, struct tls_filter, filter);

	SSL_free(tls->ssl);
	free(tls);
}

static const struct conn_filter_ops tls_filter_ops = {
	.in = tls_in,
	.out = tls_out,
	.goodbye = tls_goodbye,
	.free = tls_filter_free,
};

struct conn_filter *tls_filter_new(struct tls *tls)
{
	struct tls_filter *filter = MEM_NEW(struct tls_filter);
	BIO *bio = bio_new(filter);

	filter->filter.ops = &tls_filter_ops;
	filter->ssl = tls_connection_new(tls);
	SSL_set_bio(filter->ssl, bio, bio);
	return &filter->filter;
}
