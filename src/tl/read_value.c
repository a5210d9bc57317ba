/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes constructors, vectors and methods by the generated tables into structs in an arena.
 * Counts and sizes are checked against what is left of the input before anything is allocated, so
 * memory is bounded by the budget however the bytes lie.
 */
#include "tl/read.h"

#include <stdint.h>

#include "tl/fault.h"
#include "tl/tables.h"

/* What the arena may add to an allocation for alignment. */
#define ALLOCATION_OVERHEAD 16

static void *allocate(struct tl_reader *reader, struct arena *arena, size_t size)
{
	if (reader->fault)
		return NULL;
	if (size + ALLOCATION_OVERHEAD > reader->budget) {
		tl_reader_fail(reader, TL_FAULT_BUDGET, 0);
		return NULL;
	}
	reader->budget -= size + ALLOCATION_OVERHEAD;
	return arena_alloc(arena, size);
}

/* Reads the head of a vector and makes room for its elements. NULL after a fault. */
static void *read_vector(struct tl_reader *reader, struct arena *arena, bool boxed,
	size_t wire_size, size_t memory_size, uint32_t *count)
{
	uint32_t id = boxed ? (uint32_t)tl_read_int(reader) : TL_ID_vector;
	uint32_t wanted = (uint32_t)tl_read_int(reader);
	void *at;

	if (!reader->fault && id != TL_ID_vector)
		tl_reader_fail(reader, TL_FAULT_VALUE, id);
	if (!reader->fault && wanted > tl_reader_left(reader) / wire_size)
		tl_reader_fail(reader, TL_FAULT_SHORT, 0);
	/* wanted is below 2^32 / 4 * the input's size here: no overflow in size_t */
	at = reader->fault ? NULL : allocate(reader, arena, wanted * memory_size);
	*count = at ? wanted : 0;
	return at;
}

static struct tl_ints read_ints(struct tl_reader *reader, struct arena *arena)
{
	struct tl_ints ints;

	ints.at = read_vector(reader, arena, true, 4, sizeof(*ints.at), &ints.count);
	if (ints.count)
		memcpy(ints.at, tl_read_raw(reader, ints.count * sizeof(*ints.at)).data,
			ints.count * sizeof(*ints.at));
	return ints;
}

static struct tl_longs read_longs(struct tl_reader *reader, struct arena *arena)
{
	struct tl_longs longs;

	longs.at = read_vector(reader, arena, true, 8, sizeof(*longs.at), &longs.count);
	if (longs.count)
		memcpy(longs.at, tl_read_raw(reader, longs.count * sizeof(*longs.at)).data,
			longs.count * sizeof(*longs.at));
	return longs;
}

static struct tl_strings read_strings(struct tl_reader *reader, struct arena *arena)
{
	struct tl_strings strings;

	strings.at = read_vector(reader, arena, true, 4, sizeof(*strings.at), &strings.count);
	for (uint32_t i = 0; i < strings.count && !reader->fault; i++)
		strings.at[i] = tl_read_bytes(reader);
	return strings;
}

static struct tl_objects read_objects(
	struct tl_reader *reader, struct arena *arena, enum tl_type type)
{
	struct tl_objects objects;

	objects.at = read_vector(reader, arena, true, 4, sizeof(*objects.at), &objects.count);
	for (uint32_t i = 0; i < objects.count && !reader->fault; i++)
		objects.at[i] = tl_read_object(reader, arena, type);
	return objects;
}

static struct tl_object *read_form(
	struct tl_reader *reader, struct arena *arena, const struct tl_form *form);

static struct tl_objects read_bares(
	struct tl_reader *reader, struct arena *arena, enum tl_name name)
{
	const struct tl_form *form = tl_form_in_layer(name, TL_LAYER_MAX);
	struct tl_objects objects;

	objects.at = read_vector(reader, arena, false, 4, sizeof(*objects.at), &objects.count);
	for (uint32_t i = 0; i < objects.count && !reader->fault; i++)
		objects.at[i] = read_form(reader, arena, form);
	return objects;
}

static bool read_bool(struct tl_reader *reader)
{
	uint32_t id = (uint32_t)tl_read_int(reader);

	if (!reader->fault && id != TL_ID_boolTrue && id != TL_ID_boolFalse)
		tl_reader_fail(reader, TL_FAULT_VALUE, id);
	return id == TL_ID_boolTrue;
}

static void read_inline(struct tl_reader *reader, void *value, size_t size)
{
	struct bytes raw = tl_read_raw(reader, size);

	if (raw.data)
		memcpy(value, raw.data, size);
}

