/* SPDX-License-Identifier: Apache-2.0 */
/* Making and casting TL values, and look-ups in the generated tables. The codec is in read.c and
 * write.c. */
#include "tl/object.h"

#include <assert.h>

#include "tl/tables.h"

void *tl_object_new(struct arena *arena, enum tl_name name, size_t size)
{
	struct tl_object *object = arena_alloc(arena, size);

	assert(name > TL_NONE && name < TL_NAME_COUNT && tl_names[name].size == size);
	object->name = name;
	return object;
}

struct tl_object *tl_object_of(struct arena *arena, enum tl_name name)
{
	return tl_object_new(arena, name, tl_names[name].size);
}

void *tl_object_as(const struct tl_object *object, enum tl_name name)
{
	if (!object || object->name != name)
		return NULL;
	return (void *)object;
}

struct tl_objects tl_objects_new(struct arena *arena, uint32_t count)
{
	return (struct tl_objects){count, arena_array(arena, count, sizeof(struct tl_object *))};
}

const char *tl_name_text(enum tl_name name)
{
	return name < TL_NAME_COUNT ? tl_names[name].text : "unknown";
}

bool tl_name_is_method(enum tl_name name)
{
	return name >= TL_METHOD_FIRST && name < TL_NAME_COUNT;
}

const struct tl_method_info *tl_method_info(enum tl_name name)
{
	return tl_name_is_method(name) ? &tl_methods[name - TL_METHOD_FIRST] : NULL;
}

void tl_reply_init(union tl_reply *reply, enum tl_name method, struct arena *arena)
{
	const struct tl_method_info *info = tl_method_info(method);

	assert(info);
	memset(reply, 0, sizeof(*reply));
	if (info->result == TL_RESULT_STRUCT)
		reply->object = tl_object_new(arena, info->reply, info->reply_size);
}

bool tl_name_in_layer(enum tl_name name, int layer)
{
	return tl_form_in_layer(name, layer) != NULL;
}

const struct tl_form *tl_form_in_layer(enum tl_name name, int layer)
{
	const struct tl_name_info *info = &tl_names[name];

	assert(name > TL_NONE && name < TL_NAME_COUNT);
	/* A client older than the oldest layer is refused by api/; whoever gets here is answered in
	 * that. */
	if (layer < TL_LAYER_MIN)
		layer = TL_LAYER_MIN;
	for (unsigned i = info->form_count; i-- > 0;) {
		const struct tl_form *form = &tl_forms[info->first_form + i];

		if (layer >= form->first_layer)
			return layer <= form->last_layer ? form : NULL;
	}
	return NULL;
}

const struct tl_form *tl_form_by_id(uint32_t id)
{
	uint32_t low = 0, high = tl_id_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (tl_ids[middle].id == id)
			return &tl_forms[tl_ids[middle].form];
		if (tl_ids[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
