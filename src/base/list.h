/* SPDX-License-Identifier: Apache-2.0 */
/* Intrusive doubly linked list: the node sits in the struct that is listed; nothing is allocated.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *prev, *next;
};

#define LIST_OWNER(node, type, member) ((type *)(void *)((char *)(node) - offsetof(type, member)))
#define LIST_EACH(it, head) for (struct list *it = (head)->next; it != (head); it = it->next)
/* The current node may be removed in the body. */
#define LIST_EACH_SAFE(it, head)                                                                   \
	for (struct list *it = (head)->next, *it##_next = it->next; it != (head);                  \
		it = it##_next, it##_next = it->next)

static inline void list_init(struct list *list)
{
	list->prev = list->next = list;
}

static inline bool list_empty(const struct list *list)
{
	return list->next == list;
}

static inline void list_append(struct list *list, struct list *node)
{
	node->prev = list->prev;
	node->next = list;
	list->prev->next = node;
	list->prev = node;
}

/* All nodes of other, which is empty afterwards. */
static inline void list_append_all(struct list *list, struct list *other)
{
	if (list_empty(other))
		return;
	other->next->prev = list->prev;
	list->prev->next = other->next;
	other->prev->next = list;
	list->prev = other->prev;
	list_init(other);
}

/* The node may be initialised and in no list. Afterwards it is. */
static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#endif
