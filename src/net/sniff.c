/* SPDX-License-Identifier: Apache-2.0 */
/* Which family of protocols a connection's first bytes belong to. */
#include "net/sniff.h"

/* Record header, then the handshake type: 16 03 (00-04) length(2) 01. Clients of obfuscated MTProto
 * avoid only 16 03 01 02 at the front of their random bytes, so two bytes would be too few to call
 * it TLS. */
static enum sniff sniff_tls(struct bytes in)
{
	size_t length;

	if (in.size >= 2 && in.data[1] != 3)
		return SNIFF_OTHER;
	if (in.size >= 3 && in.data[2] > 4)
		return SNIFF_OTHER;
	if (in.size < 6)
		return SNIFF_MORE;
	length = (size_t)in.data[3] << 8 | in.data[4];
	if (in.data[5] != 1 || length < 4 || length > 16384)
		return SNIFF_OTHER;
	return SNIFF_TLS;
}

enum sniff sniff_first_bytes(struct bytes in)
{
	static const char verbs[][5] = {"GET ", "POST", "HEAD", "OPTI", "PUT ", "DELE"};

	if (in.size == 0)
		return SNIFF_MORE;
	if (in.data[0] == 0x16)
		return sniff_tls(in);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t n = in.size < 4 ? in.size : 4;
		if (memcmp(in.data, verbs[i], n) == 0)
			return n == 4 ? SNIFF_HTTP : SNIFF_MORE;
	}
	return SNIFF_OTHER;
}
