/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request of the Bot API says, whichever way it came: a JSON object or a form as the body,
 * or the query. Numbers may come as text and the other way round, objects as text with JSON in it,
 * as bots' libraries send them. Values live as long as the parameters.
 */
#ifndef BOT_PARAMS_H
#define BOT_PARAMS_H

#include <jansson.h>

#include "net/http.h"

struct params {
	struct arena *arena;
	json_t *json;		  /* of the body, an object; NULL: it is none */
	json_t *held;		  /* array of what was parsed later */
	struct bytes form, query; /* absent: none */
};

/* -1: the body is neither. Release in any case. */
MUST_CHECK int params_read(
	struct arena *arena, const struct http_request *request, struct params *out);
void params_release(struct params *params);

/* Valid UTF-8 without NUL; absent: not there, or not of a kind that can be text. */
struct bytes params_text(struct params *params, const char *name);
/* False: not there (or null); *valid is false when it is there and no number. */
bool params_integer(struct params *params, const char *name, int64_t *out, bool *valid);
bool params_flag(struct params *params, const char *name);
/* An object or array; NULL: not there. *valid is false when it is there and neither. */
const json_t *params_json(struct params *params, const char *name, bool *valid);

#endif
