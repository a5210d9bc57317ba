/* SPDX-License-Identifier: Apache-2.0 */
/* Encoding by layer. Values come from our own code, so a value of a wrong type is our bug and
 * asserts. */
#include "tl/write.h"

#include <assert.h>

#include "tl/tables.h"

#define TL_STRING_MAX 0xffffff

/* What stands for a value that is absent: no struct is larger. */
static const uint64_t zeroes[TL_STRUCT_SIZE_MAX / sizeof(uint64_t) + 1];

struct writer {
	struct buf *buf;
	int layer;
};

/* A value together with the form it is written in. form == NULL: left out. */
struct choice {
	const struct tl_form *form;
	const void *value;
};

static void write_form(struct writer *w, struct choice choice);

void tl_write_bool(struct buf *buf, bool value)
{
	buf_append_u32le(buf, value ? TL_ID_boolTrue : TL_ID_boolFalse);
}

void tl_write_bytes(struct buf *buf, struct bytes bytes)
{
	size_t head = bytes.size < 254 ? 1 : 4;
	size_t padded = (head + bytes.size + 3) & ~(size_t)3;
	uint8_t *at;

	if (bytes.size > TL_STRING_MAX) {
		buf->failed = true;
		return;
	}
	at = buf_extend(buf, padded);
	if (!at)
		return;
	store_u32le(at + padded - 4, 0);
	if (head == 1)
		at[0] = (uint8_t)bytes.size;
	else
		store_u32le(at, 254 | (uint32_t)bytes.size << 8);
	if (bytes.size)
		memcpy(at + head, bytes.data, bytes.size);
}

static struct choice choose_default(const struct writer *w, enum tl_name name)
{
	struct choice none = {NULL, NULL};

	if (name == TL_NONE)
		return none;
	return (struct choice){tl_form_in_layer(name, w->layer), zeroes};
}

/* Whether the layer knows what the value has where the form requires an object. */
static bool is_whole(const struct writer *w, const struct tl_form *form, const void *value)
{
	for (unsigned i = 0; i < form->field_count; i++) {
		const struct tl_field *field = &form->fields[i];
		const struct tl_object *part;

		if (field->kind != TL_KIND_OBJECT || field->flag != TL_FLAG_NONE)
			continue;
		part = *(struct tl_object *const *)((const uint8_t *)value + field->offset);
		if (part && !tl_form_in_layer(part->name, w->layer))
			return false;
	}
	return true;
}

/* The value itself, or what the layer gets instead of it. */
static struct choice choose_known(
	const struct writer *w, const struct tl_object *object, enum tl_type type)
{
	const struct tl_form *form;

	if (!object)
		return (struct choice){NULL, NULL};
	form = tl_form_in_layer(object->name, w->layer);
	if (form && (!tl_names[object->name].whole || is_whole(w, form, object))) {
		assert(type == TL_TYPE_ANY || form->type == type);
		return (struct choice){form, object};
	}
	return choose_default(w, tl_types[type].substitute);
}

static struct choice choose_required(
	const struct writer *w, const struct tl_object *object, enum tl_type type)
{
	struct choice choice = choose_known(w, object, type);

	return choice.form ? choice : choose_default(w, tl_types[type].fallback);
}

static void write_required(struct writer *w, const struct tl_object *object, enum tl_type type)
{
	struct choice choice = choose_required(w, object, type);

	if (choice.form)
		write_form(w, choice);
	else
		w->buf->failed =
			true; /* tlc has checked that it cannot be, except for TL_TYPE_ANY */
}

static uint8_t *vector_begin(struct writer *w, bool boxed, uint32_t count, size_t element_size)
{
	if (boxed)
		buf_append_u32le(w->buf, TL_ID_vector);
	buf_append_u32le(w->buf, count);
	return element_size && count ? buf_extend(w->buf, count * element_size) : NULL;
}

