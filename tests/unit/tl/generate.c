/* SPDX-License-Identifier: Apache-2.0 */
/* Random values by the generated tables. Knows the tables' layout; judges nothing. */
#include "generate.h"

#define STRING_MAX 300 /* both forms of a string's length */

uint64_t generate_number(struct generator *g)
{
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return g->state;
}

static struct bytes generate_bytes(struct generator *g)
{
	size_t size =
		generate_number(g) % 8 ? generate_number(g) % 12 : generate_number(g) % STRING_MAX;
	uint8_t *data = arena_alloc(g->arena, size);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)generate_number(g);
	return bytes_of(data, size);
}

/* Some constructor of the type that the layer has; NULL when Lontar serves none. */
static const struct tl_form *any_form(struct generator *g, enum tl_type type, bool simplest)
{
	const struct tl_form *chosen = NULL;
	unsigned seen = 0;

	for (int name = TL_NONE + 1; name < TL_METHOD_FIRST; name++) {
		const struct tl_form *form = tl_form_in_layer(name, g->layer);

		if (!form || form->type != type)
			continue;
		if (simplest) {
			if (!chosen || form->field_count < chosen->field_count)
				chosen = form;
		} else if (generate_number(g) % ++seen == 0) {
			chosen = form;
		}
	}
	return chosen;
}

static struct tl_object *any_object(struct generator *g, enum tl_type type, int depth)
{
	const struct tl_form *form = any_form(g, type, depth <= 0);

	if (type == TL_TYPE_ANY)
		form = tl_form_in_layer(TL_pong, g->layer);
	return form ? generate_form(g, form, depth - 1) : NULL;
}

static struct tl_objects generate_objects(
	struct generator *g, const struct tl_field *field, int depth)
{
	bool bare = field->kind == TL_KIND_BARES;
	const struct tl_form *form =
		bare ? tl_form_in_layer(field->type, g->layer) : any_form(g, field->type, false);
	struct tl_objects objects =
		tl_objects_new(g->arena, form && depth > 0 ? 1 + generate_number(g) % 2 : 0);

	for (uint32_t i = 0; i < objects.count; i++)
		objects.at[i] = bare ? generate_form(g, form, depth - 1)
				     : any_object(g, field->type, depth);
	return objects;
}

static void generate_vector(struct generator *g, const struct tl_field *field, void *value)
{
	uint32_t count = generate_number(g) % 4;
	struct tl_ints *ints = value;
	struct tl_longs *longs = value;
	struct tl_strings *strings = value;

	if (field->kind == TL_KIND_INTS)
		*ints = (struct tl_ints){count, arena_array(g->arena, count, sizeof(*ints->at))};
	else if (field->kind == TL_KIND_LONGS)
		*longs = (struct tl_longs){count, arena_array(g->arena, count, sizeof(*longs->at))};
	else
		*strings = (struct tl_strings){
			count, arena_array(g->arena, count, sizeof(*strings->at))};
	for (uint32_t i = 0; i < count; i++) {
		if (field->kind == TL_KIND_INTS)
			ints->at[i] = (int32_t)generate_number(g);
		else if (field->kind == TL_KIND_LONGS)
			longs->at[i] = (int64_t)generate_number(g);
		else
			strings->at[i] = generate_bytes(g);
	}
}

static void generate_raw(struct generator *g, uint8_t *value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		value[i] = (uint8_t)generate_number(g);
}

static void generate_value(
	struct generator *g, const struct tl_field *field, void *value, int depth)
{
	switch ((enum tl_kind)field->kind) {
	case TL_KIND_INT:
		generate_raw(g, value, 4);
		break;
	case TL_KIND_LONG:
	case TL_KIND_DOUBLE:
		generate_raw(g, value, 8);
		break;
	case TL_KIND_INT128:
		generate_raw(g, value, 16);
		break;
	case TL_KIND_INT256:
		generate_raw(g, value, 32);
		break;
	case TL_KIND_BYTES:
	case TL_KIND_REST:
		*(struct bytes *)value = generate_bytes(g);
		break;
	case TL_KIND_TRUE:
		*(bool *)value = true;
		break;
	case TL_KIND_BOOL:
		*(bool *)value = generate_number(g) & 1;
		break;
	case TL_KIND_INTS:
	case TL_KIND_LONGS:
	case TL_KIND_STRINGS:
		generate_vector(g, field, value);
		break;
	case TL_KIND_OBJECT:
		*(struct tl_object **)value = any_object(g, field->type, depth);
		break;
	case TL_KIND_OBJECTS:
	case TL_KIND_BARES:
		*(struct tl_objects *)value = generate_objects(g, field, depth);
		break;
	case TL_KIND_FLAGS:
	case TL_KIND_GENERIC:
		break;
	}
}

struct tl_object *generate_form(struct generator *g, const struct tl_form *form, int depth)
{
	struct tl_object *object = tl_object_new(g->arena, form->name, tl_names[form->name].size);

	for (unsigned i = 0; i < form->field_count; i++) {
		const struct tl_field *field = &form->fields[i];
		bool optional = field->flag != TL_FLAG_NONE;

		if (field->kind == TL_KIND_FLAGS)
			continue;
		if (optional && ((g->sparse && generate_number(g) & 1) || depth <= 0))
			continue;
		generate_value(g, field, (uint8_t *)object + field->offset, depth);
		if (optional && field->has)
			*(bool *)((uint8_t *)object + field->has) = true;
	}
	return object;
}
