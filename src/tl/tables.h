/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generated tables that the codec interprets (private to src/tl). tlc writes them to schema.c:
 * per form, a list of fields in wire order, each with the place of its value in the superset
 * struct.
 */
#ifndef TL_TABLES_H
#define TL_TABLES_H

#include "tl/schema.h"

enum tl_kind {
	TL_KIND_FLAGS, /* a word of presence bits; type is the word's number */
	TL_KIND_INT,
	TL_KIND_LONG,
	TL_KIND_DOUBLE,
	TL_KIND_BYTES,
	TL_KIND_TRUE, /* only a bit in the flags */
	TL_KIND_BOOL,
	TL_KIND_INT128,
	TL_KIND_INT256,
	TL_KIND_REST, /* a query inside a wrapper: all bytes to the end, undecoded */
	TL_KIND_INTS,
	TL_KIND_LONGS,
	TL_KIND_STRINGS,
	TL_KIND_OBJECT,
	TL_KIND_OBJECTS,
	TL_KIND_BARES, /* bare vector of bare structs; type is their constructor's name */
	TL_KIND_GENERIC,
};

#define TL_FLAG_NONE 0xff
#define TL_FLAG_WORDS 4

struct tl_field {
	uint16_t offset; /* of the value in the struct */
	uint16_t has;	 /* of has_<field>, or 0 */
	uint16_t type;	 /* enum tl_type of objects */
	uint8_t kind;	 /* enum tl_kind */
	uint8_t flag;	 /* word << 5 | bit, or TL_FLAG_NONE: always there */
};

struct tl_form {
	uint32_t id;
	uint16_t name; /* enum tl_name */
	uint16_t type; /* enum tl_type; of a method TL_TYPE_NONE */
	uint16_t first_layer;
	uint16_t last_layer;
	uint16_t field_count;
	const struct tl_field *fields;
	struct tl_field result; /* of a method: kind and type of its answer */
};

/* How the result of a newest method is given to a layer with an older result type. */
enum tl_unwrap_kind { TL_UNWRAP_NONE, TL_UNWRAP_FIELD, TL_UNWRAP_TRUE, TL_UNWRAP_DEFAULT };

struct tl_name_info {
	const char *text;
	uint32_t size; /* of the struct */
	uint16_t first_form;
	uint16_t form_count;
	uint8_t unwrap;		/* enum tl_unwrap_kind */
	uint16_t unwrap_offset; /* of the field */
	bool whole; /* unknown to a layer that does not know an object that it requires */
};

struct tl_type_info {
	uint16_t fallback;   /* enum tl_name for required but absent values, or TL_NONE */
	uint16_t substitute; /* enum tl_name for values that the layer does not know, or TL_NONE */
};

struct tl_id {
	uint32_t id;
	uint16_t form;
};

extern const struct tl_form tl_forms[];
extern const struct tl_name_info tl_names[];	 /* by enum tl_name */
extern const struct tl_type_info tl_types[];	 /* by enum tl_type */
extern const struct tl_method_info tl_methods[]; /* by name - TL_METHOD_FIRST */
extern const struct tl_id tl_ids[]; /* sorted by id; each id once, with its newest form */
extern const uint32_t tl_id_count;

#define TL_LAYER_ANY 0xffff

/* NULL: no form of the name is valid in the layer. */
const struct tl_form *tl_form_in_layer(enum tl_name name, int layer);
/* NULL: unknown id. */
const struct tl_form *tl_form_by_id(uint32_t id);

#endif