static void write_ints(struct writer *w, const struct tl_ints *ints)
{
	uint8_t *at = vector_begin(w, true, ints->count, sizeof(int32_t));

	if (at)
		memcpy(at, ints->at, ints->count * sizeof(int32_t));
}

static void write_longs(struct writer *w, const struct tl_longs *longs)
{
	uint8_t *at = vector_begin(w, true, longs->count, sizeof(int64_t));

	if (at)
		memcpy(at, longs->at, longs->count * sizeof(int64_t));
}

static void write_strings(struct writer *w, const struct tl_strings *strings)
{
	vector_begin(w, true, strings->count, 0);
	for (uint32_t i = 0; i < strings->count; i++)
		tl_write_bytes(w->buf, strings->at[i]);
}

static void write_objects(struct writer *w, const struct tl_objects *objects, enum tl_type type)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < objects->count; i++)
		known += choose_known(w, objects->at[i], type).form != NULL;
	vector_begin(w, true, known, 0);
	for (uint32_t i = 0; i < objects->count; i++) {
		struct choice choice = choose_known(w, objects->at[i], type);

		if (choice.form)
			write_form(w, choice);
	}
}

static void write_fields(struct writer *w, struct choice choice);

static void write_bares(struct writer *w, const struct tl_objects *objects, enum tl_name name)
{
	vector_begin(w, false, objects->count, 0);
	for (uint32_t i = 0; i < objects->count; i++) {
		assert(objects->at[i]->name == name);
		write_fields(w, (struct choice){tl_form_in_layer(name, w->layer), objects->at[i]});
	}
}

static void write_value(struct writer *w, const struct tl_field *field, const void *value)
{
	switch ((enum tl_kind)field->kind) {
	case TL_KIND_INT:
		buf_append(w->buf, value, sizeof(int32_t));
		break;
	case TL_KIND_LONG:
	case TL_KIND_DOUBLE:
		buf_append(w->buf, value, sizeof(int64_t));
		break;
	case TL_KIND_BYTES:
		tl_write_bytes(w->buf, *(const struct bytes *)value);
		break;
	case TL_KIND_BOOL:
		tl_write_bool(w->buf, *(const bool *)value);
		break;
	case TL_KIND_INT128:
		buf_append(w->buf, value, 16);
		break;
	case TL_KIND_INT256:
		buf_append(w->buf, value, 32);
		break;
	case TL_KIND_REST:
		buf_append_bytes(w->buf, *(const struct bytes *)value);
		break;
	case TL_KIND_INTS:
		write_ints(w, value);
		break;
	case TL_KIND_LONGS:
		write_longs(w, value);
		break;
	case TL_KIND_STRINGS:
		write_strings(w, value);
		break;
	case TL_KIND_OBJECT:
		write_required(w, *(struct tl_object *const *)value, field->type);
		break;
	case TL_KIND_OBJECTS:
		write_objects(w, value, field->type);
		break;
	case TL_KIND_BARES:
		write_bares(w, value, field->type);
		break;
	case TL_KIND_TRUE:
	case TL_KIND_FLAGS:
	case TL_KIND_GENERIC:
		break;
	}
}

/* Whether an optional field has something to write in this layer. */
static bool is_present(const struct writer *w, const struct tl_field *field, const uint8_t *value)
{
	const uint8_t *at = value + field->offset;

	if (field->has)
		return *(const bool *)(value + field->has);
	switch ((enum tl_kind)field->kind) {
	case TL_KIND_TRUE:
		return *(const bool *)at;
	case TL_KIND_BYTES:
		return ((const struct bytes *)at)->data != NULL;
	case TL_KIND_INTS:
		return ((const struct tl_ints *)at)->at != NULL;
	case TL_KIND_LONGS:
		return ((const struct tl_longs *)at)->at != NULL;
	case TL_KIND_STRINGS:
		return ((const struct tl_strings *)at)->at != NULL;
	case TL_KIND_OBJECTS:
	case TL_KIND_BARES:
		return ((const struct tl_objects *)at)->at != NULL;
	case TL_KIND_OBJECT:
		return choose_known(w, *(struct tl_object *const *)at, field->type).form != NULL;
	default:
		assert(!"tlc gives these a has_ flag");
		return false;
	}
}

