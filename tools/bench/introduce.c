/* SPDX-License-Identifier: Apache-2.0 */
/* The two wrappers, with as little in them as a server may ask for. */
#include "bench/introduce.h"

#include "tl/write.h"

void introduce(struct buf *out, int32_t layer, struct bytes query)
{
	const struct tl_initConnection init = {.o.name = TL_initConnection,
		.api_id = 1,
		.device_model = BYTES_LITERAL("bench"),
		.system_version = BYTES_LITERAL("1"),
		.app_version = BYTES_LITERAL("1"),
		.system_lang_code = BYTES_LITERAL("en"),
		.lang_pack = BYTES_LITERAL(""),
		.lang_code = BYTES_LITERAL("en"),
		.query = query};
	/* Its query is what follows. */
	const struct tl_invokeWithLayer with = {.o.name = TL_invokeWithLayer, .layer = layer};

	tl_write_object(out, &with.o, layer);
	tl_write_object(out, &init.o, layer);
}
