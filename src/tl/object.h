/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every TL value looks like in memory. tlc (tools/tlc) makes one struct per constructor and
 * method name, a superset over all layers, in the generated "tl/schema.h". Include that one.
 *
 *   - each struct begins with `struct tl_object o`, whose name says which struct it is
 *   - a value of a type with several constructors, or of a boxed type, is a `struct tl_object *`
 *   - absent is: NULL pointer; bytes with data == NULL; vector with at == NULL; false; has_<field>
 * == false
 *   - a field whose wire type changed keeps its name for the newest type; the older one is called
 *     <field>_<oldtype> (dialogFilter.title and title_string): set both
 *
 * Values own nothing: they live in the arena they were made in; strings that were decoded point
 * into the bytes they were decoded from, which must live as long.
 */
#ifndef TL_OBJECT_H
#define TL_OBJECT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "tl/names.h"

struct tl_object {
	enum tl_name name;
};

struct tl_ints {
	uint32_t count;
	int32_t *at;
};

struct tl_longs {
	uint32_t count;
	int64_t *at;
};

struct tl_strings {
	uint32_t count;
	struct bytes *at;
};

struct tl_objects {
	uint32_t count;
	struct tl_object **at;
};

/* What a handler answers; which member counts is tl_method_info(method)->result. */
union tl_reply {
	bool boolean;
	struct tl_ints ints;
	struct tl_longs longs;
	struct tl_objects objects;
	struct tl_object *object;
};

enum tl_result {
	TL_RESULT_GENERIC, /* invokeWithLayer and the like: answers whatever the query inside
			      answers */
	TL_RESULT_BOOL,
	TL_RESULT_INTS,
	TL_RESULT_LONGS,
	TL_RESULT_OBJECTS,
	TL_RESULT_OBJECT, /* one of several constructors: the handler sets reply.object */
	TL_RESULT_STRUCT, /* the only constructor: reply.object is there, zeroed, before the handler
			     runs */
};

struct tl_method_info {
	enum tl_name name;
	const char *text; /* "messages.readHistory" */
	enum tl_result result;
	enum tl_name reply; /* TL_RESULT_STRUCT: the constructor, else TL_NONE */
	uint32_t request_size;
	uint32_t reply_size; /* of the reply's struct; 0 unless TL_RESULT_STRUCT */
};

/* A zeroed struct with its name set: struct tl_message *m = TL_NEW(arena, message). */
#define TL_NEW(arena, constructor)                                                                 \
	((struct tl_##constructor *)tl_object_new(                                                 \
		(arena), TL_##constructor, sizeof(struct tl_##constructor)))
/* Checked down-cast: NULL when object is NULL or another constructor. */
#define TL_AS(constructor, object)                                                                 \
	((struct tl_##constructor *)tl_object_as((object), TL_##constructor))

void *tl_object_new(struct arena *arena, enum tl_name name, size_t size);
/* The same for a name known only at run time: all fields absent. */
struct tl_object *tl_object_of(struct arena *arena, enum tl_name name);
void *tl_object_as(const struct tl_object *object, enum tl_name name);

/* Room for count pointers; the vector is present also when count is 0. */
struct tl_objects tl_objects_new(struct arena *arena, uint32_t count);

/* "messages.readHistory", "peerUser"; for logs and metrics. Never NULL. */
const char *tl_name_text(enum tl_name name);
bool tl_name_is_method(enum tl_name name);
/* Whether a client of that layer knows the constructor or method. */
bool tl_name_in_layer(enum tl_name name, int layer);
/* NULL when name is no method. */
const struct tl_method_info *tl_method_info(enum tl_name name);
/* Zeroes *reply and makes the reply struct of a TL_RESULT_STRUCT method. */
void tl_reply_init(union tl_reply *reply, enum tl_name method, struct arena *arena);

#endif
