/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A menu is a phrase of lines "command - what it does". */
#include "desk/liaison/menu.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "desk/liaison/phrases.h"

static const struct {
	const char *phrase, *scope, *language;
	const char *code; /* "": of whoever has no list in his own language */
} menus[MENUS] = {
	{"menu", "default", "en", ""},
	{"menu", "default", "id", "id"},
	{"menu_group", "all_group_chats", "en", ""},
	{"menu_group", "all_group_chats", "id", "id"},
};

static json_t *commands_of(const char *lines)
{
	json_t *out = json_array();

	while (*lines) {
		const size_t size = strcspn(lines, "\n");
		const char *about = strstr(lines, " - ");

		if (about && about < lines + size)
			json_array_append_new(
				out, json_pack("{s:s%, s:s%}", "command", lines,
					     (size_t)(about - lines), "description", about + 3,
					     (size_t)(lines + size - about - 3)));
		lines += size + (lines[size] != '\0');
	}
	return out;
}

struct bytes menu_request(struct arena *arena, size_t n)
{
	json_t *request = json_pack("{s:o, s:{s:s}, s:s}", "commands",
		commands_of(phrase(arena, menus[n].language, menus[n].phrase, NULL)), "scope",
		"type", menus[n].scope, "language_code", menus[n].code);
	char *text = json_dumps(request, JSON_COMPACT);
	const struct bytes out = arena_bytes(arena, bytes_from_str(text));

	free(text);
	json_decref(request);
	return out;
}
