/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoding, in the form that a layer has. What the layer does not know is mapped down as
 * schema/mapping.tl says: left out of vectors and optional fields, or replaced. What a form
 * requires and the value lacks is written as 0, "", an empty vector or the type's default. A value
 * that cannot be encoded at all (a string of 16 MiB, more than the buffer's maximum) leaves
 * buf->failed set.
 */
#ifndef TL_WRITE_H
#define TL_WRITE_H

#include "base/buf.h"
#include "tl/schema.h"

void tl_write_bool(struct buf *buf, bool value);
/* Length, bytes, padding. Absent is written as empty. */
void tl_write_bytes(struct buf *buf, struct bytes bytes);

/* A constructor or a method call. The object's name must exist in the layer (tl_name_in_layer), or
 * its type's substitute or default is written instead; with neither, buf->failed is set. */
void tl_write_object(struct buf *buf, const struct tl_object *object, int layer);
/* What the handler of the method answered, in the result type that the layer expects (the part of
 * an rpc_result behind req_msg_id). */
void tl_write_result(struct buf *buf, enum tl_name method, const union tl_reply *reply, int layer);

#endif
