/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON body as a form: fields are taken one by one with their bounds, and what is missing or
 * wrong is collected, so that the sender learns all of it at once. Bodies are hostile input.
 */
#ifndef DESK_FORM_H
#define DESK_FORM_H

#include <jansson.h>

#include "base/arena.h"

#define FORM_BODY_MAX 65536

struct form {
	struct arena *arena;
	json_t *root;	 /* the object; NULL: the body was none */
	json_t *missing; /* array of names */
	json_t *invalid; /* array of {"field", "reason"} */
};

/* false: not a JSON object (or too deep, or a name twice); all else then finds nothing. */
bool form_open(struct form *form, struct arena *arena, struct bytes body);
void form_release(struct form *form);

/* Trimmed text of 1 to max bytes without control characters (line breaks and tabs are fine); absent
 * when missing or invalid, which is noted. */
struct bytes form_text(struct form *form, const char *name, size_t max);
/* A whole number within the bounds; 0 when missing or invalid, which is noted. */
int64_t form_int(struct form *form, const char *name, int64_t min, int64_t max);
/* Notes it as missing unless it is true. */
void form_must_be_true(struct form *form, const char *name);
/* "DE,ID": sorted, each once, from an array of ISO codes; absent when there is no such field. */
struct bytes form_countries(struct form *form, const char *name);

/* Unix seconds from "2026-12-01T00:00:00Z"; 0 when there is no such field, or it is invalid. */
int64_t form_time(struct form *form, const char *name);
/* The same from a text; 0: it is none. */
int64_t time_of_text(struct arena *arena, struct bytes text);

void form_missing(struct form *form, const char *name);
void form_invalid(struct form *form, const char *name, const char *reason);
bool form_ok(const struct form *form);
/* {"error", "missing", "invalid"}, a new reference. */
json_t *form_problems(const struct form *form);

/* Members for answers; absent bytes become null. */
json_t *json_bytes(struct bytes text);
json_t *json_time(struct arena *arena, int64_t unix_s);
/* An array from "DE,ID". */
json_t *json_list(struct bytes commas);

#endif