static void read_value(
	struct tl_reader *reader, struct arena *arena, const struct tl_field *field, void *value)
{
	switch ((enum tl_kind)field->kind) {
	case TL_KIND_INT:
		*(int32_t *)value = tl_read_int(reader);
		break;
	case TL_KIND_LONG:
		*(int64_t *)value = tl_read_long(reader);
		break;
	case TL_KIND_DOUBLE:
		read_inline(reader, value, sizeof(double));
		break;
	case TL_KIND_BYTES:
		*(struct bytes *)value = tl_read_bytes(reader);
		break;
	case TL_KIND_TRUE:
		*(bool *)value = true;
		break;
	case TL_KIND_BOOL:
		*(bool *)value = read_bool(reader);
		break;
	case TL_KIND_INT128:
		read_inline(reader, value, 16);
		break;
	case TL_KIND_INT256:
		read_inline(reader, value, 32);
		break;
	case TL_KIND_REST:
		*(struct bytes *)value = tl_read_raw(reader, tl_reader_left(reader));
		break;
	case TL_KIND_INTS:
		*(struct tl_ints *)value = read_ints(reader, arena);
		break;
	case TL_KIND_LONGS:
		*(struct tl_longs *)value = read_longs(reader, arena);
		break;
	case TL_KIND_STRINGS:
		*(struct tl_strings *)value = read_strings(reader, arena);
		break;
	case TL_KIND_OBJECT:
		*(struct tl_object **)value = tl_read_object(reader, arena, field->type);
		break;
	case TL_KIND_OBJECTS:
		*(struct tl_objects *)value = read_objects(reader, arena, field->type);
		break;
	case TL_KIND_BARES:
		*(struct tl_objects *)value = read_bares(reader, arena, field->type);
		break;
	case TL_KIND_FLAGS:
	case TL_KIND_GENERIC:
		break;
	}
}

static struct tl_object *read_form(
	struct tl_reader *reader, struct arena *arena, const struct tl_form *form)
{
	struct tl_object *object = allocate(reader, arena, tl_names[form->name].size);
	uint32_t words[TL_FLAG_WORDS] = {0};

	if (!object)
		return NULL;
	object->name = form->name;
	for (unsigned i = 0; i < form->field_count && !reader->fault; i++) {
		const struct tl_field *field = &form->fields[i];

		if (field->flag != TL_FLAG_NONE &&
			!(words[field->flag >> 5] >> (field->flag & 31) & 1))
			continue;
		if (field->kind == TL_KIND_FLAGS) {
			words[field->type] = (uint32_t)tl_read_int(reader);
			continue;
		}
		read_value(reader, arena, field, (uint8_t *)object + field->offset);
		if (field->has)
			*(bool *)((uint8_t *)object + field->has) = true;
	}
	return reader->fault ? NULL : object;
}

static bool is_method_form(const struct tl_form *form)
{
	return tl_name_is_method(form->name);
}

static struct tl_object *read_boxed(
	struct tl_reader *reader, struct arena *arena, enum tl_type type, bool method)
{
	uint32_t id = (uint32_t)tl_read_int(reader);
	const struct tl_form *form = reader->fault ? NULL : tl_form_by_id(id);
	struct tl_object *object;

	if (!form)
		tl_reader_fail(reader, TL_FAULT_UNKNOWN_ID, id);
	else if (is_method_form(form) != method || (type != TL_TYPE_ANY && form->type != type))
		tl_reader_fail(reader, TL_FAULT_TYPE, id);
	else if (reader->depth >= TL_DEPTH_MAX)
		tl_reader_fail(reader, TL_FAULT_DEPTH, id);
	if (reader->fault)
		return NULL;
	reader->depth++;
	object = read_form(reader, arena, form);
	reader->depth--;
	return object;
}

struct tl_object *tl_read_object(struct tl_reader *reader, struct arena *arena, enum tl_type type)
{
	return read_boxed(reader, arena, type, false);
}

struct tl_object *tl_read_method(struct tl_reader *reader, struct arena *arena)
{
	return read_boxed(reader, arena, TL_TYPE_ANY, true);
}

int tl_read_result(struct tl_reader *reader, struct arena *arena, enum tl_name method, int layer,
	union tl_reply *reply)
{
	const struct tl_form *form = tl_form_in_layer(method, layer);

	memset(reply, 0, sizeof(*reply));
	if (!form)
		form = tl_form_in_layer(method, TL_LAYER_MAX);
	if (form)
		read_value(reader, arena, &form->result, reply);
	return form && !reader->fault ? 0 : -1;
}