static uint32_t flag_bit(const struct tl_field *field)
{
	return UINT32_C(1) << (field->flag & 31);
}

static bool is_optional(const struct tl_field *field)
{
	return field->flag != TL_FLAG_NONE && field->kind != TL_KIND_FLAGS;
}

static void collect_flags(
	const struct writer *w, struct choice choice, uint32_t words[TL_FLAG_WORDS])
{
	memset(words, 0, TL_FLAG_WORDS * sizeof(*words));
	for (unsigned i = 0; i < choice.form->field_count; i++) {
		const struct tl_field *field = &choice.form->fields[i];

		if (is_optional(field) && is_present(w, field, choice.value))
			words[field->flag >> 5] |= flag_bit(field);
	}
	/* Fields that share a bit come together or not at all: an object that is absent and has no
	 * default takes its companions with it. */
	for (unsigned i = 0; i < choice.form->field_count; i++) {
		const struct tl_field *field = &choice.form->fields[i];
		const void *at = (const uint8_t *)choice.value + field->offset;

		if (is_optional(field) && field->kind == TL_KIND_OBJECT &&
			!choose_required(w, *(struct tl_object *const *)at, field->type).form)
			words[field->flag >> 5] &= ~flag_bit(field);
	}
}

static void write_fields(struct writer *w, struct choice choice)
{
	uint32_t words[TL_FLAG_WORDS];

	collect_flags(w, choice, words);
	for (unsigned i = 0; i < choice.form->field_count; i++) {
		const struct tl_field *field = &choice.form->fields[i];

		if (field->kind == TL_KIND_FLAGS)
			buf_append_u32le(w->buf, words[field->type]);
		else if (field->flag == TL_FLAG_NONE || words[field->flag >> 5] & flag_bit(field))
			write_value(w, field, (const uint8_t *)choice.value + field->offset);
	}
}

static void write_form(struct writer *w, struct choice choice)
{
	buf_append_u32le(w->buf, choice.form->id);
	write_fields(w, choice);
}

void tl_write_object(struct buf *buf, const struct tl_object *object, int layer)
{
	struct writer w = {buf, layer};
	const struct tl_name_info *info = &tl_names[object->name];
	const struct tl_form *newest = &tl_forms[info->first_form + info->form_count - 1];

	write_required(&w, object, newest->type);
}

/* The newest result type is newer than the layer: gives the part of it that the older type is. */
static void write_unwrapped(
	struct writer *w, const struct tl_field *wanted, const struct tl_object *object)
{
	const struct tl_name_info *info = &tl_names[object->name];

	switch ((enum tl_unwrap_kind)info->unwrap) {
	case TL_UNWRAP_FIELD:
		write_value(w, wanted, (const uint8_t *)object + info->unwrap_offset);
		break;
	case TL_UNWRAP_TRUE:
		tl_write_bool(w->buf, true);
		break;
	case TL_UNWRAP_DEFAULT:
		write_required(w, NULL, wanted->type);
		break;
	case TL_UNWRAP_NONE:
		assert(!"tlc has checked that every such result can be unwrapped");
	}
}

void tl_write_result(struct buf *buf, enum tl_name method, const union tl_reply *reply, int layer)
{
	struct writer w = {buf, layer};
	const struct tl_name_info *info = &tl_names[method];
	const struct tl_form *newest = &tl_forms[info->first_form + info->form_count - 1];
	const struct tl_form *form = tl_form_in_layer(method, layer);

	/* A client may call by an id that its own layer no longer has: answer as the newest does.
	 */
	if (!form)
		form = newest;
	if (newest->result.kind == TL_KIND_OBJECT &&
		(form->result.kind != TL_KIND_OBJECT || form->result.type != newest->result.type))
		write_unwrapped(&w, &form->result, reply->object);
	else
		write_value(&w, &form->result, reply);
}
