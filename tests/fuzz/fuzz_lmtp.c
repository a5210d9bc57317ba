/* SPDX-License-Identifier: Apache-2.0 */
/* An LMTP session with any bytes, at once and byte by byte: both say the same and take the same
 * mails, and never more than fits. */
#include <stdint.h>
#include <stdlib.h>

#include "desk/mail/lmtp.h"

#define SIZE_MAX_HERE 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool takes(void *ctx, struct bytes address)
{
	(void)ctx;
	return address.size > 0 && address.data[0] == 'd';
}

/* What it said, and the mails. */
static void talk(struct bytes in, size_t piece, struct buf *out)
{
	struct lmtp lmtp = {.takes = takes, .size_max = SIZE_MAX_HERE};
	enum lmtp_step step = LMTP_MORE;
	size_t shown = piece;

	lmtp_begin(&lmtp, out);
	while (in.size > 0 && step != LMTP_END) {
		size_t give = shown < in.size ? shown : in.size;
		size_t taken = lmtp_feed(&lmtp, bytes_of(in.data, give), out, &step);

		require(taken <= give && lmtp.recipient_count <= LMTP_RECIPIENTS_MAX);
		require(buf_size(&lmtp.data) <= SIZE_MAX_HERE);
		in = bytes_of(in.data + taken, in.size - taken);
		if (step == LMTP_MAIL) {
			buf_append_bytes(out, buf_bytes(&lmtp.data));
			lmtp_answer(&lmtp, 250, "2.0.0 taken", out);
		}
		if (give == taken + in.size && taken == 0)
			break;
		shown = taken || step == LMTP_MAIL ? piece : give + piece;
		require(shown <= LMTP_LINE_MAX + piece);
	}
	lmtp_release(&lmtp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, bytewise;

	if (size > 20000)
		return 0;
	buf_init(&whole, (size_t)16 << 20);
	buf_init(&bytewise, (size_t)16 << 20);
	talk(bytes_of(data, size), size ? size : 1, &whole);
	talk(bytes_of(data, size), 1, &bytewise);
	require(bytes_equal(buf_bytes(&whole), buf_bytes(&bytewise)));
	buf_release(&whole);
	buf_release(&bytewise);
	return 0;
}
