/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "crypto/x25519.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/bytes.h"

void x25519_public_key(const struct random *random, uint8_t out[X25519_KEY_SIZE])
{
	uint8_t secret[crypto_scalarmult_SCALARBYTES];

	/* Also picks the implementation that this processor runs fastest; cheap when done before.
	 */
	if (sodium_init() < 0)
		abort();
	random_fill(random, secret, sizeof(secret));
	if (crypto_scalarmult_base(out, secret) != 0)
		abort();
	bytes_wipe(secret, sizeof(secret));
}
