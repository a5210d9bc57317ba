/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection's filter is asked, and when. The filters themselves are elsewhere: tls.c. */
#include <assert.h>

#include "net/conn_private.h"

void conn_set_filter(struct conn *conn, struct conn_filter *filter)
{
	assert(!conn->filter);
	conn->filter = filter;
	conn->unfiltered = conn->redeliver = true;
	conn_defer_round(conn);
}

struct conn_filter *conn_filter(const struct conn *conn)
{
	return conn->filter;
}

/* Its last reply still goes out; the owner's output can't any more. */
static void filter_broke(struct conn *conn)
{
	conn->broken = conn->finishing = true;
	buf_release(&conn->out);
	conn_defer_round(conn);
}

static void unread_in(struct conn *conn)
{
	struct buf wire = conn->in;

	conn->unfiltered = false;
	buf_init(&conn->in, wire.max);
	conn_filter_in(conn, buf_bytes(&wire));
	buf_release(&wire);
}

void conn_filter_in(struct conn *conn, struct bytes wire)
{
	enum conn_filtered result = CONN_FILTERED;

	if (conn->unfiltered)
		unread_in(conn);
	if (wire.size && !conn->ended)
		result = conn->filter->ops->in(conn->filter, wire, &conn->in, &conn->wire);
	if (buf_size(&conn->wire))
		conn_defer_round(conn);
	if (result == CONN_FILTER_BROKEN)
		filter_broke(conn);
	if (result == CONN_FILTER_ENDED) {
		conn->ended = true;
		conn_defer_round(conn);
	}
}

void conn_filter_out(struct conn *conn)
{
	size_t size = buf_size(&conn->out);

	if (!size || conn->broken || buf_size(&conn->wire) >= CONN_PIECE)
		return;
	if (size > CONN_PIECE)
		size = CONN_PIECE;
	if (conn->filter->ops->out(
		    conn->filter, bytes_of(buf_data(&conn->out), size), &conn->wire) < 0)
		filter_broke(conn);
	else
		buf_consume(&conn->out, size);
}

bool conn_filter_goodbye(struct conn *conn)
{
	bool due = conn->finishing || (conn->ended && !conn->paused);

	if (!due || conn->said_goodbye || conn->broken || !conn->filter ||
		!conn->filter->ops->goodbye)
		return false;
	conn->said_goodbye = true;
	conn->filter->ops->goodbye(conn->filter, &conn->wire);
	return buf_size(&conn->wire) > 0;
}
